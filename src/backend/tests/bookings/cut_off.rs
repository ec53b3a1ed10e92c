//! Until the cut-off a booking is moved and called off; after it, neither.

use crate::common::people::{CLERK, refused};
use crate::common::{OpenShop, now};
use domain::booking::{BookingEvent, BookingState};
use domain::check_in::Redeemable;
use domain::problem::ProblemKind;

#[tokio::test]
async fn until_the_cut_off_it_is_moved_and_called_off() {
    let shop = OpenShop::demo().await;
    shop.tomorrow_at(9, 0);
    let member = shop.member("13800138000").await;
    let bookings = member.client.bookings();
    let (slot, later) = (shop.slot(0, "16:00").await, shop.slot(0, "17:00").await);
    let booked = member.books(&slot, 2).await;
    assert_eq!(booked.may_cancel_until.unwrap().clock(), "14:00");
    let moved = bookings.move_to(&booked.id, &later.id).await.unwrap();
    assert_eq!((moved.from, &moved.slot), (later.from, &later.id));
    let (old, new) = (booked.code.unwrap(), moved.code.clone().unwrap());
    assert_eq!(old.digits, new.digits);
    assert_ne!(old.qr, new.qr);
    assert_eq!(moved.history[1].what, BookingEvent::Moved);
    assert_eq!(shop.slot(0, "16:00").await.free, 8);
    assert_eq!(shop.slot(0, "17:00").await.free, 6);
    assert_eq!(
        bookings.move_to(&booked.id, &later.id).await.unwrap(),
        moved
    );
    let salmon = now(bookings.tasting(&"salmon".into()).await.unwrap());
    let elsewhere = &salmon.days[1].slots[0].id;
    let elsewhere = bookings.move_to(&booked.id, elsewhere).await;
    assert_eq!(refused(elsewhere), ProblemKind::NotFound);
    // The code of before the move opens nothing.
    let desk = shop.desk(CLERK).await;
    assert_eq!(
        refused(desk.desk().code(&old.qr).await),
        ProblemKind::WrongCode
    );
    assert!(matches!(
        desk.desk().code(&new.qr).await.unwrap(),
        Redeemable::Tasting { .. }
    ));

    shop.minutes_pass(6 * 60 + 1);
    assert_eq!(
        refused(bookings.cancel(&booked.id).await),
        ProblemKind::NotNow
    );
    let tomorrow = shop.slot(1, "16:00").await;
    assert_eq!(
        refused(bookings.move_to(&booked.id, &tomorrow.id).await),
        ProblemKind::NotNow
    );
    assert_eq!(
        now(bookings.booking(&booked.id).await.unwrap()).may_cancel_until,
        None
    );
    let other = shop.member("13800138001").await;
    let theirs = other.books(&tomorrow, 1).await;
    let cancelled = other.client.bookings().cancel(&theirs.id).await.unwrap();
    assert_eq!(
        (cancelled.state, cancelled.code.clone()),
        (BookingState::Cancelled, None)
    );
    assert_eq!(
        other.client.bookings().cancel(&theirs.id).await.unwrap(),
        cancelled
    );
    assert_eq!(shop.slot(1, "16:00").await.free, 8);
    other.books(&tomorrow, 1).await;
}
