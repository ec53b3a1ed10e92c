//! The staff's side: who may do what at the desk.

use crate::id::DeviceId;
use crate::order::Order;
use crate::time::Moment;
use serde::Serialize;

/// Makes a tablet one of the shop's: `POST /desk/devices`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeviceRequest {
    /// The one-time code that the backend gave the owner.
    pub code: String,
    /// What the tablet is called: `收银台`.
    pub name: String,
}

crate::readable!(DeviceRequest { code, name });

/// A tablet of the shop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Device {
    /// Its id.
    pub id: DeviceId,
    /// What it is called.
    pub name: String,
    /// The PINs of a demo, told so that anybody can try it; never by a shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demo_hint: Option<String>,
}

crate::readable!(Device {
    id,
    name,
    demo_hint
});

/// Signs somebody of the shop in: `POST /desk/sign-in`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PinRequest {
    /// Four to eight digits.
    pub pin: String,
}

crate::readable!(PinRequest { pin });

/// What the desk has to do: `GET /desk/orders`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeskOrders {
    /// The server's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub now: Moment,
    /// Everything that is open, and what was finished today; by the time of pickup.
    pub orders: Vec<Order>,
}

crate::readable!(DeskOrders { now, orders });

/// Looks up what a code would hand over: `POST /desk/hand-overs/preview`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CodeLookup {
    /// The digits, or the text of the QR code.
    pub code: String,
}

crate::readable!(CodeLookup { code });
