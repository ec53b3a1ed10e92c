//! The picture of a replay: the recorded pieces in one `<video>`. Where there is none, or it does not play,
//! a clock of its own goes on with the photos behind it.

use super::reel::Reel;
use super::words::says;
use crate::browser::frame::{frame, is_seen};
use crate::browser::media::{self, Played};
use crate::browser::{film, now_ms};
use crate::view::{IntoView, Slot, View, effect, follows, on, task, task_of_part, view};
use domain::video::{Replay, VideoKind, Watching};
use leptos::prelude::*;
use stylers::style_sheet;
use web_sys::HtmlVideoElement;

const _: &str = include_str!("film.css");

/// A picture that does not move for so long has stopped, in milliseconds.
const STOPPED: i64 = 3_000;
/// One that has stopped for so long is given up.
const GIVEN_UP: i64 = 12_000;
/// The longest step of the clock, in milliseconds: a device that has slept does not run ahead.
const LONGEST: i64 = 2_000;

/// A piece that can be played.
struct Piece {
    /// Which one.
    index: usize,
    /// Where on the line it begins.
    begins: i64,
    /// How far into it.
    into: i64,
    url: String,
}

/// The piece at a time, where this page can play it.
fn piece(replay: &Replay, at: i64) -> Option<Piece> {
    let (part, into) = replay.part_at(at)?;
    match part.video.kind {
        VideoKind::File => {}
        // A piece that is an HLS playlist is played by `parts::video`, in this same element.
        _ => return None,
    }
    Some(Piece {
        index: replay.parts.iter().position(|one| one == part)?,
        begins: part.at_ms,
        into,
        url: part.video.url.clone(),
    })
}

/// The element, and how far it is.
#[derive(Clone, Copy)]
pub struct Film {
    video: Slot<HtmlVideoElement>,
    /// Which piece is in it, and the turn in which it was put to its place.
    loaded: StoredValue<Option<(usize, u32)>>,
    /// Whether its picture is seen.
    pub seen: RwSignal<bool>,
    /// Whether it is wider than high.
    wide: RwSignal<bool>,
    /// Whether it was given up.
    pub failed: RwSignal<bool>,
    /// Whether photos are shown in its place, to save data.
    pub saving: RwSignal<bool>,
    /// Whether it has stopped by itself.
    pub stopped: RwSignal<bool>,
    /// Whether the browser wants to be tapped once more.
    pub refused: RwSignal<bool>,
    /// Whether it is silent.
    pub muted: RwSignal<bool>,
    /// Whether it stands because of this page, and not by the browser's own buttons.
    held: StoredValue<bool>,
    /// Where it was when it moved last, and when that was.
    moved: StoredValue<(i64, i64)>,
}

impl Film {
    /// One of which nothing is loaded.
    pub fn new(saving: bool) -> Self {
        Self {
            video: Slot::new(),
            loaded: StoredValue::new(None),
            seen: RwSignal::new(false),
            wide: RwSignal::new(false),
            failed: RwSignal::new(false),
            saving: RwSignal::new(saving),
            stopped: RwSignal::new(false),
            refused: RwSignal::new(false),
            muted: RwSignal::new(false),
            held: StoredValue::new(true),
            moved: StoredValue::new((-1, 0)),
        }
    }

    /// The element, for whatever shows it larger.
    pub fn video(self) -> Option<HtmlVideoElement> {
        self.video.get()
    }

    /// What was given up is tried again.
    pub fn try_again(self) {
        if self.failed.try_get_untracked() == Some(true) {
            self.loaded.try_set_value(None);
            self.failed.try_set(false);
        }
        self.moved.try_set_value((-1, now_ms()));
        self.say_stopped(false);
    }

    /// Begins with a tap: what is loaded now plays later too.
    pub fn begin(self, reel: Reel) {
        self.refused.set(false);
        self.try_again();
        if self.saving.get_untracked() {
            return;
        }
        let here = reel.with(|watching| (watching.at(), watching.turn()));
        let piece = here.and_then(|(at, turn)| {
            let piece = reel.replay.with_value(|replay| piece(replay, at));
            piece.map(|piece| (piece, turn))
        });
        let (Some(video), Some((piece, turn))) = (self.video.get(), piece) else {
            return;
        };
        self.put(&video, &piece, turn);
        self.play(reel, video);
    }

    /// The film is wanted, although data are to be saved.
    pub fn want(self, reel: Reel) {
        self.saving.set(false);
        if reel.playing.get_untracked() && !reel.waits.get_untracked() {
            self.begin(reel);
        }
    }

    /// Stops.
    pub fn pause(self) {
        if let Some(video) = self.video.get()
            && !video.paused()
        {
            self.held.try_set_value(true);
            video.pause().unwrap_or_default();
        }
        self.say_stopped(false);
    }

    /// Follows the reel, or leads it where it moves. `passed` is how long that is since the last time, in
    /// milliseconds.
    pub fn follow(self, reel: Reel, passed: i64) {
        let Some((at, turn, waits)) =
            reel.with(|watching| (watching.at(), watching.turn(), watching.waits()))
        else {
            return;
        };
        let playing = reel.playing.try_get_untracked() == Some(true);
        if waits {
            // First comes the room of that place.
            self.moved.try_set_value((-1, now_ms()));
            return self.pause();
        }
        let speed = i64::from(reel.speed.try_get_untracked().unwrap_or(100));
        let clock = at.saturating_add(passed.clamp(0, LONGEST) * speed / 100);
        let failed = self.failed.try_get_untracked() != Some(false)
            || self.saving.try_get_untracked() != Some(false);
        let piece = reel.replay.try_with_value(|replay| piece(replay, at));
        let (Some(video), Some(piece), false) = (self.video.get(), piece.flatten(), failed) else {
            self.pause();
            self.show(false);
            if playing {
                reel.reach(clock);
            }
            return;
        };
        // Nothing is loaded before somebody wants to see it.
        if playing || self.loaded.with_value(Option::is_some) {
            self.put(&video, &piece, turn);
        }
        if !playing {
            return self.pause();
        }
        if video.ended() {
            // It is a little shorter than was said.
            return reel.reach(clock);
        }
        if media::paused_by_hand(&video) && !self.held.get_value() {
            return reel.pause();
        }
        if video.paused() {
            self.play(reel, video.clone());
        }
        let there = film::position(&video);
        if let Some(into) = there {
            self.show(true);
            reel.reach(piece.begins.saturating_add(into));
        }
        self.look_whether_it_moves(there, passed);
    }

