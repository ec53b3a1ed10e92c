//! What is wrong with a row of the cart, with the one tap that mends it.

use super::row::quoted;
use crate::state::cart::Quoting;
use crate::state::stores;
use crate::view::{Handler, View, on, view};
use crate::words::words;
use domain::cart::DraftBundle;
use domain::id::VariantId;
use domain::money::Money;
use domain::pricing::{LineProblemKind, QuoteBundle, Swap};
use leptos::prelude::*;

/// One sentence and one button.
fn said(what: String, remedy: String, mend: Handler) -> View {
    view! {
        <p class="wrong" role="status"><span>{what}</span> <button type="button" class="btn soft" on:click=mend>{remedy}</button></p>
    }
}

/// What the backend says is wrong with a line, with the one tap that mends it.
pub fn of_line(variant: &VariantId, seen: Money) -> Option<View> {
    let stores = stores();
    let words = words();
    let line = stores.cart.quoting.with(|quoting| match quoting {
        Quoting::Here(quote) => quote
            .lines
            .iter()
            .find(|line| line.variant == *variant)
            .cloned(),
        _ => None,
    })?;
    let problem = line.problem?;
    let left = problem.left.unwrap_or_default();
    let least = problem.least.unwrap_or(1);
    let now = line.unit_price.unwrap_or(seen);
    let (what, remedy, quantity) = match problem.kind {
        LineProblemKind::PriceMoved => (
            (words.price_moved)(&now.to_string()),
            words.accept_price.to_owned(),
            None,
        ),
        LineProblemKind::StockShort => (
            (words.stock_short)(left),
            (words.take_left)(left),
            Some(left),
        ),
        LineProblemKind::SoldOut => (
            words.sold_out_now.to_owned(),
            words.take_out.to_owned(),
            Some(0),
        ),
        LineProblemKind::MinimumNotReached => (
            (words.minimum)(least),
            (words.take_so_many)(least),
            Some(least),
        ),
        // What only a bundle can have, or is newer than this page.
        _ => (
            words.no_longer_sold.to_owned(),
            words.take_out.to_owned(),
            Some(0),
        ),
    };
    let variant = variant.clone();
    let mend = on(move |_| match quantity {
        Some(quantity) => stores.cart.set(&variant, quantity),
        None => stores.cart.accept(&variant, now),
    });
    Some(said(what, remedy, mend))
}

/// What the backend says is wrong with a bundle.
pub fn of_bundle(bundle: &DraftBundle) -> Option<View> {
    let stores = stores();
    let words = words();
    let quoted = stores.cart.quoting.with(|quoting| match quoting {
        Quoting::Here(quote) => quoted(quote, bundle).cloned(),
        _ => None,
    })?;
    let problem = quoted.problem?;
    let left = problem.left.unwrap_or_default();
    let least = problem.least.unwrap_or(1);
    let now = quoted.unit_price.unwrap_or(bundle.price);
    let what = match problem.kind {
        LineProblemKind::PriceMoved => (words.price_moved)(&now.to_string()),
        LineProblemKind::StockShort if left > 0 => (words.sets_short)(left),
        LineProblemKind::StockShort | LineProblemKind::PartSoldOut => {
            (words.part_sold_out)(&short_names(&quoted))
        }
        LineProblemKind::SoldOut => words.sold_out_now.to_owned(),
        LineProblemKind::PartNoLongerSold => (words.part_gone)(&short_names(&quoted)),
        LineProblemKind::MinimumNotReached => (words.minimum)(least),
        LineProblemKind::NotCombinable => words.not_combinable.to_owned(),
        LineProblemKind::NoLongerSold | LineProblemKind::Unknown => words.no_longer_sold.to_owned(),
    };
    let bundle = bundle.clone();
    // Another choice first: the shopper keeps the bundle.
    if let Some(swap) = quoted.swap {
        let names = swap.names.join(" · ");
        let other = swapped(&bundle, swap);
        let difference = other.price.minus(now).unwrap_or(Money::zero(now.currency));
        let remedy = (words.swap_for)(&names, &signed(difference));
        let mend = on(move |_| stores.cart.swap(&bundle.choice, other.clone()));
        return Some(said(what, remedy, mend));
    }
    let (remedy, quantity) = match problem.kind {
        LineProblemKind::PriceMoved => (words.accept_price.to_owned(), None),
        LineProblemKind::StockShort if left > 0 => ((words.take_so_many)(left), Some(left)),
        LineProblemKind::MinimumNotReached => ((words.take_so_many)(least), Some(least)),
        _ => (words.take_out.to_owned(), Some(0)),
    };
    let mend = on(move |_| match quantity {
        Some(quantity) => stores.cart.set_bundle(&bundle, quantity),
        None => stores.cart.swap(
            &bundle.choice,
            DraftBundle {
                price: now,
                ..bundle.clone()
            },
        ),
    });
    Some(said(what, remedy, mend))
}

/// The names of what is missing.
fn short_names(quoted: &QuoteBundle) -> String {
    let short = quoted.parts.iter().filter(|part| part.short);
    let names = short.filter_map(|part| part.item.as_ref());
    let names: Vec<&str> = names.map(|item| item.name.as_str()).collect();
    names.join("、")
}

/// The bundle with another choice: what stays keeps its name.
fn swapped(bundle: &DraftBundle, swap: Swap) -> DraftBundle {
    let mut names = swap.names.into_iter();
    let mut parts = bundle.parts.clone();
    let places = swap.choice.iter().zip(&bundle.choice);
    for (part, (new, old)) in parts.iter_mut().zip(places) {
        if new != old
            && let Some(name) = names.next()
        {
            *part = name;
        }
    }
    DraftBundle {
        choice: swap.choice,
        parts,
        price: swap.unit_price,
        ..bundle.clone()
    }
}

/// `−¥8.00`, `+¥3.00`; nothing for nothing.
fn signed(difference: Money) -> String {
    let amount = Money {
        amount: difference.amount.abs(),
        ..difference
    };
    match difference.amount {
        0 => String::new(),
        ..0 => ["\u{2212}", &amount.to_string()].concat(),
        _ => ["+", &amount.to_string()].concat(),
    }
}
