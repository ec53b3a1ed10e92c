#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::*;
use crate::catalog::{Stock, Variant};
use crate::live::{RoomGood, RoundState};
use crate::show::{ShowState, ShowSummary};
use crate::time::Moment;
use proptest::prelude::*;

/// The host's clock when a viewer's own shows 0.
const HOST: i64 = 1_795_000_000_000;

fn at(ms: i64) -> Moment {
    Moment {
        ms,
        offset_minutes: 480,
    }
}

fn room() -> Room {
    let show = ShowSummary {
        state: ShowState::Live,
        ..ShowSummary::announced(at(HOST))
    };
    Room {
        goods: vec![RoomGood {
            product: "p".into(),
            name: "p".into(),
            subtitle: String::new(),
            picture: None,
            variants: vec![Variant {
                id: "v".into(),
                name: "v".into(),
                price: Money::fen(900),
                former_price: None,
                content: None,
                stock: Stock::of(9),
            }],
        }],
        ..Room::begin(show, "e".into())
    }
}

fn pin(note: i64) -> What {
    What::Pinned {
        pin: Pin {
            product: "p".into(),
            variant: None,
            note: note.to_string(),
        },
    }
}

fn price(fen: i64, left: u32) -> What {
    What::Goods {
        product: "p".into(),
        variant: "v".into(),
        price: Money::fen(fen),
        former_price: None,
        stock: Stock::of(left),
    }
}

/// A viewer: their own clock, a room, and a picture that is some milliseconds behind.
struct Viewer {
    room: Room,
    follow: Follow,
    now: i64,
    delay: Option<i64>,
    /// What the picture's clock is off by.
    off: i64,
    playing: bool,
    drawn: Vec<(i64, Change)>,
}

impl Viewer {
    fn new(delay: Option<i64>) -> Self {
        let room = room();
        Self {
            follow: Follow::of(&room),
            room,
            now: 0,
            delay,
            off: 0,
            playing: true,
            drawn: Vec::new(),
        }
    }

    fn happens(&mut self, clock: i64, what: What) {
        let event = Event {
            id: self.room.last_event_id + 1,
            at: at(clock),
            clock: Some(clock),
            what,
        };
        let taken = self.follow.take(&mut self.room, &event, self.now);
        assert_eq!(taken, Taken::Next);
        self.look();
    }

    fn look(&mut self) {
        let reading = Reading {
            now: self.now,
            picture: self.delay.map(|delay| HOST + self.now - delay + self.off),
            playing: self.playing,
        };
        for change in self.follow.look(reading) {
            self.drawn.push((self.now, change));
        }
    }

    fn pass(&mut self, ms: i64) {
        for step in 1..=ms / 100 {
            self.now += 100;
            if step % 10 == 0 {
                self.happens(HOST + self.now, What::Viewers { count: 1 });
            }
            self.look();
        }
    }

    fn notes(&self) -> Vec<i64> {
        let note = |(_, change): &(i64, Change)| match change {
            Change::Pin(Some(pin)) => pin.note.parse().ok(),
            _ => None,
        };
        self.drawn.iter().filter_map(note).collect()
    }
}

#[test]
fn a_pin_is_seen_when_the_host_says_it_in_the_picture() {
    for delay in [3_000, 12_000] {
        let mut viewer = Viewer::new(Some(delay));
        viewer.pass(5_000);
        viewer.happens(HOST + viewer.now, pin(1));
        let pinned = viewer.now;
        assert_eq!(viewer.follow.pin(), None);
        assert!(viewer.room.pin.is_some(), "what is true is known at once");
        viewer.pass(delay - 100);
        assert_eq!(viewer.follow.pin(), None);
        viewer.pass(100);
        assert!(viewer.follow.pin().is_some());
        assert_eq!(viewer.drawn[0].0, pinned + delay);
        assert_eq!(viewer.follow.behind(), Some(delay));
    }
}

