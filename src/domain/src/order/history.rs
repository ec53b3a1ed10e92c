//! What happened to an order, when, and by whom.

use super::{Actor, OrderState};
use crate::time::Moment;
use serde::Serialize;

/// Something that happened to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Change {
    /// What it became.
    pub state: OrderState,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Moment,
    /// By whom.
    pub by: Actor,
    /// What happened to its payment; absent when it was only the state that changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<OrderEvent>,
}

crate::readable!(Change {
    state,
    at,
    by,
    event
});

/// What happens to an order beside its states: the trace of its payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OrderEvent {
    /// The shopper went to pay.
    PaymentStarted,
    /// The money has come.
    Paid,
    /// The bank has said no.
    Declined,
    /// The provider was told to give money back.
    RefundRequested,
    /// The money has gone back.
    Refunded,
    /// Newer than this code.
    #[serde(other)]
    Unknown,
}

crate::readable_words!(OrderEvent { "payment_started" => PaymentStarted, "paid" => Paid, "declined" => Declined, "refund_requested" => RefundRequested, "refunded" => Refunded } else Unknown);

impl OrderEvent {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PaymentStarted => "payment_started",
            Self::Paid => "paid",
            Self::Declined => "declined",
            Self::RefundRequested => "refund_requested",
            Self::Refunded => "refunded",
            Self::Unknown => "unknown",
        }
    }
}
