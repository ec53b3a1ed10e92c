#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::*;
use crate::live::What;
use crate::show::{ShowState, ShowSummary};
use crate::time::Moment;
use proptest::prelude::*;

const BEGAN: i64 = 1_795_000_000_000;

fn moment(ms: i64) -> Moment {
    Moment {
        ms,
        offset_minutes: 480,
    }
}

/// A shop that has a show: every event says how many likes there are.
struct Shop {
    /// When each event was, on the line.
    times: Vec<i64>,
}

impl Shop {
    fn replay(&self, ms: i64) -> Replay {
        Replay {
            show: "s".into(),
            epoch: "e".into(),
            starts_at: BEGAN,
            ms,
            parts: Vec::new(),
            chapters: Vec::new(),
            events: self.times.len() as u32,
            cover: None,
            demo: false,
        }
    }

    fn event(&self, id: u32) -> Event {
        Event {
            id,
            at: moment(0),
            clock: Some(BEGAN + self.times[id as usize - 1]),
            what: What::Likes { total: id },
        }
    }

    /// What all events until then come to.
    fn last(&self, at: i64) -> u32 {
        self.times.iter().filter(|time| **time <= at).count() as u32
    }

    fn room(&self, at: i64) -> Room {
        let last = self.last(at);
        let show = ShowSummary {
            state: ShowState::Live,
            ..ShowSummary::announced(moment(BEGAN))
        };
        Room {
            last_event_id: last,
            likes: last,
            ..Room::begin(show, "e".into())
        }
    }

    fn events(&self, after: u32) -> ReplayEvents {
        let all = self.times.len() as u32;
        let to = all.min(after.saturating_add(REPLAY_EVENTS));
        ReplayEvents {
            items: (after + 1..=to).map(|id| self.event(id)).collect(),
            more: to < all,
        }
    }
}

/// A page: one thing is asked for at a time, as it is wanted; answers may come late.
struct Page<'a> {
    shop: &'a Shop,
    watching: Watching,
    room: Option<Room>,
    asked: Vec<(u32, Wanted)>,
}

impl<'a> Page<'a> {
    fn new(shop: &'a Shop, ms: i64, at: i64) -> Self {
        Self {
            shop,
            watching: Watching::begin(&shop.replay(ms), at),
            room: None,
            asked: Vec::new(),
        }
    }

    fn ask(&mut self) {
        let turn = self.watching.turn();
        let is_asked = self.asked.iter().any(|(of, _)| *of == turn);
        if let Some(wanted) = self.watching.wanted().filter(|_| !is_asked) {
            self.asked.push((turn, wanted));
        }
    }

    fn answer(&mut self, which: usize) {
        if self.asked.is_empty() {
            return;
        }
        let (turn, wanted) = self.asked.remove(which % self.asked.len());
        match wanted {
            Wanted::Room(at) => {
                let room = self.shop.room(at);
                if self.watching.room_came(turn, &room) {
                    self.room = Some(room);
                }
            }
            Wanted::Events(after) => self.watching.events_came(turn, self.shop.events(after)),
        }
        self.look();
    }

    fn look(&mut self) {
        if let Some(room) = &mut self.room {
            self.watching.take_due(room);
        }
    }

    /// The picture goes on, unless it waits.
    fn play(&mut self, ms: i64) {
        if !self.watching.waits() {
            let at = self.watching.at() + ms;
            self.watching.reach(at);
            self.look();
        }
    }

    /// Room and picture are together whenever the picture moves.
    fn check(&self) -> Result<(), TestCaseError> {
        prop_assert!(self.watching.held() <= 2 * REPLAY_EVENTS as usize);
        if !self.watching.waits() {
            let room = self.room.as_ref().unwrap();
            prop_assert_eq!(room.last_event_id, self.shop.last(self.watching.at()));
            prop_assert_eq!(room.likes, room.last_event_id);
        }
        Ok(())
    }
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Play(i64),
    Seek(i64),
    Ask,
    Answer(usize),
}

fn step(ms: i64) -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..20_000_i64).prop_map(Step::Play),
        1 => (-1_000..ms + 1_000).prop_map(Step::Seek),
        4 => Just(Step::Ask),
        4 => (0..4_usize).prop_map(Step::Answer),
    ]
}

