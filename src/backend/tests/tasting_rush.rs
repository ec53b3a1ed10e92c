//! The rush on tastings: five hundred neighbours at once on slots of eight, every request twice,
//! while holds run out and others call off.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod common;

use client::Error;
use common::people::Member;
use common::tastings::places;
use common::{OpenShop, now};
use domain::booking::{Booking, BookingState};
use domain::problem::ProblemKind;
use domain::tasting::Slot;
use domain::waiting::WaitingState;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::task::{JoinSet, LocalSet};

const NEIGHBOURS: u32 = 500;
const CAPACITY: i64 = 8;

fn outcome<T>(answer: Result<T, Error>) -> Result<T, ProblemKind> {
    answer.map_err(|error| match error {
        Error::Refused { problem, .. } => problem.kind,
        other => panic!("neither done nor refused: {other}"),
    })
}

/// What a neighbour has in the end, as far as they were told.
#[derive(Default)]
struct Told {
    booked: Option<Booking>,
    cancelled: bool,
    waits: bool,
    refused: Option<ProblemKind>,
}

/// One neighbour: perhaps holds a place first, books, calls off again or stands in line. Everything
/// is sent twice at the same time.
async fn comes(number: u32, member: &Member, slot: &Slot) -> Told {
    let bookings = member.client.bookings();
    let party = 1 + u32::from(number.is_multiple_of(7));
    let holds = number.is_multiple_of(3);
    if holds {
        let (first, second) = tokio::join!(
            bookings.hold(&slot.id, party),
            bookings.hold(&slot.id, party)
        );
        let _ = (outcome(first), outcome(second));
        // Some are slow with the rest: their hold runs out meanwhile.
        tokio::time::sleep(Duration::from_millis(u64::from(number % 11) * 150)).await;
    }
    if number.is_multiple_of(13) {
        // Looks, and goes away without a word.
        return Told::default();
    }
    let wish = places(slot, party);
    let (first, second) = tokio::join!(bookings.book(&wish, "b"), bookings.book(&wish, "b"));
    let (first, second) = (outcome(first), outcome(second));
    assert_eq!(first, second, "both answers agree");
    let mut told = Told::default();
    match first {
        Ok(booked) => {
            if number % 4 == 1 {
                let id = &booked.id;
                // By then others stand in line.
                tokio::time::sleep(Duration::from_millis(u64::from(number % 17) * 300)).await;
                let (first, second) = tokio::join!(bookings.cancel(id), bookings.cancel(id));
                assert_eq!(first.unwrap().state, BookingState::Cancelled);
                assert_eq!(second.unwrap().state, BookingState::Cancelled);
                told.cancelled = true;
            }
            told.booked = Some(booked);
        }
        Err(kind) => {
            assert!(
                matches!(kind, ProblemKind::SlotFull | ProblemKind::HoldExpired),
                "{kind}"
            );
            told.refused = Some(kind);
            let (first, second) = tokio::join!(
                bookings.wait(&slot.id, party, "w"),
                bookings.wait(&slot.id, party, "w")
            );
            let (first, second) = (outcome(first), outcome(second));
            assert_eq!(
                first.as_ref().map(|line| &line.id),
                second.as_ref().map(|line| &line.id),
                "both answers agree"
            );
            told.waits = first.is_ok();
        }
    }
    told
}

