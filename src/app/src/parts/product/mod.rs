//! A product as lists show it: a card in a line, a row on the shelves. A bundle has a card too.

use crate::parts::icon;
use crate::parts::plate::plate;
use crate::parts::price::{amount, price, unit_price, variant_price};
use crate::parts::sheet::choice::asked;
use crate::state::stores;
use crate::view::{View, on, view};
use crate::words::{is_scarce, words};
use domain::bundle::BundleSummary;
use domain::catalog::{ProductSummary, Stock};
use domain::id::{BundleId, ProductId};
use stylers::style_sheet;

const _: &str = include_str!("line.css");
const _: &str = include_str!("card.css");
const _: &str = include_str!("row.css");

/// The address of a product's page.
pub fn product_path(id: &ProductId) -> String {
    ["/products/", &client::endpoint::encode(id.as_str())].concat()
}

/// The address of a bundle's page.
pub fn bundle_path(id: &BundleId) -> String {
    ["/bundles/", &client::endpoint::encode(id.as_str())].concat()
}

/// A line of cards that scrolls sideways.
pub fn line(name: &'static str, cards: Vec<View>) -> View {
    let class = style_sheet!("src/app/src/parts/product/line.css");
    view! { <ul class=class tabindex="0" aria-label=name>{cards}</ul> }
}

/// A card, for a line.
pub fn card(product: ProductSummary, eager: bool) -> View {
    let class = style_sheet!("src/app/src/parts/product/card.css");
    view! {
        <li class=class>
            <a href=product_path(&product.id)>
                {plate(product.picture.as_ref(), eager)}
                <h3>{product.name.clone()}</h3>
                <p class="quiet">{product.subtitle.clone()}</p>
                {variant_price(&product.lead, product.variant_count > 1)}
            </a>
            {add_button(product)}
        </li>
    }
}

/// A bundle's card: what it costs, and what that saves.
pub fn bundle_card(bundle: BundleSummary) -> View {
    let class = style_sheet!("src/app/src/parts/product/card.css");
    let saved = bundle.alone.minus(bundle.price).ok();
    let saved = saved.filter(|saved| saved.amount > 0);
    let tag = match saved {
        Some(saved) if bundle.stock.available() => {
            Some(view! { <span class="tag save">{(words().saves)(&amount(saved))}</span> })
        }
        _ => stock_tag(bundle.stock),
    };
    view! {
        <li class=class class:set=true>
            <a href=bundle_path(&bundle.id)>
                {plate(bundle.picture.as_ref(), false)}
                <h3>{bundle.name}</h3>
                <p class="quiet">{bundle.subtitle}</p>
                {tag}
                {price(bundle.price, saved.map(|_| bundle.alone), false)}
            </a>
        </li>
    }
}

/// A row, for the shelves.
pub fn row(product: ProductSummary, eager: bool) -> View {
    let class = style_sheet!("src/app/src/parts/product/row.css");
    let unit = product
        .lead
        .unit_price()
        .map(|unit| view! { <span class="quiet">{unit_price(unit)}</span> });
    view! {
        <li class=class>
            <a href=product_path(&product.id)>
                {plate(product.picture.as_ref(), eager)}
                <div>
                    <h3>{product.name.clone()}</h3>
                    <p class="quiet">{product.subtitle.clone()}</p>
                    <p class="notes">{stock_tag(product.lead.stock)} {unit}</p>
                    {variant_price(&product.lead, product.variant_count > 1)}
                </div>
            </a>
            {add_button(product)}
        </li>
    }
}

/// Stock in plain words, where it is worth saying.
pub fn stock_tag(stock: Stock) -> Option<View> {
    is_scarce(stock).then(|| view! { <span class="tag warn">{(words().stock)(stock)}</span> })
}

/// The plus: puts one in, or asks which when there are several; nothing where it is sold out.
fn add_button(product: ProductSummary) -> Option<View> {
    let stores = stores();
    if !product.lead.stock.available() {
        return None;
    }
    let label = (words().add_named)(&product.name);
    let several = product.variant_count > 1;
    let asked = asked();
    let add = on(move |_| {
        if several {
            asked.about(product.id.clone());
        } else {
            let pieces = stores.cart.add(
                &product.id,
                &product.name,
                product.picture.as_ref(),
                &product.lead,
                1,
            );
            stores.say((words().added)(&product.name, pieces));
        }
    });
    Some(view! {
        <button type="button" class="add" aria-label=label aria-haspopup=several.then_some("dialog") on:click=add>
            {icon("plus")}
        </button>
    })
}
