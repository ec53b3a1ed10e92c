//! Orders that are paid over the net: whatever is chosen, lost, repeated or forged, each ends paid
//! with an order, or unpaid, or with its money back.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

#[path = "../common/mod.rs"]
mod common;

mod choices;
mod notices;
mod once;
mod refunds;
mod sandbox;
mod unpaid;

use backend::payment::notice::{SIGNATURE, sign};
use backend::secret;
use common::people::{Member, wanted};
use common::{OpenShop, header, now};
use domain::id::{OrderId, PaymentId};
use domain::order::{Order, OrderEvent};
use domain::payment::{Notice, PaymentEvent, PaymentStart};
use domain::time::Moment;
use reqwest::Method;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const CARROT: &str = "carrot-500g";

async fn shop_and_member() -> (OpenShop, Member) {
    let shop = OpenShop::demo().await;
    let member = shop.member("13800138000").await;
    (shop, member)
}

fn clock() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(now.as_millis()).unwrap()
}

async fn start(member: &Member, order: &OrderId) -> PaymentStart {
    let key = secret::id().unwrap();
    member.client.orders().pay(order, &key).await.unwrap()
}

/// An order of two bags of carrots and its payment, begun.
async fn begun(member: &Member) -> (Order, PaymentStart) {
    let order = member.orders_online(&[wanted(CARROT, 2)]).await;
    let start = start(member, &order.id).await;
    (order, start)
}

/// What whoever pays chooses on the provider's page; where the page leads to.
async fn choose(shop: &OpenShop, payment: &PaymentStart, choice: &str) -> String {
    let answer = shop
        .served
        .ask(Method::POST, &payment.url)
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("choice={choice}"))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 303);
    header(&answer, "location")
}

async fn read(member: &Member, id: &OrderId) -> Order {
    now(member.client.orders().order(id).await.unwrap())
}

/// Looks at an order until it is as it should be.
async fn until(member: &Member, id: &OrderId, is_so: impl Fn(&Order) -> bool) -> Order {
    for _ in 0..400 {
        let order = read(member, id).await;
        if is_so(&order) {
            return order;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("it never came: {:?}", read(member, id).await);
}

fn events(order: &Order) -> Vec<OrderEvent> {
    order.history.iter().filter_map(|one| one.event).collect()
}

/// A notice about a payment, as the provider would send it.
fn notice(order: &Order, payment: &PaymentId, state: PaymentEvent) -> Notice {
    Notice {
        id: secret::id().unwrap(),
        payment: payment.clone(),
        order: order.id.clone(),
        state,
        amount: order.total,
        at: Moment {
            ms: clock(),
            offset_minutes: 480,
        },
        sequence: 1,
    }
}

/// Sends a notice, signed by whoever knows this secret at this time.
async fn send(shop: &OpenShop, notice: &Notice, secret: &str, at: i64) -> reqwest::Response {
    let body = serde_json::to_vec(notice).unwrap();
    shop.served
        .ask(Method::POST, "/api/v1/payments/notices")
        .header(SIGNATURE, sign(secret, &body, at))
        .body(body)
        .send()
        .await
        .unwrap()
}

async fn tell(shop: &OpenShop, notice: &Notice) -> reqwest::Response {
    let secret = shop.store.notice_secret().await.unwrap();
    send(shop, notice, &secret, clock()).await
}