#[test]
fn a_round_of_wishes_opens_and_closes_with_the_picture() {
    let round = |state| WishRound {
        id: "r".into(),
        title: "t".into(),
        state,
        groups: Vec::new(),
    };
    let state = |viewer: &Viewer| viewer.follow.wishes(&viewer.room).map(|round| round.state);
    let mut viewer = Viewer::new(Some(3_000));
    viewer.pass(5_000);
    let opened = What::WishesOpened {
        round: round(RoundState::Open),
    };
    viewer.happens(HOST + viewer.now, opened);
    viewer.pass(2_900);
    assert_eq!(state(&viewer), None);
    viewer.pass(100);
    assert_eq!(state(&viewer), Some(RoundState::Open));
    let closed = What::WishesClosed { round: "r".into() };
    viewer.happens(HOST + viewer.now, closed);
    let in_room = viewer.room.wishes.as_ref().map(|round| round.state);
    assert_eq!(
        in_room,
        Some(RoundState::Closed),
        "what is true is known at once"
    );
    viewer.pass(2_900);
    assert_eq!(state(&viewer), Some(RoundState::Open));
    viewer.pass(100);
    assert_eq!(state(&viewer), Some(RoundState::Closed));
}

#[test]
fn without_a_clock_it_is_seen_at_once() {
    let mut viewer = Viewer::new(None);
    viewer.happens(HOST, pin(1));
    assert!(viewer.follow.pin().is_some());
    assert_eq!(
        (viewer.follow.behind(), viewer.follow.offer()),
        (None, None)
    );
}

#[test]
fn what_runs_ahead_does_not_wait() {
    let before = room();
    let ahead = [
        What::Likes { total: 1 },
        What::Viewers { count: 1 },
        What::PollVotes {
            poll: "q".into(),
            votes: vec![1],
        },
        price(900, 3),
        What::Ended,
        What::OnAir,
        What::Unknown,
    ];
    for what in ahead {
        assert!(!follows(&what, &before), "{what:?}");
    }
    for what in [
        pin(1),
        What::Unpinned,
        price(800, 9),
        What::PollClosed { poll: "q".into() },
    ] {
        assert!(follows(&what, &before), "{what:?}");
    }
}

#[test]
fn a_price_falls_when_the_host_says_so() {
    let mut viewer = Viewer::new(Some(4_000));
    viewer.pass(2_000);
    viewer.happens(HOST + viewer.now, price(500, 9));
    viewer.happens(HOST + viewer.now, price(400, 8));
    let shown = |viewer: &Viewer| viewer.follow.price(&viewer.room, &"v".into()).unwrap().0;
    assert_eq!(shown(&viewer), Money::fen(900));
    viewer.pass(4_000);
    assert_eq!(shown(&viewer), Money::fen(400));
}

#[test]
fn votes_do_not_wait_for_the_end_of_a_poll() {
    let mut viewer = Viewer::new(Some(5_000));
    viewer.pass(1_000);
    let poll = Poll {
        id: "q".into(),
        question: "?".into(),
        options: vec![crate::live::PollOption {
            text: "a".into(),
            votes: 0,
        }],
        state: RoundState::Open,
    };
    viewer.happens(HOST + viewer.now, What::PollOpened { poll });
    viewer.pass(6_000);
    let votes = What::PollVotes {
        poll: "q".into(),
        votes: vec![7],
    };
    viewer.happens(HOST + viewer.now, votes);
    viewer.happens(HOST + viewer.now, What::PollClosed { poll: "q".into() });
    let drawn = viewer.follow.poll(&viewer.room).unwrap();
    assert_eq!((drawn.options[0].votes, drawn.state), (7, RoundState::Open));
    viewer.pass(5_000);
    let drawn = viewer.follow.poll(&viewer.room).unwrap();
    assert_eq!(drawn.state, RoundState::Closed);
}

#[test]
fn a_clock_that_jumps_is_not_believed() {
    for jump in [3_600_000, -3_600_000, 86_400_000] {
        let mut viewer = Viewer::new(Some(4_000));
        viewer.pass(5_000);
        viewer.off = jump;
        viewer.pass(1_000);
        viewer.happens(HOST + viewer.now, pin(1));
        let pinned = viewer.now;
        viewer.pass(10_000);
        assert_eq!(viewer.drawn[0].0, pinned + 4_000, "{jump}");
    }
}

