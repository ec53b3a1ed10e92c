//! What is open for a while in a room: a poll, a round of wishes, coupons. They open and close with the
//! picture, while the shop has them as they are now: what is drawn as open may be closed, and that is said.

mod board;
mod drop;
mod kept;
mod poll;
mod wish;
mod words;

use super::here::Here;
use crate::browser::address::go;
use crate::parts::state::explain;
use client::Error;
use domain::problem::ProblemKind;
use leptos::prelude::*;

pub use board::wishes_button;
pub use drop::coupons;
pub use poll::poll;

/// Why something was not done, in short, and what that means for the session. `over` says that it
/// was closed meanwhile.
fn why(error: &Error, here: Here, over: &'static str) -> String {
    let text = words::text();
    here.stores.session.heed(error);
    match error {
        Error::Offline | Error::TimedOut => text.unsure.to_owned(),
        Error::Refused {
            retry_after: Some(seconds),
            ..
        } => (text.too_fast)(*seconds),
        Error::Refused { problem, .. } => match problem.kind {
            ProblemKind::NotNow => over.to_owned(),
            ProblemKind::Muted => text.muted.to_owned(),
            _ => explain(error).0,
        },
        _ => explain(error).0,
    }
}

/// Whether it was closed meanwhile.
fn is_not_now(error: &Error) -> bool {
    matches!(error, Error::Refused { problem, .. } if problem.kind == ProblemKind::NotNow)
}

/// Whether it is to be tried once more under the same key, after a while.
fn is_too_fast(error: &Error) -> bool {
    matches!(error, Error::Refused { problem, .. } if problem.status == 429)
}

/// Goes to where one signs in, to come back here.
fn sign_in(here: Here) {
    go(here.address, &here.sign_in(), false);
}

/// Whether somebody is signed in, asked at an event.
fn is_member(here: Here) -> bool {
    untrack(|| here.stores.session.is_open())
}
