//! Tastings: held, booked, moved, called off, waited for; by the shop's clock.

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
use common::people::{CLERK, OWNER, refused};
use common::tastings::places;
use common::{OpenShop, header, now};
use domain::booking::{BookingEvent, BookingState, Verdict};
use domain::catalog::ProductQuery;
use domain::check_in::Redeemable;
use domain::codes;
use domain::contract::Capability;
use domain::order::Actor;
use domain::problem::ProblemKind;
use domain::tasting::{Plan, PlanTime, SlotState, Subject};
use domain::time::{ClockTime, Moment};
use domain::waiting::WaitingState;
use reqwest::Method;

#[tokio::test]
async fn what_can_be_tasted_stands_where_people_are() {
    let shop = OpenShop::demo().await;
    shop.tomorrow_at(9, 0);
    let client = shop.client("en");
    assert!(
        now(client.about().await.unwrap())
            .capabilities
            .contains(&Capability::Booking)
    );
    let all = now(client.bookings().tastings().await.unwrap()).items;
    assert_eq!(all.len(), 6);
    assert_eq!(now(client.storefront().await.unwrap()).tastings, all);
    let bundle = now(client.catalog().bundle(&"light-meal".into()).await.unwrap());
    assert_eq!(bundle.tasting.as_ref(), Some(&all[0]));
    assert_eq!(all[0].next.unwrap().clock(), "10:00");
    assert_eq!(
        all[0].subject,
        Subject::Bundle {
            id: "light-meal".into()
        }
    );
    let salmon = now(client
        .catalog()
        .product(&"salmon-sashimi".into())
        .await
        .unwrap());
    assert_eq!(salmon.tasting.unwrap().id.as_str(), "salmon");
    let page = now(client
        .catalog()
        .products(&ProductQuery::default())
        .await
        .unwrap());
    let other = page
        .items
        .iter()
        .find(|one| one.id.as_str() == "avocado")
        .unwrap();
    assert_eq!(
        now(client.catalog().product(&other.id).await.unwrap()).tasting,
        None
    );
    assert_eq!(all[4].deposit.unwrap().amount, 2_000);

    let tasting = shop.light_meal().await;
    assert_eq!((tasting.days.len(), tasting.capacity), (14, 8));
    assert_eq!(tasting.zone, "Asia/Shanghai");
    let times: Vec<_> = tasting.days[0]
        .slots
        .iter()
        .map(|slot| slot.from.clock())
        .collect();
    assert_eq!(times, ["10:00", "10:30", "16:00", "16:30", "17:00"]);
    let missing = client.bookings().tasting(&"nothing".into()).await;
    assert_eq!(refused(missing), ProblemKind::NotFound);
}

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

