//! How the page hears of the show. One tab of a browser leads: it follows the show by the one stream
//! that there is, and tells the others; when it goes, the next goes on from the room it has. Where a
//! browser cannot agree on that (see `browser/tabs`), each tab follows by itself.
//!
//! Whatever is heard waits for the next frame, and is then taken into the room in one go. Of what the
//! host shows nothing is drawn before the picture has come to it.

use super::relay::{Piece, Word};
use crate::browser::frame::{frame, is_seen, while_here};
use crate::browser::media::elapsed;
use crate::browser::tabs::{Channel, Turn};
use crate::browser::{new_key, now_ms};
use crate::shop::live::here::{Here, PictureClock};
use crate::view::{effect, every, task, task_of_part};
use crate::words::spoken;
use client::Source;
use client::browser::Browser;
use client::live::{Door, SILENCE, Status, Told};
use client::transport::Transport;
use domain::live::{Room, Taken};
use domain::video::VideoKind;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Poll, Waker};
use std::time::Duration;

/// How often the tab that leads says at least that it is there, in milliseconds.
const SAYS_EVERY: u32 = 10_000;
/// How often the others look whether it does.
const LOOKS_EVERY: u32 = 4_000;
/// How often it is looked where the picture is.
const PICTURE: Duration = Duration::from_millis(200);

/// This tab.
struct Tab {
    here: Here,
    /// Of the show, in a language: what a room is called depends on it.
    name: String,
    /// What the others call it.
    id: String,
    leads: Cell<bool>,
    /// Whether there are others, or were.
    heard_by: Cell<bool>,
    /// When the tab that leads was heard last; 0: never.
    heard_at: Cell<i64>,
    /// Heard, and not drawn yet; with the time of it.
    heard: RefCell<Vec<(i64, Told)>>,
    waker: RefCell<Option<Waker>>,
    /// To be told to the others.
    to_tell: RefCell<Vec<Piece>>,
    channel: RefCell<Option<Channel>>,
}

/// Follows the show as long as its page is open. The door is where one knocks to have it look at once.
pub fn follow(here: Here) -> Door {
    let show = here.id.with_value(|id| id.as_str().to_owned());
    let tab = Rc::new(Tab {
        here,
        name: ["live/", &show, "/", spoken().tag()].concat(),
        id: new_key(),
        leads: Cell::new(false),
        heard_by: Cell::new(false),
        heard_at: Cell::new(0),
        heard: RefCell::default(),
        waker: RefCell::default(),
        to_tell: RefCell::default(),
        channel: RefCell::default(),
    });
    let hearing = Rc::downgrade(&tab);
    let channel = Channel::open(&tab.name, move |text| {
        if let (Some(tab), Ok(word)) = (hearing.upgrade(), client::json::decode(text)) {
            tab.hear(word);
        }
    });
    tab.channel.replace(Some(channel));

    let door = Door::default();
    let knock = door.clone();
    let online = here.stores.online;
    effect(move |first| match (online.get(), first) {
        (true, true) => {}
        (true, false) => knock.online(),
        (false, _) => knock.offline(),
    });
    let knock = door.clone();
    while_here("visibilitychange", move |_| {
        if is_seen() && online.get_untracked() {
            knock.online();
        }
    });
    let session = here.stores.session.member;
    let member =
        Memo::new(move |_| session.with(|member| member.as_ref().map(|member| member.id.clone())));
    effect(move |first| {
        let member = member.get();
        if !first {
            if member.is_none() {
                here.change(|room| room.mine = None);
            }
            read_mine(here);
        }
    });
    look(here);
    task_of_part(draw(Rc::clone(&tab)));
    task_of_part(lead(tab, door.clone()));
    door
}

