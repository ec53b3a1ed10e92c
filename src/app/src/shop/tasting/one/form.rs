//! What is filled in while a place is kept: how many, who, a word to the shop.

use super::super::words::text;
use super::Here;
use super::place::Place;
use crate::browser::{now_ms, storage};
use crate::parts::icon;
use crate::parts::stepper::stepper;
use crate::parts::taste::when;
use crate::shop::member::no_room;
use crate::state::session::{CONTACT, TASTE_NOTE};
use crate::state::visit;
use crate::view::{IntoView, Slot, View, changing, follows, on, text as live_text, view};
use client::outbox::Errand;
use domain::booking::BookingRequest;
use domain::id::SlotId;
use domain::order::{Contact, MAX_NAME_CHARS, MAX_NOTE_CHARS};
use leptos::prelude::*;
use std::time::Duration;
use stylers::style_sheet;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};

const _: &str = include_str!("form.css");

/// The form of a time. It is made once for each time, so that what is typed stays.
pub fn form(here: Here, slot: SlotId) -> View {
    let class = style_sheet!("src/app/src/shop/tasting/one/form.css");
    let text = text();
    let slot = StoredValue::new(slot);
    let chosen = untrack(|| here.slot());
    let time = chosen.map(|slot| {
        let (from, to) = (when(&slot.from), slot.to.clock());
        [from.as_str(), "–", &to].concat()
    });
    let (name, note) = (
        Slot::<HtmlInputElement>::new(),
        Slot::<HtmlTextAreaElement>::new(),
    );
    let kept: Contact = storage::read(CONTACT).unwrap_or_default();
    let kept_note: String = storage::read(TASTE_NOTE).unwrap_or_default();
    let name_now = move || name.get().map(|field| field.value()).unwrap_or_default();
    let note_now = move || note.get().map(|field| field.value()).unwrap_or_default();
    let keep = move || {
        let before: Contact = storage::read(CONTACT).unwrap_or_default();
        let contact = Contact {
            name: name_now(),
            ..before
        };
        storage::write(CONTACT, &contact);
        storage::write(TASTE_NOTE, &note_now());
    };
    let holds = move || here.place.with(|place| matches!(place, Place::Held { .. }));
    let is_idle = move || here.stores.post.is_idle(&Errand::Booking);
    let submit = on(move |event| {
        event.prevent_default();
        if !untrack(|| holds() && is_idle()) {
            return;
        }
        let request = BookingRequest {
            slot: slot.get_value(),
            party: here.party.get_untracked(),
            name: name_now(),
            note: note_now(),
            from: visit::source(),
        };
        here.stores
            .post
            .submit(Errand::Booking, &request, here.stores);
    });
    let people = stepper(
        text.people.to_owned(),
        move || here.party.get(),
        1,
        move || most(here),
        move |party| {
            here.party.set(party);
            if untrack(holds) {
                here.hold(slot.get_value(), party);
            }
        },
    );
    let confirm = move || {
        // Without knowing what is under way nothing may leave.
        let ready = here.stores.post.is_idle(&Errand::Booking);
        (if ready {
            text.confirm
        } else {
            text.getting_ready
        })
        .to_owned()
    };
    view! {
        <form class=["card ", class].concat() novalidate on:submit=submit>
            <h2>{text.chosen} <span>{time.into_view()}</span></h2>
            {changing(move || status(here, slot))}
            <div class="people"><span>{text.people}</span> {people}</div>
            <label><span>{text.name}</span> <input node_ref=name name="name" autocomplete="name" maxlength=MAX_NAME_CHARS.to_string() value=kept.name on:input=on(move |_| keep()) /></label>
            <label><span>{text.note}</span> <textarea node_ref=note name="note" rows="2" maxlength=MAX_NOTE_CHARS.to_string() placeholder=text.note_hint on:input=on(move |_| keep())>{kept_note}</textarea></label>
            {no_room(Errand::Booking)}
            <button class="btn wide" disabled=follows(move || !holds() || !is_idle())>{live_text(confirm)}</button>
            <button type="button" class="btn soft" on:click=on(move |_| here.let_go())>{text.let_go}</button>
        </form>
    }
}

/// How many may come: those for whom there is room, with the places that are kept already.
fn most(here: Here) -> u32 {
    let limit = here.with(|tasting| tasting.most_people).unwrap_or(1).max(1);
    let kept = here.place.with(|place| match place {
        Place::Held { hold, .. } => hold.party,
        _ => 1,
    });
    let free = here.slot().map_or(0, |slot| slot.free);
    limit.min(kept + free)
}

/// Whether a place is kept, and until when: in words, and counted where that does not press.
fn status(here: Here, slot: StoredValue<SlotId>) -> View {
    let text = text();
    let again = move || {
        let hold = on(move |_| here.hold(slot.get_value(), untrack(|| here.party.get())));
        view! { <button type="button" class="btn" on:click=hold>{text.hold_again}</button> }
    };
    match here.place.get() {
        Place::None | Place::Asking(_) => {
            view! { <p class="held" role="status">{icon("clock")} <span>{text.holding}</span></p> }
        }
        Place::Held { hold, until } => {
            let clock = hold.expires_at.clock();
            if here.stores.settings.elder() {
                let said = (text.held_calmly)(&clock);
                return view! { <p class="held" role="status">{icon("clock")} <span>{said}</span></p> };
            }
            view! {
                <p class="held">
                    {icon("clock")}
                    <span role="status">{(text.held_until)(&clock)}</span>
                    {count_down(here, until)}
                </p>
            }
        }
        Place::Over(_) => view! {
            <p class="held over" role="alert"><span>{text.over}</span> {again()}</p>
        },
        Place::Refused(_, why) => view! {
            <p class="held over" role="alert"><span>{why}</span> {again()}</p>
        },
    }
}

/// What is left, second by second for the eye; read out only for whoever asks.
fn count_down(here: Here, until: i64) -> View {
    let text = text();
    let left = RwSignal::new(until - now_ms());
    let tick = set_interval_with_handle(
        move || {
            left.try_set(until - now_ms());
        },
        Duration::from_secs(1),
    );
    on_cleanup(move || {
        if let Ok(tick) = tick {
            tick.clear();
        }
    });
    let parts = |left: i64| {
        let seconds = left.max(0) / 1_000;
        (seconds / 60, seconds % 60)
    };
    let seen = move || {
        let (minutes, seconds) = parts(left.get());
        let zero = if seconds < 10 { "0" } else { "" };
        [&minutes.to_string(), ":", zero, &seconds.to_string()].concat()
    };
    let stores = here.stores;
    let say = on(move |_| {
        let (minutes, seconds) = parts(until - now_ms());
        stores.say((text.time_left)(minutes, seconds));
    });
    view! {
        <button type="button" class="left" on:click=say>
            <span class="unseen">{text.say_time_left}</span>
            <span aria-hidden="true">{live_text(seen)}</span>
        </button>
    }
}
