//! The member's bookings, and the lines that they stand in.

use super::booking::words::text;
use super::booking::{FRESH_FOR, when};
use crate::browser::now_ms;
use crate::parts::icon;
use crate::parts::plate::plate;
use crate::parts::sign_in::sign_in_first;
use crate::parts::state::{aged, explain, notice, show};
use crate::parts::taste::{booking_path, taste_path};
use crate::state::reading::{Load, Reading, reading};
use crate::state::session::{remember_all_bookings, remembered_bookings};
use crate::state::{Stores, stores};
use crate::view::{IntoView, View, changing, every, follows, on, task, view};
use crate::words::{day_name, spoken, words};
use client::{Error, Fresh, Source};
use domain::booking::{Booking, BookingState, MyBookings};
use domain::id::SlotId;
use domain::time::Moment;
use domain::waiting::{Waiting, WaitingState};
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("bookings.css");

/// The list as it is shown: a look that finds the same draws nothing anew.
#[derive(Clone, Debug, PartialEq)]
struct Seen {
    bookings: Vec<Booking>,
    waiting: Vec<Waiting>,
    source: Source,
}

/// What is being done with a line.
#[derive(Clone, Copy, Debug)]
struct Leaving {
    stores: Stores,
    list: Reading<MyBookings>,
    busy: RwSignal<bool>,
    /// Which line one was asked about.
    sure: RwSignal<Option<SlotId>>,
}

/// Reads them; without a network those that are to come as they were seen last.
async fn ask(stores: Stores) -> Result<Fresh<MyBookings>, Error> {
    match stores.client().bookings().mine().await {
        Ok(fresh) => {
            remember_all_bookings(&fresh.value.bookings);
            Ok(fresh)
        }
        Err(because) if !because.is_unknown() => Err(because),
        Err(because) => {
            let bookings = remembered_bookings();
            let Some(first) = bookings.first() else {
                return Err(because);
            };
            let now = Moment {
                ms: now_ms(),
                ..first.from
            };
            let waiting = Vec::new();
            let mine = MyBookings {
                now,
                bookings,
                waiting,
            };
            Ok(Fresh::kept(mine, because))
        }
    }
}

/// The page.
pub fn page() -> View {
    let stores = stores();
    let (busy, sure) = (RwSignal::new(false), RwSignal::new(None));
    let content = move || {
        if !stores.session.is_open() {
            return sign_in_first("/bookings");
        }
        let list = reading(["bookings/", spoken().tag()].concat(), move || {
            Box::pin(ask(stores))
        });
        list.ends_with_session();
        every(FRESH_FOR, move || {
            let again = list.load.with_untracked(|load| match load {
                Load::Here(fresh) => {
                    let mut lines = fresh.value.waiting.iter();
                    lines.any(|line| !line.state.is_final())
                }
                _ => false,
            });
            if again {
                list.look();
            }
        });
        let seen = Memo::new(move |_| {
            list.load.with(|load| match load {
                Load::Here(fresh) => Some(Seen {
                    bookings: fresh.value.bookings.clone(),
                    waiting: fresh.value.waiting.clone(),
                    source: fresh.source.clone(),
                }),
                _ => None,
            })
        });
        let leaving = Leaving {
            stores,
            list,
            busy,
            sure,
        };
        changing(move || match seen.get() {
            Some(seen) => {
                let strip = aged(&seen.source, move || list.again());
                view! { {strip} {whole(seen, leaving)} }
            }
            None => show(
                list,
                "me",
                |_| ().into_view(),
                crate::shop::missing::notice_only,
            ),
        })
    };
    view! { <div class="page">{changing(content)}</div> }
}

fn whole(seen: Seen, leaving: Leaving) -> View {
    let class = style_sheet!("src/app/src/shop/tasting/bookings/bookings.css");
    let texts = text();
    let told = |line: &Waiting| {
        matches!(
            line.state,
            WaitingState::Waiting
                | WaitingState::Offered
                | WaitingState::Missed
                | WaitingState::Over
        )
    };
    let lines: Vec<Waiting> = seen.waiting.into_iter().filter(told).collect();
    let (coming, before): (Vec<_>, Vec<_>) = seen
        .bookings
        .into_iter()
        .partition(|booking| booking.state == BookingState::Booked);
    let way = view! { <a class="btn" href="/tastings">{texts.tastings}</a> };
    if lines.is_empty() && coming.is_empty() && before.is_empty() {
        return notice(
            "clock",
            texts.none.to_owned(),
            texts.none_hint.to_owned(),
            way,
            false,
        );
    }
    let part = |name: &'static str, rows: Vec<View>| {
        (!rows.is_empty()).then(|| view! { <h2>{name}</h2> <ul>{rows}</ul> })
    };
    let rows = |all: Vec<Booking>| all.iter().map(row).collect::<Vec<_>>();
    let lines = lines.into_iter().map(|line| line_row(line, leaving));
    view! {
        <section class=class>
            {part(texts.lines, lines.collect())}
            {part(texts.coming_up, rows(coming))}
            {part(texts.before, rows(before))}
            <p>{way}</p>
        </section>
    }
}

