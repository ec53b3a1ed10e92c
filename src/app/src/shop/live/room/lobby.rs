//! A show that has not begun: when it does, what there will be, and being told.

use super::remind::remind;
use super::shelf::shelf;
use super::talk::Talk;
use super::top::quiet_bar;
use super::words::says;
use super::{strip, when};
use crate::browser::now_ms;
use crate::parts::plate::plate;
use crate::shop::live::goods;
use crate::view::{IntoView, View, changing, text, view};
use domain::show::ShowSummary;
use domain::time::Moment;
use leptos::prelude::*;
use std::time::Duration;
use stylers::style_sheet;

const _: &str = include_str!("lobby.css");

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// The lobby.
pub fn lobby(talk: Talk) -> View {
    let class = style_sheet!("src/app/src/shop/live/room/lobby.css");
    let (says, here) = (says(), talk.here);
    let show = here.piece(|room| ShowSummary {
        remind: false,
        ..room.show.clone()
    });
    let head = changing(move || show.get().map(head).into_view());
    let starts = here.piece(|room| room.show.starts_at);
    let reminded = here.piece(|room| room.show.remind);
    let reminded = Signal::derive(move || reminded.get() == Some(true));
    let changed = move |remind| here.change(|room| room.show.remind = remind);
    let id = here.id.get_value();
    view! {
        <div class=class>
            {quiet_bar(here)}
            {strip::strip(here)}
            <div class="hero">
                {head}
                <p class="left" role="timer">{countdown(talk, starts)}</p>
                {remind(here.stores, &id, here.sign_in(), reminded, changed)}
                <p class="stays">{says.stays}</p>
            </div>
            <div class="ways">{goods::taste(here)}</div>
            <div class="panel">{shelf(here)}</div>
        </div>
    }
}

fn head(show: ShowSummary) -> View {
    let says = says();
    let kind = [(says.kind)(show.kind), " · ", &(says.number)(show.number)].concat();
    let time = [&when(&show.starts_at), " · ", &(says.lasts)(show.minutes)].concat();
    let host = (!show.host.is_empty()).then(|| (says.host)(&show.host));
    view! {
        {plate(show.cover.as_ref(), true)}
        <p class="kind">{kind}</p>
        <h1>{show.title}</h1>
        <p class="time">{time}</p>
        {host.map(|host| view! { <p>{host}</p> })}
        {(!show.words.is_empty()).then(|| view! { <p>{show.words}</p> })}
    }
}

/// How long it still is. Where nothing is to move, only when it begins.
fn countdown(talk: Talk, starts: Memo<Option<Moment>>) -> View {
    let says = says();
    // The shop's clock counts, not the phone's.
    let ahead = talk.here.room.with_untracked(|room| {
        let now = room.as_ref().map(|room| room.now.ms);
        now.map_or(0, |now| now.saturating_sub(now_ms()))
    });
    let clock = move || now_ms().saturating_add(ahead);
    let now = RwSignal::new(clock());
    let tick = set_interval_with_handle(
        move || {
            now.try_set(clock());
        },
        Duration::from_secs(1),
    );
    on_cleanup(move || {
        if let Ok(tick) = tick {
            tick.clear();
        }
    });
    let words = Memo::new(move |_| {
        let Some(starts) = starts.get() else {
            return String::new();
        };
        let left = starts.ms.saturating_sub(now.get());
        if left <= 0 {
            says.about_to.to_owned()
        } else if talk.still() {
            (says.begins_at)(&starts.clock())
        } else if left >= 24 * HOUR {
            (says.days_left)(left / (24 * HOUR), left / HOUR % 24)
        } else if left >= HOUR {
            (says.hours_left)(left / HOUR, left / MINUTE % 60)
        } else {
            (says.clock_left)(left / MINUTE, left / SECOND % 60)
        }
    });
    text(move || words.get())
}
