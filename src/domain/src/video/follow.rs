//! What the host shows follows the picture.
//!
//! A picture is some seconds behind the host, the events are not. Whatever belongs to what the host says
//! waits until the picture has come to the same time of the host's clock; everything else runs ahead.
//! The room itself is folded at once (whoever buys or votes deals with what is true): only what is *drawn*
//! of it waits, and never for longer than [`HELD_MOST`].

use crate::id::VariantId;
use crate::live::{CouponDrop, Event, Pin, Poll, Room, Taken, What, WishRound};
use crate::money::Money;
use std::collections::VecDeque;

/// How far behind the host a picture may be, in milliseconds, to be believed. One that says more has a
/// clock that is wrong; then it counts as being as far behind as it last was.
pub const BEHIND_MOST: i64 = 60_000;
/// How far before the host a picture may be to be believed.
const AHEAD_MOST: i64 = 5_000;
/// How long something waits at most, whatever the picture says, in milliseconds.
pub const HELD_MOST: i64 = BEHIND_MOST;
/// From how far behind one is offered to jump, in milliseconds.
pub const FAR_BEHIND: i64 = 20_000;
/// The offer goes again below this.
pub const NEAR_AGAIN: i64 = 10_000;
/// How long before a request comes the host may have said something, in milliseconds.
pub const SAID_BEFORE: i64 = 5_000;

/// The host's clock for something that has come now: the server's own, or the time that whoever hosts says,
/// at most [`SAID_BEFORE`] earlier and never later.
pub fn host_clock(now: i64, said_at: Option<i64>) -> i64 {
    let earliest = now.saturating_sub(SAID_BEFORE);
    said_at.map_or(now, |said| said.clamp(earliest, now))
}

/// How many seconds are said for so many milliseconds, where `said` were said before: rounded, and not
/// another number for every wavering.
pub fn seconds_said(ms: i64, said: Option<i64>) -> i64 {
    let is_near = |said: &i64| ms.saturating_sub(said.saturating_mul(1_000)).abs() < 1_000;
    let rounded = ms.saturating_add(500).div_euclid(1_000);
    said.filter(is_near).unwrap_or(rounded)
}

/// Whether something waits for the picture, in the room before it: what the host shows, opens and closes,
/// and a price that changes. Comments, likes, those who are here, votes, what is left of something, and the
/// end of the show run ahead.
pub fn follows(what: &What, before: &Room) -> bool {
    match what {
        What::Pinned { .. }
        | What::Unpinned
        | What::PollOpened { .. }
        | What::PollClosed { .. }
        | What::WishesOpened { .. }
        | What::WishesClosed { .. }
        | What::DropOpened { .. }
        | What::DropClosed { .. } => true,
        What::Goods {
            variant,
            price,
            former_price,
            ..
        } => price_of(before, variant).is_some_and(|shown| shown != (*price, *former_price)),
        _ => false,
    }
}

fn price_of(room: &Room, variant: &VariantId) -> Option<(Money, Option<Money>)> {
    let mut variants = room.goods.iter().flat_map(|good| &good.variants);
    let variant = variants.find(|one| one.id == *variant)?;
    Some((variant.price, variant.former_price))
}

/// What the picture says now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The viewer's own clock, which only ever goes on, in milliseconds.
    pub now: i64,
    /// The host's clock at what is seen, in milliseconds since 1970 UTC: programme date time, or with WHEP
    /// the time of arrival. `None`: there is no picture, or it has no clock.
    pub picture: Option<i64>,
    /// Whether it moves.
    pub playing: bool,
}

/// A change of what is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// What is shown to everybody.
    Pin(Option<Pin>),
    /// The poll.
    Poll(Option<Poll>),
    /// The round of wishes.
    Wishes(Option<WishRound>),
    /// The drop of coupons.
    Drop(Option<CouponDrop>),
    /// What something costs; the room has it.
    Price(VariantId),
}

#[derive(Clone, Debug)]
struct Held {
    change: Change,
    clock: i64,
    arrived: i64,
    /// What is drawn until then, of a price.
    until_then: Option<(Money, Option<Money>)>,
}

