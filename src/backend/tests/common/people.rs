//! Who comes into the shop of a test, and what can be looked up in its file afterwards.

use super::{OpenShop, now};
use backend::secret;
use client::native::Native;
use client::transport::{KEY_HEADER, SAFE_HEADER};
use client::{Client, Error};
use domain::id::VariantId;
use domain::order::{Contact, Order, OrderRequest, Payment};
use domain::pricing::{Quote, QuoteRequest, WantedBundle, WantedLine};
use domain::problem::ProblemKind;
use reqwest::{Method, RequestBuilder};
use std::fmt::Debug;

/// The PINs of the demo's staff.
pub const OWNER: &str = "202611";
pub const HOST: &str = "301122";
pub const CLERK: &str = "880088";

/// A member with a phone in the hand.
pub struct Member {
    pub client: Client<Native>,
    pub phone: String,
    /// The cookie of a second session, for requests that are written by hand.
    pub cookie: String,
}

impl OpenShop {
    /// Signs somebody in with this number.
    pub async fn member(&self, phone: &str) -> Member {
        let client = self.client("zh-CN");
        let sent = client.members().send_code(phone).await.unwrap();
        let code = sent.demo_code.unwrap();
        let member = client.members().sign_in(phone, &code).await.unwrap();
        let token = secret::token().unwrap();
        sqlx::query("INSERT INTO sessions (hash, member, expires_at) VALUES (?, ?, ?)")
            .bind(secret::hash(&token))
            .bind(member.id.as_str())
            .bind(i64::MAX)
            .execute(&mut self.file().await)
            .await
            .unwrap();
        Member {
            client,
            phone: phone.to_owned(),
            cookie: format!("session={token}"),
        }
    }

    /// A code with which a tablet becomes one of the shop's, good for so many milliseconds.
    pub async fn tablet_code(&self, good_for: i64) -> String {
        let now = self.clock.now().ms;
        self.store.make_device_code(now, good_for).await.unwrap()
    }

    /// A tablet at which somebody of the shop is signed in.
    pub async fn desk(&self, pin: &str) -> Client<Native> {
        let client = self.client("zh-CN");
        let code = self.tablet_code(60_000).await;
        client.desk().register(&code, "收银台").await.unwrap();
        client.desk().sign_in(pin).await.unwrap();
        client
    }

    /// A request of the shop's own page, with these cookies.
    pub fn page_asks(&self, method: Method, path: &str, cookie: &str) -> RequestBuilder {
        self.served
            .ask(method, path)
            .header(SAFE_HEADER, "1")
            .header("cookie", cookie)
    }

    /// An order as the page would place it, to be sent.
    pub fn placing(&self, cookie: &str, key: &str, order: &OrderRequest) -> RequestBuilder {
        self.page_asks(Method::POST, "/api/v1/orders", cookie)
            .header(KEY_HEADER, key)
            .json(order)
    }

    /// Changes the file as another programme would, while the shop is open.
    pub async fn change(&self, sql: &'static str) {
        sqlx::query(sql)
            .execute(&mut self.file().await)
            .await
            .unwrap();
    }

    /// A number that stands in the file.
    pub async fn number(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql)
            .fetch_one(&mut self.file().await)
            .await
            .unwrap()
    }

    /// How many pieces of a variant stand on the shelf.
    pub async fn stock(&self, variant: &str) -> i64 {
        sqlx::query_scalar("SELECT stock FROM variants WHERE id = ?")
            .bind(variant)
            .fetch_one(&mut self.file().await)
            .await
            .unwrap()
    }

    /// Everything that trade changes, to be compared before and after: rows of each table, the
    /// pieces on the shelf, and how often coupons can still be used.
    pub async fn books(&self) -> Vec<(String, i64)> {
        let mut books = Vec::new();
        for (what, sql) in [
            ("orders", "SELECT count(*) FROM orders"),
            ("lines", "SELECT count(*) FROM order_lines"),
            ("changes", "SELECT count(*) FROM order_changes"),
            ("intents", "SELECT count(*) FROM intents WHERE status = 201"),
            ("members", "SELECT count(*) FROM members"),
            ("sessions", "SELECT count(*) FROM sessions"),
            ("carts", "SELECT count(*) FROM member_carts"),
            ("codes", "SELECT count(*) FROM sign_in_codes"),
            ("sent", "SELECT count(*) FROM sent_codes"),
            ("tablets", "SELECT count(*) FROM devices"),
            ("desks", "SELECT count(*) FROM desk_sessions"),
            ("bundles", "SELECT count(*) FROM order_bundles"),
            ("merchants", "SELECT count(*) FROM order_merchants"),
            ("off", "SELECT count(*) FROM order_coupons"),
            ("coupons", "SELECT coalesce(sum(uses_left), 0) FROM coupons"),
            ("returns", "SELECT count(*) FROM returns"),
            ("refunded", "SELECT coalesce(sum(refunded), 0) FROM orders"),
            ("entries", "SELECT count(*) FROM point_entries"),
            ("pieces", "SELECT sum(stock) FROM variants"),
            ("payments", "SELECT count(*) FROM payments"),
            ("notices", "SELECT count(*) FROM payment_notices"),
            ("refunds", "SELECT count(*) FROM refunds"),
            ("held", "SELECT coalesce(sum(quantity), 0) FROM holds"),
        ] {
            books.push((what.to_owned(), self.number(sql).await));
        }
        books
    }
}

