//! The picture of a show, as whoever hosts sends it: where to, from what, and whether viewers have it.

mod device;
mod doors;
mod sender;
mod viewer;
mod words;

use super::here::Here;
use super::why_not;
use crate::browser::{leaving, now_ms};
use crate::desk::focus_soon;
use crate::view::{
    Slot, View, changing, effect, every, follows, on, task, task_of_part, text, view,
};
use client::Error;
use client::browser::Browser;
use client::transport::Transport;
use domain::show::ShowState;
use domain::video::standing::{Facts, Seen, Standing, Watch};
use domain::video::{AirCheck, Publishing, VideoKind, VideoSource};
use leptos::prelude::*;
use sender::{Line, Sender};
use std::time::Duration;
use stylers::style_sheet;
use web_sys::HtmlElement;
use words::text as words;

const _: &str = include_str!("air.css");

/// How often it is asked while somebody looks or sends from here, in milliseconds.
const OFTEN: u32 = 2_000;
/// And while somebody sends from elsewhere.
const SELDOM: u32 = 5_000;
/// The longest pause after errors.
const LONGEST: u32 = 30_000;

/// Where it is sent to.
#[derive(Clone, PartialEq)]
enum Doors {
    /// Asked for.
    Reading,
    /// Not to be had.
    Failed(Error),
    /// Here; whether there is a key stands in it.
    Here(Publishing),
}

/// What all of it shares. It is made above the tools, so that none of it ends when another one is opened.
#[derive(Clone, Copy)]
pub struct Air {
    here: Here,
    /// Whether the tool is looked at.
    open: Memo<bool>,
    doors: RwSignal<Doors>,
    /// A key is being made.
    busy: RwSignal<bool>,
    /// Counts what is asked about the key: an answer to what was asked before may have an old one.
    asked: StoredValue<u32>,
    /// What the shop said last, and when by this device's clock.
    check: RwSignal<Option<(i64, AirCheck)>>,
    seen: RwSignal<Seen>,
    /// How far behind viewers are, in seconds.
    behind: RwSignal<Option<i64>>,
    standing: RwSignal<Standing>,
    watch: StoredValue<Watch>,
    /// Where viewers look: streams, the best first.
    sources: Memo<Vec<VideoSource>>,
    sender: Sender,
}

impl Air {
    /// Of a show that is led. `open`: whether the tool is looked at.
    pub fn new(here: Here, open: Memo<bool>) -> Self {
        let sources = here.piece(|room| {
            let streams = room.sources.iter();
            let streams =
                streams.filter(|one| matches!(one.kind, VideoKind::Whep | VideoKind::Hls));
            streams.cloned().collect::<Vec<_>>()
        });
        // A page that nobody looks at draws no pictures: what it sees says nothing then.
        let looked_at = RwSignal::new(true);
        leaving::when_looked_at(move |is| looked_at.set(is));
        let open = Memo::new(move |_| open.get() && looked_at.get());
        let air = Self {
            here,
            open,
            doors: RwSignal::new(Doors::Reading),
            busy: RwSignal::new(false),
            asked: StoredValue::new(0),
            check: RwSignal::new(None),
            seen: RwSignal::new(Seen::Closed),
            behind: RwSignal::new(None),
            standing: RwSignal::new(Standing::Asking),
            watch: StoredValue::new(Watch::default()),
            sources: Memo::new(move |_| sources.get().unwrap_or_default()),
            sender: Sender::new(here.host.desk),
        };
        air.asks();
        air.judges();
        // The key is read when somebody looks, and not before.
        effect(move |_| {
            if open.get() && here.host.stores.online.get() {
                air.read();
            }
        });
        effect(move |_| {
            let line = air.sender.line.get();
            // Another tablet has made a new one, perhaps.
            if line == Line::KeyRefused {
                air.read();
            }
            // Whoever looks at something else is told as well that nothing is sent any more.
            if line.has_ended() && !open.get_untracked() {
                here.host.stores.say(words().line(line));
            }
        });
        // After the show nothing is sent, and no camera looks on: what closes it is not seen then.
        effect(move |_| {
            if here.is_over() {
                let was_sending = air.is_sending_now();
                air.stop();
                air.sender.close();
                if was_sending {
                    here.host.stores.say(words().stopped_over.to_owned());
                }
            }
        });
        effect(move |first| {
            if here.host.stores.online.get() && !first {
                air.sender.hurry();
            }
        });
        air
    }

    /// Whether something is sent from this device: then one asks before it ends.
    pub fn is_sending(self) -> bool {
        self.sender.line.get().is_wanted()
    }

    /// The same, asked at a press.
    pub fn is_sending_now(self) -> bool {
        self.sender.line.get_untracked().is_wanted()
    }

