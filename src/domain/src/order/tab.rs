//! The tabs of a shopper's orders, and in which one an order is found.

use super::OrderState;
use serde::Serialize;

/// The four tabs of a shopper's orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OrderTab {
    /// 待付款
    ToPay,
    /// 待自提
    ToPickUp,
    /// 已完成
    Done,
    /// 售后: called off, and every order of which something came back or was to.
    AfterSale,
}

impl OrderTab {
    /// All of them, in their order.
    pub const ALL: [Self; 4] = [Self::ToPay, Self::ToPickUp, Self::Done, Self::AfterSale];

    /// The value of `?tab=`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ToPay => "to_pay",
            Self::ToPickUp => "to_pick_up",
            Self::Done => "done",
            Self::AfterSale => "after_sale",
        }
    }

    /// Reads the value of `?tab=`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tab| tab.as_str() == name)
    }

    /// Where an order is found; every state is in exactly one tab. An order with a return is in
    /// [`AfterSale`](Self::AfterSale) too.
    pub fn of(state: OrderState) -> Self {
        match state {
            OrderState::AwaitingPayment => Self::ToPay,
            OrderState::Placed | OrderState::Packed | OrderState::Ready | OrderState::Unknown => {
                Self::ToPickUp
            }
            OrderState::HandedOver => Self::Done,
            OrderState::Cancelled => Self::AfterSale,
        }
    }
}
