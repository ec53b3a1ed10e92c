//! One show: the lobby before it, the room, the end. What happens in it comes by the stream, and turns
//! one into the other.

pub mod comments;
mod ended;
mod jump;
mod likes;
mod lobby;
mod own;
mod picture;
mod relay;
pub mod remind;
mod rows;
mod say;
mod shelf;
pub mod stage;
mod stream;
mod strip;
mod talk;
pub mod top;
pub mod words;

use super::here::Here;
use super::{goods, rounds};
use crate::browser::{now_ms, page};
use crate::parts::state::{failed, notice, waiting};
use crate::parts::top::title;
use crate::view::{IntoView, View, changing, effect, view};
use client::Error;
use client::live::{Door, Status};
use domain::id::ShowId;
use domain::show::ShowState;
use domain::time::Moment;
use leptos::prelude::*;
pub use picture::saves;
use stylers::style_sheet;
pub use talk::Talk;
use words::says;

const _: &str = include_str!("room.css");
const _: &str = include_str!("on_air.css");

/// Where the page stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Nothing is known yet.
    Waiting,
    /// There is no such show.
    Missing,
    Before,
    OnAir,
    After,
}

/// The page.
pub fn page(id: ShowId) -> View {
    let class = style_sheet!("src/app/src/shop/live/room/room.css");
    let here = Here::new(id);
    let door = StoredValue::new(stream::follow(here));
    let talk = Talk::new(here);
    let state = here.piece(|room| room.show.state);
    let phase = Memo::new(move |_| match state.get() {
        None if here.status.get() == Status::Ended => Phase::Missing,
        None => Phase::Waiting,
        Some(ShowState::Live) => Phase::OnAir,
        Some(ShowState::Ended) => Phase::After,
        Some(ShowState::Scheduled | ShowState::Unknown) => Phase::Before,
    });
    let name = here.piece(|room| room.show.title.clone());
    title(move || {
        let name = name.get();
        name.unwrap_or_else(|| crate::words::words().live.to_owned())
    });
    let before = StoredValue::new(None::<Phase>);
    effect(move |_| {
        let now = phase.get();
        let then = before.get_value();
        before.set_value(Some(now));
        let is_page = |phase| matches!(phase, Phase::Before | Phase::OnAir | Phase::After);
        if then.is_some_and(|then| then != now && is_page(then)) && is_page(now) {
            // Whatever had the focus is gone with the page that turned into this one.
            page::focus_heading();
        }
        if then == Some(Phase::Before) && now == Phase::OnAir {
            here.room.with_untracked(|room| {
                room.iter()
                    .for_each(|room| remind::begun(&room.show, here.stores));
            });
        }
    });
    let content = changing(move || match phase.get() {
        Phase::Waiting => nothing_yet(here, door),
        Phase::Missing => missing(here),
        Phase::Before => lobby::lobby(talk),
        Phase::OnAir => on_air(talk),
        Phase::After => ended::ended(talk),
    });
    view! { <div class=class data-dark=true>{content}</div> }
}

/// The room itself.
fn on_air(talk: Talk) -> View {
    let class = style_sheet!("src/app/src/shop/live/room/on_air.css");
    let here = talk.here;
    let picture = picture::Picture::new(here);
    view! {
        <div class=class>
            {stage::stage(here, picture)}
            <div class="over">
                {top::bar(talk)}
                {strip::strip(here)}
                {jump::jump(here)}
                <div class="side">
                    {rounds::poll(here)}
                    {rounds::coupons(here)}
                    {goods::taste(here)}
                </div>
                {comments::comments(talk)}
                {picture::bar(picture)}
                <div class="pin">{goods::pinned(here)}</div>
                <div class="bar">
                    {say::say(talk)}
                    {rounds::wishes_button(here)}
                    {goods::bag_button(here)}
                    {likes::like(talk)}
                </div>
            </div>
        </div>
    }
}

/// What stands there before the first snapshot: how far it is, and what to press.
fn nothing_yet(here: Here, door: StoredValue<Door>) -> View {
    let says = says();
    let again = move || door.with_value(Door::online);
    let content = changing(move || match here.status.get() {
        Status::Offline => failed(&Error::Offline, again),
        Status::Behind { .. } => {
            let again = crate::view::on(move |_| again());
            let again = view! { <button type="button" class="btn" on:click=again>{crate::words::words().again}</button> };
            let (what, hint) = (says.waiting_long, says.waiting_long_hint);
            notice("offline", what.to_owned(), hint.to_owned(), again, true)
        }
        Status::Live | Status::Reconnecting | Status::Ended => waiting("me", false),
    });
    plain(here, content)
}

/// There is no such show.
pub fn missing(here: Here) -> View {
    let says = says();
    let all = view! { <a class="btn" href="/live">{says.all_shows}</a> };
    let (what, hint) = (says.gone.to_owned(), says.gone_hint.to_owned());
    plain(here, notice("live", what, hint, all, false))
}

/// A page that has little to show.
pub fn plain(here: Here, content: View) -> View {
    view! {
        <div class="plain">
            {top::quiet_bar(here)}
            <h1 class="unseen">{crate::words::words().live}</h1>
            <div class="paper">{content}</div>
        </div>
    }
    .into_view()
}

/// `11月28日 周六 19:30`, or `今天 19:30`, on the shop's clock.
pub fn when(moment: &Moment) -> String {
    let now = Moment {
        ms: now_ms(),
        ..*moment
    };
    let day = crate::words::day_name(&now, moment);
    let (today, then) = (now.local(), moment.local());
    let is_near = moment.ms.saturating_sub(now.ms).abs() < 2 * 24 * 3_600_000;
    let is_named = is_near && !is_weekday(then.weekday, &day);
    let date = (!is_named).then(|| (says().date)(then.month, then.day));
    let year = (today.year != then.year).then(|| then.year.to_string());
    let parts = [year, date, Some(day), Some(moment.clock())];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn is_weekday(weekday: u8, name: &str) -> bool {
    let at = usize::from(weekday).saturating_sub(1);
    let weekdays = &crate::words::words().weekdays;
    weekdays.get(at).is_some_and(|weekday| *weekday == name)
}
