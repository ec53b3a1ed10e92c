//! Says why it does not go on, where it does not.

use super::reel::{Reel, Trouble};
use super::words::says;
use crate::parts::icon;
use crate::shop::live::room;
use crate::view::{IntoView, View, after, changing, effect, on, view};
use leptos::prelude::*;
use std::time::Duration;
use stylers::style_sheet;

const _: &str = include_str!("said.css");

/// What takes no longer than this is not worth a word.
const A_MOMENT: Duration = Duration::from_millis(1_200);

/// What there is to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Looking,
    Offline,
    Failing,
    Tap,
    Saving,
    NoPicture,
    Stopped,
}

/// The strip; it stands there always, so that what appears in it is read out.
pub fn said(reel: Reel) -> View {
    let class = style_sheet!("src/app/src/shop/live/replay/said.css");
    let late = RwSignal::new(false);
    effect(move |_| {
        late.set(false);
        if reel.waits.get() {
            after(A_MOMENT, move || {
                late.try_set(true);
            });
        }
    });
    let film = reel.film;
    let word = Memo::new(move |_| match (reel.waits.get(), reel.trouble.get()) {
        (true, Some(Trouble::Offline)) => Some(Word::Offline),
        (true, Some(Trouble::Failing)) => Some(Word::Failing),
        (true, None) => late.get().then_some(Word::Looking),
        _ if film.refused.get() => Some(Word::Tap),
        _ if film.saving.get() => Some(Word::Saving),
        _ if film.failed.get() => Some(Word::NoPicture),
        _ => film.stopped.get().then_some(Word::Stopped),
    });
    let strip = changing(move || word.get().map(|word| words(reel, word)).into_view());
    view! { <div class=class role="status">{strip}</div> }
}

fn words(reel: Reel, word: Word) -> View {
    let (says, of_room) = (says(), room::words::says());
    let text = match word {
        Word::Looking => says.looking,
        Word::Offline => says.offline,
        Word::Failing => says.failing,
        Word::Tap => says.tap,
        Word::Saving => of_room.saving,
        Word::NoPicture => says.no_picture,
        Word::Stopped => of_room.stalled,
    };
    let film = reel.film;
    let remedy = match word {
        Word::Saving => Some(says.see_film),
        Word::NoPicture => Some(says.again),
        _ => None,
    };
    let act = move |_| {
        // The button goes away: whoever pressed it is led to what plays it.
        if let Some(button) = reel.button.get() {
            let _ = button.focus();
        }
        match word {
            Word::Saving => film.want(reel),
            _ => film.try_again(),
        }
    };
    let remedy =
        remedy.map(|name| view! { <button type="button" on:click=on(act)>{name}</button> });
    view! { <p>{icon("live")} <span>{text}</span> {remedy}</p> }
}
