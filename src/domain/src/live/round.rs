//! What is open for a while and then closed: a poll, a round of wishes, a drop of coupons.

use serde::Serialize;

/// Whether something can still be taken part in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RoundState {
    /// It can.
    Open,
    /// It is over.
    Closed,
    /// Newer than this code: shown, not taken part in.
    #[serde(other)]
    Unknown,
}

crate::readable_words!(RoundState { "open" => Open, "closed" => Closed } else Unknown);

/// What happens to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RoundStep {
    /// Somebody takes part: votes, wishes, claims.
    TakePart,
    /// The host closes it, the show ends, or nothing is left.
    Close,
}

impl RoundState {
    /// The state after a step; `None` where it is not allowed.
    pub fn after(self, step: RoundStep) -> Option<Self> {
        match (self, step) {
            (Self::Open, RoundStep::TakePart) => Some(Self::Open),
            (Self::Open, RoundStep::Close) => Some(Self::Closed),
            _ => None,
        }
    }

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Unknown => "unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_closed_stays_closed(steps in proptest::collection::vec(any::<bool>(), 0..20)) {
            let (mut state, mut closed) = (RoundState::Open, false);
            for part in steps {
                let step = if part { RoundStep::TakePart } else { RoundStep::Close };
                let next = state.after(step);
                prop_assert_eq!(next.is_none(), closed);
                state = next.unwrap_or(state);
                closed |= step == RoundStep::Close;
                prop_assert_eq!(state == RoundState::Closed, closed);
            }
        }
    }

    #[test]
    fn a_state_that_is_not_known_is_never_changed() {
        for step in [RoundStep::TakePart, RoundStep::Close] {
            assert_eq!(RoundState::Unknown.after(step), None);
        }
    }
}
