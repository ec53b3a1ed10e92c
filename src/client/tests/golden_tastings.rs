//! Golden documents of tastings: what is offered, what is booked, what the desk is told.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

#[macro_use]
mod common;

use client::transport::Method;
use common::{Sent, moment, picture, same_document};
use domain::booking::{
    Booking, BookingChange, BookingEvent, BookingRequest, BookingState, Confirmation, MyBookings,
    TastingCode, ToBuy, Verdict,
};
use domain::catalog::Tint;
use domain::check_in::{Guest, Redeemable, WalkInRequest};
use domain::member::Member;
use domain::money::Money;
use domain::order::Actor;
use domain::source::{Credit, JoinRequest, Joined, PurchaseRequest};
use domain::tasting::{Slot, SlotState, Subject, Tasting, TastingDay, TastingSummary};
use domain::waiting::{Waiting, WaitingState};

fn summary(id: &str, subject: Subject) -> TastingSummary {
    TastingSummary {
        id: id.into(),
        title: id.to_owned(),
        subject,
        name: "n".into(),
        picture: None,
        minutes: 30,
        deposit: None,
        next: None,
    }
}

fn salmon() -> TastingSummary {
    TastingSummary {
        title: "试吃 · 三文鱼".into(),
        name: "挪威三文鱼".into(),
        ..summary(
            "salmon",
            Subject::Product {
                id: "salmon-sashimi".into(),
            },
        )
    }
}

fn event() -> Subject {
    Subject::Event { id: "e".into() }
}

fn slot(id: &str, from: &str, to: &str, free: u32, state: SlotState) -> Slot {
    Slot {
        id: id.into(),
        from: moment(from),
        to: moment(to),
        capacity: 8,
        free,
        state,
        waiting: 0,
    }
}

#[tokio::test]
async fn a_tasting() {
    let id = "salmon".into();
    let (tasting, path) = read!(golden!("tasting"), client => client.bookings().tasting(&id));
    assert_eq!(path, "/tastings/salmon");
    let past = slot(
        "salmon.1795660200000",
        "2026-11-26T10:30:00+08:00",
        "2026-11-26T11:00:00+08:00",
        4,
        SlotState::Past,
    );
    let full = Slot {
        waiting: 2,
        ..slot(
            "salmon.1795681800000",
            "2026-11-26T16:30:00+08:00",
            "2026-11-26T17:00:00+08:00",
            0,
            SlotState::Full,
        )
    };
    let expected = Tasting {
        tasting: TastingSummary {
            picture: Some(picture("/media/f.webp", 256, 256, Tint::Sea)),
            deposit: Some(Money::fen(2_000)),
            next: Some(moment("2026-11-26T16:30:00+08:00")),
            ..salmon()
        },
        words: "当天到的整条鱼。".into(),
        place: "阳光花园南门 12 号底商".into(),
        capacity: 8,
        most_people: 4,
        cancel_minutes: 120,
        lead_minutes: 30,
        zone: "Asia/Shanghai".into(),
        now: moment("2026-11-26T10:42:31+08:00"),
        days: vec![
            TastingDay {
                date: "2026-11-26".into(),
                weekday: 4,
                slots: vec![past, full],
            },
            TastingDay {
                date: "2026-11-27".into(),
                weekday: 5,
                slots: vec![],
            },
        ],
    };
    assert_eq!(tasting, expected);
    same_document(&tasting, golden!("tasting"));

    let (tasting, _) = read!(golden!("tasting_sparse"), client => client.bookings().tasting(&id));
    assert_eq!(tasting.tasting, summary("t", event()));
    assert_eq!((tasting.most_people, tasting.lead_minutes), (1, 0));

    let (tasting, _) = read!(golden!("tasting_newer"), client => client.bookings().tasting(&id));
    assert_eq!(tasting.tasting.subject, Subject::Unknown);
    let states = tasting.days.iter().flat_map(|day| &day.slots);
    assert!(states.map(|slot| slot.state).eq([SlotState::Unknown]));
}

