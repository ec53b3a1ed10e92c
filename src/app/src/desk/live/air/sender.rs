//! Sending from this device: its camera, and the line to the media server. Both outlive the tool, so that
//! another one can be opened meanwhile; they end with the show's page.

use crate::browser::awake;
use crate::browser::camera::{self, Camera, Devices, Level, NoCamera, Wanted};
use crate::browser::leaving;
use crate::browser::now_ms;
use crate::browser::whip::{Heard, Whip};
use crate::desk::Desk;
use crate::view::{every, task};
use domain::video::WhipDoor;
use leptos::prelude::*;
use leptos::reactive::owner::LocalStorage;
use std::time::Duration;

/// Pauses before it is tried again, in seconds.
const PAUSES: [u64; 5] = [1, 2, 4, 8, 15];
/// The same where somebody sends already. A server notices after half a minute or so that whoever did has gone:
/// a tablet whose page was opened anew meets what it has sent itself. So often, and no more.
const TAKEN_PAUSES: [u64; 5] = [2, 4, 8, 16, 30];
/// What has gone on for so long begins with the shortest pause again, in milliseconds.
const STEADY: i64 = 20_000;
/// How often it is listened how loud it is: some 14 times a second.
const LISTENED_EVERY: Duration = Duration::from_millis(70);
/// Below this nothing is heard: -66 dB.
const NOTHING: f32 = 0.000_5;
/// So long nothing may be heard without a word, in milliseconds.
const SILENT_AFTER: i64 = 5_000;
/// How many steps the level has.
pub const STEPS: u8 = 10;

/// The camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lens {
    /// It is off.
    Off,
    /// It is being turned on.
    Opening,
    /// It is on.
    On {
        /// It looks at whoever holds the device.
        front: bool,
        /// There is a microphone with it.
        sound: bool,
    },
    /// There is none to be had.
    Failed(NoCamera),
    /// The device has taken it away.
    Lost,
}

/// The line to the media server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// Nothing is sent.
    Off,
    /// It is being tried for the first time.
    Connecting,
    /// The server takes it.
    On,
    /// It broke off and is tried again.
    Again,
    /// Somebody sends already; it is tried again for a while.
    Taken,
    /// Somebody still does; nothing is sent.
    StillTaken,
    /// The key is not good any more; nothing is sent.
    KeyRefused,
    /// The server does not take it; nothing is sent.
    Refused(u16),
}

impl Line {
    /// Whether the host wants it to be sent.
    pub fn is_wanted(self) -> bool {
        matches!(self, Self::Connecting | Self::On) || self.waits()
    }

    /// Whether it is tried again after a pause.
    pub fn waits(self) -> bool {
        matches!(self, Self::Again | Self::Taken)
    }

    /// Whether it was stopped, and not by the host.
    pub fn has_ended(self) -> bool {
        matches!(self, Self::StillTaken | Self::KeyRefused | Self::Refused(_))
    }
}

/// Something that is no signal, and not to be copied.
type Held<T> = StoredValue<Option<T>, LocalStorage>;

/// Copied freely, like the stores.
#[derive(Clone, Copy)]
pub struct Sender {
    desk: Desk,
    pub lens: RwSignal<Lens>,
    pub line: RwSignal<Line>,
    pub devices: RwSignal<Devices>,
    pub chosen: RwSignal<Wanted>,
    /// How loud it is, in steps; nothing: it cannot be heard.
    pub loud: RwSignal<Option<u8>>,
    /// Nothing was heard for a while.
    pub silent: RwSignal<bool>,
    /// Another camera was not to be had, and the one before goes on.
    pub kept: RwSignal<Option<NoCamera>>,
    /// Which opening of the camera it is: one that was given up lets go of what it gets.
    opening: StoredValue<u32>,
    camera: Held<Camera>,
    level: Held<Level>,
    whip: Held<Whip>,
    door: Held<WhipDoor>,
    /// When something was heard last.
    heard_at: StoredValue<i64>,
    /// Which try it is: what is heard of an older one is nothing.
    turn: StoredValue<u32>,
    tries: StoredValue<usize>,
    /// How often somebody else was there already.
    taken: StoredValue<usize>,
    connected_at: StoredValue<i64>,
}

