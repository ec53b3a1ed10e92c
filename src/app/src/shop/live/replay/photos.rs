//! What is looked at where there is no film, and before one has a picture: what was shown to everybody then,
//! the show's own picture, and others of its goods.

use crate::shop::live::here::Here;
use crate::shop::live::room::stage::{photo, pictures};
use crate::shop::live::room::words::says;
use crate::view::{IntoView, View, changing, text, view};
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("../room/stage.css");

/// The photos. They change only with what is shown to everybody.
pub fn photos(here: Here) -> View {
    let class = style_sheet!("src/app/src/shop/live/room/stage.css");
    let pictures = here.pinned(pictures);
    let named = here.pinned(|_, pinned| pinned.map(|good| good.name.clone()));
    let pictures = changing(move || {
        let pictures = pictures.get().unwrap_or_default().into_iter();
        let photos = pictures.map(|picture| photo(picture, || ()));
        photos.collect::<Vec<_>>().into_view()
    });
    let said = move || {
        let named = named.get().flatten();
        named
            .map(|name| (says().showing)(&name))
            .unwrap_or_default()
    };
    view! { <div class=class>{pictures} <p class="unseen">{text(said)}</p></div> }
}