#[test]
fn after_a_jump_ahead_everything_until_there_is_seen() {
    let mut viewer = Viewer::new(Some(30_000));
    viewer.pass(2_000);
    viewer.happens(HOST + viewer.now, pin(1));
    viewer.happens(HOST + viewer.now, pin(2));
    viewer.pass(2_000);
    assert_eq!(viewer.follow.offer(), Some(30_000));
    viewer.delay = Some(2_000);
    viewer.pass(100);
    assert_eq!(viewer.notes(), [1, 2]);
    assert_eq!(viewer.follow.offer(), None);
}

#[test]
fn a_picture_that_stands_keeps_nothing_back_for_ever() {
    let mut viewer = Viewer::new(Some(4_000));
    viewer.pass(2_000);
    // It stands: its clock falls behind more and more.
    viewer.happens(HOST + viewer.now, pin(1));
    viewer.playing = false;
    let stood = viewer.now;
    while viewer.follow.waiting() > 0 {
        viewer.delay = Some(4_000 + viewer.now - stood);
        viewer.pass(100);
        assert!(viewer.now - stood <= HELD_MOST, "held for ever");
    }
}

#[test]
fn a_clock_that_was_wrong_keeps_nothing_back_for_longer_than_stated() {
    let mut viewer = Viewer::new(Some(3_000));
    viewer.pass(2_000);
    // The host's clock was almost a minute ahead when this was said, and then one pauses for a while.
    let said = viewer.now;
    viewer.happens(HOST + said + 52_000, pin(1));
    viewer.playing = false;
    for _ in 0..300 {
        viewer.delay = viewer.delay.map(|delay| delay + 100);
        viewer.pass(100);
    }
    viewer.playing = true;
    viewer.pass(60_000);
    assert_eq!(viewer.drawn[0].0, said + HELD_MOST);
}

#[test]
fn a_room_that_is_fetched_anew_waits_too() {
    let mut viewer = Viewer::new(Some(5_000));
    viewer.pass(1_000);
    let mut fresh = viewer.room.clone();
    let event = Event {
        id: fresh.last_event_id + 1,
        at: at(HOST + viewer.now),
        clock: Some(HOST + viewer.now),
        what: pin(1),
    };
    fresh.take(&event);
    viewer.room = fresh;
    viewer.follow.again(&viewer.room, viewer.now);
    viewer.look();
    assert_eq!(viewer.follow.pin(), None);
    viewer.pass(5_000);
    assert!(viewer.follow.pin().is_some());
}

#[test]
fn a_price_that_waits_waits_in_a_room_that_is_fetched_anew() {
    let mut viewer = Viewer::new(Some(5_000));
    viewer.pass(1_000);
    viewer.happens(HOST + viewer.now, price(500, 9));
    viewer.follow.again(&viewer.room.clone(), viewer.now);
    viewer.look();
    let shown = |viewer: &Viewer| viewer.follow.price(&viewer.room, &"v".into()).unwrap().0;
    assert_eq!(shown(&viewer), Money::fen(900));
    viewer.pass(4_900);
    assert_eq!(shown(&viewer), Money::fen(900));
    viewer.pass(100);
    assert_eq!(shown(&viewer), Money::fen(500));
}