impl Sender {
    /// One that is off.
    pub fn new(desk: Desk) -> Self {
        let sender = Self {
            desk,
            lens: RwSignal::new(Lens::Off),
            line: RwSignal::new(Line::Off),
            devices: RwSignal::default(),
            chosen: RwSignal::default(),
            loud: RwSignal::new(None),
            silent: RwSignal::new(false),
            kept: RwSignal::new(None),
            opening: StoredValue::new(0),
            camera: Held::new_local(None),
            level: Held::new_local(None),
            whip: Held::new_local(None),
            door: Held::new_local(None),
            heard_at: StoredValue::new(0),
            turn: StoredValue::new(0),
            tries: StoredValue::new(0),
            taken: StoredValue::new(0),
            connected_at: StoredValue::new(0),
        };
        every(LISTENED_EVERY, move || sender.listen());
        leaving::asks_first(move || sender.line.try_get_untracked().is_some_and(Line::is_wanted));
        leaving::at_the_end(move || sender.close());
        awake::keep_while(move || sender.line.get().is_wanted());
        on_cleanup(move || {
            desk.sending.try_set(false);
        });
        sender
    }

    /// Turns a camera on, or changes to another one. Where that one is not to be had, the one before goes on.
    pub fn open(self, wanted: Wanted) {
        if self.lens.get_untracked() == Lens::Opening {
            return;
        }
        self.lens.set(Lens::Opening);
        self.kept.set(None);
        let opening = self.opening.get_value().wrapping_add(1);
        self.opening.set_value(opening);
        // A phone gives one camera at a time: the one before is let go first.
        let before = self.let_go().map(|camera| camera.chosen());
        let ended = move || {
            task(async move {
                self.let_go();
                self.lens.try_set(Lens::Lost);
            });
        };
        task(async move {
            let mut opened = Camera::open(&wanted, ended).await;
            let mut why = None;
            match (&opened, before) {
                (Err(no), Some(before)) => {
                    why = Some(*no);
                    opened = Camera::open(&before, ended).await;
                }
                // The one before was unplugged, and nobody could choose another one.
                (Err(NoCamera::NotThere), None) if wanted != Wanted::default() => {
                    opened = Camera::open(&Wanted::default(), ended).await;
                }
                _ => {}
            }
            if self.opening.try_get_value() != Some(opening) {
                // Closed meanwhile, or the page has gone: whatever was opened is let go at once.
                return;
            }
            match opened {
                Ok(camera) => {
                    self.takes(camera);
                    self.kept.try_set(why);
                    self.look_for_devices();
                }
                Err(no) => {
                    self.lens.try_set(Lens::Failed(why.unwrap_or(no)));
                }
            }
        });
    }

    fn takes(self, camera: Camera) {
        let lens = Lens::On {
            front: camera.is_front(),
            sound: camera.has_sound(),
        };
        self.chosen.try_set(camera.chosen());
        self.level.try_set_value(Level::of(&camera));
        self.heard_at.try_set_value(now_ms());
        let taken = self.whip.try_with_value(|whip| {
            let whip = whip.as_ref()?;
            Some(whip.switch(&camera))
        });
        // Where the page has gone meanwhile, it is let go at once.
        self.camera.try_set_value(Some(camera));
        self.lens.try_set(lens);
        let wanted = self.line.try_get_untracked().is_some_and(Line::is_wanted);
        if wanted && taken.flatten() != Some(true) {
            self.connect();
        }
    }

    /// Lets go of the camera, whatever becomes of the line.
    fn let_go(self) -> Option<Camera> {
        self.level.try_set_value(None);
        self.loud.try_set(None);
        self.silent.try_set(false);
        self.camera.try_update_value(Option::take).flatten()
    }

    /// Turns the camera off, and stops.
    pub fn close(self) {
        self.opening
            .try_update_value(|opening| *opening = opening.wrapping_add(1));
        self.stop();
        self.let_go();
        self.lens.try_set(Lens::Off);
    }

    /// Looks what there is to choose from.
    pub fn look_for_devices(self) {
        task(async move {
            let all = camera::devices().await;
            if self
                .devices
                .try_get_untracked()
                .is_some_and(|old| old != all)
            {
                self.devices.try_set(all);
            }
        });
    }

    /// Shows the camera, where it is on.
    pub fn show_in(self, video: &web_sys::HtmlVideoElement) {
        self.camera.with_value(|camera| match camera {
            Some(camera) => camera.show_in(video),
            None => camera::clear(video),
        });
    }

