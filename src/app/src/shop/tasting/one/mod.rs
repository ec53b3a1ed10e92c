//! One tasting: its days and times, and booking one of them.

mod days;
mod form;
mod line;
mod moving;
mod place;

use super::words::text;
use crate::browser::address::{Address, address, go};
use crate::browser::clock_offset;
use crate::parts::icon;
use crate::parts::plate::plate;
use crate::parts::product::{bundle_path, product_path};
use crate::parts::state::{aged, notice, show};
use crate::parts::taste::{booking_path, taste_path, when};
use crate::shop::member::on_its_way;
use crate::state::reading::{Load, Reading, reading};
use crate::state::{Stores, stores};
use crate::view::{IntoView, View, changing, effect, every, on, task, view};
use crate::words::{spoken, words};
use client::outbox::{Errand, Progress};
use domain::booking::{Booking, BookingState, MyBookings};
use domain::id::{BookingId, SlotId, TastingId};
use domain::tasting::{Slot, SlotState, Subject, Tasting};
use domain::time::Moment;
use domain::waiting::{Waiting, WaitingState};
use leptos::prelude::*;
use place::Place;
use std::time::Duration;
use stylers::style_sheet;
use web_sys::Element;

const _: &str = include_str!("one.css");

/// How often it is asked what is free now.
const FRESH_FOR: Duration = Duration::from_secs(10);

/// What this page knows.
#[derive(Clone, Copy)]
struct Here {
    stores: Stores,
    address: RwSignal<Address>,
    id: StoredValue<TastingId>,
    tasting: Reading<Tasting>,
    /// The member's bookings and lines, once they are known.
    mine: RwSignal<Option<MyBookings>>,
    /// How often they were asked for: only what the newest question brings is shown.
    looks: StoredValue<u32>,
    place: RwSignal<Place>,
    /// Whether it is known if a place was held before.
    looked: RwSignal<bool>,
    /// How many come.
    party: RwSignal<u32>,
    /// Whether a booking is being moved, and why it was not.
    moving: RwSignal<bool>,
    trouble: RwSignal<String>,
}

/// What is offered below the times.
#[derive(Clone, Debug, PartialEq)]
enum Stage {
    /// Nothing is chosen.
    Choose,
    /// A booking or a place in a line is on its way.
    OnItsWay(Progress),
    /// Whoever books is a member.
    SignIn,
    /// The member has a booking of this tasting.
    Booked(Box<Booking>),
    /// A booking goes to this time, which begins then.
    Move(BookingId, SlotId, Moment),
    /// Nothing is free.
    Wait(SlotId),
    /// The member waits.
    InLine(Box<Waiting>),
    /// A place is held, and the rest is filled in.
    Form(SlotId),
    /// It cannot be booked.
    Late,
}

/// The page.
pub fn page(id: TastingId) -> View {
    let stores = stores();
    let key = ["tasting/", spoken().tag(), "/", id.as_str()].concat();
    let id = StoredValue::new(id);
    let tasting = reading(key, move || {
        let id = id.get_value();
        Box::pin(async move { stores.client().bookings().tasting(&id).await })
    });
    let here = Here {
        stores,
        address: address(),
        id,
        tasting,
        mine: RwSignal::new(None),
        looks: StoredValue::new(0),
        place: RwSignal::new(Place::None),
        looked: RwSignal::new(false),
        party: RwSignal::new(1),
        moving: RwSignal::new(false),
        trouble: RwSignal::new(String::new()),
    };
    here.follow();
    // What is typed stays when the times come anew.
    let is_here = Memo::new(move |_| tasting.load.with(|load| matches!(load, Load::Here(_))));
    let content = move || {
        if is_here.get() {
            whole(here)
        } else {
            show(tasting, "me", |_| ().into_view(), gone)
        }
    };
    view! { <div class="page">{changing(content)}</div> }
}

fn gone() -> View {
    let all = view! { <a class="btn" href="/tastings">{text().all}</a> };
    notice(
        "clock",
        text().gone.to_owned(),
        text().gone_hint.to_owned(),
        all.into_view(),
        false,
    )
}