/// Looks where the picture is, as long as there may be one.
fn look(here: Here) {
    let has_picture = here.piece(|room| {
        let is_picture = |kind| !matches!(kind, VideoKind::Photos | VideoKind::Unknown);
        room.is_live() && room.sources.iter().any(|source| is_picture(source.kind))
    });
    effect(move |_| {
        if has_picture.get() == Some(true) {
            every(PICTURE, move || {
                let clock = here.clock.try_get_value().unwrap_or_default();
                if clock.at.is_some() || here.drawn.waits() || here.drawn.is_offered() {
                    here.look();
                }
            });
        } else {
            // A clock without a picture says nothing.
            here.clock.set_value(PictureClock::default());
            here.look();
        }
    });
}

/// Takes what was heard into the room, once a frame.
async fn draw(tab: Rc<Tab>) {
    loop {
        poll_fn(|context| {
            if tab.heard.borrow().is_empty() {
                tab.waker.replace(Some(context.waker().clone()));
                return Poll::Pending;
            }
            Poll::Ready(())
        })
        .await;
        frame().await;
        tab.take_in();
    }
}

/// Leads when it is this tab's turn, until the show is over.
async fn lead(tab: Rc<Tab>, door: Door) {
    let here = tab.here;
    let client = here.stores.client();
    let Some(show) = here.id.try_get_value() else {
        return;
    };
    let mut take = false;
    loop {
        let turn = if take {
            Turn::take(&tab.name)
        } else {
            Turn::wait(&tab.name)
        };
        tab.say(false, "", Vec::new());
        take = !first(turn.granted(), tab.forsaken()).await;
        if take {
            continue;
        }
        tab.leads.set(true);
        tab.take_in();
        tab.say_status();
        let room = here.room.try_get_untracked().flatten().map(Box::new);
        // The room that one goes on from is told first. Everybody has it already.
        let mut known = room.is_some();
        let tell = |told| {
            if !(std::mem::take(&mut known) && matches!(told, Told::Room(_))) {
                tab.tell(told);
            }
        };
        let follow = client::live::follow(&client, &show, room, &door, tell);
        let over = first(follow, first_of(turn.lost(), tab.says_that_it_leads())).await;
        tab.leads.set(false);
        tab.heard_at.set(now_ms());
        if over {
            return;
        }
    }
}

impl Tab {
    /// Something was heard of the show.
    fn tell(self: &Rc<Self>, told: Told) {
        if self.heard_by.get() {
            let mut waiting = self.to_tell.borrow_mut();
            waiting.push(told.clone().into());
            if waiting.len() == 1 {
                let tab = Rc::clone(self);
                // Not with the frame: a hidden page draws none, and another may be looked at.
                task(async move {
                    let told = tab.to_tell.take();
                    tab.say(true, "", told);
                });
            }
        }
        self.put_aside(told);
    }

