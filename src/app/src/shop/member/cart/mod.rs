//! The cart: drafted on this phone, priced by the backend. Until its quote is here the sum is an
//! estimate and says so.

use crate::parts::icon;
use crate::parts::plate::plate;
use crate::parts::price::price;
use crate::parts::product::product_path;
use crate::parts::state::{explain, notice};
use crate::parts::stepper::stepper;
use crate::state::cart::Quoting;
use crate::state::{Said, stores};
use crate::view::{IntoView, View, changing, each, effect, on, view};
use crate::words::words;
use client::Error;
use domain::cart::{DraftLine, MAX_QUANTITY};
use domain::contract::Capability;
use domain::id::VariantId;
use domain::money::Money;
use domain::pricing::LineProblemKind;
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("cart.css");

/// The page.
pub fn page() -> View {
    let stores = stores();
    let words = words();
    // An empty one may have become full on another phone.
    if untrack(|| stores.session.is_open() && stores.cart.pieces() == 0) {
        stores.cart.meet(stores);
    }
    let empty = Memo::new(move |_| stores.cart.pieces() == 0);
    let content = move || {
        if empty.get() {
            let browse = view! { <a class="btn" href="/products">{words.browse}</a> };
            notice(
                "cart",
                words.cart_empty.to_owned(),
                words.cart_empty_hint.to_owned(),
                browse.into_view(),
                false,
            )
        } else {
            filled()
        }
    };
    view! { <div class="page">{changing(content)}</div> }
}

fn filled() -> View {
    let class = style_sheet!("src/app/src/shop/member/cart/cart.css");
    let stores = stores();
    let words = words();
    let only_here = changing(move || {
        stores
            .cart
            .only_here
            .get()
            .then(|| view! { <p class="trouble" role="alert">{words.not_kept}</p> })
            .into_view()
    });
    let can_order = move || stores.can(Capability::Orders);
    effect(move |_| {
        let lines = stores.cart.wanted();
        // Again, too, when the network is back.
        if !can_order() {
            // Nobody can be asked.
        } else if stores.online.get() {
            stores.cart.ask_quote(lines, stores);
        } else {
            stores.cart.quoting.set(Quoting::Failed(Error::Offline));
        }
    });
    let sum = changing(move || {
        let quoting = stores.cart.quoting.get();
        let estimate = stores.cart.with(|draft| draft.estimate()).ok().flatten();
        match quoting {
            Quoting::Here(quote) if can_order() => view! {
                <p><span>{words.total} " · " {(words.pieces)(stores.cart.pieces())}</span> {price(quote.total, None, false)}</p>
            },
            quoting => {
                let failed = matches!(quoting, Quoting::Failed(_)) && can_order();
                let why = match quoting {
                    Quoting::Failed(error) if can_order() => explain(&error).0,
                    _ if can_order() => words.pricing.to_owned(),
                    _ => words.estimate_hint.to_owned(),
                };
                let again = on(move |_| {
                    stores
                        .cart
                        .ask_quote(untrack(|| stores.cart.wanted()), stores);
                });
                view! {
                    <p><span>{words.estimate} " · " {(words.pieces)(stores.cart.pieces())}</span> {estimate.map(|sum| price(sum, None, false))}</p>
                    <p class="quiet" role="status">{why}</p>
                    {failed.then(|| view! { <button type="button" class="btn soft" on:click=again>{words.again}</button> })}
                }
            }
        }
    });
    let how = changing(move || {
        if !can_order() {
            return view! { <p class="how">{icon("shop")} <span>{words.show_clerk}</span></p> };
        }
        let orderable = stores
            .cart
            .quoting
            .with(|quoting| matches!(quoting, Quoting::Here(quote) if quote.orderable));
        let blocked = stores
            .cart
            .quoting
            .with(|quoting| matches!(quoting, Quoting::Here(quote) if !quote.orderable));
        view! {
            {blocked.then(|| view! { <p class="trouble" role="status">{words.look_again}</p> })}
            <a class="btn wide" href=orderable.then_some("/checkout") role="link" aria-disabled=(!orderable).then_some("true")>{words.to_checkout}</a>
        }
    });
    view! {
        <section class=class>
            {only_here}
            <ul class="card">
                {each(move || stores.cart.lines(), |line| line.variant.as_str(), line)}
            </ul>
            <div class="card sum">{sum}</div>
            {how}
        </section>
    }
}

/// What the backend says is wrong with a line, with the one tap that mends it.
fn trouble(variant: &VariantId, seen: Money) -> Option<View> {
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
    let said = view! {
        <p class="wrong" role="status"><span>{what}</span> <button type="button" class="btn soft" on:click=mend>{remedy}</button></p>
    };
    Some(said)
}

/// A line. Its quantity follows the store; the rest is as it was put in.
fn line(line: DraftLine) -> View {
    let stores = stores();
    let words = words();
    let key = StoredValue::new(line.variant.clone());
    let quantity = move || {
        key.with_value(|key| {
            stores.cart.with(|draft| {
                draft
                    .lines
                    .iter()
                    .find(|line| line.variant == *key)
                    .map_or(0, |line| line.quantity)
            })
        })
    };
    // The price it was put in at, or that was accepted since.
    let unit = move || {
        key.with_value(|key| {
            stores.cart.with(|draft| {
                draft
                    .lines
                    .iter()
                    .find(|line| line.variant == *key)
                    .map(|line| line.price)
            })
        })
    };
    let total = changing(move || {
        unit()
            .and_then(|unit| unit.times(quantity()).ok())
            .map(|total| price(total, None, false))
            .into_view()
    });
    let kept = StoredValue::new(line.clone());
    let set = move |value: u32| {
        let now = quantity();
        key.with_value(|key| stores.cart.set(key, value));
        if value == 0 {
            // Taken out by one tap too many: one tap puts it back.
            let line = DraftLine {
                quantity: now.max(1),
                ..kept.get_value()
            };
            let text = (words.removed)(&line.name);
            let put_back = Callback::new(move |()| stores.cart.put_back(line.clone()));
            stores.said.set(Some(Said {
                text,
                remedy: Some((words.undo, put_back)),
            }));
        }
    };
    let price_now = line.price;
    let trouble = changing(move || key.with_value(|key| trouble(key, price_now)).into_view());
    let named = [line.name.clone(), line.variant_name.clone()].join(" ");
    view! {
        <li>
            <a href=product_path(&line.product) aria-label=line.name.clone()>{plate(line.picture.as_ref(), true)}</a>
            <div>
                <strong>{line.name.clone()}</strong>
                <p class="quiet">{line.variant_name.clone()}</p>
                <p class="buy">{total} {stepper(named, quantity, 0, || MAX_QUANTITY, set)}</p>
                {trouble}
            </div>
        </li>
    }
}
