//! What is looked at: the picture of the show, and beneath it pictures of the show and of what is being
//! shown, for as long as there is no other; words where there are none of these either.

use super::picture::{self, videos};
use super::words::says;
use crate::shop::live::here::Here;
use crate::view::{IntoView, View, changing, effect, follows, on, view};
use client::live::Status;
use domain::catalog::Picture;
use domain::live::{Room, RoomGood};
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("stage.css");

/// How many pictures stand there at most.
const MOST: usize = 3;

/// The stage. It changes only with what is shown to everybody.
pub fn stage(here: Here, video: picture::Picture) -> View {
    let photos = RwSignal::new(Photos::default());
    let class = style_sheet!("src/app/src/shop/live/room/stage.css");
    let pictures = here.pinned(pictures);
    let named = here.pinned(|_, pinned| pinned.map(|good| good.name.clone()));
    // When the network is back, or the shop is, what could not be had is asked for again.
    let again = RwSignal::new(0_u32);
    let reached = Memo::new(move |_| here.stores.online.get() && here.status.get() == Status::Live);
    effect(move |first| {
        let is_lost = photos.with_untracked(|photos| photos.lost > 0);
        if reached.get() && !first && is_lost {
            again.update(|again| *again = again.wrapping_add(1));
        }
    });
    let pictures = changing(move || {
        again.track();
        let pictures = pictures.get().unwrap_or_default();
        photos.set(Photos {
            all: pictures.len(),
            lost: 0,
        });
        let pictures = pictures.into_iter().map(|one| {
            photo(one, move || {
                photos.try_update(|photos| photos.lost += 1);
            })
        });
        pictures.collect::<Vec<_>>().into_view()
    });
    let shown = changing(move || {
        let named = named.get().flatten();
        let named = named.map(|name| view! { <p class="unseen">{(says().showing)(&name)}</p> });
        named.into_view()
    });
    let has_photos = Memo::new(move |_| photos.with(|photos| photos.all > photos.lost));
    effect(move |_| video.set_photos(has_photos.get()));
    let (step, title) = (video.shown, here.piece(|room| room.show.title.clone()));
    // A screen reader has both already.
    let in_words = changing(move || {
        if step.get() != picture::Shown::Text {
            return ().into_view();
        }
        let named = named.get().flatten();
        let named = named.map(|name| view! { <span>{(says().showing)(&name)}</span> });
        let title = title.get().unwrap_or_default();
        view! { <p class="words" aria-hidden="true"><strong>{title}</strong> {named}</p> }
    });
    view! {
        <div class=class data-picture=follows(move || step.get().name())>
            {pictures}
            {in_words}
            {videos(video)}
            {shown}
        </div>
    }
}

/// How many photos there are, and how many of them could not be had.
#[derive(Clone, Copy, Default)]
struct Photos {
    all: usize,
    lost: usize,
}

/// First what is shown to everybody, then the show's own, then other goods.
pub fn pictures(room: &Room, pinned: Option<&RoomGood>) -> Vec<Picture> {
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

/// One of them. It goes away where it cannot be had; `lost` is told.
pub fn photo(picture: Picture, lost: impl Fn() + 'static) -> View {
    let lost = on(move |event| {
        let picture = event_target::<web_sys::HtmlElement>(&event);
        // One that others have taken the place of is not missed.
        if !picture.is_connected() {
            return;
        }
        picture.set_hidden(true);
        lost();
    });
    view! {
        <img
            src=picture.url
            width=picture.width
            height=picture.height
            alt=""
            decoding="async"
            on:error=lost
        />
    }
}