    fn put_aside(&self, told: Told) {
        self.heard.borrow_mut().push((elapsed(), told));
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    fn say(&self, leads: bool, to: &str, told: Vec<Piece>) {
        let word = Word {
            to: to.to_owned(),
            leads,
            from: self.id.clone(),
            told,
        };
        if let (Some(channel), Ok(text)) = (&*self.channel.borrow(), serde_json::to_string(&word)) {
            channel.say(&text);
        }
    }

    /// Another tab has said something.
    fn hear(&self, word: Word) {
        self.heard_by.set(true);
        if !word.to.is_empty() && word.to != self.id {
            return;
        }
        if word.leads {
            self.heard_at.set(now_ms());
            if !self.leads.get() {
                let nothing = |room: &Option<Room>| room.is_none();
                let lost = self.here.room.try_with_untracked(nothing) == Some(true);
                if lost && word.to.is_empty() {
                    // It was asked before this one led.
                    self.say(false, "", Vec::new());
                }
                let told = word.told.into_iter().filter_map(Piece::told);
                told.for_each(|told| self.put_aside(told));
            }
        } else if self.leads.get() {
            self.take_in();
            let room = self.here.room.try_get_untracked().flatten();
            let room = room.map(|room| Told::Room(Box::new(room)).into());
            let status = self.here.status.try_get_untracked();
            let status = Told::Status(status.unwrap_or(Status::Reconnecting)).into();
            self.say(true, &word.from, room.into_iter().chain([status]).collect());
        }
    }

    /// Takes in whatever was heard.
    fn take_in(&self) {
        let heard = self.heard.take();
        if heard.is_empty() {
            return;
        }
        let (mut status, mut news, mut gap) = (None, Vec::new(), false);
        for (at, told) in heard {
            match told {
                Told::Status(told) => status = Some(told),
                told => news.push((at, told)),
            }
        }
        let mut others = false;
        if !news.is_empty() {
            self.here.room.try_update(|room| {
                let drawn = self.here.drawn;
                for (at, told) in news {
                    match told {
                        Told::Room(new) => others |= self.enter(room, *new, at),
                        Told::Event(event) => {
                            let take = |room| drawn.take(room, &event, at);
                            gap |= room.as_mut().map(take) == Some(Taken::Gap);
                        }
                        Told::Status(_) => {}
                    }
                }
            });
            self.here.look();
        }
        if let Some(status) = status {
            self.here.status.try_set(status);
        }
        if others {
            read_mine(self.here);
        }
        if gap && !self.leads.get() {
            // Something was missed: where are we?
            self.say(false, "", Vec::new());
        }
    }

    /// Goes on from a whole room; whether what is of the member has to be asked for.
    fn enter(&self, room: &mut Option<Room>, mut new: Room, at: i64) -> bool {
        let is_older = |now: &Room| now.epoch == new.epoch && now.last_event_id > new.last_event_id;
        if room.as_ref().is_some_and(is_older) {
            return false;
        }
        self.here.drawn.enter(&new, at);
        if self.leads.get() {
            *room = Some(new);
            return false;
        }
        // It is the room of another tab, which does not know what was done in this one.
        if let Some(now) = room.take() {
            new.mine = now.mine;
        }
        *room = Some(new);
        true
    }

    /// Is done when the tab that leads has not been heard for too long: it may be asleep, while this
    /// one is looked at.
    async fn forsaken(&self) {
        let since = now_ms();
        loop {
            Browser.sleep(LOOKS_EVERY).await;
            let heard_at = self.heard_at.get();
            // Whoever leads answers a new one at once.
            let most = if heard_at == 0 { LOOKS_EVERY } else { SILENCE };
            let quiet = now_ms().saturating_sub(heard_at.max(since));
            if is_seen() && quiet >= i64::from(most) {
                return;
            }
        }
    }

    /// Never done.
    async fn says_that_it_leads(&self) {
        loop {
            Browser.sleep(SAYS_EVERY).await;
            self.say_status();
        }
    }

    fn say_status(&self) {
        let status = self.here.status.try_get_untracked();
        let status = status.unwrap_or(Status::Reconnecting);
        self.say(true, "", vec![Told::Status(status).into()]);
    }
}

/// Asks for what is of whoever is signed in now; the rest of the room comes by the stream.
fn read_mine(here: Here) {
    task(async move {
        let Some(id) = here.id.try_get_value() else {
            return;
        };
        let asked = here.stores.client().shows().room(&id).await;
        if let Ok(fresh) = asked
            && fresh.source == Source::Backend
        {
            here.change(|room| {
                room.show.remind = fresh.value.show.remind;
                room.now = fresh.value.now;
                room.mine = fresh.value.mine;
                if let Some(mine) = &mut room.mine {
                    mine.muted = room.muted.contains(&mine.author);
                }
            });
        }
    });
}

/// Waits for one of two; whether it was the first.
async fn first(one: impl Future<Output = ()>, other: impl Future<Output = ()>) -> bool {
    let (mut one, mut other) = (pin!(one), pin!(other));
    poll_fn(|context| match one.as_mut().poll(context) {
        Poll::Ready(()) => Poll::Ready(true),
        Poll::Pending => other.as_mut().poll(context).map(|()| false),
    })
    .await
}

async fn first_of(one: impl Future<Output = ()>, other: impl Future<Output = ()>) {
    first(one, other).await;
}
