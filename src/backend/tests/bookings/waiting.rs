//! The line of those who wait for a full slot: who is offered what, and when it ends.

use crate::common::people::refused;
use crate::common::tastings::places;
use crate::common::{OpenShop, now};
use domain::problem::ProblemKind;
use domain::waiting::WaitingState;

#[tokio::test]
async fn a_freed_place_goes_down_the_line() {
    let shop = OpenShop::demo().await;
    shop.tomorrow_at(9, 0);
    let crowd = shop.crowd(8).await;
    let slot = shop.slot(1, "10:00").await;
    let [a, b] = [
        crowd[0].books(&slot, 4).await,
        crowd[1].books(&slot, 4).await,
    ];
    let line = |who: usize| crowd[who].client.bookings();
    let early = line(2).wait(&shop.slot(1, "16:00").await.id, 1, "w").await;
    assert_eq!(refused(early), ProblemKind::NotNow, "places are free");
    let first = line(2).wait(&slot.id, 3, "w2").await.unwrap();
    assert_eq!(line(2).wait(&slot.id, 3, "w2").await.unwrap(), first);
    assert_eq!((first.state, first.place), (WaitingState::Waiting, 1));
    assert_eq!(line(3).wait(&slot.id, 1, "w3").await.unwrap().place, 2);
    assert_eq!(line(4).wait(&slot.id, 4, "w4").await.unwrap().place, 3);
    assert_eq!(
        refused(line(2).wait(&slot.id, 1, "w5").await),
        ProblemKind::OnePerMember
    );
    assert_eq!(shop.slot(1, "10:00").await.waiting, 3);

    line(0).cancel(&a.id).await.unwrap();
    // Four are free: three for the first, one for the second, nothing for anybody else.
    let waits = |who: usize| async move {
        let mine = now(line(who).mine().await.unwrap()).waiting;
        mine.into_iter()
            .next()
            .map(|one| (one.state, one.expires_at))
    };
    let offered = waits(2).await.unwrap();
    assert_eq!(offered.0, WaitingState::Offered);
    assert_eq!(waits(3).await.unwrap().0, WaitingState::Offered);
    assert_eq!(waits(4).await.unwrap().0, WaitingState::Waiting);
    assert_eq!(shop.slot(1, "10:00").await.free, 0);
    assert_eq!(
        refused(line(5).book(&places(&slot, 1), "x").await),
        ProblemKind::SlotFull
    );
    assert_eq!(
        refused(line(5).hold(&slot.id, 1).await),
        ProblemKind::SlotFull
    );
    // The second takes it; the first lets ten minutes pass.
    crowd[3].books(&slot, 1).await;
    assert_eq!(waits(3).await, None);
    shop.minutes_pass(10);
    assert_eq!(waits(2).await.unwrap().0, WaitingState::Missed);
    // Three are free again, and the next wants four: nobody passes.
    assert_eq!(waits(4).await.unwrap().0, WaitingState::Waiting);
    assert_eq!(
        refused(line(2).book(&places(&slot, 3), "y").await),
        ProblemKind::SlotFull
    );
    assert_eq!(line(6).wait(&slot.id, 1, "w6").await.unwrap().place, 2);
    line(1).cancel(&b.id).await.unwrap();
    assert_eq!(waits(4).await.unwrap().0, WaitingState::Offered);
    assert_eq!(waits(6).await.unwrap().0, WaitingState::Offered);
    // Whoever leaves gives the place on.
    line(4).leave(&slot.id).await.unwrap();
    line(4).leave(&slot.id).await.unwrap();
    assert_eq!(shop.slot(1, "10:00").await.free, 6);
    crowd[6].books(&slot, 1).await;
    assert_eq!(shop.slot(1, "10:00").await.free, 6);
}

#[tokio::test]
async fn the_line_ends_when_nothing_can_become_free() {
    let shop = OpenShop::demo().await;
    shop.tomorrow_at(9, 0);
    let crowd = shop.crowd(4).await;
    let slot = shop.slot(0, "16:00").await;
    let first = crowd[0].books(&slot, 4).await;
    crowd[1].books(&slot, 4).await;
    let bookings = crowd[2].client.bookings();
    bookings.wait(&slot.id, 1, "w").await.unwrap();
    shop.minutes_pass(4 * 60 + 55);
    crowd[0].client.bookings().cancel(&first.id).await.unwrap();
    let offer = now(bookings.mine().await.unwrap()).waiting.remove(0);
    assert_eq!(
        offer.expires_at.unwrap().clock(),
        "14:00",
        "not after the cut-off"
    );
    shop.minutes_pass(5);
    let missed = now(bookings.mine().await.unwrap()).waiting.remove(0);
    assert_eq!(missed.state, WaitingState::Missed);
    // From now on what is free is everybody's.
    crowd[3].books(&slot, 4).await;
    let over = bookings.wait(&slot.id, 1, "w2").await;
    assert_eq!(refused(over), ProblemKind::SlotPast);
}
