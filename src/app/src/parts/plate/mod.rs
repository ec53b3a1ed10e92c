//! Goods on a softly tinted plate.

use crate::view::{View, on, view};
use domain::catalog::{Picture, Tint};
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("plate.css");

/// A picture on its plate; an empty plate where there is none. The name stands beside it, so the
/// picture itself says nothing. The first ones on a page are asked for eagerly.
pub fn plate(picture: Option<&Picture>, eager: bool) -> View {
    let class = style_sheet!("src/app/src/parts/plate/plate.css");
    let tint = match picture.map(|picture| picture.tint) {
        Some(Tint::Leaf) => "leaf",
        Some(Tint::Sea) => "sea",
        Some(Tint::Sun) => "sun",
        Some(Tint::Rose) => "rose",
        Some(Tint::Dusk) => "dusk",
        Some(Tint::Unknown) | None => "plain",
    };
    let picture = picture.map(|picture| {
        view! {
            <img
                src=picture.url.clone()
                width=picture.width
                height=picture.height
                alt=""
                loading=if eager { "eager" } else { "lazy" }
                decoding="async"
                on:error=on(|event| event_target::<web_sys::HtmlElement>(&event).set_hidden(true))
            />
        }
    });
    view! { <span class=class data-tint=tint>{picture}</span> }
}
