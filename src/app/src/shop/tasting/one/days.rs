//! The strip of days, and the times of the one that is chosen.

use super::super::words::text;
use super::Here;
use crate::browser::address::go;
use crate::view::{IntoView, View, changing, each, follows, on, text as live_text, view};
use crate::words::words;
use domain::tasting::{Slot, SlotState, TastingDay};
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("days.css");

/// The days and the times of one.
pub fn days(here: Here) -> View {
    let class = style_sheet!("src/app/src/shop/tasting/one/days.css");
    let chosen = Memo::new(move |_| chosen(here));
    let all = move || {
        let days = here.with(|tasting| tasting.days.clone());
        let days = days.unwrap_or_default().into_iter().enumerate();
        days.map(|(at, day)| Day {
            here,
            chosen,
            at,
            date: day.date,
            weekday: day.weekday,
        })
        .collect()
    };
    let slots = move || {
        let date = chosen.get();
        let slots = day(here, &date).map(|day| day.slots).unwrap_or_default();
        let open = slots
            .into_iter()
            .filter(|slot| slot.state != SlotState::Past);
        open.map(|slot| Time {
            here,
            day: date.clone(),
            key: slot.id.as_str().to_owned(),
            slot,
        })
        .collect()
    };
    let name = move || (text().slots_of)(&name_of(here, &chosen.get()));
    view! {
        <div class=class>
            <h2 class="unseen">{text().days}</h2>
            <ol class="days">{each(all, |day| &day.date, day_button)}</ol>
            <h2>{live_text(name)}</h2>
            <ul class="slots">{each(slots, |time| &time.key, slot_button)}</ul>
            {changing(move || nothing(here, &chosen.get()))}
        </div>
    }
}

/// A day, as its button needs it.
struct Day {
    here: Here,
    chosen: Memo<String>,
    at: usize,
    date: String,
    weekday: u8,
}

/// A time, as its button needs it.
struct Time {
    here: Here,
    day: String,
    key: String,
    slot: Slot,
}

fn day(here: Here, date: &str) -> Option<TastingDay> {
    here.with(|tasting| tasting.days.iter().find(|day| day.date == date).cloned())
        .flatten()
}

/// The day that is looked at: the one in the address, that of the chosen time, or the first with a
/// free place.
fn chosen(here: Here) -> String {
    let asked = here.parameter("day").filter(|date| !date.is_empty());
    let asked = asked.filter(|date| day(here, date).is_some());
    let of_slot = || here.slot().and_then(|slot| super::day_of(here, &slot.id));
    // Whoever moves a booking begins at its day.
    let of_booked = || {
        here.parameter("move")?;
        super::day_of(here, &here.booked()?.slot)
    };
    let first = || {
        here.with(|tasting| {
            let is_open =
                |day: &&TastingDay| day.slots.iter().any(|slot| slot.state == SlotState::Open);
            let mut days = tasting.days.iter();
            let day = days.clone().find(is_open).or_else(|| days.next());
            day.map(|day| day.date.clone())
        })
        .flatten()
    };
    asked
        .or_else(of_slot)
        .or_else(of_booked)
        .or_else(first)
        .unwrap_or_default()
}

/// Today, tomorrow, or the weekday.
fn name_of(here: Here, date: &str) -> String {
    let found = here.with(|tasting| {
        let at = tasting.days.iter().position(|day| day.date == date);
        at.and_then(|at| Some((at, tasting.days.get(at)?.weekday)))
    });
    let (at, weekday) = found.flatten().unwrap_or_default();
    day_name(at, weekday).to_owned()
}

fn day_name(at: usize, weekday: u8) -> &'static str {
    let words = words();
    match at {
        0 => words.today,
        1 => words.tomorrow,
        _ => {
            let at = usize::from(weekday).saturating_sub(1);
            words.weekdays.get(at).copied().unwrap_or_default()
        }
    }
}

/// What is free on a day, in short.
fn free(here: Here, date: &str) -> String {
    let text = text();
    let Some(day) = day(here, date) else {
        return String::new();
    };
    let free: u32 = day
        .slots
        .iter()
        .filter(|slot| slot.state == SlotState::Open)
        .map(|slot| slot.free)
        .sum();
    if free > 0 {
        (text.places)(free)
    } else if day.slots.iter().any(|slot| slot.state == SlotState::Full) {
        text.day_full.to_owned()
    } else {
        text.day_closed.to_owned()
    }
}

