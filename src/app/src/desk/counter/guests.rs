//! Those who come to one time: whoever has not come is said to be missing, and what was done by
//! mistake is taken back. Checking in needs the code that they bring, so that is done at its field.

use super::arrival::{name, undo_trouble};
use super::words::text as words;
use super::{Counter, focus_soon};
use crate::desk::told;
use crate::view::{IntoView, Slot, View, follows, on, task, text, view};
use domain::booking::{BookingState, BookingStep, BookingTimes, UNDO_FOR};
use domain::check_in::Guest;
use domain::order::Actor;
use domain::time::Moment;
use leptos::prelude::*;
use web_sys::HtmlElement;

/// A guest, named so that the row is made anew only when something about it has changed.
pub struct GuestRow {
    /// Its name.
    pub key: String,
    guest: Guest,
    /// What can be done.
    may: May,
    counter: Counter,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum May {
    Nothing,
    Miss,
    Undo,
}

impl GuestRow {
    /// A guest at this time.
    pub fn of(guest: Guest, now: Option<Moment>, counter: Counter) -> Self {
        let may = now.map_or(May::Nothing, |now| may(&guest, now));
        let word = match may {
            May::Nothing => "",
            May::Miss => "miss",
            May::Undo => "undo",
        };
        let parts = [
            guest.booking.as_str(),
            guest.state.as_str(),
            word,
            &guest.party.to_string(),
            &guest.name,
            &guest.note,
        ];
        Self {
            key: parts.join("/"),
            guest,
            may,
            counter,
        }
    }
}

/// What can be done with a guest now, by the rules that the backend asks too.
fn may(guest: &Guest, now: Moment) -> May {
    let times = BookingTimes {
        now: now.ms,
        // The list is today's.
        day: (i64::MIN, i64::MAX),
        from: guest.from.ms,
        to: guest.to.ms,
        cut_off: guest.from.ms,
        changed_at: guest
            .undo_until
            .map_or(i64::MIN, |until| until.ms - UNDO_FOR),
        confirm_until: None,
    };
    let allowed = |step| guest.state.after(step, Actor::Staff, &times).is_some();
    if allowed(BookingStep::Undo) {
        May::Undo
    } else if allowed(BookingStep::Miss) {
        May::Miss
    } else {
        May::Nothing
    }
}

/// How somebody is called, with how many they are.
pub fn called(guest: &Guest) -> String {
    if guest.party > 1 {
        [&name(guest), " × ", &guest.party.to_string()].concat()
    } else {
        name(guest)
    }
}

/// What is done with a booking from the list.
#[derive(Clone, Copy)]
enum Doing {
    Miss,
    Undo,
}

/// The row.
pub fn row(
    GuestRow {
        guest,
        may,
        counter,
        ..
    }: GuestRow,
) -> View {
    let words = words();
    let stores = counter.stores;
    let busy = RwSignal::new(false);
    let sure = RwSignal::new(false);
    let trouble = RwSignal::new(String::new());
    let asked = Slot::<HtmlElement>::new();
    let asking = Slot::<HtmlElement>::new();
    let id = StoredValue::new(guest.booking.clone());
    let act = move |doing: Doing| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        trouble.set(String::new());
        let id = id.get_value();
        task(async move {
            let client = stores.client();
            let answer = match doing {
                Doing::Miss => client.desk().no_show(&id).await,
                Doing::Undo => client.desk().undo(&id).await,
            };
            busy.try_set(false);
            match answer {
                Ok(guest) => {
                    let said = match doing {
                        Doing::Miss => words.said_missed,
                        Doing::Undo => words.undone,
                    };
                    stores.say(said(&called(&guest)));
                }
                Err(error) => {
                    let why = match doing {
                        Doing::Undo => undo_trouble(&error),
                        Doing::Miss if error.is_conflict() => words.too_early.to_owned(),
                        Doing::Miss => told(&error, ""),
                    };
                    trouble.try_set(why);
                }
            }
            counter.again();
        });
    };
    let label = |what: &str| [what, " ", &called(&guest), " ", &guest.number].concat();
    let buttons = match may {
        May::Nothing => ().into_view(),
        // Asks once whether that is sure.
        May::Miss => view! {
            <button type="button" class="quietly" aria-label=label(words.missed) node_ref=asking hidden=follows(move || sure.get()) on:click=on(move |_| { sure.set(true); focus_soon(asked); })>{words.missed}</button>
            <button type="button" class="btn warn" aria-label=label(words.missed_sure) node_ref=asked hidden=follows(move || !sure.get()) disabled=follows(move || busy.get()) on:click=on(move |_| act(Doing::Miss))>{words.missed_sure}</button>
            <button type="button" class="quietly" aria-label=label(words.not_yet) hidden=follows(move || !sure.get()) on:click=on(move |_| { sure.set(false); focus_soon(asking); })>{words.not_yet}</button>
        },
        May::Undo => {
            let until = guest
                .undo_until
                .map(|until| (words.undo_until)(&until.clock()));
            view! {
                <button type="button" class="btn soft" aria-label=label(words.undo) disabled=follows(move || busy.get()) on:click=on(move |_| act(Doing::Undo))>{words.undo}</button>
                <span class="quiet">{until.unwrap_or_default()}</span>
            }
        }
    };
    let sign = match guest.state {
        BookingState::CheckedIn => "✓ ",
        BookingState::NoShow => "✕ ",
        _ => "",
    };
    let state = [sign, (words.state)(guest.state)].concat();
    let note = (!guest.note.is_empty()).then(|| view! { <p class="note">{guest.note.clone()}</p> });
    view! {
        <li class="guest" data-state=guest.state.as_str()>
            <p class="who"><strong>{called(&guest)}</strong> <span class="tag">{state}</span> <span class="quiet">{guest.number.clone()}</span></p>
            {note}
            <div class="do">{buttons}</div>
            <p class="trouble" role="alert">{text(move || trouble.get())}</p>
        </li>
    }
}
