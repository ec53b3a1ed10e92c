//! A show that is over: thanks, what it came to, what there was, and the next one.

use super::shelf::shelf;
use super::strip;
use super::talk::Talk;
use super::top::quiet_bar;
use super::when;
use super::words::says;
use crate::shop::live::replay::replay_key;
use crate::shop::live::{goods, replay_path, rounds, show_path};
use crate::state::reading::{Load, reading};
use crate::view::{IntoView, View, changing, text, view};
use crate::words::spoken;
use domain::live::COMMENTS_KEPT;
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("ended.css");

/// The end.
pub fn ended(talk: Talk) -> View {
    let class = style_sheet!("src/app/src/shop/live/room/ended.css");
    let (says, here) = (says(), talk.here);
    let title = here.piece(|room| room.show.title.clone());
    let figures = here.piece(|room| {
        let said = room.comments.len();
        let more = if said < COMMENTS_KEPT { "" } else { "+" };
        let said = [&said.to_string(), more].concat();
        (room.viewers.to_string(), room.likes.to_string(), said)
    });
    let figures = changing(move || {
        let (viewers, likes, said) = figures.get().unwrap_or_default();
        let figure = |count: String, of: &'static str| {
            view! { <div><dt>{of}</dt> <dd>{count}</dd></div> }
        };
        view! {
            <dl aria-label=says.figures>
                {(viewers != "0").then(|| figure(viewers, says.were_here))}
                {figure(likes, says.likes)}
                {figure(said, says.said)}
            </dl>
        }
    });
    view! {
        <div class=class>
            {quiet_bar(here)}
            {strip::strip(here)}
            <div class="hero" role="status">
                <p class="over">{says.over}</p>
                <h1>{text(move || title.get().unwrap_or_default())}</h1>
                <p>{says.thanks}</p>
                {figures}
            </div>
            <div class="ways">
                {see_again(talk)}
                {rounds::poll(here)}
                {rounds::coupons(here)}
                <div class="buttons">{rounds::wishes_button(here)} {goods::bag_button(here)}</div>
            </div>
            <div class="panel">
                <div>
                    {next(talk)}
                    {shelf(here)}
                </div>
            </div>
        </div>
    }
}

/// The way to its replay, where there is something to see.
fn see_again(talk: Talk) -> View {
    let here = talk.here;
    let id = here.id.get_value();
    let href = replay_path(&id);
    let replay = reading(replay_key(&id), move || {
        let id = id.clone();
        Box::pin(async move { here.stores.client().shows().replay(&id).await })
    });
    let is_there = Memo::new(move |_| {
        replay.load.with(|load| match load {
            Load::Here(fresh) => !fresh.value.is_empty(),
            _ => false,
        })
    });
    changing(move || {
        let link = view! { <a class="btn" href=href.clone()>{says().see_again}</a> };
        is_there.get().then_some(link).into_view()
    })
}

/// The way to the next show.
fn next(talk: Talk) -> View {
    let says = says();
    let stores = talk.here.stores;
    let this = talk.here.id.get_value();
    let shows = reading(["shows/", spoken().tag()].concat(), move || {
        Box::pin(async move { stores.client().shows().list().await })
    });
    let next = Memo::new(move |_| {
        shows.load.with(|load| match load {
            Load::Here(fresh) => {
                let shows = &fresh.value;
                let mut next = shows.live.iter().chain(&shows.coming);
                // What was read before may not know yet that this one is over.
                next.find(|show| show.id != this).cloned()
            }
            _ => None,
        })
    });
    let shown = changing(move || {
        let next = next.get().map(|show| {
            view! {
                <a class="card next" href=show_path(&show.id)>
                    <span class="quiet">{says.next}</span>
                    <strong>{show.title.clone()}</strong>
                    <span>{when(&show.starts_at)}</span>
                </a>
            }
        });
        next.into_view()
    });
    view! {
        {shown}
        <a class="btn soft" href="/live">{says.all_shows}</a>
    }
}
