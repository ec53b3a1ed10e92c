//! What is in a set, part by part, and what each may be swapped for.

use super::content::difference;
use super::packing::{Packing, left};
use super::words::{list, texts};
use crate::parts::icon;
use crate::parts::plate::plate;
use crate::parts::price::amount;
use crate::parts::product::product_path;
use crate::parts::sheet::{close_then, sheet};
use crate::shop::product::{arrived, is_of_today};
use crate::view::{IntoView, View, changing, follows, on, text, view};
use crate::words::{is_scarce, words};
use domain::bundle::PartOption;
use domain::id::VariantId;
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("swap.css");

/// The card with a row for each part, and the sheet that its swaps open.
pub fn goods(set: Packing) -> View {
    // The part whose swaps the sheet shows.
    let asked = StoredValue::new(0_usize);
    let open = RwSignal::new(false);
    let ask = move |place: usize| {
        asked.set_value(place);
        open.set(true);
    };
    let count = set.bundle(|bundle| bundle.parts.len());
    view! {
        <ul class="card parts">{(0..count).map(|place| row(set, place, ask)).collect::<Vec<_>>()}</ul>
        {sheet(texts().swap, open, move || swaps(set, asked.get_value(), open))}
    }
}

/// One part. Only what it is changes with the choice, so that the focus stays where it is.
fn row(set: Packing, place: usize, ask: impl Fn(usize) + Copy + 'static) -> View {
    let at = Memo::new(move |_| set.at(place));
    let quantity = set.bundle(|bundle| bundle.parts.get(place).map_or(1, |part| part.quantity));
    let what = changing(move || {
        let chosen = at.get().and_then(|id| option(set, place, &id));
        chosen.map(|option| face(&option, quantity)).into_view()
    });
    let ways = set.bundle(|bundle| bundle.parts.get(place).map_or(0, |part| part.options.len()));
    let swap = match ways {
        0 | 1 => view! { <span class="swap">{texts().no_way}</span> },
        2 => the_other(set, place, at),
        ways => {
            let name = text(move || chosen_name(set, place, at));
            view! {
                <button type="button" class="swap" aria-haspopup="dialog" on:click=on(move |_| ask(place))>
                    <span class="unseen">{name}</span>
                    {texts().ways}
                    <strong>{(texts().so_many)(ways - 1)} {icon("more")}</strong>
                </button>
            }
        }
    };
    view! { <li>{what} {swap}</li> }
}

/// What one gets, and the way to its own page. That something came today is worth saying.
pub fn face(option: &PartOption, quantity: u32) -> View {
    let alone = option.price.times(quantity).unwrap_or(option.price);
    let stock = is_scarce(option.stock).then(|| {
        view! { " · " <em>{(words().stock)(option.stock)}</em> }
    });
    let fresh = option
        .arrived_at
        .filter(|moment| is_of_today(*moment))
        .map(|moment| view! { <small>{arrived(moment)}</small> });
    view! {
        <a href=product_path(&option.product)>
            {plate(option.picture.as_ref(), true)}
            <span>
                <strong>{name(option, quantity)}</strong>
                <small>{(texts().alone)(&amount(alone))} {stock}</small>
                {fresh}
            </span>
        </a>
    }
}

/// `三文鱼刺身 200g`, with how many when there are several.
fn name(option: &PartOption, quantity: u32) -> String {
    let mut name = [option.name.as_str(), option.variant_name.as_str()].join(" ");
    if quantity > 1 {
        name += &[" × ", &quantity.to_string()].concat();
    }
    name
}

fn option(set: Packing, place: usize, id: &VariantId) -> Option<PartOption> {
    set.bundle(|bundle| {
        let options = &bundle.parts.get(place)?.options;
        options.iter().find(|option| option.variant == *id).cloned()
    })
}

fn chosen_name(set: Packing, place: usize, at: Memo<Option<VariantId>>) -> String {
    let chosen = at.get().and_then(|id| option(set, place, &id));
    chosen.map(|option| option.name).unwrap_or_default()
}