impl Here {
    /// Keeps what the page knows of now.
    fn follow(self) {
        every(FRESH_FOR, move || {
            self.tasting.look();
            self.look();
        });
        let post = self.stores.post;
        effect(move |first| {
            // Something was booked or refused, here or in another tab.
            post.is_idle(&Errand::Booking);
            self.waited_for()
                .map(|slot| post.is_idle(&Errand::Waiting(slot)));
            if !first {
                untrack(|| {
                    self.again();
                    if self.stores.session.is_open() {
                        self.find_held();
                    }
                });
            }
        });
        effect(move |_| {
            // What was wrong with one time is not wrong with another.
            self.parameter("slot");
            self.trouble.set(String::new());
        });
        let signed_in = Memo::new(move |_| self.stores.session.is_open());
        effect(move |_| {
            self.mine.set(None);
            self.place.set(Place::None);
            self.looked.set(false);
            if signed_in.get() {
                untrack(|| {
                    self.look();
                    self.find_held();
                });
            }
        });
        let stage = self.stage();
        effect(move |_| {
            if let Stage::Form(slot) = stage.get()
                && self.looked.get()
                && untrack(|| self.place.with(|place| place.slot() != Some(&slot)))
            {
                untrack(|| self.hold(slot, 1));
            }
        });
    }

    fn again(self) {
        self.tasting.again();
        self.look();
    }

    /// Reads what the member has booked and waits for.
    fn look(self) {
        if !self.stores.session.is_open() {
            return;
        }
        self.looks.update_value(|looks| *looks += 1);
        let this = self.looks.get_value();
        task(async move {
            match self.stores.client().bookings().mine().await {
                Ok(fresh) if self.looks.try_get_value() == Some(this) => {
                    self.mine.try_set(Some(fresh.value));
                }
                Ok(_) => {}
                // The times say that they are old; whatever is not known here the backend refuses.
                Err(error) => self.stores.session.heed(&error),
            }
        });
    }

    fn parameter(self, name: &str) -> Option<String> {
        self.address.with(|address| address.parameter(name))
    }

    /// The chosen slot, as it came last.
    fn slot(self) -> Option<Slot> {
        let wanted = self.parameter("slot")?;
        self.with(|tasting| {
            let slots = tasting.days.iter().flat_map(|day| &day.slots);
            slots
                .clone()
                .find(|slot| slot.id.as_str() == wanted)
                .cloned()
        })
        .flatten()
    }

    fn with<R>(self, look: impl FnOnce(&Tasting) -> R) -> Option<R> {
        self.tasting.load.with(|load| match load {
            Load::Here(fresh) => Some(look(&fresh.value)),
            _ => None,
        })
    }

    /// The member's booking of this tasting that is to come.
    fn booked(self) -> Option<Booking> {
        let id = self.id.get_value();
        self.mine.with(|mine| {
            let mut all = mine.iter().flat_map(|mine| &mine.bookings);
            all.find(|booking| booking.tasting.id == id && booking.state == BookingState::Booked)
                .cloned()
        })
    }

    /// The line of this tasting that the member stands in.
    fn line(self) -> Option<Waiting> {
        let id = self.id.get_value();
        self.mine.with(|mine| {
            let mut all = mine.iter().flat_map(|mine| &mine.waiting);
            let waits = |state| matches!(state, WaitingState::Waiting | WaitingState::Offered);
            all.find(|line| line.tasting.id == id && waits(line.state))
                .cloned()
        })
    }

    fn waited_for(self) -> Option<SlotId> {
        self.parameter("slot").map(SlotId::from)
    }

    /// What is offered below the times.
    fn stage(self) -> Memo<Stage> {
        Memo::new(move |_| self.stage_now())
    }

