//! One booking: the code at the counter, when and where, what can be done, and what comes after.

mod after;
mod change;
mod shown;
pub mod words;

use self::words::text;
use crate::browser::now_ms;
use crate::browser::page::focus_heading;
use crate::parts::sign_in::sign_in_first;
use crate::parts::state::{aged, explain, notice, show};
use crate::parts::taste::booking_path;
use crate::shop::home::storefront;
use crate::state::reading::{Load, Reading, reading};
use crate::state::session::{remember_bookings, remembered_bookings};
use crate::state::{Stores, stores};
use crate::view::{IntoView, View, changing, effect, every, task, view};
use crate::words::{day_name, spoken, words};
use client::{Error, Fresh, Source};
use domain::booking::{Booking, BookingState, UNDO_FOR, Verdict};
use domain::id::BookingId;
use domain::problem::ProblemKind;
use domain::time::Moment;
use leptos::prelude::*;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

/// How often a booking that may still change is looked at again.
pub const FRESH_FOR: Duration = Duration::from_secs(10);

/// A booking as its page shows it. A look that finds the same draws nothing anew.
#[derive(Clone, Debug, PartialEq)]
struct Seen {
    /// Without the verdict, which is followed by itself: whoever gives it keeps the focus.
    booking: Booking,
    source: Source,
    /// Today, tomorrow, or its weekday.
    day: String,
    /// Whether it is the day on which it is to be confirmed.
    may_confirm: bool,
    /// Whether it can be moved and called off.
    may_change: bool,
}

impl Seen {
    fn of(fresh: &Fresh<Booking>) -> Self {
        let mut booking = fresh.value.clone();
        booking.verdict = None;
        let now = Moment {
            ms: now_ms(),
            ..booking.from
        };
        let confirm = booking.confirm;
        Self {
            day: day_name(&now, &booking.from),
            may_confirm: confirm
                .is_some_and(|confirm| (confirm.from.ms..confirm.until.ms).contains(&now.ms)),
            may_change: booking
                .may_cancel_until
                .is_some_and(|until| now.ms <= until.ms),
            source: fresh.source.clone(),
            booking,
        }
    }
}

/// What is done with the booking, and how far that is.
#[derive(Clone, Copy, Debug)]
struct Here {
    stores: Stores,
    booking: Reading<Booking>,
    /// Something was pressed, and it is not known yet what came of it.
    busy: RwSignal<bool>,
    /// Its answer did not come: the booking is being read instead.
    checking: RwSignal<bool>,
    /// Whether one was asked if one is sure.
    sure: RwSignal<bool>,
}

/// What asks the backend to change the booking.
type Asking = Pin<Box<dyn Future<Output = Result<Booking, Error>>>>;

impl Here {
    /// Does something once. Where the answer does not come, the booking says what has become of it;
    /// nothing is offered before.
    fn act(&self, asking: Asking, done: Option<&'static str>) {
        let here = *self;
        if here.busy.get_untracked() {
            return;
        }
        if !here.stores.online.get_untracked() {
            return here.stores.say(words().no_network.to_owned());
        }
        here.busy.set(true);
        task(async move {
            let answer = asking.await;
            here.sure.try_set(false);
            match answer {
                Ok(booking) => {
                    here.busy.try_set(false);
                    remember_bookings(std::slice::from_ref(&booking));
                    if let Some(done) = done {
                        here.stores.say(done.to_owned());
                        // What was pressed is gone with what it did.
                        focus_heading();
                    }
                    let told = Load::Here(Fresh::told(booking));
                    here.booking.load.try_set(told);
                    // A look that is on its way may be of before, and is given up.
                    here.booking.again();
                }
                Err(error) if !error.is_unknown() => {
                    here.busy.try_set(false);
                    here.stores.session.heed(&error);
                    here.stores.say(told(&error));
                    here.booking.again();
                }
                Err(error) => {
                    leptos::logging::warn!("{error}");
                    here.checking.try_set(true);
                    here.stores.say(text().checking.to_owned());
                    here.booking.again();
                }
            }
        });
    }
}

