//! The field for a code, what it opens, and the two answers to that: a bag is handed over, or
//! somebody who comes to taste is checked in.

use super::words::text as tasting_words;
use super::{Counter, arrival, is_paid};
use crate::desk::told;
use crate::desk::words::text as words;
use crate::parts::plate::plate;
use crate::parts::price::price;
use crate::state::stores;
use crate::view::{IntoView, Slot, View, changing, follows, on, task, text, view};
use domain::check_in::Redeemable;
use domain::order::{Actor, Order, OrderLine, Step};
use leptos::prelude::*;
use web_sys::HtmlInputElement;

/// The longest code: a signed one has some 160 characters.
const LONGEST: &str = "400";

/// What a code has found, and how it is gone on with.
#[derive(Clone, Copy, Debug)]
pub struct Lookup {
    /// What is looked at.
    pub found: RwSignal<Option<Redeemable>>,
    /// Whether something is on its way.
    pub busy: RwSignal<bool>,
    /// What went wrong.
    pub trouble: RwSignal<String>,
    /// The code that has found it.
    code: StoredValue<String>,
    field: Slot<HtmlInputElement>,
}

impl Lookup {
    fn new() -> Self {
        Self {
            found: RwSignal::new(None),
            busy: RwSignal::new(false),
            trouble: RwSignal::new(String::new()),
            code: StoredValue::new(String::new()),
            field: Slot::new(),
        }
    }

    /// Makes room for the next one.
    pub fn clear(self) {
        self.found.try_set(None);
        self.trouble.try_set(String::new());
        self.ready();
    }

    /// The field waits for the next code; what was found stays in sight.
    pub fn ready(self) {
        if let Some(field) = self.field.get() {
            field.set_value("");
            let _ = field.focus();
        }
    }

    /// Looks at the same code again, and says why.
    pub fn again(self, why: String, counter: Counter) {
        if let Some(code) = self.code.try_get_value() {
            self.look(code, why, counter);
        }
    }

    fn look(self, code: String, why: String, counter: Counter) {
        self.busy.try_set(true);
        self.code.try_set_value(code.clone());
        let stores = counter.stores;
        task(async move {
            let client = stores.client();
            // A shop without tastings has no other codes than those of bags.
            let answer = if counter.tastings.is_some() {
                client.desk().code(&code).await
            } else {
                let order = client.desk().preview(&code).await;
                order.map(|order| Redeemable::Order { order })
            };
            self.busy.try_set(false);
            match answer {
                Ok(found) => {
                    self.trouble.try_set(why);
                    self.found.try_set(Some(found));
                }
                Err(error) => {
                    self.found.try_set(None);
                    self.trouble.try_set(told(&error, words().no_such_code));
                }
            }
        });
    }
}

/// The field and what it has found.
pub fn field(counter: Counter) -> View {
    let words = words();
    let lookup = Lookup::new();
    let look_up = on(move |event| {
        event.prevent_default();
        let code = lookup.field.get().map(|field| field.value());
        let code = code.unwrap_or_default();
        if !code.trim().is_empty() && !lookup.busy.get_untracked() {
            lookup.look(code, String::new(), counter);
        }
    });
    let preview = changing(move || match lookup.found.get() {
        None => ().into_view(),
        Some(Redeemable::Order { order }) => bag(order, lookup, counter),
        Some(Redeemable::Tasting { guest, nonce }) => arrival::card(guest, nonce, lookup, counter),
        Some(Redeemable::Unknown) => newer(),
    });
    let busy = lookup.busy;
    view! {
        <form novalidate on:submit=look_up>
            <label>
                <span class="unseen">{words.code}</span>
                <input node_ref=lookup.field name="code" autocomplete="off" maxlength=LONGEST placeholder=words.code_hint />
            </label>
            <button class="btn" disabled=follows(move || busy.get())>{words.find}</button>
        </form>
        <p class="trouble" role="alert">{text(move || lookup.trouble.get())}</p>
        {preview}
    }
}

/// A code of a kind that came after this page.
fn newer() -> View {
    let words = tasting_words();
    view! {
        <div class="found" role="alert">
            <p><strong>{words.newer}</strong></p>
            <p>{words.newer_hint}</p>
            <button type="button" class="btn" on:click=on(move |_| crate::browser::page::reload())>{words.reload}</button>
        </div>
    }
}

/// A bag, and whether it may go.
fn bag(order: Order, lookup: Lookup, counter: Counter) -> View {
    let stores = stores();
    let words = words();
    let id = StoredValue::new(order.id.clone());
    let confirm = move || {
        lookup.busy.set(true);
        task(async move {
            let client = stores.client();
            let answer = client.desk().step(&id.get_value(), "hand-over").await;
            lookup.busy.try_set(false);
            match answer {
                Ok(order) => {
                    stores.say((words.handed_over)(&order.number));
                    lookup.clear();
                }
                Err(error) => {
                    lookup.trouble.try_set(told(&error, words.no_such_code));
                }
            }
            counter.orders.again();
        });
    };
    let may = order.state.after(Step::HandOver, Actor::Staff).is_some();
    let line = |line: &OrderLine| {
        view! { <li>{plate(line.picture.as_ref(), true)} <span>{line.name.clone()} " " {line.variant_name.clone()}</span> <strong>"× " {line.quantity.to_string()}</strong></li> }
    };
    // Nobody pays twice.
    let give = if is_paid(&order) {
        words.hand_over_paid
    } else {
        words.hand_over
    };
    let collect = if is_paid(&order) {
        view! { <p class="collect"><strong>{words.paid_hint}</strong></p> }
    } else {
        view! { <p class="collect"><span>{words.collect}</span> {price(order.total, None, false)}</p> }
    };
    let warning = (!may).then(|| view! { <p class="trouble" role="alert">{words.not_packed}</p> });
    let parts = order.bundles.iter().flat_map(|bundle| &bundle.parts);
    let goods = order.lines.iter().chain(parts).map(line);
    view! {
        <div class="found" role="group" aria-label=order.number.clone()>
            <p class="head"><strong>{order.number.clone()}</strong> <span class="tag">{(words.state)(order.state)}</span></p>
            <p>{order.contact.name.clone()} " " {order.contact.phone.clone()}</p>
            <ul aria-label=words.goods>{goods.collect::<Vec<_>>()}</ul>
            {(!order.note.is_empty()).then(|| view! { <p class="note">{order.note.clone()}</p> })}
            {collect}
            {warning}
            <div class="answers">
                <button type="button" class="btn" disabled=follows(move || !may || lookup.busy.get()) on:click=on(move |_| confirm())>{give}</button>
                <button type="button" class="btn soft" on:click=on(move |_| lookup.clear())>{words.not_this}</button>
            </div>
        </div>
    }
}
