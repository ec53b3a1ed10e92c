//! A payment over the net: how it goes on, whatever the provider says and in whatever order.

use crate::id::{OrderId, PaymentId};
use crate::money::Money;
use crate::time::Moment;
use serde::Serialize;

/// How long an order waits for its payment, in milliseconds.
pub const PAY_WITHIN: i64 = 10 * 60_000;
/// So many orders that nobody paid within a day are one's last for that day.
pub const MOST_UNPAID: u32 = 3;

/// Where a payment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PaymentState {
    /// Nobody has paid yet.
    Open,
    /// Somebody has paid or tried to, and the provider does not know yet. Nobody is asked to pay
    /// meanwhile.
    Checking,
    /// The bank has said no. One may try again.
    Declined,
    /// Nobody paid, and nobody can any more.
    Closed,
    /// The money has come.
    Paid,
    /// The money has gone back.
    Refunded,
    /// Newer than this code: nothing is offered.
    #[serde(other)]
    Unknown,
}

crate::readable_words!(PaymentState { "open" => Open, "checking" => Checking, "declined" => Declined, "closed" => Closed, "paid" => Paid, "refunded" => Refunded } else Unknown);

/// What can happen to a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PaymentEvent {
    /// It was begun.
    Opened,
    /// The provider is still finding out.
    Processing,
    /// The bank has said no.
    Declined,
    /// It was closed before anybody paid.
    Closed,
    /// The money has come.
    Paid,
    /// The money has gone back.
    Refunded,
    /// Newer than this code: nothing comes of it.
    #[serde(other)]
    Unknown,
}

crate::readable_words!(PaymentEvent { "opened" => Opened, "processing" => Processing, "declined" => Declined, "closed" => Closed, "paid" => Paid, "refunded" => Refunded } else Unknown);

impl PaymentState {
    /// The states by how much is known: what comes later here is never taken back by what comes
    /// earlier.
    pub const ALL: [Self; 6] = [
        Self::Open,
        Self::Checking,
        Self::Declined,
        Self::Closed,
        Self::Paid,
        Self::Refunded,
    ];

    fn rank(self) -> u8 {
        match self {
            Self::Open => 0,
            Self::Checking => 1,
            Self::Declined => 2,
            Self::Closed => 3,
            Self::Paid => 4,
            Self::Refunded => 5,
            Self::Unknown => u8::MAX,
        }
    }

    /// Where a payment stands after an event. Notices come twice and out of order; where a payment
    /// ends depends only on what happened, never on what was heard first. Money that has come is
    /// believed even of a payment that was declined or closed: whoever asks decides whether it
    /// goes back.
    pub fn after(self, event: PaymentEvent) -> Self {
        let said = match event {
            PaymentEvent::Opened => Self::Open,
            PaymentEvent::Processing => Self::Checking,
            PaymentEvent::Declined => Self::Declined,
            PaymentEvent::Closed => Self::Closed,
            PaymentEvent::Paid => Self::Paid,
            PaymentEvent::Refunded => Self::Refunded,
            PaymentEvent::Unknown => self,
        };
        if said.rank() > self.rank() {
            said
        } else {
            self
        }
    }

    /// How an order's payment stands, from all that were begun for it, the oldest first: money that
    /// came counts before everything, then what was tried last.
    pub fn of_order(payments: &[Self]) -> Self {
        let came = |state: &&Self| matches!(state, Self::Paid | Self::Refunded);
        let settled = payments.iter().find(|state| **state == Self::Paid);
        settled
            .or_else(|| payments.iter().find(came))
            .or(payments.last())
            .copied()
            .unwrap_or(Self::Open)
    }

    /// Whether the order can be paid now: not while somebody is finding out.
    pub fn can_pay(self) -> bool {
        matches!(self, Self::Open | Self::Declined)
    }

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Checking => "checking",
            Self::Declined => "declined",
            Self::Closed => "closed",
            Self::Paid => "paid",
            Self::Refunded => "refunded",
            Self::Unknown => "unknown",
        }
    }
}

impl PaymentEvent {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Processing => "processing",
            Self::Declined => "declined",
            Self::Closed => "closed",
            Self::Paid => "paid",
            Self::Refunded => "refunded",
            Self::Unknown => "unknown",
        }
    }
}

/// Where to pay: the answer of `POST /orders/{id}/payment`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PaymentStart {
    /// The payment.
    pub id: PaymentId,
    /// The provider's page, to which the whole page goes. It may be relative.
    pub url: String,
    /// Until when it can be paid.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub expires_at: Moment,
    /// The server's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub now: Moment,
}