impl Member {
    /// What a cart costs now.
    pub async fn price(&self, cart: &QuoteRequest) -> Quote {
        self.client.orders().quote(cart).await.unwrap()
    }

    /// What these lines cost now, no coupon used.
    pub async fn quote(&self, lines: &[WantedLine]) -> Quote {
        self.price(&plain(lines)).await
    }

    /// An order of a cart at the last time that is offered: the earliest may pass while the test
    /// runs.
    pub async fn wish_for(&self, cart: &QuoteRequest) -> OrderRequest {
        let times = now(self.client.orders().pickup_times().await.unwrap()).times;
        let cart = cart.clone();
        OrderRequest {
            quote: self.price(&cart).await.id,
            lines: cart.lines,
            bundles: cart.bundles,
            coupons: cart.coupons,
            use_points: cart.use_points,
            pickup_from: times.last().unwrap().from,
            contact: Contact {
                name: "小林".into(),
                phone: self.phone.clone(),
            },
            note: String::new(),
            payment: Payment::AtStore,
        }
    }

    /// An order of these lines, no coupon used.
    pub async fn wish(&self, lines: &[WantedLine]) -> OrderRequest {
        self.wish_for(&plain(lines)).await
    }

    /// Orders a cart.
    pub async fn buys(&self, cart: &QuoteRequest) -> Order {
        let wish = self.wish_for(cart).await;
        let key = secret::id().unwrap();
        self.client.orders().place(&wish, &key).await.unwrap()
    }

    /// An order of these lines that is paid over the net.
    pub async fn wish_online(&self, lines: &[WantedLine]) -> OrderRequest {
        OrderRequest {
            payment: Payment::Online,
            ..self.wish(lines).await
        }
    }

    /// Orders these lines, to be paid over the net.
    pub async fn orders_online(&self, lines: &[WantedLine]) -> Order {
        let wish = self.wish_online(lines).await;
        let key = secret::id().unwrap();
        self.client.orders().place(&wish, &key).await.unwrap()
    }

    /// Orders these lines, no coupon used.
    pub async fn orders(&self, lines: &[WantedLine]) -> Order {
        self.buys(&plain(lines)).await
    }
}

/// A cart of these lines that uses no coupon.
pub fn plain(lines: &[WantedLine]) -> QuoteRequest {
    QuoteRequest {
        lines: lines.to_vec(),
        coupons: Some(Vec::new()),
        ..QuoteRequest::default()
    }
}

/// So many sets of a choice of a bundle, at any price.
pub fn sets(bundle: &str, choice: &[&str], quantity: u32) -> WantedBundle {
    WantedBundle {
        bundle: bundle.into(),
        choice: choice.iter().map(|id| VariantId::from(*id)).collect(),
        quantity,
        seen: None,
    }
}

/// So many of a variant, at any price.
pub fn wanted(variant: &str, quantity: u32) -> WantedLine {
    WantedLine {
        variant: variant.into(),
        quantity,
        seen: None,
    }
}

/// What a call was refused for.
pub fn refused<T: Debug>(answer: Result<T, Error>) -> ProblemKind {
    match answer.unwrap_err() {
        Error::Refused { problem, .. } => problem.kind,
        other => panic!("not refused: {other}"),
    }
}
