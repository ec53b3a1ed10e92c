//! A replay that somebody watches: where it is, how fast it goes, and what it gets from the shop.
//!
//! What is due and what to ask for is decided by [`Watching`]; here it is carried out. One task asks, and
//! a seek gives it up with whatever was on its way.

use super::film::{Film, has_film};
use crate::browser::address::go;
use crate::shop::live::here::Here;
use crate::shop::live::replay_path;
use crate::shop::live::room::{Talk, saves};
use crate::state::reading::Reading;
use crate::view::{Slot, effect, task_of_part};
use client::browser::Browser;
use client::transport::Transport;
use client::{Error, Source};
use domain::id::ShowId;
use domain::live::Room;
use domain::video::{REPLAY_EVENTS, Replay, Wanted, Watching};
use leptos::prelude::*;
use std::cell::RefCell;
use std::future::poll_fn;
use std::task::{Poll, Waker};
use web_sys::HtmlElement;

/// A seek waits so long for another one, in milliseconds: a key that is held down asks once.
const REST: u32 = 120;
/// How often it is looked whether the network is back, in milliseconds.
const LOOKS: u32 = 500;
/// After how many looks it is asked again what was not answered.
const PAUSES: [u32; 4] = [2, 6, 16, 30];

thread_local! {
    /// Where one was in the replay that was watched last, in milliseconds, as long as this page lives.
    static WATCHED: RefCell<Option<(ShowId, i64)>> = const { RefCell::new(None) };
}

/// Why it does not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// There is no network.
    Offline,
    /// The shop does not answer.
    Failing,
}

/// A replay that somebody watches. Copied freely, like the room.
#[derive(Clone, Copy)]
pub struct Reel {
    /// The room as it was there.
    pub here: Here,
    /// What is seen of the comments.
    pub talk: Talk,
    /// All of it.
    pub replay: StoredValue<Replay>,
    /// The picture.
    pub film: Film,
    /// Where on the line it is, in whole seconds.
    pub second: RwSignal<i64>,
    /// Whether it is to go on.
    pub playing: RwSignal<bool>,
    /// Whether the picture waits for the room.
    pub waits: RwSignal<bool>,
    /// How fast it goes, in per cent.
    pub speed: RwSignal<u32>,
    /// Why it does not go on, where it does not.
    pub trouble: RwSignal<Option<Trouble>>,
    /// Whether its goods are as they are today, and not from a copy that this device has kept.
    pub of_today: RwSignal<bool>,
    /// What plays and stops it.
    pub button: Slot<HtmlElement>,
    watching: StoredValue<Watching>,
    /// Is told the turn of the newest seek.
    turn: RwSignal<u32>,
    reading: Reading<Replay>,
    waker: StoredValue<Option<Waker>>,
}

impl Reel {
    /// Begins to watch: at the time that the address says, or where one was.
    pub fn new(here: Here, replay: Replay, reading: Reading<Replay>) -> Self {
        let watched = WATCHED.with_borrow(|watched| {
            let watched = watched.as_ref().filter(|(show, _)| *show == replay.show);
            watched.map(|(_, at)| *at)
        });
        let asked = || {
            let second = here
                .address
                .with_untracked(|address| address.parameter("t"));
            let second: i64 = second?.parse().ok()?;
            Some(second.saturating_mul(1_000))
        };
        let at = watched.or_else(asked).unwrap_or(0);
        // At its end there is nothing to watch.
        let at = if at >= replay.ms { 0 } else { at };
        let watching = Watching::begin(&replay, at);
        let film = Film::new(has_film(&replay) && saves());
        let reel = Self {
            here,
            talk: Talk::new(here),
            second: RwSignal::new(watching.at() / 1_000),
            playing: RwSignal::new(false),
            waits: RwSignal::new(true),
            speed: RwSignal::new(100),
            trouble: RwSignal::new(None),
            of_today: RwSignal::new(true),
            turn: RwSignal::new(watching.turn()),
            button: Slot::new(),
            watching: StoredValue::new(watching),
            replay: StoredValue::new(replay),
            film,
            reading,
            waker: StoredValue::new(None),
        };
        effect(move |first| {
            reel.turn.track();
            task_of_part(reel.feed(!first));
        });
        reel
    }

    /// How long it is, in whole seconds.
    pub fn seconds(self) -> i64 {
        self.replay.with_value(|replay| replay.ms / 1_000)
    }

    /// What it knows of where it is.
    pub fn with<T>(self, look: impl FnOnce(&Watching) -> T) -> Option<T> {
        self.watching.try_with_value(look)
    }

    /// Goes to a second of it.
    pub fn seek(self, second: i64) {
        self.seek_ms(second.saturating_mul(1_000));
    }

    /// Goes to a time of it, in milliseconds.
    pub fn seek_ms(self, at: i64) {
        let turn = self.watching.try_update_value(|watching| watching.seek(at));
        self.film.try_again();
        self.show();
        if let Some(turn) = turn {
            self.turn.set(turn);
        }
    }

    /// Goes so many seconds on, or back.
    pub fn step(self, seconds: i64) {
        self.seek(self.second.get_untracked().saturating_add(seconds));
    }

