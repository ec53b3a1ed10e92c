//! What may be picked from, where a set is any so many of it.

use super::content::difference;
use super::goods::face;
use super::packing::{Packing, left, picked};
use super::words::texts;
use crate::parts::stepper::stepper;
use crate::view::{View, text, view};
use domain::bundle::{PartOption, PriceRule};
use leptos::prelude::*;

/// The card with a row for each thing, and how many have still to be picked.
pub fn pool(set: Packing) -> View {
    let texts = texts();
    let (count, pool) = set.bundle(|bundle| {
        let count = match bundle.rule {
            PriceRule::AnyOf { count, .. } => count,
            _ => 0,
        };
        (count, bundle.parts.first().cloned())
    });
    let state = move || match set.missing() {
        0 => texts.whole.to_owned(),
        missing => (texts.missing)(missing),
    };
    let rows = pool.map(|pool| {
        let quantity = pool.quantity;
        let options = pool.options.into_iter();
        options
            .map(|option| row(set, quantity, option))
            .collect::<Vec<_>>()
    });
    view! {
        <h2 class="pick">{(texts.pick)(count)} <span role="status">{text(state)}</span></h2>
        <ul class="card parts">{rows}</ul>
    }
}

fn row(set: Packing, quantity: u32, option: PartOption) -> View {
    let what = face(&option, quantity);
    let more = option.difference.filter(|money| money.amount != 0);
    let more = more
        .map(|money| view! { <span class="tag save">{difference(texts(), Some(money))}</span> });
    let name = option.name.clone();
    let there = left(&option) / quantity.max(1);
    let option = StoredValue::new(option.variant);
    let picks = move || {
        let choice = set.choice();
        option.with_value(|variant| choice.iter().filter(|id| *id == variant).count() as u32)
    };
    let most = move || (picks() + set.missing()).min(there / set.least());
    let pick = move |times: u32| {
        let choice = untrack(|| set.choice());
        let picks = set.bundle(|bundle| {
            let pool = bundle.parts.first()?;
            let times = |other: &PartOption| {
                if option.with_value(|variant| *variant == other.variant) {
                    times as usize
                } else {
                    choice.iter().filter(|id| **id == other.variant).count()
                }
            };
            Some(picked(pool, times).collect::<Vec<_>>())
        });
        set.choose(&picks.unwrap_or_default());
    };
    view! { <li>{what} {more} {stepper(name, picks, 0, most, pick)}</li> }
}
