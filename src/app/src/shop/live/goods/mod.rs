//! What can be bought and tasted in a room, without leaving it.

mod bag;
mod good;
mod kinds;
mod pin;
mod words;

use super::here::Here;
use crate::parts::icon;
use crate::parts::taste::{taste_path, when};
use crate::view::{IntoView, View, changing, view};
use leptos::prelude::*;
use stylers::style_sheet;

pub use bag::bag_button;
pub use pin::pinned;

const _: &str = include_str!("taste.css");

/// What of it can be tasted in the store.
pub fn taste(here: Here) -> View {
    let class = style_sheet!("src/app/src/shop/live/goods/taste.css");
    let tasting = here.piece(|room| room.tasting.clone());
    changing(move || {
        let card = tasting.get().flatten().map(|tasting| {
            let text = words::text();
            let next = match &tasting.next {
                Some(next) => (text.taste)(&when(next)),
                None => text.taste_full.to_owned(),
            };
            view! {
                <a class=class href=taste_path(&tasting.id)>
                    {icon("place")}
                    <span><strong>{tasting.title.clone()}</strong> <small>{next}</small></span>
                    {icon("more")}
                </a>
            }
        });
        card.into_view()
    })
}