fn today(moment: Moment) -> String {
    let now = Moment {
        ms: now_ms(),
        ..moment
    };
    day_name(&now, &moment)
}

fn row(booking: &Booking) -> View {
    let texts = text();
    let tasting = &booking.tasting;
    let time = when(&today(booking.from), &booking.from, &booking.to);
    let asked = booking.confirm.filter(|confirm| !confirm.given);
    let asked = asked
        .map(|_| view! { <span class="tag save">{texts.confirm_on_the_day}</span> }.into_view());
    let its_page = booking_path(&booking.id);
    view! {
        <li class="card">
            <a class="row" href=its_page>
                {plate(tasting.picture.as_ref(), true)}
                <span>
                    <strong>{tasting.title.clone()}</strong>
                    <span>{time}</span>
                    <span class="quiet">{(texts.state)(booking.state)} " · " {(texts.people)(booking.party)}</span>
                    {asked}
                </span>
                {icon("more")}
            </a>
        </li>
    }
}

fn line_row(line: Waiting, leaving: Leaving) -> View {
    let (words, texts) = (words(), text());
    let Leaving { busy, sure, .. } = leaving;
    let (said, hint) = match (line.state, line.expires_at) {
        (WaitingState::Offered, Some(until)) => {
            ((texts.offered)(&until.clock()), texts.offered_hint)
        }
        (WaitingState::Offered, None) => (texts.take.to_owned(), texts.offered_hint),
        (WaitingState::Missed, _) => (texts.line_missed.to_owned(), ""),
        (WaitingState::Over, _) => (texts.line_over.to_owned(), ""),
        _ => ((texts.in_line)(line.place), texts.in_line_hint),
    };
    let time = when(&today(line.from), &line.from, &line.to);
    let tasting = taste_path(&line.tasting.id);
    let slot = StoredValue::new(line.slot.clone());
    let its_slot = [
        tasting.as_str(),
        "?slot=",
        &client::endpoint::encode(line.slot.as_str()),
    ]
    .concat();
    let is_asked = move || sure.with(|sure| slot.with_value(|slot| sure.as_ref() == Some(slot)));
    let is_offered = line.state == WaitingState::Offered;
    let take = is_offered.then(|| view! { <a class="btn" href=its_slot>{texts.take}</a> });
    let leave = (!line.state.is_final()).then(|| view! {
        <button type="button" class="btn soft" hidden=follows(is_asked) on:click=on(move |_| sure.set(Some(slot.get_value())))>{texts.leave}</button>
        <p class="sure" hidden=follows(move || !is_asked())>
            <span>{texts.leave_sure}</span>
            <button type="button" class="btn" disabled=follows(move || busy.get()) on:click=on(move |_| leave(slot.get_value(), leaving))>{texts.leave_yes}</button>
            <button type="button" class="btn soft" on:click=on(move |_| sure.set(None))>{words.cancel_no}</button>
        </p>
    });
    view! {
        <li class="card line" class:offered=is_offered>
            <a class="row" href=tasting>
                {plate(line.tasting.picture.as_ref(), true)}
                <span>
                    <strong>{line.tasting.title.clone()}</strong>
                    <span>{time} " · " {(texts.people)(line.party)}</span>
                </span>
                {icon("more")}
            </a>
            <p role="status">{icon("clock")} <strong>{said}</strong></p>
            <p class="quiet">{hint}</p>
            <div class="do">{take} {leave}</div>
        </li>
    }
}

/// Leaves a line. Where the answer does not come, the list says what has become of it.
fn leave(slot: SlotId, leaving: Leaving) {
    let Leaving {
        stores,
        list,
        busy,
        sure,
    } = leaving;
    if busy.get_untracked() {
        return;
    }
    if !stores.online.get_untracked() {
        return stores.say(words().no_network.to_owned());
    }
    busy.set(true);
    task(async move {
        let answer = stores.client().bookings().leave(&slot).await;
        busy.try_set(false);
        sure.try_set(None);
        match answer {
            Ok(()) => stores.say(text().left.to_owned()),
            Err(error) if !error.is_unknown() => {
                stores.session.heed(&error);
                stores.say(explain(&error).0);
            }
            Err(error) => {
                leptos::logging::warn!("{error}");
                stores.say(text().checking.to_owned());
            }
        }
        list.again();
    });
}
