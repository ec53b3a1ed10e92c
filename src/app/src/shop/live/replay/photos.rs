//! What is looked at where there is no film, and before one has a picture: what was shown to everybody then,
//! the show's own picture, and others of its goods.

use crate::shop::live::here::Here;
use crate::shop::live::room::words::says;
use crate::view::{IntoView, View, changing, on, text, view};
use domain::catalog::Picture;
use domain::live::Room;
use leptos::prelude::*;
use stylers::style_sheet;

/// How many stand there at most.
const MOST: usize = 3;

/// The photos. They change only with what is shown to everybody.
pub fn photos(here: Here) -> View {
    let class = style_sheet!("src/app/src/shop/live/room/stage.css");
    let pictures = here.piece(pictures);
    let named = here.piece(|room| room.pinned().map(|good| good.name.clone()));
    let pictures = changing(move || {
        let pictures = pictures.get().unwrap_or_default().into_iter();
        pictures.map(photo).collect::<Vec<_>>().into_view()
    });
    let said = move || {
        let named = named.get().flatten();
        named
            .map(|name| (says().showing)(&name))
            .unwrap_or_default()
    };
    view! { <div class=class>{pictures} <p class="unseen">{text(said)}</p></div> }
}

fn pictures(room: &Room) -> Vec<Picture> {
    let pinned = room.pinned().and_then(|good| good.picture.as_ref());
    let goods = room.goods.iter().filter_map(|good| good.picture.as_ref());
    let mut all: Vec<Picture> = Vec::new();
    for picture in pinned.into_iter().chain(&room.show.cover).chain(goods) {
        if all.len() < MOST && all.iter().all(|there| there.url != picture.url) {
            all.push(picture.clone());
        }
    }
    all
}

fn photo(picture: Picture) -> View {
    view! {
        <img
            src=picture.url
            width=picture.width
            height=picture.height
            alt=""
            decoding="async"
            on:error=on(|event| event_target::<web_sys::HtmlElement>(&event).set_hidden(true))
        />
    }
}
