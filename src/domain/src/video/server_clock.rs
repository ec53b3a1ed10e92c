//! The server's clock, where somebody hosts.

/// For how long it has to have been heard before it is told, in milliseconds: what comes late in one go,
/// after a network was away, says little.
pub const HEARD_FOR: i64 = 10_000;

/// What a tablet knows of the server's clock. Its own may be wrong; but every event says when the server had
/// it, and the one that was fastest says most. So what is told is never later than what is true, and earlier
/// by no more than the fastest event took.
#[derive(Clone, Copy, Debug, Default)]
pub struct ServerClock {
    /// How far the server's clock is ahead of the tablet's, and since when that is listened to.
    ahead: Option<(i64, i64)>,
}

impl ServerClock {
    /// Something of that time of the server's has come, by the tablet's clock now.
    pub fn heard(&mut self, server: i64, now: i64) {
        let ahead = server.saturating_sub(now);
        self.ahead = Some(match self.ahead {
            // Nothing comes faster by seconds than everything before: the tablet's clock was set, or slept.
            Some((known, since)) if ahead.saturating_sub(known) < HEARD_FOR => {
                (known.max(ahead), since)
            }
            _ => (ahead, now),
        });
    }

    /// The server's clock, where it is known.
    pub fn at(&self, now: i64) -> Option<i64> {
        let (ahead, since) = self.ahead?;
        (now.saturating_sub(since) >= HEARD_FOR).then(|| now.saturating_add(ahead))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_is_known_at_first() {
        let mut clock = ServerClock::default();
        assert_eq!(clock.at(0), None);
        clock.heard(500_000, 0);
        assert_eq!(clock.at(HEARD_FOR - 1), None);
        assert_eq!(clock.at(HEARD_FOR), Some(500_000 + HEARD_FOR));
    }

    #[test]
    fn a_clock_that_was_set_is_listened_to_anew() {
        let mut clock = ServerClock::default();
        clock.heard(1_000_000, 0);
        // It was put back by an hour.
        let back = -3_600_000;
        clock.heard(1_020_000, back + 20_000);
        assert_eq!(clock.at(back + 20_000), None);
        clock.heard(1_030_000, back + 30_000);
        assert_eq!(clock.at(back + 30_000), Some(1_030_000));
    }

    proptest! {
        /// However wrong the tablet's clock is and however slow the network, also with old events after a
        /// pause: never later than what is true, and earlier by the fastest at most.
        #[test]
        fn what_is_told_is_true(
            wrong in -90_000_000_i64..90_000_000,
            delays in proptest::collection::vec(20_i64..4_000, 12..60),
            burst in 0_i64..60,
        ) {
            let mut clock = ServerClock::default();
            for old in 0..burst {
                clock.heard(1_000_000 - burst * 1_000 + old * 1_000, 1_000_000 + wrong);
            }
            let (mut now, mut fastest) = (1_000_000, i64::MAX);
            for delay in delays {
                now += 1_000;
                fastest = fastest.min(delay);
                clock.heard(now - delay, now + wrong);
            }
            let told = clock.at(now + wrong).map(|told| now - told);
            let early = told.unwrap_or_default();
            prop_assert!(told.is_some() || burst >= 1, "not known");
            prop_assert!((0..=fastest).contains(&early), "{} ms, the fastest took {}", early, fastest);
        }
    }
}