#[test]
fn when_the_show_ends_nothing_waits() {
    let poll = Poll {
        id: "q".into(),
        question: "?".into(),
        options: Vec::new(),
        state: RoundState::Open,
    };
    for by_snapshot in [false, true] {
        let mut viewer = Viewer::new(Some(5_000));
        viewer.pass(1_000);
        let opened = What::PollOpened { poll: poll.clone() };
        viewer.happens(HOST + viewer.now, opened);
        viewer.pass(5_000);
        viewer.happens(HOST + viewer.now, pin(1));
        viewer.happens(HOST + viewer.now, price(500, 9));
        if by_snapshot {
            let ended = Event {
                id: viewer.room.last_event_id + 1,
                at: at(HOST + viewer.now),
                clock: Some(HOST + viewer.now),
                what: What::Ended,
            };
            viewer.room.take(&ended);
            viewer.follow.again(&viewer.room, viewer.now);
        } else {
            viewer.happens(HOST + viewer.now, What::Ended);
        }
        let (room, follow) = (&viewer.room, &viewer.follow);
        assert_eq!(follow.waiting(), 0);
        assert_eq!(follow.pin(), room.pin.as_ref());
        assert_eq!(follow.poll(room).unwrap().state, RoundState::Closed);
        assert_eq!(follow.price(room, &"v".into()).unwrap().0, Money::fen(500));
    }
}

#[test]
fn the_host_may_say_a_little_late_and_never_early() {
    assert_eq!(host_clock(10_000, None), 10_000);
    assert_eq!(host_clock(10_000, Some(8_000)), 8_000);
    assert_eq!(host_clock(10_000, Some(0)), 10_000 - SAID_BEFORE);
    assert_eq!(host_clock(10_000, Some(99_000)), 10_000);
}

#[test]
fn seconds_do_not_flicker() {
    assert_eq!(seconds_said(23_600, None), 24);
    assert_eq!(seconds_said(23_400, Some(24)), 24);
    assert_eq!(seconds_said(24_900, Some(24)), 24);
    assert_eq!(seconds_said(25_000, Some(24)), 25);
    assert_eq!(seconds_said(12_300, Some(24)), 12);
}

proptest! {
    /// Whatever the delay, in order, each once, within a tick of the picture and never before it.
    #[test]
    fn pins_follow_the_picture(
        delay in 0_i64..40_000,
        pins in proptest::collection::vec(1_i64..80, 1..20),
    ) {
        let mut viewer = Viewer::new(Some(delay));
        viewer.pass(1_000);
        let mut said = Vec::new();
        for (number, tenths) in (0_i64..).zip(&pins) {
            viewer.pass(tenths * 100);
            said.push(viewer.now);
            viewer.happens(HOST + viewer.now, pin(number));
        }
        viewer.pass(HELD_MOST);
        let expected: Vec<i64> = (0_i64..).take(pins.len()).collect();
        prop_assert_eq!(viewer.notes(), expected);
        for ((drawn, _), said) in viewer.drawn.iter().zip(said) {
            let late = drawn - said - delay;
            prop_assert!((0..=100).contains(&late), "{} ms", late);
        }
    }

    /// Clocks jump, pictures come and go: nothing is lost, nothing is out of order, nothing waits longer
    /// than stated, and in the end what is drawn is what is true.
    #[test]
    fn whatever_clocks_do_all_is_drawn(
        steps in proptest::collection::vec((0_u8..6, -4_000_000_i64..4_000_000, 1_i64..50), 1..40)
    ) {
        let mut viewer = Viewer::new(Some(3_000));
        let (mut said, mut number) = (Vec::new(), 0);
        for (kind, jump, tenths) in steps {
            match kind {
                0 => viewer.off = jump,
                1 => viewer.delay = None,
                2 => viewer.delay = Some(jump.abs() % 30_000),
                3 => viewer.playing = !viewer.playing,
                _ => {
                    let clock = HOST + viewer.now + if kind == 4 { jump } else { 0 };
                    viewer.happens(clock, pin(number));
                    said.push(viewer.now);
                    number += 1;
                }
            }
            viewer.pass(tenths * 100);
        }
        viewer.pass(HELD_MOST + 100);
        prop_assert_eq!(viewer.notes(), (0..number).collect::<Vec<_>>());
        prop_assert_eq!(viewer.follow.pin(), viewer.room.pin.as_ref());
        for ((drawn, _), said) in viewer.drawn.iter().zip(said) {
            prop_assert!(drawn - said <= HELD_MOST, "{} ms", drawn - said);
        }
    }
}
