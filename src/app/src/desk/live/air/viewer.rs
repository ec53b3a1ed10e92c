//! Looks where viewers look: the show's own source, in a small picture, as a phone gets it. Only what moves
//! there counts.

use super::Air;
use super::words::text as words;
use crate::browser::now_ms;
use crate::desk::focus_soon;
use crate::parts::video::{Heard, Playing};
use crate::view::{IntoView, Slot, View, changing, effect, every, follows, on, task, text, view};
use domain::video::PlaylistStatus;
use domain::video::standing::Seen;
use leptos::prelude::*;
use leptos::reactive::owner::LocalStorage;
use std::time::Duration;
use web_sys::{HtmlElement, HtmlVideoElement};

/// What has not moved for so long stands, in milliseconds.
const STANDS_AFTER: i64 = 3_000;
/// So long a source may take for its first picture.
const BEGINS_WITHIN: i64 = 10_000;
/// After so long what has failed is tried again.
const AGAIN_AFTER: Duration = Duration::from_secs(2);
const LOOKED_EVERY: Duration = Duration::from_millis(500);

/// What is being looked at.
#[derive(Clone, Copy)]
struct Look {
    air: Air,
    video: Slot<HtmlVideoElement>,
    playing: StoredValue<Option<Playing>, LocalStorage>,
    /// Which of the sources, counted on past the last one.
    at: RwSignal<usize>,
    /// Which try it is.
    turn: StoredValue<u32>,
    begun_at: StoredValue<i64>,
    /// When the picture moved last; nothing: there was none yet.
    moved_at: StoredValue<Option<i64>>,
    /// How many sources have failed one after the other.
    failed: StoredValue<usize>,
}

/// The small picture, with how far behind viewers are.
pub fn section(air: Air) -> View {
    let words = words();
    let look = Look {
        air,
        video: Slot::new(),
        playing: StoredValue::new_local(None),
        at: RwSignal::new(0),
        turn: StoredValue::new(0),
        begun_at: StoredValue::new(0),
        moved_at: StoredValue::new(None),
        failed: StoredValue::new(0),
    };
    // Worth looking: something comes in, or nobody can tell.
    let worth = Memo::new(move |_| {
        let told = air.check.with(|check| {
            check.as_ref().is_some_and(|(_, check)| {
                let unchecked = check.playlist.status == PlaylistStatus::Unchecked;
                check.sending || check.is_on_air() || unchecked
            })
        });
        let there = air.sources.with(|sources| !sources.is_empty());
        there && air.open.get() && !air.here.is_over() && (told || air.is_sending())
    });
    effect(move |_| {
        let at = look.at.get();
        // What `worth` comes of is read before it, or a change that leaves `worth` as it is would be missed.
        air.sources.track();
        let open = air.open.get();
        if worth.get() {
            look.begin(at);
        } else {
            look.end();
            air.seen
                .set(if open { Seen::Looking } else { Seen::Closed });
        }
    });
    every(LOOKED_EVERY, move || look.watch());
    let told = move || match (air.seen.get(), air.behind.get()) {
        (Seen::Plays, Some(seconds)) => (words.behind)(seconds),
        (Seen::Plays, None) => words.plays.to_owned(),
        (Seen::Stands, _) => words.stands.to_owned(),
        _ => words.looking.to_owned(),
    };
    let state = Slot::<HtmlElement>::new();
    let again = changing(move || {
        let stands = air.seen.get() == Seen::Stands;
        let again = move |_| {
            air.seen.set(Seen::Looking);
            look.at.update(|at| *at += 1);
            // The button goes away.
            focus_soon(state);
        };
        stands
            .then(|| view! { <button type="button" class="btn soft" on:click=on(again)>{words.look_again}</button> })
            .into_view()
    });
    view! {
        <figure class="viewer" hidden=follows(move || !worth.get())>
            <video node_ref=look.video playsinline aria-label=words.as_viewers prop:muted=true></video>
            <figcaption><strong>{words.as_viewers}</strong> <span tabindex="-1" node_ref=state>{text(told)}</span> {again}</figcaption>
        </figure>
    }
}