fn times() -> impl Strategy<Value = Vec<i64>> {
    prop::collection::vec(0..600_000_i64, 0..1_500).prop_map(|mut times| {
        times.sort_unstable();
        times
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn room_and_picture_are_together_however_late_answers_come(
        times in times(),
        begin in 0..600_000_i64,
        steps in prop::collection::vec(step(600_000), 0..200),
    ) {
        let shop = Shop { times };
        let mut page = Page::new(&shop, 600_000, begin);
        for step in steps {
            match step {
                Step::Play(ms) => page.play(ms),
                Step::Seek(at) => {
                    page.watching.seek(at);
                }
                Step::Ask => page.ask(),
                Step::Answer(which) => page.answer(which),
            }
            page.check()?;
        }
    }

    #[test]
    fn it_comes_to_its_end_with_everything(times in times(), step in 1_000..90_000_i64) {
        let shop = Shop { times };
        let mut page = Page::new(&shop, 600_000, 0);
        for _ in 0..1_000 {
            page.ask();
            page.answer(0);
            page.play(step);
            page.check()?;
        }
        prop_assert!(page.watching.is_over());
        prop_assert_eq!(page.room.unwrap().last_event_id as usize, shop.times.len());
        prop_assert_eq!(page.watching.wanted(), None);
    }

    #[test]
    fn what_a_host_says_as_earlier_keeps_its_place(times in prop::collection::vec(0..60_000_i64, 1..300)) {
        // Not in order: an event is due when those before it are.
        let shop = Shop { times };
        let mut watching = Watching::begin(&shop.replay(60_000), 0);
        let mut room = Room { last_event_id: 0, likes: 0, ..shop.room(0) };
        prop_assert!(watching.room_came(0, &room));
        let mut before = 0;
        for at in (0..=60_000).step_by(500) {
            while let Some(Wanted::Events(after)) = watching.wanted() {
                watching.events_came(0, shop.events(after));
            }
            watching.reach(at);
            watching.take_due(&mut room);
            prop_assert!(room.last_event_id >= before);
            before = room.last_event_id;
            let next = shop.times.get(before as usize);
            prop_assert!(next.is_none_or(|next| *next > at));
        }
        prop_assert_eq!(before as usize, shop.times.len());
    }
}

#[test]
fn the_newest_seek_wins() {
    let shop = Shop {
        times: (0..100).map(|n| n * 1_000).collect(),
    };
    let mut watching = Watching::begin(&shop.replay(100_000), 0);
    let first = watching.turn();
    let second = watching.seek(50_000);
    assert!(!watching.room_came(first, &shop.room(0)));
    assert_eq!(watching.wanted(), Some(Wanted::Room(50_000)));
    assert!(watching.waits());
    assert!(watching.room_came(second, &shop.room(50_000)));
    // Nobody has asked for it twice.
    assert!(!watching.room_came(second, &shop.room(50_000)));
    assert_eq!(watching.wanted(), Some(Wanted::Events(51)));
    watching.events_came(first, shop.events(0));
    assert_eq!(watching.held(), 0);
    watching.events_came(second, shop.events(51));
    assert!(!watching.waits() && !watching.is_due());
    assert_eq!(watching.wanted(), None);
    watching.reach(51_000);
    assert!(watching.is_due());
    // Time does not go back by itself.
    watching.reach(40_000);
    assert_eq!(watching.at(), 51_000);
}

#[test]
fn another_history_is_not_mixed_with_this_one() {
    let shop = Shop { times: vec![0] };
    let mut watching = Watching::begin(&shop.replay(1_000), 0);
    let other = Room {
        epoch: "another".to_owned(),
        ..shop.room(0)
    };
    assert!(!watching.room_came(0, &other));
    assert!(watching.waits());
}

#[test]
fn who_was_away_for_long_gets_the_room_as_a_whole() {
    let shop = Shop {
        times: (0..3_000).map(|n| n * 100).collect(),
    };
    let mut watching = Watching::begin(&shop.replay(400_000), 0);
    assert!(watching.room_came(0, &shop.room(0)));
    watching.events_came(0, shop.events(1));
    watching.reach(300_000);
    watching.events_came(0, shop.events(201));
    assert_eq!(watching.wanted(), Some(Wanted::Room(300_000)));
    assert!(watching.waits());
    assert!(watching.room_came(0, &shop.room(300_000)));
    assert_eq!(watching.wanted(), Some(Wanted::Events(3_000)));
}

#[test]
fn an_answer_with_nothing_in_it_is_the_last_one() {
    let shop = Shop { times: vec![0] };
    let mut watching = Watching::begin(&shop.replay(1_000), 0);
    assert!(watching.room_came(0, &shop.room(0)));
    let nothing = ReplayEvents {
        items: Vec::new(),
        more: true,
    };
    watching.events_came(0, nothing);
    assert_eq!(watching.wanted(), None);
    assert!(!watching.waits());
}
