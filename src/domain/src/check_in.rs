//! Tastings at the desk: who comes today, and what a code stands for.

use crate::booking::{BookingState, Confirmation, Verdict};
use crate::id::{BookingId, MemberId, SlotId};
use crate::order::Order;
use crate::tasting::TastingSummary;
use crate::time::Moment;
use serde::Serialize;

/// What a code stands for: `POST /desk/codes/preview`. Six digits are an order's, eight a tasting's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
#[allow(clippy::large_enum_variant, reason = "there is one at a time")]
pub enum Redeemable {
    /// A bag that waits.
    Order {
        /// The order, as the desk sees it.
        order: Order,
    },
    /// Somebody who comes to taste.
    Tasting {
        /// Who, and to what.
        guest: Guest,
        /// Confirms that it is this that was looked at.
        nonce: String,
    },
    /// Newer than this code.
    #[serde(other)]
    Unknown,
}

crate::readable_kinds!(Redeemable {
    "order" => Order { order },
    "tasting" => Tasting { guest, nonce },
} else Unknown);

/// A booking, as the desk sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Guest {
    /// The booking.
    pub booking: BookingId,
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub state: BookingState,
    /// What is tasted.
    pub tasting: TastingSummary,
    /// Which time.
    pub slot: SlotId,
    /// When it begins.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub from: Moment,
    /// When it ends.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub to: Moment,
    /// For how many people.
    pub party: u32,
    /// How they want to be called; may be empty.
    #[serde(default)]
    pub name: String,
    /// A word to the shop.
    #[serde(default)]
    pub note: String,
    /// Who they are; absent of somebody who just walked in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// The how many-th tasting of theirs this is; 0 of somebody who just walked in.
    #[serde(default)]
    pub visit: u32,
    /// How they liked the same the last time that they said so; absent where they have not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub liked: Option<Verdict>,
    /// Where they were asked to confirm on the day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<Confirmation>,
    /// Until when what was done last can be taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub undo_until: Option<Moment>,
}

crate::readable!(Guest { booking, number, state, tasting, slot, from, to, party, name or Default::default(), note or Default::default(), member, visit or 0, liked, confirm, undo_until });

/// Checks somebody in: `POST /desk/bookings/{id}/check-in`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CheckInRequest {
    /// What the preview gave.
    pub nonce: String,
}

crate::readable!(CheckInRequest { nonce });

/// Somebody who has booked nothing gets a place that is free: `POST /desk/tastings/{slot}/walk-in`,
/// with an `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WalkInRequest {
    /// How to call them; may be empty.
    #[serde(default)]
    pub name: String,
    /// How many people; at least 1.
    pub party: u32,
}

crate::readable!(WalkInRequest { name or Default::default(), party or 1 });

/// Today's tastings: `GET /desk/tastings`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeskTastings {
    /// The server's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub now: Moment,
    /// The slots of today, the earliest first.
    pub slots: Vec<DeskSlot>,
}

crate::readable!(DeskTastings { now, slots });

/// A slot of today, with those who come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeskSlot {
    /// Which time.
    pub slot: SlotId,
    /// What is tasted.
    pub tasting: TastingSummary,
    /// When it begins.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub from: Moment,
    /// When it ends.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub to: Moment,
    /// How many people it has room for.
    pub capacity: u32,
    /// For how many more it has.
    pub free: u32,
    /// How many people hold a place or are offered one, and have not booked yet.
    #[serde(default)]
    pub kept: u32,
    /// How many bookings wait for a place.
    #[serde(default)]
    pub waiting: u32,
    /// Whoever has booked and not called off, in the order they booked.
    #[serde(default)]
    pub guests: Vec<Guest>,
}

crate::readable!(DeskSlot { slot, tasting, from, to, capacity, free, kept or 0, waiting or 0, guests or Default::default() });

/// By what the shop's codes can be told from false ones, also without a network: `GET /desk/keys`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeskKeys {
    /// The keys that are good, the newest first.
    pub keys: Vec<PublicKey>,
}

crate::readable!(DeskKeys { keys });

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicKey {
    /// `ed25519` (RFC 8032).
    pub algorithm: String,
    /// Its 32 bytes as base64url without padding.
    pub key: String,
}

crate::readable!(PublicKey { algorithm, key });
