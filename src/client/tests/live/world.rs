//! Viewers, a network, and time, drawn from a seed.

use super::server::Server;
use client::live::{Action, BEHIND, Frame, Missing, SILENCE, Signal, Status, Supervisor};
use domain::live::{Beat, Event, Room, Taken};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// How long everything goes wrong, and how long nothing does after that, in milliseconds.
const BAD: i64 = 6 * 60_000;
const GOOD: i64 = 2 * 60_000;
const VIEWERS: usize = 3;

/// Something that is built wrongly on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bug {
    /// The page shows a snapshot only once.
    KeepsItsFirstRoom,
    /// A pause never ends.
    NeverWakes,
    /// The page never hears that the network is back.
    NeverOnline,
    /// The page never hears that a stream was cut, and watches no silence.
    NeverCut,
    /// The server loses history and says that it is the same.
    KeepsItsEpoch,
    /// A snapshot says that it has one event less than it has.
    SnapshotOffByOne,
    /// The server sends what it has not written down.
    SendsBeforeItWrites,
    /// The server sends no beats.
    NeverBeats,
}

impl Bug {
    pub const ALL: [Self; 8] = [
        Self::KeepsItsFirstRoom,
        Self::NeverWakes,
        Self::NeverOnline,
        Self::NeverCut,
        Self::KeepsItsEpoch,
        Self::SnapshotOffByOne,
        Self::SendsBeforeItWrites,
        Self::NeverBeats,
    ];
}

struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) % end
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Happening {
    /// Something happens in the show.
    Said,
    /// All streams say that they are alive.
    Beats,
    /// Something goes wrong.
    Fault,
    /// A server that was down is there again.
    Up,
    /// A viewer's network is back.
    Back(usize),
    /// A viewer hears something.
    Hears(usize, Signal),
    /// A request for a snapshot reaches the server.
    Asks(usize, u32),
    /// A request for the stream reaches the server.
    Opens(usize, u32, String, u32),
}

struct Viewer {
    supervisor: Supervisor,
    room: Option<Room>,
    status: Status,
    /// The stream that the page reads.
    turn: Option<u32>,
    /// The stream that the server writes to, and from when on the wire swallows everything.
    served: Option<u32>,
    silent: bool,
    online: bool,
    /// When bytes last came.
    heard_at: i64,
    /// Frames keep their order on the wire.
    arrives: i64,
    /// What it shows is another than when it was looked at last.
    changed: bool,
}

pub struct World {
    pub verdict: Result<(), String>,
    pub cuts: u64,
    pub snapshots: u64,
    pub epochs: u64,
    chance: Chance,
    bug: Option<Bug>,
    now: i64,
    number: u64,
    queue: BinaryHeap<Reverse<(i64, u64, usize)>>,
    happenings: Vec<Happening>,
    server: Server,
    viewers: Vec<Viewer>,
    ends: bool,
}

fn frame(event: &str, data: &impl Serialize) -> Frame {
    Frame {
        event: event.to_owned(),
        data: serde_json::to_string(data).unwrap(),
        id: String::new(),
    }
}

impl World {
    pub fn run(seed: u64, bug: Option<Bug>) -> Self {
        let mut chance = Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let ends = chance.one_in(4);
        let mut world = Self {
            verdict: Ok(()),
            cuts: 0,
            snapshots: 0,
            epochs: 0,
            chance,
            bug,
            now: 0,
            number: 0,
            queue: BinaryHeap::new(),
            happenings: Vec::new(),
            server: Server::new(),
            viewers: Vec::new(),
            ends,
        };
        for who in 0..VIEWERS {
            world.viewers.push(Viewer {
                supervisor: Supervisor::default(),
                room: None,
                status: Status::Reconnecting,
                turn: None,
                served: None,
                silent: false,
                online: true,
                heard_at: 0,
                arrives: 0,
                changed: false,
            });
            world.at(who as i64 * 500, Happening::Hears(who, Signal::Start(None)));
        }
        world.at(100, Happening::Said);
        world.at(1_000, Happening::Fault);
        world.at(10_000, Happening::Beats);
        while let Some(Reverse((when, _, index))) = world.queue.pop() {
            if when > BAD + GOOD || world.verdict.is_err() {
                break;
            }
            world.now = when;
            let happening = world.happenings[index].clone();
            world.happen(happening);
            world.look();
        }
        if world.verdict.is_ok() {
            world.verdict = world.judge();
        }
        world.epochs = world.server.epochs;
        world
    }

    fn at(&mut self, when: i64, happening: Happening) {
        self.number += 1;
        self.queue
            .push(Reverse((when, self.number, self.happenings.len())));
        self.happenings.push(happening);
    }

    fn soon(&mut self, happening: Happening) {
        let latency = 5 + self.chance.below(300) as i64;
        self.at(self.now + latency, happening);
    }

    fn bad(&self) -> bool {
        self.now < BAD
    }

