#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::*;
use proptest::prelude::*;

fn sources() -> Vec<VideoSource> {
    vec![
        VideoSource::new(VideoKind::Whep, "w"),
        VideoSource::new(VideoKind::Unknown, "?"),
        VideoSource::new(VideoKind::Hls, "h"),
        VideoSource::new(VideoKind::Audio, "a"),
        VideoSource::photos(),
    ]
}

/// Players of a world: what each source does from when on.
struct World {
    ladder: Ladder,
    now: i64,
    /// Of each source, whether it plays.
    good: [bool; 3],
    /// When each begun one has its first picture.
    running: [Option<i64>; 3],
    shows: Vec<(i64, Place)>,
    tries: Vec<(i64, usize)>,
}

impl World {
    fn new(good: [bool; 3]) -> Self {
        let mut world = Self {
            ladder: Ladder::new(&sources(), false, None),
            now: 0,
            good,
            running: [None; 3],
            shows: Vec::new(),
            tries: Vec::new(),
        };
        world.tell(Happened::Tick);
        world
    }

    fn tell(&mut self, happened: Happened) {
        for action in self.ladder.heard(happened, self.now) {
            match action {
                Action::Try(at) => {
                    assert_eq!(self.running[at], None, "tried what runs");
                    self.running[at] = Some(self.now + 600);
                    self.tries.push((self.now, at));
                }
                Action::Stop(at) => {
                    assert!(self.running[at].is_some(), "stopped what does not run");
                    self.running[at] = None;
                }
                Action::Show(place) => {
                    if let Place::Source(at) = place {
                        assert!(self.running[at].is_some(), "shows what does not run");
                    }
                    self.shows.push((self.now, place));
                }
            }
        }
        let running = self.running.iter().flatten().count();
        assert!(running <= 2, "at most one more than what is shown");
        if let Place::Source(at) = self.ladder.shown() {
            assert!(self.running[at].is_some());
        }
    }

    /// Lets time pass in steps of a tenth of a second, with players that tell four times a second.
    fn pass(&mut self, ms: i64) {
        let end = self.now + ms;
        while self.now < end {
            self.now += 100;
            for at in 0..3 {
                let Some(first) = self.running[at].filter(|_| self.good[at]) else {
                    continue;
                };
                if self.ladder.trying() == Some(at) {
                    if self.now >= first {
                        self.tell(Happened::Picture(at));
                    }
                } else if self.now % 200 == 0 {
                    self.tell(Happened::Moved(at));
                }
            }
            if self.ladder.wake_at().is_some_and(|at| at <= self.now) {
                self.tell(Happened::Tick);
            }
        }
    }
}

#[test]
fn the_best_is_shown_as_soon_as_it_is_there() {
    let mut world = World::new([true; 3]);
    assert_eq!(world.ladder.shown(), Place::Photos);
    world.pass(1_000);
    assert_eq!(world.ladder.shown(), Place::Source(0));
    assert_eq!(world.ladder.why(), Why::Best);
    assert_eq!(world.ladder.source(1).unwrap().url, "h");
    world.pass(600_000);
    assert_eq!(world.shows.len(), 1, "{:?}", world.shows);
}

#[test]
fn it_falls_within_the_stated_times_and_climbs_again() {
    let mut world = World::new([false, true, true]);
    world.pass(tried_for(VideoKind::Whep) + 1_000);
    assert_eq!(world.ladder.shown(), Place::Source(1));
    world.good[0] = true;
    world.pass(PAUSES[0] + 1_000);
    assert_eq!(world.ladder.shown(), Place::Source(0));
    // It stops: noticed within three seconds, and the next is there soon after.
    world.good[0] = false;
    world.pass(3_000);
    assert_ne!(world.ladder.shown(), Place::Source(0));
    world.pass(1_000);
    assert_eq!(world.ladder.shown(), Place::Source(1));
}

#[test]
fn one_that_stops_alone_comes_again() {
    let mut world = World::new([false, true, false]);
    world.pass(60_000);
    assert_eq!(world.ladder.shown(), Place::Source(1));
    world.good[1] = false;
    world.pass(3_000);
    assert_eq!(world.ladder.shown(), Place::Photos);
    assert_eq!(world.ladder.why(), Why::Stalled);
    world.good[1] = true;
    world.pass(500);
    assert_eq!(world.ladder.shown(), Place::Source(1));
}

#[test]
fn one_that_stops_and_comes_again_all_the_time_is_left_alone() {
    let mut world = World::new([true, false, false]);
    for _ in 0..100 {
        world.good[0] = true;
        world.pass(2_000);
        world.good[0] = false;
        world.pass(4_000);
    }
    // Ten minutes: a few tries, and at most three stops in each.
    assert!(world.shows.len() <= 60, "{} changes", world.shows.len());
    assert!(world.shows.len() >= 6, "it is tried again");
}

