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

mod common;

use backend::payment::notice::{SIGNATURE, sign};
use backend::{Settings, secret};
use common::people::{CLERK, Member, refused, wanted};
use common::{OpenShop, header, now, ok, problem};
use domain::contract::Capability;
use domain::id::{OrderId, PaymentId};
use domain::money::Money;
use domain::order::{Actor, Order, OrderEvent, OrderState, Payment};
use domain::payment::{Notice, PAY_WITHIN, PaymentEvent, PaymentStart, PaymentState};
use domain::problem::ProblemKind;
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

#[tokio::test]
async fn a_lost_notice_is_asked_for() {
    let (shop, member) = shop_and_member().await;
    let (order, payment) = begun(&member).await;
    // As if the choice had been made and its notice lost.
    shop.change("UPDATE sandbox_payments SET state = 'paid'")
        .await;
    let found = read(&member, &order.id).await;
    assert_eq!(found.state, OrderState::Placed);
    assert_eq!(
        events(&found),
        [OrderEvent::PaymentStarted, OrderEvent::Paid]
    );
    // When the notice is found, it is nothing new.
    let late = notice(&order, &payment.id, PaymentEvent::Paid);
    assert_eq!(tell(&shop, &late).await.status(), 204);
    assert_eq!(read(&member, &order.id).await, found);
}

#[tokio::test]
async fn replayed_and_out_of_order() {
    let (shop, member) = shop_and_member().await;
    let (order, payment) = begun(&member).await;
    let paid = notice(&order, &payment.id, PaymentEvent::Paid);
    for _ in 0..3 {
        assert_eq!(tell(&shop, &paid).await.status(), 204);
    }
    let placed = read(&member, &order.id).await;
    assert_eq!(placed.state, OrderState::Placed);
    let books = shop.books().await;
    for state in [
        PaymentEvent::Processing,
        PaymentEvent::Declined,
        PaymentEvent::Closed,
        PaymentEvent::Opened,
        PaymentEvent::Paid,
        PaymentEvent::Unknown,
    ] {
        let late = notice(&order, &payment.id, state);
        assert_eq!(tell(&shop, &late).await.status(), 204, "{state:?}");
        assert_eq!(read(&member, &order.id).await, placed, "{state:?}");
    }
    let mut after = shop.books().await;
    for (what, count) in &mut after {
        if what == "notices" {
            *count -= 6;
        }
    }
    assert_eq!(after, books);
}

#[tokio::test]
async fn forged_old_and_wrong_notices_change_nothing() {
    let (shop, member) = shop_and_member().await;
    let (order, payment) = begun(&member).await;
    let books = shop.books().await;
    let key = shop.store.notice_secret().await.unwrap();
    let paid = notice(&order, &payment.id, PaymentEvent::Paid);
    for (secret, at) in [
        ("", clock()),
        ("guess", clock()),
        (&key[1..], clock()),
        (key.as_str(), clock() - 5 * 60_000 - 1_000),
        (key.as_str(), clock() + 5 * 60_000 + 1_000),
    ] {
        let problem = problem(send(&shop, &paid, secret, at).await).await;
        assert_eq!(
            (problem.kind, problem.status),
            (ProblemKind::BadSignature, 401)
        );
    }
    // Signed, and changed on the way.
    let body = serde_json::to_string(&paid).unwrap();
    let signature = sign(&key, body.as_bytes(), clock());
    let sent = |body: String, signature: Option<&str>| {
        let request = shop
            .served
            .ask(Method::POST, "/api/v1/payments/notices")
            .body(body);
        match signature {
            Some(signature) => request.header(SIGNATURE, signature),
            None => request,
        }
    };
    for (body, signature) in [
        (
            body.replace("\"sequence\":1", "\"sequence\":2"),
            Some(signature.as_str()),
        ),
        (body.clone(), None),
        (body.clone(), Some("t=1,v1=00")),
        ("{}".to_owned(), None),
    ] {
        let answer = sent(body, signature).send().await.unwrap();
        assert_eq!(problem(answer).await.kind, ProblemKind::BadSignature);
    }
    // Signed, and nonsense.
    let signature = sign(&key, b"{}", clock());
    let answer = sent("{}".to_owned(), Some(&signature))
        .send()
        .await
        .unwrap();
    assert_eq!(problem(answer).await.kind, ProblemKind::InvalidBody);
    // Signed, and about something else.
    let unknown = Notice {
        payment: "none".into(),
        ..paid.clone()
    };
    assert_eq!(
        problem(tell(&shop, &unknown).await).await.kind,
        ProblemKind::NotFound
    );
    let less = Notice {
        amount: Money::fen(1),
        ..paid.clone()
    };
    assert_eq!(
        problem(tell(&shop, &less).await).await.kind,
        ProblemKind::InvalidBody
    );
    let other = Notice {
        order: "none".into(),
        ..paid
    };
    assert_eq!(
        problem(tell(&shop, &other).await).await.kind,
        ProblemKind::InvalidBody
    );
    assert_eq!(shop.books().await, books);
    assert_eq!(
        read(&member, &order.id).await.state,
        OrderState::AwaitingPayment
    );
}

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

