//! An order: what was bought, how it goes on, who did what and when.

use crate::after_sale::Return;
use crate::catalog::Picture;
use crate::id::{BundleId, CouponId, OrderId, ProductId, QuoteId, VariantId};
use crate::money::Money;
use crate::payment::PaymentState;
use crate::pricing::{MerchantPart, QuoteRequest, WantedBundle, WantedLine};
use crate::time::Moment;
use serde::Serialize;

/// The longest note to the shop, in characters.
pub const MAX_NOTE_CHARS: usize = 200;
/// The longest name of whoever picks up, in characters.
pub const MAX_NAME_CHARS: usize = 40;

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// It waits for its payment.
    AwaitingPayment,
    /// The shop has it and will pack it.
    Placed,
    /// It is packed.
    Packed,
    /// It stands where it is picked up.
    Ready,
    /// The shopper has it.
    HandedOver,
    /// It was called off; its goods are back on the shelf.
    Cancelled,
    /// Newer than this code: shown, never changed.
    #[serde(other)]
    Unknown,
}

crate::readable_words!(OrderState { "awaiting_payment" => AwaitingPayment, "placed" => Placed, "packed" => Packed, "ready" => Ready, "handed_over" => HandedOver, "cancelled" => Cancelled } else Unknown);

/// What can be done with an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Its payment has come.
    Pay,
    /// Its goods are in the bag.
    Pack,
    /// The bag stands where it is picked up.
    MakeReady,
    /// The bag goes to the shopper.
    HandOver,
    /// It is called off.
    Cancel,
}

/// Who does something with an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// Whoever ordered it.
    Shopper,
    /// Somebody of the shop.
    Staff,
    /// The shop's computer, at a payment or when time is up.
    System,
    /// Newer than this code.
    #[serde(other)]
    Unknown,
}

crate::readable_words!(Actor { "shopper" => Shopper, "staff" => Staff, "system" => System } else Unknown);

impl OrderState {
    /// All states that there are.
    pub const ALL: [Self; 6] = [
        Self::AwaitingPayment,
        Self::Placed,
        Self::Packed,
        Self::Ready,
        Self::HandedOver,
        Self::Cancelled,
    ];

    /// The state after a step, `None` where that step is not allowed. A shopper may call off until
    /// the bag is packed, the shop until it is handed over.
    pub fn after(self, step: Step, by: Actor) -> Option<Self> {
        use {Actor as By, OrderState as S, Step as Do};
        match (self, step, by) {
            (S::AwaitingPayment, Do::Pay, By::System) => Some(S::Placed),
            (S::Placed, Do::Pack, By::Staff) => Some(S::Packed),
            (S::Packed, Do::MakeReady, By::Staff) => Some(S::Ready),
            // Who comes while the bag is still at the packing table gets it too.
            (S::Packed | S::Ready, Do::HandOver, By::Staff) => Some(S::HandedOver),
            (S::AwaitingPayment | S::Placed, Do::Cancel, By::Shopper | By::System | By::Staff) => {
                Some(S::Cancelled)
            }
            (S::Packed | S::Ready, Do::Cancel, By::Staff) => Some(S::Cancelled),
            _ => None,
        }
    }

    /// Whether nothing can happen any more.
    pub fn is_final(self) -> bool {
        matches!(self, Self::HandedOver | Self::Cancelled)
    }

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AwaitingPayment => "awaiting_payment",
            Self::Placed => "placed",
            Self::Packed => "packed",
            Self::Ready => "ready",
            Self::HandedOver => "handed_over",
            Self::Cancelled => "cancelled",
            Self::Unknown => "unknown",
        }
    }
}

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

/// A line of an order, as it was bought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrderLine {
    /// Its place in the order: no other line and no part of a bundle has it.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub place: u32,
    /// Its product, which may be gone meanwhile.
    pub product: ProductId,
    /// Its variant, which may be gone meanwhile.
    pub variant: VariantId,
    /// The product's name.
    pub name: String,
    /// The variant's name.
    pub variant_name: String,
    /// Its picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
    /// How many.
    pub quantity: u32,
    /// The price of one, then.
    pub unit_price: Money,
    /// The price of all; of a part of a bundle its share of the bundle's price.
    pub total: Money,
    /// What was paid for all in money, coupons and points taken off; absent when it was `total`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid: Option<Money>,
    /// How many points paid for all.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub points: u32,
    /// How many were given back.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub returned: u32,
}

