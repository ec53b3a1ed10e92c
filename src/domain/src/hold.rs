//! Goods that are held for somebody at the checkout, for a while, and never more than once in a
//! while: a hold must not keep the shop from selling.

use crate::id::VariantId;
use crate::time::Moment;
use serde::Serialize;

/// How long goods are held, in milliseconds.
pub const HELD_FOR: i64 = 10 * 60_000;
/// How long after that nobody gets the same product held again, in milliseconds.
pub const PAUSE: i64 = 10 * 60_000;
/// The most pieces of a product that are held for one member.
pub const MOST_HELD: u32 = 10;

/// What is held for a member: the answer of `PUT /me/hold`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Hold {
    /// The server's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub now: Moment,
    /// When the first of it goes back on the shelf; absent when nothing is held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub expires_at: Option<Moment>,
    /// Every variant that was asked for, also as a part of a bundle, in the order of its id.
    pub lines: Vec<HeldLine>,
}

crate::readable!(Hold {
    now,
    expires_at,
    lines
});

/// How much of a variant is held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeldLine {
    /// Which one.
    pub variant: VariantId,
    /// How many were asked for.
    pub quantity: u32,
    /// How many are held; the rest may be sold to others meanwhile.
    pub held: u32,
}

crate::readable!(HeldLine {
    variant,
    quantity,
    held
});

/// What a member had of a product last: when its time began. It is kept until the pause is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Previous {
    /// When it was held first.
    pub since: Moment,
}

/// What is granted of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Granted {
    /// When its time began, also when that was long ago.
    pub since: Moment,
    /// Until when it is held.
    pub until: Moment,
    /// How many of each variant, in the order they were asked for.
    pub pieces: Vec<u32>,
}

/// A variant of a product that somebody wants held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// How many.
    pub quantity: u32,
    /// How many there are that nobody else has.
    pub left: u32,
}

/// What is held of one product for one member. Its time runs from the first asking: asking again
/// changes how many, never how long. When it is over, nothing is granted until the pause is, too.
pub fn grant(previous: Option<Previous>, wanted: &[Wanted], now: Moment) -> Granted {
    let later = |from: Moment, ms: i64| Moment {
        ms: from.ms.saturating_add(ms),
        ..from
    };
    let since = previous
        .map(|one| one.since)
        .filter(|since| now.ms < later(*since, HELD_FOR + PAUSE).ms)
        .unwrap_or(now);
    let until = later(since, HELD_FOR);
    let mut room = if now.ms < until.ms { MOST_HELD } else { 0 };
    let pieces = wanted
        .iter()
        .map(|one| {
            let pieces = one.quantity.min(one.left).min(room);
            room -= pieces;
            pieces
        })
        .collect();
    Granted {
        since,
        until,
        pieces,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(ms: i64) -> Moment {
        Moment {
            ms,
            offset_minutes: 480,
        }
    }

    fn all(quantity: u32, left: u32) -> [Wanted; 1] {
        [Wanted { quantity, left }]
    }

    #[test]
    fn ten_minutes_then_a_pause() {
        let first = grant(None, &all(2, 5), at(0));
        assert_eq!(first.pieces, [2]);
        assert_eq!(first.until, at(HELD_FOR));
        let again = |now| {
            let previous = Previous { since: first.since };
            grant(Some(previous), &all(3, 5), at(now))
        };
        assert_eq!(again(HELD_FOR - 1).pieces, [3]);
        assert_eq!(again(HELD_FOR - 1).until, first.until);
        assert_eq!(again(HELD_FOR).pieces, [0]);
        assert_eq!(again(HELD_FOR + PAUSE - 1).pieces, [0]);
        let later = again(HELD_FOR + PAUSE);
        assert_eq!(later.pieces, [3]);
        assert_eq!(later.since, at(HELD_FOR + PAUSE));
    }

    #[test]
    fn at_most_so_many_of_a_product() {
        let wanted = [7, 7, 7].map(|quantity| Wanted { quantity, left: 9 });
        assert_eq!(grant(None, &wanted, at(0)).pieces, [7, 3, 0]);
    }

    proptest! {
        #[test]
        fn nobody_gets_more_than_there_is(
            wanted in proptest::collection::vec((0_u32..40, 0_u32..20), 0..6),
            since in proptest::option::of(0_i64..3_000_000),
            now in 0_i64..3_000_000,
        ) {
            let wanted: Vec<_> = wanted.into_iter().map(|(quantity, left)| Wanted { quantity, left }).collect();
            let previous = since.filter(|since| *since <= now).map(|since| Previous { since: at(since) });
            let granted = grant(previous, &wanted, at(now));
            prop_assert_eq!(granted.pieces.len(), wanted.len());
            for (pieces, wanted) in granted.pieces.iter().zip(&wanted) {
                prop_assert!(*pieces <= wanted.quantity && *pieces <= wanted.left);
            }
            prop_assert!(granted.pieces.iter().sum::<u32>() <= MOST_HELD);
            prop_assert!(granted.since.ms <= now);
        }

        /// Any number of members ask over and over: never more is held than stands on the shelf, no
        /// hold lasts longer than its time, and none comes back within the pause.
        #[test]
        fn asking_over_and_over_holds_nothing_for_longer(
            stock in 0_u32..30,
            asks in proptest::collection::vec((0_usize..4, 0_u32..15, 0_i64..300_000), 0..120),
        ) {
            let mut now = 0;
            let mut holds: [Option<(Moment, Moment, u32)>; 4] = [None; 4];
            let mut begun: [Vec<i64>; 4] = Default::default();
            for (member, quantity, pause) in asks {
                now += pause;
                let others: u32 = (0..4)
                    .filter(|one| *one != member)
                    .filter_map(|one| holds[one])
                    .filter(|(_, until, _)| now < until.ms)
                    .map(|(_, _, pieces)| pieces)
                    .sum();
                let previous = holds[member].map(|(since, _, _)| Previous { since });
                let granted = grant(previous, &all(quantity, stock - others), at(now));
                prop_assert!(others + granted.pieces[0] <= stock);
                prop_assert!(granted.until.ms - granted.since.ms == HELD_FOR);
                if previous != Some(Previous { since: granted.since }) {
                    begun[member].push(granted.since.ms);
                }
                holds[member] = Some((granted.since, granted.until, granted.pieces[0]));
            }
            for starts in begun {
                for pair in starts.windows(2) {
                    prop_assert!(pair[1] - pair[0] >= HELD_FOR + PAUSE);
                }
            }
        }
    }
}