#[test]
fn with_nothing_that_works_pauses_grow() {
    let mut world = World::new([false; 3]);
    world.pass(3_600_000);
    assert_eq!(world.ladder.shown(), Place::Photos);
    assert_eq!(world.shows, []);
    for at in 0..3 {
        let times: Vec<i64> = world
            .tries
            .iter()
            .filter(|(_, one)| *one == at)
            .map(|(time, _)| *time)
            .collect();
        for (number, pair) in times.windows(2).enumerate() {
            let pause = PAUSES.get(number).or(PAUSES.last()).unwrap();
            assert!(pair[1] - pair[0] >= *pause, "{at}: {times:?}");
        }
        assert!(times.len() > 15, "it is never given up: {times:?}");
    }
    // The network is back: at once.
    world.good = [true; 3];
    world.tell(Happened::Online);
    world.pass(1_500);
    world.pass(8_000);
    assert!(matches!(world.ladder.shown(), Place::Source(_)));
}

#[test]
fn data_are_saved_unless_one_asks() {
    let mut world = World::new([true; 3]);
    world.pass(1_000);
    world.tell(Happened::Saver(true));
    assert_eq!(world.ladder.shown(), Place::Photos);
    assert_eq!(world.ladder.why(), Why::Saver);
    let tries = world.tries.len();
    world.pass(600_000);
    world.tell(Happened::Online);
    world.tell(Happened::Air(Some(true)));
    world.pass(600_000);
    assert_eq!(world.tries.len(), tries, "nothing is fetched");
    world.tell(Happened::Asked(Ask::Source(2)));
    world.pass(1_000);
    assert_eq!(world.ladder.shown(), Place::Source(2), "only the sound");
    world.tell(Happened::Asked(Ask::Photos));
    assert_eq!(world.ladder.shown(), Place::Photos);
    assert_eq!(world.ladder.why(), Why::Asked);
}

#[test]
fn off_air_nothing_is_tried_until_somebody_sends() {
    let mut world = World::new([true; 3]);
    world.pass(1_000);
    world.tell(Happened::Air(Some(false)));
    assert_eq!(world.ladder.why(), Why::OffAir);
    let tries = world.tries.len();
    world.pass(600_000);
    assert_eq!(world.tries.len(), tries);
    world.tell(Happened::Air(Some(true)));
    world.pass(1_000);
    assert_eq!(world.ladder.shown(), Place::Source(0));
}

#[test]
fn a_refused_autoplay_waits_for_a_tap() {
    let mut world = World::new([true; 3]);
    world.tell(Happened::Refused(0));
    assert_eq!(world.ladder.why(), Why::Tap);
    world.pass(600_000);
    assert_eq!(world.tries.len(), 1);
    world.tell(Happened::Asked(Ask::Auto));
    world.pass(1_000);
    assert_eq!(world.ladder.shown(), Place::Source(0));
}

#[test]
fn what_begins_anew_may_be_refused_too() {
    let mut world = World::new([true; 3]);
    world.pass(1_000);
    world.tell(Happened::Refused(0));
    assert_eq!(
        (world.ladder.shown(), world.ladder.why()),
        (Place::Photos, Why::Tap)
    );
    world.tell(Happened::Asked(Ask::Auto));
    world.pass(1_000);
    assert_eq!(world.ladder.shown(), Place::Source(0));
}

#[test]
fn a_better_way_that_is_refused_ends_nothing_that_plays() {
    let mut world = World::new([false, true, true]);
    world.pass(10_000);
    assert_eq!(world.ladder.shown(), Place::Source(1));
    world.tell(Happened::Online);
    assert_eq!(world.ladder.trying(), Some(0));
    world.tell(Happened::Refused(0));
    assert_eq!(world.ladder.shown(), Place::Source(1));
    assert_ne!(world.ladder.why(), Why::Tap);
}

#[test]
fn a_pause_is_no_stall() {
    let mut world = World::new([true; 3]);
    world.pass(1_000);
    world.tell(Happened::Paused(true));
    world.good[0] = false;
    world.pass(60_000);
    assert_eq!(world.ladder.shown(), Place::Source(0));
    world.tell(Happened::Paused(false));
    world.pass(3_000);
    assert_ne!(world.ladder.shown(), Place::Source(0));
}

