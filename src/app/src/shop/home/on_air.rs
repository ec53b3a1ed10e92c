//! The show that is on, large; else the next one. What is old never says that something is on.

use super::hero;
use crate::browser::{date_ms, now_ms};
use crate::parts::taste::{invite, when};
use crate::shop::live::show_path;
use crate::state::reading::{Load, Reading};
use crate::view::{View, every, follows, text, view};
use crate::words::words;
use client::{Error, Fresh, Source};
use domain::shop::Storefront;
use domain::show::{ON_FOR_MS, Said, ShowCard};
use domain::time::Moment;
use leptos::prelude::*;
use std::cell::Cell;
use std::time::Duration;

/// How often it is looked whether what is on the screen has become old.
const LOOK: Duration = Duration::from_secs(30);

thread_local! {
    /// When the backend itself told of home last, in milliseconds on this device's clock.
    static HEARD: Cell<i64> = const { Cell::new(0) };
}

/// Notes that the backend has answered now, if it was the backend.
pub fn heard(answer: &Result<Fresh<Storefront>, Error>) {
    if answer
        .as_ref()
        .is_ok_and(|fresh| fresh.source == Source::Backend)
    {
        HEARD.set(now_ms());
    }
}

/// How old what is shown is, in milliseconds: a page that is opened again shows at once what it was.
pub fn age(storefront: Reading<Storefront>) -> i64 {
    let written = storefront.load.with_untracked(|load| match load {
        Load::Here(fresh) => match &fresh.source {
            Source::LastCopy { date, .. } => date.as_deref().and_then(date_ms),
            Source::Backend => None,
        },
        _ => None,
    });
    now_ms() - written.unwrap_or(HEARD.get())
}

/// A show that is on, or was a moment ago, for the large place; or a row for the next one.
pub fn told(show: Option<ShowCard>, age: i64) -> (Option<View>, Option<View>) {
    let said = show.and_then(|show| show.said(now(&show), age).map(|said| (show, said)));
    match said {
        Some((show, Said::Next)) => (None, Some(next(&show))),
        Some((show, _)) => (Some(on_now(show, age)), None),
        None => (None, None),
    }
}

fn now(show: &ShowCard) -> Moment {
    Moment {
        ms: now_ms(),
        ..show.starts_at
    }
}

fn on_now(show: ShowCard, age: i64) -> View {
    let words = words();
    let heard = now_ms() - age;
    let is_on = move || now_ms() - heard <= ON_FOR_MS;
    // A page that is left open becomes old too. Nothing moves then, only the words change.
    let on = RwSignal::new(is_on());
    every(LOOK, move || {
        if !is_on() && on.try_get_untracked() == Some(true) {
            on.set(false);
        }
    });
    let mark = move || {
        let mark = if on.get() {
            words.live_now
        } else {
            words.live_was
        };
        mark.to_owned()
    };
    let starts = show.starts_at;
    let watching = show.viewers.filter(|viewers| *viewers > 0);
    let watching = watching.map(words.watching).unwrap_or_default();
    let corner = move || {
        if on.get() {
            watching.clone()
        } else {
            starts.clock()
        }
    };
    let marks = view! {
        <span class="now" class:on=follows(move || on.get()) class:was=follows(move || !on.get())>{text(mark)}</span>
        <span class="when">{text(corner)}</span>
    };
    let href = show_path(&show.id);
    let cover = show.cover.as_slice();
    hero(href, cover, marks, show.title, show.words, words.live_enter)
}

fn next(show: &ShowCard) -> View {
    invite(
        show_path(&show.id),
        show.cover.as_ref(),
        &show.title,
        words().live_next,
        &when(&show.starts_at),
    )
}
