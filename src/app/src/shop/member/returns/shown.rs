//! What an order's page shows of its returns, and the way to ask for one.

use super::back;
use crate::parts::plate::plate;
use crate::parts::state::explain;
use crate::state::stores;
use crate::view::{IntoView, View, follows, on, task, view};
use crate::words::after_sale::text;
use domain::after_sale::{Return, ReturnLine, ReturnState};
use domain::order::Order;
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("shown.css");

/// The returns of an order; nothing when there is none. `again` looks at the order anew.
pub fn returns(order: &Order, again: impl Fn() + Copy + 'static) -> View {
    let class = style_sheet!("src/app/src/shop/member/returns/shown.css");
    let text = text();
    if order.returns.is_empty() {
        return ().into_view();
    }
    // The newest first: what waits is what one looks for.
    let asked = order.returns.iter().rev();
    let asked = asked.map(|asked| one(order, asked, again));
    view! {
        <section class=class aria-label=text.returns>
            <h2>{text.returns}</h2>
            <ul>{asked.collect::<Vec<_>>()}</ul>
        </section>
    }
}

/// The way to the page on which one asks; nothing when none can be asked for.
pub fn way(order: &Order) -> Option<View> {
    order.returnable_until.as_ref()?;
    let page = ["/orders/", order.id.as_str(), "/return"].concat();
    Some(view! { <a class="btn soft" href=page>{text().ask}</a> })
}

fn one(order: &Order, asked: &Return, again: impl Fn() + Copy + 'static) -> View {
    let text = text();
    let line = |line: &ReturnLine| {
        let what = [
            line.variant_name.as_str(),
            " × ",
            &line.quantity.to_string(),
        ]
        .concat();
        view! {
            <li>{plate(line.picture.as_ref(), true)} <span>{line.name.clone()} " " <span class="quiet">{what}</span></span></li>
        }
    };
    let told = [(text.reason)(asked.reason), asked.note.as_str()];
    let told: Vec<&str> = told.into_iter().filter(|told| !told.is_empty()).collect();
    let picture = asked.picture.clone().map(
        |url| view! { <img class="sent" src=url alt=text.picture_alt width="160" height="160" loading="lazy" /> },
    );
    let answer = (!asked.answer.is_empty())
        .then(|| view! { <p class="answer">{(text.answer)(&asked.answer)}</p> });
    let comes_back =
        matches!(asked.state, ReturnState::Requested | ReturnState::Approved).then(|| {
            let done = asked.state == ReturnState::Approved;
            let points = (asked.points, asked.revoked);
            back::lines(asked.amount, done, order.payment, points, &asked.coupons)
        });
    view! {
        <li class="card">
            <p class="state"><strong>{(text.state)(asked.state)}</strong> <span class="quiet">{(text.state_hint)(asked.state)}</span></p>
            {answer}
            <ul class="goods">{asked.lines.iter().map(line).collect::<Vec<_>>()}</ul>
            <p class="why">{told.join(" · ")}</p>
            {picture}
            {comes_back}
            {(asked.state == ReturnState::Requested).then(|| withdrawing(order, asked, again))}
        </li>
    }
}

fn withdrawing(order: &Order, asked: &Return, again: impl Fn() + Copy + 'static) -> View {
    let text = text();
    let stores = stores();
    let (sure, busy) = (RwSignal::new(false), RwSignal::new(false));
    let ids = StoredValue::new((order.id.clone(), asked.id.clone()));
    let withdraw = move || {
        busy.set(true);
        task(async move {
            let (order, id) = ids.get_value();
            let answer = stores.client().after_sale().withdraw(&order, &id).await;
            busy.try_set(false);
            sure.try_set(false);
            stores.say(match answer {
                Ok(_) => text.withdrawn.to_owned(),
                Err(error) => explain(&error).0,
            });
            again();
        });
    };
    view! {
        <div class="withdraw">
            <button type="button" class="btn soft" hidden=follows(move || sure.get()) on:click=on(move |_| sure.set(true))>{text.withdraw}</button>
            <p hidden=follows(move || !sure.get())>
                <span>{text.withdraw_sure}</span>
                <button type="button" class="btn" disabled=follows(move || busy.get()) on:click=on(move |_| withdraw())>{text.withdraw_yes}</button>
                <button type="button" class="btn soft" on:click=on(move |_| sure.set(false))>{text.withdraw_no}</button>
            </p>
        </div>
    }
}
