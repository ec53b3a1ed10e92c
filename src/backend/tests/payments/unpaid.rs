//! What nobody pays is called off, and not too much of it is left lying.

use crate::common::people::{refused, wanted};
use crate::{CARROT, begun, choose, read, shop_and_member};
use backend::secret;
use domain::order::{Actor, OrderState};
use domain::payment::PaymentState;
use domain::problem::ProblemKind;
use std::time::Duration;

#[tokio::test]
async fn what_nobody_pays_is_called_off() {
    let (shop, member) = shop_and_member().await;
    let stock = shop.stock(CARROT).await;
    let (order, payment) = begun(&member).await;
    shop.change("UPDATE orders SET pay_until = 1").await;
    // By itself: nobody reads it.
    for _ in 0..200 {
        if shop.stock(CARROT).await == stock {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(shop.stock(CARROT).await, stock);
    let off = read(&member, &order.id).await;
    assert_eq!(off.state, OrderState::Cancelled);
    assert_eq!(off.payment_state, Some(PaymentState::Closed));
    assert_eq!(off.refunded, None);
    assert_eq!(off.history.last().unwrap().by, Actor::System);
    // The provider takes no money for it any more.
    choose(&shop, &payment, "paid").await;
    assert_eq!(
        shop.number("SELECT count(*) FROM sandbox_payments WHERE state = 'closed'")
            .await,
        1
    );
    let again = member.client.orders().pay(&order.id, "again").await;
    assert_eq!(refused(again), ProblemKind::NotNow);
}

#[tokio::test]
async fn when_it_is_read_it_is_called_off_at_once() {
    let (shop, member) = shop_and_member().await;
    let order = member.orders_online(&[wanted(CARROT, 2)]).await;
    shop.change("UPDATE orders SET pay_until = 1").await;
    assert_eq!(read(&member, &order.id).await.state, OrderState::Cancelled);
    // Also when another one is placed.
    member.orders_online(&[wanted(CARROT, 2)]).await;
    shop.change("UPDATE orders SET pay_until = 1 WHERE state = 'awaiting_payment'")
        .await;
    member.orders_online(&[wanted(CARROT, 2)]).await;
    assert_eq!(
        shop.number("SELECT count(*) FROM orders WHERE state = 'cancelled'")
            .await,
        2
    );
}

#[tokio::test]
async fn one_unpaid_order_at_a_time_and_not_too_many_a_day() {
    let (shop, member) = shop_and_member().await;
    member.orders_online(&[wanted(CARROT, 1)]).await;
    let place = async || {
        let wish = member.wish_online(&[wanted(CARROT, 1)]).await;
        let key = secret::id().unwrap();
        member.client.orders().place(&wish, &key).await
    };
    let books = shop.books().await;
    assert_eq!(refused(place().await), ProblemKind::PaymentOpen);
    let without_intents = |books: Vec<(String, i64)>| -> Vec<_> {
        books
            .into_iter()
            .filter(|(what, _)| what != "intents")
            .collect()
    };
    assert_eq!(without_intents(shop.books().await), without_intents(books));
    for _ in 0..2 {
        shop.change("UPDATE orders SET pay_until = 1 WHERE state = 'awaiting_payment'")
            .await;
        place().await.unwrap();
    }
    shop.change("UPDATE orders SET pay_until = 1 WHERE state = 'awaiting_payment'")
        .await;
    assert_eq!(refused(place().await), ProblemKind::TooManyUnpaid);
    // At the counter one can still pay, and tomorrow is another day.
    member.orders(&[wanted(CARROT, 1)]).await;
    shop.change("UPDATE orders SET changed_at = changed_at - 86400001")
        .await;
    place().await.unwrap();
    // Somebody else has nothing to do with it.
    let neighbour = shop.member("13900139000").await;
    neighbour.orders_online(&[wanted(CARROT, 1)]).await;
}