/// What must be so at every moment: nowhere more than there is room for, and nobody passed by.
async fn look(shop: &OpenShop, at: i64) -> i64 {
    let mut file = shop.file().await;
    let most: i64 = sqlx::query_scalar(
        "SELECT coalesce(max(people), 0) FROM (SELECT sum(party) AS people FROM (
             SELECT tasting, starts_at, party FROM bookings WHERE state <> 'cancelled'
             UNION ALL SELECT tasting, starts_at, max(party) FROM (
                 SELECT member, tasting, starts_at, party FROM slot_holds WHERE state = 'running' AND expires_at > ?1
                 UNION ALL SELECT member, tasting, starts_at, party FROM waiting WHERE state = 'offered' AND offered_until > ?1
             ) GROUP BY member, tasting, starts_at
         ) GROUP BY tasting, starts_at)",
    )
    .bind(at)
    .fetch_one(&mut file)
    .await
    .unwrap();
    assert!(most <= CAPACITY, "{most} people for {CAPACITY} places");
    let passed: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM waiting AS w JOIN waiting AS o
             ON o.tasting = w.tasting AND o.starts_at = w.starts_at AND o.turn > w.turn
         WHERE w.state = 'waiting' AND o.offered_until IS NOT NULL",
    )
    .fetch_one(&mut file)
    .await
    .unwrap();
    assert_eq!(passed, 0, "somebody was passed by");
    most
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn never_more_than_eight_never_a_lost_place_the_line_in_order() {
    let shop = OpenShop::demo().await;
    shop.tomorrow_at(8, 0);
    let crowd = shop.crowd(NEIGHBOURS).await;
    let mut slots = Vec::new();
    for clock in ["10:00", "10:30", "16:00", "16:30", "17:00"] {
        slots.push(shop.slot(1, clock).await);
    }
    let begun = std::time::Instant::now();
    let neighbourhood = LocalSet::new();
    let mut rush = JoinSet::new();
    for (number, member) in (0_u32..).zip(crowd) {
        let slot = slots[number as usize % slots.len()].clone();
        let coming = async move {
            let told = comes(number, &member, &slot).await;
            (member, slot, told)
        };
        rush.spawn_local_on(coming, &neighbourhood);
    }
    let mut looks = 0;
    let watching = async {
        loop {
            tokio::time::sleep(Duration::from_millis(40)).await;
            look(&shop, shop.clock.now().ms).await;
            looks += 1;
            // Time goes by: whoever still holds a place without booking it loses it.
            if looks % 60 == 0 {
                shop.minutes_pass(5);
            }
        }
    };
    let mut people = tokio::select! {
        people = neighbourhood.run_until(rush.join_all()) => people,
        () = watching => unreachable!(),
    };
    let took = begun.elapsed();
    assert_eq!(people.len(), NEIGHBOURS as usize);
    // Whoever looked and went away keeps nothing: after ten minutes places are free or offered.
    let expired = shop
        .number("SELECT count(*) FROM slot_holds WHERE state = 'expired'")
        .await;

    // The line: those who are offered a place take it, but for some, until nobody is offered one.
    let (mut taken, mut missed, mut rounds) = (0, 0, 0);
    loop {
        let mut offered = 0;
        for (at, (member, slot, told)) in people.iter_mut().enumerate() {
            if !told.waits {
                continue;
            }
            let mine = now(member.client.bookings().mine().await.unwrap()).waiting;
            let Some(line) = mine.iter().find(|line| line.slot == slot.id) else {
                panic!("a place in the line was lost")
            };
            match line.state {
                WaitingState::Offered if at % 4 == 0 => offered += 1,
                WaitingState::Offered => {
                    offered += 1;
                    told.booked = Some(member.books(slot, line.party).await);
                    told.waits = false;
                    taken += 1;
                }
                WaitingState::Missed => {
                    told.waits = false;
                    missed += 1;
                }
                _ => {}
            }
            look(&shop, shop.clock.now().ms).await;
        }
        rounds += 1;
        if offered == 0 {
            break;
        }
        shop.minutes_pass(10);
    }

    let (mut confirmed, mut cancelled, mut refused) = (0, 0, BTreeMap::new());
    for (member, _, told) in &people {
        let mine = now(member.client.bookings().mine().await.unwrap()).bookings;
        let states: Vec<_> = mine.iter().map(|one| (&one.id, one.state)).collect();
        match &told.booked {
            Some(booked) if told.cancelled => {
                assert_eq!(states, [(&booked.id, BookingState::Cancelled)]);
                cancelled += 1;
            }
            Some(booked) => {
                assert_eq!(
                    states,
                    [(&booked.id, BookingState::Booked)],
                    "a place was lost"
                );
                confirmed += 1;
            }
            None => assert_eq!(states, [], "booked without being told"),
        }
        if let Some(kind) = &told.refused {
            *refused.entry(kind.to_string()).or_insert(0) += 1;
        }
    }
    let rows = shop
        .number("SELECT count(*) FROM bookings WHERE state = 'booked'")
        .await;
    assert_eq!(rows, confirmed);
    assert_eq!(
        shop.number("SELECT count(*) FROM bookings").await,
        confirmed + cancelled
    );
    let most = look(&shop, shop.clock.now().ms).await;
    assert!(
        cancelled > 0 && taken > 0 && missed > 0 && expired > 0,
        "too tame a rush"
    );
    println!(
        "{NEIGHBOURS} neighbours, every request twice, in {took:.1?}, looked at {looks} times: \
         {confirmed} booked (at most {most} of {CAPACITY} a slot), {cancelled} called off, refused {refused:?}, \
         {expired} holds ran out; in the line {taken} took their offer, {missed} let it pass, {rounds} rounds"
    );
}