    /// Plays it, from its beginning when it is over; or stops.
    pub fn toggle(self) {
        if self.playing.get_untracked() {
            return self.pause();
        }
        if self.with(Watching::is_over) == Some(true) {
            self.seek(0);
        }
        self.playing.set(true);
        // While the tap counts: later a browser may refuse it.
        self.film.begin(self);
    }

    /// Stops.
    pub fn pause(self) {
        self.playing.try_set(false);
        self.film.pause();
        self.say_where();
    }

    /// While it stands the address says where, to be shared.
    fn say_where(self) {
        let Some(second) = self.second.try_get_untracked() else {
            return;
        };
        let Some(path) = self.here.id.try_with_value(replay_path) else {
            return;
        };
        // Whoever has seen all of it begins anew.
        let href = if second == 0 || self.with(Watching::is_over) == Some(true) {
            path
        } else {
            [&path, "?t=", &second.to_string()].concat()
        };
        go(self.here.address, &href, true);
    }

    /// The picture has come to a time, in milliseconds; what was said until there is taken in, all at once.
    pub fn reach(self, at: i64) {
        self.watching
            .try_update_value(|watching| watching.reach(at));
        self.take_due();
        if self.with(Watching::is_over) == Some(true)
            && self.playing.try_get_untracked() == Some(true)
        {
            self.pause();
        }
    }

    fn take_due(self) {
        if self.with(Watching::is_due) == Some(true) {
            self.here.room.try_update(|room| {
                self.watching.try_update_value(|watching| {
                    room.iter_mut().for_each(|room| watching.take_due(room));
                });
            });
        }
        self.show();
        if self.with(|watching| watching.wanted().is_some()) == Some(true)
            && let Some(waker) = self.waker.try_update_value(Option::take).flatten()
        {
            waker.wake();
        }
    }

    /// Tells where it is to whoever shows it, where that is something new.
    fn show(self) {
        let Some((at, waits)) = self.with(|watching| (watching.at(), watching.waits())) else {
            return;
        };
        if self.waits.try_get_untracked() != Some(waits) {
            self.waits.try_set(waits);
        }
        let second = at / 1_000;
        if self.second.try_get_untracked() != Some(second) {
            self.second.try_set(second);
        }
        if let Some(id) = self.here.id.try_get_value() {
            WATCHED.set(Some((id, at)));
        }
    }

    /// Asks for whatever is wanted, one after another, until it is given up.
    async fn feed(self, rest: bool) {
        if rest {
            Browser.sleep(REST).await;
        }
        let client = self.here.stores.client();
        let Some(show) = self.here.id.try_get_value() else {
            return;
        };
        let mut failed = 0;
        loop {
            let (turn, wanted) = self.wanted().await;
            let shows = client.shows();
            let answer = match wanted {
                Wanted::Room(at) => {
                    let room = shows.replay_room(&show, at).await;
                    room.map(|fresh| {
                        self.of_today.try_set(fresh.source == Source::Backend);
                        self.enter(turn, fresh.value)
                    })
                }
                Wanted::Events(after) => {
                    let events = shows.replay_events(&show, after, REPLAY_EVENTS).await;
                    events.map(|fresh| {
                        self.watching
                            .try_update_value(|watching| watching.events_came(turn, fresh.value));
                        true
                    })
                }
            };
            match answer {
                Ok(true) => {
                    failed = 0;
                    self.trouble.try_set(None);
                    self.take_due();
                    self.film.follow(self, 0);
                }
                Ok(false) => {
                    // It is another history: all of it is read anew.
                    self.reading.again();
                    self.rest(usize::MAX).await;
                }
                Err(error) => {
                    leptos::logging::warn!("{error}");
                    self.trouble.try_set(Some(match error {
                        Error::Offline => Trouble::Offline,
                        _ => Trouble::Failing,
                    }));
                    self.rest(failed).await;
                    failed += 1;
                }
            }
        }
    }

    /// Waits until something is wanted.
    async fn wanted(self) -> (u32, Wanted) {
        poll_fn(|context| {
            let wanted = self.with(|watching| Some((watching.turn(), watching.wanted()?)));
            match wanted.flatten() {
                Some(wanted) => Poll::Ready(wanted),
                None => {
                    self.waker.try_set_value(Some(context.waker().clone()));
                    Poll::Pending
                }
            }
        })
        .await
    }

    /// Waits before it is asked again, longer each time; not longer than until the network is back.
    async fn rest(self, failed: usize) {
        let online = self.here.stores.online;
        let looks = PAUSES.get(failed).or(PAUSES.last()).copied();
        let mut was_online = online.try_get_untracked().unwrap_or(true);
        for _ in 0..looks.unwrap_or(1) {
            Browser.sleep(LOOKS).await;
            let is_online = online.try_get_untracked().unwrap_or(true);
            if is_online && !was_online {
                return;
            }
            was_online = is_online;
        }
    }

    /// Goes on from a room; whether it is one of this replay.
    fn enter(self, turn: u32, room: Room) -> bool {
        let entered = self
            .watching
            .try_update_value(|watching| watching.room_came(turn, &room));
        if entered != Some(true) {
            // One that was not wanted any more says nothing of the history.
            return self.with(Watching::turn) != Some(turn);
        }
        self.talk.begin_again();
        self.here.room.try_set(Some(room));
        if turn > 0 && self.playing.try_get_untracked() == Some(false) {
            self.say_where();
        }
        true
    }
}
