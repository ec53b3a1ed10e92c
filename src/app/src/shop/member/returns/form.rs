//! What is filled in: which pieces, why, a word, a picture; what comes back for it; and it is sent.

use super::draft::Draft;
use super::{back, picture};
use crate::parts::plate::plate;
use crate::parts::price::price;
use crate::parts::stepper::stepper;
use crate::state::stores;
use crate::view::{IntoView, Slot, View, changing, effect, follows, on, text as live, view};
use crate::words::after_sale::text;
use client::outbox::{Errand, NotSent, Progress};
use domain::after_sale::{self, MAX_WORD_CHARS, ReturnReason, Settlement, settle};
use domain::order::{Order, OrderLine};
use leptos::prelude::*;
use stylers::style_sheet;
use web_sys::{HtmlElement, HtmlTextAreaElement};

const _: &str = include_str!("form.css");

/// The form. `again` looks at the order anew.
pub fn form(order: Order, filled: RwSignal<Draft>, again: impl Fn() + Copy + 'static) -> View {
    let class = style_sheet!("src/app/src/shop/member/returns/form.css");
    let text = text();
    let stores = stores();
    let trouble = RwSignal::new(String::new());
    let sending = StoredValue::new(Errand::Return(order.id.clone()));
    let progress = Memo::new(move |_| stores.post.progress(&sending.get_value()));
    let busy = move || stores.post.is_under_way(&sending.get_value());
    let is_kept = RwSignal::new(true);
    let (goods, why) = (Slot::<HtmlElement>::new(), Slot::<HtmlElement>::new());
    let note = Slot::<HtmlTextAreaElement>::new();
    // What came back meanwhile cannot come back once more.
    filled.update(|draft| fit(draft, &order));
    let change = Callback::new(move |change: Change| {
        trouble.set(String::new());
        filled.update(|draft| match change {
            Change::Quantity(place, quantity) => draft.set_quantity(place, quantity),
            Change::Reason(reason) => draft.reason = Some(reason),
            Change::Note(note) => draft.note = note,
            Change::Picture(picture) => draft.picture = picture,
        });
        is_kept.set(filled.with_untracked(Draft::keep));
    });
    let payment = order.payment;
    let rows = rows(&order, filled, change);
    let reasons = ReturnReason::ALL.map(|reason| {
        view! {
            <label>
                <input type="radio" name="reason" value=reason.as_str() prop:checked=follows(move || filled.with(|draft| draft.reason == Some(reason))) on:change=on(move |_| change.run(Change::Reason(reason))) />
                <span>{(text.reason)(reason)}</span>
            </label>
        }
    });
    let typed = on(move |_| {
        if let Some(note) = note.get() {
            change.run(Change::Note(note.value()));
        }
    });
    let order = StoredValue::new(order);
    let settled = Memo::new(move |_| {
        filled.with(|draft| order.with_value(|order| settle(order, &draft.lines).ok()))
    });
    let comes_back = changing(move || match settled.get() {
        Some(Settlement {
            amount,
            points,
            revoked,
            coupons,
        }) => back::lines(amount, false, payment, (points, revoked), &coupons),
        None => view! { <p class="quiet">{text.back_hint}</p> },
    });
    let sum = changing(move || {
        let amount = settled.get().map(|settled| settled.amount);
        amount.map(|amount| price(amount, None, false)).into_view()
    });
    let submit = on(move |event| {
        event.prevent_default();
        if untrack(busy) {
            return;
        }
        let draft = filled.get_untracked();
        let first = if draft.lines.is_empty() {
            Some((text.choose_first, goods))
        } else {
            draft.reason.is_none().then_some((text.why_first, why))
        };
        if let Some((told, place)) = first {
            trouble.set(told.to_owned());
            if let Some(place) = place.get() {
                let _ = place.focus();
            }
            return;
        }
        trouble.set(String::new());
        stores
            .post
            .submit(sending.get_value(), &draft.request(), stores);
    });
    // Refused for what the order has become: then the page says so.
    effect(move |first| {
        if !busy() && !first {
            again();
        }
    });
    let online = stores.online;
    let warned = move || {
        let warning = if progress.get() == Some(Progress::NotSent(NotSent::NoRoom)) {
            super::super::words::text().no_room_hint
        } else if progress.get() == Some(Progress::Checking) {
            text.unknown
        } else if !online.get() {
            text.offline
        } else if !is_kept.get() {
            text.not_kept
        } else {
            ""
        };
        warning.to_owned()
    };
    let send_name = move || (if busy() { text.sending } else { text.send }).to_owned();
    let kept_note = filled.with_untracked(|draft| draft.note.clone());
    let put_picture = Callback::new(move |picture| change.run(Change::Picture(picture)));
    view! {
        <form class=class novalidate aria-busy=follows(move || busy().then_some("true")) on:submit=submit>
            <fieldset class="card" node_ref=goods tabindex="-1">
                <legend>{text.what}</legend>
                <p class="quiet">{text.what_hint}</p>
                <ul>{rows}</ul>
            </fieldset>
            <fieldset class="card" node_ref=why tabindex="-1">
                <legend>{text.why}</legend>
                <div class="reasons">{reasons}</div>
            </fieldset>
            <section class="card">
                <label><span>{text.note}</span> <textarea node_ref=note name="note" rows="2" maxlength=MAX_WORD_CHARS.to_string() placeholder=text.note_hint on:input=typed>{kept_note}</textarea></label>
                {picture::field(filled, put_picture)}
            </section>
            <section class="card" aria-label=text.back aria-live="polite">
                <h2>{text.back}</h2>
                {comes_back}
            </section>
            <div class="bar">
                <p class="trouble" role="alert">{live(move || trouble.get())}</p>
                <p class="warned" role="status">{live(warned)}</p>
                <div>{sum} <button class="btn wide" disabled=follows(busy)>{live(send_name)}</button></div>
            </div>
        </form>
    }
}