    /// Asks the shop as long as there is something to know.
    fn asks(self) {
        let here = self.here;
        let sending = here.piece(|room| room.air.is_some_and(|air| air.on));
        let pause = Memo::new(move |_| {
            // What the head of the page says of it must not grow old, whichever tool is open.
            let followed = matches!(
                self.standing.get(),
                Standing::Received | Standing::OnAir | Standing::Broken
            );
            match () {
                () if here.state.get().is_none() || here.is_over() => None,
                () if self.open.get() || self.is_sending() => Some(OFTEN),
                () if followed || sending.get() == Some(true) => Some(SELDOM),
                () => None,
            }
        });
        effect(move |_| {
            // Back from being away it is asked at once.
            here.host.stores.online.track();
            let Some(pause) = pause.get() else { return };
            let (host, id) = (here.host, here.id.get_value());
            task_of_part(async move {
                let mut errors = 0;
                loop {
                    match host.stores.client().desk_shows().air(&id).await {
                        Ok(fresh) => {
                            errors = 0;
                            self.check.try_set(Some((now_ms(), fresh.value)));
                        }
                        Err(error) => {
                            errors += 1;
                            leptos::logging::warn!("whether it is on air is not known: {error}");
                            host.heed(&error);
                        }
                    }
                    let longer = pause.saturating_mul(1 << errors.min(4));
                    Browser.sleep(longer.min(LONGEST)).await;
                }
            });
        });
    }

    /// Judges anew whenever something has changed, and each second, because silence says something too.
    fn judges(self) {
        let tick = RwSignal::new(0_u32);
        every(Duration::from_secs(1), move || {
            tick.update(|tick| *tick += 1)
        });
        effect(move |_| {
            tick.track();
            let line = self.sender.line.get();
            let facts = Facts {
                now: now_ms(),
                check: self.check.get(),
                taken: line.is_wanted().then_some(line == Line::On),
                seen: self.seen.get(),
            };
            let judged = self.watch.try_update_value(|watch| watch.judge(&facts));
            if let Some(standing) = judged
                && self.standing.get_untracked() != standing
            {
                self.standing.set(standing);
            }
        });
    }

    /// Reads where it is sent to.
    fn read(self) {
        // A key that is being made is told of by itself.
        if self.busy.get_untracked() {
            return;
        }
        let asked = self.asks_anew();
        let (host, id) = (self.here.host, self.here.id.get_value());
        task(async move {
            let answer = host.stores.client().desk_shows().publishing(&id).await;
            if asked.is_none() || self.asked.try_get_value() != asked {
                return;
            }
            match answer {
                Ok(fresh) => self.learns(fresh.value),
                Err(error) => {
                    host.heed(&error);
                    let known = |doors: &Doors| matches!(doors, Doors::Here(_));
                    if self.doors.try_with_untracked(known) == Some(false) {
                        self.doors.try_set(Doors::Failed(error));
                    }
                }
            }
        });
    }

    fn asks_anew(self) -> Option<u32> {
        self.asked.try_update_value(|asked| {
            *asked = asked.wrapping_add(1);
            *asked
        })
    }

    fn learns(self, mut publishing: Publishing) {
        // It changes by itself, and is told by the room.
        publishing.sending_since = None;
        let whip = publishing.whip.clone();
        let doors = Doors::Here(publishing);
        if self.doors.try_with_untracked(|old| *old != doors) == Some(true) {
            self.doors.try_set(doors);
            if self.sender.goes_on_by(whip) {
                self.watch.try_update_value(Watch::begin);
            }
        }
    }

    /// Makes a key. `then` is done when there is one.
    fn renew(self, then: impl FnOnce() + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.asks_anew();
        let (host, id) = (self.here.host, self.here.id.get_value());
        task(async move {
            let answer = host.stores.client().desk_shows().renew_key(&id).await;
            self.busy.try_set(false);
            match answer {
                Ok(publishing) => {
                    // Whoever has sent is cut off, as was meant.
                    self.watch.try_update_value(|watch| watch.hush(now_ms()));
                    self.learns(publishing);
                    host.stores.say(words().key_made.to_owned());
                    then();
                }
                Err(error) => {
                    host.stores.say(why_not(&error));
                    host.heed(&error);
                    if error.is_unknown() {
                        // It may have been made all the same: until the shop says which one is good, none
                        // is shown as good.
                        self.doors.try_set(Doors::Reading);
                    }
                    self.read();
                }
            }
        });
    }

    /// Begins to send from this device.
    fn start(self) {
        let door = self.doors.with_untracked(|doors| match doors {
            Doors::Here(publishing) => publishing.whip.clone(),
            _ => None,
        });
        if let Some(door) = door {
            self.watch.update_value(Watch::begin);
            self.sender.start(door);
        }
    }

