//! A place at a tasting that is held for a few minutes while somebody fills in the rest. Goods are
//! held by [`crate::hold`].

use crate::id::SlotId;
use crate::time::Moment;
use serde::Serialize;

/// How long a place is held, in milliseconds.
pub const HELD_FOR: i64 = 5 * 60_000;
/// How long one member may hold places of one slot within [`WITHIN`] without booking one.
pub const MOST: i64 = 2 * HELD_FOR;
/// See [`MOST`].
pub const WITHIN: i64 = 3_600_000;

/// Holds a place: `PUT /me/slot-hold`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HoldRequest {
    /// At which time.
    pub slot: SlotId,
    /// For how many people; at least 1.
    pub party: u32,
}

crate::readable!(HoldRequest { slot, party or 1 });

/// A place that is held. A member has one at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SlotHold {
    /// At which time.
    pub slot: SlotId,
    /// When that begins.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub from: Moment,
    /// When that ends.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub to: Moment,
    /// For how many people.
    pub party: u32,
    /// The server's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub now: Moment,
    /// Until when, by the server's clock. Holding the same slot again does not make it longer.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub expires_at: Moment,
}

crate::readable!(SlotHold {
    slot,
    from,
    to,
    party,
    now,
    expires_at
});

/// Where a hold stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HoldState {
    /// The place is kept.
    Running,
    /// It became a booking.
    Booked,
    /// Its member has let it go, or held another place.
    LetGo,
    /// Its time was over.
    Expired,
}

/// What can happen to a hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HoldStep {
    /// Its member books.
    Book,
    /// Its member lets go.
    LetGo,
    /// The clock goes on.
    Tick,
}

impl HoldState {
    /// The state after a step at `now`; `None` where that changes nothing or is not allowed.
    /// What is over stays as it ended, and nothing is booked by a hold whose time was over.
    pub fn after(self, step: HoldStep, now: i64, expires_at: i64) -> Option<Self> {
        match (self, step) {
            (Self::Running, _) if now >= expires_at => Some(Self::Expired),
            (Self::Running, HoldStep::Book) => Some(Self::Booked),
            (Self::Running, HoldStep::LetGo) => Some(Self::LetGo),
            _ => None,
        }
    }

    /// The name in a file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Booked => "booked",
            Self::LetGo => "let_go",
            Self::Expired => "expired",
        }
    }
}

/// When a member who has held places of a slot from and until these times without booking may hold
/// one again; `None` when now. Two whole holds within an hour are the most, however they are cut up.
pub fn again_at(held: &[(i64, i64)], now: i64) -> Option<i64> {
    let mut recent: Vec<(i64, i64)> = held
        .iter()
        .copied()
        .filter(|(_, until)| until.saturating_add(WITHIN) > now)
        .collect();
    recent.sort_unstable_by_key(|(_, until)| *until);
    let mut sum: i64 = recent
        .iter()
        .map(|(from, until)| (until - from).max(0))
        .sum();
    let mut again = None;
    for (from, until) in recent {
        if sum < MOST {
            break;
        }
        sum -= (until - from).max(0);
        again = Some(until.saturating_add(WITHIN));
    }
    again
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn after_two_that_ran_out_somebody_else_may_try() {
        let first = (0, HELD_FOR);
        let second = (HELD_FOR, 2 * HELD_FOR);
        assert_eq!(again_at(&[first], HELD_FOR), None);
        assert_eq!(
            again_at(&[first, second], 2 * HELD_FOR),
            Some(HELD_FOR + WITHIN)
        );
        assert_eq!(again_at(&[first, second], HELD_FOR + WITHIN), None);
        // Letting go a second before the end does not help for long.
        let cut = |at: i64| (at, at + HELD_FOR - 1_000);
        let tries = [cut(0), cut(HELD_FOR), cut(2 * HELD_FOR)];
        assert!(again_at(&tries, 3 * HELD_FOR).is_some());
    }

    proptest! {
        #[test]
        fn nobody_holds_a_slot_for_long(starts in proptest::collection::vec((0_i64..600_000, 1_i64..=HELD_FOR), 1..60)) {
            let (mut held, mut now) = (Vec::new(), 0);
            for (pause, long) in starts {
                now += pause;
                match again_at(&held, now) {
                    Some(again) => {
                        prop_assert!(again > now);
                        prop_assert_eq!(again_at(&held, again), None);
                        prop_assert!(again_at(&held, again - 1).is_some());
                    }
                    None => {
                        held.push((now, now + long));
                        now += long;
                    }
                }
                // Whatever is tried: within an hour never more than three whole holds.
                let recent: i64 = held.iter().filter(|(from, _)| *from > now - WITHIN).map(|(from, until)| until - from).sum();
                prop_assert!(recent < MOST + HELD_FOR);
            }
        }

        #[test]
        fn a_hold_ends_once(steps in proptest::collection::vec((0_usize..3, 0_i64..400_000), 0..20)) {
            let all = [HoldStep::Book, HoldStep::LetGo, HoldStep::Tick];
            let (mut state, mut now, mut changes) = (HoldState::Running, 0, 0);
            for (step, later) in steps {
                now += later;
                if let Some(next) = state.after(all[step], now, HELD_FOR) {
                    prop_assert_eq!(next == HoldState::Expired, now >= HELD_FOR);
                    state = next;
                    changes += 1;
                }
            }
            prop_assert!(changes <= 1);
        }
    }
}
