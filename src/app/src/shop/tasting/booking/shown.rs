//! A booking as it is: what it is called now, the code, when and where, what happened.

use super::words::text;
use super::{Here, Said, Seen, after, change, when};
use crate::parts::code::code;
use crate::parts::plate::plate;
use crate::parts::taste::taste_path;
use crate::parts::timeline::{Event, timeline};
use crate::view::{IntoView, View, changing, text as live, view};
use crate::words::words;
use domain::booking::{Booking, BookingEvent, BookingState};
use domain::order::Actor;
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("booking.css");

/// The whole of it.
pub fn whole(seen: &Seen, here: Here, verdict: Said, phone: Memo<Option<String>>) -> View {
    let class = style_sheet!("src/app/src/shop/tasting/booking/booking.css");
    let (words, texts) = (words(), text());
    let booking = &seen.booking;
    let state = booking.state;
    let hint = if was_given_away(booking) {
        texts.given_away
    } else {
        (texts.state_hint)(state)
    };
    let checking = move || {
        if here.checking.get() {
            texts.checking.to_owned()
        } else {
            String::new()
        }
    };
    let shown = booking.code.as_ref();
    let shown = shown.map(|shown| code(texts.code, texts.code_hint, &shown.digits, &shown.qr));
    let fact = |name: &'static str, value: String| {
        (!value.is_empty()).then(|| view! { <div><dt>{name}</dt> <dd>{value}</dd></div> })
    };
    let deposit = booking.tasting.deposit;
    let deposit = deposit.filter(|_| state == BookingState::Booked);
    let deposit = deposit.map(|amount| (texts.deposit_of)(&amount.to_string()));
    let ring = changing(move || {
        let line = phone.get().map(|phone| {
            view! { <div><dt>{texts.phone}</dt> <dd><a href=["tel:", &phone].concat()>{phone.clone()}</a></dd></div> }
        });
        line.into_view()
    });
    let history = booking.history.iter().map(|change| Event {
        name: (texts.event)(change.what),
        at: change.at,
        by: (texts.by)(change.by),
    });
    let tasting = &booking.tasting;
    let its_page = taste_path(&tasting.id);
    view! {
        <section class=class>
            <p class="state" role="status"><strong>{(texts.state)(state)}</strong> <span class="quiet">{hint}</span></p>
            <p class="checking" role="status">{live(checking)}</p>
            {change::confirm(seen, here)}
            {shown}
            {(state == BookingState::CheckedIn).then(|| after::after(booking, here, verdict))}
            <a class="card what" href=its_page>
                {plate(tasting.picture.as_ref(), true)}
                <strong>{tasting.title.clone()}</strong>
            </a>
            <dl class="card">
                {fact(texts.when, when(&seen.day, &booking.from, &booking.to))}
                {fact(texts.party, (texts.people)(booking.party))}
                {fact(texts.place, booking.place.clone())}
                {ring}
                {deposit.map(|deposit| fact(texts.deposit, deposit))}
                {fact(words.your_name, booking.name.clone())}
                {fact(words.note, booking.note.clone())}
                {fact(texts.number, booking.number.clone())}
            </dl>
            {change::ways(seen, here, phone)}
            {timeline(texts.history, history.collect())}
        </section>
    }
}

/// Whether others have the place because it was not confirmed in time.
fn was_given_away(booking: &Booking) -> bool {
    let last = booking.history.last();
    booking.state == BookingState::Cancelled
        && last.is_some_and(|change| {
            change.what == BookingEvent::Cancelled && change.by == Actor::System
        })
}
