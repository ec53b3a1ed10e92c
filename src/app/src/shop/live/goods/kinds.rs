//! Which kind, and how many: with price and stock, which move while one chooses.

use super::good::Good;
use super::words::left;
use crate::parts::plate::plate;
use crate::parts::price::variant_price;
use crate::parts::stepper::stepper;
use crate::view::{IntoView, View, changing, each, follows, on, text, view};
use crate::words::words;
use domain::catalog::Variant;
use domain::id::VariantId;
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("../../../parts/sheet/choice.css");
const _: &str = include_str!("../../../parts/sheet/variants.css");

/// A kind, as its choice needs it.
struct Kind {
    good: Good,
    chosen: RwSignal<Option<VariantId>>,
    key: String,
    id: VariantId,
    name: String,
}

/// Asks which kind of it, beginning with `asked`. `done` is called when it is in the cart.
pub fn kinds(good: Good, asked: Option<&VariantId>, head: bool, done: impl Fn() + 'static) -> View {
    let class = style_sheet!("src/app/src/parts/sheet/choice.css");
    let words = words();
    let first = untrack(|| good.variant(asked)).map(|variant| variant.id);
    let chosen = RwSignal::new(first);
    let quantity = RwSignal::new(1_u32);
    let variant = Memo::new(move |_| good.variant(chosen.get().as_ref()));
    let most = move || variant.with(|variant| variant.as_ref().map_or(1, most_of));
    let many = move || quantity.get().min(most());
    let sold_out = move || variant.with(|variant| !variant.as_ref().is_some_and(is_left));
    let put_in = on(move |_| {
        // The price may have moved in this very moment; a kind that is gone is not put in.
        if untrack(|| !sold_out()) {
            good.put_in(chosen.get_untracked().as_ref(), untrack(many));
            done();
        }
    });
    let name = untrack(|| good.with(|good| good.name.clone())).unwrap_or_default();
    let head = head.then(|| {
        let picture = untrack(|| good.with(|good| good.picture.clone())).flatten();
        let price = changing(move || {
            let shown = |variant: &Variant| {
                view! {
                    {variant_price(variant, false)}
                    <p class="quiet">{left(variant.stock)}</p>
                }
            };
            variant.with(|variant| variant.as_ref().map(shown)).into_view()
        });
        view! { <div class="head">{plate(picture.as_ref(), true)} <div><strong>{name.clone()}</strong> {price}</div></div> }
    });
    view! {
        <section class=class>
            {head}
            {choices(good, chosen)}
            <div class="foot">
                {stepper(name.clone(), many, 1, most, move |value| quantity.set(value))}
                <button type="button" class="btn wide" disabled=follows(sold_out) on:click=put_in>
                    {text(move || (if sold_out() { words.sold_out } else { words.add }).to_owned())}
                </button>
            </div>
        </section>
    }
}

fn most_of(variant: &Variant) -> u32 {
    variant.stock.most().max(1)
}

fn is_left(variant: &Variant) -> bool {
    variant.stock.available()
}

fn choices(good: Good, chosen: RwSignal<Option<VariantId>>) -> View {
    let class = style_sheet!("src/app/src/parts/sheet/variants.css");
    let all = move || {
        let all = good.with(|good| good.variants.clone()).unwrap_or_default();
        let kind = |variant: Variant| Kind {
            good,
            chosen,
            key: variant.id.to_string(),
            id: variant.id,
            name: variant.name,
        };
        all.into_iter().map(kind).collect()
    };
    view! {
        <fieldset class=class>
            <legend class="unseen">{words().choose}</legend>
            {each(all, |kind| &kind.key, choice)}
        </fieldset>
    }
}

fn choice(kind: Kind) -> View {
    let Kind {
        good,
        chosen,
        key,
        id,
        name,
    } = kind;
    let id = StoredValue::new(id);
    let now = Memo::new(move |_| id.with_value(|id| good.variant(Some(id))));
    let is_chosen = move || chosen.with(|chosen| id.with_value(|id| chosen.as_ref() == Some(id)));
    let is_out = move || now.with(|now| !now.as_ref().is_some_and(is_left));
    let note = move || {
        let note = |now: &Variant| {
            let left = left(now.stock);
            if is_left(now) {
                [&now.price.to_string(), " · ", &left].concat()
            } else {
                left
            }
        };
        now.with(|now| now.as_ref().map(note)).unwrap_or_default()
    };
    view! {
        <label class:out=follows(is_out)>
            <input type="radio" name="kind" value=key prop:checked=follows(is_chosen) on:change=on(move |_| chosen.set(Some(id.get_value()))) />
            <span>{name} <small>{text(note)}</small></span>
        </label>
    }
}
