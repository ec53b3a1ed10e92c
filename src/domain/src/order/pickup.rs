//! When and where an order is picked up, and what is shown there.

use crate::time::Moment;
use serde::Serialize;

/// When and where an order is picked up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Pickup {
    /// From when on.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub from: Moment,
    /// Until when.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub to: Moment,
    /// Where, in words.
    #[serde(default)]
    pub place: String,
}

crate::readable!(Pickup { from, to, place or Default::default() });

/// What is shown at the counter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PickupCode {
    /// Six digits, to be said.
    pub digits: String,
    /// The text of the QR code, to be scanned.
    pub qr: String,
}

crate::readable!(PickupCode { digits, qr });

/// The times at which an order can be picked up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PickupTimes {
    /// The server's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub now: Moment,
    /// IANA zone of the shop.
    #[serde(default)]
    pub zone: String,
    /// The times, the earliest first.
    pub times: Vec<Pickup>,
}

crate::readable!(PickupTimes { now, zone or Default::default(), times });
