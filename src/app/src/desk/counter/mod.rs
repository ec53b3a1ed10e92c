//! The counter: a code is looked up and the bag handed over; beside it what there is to do today.

mod returns;
mod today;

use super::words::text as words;
use super::{here, told};
use crate::browser::bell;
use crate::parts::icon;
use crate::parts::plate::plate;
use crate::parts::price::price;
use crate::parts::state::{aged, failed, waiting};
use crate::state::reading::{Load, Reading, reading};
use crate::state::stores;
use crate::view::{IntoView, Slot, View, changing, effect, follows, on, task, text, view};
use crate::words::spoken;
use client::Source;
use domain::desk::DeskOrders;
use domain::member::{Role, Staff};
use domain::order::{Actor, Order, Step};
use domain::payment::PaymentState;
use leptos::prelude::*;
use std::time::Duration;
use stylers::style_sheet;
use web_sys::HtmlInputElement;

const _: &str = include_str!("counter.css");

/// How often the desk asks what is new.
const FRESH_FOR: Duration = Duration::from_secs(4);

/// The page.
pub fn page(staff: Staff) -> View {
    let class = style_sheet!("src/app/src/desk/counter/counter.css");
    let stores = stores();
    let desk = here();
    let words = words();
    crate::browser::page::set_title(&[words.desk, " · ", &stores.brand()].concat());
    let orders = reading(["desk/", spoken().tag()].concat(), move || {
        Box::pin(async move { stores.client().desk().orders().await })
    });
    let timer = set_interval_with_handle(move || orders.again(), FRESH_FOR);
    on_cleanup(move || {
        if let Ok(timer) = timer {
            timer.clear();
        }
    });
    // A session that is over elsewhere is over here.
    effect(move |_| {
        let ended = orders.load.with(|load| match load {
            Load::Failed(error) => error.is_not_signed_in(),
            Load::Here(fresh) => matches!(&fresh.source, Source::LastCopy { because, .. } if because.is_not_signed_in()),
            _ => false,
        });
        if ended {
            desk.find_out(stores);
        }
    });
    announce_new(orders);
    let role = match staff.role {
        Role::Owner => words.roles.first(),
        Role::Host => words.roles.get(1),
        Role::Clerk | Role::Unknown => words.roles.get(2),
    };
    let away = move || {
        !stores.online.get()
            || orders.load.with(|load| match load {
                Load::Here(fresh) => fresh.source != Source::Backend,
                Load::Failed(_) => true,
                Load::Waiting | Load::WaitingLong => false,
            })
    };
    view! {
        <section class=class>
            <aside>
                {icon("shop")}
                <strong>{staff.name}</strong>
                <span>{role.copied().unwrap_or_default()}</span>
                <span class="net" class:away=follows(away) role="status">{text(move || (if away() { words.offline } else { words.online }).to_owned())}</span>
                <button type="button" on:click=on(move |_| desk.lock(stores))>{words.lock}</button>
            </aside>
            <div class="counter">
                <h1>{words.counter}</h1>
                {hand_over(orders)}
            </div>
            <div class="today">
                {returns::section(FRESH_FOR)}
                {changing(move || match orders.load.get() {
                    Load::Waiting => waiting("me", false),
                    Load::WaitingLong => waiting("me", true),
                    Load::Failed(error) => failed(&error, move || orders.again()),
                    Load::Here(fresh) => view! {
                        {aged(&fresh.source, move || orders.again())}
                        {today::list(fresh.value, orders)}
                    },
                })}
            </div>
        </section>
    }
}

