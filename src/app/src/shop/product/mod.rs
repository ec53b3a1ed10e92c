//! A product: what it is, where it comes from, how much there is, and how to take it along. The
//! chosen variant lives in the address.

use crate::browser::address::{address, go};
use crate::parts::buy::buy_bar;
use crate::parts::icon;
use crate::parts::plate::plate;
use crate::parts::price::{amount, unit_price, variant_price};
use crate::parts::product::{bundle_path, card, line, product_path};
use crate::parts::share::{Shared, share_button};
use crate::parts::sheet::choice::variants;
use crate::parts::state::{notice, show};
use crate::parts::stepper::stepper;
use crate::parts::taste::invitation;
use crate::parts::top::{page_bar, title};
use crate::state::reading::{Load, Reading, reading};
use crate::state::stores;
use crate::view::{IntoView, View, changing, follows, on, text, view};
use crate::words::{is_scarce, spoken, words};
use domain::bundle::BundleSummary;
use domain::catalog::{Companion, Product, ProductQuery, ProductSummary, Variant};
use domain::id::{ProductId, VariantId};
use domain::time::Moment;
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("product.css");

/// The page.
pub fn page(id: ProductId) -> View {
    let product = product_reading(id);
    title(move || {
        product.load.with(|load| match load {
            Load::Here(fresh) => fresh.value.name.clone(),
            _ => words().product.to_owned(),
        })
    });
    let shared = move || {
        product.load.with(|load| match load {
            Load::Here(fresh) => Some(shared(&fresh.value)),
            _ => None,
        })
    };
    view! {
        {page_bar(words().product, "/products", share_button(shared))}
        {show(product, "product", content, gone)}
    }
}

/// What is passed on of a product.
fn shared(product: &Product) -> Shared {
    let price = product.variant(None).map(|variant| variant.price);
    Shared {
        name: product.name.clone(),
        subtitle: product.subtitle.clone(),
        price: price.map(|price| price.to_string()).unwrap_or_default(),
        picture: product.pictures.first().map(|picture| picture.url.clone()),
        path: product_path(&product.id),
    }
}

/// One product, as its page and the sheet of choices read it.
pub fn product_reading(id: ProductId) -> Reading<Product> {
    let key = ["product/", spoken().tag(), "/", id.as_str()].concat();
    let stores = stores();
    reading(key, move || {
        let id = id.clone();
        Box::pin(async move { stores.client().catalog().product(&id).await })
    })
}

fn gone() -> View {
    let words = words();
    let browse = view! { <a class="btn" href="/products">{words.browse}</a> };
    notice(
        "shelves",
        words.gone.to_owned(),
        words.gone_hint.to_owned(),
        browse.into_view(),
        false,
    )
}

fn content(product: Product) -> View {
    let class = style_sheet!("src/app/src/shop/product/product.css");
    let words = words();
    let address = address();
    let all = StoredValue::new(product.variants.clone());
    let variant = {
        let product = product.clone();
        let product = StoredValue::new(product);
        move || {
            let asked = address
                .with(|address| address.parameter("variant"))
                .map(VariantId::from);
            product.with_value(|product| product.variant(asked.as_ref()).cloned())
        }
    };
    let path = product_path(&product.id);
    let choose = move |id: VariantId| {
        go(
            address,
            &[&path, "?variant=", &client::endpoint::encode(id.as_str())].concat(),
            true,
        );
    };
    let several = product.variants.len() > 1;
    view! {
        <div class=class>
            <div class="hero">{plate(product.pictures.first(), true)}</div>
            <div class="about">
                {changing(move || variant().map(price_line).into_view())}
                <h2 class="name">{product.name.clone()}</h2>
                <p class="quiet">{product.subtitle.clone()}</p>
                {several.then(|| all.with_value(|all| variants(all, move || variant().map(|variant| variant.id), choose)))}
                <p class="story">{product.description.clone()}</p>
                <dl class="card">
                    {changing(move || variant().and_then(|variant| variant.unit_price()).map(|unit| fact(words.unit_price, unit_price(unit))).into_view())}
                    {facts(&product)}
                </dl>
                {product.tasting.as_ref().map(invitation)}
                {companions(&product.companions)}
            </div>
            {buy(product, variant)}
        </div>
    }
}

fn price_line(variant: Variant) -> View {
    let words = words();
    view! {
        <div class="price">
            {variant_price(&variant, false)}
            {variant.former_price.map(|_| view! { <span class="tag save">{words.specials}</span> })}
            <span class="stock" class:scarce=is_scarce(variant.stock)>{(words.stock)(variant.stock)}</span>
        </div>
    }
}

fn fact(name: &'static str, value: String) -> View {
    view! { <div><dt>{name}</dt><dd>{value}</dd></div> }
}