#[tokio::test]
async fn the_owner_decides_and_what_is_booked_stays() {
    let shop = OpenShop::demo().await;
    shop.tomorrow_at(9, 0);
    let member = shop.member("13800138000").await;
    let booked = member.books(&shop.slot(1, "10:00").await, 4).await;
    let owner = shop.desk(OWNER).await;
    let id = "light-meal".into();
    let plan = now(owner.desk().plan(&id).await.unwrap());
    assert_eq!((plan.times.len(), plan.capacity), (35, 8));
    let date = shop.light_meal().await.days[2].date.clone();
    let clock = |text| ClockTime::parse(text).unwrap();
    let times = (1..=7).map(|weekday| PlanTime {
        weekday,
        from: clock("12:00"),
    });
    let changed = Plan {
        capacity: 3,
        times: times.collect(),
        closed: vec![date],
        ..plan
    };
    assert_eq!(
        owner.desk().keep_plan(&id, &changed).await.unwrap(),
        changed
    );
    let tasting = shop.light_meal().await;
    let states: Vec<_> = tasting.days[..3]
        .iter()
        .map(|day| day.slots[0].state)
        .collect();
    assert_eq!(
        states,
        [SlotState::Open, SlotState::Open, SlotState::Closed]
    );
    assert!(tasting.days.iter().all(|day| day.slots.len() == 1));
    let bookings = member.client.bookings();
    assert_eq!(now(bookings.booking(&booked.id).await.unwrap()), booked);
    let closed = shop.member("13800138001").await;
    let closed = closed
        .client
        .bookings()
        .book(&places(&tasting.days[2].slots[0], 1), "k")
        .await;
    assert_eq!(refused(closed), ProblemKind::SlotPast);
    for wrong in [
        Plan {
            capacity: 0,
            ..changed.clone()
        },
        Plan {
            minutes: 1,
            ..changed.clone()
        },
        Plan {
            closed: vec!["2026-02-30".into()],
            ..changed.clone()
        },
        Plan {
            times: vec![changed.times[0]; 2],
            ..changed.clone()
        },
    ] {
        assert_eq!(
            refused(owner.desk().keep_plan(&id, &wrong).await),
            ProblemKind::InvalidBody
        );
    }
    let clerk = shop.desk(CLERK).await;
    assert_eq!(
        refused(clerk.desk().plan(&id).await),
        ProblemKind::Forbidden
    );
    assert_eq!(
        refused(clerk.desk().keep_plan(&id, &changed).await),
        ProblemKind::Forbidden
    );
    assert_eq!(
        refused(member.client.desk().plan(&id).await),
        ProblemKind::Forbidden
    );
    // Who has booked a time that is planned no more still comes, and nobody else.
    shop.tomorrow_at(9, 0);
    let clerk = shop.desk(CLERK).await;
    let today = now(clerk.desk().tastings().await.unwrap());
    let mut slots = today.slots.iter();
    let there = slots.find(|slot| slot.slot == booked.slot).unwrap();
    assert_eq!((there.guests.len(), there.free), (1, 0));
}

#[tokio::test]
async fn the_shop_s_clock_counts_also_when_it_changes() {
    let shop = OpenShop::in_zone("Europe/Berlin").await;
    shop.change("DELETE FROM tasting_times").await;
    shop.change("INSERT INTO tasting_times SELECT 'light-meal', d.value, t.value FROM json_each('[1,2,3,4,5,6,7]') AS d, json_each('[\"01:30\",\"02:30\",\"10:00\"]') AS t").await;
    // The days around 28 March 2027 (2:00 becomes 3:00) and 31 October 2027 (3:00 becomes 2:00).
    for (day_before, starts) in [
        (
            "2027-03-27T12:00:00+01:00",
            vec!["2027-03-28T01:30:00+01:00", "2027-03-28T10:00:00+02:00"],
        ),
        (
            "2027-10-30T12:00:00+02:00",
            vec![
                "2027-10-31T01:30:00+02:00",
                "2027-10-31T02:30:00+02:00",
                "2027-10-31T10:00:00+01:00",
            ],
        ),
    ] {
        let then = Moment::parse(day_before).unwrap();
        shop.clock.put_forward(then.ms - shop.clock.now().ms);
        let tasting = shop.light_meal().await;
        assert_eq!(tasting.zone, "Europe/Berlin");
        let there: Vec<_> = tasting.days[1]
            .slots
            .iter()
            .map(|slot| slot.from.to_string())
            .collect();
        assert_eq!(there, starts);
        assert_eq!(tasting.days[2].slots.len(), 3);
        // Booked at ten by the shop's clock, and that is what stands in the calendar, in UTC.
        let member = shop.crowd(1).await.remove(0);
        let slot = tasting.days[1].slots.last().unwrap();
        let booked = member.books(slot, 1).await;
        assert_eq!(booked.from.to_string(), *starts.last().unwrap());
        let path = format!("/api/v1/bookings/{}/calendar.ics", booked.id);
        let file = shop
            .page_asks(Method::GET, &path, &member.cookie)
            .send()
            .await
            .unwrap();
        let utc = if booked.from.offset_minutes == 120 {
            "T080000Z"
        } else {
            "T090000Z"
        };
        assert!(file.text().await.unwrap().contains(utc));
        shop.change("DELETE FROM booking_changes").await;
        shop.change("DELETE FROM bookings").await;
        shop.change("DELETE FROM members").await;
    }
}
