//! Today's tastings on a time line: each time with those who come, and how many places it has.

use super::Counter;
use super::arrival::span;
use super::guests::{self, GuestRow};
use super::walk_in;
use super::words::text as words;
use crate::desk::once::{Once, Progress};
use crate::parts::state::{aged, failed, notice, waiting};
use crate::state::reading::{Load, Reading};
use crate::view::{IntoView, View, changing, each, effect, follows, text, view};
use client::{Error, Source};
use domain::booking::BookingState;
use domain::check_in::{DeskSlot, DeskTastings, Guest};
use domain::id::SlotId;
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("tastings.css");

/// How far the list is, without what is in it: what says so is not made anew at every look.
#[derive(Clone, PartialEq)]
enum Shown {
    /// Asked for; for long, perhaps.
    Waiting(bool),
    Failed(Error),
    Here(Source),
}

/// A row of the time line: a slot, or now.
struct Row {
    key: String,
    slot: Option<SlotId>,
    view: Line,
}

/// What every row shares.
#[derive(Clone, Copy)]
struct Line {
    counter: Counter,
    slots: Memo<Vec<DeskSlot>>,
    walk_in: Once<Guest>,
}

impl Line {
    /// A slot as it is now.
    fn slot(self, id: &SlotId) -> Option<DeskSlot> {
        self.slots
            .with(|slots| slots.iter().find(|slot| slot.slot == *id).cloned())
    }

    /// The slots that are still of interest, with now between them.
    fn rows(self) -> Vec<Row> {
        let now = self.counter.now.get();
        let mut rows = Vec::new();
        let mut now_is_there = false;
        self.slots.with(|slots| {
            for slot in slots {
                let over = now.is_some_and(|now| slot.to.ms <= now.ms);
                if over && slot.guests.is_empty() {
                    continue;
                }
                if !over && !now_is_there {
                    rows.push(self.row(None));
                    now_is_there = true;
                }
                rows.push(self.row(Some(slot.slot.clone())));
            }
        });
        if !now_is_there && !rows.is_empty() {
            rows.push(self.row(None));
        }
        rows
    }

    fn row(self, slot: Option<SlotId>) -> Row {
        let key = slot.as_ref().map_or("now", SlotId::as_str);
        Row {
            key: key.to_owned(),
            slot,
            view: self,
        }
    }
}

/// The view.
pub fn section(tastings: Reading<DeskTastings>, walk_in: Once<Guest>, counter: Counter) -> View {
    let class = style_sheet!("src/app/src/desk/counter/tastings.css");
    let words = words();
    let slots = Memo::new(move |_| {
        tastings.load.with(|load| match load {
            Load::Here(fresh) => fresh.value.slots.clone(),
            _ => Vec::new(),
        })
    });
    let line = Line {
        counter,
        slots,
        walk_in,
    };
    say_who_walked_in(walk_in, counter);
    let told = move || {
        let is_here = tastings.load.with(|load| matches!(load, Load::Here(_)));
        if is_here {
            sum(&slots.get())
        } else {
            String::new()
        }
    };
    let is_empty = Memo::new(move |_| {
        let is_here = tastings.load.with(|load| matches!(load, Load::Here(_)));
        is_here && line.rows().is_empty()
    });
    let nothing = changing(move || {
        let nothing = is_empty.get().then(|| {
            let hint = words.nothing_hint.to_owned();
            notice(
                "clock",
                words.nothing.to_owned(),
                hint,
                ().into_view(),
                false,
            )
        });
        nothing.into_view()
    });
    let has_slots = move || !slots.with(Vec::is_empty) && !is_empty.get();
    view! {
        <section class=class aria-label=words.today>
            <header><h2>{words.today}</h2> <span class="quiet">{text(told)}</span></header>
            <p class="quiet" hidden=follows(move || !has_slots())>{words.how}</p>
            <p class="checking" role="status">{text(move || if walk_in.is_checking() { words.walk_in_checking.to_owned() } else { String::new() })}</p>
            {how_far(tastings)}
            {nothing}
            <ol class="line">{each(move || line.rows(), |row: &Row| &row.key, row)}</ol>
        </section>
    }
}