fn facts(product: &Product) -> View {
    let words = words();
    let batch = product
        .batch
        .as_ref()
        .map(|batch| [&arrived(batch.arrived_at), " · ", &batch.code].concat());
    let allergens: Vec<_> = product
        .allergens
        .iter()
        .map(|allergen| (words.allergen)(*allergen))
        .collect();
    let allergens = (!allergens.is_empty())
        .then(|| allergens.join(if spoken().tag() == "en" { ", " } else { "、" }));
    let pickup = Some(product.merchant.pickup.clone()).filter(|pickup| !pickup.is_empty());
    let lines = [
        (words.origin, product.origin.clone()),
        (words.batch, batch),
        (words.shelf_life, product.shelf_life.clone()),
        (words.storage, product.storage.clone()),
        (words.allergens, allergens),
        (words.pickup, pickup),
    ];
    let of_merchant = ProductQuery {
        merchant: Some(product.merchant.id.clone()),
        ..Default::default()
    };
    view! {
        {lines.into_iter().filter_map(|(name, value)| value.map(|value| fact(name, value))).collect::<Vec<_>>()}
        <div>
            <dt>{words.sold_by}</dt>
            <dd><a href=["/products", &client::endpoint::query_string(&of_merchant)].concat()>{product.merchant.name.clone()} {icon("more")}</a></dd>
        </div>
    }
}

/// What the neighbours buy with it, and the sets that have both.
fn companions(all: &[Companion]) -> Option<View> {
    let words = words();
    if all.is_empty() {
        return None;
    }
    let cards = all.iter().map(|companion| {
        // Why it stands here says more than what it is.
        let product = ProductSummary {
            subtitle: (words.bought_too)((companion.confidence + 50) / 100),
            ..companion.product.clone()
        };
        card(product, false)
    });
    let mut bundles: Vec<&BundleSummary> = Vec::new();
    for bundle in all.iter().filter_map(|companion| companion.bundle.as_ref()) {
        if bundle.stock.available() && bundles.iter().all(|there| there.id != bundle.id) {
            bundles.push(bundle);
        }
    }
    let set = |bundle: &BundleSummary| {
        let saved = bundle.alone.minus(bundle.price).ok()?;
        Some(view! {
            <a class="set" href=bundle_path(&bundle.id)>
                <span>{bundle.name.clone()}</span>
                <strong>{(words.make_set)(&amount(saved))} {icon("more")}</strong>
            </a>
        })
    };
    Some(view! {
        <h2 class="well">{words.goes_well}</h2>
        {line(words.goes_well, cards.collect())}
        {bundles.into_iter().map(set).collect::<Vec<_>>()}
    })
}

/// When something came to the shop: `今天 06:10 到店`.
pub(super) fn arrived(moment: Moment) -> String {
    (words().arrived)(&day(moment), &moment.clock())
}

/// Whether it came today.
pub(super) fn is_of_today(moment: Moment) -> bool {
    day(moment) == words().today
}

/// Today, yesterday, or the date, on the shop's clock.
fn day(moment: Moment) -> String {
    let then = moment.local();
    let today = Moment {
        ms: crate::browser::now_ms(),
        ..moment
    }
    .local();
    let yesterday = Moment {
        ms: crate::browser::now_ms() - 86_400_000,
        ..moment
    }
    .local();
    let same = |other: domain::time::Local| {
        (other.year, other.month, other.day) == (then.year, then.month, then.day)
    };
    if same(today) {
        words().today.to_owned()
    } else if same(yesterday) {
        words().yesterday.to_owned()
    } else {
        [then.month.to_string(), "-".to_owned(), then.day.to_string()].concat()
    }
}

/// How many, and into the cart.
fn buy(product: Product, variant: impl Fn() -> Option<Variant> + Copy + 'static) -> View {
    let stores = stores();
    let words = words();
    let quantity = RwSignal::new(1_u32);
    let most = move || variant().map_or(1, |variant| variant.stock.most().max(1));
    let sold_out = move || variant().is_none_or(|variant| !variant.stock.available());
    let wanted = move || quantity.get().min(most());
    let what = product.name.clone();
    let put_in = on(move |_| {
        if let Some(variant) = variant().filter(|variant| variant.stock.available()) {
            let pieces = stores.cart.add(
                &product.id,
                &product.name,
                product.pictures.first(),
                &variant,
                wanted(),
            );
            stores.say((words.added)(&product.name, pieces));
            quantity.set(1);
        }
    });
    let add = view! {
        <button type="button" class="btn wide" disabled=follows(sold_out) on:click=put_in>
            {text(move || (if sold_out() { words.sold_out } else { words.add }).to_owned())}
        </button>
    };
    buy_bar(
        stepper(what, wanted, 1, most, move |value| quantity.set(value)),
        add,
    )
}