crate::readable!(OrderLine { place or 0, product, variant, name, variant_name, picture, quantity, unit_price, total, paid, points or 0, returned or 0 });

fn is_nothing(number: &u32) -> bool {
    *number == 0
}

/// A bundle of an order, as it was bought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrderBundle {
    /// Which one, which may be gone meanwhile.
    pub bundle: BundleId,
    /// What it was called.
    pub name: String,
    /// Its picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
    /// How many sets.
    pub quantity: u32,
    /// The price of one set, then.
    pub unit_price: Money,
    /// The price of all.
    pub total: Money,
    /// What was in it: the pieces of all sets together, each part with its share of the price. In
    /// the order of the choice.
    pub parts: Vec<OrderLine>,
}

crate::readable!(OrderBundle {
    bundle,
    name,
    picture,
    quantity,
    unit_price,
    total,
    parts
});

/// A coupon that an order used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrderCoupon {
    /// Which one.
    pub coupon: CouponId,
    /// What it was called.
    pub name: String,
    /// What it took off.
    pub off: Money,
    /// The places of the lines and parts that it took something off.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<u32>,
}

crate::readable!(OrderCoupon { coupon, name, off, lines or Default::default() });

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

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const STEPS: [Step; 5] = [
        Step::Pay,
        Step::Pack,
        Step::MakeReady,
        Step::HandOver,
        Step::Cancel,
    ];
    const ACTORS: [Actor; 3] = [Actor::Shopper, Actor::Staff, Actor::System];

    #[test]
    fn the_usual_way() {
        let way = [Step::Pack, Step::MakeReady, Step::HandOver];
        let end = way.iter().try_fold(OrderState::Placed, |state, step| {
            state.after(*step, Actor::Staff)
        });
        assert_eq!(end, Some(OrderState::HandedOver));
    }

    #[test]
    fn a_shopper_calls_off_until_it_is_packed() {
        let may = |state: OrderState| state.after(Step::Cancel, Actor::Shopper).is_some();
        assert!(may(OrderState::AwaitingPayment) && may(OrderState::Placed));
        for state in [
            OrderState::Packed,
            OrderState::Ready,
            OrderState::HandedOver,
            OrderState::Cancelled,
        ] {
            assert!(!may(state), "{state:?}");
        }
    }

    #[test]
    fn a_state_that_is_not_known_is_never_changed() {
        for (step, by) in STEPS
            .into_iter()
            .flat_map(|step| ACTORS.map(|by| (step, by)))
        {
            assert_eq!(OrderState::Unknown.after(step, by), None);
        }
    }

    proptest! {
        #[test]
        fn whatever_happens_an_order_goes_forward(steps in proptest::collection::vec((0_usize..5, 0_usize..3), 0..40)) {
            let rank = |state: OrderState| OrderState::ALL.iter().position(|one| *one == state).unwrap();
            let mut state = OrderState::AwaitingPayment;
            let mut changes = 0;
            for (step, by) in steps {
                let (step, by) = (STEPS[step], ACTORS[by]);
                if let Some(next) = state.after(step, by) {
                    prop_assert!(!state.is_final());
                    prop_assert!(rank(next) > rank(state));
                    // Only the shop packs and hands over.
                    prop_assert!(by != Actor::Shopper || step == Step::Cancel);
                    state = next;
                    changes += 1;
                }
            }
            prop_assert!(changes <= 4);
        }

        #[test]
        fn every_order_that_is_not_over_can_come_to_an_end(at in 0_usize..6) {
            let state = OrderState::ALL[at];
            let ends = STEPS.into_iter().flat_map(|step| ACTORS.map(|by| state.after(step, by))).flatten().count();
            prop_assert_eq!(ends == 0, state.is_final());
        }
    }
}
