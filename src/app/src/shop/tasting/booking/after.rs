//! After the tasting: one tap buys what was tasted, and one question.

use super::words::text;
use super::{Here, Said as Told, is_known};
use crate::browser::address::{Address, address, go};
use crate::parts::icon;
use crate::parts::product::bundle_path;
use crate::parts::state::explain;
use crate::state::{Said, Stores};
use crate::view::{IntoView, View, changing, follows, on, task, text as live, view};
use crate::words::words;
use client::Error;
use domain::booking::{Booking, ToBuy, Verdict};
use domain::bundle::{Bundle, PartOption, PriceRule};
use domain::cart::DraftBundle;
use domain::id::{BookingId, BundleId, ProductId, VariantId};
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("after.css");

/// What comes after.
pub fn after(booking: &Booking, here: Here, told: Told) -> View {
    let class = style_sheet!("src/app/src/shop/tasting/booking/after.css");
    let texts = text();
    let (address, name) = (address(), booking.tasting.name.clone());
    let adding = RwSignal::new(false);
    let button = |said: String, wanted: ToBuy| {
        let stores = here.stores;
        let press = on(move |_| {
            if adding.get_untracked() {
                return;
            }
            adding.set(true);
            let (wanted, name) = (wanted.clone(), name.clone());
            task(async move {
                let put = put_in(wanted, stores, address).await;
                adding.try_set(false);
                say(put, &name, stores, address);
            });
        });
        view! { <button type="button" class="btn wide" disabled=follows(move || adding.get()) on:click=press>{said}</button> }
    };
    let buy = match booking.buy.clone() {
        Some(wanted @ ToBuy::Product { price, .. }) => {
            Some(button((texts.buy_now)(&price.to_string()), wanted))
        }
        Some(wanted @ ToBuy::Bundle { .. }) => Some(button(texts.buy.to_owned(), wanted)),
        Some(ToBuy::Unknown) | None => None,
    };
    let id = booking.id.clone();
    let thanks = move || match told.get() {
        Some(_) => texts.thanks.to_owned(),
        None => String::new(),
    };
    view! {
        <div class=["card ", class].concat()>
            {buy}
            <fieldset>
                <legend>{texts.how_was_it}</legend>
                {verdict(texts.liked, Verdict::Liked, &id, here, told)}
                {verdict(texts.not_for_me, Verdict::NotForMe, &id, here, told)}
                <p class="quiet" role="status">{live(thanks)}</p>
            </fieldset>
        </div>
    }
}

/// One of the answers.
fn verdict(name: &'static str, one: Verdict, id: &BookingId, here: Here, told: Told) -> View {
    let is_it = move || told.get() == Some(one);
    let id = id.clone();
    let judge = on(move |_| {
        let id = id.clone();
        if told.get_untracked() != Some(one) {
            here.act(
                Box::pin(async move { here.stores.client().bookings().judge(&id, one).await }),
                None,
            );
        }
    });
    view! {
        <button type="button" class="btn soft" aria-pressed=follows(move || is_it().to_string()) on:click=judge>
            {changing(move || is_it().then(|| icon("check")).into_view())} {name}
        </button>
    }
}

/// What was put into the cart, and how many pieces are there now.
type Put = Option<(String, u32)>;

/// Puts what was tasted into the cart; what has to be chosen first is chosen on its own page.
async fn put_in(wanted: ToBuy, stores: Stores, address: RwSignal<Address>) -> Result<Put, Error> {
    match wanted {
        ToBuy::Product {
            product, variant, ..
        } => put_product(&product, &variant, stores).await,
        ToBuy::Bundle { bundle } => put_bundle(&bundle, stores, address).await,
        ToBuy::Unknown => Ok(None),
    }
}

async fn put_product(
    product: &ProductId,
    variant: &VariantId,
    stores: Stores,
) -> Result<Put, Error> {
    let product = stores.client().catalog().product(product).await?.value;
    let mut variants = product.variants.iter();
    let there = variants.find(|there| there.id == *variant && there.stock.available());
    Ok(there.map(|variant| {
        let picture = product.pictures.first();
        let cart = stores.cart;
        let pieces = cart.add(&product.id, &product.name, picture, variant, 1);
        (product.name.clone(), pieces)
    }))
}

async fn put_bundle(
    id: &BundleId,
    stores: Stores,
    address: RwSignal<Address>,
) -> Result<Put, Error> {
    let bundle = stores.client().catalog().bundle(id).await?.value;
    let Some(draft) = as_offered(&bundle) else {
        go(address, &bundle_path(id), false);
        return Ok(Some((String::new(), 0)));
    };
    Ok(Some((bundle.name, stores.cart.add_bundle(draft))))
}

/// The bundle as it is offered first; `None` when something is to be chosen, or is not there.
fn as_offered(bundle: &Bundle) -> Option<DraftBundle> {
    if matches!(bundle.rule, PriceRule::AnyOf { .. }) {
        return None;
    }
    let choice = bundle.choice(&[]);
    let chosen = bundle.chosen(&choice)?;
    let price = chosen.price()?.price;
    let left = |option: &PartOption| {
        if option.stock.available() {
            option.stock.most()
        } else {
            0
        }
    };
    let quantity = bundle.minimum.max(1);
    let mut parts: Vec<String> = Vec::new();
    for part in &chosen.parts {
        if !parts.contains(&part.option.name) {
            parts.push(part.option.name.clone());
        }
    }
    let first = || chosen.parts.first()?.option.picture.as_ref();
    (chosen.sets(&left) >= quantity).then(|| DraftBundle {
        bundle: bundle.id.clone(),
        picture: bundle.picture.as_ref().or_else(first).cloned(),
        name: bundle.name.clone(),
        choice,
        quantity,
        parts,
        price,
    })
}

fn say(put: Result<Put, Error>, tasted: &str, stores: Stores, address: RwSignal<Address>) {
    match put {
        // Its page shows itself.
        Ok(Some((_, 0))) => {}
        Ok(Some((name, pieces))) => stores.said.set(Some(Said {
            text: (words().added)(&name, pieces),
            remedy: Some((
                text().to_cart,
                Callback::new(move |()| go(address, "/cart", false)),
            )),
        })),
        Ok(None) => stores.say((words().part_sold_out)(tasted)),
        Err(error) if is_known(&error) && error.is_not_found() => {
            stores.say(text().not_sold.to_owned());
        }
        Err(error) => stores.say(explain(&error).0),
    }
}