#[tokio::test]
async fn a_booking() {
    let request = BookingRequest {
        slot: "salmon.1795681800000".into(),
        party: 2,
        name: "三号楼 王女士".into(),
        note: "不吃生的".into(),
        from: Some("poster".into()),
    };
    let (booking, sent) =
        wrote!(golden!("booking"), client => client.bookings().book(&request, "k"));
    assert_eq!(
        sent,
        Sent::post("/bookings").keyed("k").with(
            r#"{"slot":"salmon.1795681800000","party":2,"name":"三号楼 王女士","note":"不吃生的","from":"poster"}"#
        )
    );
    let change = |what, at| BookingChange {
        what,
        at: moment(at),
        by: Actor::Shopper,
    };
    let expected = Booking {
        id: "afcb0acddaabfbe4c734".into(),
        number: "T261126-003".into(),
        state: BookingState::Booked,
        tasting: salmon(),
        slot: "salmon.1795681800000".into(),
        from: moment("2026-11-26T16:30:00+08:00"),
        to: moment("2026-11-26T17:00:00+08:00"),
        place: "阳光花园南门 12 号底商".into(),
        party: 2,
        name: "三号楼 王女士".into(),
        note: "不吃生的".into(),
        code: Some(TastingCode {
            digits: "04831592".into(),
            qr: "linli:taste:afcb0acddaabfbe4c734.1795681800000.m.c2ln".into(),
        }),
        may_cancel_until: Some(moment("2026-11-26T14:30:00+08:00")),
        confirm: Some(Confirmation {
            from: moment("2026-11-26T00:00:00+08:00"),
            until: moment("2026-11-26T14:30:00+08:00"),
            given: true,
        }),
        buy: None,
        verdict: None,
        history: vec![
            change(BookingEvent::Booked, "2026-11-25T20:45:10+08:00"),
            change(BookingEvent::Moved, "2026-11-25T20:46:10+08:00"),
        ],
    };
    assert_eq!(booking, expected);
    same_document(&booking, golden!("booking"));

    let id = "b/1".into();
    let slot = "t.1".into();
    let (booking, sent) =
        wrote!(golden!("booking_sparse"), client => client.bookings().move_to(&id, &slot));
    assert_eq!(
        sent,
        Sent::post("/bookings/b%2F1/move").with(r#"{"slot":"t.1"}"#)
    );
    assert_eq!(booking.verdict, Some(Verdict::Liked));
    let buy = ToBuy::Product {
        product: "p".into(),
        variant: "v".into(),
        price: Money::fen(4_590),
    };
    assert_eq!((booking.buy, booking.code), (Some(buy), None));

    let (booking, sent) =
        wrote!(golden!("booking_newer"), client => client.bookings().judge(&id, Verdict::NotForMe));
    assert_eq!(
        sent,
        Sent::post("/bookings/b%2F1/verdict").with(r#"{"verdict":"not_for_me"}"#)
    );
    assert_eq!(booking.state, BookingState::Unknown);
    assert_eq!(booking.buy, Some(ToBuy::Unknown));
    assert_eq!(booking.verdict, Some(Verdict::Unknown));
    let what = booking
        .history
        .iter()
        .map(|change| (change.what, change.by));
    assert!(what.eq([(BookingEvent::Unknown, Actor::Unknown)]));
}

#[tokio::test]
async fn what_a_member_has() {
    let (mine, path) = read!(golden!("my_bookings"), client => client.bookings().mine());
    assert_eq!(path, "/me/bookings");
    let expected = MyBookings {
        now: moment("2026-11-26T10:42:31+08:00"),
        bookings: vec![],
        waiting: vec![Waiting {
            id: "w".into(),
            slot: "t.1".into(),
            tasting: TastingSummary {
                minutes: 20,
                ..summary("t", event())
            },
            from: moment("2026-11-26T16:30:00+08:00"),
            to: moment("2026-11-26T16:50:00+08:00"),
            party: 2,
            state: WaitingState::Offered,
            place: 0,
            expires_at: Some(moment("2026-11-26T10:52:31+08:00")),
        }],
    };
    assert_eq!(mine, expected);
    same_document(&mine, golden!("my_bookings"));
    let (held, path) = read!("null", client => client.bookings().held());
    assert_eq!((held, path.as_str()), (None, "/me/slot-hold"));
    let slot = "t.1".into();
    let ((), sent) = wrote!("", client => client.bookings().leave(&slot));
    assert_eq!(
        sent,
        Sent::new(Method::Delete, "/tastings/slots/t.1/waiting")
    );
}

#[tokio::test]
async fn what_a_code_stands_for() {
    let (found, sent) = wrote!(golden!("redeemable"), client => client.desk().code("04831592"));
    assert_eq!(
        sent,
        Sent::post("/desk/codes/preview").with(r#"{"code":"04831592"}"#)
    );
    let guest = Guest {
        booking: "b".into(),
        number: "T261126-003".into(),
        state: BookingState::Booked,
        tasting: summary("t", event()),
        slot: "t.1".into(),
        from: moment("2026-11-26T10:30:00+08:00"),
        to: moment("2026-11-26T11:00:00+08:00"),
        party: 2,
        name: "三号楼 王女士".into(),
        note: String::new(),
        member: Some("m".into()),
        visit: 2,
        liked: Some(Verdict::Liked),
        confirm: None,
        undo_until: None,
    };
    let expected = Redeemable::Tasting {
        guest,
        nonce: "0123456789abcdef01234567".into(),
    };
    assert_eq!(found, expected);
    same_document(&found, golden!("redeemable"));
    let order = concat!(r#"{"kind":"order","order":"#, golden!("order_sparse"), "}");
    let (found, _) = wrote!(order, client => client.desk().code("204718"));
    assert!(matches!(found, Redeemable::Order { order } if order.id.as_str() == "o"));
    let voucher = r#"{"kind":"voucher","worth":5}"#;
    let (found, _) = wrote!(voucher, client => client.desk().code("204718"));
    assert_eq!(found, Redeemable::Unknown);

    let (slot, name) = ("t.1".into(), "邻居 0931".to_owned());
    let request = WalkInRequest { name, party: 2 };
    let script = common::script(r#"{"kind":"no guest"}"#);
    let client = client::Client::new(&script, common::BASE, "zh-CN");
    let walk_in = client.desk().walk_in(&slot, &request, "k").await;
    assert!(walk_in.is_err());
    assert_eq!(
        script.the_one_request(),
        Sent::post("/desk/tastings/t.1/walk-in")
            .keyed("k")
            .with(r#"{"name":"邻居 0931","party":2}"#)
    );
}

#[tokio::test]
async fn who_joins() {
    let request = JoinRequest {
        phone: "13800138000".into(),
        code: "148315".into(),
        from: "counter".into(),
        claim: Some("K7P2QX".into()),
    };
    let (joined, sent) = wrote!(golden!("joined"), client => client.members().join(&request));
    assert_eq!(
        sent,
        Sent::post("/join")
            .with(r#"{"phone":"13800138000","code":"148315","from":"counter","claim":"K7P2QX"}"#)
    );
    let expected = Joined {
        member: Member {
            id: "m".into(),
            phone: "138****8000".into(),
            name: String::new(),
            tastes: Vec::new(),
        },
        newcomer: true,
        credit: Some(Credit {
            amount: Money::fen(5_980),
            points: 59,
        }),
        claim_problem: None,
    };
    assert_eq!(joined, expected);
    same_document(&joined, golden!("joined"));
    let ((), sent) = wrote!("", client => client.members().visit("wecom"));
    assert_eq!(sent, Sent::post("/visits").with(r#"{"from":"wecom"}"#));
    let paid = PurchaseRequest {
        amount: Money::fen(5_980),
    };
    let claim = r#"{"claim":"K7P2QX","path":"/join?from=counter&claim=K7P2QX",
        "credit":{"amount":{"amount":5980,"currency":"CNY"},"points":59},
        "now":"2026-11-26T10:42:31+08:00","expires_at":"2026-11-26T10:57:31+08:00"}"#;
    let (made, sent) = wrote!(claim, client => client.desk().purchase(&paid, "k"));
    assert_eq!(
        sent,
        Sent::post("/desk/purchases")
            .keyed("k")
            .with(r#"{"amount":{"amount":5980,"currency":"CNY"}}"#)
    );
    same_document(&made, claim);
}
