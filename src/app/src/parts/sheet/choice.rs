//! The sheet that asks which variant and how many. One for the whole page: any list opens it.

use super::sheet;
use crate::parts::plate::plate;
use crate::parts::price::{unit_price, variant_price};
use crate::parts::state::{failed, waiting};
use crate::parts::stepper::stepper;
use crate::shop::product_reading;
use crate::state::reading::Load;
use crate::state::stores;
use crate::view::{IntoView, View, changing, follows, on, text, view};
use crate::words::words;
use domain::catalog::{Product, Variant};
use domain::id::{ProductId, VariantId};
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("choice.css");

/// Opens the sheet.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    open: RwSignal<bool>,
    product: StoredValue<Option<ProductId>>,
}

impl Asked {
    /// Asks which variant of a product, and how many.
    pub fn about(&self, product: ProductId) {
        self.product.set_value(Some(product));
        self.open.set(true);
    }
}

/// The sheet of this page, found while a view is made; at an event it would be too late.
pub fn asked() -> Asked {
    expect_context()
}

/// Makes [`asked`] possible below here. Returns the sheet itself.
pub fn choice_sheet() -> View {
    let asked = Asked {
        open: RwSignal::new(false),
        product: StoredValue::new(None),
    };
    provide_context(asked);
    sheet(words().choose, asked.open, move || {
        let Some(id) = asked.product.get_value() else {
            return ().into_view();
        };
        let read = product_reading(id);
        changing(move || match read.load.get() {
            Load::Waiting => waiting("choice", false),
            Load::WaitingLong => waiting("choice", true),
            Load::Failed(error) => failed(&error, move || read.again()),
            Load::Here(fresh) => choice(fresh.value, asked.open),
        })
    })
}

fn choice(product: Product, open: RwSignal<bool>) -> View {
    let class = style_sheet!("src/app/src/parts/sheet/choice.css");
    let stores = stores();
    let words = words();
    let picture = product.pictures.first().cloned();
    let name = product.name.clone();
    let chosen = RwSignal::new(product.variant(None).map(|variant| variant.id.clone()));
    let quantity = RwSignal::new(1_u32);
    let product = StoredValue::new(product);
    let variant =
        move || product.with_value(|product| product.variant(chosen.get().as_ref()).cloned());
    let most = move || variant().map_or(1, |variant| variant.stock.most().max(1));
    let sold_out = move || variant().is_none_or(|variant| !variant.stock.available());
    let put_in = on(move |_| {
        if let Some(variant) = variant().filter(|variant| variant.stock.available()) {
            let pieces = product.with_value(|product| {
                stores.cart.add(
                    &product.id,
                    &product.name,
                    product.pictures.first(),
                    &variant,
                    quantity.get_untracked().min(most()),
                )
            });
            product.with_value(|product| stores.say((words.added)(&product.name, pieces)));
            open.set(false);
        }
    });
    view! {
        <section class=class>
            <div class="head">
                {plate(picture.as_ref(), true)}
                <div>
                    <strong>{name.clone()}</strong>
                    {changing(move || variant().map(|variant| view! {
                        {variant_price(&variant, false)}
                        <p class="quiet">{[(words.stock)(variant.stock), variant.unit_price().map(|unit| [" · ", &unit_price(unit)].concat()).unwrap_or_default()].concat()}</p>
                    }).into_view())}
                </div>
            </div>
            {product.with_value(|product| variants(&product.variants, move || chosen.get(), move |id| {
                chosen.set(Some(id));
                quantity.update(|quantity| *quantity = (*quantity).min(most()));
            }))}
            <div class="foot">
                {stepper(name, move || quantity.get(), 1, most, move |value| quantity.set(value))}
                <button type="button" class="btn wide" disabled=follows(sold_out) on:click=put_in>
                    {text(move || (if sold_out() { words.sold_out } else { words.add }).to_owned())}
                </button>
            </div>
        </section>
    }
}

/// The variants as one group of choices, each with its price and what is left.
pub fn variants(
    all: &[Variant],
    chosen: impl Fn() -> Option<VariantId> + Copy + 'static,
    choose: impl Fn(VariantId) + Clone + 'static,
) -> View {
    let class = style_sheet!("src/app/src/parts/sheet/variants.css");
    let option = |variant: &Variant| {
        let id = variant.id.clone();
        let choose = choose.clone();
        let value = id.to_string();
        let checked = {
            let id = id.clone();
            move || chosen().as_ref() == Some(&id)
        };
        let note = if variant.stock.available() {
            variant.price.to_string()
        } else {
            words().sold_out.to_owned()
        };
        view! {
            <label class:out=!variant.stock.available()>
                <input type="radio" name="variant" value=value prop:checked=follows(checked) on:change=on(move |_| choose(id.clone())) />
                <span>{variant.name.clone()} <small>{note}</small></span>
            </label>
        }
    };
    view! {
        <fieldset class=class>
            <legend class="unseen">{words().choose}</legend>
            {all.iter().map(option).collect::<Vec<_>>()}
        </fieldset>
    }
}
const _: &str = include_str!("variants.css");
