//! The programme is killed again and again while orders are being paid. Afterwards every payment has
//! its order, or has gone back, and every order has the trace of its payment.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod common;

use backend::secret;
use client::native::Native;
use client::transport::{KEY_HEADER, SAFE_HEADER};
use common::Chance;
use common::running::Running;
use domain::order::{Contact, Order, OrderRequest, OrderState, Payment, PickupTimes};
use domain::payment::{PaymentStart, PaymentState};
use domain::pricing::{Quote, QuoteRequest, WantedLine};
use reqwest::{Method, Response};
use sqlx::{Connection, SqliteConnection};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::Notify;

/// A payment: its id, its state at the provider's and in the shop, its order's state, whether all of
/// it went back, and how many refunds of it are done.
type Settled = (String, String, Option<String>, Option<String>, bool, i64);

/// How often the programme is killed.
const KILLS: usize = 50;
/// How many members pay while it lives.
const PAYERS: usize = 6;
/// The latest moment after the first choice at which it is killed, in microseconds.
const LATEST: u64 = 60_000;
/// How long a first choice is waited for.
const CHOICE: Duration = Duration::from_secs(5);

fn seed() -> u64 {
    let told = std::env::var("SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    told.unwrap_or(u64::from(now.subsec_nanos()) | 1)
}

/// Somebody who pays, on whatever address the shop has now.
#[derive(Clone)]
struct Payer {
    cookie: String,
    http: reqwest::Client,
}

type Heard<T> = Result<T, reqwest::Error>;

impl Payer {
    fn ask(&self, method: Method, url: String) -> reqwest::RequestBuilder {
        self.http
            .request(method, url)
            .header(SAFE_HEADER, "1")
            .header(KEY_HEADER, secret::id().unwrap())
            .header("cookie", &self.cookie)
    }

    async fn order(&self, base: &str) -> Heard<Option<Order>> {
        let cart = QuoteRequest {
            lines: vec![WantedLine {
                variant: "carrot-500g".into(),
                quantity: 1,
                seen: None,
            }],
            coupons: Some(Vec::new()),
            ..QuoteRequest::default()
        };
        let url = format!("{base}/carts/quote");
        let quote: Quote = self
            .ask(Method::POST, url)
            .json(&cart)
            .send()
            .await?
            .json()
            .await?;
        let url = format!("{base}/pickup-times");
        let times: PickupTimes = self.ask(Method::GET, url).send().await?.json().await?;
        let wish = OrderRequest {
            lines: cart.lines,
            bundles: Vec::new(),
            coupons: cart.coupons,
            use_points: false,
            quote: quote.id,
            pickup_from: times.times.last().unwrap().from,
            contact: Contact::default(),
            note: String::new(),
            payment: Payment::Online,
        };
        let url = format!("{base}/orders");
        made(self.ask(Method::POST, url).json(&wish).send().await?).await
    }

    /// Orders, goes to pay, chooses, and perhaps calls off: what was paid before, and this one.
    async fn pays(
        &self,
        base: String,
        choice: &str,
        calls_off: bool,
        chooses: &Notify,
    ) -> Heard<()> {
        if calls_off {
            // One that was paid before: its money goes back.
            let url = format!("{base}/orders?tab=to_pick_up");
            let placed: domain::page::Page<Order> =
                self.ask(Method::GET, url).send().await?.json().await?;
            if let Some(order) = placed.items.first() {
                let url = format!("{base}/orders/{}/cancel", order.id);
                self.ask(Method::POST, url).send().await?;
            }
        }
        // One of before may still wait for its payment.
        let url = format!("{base}/orders?tab=to_pay");
        let waiting: domain::page::Page<Order> =
            self.ask(Method::GET, url).send().await?.json().await?;
        let order = match waiting.items.into_iter().next() {
            Some(order) => Some(order),
            None => self.order(&base).await?,
        };
        let Some(order) = order else { return Ok(()) };
        let url = format!("{base}/orders/{}/payment", order.id);
        let start: Option<PaymentStart> = made(self.ask(Method::POST, url).send().await?).await?;
        if let Some(start) = start {
            chooses.notify_one();
            let origin = base.trim_end_matches("/api/v1");
            let page = format!("{origin}{}", start.url);
            let form = self
                .ask(Method::POST, page)
                .header("sec-fetch-site", "same-origin");
            form.body(format!("choice={choice}")).send().await?;
        }
        if calls_off {
            let url = format!("{base}/orders/{}/cancel", order.id);
            self.ask(Method::POST, url).send().await?;
        }
        Ok(())
    }
}

async fn made<T: serde::de::DeserializeOwned>(answer: Response) -> Heard<Option<T>> {
    if answer.status() == 201 {
        Ok(Some(answer.json().await?))
    } else {
        assert!(answer.status().as_u16() < 500, "{}", answer.status());
        Ok(None)
    }
}

async fn file(data: &Path) -> SqliteConnection {
    let file = data.join("shop.sqlite");
    SqliteConnection::connect(&format!("sqlite://{}", file.display()))
        .await
        .unwrap()
}

/// Members with sessions, written into the file while no shop is open.
async fn payers(data: &Path) -> Vec<Payer> {
    let mut file = file(data).await;
    sqlx::query("UPDATE variants SET stock = 100000 WHERE id = 'carrot-500g'")
        .execute(&mut file)
        .await
        .unwrap();
    let mut payers = Vec::new();
    for number in 0..PAYERS {
        let (id, token) = (format!("payer-{number}"), secret::token().unwrap());
        sqlx::query("INSERT INTO members (id, phone, joined_at) VALUES (?, ?, 0)")
            .bind(&id)
            .bind(format!("1380000{number:04}"))
            .execute(&mut file)
            .await
            .unwrap();
        sqlx::query("INSERT INTO sessions (hash, member, expires_at) VALUES (?, ?, ?)")
            .bind(secret::hash(&token))
            .bind(&id)
            .bind(i64::MAX)
            .execute(&mut file)
            .await
            .unwrap();
        payers.push(Payer {
            cookie: format!("session={token}"),
            http: reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .unwrap(),
        });
    }
    file.close().await.unwrap();
    payers
}

async fn number(file: &mut SqliteConnection, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(file).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_while_paying_it_loses_no_payment() {
    let seed = seed();
    println!("SEED={seed}");
    let mut chance = Chance(seed);
    let begun = Instant::now();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    drop(Running::start(data, &[]));
    let payers = payers(data).await;
    let (mut unsent, mut between) = (0, 0);
    for _ in 0..KILLS {
        let shop = Running::start(data, &["--show-codes"]);
        let mut tasks = Vec::new();
        let chooses = Arc::new(Notify::new());
        for payer in payers.clone() {
            let choice =
                ["paid", "paid", "paid", "declined", "left", "late"][chance.below(6) as usize];
            let calls_off = chance.below(8) == 0;
            let later = Duration::from_millis(chance.below(20));
            let base = shop.base.clone();
            let chooses = Arc::clone(&chooses);
            tasks.push(tokio::spawn(async move {
                tokio::time::sleep(later).await;
                payer.pays(base, choice, calls_off, &chooses).await.is_ok()
            }));
        }
        let _ = tokio::time::timeout(CHOICE, chooses.notified()).await;
        tokio::time::sleep(Duration::from_micros(chance.below(LATEST))).await;
        shop.signal("KILL");
        assert_eq!(shop.ended().code(), None);
        for task in tasks {
            // Whoever was paying may have heard nothing any more.
            task.await.unwrap();
        }
        let mut file = file(data).await;
        unsent += number(
            &mut file,
            "SELECT coalesce(sum(left_to_send), 0) FROM sandbox_notices",
        )
        .await;
        let unheard = "SELECT count(*) FROM sandbox_payments AS s JOIN payments AS p ON p.id = s.id
                       WHERE s.state IN ('paid', 'declined') AND p.state IN ('open', 'checking')";
        between += i64::from(number(&mut file, unheard).await > 0);
        // Late notices need not be waited for, and nobody is kept from ordering again.
        sqlx::raw_sql(
            "UPDATE sandbox_payments SET known_from = 1 WHERE known_from > 1;
             UPDATE sandbox_notices SET due_at = min(due_at, 1 + (state = 'processing'));
             UPDATE orders SET changed_at = 1 WHERE state = 'cancelled';",
        )
        .execute(&mut file)
        .await
        .unwrap();
        file.close().await.unwrap();
    }

    // It stays open now, and time is up for whatever nobody paid.
    let shop = Running::start(data, &["--show-codes"]);
    let mut file = file(data).await;
    let settled = "SELECT (SELECT count(*) FROM orders WHERE state = 'awaiting_payment')
                        + (SELECT count(*) FROM refunds WHERE state = 'requested')
                        + (SELECT coalesce(sum(left_to_send), 0) FROM sandbox_notices)";
    let mut left = i64::MAX;
    for round in 0..400 {
        // Somebody may be writing: then in a moment.
        if round % 20 == 0 {
            let _ = sqlx::query("UPDATE orders SET pay_until = 1 WHERE state = 'awaiting_payment'")
                .execute(&mut file)
                .await;
        }
        left = number(&mut file, settled).await;
        if left == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(left, 0, "something never settles; SEED={seed}");

    // The provider's books and the shop's, compared here and nowhere else.
    let rows: Vec<Settled> = sqlx::query_as(
        "SELECT s.id, s.state, p.state, o.state,
                (SELECT coalesce(sum(amount), 0) FROM sandbox_refunds AS r WHERE r.payment = s.id) = s.amount,
                (SELECT count(*) FROM refunds AS r WHERE r.payment = s.id AND r.state = 'done')
         FROM sandbox_payments AS s LEFT JOIN payments AS p ON p.id = s.id LEFT JOIN orders AS o ON o.id = p.order_id",
    )
    .fetch_all(&mut file)
    .await
    .unwrap();
    let mut figures: BTreeMap<&str, usize> = BTreeMap::new();
    for (id, provider, shop, order, gone_back, refunds) in &rows {
        let (shop, order) = (shop.as_deref().unwrap(), order.as_deref().unwrap());
        let what = match (provider.as_str(), shop, order) {
            ("paid", "paid", "placed") => {
                assert_eq!((*gone_back, *refunds), (false, 0), "{id}; SEED={seed}");
                "paid, placed"
            }
            ("paid", "refunded", "cancelled") => {
                assert_eq!((*gone_back, *refunds), (true, 1), "{id}; SEED={seed}");
                "paid, called off, given back"
            }
            ("declined", "declined", _) => "declined",
            ("closed", "closed", "cancelled") => "never paid",
            other => panic!("{id}: {other:?}; SEED={seed}"),
        };
        *figures.entry(what).or_default() += 1;
    }
    for (what, sql) in [
        (
            "placed without a paid payment",
            "SELECT count(*) FROM orders AS o WHERE o.payment = 'online' AND o.state <> 'cancelled'
             AND (SELECT count(*) FROM payments AS p WHERE p.order_id = o.id AND p.state = 'paid') <> 1",
        ),
        (
            "paid without a trace",
            "SELECT count(*) FROM payments AS p WHERE p.state IN ('paid', 'refunded')
             AND (SELECT count(*) FROM order_changes AS c WHERE c.order_id = p.order_id AND c.event = 'paid') <> 1",
        ),
        (
            "refunded without a trace",
            "SELECT count(*) FROM payments AS p WHERE p.state = 'refunded'
             AND (SELECT count(*) FROM order_changes AS c WHERE c.order_id = p.order_id
                  AND c.event IN ('refund_requested', 'refunded')) <> 2",
        ),
        (
            "begun without a trace",
            "SELECT abs((SELECT count(*) FROM payments) - (SELECT count(*) FROM order_changes WHERE event = 'payment_started'))",
        ),
        (
            "gone back twice",
            "SELECT count(*) FROM (SELECT 1 FROM sandbox_refunds GROUP BY payment HAVING count(*) > 1)",
        ),
        (
            "known to the provider only",
            "SELECT count(*) FROM sandbox_payments WHERE id NOT IN (SELECT id FROM payments)",
        ),
        (
            "pieces that are nowhere",
            "SELECT abs(100000 - stock - (SELECT coalesce(sum(l.quantity), 0) FROM order_lines AS l
                        JOIN orders AS o ON o.id = l.order_id WHERE l.variant = 'carrot-500g' AND o.state <> 'cancelled'))
             FROM variants WHERE id = 'carrot-500g'",
        ),
    ] {
        assert_eq!(number(&mut file, sql).await, 0, "{what}; SEED={seed}");
    }
    // And so it is told.
    let client: client::Client<Native> = shop.client();
    assert!(client.about().await.is_ok());
    for payer in &payers {
        let url = format!("{}/orders", shop.base);
        let page: domain::page::Page<Order> = payer
            .ask(Method::GET, url)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        for order in page.items {
            let state = order.payment_state.unwrap();
            assert_eq!(
                order.state == OrderState::Placed,
                state == PaymentState::Paid
            );
        }
    }
    let orders = number(&mut file, "SELECT count(*) FROM orders").await;
    let taken = number(&mut file, "SELECT count(*) FROM payment_notices").await;
    println!(
        "{KILLS} kills in {:.0?}: {orders} orders, {} payments {figures:?}, {taken} notices taken; \
         at {between} kills the shop had not heard what was chosen, {unsent} notices were still to be sent",
        begun.elapsed(),
        rows.len(),
    );
    let of = |what: &str| figures.get(what).copied().unwrap_or(0);
    let paid = of("paid, placed") + of("paid, called off, given back");
    assert!(
        between > 5 && paid > 15,
        "too little was tried: {figures:?}"
    );
}