/// Says what is new, with a sound; what was there when the page opened is not new.
fn announce_new(orders: Reading<DeskOrders>) {
    let stores = stores();
    let words = words();
    let known = StoredValue::new(None::<Vec<String>>);
    effect(move |_| {
        let numbers: Option<Vec<String>> = orders.load.with(|load| match load {
            Load::Here(fresh) => {
                let numbers = fresh.value.orders.iter().map(|order| order.number.clone());
                Some(numbers.collect())
            }
            _ => None,
        });
        let Some(numbers) = numbers else { return };
        if let Some(known) = known.get_value()
            && let Some(new) = numbers.iter().find(|number| !known.contains(number))
        {
            bell::ring();
            stores.say((words.new_order)(new));
        }
        known.set_value(Some(numbers));
    });
}

/// The field for a code, what it opens, and the two answers to that.
fn hand_over(orders: Reading<DeskOrders>) -> View {
    let stores = stores();
    let words = words();
    let field = Slot::<HtmlInputElement>::new();
    let found = RwSignal::new(None::<Order>);
    let busy = RwSignal::new(false);
    let trouble = RwSignal::new(String::new());
    let clear = move || {
        found.set(None);
        if let Some(field) = field.get() {
            field.set_value("");
            let _ = field.focus();
        }
    };
    let look_up = move || {
        let code = field.get().map(|field| field.value()).unwrap_or_default();
        if code.trim().is_empty() || busy.get_untracked() {
            return;
        }
        busy.set(true);
        task(async move {
            let answer = stores.client().desk().preview(&code).await;
            busy.try_set(false);
            match answer {
                Ok(order) => {
                    trouble.try_set(String::new());
                    found.try_set(Some(order));
                }
                Err(error) => {
                    found.try_set(None);
                    trouble.try_set(told(&error, words.no_such_code));
                }
            }
        });
    };
    let confirm = move || {
        let Some(order) = found.get_untracked() else {
            return;
        };
        busy.set(true);
        task(async move {
            let answer = stores.client().desk().step(&order.id, "hand-over").await;
            busy.try_set(false);
            match answer {
                Ok(order) => {
                    stores.say((words.handed_over)(&order.number));
                    clear();
                }
                Err(error) => {
                    trouble.try_set(told(&error, words.no_such_code));
                }
            }
            orders.again();
        });
    };
    let preview = changing(move || {
        let Some(order) = found.get() else {
            return ().into_view();
        };
        let may = order.state.after(Step::HandOver, Actor::Staff).is_some();
        let line = |line: &domain::order::OrderLine| {
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
        let warning =
            (!may).then(|| view! { <p class="trouble" role="alert">{words.not_packed}</p> });
        view! {
            <div class="found" role="group" aria-label=order.number.clone()>
                <p class="head"><strong>{order.number.clone()}</strong> <span class="tag">{(words.state)(order.state)}</span></p>
                <p>{order.contact.name.clone()} " " {order.contact.phone.clone()}</p>
                <ul aria-label=words.goods>{order.lines.iter().chain(order.bundles.iter().flat_map(|bundle| &bundle.parts)).map(line).collect::<Vec<_>>()}</ul>
                {(!order.note.is_empty()).then(|| view! { <p class="note">{order.note.clone()}</p> })}
                {collect}
                {warning}
                <div class="answers">
                    <button type="button" class="btn" disabled=follows(move || !may || busy.get()) on:click=on(move |_| confirm())>{give}</button>
                    <button type="button" class="btn soft" on:click=on(move |_| clear())>{words.not_this}</button>
                </div>
            </div>
        }
    });
    view! {
        <form novalidate on:submit=on(move |event| { event.prevent_default(); look_up(); })>
            <label>
                <span class="unseen">{words.code}</span>
                <input node_ref=field name="code" autocomplete="off" maxlength="120" placeholder=words.code_hint />
            </label>
            <button class="btn" disabled=follows(move || busy.get())>{words.find}</button>
        </form>
        <p class="trouble" role="alert">{text(move || trouble.get())}</p>
        {preview}
    }
}

/// Whether the money has come already, over the net.
fn is_paid(order: &Order) -> bool {
    order.payment_state == Some(PaymentState::Paid)
}