    /// Stops sending from this device.
    pub fn stop(self) {
        self.watch.update_value(|watch| watch.hush(now_ms()));
        self.sender.stop();
    }
}

/// What the tool is called.
pub fn name() -> &'static str {
    words().picture
}

/// The tool.
pub fn panel(air: Air) -> View {
    let class = style_sheet!("src/app/src/desk/live/air/air.css");
    let (here, words) = (air.here, words());
    let doors = doors::section(air);
    let device = device::section(air);
    let viewer = viewer::section(air);
    view! {
        <section class=class aria-label=words.picture>
            <div hidden=follows(move || here.is_over())>
                {standing(air)}
                {viewer}
                {device}
                {doors}
            </div>
            <p class="quiet" hidden=follows(move || !here.is_over())>{words.over}</p>
        </section>
    }
}

/// How it stands, said when it changes.
fn standing(air: Air) -> View {
    let words = words();
    let standing = air.standing;
    let hint = move || {
        words
            .standing_hint(standing.get(), air.seen.get())
            .to_owned()
    };
    let heading = Slot::<HtmlElement>::new();
    let seen = on(move |_| {
        air.watch.update_value(Watch::begin);
        air.check.update(|_| ());
        focus_soon(heading);
    });
    let is_broken = Memo::new(move |_| standing.get() == Standing::Broken);
    // One word of it, however often it is judged; that it broke off is said at once, and only once.
    let told = changing(move || {
        let told = words.standing(standing.get());
        match is_broken.get() {
            true => view! { <strong role="alert">{told}</strong> },
            false => view! { <span>{told}</span> },
        }
    });
    let quiet = move || is_broken.get().then_some("off");
    view! {
        <div class="standing" class:on=follows(move || standing.get() == Standing::OnAir) class:broken=follows(move || is_broken.get())>
            <p role="status" aria-live=follows(quiet) tabindex="-1" node_ref=heading>{told}</p>
            <p class="hint">{text(hint)}</p>
            <button type="button" class="btn soft" hidden=follows(move || !is_broken.get()) on:click=seen>{words.seen}</button>
        </div>
    }
}

/// How it stands, in a word, for the head of the page.
pub fn word(air: Air) -> View {
    let words = words();
    let here = air.here;
    let expected = Memo::new(move |_| {
        let open = matches!(
            here.state.get(),
            Some(ShowState::Scheduled | ShowState::Live)
        );
        open && air.sources.with(|sources| !sources.is_empty())
    });
    let is_broken = Memo::new(move |_| air.standing.get() == Standing::Broken);
    let word = move || match (air.standing.get(), air.sender.line.get()) {
        _ if !expected.get() && !air.is_sending() => "",
        (Standing::Broken, _) => words.word_broken,
        (_, Line::Again | Line::Taken) => words.word_again,
        (Standing::OnAir, _) => words.word_on_air,
        (Standing::Received, _) | (_, Line::On | Line::Connecting) => words.word_received,
        _ => words.word_nothing,
    };
    view! {
        <span class="tag" class:warn=follows(move || is_broken.get()) class:save=follows(move || air.sender.line.get().waits()) hidden=follows(move || word().is_empty())>{text(move || word().to_owned())}</span>
        <span class="unseen" role="alert">{text(move || match is_broken.get() && !air.open.get() {
            true => words.word_broken.to_owned(),
            false => String::new(),
        })}</span>
    }
}

/// Asks before a show is left that is sent from this device. `asked` is whether it asks; `back` is where the
/// focus returns to, `stay` where it is meanwhile.
pub fn leaving(
    air: Air,
    asked: RwSignal<bool>,
    back: Slot<HtmlElement>,
    stay: Slot<HtmlElement>,
    leave: impl Fn() + 'static,
) -> View {
    let words = words();
    let asks = move || asked.get() && air.is_sending();
    // It is not asked by itself when something is sent the next time.
    effect(move |_| {
        if !air.is_sending() {
            asked.set(false);
        }
    });
    let told = move || match asks() {
        true => words.leaving.to_owned(),
        false => String::new(),
    };
    let stays = on(move |_| {
        asked.set(false);
        focus_soon(back);
    });
    let leaves = on(move |_| {
        air.stop();
        leave();
    });
    view! {
        <div class="leaving" hidden=follows(move || !asks())>
            <span role="alert">{text(told)}</span>
            <button type="button" class="btn soft" node_ref=stay on:click=stays>{super::words::text().not_yet}</button>
            <button type="button" class="btn warn" on:click=leaves>{words.leave}</button>
        </div>
    }
}
