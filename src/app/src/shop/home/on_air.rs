//! The show that is on, large; else the next one. What is old never says that something is on.

use super::hero;
use crate::browser::{date_ms, now_ms};
use crate::parts::taste::{invite, when};
use crate::shop::live::show_path;
use crate::view::{View, every, follows, text, view};
use crate::words::words;
use client::{Fresh, Source};
use domain::shop::Storefront;
use domain::show::{ON_FOR_MS, Said, ShowCard};
use domain::time::Moment;
use leptos::prelude::*;
use std::time::Duration;

/// How often it is looked whether what is on the screen has become old.
const LOOK: Duration = Duration::from_secs(30);

/// What home is made of, and when the backend told of it where that matters.
#[derive(Clone, Debug)]
pub struct Home {
    /// What the backend told.
    pub storefront: Storefront,
    /// When, in milliseconds since 1970 on this device's clock; 0 where no show may have begun: then it is
    /// the same whenever it was told.
    pub told_at: i64,
}

impl Home {
    /// Made of an answer that has just come.
    pub fn of(answer: Fresh<Storefront>) -> Fresh<Self> {
        let begun = |show: &ShowCard| show.live || show.starts_at.ms <= now_ms();
        let told_at = match &answer.source {
            _ if !answer.value.show.as_ref().is_some_and(begun) => 0,
            Source::LastCopy { date, .. } => date.as_deref().and_then(date_ms).unwrap_or(0),
            Source::Backend => now_ms(),
        };
        let mut home = answer.map(|storefront| Self {
            storefront,
            told_at,
        });
        if told_at != 0 {
            // What is shown depends on when it was told, too.
            home.sum = 0;
        }
        home
    }
}

/// A show that is on, or was a moment ago, for the large place; or a row for the next one.
pub fn told(show: Option<ShowCard>, at: i64) -> (Option<View>, Option<View>) {
    let age = now_ms() - at;
    let said = show.and_then(|show| show.said(now(&show), age).map(|said| (show, said)));
    match said {
        Some((show, Said::Next)) => (None, Some(next(&show))),
        Some((show, _)) => (Some(on_now(show, at)), None),
        None => (None, None),
    }
}

fn now(show: &ShowCard) -> Moment {
    Moment {
        ms: now_ms(),
        ..show.starts_at
    }
}

fn on_now(show: ShowCard, told_at: i64) -> View {
    let words = words();
    let is_on = move || now_ms() - told_at <= ON_FOR_MS;
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
