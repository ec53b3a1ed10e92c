//! Two at once: a double tap begins one payment, and paying and calling off are never both done.

use crate::common::people::{refused, wanted};
use crate::common::{OpenShop, problem};
use crate::{CARROT, begun, choose, shop_and_member, until};
use domain::order::{Order, OrderState};
use domain::payment::PaymentState;
use domain::problem::ProblemKind;
use reqwest::Method;
use std::time::Duration;

#[tokio::test]
async fn a_double_tap_begins_one_payment() {
    let (shop, member) = shop_and_member().await;
    let order = member.orders_online(&[wanted(CARROT, 2)]).await;
    let orders = member.client.orders();
    let id = &order.id;
    let (a, b, c, d) = tokio::join!(
        orders.pay(id, "one"),
        orders.pay(id, "one"),
        orders.pay(id, "two"),
        orders.pay(id, "three")
    );
    let ids = [a, b, c, d].map(|start| start.unwrap().id);
    assert!(ids.iter().all(|one| *one == ids[0]));
    assert_eq!(shop.number("SELECT count(*) FROM payments").await, 1);
    assert_eq!(
        shop.number("SELECT count(*) FROM sandbox_payments").await,
        1
    );
    // The same key answers the same, whatever has happened since.
    let first = orders.pay(id, "one").await.unwrap();
    shop.change("UPDATE orders SET state = 'placed'").await;
    assert_eq!(orders.pay(id, "one").await.unwrap(), first);
    // Another order under the same key is a mistake; another member's is not there.
    let other = shop.member("13900139000").await;
    assert_eq!(
        refused(other.client.orders().pay(id, "x").await),
        ProblemKind::NotFound
    );
    assert_eq!(
        refused(orders.pay(&"none".into(), "one").await),
        ProblemKind::KeyReused
    );
    let path = format!("/api/v1/orders/{id}/payment");
    let bare = shop.page_asks(Method::POST, &path, &member.cookie);
    assert_eq!(
        problem(bare.send().await.unwrap()).await.kind,
        ProblemKind::KeyMissing
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn paid_or_called_off_but_never_both() {
    let shop = OpenShop::demo().await;
    let mut seen = [0, 0];
    for number in 0..24_u32 {
        let member = shop.member(&format!("138000000{number:02}")).await;
        let (order, payment) = begun(&member).await;
        let orders = member.client.orders();
        let pause = Duration::from_micros(u64::from(number) * 200);
        let pays = async {
            tokio::time::sleep(pause).await;
            choose(&shop, &payment, "paid").await
        };
        let calls_off = async {
            tokio::time::sleep(Duration::from_micros(2_400)).await;
            orders.cancel(&order.id).await
        };
        let (_, off) = tokio::join!(pays, calls_off);
        let settled = until(&member, &order.id, |order| {
            matches!(order.state, OrderState::Placed | OrderState::Cancelled)
        })
        .await;
        let paid: i64 =
            sqlx::query_scalar("SELECT state = 'paid' FROM sandbox_payments WHERE id = ?")
                .bind(payment.id.as_str())
                .fetch_one(&mut shop.file().await)
                .await
                .unwrap();
        match settled.state {
            OrderState::Placed => {
                assert_eq!(paid, 1);
                assert_eq!(refused(off), ProblemKind::NotNow);
                seen[0] += 1;
            }
            // Called off before it was paid, or paid, heard of, and then called off.
            _ if paid == 1 => {
                let back = |order: &Order| order.payment_state == Some(PaymentState::Refunded);
                until(&member, &order.id, back).await;
            }
            _ => {
                assert_eq!(settled.payment_state, Some(PaymentState::Closed));
                seen[1] += 1;
            }
        }
    }
    println!("paid first {}, called off first {}", seen[0], seen[1]);
    assert!(seen[0] + seen[1] > 0);
}
