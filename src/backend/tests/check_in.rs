//! Tastings at the desk: one field for every code, check-in in two steps, walk-ins.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod common;

use common::people::{CLERK, HOST, Member, plain, refused, wanted};
use common::tastings::places;
use common::{OpenShop, now};
use domain::booking::{Booking, BookingState, ToBuy, Verdict};
use domain::check_in::{Guest, Redeemable, WalkInRequest};
use domain::member::Taste;
use domain::problem::ProblemKind;
use domain::tasting::{Slot, Subject};

/// The nonce of a preview, and who it is.
fn tasting(found: Redeemable) -> (Guest, String) {
    match found {
        Redeemable::Tasting { guest, nonce } => (guest, nonce),
        other => panic!("no tasting: {other:?}"),
    }
}

async fn booked(shop: &OpenShop, phone: &str, clock: &str) -> (Member, Booking) {
    let member = shop.member(phone).await;
    let booking = member.books(&shop.slot(0, clock).await, 2).await;
    (member, booking)
}

#[tokio::test]
async fn one_field_takes_every_code() {
    let shop = OpenShop::demo().await;
    shop.tomorrow_at(9, 0);
    let (member, booking) = booked(&shop, "13800138000", "10:30").await;
    let wish = member.wish_for(&plain(&[wanted("avocado-2", 1)])).await;
    let order = member.client.orders().place(&wish, "o").await.unwrap();
    let desk = shop.desk(HOST).await;
    let code = order.code.clone().unwrap();
    for text in [code.digits.clone(), code.qr, format!(" {} ", code.digits)] {
        let Redeemable::Order { order: found } = desk.desk().code(&text).await.unwrap() else {
            panic!("no order")
        };
        assert_eq!((found.id, found.code), (order.id.clone(), None));
    }
    assert_eq!(
        desk.desk().preview(&code.digits).await.unwrap().id,
        order.id
    );
    let code = booking.code.clone().unwrap();
    let spoken = format!("{} {}", &code.digits[..4], &code.digits[4..]);
    for text in [code.digits.clone(), code.qr.clone(), spoken] {
        let (guest, _) = tasting(desk.desk().code(&text).await.unwrap());
        assert_eq!(guest.booking, booking.id);
        assert_eq!(
            (guest.name.as_str(), guest.party, guest.visit),
            ("三号楼 王女士", 2, 1)
        );
        assert_eq!(guest.from, booking.from);
    }
    // A tasting's digits open no bag, and a false signature nothing.
    assert_eq!(
        refused(desk.desk().preview(&code.digits).await),
        ProblemKind::WrongCode
    );
    let last = if code.qr.ends_with('A') { "Q" } else { "A" };
    let forged = format!("{}{last}", &code.qr[..code.qr.len() - 1]);
    for text in [
        forged.as_str(),
        "00000000",
        "linli:taste:a.1.b.c",
        "12345",
        "",
        "你好",
    ] {
        assert_eq!(
            refused(desk.desk().code(text).await),
            ProblemKind::WrongCode,
            "{text}"
        );
    }
    let theirs = member.client.desk().code(&code.digits).await;
    assert_eq!(refused(theirs), ProblemKind::Forbidden);
    let guest = shop.client("zh-CN").desk().keys().await;
    assert_eq!(refused(guest), ProblemKind::NotSignedIn);
}

/// Comes to a tasting today and says how it was; what the desk sees before.
async fn tastes(shop: &OpenShop, member: &Member, slot: &Slot, verdict: Verdict) -> Guest {
    let booking = member.books(slot, 1).await;
    let desk = shop.desk(CLERK).await;
    let digits = booking.code.clone().unwrap().digits;
    let (guest, nonce) = tasting(desk.desk().code(&digits).await.unwrap());
    desk.desk().check_in(&booking.id, &nonce).await.unwrap();
    let bookings = member.client.bookings();
    bookings.judge(&booking.id, verdict).await.unwrap();
    guest
}

