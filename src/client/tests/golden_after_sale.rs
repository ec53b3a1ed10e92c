//! Golden documents after the sale: what is asked back, what is decided, what stands at the order.

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

use common::{Sent, moment, picture, same_document};
use domain::after_sale::{
    DeskReturn, DeskReturns, Return, ReturnLine, ReturnPieces, ReturnReason, ReturnRequest,
    ReturnState, ReturnedCoupon, open_until, settle,
};
use domain::catalog::Tint;
use domain::money::{Currency, Money};
use domain::order::{Contact, Payment};

fn line(place: u32, name: &str, variant_name: &str, quantity: u32) -> ReturnLine {
    ReturnLine {
        place,
        name: name.to_owned(),
        variant_name: variant_name.to_owned(),
        picture: None,
        quantity,
    }
}

/// A return of which only the least is said.
fn least() -> Return {
    Return {
        id: "r".into(),
        state: ReturnState::Requested,
        lines: vec![],
        reason: ReturnReason::Other,
        note: String::new(),
        picture: None,
        amount: Money::zero(Currency::from_code("JPY").unwrap()),
        points: 0,
        revoked: 0,
        coupons: vec![],
        answer: String::new(),
        asked_at: moment("2026-11-23T10:20:00Z"),
        answered_at: None,
    }
}

fn pieces(line: u32, quantity: u32) -> ReturnPieces {
    ReturnPieces { line, quantity }
}

#[tokio::test]
async fn a_return_is_asked_for_under_the_name_of_its_intent() {
    let request = ReturnRequest {
        lines: vec![pieces(1, 2), pieces(4, 1)],
        reason: ReturnReason::Spoiled,
        note: "两个里有一个发黑了".into(),
        picture: Some("/9j/4AAQ".into()),
    };
    let order = "a/b".into();
    let (asked, sent) =
        wrote!(golden!("return"), client => client.after_sale().ask(&order, &request, "tap-1"));
    let document = golden!("return_request");
    let expected = Sent::post("/orders/a%2Fb/returns").with(document);
    assert_eq!(sent, expected.keyed("tap-1"));
    let read: ReturnRequest = serde_json::from_str(document).unwrap();
    assert_eq!(read, request, "a backend reads what was meant");
    let expected = Return {
        id: "5b1f".into(),
        state: ReturnState::Approved,
        lines: vec![
            ReturnLine {
                picture: Some(picture("/media/avocado.webp", 256, 256, Tint::Leaf)),
                ..line(1, "牛油果", "2 个", 2)
            },
            line(4, "安岳柠檬", "4 个", 1),
        ],
        reason: ReturnReason::Spoiled,
        note: "两个里有一个发黑了".into(),
        picture: Some("/api/v1/orders/16c2/returns/5b1f/picture".into()),
        amount: Money::fen(2933),
        points: 64,
        revoked: 29,
        coupons: vec![ReturnedCoupon {
            coupon: "9c0e".into(),
            name: "满 99 减 10".into(),
        }],
        answer: "对不住，下次多看一眼".into(),
        asked_at: moment("2026-11-23T18:20:00+08:00"),
        answered_at: Some(moment("2026-11-23T18:42:10+08:00")),
    };
    assert_eq!(asked, expected);
    same_document(&asked, golden!("return"));
}

#[tokio::test]
async fn a_return_is_taken_back() {
    let (order, id) = ("o".into(), "a/b".into());
    let (gone, sent) =
        wrote!(golden!("return_sparse"), client => client.after_sale().withdraw(&order, &id));
    assert_eq!(gone, least());
    assert_eq!(sent, Sent::post("/orders/o/returns/a%2Fb/withdraw"));
}

