//! The shows to be led: those that are on, and those to come.

use super::words::text as words;
use super::{Host, plan};
use crate::desk::focus_soon;
use crate::parts::plate::plate;
use crate::parts::state::{notice, show};
use crate::state::reading::{Load, reading};
use crate::view::{IntoView, Slot, View, effect, follows, on, view};
use crate::words::{day_name, spoken};
use domain::show::{ShowState, ShowSummary, Shows};
use domain::time::Moment;
use leptos::prelude::*;
use stylers::style_sheet;
use web_sys::HtmlElement;

const _: &str = include_str!("list.css");

/// The page.
pub fn page(host: Host, led_here: bool) -> View {
    let class = style_sheet!("src/app/src/desk/live/list.css");
    let words = words();
    let stores = host.stores;
    let shows = reading(["desk/shows/", spoken().tag()].concat(), move || {
        Box::pin(async move { stores.client().desk_shows().list().await })
    });
    effect(move |_| {
        shows.load.with(|load| {
            if let Load::Failed(error) = load {
                host.heed(error);
            }
        });
    });
    // The shop's clock is ahead of UTC by so much; without it no time can be planned.
    let offset = Memo::new(move |_| {
        shows.load.with(|load| match load {
            Load::Here(fresh) => Some(fresh.value.now.offset_minutes),
            _ => None,
        })
    });
    let open = RwSignal::new(false);
    let (name, opener) = (Slot::<HtmlElement>::new(), Slot::<HtmlElement>::new());
    if led_here {
        focus_soon(name);
    }
    let form = plan::form(host, offset, open, opener, move || shows.again());
    let list = show(
        shows,
        "me",
        move |shows: Shows| content(shows, host),
        nothing,
    );
    view! {
        <section class=class aria-label=words.live>
            <header>
                <h1 node_ref=name tabindex="-1">{words.shows}</h1>
                <button type="button" class="btn" node_ref=opener aria-expanded=follows(move || open.get().to_string()) aria-controls="plan" on:click=on(move |_| open.update(|open| *open = !*open))>{words.plan}</button>
            </header>
            {form}
            {list}
        </section>
    }
}

fn nothing() -> View {
    let words = words();
    let hint = words.no_shows_hint.to_owned();
    notice(
        "clock",
        words.no_shows.to_owned(),
        hint,
        ().into_view(),
        false,
    )
}

fn content(shows: Shows, host: Host) -> View {
    let now = shows.now;
    let all = shows.live.into_iter().chain(shows.coming);
    let rows: Vec<_> = all.map(|show| row(&show, now, host)).collect();
    if rows.is_empty() {
        return nothing();
    }
    view! { <ul>{rows}</ul> }
}

fn row(show: &ShowSummary, now: Moment, host: Host) -> View {
    let words = words();
    let is_live = show.state == ShowState::Live;
    let local = show.starts_at.local();
    let date = [&local.month.to_string(), "-", &local.day.to_string()].concat();
    let goods = (words.goods_count)(show.goods_count);
    let number = (words.number)(show.number);
    let id = show.id.clone();
    let choose = on(move |_| host.choose(Some(id.clone())));
    view! {
        <li>
            <button type="button" class:live=is_live on:click=choose>
                {plate(show.cover.as_ref(), false)}
                <span class="when"><strong>{show.starts_at.clock()}</strong> <span>{day_name(&now, &show.starts_at)} " " {date}</span></span>
                <span class="what">
                    <strong>{show.title.clone()}</strong>
                    <span class="quiet">{(words.kind)(show.kind)} " " {number} " · " {goods} " · " {show.host.clone()}</span>
                </span>
                <span class="tag" class:warn=is_live>{(words.state)(show.state)}</span>
            </button>
        </li>
    }
}