fn day_button(day: Day) -> View {
    let Day {
        here,
        chosen,
        at,
        date,
        weekday,
    } = day;
    let kept = StoredValue::new(date.clone());
    let month_and_day = date.get(5..).unwrap_or_default().to_owned();
    let is_chosen = move || kept.with_value(|date| chosen.with(|chosen| chosen == date));
    let says = move || kept.with_value(|date| free(here, date));
    let choose = on(move |_| {
        let path = kept.with_value(|date| here.path(date, None));
        go(here.address, &path, true);
    });
    view! {
        <li>
            <button type="button" aria-pressed=follows(move || is_chosen().to_string()) on:click=choose>
                <strong>{day_name(at, weekday)}</strong>
                <span>{month_and_day}</span>
                <small>{live_text(says)}</small>
            </button>
        </li>
    }
}

fn slot_button(time: Time) -> View {
    let Time {
        here, day, slot, ..
    } = time;
    let (id, clock) = (StoredValue::new(slot.id.clone()), slot.from.clock());
    let now = move || {
        let found = here.with(|tasting| {
            let slots = tasting.days.iter().flat_map(|day| &day.slots);
            let mut slots = slots;
            slots
                .find(|slot| id.with_value(|id| slot.id == *id))
                .cloned()
        });
        found.flatten()
    };
    let is_chosen = move || {
        let chosen = here.parameter("slot");
        chosen.is_some_and(|chosen| id.with_value(|id| id.as_str() == chosen))
    };
    let is_theirs = move || {
        let booked = here.booked();
        booked.is_some_and(|booked| id.with_value(|id| booked.slot == *id))
    };
    let says = move || {
        let text = text();
        let Some(slot) = now() else {
            return String::new();
        };
        match slot.state {
            _ if is_theirs() => text.yours.to_owned(),
            SlotState::Open => (text.left)(slot.free),
            SlotState::Full if slot.waiting > 0 => (text.full_waiting)(slot.waiting),
            SlotState::Full => text.full.to_owned(),
            SlotState::Past => text.past.to_owned(),
            SlotState::Closed | SlotState::Unknown => text.closed.to_owned(),
        }
    };
    let is_off =
        move || now().is_none_or(|slot| !matches!(slot.state, SlotState::Open | SlotState::Full));
    let is_full = move || now().is_some_and(|slot| slot.state == SlotState::Full);
    let choose = on(move |_| {
        let path = id.with_value(|id| here.path(&day, Some(id)));
        // One step of the history for having chosen, however often that changes.
        let again = untrack(|| here.parameter("slot")).is_some();
        go(here.address, &path, again);
    });
    view! {
        <li>
            <button
                type="button"
                class:full=follows(is_full)
                aria-pressed=follows(move || is_chosen().to_string())
                disabled=follows(is_off)
                on:click=choose
            >
                <strong>{clock}</strong>
                <small>{live_text(says)}</small>
            </button>
        </li>
    }
}

/// A day without a time to choose, and where the next one is.
fn nothing(here: Here, date: &str) -> View {
    let text = text();
    let slots = day(here, date).map(|day| day.slots).unwrap_or_default();
    if slots.iter().any(|slot| slot.state != SlotState::Past) {
        return ().into_view();
    }
    let said = if slots.is_empty() {
        text.no_slots
    } else {
        text.all_past
    };
    let next = here.with(|tasting| {
        let later = tasting
            .days
            .iter()
            .skip_while(|day| day.date != date)
            .skip(1);
        let mut later = later;
        let next = later.find(|day| day.slots.iter().any(|slot| slot.state == SlotState::Open));
        next.map(|day| day.date.clone())
    });
    let next = next.flatten().map(|date| {
        let name = (text.next_day)(&name_of(here, &date));
        let choose = on(move |_| go(here.address, &here.path(&date, None), true));
        view! { <button type="button" class="btn soft" on:click=choose>{name}</button> }
    });
    view! { <p class="nothing"><span class="quiet">{said}</span> {next}</p> }
}
