//! The line of those who wait for a place at a full slot.

use crate::id::{SlotId, WaitingId};
use crate::tasting::TastingSummary;
use crate::time::Moment;
use serde::Serialize;

/// How long a place that became free is offered to one who waits, in milliseconds.
pub const OFFERED_FOR: i64 = 10 * 60_000;

/// Stands in line: `POST /tastings/slots/{slot}/waiting`, with an `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WaitRequest {
    /// For how many people; at least 1.
    pub party: u32,
}

crate::readable!(WaitRequest { party or 1 });

/// A place in a line, as its member is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Waiting {
    /// Its id.
    pub id: WaitingId,
    /// For which time.
    pub slot: SlotId,
    /// What is tasted then.
    pub tasting: TastingSummary,
    /// When that begins.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub from: Moment,
    /// When that ends.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub to: Moment,
    /// For how many people.
    pub party: u32,
    /// Where it stands.
    pub state: WaitingState,
    /// 1 is next; 0 when it does not wait any more.
    #[serde(default)]
    pub place: u32,
    /// Until when the place is offered, by the server's clock. It is taken by booking the slot (or
    /// by moving a booking there).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub expires_at: Option<Moment>,
}

crate::readable!(Waiting { id, slot, tasting, from, to, party, state, place or 0, expires_at });

/// Where one who waits stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum WaitingState {
    /// In line.
    Waiting,
    /// A place is kept for them, for a while.
    Offered,
    /// They have taken it.
    Taken,
    /// They have not taken it in time; the next was asked.
    Missed,
    /// They have left the line.
    Left,
    /// The line has ended: nothing can be cancelled any more, so nothing becomes free.
    Over,
    /// Newer than this code.
    #[serde(other)]
    Unknown,
}

crate::readable_words!(WaitingState { "waiting" => Waiting, "offered" => Offered, "taken" => Taken, "missed" => Missed, "left" => Left, "over" => Over } else Unknown);

/// What can happen to one who waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WaitingStep {
    /// A place is free, and it is their turn.
    Offer,
    /// They take the place.
    Take,
    /// The time for taking it is over.
    Miss,
    /// They leave.
    Leave,
    /// The line ends.
    End,
}

impl WaitingState {
    /// All states that there are.
    pub const ALL: [Self; 6] = [
        Self::Waiting,
        Self::Offered,
        Self::Taken,
        Self::Missed,
        Self::Left,
        Self::Over,
    ];

    /// The state after a step; `None` where it is not allowed.
    pub fn after(self, step: WaitingStep) -> Option<Self> {
        use {WaitingState as S, WaitingStep as Do};
        match (self, step) {
            (S::Waiting, Do::Offer) => Some(S::Offered),
            (S::Offered, Do::Take) => Some(S::Taken),
            (S::Offered, Do::Miss) => Some(S::Missed),
            (S::Waiting | S::Offered, Do::Leave) => Some(S::Left),
            (S::Waiting, Do::End) => Some(S::Over),
            _ => None,
        }
    }

    /// Whether nothing can happen any more.
    pub fn is_final(self) -> bool {
        !matches!(self, Self::Waiting | Self::Offered)
    }

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Offered => "offered",
            Self::Taken => "taken",
            Self::Missed => "missed",
            Self::Left => "left",
            Self::Over => "over",
            Self::Unknown => "unknown",
        }
    }
}

/// How many of those in line (their numbers of people, the first first) are offered a place now:
/// strictly in order, so a smaller party never passes a larger one before it.
pub fn offered(line: &[u32], free: u32) -> usize {
    let mut left = free;
    line.iter()
        .take_while(|party| match left.checked_sub(**party) {
            Some(rest) => {
                left = rest;
                true
            }
            None => false,
        })
        .count()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const STEPS: [WaitingStep; 5] = [
        WaitingStep::Offer,
        WaitingStep::Take,
        WaitingStep::Miss,
        WaitingStep::Leave,
        WaitingStep::End,
    ];

    proptest! {
        #[test]
        fn no_place_is_taken_that_was_not_offered(steps in proptest::collection::vec(0_usize..5, 0..30)) {
            let (mut state, mut was_offered) = (WaitingState::Waiting, false);
            for step in steps {
                if let Some(next) = state.after(STEPS[step]) {
                    prop_assert!(!state.is_final());
                    was_offered |= next == WaitingState::Offered;
                    prop_assert!(was_offered || !matches!(next, WaitingState::Taken | WaitingState::Missed));
                    state = next;
                }
            }
        }

        #[test]
        fn whoever_waits_comes_to_an_end(at in 0_usize..6) {
            let state = WaitingState::ALL[at];
            prop_assert_eq!(STEPS.iter().all(|step| state.after(*step).is_none()), state.is_final());
        }

        #[test]
        fn offers_go_in_order_and_never_beyond_what_is_free(line in proptest::collection::vec(1_u32..5, 0..20), free in 0_u32..12) {
            let count = offered(&line, free);
            let given: u32 = line[..count].iter().sum();
            prop_assert!(given <= free);
            // The one after the last is only left out because it does not fit.
            prop_assert!(line.get(count).is_none_or(|next| given + next > free));
        }
    }
}
