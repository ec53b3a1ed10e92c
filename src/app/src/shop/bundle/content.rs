//! What stands below the bar of a bundle: its goods, what they cost together, what is in a set.

use super::packing::{Packing, Short};
use super::words::{Text, list, texts};
use super::{goods, pool};
use crate::browser::address::{address, go};
use crate::parts::buy::buy_bar;
use crate::parts::price::{amount, price};
use crate::parts::share::Shared;
use crate::parts::state::{notice, show};
use crate::parts::stepper::stepper;
use crate::parts::taste::invitation;
use crate::state::reading::reading;
use crate::state::stores;
use crate::view::{IntoView, View, changing, each, effect, follows, on, text, view};
use crate::words::{spoken, words};
use domain::bundle::{Bundle, PriceRule};
use domain::catalog::{Picture, Stock, StockLevel};
use domain::id::BundleId;
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("bundle.css");

/// The bundle, or how far it is.
pub fn content(id: BundleId, shared: RwSignal<Option<Shared>>) -> View {
    let key = ["bundle/", spoken().tag(), "/", id.as_str()].concat();
    let stores = stores();
    let bundle = reading(key, move || {
        let id = id.clone();
        Box::pin(async move { stores.client().catalog().bundle(&id).await })
    });
    show(bundle, "product", move |bundle| here(bundle, shared), gone)
}

fn gone() -> View {
    let browse = view! { <a class="btn" href="/products">{words().browse}</a> };
    let texts = texts();
    notice(
        "bag",
        texts.gone.to_owned(),
        texts.gone_hint.to_owned(),
        browse.into_view(),
        false,
    )
}

fn here(bundle: Bundle, shared: RwSignal<Option<Shared>>) -> View {
    let class = style_sheet!("src/app/src/shop/bundle/bundle.css");
    let is_pool = matches!(bundle.rule, PriceRule::AnyOf { .. });
    let about = about(&bundle);
    let story = bundle.description.clone();
    let taste = bundle.tasting.as_ref().map(invitation);
    let name = bundle.name.clone();
    let set = Packing::new(bundle);
    effect(move |_| shared.set(Some(set.shared())));
    let goods = if is_pool {
        pool::pool(set)
    } else {
        goods::goods(set)
    };
    view! {
        <div class=class>
            {hero(set)}
            <div class="about">
                <div class="price" aria-live="polite">{changing(move || price_line(set))}</div>
                <p class="quiet">{about}</p>
                {changing(move || set.short().map(|short| strip(set, short)).into_view())}
                {goods}
                <dl>{changing(move || sums(set))}{facts(set)}</dl>
                {taste}
                <p class="story">{story}</p>
            </div>
            {buy(set, name)}
        </div>
    }
}

/// What is chosen, side by side on one plate.
fn hero(set: Packing) -> View {
    let pictures = move || {
        let choice = set.choice();
        set.bundle(|bundle| {
            let options = bundle.parts.iter().flat_map(|part| &part.options);
            let mut pictures: Vec<Picture> = Vec::new();
            for picture in options
                .filter(|option| choice.contains(&option.variant))
                .filter_map(|option| option.picture.as_ref())
            {
                if !pictures.contains(picture) {
                    pictures.push(picture.clone());
                }
            }
            if pictures.is_empty() {
                pictures.extend(bundle.picture.clone());
            }
            pictures.truncate(4);
            pictures
        })
    };
    view! { <div class="hero">{each(pictures, |picture| &picture.url, goods_picture)}</div> }
}

fn goods_picture(picture: Picture) -> View {
    let hide = on(|event| event_target::<web_sys::HtmlElement>(&event).set_hidden(true));
    view! { <img src=picture.url width=picture.width height=picture.height alt="" on:error=hide /> }
}

/// What a set costs, what that saves, and how many there are.
fn price_line(set: Packing) -> View {
    let (words, texts) = (words(), texts());
    let least = set.least();
    let from = (least > 1).then(|| view! { <span class="tag">{(texts.from_sets)(least)}</span> });
    let Some(now) = set.price() else {
        let rule = set.bundle(|bundle| bundle.rule);
        return match rule {
            PriceRule::AnyOf { price: sum, .. } => view! {
                {price(sum, None, false)}
                {from}
            },
            _ => view! { <strong>{texts.ask}</strong> },
        };
    };
    let saved = now.saved();
    let saves = (saved.amount > 0).then_some(now.alone);
    let stock = match set.left() {
        _ if set.is_sold_out() => words.sold_out.to_owned(),
        Some(left) => (texts.sets_left)(left),
        None => (words.stock)(Stock {
            level: StockLevel::Plenty,
            left: None,
        }),
    };
    view! {
        {price(now.price, saves, false)}
        {saves.map(|_| view! { <span class="tag save">{(words.saves)(&amount(saved))}</span> })}
        {from}
        <span class="stock" class:scarce=set.is_sold_out()>{stock}</span>
    }
}

