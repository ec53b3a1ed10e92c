//! A booking goes to another time. Until that is done its place stays.

use super::super::words::text;
use super::Here;
use super::place::why_not;
use crate::browser::address::{Address, go};
use crate::parts::icon;
use crate::parts::taste::{booking_path, when};
use crate::view::{IntoView, View, changing, follows, on, task, view};
use client::Error;
use domain::booking::Booking;
use domain::id::{BookingId, SlotId};
use domain::time::Moment;
use leptos::prelude::*;

/// Which booking it is, and that nothing is lost meanwhile.
pub fn from(here: Here) -> View {
    let text = text();
    let booked = here
        .booked()
        .map(|booking| (text.moving_from)(&when(&booking.from)));
    view! {
        <div class="card known" role="status">
            <p>{icon("clock")} <strong>{booked.unwrap_or_default()}</strong></p>
            <p class="quiet">{text.moving_hint}</p>
        </div>
    }
}

/// Moves it to a time.
pub fn to(here: Here, booking: BookingId, slot: SlotId, from: &Moment) -> View {
    let text = text();
    let is_same = untrack(|| here.booked()).is_some_and(|booked| booked.slot == slot);
    if is_same {
        return view! { <p class="card said" role="status">{text.move_same}</p> };
    }
    let (busy, trouble) = (here.moving, here.trouble);
    let name = (text.move_to)(&when(from));
    let pressed_on = here.address.with_untracked(|address| address.path.clone());
    let wanted = StoredValue::new((booking, slot, pressed_on));
    let act = on(move |_| {
        busy.set(true);
        trouble.set(String::new());
        let (booking, slot, pressed_on) = wanted.get_value();
        task(async move {
            let answer = here
                .stores
                .client()
                .bookings()
                .move_to(&booking, &slot)
                .await;
            let answer = match answer {
                Err(error) if error.is_unknown() => {
                    here.stores.say(text.move_unknown.to_owned());
                    moved_after_all(here, &booking, &slot, Err(error)).await
                }
                answer => answer,
            };
            busy.try_set(false);
            match answer {
                Ok(_) => {
                    here.stores.say(text.moved.to_owned());
                    // Whoever has gone elsewhere meanwhile is not taken away from there.
                    let is_here = |address: &Address| address.path == pressed_on;
                    if here.address.with_untracked(is_here) {
                        go(here.address, &booking_path(&booking), true);
                    }
                }
                Err(error) => {
                    here.stores.session.heed(&error);
                    trouble.try_set(why_not(&error));
                    if trouble.try_get_untracked().is_some() {
                        here.again();
                    }
                }
            }
        });
    });
    let said = changing(move || {
        let why = trouble.get();
        (!why.is_empty())
            .then(|| view! { <p class="trouble" role="alert">{why}</p> })
            .into_view()
    });
    view! {
        <div class="card known">
            {said}
            <button type="button" class="btn wide" disabled=follows(move || busy.get()) on:click=act>{name}</button>
        </div>
    }
}

/// Whether a move of which no answer came has happened: the booking itself says so.
async fn moved_after_all(
    here: Here,
    booking: &BookingId,
    slot: &SlotId,
    answer: Result<Booking, Error>,
) -> Result<Booking, Error> {
    match here.stores.client().bookings().booking(booking).await {
        Ok(fresh) if fresh.value.slot == *slot => Ok(fresh.value),
        _ => answer,
    }
}
