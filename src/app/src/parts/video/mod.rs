//! Plays one source of a picture in one element, and says what becomes of it. Which source is for others
//! to decide.

use crate::browser::hls::{self, Fatal, Player};
use crate::browser::media::{self, Motion, Played};
use crate::browser::whep::Receiver;
use crate::view::task;
use client::browser::Browser;
use client::transport::Transport;
use domain::video::{VideoKind, VideoSource};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use web_sys::HtmlVideoElement;

/// How often it is looked at, in milliseconds. A stop is to be known within three seconds.
const LOOKS_EVERY: u32 = 200;
/// How long to wait before fetching again what could not be fetched, in milliseconds.
const FETCH_AGAIN: u32 = 1_000;
/// How far behind the newest piece HLS plays, in seconds: pieces are of one second, those of sound of two.
const BEHIND: f64 = 3.0;
const BEHIND_SOUND: f64 = 5.0;

/// What becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The first picture, or sound, is there.
    Picture,
    /// It has moved on; told some five times a second.
    Moved,
    /// It cannot be had.
    Failed,
    /// The browser plays nothing before somebody taps.
    Refused,
}

/// A source that is played. Dropping it puts an end to it and empties the element.
pub struct Playing(Rc<Inner>);

struct Inner {
    video: HtmlVideoElement,
    source: VideoSource,
    heard: Box<dyn Fn(Heard)>,
    way: RefCell<Option<Way>>,
    /// Which beginning it is; what an earlier one says is not heard.
    round: Cell<u32>,
    pictured: Cell<bool>,
    mended: Cell<bool>,
    /// Whether the browser was asked to play and has not answered.
    asking: Cell<bool>,
    resting: Cell<bool>,
    over: Cell<bool>,
}

struct Way {
    stream: Stream,
    motion: Motion,
}

enum Stream {
    Hls(Player),
    Whep(#[allow(dead_code, reason = "kept until it is dropped")] Receiver),
    /// What the element plays by itself: a file, or HLS on a phone without Media Source.
    Own,
}

impl Playing {
    /// Begins to play. The element is as muted as it is found; the browser may mute it.
    pub fn begin(
        video: &HtmlVideoElement,
        source: &VideoSource,
        heard: impl Fn(Heard) + 'static,
    ) -> Self {
        let inner = Rc::new(Inner {
            video: video.clone(),
            source: source.clone(),
            heard: Box::new(heard),
            way: RefCell::new(None),
            round: Cell::new(0),
            pictured: Cell::new(false),
            mended: Cell::new(false),
            asking: Cell::new(false),
            resting: Cell::new(false),
            over: Cell::new(false),
        });
        inner.start();
        let looked_at = Rc::downgrade(&inner);
        task(async move {
            loop {
                Browser.sleep(LOOKS_EVERY).await;
                let Some(inner) = looked_at.upgrade().filter(|inner| !inner.over.get()) else {
                    return;
                };
                inner.look();
            }
        });
        Self(inner)
    }

    /// The stream's own clock at what is seen (`EXT-X-PROGRAM-DATE-TIME`), in milliseconds since 1970.
    pub fn clock(&self) -> Option<i64> {
        let inner = &self.0;
        match &inner.way.borrow().as_ref()?.stream {
            _ if !inner.pictured.get() => None,
            Stream::Hls(player) => player.clock(),
            Stream::Whep(_) => None,
            Stream::Own => {
                let into = (inner.video.current_time() * 1_000.0) as i64;
                media::start_date(&inner.video).map(|start| start.saturating_add(into))
            }
        }
    }