#[test]
fn while_nobody_looks_nothing_is_tried() {
    let mut world = World::new([false, true, true]);
    world.pass(1_000);
    world.tell(Happened::Paused(true));
    assert_eq!(world.ladder.wake_at(), None);
    world.pass(600_000);
    world.tell(Happened::Online);
    assert_eq!(world.tries.len(), 1, "{:?}", world.tries);
    // What was being tried has its whole time again.
    world.tell(Happened::Paused(false));
    world.pass(tried_for(VideoKind::Whep) - 500);
    assert_eq!(world.ladder.trying(), Some(0));
    world.pass(2_000);
    assert_eq!(world.ladder.shown(), Place::Source(1));
    // Whoever wants no stream has none at once.
    world.tell(Happened::Paused(true));
    world.tell(Happened::Asked(Ask::Photos));
    assert_eq!(world.running, [None; 3]);
}

#[test]
fn without_photos_there_are_words() {
    let mut world = World::new([false; 3]);
    world.tell(Happened::Photos(false));
    assert_eq!(world.ladder.shown(), Place::Text);
    world.tell(Happened::Photos(true));
    assert_eq!(world.ladder.shown(), Place::Photos);
    let mut nothing = Ladder::new(&[VideoSource::photos()], false, None);
    assert_eq!(nothing.heard(Happened::Tick, 0), []);
    assert_eq!((nothing.wake_at(), nothing.why()), (None, Why::Best));
}

proptest! {
    /// Sources come and go as they like: what is shown changes seldom, a stop is always noticed within
    /// three seconds, and once all is well the best is shown.
    #[test]
    fn nothing_flaps_and_everything_heals(
        weather in proptest::collection::vec((any::<[bool; 3]>(), 1_i64..200), 1..60)
    ) {
        let mut world = World::new([true; 3]);
        for (good, tenths) in weather {
            world.good = good;
            world.pass(tenths * 100);
            if let Place::Source(at) = world.ladder.shown()
                && tenths >= 30
            {
                prop_assert!(world.good[at], "shows for three seconds what does not move");
            }
        }
        // In any minute: a few changes for each source that fails, and no more.
        for (begin, (from, _)) in world.shows.iter().enumerate() {
            let within = world.shows[begin..].iter().take_while(|(at, _)| at - from < 60_000).count();
            prop_assert!(within <= 30, "{:?}", world.shows);
        }
        world.good = [true; 3];
        world.pass(PAUSES[5] + 20_000);
        prop_assert_eq!(world.ladder.shown(), Place::Source(0));
        let shows = world.shows.len();
        world.pass(300_000);
        prop_assert_eq!(world.shows.len(), shows);
    }

    /// A source that plays a little and stops, again and again, is tried less and less.
    #[test]
    fn what_fails_again_and_again_is_left_alone(plays in 3_i64..80, stops in 30_i64..200) {
        let mut world = World::new([true, true, false]);
        let mut shows = Vec::new();
        for _ in 0..60 {
            world.good[0] = true;
            world.pass(plays * 100);
            world.good[0] = false;
            world.pass(stops * 100);
            shows.push(world.shows.len());
        }
        let hour = world.now.max(1);
        let changes = i64::try_from(world.shows.len()).unwrap();
        // At most two changes for a try, and tries grow apart.
        let tries = i64::try_from(world.tries.iter().filter(|(_, at)| *at == 0).count()).unwrap();
        prop_assert!(tries <= 8 + hour / 20_000, "{tries} tries in {hour} ms");
        prop_assert!(changes <= 12 + 6 * tries, "{changes} changes, {tries} tries");
    }

    /// Whatever is told, in whatever order: it never shows what does not run.
    #[test]
    fn no_order_of_words_confuses_it(words in proptest::collection::vec((0_u8..14, 0_usize..4, 0_i64..9_000), 0..200)) {
        let mut world = World::new([false; 3]);
        for (word, at, ms) in words {
            world.now += ms;
            let happened = match word {
                0 => Happened::Picture(at),
                1 => Happened::Moved(at),
                2 => Happened::Failed(at),
                3 => Happened::Refused(at),
                4 => Happened::Paused(at % 2 == 0),
                5 => Happened::Saver(at % 2 == 0),
                6 => Happened::Asked(Ask::Auto),
                7 => Happened::Asked(Ask::Source(at)),
                8 => Happened::Asked(Ask::Photos),
                9 => Happened::Air([None, Some(false), Some(true)][at % 3]),
                10 => Happened::Online,
                11 => Happened::Photos(at % 2 == 0),
                _ => Happened::Tick,
            };
            world.tell(happened);
            let _ = world.ladder.why();
            if let Some(wake) = world.ladder.wake_at() {
                prop_assert!(wake > world.now || world.ladder.trying().is_none());
            }
        }
    }
}