/// Why it was not done.
fn told(error: &Error) -> String {
    match error {
        Error::Refused { problem, .. } if problem.kind == ProblemKind::NotNow => {
            text().not_now.to_owned()
        }
        _ => explain(error).0,
    }
}

/// `周五 11-27 10:30–11:00`, by the shop's clock.
pub fn when(day: &str, from: &Moment, to: &Moment) -> String {
    let date = crate::parts::timeline::date(from);
    [day, " ", &date, " ", &from.clock(), "–", &to.clock()].concat()
}

/// Reads a booking; without a network the one that was seen last, so that its code can be shown.
async fn ask(stores: Stores, id: BookingId) -> Result<Fresh<Booking>, Error> {
    match stores.client().bookings().booking(&id).await {
        Ok(fresh) => {
            remember_bookings(std::slice::from_ref(&fresh.value));
            Ok(fresh)
        }
        Err(because) if !because.is_unknown() => Err(because),
        Err(because) => {
            let mut kept = remembered_bookings().into_iter();
            match kept.find(|booking| booking.id == id) {
                Some(booking) => Ok(Fresh::kept(booking, because)),
                None => Err(because),
            }
        }
    }
}

/// Whether a booking may become something else while one looks.
fn may_move(booking: &Booking) -> bool {
    let last = booking.history.last().map(|change| change.at.ms);
    let undoable = last.is_some_and(|at| now_ms() <= at.saturating_add(UNDO_FOR));
    booking.state == BookingState::Booked || undoable
}

/// The page.
pub fn page(id: BookingId) -> View {
    let stores = stores();
    // Made here, so that a look at the booking meanwhile takes none of it away.
    let (busy, checking, sure) = (
        RwSignal::new(false),
        RwSignal::new(false),
        RwSignal::new(false),
    );
    let content = move || {
        if !stores.session.is_open() {
            return sign_in_first(&booking_path(&id));
        }
        let (key, id) = (
            ["booking/", spoken().tag(), "/", id.as_str()].concat(),
            id.clone(),
        );
        let booking = reading(key, move || Box::pin(ask(stores, id.clone())));
        booking.ends_with_session();
        let here = Here {
            stores,
            booking,
            busy,
            checking,
            sure,
        };
        effect(move |_| {
            let is_of_now = booking
                .load
                .with(|load| matches!(load, Load::Here(fresh) if fresh.source == Source::Backend));
            if is_of_now && checking.get_untracked() {
                checking.set(false);
                busy.set(false);
            }
        });
        let tick = RwSignal::new(0_u32);
        every(FRESH_FOR, move || {
            tick.update(|tick| *tick = tick.wrapping_add(1));
            let again = booking
                .load
                .with_untracked(|load| matches!(load, Load::Here(fresh) if may_move(&fresh.value)));
            if again || checking.get_untracked() {
                booking.look();
            }
        });
        let phone = phone();
        let seen = Memo::new(move |_| {
            tick.track();
            booking.load.with(|load| match load {
                Load::Here(fresh) => Some(Seen::of(fresh)),
                _ => None,
            })
        });
        let verdict = Memo::new(move |_| {
            booking.load.with(|load| match load {
                Load::Here(fresh) => fresh.value.verdict,
                _ => None,
            })
        });
        changing(move || match seen.get() {
            Some(seen) => {
                let strip = aged(&seen.source, move || booking.again());
                view! { {strip} {shown::whole(&seen, here, verdict, phone)} }
            }
            None => show(booking, "me", |_| ().into_view(), none_such),
        })
    };
    view! { <div class="page">{changing(content)}</div> }
}

/// The shop's number, once it is known.
fn phone() -> Memo<Option<String>> {
    let storefront = storefront();
    Memo::new(move |_| {
        storefront.load.with(|load| match load {
            Load::Here(fresh) => {
                Some(fresh.value.storefront.shop.phone.clone()).filter(|phone| !phone.is_empty())
            }
            _ => None,
        })
    })
}

fn none_such() -> View {
    let all = view! { <a class="btn" href="/bookings">{words().bookings}</a> }.into_view();
    notice(
        "search",
        text().none_such.to_owned(),
        String::new(),
        all,
        false,
    )
}

/// What its member said of what was tasted.
type Said = Memo<Option<Verdict>>;
