//! After the sale: pieces that come back, and what comes back for them.
//!
//! A shopper asks, somebody of the shop decides. What then goes back is reckoned here, for the page
//! that shows it beforehand and the backend that does it: for every piece exactly what was paid for
//! it, in money and in points, in however many steps the pieces come back.

mod settlement;
#[cfg(test)]
mod tests;

pub use settlement::{Misfit, Settlement, left, lines, open_until, settle};

use crate::catalog::Picture;
use crate::id::{CouponId, OrderId, ReturnId};
use crate::money::Money;
use crate::order::{Actor, Contact, Payment};
use crate::time::Moment;
use serde::Serialize;

/// How long after it was handed over something of an order may come back, in milliseconds.
pub const RETURNABLE_FOR: i64 = 7 * 24 * 3_600_000;
/// The longest word of the shopper's or of the shop's, in characters.
pub const MAX_WORD_CHARS: usize = 200;
/// The largest picture, in bytes.
pub const MAX_PICTURE: usize = 700_000;

/// Where a return stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReturnState {
    /// The shop has not decided yet.
    Requested,
    /// The shop has given back what it says.
    Approved,
    /// The shop has said no, and why.
    Declined,
    /// The shopper has taken it back.
    Withdrawn,
    /// Newer than this code: shown, never changed.
    #[serde(other)]
    Unknown,
}

crate::readable_words!(ReturnState { "requested" => Requested, "approved" => Approved, "declined" => Declined, "withdrawn" => Withdrawn } else Unknown);

/// What can be done with a return.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReturnStep {
    /// The shop gives back.
    Approve,
    /// The shop says no.
    Decline,
    /// The shopper thinks better of it.
    Withdraw,
}

impl ReturnStep {
    /// Where it leads: whoever takes it twice finds it done.
    pub fn goal(self) -> ReturnState {
        match self {
            Self::Approve => ReturnState::Approved,
            Self::Decline => ReturnState::Declined,
            Self::Withdraw => ReturnState::Withdrawn,
        }
    }
}

impl ReturnState {
    /// All states that there are.
    pub const ALL: [Self; 4] = [
        Self::Requested,
        Self::Approved,
        Self::Declined,
        Self::Withdrawn,
    ];

    /// The state after a step, `None` where that step is not allowed. What was decided stays so.
    pub fn after(self, step: ReturnStep, by: Actor) -> Option<Self> {
        use ReturnStep as Do;
        match (self, step, by) {
            (Self::Requested, Do::Approve | Do::Decline, Actor::Staff)
            | (Self::Requested, Do::Withdraw, Actor::Shopper) => Some(step.goal()),
            _ => None,
        }
    }

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Approved => "approved",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
            Self::Unknown => "unknown",
        }
    }
}

/// Why something comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReturnReason {
    /// 变质: not fresh.
    Spoiled,
    /// 破损: broken, leaking, squashed.
    Damaged,
    /// 发错: something else was in the bag.
    Wrong,
    /// 少了: it was not in the bag.
    Missing,
    /// 不好吃: it does not taste as it was told.
    Taste,
    /// Something else; the note says what.
    Other,
    /// Newer than this code.
    #[serde(other)]
    Unknown,
}

crate::readable_words!(ReturnReason { "spoiled" => Spoiled, "damaged" => Damaged, "wrong" => Wrong, "missing" => Missing, "taste" => Taste, "other" => Other } else Unknown);

impl ReturnReason {
    /// Those to choose from.
    pub const ALL: [Self; 6] = [
        Self::Spoiled,
        Self::Damaged,
        Self::Wrong,
        Self::Missing,
        Self::Taste,
        Self::Other,
    ];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Spoiled => "spoiled",
            Self::Damaged => "damaged",
            Self::Wrong => "wrong",
            Self::Missing => "missing",
            Self::Taste => "taste",
            Self::Other => "other",
            Self::Unknown => "unknown",
        }
    }
}

/// Pieces of one line that come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReturnPieces {
    /// The place of a line, or of a part of a bundle.
    pub line: u32,
    /// How many.
    pub quantity: u32,
}

crate::readable!(ReturnPieces { line, quantity });

/// Asks for a return: `POST /orders/{id}/returns`, with an `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReturnRequest {
    /// What comes back; each place once.
    pub lines: Vec<ReturnPieces>,
    /// Why.
    pub reason: ReturnReason,
    /// A word to it; at most [`MAX_WORD_CHARS`] characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// A picture of it: a JPEG, PNG or WebP of at most [`MAX_PICTURE`] bytes, as base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
}

crate::readable!(ReturnRequest { lines, reason, note or Default::default(), picture });

/// What the shop says: the body of its two steps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReturnAnswer {
    /// A word to the shopper; at most [`MAX_WORD_CHARS`] characters. Who says no says why.
    #[serde(default)]
    pub answer: String,
}

crate::readable!(ReturnAnswer { answer or Default::default() });

/// A return.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Return {
    /// Its id.
    pub id: ReturnId,
    /// Where it stands.
    pub state: ReturnState,
    /// What comes back.
    pub lines: Vec<ReturnLine>,
    /// Why.
    pub reason: ReturnReason,
    /// A word to it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Where whoever reads this finds the picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// What comes back in money.
    pub amount: Money,
    /// How many of the points that paid come back.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub points: u32,
    /// How many of the points that were earned are lost again; before it is approved how many would
    /// be, if they are still there.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub revoked: u32,
    /// The coupons that come back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coupons: Vec<ReturnedCoupon>,
    /// What the shop says to it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub answer: String,
    /// When it was asked for.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub asked_at: Moment,
    /// When it was decided or taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub answered_at: Option<Moment>,
}

crate::readable!(Return { id, state, lines, reason, note or Default::default(), picture, amount, points or 0, revoked or 0, coupons or Default::default(), answer or Default::default(), asked_at, answered_at });

/// Pieces that come back, as they were bought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReturnLine {
    /// The place of the line or part in its order.
    pub place: u32,
    /// The product's name.
    pub name: String,
    /// The variant's name.
    pub variant_name: String,
    /// Its picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
    /// How many.
    pub quantity: u32,
}

crate::readable!(ReturnLine {
    place,
    name,
    variant_name,
    picture,
    quantity
});

/// A coupon that comes back, because all that it took something off does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReturnedCoupon {
    /// Which one.
    pub coupon: CouponId,
    /// What it was called.
    pub name: String,
}

crate::readable!(ReturnedCoupon { coupon, name });

/// A return as the desk decides on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeskReturn {
    /// What is to come back, and why.
    pub asked: Return,
    /// The order it is about.
    pub order: OrderId,
    /// Its number.
    pub number: String,
    /// Who picked it up.
    pub contact: Contact,
    /// How it was paid, and so how money goes back.
    pub payment: Payment,
}

crate::readable!(DeskReturn {
    asked,
    order,
    number,
    contact,
    payment
});

/// What the desk has to decide: `GET /desk/returns`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeskReturns {
    /// The server's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub now: Moment,
    /// Those that wait, the oldest first; then those decided today, the newest first.
    pub returns: Vec<DeskReturn>,
}

crate::readable!(DeskReturns { now, returns });

fn is_nothing(number: &u32) -> bool {
    *number == 0
}
