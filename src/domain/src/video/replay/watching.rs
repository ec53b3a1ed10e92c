//! A replay that somebody watches: which room it begins with, which events are due, and what to ask for.
//!
//! There is one line of time. Whoever draws tells where on it the picture is; the room is then what all
//! events until there come to. A seek gives up whatever was on its way: first the room of the new place
//! comes, then the picture goes there, so both are together.

use super::{REPLAY_EVENTS, Replay, ReplayEvents};
use crate::live::{Event, Room, Taken};
use std::collections::VecDeque;

/// How far the events that have come may be behind the picture before the room is asked for as a whole, in
/// milliseconds: so long after the network was away.
const FAR_BEHIND: i64 = 60_000;

/// What is to be asked for. It goes with the turn that it was wanted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The room as it was at a time of the line, in milliseconds.
    Room(i64),
    /// The events after one of them, [`REPLAY_EVENTS`] at most.
    Events(u32),
}

/// How far a replay is.
#[derive(Clone, Debug)]
pub struct Watching {
    starts_at: i64,
    ms: i64,
    epoch: String,
    /// Counts the seeks. Answers to what was asked before the last one are not taken.
    turn: u32,
    at: i64,
    /// Whether the room of this place is here.
    entered: bool,
    /// The room is asked for again, although nobody has sought: the events are far behind.
    afresh: bool,
    held: VecDeque<Event>,
    /// The last event that is in the room or held.
    last: u32,
    more: bool,
}

impl Watching {
    /// Begins at a time of the line, in milliseconds.
    pub fn begin(replay: &Replay, at: i64) -> Self {
        let ms = replay.ms.max(0);
        Self {
            starts_at: replay.starts_at,
            ms,
            epoch: replay.epoch.clone(),
            turn: 0,
            at: at.clamp(0, ms),
            entered: false,
            afresh: false,
            held: VecDeque::new(),
            last: 0,
            more: true,
        }
    }

    /// Goes to another time. Gives the new turn.
    pub fn seek(&mut self, at: i64) -> u32 {
        self.turn = self.turn.wrapping_add(1);
        self.at = at.clamp(0, self.ms);
        self.entered = false;
        self.afresh = false;
        self.held.clear();
        self.turn
    }

    /// The turn that it is.
    pub fn turn(&self) -> u32 {
        self.turn
    }

    /// Where on the line it is, in milliseconds.
    pub fn at(&self) -> i64 {
        self.at
    }

    /// Whether the picture waits for the room: after a seek, and where no event is left although there are
    /// more.
    pub fn waits(&self) -> bool {
        !self.entered || self.is_dry()
    }

    /// Whether it is at its end.
    pub fn is_over(&self) -> bool {
        self.at >= self.ms
    }

    fn is_dry(&self) -> bool {
        self.more && self.held.is_empty()
    }

    /// What to ask for now, one thing at a time. The next events are wanted while as many as come at once
    /// are still there, so never more than twice as many are held.
    pub fn wanted(&self) -> Option<Wanted> {
        if !self.entered || self.afresh {
            return Some(Wanted::Room(self.at));
        }
        let few = self.held.len() <= REPLAY_EVENTS as usize;
        (self.more && few).then_some(Wanted::Events(self.last))
    }

    /// A room has come. Whether it is the one to be shown.
    pub fn room_came(&mut self, turn: u32, room: &Room) -> bool {
        let is_wanted = turn == self.turn && (!self.entered || self.afresh);
        if !is_wanted || room.epoch != self.epoch {
            return false;
        }
        self.entered = true;
        self.afresh = false;
        self.held.clear();
        self.last = room.last_event_id;
        self.more = true;
        true
    }

    /// Events have come.
    pub fn events_came(&mut self, turn: u32, events: ReplayEvents) {
        if turn != self.turn || !self.entered {
            return;
        }
        let before = self.last;
        // No answer has more than was asked for; one that has is not to fill the phone.
        for event in events.items.into_iter().take(REPLAY_EVENTS as usize) {
            if event.id > self.last {
                self.last = event.id;
                self.held.push_back(event);
            }
        }
        // An answer without anything new would be asked for for ever.
        self.more = events.more && self.last > before;
        let behind = self
            .held
            .back()
            .is_some_and(|event| self.time_of(event) < self.at.saturating_sub(FAR_BEHIND));
        if self.more && behind {
            self.held.clear();
            self.afresh = true;
        }
    }

    /// The picture has come to a time. It only ever goes on: whoever goes back seeks.
    pub fn reach(&mut self, at: i64) {
        if self.entered {
            self.at = at.clamp(self.at, self.ms);
        }
    }

    /// Whether an event is to be taken into the room.
    pub fn is_due(&self) -> bool {
        let first = self.held.front();
        self.entered && first.is_some_and(|first| self.time_of(first) <= self.at)
    }

    /// Takes whatever is due into the room, in its order.
    pub fn take_due(&mut self, room: &mut Room) {
        while self.is_due()
            && let Some(event) = self.held.pop_front()
        {
            if room.take(&event) == Taken::Gap {
                // Some are gone for good: on as well as it can.
                room.last_event_id = event.id.saturating_sub(1);
                room.take(&event);
            }
        }
    }

    /// How many events are held.
    pub fn held(&self) -> usize {
        self.held.len()
    }

    fn time_of(&self, event: &Event) -> i64 {
        event.clock_ms().saturating_sub(self.starts_at)
    }
}

#[cfg(test)]
mod tests;
