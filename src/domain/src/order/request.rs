//! What makes an order: what is ordered, who picks it up, and how it is paid.

use crate::id::{CouponId, QuoteId};
use crate::pricing::{QuoteRequest, WantedBundle, WantedLine};
use crate::time::Moment;
use serde::Serialize;

/// The longest note to the shop, in characters.
pub const MAX_NOTE_CHARS: usize = 200;
/// The longest name of whoever picks up, in characters.
pub const MAX_NAME_CHARS: usize = 40;

/// How an order is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Payment {
    /// At the counter, when it is picked up.
    AtStore,
    /// Over the net, before it is packed.
    Online,
    /// Newer than this code.
    #[serde(other)]
    Unknown,
}

crate::readable_words!(Payment { "at_store" => AtStore, "online" => Online } else Unknown);

/// Who picks up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Contact {
    /// How to call them at the counter; at most [`MAX_NAME_CHARS`] characters, may be empty.
    #[serde(default)]
    pub name: String,
    /// A mobile number, so that the shop can call; the member's own when it is empty.
    #[serde(default)]
    pub phone: String,
}

crate::readable!(Contact { name or Default::default(), phone or Default::default() });

/// What makes an order: `POST /orders`, with an `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrderRequest {
    /// The lines, as they were quoted.
    pub lines: Vec<WantedLine>,
    /// The bundles, as they were quoted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bundles: Vec<WantedBundle>,
    /// The coupons, as the quote was asked for with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coupons: Option<Vec<CouponId>>,
    /// Whether points are used, as the quote was asked for with.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub use_points: bool,
    /// The quote that the shopper accepts. When prices or stock are not as they were quoted, the
    /// order is refused with `quote-changed` and nothing is changed.
    pub quote: QuoteId,
    /// When it will be picked up: the `from` of one of `GET /pickup-times`.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub pickup_from: Moment,
    /// Who picks up.
    pub contact: Contact,
    /// A word to the shop; at most [`MAX_NOTE_CHARS`] characters.
    #[serde(default)]
    pub note: String,
    /// How it is paid: `online` only where the backend has the capability `payment`.
    pub payment: Payment,
}

crate::readable!(OrderRequest { lines, bundles or Default::default(), coupons, use_points or false, quote, pickup_from, contact, note or Default::default(), payment });

impl OrderRequest {
    /// What is ordered, as a quote is asked for.
    pub fn cart(&self) -> QuoteRequest {
        QuoteRequest {
            lines: self.lines.clone(),
            bundles: self.bundles.clone(),
            coupons: self.coupons.clone(),
            use_points: self.use_points,
        }
    }
}
