//! Which of several ways shows the picture: one state machine that falls and climbs by itself.
//!
//! It knows no clock and no player: it is told what has happened and when, and says what to do. Something is
//! always shown; while a better way is tried, what is shown stays. A way that has failed is tried again after
//! pauses that grow, so that nothing flaps.

use super::{VideoKind, VideoSource};

/// After how long without moving a picture has stopped, in milliseconds.
pub const STALLED_AFTER: i64 = 2_500;
/// How long one that has stopped is kept running, in case it comes again.
pub const KEPT_FOR: i64 = 10_000;
/// How often one may stop before it counts as failed, unless it was steady between.
pub const MANY_STALLS: u32 = 3;
/// After how long of moving a way is steady, and what was wrong with it forgotten.
pub const STEADY_AFTER: i64 = 30_000;
/// How long to wait before a way that has failed so many times is tried again; the last one for ever.
pub const PAUSES: [i64; 6] = [5_000, 10_000, 20_000, 40_000, 80_000, 160_000];

/// How long a way is tried, in milliseconds, before it counts as failed.
pub fn tried_for(kind: VideoKind) -> i64 {
    match kind {
        VideoKind::Whep => 4_000,
        VideoKind::Audio => 6_000,
        _ => 8_000,
    }
}

/// What is shown: one of [`Ladder::sources`], or what needs no stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The source at this place, from 0.
    Source(usize),
    /// The pictures of the goods.
    Photos,
    /// Nothing but words.
    Text,
}

/// What whoever watches wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// The best that goes.
    Auto,
    /// The source at this place, or one after it, even where data are saved.
    Source(usize),
    /// No stream.
    Photos,
}

/// What has happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happened {
    /// Some time has passed: to be told at [`Ladder::wake_at`].
    Tick,
    /// The first picture (or sound) of the source at this place has come.
    Picture(usize),
    /// It has moved on since it was last told. To be told at least once a second while it plays.
    Moved(usize),
    /// It cannot be had.
    Failed(usize),
    /// The browser plays nothing before somebody taps.
    Refused(usize),
    /// Whoever watches has paused it, or goes on; also while the page is hidden. Meanwhile nothing is tried
    /// and nothing fails by waiting.
    Paused(bool),
    /// Data are to be saved, or not any more.
    Saver(bool),
    /// Whoever watches wants something; also the tap that was missing.
    Asked(Ask),
    /// Whether a picture is sent: the room's `air`; `None` where nobody knows.
    Air(Option<bool>),
    /// The network is there again.
    Online,
    /// The pictures of the goods cannot be had, or can again.
    Photos(bool),
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Begin to play the source at this place, out of sight.
    Try(usize),
    /// Put an end to it.
    Stop(usize),
    /// Show this.
    Show(Place),
}

/// Why there is no better picture, for words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// There is nothing better.
    Best,
    /// A better one is being tried.
    Trying,
    /// It has stopped and may come again.
    Stalled,
    /// None is sent.
    OffAir,
    /// Data are saved; one may ask for it.
    Saver,
    /// One must tap first.
    Tap,
    /// It was asked for no better one.
    Asked,
    /// It did not work; it is tried again by itself.
    Failed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Idle,
    Trying { since: i64 },
    Flowing { since: i64, moved: i64 },
    Stalled { since: i64 },
}

#[derive(Clone, Debug)]
struct Step {
    source: VideoSource,
    phase: Phase,
    failures: usize,
    stalls: u32,
    retry_at: i64,
}

/// The ladder. Times are milliseconds of one clock that only ever goes on.
#[derive(Clone, Debug)]
pub struct Ladder {
    steps: Vec<Step>,
    shown: Place,
    photos: bool,
    saver: bool,
    ask: Ask,
    refused: bool,
    paused: bool,
    air: Option<bool>,
}

impl Ladder {
    /// A ladder over a show's sources, of which kinds that are not known are left out. Photos are shown at
    /// first; the first [`Happened::Tick`] begins to try.
    pub fn new(sources: &[VideoSource], saver: bool, air: Option<bool>) -> Self {
        let streams = |source: &&VideoSource| {
            matches!(
                source.kind,
                VideoKind::Whep | VideoKind::Hls | VideoKind::Audio
            )
        };
        let step = |source: &VideoSource| Step {
            source: source.clone(),
            phase: Phase::Idle,
            failures: 0,
            stalls: 0,
            retry_at: i64::MIN,
        };
        Self {
            steps: sources.iter().filter(streams).map(step).collect(),
            shown: Place::Photos,
            photos: true,
            saver,
            ask: Ask::Auto,
            refused: false,
            paused: false,
            air,
        }
    }

