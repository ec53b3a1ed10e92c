//! What can be tasted, each with the sheet on which the owner decides about it. Also what has no time
//! today stands here.

mod filled;
mod form;
mod week;
mod words;

use self::filled::{Filled, name_of};
use self::words::text as words;
use super::{Counter, focus_soon, tastings};
use crate::browser::{now_ms, storage};
use crate::parts::price::amount;
use crate::parts::state::{notice, show};
use crate::state::reading::{Load, Reading, reading};
use crate::view::{IntoView, Slot, View, changing, each, follows, on, text, view};
use crate::words::spoken;
use domain::id::TastingId;
use domain::page::Page;
use domain::tasting::{Plan, TastingSummary};
use leptos::prelude::*;
use stylers::style_sheet;
use web_sys::{HtmlElement, HtmlInputElement};

const _: &str = include_str!("plans.css");

/// What the rows share.
#[derive(Clone, Copy)]
pub struct Plans {
    /// The counter.
    pub counter: Counter,
    /// What can be tasted.
    pub list: Reading<Page<TastingSummary>>,
    all: Memo<Vec<TastingSummary>>,
    /// Whose sheet is open: one at a time.
    pub open: RwSignal<Option<TastingId>>,
    /// Whether it is on its way.
    pub busy: RwSignal<bool>,
}

impl Plans {
    fn one(self, id: &TastingId) -> Option<TastingSummary> {
        self.all
            .with(|all| all.iter().find(|tasting| tasting.id == *id).cloned())
    }
}

/// A row, as its sheet needs it.
#[derive(Clone, Copy)]
pub struct Of {
    /// All of them.
    pub plans: Plans,
    /// Which tasting.
    pub id: StoredValue<TastingId>,
    /// What opens the sheet.
    pub opener: Slot<HtmlElement>,
    /// Whether something is changed and not saved.
    pub begun: RwSignal<bool>,
}

/// The section. For the owner only.
pub fn section(counter: Counter) -> View {
    let class = style_sheet!("src/app/src/desk/counter/plans/plans.css");
    let (words, stores) = (words(), counter.stores);
    let list = reading(["desk/plans/", spoken().tag()].concat(), move || {
        Box::pin(async move { stores.client().bookings().tastings().await })
    });
    let all = Memo::new(move |_| {
        list.load.with(|load| match load {
            Load::Here(fresh) => fresh.value.items.clone(),
            _ => Vec::new(),
        })
    });
    let plans = Plans {
        counter,
        list,
        all,
        open: RwSignal::new(None),
        busy: RwSignal::new(false),
    };
    let is_empty = Memo::new(move |_| {
        let is_here = list.load.with(|load| matches!(load, Load::Here(_)));
        is_here && all.with(Vec::is_empty)
    });
    let nothing = changing(move || {
        let nothing = is_empty.get().then(|| {
            let hint = words.no_tastings_hint.to_owned();
            notice(
                "clock",
                words.no_tastings.to_owned(),
                hint,
                ().into_view(),
                false,
            )
        });
        nothing.into_view()
    });
    let rows = move || {
        let all = all.get().into_iter();
        all.map(|tasting| (tasting.id, plans)).collect()
    };
    view! {
        <section class=class aria-label=words.plans>
            <header><h2>{words.plans}</h2> <span class="quiet">{super::words::text().owner_sees}</span></header>
            {tastings::how_far(list)}
            {nothing}
            <ul class="plans">{each(rows, |(id, _): &(TastingId, Plans)| id.as_str(), row)}</ul>
        </section>
    }
}

/// In short: how long, what it costs, when a place is free next.
fn short(tasting: &TastingSummary) -> String {
    let deposit = tasting.deposit.map(amount);
    let next = tasting.next.map(|next| {
        let text = next.to_string();
        [text.get(5..10).unwrap_or_default(), " ", &next.clock()].concat()
    });
    (words().short)(tasting.minutes, deposit.as_deref(), next.as_deref())
}

fn row((id, plans): (TastingId, Plans)) -> View {
    let words = words();
    let of = Of {
        plans,
        begun: RwSignal::new(storage::has(&name_of(&id))),
        id: StoredValue::new(id.clone()),
        opener: Slot::new(),
    };
    let tasting = Memo::new(move |_| of.id.with_value(|id| plans.one(id)));
    let Some(first) = tasting.get_untracked() else {
        return view! { <li></li> };
    };
    let is_open = Memo::new(move |_| plans.open.with(|open| open.as_ref() == Some(&id)));
    let told = move || {
        tasting
            .with(|tasting| tasting.as_ref().map(short))
            .unwrap_or_default()
    };
    // What is on its way is seen through first. What is not saved stays, whatever is opened.
    let toggle = on(move |_| {
        if !plans.busy.get_untracked() {
            let id = of.id.get_value();
            let other = plans.open.with_untracked(|open| open.as_ref() != Some(&id));
            plans.open.set(other.then_some(id));
        }
    });
    let title = first.title.clone();
    let sheet = changing(move || match is_open.get() {
        true => sheet(of, title.clone()),
        false => ().into_view(),
    });
    let name = [words.plan, " ", &first.title].concat();
    view! {
        <li>
            <div class="one">
                <div>
                    <h3>{first.title}</h3>
                    <p class="quiet">{text(told)}</p>
                    <p class="tag save" hidden=follows(move || !of.begun.get())>{words.begun}</p>
                </div>
                <button type="button" class="btn soft" node_ref=of.opener aria-label=name aria-expanded=follows(move || is_open.get().to_string()) on:click=toggle>{words.plan}</button>
            </div>
            {sheet}
        </li>
    }
}

/// The sheet, as soon as it is known what was decided.
fn sheet(of: Of, title: String) -> View {
    let stores = of.plans.counter.stores;
    let id = of.id.get_value();
    // Each time anew: what was read before may have been changed by somebody else since.
    let key = [
        "desk/tasting-plan/",
        id.as_str(),
        "/",
        &now_ms().to_string(),
    ]
    .concat();
    let planned = reading(key, move || {
        let id = id.clone();
        Box::pin(async move { stores.client().desk().plan(&id).await })
    });
    let first = Slot::<HtmlInputElement>::new();
    let sheet = move |plan: Plan| {
        focus_soon(first);
        let name = of.id.with_value(name_of);
        let (filled, found) = Filled::of(name, &plan, of.begun, of.plans.busy);
        form::form(of, &title, filled, found, first)
    };
    let gone = || view! { <p class="trouble" role="alert">{words().gone}</p> };
    show(planned, "me", sheet, gone)
}
