//! Somebody who comes to taste: looked at by their code, then checked in; for a short while that
//! can be taken back.

use super::Counter;
use super::codes::Lookup;
use super::words::text as words;
use crate::desk::told;
use crate::desk::words::text as desk_words;
use crate::parts::plate::plate;
use crate::parts::price::price;
use crate::view::{IntoView, View, changing, follows, on, task, view};
use crate::words::day_name;
use client::Error;
use domain::booking::BookingState;
use domain::check_in::{Guest, Redeemable};
use domain::time::Moment;
use leptos::prelude::*;

/// How somebody is called at the counter.
pub fn name(guest: &Guest) -> String {
    if guest.name.trim().is_empty() {
        [words().no_name, " ", &guest.number].concat()
    } else {
        guest.name.clone()
    }
}

/// `10:30–11:00`.
pub fn span(from: &Moment, to: &Moment) -> String {
    [&from.clock(), "–", &to.clock()].concat()
}

/// The card of a guest. The nonce says that it was looked at; without one they are here already.
pub fn card(guest: Guest, nonce: String, lookup: Lookup, counter: Counter) -> View {
    let words = words();
    let time = span(&guest.from, &guest.to);
    // Only the shop's own clock says which day it is, and it may be told of after the code was typed.
    let from = guest.from;
    let other_day = Memo::new(move |_| {
        let now = counter.now.get().filter(|now| date(now) != date(&from));
        now.map(|now| [&day_of(&now, &from), " ", &from.clock()].concat())
    });
    let waits = guest.state == BookingState::Booked;
    let confirm = guest.confirm.filter(|_| waits).map(|confirm| {
        if confirm.given {
            view! { <p class="good">"✓ " {words.will_come}</p> }
        } else {
            view! { <p class="note">{words.not_confirmed}</p> }
        }
    });
    let deposit = guest.tasting.deposit.filter(|_| waits);
    let deposit = deposit.map(|deposit| {
        view! { <p class="collect"><span>{words.deposit}</span> {price(deposit, None, false)}</p> }
    });
    let visit = (guest.visit > 0).then(|| (words.visit)(guest.visit));
    let who = [Some((words.people)(guest.party)), visit];
    let who = who.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let state = if waits {
        view! { <span class="tag">{(words.state)(guest.state)}</span> }
    } else {
        view! { <span class="tag">"✓ " {(words.state)(guest.state)}</span> }
    };
    let warning = changing(move || {
        let when = other_day.get().filter(|_| waits);
        when.map(|when| view! { <p class="trouble" role="alert">{(words.other_day)(&when)}</p> })
            .into_view()
    });
    let label = [&name(&guest), " ", &guest.number].concat();
    let note = (!guest.note.is_empty()).then(|| view! { <p class="note">{guest.note.clone()}</p> });
    let head = view! {
        <div class="guest">
            {plate(guest.tasting.picture.as_ref(), true)}
            <p class="head"><strong>{guest.tasting.title.clone()}</strong> {state}</p>
            <p><strong>{name(&guest)}</strong> " " {who}</p>
            <p class="quiet">{time} " · " {guest.number.clone()}</p>
        </div>
    };
    let answers = if waits {
        arriving(guest, nonce, other_day, lookup, counter)
    } else {
        arrived(guest, lookup, counter)
    };
    view! {
        <div class="found" role="group" aria-label=label>
            {head}
            {note}
            {confirm}
            {deposit}
            {warning}
            {answers}
        </div>
    }
}

/// They are to be checked in.
fn arriving(
    guest: Guest,
    nonce: String,
    other_day: Memo<Option<String>>,
    lookup: Lookup,
    counter: Counter,
) -> View {
    let words = words();
    let stores = counter.stores;
    let checked = StoredValue::new((guest, nonce));
    let check_in = on(move |_| {
        if lookup.busy.get_untracked() {
            return;
        }
        lookup.busy.set(true);
        let (guest, nonce) = checked.get_value();
        task(async move {
            let client = stores.client();
            let answer = client.desk().check_in(&guest.booking, &nonce).await;
            lookup.busy.try_set(false);
            match answer {
                Ok(here) => {
                    stores.say((words.checked_in)(&name(&here)));
                    lookup.trouble.try_set(String::new());
                    let nonce = String::new();
                    let here = Redeemable::Tasting { guest: here, nonce };
                    lookup.found.try_set(Some(here));
                    lookup.ready();
                }
                // Another day is seen on the card; otherwise it has changed, and must be seen again.
                Err(error) if error.is_conflict() => {
                    let why = match counter.now.try_get_untracked().flatten() {
                        Some(now) if date(&now) != date(&guest.from) => String::new(),
                        _ => words.changed_look_again.to_owned(),
                    };
                    lookup.again(why, counter);
                }
                // Perhaps they are in already: the card is looked at again.
                Err(error) if error.is_unknown() => lookup.again(told(&error, ""), counter),
                Err(error) => {
                    lookup.trouble.try_set(told(&error, ""));
                }
            }
            counter.again();
        });
    });
    view! {
        <div class="answers">
            <button type="button" class="btn" disabled=follows(move || other_day.with(Option::is_some) || lookup.busy.get()) on:click=check_in>{words.check_in}</button>
            <button type="button" class="btn soft" on:click=on(move |_| lookup.clear())>{desk_words().not_this}</button>
        </div>
    }
}

/// They are here.
fn arrived(guest: Guest, lookup: Lookup, counter: Counter) -> View {
    let words = words();
    let stores = counter.stores;
    let until = guest.undo_until;
    let who = name(&guest);
    let guest = StoredValue::new(guest);
    let undo = move || {
        if lookup.busy.get_untracked() {
            return;
        }
        lookup.busy.set(true);
        let guest = guest.get_value();
        task(async move {
            let answer = stores.client().desk().undo(&guest.booking).await;
            lookup.busy.try_set(false);
            match answer {
                Ok(guest) => {
                    stores.say((words.undone)(&name(&guest)));
                    if guest.state == BookingState::Booked {
                        // Looked at anew, so that they can be checked in.
                        lookup.again(String::new(), counter);
                    } else {
                        lookup.clear();
                    }
                }
                Err(error) if error.is_unknown() => lookup.again(told(&error, ""), counter),
                Err(error) => {
                    lookup.trouble.try_set(undo_trouble(&error));
                }
            }
            counter.again();
        });
    };
    let still = Memo::new(move |_| counter.is_before(until));
    let take_back = changing(move || {
        let Some(until) = until.filter(|_| still.get()) else {
            return ().into_view();
        };
        let label = [words.undo, " ", &who].concat();
        view! {
            <p class="quiet">{(words.undo_until)(&until.clock())}</p>
            <button type="button" class="btn soft undo" aria-label=label disabled=follows(move || lookup.busy.get()) on:click=on(move |_| undo())>{words.undo}</button>
        }
    });
    view! {
        <div class="after">
            {take_back}
            <button type="button" class="btn" on:click=on(move |_| lookup.clear())>{words.next_guest}</button>
        </div>
    }
}

/// Why something could not be taken back.
pub fn undo_trouble(error: &Error) -> String {
    if error.is_conflict() {
        words().not_undone.to_owned()
    } else {
        told(error, "")
    }
}

fn date(moment: &Moment) -> (i64, u8, u8) {
    let local = moment.local();
    (local.year, local.month, local.day)
}

/// The day as one says it, with its date when it is further away.
fn day_of(now: &Moment, then: &Moment) -> String {
    let (_, month, day) = date(then);
    let date = [&month.to_string(), "-", &day.to_string()].concat();
    [&day_name(now, then), " ", &date].concat()
}
