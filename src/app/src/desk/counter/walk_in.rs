//! Somebody who has booked nothing gets a place that is free. It is asked for once, under one key.

use super::words::text as words;
use super::{Counter, focus_soon};
use crate::desk::once::{Kept, Once, Progress, Sent};
use crate::desk::told;
use crate::parts::stepper::stepper;
use crate::state::Stores;
use crate::view::{Slot, View, effect, follows, on, text, view};
use client::{Error, json};
use domain::check_in::{DeskSlot, Guest, WalkInRequest};
use domain::id::{SlotId, StaffId};
use domain::order::MAX_NAME_CHARS;
use domain::problem::ProblemKind;
use domain::tasting::MOST_PEOPLE;
use leptos::prelude::*;
use web_sys::{HtmlElement, HtmlInputElement};

/// What is done once: a walk-in of whoever is at the desk.
pub fn once(staff: &StaffId) -> Once<Guest> {
    Once::of("walk-in", staff, send)
}

fn send(stores: Stores, kept: Kept) -> Sent<Guest> {
    Box::pin(async move {
        let request: WalkInRequest = json::decode(&kept.request)?;
        let client = stores.client();
        let slot = SlotId::from(kept.place.as_str());
        client.desk().walk_in(&slot, &request, &kept.key).await
    })
}

/// The button, and the form that it opens.
pub fn form(id: SlotId, slot: Memo<Option<DeskSlot>>, once: Once<Guest>, counter: Counter) -> View {
    let words = words();
    let open = RwSignal::new(false);
    let party = RwSignal::new(1_u32);
    let trouble = RwSignal::new(String::new());
    let name = Slot::<HtmlInputElement>::new();
    let opener = Slot::<HtmlElement>::new();
    let id = StoredValue::new(id);
    let is_here = move |kept: &Kept| id.with_value(|id| kept.place == id.as_str());
    let free = Memo::new(move |_| {
        let over = |slot: &DeskSlot| counter.now.get().is_some_and(|now| slot.to.ms <= now.ms);
        slot.with(|slot| match slot {
            Some(slot) if !over(slot) => slot.free,
            _ => 0,
        })
    });
    let capacity = move || slot.with(|slot| slot.as_ref().map_or(1, |slot| slot.capacity));
    let most = move || MOST_PEOPLE.min(capacity()).min(free.get()).max(1);
    let close = move || {
        open.set(false);
        party.set(1);
        trouble.set(String::new());
        if let Some(name) = name.get() {
            name.set_value("");
        }
    };
    // Whether it is this one that is under way; where it is done it is taken in above.
    let pending = StoredValue::new(false);
    effect(move |_| match once.progress.get() {
        Progress::Sending(kept) | Progress::Checking(kept) if is_here(&kept) => {
            pending.set_value(true);
        }
        Progress::Idle if pending.get_value() => {
            pending.set_value(false);
            close();
            focus_soon(opener);
        }
        Progress::Refused(kept, error) if is_here(&kept) => {
            pending.set_value(false);
            trouble.set(why_not(&error));
            // It may have been sent before this page was there.
            open.set(true);
            counter.again();
        }
        Progress::NoRoom(kept) if is_here(&kept) => trouble.set(words.no_room.to_owned()),
        _ => {}
    });
    let submit = on(move |event| {
        event.prevent_default();
        let (party, free) = (party.get_untracked(), free.get_untracked());
        if party > free {
            trouble.set(match free {
                0 => words.full.to_owned(),
                free => (words.walk_in_only)(free),
            });
            return;
        }
        trouble.set(String::new());
        let name = name.get().map(|name| name.value()).unwrap_or_default();
        let name = name.trim().to_owned();
        let request = WalkInRequest { name, party };
        id.with_value(|id| once.submit(id.as_str(), &request, counter.stores));
    });
    let label = slot.get_untracked().map(|slot| {
        let parts = [
            words.walk_in,
            " ",
            &slot.from.clock(),
            " ",
            &slot.tasting.title,
        ];
        parts.concat()
    });
    let show = on(move |_| {
        open.set(true);
        focus_soon(name);
    });
    let give_up = on(move |_| {
        close();
        focus_soon(opener);
    });
    let people = stepper(
        words.walk_in_people.to_owned(),
        move || party.get(),
        1,
        most,
        move |people| party.set(people),
    );
    view! {
        <button type="button" class="btn soft" node_ref=opener aria-label=label aria-expanded="false" hidden=follows(move || open.get() || free.get() == 0) on:click=show>{words.walk_in}</button>
        <form class="walk-in" novalidate hidden=follows(move || !open.get()) aria-busy=follows(move || once.is_busy().then_some("true")) on:submit=submit>
            <label><span class="unseen">{words.walk_in_name}</span> <input node_ref=name name="name" autocomplete="off" maxlength=MAX_NAME_CHARS.to_string() placeholder=words.walk_in_name /></label>
            {people}
            <button class="btn" disabled=follows(move || once.is_busy())>{words.walk_in_do}</button>
            <button type="button" class="btn soft" disabled=follows(move || once.is_busy()) on:click=give_up>{words.close}</button>
            <p class="trouble" role="alert">{text(move || trouble.get())}</p>
        </form>
    }
}

fn why_not(error: &Error) -> String {
    let words = words();
    match error {
        Error::Refused { problem, .. } if problem.kind == ProblemKind::SlotFull => {
            words.just_full.to_owned()
        }
        Error::Refused { problem, .. } if problem.kind == ProblemKind::SlotPast => {
            words.just_over.to_owned()
        }
        error => told(error, ""),
    }
}
