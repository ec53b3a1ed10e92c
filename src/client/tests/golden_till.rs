//! Golden documents of holds and payments.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

#[macro_use]
mod common;

use client::transport::Method;
use common::{Sent, moment, same_document};
use domain::hold::{HeldLine, Hold};
use domain::money::Money;
use domain::order::{Actor, Change, OrderEvent, OrderState, OrderTab, Payment};
use domain::payment::{Notice, PaymentEvent, PaymentStart, PaymentState};
use domain::pricing::{QuoteRequest, WantedLine};

fn held(variant: &str, quantity: u32, held: u32) -> HeldLine {
    HeldLine {
        variant: variant.into(),
        quantity,
        held,
    }
}

fn hold(lines: Vec<HeldLine>) -> Hold {
    Hold {
        now: moment("2026-11-22T20:45:10+08:00"),
        expires_at: Some(moment("2026-11-22T20:55:10+08:00")),
        lines,
    }
}

fn start(url: &str) -> PaymentStart {
    PaymentStart {
        id: "6b1f".into(),
        url: url.to_owned(),
        expires_at: moment("2026-11-22T20:56:00+08:00"),
        now: moment("2026-11-22T20:46:04+08:00"),
    }
}

#[tokio::test]
async fn goods_are_held() {
    let wanted = |variant: &str, quantity| WantedLine {
        variant: variant.into(),
        quantity,
        seen: None,
    };
    let cart = QuoteRequest {
        lines: vec![wanted("avocado-2", 2), wanted("milk-1l", 6)],
        ..QuoteRequest::default()
    };
    let (got, sent) = wrote!(golden!("hold"), client => client.members().hold(&cart));
    let request = serde_json::to_string(&cart).unwrap();
    assert_eq!(sent, Sent::new(Method::Put, "/me/hold").with(&request));
    assert_eq!(
        got,
        hold(vec![held("avocado-2", 2, 2), held("milk-1l", 6, 4)])
    );
    same_document(&got, golden!("hold"));

    let (got, _) = wrote!(golden!("hold_newer"), client => client.members().hold(&cart));
    assert_eq!(got, hold(vec![held("avocado-2", 2, 1)]));
    let (got, _) = wrote!(golden!("hold_sparse"), client => client.members().hold(&cart));
    let nothing = Hold {
        expires_at: None,
        ..hold(vec![])
    };
    assert_eq!(got, nothing);
}

#[tokio::test]
async fn a_payment_begins_under_the_name_of_its_intent() {
    let id = "a/b".into();
    let (got, sent) = wrote!(golden!("payment_start"), client => client.orders().pay(&id, "tap-2"));
    assert_eq!(sent, Sent::post("/orders/a%2Fb/payment").keyed("tap-2"));
    assert_eq!(got, start("/pay/sandbox/6b1f"));
    same_document(&got, golden!("payment_start"));
    let (got, _) =
        wrote!(golden!("payment_start_newer"), client => client.orders().pay(&id, "tap-2"));
    assert_eq!(got, start("https://pay.example.com/6b1f"));
}

#[tokio::test]
async fn an_order_that_waits_for_its_payment() {
    let id = "16c2e12d6f3d041b66b9".into();
    let (order, _) = read!(golden!("order_online"), client => client.orders().order(&id));
    assert_eq!(order.payment, Payment::Online);
    assert_eq!(order.payment_state, Some(PaymentState::Declined));
    let until = moment("2026-11-22T20:56:00+08:00");
    assert_eq!(order.pay_until, Some(until));
    assert_eq!(OrderTab::of(order.state), OrderTab::ToPay);
    let change = |at: &str, by, event| Change {
        state: OrderState::AwaitingPayment,
        at: moment(at),
        by,
        event,
    };
    let (started, declined) = (OrderEvent::PaymentStarted, OrderEvent::Declined);
    assert_eq!(
        order.history,
        [
            change("2026-11-22T20:46:00+08:00", Actor::Shopper, None),
            change("2026-11-22T20:46:04+08:00", Actor::Shopper, Some(started)),
            change("2026-11-22T20:46:30+08:00", Actor::System, Some(declined)),
        ]
    );
    same_document(&order, golden!("order_online"));
}

#[tokio::test]
async fn a_payment_in_a_state_of_tomorrow() {
    let id = "o".into();
    let (order, _) = read!(golden!("order_online_newer"), client => client.orders().order(&id));
    let state = order.payment_state.unwrap();
    assert_eq!(state, PaymentState::Unknown);
    assert!(!state.can_pay());
    assert_eq!(order.history[0].event, Some(OrderEvent::Unknown));
}

#[test]
fn a_notice() {
    let expected = Notice {
        id: "n-1".into(),
        payment: "6b1f".into(),
        order: "16c2e12d6f3d041b66b9".into(),
        state: PaymentEvent::Paid,
        amount: Money::fen(3840),
        at: moment("2026-11-22T20:46:30+08:00"),
        sequence: 2,
    };
    let read: Notice = serde_json::from_str(golden!("notice")).unwrap();
    assert_eq!(read, expected);
    same_document(&read, golden!("notice"));
}
