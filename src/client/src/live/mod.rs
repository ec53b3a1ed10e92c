//! Follows a show: one supervisor over one stream, that always says how it stands.
//!
//! [`Supervisor`] is all of the deciding and none of the doing, as the [outbox](crate::outbox) is: it is
//! told what has happened ([`Signal`]) and says what to do ([`Action`]). It has no clock and no network,
//! so the very same code runs in the page, in a test over real sockets ([`follow`]) and in a simulation
//! that cuts it at every step (`client/tests/live`).
//!
//! It gives whoever shows the room a whole [`Room`] now and then, and between them the events that
//! follow it, each once and in their order, for [`Room::take`].

mod follow;
mod sse;

pub use follow::{Door, Told, follow};
pub use sse::{Frame, Parser};

use crate::json;
use domain::live::{Beat, Event, Room, What};
use domain::show::ShowState;

/// How long nothing may be heard before a stream is given up, in milliseconds. The server says
/// something every ten seconds.
pub const SILENCE: u32 = 25_000;
/// After how long without a word the room is behind, in milliseconds.
pub const BEHIND: u32 = 10_000;
/// How long to wait before connecting again: at first and at most, in milliseconds.
const WAIT: (u32, u32) = (500, 10_000);
/// How many events are put aside while a snapshot is on its way; with more, another one is needed.
const ASIDE: usize = 2_000;

/// How a room stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is as the server has it.
    Live,
    /// It has not been for longer than a moment: nothing was heard since then, by the device's clock
    /// in milliseconds.
    Behind {
        /// Since when.
        since: i64,
    },
    /// It is being connected.
    Reconnecting,
    /// The device says that it has no network.
    Offline,
    /// The show is over, or there is no such: nothing more comes.
    Ended,
}

/// Something has happened. The numbers are those of the [`Action`] that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Somebody looks at the room; with what the page has of it already.
    Start(Option<Box<Room>>),
    /// A snapshot has come.
    Room(u32, Box<Room>),
    /// No snapshot has come.
    NoRoom(u32, Missing),
    /// Something was heard on the stream; also the mere beginning of an answer.
    Alive(u32),
    /// A frame has come on the stream.
    Frame(u32, Frame),
    /// The stream has ended, or did not begin.
    Cut(u32, Missing),
    /// A pause is over.
    Woke(u32),
    /// The device has lost its network.
    Offline,
    /// It is back.
    Online,
}

/// Why something did not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// It may come later; with the pause in seconds that the backend asks for.
    Later(Option<u32>),
    /// There is no such thing.
    Gone,
}

/// Something to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Ask for a snapshot: [`Signal::Room`] or [`Signal::NoRoom`] follows.
    Fetch(u32),
    /// Open the stream of what comes after this number of this epoch, in the place of another one:
    /// [`Signal::Alive`] and [`Signal::Frame`] follow, and at the end [`Signal::Cut`].
    Open {
        /// Its number.
        turn: u32,
        /// Of which epoch.
        epoch: String,
        /// After which event.
        after: u32,
    },
    /// Close the stream.
    Close,
    /// Wait so many milliseconds, in the place of another pause: [`Signal::Woke`] follows.
    Wait(u32, u32),
    /// Show this room.
    Room(Box<Room>),
    /// Take this event into the room; it is the next one.
    Event(Event),
    /// Say how the room stands.
    Status(Status),
}

#[derive(Clone, Debug)]
struct Stream {
    turn: u32,
    /// Of which epoch its events are, once it has said so.
    epoch: Option<String>,
}

/// Decides how a show is followed.
#[derive(Clone, Debug, Default)]
pub struct Supervisor {
    /// The number of the last request, stream or pause.
    turn: u32,
    epoch: String,
    last: u32,
    /// What is shown cannot be gone on with: a snapshot is needed.
    needs_room: bool,
    fetch: Option<u32>,
    stream: Option<Stream>,
    timer: u32,
    /// The pause is one before connecting again.
    pausing: bool,
    aside: Vec<Event>,
    tries: u32,
    heard_at: i64,
    live: bool,
    offline: bool,
    ended: bool,
    told: Option<Status>,
}