#[tokio::test]
async fn the_page_of_the_sandbox() {
    let (shop, member) = shop_and_member().await;
    let (order, payment) = begun(&member).await;
    let answer = ok(shop.served.get(&payment.url)).await;
    let policy = header(&answer, "content-security-policy");
    for part in [
        "default-src 'none'",
        "style-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert_eq!(header(&answer, "cache-control"), "no-store");
    assert_eq!(header(&answer, "referrer-policy"), "same-origin");
    assert!(header(&answer, "content-type").starts_with("text/html"));
    let page = answer.text().await.unwrap();
    for text in [
        "沙盒支付 · 不会扣钱",
        "邻里优选",
        &order.total.to_string(),
        "付款成功",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(!page.contains("<script") && !page.contains("style="));
    let english = shop
        .served
        .get(&payment.url)
        .header("accept-language", "en");
    let english = ok(english).await.text().await.unwrap();
    assert!(english.contains("no money is taken") && english.contains("lang=\"en\""));
    let sheet = ok(shop.served.get("/pay/sandbox.css")).await;
    assert_eq!(header(&sheet, "content-type"), "text/css; charset=utf-8");
    // Nobody else's form pays, and nonsense does nothing.
    let form = |choice: &str, name: &str, value: &str| {
        shop.served
            .ask(Method::POST, &payment.url)
            .header(name, value)
            .body(format!("choice={choice}"))
            .send()
    };
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("accept", "*/*"),
    ] {
        let problem = problem(form("paid", name, value).await.unwrap()).await;
        assert_eq!(problem.kind, ProblemKind::UnsafeRequest, "{value}");
    }
    let own = shop.served.at("");
    let problem_of = |answer| async { problem(answer).await.kind };
    assert_eq!(
        problem_of(form("free", "origin", &own).await.unwrap()).await,
        ProblemKind::InvalidBody
    );
    let nobody = shop.served.get("/pay/sandbox/none").send().await.unwrap();
    assert_eq!(problem_of(nobody).await, ProblemKind::NotFound);
    assert_eq!(
        read(&member, &order.id).await.payment_state,
        Some(PaymentState::Open)
    );
    let paid = form("paid", "origin", &own).await.unwrap();
    assert_eq!(paid.status(), 303);
}

#[tokio::test]
async fn a_shop_that_is_no_demo_takes_no_payment() {
    let shop = OpenShop::started(Settings::default()).await;
    let about = now(shop.client("zh-CN").about().await.unwrap());
    assert!(!about.capabilities.contains(&Capability::Payment));
    for path in ["/pay/sandbox/x", "/pay/sandbox.css"] {
        assert_eq!(shop.served.get(path).send().await.unwrap().status(), 404);
    }
    let order = Order {
        ..serde_json::from_str(include_str!("../../client/tests/golden/order_online.json")).unwrap()
    };
    let nobody = notice(&order, &"p".into(), PaymentEvent::Paid);
    for secret in ["", "guess"] {
        let problem = problem(send(&shop, &nobody, secret, clock()).await).await;
        assert_eq!(problem.kind, ProblemKind::BadSignature);
    }
    shop.change("INSERT INTO members VALUES ('m', '13800138000', '', 0)")
        .await;
    let token = secret::token().unwrap();
    sqlx::query("INSERT INTO sessions (hash, member, expires_at) VALUES (?, 'm', 9000000000000)")
        .bind(secret::hash(&token))
        .execute(&mut shop.file().await)
        .await
        .unwrap();
    let wish = serde_json::json!({
        "lines": [{"variant": CARROT, "quantity": 1}], "quote": "q", "contact": {},
        "pickup_from": "2026-11-23T10:00:00+08:00", "payment": "online",
    });
    let wish = serde_json::from_value(wish).unwrap();
    let answer = shop
        .placing(&format!("session={token}"), "k", &wish)
        .send()
        .await
        .unwrap();
    let problem = problem(answer).await;
    assert_eq!(problem.kind, ProblemKind::InvalidBody);
    assert_eq!(problem.problems[0].field, "/payment");
}
