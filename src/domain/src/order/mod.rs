//! An order: what was bought, how it goes on, who did what and when.

mod history;
mod lines;
mod pickup;
mod request;
mod state;
mod tab;

pub use history::{Change, OrderEvent};
pub use lines::{OrderBundle, OrderCoupon, OrderLine};
pub use pickup::{Pickup, PickupCode, PickupTimes};
pub use request::{Contact, MAX_NAME_CHARS, MAX_NOTE_CHARS, OrderRequest, Payment};
pub use state::{Actor, OrderState, Step};
pub use tab::OrderTab;

use crate::after_sale::Return;
use crate::id::OrderId;
use crate::money::Money;
use crate::payment::PaymentState;
use crate::pricing::MerchantPart;
use crate::time::Moment;
use serde::Serialize;

/// An order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Order {
    /// Its id.
    pub id: OrderId,
    /// What is said at the counter: `261122-007`, the seventh of 22 November 2026.
    pub number: String,
    /// Where it stands.
    pub state: OrderState,
    /// What was bought.
    pub lines: Vec<OrderLine>,
    /// The bundles that were bought.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bundles: Vec<OrderBundle>,
    /// The same goods by who sells them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merchants: Vec<MerchantPart>,
    /// What all goods cost, before coupons and points; absent when nothing came off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goods: Option<Money>,
    /// The coupons that were used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coupons: Vec<OrderCoupon>,
    /// How many points pay a part of it.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub points: u32,
    /// What it costs: `goods` less coupons and points.
    pub total: Money,
    /// What was given back of that; absent when nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refunded: Option<Money>,
    /// How it is paid.
    pub payment: Payment,
    /// Where its payment over the net stands; absent when it is paid at the counter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_state: Option<PaymentState>,
    /// Until when it waits for its payment; absent when it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub pay_until: Option<Moment>,
    /// When and where it is picked up.
    pub pickup: Pickup,
    /// Who picks up.
    pub contact: Contact,
    /// A word to the shop.
    #[serde(default)]
    pub note: String,
    /// What opens the bag, as long as it can be picked up. The desk is not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<PickupCode>,
    /// Everything that happened to it, the oldest first.
    #[serde(default)]
    pub history: Vec<Change>,
    /// Every return that was asked for, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub returns: Vec<Return>,
    /// Until when a return can be asked for; absent when none can be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub returnable_until: Option<Moment>,
}

crate::readable!(Order { id, number, state, lines, bundles or Default::default(), merchants or Default::default(), goods, coupons or Default::default(), points or 0, total, refunded, payment, payment_state, pay_until, pickup, contact, note or Default::default(), code, history or Default::default(), returns or Default::default(), returnable_until });

impl Order {
    /// Everything that is in the bag: the lines, then the parts of the bundles.
    pub fn bag(&self) -> impl Iterator<Item = &OrderLine> {
        let parts = self.bundles.iter().flat_map(|bundle| &bundle.parts);
        self.lines.iter().chain(parts)
    }

    /// How many pieces are in the bag.
    pub fn pieces(&self) -> u32 {
        self.bag()
            .fold(0, |sum, line| sum.saturating_add(line.quantity))
    }
}

fn is_nothing(number: &u32) -> bool {
    *number == 0
}