impl Look {
    fn begin(self, at: usize) {
        let source = self.air.sources.with_untracked(|sources| {
            let at = at.checked_rem(sources.len())?;
            sources.get(at).cloned()
        });
        let (Some(source), Some(video)) = (source, self.video.get()) else {
            return;
        };
        if self.air.seen.get_untracked() != Seen::Stands {
            self.air.seen.set(Seen::Looking);
        }
        self.playing.set_value(None);
        let turn = self.turn.get_value() + 1;
        self.turn.set_value(turn);
        self.begun_at.set_value(now_ms());
        self.moved_at.set_value(None);
        let heard = move |heard| task(async move { self.heard(turn, heard) });
        let playing = Playing::begin(&video, &source, heard);
        self.playing.set_value(Some(playing));
    }

    fn end(self) {
        self.turn.update_value(|turn| *turn += 1);
        self.playing.set_value(None);
        self.failed.set_value(0);
        self.air.behind.set(None);
    }

    fn heard(self, turn: u32, heard: Heard) {
        if self.turn.try_get_value() != Some(turn) {
            return;
        }
        match heard {
            Heard::Picture | Heard::Moved => self.moves(),
            Heard::Failed | Heard::Refused => self.fails(),
        }
    }

    fn moves(self) {
        self.moved_at.set_value(Some(now_ms()));
        self.failed.set_value(0);
        if self.air.seen.get_untracked() != Seen::Plays {
            self.air.seen.set(Seen::Plays);
        }
    }

    /// Tries the next one; where none of them is left, says so and goes on trying.
    fn fails(self) {
        // What is heard of this try any more is nothing.
        self.turn.update_value(|turn| *turn += 1);
        let turn = self.turn.get_value();
        self.playing.set_value(None);
        self.failed.update_value(|failed| *failed += 1);
        let all = self.air.sources.with_untracked(Vec::len);
        if self.failed.get_value() >= all {
            self.air.seen.set(Seen::Stands);
            self.air.behind.set(None);
        }
        let next = move || {
            if self.turn.try_get_value() == Some(turn) {
                self.at.update(|at| *at += 1);
            }
        };
        set_timeout(next, AGAIN_AFTER);
    }

    /// Looks whether it still moves. Only what is told of its pictures counts: the time of an element goes on
    /// without any.
    fn watch(self) {
        if self.playing.with_value(Option::is_none) {
            return;
        }
        let now = now_ms();
        match self.moved_at.get_value() {
            None if now - self.begun_at.get_value() > BEGINS_WITHIN => self.fails(),
            Some(moved) if now - moved > STANDS_AFTER => {
                if self.air.seen.get_untracked() == Seen::Plays {
                    self.air.seen.set(Seen::Stands);
                    self.air.behind.set(None);
                }
                if now - moved > BEGINS_WITHIN {
                    self.fails();
                }
            }
            _ => {}
        }
        if self.air.seen.get_untracked() == Seen::Plays {
            let behind = self.behind(now);
            if self.air.behind.get_untracked() != behind {
                self.air.behind.set(behind);
            }
        }
    }

    /// How far what is seen is behind the shop's clock, in seconds.
    fn behind(self, now: i64) -> Option<i64> {
        let clock = self
            .playing
            .with_value(|playing| playing.as_ref()?.clock())?;
        // This device's clock may be wrong; the shop has said its own.
        let ahead = self.air.check.with_untracked(|check| {
            let (at, check) = check.as_ref()?;
            Some(check.now.ms - at)
        })?;
        let behind = (now + ahead - clock + 500) / 1_000;
        // A clock that says something absurd is not told.
        (0..=600).contains(&behind).then_some(behind)
    }
}