/// What is drawn of a room, as far as it follows the picture. Times are as in [`Reading`].
#[derive(Clone, Debug)]
pub struct Follow {
    held: VecDeque<Held>,
    pin: Option<Pin>,
    poll: Option<Poll>,
    wishes: Option<WishRound>,
    drop: Option<CouponDrop>,
    /// The host's clock when something last came at once, and when that was.
    host: Option<(i64, i64)>,
    picture: Option<i64>,
    /// How far behind the picture was when that was last believed.
    delay: Option<i64>,
    offered: bool,
}

impl Follow {
    /// Begins with a room, of which everything is drawn.
    pub fn of(room: &Room) -> Self {
        Self {
            held: VecDeque::new(),
            pin: room.pin.clone(),
            poll: room.poll.clone(),
            wishes: room.wishes.clone(),
            drop: room.drop.clone(),
            host: None,
            picture: None,
            delay: None,
            offered: false,
        }
    }

    /// Goes on with a room that was fetched anew. What it has otherwise waits if the host has said it later
    /// than what is seen; a price that waits goes on waiting. Of a show that is not on everything is drawn.
    pub fn again(&mut self, room: &Room, now: i64) {
        if !room.is_live() {
            return self.all_of(room);
        }
        self.held
            .retain(|held| matches!(held.change, Change::Price(_)));
        let (pin, poll) = (room.pin != self.pin, !same(&room.poll, &self.poll));
        let wishes = room.wishes.as_ref().map(|one| (&one.id, one.state))
            != self.wishes.as_ref().map(|one| (&one.id, one.state));
        let drop = room.drop.as_ref().map(|one| (&one.id, one.state))
            != self.drop.as_ref().map(|one| (&one.id, one.state));
        let said = room.said;
        let mut changes = vec![
            (pin, said.pin, Change::Pin(room.pin.clone())),
            (poll, said.poll, Change::Poll(room.poll.clone())),
            (wishes, said.wishes, Change::Wishes(room.wishes.clone())),
            (drop, said.drop, Change::Drop(room.drop.clone())),
        ];
        changes.sort_by_key(|(_, said, _)| *said);
        for (differs, said, change) in changes {
            match said.filter(|_| differs) {
                Some(clock) => self.held.push_back(Held {
                    change,
                    clock,
                    arrived: now,
                    until_then: None,
                }),
                None => self.draw(&change),
            }
        }
        self.held.make_contiguous().sort_by_key(|held| held.clock);
    }

    fn all_of(&mut self, room: &Room) {
        self.held.clear();
        self.pin.clone_from(&room.pin);
        self.poll.clone_from(&room.poll);
        self.wishes.clone_from(&room.wishes);
        self.drop.clone_from(&room.drop);
    }

    /// Takes the next event into the room, and keeps what follows the picture until it is due. When the show
    /// ends nothing waits any more.
    pub fn take(&mut self, room: &mut Room, event: &Event, now: i64) -> Taken {
        let waits = follows(&event.what, room);
        let until_then = match &event.what {
            What::Goods { variant, .. } => price_of(room, variant),
            _ => None,
        };
        let taken = room.take(event);
        if taken != Taken::Next {
            return taken;
        }
        if !waits {
            self.host = Some((event.clock_ms(), now));
            if event.what == What::Ended {
                self.all_of(room);
            }
            return taken;
        }
        let change = match &event.what {
            What::Pinned { .. } | What::Unpinned => Change::Pin(room.pin.clone()),
            What::PollOpened { .. } | What::PollClosed { .. } => Change::Poll(room.poll.clone()),
            What::WishesOpened { .. } | What::WishesClosed { .. } => {
                Change::Wishes(room.wishes.clone())
            }
            What::DropOpened { .. } | What::DropClosed { .. } => Change::Drop(room.drop.clone()),
            What::Goods { variant, .. } => Change::Price(variant.clone()),
            _ => return taken,
        };
        // Until something has come at once this is as good: it is at most a few seconds old.
        self.host = self.host.or(Some((event.clock_ms(), now)));
        self.held.push_back(Held {
            change,
            clock: event.clock_ms(),
            arrived: now,
            until_then,
        });
        taken
    }