#[tokio::test]
async fn a_newer_return() {
    let (order, id) = ("o".into(), "r".into());
    let (there, _) =
        wrote!(golden!("return_newer"), client => client.after_sale().withdraw(&order, &id));
    let expected = Return {
        state: ReturnState::Unknown,
        lines: vec![line(2, "肥皂", "一块", 1)],
        reason: ReturnReason::Unknown,
        amount: Money::fen(1990),
        coupons: vec![ReturnedCoupon {
            coupon: "c".into(),
            name: "n".into(),
        }],
        asked_at: moment("2026-11-23T18:20:00+08:00"),
        ..least()
    };
    assert_eq!(there, expected);
}

#[tokio::test]
async fn what_the_desk_decides() {
    let (waiting, path) = read!(golden!("desk_returns"), client => client.after_sale().waiting());
    assert_eq!(path, "/desk/returns");
    let there = DeskReturn {
        asked: Return {
            id: "5b1f".into(),
            lines: vec![line(1, "牛油果", "2 个", 1)],
            reason: ReturnReason::Damaged,
            amount: Money::fen(1280),
            asked_at: moment("2026-11-23T18:20:00+08:00"),
            ..least()
        },
        order: "16c2".into(),
        number: "261122-007".into(),
        contact: Contact {
            name: "周阿姨".into(),
            phone: "13800138000".into(),
        },
        payment: Payment::AtStore,
    };
    let expected = DeskReturns {
        now: moment("2026-11-23T18:45:00+08:00"),
        returns: vec![there],
    };
    assert_eq!(waiting, expected);
    same_document(&waiting, golden!("desk_returns"));

    let (waiting, _) =
        read!(golden!("desk_returns_sparse"), client => client.after_sale().waiting());
    let expected = DeskReturns {
        now: moment("2026-11-23T10:45:00Z"),
        returns: vec![],
    };
    assert_eq!(waiting, expected);

    let (waiting, _) =
        read!(golden!("desk_returns_newer"), client => client.after_sale().waiting());
    let newer = DeskReturn {
        asked: least(),
        order: "o".into(),
        number: "1".into(),
        contact: Contact::default(),
        payment: Payment::Unknown,
    };
    assert_eq!(waiting.returns, [newer]);
}

#[tokio::test]
async fn a_decision() {
    const DECIDED: &str = r#"{"asked":{"id":"r","state":"declined","lines":[],"reason":"other","answer":"不行",
        "amount":{"amount":0,"currency":"JPY"},"asked_at":"2026-11-23T10:20:00Z"},
        "order":"o","number":"1","contact":{},"payment":"at_store"}"#;
    let id = "a/b".into();
    let (decided, sent) =
        wrote!(DECIDED, client => client.after_sale().decide(&id, "decline", "不行"));
    assert_eq!(
        sent,
        Sent::post("/desk/returns/a%2Fb/decline").with(r#"{"answer":"不行"}"#)
    );
    let asked = decided.asked;
    assert_eq!(
        (asked.state, asked.answer.as_str()),
        (ReturnState::Declined, "不行")
    );
}

#[tokio::test]
async fn an_order_of_which_something_came_back() {
    let id = "16c2".into();
    let (order, _) = read!(golden!("order_returned"), client => client.orders().order(&id));
    let bought = &order.lines[0];
    assert_eq!((bought.place, bought.points, bought.returned), (1, 96, 2));
    assert_eq!(order.refunded, Some(Money::fen(2229)));
    assert_eq!(order.coupons[0].lines, [1]);
    assert_eq!(order.returns.len(), 1);
    let until = Some(moment("2026-11-30T10:12:00+08:00"));
    assert_eq!(order.returnable_until, until);
    assert_eq!(
        open_until(&order, moment("2026-11-30T10:11:59+08:00")),
        until
    );
    // The rest: what was not given back, and the coupon with it.
    let rest = settle(&order, &[pieces(1, 1)]).unwrap();
    assert_eq!(
        (rest.amount, rest.points, rest.revoked),
        (Money::fen(1115), 32, 11)
    );
    assert_eq!(rest.coupons.len(), 1);
    same_document(&order, golden!("order_returned"));
}