#[tokio::test]
async fn what_a_member_liked_is_known_to_them_and_to_the_desk() {
    let shop = OpenShop::demo().await;
    shop.tomorrow_at(9, 0);
    let member = shop.member("13800138000").await;
    let me = async |member: &Member| now(member.client.members().me().await.unwrap()).tastes;
    assert_eq!(me(&member).await, []);
    let first = shop.slot(0, "10:30").await;
    let guest = tastes(&shop, &member, &first, Verdict::NotForMe).await;
    assert_eq!((guest.visit, guest.liked), (1, None));
    let meal = |verdict, at| Taste {
        subject: Subject::Bundle {
            id: "light-meal".into(),
        },
        name: "健康轻食套餐".to_owned(),
        verdict,
        at,
    };
    assert_eq!(me(&member).await, [meal(Verdict::NotForMe, first.from)]);
    // Something else of the next day comes before it, and says nothing of it.
    shop.tomorrow_at(9, 0);
    let salmon = now(member
        .client
        .bookings()
        .tasting(&"salmon".into())
        .await
        .unwrap());
    let slot = &salmon.days[0].slots[0];
    let guest = tastes(&shop, &member, slot, Verdict::Liked).await;
    assert_eq!((guest.visit, guest.liked), (2, None));
    let salmon = Taste {
        subject: salmon.tasting.subject,
        name: salmon.tasting.name,
        verdict: Verdict::Liked,
        at: slot.from,
    };
    let before = meal(Verdict::NotForMe, first.from);
    assert_eq!(me(&member).await, [salmon.clone(), before]);
    // The same once more: the last word counts.
    shop.tomorrow_at(9, 0);
    let again = shop.slot(0, "10:30").await;
    let guest = tastes(&shop, &member, &again, Verdict::Liked).await;
    assert_eq!((guest.visit, guest.liked), (3, Some(Verdict::NotForMe)));
    let both = [meal(Verdict::Liked, again.from), salmon];
    assert_eq!(me(&member).await, both);
    // Whoever signs in anew is told the same, in their language; and nobody else is.
    let english = shop.client("en");
    let sent = english.members().send_code("13800138000").await.unwrap();
    let code = sent.demo_code.unwrap();
    let told = english.members().sign_in("13800138000", &code).await;
    let told = told.unwrap();
    assert_eq!(
        told.tastes,
        now(english.members().me().await.unwrap()).tastes
    );
    assert_eq!((told.tastes.len(), told.tastes[0].at), (2, again.from));
    assert_ne!(told.tastes[0].name, both[0].name);
    let other = shop.member("13800138001").await;
    assert_eq!(me(&other).await, []);
    let booking = other.books(&again, 1).await;
    let desk = shop.desk(CLERK).await;
    let (guest, _) = tasting(
        desk.desk()
            .code(&booking.code.unwrap().digits)
            .await
            .unwrap(),
    );
    assert_eq!((guest.visit, guest.liked), (1, None));
}

#[tokio::test]
async fn checked_in_after_looking_and_taken_back_within_two_minutes() {
    let shop = OpenShop::demo().await;
    shop.tomorrow_at(9, 0);
    let (member, booking) = booked(&shop, "13800138000", "16:00").await;
    let desk = shop.desk(CLERK).await;
    let digits = booking.code.clone().unwrap().digits;
    let (_, nonce) = tasting(desk.desk().code(&digits).await.unwrap());
    let wrong = desk.desk().check_in(&booking.id, "0123456789").await;
    assert_eq!(refused(wrong), ProblemKind::NotNow);
    // Moved after it was looked at: look again.
    let later = shop.slot(0, "17:00").await;
    member
        .client
        .bookings()
        .move_to(&booking.id, &later.id)
        .await
        .unwrap();
    let stale = desk.desk().check_in(&booking.id, &nonce).await;
    assert_eq!(refused(stale), ProblemKind::NotNow);
    let (_, nonce) = tasting(desk.desk().code(&digits).await.unwrap());
    let came = desk.desk().check_in(&booking.id, &nonce).await.unwrap();
    assert_eq!(came.state, BookingState::CheckedIn);
    assert_eq!(
        desk.desk().check_in(&booking.id, &nonce).await.unwrap(),
        came,
        "once is enough"
    );
    let mine = now(member.client.bookings().booking(&booking.id).await.unwrap());
    assert_eq!((mine.code, mine.state), (None, BookingState::CheckedIn));
    assert_eq!(
        mine.buy,
        Some(ToBuy::Bundle {
            bundle: "light-meal".into()
        })
    );
    let undone = desk.desk().undo(&booking.id).await.unwrap();
    assert_eq!(undone.state, BookingState::Booked);
    assert_eq!(desk.desk().undo(&booking.id).await.unwrap(), undone);
    let (_, nonce) = tasting(desk.desk().code(&digits).await.unwrap());
    desk.desk().check_in(&booking.id, &nonce).await.unwrap();
    shop.minutes_pass(3);
    assert_eq!(
        refused(desk.desk().undo(&booking.id).await),
        ProblemKind::NotNow
    );
    let liked = member
        .client
        .bookings()
        .judge(&booking.id, Verdict::NotForMe)
        .await
        .unwrap();
    assert_eq!(liked.verdict, Some(Verdict::NotForMe));
    let liked = member
        .client
        .bookings()
        .judge(&booking.id, Verdict::Liked)
        .await
        .unwrap();
    assert_eq!(liked.verdict, Some(Verdict::Liked));
    // The second time it is the second visit; and not before its day.
    let again = member.books(&shop.slot(1, "10:00").await, 1).await;
    let digits = again.code.unwrap().digits;
    let (guest, nonce) = tasting(desk.desk().code(&digits).await.unwrap());
    assert_eq!(guest.visit, 2);
    let early = desk.desk().check_in(&again.id, &nonce).await;
    assert_eq!(refused(early), ProblemKind::NotNow);
    let early = desk.desk().no_show(&again.id).await;
    assert_eq!(refused(early), ProblemKind::NotNow);
    let nobody = desk.desk().undo(&"nobody".into()).await;
    assert_eq!(refused(nobody), ProblemKind::NotFound);
}

