//! A show that is over, seen again: its picture, and the room as it was, at any time and any speed. What is
//! bought is bought today.

mod chapters;
mod controls;
mod film;
mod photos;
mod reel;
mod said;
mod words;

use super::here::Here;
use super::room::{comments, missing, plain, top};
use super::{goods, rounds, show_path};
use crate::browser::awake;
use crate::parts::state::{failed, notice, waiting};
use crate::parts::top::title;
use crate::state::reading::{Load, Reading, reading};
use crate::view::{View, changing, text, view};
use crate::words::spoken;
use client::Error;
use domain::id::ShowId;
use domain::problem::ProblemKind;
use domain::video::Replay;
use leptos::prelude::*;
use reel::Reel;
use stylers::style_sheet;
use words::says;

const _: &str = include_str!("replay.css");
const _: &str = include_str!("../room/room.css");
const _: &str = include_str!("../room/on_air.css");

/// How far it is. What is watched is drawn anew only where it is another one.
#[derive(Clone, Debug, PartialEq)]
enum Stand {
    Waiting(bool),
    Failed(Error),
    Missing,
    NotOver,
    Here(Box<Replay>),
}

/// Under which key a replay is kept that was read.
pub fn replay_key(show: &ShowId) -> String {
    ["replay/", show.as_str(), "/", spoken().tag()].concat()
}

/// The page.
pub fn page(id: ShowId) -> View {
    let class = style_sheet!("src/app/src/shop/live/room/room.css");
    let here = Here::past(id);
    let stores = here.stores;
    let show = here.id.get_value();
    let replay = reading(replay_key(&show), move || {
        let show = show.clone();
        Box::pin(async move { stores.client().shows().replay(&show).await })
    });
    let stand = Memo::new(move |_| replay.load.with(stand));
    let name = here.piece(|room| room.show.title.clone());
    title(move || match name.get() {
        Some(name) => (says().title)(&name),
        None => crate::words::words().live.to_owned(),
    });
    let content = changing(move || match stand.get() {
        Stand::Waiting(long) => plain(here, waiting("me", long)),
        Stand::Failed(error) => plain(here, failed(&error, move || replay.again())),
        Stand::Missing => missing(here),
        Stand::NotOver => not_over(here),
        Stand::Here(replay) if replay.is_empty() => empty(here),
        Stand::Here(of) => watch(here, *of, replay),
    });
    view! { <div class=class data-dark=true>{content}</div> }
}

fn stand(load: &Load<Replay>) -> Stand {
    let is_not_now = |error: &Error| matches!(error, Error::Refused { problem, .. } if problem.kind == ProblemKind::NotNow);
    match load {
        Load::Waiting => Stand::Waiting(false),
        Load::WaitingLong => Stand::Waiting(true),
        Load::Here(fresh) => Stand::Here(Box::new(fresh.value.clone())),
        Load::Failed(error) if error.is_not_found() => Stand::Missing,
        Load::Failed(error) if is_not_now(error) => Stand::NotOver,
        Load::Failed(error) => Stand::Failed(error.clone()),
    }
}

fn not_over(here: Here) -> View {
    let says = says();
    let room = here.id.with_value(show_path);
    let room = view! { <a class="btn" href=room>{says.to_room}</a> };
    let (what, hint) = (says.not_over.to_owned(), says.not_over_hint.to_owned());
    plain(here, notice("live", what, hint, room, false))
}

fn empty(here: Here) -> View {
    let says = says();
    let show = here.id.with_value(show_path);
    let show = view! { <a class="btn" href=show>{says.to_show}</a> };
    let (what, hint) = (says.empty.to_owned(), says.empty_hint.to_owned());
    plain(here, notice("live", what, hint, show, false))
}

/// It as a room, with what one needs to go through it.
fn watch(here: Here, replay: Replay, reading: Reading<Replay>) -> View {
    let class = style_sheet!("src/app/src/shop/live/room/on_air.css");
    let own = style_sheet!("src/app/src/shop/live/replay/replay.css");
    let says = says();
    let demo = replay
        .demo
        .then(|| view! { <p class=[own, " demo"].concat()>{says.demo}</p> });
    let reel = Reel::new(here, replay, reading);
    awake::keep_while(move || reel.playing.get());
    let shown = here.piece(|room| room.pinned().is_some());
    let today = move || {
        let is_shown = shown.get() == Some(true) && reel.of_today.get();
        (if is_shown { says.today } else { "" }).to_owned()
    };
    view! {
        <div class=class>
            {photos::photos(here)}
            {film::picture(reel)}
            <div class="over">
                {top::bar(reel.talk)}
                {said::said(reel)}
                <div class="side">
                    {demo}
                    {rounds::poll(here)}
                    {rounds::coupons(here)}
                    {goods::taste(here)}
                </div>
                {comments::comments(reel.talk)}
                <div class="pin">{goods::pinned(here)}</div>
                <p class=own>{text(today)}</p>
                {chapters::chapters(reel)}
                <div class="bar">{controls::controls(reel)}</div>
            </div>
        </div>
    }
}