    fn stage_now(self) -> Stage {
        let post = self.stores.post;
        let waited = self.waited_for().map(Errand::Waiting);
        for errand in [Some(Errand::Booking), waited].into_iter().flatten() {
            if let Some(progress) = post.progress(&errand)
                && !matches!(progress, Progress::NotSent(_))
            {
                return Stage::OnItsWay(progress);
            }
        }
        let Some(slot) = self.slot() else {
            return Stage::Choose;
        };
        if !self.stores.session.is_open() {
            return Stage::SignIn;
        }
        if let Some(booking) = self.parameter("move") {
            return Stage::Move(booking.as_str().into(), slot.id, slot.from);
        }
        if let Some(booking) = self.booked() {
            return Stage::Booked(Box::new(booking));
        }
        match self.line().filter(|line| line.slot == slot.id) {
            Some(line) if line.state == WaitingState::Waiting => {
                return Stage::InLine(Box::new(line));
            }
            Some(_) => return Stage::Form(slot.id),
            None => {}
        }
        // Whoever holds the last place sees a full slot.
        let holds = self.place.with(|place| place.keeps(&slot.id));
        match slot.state {
            _ if holds => Stage::Form(slot.id),
            SlotState::Open => Stage::Form(slot.id),
            SlotState::Full => Stage::Wait(slot.id),
            SlotState::Past | SlotState::Closed | SlotState::Unknown => Stage::Late,
        }
    }

    /// This page with another day, another time.
    fn path(self, day: &str, slot: Option<&SlotId>) -> String {
        let mut path = [&self.id.with_value(taste_path), "?day=", day].concat();
        if let Some(slot) = slot {
            path = [&path, "&slot=", &client::endpoint::encode(slot.as_str())].concat();
        }
        if let Some(booking) = self
            .address
            .with_untracked(|address| address.parameter("move"))
        {
            path = [&path, "&move=", &client::endpoint::encode(&booking)].concat();
        }
        path
    }

    /// Takes back which time was chosen.
    fn choose_anew(self) {
        let day = untrack(|| self.parameter("day")).unwrap_or_default();
        go(self.address, &self.path(&day, None), true);
    }
}

fn whole(here: Here) -> View {
    let class = style_sheet!("src/app/src/shop/tasting/one/one.css");
    let stage = here.stage();
    let old = changing(move || {
        let source = here.tasting.load.with(|load| match load {
            Load::Here(fresh) => Some(fresh.source.clone()),
            _ => None,
        });
        source
            .and_then(|source| aged(&source, move || here.again()))
            .into_view()
    });
    let about = untrack(|| here.with(about)).into_view();
    let below = crate::view::Slot::<Element>::new();
    effect(move |first| {
        // What follows from a choice comes into sight; its time stays in sight above it.
        let chosen = stage.with(|stage| *stage != Stage::Choose);
        if chosen
            && !first
            && let Some(below) = below.get()
        {
            below.scroll_into_view_with_bool(false);
        }
    });
    view! {
        <section class=class>
            {old}
            {about}
            {changing(move || known(here, &stage.get()))}
            {days::days(here)}
            <div class="panel" node_ref=below>{changing(move || panel(here, stage.get()))}</div>
        </section>
    }
}

/// What it is: made once, because it does not change while one looks.
fn about(tasting: &Tasting) -> View {
    let (words, text) = (words(), text());
    let short = &tasting.tasting;
    let subject = match &short.subject {
        Subject::Product { id } => Some(product_path(id)),
        Subject::Bundle { id } => Some(bundle_path(id)),
        Subject::Event { .. } | Subject::Unknown => None,
    };
    let subject = subject
        .map(|path| view! { <a class="more" href=path>{text.see_subject} {icon("more")}</a> });
    let price = match short.deposit {
        Some(deposit) => (text.deposit)(&deposit.to_string()),
        None => words.taste_free.to_owned(),
    };
    let facts = [&(words.taste_minutes)(short.minutes), " · ", &price].concat();
    let place = (!tasting.place.is_empty())
        .then(|| view! { <li>{icon("place")} <span>{tasting.place.clone()}</span></li> });
    // Whoever is elsewhere must not read these times on their own clock.
    let away = clock_offset() != i32::from(tasting.now.offset_minutes);
    let away = away.then(|| view! { <li>{icon("shop")} <span>{text.shop_clock}</span></li> });
    view! {
        <header class="card">
            {plate(short.picture.as_ref(), true)}
            <h2>{short.title.clone()}</h2>
            <p>{tasting.words.clone()}</p>
            <ul>
                <li>{icon("clock")} <span>{facts}</span></li>
                <li>{icon("check")} <span>{(text.cancel_until)(tasting.cancel_minutes)}</span></li>
                {place}
                {away}
            </ul>
            {subject}
        </header>
    }
}

