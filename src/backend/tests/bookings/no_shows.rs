//! Whoever did not come, and who therefore has to confirm.

use crate::common::people::refused;
use crate::common::{OpenShop, now};
use domain::booking::{BookingState, Verdict};
use domain::order::Actor;
use domain::problem::ProblemKind;

#[tokio::test]
async fn whoever_did_not_come_twice_is_asked_on_the_day() {
    let shop = OpenShop::demo().await;
    shop.tomorrow_at(9, 0);
    let member = shop.member("13800138000").await;
    let bookings = member.client.bookings();
    for _ in 0..2 {
        let slot = shop.slot(0, "10:00").await;
        let booked = member.books(&slot, 1).await;
        assert_eq!(booked.confirm, None);
        shop.minutes_pass(119);
        assert_eq!(
            now(bookings.booking(&booked.id).await.unwrap()).state,
            BookingState::Booked
        );
        shop.minutes_pass(1);
        let missed = now(bookings.booking(&booked.id).await.unwrap());
        assert_eq!(
            missed.state,
            BookingState::NoShow,
            "half an hour after its end"
        );
        assert_eq!(missed.history[1].by, Actor::System);
        shop.tomorrow_at(9, 0);
    }
    let today = shop.slot(0, "10:30").await;
    let at_once = member.books(&today, 1).await;
    assert_eq!(at_once.confirm, None, "booked on the day itself");
    shop.minutes_pass(180);
    let tomorrow = shop.slot(1, "16:00").await;
    let asked = member.books(&tomorrow, 1).await;
    let confirm = asked.confirm.unwrap();
    assert_eq!(
        (confirm.from.clock(), confirm.until.clock(), confirm.given),
        ("00:00".into(), "14:00".into(), false)
    );
    assert_eq!(
        refused(bookings.confirm_coming(&asked.id).await),
        ProblemKind::NotNow
    );
    shop.tomorrow_at(9, 0);
    let said = bookings.confirm_coming(&asked.id).await.unwrap();
    assert!(said.confirm.unwrap().given);
    assert_eq!(bookings.confirm_coming(&asked.id).await.unwrap(), said);
    shop.minutes_pass(5 * 60);
    assert_eq!(
        now(bookings.booking(&asked.id).await.unwrap()).state,
        BookingState::Booked
    );
    shop.minutes_pass(4 * 60);
    // Not confirmed, the place is free two hours before.
    let next = member.books(&shop.slot(1, "16:00").await, 1).await;
    shop.tomorrow_at(13, 59);
    assert_eq!(shop.slot(0, "16:00").await.free, 7);
    shop.minutes_pass(1);
    assert_eq!(shop.slot(0, "16:00").await.free, 8);
    let freed = now(bookings.booking(&next.id).await.unwrap());
    assert_eq!(freed.state, BookingState::Cancelled);
    assert_eq!(freed.history[1].by, Actor::System);
    let early = bookings.judge(&next.id, Verdict::Liked).await;
    assert_eq!(refused(early), ProblemKind::NotNow);
}