    /// Goes to what is newest.
    pub fn to_live_edge(&self) {
        let video = &self.0.video;
        let edge = match self.0.way.borrow().as_ref().map(|way| &way.stream) {
            Some(Stream::Hls(player)) => player.live_edge(),
            Some(Stream::Own) if self.0.source.kind != VideoKind::File => {
                let there = video.seekable();
                let last = there.length().checked_sub(1);
                let end = last.and_then(|last| there.end(last).ok());
                end.map(|end| end - BEHIND)
            }
            _ => None,
        };
        if let Some(edge) = edge.filter(|edge| edge.is_finite()) {
            video.set_current_time(edge);
        }
    }

    /// Looks whether it has moved, at once. For whoever decides by the time: the timers of a hidden page come
    /// late, and in any order.
    pub fn looks(&self) -> impl Fn() + use<> {
        let looked_at = Rc::downgrade(&self.0);
        move || {
            let inner = looked_at.upgrade().filter(|inner| !inner.over.get());
            inner.iter().for_each(Inner::look);
        }
    }

    /// Fetches nothing while `rest`; after that it begins anew at what is newest then.
    pub fn rest(&self, rest: bool) {
        let inner = &self.0;
        if inner.resting.replace(rest) == rest {
            return;
        }
        if rest {
            inner.stop();
        } else {
            inner.start();
        }
    }
}

impl Drop for Playing {
    fn drop(&mut self) {
        self.0.over.set(true);
        self.0.stop();
    }
}

impl Inner {
    fn start(self: &Rc<Self>) {
        let round = self.round.get().wrapping_add(1);
        self.round.set(round);
        self.mended.set(false);
        self.asking.set(false);
        match self.source.kind {
            VideoKind::Whep => self.receive(round),
            VideoKind::Hls | VideoKind::Audio if media::takes_pieces() => {
                let this = Rc::downgrade(self);
                task(async move {
                    let loaded = hls::load().await;
                    let Some(inner) = this.upgrade().filter(|inner| inner.goes_on(round)) else {
                        return;
                    };
                    if loaded {
                        inner.fetch(round);
                    } else {
                        (inner.heard)(Heard::Failed);
                    }
                });
            }
            VideoKind::Hls | VideoKind::Audio if !media::plays_hls(&self.video) => {
                self.say(round, Heard::Failed);
            }
            VideoKind::Hls | VideoKind::Audio | VideoKind::File => {
                self.video.set_src(&self.source.url);
                self.goes_by(Stream::Own, false);
                self.play();
            }
            VideoKind::Photos | VideoKind::Unknown => self.say(round, Heard::Failed),
        }
    }

    /// Takes the stream out of the element.
    fn stop(&self) {
        self.round.set(self.round.get().wrapping_add(1));
        let way = self.way.take();
        drop(way);
        media::empty(&self.video);
    }

    fn goes_on(&self, round: u32) -> bool {
        self.round.get() == round && !self.over.get()
    }

    fn goes_by(&self, stream: Stream, by_pictures: bool) {
        let motion = Motion::of(&self.video, by_pictures);
        self.way.replace(Some(Way { stream, motion }));
    }

    fn receive(self: &Rc<Self>, round: u32) {
        let (arrived, failed) = (Rc::downgrade(self), Rc::downgrade(self));
        let of_now = move |this: &Weak<Self>| this.upgrade().filter(|inner| inner.goes_on(round));
        let receiver = Receiver::begin(
            &self.video,
            &self.source.url,
            move || {
                if let Some(inner) = of_now(&arrived) {
                    inner.play();
                }
            },
            move || {
                if let Some(inner) = of_now(&failed) {
                    inner.say(round, Heard::Failed);
                }
            },
        );
        match receiver {
            Some(receiver) => self.goes_by(Stream::Whep(receiver), true),
            None => self.say(round, Heard::Failed),
        }
    }

