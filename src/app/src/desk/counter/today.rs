//! Today's orders by the time of their pickup, each with its next step.

use crate::desk::told;
use crate::desk::words::text as words;
use crate::parts::state::notice;
use crate::state::reading::Reading;
use crate::state::stores;
use crate::view::{IntoView, View, follows, on, task, view};
use crate::words::day_name;
use domain::desk::DeskOrders;
use domain::order::{Actor, Order, OrderState, Step};
use domain::time::Moment;
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("today.css");

/// The list: what is open first, what is done below.
pub fn list(orders: DeskOrders, reading: Reading<DeskOrders>) -> View {
    let class = style_sheet!("src/app/src/desk/counter/today.css");
    let words = words();
    let now = orders.now;
    let (done, open): (Vec<_>, Vec<_>) = orders
        .orders
        .into_iter()
        .partition(|order| order.state.is_final());
    let nothing = (open.is_empty() && done.is_empty()).then(|| {
        notice(
            "shop",
            words.nothing.to_owned(),
            words.nothing_hint.to_owned(),
            ().into_view(),
            false,
        )
    });
    let counts = (words.counts)(open.len(), done.len());
    let finished = (!done.is_empty()).then(|| view! { <h3>{words.finished}</h3> });
    let rows = |orders: Vec<Order>| {
        let rows = orders.into_iter().map(|order| row(order, now, reading));
        rows.collect::<Vec<_>>()
    };
    view! {
        <div class=class>
            <header><h2>{words.today}</h2> <span class="quiet">{counts}</span></header>
            {nothing}
            <ul>{rows(open)}</ul>
            {finished}
            <ul class="done">{rows(done)}</ul>
        </div>
    }
}

fn row(order: Order, now: Moment, reading: Reading<DeskOrders>) -> View {
    let words = words();
    let stores = stores();
    let busy = RwSignal::new(false);
    let sure = RwSignal::new(false);
    let id = StoredValue::new(order.id.clone());
    let step = move |step: &'static str| {
        busy.set(true);
        task(async move {
            let answer = stores.client().desk().step(&id.get_value(), step).await;
            busy.try_set(false);
            if let Err(error) = answer {
                stores.say(told(&error, ""));
            }
            reading.again();
        });
    };
    let next = match order.state {
        OrderState::Placed => Some((words.pack, "pack")),
        OrderState::Packed => Some((words.ready, "ready")),
        _ => None,
    };
    let next = next.map(|(name, step_name)| {
        let label = [name, " ", &order.number].concat();
        view! { <button type="button" class="btn" aria-label=label disabled=follows(move || busy.get()) on:click=on(move |_| step(step_name))>{name}</button> }
    });
    let waits = (order.state == OrderState::Ready)
        .then(|| view! { <span class="quiet">{words.waits}</span> });
    let may_cancel = order.state.after(Step::Cancel, Actor::Staff).is_some();
    let cancel = may_cancel.then(|| {
        let label = [words.cancel, " ", &order.number].concat();
        view! {
            <button type="button" class="cancel" aria-label=label hidden=follows(move || sure.get()) on:click=on(move |_| sure.set(true))>{words.cancel}</button>
            <button type="button" class="btn warn" hidden=follows(move || !sure.get()) disabled=follows(move || busy.get()) on:click=on(move |_| step("cancel"))>{words.cancel_sure}</button>
        }
    });
    let paid = super::is_paid(&order).then(|| view! { <span class="tag">{words.paid}</span> });
    let new = order.state == OrderState::Placed;
    // What goes into the bag, whether bought alone or in a bundle.
    let parts = order.bundles.iter().flat_map(|bundle| &bundle.parts);
    let goods = order
        .lines
        .iter()
        .chain(parts)
        .map(|line| {
            [
                line.name.as_str(),
                " ",
                &line.variant_name,
                " × ",
                &line.quantity.to_string(),
            ]
            .concat()
        })
        .collect::<Vec<_>>()
        .join("，");
    let time = [&order.pickup.from.clock(), "–", &order.pickup.to.clock()].concat();
    view! {
        <li class:new=follows(move || new)>
            <div class="when"><strong>{time}</strong> <span>{day_name(&now, &order.pickup.from)}</span></div>
            <div class="what">
                <p><strong>{order.number.clone()}</strong> " " {order.contact.name.clone()} " " <span class="tag">{(words.state)(order.state)}</span> {paid} {new.then(|| view! { <span class="tag save">{words.new}</span> })}</p>
                <p>{goods}</p>
                {(!order.note.is_empty()).then(|| view! { <p class="note">{order.note.clone()}</p> })}
            </div>
            <div class="do">{next} {waits} {cancel}</div>
        </li>
    }
}
