//! A booking goes to another time. Until that is done its place stays.

use super::super::words::text;
use super::Here;
use super::place::why_not;
use crate::browser::address::go;
use crate::parts::icon;
use crate::parts::taste::when;
use crate::view::{IntoView, View, changing, follows, on, task, view};
use client::Error;
use domain::booking::Booking;
use domain::id::BookingId;
use domain::tasting::Slot;
use leptos::prelude::*;

fn page_of(booking: &BookingId) -> String {
    ["/bookings/", &client::endpoint::encode(booking.as_str())].concat()
}

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
pub fn to(here: Here, booking: BookingId, slot: Slot) -> View {
    let text = text();
    let is_same = untrack(|| here.booked()).is_some_and(|booked| booked.slot == slot.id);
    if is_same {
        return view! { <p class="card said" role="status">{text.move_same}</p> };
    }
    let (busy, trouble) = (RwSignal::new(false), RwSignal::new(String::new()));
    let name = (text.move_to)(&when(&slot.from));
    let wanted = StoredValue::new((booking, slot.id));
    let act = on(move |_| {
        busy.set(true);
        trouble.set(String::new());
        task(async move {
            let (booking, slot) = wanted.get_value();
            let answer = here
                .stores
                .client()
                .bookings()
                .move_to(&booking, &slot)
                .await;
            let answer = match answer {
                Err(Error::Offline | Error::TimedOut | Error::Undecodable { .. }) => {
                    here.stores.say(text.move_unknown.to_owned());
                    moved_after_all(here, &booking, &slot, answer).await
                }
                answer => answer,
            };
            busy.try_set(false);
            match answer {
                Ok(_) => {
                    here.stores.say(text.moved.to_owned());
                    go(here.address, &page_of(&booking), true);
                }
                Err(error) => {
                    here.stores.session.heed(&error);
                    trouble.try_set(why_not(&error));
                    here.again();
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
    slot: &domain::id::SlotId,
    answer: Result<Booking, Error>,
) -> Result<Booking, Error> {
    match here.stores.client().bookings().booking(booking).await {
        Ok(fresh) if fresh.value.slot == *slot => Ok(fresh.value),
        _ => answer,
    }
}