    /// The sources that places are of.
    pub fn sources(&self) -> impl Iterator<Item = &VideoSource> {
        self.steps.iter().map(|step| &step.source)
    }

    /// The source at a place.
    pub fn source(&self, at: usize) -> Option<&VideoSource> {
        self.steps.get(at).map(|step| &step.source)
    }

    /// What is shown.
    pub fn shown(&self) -> Place {
        self.shown
    }

    /// What is being tried.
    pub fn trying(&self) -> Option<usize> {
        self.find(|phase| matches!(phase, Phase::Trying { .. }))
    }

    /// Why nothing better is shown.
    pub fn why(&self) -> Why {
        let stalled = self.find(|phase| matches!(phase, Phase::Stalled { .. }));
        if stalled.is_some() {
            Why::Stalled
        } else if self.shown == Place::Source(0) || self.steps.is_empty() {
            Why::Best
        } else if self.ask == Ask::Photos
            || matches!(self.ask, Ask::Source(at) if self.shown == Place::Source(at))
        {
            Why::Asked
        } else if self.refused {
            Why::Tap
        } else if self.ask == Ask::Auto && self.air == Some(false) {
            Why::OffAir
        } else if self.ask == Ask::Auto && self.saver {
            Why::Saver
        } else if self.trying().is_some() {
            Why::Trying
        } else {
            Why::Failed
        }
    }

    /// Takes in what has happened, and says what to do, in order.
    pub fn heard(&mut self, happened: Happened, now: i64) -> Vec<Action> {
        let mut actions = Vec::new();
        match happened {
            Happened::Tick => {}
            Happened::Picture(at) => self.picture(at, now, &mut actions),
            Happened::Moved(at) => self.moved(at, now, &mut actions),
            Happened::Failed(at) => self.fail(at, now, &mut actions),
            Happened::Refused(at) => {
                let flows = self.find(|phase| matches!(phase, Phase::Flowing { .. }));
                if flows.is_some_and(|flows| flows != at) {
                    // What plays goes on.
                    self.fail(at, now, &mut actions);
                } else if self
                    .steps
                    .get(at)
                    .is_some_and(|step| step.phase != Phase::Idle)
                {
                    // Also one that flowed: after the page was hidden it begins anew.
                    self.refused = true;
                    self.stop(at, &mut actions);
                }
            }
            Happened::Paused(paused) => {
                self.paused = paused;
                // Nobody waits meanwhile, so no time passes.
                for step in &mut self.steps {
                    match &mut step.phase {
                        Phase::Flowing { moved, .. } => *moved = now,
                        Phase::Trying { since } | Phase::Stalled { since } => *since = now,
                        Phase::Idle => {}
                    }
                }
            }
            Happened::Saver(saver) => self.saver = saver,
            Happened::Asked(ask) => {
                (self.ask, self.refused) = (ask, false);
                self.begin_again();
            }
            Happened::Air(air) => {
                if air == Some(true) && self.air != air {
                    self.begin_again();
                }
                self.air = air;
            }
            Happened::Online => {
                for step in &mut self.steps {
                    step.retry_at = i64::MIN;
                }
            }
            Happened::Photos(photos) => {
                self.photos = photos;
                if !matches!(self.shown, Place::Source(_)) {
                    self.rest(&mut actions);
                }
            }
        }
        self.settle(now, &mut actions);
        actions
    }

    /// When to be told of a [`Happened::Tick`] at the latest; `None` when nothing is waited for.
    pub fn wake_at(&self) -> Option<i64> {
        if self.paused {
            return None;
        }
        let mut at: Option<i64> = None;
        let mut sooner = |time: i64| at = Some(at.map_or(time, |at| at.min(time)));
        for step in &self.steps {
            match step.phase {
                Phase::Trying { since } => sooner(since + tried_for(step.source.kind)),
                Phase::Flowing { moved, .. } => sooner(moved + STALLED_AFTER),
                Phase::Stalled { since } => sooner(since + KEPT_FOR),
                Phase::Idle => {}
            }
        }
        if self.trying().is_none() {
            let next = self.candidates().filter_map(|at| self.steps.get(at));
            next.for_each(|step| sooner(step.retry_at));
        }
        at
    }

    fn find(&self, holds: impl Fn(&Phase) -> bool) -> Option<usize> {
        self.steps.iter().position(|step| holds(&step.phase))
    }

    fn begin_again(&mut self) {
        for step in &mut self.steps {
            (step.failures, step.stalls, step.retry_at) = (0, 0, i64::MIN);
        }
    }

    /// Whether the source at a place may run.
    fn may_run(&self, at: usize) -> bool {
        match self.ask {
            Ask::Photos => false,
            Ask::Source(from) => at >= from && !self.refused,
            Ask::Auto => !self.saver && !self.refused && self.air != Some(false),
        }
    }

