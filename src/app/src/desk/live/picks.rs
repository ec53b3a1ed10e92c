//! The goods of a show, found in the catalogue and put in order.

use super::words::text as words;
use super::{Host, why_not};
use crate::browser::storage;
use crate::parts::icon;
use crate::parts::price::amount;
use crate::view::{IntoView, View, changing, each, effect, follows, on, task, text, view};
use client::Error;
use domain::catalog::{MAX_QUERY_CHARS, ProductQuery, ProductSummary};
use domain::id::ProductId;
use domain::show::MAX_GOODS;
use leptos::prelude::*;
use serde::Serialize;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

/// How long nothing is typed before it is looked for.
const PAUSE: Duration = Duration::from_millis(250);
/// How many are shown at once.
const FOUND: u32 = 6;

/// Something that was chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Pick {
    id: ProductId,
    name: String,
}

domain::readable!(Pick { id, name });

/// What was chosen, in its order; kept on the tablet.
#[derive(Clone, Copy)]
pub struct Picks {
    name: StoredValue<String>,
    all: RwSignal<Vec<Pick>>,
}

impl Picks {
    /// What was chosen before.
    pub fn of(name: String) -> Self {
        Self {
            all: RwSignal::new(storage::read(&name).unwrap_or_default()),
            name: StoredValue::new(name),
        }
    }

    /// These instead.
    pub fn fill(self, goods: impl Iterator<Item = (ProductId, String)>) {
        let goods = goods.map(|(id, name)| Pick { id, name });
        let goods = goods.collect();
        self.change(|all| *all = goods);
    }

    /// Whether there is nothing.
    pub fn is_empty(self) -> bool {
        self.all.with_untracked(Vec::is_empty)
    }

    /// Which ones.
    pub fn ids(self) -> Vec<ProductId> {
        self.all
            .with_untracked(|all| all.iter().map(|pick| pick.id.clone()).collect())
    }

    /// They were used.
    pub fn clear(self) {
        if let Some(name) = self.name.try_get_value() {
            storage::forget(&name);
        }
        self.all.try_set(Vec::new());
    }

    fn change(self, change: impl FnOnce(&mut Vec<Pick>)) {
        let mut all = self.all.get_untracked();
        change(&mut all);
        self.name.with_value(|name| storage::write(name, &all));
        self.all.set(all);
    }

    fn has(self, id: &ProductId) -> bool {
        self.all.with(|all| all.iter().any(|pick| pick.id == *id))
    }

    fn up(self, id: &ProductId) {
        self.change(|all| {
            let at = all.iter().position(|pick| pick.id == *id);
            if let Some((at, before)) = at.and_then(|at| Some((at, at.checked_sub(1)?))) {
                all.swap(at, before);
            }
        });
    }
}

/// A row of what was chosen.
struct Row {
    pick: Pick,
    picks: Picks,
}

/// The field to look for goods, what it finds, and what was chosen.
pub fn field(picks: Picks, host: Host) -> View {
    let words = words();
    let asked = RwSignal::new(String::new());
    let found = RwSignal::new(None::<Result<Vec<ProductSummary>, Error>>);
    let look = move || {
        let query = asked.get_untracked();
        task(async move {
            let wanted = ProductQuery {
                q: query.clone(),
                limit: Some(FOUND),
                ..ProductQuery::default()
            };
            let answer = host.stores.client().catalog().products(&wanted).await;
            // Something else was typed meanwhile.
            if asked.try_get_untracked().as_ref() == Some(&query) {
                found.try_set(Some(answer.map(|fresh| fresh.value.items)));
            }
        });
    };
    effect(move |_| {
        if asked.with(|asked| asked.trim().is_empty()) {
            found.set(None);
            return;
        }
        let timer = set_timeout_with_handle(look, PAUSE);
        on_cleanup(move || {
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
    });
    let is_full = move || picks.all.with(|all| all.len() >= MAX_GOODS);
    let hits = changing(move || match found.get() {
        None => ().into_view(),
        Some(Err(error)) => {
            let again = on(move |_| look());
            view! { <p class="trouble" role="alert">{why_not(&error)} " " <button type="button" class="btn soft" on:click=again>{words.look_again}</button></p> }
        }
        Some(Ok(goods)) if goods.is_empty() => {
            view! { <p class="quiet" role="status">{words.nothing_found}</p> }
        }
        Some(Ok(goods)) => {
            let hits = goods
                .into_iter()
                .map(|product| hit(product, picks, is_full));
            let hits = hits.collect::<Vec<_>>();
            view! { <ul class="hits" aria-label=words.found>{hits}</ul> }
        }
    });
    let typed = on(move |event| asked.set(event_target_value(&event)));
    // Enter would plan the show.
    let keys = on(move |event| {
        let enter = event
            .dyn_ref::<KeyboardEvent>()
            .is_some_and(|event| event.key() == "Enter");
        if enter {
            event.prevent_default();
        }
    });
    let rows = move || {
        let all = picks.all.get().into_iter();
        all.map(|pick| Row { pick, picks }).collect()
    };
    let count = move || {
        if is_full() {
            (words.goods_full)(MAX_GOODS)
        } else {
            (words.goods_count)(picks.all.with(|all| u32::try_from(all.len()).unwrap_or(0)))
        }
    };
    view! {
        <fieldset class="goods">
            <legend>{words.goods}</legend>
            <label class="all"><span>{words.find_goods}</span> <input type="search" name="goods" autocomplete="off" maxlength=MAX_QUERY_CHARS.to_string() placeholder=words.find_goods_hint on:input=typed on:keydown=keys /></label>
            {hits}
            <p class="quiet" role="status">{text(count)}</p>
            <ol aria-label=words.goods>{each(rows, |row: &Row| row.pick.id.as_str(), row)}</ol>
        </fieldset>
    }
}

fn hit(product: ProductSummary, picks: Picks, is_full: impl Fn() -> bool + Copy + 'static) -> View {
    let words = words();
    let label = [words.add, " ", &product.name].concat();
    let price = amount(product.lead.price);
    let pick = Pick {
        id: product.id,
        name: product.name.clone(),
    };
    let id = pick.id.clone();
    let is_there = Memo::new(move |_| picks.has(&id));
    let add = on(move |_| {
        if !is_there.get_untracked() {
            picks.change(|all| all.push(pick.clone()));
        }
    });
    view! {
        <li>
            <button type="button" class="btn soft" aria-label=label disabled=follows(move || is_there.get() || is_full()) on:click=add>
                {icon("plus")} <span>{product.name} " " <small>{price}</small></span>
            </button>
        </li>
    }
}

fn row(Row { pick, picks }: Row) -> View {
    let words = words();
    let label = |does: &str| [does, " ", &pick.name].concat();
    let (up, out) = (label(words.up), label(words.take_out));
    let id = StoredValue::new(pick.id.clone());
    let is_first = Memo::new(move |_| {
        picks
            .all
            .with(|all| id.with_value(|id| all.first().is_some_and(|pick| pick.id == *id)))
    });
    let higher = on(move |_| id.with_value(|id| picks.up(id)));
    let take_out = on(move |_| {
        let id = id.get_value();
        picks.change(|all| all.retain(|pick| pick.id != id));
    });
    view! {
        <li>
            <span>{pick.name.clone()}</span>
            <button type="button" class="btn soft" aria-label=up disabled=follows(move || is_first.get()) on:click=higher>{words.up}</button>
            <button type="button" class="btn soft" aria-label=out on:click=take_out>{words.take_out}</button>
        </li>
    }
}