    fn is(&self, bug: Bug) -> bool {
        self.bug == Some(bug)
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Said => {
                if self.server.up {
                    let end = self.ends && self.now > BAD + GOOD / 2;
                    let salt = self.chance.below(1_000) as u32;
                    let event = self.server.happens(self.now, salt, end);
                    self.publish(&event);
                    if end {
                        self.server.up = true;
                        return;
                    }
                }
                // The last half minute is silent: everybody can have everything then.
                if self.now < BAD + GOOD - 30_000 {
                    let pause = 50 + self.chance.below(2_500) as i64;
                    self.at(self.now + pause, Happening::Said);
                }
            }
            Happening::Beats => {
                if self.server.up && !self.is(Bug::NeverBeats) {
                    let beat = frame("beat", &self.beat());
                    self.send_all(&beat);
                }
                self.at(self.now + 10_000, Happening::Beats);
            }
            Happening::Fault if self.bad() => {
                self.fault();
                let pause = self.chance.below(9_000) as i64;
                self.at(self.now + pause, Happening::Fault);
            }
            // Everything is well again.
            Happening::Fault => {}
            Happening::Up => self.server.up = true,
            Happening::Back(who) => {
                self.viewers[who].online = true;
                if !self.is(Bug::NeverOnline) {
                    self.hear(who, Signal::Online);
                }
            }
            Happening::Hears(who, signal) => self.hear(who, signal),
            Happening::Asks(who, turn) => {
                let answer = if self.server.up && self.viewers[who].online {
                    self.snapshots += 1;
                    let mut room = self.server.room.clone();
                    if self.is(Bug::SnapshotOffByOne) {
                        room.last_event_id = room.last_event_id.saturating_sub(1);
                    }
                    Signal::Room(turn, Box::new(room))
                } else {
                    Signal::NoRoom(turn, Missing::Later(None))
                };
                self.soon(Happening::Hears(who, answer));
            }
            Happening::Opens(who, turn, epoch, after) => self.opens(who, turn, &epoch, after),
        }
    }

    fn beat(&self) -> Beat {
        Beat {
            epoch: self.server.room.epoch.clone(),
            last: self.server.room.last_event_id,
        }
    }

    fn opens(&mut self, who: usize, turn: u32, epoch: &str, after: u32) {
        if !self.server.up || !self.viewers[who].online {
            let cut = Signal::Cut(turn, Missing::Later(None));
            return self.soon(Happening::Hears(who, cut));
        }
        let viewer = &mut self.viewers[who];
        (viewer.served, viewer.silent) = (Some(turn), false);
        self.send(who, None);
        let again = self.server.after(epoch, after).map(<[Event]>::to_vec);
        match again {
            Some(events) => {
                let beat = Beat {
                    last: after,
                    ..self.beat()
                };
                self.send(who, Some(frame("beat", &beat)));
                for event in events {
                    self.send(who, Some(frame("", &event)));
                }
            }
            None => {
                let resync = frame("resync", &self.beat());
                self.send(who, Some(resync));
            }
        }
    }

    fn publish(&mut self, event: &Event) {
        let frame = frame("", event);
        self.send_all(&frame);
    }

    fn send_all(&mut self, frame: &Frame) {
        for who in 0..VIEWERS {
            self.send(who, Some(frame.clone()));
        }
    }

    /// Sends a frame to a viewer, or only the beginning of the answer.
    fn send(&mut self, who: usize, frame: Option<Frame>) {
        let Some(turn) = self.viewers[who].served else {
            return;
        };
        let (bad, viewer) = (self.bad(), &self.viewers[who]);
        if viewer.silent || !viewer.online || (bad && self.chance.one_in(60)) {
            return;
        }
        let latency = 5 + self.chance.below(200) as i64;
        let viewer = &mut self.viewers[who];
        viewer.arrives = viewer.arrives.max(self.now + latency);
        let (arrives, twice) = (viewer.arrives, bad && self.chance.one_in(30));
        let signal = match frame {
            Some(frame) => Signal::Frame(turn, frame),
            None => Signal::Alive(turn),
        };
        if twice {
            self.at(arrives, Happening::Hears(who, signal.clone()));
        }
        self.at(arrives, Happening::Hears(who, signal));
    }

    fn cut(&mut self, who: usize) {
        if let Some(turn) = self.viewers[who].served.take() {
            self.cuts += 1;
            if !self.is(Bug::NeverCut) {
                let cut = Signal::Cut(turn, Missing::Later(None));
                let arrives = self.viewers[who].arrives.max(self.now);
                self.at(arrives, Happening::Hears(who, cut));
            }
        }
    }

    fn fault(&mut self) {
        let who = self.chance.below(VIEWERS as u64) as usize;
        match self.chance.below(12) {
            0..=5 => self.cut(who),
            6 | 7 => self.viewers[who].silent = true,
            8 | 9 => {
                if self.viewers[who].online {
                    self.viewers[who].online = false;
                    self.viewers[who].served = None;
                    // Some devices say so, some only fail.
                    if self.chance.one_in(2) {
                        self.hear(who, Signal::Offline);
                    } else {
                        self.viewers[who].silent = true;
                    }
                    let away = 1_000 + self.chance.below(180_000) as i64;
                    let back = (self.now + away).min(BAD + 1_000);
                    self.at(back, Happening::Back(who));
                }
            }
            _ => {
                if self.is(Bug::SendsBeforeItWrites) {
                    let event = self.server.happens(self.now, 3, false);
                    self.publish(&event);
                    self.server
                        .had
                        .remove(&(self.server.room.epoch.clone(), event.id));
                    self.server.lose(1, false);
                }
                for who in 0..VIEWERS {
                    self.cut(who);
                }
                self.server.up = false;
                if self.chance.one_in(3) {
                    let (count, honest) = (1 + self.chance.below(30), !self.is(Bug::KeepsItsEpoch));
                    self.server.lose(count as usize, honest);
                }
                let down = 100 + self.chance.below(20_000) as i64;
                self.at(self.now + down, Happening::Up);
            }
        }
    }

    fn hear(&mut self, who: usize, signal: Signal) {
        let viewer = &mut self.viewers[who];
        let of_now = |turn: &u32| viewer.turn == Some(*turn);
        match &signal {
            Signal::Frame(turn, _) | Signal::Alive(turn) | Signal::Cut(turn, _)
                if !of_now(turn) =>
            {
                return;
            }
            Signal::Frame(..) | Signal::Alive(_) | Signal::Room(..) | Signal::Start(_) => {
                viewer.heard_at = self.now;
            }
            Signal::Cut(..) => viewer.turn = None,
            _ => {}
        }
        let random = self.chance.below(1_000) as f64 / 1_000.0;
        let actions = self.viewers[who]
            .supervisor
            .handle(signal, self.now, random);
        for action in actions {
            self.act(who, action);
        }
    }

    fn act(&mut self, who: usize, action: Action) {
        let viewer = &mut self.viewers[who];
        match action {
            Action::Fetch(turn) => self.soon(Happening::Asks(who, turn)),
            Action::Open { turn, epoch, after } => {
                viewer.turn = Some(turn);
                viewer.served = None;
                self.soon(Happening::Opens(who, turn, epoch, after));
            }
            Action::Close => {
                viewer.turn = None;
                viewer.served = None;
            }
            Action::Wait(turn, ms) => {
                let watches = self.bug == Some(Bug::NeverCut) && ms > 10_000;
                if self.bug != Some(Bug::NeverWakes) && !watches {
                    let wakes = self.now + i64::from(ms);
                    self.at(wakes, Happening::Hears(who, Signal::Woke(turn)));
                }
            }
            Action::Room(room) => {
                if self.bug == Some(Bug::KeepsItsFirstRoom) && viewer.room.is_some() {
                    return;
                }
                (viewer.room, viewer.changed) = (Some(*room), true);
            }
            Action::Event(event) => {
                viewer.changed = true;
                let taken = viewer.room.as_mut().map(|room| room.take(&event));
                if taken != Some(Taken::Next) {
                    self.verdict = Err(format!(
                        "viewer {who} is given {} and it is {taken:?}",
                        event.id
                    ));
                }
            }
            Action::Status(status) => viewer.status = status,
        }
    }

    /// What must be so at every moment.
    fn look(&mut self) {
        for (who, viewer) in self.viewers.iter_mut().enumerate() {
            let quiet = self.now - viewer.heard_at;
            let claims = viewer.status == Status::Live;
            if claims && quiet > i64::from(SILENCE) + 1_000 {
                self.verdict = Err(format!(
                    "viewer {who} says it is live after {quiet} ms of silence"
                ));
            }
            if viewer.status == Status::Reconnecting && quiet > 2 * i64::from(BEHIND) + 2_000 {
                self.verdict = Err(format!(
                    "viewer {who} does not say that it is behind after {quiet} ms"
                ));
            }
            if let Some(room) = &viewer.room
                && std::mem::take(&mut viewer.changed)
            {
                let key = (room.epoch.clone(), room.last_event_id);
                if self.server.had.get(&key) != Some(room) {
                    self.verdict = Err(format!("viewer {who} shows {key:?} as it never was"));
                }
            }
        }
    }

    fn judge(&self) -> Result<(), String> {
        for (who, viewer) in self.viewers.iter().enumerate() {
            let expected = if self.ends {
                Status::Ended
            } else {
                Status::Live
            };
            if viewer.status != expected {
                return Err(format!("viewer {who} ends {:?}", viewer.status));
            }
            if viewer.room.as_ref() != Some(&self.server.room) {
                let last = viewer
                    .room
                    .as_ref()
                    .map(|room| (&room.epoch, room.last_event_id));
                return Err(format!("viewer {who} ends with {last:?}"));
            }
        }
        Ok(())
    }
}
