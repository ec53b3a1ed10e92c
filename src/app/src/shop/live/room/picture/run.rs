//! Runs the ladder: tells it what becomes of the players, and does what it says. It decides nothing itself.

use super::want::same_way;
use crate::browser::frame::is_seen;
use crate::browser::{awake, leaving, media, storage};
use crate::parts::video::{Heard, Playing};
use crate::shop::live::here::{Here, PictureClock};
use crate::view::{Slot, effect, every};
use client::live::Status;
use domain::video::{Action, Ask, Happened, Ladder, Note, Place, VideoKind};
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;
use web_sys::HtmlVideoElement;

/// Whether data are saved, on this device.
pub(super) const SAVER: &str = "live-saver";
/// How often the picture's clock is read.
const READ_EVERY: Duration = Duration::from_millis(250);
/// How long a page may be hidden before nothing is fetched any more, in milliseconds.
const HIDDEN_FOR: i64 = 2_000;
/// How long a picture that does not move still counts as moving, in milliseconds.
const MOVES_FOR: i64 = 1_000;
/// How long is waited for the ladder's next moment at least and at most, in milliseconds.
const WAITS: (i64, i64) = (10, 60_000);

/// What is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    Stream(VideoKind),
    Photos,
    Text,
}

/// The picture of a room. Copied freely.
#[derive(Clone, Copy)]
pub struct Picture {
    /// The room.
    pub here: Here,
    /// What is shown.
    pub shown: RwSignal<Shown>,
    /// What is said of it.
    pub note: RwSignal<Option<Note>>,
    /// In which element a picture is seen.
    pub front: RwSignal<Option<usize>>,
    /// Whether it is wider than high.
    pub wide: RwSignal<bool>,
    /// Whether one hears it.
    pub sound: RwSignal<bool>,
    /// Whether it floats above other pages.
    pub floats: RwSignal<bool>,
    /// Whether data are saved.
    pub saver: RwSignal<bool>,
    /// What was asked for.
    pub ask: RwSignal<Ask>,
    /// Which kinds of streams there are.
    pub kinds: RwSignal<Vec<VideoKind>>,
    /// The elements: one that is seen, and one in which a better way is tried.
    pub videos: [Slot<HtmlVideoElement>; 2],
    runner: StoredValue<Rc<Runner>, LocalStorage>,
}

/// What is under way.
pub(super) struct Runner {
    ladder: RefCell<Ladder>,
    all: RefCell<Vec<Run>>,
    /// When it comes, and the timer.
    timer: Cell<Option<(i64, TimeoutHandle)>>,
    paused: Cell<bool>,
    /// Whether the pictures of the goods can be had.
    pub(super) photos: Cell<bool>,
    /// Since when the page is hidden.
    hidden: Cell<Option<i64>>,
}

/// A source that is played.
struct Run {
    /// Its place on the ladder.
    at: usize,
    /// The element that it is in.
    video: usize,
    moved: i64,
    playing: Playing,
}

impl Runner {
    fn stop_timer(&self) {
        if let Some((_, timer)) = self.timer.take() {
            timer.clear();
        }
    }
}

/// Whether data are to be saved on this device: as it was chosen, else as the browser was told.
pub fn saves() -> bool {
    storage::read(SAVER).unwrap_or_else(media::saves_data)
}

impl Picture {
    /// The picture of a room that is on, as long as the part is there in which this is called.
    pub fn new(here: Here) -> Self {
        let saver = saves();
        let sources = here.room.with_untracked(|room| {
            let sources = room.as_ref().map(|room| room.sources.clone());
            sources.unwrap_or_default()
        });
        let ladder = Ladder::new(&sources, saver, None);
        let picture = Self {
            here,
            shown: RwSignal::new(Shown::Photos),
            note: RwSignal::new(None),
            front: RwSignal::new(None),
            wide: RwSignal::new(false),
            sound: RwSignal::new(false),
            floats: RwSignal::new(false),
            saver: RwSignal::new(saver),
            ask: RwSignal::new(Ask::Auto),
            kinds: RwSignal::new(kinds(&ladder)),
            videos: [Slot::new(), Slot::new()],
            runner: StoredValue::new_local(Rc::new(Runner {
                ladder: RefCell::new(ladder),
                all: RefCell::default(),
                timer: Cell::new(None),
                paused: Cell::new(!is_seen()),
                photos: Cell::new(true),
                hidden: Cell::new(None),
            })),
        };
        picture.listen();
        picture
    }