/// For how many it is, and what the neighbours make of it.
fn about(bundle: &Bundle) -> String {
    let texts = texts();
    let mut parts = Vec::new();
    if bundle.serves > 0 {
        parts.push((texts.serves)(bundle.serves));
    }
    let mut names: Vec<String> = bundle
        .parts
        .iter()
        .filter_map(|part| Some(part.options.first()?.name.clone()))
        .collect();
    // To the nearest tenth; less than one in ten says nothing.
    let tenths = bundle
        .confidence
        .map_or(0, |confidence| (confidence + 50) / 100);
    if names.len() > 1 && tenths > 0 {
        let first = names.remove(0);
        parts.push((texts.bought_too)(&first, &list(&names), tenths.min(10)));
    }
    if parts.is_empty() {
        return bundle.subtitle.clone();
    }
    parts.join(" · ")
}

/// What there is not enough of, and the swap that helps.
fn strip(set: Packing, short: Short) -> View {
    let texts = texts();
    let text = match short.sets {
        0 => (texts.none_left)(&short.name),
        sets => (texts.enough_for)(&short.name, sets),
    };
    let is_blocking = short.is_blocking;
    let swap = short.swap.map(|swap| {
        let name = (texts.swap_for)(&list(&swap.names), &difference(texts, swap.difference));
        let swap = on(move |_| set.choose(&swap.choice));
        view! { <button type="button" on:click=swap>{name}</button> }
    });
    let text = match swap {
        Some(_) => text,
        None => [&text, texts.no_swap].concat(),
    };
    view! { <p class="strip" class:short=is_blocking role="status"><span>{text}</span> {swap}</p> }
}

/// `+¥3`, `−¥8`, or that it costs the same.
pub fn difference(texts: &Text, difference: Option<domain::money::Money>) -> String {
    match difference {
        Some(money) if money.amount > 0 => ["+", &amount(money)].concat(),
        Some(money) if money.amount < 0 => amount(money),
        _ => texts.same_price.to_owned(),
    }
}

fn line(name: &str, value: String) -> View {
    view! { <div><dt>{name}</dt><dd>{value}</dd></div> }
}

/// What it costs alone and together, and what somebody may be allergic to.
fn sums(set: Packing) -> View {
    let (words, texts) = (words(), texts());
    let price = set.price();
    let alone = price.map(|price| line(texts.alone_sum, price.alone.to_string()));
    let saved = price.filter(|price| price.saved().amount > 0).map(|price| {
        let saved = ["−", &price.saved().to_string()].concat();
        view! { <div class="saved"><dt>{texts.saved}</dt><dd>{saved}</dd></div> }
    });
    let sets = set.sets();
    let all = price
        .filter(|_| sets > 1)
        .and_then(|price| price.price.times(sets).ok())
        .map(|sum| line(&(texts.sets_sum)(sets), sum.to_string()));
    let allergens = set.chosen(|chosen| {
        let names = chosen.allergens().into_iter();
        names
            .map(|allergen| (words.allergen)(allergen).to_owned())
            .collect::<Vec<_>>()
    });
    let allergens = allergens
        .filter(|names| !names.is_empty())
        .map(|names| line(words.allergens, list(&names)));
    view! { {alone} {saved} {all} {allergens} }
}

/// Who packs it, and where it is picked up.
fn facts(set: Packing) -> View {
    let words = words();
    set.bundle(|bundle| {
        let merchant = &bundle.merchant;
        let pickup =
            (!merchant.pickup.is_empty()).then(|| line(words.pickup, merchant.pickup.clone()));
        view! { {pickup} {line(words.sold_by, merchant.name.clone())} }
    })
}

/// How many sets, into the cart, or there at once.
fn buy(set: Packing, name: String) -> View {
    let (stores, words, texts, address) = (stores(), words(), texts(), address());
    let kept = StoredValue::new(name.clone());
    let put_in = move || {
        let Some(bundle) = untrack(|| set.draft()) else {
            return false;
        };
        let pieces = stores.cart.add_bundle(bundle);
        kept.with_value(|name| stores.say((words.added)(name, pieces)));
        set.want(set.least());
        true
    };
    let add = on(move |_| {
        put_in();
    });
    let now = on(move |_| {
        if put_in() {
            go(address, "/cart", false);
        }
    });
    let closed = move || !set.is_there();
    let add_text = move || match set.missing() {
        0 if set.is_sold_out() => words.sold_out.to_owned(),
        0 => words.add.to_owned(),
        missing => (texts.missing)(missing),
    };
    let least = set.least();
    buy_bar(
        stepper(
            name,
            move || set.sets(),
            least,
            move || set.most().max(least),
            move |sets| set.want(sets),
        ),
        view! {
            <span class="two">
                <button type="button" class="btn soft" disabled=follows(closed) on:click=add>{text(add_text)}</button>
                <button type="button" class="btn" disabled=follows(closed) on:click=now>{texts.now}</button>
            </span>
        },
    )
}