/// What the member has already: a booking, a place in a line, one that is held.
fn known(here: Here, stage: &Stage) -> View {
    let text = text();
    if matches!(
        stage,
        Stage::OnItsWay(_) | Stage::Booked(_) | Stage::InLine(_)
    ) {
        return ().into_view();
    }
    if here.parameter("move").is_some() {
        return moving::from(here);
    }
    if let Some(booking) = here.booked() {
        return booked(&booking);
    }
    if let Some(line) = here.line().filter(|_| *stage == Stage::Choose) {
        return line::known(here, &line);
    }
    let held = here.place.with(|place| match place {
        Place::Held { hold, .. } => Some(hold.clone()),
        _ => None,
    });
    let held = held.filter(|_| *stage == Stage::Choose).map(|hold| {
        let day = day_of(here, &hold.slot);
        let path = here.path(&day.unwrap_or_default(), Some(&hold.slot));
        view! {
            <div class="card known" role="status">
                <p>{icon("clock")} <strong>{when(&hold.from)}</strong> <span>{(text.held_until)(&hold.expires_at.clock())}</span></p>
                <a class="btn wide" href=path>{text.confirm}</a>
            </div>
        }
    });
    held.into_view()
}

/// On which day a slot is.
fn day_of(here: Here, slot: &SlotId) -> Option<String> {
    here.with(|tasting| {
        let mut days = tasting.days.iter();
        let day = days.find(|day| day.slots.iter().any(|one| one.id == *slot));
        day.map(|day| day.date.clone())
    })
    .flatten()
}

fn booked(booking: &Booking) -> View {
    let text = text();
    let page = booking_path(&booking.id);
    let id = client::endpoint::encode(booking.id.as_str());
    let move_it = booking.may_cancel_until.map(|_| {
        let path = [&taste_path(&booking.tasting.id), "?move=", &id].concat();
        view! { <a class="btn soft wide" href=path>{text.move_it}</a> }
    });
    view! {
        <div class="card known" role="status">
            <p>{icon("check")} <strong>{(text.booked)(&when(&booking.from))}</strong></p>
            <p class="quiet">{text.booked_hint}</p>
            <p class="do"><a class="btn wide" href=page>{text.see_booking}</a> {move_it}</p>
        </div>
    }
}

fn panel(here: Here, stage: Stage) -> View {
    let (words, text) = (words(), text());
    let said = |what: &str| view! { <p class="card said" role="status">{what.to_owned()}</p> };
    match stage {
        Stage::Choose => ().into_view(),
        Stage::OnItsWay(progress) => on_its_way(&progress, text.booking_hint),
        Stage::SignIn => {
            let next = here.address.with_untracked(|address| {
                client::endpoint::encode(&[address.path.as_str(), &address.query].concat())
            });
            let path = ["/sign-in?next=", &next].concat();
            let target = path.clone();
            // In the place of this page, so that one step back is the times.
            let enter = on(move |event| {
                event.prevent_default();
                go(here.address, &target, true);
            });
            view! {
                <div class="card known">
                    <p><strong>{words.sign_in_first}</strong></p>
                    <p class="quiet">{text.sign_in_hint}</p>
                    <a class="btn wide" href=path on:click=enter>{words.sign_in}</a>
                </div>
            }
        }
        Stage::Booked(booking) => booked(&booking),
        Stage::Move(booking, slot, from) => moving::to(here, booking, slot, &from),
        Stage::Wait(slot) => line::wait(here, slot),
        Stage::InLine(line) => line::known(here, &line),
        Stage::Form(slot) => form::form(here, slot),
        Stage::Late => said(text.slot_past),
    }
}