    fn listen(self) {
        if self.level.try_with_value(Option::is_none) != Some(false) {
            return;
        }
        let heard = self
            .level
            .try_update_value(|level| level.as_mut().and_then(Level::now))
            .flatten();
        let now = now_ms();
        if heard.is_none_or(|heard| heard > NOTHING) {
            self.heard_at.set_value(now);
        }
        let loud = heard.map(steps);
        if self.loud.get_untracked() != loud {
            self.loud.set(loud);
        }
        let silent = now - self.heard_at.get_value() > SILENT_AFTER;
        if self.silent.get_untracked() != silent {
            self.silent.set(silent);
        }
    }

    /// Sends through this door, until [`Self::stop`].
    pub fn start(self, door: WhipDoor) {
        self.door.set_value(Some(door));
        self.tries.set_value(0);
        self.taken.set_value(0);
        self.line.set(Line::Connecting);
        self.desk.sending.set(true);
        self.connect();
    }

    /// Goes on through another door, where something is sent: the key was changed. Whether it does. What is
    /// sent through this very door already is not broken off.
    pub fn goes_on_by(self, door: Option<WhipDoor>) -> bool {
        let is_same = door.is_some() && self.door.with_value(|now| *now == door);
        if is_same || !self.line.get_untracked().is_wanted() {
            return false;
        }
        match door {
            Some(door) => {
                self.start(door);
                true
            }
            None => {
                self.stop();
                false
            }
        }
    }

    /// Tries at once what would be tried after a pause.
    pub fn hurry(self) {
        if self.line.get_untracked() == Line::Again {
            self.connect();
        }
    }

    fn connect(self) {
        let Some(turn) = self.turn.try_update_value(|turn| {
            *turn += 1;
            *turn
        }) else {
            return;
        };
        self.whip.try_set_value(None);
        if self.camera.try_with_value(Option::is_none) != Some(false) {
            // It goes on when there is one again.
            self.line.try_set(Line::Again);
            return;
        }
        let heard = move |heard| task(async move { self.heard(turn, heard) });
        let whip = self.door.with_value(|door| {
            let door = door.as_ref()?;
            self.camera
                .with_value(|camera| Whip::begin(&door.url, &door.token, camera.as_ref()?, heard))
        });
        match whip {
            Some(whip) => {
                self.whip.try_set_value(Some(whip));
            }
            None => self.ends(Line::Refused(0)),
        }
    }

    fn heard(self, turn: u32, heard: Heard) {
        if self.turn.try_get_value() != Some(turn) {
            return;
        }
        match heard {
            Heard::Connected => {
                self.connected_at.set_value(now_ms());
                self.taken.set_value(0);
                self.line.set(Line::On);
            }
            Heard::Broken => {
                let was_on = self.line.get_untracked() == Line::On;
                if was_on && now_ms() - self.connected_at.get_value() > STEADY {
                    self.tries.set_value(0);
                }
                let tries = self.tries.get_value();
                self.tries.set_value(tries + 1);
                self.line.set(Line::Again);
                let pause = PAUSES.get(tries).or(PAUSES.last()).copied();
                self.again_after(turn, pause.unwrap_or(1));
            }
            Heard::Taken => {
                let taken = self.taken.get_value();
                self.taken.set_value(taken + 1);
                match TAKEN_PAUSES.get(taken) {
                    Some(pause) => {
                        self.line.set(Line::Taken);
                        self.again_after(turn, *pause);
                    }
                    None => self.ends(Line::StillTaken),
                }
            }
            Heard::KeyRefused => self.ends(Line::KeyRefused),
            Heard::Refused(status) => self.ends(Line::Refused(status)),
        }
    }

    fn again_after(self, turn: u32, seconds: u64) {
        let again = move || {
            let waits = self.line.try_get_untracked().is_some_and(Line::waits);
            if waits && self.turn.try_get_value() == Some(turn) {
                self.connect();
            }
        };
        set_timeout(again, Duration::from_secs(seconds));
    }

    /// Stops sending. The camera stays on.
    pub fn stop(self) {
        if self.line.try_get_untracked() != Some(Line::Off) {
            self.ends(Line::Off);
        }
    }

    fn ends(self, line: Line) {
        self.turn.try_update_value(|turn| *turn += 1);
        self.whip.try_set_value(None);
        self.door.try_set_value(None);
        self.line.try_set(line);
        self.desk.sending.try_set(false);
    }
}

/// How loud something is, in steps of 6 dB.
fn steps(heard: f32) -> u8 {
    let decibels = 20.0 * heard.max(0.000_001).log10();
    (f32::from(STEPS) + decibels / 6.0).clamp(0.0, f32::from(STEPS)) as u8
}
