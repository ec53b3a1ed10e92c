//! Where an order stands, and who may take it a step further.

use serde::Serialize;

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