    fn fetch(self: &Rc<Self>, round: u32) {
        let is_sound = self.source.kind == VideoKind::Audio;
        let behind = if is_sound { BEHIND_SOUND } else { BEHIND };
        let this = Rc::downgrade(self);
        let player = Player::begin(&self.video, &self.source.url, behind, move |fatal| {
            // Not within the player's own call.
            let this = this.clone();
            task(async move {
                if let Some(inner) = this.upgrade().filter(|inner| inner.goes_on(round)) {
                    inner.stopped(fatal, round);
                }
            });
        });
        match player {
            Some(player) => {
                self.goes_by(Stream::Hls(player), !is_sound);
                self.play();
            }
            None => self.say(round, Heard::Failed),
        }
    }

    /// What the player cannot mend by itself. What is fetched already goes on meanwhile, and whether it has
    /// stopped is seen by its not moving.
    fn stopped(self: &Rc<Self>, fatal: Fatal, round: u32) {
        match fatal {
            // One request that is lost stops the player; how long that may go on is for others to say.
            Fatal::Network if self.has_list() => {
                let this = Rc::downgrade(self);
                task(async move {
                    Browser.sleep(FETCH_AGAIN).await;
                    let inner = this.upgrade().filter(|inner| inner.goes_on(round));
                    inner
                        .iter()
                        .for_each(|inner| inner.with_player(Player::fetch_again));
                });
            }
            Fatal::Media if !self.mended.replace(true) => self.with_player(Player::mend),
            _ => (self.heard)(Heard::Failed),
        }
    }

    fn has_list(&self) -> bool {
        let way = self.way.borrow();
        let stream = way.as_ref().map(|way| &way.stream);
        matches!(stream, Some(Stream::Hls(player)) if player.has_list())
    }

    fn with_player(&self, act: fn(&Player)) {
        let way = self.way.borrow();
        if let Some(Stream::Hls(player)) = way.as_ref().map(|way| &way.stream) {
            act(player);
        }
    }

    /// Says something, but not at once: whoever hears it may put an end to what says it.
    fn say(self: &Rc<Self>, round: u32, what: Heard) {
        let this = Rc::downgrade(self);
        task(async move {
            if let Some(inner) = this.upgrade().filter(|inner| inner.goes_on(round)) {
                (inner.heard)(what);
            }
        });
    }

    fn play(self: &Rc<Self>) {
        let (this, round) = (Rc::downgrade(self), self.round.get());
        self.asking.set(true);
        task(async move {
            let of_now = |this: &Weak<Self>| this.upgrade().filter(|inner| inner.goes_on(round));
            let Some(video) = of_now(&this).map(|inner| inner.video.clone()) else {
                return;
            };
            let mut played = media::play(&video).await;
            if played == Played::Refused && !video.muted() && of_now(&this).is_some() {
                video.set_muted(true);
                played = media::play(&video).await;
            }
            if let Some(inner) = of_now(&this) {
                // One that was refused is not asked again.
                inner.asking.set(played == Played::Refused);
                if played == Played::Refused {
                    (inner.heard)(Heard::Refused);
                }
            }
        });
    }

    fn look(self: &Rc<Self>) {
        if self.resting.get() {
            return;
        }
        let Some((own, waits, moved)) = self.way.borrow().as_ref().map(|way| {
            let own = matches!(way.stream, Stream::Own);
            // Nothing has arrived yet that could be played.
            let waits = matches!(way.stream, Stream::Whep(_)) && !self.pictured.get();
            (own, waits, way.motion.moved())
        }) else {
            return;
        };
        // What is played after its end begins at its beginning; of a stream more may come, but not here.
        let ended = self.video.ended();
        if own && self.video.error().is_some() || ended && self.source.kind != VideoKind::File {
            (self.heard)(Heard::Failed);
        } else if moved {
            let first = !self.pictured.replace(true);
            (self.heard)(if first { Heard::Picture } else { Heard::Moved });
        } else if self.video.paused()
            && !ended
            && !waits
            && !self.asking.get()
            && media::is_watched(&self.video)
            && !media::paused_by_hand(&self.video)
        {
            // The browser has paused it: it was hidden, or its own player was closed.
            self.play();
        }
    }
}
