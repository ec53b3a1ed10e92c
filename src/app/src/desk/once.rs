//! Something that is done once at the desk, under a key that is kept on the tablet before it is
//! sent and until its outcome is taken in. While the outcome is not known the same request is sent
//! under the same key, and nothing else can be begun: reloading or locking the desk changes nothing
//! of that. What is somebody's of the shop waits for them, as the backend knows a key by who sent it.

use crate::browser::{new_key, now_ms, storage};
use crate::desk::{Desk, here};
use crate::state::{Stores, stores};
use crate::view::task;
use client::Error;
use client::outbox::{Answer, SENDABLE_FOR};
use client::transport::Transport;
use domain::id::StaffId;
use domain::problem::ProblemKind;
use leptos::prelude::*;
use serde::Serialize;
use std::future::Future;
use std::pin::Pin;

/// How long to wait before asking again: at first and at most, in milliseconds.
const WAIT: (u32, u32) = (1_500, 20_000);

/// What is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Kept {
    /// Its `Idempotency-Key`.
    pub key: String,
    /// Of what it is; may be empty.
    pub place: String,
    /// The JSON of its request.
    pub request: String,
    /// When it was made, by the tablet's clock, in milliseconds.
    pub made_at: i64,
}

domain::readable!(Kept {
    key,
    place,
    request,
    made_at
});

/// How far it is.
#[derive(Clone, Debug)]
pub enum Progress<A> {
    /// Nothing is under way.
    Idle,
    /// It is on its way.
    Sending(Kept),
    /// It is not known what became of it; it is being found out.
    Checking(Kept),
    /// It is done, and not taken in yet.
    Done(A),
    /// It was refused: nothing was done.
    Refused(Kept, Error),
    /// The tablet keeps nothing more, so it was not sent.
    NoRoom(Kept),
    /// It is too old to be sent again, and nobody knows what became of it.
    Lapsed,
}

/// An answer on its way.
pub type Sent<A> = Pin<Box<dyn Future<Output = Result<A, Error>>>>;

/// One kind of thing that is done once.
#[derive(Debug)]
pub struct Once<A: Send + Sync + 'static> {
    /// How far it is.
    pub progress: RwSignal<Progress<A>>,
    /// Where it is kept.
    name: StoredValue<String>,
    send: fn(Stores, Kept) -> Sent<A>,
    desk: Desk,
}

impl<A: Send + Sync> Clone for Once<A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A: Send + Sync> Copy for Once<A> {}

impl<A: Clone + Send + Sync + 'static> Once<A> {
    /// Goes on with what is under way already.
    pub fn of(what: &str, staff: &StaffId, send: fn(Stores, Kept) -> Sent<A>) -> Self {
        let once = Self {
            progress: RwSignal::new(Progress::Idle),
            name: StoredValue::new(["desk/", what, "/", staff.as_str()].concat()),
            send,
            desk: here(),
        };
        if let Some(kept) = once.kept() {
            if now_ms() - kept.made_at > SENDABLE_FOR {
                once.forget();
                once.progress.set(Progress::Lapsed);
            } else {
                once.progress.set(Progress::Checking(kept.clone()));
                once.run(kept, stores());
            }
        }
        once
    }

    /// Has it done. Nothing happens while another one is under way.
    pub fn submit(self, place: &str, request: &impl Serialize, stores: Stores) {
        if self.is_under_way() {
            return;
        }
        // Another tab of this tablet may have begun something: that is seen through first.
        if let Some(kept) = self.kept() {
            self.progress.set(Progress::Checking(kept.clone()));
            self.run(kept, stores);
            return;
        }
        let Ok(request) = serde_json::to_string(request) else {
            return;
        };
        let kept = Kept {
            key: new_key(),
            place: place.to_owned(),
            request,
            made_at: now_ms(),
        };
        let written = self.name.with_value(|name| storage::write(name, &kept));
        if !written {
            self.progress.set(Progress::NoRoom(kept));
            return;
        }
        self.progress.set(Progress::Sending(kept.clone()));
        self.run(kept, stores);
    }

    /// Whether something is on its way, or done and not taken in.
    pub fn is_under_way(self) -> bool {
        use Progress::{Checking, Done, Sending};
        self.progress
            .with_untracked(|progress| matches!(progress, Sending(_) | Checking(_) | Done(..)))
    }

    /// Whether something is on its way.
    pub fn is_busy(self) -> bool {
        use Progress::{Checking, Sending};
        self.progress
            .with(|progress| matches!(progress, Sending(_) | Checking(_)))
    }

    /// Whether it is being found out what became of something.
    pub fn is_checking(self) -> bool {
        let progress = self.progress;
        progress.with(|progress| matches!(progress, Progress::Checking(_)))
    }

    /// Everything that follows from the outcome is done.
    pub fn taken_in(self) {
        self.forget();
        self.progress.set(Progress::Idle);
    }

    fn kept(self) -> Option<Kept> {
        self.name.with_value(|name| storage::read(name))
    }

    fn forget(self) {
        self.name.with_value(|name| storage::forget(name));
    }

    fn run(self, kept: Kept, stores: Stores) {
        let desk = self.desk;
        let name = self.name.get_value();
        task(async move {
            let mut pause = WAIT.0;
            loop {
                let error = match (self.send)(stores, kept.clone()).await {
                    // It stays kept until it is taken in: the desk may have been locked meanwhile.
                    Ok(done) => {
                        self.progress.try_set(Progress::Done(done));
                        return;
                    }
                    Err(error) => error,
                };
                let asked_for = match Answer::of(Err(error.clone())) {
                    // These say nothing of what became of an earlier request.
                    _ if is_locked_out(&error) => {
                        if self.progress.try_set(Progress::Checking(kept)).is_none() {
                            desk.find_out(stores);
                        }
                        return;
                    }
                    Answer::Refused(_) => {
                        // Only its own: a newer one may lie there.
                        if storage::read::<Kept>(&name).is_some_and(|there| there.key == kept.key) {
                            storage::forget(&name);
                        }
                        self.progress.try_set(Progress::Refused(kept, error));
                        return;
                    }
                    Answer::Lost(seconds) => seconds.unwrap_or(0).saturating_mul(1_000),
                    _ => 0,
                };
                // The page is gone: the next one goes on with it.
                let checking = Progress::Checking(kept.clone());
                if self.progress.try_set(checking).is_some() {
                    return;
                }
                client::browser::Browser.sleep(pause.max(asked_for)).await;
                pause = (pause * 2).min(WAIT.1);
            }
        });
    }
}

/// Whether nobody is at the desk any more, or the tablet is not the shop's any more.
fn is_locked_out(error: &Error) -> bool {
    matches!(error, Error::Refused { problem, .. }
        if matches!(problem.kind, ProblemKind::NotSignedIn | ProblemKind::UnknownDevice))
}