    fn listen(self) {
        let here = self.here;
        let air = here.piece(|room| room.air.map(|air| air.on));
        let sources = here.piece(|room| room.sources.clone());
        effect(move |_| {
            let sources = sources.get().unwrap_or_default();
            let air = air.get_untracked().flatten();
            self.begin(Ladder::new(&sources, self.saver.get_untracked(), air));
        });
        effect(move |first| {
            let air = air.get().flatten();
            if !first {
                self.tell(Happened::Air(air));
            }
        });
        // The network is back, or the shop is.
        let reached =
            Memo::new(move |_| here.stores.online.get() && here.status.get() == Status::Live);
        effect(move |first| {
            if reached.get() && !first {
                self.tell(Happened::Online);
            }
        });
        effect(move |first| {
            here.jump.track();
            if !first {
                self.with_shown(|run| run.playing.to_live_edge());
            }
        });
        leaving::when_looked_at(move |_| self.look());
        // The server hears of it at once; a page that is shown again begins anew.
        leaving::at_the_end(move || self.rest_all(true));
        let front = self.front;
        awake::keep_while(move || front.get().is_some());
        every(READ_EVERY, move || self.look());
        on_cleanup(move || {
            here.clock.try_set_value(PictureClock::default());
            media::unfill();
            self.stop_all();
        });
    }

    pub(super) fn runner(self) -> Option<Rc<Runner>> {
        self.runner.try_get_value()
    }

    /// Begins with a ladder.
    fn begin(self, ladder: Ladder) {
        self.stop_all();
        let Some(runner) = self.runner() else { return };
        set(self.kinds, kinds(&ladder));
        let ask = self.ask.get_untracked();
        let ask = same_way(ask, &runner.ladder.borrow(), &ladder);
        set(self.ask, ask);
        runner.ladder.replace(ladder);
        if runner.paused.get() {
            self.tell(Happened::Paused(true));
        }
        self.tell(Happened::Asked(ask));
        self.tell(Happened::Photos(runner.photos.get()));
    }

    fn rest_all(self, rest: bool) {
        if let Some(runner) = self.runner() {
            for run in &*runner.all.borrow() {
                run.playing.rest(rest);
            }
        }
    }

    fn stop_all(self) {
        if let Some(runner) = self.runner() {
            runner.stop_timer();
            let all = runner.all.take();
            drop(all);
        }
    }

    /// Something has happened: does what the ladder says.
    pub fn tell(self, happened: Happened) {
        let Some(runner) = self.runner() else { return };
        let actions = runner.ladder.borrow_mut().heard(happened, media::elapsed());
        let is_shown = |action: &Action| matches!(action, Action::Show(Place::Source(_)));
        if actions.iter().any(is_shown) {
            self.float_on();
        }
        for action in actions {
            match action {
                Action::Try(at) => self.try_out(&runner, at),
                Action::Stop(at) => {
                    let ended = |run: &mut Run| run.at == at;
                    let ended = runner
                        .all
                        .borrow_mut()
                        .extract_if(.., ended)
                        .collect::<Vec<_>>();
                    drop(ended);
                }
                Action::Show(_) => {}
            }
        }
        self.draw(&runner);
        self.wait(&runner);
    }

    fn try_out(self, runner: &Rc<Runner>, at: usize) {
        let source = runner.ladder.borrow().source(at).cloned();
        let is_free = |video: &usize| runner.all.borrow().iter().all(|run| run.video != *video);
        let video = self.first_of((0..self.videos.len()).filter(is_free));
        let element = video.and_then(|video| self.video(video));
        let (Some(source), Some(video), Some(element)) = (source, video, element) else {
            return;
        };
        element.set_muted(true);
        let playing = Playing::begin(&element, &source, move |heard| self.hear(at, heard));
        runner.all.borrow_mut().push(Run {
            at,
            video,
            moved: media::elapsed(),
            playing,
        });
    }

    fn hear(self, at: usize, heard: Heard) {
        if let Some(runner) = self.runner()
            && matches!(heard, Heard::Picture | Heard::Moved)
        {
            let now = media::elapsed();
            let mut all = runner.all.borrow_mut();
            let of_it = all.iter_mut().filter(|run| run.at == at);
            of_it.for_each(|run| run.moved = now);
        }
        self.tell(match heard {
            Heard::Picture => Happened::Picture(at),
            Heard::Moved => Happened::Moved(at),
            Heard::Failed => Happened::Failed(at),
            Heard::Refused => Happened::Refused(at),
        });
    }

