//! What one says oneself. It is seen at once, marked until the show has it. What is typed, and what is
//! not known to be said, stays on the device.

use super::words::says;
use crate::browser::{new_key, now_ms, storage};
use crate::parts::state::explain;
use crate::shop::live::here::Here;
use crate::state::session::SAYING;
use crate::view::task;
use client::Error;
use domain::id::CommentId;
use domain::live::{Comment, CommentRequest, MAX_COMMENT_CHARS, Room, readable};
use domain::problem::ProblemKind;
use leptos::prelude::*;
use serde::Serialize;

/// For how long a comment that was said is shown without its event, in milliseconds.
const WITHOUT_EVENT: i64 = 30_000;

/// What is kept on the device.
#[derive(Clone, Debug, Default, Serialize)]
struct Kept {
    show: String,
    text: String,
    unsaid: Vec<Unsaid>,
}

domain::readable!(Kept { show, text or Default::default(), unsaid or Default::default() });

/// Something to be said. The key is its mark too, by which its event is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unsaid {
    /// The name of the intent.
    pub key: String,
    /// What.
    pub text: String,
    /// Whether it is meant as a question.
    pub question: bool,
}

domain::readable!(Unsaid { key, text, question or false });

/// How far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// On its way.
    Sending,
    /// Said; its event is on its way. Since when, and which comment it is.
    Said(i64, CommentId),
    /// Not known: it may have been said.
    Unknown,
    /// Certainly not said.
    Refused,
}

/// What one says.
#[derive(Clone, Copy)]
pub struct Own {
    here: Here,
    /// What is in the field.
    pub text: RwSignal<String>,
    /// What was sent and is not among the comments yet.
    pub sent: RwSignal<Vec<(Unsaid, How)>>,
    /// When one may say something again, by the device's clock; 0: now.
    pub free_at: RwSignal<i64>,
    /// What went wrong last.
    pub trouble: RwSignal<String>,
    /// How one wants to be called, where that was typed.
    pub name: RwSignal<Option<String>>,
}

impl Own {
    /// What this device has kept of it.
    pub fn new(here: Here) -> Self {
        let kept: Kept = storage::read(SAYING).unwrap_or_default();
        let is_this = here.id.with_value(|id| kept.show == id.as_str());
        let kept = if is_this { kept } else { Kept::default() };
        let sent = kept.unsaid.into_iter().map(|one| (one, How::Unknown));
        Self {
            here,
            text: RwSignal::new(kept.text),
            sent: RwSignal::new(sent.collect()),
            free_at: RwSignal::new(0),
            trouble: RwSignal::new(String::new()),
            name: RwSignal::new(None),
        }
    }

    /// The room that it is said in.
    pub fn here(&self) -> Here {
        self.here
    }

    /// Takes in what is typed.
    pub fn typed(&self, text: String) {
        self.text.set(text);
        self.trouble.set(String::new());
        self.keep();
    }

    fn keep(&self) {
        let unsaid = self.sent.with_untracked(|sent| {
            let open = sent.iter().filter(|(_, how)| !matches!(how, How::Said(..)));
            open.map(|(one, _)| one.clone()).collect()
        });
        let kept = Kept {
            show: self.here.id.with_value(|id| id.as_str().to_owned()),
            text: self.text.get_untracked(),
            unsaid,
        };
        if kept.text.is_empty() && kept.unsaid.is_empty() {
            storage::forget(SAYING);
        } else {
            storage::write(SAYING, &kept);
        }
    }

    /// Says what is in the field; whether it went.
    pub fn send(&self, question: bool) -> bool {
        let text = readable(&self.text.get_untracked());
        let is_muted = self.here.room.with_untracked(|room| {
            let mine = room.as_ref().and_then(|room| room.mine.as_ref());
            mine.is_some_and(|mine| mine.muted)
        });
        let waits = self.free_at.get_untracked() > now_ms();
        let fits = text.chars().count() <= MAX_COMMENT_CHARS;
        if text.is_empty() || is_muted || waits || !fits {
            return false;
        }
        let one = Unsaid {
            key: new_key(),
            text,
            question,
        };
        self.trouble.set(String::new());
        self.text.set(String::new());
        self.sent
            .update(|sent| sent.push((one.clone(), How::Sending)));
        self.keep();
        self.post(one);
        true
    }

    /// Sends it again: with the same key where it is not known whether it was said.
    pub fn again(&self, key: &str) {
        let mut found = None;
        self.sent.update(|sent| {
            if let Some((one, how)) = sent.iter_mut().find(|(one, _)| one.key == key) {
                if *how == How::Refused {
                    one.key = new_key();
                }
                *how = How::Sending;
                found = Some(one.clone());
            }
        });
        self.trouble.set(String::new());
        self.keep();
        if let Some(one) = found {
            self.post(one);
        }
    }