#[tokio::test]
async fn today_by_slot_with_everybody_in_it() {
    let shop = OpenShop::demo().await;
    shop.tomorrow_at(9, 0);
    let (_, booking) = booked(&shop, "13800138000", "10:00").await;
    let crowd = shop.crowd(4).await;
    let slot = shop.slot(0, "10:00").await;
    crowd[0].client.bookings().hold(&slot.id, 4).await.unwrap();
    let desk = shop.desk(CLERK).await;
    let walk_in = |party| WalkInRequest {
        name: "邻居 0931".into(),
        party,
    };
    let full = desk.desk().walk_in(&slot.id, &walk_in(3), "a").await;
    assert_eq!(
        refused(full),
        ProblemKind::SlotFull,
        "what is held is promised"
    );
    let came = desk
        .desk()
        .walk_in(&slot.id, &walk_in(2), "b")
        .await
        .unwrap();
    assert_eq!(
        (came.state, came.visit, came.member.clone()),
        (BookingState::CheckedIn, 0, None)
    );
    assert_eq!(
        desk.desk()
            .walk_in(&slot.id, &walk_in(2), "b")
            .await
            .unwrap(),
        came
    );
    let reused = desk.desk().walk_in(&slot.id, &walk_in(1), "b").await;
    assert_eq!(refused(reused), ProblemKind::KeyReused);
    // Taken back, it is as if they had not come in.
    let undone = desk.desk().undo(&came.booking).await.unwrap();
    assert_eq!(undone.state, BookingState::Cancelled);
    let came = desk
        .desk()
        .walk_in(&slot.id, &walk_in(2), "b2")
        .await
        .unwrap();
    let later = shop.slot(1, "10:00").await;
    let tomorrow = desk.desk().walk_in(&later.id, &walk_in(1), "c").await;
    assert_eq!(refused(tomorrow), ProblemKind::SlotPast);
    crowd[1]
        .client
        .bookings()
        .wait(&slot.id, 1, "w")
        .await
        .unwrap_err();
    shop.minutes_pass(5);
    crowd[2].books(&slot, 4).await;

    let today = now(desk.desk().tastings().await.unwrap());
    let here: Vec<_> = today
        .slots
        .iter()
        .filter(|one| one.tasting.id.as_str() == "light-meal")
        .collect();
    assert_eq!(here.len(), 5);
    assert!(today.slots.is_sorted_by_key(|slot| slot.from.ms));
    let first = here[0];
    assert_eq!((first.capacity, first.free, first.kept), (8, 0, 0));
    let parties: Vec<_> = first.guests.iter().map(|guest| guest.party).collect();
    assert_eq!(parties, [2, 2, 4]);
    shop.minutes_pass(56);
    // The desk has locked itself meanwhile.
    let desk = shop.desk(CLERK).await;
    let missed = desk.desk().no_show(&booking.id).await.unwrap();
    assert_eq!(missed.state, BookingState::NoShow);
    assert!(missed.undo_until.is_some());
    assert_eq!(
        desk.desk().undo(&booking.id).await.unwrap().state,
        BookingState::Booked
    );
    // Late, but there: the clerk takes them.
    let digits = booking.code.unwrap().digits;
    let (_, nonce) = tasting(desk.desk().code(&digits).await.unwrap());
    desk.desk().check_in(&booking.id, &nonce).await.unwrap();
    assert_eq!(
        refused(desk.desk().undo(&came.booking).await),
        ProblemKind::NotNow
    );
    assert_eq!(
        shop.number("SELECT sum(party) FROM bookings WHERE state <> 'cancelled'")
            .await,
        8
    );
    let place = places(&slot, 1);
    let late = crowd[3].client.bookings().book(&place, "z").await;
    assert_eq!(refused(late), ProblemKind::SlotPast);
}
