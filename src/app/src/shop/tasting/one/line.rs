//! The line of a full slot.

use super::super::words::text;
use super::Here;
use crate::parts::icon;
use crate::parts::state::explain;
use crate::parts::stepper::stepper;
use crate::parts::taste::when;
use crate::shop::member::no_room;
use crate::view::{View, follows, on, task, view};
use client::outbox::Errand;
use domain::id::SlotId;
use domain::waiting::{WaitRequest, Waiting, WaitingState};
use leptos::prelude::*;

/// Offers to stand in line.
pub fn wait(here: Here, slot: SlotId) -> View {
    let text = text();
    // Whoever has just lost a place is told so.
    let was = here.place.with(|place| place.was(&slot));
    let was = was.then(|| view! { <p class="trouble" role="alert">{text.over}</p> });
    let errand = Errand::Waiting(slot);
    let (idle, room) = (errand.clone(), errand.clone());
    let limit = here.with(|tasting| tasting.most_people.min(tasting.capacity));
    let limit = limit.unwrap_or(1).max(1);
    let people = stepper(
        text.people.to_owned(),
        move || here.party.get(),
        1,
        move || limit,
        move |party| here.party.set(party),
    );
    let is_off = move || !here.stores.post.is_idle(&idle);
    let stand = on(move |_| {
        let request = WaitRequest {
            party: here.party.get_untracked(),
        };
        here.stores
            .post
            .submit(errand.clone(), &request, here.stores);
    });
    view! {
        <div class="card known">
            {was}
            <p role="status">{icon("clock")} <strong>{text.wait}</strong></p>
            <p class="quiet">{text.wait_hint}</p>
            <div class="people"><span>{text.people}</span> {people}</div>
            {no_room(room)}
            <button type="button" class="btn wide" disabled=follows(is_off) on:click=stand>{text.wait_do}</button>
        </div>
    }
}

/// Where the member stands in a line; a place that is offered can be taken.
pub fn known(here: Here, line: &Waiting) -> View {
    let text = text();
    let slot = StoredValue::new(line.slot.clone());
    let leave = on(move |_| {
        task(async move {
            let slot = slot.get_value();
            match here.stores.client().bookings().leave(&slot).await {
                Ok(()) => here.stores.say(text.left_line.to_owned()),
                Err(error) => here.stores.say(explain(&error).0),
            }
            here.again();
        });
    });
    let offer = line
        .expires_at
        .filter(|_| line.state == WaitingState::Offered);
    let said = match &offer {
        Some(until) => (text.offered)(&until.clock()),
        None => (text.in_line)(line.place),
    };
    let hint = offer
        .is_none()
        .then(|| view! { <p class="quiet">{text.in_line_hint}</p> });
    let take = offer.map(|_| {
        let day = super::day_of(here, &line.slot).unwrap_or_default();
        view! { <a class="btn wide" href=here.path(&day, Some(&line.slot))>{text.take_offer}</a> }
    });
    view! {
        <div class="card known" role="status">
            <p>{icon("clock")} <strong>{when(&line.from)}</strong> <span>{said}</span></p>
            {hint}
            <p class="do">{take} <button type="button" class="btn soft wide" on:click=leave>{text.leave}</button></p>
        </div>
    }
}
