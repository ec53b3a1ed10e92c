//! What one means to give back, as far as it is filled in. It is kept on the device with every
//! change, so that a closed page or a lost network takes nothing away.

use crate::browser::{new_key, storage};
use crate::state::Stores;
use crate::state::session::RETURN;
use client::Error;
use domain::after_sale::{Return, ReturnPieces, ReturnReason, ReturnRequest};
use domain::id::OrderId;
use domain::problem::ProblemKind;
use serde::Serialize;

/// A return that is being filled in.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Draft {
    /// The order it is about.
    pub order: OrderId,
    /// What comes back.
    pub lines: Vec<ReturnPieces>,
    /// Why, once that is chosen.
    pub reason: Option<ReturnReason>,
    /// A word to it.
    pub note: String,
    /// The picture, as base64.
    pub picture: Option<String>,
    /// The name of the intent once it was sent. What is changed after that is another intent.
    pub key: Option<String>,
}

domain::readable!(Draft { order, lines or Default::default(), reason, note or Default::default(), picture, key });

impl Draft {
    /// What was filled in for an order before, or nothing yet.
    pub fn of(order: &OrderId) -> Self {
        let kept: Option<Self> = storage::read(RETURN);
        kept.filter(|kept| kept.order == *order)
            .unwrap_or_else(|| Self {
                order: order.clone(),
                lines: Vec::new(),
                reason: None,
                note: String::new(),
                picture: None,
                key: None,
            })
    }

    /// Keeps it. `false` where the device refuses.
    pub fn keep(&self) -> bool {
        storage::write(RETURN, self)
    }

    /// How many pieces of a line come back.
    pub fn quantity(&self, place: u32) -> u32 {
        let mut lines = self.lines.iter();
        let line = lines.find(|line| line.line == place);
        line.map_or(0, |line| line.quantity)
    }

    /// Says how many pieces of a line come back.
    pub fn set_quantity(&mut self, place: u32, quantity: u32) {
        self.lines.retain(|line| line.line != place);
        if quantity > 0 {
            let line = place;
            self.lines.push(ReturnPieces { line, quantity });
            self.lines.sort_by_key(|line| line.line);
        }
    }
}

/// Sends what was filled in. The same draft is the same intent, however often it is sent.
pub async fn send(stores: Stores, draft: &mut Draft) -> Result<Return, Error> {
    let key = draft.key.get_or_insert_with(new_key).clone();
    // Before it is sent: when the answer is lost, the same is asked again.
    draft.keep();
    let request = ReturnRequest {
        lines: draft.lines.clone(),
        reason: draft.reason.unwrap_or(ReturnReason::Other),
        note: draft.note.clone(),
        picture: draft.picture.clone(),
    };
    let client = stores.client();
    let answer = client.after_sale().ask(&draft.order, &request, &key).await;
    if answer.is_ok() || answer.as_ref().is_err_and(|error| !is_unknown(error)) {
        draft.key = None;
        draft.keep();
    }
    if answer.is_ok() {
        storage::forget(RETURN);
    }
    answer
}

/// Whether nobody knows what became of it.
pub fn is_unknown(error: &Error) -> bool {
    match error {
        Error::Refused { problem, .. } => {
            problem.status >= 500 || problem.kind == ProblemKind::TooManyRequests
        }
        Error::Offline | Error::TimedOut | Error::Undecodable { .. } => true,
        Error::Unsupported => false,
    }
}
