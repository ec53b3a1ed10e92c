//! What is looked at: the picture of the show, and beneath it pictures of the show and of what is being
//! shown, for as long as there is no other; words where there are none of these either.

use super::picture::{Picture, videos};
use super::words::says;
use crate::view::{IntoView, View, changing, effect, follows, on, view};
use domain::catalog;
use domain::live::Room;
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("stage.css");

/// How many pictures stand there at most.
const MOST: usize = 3;

/// The stage. It changes only with what is shown to everybody.
pub fn stage(picture: Picture) -> View {
    let class = style_sheet!("src/app/src/shop/live/room/stage.css");
    let (here, shown) = (picture.here, picture.shown);
    let pictures = here.piece(pictures);
    let title = here.piece(|room| room.show.title.clone());
    let named = here.piece(|room| room.pinned().map(|good| good.name.clone()));
    // How many of them could not be had.
    let lost = RwSignal::new(0_usize);
    let count = Memo::new(move |_| pictures.with(|all| all.as_ref().map_or(0, Vec::len)));
    let has_photos = Memo::new(move |_| count.get() > lost.get());
    effect(move |_| {
        pictures.track();
        lost.set(0);
    });
    effect(move |_| picture.set_photos(has_photos.get()));
    let pictures = changing(move || {
        let pictures = pictures.get().unwrap_or_default().into_iter();
        let pictures = pictures.map(|picture| photo(picture, lost));
        pictures.collect::<Vec<_>>().into_view()
    });
    let said = changing(move || {
        let named = named.get().flatten();
        let named = named.map(|name| view! { <p class="unseen">{(says().showing)(&name)}</p> });
        named.into_view()
    });
    // A screen reader has both already.
    let in_words = changing(move || {
        if shown.get().name() != "text" {
            return ().into_view();
        }
        let named = named.get().flatten();
        let named = named.map(|name| view! { <span>{(says().showing)(&name)}</span> });
        let title = title.get().unwrap_or_default();
        view! { <p class="words" aria-hidden="true"><strong>{title}</strong> {named}</p> }
    });
    view! {
        <div class=class data-picture=follows(move || shown.get().name())>
            {pictures}
            {in_words}
            {videos(picture)}
            {said}
        </div>
    }
}

/// First what is shown to everybody, then the show's own, then other goods.
fn pictures(room: &Room) -> Vec<catalog::Picture> {
    let pinned = room.pinned().and_then(|good| good.picture.as_ref());
    let goods = room.goods.iter().filter_map(|good| good.picture.as_ref());
    let mut all: Vec<catalog::Picture> = Vec::new();
    for picture in pinned.into_iter().chain(&room.show.cover).chain(goods) {
        if all.len() < MOST && all.iter().all(|there| there.url != picture.url) {
            all.push(picture.clone());
        }
    }
    all
}

fn photo(picture: catalog::Picture, lost: RwSignal<usize>) -> View {
    let gone = on(move |event| {
        event_target::<web_sys::HtmlElement>(&event).set_hidden(true);
        lost.try_update(|lost| *lost += 1);
    });
    view! {
        <img
            src=picture.url
            width=picture.width
            height=picture.height
            alt=""
            decoding="async"
            on:error=gone
        />
    }
}
