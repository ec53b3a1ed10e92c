//! Money that goes back: it came too late, or what it paid is called off.

use crate::common::OpenShop;
use crate::common::people::{CLERK, refused};
use crate::{CARROT, begun, choose, events, notice, shop_and_member, tell, until};
use domain::order::{Order, OrderEvent, OrderState};
use domain::payment::{PaymentEvent, PaymentState};
use domain::problem::ProblemKind;
use std::time::Duration;

#[tokio::test]
async fn money_that_comes_too_late_goes_back() {
    let (shop, member) = shop_and_member().await;
    let (order, payment) = begun(&member).await;
    let off = member.client.orders().cancel(&order.id).await.unwrap();
    assert_eq!(off.state, OrderState::Cancelled);
    assert_eq!(off.payment_state, Some(PaymentState::Closed));
    let stock = shop.stock(CARROT).await;
    // A provider that closes a payment and takes its money all the same.
    shop.change("UPDATE sandbox_payments SET state = 'paid'")
        .await;
    let late = notice(&order, &payment.id, PaymentEvent::Paid);
    assert_eq!(tell(&shop, &late).await.status(), 204);
    let refunded = |order: &Order| order.payment_state == Some(PaymentState::Refunded);
    let back = until(&member, &order.id, refunded).await;
    assert_eq!(back.state, OrderState::Cancelled);
    assert_eq!(back.refunded, Some(back.total));
    let trace = [
        OrderEvent::PaymentStarted,
        OrderEvent::Paid,
        OrderEvent::RefundRequested,
        OrderEvent::Refunded,
    ];
    assert_eq!(events(&back), trace);
    assert_eq!(shop.stock(CARROT).await, stock);
    assert_eq!(
        shop.number("SELECT sum(amount) FROM sandbox_refunds").await,
        back.total.amount
    );
}

#[tokio::test]
async fn calling_off_a_paid_order_gives_the_money_back_once() {
    let (shop, member) = shop_and_member().await;
    let stock = shop.stock(CARROT).await;
    let (order, payment) = begun(&member).await;
    choose(&shop, &payment, "paid").await;
    until(&member, &order.id, |order| {
        order.state == OrderState::Placed
    })
    .await;
    let orders = member.client.orders();
    let (one, two) = tokio::join!(orders.cancel(&order.id), orders.cancel(&order.id));
    assert!(one.is_ok() && two.is_ok());
    let refunded = |order: &Order| order.payment_state == Some(PaymentState::Refunded);
    let back = until(&member, &order.id, refunded).await;
    assert_eq!(back.refunded, Some(order.total));
    assert_eq!(shop.stock(CARROT).await, stock);
    assert_eq!(shop.number("SELECT count(*) FROM sandbox_refunds").await, 1);
    let count = |event| events(&back).iter().filter(|one| **one == event).count();
    assert_eq!(count(OrderEvent::RefundRequested), 1);
    assert_eq!(count(OrderEvent::Refunded), 1);

    // The shop calls off what is packed; the answer has the refund already.
    let (order, payment) = begun(&member).await;
    choose(&shop, &payment, "paid").await;
    until(&member, &order.id, |order| {
        order.state == OrderState::Placed
    })
    .await;
    let desk = shop.desk(CLERK).await;
    desk.desk().step(&order.id, "pack").await.unwrap();
    assert_eq!(refused(orders.cancel(&order.id).await), ProblemKind::NotNow);
    let off = desk.desk().step(&order.id, "cancel").await.unwrap();
    assert_eq!(off.refunded, Some(order.total));
    assert_eq!(off.payment_state, Some(PaymentState::Refunded));
}

#[tokio::test]
async fn a_refund_that_was_promised_before_a_crash_is_done() {
    let (shop, member) = shop_and_member().await;
    let (order, payment) = begun(&member).await;
    choose(&shop, &payment, "paid").await;
    until(&member, &order.id, |order| {
        order.state == OrderState::Placed
    })
    .await;
    member.client.orders().cancel(&order.id).await.unwrap();
    // As it was before the provider had done it: promised, and nothing else.
    shop.change("UPDATE refunds SET state = 'requested', done_at = NULL")
        .await;
    shop.change("UPDATE payments SET state = 'paid'").await;
    let folder = shop.close().await;
    let shop = OpenShop::again(folder).await;
    for _ in 0..200 {
        if shop
            .number("SELECT count(*) FROM refunds WHERE state = 'done'")
            .await
            == 1
        {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(
        shop.number("SELECT count(*) FROM refunds WHERE state = 'done'")
            .await,
        1
    );
    assert_eq!(
        shop.number("SELECT count(*) FROM sandbox_refunds").await,
        1,
        "once"
    );
    assert_eq!(
        shop.number("SELECT count(*) FROM payments WHERE state = 'refunded'")
            .await,
        1
    );
}
