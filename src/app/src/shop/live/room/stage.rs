//! What is looked at: pictures of the show and of what is being shown. This is the one place where a
//! video would stand.

use super::words::says;
use crate::shop::live::here::Here;
use crate::view::{IntoView, View, changing, on, view};
use domain::catalog::Picture;
use domain::live::{Room, RoomGood};
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("stage.css");

/// How many pictures stand there at most.
const MOST: usize = 3;

/// The stage. It changes only with what is shown to everybody.
pub fn stage(here: Here) -> View {
    let class = style_sheet!("src/app/src/shop/live/room/stage.css");
    let pictures = here.pinned(pictures);
    let named = here.pinned(|_, pinned| pinned.map(|good| good.name.clone()));
    let pictures = changing(move || {
        let pictures = pictures.get().unwrap_or_default().into_iter();
        pictures.map(picture).collect::<Vec<_>>().into_view()
    });
    let shown = changing(move || {
        let named = named.get().flatten();
        let named = named.map(|name| view! { <p class="unseen">{(says().showing)(&name)}</p> });
        named.into_view()
    });
    view! { <div class=class>{pictures} {shown}</div> }
}

/// First what is shown to everybody, then the show's own, then other goods.
fn pictures(room: &Room, pinned: Option<&RoomGood>) -> Vec<Picture> {
    let pinned = pinned.and_then(|good| good.picture.as_ref());
    let goods = room.goods.iter().filter_map(|good| good.picture.as_ref());
    let mut all: Vec<Picture> = Vec::new();
    for picture in pinned.into_iter().chain(&room.show.cover).chain(goods) {
        if all.len() < MOST && all.iter().all(|there| there.url != picture.url) {
            all.push(picture.clone());
        }
    }
    all
}

fn picture(picture: Picture) -> View {
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
