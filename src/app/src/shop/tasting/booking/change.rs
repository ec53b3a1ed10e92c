//! What can be done with a booking: say that one is coming, put it into the calendar, move it, call
//! it off, or book again.

use super::words::text;
use super::{Here, Seen};
use crate::parts::icon;
use crate::parts::taste::taste_path;
use crate::parts::timeline::date;
use crate::view::{IntoView, View, changing, follows, on, view};
use crate::words::words;
use domain::booking::{Booking, BookingState};
use domain::id::BookingId;
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("confirm.css");

/// Who did not come before is asked to say on the day that they will; nothing for others.
pub fn confirm(seen: &Seen, here: Here) -> Option<View> {
    let class = style_sheet!("src/app/src/shop/tasting/booking/confirm.css");
    let texts = text();
    let asked = seen.booking.confirm?;
    let clock = asked.until.clock();
    if asked.given {
        return Some(view! {
            <div class=["card ", class].concat()><p>{icon("check")} <strong>{texts.confirmed}</strong></p></div>
        });
    }
    let hint = if seen.may_confirm {
        (texts.confirm_now)(&clock)
    } else {
        (texts.confirm_ahead)(&date(&asked.until), &clock)
    };
    let id = seen.booking.id.clone();
    let come = on(move |_| {
        let id = id.clone();
        here.act(
            Box::pin(async move { here.stores.client().bookings().confirm_coming(&id).await }),
            Some(texts.confirmed),
        );
    });
    let button = seen.may_confirm.then(|| view! {
        <button type="button" class="btn wide" disabled=follows(move || here.busy.get()) on:click=come>{texts.coming}</button>
    });
    Some(view! {
        <div class=["card ", class].concat()>
            <p>{icon("clock")} <strong>{texts.confirm_on_the_day}</strong></p>
            <p>{hint}</p>
            {button}
        </div>
    })
}

/// The ways on from it.
pub fn ways(seen: &Seen, here: Here, phone: Memo<Option<String>>) -> View {
    let texts = text();
    let booking = &seen.booking;
    match booking.state {
        BookingState::Booked => to_come(seen, here, phone),
        BookingState::Cancelled | BookingState::NoShow => view! {
            <div class="do"><a class="btn" href=taste_path(&booking.tasting.id)>{texts.again}</a></div>
        },
        BookingState::CheckedIn | BookingState::Unknown => ().into_view(),
    }
}

fn to_come(seen: &Seen, here: Here, phone: Memo<Option<String>>) -> View {
    let texts = text();
    let booking = &seen.booking;
    let client = here.stores.client();
    let file = client.bookings().calendar_address(&booking.id);
    let change = if seen.may_change {
        changeable(booking, here)
    } else {
        let ring = changing(move || {
            let ring = phone.get().map(|phone| {
                view! { <a class="btn soft" href=["tel:", &phone].concat()>{icon("phone")} {words().call}</a> }
            });
            ring.into_view()
        });
        view! {
            <div class="late">
                <p><strong>{texts.too_late}</strong></p>
                <p class="quiet">{texts.too_late_hint}</p>
                {ring}
            </div>
        }
    };
    view! {
        <div class="do">
            <a class="btn soft" href=file download="tasting.ics">{icon("clock")} {texts.calendar}</a>
            <p class="quiet">{texts.calendar_hint}</p>
        </div>
        {change}
    }
}

fn changeable(booking: &Booking, here: Here) -> View {
    let (words, texts) = (words(), text());
    let Here { busy, sure, .. } = here;
    let elsewhen = [
        &taste_path(&booking.tasting.id),
        "?move=",
        &client::endpoint::encode(booking.id.as_str()),
    ]
    .concat();
    let until = booking.may_cancel_until.map(|until| {
        let when = [&date(&until), " ", &until.clock()].concat();
        view! { <p class="quiet">{(texts.until)(&when)}</p> }
    });
    let id = booking.id.clone();
    view! {
        <div class="do">
            <a class="btn soft" href=elsewhen>{texts.move_on}</a>
            <button type="button" class="btn soft" hidden=follows(move || sure.get()) on:click=on(move |_| sure.set(true))>{texts.cancel}</button>
            <p class="sure" hidden=follows(move || !sure.get())>
                <span>{texts.cancel_sure}</span>
                <button type="button" class="btn" disabled=follows(move || busy.get()) on:click=on(move |_| cancel(id.clone(), here))>{texts.cancel_yes}</button>
                <button type="button" class="btn soft" on:click=on(move |_| sure.set(false))>{words.cancel_no}</button>
            </p>
            {until}
        </div>
    }
}

fn cancel(id: BookingId, here: Here) {
    here.act(
        Box::pin(async move { here.stores.client().bookings().cancel(&id).await }),
        Some(text().cancelled),
    );
}
