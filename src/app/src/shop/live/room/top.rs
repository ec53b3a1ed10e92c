//! What stands above a show: whose it is, how many are here, and the way out.

use super::talk::Talk;
use super::words::says;
use crate::browser::address::go;
use crate::browser::dialog;
use crate::parts::icon;
use crate::parts::plate::plate;
use crate::parts::top::elder_switch;
use crate::shop::live::here::Here;
use crate::shop::live::show_path;
use crate::view::{IntoView, View, changing, follows, on, text, view};
use domain::live::Room;
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("top.css");

/// The bar of a show that is on.
pub fn bar(talk: Talk) -> View {
    let class = style_sheet!("src/app/src/shop/live/room/top.css");
    let (says, here) = (says(), talk.here);
    let title = here.piece(|room| room.show.title.clone());
    let viewers = here.piece(|room| room.viewers);
    let count = move || viewers.get().unwrap_or_default();
    let named = if here.past {
        says.viewers_then
    } else {
        says.viewers_named
    };
    let still = on(move |_| talk.set_still(!untrack(|| talk.still())));
    // In 长辈版 nothing moves anyway.
    let elder = move || here.stores.settings.elder();
    view! {
        <header class=class>
            <h1 class="unseen">{text(move || title.get().unwrap_or_default())}</h1>
            <div class="who">{host(here)}</div>
            <p class="viewers">
                <span aria-hidden="true">{text(move || (says.viewers)(count()))}</span>
                <span class="unseen">{text(move || named(count()))}</span>
            </p>
            {close(here)}
            <div class="tools">
                {elder_switch()}
                <button type="button" hidden=follows(elder) aria-pressed=follows(move || talk.still().to_string()) on:click=still>{says.still}</button>
            </div>
        </header>
    }
}

/// The bar of a show before and after: the way out only.
pub fn quiet_bar(here: Here) -> View {
    let class = style_sheet!("src/app/src/shop/live/room/top.css");
    view! {
        <header class=class>
            <div class="tools">{elder_switch()}</div>
            {close(here)}
        </header>
    }
}

/// Who leads through it, and which show it is.
fn host(here: Here) -> View {
    let brand = here.stores.brand();
    let shown = here.piece(|room| {
        let show = &room.show;
        (show.cover.clone(), show.host.clone(), subtitle(room))
    });
    changing(move || {
        let Some((cover, host, subtitle)) = shown.get() else {
            return ().into_view();
        };
        let host = if host.is_empty() { brand.clone() } else { host };
        view! { {plate(cover.as_ref(), true)} <p><strong>{host}</strong> <small>{subtitle}</small></p> }
    })
}

/// `厨房教学 · 第 26 场`.
fn subtitle(room: &Room) -> String {
    let says = says();
    let (kind, number) = ((says.kind)(room.show.kind), (says.number)(room.show.number));
    [kind, " · ", &number].concat()
}

/// The way out: to all shows; from a replay to its show.
fn close(here: Here) -> View {
    let (address, says) = (here.address, says());
    let (name, to) = if here.past {
        (says.leave_replay, here.id.with_value(show_path))
    } else {
        (says.leave, "/live".to_owned())
    };
    let leave = on(move |_| {
        let to = to.clone();
        dialog::leave(move || go(address, &to, true));
    });
    view! { <button type="button" class="round close" aria-label=name on:click=leave>{icon("close")}</button> }
}
