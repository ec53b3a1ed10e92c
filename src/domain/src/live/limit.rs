//! How fast one may go: so many at once, and then one after another.

/// A limit for each member. It is a token bucket, kept as one number: when it would be full again
/// (the generic cell rate algorithm, ITU-T I.371).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Limit {
    /// How many at once.
    pub burst: u32,
    /// After how long there may be one more, in milliseconds.
    pub every: i64,
}

/// Comments of a member.
pub const COMMENTS: Limit = Limit {
    burst: 4,
    every: 2_000,
};
/// Likes of a member: requests, not hearts.
pub const LIKES: Limit = Limit {
    burst: 6,
    every: 500,
};
/// Votes, wishes and claims of a member.
pub const ACTS: Limit = Limit {
    burst: 12,
    every: 500,
};

impl Limit {
    /// Takes one. `full_at` is what the last one gave (0 when there was none), `now` the clock, both
    /// in milliseconds. `Err` has the milliseconds to wait; nothing was taken then.
    pub fn take(self, full_at: i64, now: i64) -> Result<i64, i64> {
        let begin = full_at.max(now);
        let room = self.every.saturating_mul(i64::from(self.burst.max(1) - 1));
        let wait = begin.saturating_sub(room).saturating_sub(now);
        if wait > 0 {
            Err(wait)
        } else {
            Ok(begin.saturating_add(self.every))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn never_more_than_the_burst_and_what_time_has_given(
            burst in 1_u32..8,
            every in 1_i64..3_000,
            pauses in proptest::collection::vec(0_i64..4_000, 1..80),
        ) {
            let limit = Limit { burst, every };
            let (mut full_at, mut now, mut taken) = (0, 1_000_000, Vec::new());
            for pause in pauses {
                now += pause;
                match limit.take(full_at, now) {
                    Ok(next) => {
                        full_at = next;
                        taken.push(now);
                    }
                    // Whoever waits exactly that long may.
                    Err(wait) => {
                        prop_assert!(wait > 0 && limit.take(full_at, now + wait).is_ok());
                        prop_assert!(limit.take(full_at, now + wait - 1).is_err());
                    }
                }
            }
            for (at, from) in taken.iter().enumerate() {
                let within = taken.iter().skip(at).filter(|then| *then - from < every * 5).count();
                prop_assert!(within <= burst as usize + 5);
            }
        }

        #[test]
        fn a_burst_is_never_refused_to_who_was_silent(burst in 1_u32..8, every in 1_i64..3_000, now in 1_i64..1_000_000_000) {
            let limit = Limit { burst, every };
            let mut full_at = 0;
            for _ in 0..burst {
                full_at = limit.take(full_at, now).unwrap_or(i64::MAX);
            }
            prop_assert!(full_at < i64::MAX && limit.take(full_at, now).is_err());
        }
    }
}
