//! What is seen of what people say, and whether it moves.
//!
//! Rows change once a frame at most, with the room. Who has scrolled up, or wants nothing to move,
//! keeps the rows that are there, and is told how many are new.

use super::own::Own;
use super::rows::{Lane, Row, rows, without_removed};
use super::words::says;
use crate::browser::{frame, storage};
use crate::shop::live::here::Here;
use crate::view::{effect, every};
use domain::id::{AuthorId, CommentId};
use domain::live::{Comment, Room};
use leptos::prelude::*;
use std::time::Duration;

/// Whether one wants nothing to move, on this device.
const STILL: &str = "live-still";
/// How often a screen reader is told what is new.
const SUMMARY: Duration = Duration::from_secs(5);

/// By this it is known whether anything has changed that rows are made of.
type Sign = (
    Option<CommentId>,
    Option<CommentId>,
    usize,
    usize,
    usize,
    Option<AuthorId>,
);

/// What is seen of the comments.
#[derive(Clone, Copy)]
pub struct Talk {
    /// The room.
    pub here: Here,
    /// What one says oneself.
    pub own: Own,
    /// Which comments are looked at.
    pub lane: RwSignal<Lane>,
    /// The rows that are shown.
    pub rows: RwSignal<Vec<Row>>,
    /// Whether one has scrolled up.
    pub paused: RwSignal<bool>,
    /// How many have come that are not shown.
    pub fresh: RwSignal<u32>,
    /// What a screen reader is told.
    pub summary: RwSignal<String>,
    /// Counts up when the newest are to be seen.
    pub to_end: RwSignal<u32>,
    /// Whether one has chosen that nothing moves.
    chosen_still: RwSignal<bool>,
    /// Whether anything was taken in.
    begun: StoredValue<bool>,
    last: StoredValue<Option<Seen>>,
    /// What came since the last summary: how many, and the last of them.
    since: StoredValue<(u32, String)>,
}

impl Talk {
    /// Begins to follow what is said.
    pub fn new(here: Here) -> Self {
        let still = storage::read(STILL).unwrap_or_else(frame::wants_stillness);
        let talk = Self {
            here,
            own: Own::new(here),
            lane: RwSignal::new(Lane::All),
            rows: RwSignal::new(Vec::new()),
            paused: RwSignal::new(false),
            fresh: RwSignal::new(0),
            summary: RwSignal::new(String::new()),
            to_end: RwSignal::new(0),
            chosen_still: RwSignal::new(still),
            begun: StoredValue::new(false),
            last: StoredValue::new(None),
            since: StoredValue::new((0, String::new())),
        };
        let sign = here.piece(sign);
        effect(move |_| {
            if sign.get().is_some() {
                here.room.with_untracked(|room| {
                    room.iter().for_each(|room| talk.take_in(room));
                });
            }
        });
        every(SUMMARY, move || talk.sum_up());
        talk
    }

    /// Whether nothing moves by itself: so it is wanted, and so it always is in 长辈版.
    pub fn still(&self) -> bool {
        self.chosen_still.get() || self.here.stores.settings.elder()
    }

    /// Stops what moves, or lets it move again.
    pub fn set_still(&self, still: bool) {
        storage::write(STILL, &still);
        self.chosen_still.set(still);
        self.show_newest();
    }

    /// Looks at other comments.
    pub fn look_at(&self, lane: Lane) {
        self.lane.set(lane);
        self.show_newest();
    }

    /// Shows what is new.
    pub fn show_newest(&self) {
        self.here.room.with_untracked(|room| {
            if let Some(room) = room {
                self.rows.set(rows(room, self.lane.get_untracked()));
            }
        });
        self.paused.set(false);
        self.fresh.set(0);
        self.to_end.update(|times| *times = times.wrapping_add(1));
    }

    /// Another time of the show is looked at: what is there then is no news.
    pub fn begin_again(&self) {
        self.begun.try_set_value(false);
        self.last.try_set_value(None);
        self.since.try_set_value((0, String::new()));
        self.summary.try_set(String::new());
    }

    fn take_in(&self, room: &Room) {
        let own_came = self.own.confirm(room);
        let first = !self.begun.get_value();
        self.begun.set_value(true);
        // An empty list does not move by what comes into it.
        let to_show = first || own_came || self.rows.with_untracked(Vec::is_empty);
        let news = self.last.with_value(|last| news(room, last.as_ref()));
        let newest = room.comments.last();
        self.last
            .set_value(newest.map(|comment| (comment.id.clone(), comment.at.ms)));
        let mine = room.mine.as_ref().map(|mine| &mine.author);
        let mut others = news.iter().filter(|one| mine != Some(&one.author));
        let count = u32::try_from(others.clone().count()).unwrap_or(u32::MAX);
        if !first && let Some(last) = others.next_back() {
            self.since.update_value(|(sum, text)| {
                *sum = sum.saturating_add(count);
                last.text.clone_into(text);
            });
        }
        let still =
            self.chosen_still.get_untracked() || untrack(|| self.here.stores.settings.elder());
        if !to_show && (still || self.paused.get_untracked()) {
            let fresh = match self.lane.get_untracked() {
                Lane::All => count,
                Lane::Questions => {
                    let asked = news.iter().filter(|one| one.question);
                    u32::try_from(asked.count()).unwrap_or(u32::MAX)
                }
            };
            if fresh > 0 {
                self.fresh.update(|sum| *sum = sum.saturating_add(fresh));
            }
            self.rows.update(|rows| without_removed(rows, room));
        } else if to_show {
            self.show_newest();
        } else {
            self.rows.set(rows(room, self.lane.get_untracked()));
        }
    }

    fn sum_up(&self) {
        let since = self.since.try_update_value(std::mem::take);
        if let Some((count @ 1.., last)) = since {
            self.summary.try_set((says().summary)(count, &last));
        }
    }
}

fn sign(room: &Room) -> Sign {
    let id = |comment: Option<&Comment>| comment.map(|comment| comment.id.clone());
    let answered = room.questions.iter().filter(|one| one.answer.is_some());
    (
        id(room.comments.first()),
        id(room.comments.last()),
        room.comments.len(),
        room.questions.len(),
        answered.count(),
        room.mine.as_ref().map(|mine| mine.author.clone()),
    )
}

/// A comment that was seen, and when it was said, in milliseconds.
type Seen = (CommentId, i64);

/// What came after the last one that was seen. That one may have been taken away: then what was said
/// later than it.
fn news<'a>(room: &'a Room, last: Option<&Seen>) -> &'a [Comment] {
    let all = &room.comments;
    let from = match last {
        None => 0,
        Some((id, at)) => all
            .iter()
            .rposition(|one| one.id == *id)
            .map_or_else(|| all.partition_point(|one| one.at.ms <= *at), |at| at + 1),
    };
    all.get(from..).unwrap_or_default()
}