    /// Does not want it said any more.
    pub fn drop(&self, key: &str) {
        self.sent
            .update(|sent| sent.retain(|(one, _)| one.key != key));
        self.keep();
    }

    /// Takes out what is among the comments; whether anything was.
    pub fn confirm(&self, room: &Room) -> bool {
        let is_there = |(one, how): &(Unsaid, How)| {
            let is_it = |comment: &Comment| {
                let said = matches!(how, How::Said(_, id) if *id == comment.id);
                said || (!comment.mark.is_empty() && comment.mark == one.key)
            };
            room.comments.iter().any(is_it)
        };
        let is_old = |how: &How| match how {
            How::Said(at, _) => now_ms().saturating_sub(*at) > WITHOUT_EVENT,
            _ => false,
        };
        let (came, over) = self.sent.with_untracked(|sent| {
            let came = sent.iter().any(is_there);
            (came, came || sent.iter().any(|(_, how)| is_old(how)))
        });
        if over {
            self.sent
                .update(|sent| sent.retain(|one| !is_there(one) && !is_old(&one.1)));
            self.keep();
        }
        came
    }

    fn post(&self, one: Unsaid) {
        let own = *self;
        let (stores, id) = (self.here.stores, self.here.id.get_value());
        let name = self.name.get_untracked();
        let request = CommentRequest {
            text: one.text.clone(),
            question: one.question,
            mark: one.key.clone(),
            name: name.clone(),
        };
        // To its end, also when the page is left.
        task(async move {
            let answer = stores
                .client()
                .shows()
                .comment(&id, &request, &one.key)
                .await;
            match answer {
                Ok(comment) => own.was_said(&one, comment, name),
                Err(error) => own.was_not_said(&one, &error),
            }
        });
    }

    fn was_said(&self, one: &Unsaid, comment: Comment, name: Option<String>) {
        let said = self.sent.try_update(|sent| {
            // Its event may have been faster.
            for (_, how) in sent.iter_mut().filter(|(there, _)| there.key == one.key) {
                *how = How::Said(now_ms(), comment.id.clone());
            }
        });
        if said.is_none() {
            return forget(&one.key);
        }
        self.keep();
        let mut slow = 0;
        self.here.change(|room| {
            slow = i64::from(room.slow_seconds);
            if let (Some(mine), Some(name)) = (&mut room.mine, name) {
                mine.name = name;
            }
        });
        self.name.set(None);
        if slow > 0 {
            self.free_at.set(now_ms().saturating_add(slow * 1_000));
        }
        // A stream that is cut just now may bring its event much later, or never.
        let here = self.here;
        here.room.with_untracked(|room| {
            room.iter().for_each(|room| {
                self.confirm(room);
            });
        });
    }

    fn was_not_said(&self, one: &Unsaid, error: &Error) {
        self.here.stores.session.heed(error);
        let trouble = match error {
            Error::Refused {
                problem,
                retry_after,
            } if problem.status < 500 => {
                if problem.kind == ProblemKind::Muted {
                    self.here.change(|room| {
                        room.mine.iter_mut().for_each(|mine| mine.muted = true);
                    });
                }
                match (&problem.kind, problem.status, retry_after) {
                    (ProblemKind::TooFast, ..) | (_, 429, _) => {
                        let seconds = i64::from(retry_after.unwrap_or_default().max(1));
                        self.free_at
                            .try_set(now_ms().saturating_add(seconds * 1_000));
                        Some(says().too_fast.to_owned())
                    }
                    // It stands there as long as it is so.
                    (ProblemKind::Muted, ..) => Some(says().kept.to_owned()),
                    (ProblemKind::NotNow, ..) => Some([says().not_open, says().kept].concat()),
                    _ => Some([&explain(error).0, says().stop, says().kept].concat()),
                }
            }
            _ => None,
        };
        if let Some(trouble) = trouble {
            self.put_back(one);
            self.trouble.try_set(trouble);
        } else {
            // Whether it came is not known.
            self.set(&one.key, How::Unknown);
        }
    }

    /// What was certainly not said stands in the field again, if there is room.
    fn put_back(&self, one: &Unsaid) {
        if self.text.try_with_untracked(String::is_empty) == Some(true) {
            self.sent
                .update(|sent| sent.retain(|(there, _)| there.key != one.key));
            self.text.set(one.text.clone());
            self.keep();
        } else {
            self.set(&one.key, How::Refused);
        }
    }

    fn set(&self, key: &str, to: How) {
        self.sent.try_update(|sent| {
            for (_, how) in sent.iter_mut().filter(|(one, _)| one.key == key) {
                *how = to.clone();
            }
        });
    }
}

/// What was said after its page was left is not kept any more.
fn forget(key: &str) {
    if let Some(mut kept) = storage::read::<Kept>(SAYING) {
        kept.unsaid.retain(|one| one.key != key);
        storage::write(SAYING, &kept);
    }
}