impl Supervisor {
    /// Takes in what has happened and says what to do, in this order. `now` is the device's clock in
    /// milliseconds, `random` a number from 0 to 1.
    pub fn handle(&mut self, signal: Signal, now: i64, random: f64) -> Vec<Action> {
        let mut todo = Vec::new();
        let wait = |pause: Option<u32>, tries: u32| {
            let wait = WAIT.0.saturating_mul(1 << tries.min(8)).min(WAIT.1);
            let wait = wait / 2 + (f64::from(wait / 2) * random) as u32;
            wait.max(pause.unwrap_or_default().saturating_mul(1_000))
        };
        match signal {
            Signal::Start(room) => {
                (self.heard_at, self.needs_room) = (now, true);
                match room {
                    Some(room) => self.enter(*room, &mut todo),
                    None => self.connect(&mut todo),
                }
            }
            Signal::Room(turn, room) if self.fetch == Some(turn) => {
                (self.fetch, self.heard_at) = (None, now);
                self.enter(*room, &mut todo);
            }
            Signal::NoRoom(turn, why) if self.fetch == Some(turn) => {
                self.fetch = None;
                match why {
                    Missing::Gone => self.end(&mut todo),
                    Missing::Later(pause) => self.pause(wait(pause, self.tries), &mut todo),
                }
            }
            Signal::Alive(turn) if self.is_current(turn) => self.heard_at = now,
            Signal::Frame(turn, frame) if self.is_current(turn) => {
                self.heard_at = now;
                self.hear(&frame, &mut todo);
            }
            Signal::Cut(turn, why) if self.is_current(turn) => {
                self.stream = None;
                match why {
                    Missing::Gone => self.end(&mut todo),
                    Missing::Later(pause) => self.pause(wait(pause, self.tries), &mut todo),
                }
            }
            Signal::Woke(turn) if self.timer == turn => {
                let quiet = now.saturating_sub(self.heard_at);
                if self.pausing {
                    self.pausing = false;
                    self.connect(&mut todo);
                } else if self.stream.is_some() && quiet >= i64::from(SILENCE) {
                    self.close(&mut todo);
                    self.pause(wait(None, self.tries), &mut todo);
                } else {
                    self.watch(now, &mut todo);
                }
            }
            Signal::Offline if !self.ended => {
                (self.offline, self.live, self.pausing) = (true, false, false);
                (self.fetch, self.timer) = (None, 0);
                self.close(&mut todo);
            }
            Signal::Online if self.offline => {
                (self.offline, self.tries) = (false, 0);
                self.connect(&mut todo);
            }
            // The browser says so now and then without having said that it was gone.
            Signal::Online if self.pausing => {
                (self.pausing, self.tries) = (false, 0);
                self.connect(&mut todo);
            }
            _ => {}
        }
        self.tell(now, &mut todo);
        todo
    }

    fn is_current(&self, turn: u32) -> bool {
        let stream = self.stream.as_ref();
        stream.is_some_and(|stream| stream.turn == turn)
    }

    fn next_turn(&mut self) -> u32 {
        self.turn = self.turn.wrapping_add(1).max(1);
        self.turn
    }

    /// Goes on from where it is: with a snapshot where one is needed, and with the stream.
    fn connect(&mut self, todo: &mut Vec<Action>) {
        if self.ended || self.offline {
            return;
        }
        if self.needs_room {
            self.ask(todo);
        } else if self.stream.is_none() {
            self.open(todo);
        }
    }

    fn ask(&mut self, todo: &mut Vec<Action>) {
        if self.fetch.is_none() && !self.offline {
            let turn = self.next_turn();
            self.fetch = Some(turn);
            todo.push(Action::Fetch(turn));
            self.wait(BEHIND, todo);
        }
    }

    fn open(&mut self, todo: &mut Vec<Action>) {
        let turn = self.next_turn();
        self.stream = Some(Stream { turn, epoch: None });
        self.aside.clear();
        todo.push(Action::Open {
            turn,
            epoch: self.epoch.clone(),
            after: self.last,
        });
        self.wait(BEHIND, todo);
    }

    fn close(&mut self, todo: &mut Vec<Action>) {
        self.aside.clear();
        if self.stream.take().is_some() {
            todo.push(Action::Close);
        }
    }

    fn wait(&mut self, ms: u32, todo: &mut Vec<Action>) {
        self.timer = self.next_turn();
        todo.push(Action::Wait(self.timer, ms));
    }

    /// Waits before it connects again.
    fn pause(&mut self, ms: u32, todo: &mut Vec<Action>) {
        (self.live, self.pausing) = (false, true);
        self.tries = self.tries.saturating_add(1);
        self.wait(ms, todo);
    }