crate::readable!(PaymentStart {
    id,
    url,
    expires_at,
    now
});

/// What a provider tells the shop about a payment, signed: `POST /payments/notices`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Notice {
    /// The notice itself: the same one may come again.
    pub id: String,
    /// The payment.
    pub payment: PaymentId,
    /// The order it pays.
    pub order: OrderId,
    /// What happened.
    pub state: PaymentEvent,
    /// How much money it is about.
    pub amount: Money,
    /// When it happened.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Moment,
    /// Which of the payment's events it is, counted from 1; they may come in any order.
    #[serde(default)]
    pub sequence: u32,
}

crate::readable!(Notice { id, payment, order, state, amount, at, sequence or 0 });

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const EVENTS: [PaymentEvent; 7] = [
        PaymentEvent::Opened,
        PaymentEvent::Processing,
        PaymentEvent::Declined,
        PaymentEvent::Closed,
        PaymentEvent::Paid,
        PaymentEvent::Refunded,
        PaymentEvent::Unknown,
    ];

    fn after(events: &[PaymentEvent]) -> PaymentState {
        events
            .iter()
            .fold(PaymentState::Open, |state, event| state.after(*event))
    }

    #[test]
    fn the_usual_ways() {
        use PaymentEvent as E;
        assert_eq!(after(&[]), PaymentState::Open);
        assert_eq!(after(&[E::Opened, E::Processing]), PaymentState::Checking);
        assert_eq!(after(&[E::Processing, E::Paid]), PaymentState::Paid);
        assert_eq!(after(&[E::Processing, E::Declined]), PaymentState::Declined);
        assert_eq!(after(&[E::Closed, E::Paid]), PaymentState::Paid);
        assert_eq!(after(&[E::Paid, E::Refunded]), PaymentState::Refunded);
    }

    #[test]
    fn an_order_is_as_its_last_try_unless_money_came() {
        use PaymentState as S;
        assert_eq!(S::of_order(&[]), S::Open);
        assert_eq!(S::of_order(&[S::Declined]), S::Declined);
        assert_eq!(S::of_order(&[S::Declined, S::Open]), S::Open);
        assert_eq!(S::of_order(&[S::Paid, S::Declined]), S::Paid);
        // What was paid twice goes back once, and the order stays paid.
        assert_eq!(S::of_order(&[S::Refunded, S::Paid]), S::Paid);
        assert_eq!(S::of_order(&[S::Refunded, S::Closed]), S::Refunded);
    }

    #[test]
    fn only_what_is_not_being_found_out_is_paid() {
        use PaymentState as S;
        let can: Vec<_> = S::ALL.into_iter().filter(|state| state.can_pay()).collect();
        assert_eq!(can, [S::Open, S::Declined]);
        assert!(!S::Unknown.can_pay());
    }

    proptest! {
        #[test]
        fn a_late_or_repeated_notice_takes_nothing_back(
            events in proptest::collection::vec(0_usize..7, 0..20),
        ) {
            let mut state = PaymentState::Open;
            let mut came = false;
            for event in events.iter().map(|at| EVENTS[*at]) {
                let next = state.after(event);
                prop_assert!(next.rank() >= state.rank());
                prop_assert_eq!(next.after(event), next, "said twice");
                came |= matches!(event, PaymentEvent::Paid | PaymentEvent::Refunded);
                prop_assert_eq!(matches!(next, PaymentState::Paid | PaymentState::Refunded), came);
                state = next;
            }
        }

        #[test]
        fn the_order_of_notices_does_not_matter(
            told in proptest::collection::vec(0_usize..7, 0..12)
                .prop_flat_map(|events| (Just(events.clone()), Just(events).prop_shuffle())),
            again in proptest::collection::vec(any::<prop::sample::Index>(), 0..12),
        ) {
            let (events, mut shuffled) = told;
            for index in again.iter().filter(|_| !events.is_empty()) {
                shuffled.push(events[index.index(events.len())]);
            }
            let read = |places: &[usize]| after(&places.iter().map(|at| EVENTS[*at]).collect::<Vec<_>>());
            prop_assert_eq!(read(&events), read(&shuffled));
        }

        #[test]
        fn a_state_that_is_not_known_is_never_changed(at in 0_usize..7) {
            prop_assert_eq!(PaymentState::Unknown.after(EVENTS[at]), PaymentState::Unknown);
        }
    }
}