    fn put(self, video: &HtmlVideoElement, piece: &Piece, turn: u32) {
        let wanted = Some((piece.index, turn));
        let loaded = self.loaded.get_value();
        if loaded == wanted {
            return;
        }
        if loaded.map(|(index, _)| index) == Some(piece.index) {
            film::seek(video, piece.into);
        } else {
            self.show(false);
            film::load(video, &piece.url, piece.into);
        }
        self.loaded.set_value(wanted);
        // Another file, or the end before, has stopped it.
        self.held.set_value(true);
        self.moved.set_value((-1, now_ms()));
    }

    fn play(self, reel: Reel, video: HtmlVideoElement) {
        let speed = f64::from(reel.speed.get_untracked()) / 100.0;
        // What is loaded anew goes at the default.
        video.set_default_playback_rate(speed);
        video.set_playback_rate(speed);
        video.set_muted(self.muted.get_untracked());
        self.held.set_value(false);
        // Asked now, while the tap counts.
        let asked = media::play(&video);
        task(async move {
            if asked.await == Played::Refused && self.refused.try_set(true).is_none() {
                reel.pause();
            }
        });
    }

    fn look_whether_it_moves(self, there: Option<i64>, passed: i64) {
        let now = now_ms();
        let (last, since) = self.moved.get_value();
        let place = there.unwrap_or(last);
        // A page that nobody sees may be given no picture, and a device that has slept had none.
        if place != last || passed > LONGEST || !is_seen() {
            self.moved.set_value((place, now));
            return self.say_stopped(false);
        }
        let still = now.saturating_sub(since);
        if still >= GIVEN_UP {
            self.give_up();
        } else {
            self.say_stopped(still >= STOPPED);
        }
    }

    fn give_up(self) {
        if let Some(video) = self.video.get() {
            media::empty(&video);
        }
        self.loaded.try_set_value(None);
        self.show(false);
        self.say_stopped(false);
        self.failed.try_set(true);
    }

    fn show(self, seen: bool) {
        if self.seen.try_get_untracked() != Some(seen) {
            self.seen.try_set(seen);
        }
    }

    fn say_stopped(self, stopped: bool) {
        if self.stopped.try_get_untracked() != Some(stopped) {
            self.stopped.try_set(stopped);
        }
    }
}

/// Whether there is anything in it that this page can play.
pub fn has_film(replay: &Replay) -> bool {
    replay
        .parts
        .iter()
        .any(|part| part.video.kind == VideoKind::File)
}

/// The picture, and what makes all of it go on: once a frame while it plays.
pub fn picture(reel: Reel) -> View {
    let class = style_sheet!("src/app/src/shop/live/replay/film.css");
    let film = reel.film;
    effect(move |_| {
        if reel.playing.get() {
            task_of_part(run(reel));
        }
    });
    effect(move |_| {
        let speed = f64::from(reel.speed.get()) / 100.0;
        if let Some(video) = film.video() {
            video.set_default_playback_rate(speed);
            video.set_playback_rate(speed);
        }
    });
    effect(move |_| {
        let muted = film.muted.get();
        if let Some(video) = film.video() {
            video.set_muted(muted);
        }
    });
    let online = reel.here.stores.online;
    effect(move |first| {
        if online.get() && !first {
            film.try_again();
        }
    });
    on_cleanup(move || {
        // What is not in the page any more must not be heard, nor loaded.
        if let Some(video) = film.video() {
            media::empty(&video);
        }
    });
    let there = move |_| {
        let size = film
            .video()
            .map(|video| (video.video_width(), video.video_height()));
        if let Some((width, height)) = size {
            film.wide.try_set(width > height);
            film.show(film.loaded.try_get_value().flatten().is_some());
        }
    };
    // Gone on with by the browser's own buttons: the room goes along.
    let goes_on = on(move |_| {
        let by_hand = |video: HtmlVideoElement| !video.paused() && media::has_own_buttons(&video);
        let stands = reel.playing.try_get_untracked() == Some(false);
        if stands
            && film.video().is_some_and(by_hand)
            && reel.with(Watching::is_over) == Some(false)
        {
            reel.playing.try_set(true);
        }
    });
    let broken = on(move |_| {
        // Taking the file out is no failure.
        if film.loaded.try_get_value().flatten().is_some() {
            film.give_up();
        }
    });
    view! {
        <video
            node_ref=film.video
            class=class
            class:seen=follows(move || film.seen.get())
            class:wide=follows(move || film.wide.get())
            aria-label=says().film
            playsinline=true
            preload="auto"
            on:loadeddata=on(there)
            on:seeked=on(there)
            on:play=goes_on
            on:error=broken
        ></video>
    }
    .into_view()
}

async fn run(reel: Reel) {
    let mut before = now_ms();
    loop {
        frame().await;
        let now = now_ms();
        reel.film.follow(reel, now.saturating_sub(before));
        before = now;
        if reel.with(Watching::is_over) != Some(false) {
            return;
        }
    }
}