    /// What may be tried when its pause is over: whatever is better than what flows.
    fn candidates(&self) -> impl Iterator<Item = usize> {
        let flowing = self.find(|phase| matches!(phase, Phase::Flowing { .. }));
        (0..flowing.unwrap_or(self.steps.len())).filter(|at| {
            let idle = self.steps.get(*at).map(|step| step.phase) == Some(Phase::Idle);
            idle && self.may_run(*at)
        })
    }

    fn picture(&mut self, at: usize, now: i64, actions: &mut Vec<Action>) {
        if self.trying() != Some(at) {
            return;
        }
        for other in (0..self.steps.len()).filter(|other| *other != at) {
            match self.steps.get(other).map(|step| step.phase) {
                Some(Phase::Stalled { .. }) if other < at => self.fail(other, now, actions),
                Some(Phase::Idle) | None => {}
                Some(_) => self.stop(other, actions),
            }
        }
        self.set(
            at,
            Phase::Flowing {
                since: now,
                moved: now,
            },
        );
        self.show(Place::Source(at), actions);
    }

    fn moved(&mut self, at: usize, now: i64, actions: &mut Vec<Action>) {
        let Some(step) = self.steps.get_mut(at) else {
            return;
        };
        match step.phase {
            Phase::Flowing { since, .. } => {
                step.phase = Phase::Flowing { since, moved: now };
                if now.saturating_sub(since) >= STEADY_AFTER {
                    (step.failures, step.stalls) = (0, 0);
                }
            }
            Phase::Stalled { .. } => {
                step.phase = Phase::Flowing {
                    since: now,
                    moved: now,
                };
                // Whatever was tried in its place is not needed.
                if let Some(other) = self.trying().filter(|other| *other > at) {
                    self.stop(other, actions);
                }
                self.show(Place::Source(at), actions);
            }
            Phase::Idle | Phase::Trying { .. } => {}
        }
    }

    fn fail(&mut self, at: usize, now: i64, actions: &mut Vec<Action>) {
        let Some(step) = self.steps.get_mut(at) else {
            return;
        };
        if step.phase == Phase::Idle {
            return;
        }
        let pause = PAUSES.get(step.failures).or(PAUSES.last());
        step.retry_at = now.saturating_add(pause.copied().unwrap_or(0));
        (step.failures, step.stalls) = (step.failures.saturating_add(1), 0);
        self.stop(at, actions);
    }

    fn stop(&mut self, at: usize, actions: &mut Vec<Action>) {
        self.set(at, Phase::Idle);
        actions.push(Action::Stop(at));
        if self.shown == Place::Source(at) {
            self.rest(actions);
        }
    }

    fn set(&mut self, at: usize, phase: Phase) {
        if let Some(step) = self.steps.get_mut(at) {
            step.phase = phase;
        }
    }

    fn show(&mut self, place: Place, actions: &mut Vec<Action>) {
        if self.shown != place {
            self.shown = place;
            actions.push(Action::Show(place));
        }
    }

    fn rest(&mut self, actions: &mut Vec<Action>) {
        let place = if self.photos {
            Place::Photos
        } else {
            Place::Text
        };
        self.show(place, actions);
    }

    /// Does whatever time and wishes demand.
    fn settle(&mut self, now: i64, actions: &mut Vec<Action>) {
        for at in 0..self.steps.len() {
            let (may_run, paused) = (self.may_run(at), self.paused);
            let Some(step) = self.steps.get_mut(at) else {
                continue;
            };
            let passed = |since: i64| now.saturating_sub(since);
            match step.phase {
                Phase::Idle => {}
                _ if !may_run => self.stop(at, actions),
                _ if paused => {}
                Phase::Trying { since } if passed(since) >= tried_for(step.source.kind) => {
                    self.fail(at, now, actions);
                }
                Phase::Flowing { moved, .. } if passed(moved) >= STALLED_AFTER => {
                    step.stalls = step.stalls.saturating_add(1);
                    if step.stalls >= MANY_STALLS {
                        self.fail(at, now, actions);
                    } else {
                        step.phase = Phase::Stalled { since: now };
                        self.rest(actions);
                    }
                }
                Phase::Stalled { since } if passed(since) >= KEPT_FOR => {
                    self.fail(at, now, actions);
                }
                _ => {}
            }
        }
        if self.paused || self.trying().is_some() {
            return;
        }
        let due = |at: &usize| self.steps.get(*at).is_some_and(|step| step.retry_at <= now);
        let next = self.candidates().find(due);
        if let Some(at) = next {
            self.set(at, Phase::Trying { since: now });
            actions.push(Action::Try(at));
        }
    }
}

#[cfg(test)]
mod tests;
