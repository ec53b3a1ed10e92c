//! What cannot be booked, and the name under which it is refused.

use crate::common::people::refused;
use crate::common::tastings::places;
use crate::common::{self, OpenShop};
use domain::problem::ProblemKind;
use domain::tasting::SlotState;
use reqwest::Method;

#[tokio::test]
async fn what_cannot_be_booked_is_refused_by_name() {
    let shop = OpenShop::demo().await;
    shop.tomorrow_at(9, 0);
    let crowd = shop.crowd(12).await;
    let slot = shop.slot(1, "10:00").await;
    let late = &crowd[10];
    late.client.bookings().hold(&slot.id, 2).await.unwrap();
    for member in &crowd[..2] {
        member.books(&slot, 3).await;
    }
    let full = crowd[2]
        .client
        .bookings()
        .book(&places(&slot, 1), "a")
        .await;
    assert_eq!(
        refused(full),
        ProblemKind::SlotFull,
        "a place that is held is not free"
    );
    assert_eq!(shop.slot(1, "10:00").await.state, SlotState::Full);
    shop.minutes_pass(5);
    // The hold has run out, but places are free: they are booked all the same.
    crowd[3].books(&slot, 1).await;
    let refusal = late.client.bookings().book(&places(&slot, 2), "b").await;
    assert_eq!(refused(refusal), ProblemKind::HoldExpired);
    late.books(&slot, 1).await;
    // What was refused under a key stays refused under it.
    let again = crowd[2]
        .client
        .bookings()
        .book(&places(&slot, 1), "a")
        .await;
    assert_eq!(refused(again), ProblemKind::SlotFull);
    let other = shop.slot(2, "16:00").await;
    let second = late.client.bookings().book(&places(&other, 1), "c").await;
    assert_eq!(refused(second), ProblemKind::OnePerMember);
    let bookings = crowd[4].client.bookings();
    let past = shop.slot(0, "10:00").await;
    shop.minutes_pass(26);
    let past = bookings.book(&places(&past, 1), "d").await;
    assert_eq!(
        refused(past),
        ProblemKind::SlotPast,
        "half an hour before is the end"
    );
    assert_eq!(shop.slot(0, "10:00").await.state, SlotState::Past);
    let mut nowhere = places(&other, 1);
    nowhere.slot = "light-meal.17".into();
    assert_eq!(
        refused(bookings.book(&nowhere, "e").await),
        ProblemKind::NotFound
    );
    for party in [0, 5, u32::MAX] {
        let none = bookings.book(&places(&other, party), "f").await;
        assert_eq!(refused(none), ProblemKind::InvalidBody);
    }
    let mut from = places(&other, 1);
    from.from = Some("Not A Source".into());
    assert_eq!(
        refused(bookings.book(&from, "g").await),
        ProblemKind::InvalidBody
    );
    let path = "/api/v1/bookings";
    let answer = shop.page_asks(Method::POST, path, &crowd[4].cookie);
    let answer = answer.json(&places(&other, 1)).send().await.unwrap();
    assert_eq!(common::problem(answer).await.kind, ProblemKind::KeyMissing);
}