/// Where there is one other way only, one tap swaps.
fn the_other(set: Packing, place: usize, at: Memo<Option<VariantId>>) -> View {
    let other = move || {
        let at = at.get();
        set.bundle(|bundle| {
            let options = &bundle.parts.get(place)?.options;
            options
                .iter()
                .find(|option| Some(&option.variant) != at.as_ref())
                .cloned()
        })
    };
    let is_gone = move || other().is_none_or(|option| left(&option) == 0);
    let swap = on(move |_| {
        if let Some(option) = untrack(other).filter(|option| left(option) > 0) {
            set.put(place, option.variant);
        }
    });
    let offer = move || {
        let Some(option) = other() else {
            return String::new();
        };
        if is_gone() {
            return [&option.name, " ", words().sold_out].concat();
        }
        [&option.name, " ", &more(set, place, &option.variant)].concat()
    };
    // It stays a button when the other is sold out, so that the focus is not lost.
    view! {
        <button type="button" class="swap" aria-disabled=follows(move || is_gone().then_some("true")) on:click=swap>
            <span class="unseen">{text(move || chosen_name(set, place, at))}</span>
            {texts().ways}
            <strong>{text(offer)} {icon("more")}</strong>
        </button>
    }
}

/// What a set costs more with another variant in a place.
fn more(set: Packing, place: usize, variant: &VariantId) -> String {
    let choice = set.choice();
    let money = set.bundle(|bundle| bundle.difference(&choice, place, variant));
    difference(texts(), money)
}

/// The ways that a part can be, to choose one.
fn swaps(set: Packing, place: usize, open: RwSignal<bool>) -> View {
    let class = style_sheet!("src/app/src/shop/bundle/swap.css");
    let texts = texts();
    let now = untrack(|| set.at(place));
    let chosen = RwSignal::new(now.clone());
    let options = set.bundle(|bundle| {
        bundle
            .parts
            .get(place)
            .map(|part| part.options.clone())
            .unwrap_or_default()
    });
    let legend = options
        .iter()
        .find(|option| now.as_ref() == Some(&option.variant))
        .map(|option| (texts.instead_of)(&option.name));
    let done = on(move |_| {
        // The open sheet is a step of the history: the address is changed when it is taken back.
        if let Some(variant) = chosen.get_untracked() {
            close_then(open, move || set.put(place, variant));
        }
    });
    let choice = move |option: PartOption| {
        let id = option.variant.clone();
        let is_gone = left(&option) == 0;
        let checked = {
            let id = id.clone();
            move || chosen.with(|chosen| chosen.as_ref() == Some(&id))
        };
        let allergens: Vec<_> = option
            .allergens
            .iter()
            .map(|allergen| (words().allergen)(*allergen).to_owned())
            .collect();
        let mut notes = vec![
            (texts.alone)(&amount(option.price)),
            (words().stock)(option.stock),
        ];
        if !allergens.is_empty() {
            notes.push([words().allergens, " ", &list(&allergens)].concat());
        }
        let more = if now.as_ref() == Some(&id) {
            texts.now_this.to_owned()
        } else {
            untrack(|| more(set, place, &id))
        };
        view! {
            <label class:out=is_gone>
                <input type="radio" name="swap" value=id.to_string() prop:checked=follows(checked) disabled=is_gone on:change=on(move |_| chosen.set(Some(id.clone()))) />
                <span>
                    {plate(option.picture.as_ref(), true)}
                    <span><strong>{name(&option, 1)}</strong> <small>{notes.join(" · ")}</small></span>
                    <b>{more}</b>
                </span>
            </label>
        }
    };
    view! {
        <section class=class>
            <fieldset>
                <legend>{legend}</legend>
                {options.into_iter().map(choice).collect::<Vec<_>>()}
            </fieldset>
            <button type="button" class="btn wide" on:click=done>{texts.done}</button>
        </section>
    }
}
