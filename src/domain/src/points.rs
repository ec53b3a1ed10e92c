//! Points: what a member has earned and may spend. One point is one minor unit of money (a fen).

use crate::id::OrderId;
use crate::time::Moment;
use serde::Serialize;

/// The share of an order that points may pay when a shop says nothing else, in per cent.
pub const USUAL_SHARE: u32 = 20;

/// What points could pay of a cart, and do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuotedPoints {
    /// How many there are.
    pub balance: u32,
    /// How many of them this cart may use.
    pub usable: u32,
    /// How many it uses.
    pub used: u32,
}

crate::readable!(QuotedPoints {
    balance,
    usable,
    used
});

/// A member's points: `GET /me/points`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Points {
    /// How many can be spent; the sum of all entries.
    pub balance: u32,
    /// How many lie with orders that are not paid yet.
    #[serde(default)]
    pub frozen: u32,
    /// What happened to them, the newest first.
    #[serde(default)]
    pub entries: Vec<Entry>,
}

crate::readable!(Points { balance, frozen or 0, entries or Default::default() });

/// Something that happened to a member's points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Entry {
    /// What.
    pub kind: EntryKind,
    /// How many points it was about; at least 1.
    pub points: u32,
    /// The order it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Moment,
}

crate::readable!(Entry {
    kind,
    points,
    order,
    at
});

/// What can happen to points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// They were given.
    Earn,
    /// They were put aside for an order.
    Freeze,
    /// The order they were put aside for was paid.
    Spend,
    /// The order they were put aside for came to nothing.
    Release,
    /// They came back from an order that was paid.
    Refund,
    /// Newer than this code: shown, never counted.
    #[serde(other)]
    Unknown,
}

crate::readable_words!(EntryKind { "earn" => Earn, "freeze" => Freeze, "spend" => Spend, "release" => Release, "refund" => Refund } else Unknown);
