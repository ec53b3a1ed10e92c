//! After the sale: what shoppers ask back, to be decided; what was decided today below.

use crate::browser::bell;
use crate::desk::told;
use crate::desk::words::text as words;
use crate::parts::plate::plate;
use crate::parts::state::{aged, failed};
use crate::state::reading::{Load, Reading, reading};
use crate::state::stores;
use crate::view::{
    IntoView, Slot, View, changing, each, effect, every, follows, on, task, text as live, view,
};
use crate::words::after_sale::text;
use crate::words::spoken;
use domain::after_sale::{DeskReturn, DeskReturns, MAX_WORD_CHARS, ReturnLine, ReturnState};
use domain::order::Payment;
use leptos::prelude::*;
use std::time::Duration;
use stylers::style_sheet;
use web_sys::HtmlInputElement;

const _: &str = include_str!("returns.css");

/// A row, named so that it is made anew only when something was done with it: a word that is being
/// typed outlives the next look.
struct Row {
    key: String,
    there: DeskReturn,
    returns: Reading<DeskReturns>,
}

/// The section; `fresh_for` is how often it asks what is new.
pub fn section(fresh_for: Duration) -> View {
    let class = style_sheet!("src/app/src/desk/counter/returns.css");
    let stores = stores();
    let words = words();
    let returns = reading(["desk/returns/", spoken().tag()].concat(), move || {
        Box::pin(async move { stores.client().after_sale().waiting().await })
    });
    every(fresh_for, move || returns.look());
    announce_new(returns);
    let rows = move || {
        returns.load.with(|load| match load {
            Load::Here(fresh) => fresh.value.returns.clone(),
            _ => Vec::new(),
        })
    };
    let rows = move || {
        let rows = rows().into_iter().map(|there| Row {
            key: [there.asked.id.as_str(), "/", there.asked.state.as_str()].concat(),
            there,
            returns,
        });
        rows.collect()
    };
    let count = Memo::new(move |_| {
        returns.load.with(|load| match load {
            Load::Here(fresh) => Some((waiting(&fresh.value), fresh.value.returns.len())),
            _ => None,
        })
    });
    let trouble = changing(move || match returns.load.get() {
        Load::Failed(error) => failed(&error, move || returns.again()),
        Load::Here(fresh) => aged(&fresh.source, move || returns.again()).into_view(),
        Load::Waiting | Load::WaitingLong => ().into_view(),
    });
    let told = move || match count.get() {
        Some((0, 0)) => words.no_returns.to_owned(),
        Some((open, _)) => (words.returns_open)(open),
        None => String::new(),
    };
    view! {
        <section class=class aria-label=words.returns>
            <header><h2>{words.returns}</h2> <span class="quiet">{live(told)}</span></header>
            {trouble}
            <ul>{each(rows, |row: &Row| &row.key, row)}</ul>
        </section>
    }
}

fn waiting(returns: &DeskReturns) -> usize {
    let open = |there: &&DeskReturn| there.asked.state == ReturnState::Requested;
    returns.returns.iter().filter(open).count()
}

/// Says what is new, with a sound; what was there when the page opened is not new.
fn announce_new(returns: Reading<DeskReturns>) {
    let stores = stores();
    let words = words();
    let known = StoredValue::new(None::<Vec<String>>);
    effect(move |_| {
        let there: Option<Vec<(String, String)>> = returns.load.with(|load| match load {
            Load::Here(fresh) => {
                let there = fresh.value.returns.iter();
                let named = there.map(|there| (there.asked.id.to_string(), there.number.clone()));
                Some(named.collect())
            }
            _ => None,
        });
        let Some(there) = there else { return };
        let mut heard = known.get_value();
        if let Some(heard) = &heard
            && let Some((_, number)) = there.iter().find(|(id, _)| !heard.contains(id))
        {
            bell::ring();
            stores.say((words.new_return)(number));
        }
        // One that was taken back and is gone is not new when it is decided.
        let ids = there.into_iter().map(|(id, _)| id);
        let mut ids: Vec<String> = ids.collect();
        ids.extend(heard.take().into_iter().flatten());
        ids.sort();
        ids.dedup();
        known.set_value(Some(ids));
    });
}