/// Something that was filled in.
enum Change {
    /// So many pieces of a line.
    Quantity(u32, u32),
    /// Why.
    Reason(ReturnReason),
    /// A word to it.
    Note(String),
    /// A picture, or none.
    Picture(Option<String>),
}

/// Leaves no more in a draft than can come back.
fn fit(draft: &mut Draft, order: &Order) {
    for line in &mut draft.lines {
        let there = order.bag().find(|there| there.place == line.line);
        line.quantity = line.quantity.min(there.map_or(0, after_sale::left));
    }
    draft.lines.retain(|line| line.quantity > 0);
}

/// Everything that is in the bag, each with how much of it comes back.
fn rows(order: &Order, filled: RwSignal<Draft>, change: Callback<Change>) -> Vec<View> {
    let text = text();
    let row = |line: &OrderLine, bundle: Option<&str>| {
        let (place, left) = (line.place, after_sale::left(line));
        let told = match bundle {
            Some(bundle) => [text.bundle_hint, " ", bundle, " · ", &line.variant_name].concat(),
            None => line.variant_name.clone(),
        };
        let count = move || filled.with(|draft| draft.quantity(place));
        let set = move |quantity| change.run(Change::Quantity(place, quantity));
        let choice = if left > 0 {
            view! {
                <span class="quiet">{(text.left)(left)}</span>
                {stepper(line.name.clone(), count, 0, move || left, set)}
            }
        } else {
            view! { <span class="quiet">{text.all_back}</span> }
        };
        view! {
            <li class:chosen=follows(move || count() > 0)>
                {plate(line.picture.as_ref(), true)}
                <div><strong>{line.name.clone()}</strong><p class="quiet">{told}</p></div>
                <div class="many">{choice}</div>
            </li>
        }
    };
    let lines = order.lines.iter().map(|line| row(line, None));
    let parts = order.bundles.iter().flat_map(|bundle| {
        let parts = bundle.parts.iter();
        parts.map(|part| row(part, Some(bundle.name.as_str())))
    });
    lines.chain(parts).collect()
}
