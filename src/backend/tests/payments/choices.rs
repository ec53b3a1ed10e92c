//! What whoever pays may choose, and what becomes of the order: paid, declined, left, not known yet.

use crate::common::people::{CLERK, refused, wanted};
use crate::common::{now, ok};
use crate::{
    CARROT, begun, choose, clock, events, notice, read, shop_and_member, start, tell, until,
};
use domain::order::{Actor, Order, OrderEvent, OrderState, Payment};
use domain::payment::{PAY_WITHIN, PaymentEvent, PaymentState};
use domain::problem::ProblemKind;
use std::time::Duration;

#[tokio::test]
async fn an_order_waits_for_its_payment() {
    let (shop, member) = shop_and_member().await;
    let stock = shop.stock(CARROT).await;
    let before = clock();
    let order = member.orders_online(&[wanted(CARROT, 2)]).await;
    assert_eq!(order.state, OrderState::AwaitingPayment);
    assert_eq!(order.payment, Payment::Online);
    assert_eq!(order.payment_state, Some(PaymentState::Open));
    assert!(order.code.is_none(), "nothing can be fetched yet");
    let until = order.pay_until.unwrap().ms;
    // It is told to the second.
    assert!((before - 999 + PAY_WITHIN..=clock() + PAY_WITHIN).contains(&until));
    assert_eq!(shop.stock(CARROT).await, stock - 2);
    let start = start(&member, &order.id).await;
    assert_eq!(start.url, format!("/pay/sandbox/{}", start.id));
    assert_eq!(start.expires_at.ms, until);
    // The desk has nothing to do for it yet.
    let desk = shop.desk(CLERK).await;
    assert_eq!(now(desk.desk().orders().await.unwrap()).orders, []);
    for step in ["pack", "ready", "hand-over"] {
        let kind = refused(desk.desk().step(&order.id, step).await);
        assert_eq!(kind, ProblemKind::NotNow, "{step}");
    }
}