fn row(Row { there, returns, .. }: Row) -> View {
    let words = words();
    let asked = &there.asked;
    let line = |line: &ReturnLine| {
        let what = [
            line.name.as_str(),
            " ",
            &line.variant_name,
            " × ",
            &line.quantity.to_string(),
        ];
        view! { <li>{plate(line.picture.as_ref(), true)} <span>{what.concat()}</span></li> }
    };
    let how = match there.payment {
        Payment::AtStore => words.back_at_counter,
        _ => words.back_as_paid,
    };
    let amount = asked.amount.to_string();
    let open = asked.state == ReturnState::Requested;
    let back = if asked.state == ReturnState::Declined {
        words.nothing_back.to_owned()
    } else {
        [&amount, " · ", how].concat()
    };
    let points = (asked.points > 0 || asked.revoked > 0)
        .then(|| (words.points_back)(asked.points, asked.revoked));
    let coupons = asked.coupons.iter().map(|coupon| coupon.name.as_str());
    let coupons = coupons.collect::<Vec<_>>().join("、");
    let beside = [points.unwrap_or_default(), coupons];
    let beside = beside.into_iter().filter(|told| !told.is_empty());
    let beside = beside.collect::<Vec<_>>().join(" · ");
    let name = [there.contact.name.as_str(), " ", &there.contact.phone].concat();
    let at = [
        asked.asked_at.to_string().get(5..10).unwrap_or_default(),
        " ",
        &asked.asked_at.clock(),
    ]
    .concat();
    let told = |class: &'static str, told: &str| {
        (!told.is_empty()).then(|| view! { <p class=class>{told.to_owned()}</p> })
    };
    view! {
        <li class:open=open data-state=asked.state.as_str()>
            <p class="head"><strong>{there.number.clone()}</strong> <span>{name}</span> <span class="tag">{(words.return_state)(asked.state)}</span> <span class="quiet">{at}</span></p>
            <div class="what">
                <ul aria-label=words.goods>{asked.lines.iter().map(line).collect::<Vec<_>>()}</ul>
                <p class="why">{(text().reason)(asked.reason)}</p>
                {told("note", &asked.note)}
                {told("quiet", &asked.answer)}
                {asked.picture.clone().map(picture)}
            </div>
            <p class="money"><strong>{back}</strong> <span class="quiet">{beside}</span></p>
            {open.then(|| answers(&there, amount, returns))}
        </li>
    }
}

/// The shopper's picture: a touch makes it large, another small again.
fn picture(url: String) -> View {
    let words = words();
    let large = RwSignal::new(false);
    let name = move || {
        if large.get() {
            words.picture_smaller
        } else {
            words.picture_larger
        }
    };
    view! {
        <button type="button" class="picture" class:large=follows(move || large.get()) aria-expanded=follows(move || large.get().to_string()) aria-label=follows(name) on:click=on(move |_| large.update(|large| *large = !*large))>
            <img src=url alt="" loading="lazy" />
        </button>
    }
}

/// What can be decided: each asks once more, and who says no says why.
fn answers(there: &DeskReturn, amount: String, returns: Reading<DeskReturns>) -> View {
    #[derive(Clone, Copy, PartialEq)]
    enum Asking {
        Nothing,
        Approve,
        Decline,
    }
    let words = words();
    let stores = stores();
    let asking = RwSignal::new(Asking::Nothing);
    let busy = RwSignal::new(false);
    let trouble = RwSignal::new(String::new());
    let why = Slot::<HtmlInputElement>::new();
    let id = StoredValue::new(there.asked.id.clone());
    let number = StoredValue::new(there.number.clone());
    let decide = move |step: &'static str| {
        let answer = match step {
            "decline" => why.get().map(|why| why.value()).unwrap_or_default(),
            _ => String::new(),
        };
        if step == "decline" && answer.trim().is_empty() {
            trouble.set(words.why_first.to_owned());
            if let Some(why) = why.get() {
                let _ = why.focus();
            }
            return;
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        // The row may be gone when the answer comes.
        let (id, number) = (id.get_value(), number.get_value());
        task(async move {
            let client = stores.client();
            let decided = client.after_sale().decide(&id, step, &answer).await;
            busy.try_set(false);
            match decided {
                Ok(decided) => {
                    let said = match decided.asked.state {
                        ReturnState::Approved => words.return_approved,
                        _ => words.return_declined,
                    };
                    stores.say(said(&number));
                }
                Err(error) => {
                    trouble.try_set(told(&error, ""));
                }
            }
            returns.again();
        });
    };
    let is = move |one: Asking| move || asking.get() == one;
    let ask = move |one: Asking| {
        on(move |_| {
            trouble.set(String::new());
            asking.set(one);
            if let Some(why) = why.get().filter(|_| one == Asking::Decline) {
                let _ = why.focus();
            }
        })
    };
    let label = |name: &str| [name, " ", &there.number].concat();
    let sure = (words.approve_sure)(&amount);
    let send = on(move |event| {
        event.prevent_default();
        decide("decline");
    });
    view! {
        <div class="answers">
            <div class="do" hidden=follows(move || !is(Asking::Nothing)())>
                <button type="button" class="btn" aria-label=label(words.approve) on:click=ask(Asking::Approve)>{words.approve}</button>
                <button type="button" class="btn soft" aria-label=label(words.decline) on:click=ask(Asking::Decline)>{words.decline}</button>
            </div>
            <div class="do" hidden=follows(move || !is(Asking::Approve)())>
                <button type="button" class="btn" disabled=follows(move || busy.get()) on:click=on(move |_| decide("approve"))>{sure}</button>
                <button type="button" class="btn soft" on:click=ask(Asking::Nothing)>{words.not_yet}</button>
            </div>
            <form class="do" novalidate hidden=follows(move || !is(Asking::Decline)()) on:submit=send>
                <label><span class="unseen">{words.why_not}</span> <input node_ref=why name="why" autocomplete="off" maxlength=MAX_WORD_CHARS.to_string() placeholder=words.why_not /></label>
                <button class="btn warn" disabled=follows(move || busy.get())>{words.decline_send}</button>
                <button type="button" class="btn soft" on:click=ask(Asking::Nothing)>{words.not_yet}</button>
            </form>
            <p class="trouble" role="alert">{live(move || trouble.get())}</p>
        </div>
    }
}