/// That a list is waited for, has failed, or is not of now.
pub fn how_far<T: Clone + Send + Sync + 'static>(list: Reading<T>) -> View {
    let shown = Memo::new(move |_| {
        list.load.with(|load| match load {
            Load::Waiting => Shown::Waiting(false),
            Load::WaitingLong => Shown::Waiting(true),
            Load::Failed(error) => Shown::Failed(error.clone()),
            Load::Here(fresh) => Shown::Here(fresh.source.clone()),
        })
    });
    changing(move || match shown.get() {
        Shown::Waiting(long) => waiting("me", long),
        Shown::Failed(error) => failed(&error, move || list.again()),
        Shown::Here(source) => aged(&source, move || list.again()).into_view(),
    })
}

/// Whoever was added is said, and that nobody knows whether somebody was.
fn say_who_walked_in(walk_in: Once<Guest>, counter: Counter) {
    let words = words();
    effect(move |_| match walk_in.progress.get() {
        Progress::Done(guest) => {
            counter
                .stores
                .say((words.walked_in)(&guests::called(&guest)));
            walk_in.taken_in();
            counter.again();
        }
        Progress::Lapsed => {
            counter.stores.say(words.lapsed.to_owned());
            walk_in.taken_in();
        }
        _ => {}
    });
}

/// How many come today, how many are here, how many wait for a place.
fn sum(slots: &[DeskSlot]) -> String {
    let guests = || slots.iter().flat_map(|slot| &slot.guests);
    let people = |states: &[BookingState]| -> u32 {
        guests()
            .filter(|guest| states.contains(&guest.state))
            .map(|guest| guest.party)
            .sum()
    };
    let coming = people(&[BookingState::Booked, BookingState::CheckedIn]);
    let here = people(&[BookingState::CheckedIn]);
    let waiting = slots.iter().map(|slot| slot.waiting).sum();
    (words().sum)(coming, here, waiting)
}

fn row(
    Row {
        slot, view: line, ..
    }: Row,
) -> View {
    let words = words();
    let Some(id) = slot else {
        let now = line.counter.now;
        let told = move || {
            now.get()
                .map_or(String::new(), |now| (words.now)(&now.clock()))
        };
        return view! { <li class="now"><span>{text(told)}</span></li> };
    };
    let of = id.clone();
    let slot = Memo::new(move |_| line.slot(&of));
    let Some(first) = slot.get_untracked() else {
        return view! { <li></li> };
    };
    let (once, counter) = (line.walk_in, line.counter);
    let guests = move || {
        let slot = slot.get();
        let guests = slot.map(|slot| slot.guests).unwrap_or_default();
        let now = counter.now.get();
        let rows = guests
            .into_iter()
            .map(|guest| GuestRow::of(guest, now, counter));
        rows.collect::<Vec<_>>()
    };
    let taken = move || {
        slot.with(|slot| {
            slot.as_ref().map_or((0, 0), |slot| {
                let taken = slot.guests.iter().map(|guest| guest.party).sum::<u32>();
                (taken, slot.capacity)
            })
        })
    };
    let short = move || {
        let (taken, capacity) = taken();
        [&taken.to_string(), " / ", &capacity.to_string()].concat()
    };
    let spelled = move || {
        let (taken, capacity) = taken();
        (words.taken)(taken, capacity)
    };
    let nobody = move || slot.with(|slot| slot.as_ref().is_none_or(|slot| slot.guests.is_empty()));
    let chips = changing(move || slot.get().map(|slot| places(&slot)).into_view());
    let name = [&first.from.clock(), " ", &first.tasting.title].concat();
    view! {
        <li class="slot" aria-label=name.clone()>
            <div class="when">
                <strong>{span(&first.from, &first.to)}</strong>
                <span aria-hidden="true">{text(short)}</span>
                <span class="unseen">{text(spelled)}</span>
            </div>
            <div class="what">
                <h3>{first.tasting.title.clone()}</h3>
                <p class="quiet" hidden=follows(move || !nobody())>{words.nobody}</p>
                <ul aria-label=name>{each(guests, |row: &GuestRow| &row.key, guests::row)}</ul>
                <p class="places">{chips}</p>
                {walk_in::form(id, slot, once, counter)}
            </div>
        </li>
    }
}

/// What is free, kept and waited for.
fn places(slot: &DeskSlot) -> View {
    let words = words();
    let free = if slot.free > 0 {
        view! { <span class="place">{(words.free)(slot.free)}</span> }
    } else {
        view! { <span class="place">{words.full}</span> }
    };
    let kept =
        (slot.kept > 0).then(|| view! { <span class="place">{(words.kept)(slot.kept)}</span> });
    let waiting = (slot.waiting > 0)
        .then(|| view! { <span class="place waits">{(words.waiting)(slot.waiting)}</span> });
    view! { {free} " " {kept} " " {waiting} }
}
