//! Golden documents of whoever buys and of whoever packs: quotes, orders, pickup times, what the
//! desk has to do.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

#[macro_use]
#[path = "../common/mod.rs"]
mod common;

mod desk;
mod order;
mod pages;
mod pickup;
mod quotes;

use common::{moment, picture};
use domain::catalog::Tint;
use domain::money::{Currency, Money};
use domain::order::{
    Actor, Change, Contact, Order, OrderLine, OrderState, Payment, Pickup, PickupCode,
};
use domain::pricing::WantedLine;

fn wanted(variant: &str, quantity: u32, seen: Option<i64>) -> WantedLine {
    WantedLine {
        variant: variant.into(),
        quantity,
        seen: seen.map(Money::fen),
    }
}

fn yen() -> Currency {
    Currency::from_code("JPY").unwrap()
}

/// The morning on which all these orders are picked up.
fn pickup() -> Pickup {
    Pickup {
        from: moment("2026-11-23T10:00:00+08:00"),
        to: moment("2026-11-23T12:00:00+08:00"),
        place: "南门 12 号店内".into(),
    }
}

fn contact(name: &str, phone: &str) -> Contact {
    Contact {
        name: name.to_owned(),
        phone: phone.to_owned(),
    }
}

fn change(state: OrderState, at: &str, by: Actor) -> Change {
    Change {
        state,
        at: moment(at),
        by,
        event: None,
    }
}

/// Three avocados, ordered by Mrs Zhou.
fn avocados(state: OrderState, history: Vec<Change>) -> Order {
    Order {
        id: "16c2e12d6f3d041b66b9".into(),
        number: "261122-007".into(),
        state,
        lines: vec![OrderLine {
            place: 0,
            product: "avocado".into(),
            variant: "avocado-2".into(),
            name: "牛油果".into(),
            variant_name: "2 个".into(),
            picture: None,
            quantity: 3,
            unit_price: Money::fen(1280),
            total: Money::fen(3840),
            paid: None,
            points: 0,
            returned: 0,
        }],
        total: Money::fen(3840),
        pickup: pickup(),
        contact: contact("周阿姨", "13800138000"),
        history,
        ..least(state, Payment::AtStore, Currency::CNY, pickup())
    }
}

/// An order of which only the least is said.
fn least(state: OrderState, payment: Payment, currency: Currency, pickup: Pickup) -> Order {
    Order {
        id: "o".into(),
        number: "1".into(),
        state,
        lines: vec![],
        bundles: vec![],
        merchants: vec![],
        goods: None,
        coupons: vec![],
        points: 0,
        total: Money::zero(currency),
        refunded: None,
        payment,
        payment_state: None,
        pay_until: None,
        pickup: Pickup {
            place: String::new(),
            ..pickup
        },
        contact: Contact::default(),
        note: String::new(),
        code: None,
        history: vec![],
        returns: vec![],
        returnable_until: None,
    }
}

fn sparse_order() -> Order {
    let pickup = Pickup {
        from: moment("2026-11-23T02:00:00Z"),
        to: moment("2026-11-23T04:00:00Z"),
        place: String::new(),
    };
    least(OrderState::Placed, Payment::AtStore, yen(), pickup)
}

fn newer_order() -> Order {
    Order {
        lines: vec![OrderLine {
            place: 0,
            product: "soap".into(),
            variant: "soap-1".into(),
            name: "肥皂".into(),
            variant_name: "一块".into(),
            picture: Some(picture("/s.webp", 1, 2, Tint::Unknown)),
            quantity: 2,
            unit_price: Money::fen(1990),
            total: Money::fen(3980),
            paid: None,
            points: 0,
            returned: 0,
        }],
        total: Money::fen(3980),
        pickup: pickup(),
        contact: contact("周阿姨", ""),
        code: Some(pickup_code()),
        history: vec![change(
            OrderState::Unknown,
            "2026-11-23T09:20:00+08:00",
            Actor::Unknown,
        )],
        ..unknown_order()
    }
}

/// One whose state and payment this code does not know.
fn unknown_order() -> Order {
    let (state, payment) = (OrderState::Unknown, Payment::Unknown);
    least(state, payment, Currency::CNY, pickup())
}

fn pickup_code() -> PickupCode {
    PickupCode {
        digits: "204718".into(),
        qr: "linli:pickup:9f2c".into(),
    }
}