    /// Looks again when nothing will have been heard for too long.
    fn watch(&mut self, now: i64, todo: &mut Vec<Action>) {
        if self.stream.is_some() || self.fetch.is_some() {
            let quiet = now.saturating_sub(self.heard_at).max(0);
            let most = if self.live { SILENCE } else { BEHIND };
            let left = i64::from(SILENCE).saturating_sub(quiet).max(1);
            let left = u32::try_from(left).unwrap_or(SILENCE);
            // Without a stream there is no silence to wait for.
            self.wait(
                if quiet >= i64::from(SILENCE) {
                    BEHIND
                } else {
                    left.min(most)
                },
                todo,
            );
        }
    }

    fn end(&mut self, todo: &mut Vec<Action>) {
        (self.ended, self.pausing, self.timer) = (true, false, 0);
        self.close(todo);
    }

    /// Goes on from a snapshot.
    fn enter(&mut self, room: Room, todo: &mut Vec<Action>) {
        (self.epoch, self.last) = (room.epoch.clone(), room.last_event_id);
        self.needs_room = false;
        let over = room.show.state == ShowState::Ended;
        todo.push(Action::Room(Box::new(room)));
        if over {
            return self.end(todo);
        }
        let of_this = |stream: &Stream| stream.epoch.as_ref() == Some(&self.epoch);
        match &self.stream {
            Some(stream) if of_this(stream) => {
                self.live = true;
                for event in std::mem::take(&mut self.aside) {
                    self.receive(event, todo);
                }
            }
            // Its events are of another history, or it has not said of which.
            Some(_) => {
                self.close(todo);
                self.open(todo);
            }
            None if self.pausing => {}
            None => self.open(todo),
        }
    }

    fn hear(&mut self, frame: &Frame, todo: &mut Vec<Action>) {
        match frame.event.as_str() {
            "" | "message" => {
                // One that cannot be read is missing before the next.
                if let Ok(event) = json::decode::<Event>(&frame.data) {
                    self.receive(event, todo);
                }
            }
            "beat" | "resync" => {
                let Ok(beat) = json::decode::<Beat>(&frame.data) else {
                    return;
                };
                let lost = frame.event == "resync";
                let follows = beat.epoch == self.epoch && beat.last == self.last;
                if let Some(stream) = &mut self.stream {
                    stream.epoch = Some(beat.epoch);
                }
                if lost {
                    self.aside.clear();
                }
                if lost || (!follows && !self.needs_room) {
                    self.resync(todo);
                } else if !self.needs_room {
                    (self.live, self.tries) = (true, 0);
                }
            }
            _ => {}
        }
    }

    fn receive(&mut self, event: Event, todo: &mut Vec<Action>) {
        // Before a stream has said of which history it is, its events are of none.
        let named = |stream: &Stream| stream.epoch.is_some();
        if self.ended || !self.stream.as_ref().is_some_and(named) {
            return;
        }
        if self.needs_room {
            if self.aside.len() >= ASIDE {
                self.aside.clear();
            }
            return self.aside.push(event);
        }
        let next = self.last.saturating_add(1);
        if event.id > next {
            self.resync(todo);
            self.aside.push(event);
        } else if event.id == next {
            self.last = next;
            (self.live, self.tries) = (true, 0);
            let (over, changed) = (event.what == What::Ended, event.what == What::Changed);
            todo.push(Action::Event(event));
            if over {
                self.end(todo);
            } else if changed {
                self.needs_room = true;
                self.ask(todo);
            }
        }
    }

    /// What is missing cannot be had one by one any more.
    fn resync(&mut self, todo: &mut Vec<Action>) {
        (self.needs_room, self.live) = (true, false);
        self.ask(todo);
    }

    fn tell(&mut self, now: i64, todo: &mut Vec<Action>) {
        let quiet = now.saturating_sub(self.heard_at);
        let status = if self.ended {
            Status::Ended
        } else if self.offline {
            Status::Offline
        } else if self.live {
            Status::Live
        } else if quiet >= i64::from(BEHIND) {
            Status::Behind {
                since: self.heard_at,
            }
        } else {
            Status::Reconnecting
        };
        if self.told != Some(status) {
            self.told = Some(status);
            todo.push(Action::Status(status));
        }
    }
}