    /// Looks at the picture: to be called some times a second, and after every event. Gives what is to be
    /// drawn otherwise from now on, in order.
    pub fn look(&mut self, reading: Reading) -> Vec<Change> {
        self.picture = reading.picture;
        if let Some(behind) = self.measured(reading).filter(|_| reading.playing) {
            self.delay = Some(behind.max(0));
        }
        let mut due = Vec::new();
        while let Some(first) = self.held.front()
            && self.is_due(first, reading)
            && let Some(held) = self.held.pop_front()
        {
            self.draw(&held.change);
            due.push(held.change);
        }
        due
    }

    /// How far the picture is behind the host, where that can be believed.
    fn measured(&self, reading: Reading) -> Option<i64> {
        let (clock, arrived) = self.host?;
        let host = clock.saturating_add(reading.now.saturating_sub(arrived));
        let behind = host.saturating_sub(reading.picture?);
        (-AHEAD_MOST..=BEHIND_MOST)
            .contains(&behind)
            .then_some(behind)
    }

    fn is_due(&self, held: &Held, reading: Reading) -> bool {
        let Some(picture) = reading.picture else {
            return true;
        };
        let waited = reading.now.saturating_sub(held.arrived);
        if waited >= HELD_MOST {
            return true;
        }
        let ahead = held.clock.saturating_sub(picture);
        if self.measured(reading).is_none() || ahead > BEHIND_MOST {
            // A clock has jumped: as long as the last time.
            return waited >= self.delay.unwrap_or(0);
        }
        ahead <= 0
    }

    fn draw(&mut self, change: &Change) {
        match change.clone() {
            Change::Pin(pin) => self.pin = pin,
            Change::Poll(poll) => self.poll = poll,
            Change::Wishes(wishes) => self.wishes = wishes,
            Change::Drop(drop) => self.drop = drop,
            Change::Price(_) => {}
        }
    }

    /// What is shown to everybody, to be drawn.
    pub fn pin(&self) -> Option<&Pin> {
        self.pin.as_ref()
    }

    /// The poll to be drawn, with its newest votes.
    pub fn poll(&self, room: &Room) -> Option<Poll> {
        let mut poll = self.poll.clone()?;
        if let Some(now) = room.poll.as_ref().filter(|now| now.id == poll.id) {
            poll.options.clone_from(&now.options);
        }
        Some(poll)
    }

    /// The round of wishes to be drawn, as it was opened or closed: without what was wished since.
    pub fn round(&self) -> Option<&WishRound> {
        self.wishes.as_ref()
    }

    /// The round of wishes to be drawn, with what was wished until now.
    pub fn wishes(&self, room: &Room) -> Option<WishRound> {
        let mut round = self.wishes.clone()?;
        if let Some(now) = room.wishes.as_ref().filter(|now| now.id == round.id) {
            round.groups.clone_from(&now.groups);
        }
        Some(round)
    }

    /// The drop of coupons to be drawn, with what is left now.
    pub fn drop(&self, room: &Room) -> Option<CouponDrop> {
        let mut drop = self.drop.clone()?;
        if let Some(now) = room.drop.as_ref().filter(|now| now.id == drop.id) {
            drop.left = now.left;
        }
        Some(drop)
    }

    /// What something costs, to be drawn: price and former price. `None` where the room has not got it.
    pub fn price(&self, room: &Room, variant: &VariantId) -> Option<(Money, Option<Money>)> {
        let of_it = |held: &&Held| held.change == Change::Price(variant.clone());
        let held = self.held.iter().find(of_it);
        held.and_then(|held| held.until_then)
            .or_else(|| price_of(room, variant))
    }

    /// How far the picture is behind the host, in milliseconds; `None` where nobody knows.
    pub fn behind(&self) -> Option<i64> {
        self.picture.and(self.delay)
    }

    /// Whether to offer a jump to what is now: how far one is behind, in milliseconds.
    pub fn offer(&mut self) -> Option<i64> {
        let behind = self.behind().unwrap_or(0);
        self.offered = behind >= FAR_BEHIND || (self.offered && behind > NEAR_AGAIN);
        self.offered.then_some(behind)
    }

    /// How many changes wait.
    pub fn waiting(&self) -> usize {
        self.held.len()
    }
}

fn same(one: &Option<Poll>, other: &Option<Poll>) -> bool {
    one.as_ref().map(|one| (&one.id, one.state)) == other.as_ref().map(|one| (&one.id, one.state))
}

#[cfg(test)]
mod tests;
