//! An order on its way. Its intent has one key, written down before the first request and kept
//! until the outcome is known: done, refused, or not known yet. While it is not known nobody is
//! offered to order again; the very same intent is asked for until there is an answer.

use super::session::{INTENT, NOTE, remember};
use super::{Stores, storage};
use crate::view::task;
use client::Error;
use client::transport::Transport;
use domain::id::MemberId;
use domain::order::{Order, OrderRequest};
use domain::problem::ProblemKind;
use leptos::prelude::*;
use serde::Serialize;

/// How long to wait before asking again, at first and at most, in milliseconds.
const WAIT: (u32, u32) = (1_500, 20_000);

/// What is kept of an order on its way.
#[derive(Clone, Debug, Serialize)]
struct Intent {
    key: String,
    /// Whose it is: nobody else on this phone sends it.
    member: MemberId,
    request: OrderRequest,
}

domain::readable!(Intent {
    key,
    member,
    request
});

/// How far an order is.
#[derive(Clone, Debug)]
pub enum Submission {
    /// Nothing is on its way.
    Idle,
    /// It was sent.
    Sending,
    /// There was no answer; it is asked for again and again.
    Checking,
    /// It is placed.
    Done(Box<Order>),
    /// It was refused; nothing was ordered.
    Refused(Error),
}

/// The order on its way.
#[derive(Clone, Copy, Debug)]
pub struct Checkout {
    /// How far it is.
    pub submission: RwSignal<Submission>,
}

impl Checkout {
    pub(super) fn new() -> Self {
        Self {
            submission: RwSignal::new(Submission::Idle),
        }
    }

    /// Whether an order is on its way.
    pub fn is_under_way(&self) -> bool {
        self.submission
            .with(|submission| matches!(submission, Submission::Sending | Submission::Checking))
    }

    /// Orders.
    pub fn submit(&self, request: OrderRequest, stores: Stores) {
        if untrack(|| self.is_under_way()) {
            return;
        }
        let Some(member) = member(stores) else {
            return;
        };
        let intent = Intent {
            key: crate::browser::new_key(),
            member,
            request,
        };
        let is_kept = storage::write(INTENT, &intent);
        self.pursue(intent, is_kept, stores);
    }

    /// Goes on with an order whose outcome was not known when the page was closed.
    pub fn resume(&self, stores: Stores) {
        if !untrack(|| self.is_under_way())
            && let Some(intent) = storage::read::<Intent>(INTENT)
            && member(stores).as_ref() == Some(&intent.member)
        {
            self.pursue(intent, true, stores);
        }
    }

    fn pursue(&self, intent: Intent, is_kept: bool, stores: Stores) {
        let submission = self.submission;
        submission.set(Submission::Sending);
        task(async move {
            let mut wait = WAIT.0;
            let gone = || member(stores).as_ref() != Some(&intent.member);
            loop {
                let client = stores.client();
                let answer = client.orders().place(&intent.request, &intent.key).await;
                // Whoever ordered has left: nothing of it stays on this phone.
                if gone() {
                    submission.set(Submission::Idle);
                    return;
                }
                match answer {
                    Ok(order) => {
                        let kept: Option<Intent> = storage::read(INTENT);
                        // Another tab may have heard of it first, and taken the goods out.
                        if !is_kept || kept.is_some_and(|kept| kept.key == intent.key) {
                            storage::forget(INTENT);
                            storage::forget(NOTE);
                            stores.cart.take_out(&intent.request);
                        }
                        remember(&order);
                        submission.set(Submission::Done(Box::new(order)));
                        return;
                    }
                    // It says nothing of what became of an earlier try: the intent waits until the
                    // same member is back.
                    Err(error) if error.is_not_signed_in() => {
                        stores.session.heed(&error);
                        submission.set(Submission::Refused(error));
                        return;
                    }
                    Err(error) if is_refusal(&error) => {
                        storage::forget(INTENT);
                        submission.set(Submission::Refused(error));
                        return;
                    }
                    Err(_) => {
                        submission.set(Submission::Checking);
                        client::browser::Browser.sleep(wait).await;
                        wait = (wait * 2).min(WAIT.1);
                        if gone() {
                            submission.set(Submission::Idle);
                            return;
                        }
                    }
                }
            }
        });
    }
}

/// Who is signed in.
fn member(stores: Stores) -> Option<MemberId> {
    let member = stores.session.member;
    member.with_untracked(|member| member.as_ref().map(|member| member.id.clone()))
}

/// Whether the backend has said no. Everything else says nothing about what became of the order.
fn is_refusal(error: &Error) -> bool {
    match error {
        Error::Refused { problem, .. } => {
            problem.status < 500 && problem.kind != ProblemKind::TooManyRequests
        }
        Error::Unsupported => true,
        Error::Offline | Error::TimedOut | Error::Undecodable { .. } => false,
    }
}