    /// Says what is shown now.
    pub(super) fn draw(self, runner: &Runner) {
        let ladder = runner.ladder.borrow();
        let shown = match (ladder.shown_source(), ladder.shown()) {
            (Some((_, kind)), _) => Shown::Stream(kind),
            (None, Place::Text) => Shown::Text,
            (None, _) => Shown::Photos,
        };
        let at = ladder.shown_source().map(|(at, _)| at);
        let all = runner.all.borrow();
        let seen = all.iter().find(|run| Some(run.at) == at);
        let front = seen.filter(|_| ladder.has_picture()).map(|run| run.video);
        let sound = self.sound.get_untracked();
        for run in &*all {
            let muted = !(sound && Some(run.at) == at);
            if let Some(video) = self.video(run.video).filter(|one| one.muted() != muted) {
                video.set_muted(muted);
            }
        }
        let note = ladder.note(self.note.get_untracked());
        drop((all, ladder));
        self.measure(front.and_then(|front| self.video(front)).as_ref());
        set(self.shown, shown);
        set(self.front, front);
        set(self.note, note);
    }

    fn measure(self, video: Option<&HtmlVideoElement>) {
        if let Some(video) = video.filter(|video| video.video_width() > 0) {
            set(self.wide, video.video_width() > video.video_height());
        }
    }

    /// Comes again when the ladder wants it. Each move of a picture puts that off: a timer that comes too
    /// early is kept and set anew when it comes.
    fn wait(self, runner: &Runner) {
        let Some(at) = runner.ladder.borrow().wake_at() else {
            return;
        };
        if runner.timer.get().is_some_and(|(there, _)| there <= at) {
            return;
        }
        runner.stop_timer();
        let (least, most) = WAITS;
        let now = media::elapsed();
        let pause = at.saturating_sub(now).clamp(least, most);
        let woken = move || {
            if let Some(runner) = self.runner() {
                runner.timer.set(None);
                let all = runner.all.borrow();
                let looks = all.iter().map(|run| run.playing.looks());
                let looks = looks.collect::<Vec<_>>();
                drop(all);
                looks.iter().for_each(|look| look());
                self.tell(Happened::Tick);
            }
        };
        let timer = set_timeout_with_handle(woken, Duration::from_millis(pause.unsigned_abs()));
        let timer = timer.ok().map(|timer| (now.saturating_add(pause), timer));
        runner.timer.set(timer);
    }

    /// Looks how it is with the one that is shown, and whether anybody watches.
    fn look(self) {
        let Some(runner) = self.runner() else { return };
        let now = media::elapsed();
        let mut clock = PictureClock::default();
        self.with_shown(|run| {
            clock = PictureClock {
                at: run.playing.clock(),
                playing: now.saturating_sub(run.moved) < MOVES_FOR,
            };
        });
        self.here.clock.try_set_value(clock);
        let element = self.shown_video();
        let element = element.as_ref();
        let floats = element.is_some_and(media::floats);
        set(self.floats, floats);
        if let Some(video) = element {
            // The browser may have muted it, and a person may have in the browser's own player.
            if self.sound.get_untracked() == video.muted() {
                self.sound.set(!video.muted());
            }
        }
        self.measure(element);
        // One that has stopped in the small window is waited for, although nothing is shown here.
        let hidden = !is_seen() && !self.any_floats();
        let since = hidden.then(|| runner.hidden.get().unwrap_or(now));
        runner.hidden.set(since);
        let rest = since.is_some_and(|since| now.saturating_sub(since) >= HIDDEN_FOR);
        self.rest_all(rest);
        let paused = hidden || element.is_some_and(media::paused_by_hand);
        if runner.paused.replace(paused) != paused {
            self.tell(Happened::Paused(paused));
        }
    }

    pub(super) fn video(self, at: usize) -> Option<HtmlVideoElement> {
        self.videos.get(at).and_then(Slot::get)
    }

    fn with_shown(self, act: impl FnOnce(&Run)) {
        let Some(runner) = self.runner() else { return };
        let shown = runner.ladder.borrow().shown_source();
        let all = runner.all.borrow();
        let run = shown.and_then(|(at, _)| all.iter().find(|run| run.at == at));
        if let Some(run) = run {
            act(run);
        }
    }

    /// The element that is seen or heard.
    pub fn shown_video(self) -> Option<HtmlVideoElement> {
        let mut video = None;
        self.with_shown(|run| video = self.video(run.video));
        video
    }
}

fn kinds(ladder: &Ladder) -> Vec<VideoKind> {
    ladder.sources().map(|source| source.kind).collect()
}

fn set<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.try_with_untracked(|now| *now != value) == Some(true) {
        signal.set(value);
    }
}
