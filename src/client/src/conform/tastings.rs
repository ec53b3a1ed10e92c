//! Tastings: what is offered, its days, a place held, booked and called off.

use super::rule::{Not, Outcome, Rule, ensure, refused, rules, skip};
use super::shop::{Shop, some_key};
use crate::endpoint;
use domain::booking::{BookingRequest, BookingState};
use domain::problem::ProblemKind;
use domain::tasting::{DAYS, Slot, SlotState, Tasting};
use reqwest::Method;
use std::collections::HashSet;

pub(super) const RULES: &[Rule] = rules![
    "tastings have ids of their own, and each can be read" => listed,
    "a tasting has fourteen days, one after the other, with their weekdays" => days,
    "slots are in order, on their day, and never have more free than room" => slots,
    "a slot is open exactly when a place is free" => open,
    "next is the first slot that is open" => next,
    "a tasting that is not there is not-found" => absent,
    "a place that is held is not free, by the server's clock, until it is let go" => held,
    "a key books once, and what is booked is called off" => booked,
    "holding and booking are not-signed-in for nobody" => closed,
];

async fn all(shop: &Shop) -> Outcome<Vec<Tasting>> {
    let caller = shop.anybody()?;
    let items = caller.client.bookings().tastings().await?.value.items;
    let mut tastings = Vec::new();
    for item in items.iter().take(6) {
        tastings.push(caller.client.bookings().tasting(&item.id).await?.value);
    }
    if tastings.is_empty() {
        return skip("nothing can be tasted");
    }
    Ok(tastings)
}

async fn listed(shop: &Shop) -> Outcome {
    let caller = shop.anybody()?;
    let items = caller.client.bookings().tastings().await?.value.items;
    let mut ids = HashSet::new();
    for item in &items {
        let id = &item.id;
        ensure(ids.insert(id), || format!("two tastings are {id}"))?;
        let tasting = caller.client.bookings().tasting(id).await?.value.tasting;
        let same = tasting.id == *id && tasting.subject == item.subject;
        ensure(same, || {
            format!("{id} is of something else than in its list")
        })?;
    }
    Ok(())
}

async fn days(shop: &Shop) -> Outcome {
    for Tasting { tasting, days, .. } in all(shop).await? {
        let id = tasting.id;
        ensure(days.len() == DAYS as usize, || {
            format!("{id} has {} days", days.len())
        })?;
        let mut pairs = days.iter().zip(days.iter().skip(1));
        let wrong =
            pairs.find(|(one, next)| one.date >= next.date || next.weekday != one.weekday % 7 + 1);
        ensure(wrong.is_none(), || format!("{id}: {wrong:?}"))?;
    }
    Ok(())
}

async fn slots(shop: &Shop) -> Outcome {
    for tasting in all(shop).await? {
        let mut last = i64::MIN;
        for day in &tasting.days {
            for slot in &day.slots {
                let there = slot.from.to_string().starts_with(&day.date);
                let right = there && slot.from.ms > last && slot.to.ms > slot.from.ms;
                ensure(right, || {
                    format!("{} on {}: {}", slot.id, day.date, slot.from)
                })?;
                ensure(slot.free <= slot.capacity, || {
                    format!("{} has {} free of {}", slot.id, slot.free, slot.capacity)
                })?;
                last = slot.from.ms;
            }
        }
    }
    Ok(())
}

async fn open(shop: &Shop) -> Outcome {
    for tasting in all(shop).await? {
        for slot in tasting.days.iter().flat_map(|day| &day.slots) {
            let right = match slot.state {
                SlotState::Open => slot.free > 0 && slot.from.ms >= tasting.now.ms,
                SlotState::Full => slot.free == 0,
                SlotState::Past | SlotState::Closed | SlotState::Unknown => true,
            };
            ensure(right, || {
                format!("{} is {:?} with {} free", slot.id, slot.state, slot.free)
            })?;
        }
    }
    Ok(())
}

async fn next(shop: &Shop) -> Outcome {
    for tasting in all(shop).await? {
        let mut slots = tasting.days.iter().flat_map(|day| &day.slots);
        let first = slots.find(|slot| slot.state == SlotState::Open);
        let next = tasting.tasting.next;
        ensure(next == first.map(|slot| slot.from), || {
            format!("{} has next {next:?}", tasting.tasting.id)
        })?;
    }
    Ok(())
}