#[tokio::test]
async fn what_is_paid_is_placed_and_handed_over_without_money() {
    let (shop, member) = shop_and_member().await;
    let (order, payment) = begun(&member).await;
    let back = choose(&shop, &payment, "paid").await;
    assert_eq!(back, format!("/orders/{}", order.id));
    let paid = until(&member, &order.id, |order| {
        order.state == OrderState::Placed
    })
    .await;
    assert_eq!(paid.payment_state, Some(PaymentState::Paid));
    assert_eq!((paid.pay_until, paid.refunded), (None, None));
    assert!(paid.code.is_some());
    assert_eq!(
        events(&paid),
        [OrderEvent::PaymentStarted, OrderEvent::Paid]
    );
    let last = paid.history.last().unwrap();
    assert_eq!((last.state, last.by), (OrderState::Placed, Actor::System));
    // Every paid notice comes twice; it is taken in once.
    for _ in 0..200 {
        if shop
            .number("SELECT sum(left_to_send) FROM sandbox_notices")
            .await
            == 0
        {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(
        shop.number("SELECT sum(left_to_send) FROM sandbox_notices")
            .await,
        0
    );
    assert_eq!(shop.number("SELECT count(*) FROM payment_notices").await, 1);
    assert_eq!(read(&member, &order.id).await, paid);
    // There is nothing more to be paid.
    let again = member.client.orders().pay(&order.id, "again").await;
    assert_eq!(refused(again), ProblemKind::NotNow);
    assert_eq!(
        choose(&shop, &payment, "declined").await,
        back,
        "it is over"
    );
    let page = ok(shop.served.get(&payment.url))
        .await
        .text()
        .await
        .unwrap();
    assert!(page.contains("结束") && !page.contains("<form"));
    assert_eq!(read(&member, &order.id).await, paid);

    let desk = shop.desk(CLERK).await;
    let seen = now(desk.desk().orders().await.unwrap()).orders;
    assert_eq!(seen[0].payment, Payment::Online);
    assert_eq!(seen[0].payment_state, Some(PaymentState::Paid));
    for step in ["pack", "hand-over"] {
        desk.desk().step(&order.id, step).await.unwrap();
    }
    let points = now(member.client.members().points().await.unwrap());
    let earned = points.entries.iter().filter(|one| one.order.is_some());
    assert_eq!(earned.count(), 1);
}

#[tokio::test]
async fn what_is_declined_can_be_paid_again() {
    let (shop, member) = shop_and_member().await;
    let (order, first) = begun(&member).await;
    choose(&shop, &first, "declined").await;
    let declined = |order: &Order| order.payment_state == Some(PaymentState::Declined);
    let order = until(&member, &order.id, declined).await;
    assert_eq!(order.state, OrderState::AwaitingPayment);
    assert_eq!(
        events(&order),
        [OrderEvent::PaymentStarted, OrderEvent::Declined]
    );
    let second = start(&member, &order.id).await;
    assert_ne!(second.id, first.id);
    let open = read(&member, &order.id).await;
    assert_eq!(open.payment_state, Some(PaymentState::Open));
    // A late word about the first takes nothing from the second.
    for state in [
        PaymentEvent::Declined,
        PaymentEvent::Processing,
        PaymentEvent::Closed,
    ] {
        let answer = tell(&shop, &notice(&order, &first.id, state)).await;
        assert_eq!(answer.status(), 204);
        assert_eq!(
            read(&member, &order.id).await.payment_state,
            Some(PaymentState::Open)
        );
    }
    choose(&shop, &second, "paid").await;
    until(&member, &order.id, |order| {
        order.state == OrderState::Placed
    })
    .await;
}

#[tokio::test]
async fn who_leaves_the_page_finds_the_same_payment() {
    let (shop, member) = shop_and_member().await;
    let (order, first) = begun(&member).await;
    choose(&shop, &first, "left").await;
    let waiting = read(&member, &order.id).await;
    assert_eq!(waiting.payment_state, Some(PaymentState::Open));
    let again = start(&member, &order.id).await;
    assert_eq!((again.id, again.url), (first.id, first.url));
    assert_eq!(shop.number("SELECT count(*) FROM payments").await, 1);
    assert_eq!(
        events(&read(&member, &order.id).await),
        [OrderEvent::PaymentStarted]
    );
}

#[tokio::test]
async fn while_the_provider_finds_out_nobody_pays_or_calls_off() {
    let (shop, member) = shop_and_member().await;
    let (order, payment) = begun(&member).await;
    choose(&shop, &payment, "late").await;
    let checking = read(&member, &order.id).await;
    assert_eq!(checking.state, OrderState::AwaitingPayment);
    assert_eq!(checking.payment_state, Some(PaymentState::Checking));
    let again = member.client.orders().pay(&order.id, "again").await;
    assert_eq!(refused(again), ProblemKind::NotNow);
    let off = member.client.orders().cancel(&order.id).await;
    assert_eq!(refused(off), ProblemKind::NotNow);
    let desk = shop.desk(CLERK).await;
    let off = desk.desk().step(&order.id, "cancel").await;
    assert_eq!(refused(off), ProblemKind::NotNow);
    // Not even when time is up.
    shop.change("UPDATE orders SET pay_until = 1").await;
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    let waiting = read(&member, &order.id).await;
    assert_eq!(waiting.state, OrderState::AwaitingPayment);
    assert_eq!(waiting.payment_state, Some(PaymentState::Checking));
    // The fifteen seconds are over, and what happened first is told last.
    shop.change("UPDATE sandbox_notices SET due_at = CASE state WHEN 'paid' THEN 1 ELSE 2 END")
        .await;
    shop.change("UPDATE sandbox_payments SET known_from = 1")
        .await;
    let paid = until(&member, &order.id, |order| {
        order.state == OrderState::Placed
    })
    .await;
    assert_eq!(paid.payment_state, Some(PaymentState::Paid));
    for _ in 0..400 {
        if shop.number("SELECT count(*) FROM payment_notices").await == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    assert_eq!(shop.number("SELECT count(*) FROM payment_notices").await, 2);
    let states = "SELECT group_concat(state) = 'paid,processing' FROM (SELECT state FROM payment_notices ORDER BY taken_at, rowid)";
    assert_eq!(shop.number(states).await, 1, "out of order");
    assert_eq!(read(&member, &order.id).await, paid);
}
