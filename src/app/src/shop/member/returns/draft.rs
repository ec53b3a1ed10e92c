//! What one means to give back, as far as it is filled in. It is kept on the device with every
//! change, so that a closed page or a lost network takes nothing away.

use crate::browser::storage;
use crate::state::session::RETURN;
use domain::after_sale::{ReturnPieces, ReturnReason, ReturnRequest};
use domain::id::OrderId;
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
}

domain::readable!(Draft { order, lines or Default::default(), reason, note or Default::default(), picture });

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
            })
    }

    /// Keeps it. `false` where the device refuses.
    pub fn keep(&self) -> bool {
        storage::write(RETURN, self)
    }

    /// What the shop is asked.
    pub fn request(&self) -> ReturnRequest {
        ReturnRequest {
            lines: self.lines.clone(),
            reason: self.reason.unwrap_or(ReturnReason::Other),
            note: self.note.clone(),
            picture: self.picture.clone(),
        }
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
