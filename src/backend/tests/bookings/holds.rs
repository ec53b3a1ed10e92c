//! A place that is held: it becomes a booking, or runs out by itself.

use crate::common::people::{CLERK, refused};
use crate::common::tastings::places;
use crate::common::{OpenShop, header, now};
use client::Error;
use domain::booking::BookingEvent;
use domain::codes;
use domain::problem::ProblemKind;
use reqwest::Method;

#[tokio::test]
async fn a_place_is_held_booked_and_shown() {
    let shop = OpenShop::demo().await;
    shop.tomorrow_at(9, 0);
    let member = shop.member("13800138000").await;
    let bookings = member.client.bookings();
    let slot = shop.slot(0, "10:30").await;
    assert_eq!(now(bookings.held().await.unwrap()), None);
    let hold = bookings.hold(&slot.id, 2).await.unwrap();
    assert_eq!(hold.expires_at.ms - hold.now.ms, 5 * 60_000);
    assert_eq!(shop.slot(0, "10:30").await.free, 6);
    // After a reload it is the same; the same slot again is not held longer.
    shop.minutes_pass(1);
    let again = now(bookings.held().await.unwrap()).unwrap();
    assert_eq!((again.expires_at, &again.slot), (hold.expires_at, &slot.id));
    let more = bookings.hold(&slot.id, 3).await.unwrap();
    assert_eq!((more.expires_at, more.party), (hold.expires_at, 3));

    let booked = bookings.book(&places(&slot, 3), "k").await.unwrap();
    assert_eq!(
        now(bookings.held().await.unwrap()),
        None,
        "the hold became the booking"
    );
    assert_eq!(bookings.book(&places(&slot, 3), "k").await.unwrap(), booked);
    let reused = bookings.book(&places(&slot, 2), "k").await;
    assert_eq!(refused(reused), ProblemKind::KeyReused);
    assert_eq!(shop.slot(0, "10:30").await.free, 5);
    let code = booked.code.clone().unwrap();
    assert_eq!(code.digits.len(), 8);
    assert_eq!(
        booked.may_cancel_until, None,
        "the cut-off is two hours before"
    );
    assert_eq!(booked.history[0].what, BookingEvent::Booked);
    assert_eq!(now(bookings.booking(&booked.id).await.unwrap()), booked);
    let mine = now(bookings.mine().await.unwrap());
    assert_eq!(mine.bookings, std::slice::from_ref(&booked));
    // The desk knows the code by its key alone.
    let desk = shop.desk(CLERK).await;
    let keys = now(desk.desk().keys().await.unwrap()).keys;
    let keys: Vec<_> = keys.iter().filter_map(codes::read_key).collect();
    let signed = codes::SignedCode::verified(&code.qr, &keys).unwrap();
    assert_eq!(
        (signed.booking, signed.from),
        (booked.id.clone(), booked.from.ms)
    );

    let path = member.client.bookings().calendar_address(&booked.id);
    let path = path
        .split_once("/api/")
        .map(|(_, rest)| format!("/api/{rest}"))
        .unwrap();
    let file = shop
        .page_asks(Method::GET, &path, &member.cookie)
        .send()
        .await
        .unwrap();
    assert!(header(&file, "content-type").starts_with("text/calendar"));
    let text = file.text().await.unwrap();
    assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"));
    assert!(text.contains(&format!("UID:{}@", booked.id)));
    // Nobody else sees it.
    let other = shop.member("13800138001").await;
    let theirs = other.client.bookings().booking(&booked.id).await;
    assert_eq!(refused(theirs), ProblemKind::NotFound);
    let theirs = other.client.bookings().cancel(&booked.id).await;
    assert_eq!(refused(theirs), ProblemKind::NotFound);
    let guest = shop.client("zh-CN");
    assert_eq!(
        refused(guest.bookings().mine().await),
        ProblemKind::NotSignedIn
    );
    let guest = guest.bookings().hold(&slot.id, 1).await;
    assert_eq!(refused(guest), ProblemKind::NotSignedIn);
}

#[tokio::test]
async fn a_hold_runs_out_by_itself_and_not_for_ever_anew() {
    let shop = OpenShop::demo().await;
    shop.tomorrow_at(9, 0);
    let member = shop.member("13800138000").await;
    let bookings = member.client.bookings();
    let (slot, other) = (shop.slot(1, "10:00").await, shop.slot(1, "16:00").await);
    bookings.hold(&slot.id, 4).await.unwrap();
    bookings.hold(&other.id, 1).await.unwrap();
    assert_eq!(
        shop.slot(1, "10:00").await.free,
        8,
        "a new one takes the place of the old"
    );
    assert_eq!(shop.slot(1, "16:00").await.free, 7);
    for _ in 0..2 {
        bookings.hold(&slot.id, 4).await.unwrap();
        shop.minutes_pass(5);
        assert_eq!(now(bookings.held().await.unwrap()), None);
        assert_eq!(shop.slot(1, "10:00").await.free, 8);
    }
    let Err(Error::Refused {
        problem,
        retry_after,
    }) = bookings.hold(&slot.id, 1).await
    else {
        panic!("held a third time")
    };
    assert_eq!(problem.kind, ProblemKind::HeldTooOften);
    let wait = retry_after.unwrap();
    assert!((54 * 60..=55 * 60).contains(&wait), "{wait}");
    // Another slot, or booking without a hold, is nobody's loss.
    bookings.hold(&other.id, 1).await.unwrap();
    bookings.let_go().await.unwrap();
    bookings.let_go().await.unwrap();
    shop.clock.put_forward(i64::from(wait) * 1_000);
    bookings.hold(&slot.id, 1).await.unwrap();
}