async fn absent(shop: &Shop) -> Outcome {
    let (caller, id) = (shop.anybody()?, "no-such-tasting".into());
    let answer = caller.client.bookings().tasting(&id).await;
    refused("a tasting that is none", answer, ProblemKind::NotFound)
}

/// The last slot with a place, so that it can be called off for long.
async fn some_slot(shop: &Shop) -> Outcome<(Tasting, Slot)> {
    for tasting in all(shop).await? {
        let open = |slot: &&Slot| slot.state == SlotState::Open;
        let mut slots = tasting.days.iter().rev().flat_map(|day| &day.slots);
        if let Some(slot) = slots.find(open).cloned() {
            return Ok((tasting, slot));
        }
    }
    skip("no slot has a place")
}

async fn free(shop: &Shop, tasting: &Tasting, slot: &Slot) -> Outcome<u32> {
    let id = &tasting.tasting.id;
    let now = shop.anybody()?.client.bookings().tasting(id).await?.value;
    let mut slots = now.days.iter().flat_map(|day| &day.slots);
    let found = slots.find(|one| one.id == slot.id);
    found
        .map(|slot| slot.free)
        .ok_or_else(|| Not::Kept(format!("{} is gone", slot.id)))
}

async fn held(shop: &Shop) -> Outcome {
    let (tasting, slot) = some_slot(shop).await?;
    let bookings = shop.member().await?.caller.client.bookings();
    let hold = bookings.hold(&slot.id, 1).await?;
    ensure(hold.now.ms < hold.expires_at.ms, || {
        "the hold is over before it begins".to_owned()
    })?;
    let again = bookings.hold(&slot.id, 1).await?;
    ensure(again.expires_at == hold.expires_at, || {
        "the same slot is held longer by asking again".to_owned()
    })?;
    let kept = bookings.held().await?.value;
    ensure(kept.is_some_and(|kept| kept.slot == slot.id), || {
        "a hold is not found again".to_owned()
    })?;
    let meanwhile = free(shop, &tasting, &slot).await?;
    bookings.let_go().await?;
    bookings.let_go().await?;
    let after = free(shop, &tasting, &slot).await?;
    ensure(meanwhile + 1 == after, || {
        format!("{meanwhile} free while one was held, {after} after")
    })?;
    let none = bookings.held().await?.value;
    ensure(none.is_none(), || {
        "a hold that was let go is there".to_owned()
    })
}

async fn booked(shop: &Shop) -> Outcome {
    let (tasting, slot) = some_slot(shop).await?;
    let bookings = shop.member().await?.caller.client.bookings();
    let key = some_key();
    let request = BookingRequest {
        slot: slot.id.clone(),
        party: 1,
        name: String::new(),
        note: String::new(),
        from: None,
    };
    let before = free(shop, &tasting, &slot).await?;
    let booked = bookings.book(&request, &key).await?;
    let again = bookings.book(&request, &key).await?;
    let second = bookings.book(&request, &some_key()).await;
    let meanwhile = free(shop, &tasting, &slot).await?;
    let cancelled = bookings.cancel(&booked.id).await?;
    ensure(again == booked, || {
        "the same key and request booked another place".to_owned()
    })?;
    refused("a second booking", second, ProblemKind::OnePerMember)?;
    let digits = booked.code.as_ref().map(|code| code.digits.as_str());
    let eight =
        digits.is_some_and(|code| code.len() == 8 && code.bytes().all(|b| b.is_ascii_digit()));
    ensure(eight, || format!("the digits are {digits:?}, not eight"))?;
    ensure(cancelled.state == BookingState::Cancelled, || {
        format!("called off it is {:?}", cancelled.state)
    })?;
    let after = free(shop, &tasting, &slot).await?;
    ensure((meanwhile + 1, after) == (before, before), || {
        format!("{before} free before, {meanwhile} while booked, {after} after")
    })
}

async fn closed(shop: &Shop) -> Outcome {
    let caller = shop.anybody()?;
    let signed_out = ProblemKind::NotSignedIn;
    for path in [endpoint::my_bookings(), endpoint::my_slot_hold()] {
        let answer = caller.get(path.as_str()).await?;
        answer.is_problem(signed_out.clone())?;
    }
    let answer = caller.ask(Method::DELETE, endpoint::my_slot_hold().as_str());
    answer.send().await?.is_problem(signed_out)?;
    Ok(())
}
