//! The goods of a show, before and after it: a list that leads to each.

use super::words::says;
use crate::parts::icon;
use crate::parts::plate::plate;
use crate::parts::price::variant_price;
use crate::parts::product::{product_path, stock_tag};
use crate::shop::live::here::Here;
use crate::view::{IntoView, View, changing, view};
use domain::live::RoomGood;
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("shelf.css");

/// The list; nothing where a show has none.
pub fn shelf(here: Here) -> View {
    let class = style_sheet!("src/app/src/shop/live/room/shelf.css");
    let goods = here.piece(|room| room.goods.clone());
    changing(move || {
        let goods = goods.get().unwrap_or_default();
        if goods.is_empty() {
            return ().into_view();
        }
        let rows = goods.into_iter().map(row).collect::<Vec<_>>();
        view! { <section class=class><h2>{says().goods}</h2> <ul>{rows}</ul></section> }
    })
}

fn row(good: RoomGood) -> View {
    let variant = good.variant(None);
    let tag = variant.and_then(|variant| stock_tag(variant.stock));
    let price = variant.map(|variant| variant_price(variant, good.variants.len() > 1));
    view! {
        <li>
            <a href=product_path(&good.product)>
                {plate(good.picture.as_ref(), false)}
                <span>
                    <strong>{good.name.clone()}</strong>
                    <span class="quiet">{good.subtitle.clone()}</span>
                    {tag}
                    {price}
                </span>
                {icon("more")}
            </a>
        </li>
    }
}
