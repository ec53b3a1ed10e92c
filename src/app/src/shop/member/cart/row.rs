//! The rows of the cart: what is bought alone, and bundles, each one row that opens.

use super::{key_of, trouble};
use crate::parts::plate::plate;
use crate::parts::price::price;
use crate::parts::product::product_path;
use crate::parts::stepper::stepper;
use crate::state::cart::Quoting;
use crate::state::{Said, Stores, stores};
use crate::view::{IntoView, View, changing, view};
use crate::words::words;
use domain::cart::{Draft, DraftBundle, DraftLine, MAX_QUANTITY};
use domain::id::MerchantId;
use domain::pricing::{Quote, QuoteBundle, QuotePart};
use leptos::prelude::*;

/// A row of the cart.
pub struct Row {
    /// Names it among the others.
    pub key: String,
    what: What,
}

enum What {
    Line(DraftLine),
    Bundle(DraftBundle),
}

impl Row {
    /// Whose goods it is of, as a quote says.
    pub fn merchant<'a>(&self, quote: &'a Quote) -> Option<&'a MerchantId> {
        match &self.what {
            What::Line(line) => {
                let mut lines = quote.lines.iter();
                let quoted = lines.find(|quoted| quoted.variant == line.variant)?;
                Some(&quoted.item.as_ref()?.merchant)
            }
            What::Bundle(bundle) => quoted(quote, bundle)?.merchant.as_ref(),
        }
    }
}

/// What a quote says of a bundle.
pub fn quoted<'a>(quote: &'a Quote, bundle: &DraftBundle) -> Option<&'a QuoteBundle> {
    let mut bundles = quote.bundles.iter();
    bundles.find(|quoted| quoted.bundle == bundle.bundle && quoted.choice == bundle.choice)
}

/// All rows: bundles first, because they are what was put together.
pub fn rows(draft: &Draft) -> Vec<Row> {
    let bundle = |bundle: &DraftBundle| Row {
        key: key_of(bundle),
        what: What::Bundle(bundle.clone()),
    };
    let line = |line: &DraftLine| Row {
        key: line.variant.as_str().to_owned(),
        what: What::Line(line.clone()),
    };
    let bundles = draft.bundles.iter().map(bundle);
    bundles.chain(draft.lines.iter().map(line)).collect()
}

/// A row. Its quantity follows the store; the rest is as it was put in.
pub fn row(row: Row) -> View {
    match row.what {
        What::Line(line) => of_line(line),
        What::Bundle(bundle) => of_bundle(bundle),
    }
}

fn of_line(line: DraftLine) -> View {
    let stores = stores();
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
            let line = DraftLine {
                quantity: now.max(1),
                ..kept.get_value()
            };
            say_removed(stores, line.name.clone(), move || {
                stores.cart.put_back(line.clone())
            });
        }
    };
    let price_now = line.price;
    let trouble = changing(move || {
        key.with_value(|key| trouble::of_line(key, price_now))
            .into_view()
    });
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

fn of_bundle(bundle: DraftBundle) -> View {
    let stores = stores();
    let words = words();
    let kept = StoredValue::new(bundle.clone());
    let now = move || {
        kept.with_value(|kept| {
            stores.cart.with(|draft| {
                let mut bundles = draft.bundles.iter();
                let is_it =
                    |it: &&DraftBundle| it.bundle == kept.bundle && it.choice == kept.choice;
                bundles.find(is_it).map(|it| (it.quantity, it.price))
            })
        })
    };
    let quantity = move || now().map_or(0, |(quantity, _)| quantity);
    let total = changing(move || {
        now()
            .and_then(|(quantity, unit)| unit.times(quantity).ok())
            .map(|total| price(total, None, false))
            .into_view()
    });
    let set = move |value: u32| {
        let before = quantity();
        kept.with_value(|kept| stores.cart.set_bundle(kept, value));
        if value == 0 {
            let bundle = DraftBundle {
                quantity: before.max(1),
                ..kept.get_value()
            };
            say_removed(stores, bundle.name.clone(), move || {
                stores.cart.add_bundle(bundle.clone());
            });
        }
    };
    // What is in it, each with its share of the price, as the quote says.
    let parts = changing(move || {
        let of_part = |part: &QuotePart| {
            let item = part.item.as_ref();
            let name = item.map(|item| [item.name.as_str(), " ", &item.variant_name].concat());
            let times = (part.quantity > 1).then(|| [" × ", &part.quantity.to_string()].concat());
            view! { <li><span>{name} {times}</span> <span>{part.price.to_string()}</span></li> }
        };
        let parts = kept.with_value(|kept| {
            stores.cart.quoting.with(|quoting| match quoting {
                Quoting::Here(quote) => quoted(quote, kept)
                    .map(|quoted| quoted.parts.iter().map(of_part).collect::<Vec<_>>()),
                _ => None,
            })
        });
        parts.map(|parts| view! { <ul>{parts}</ul> }).into_view()
    });
    let trouble = changing(move || kept.with_value(trouble::of_bundle).into_view());
    let page = ["/bundles/", &key_of(&bundle).replacen('?', "?choice=", 1)].concat();
    view! {
        <li>
            <a href=page aria-label=bundle.name.clone()>{plate(bundle.picture.as_ref(), true)}</a>
            <div>
                <strong>{bundle.name.clone()}</strong>
                <details><summary class="quiet">{bundle.parts.join(" · ")}</summary>{parts}</details>
                <p class="buy">{total} {stepper([bundle.name.as_str(), " ", words.set].concat(), quantity, 0, || MAX_QUANTITY, set)}</p>
                {trouble}
            </div>
        </li>
    }
}

/// Taken out by one tap too many: one tap puts it back.
fn say_removed(stores: Stores, name: String, put_back: impl Fn() + Send + Sync + 'static) {
    let words = words();
    stores.said.set(Some(Said {
        text: (words.removed)(&name),
        remedy: Some((words.undo, Callback::new(move |()| put_back()))),
    }));
}
