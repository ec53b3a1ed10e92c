//! Whether whoever hosts may be told that they are on air: what the shop says of the playlist, and what their
//! own page sees of it where viewers look.

use super::{AirCheck, PlaylistStatus};

/// What the shop said longer ago than this says nothing of now, in milliseconds.
const OLD: i64 = 12_000;

/// So long what was stopped may still be seen, in milliseconds: a playlist is of now for ten seconds.
const TAIL: i64 = 15_000;

/// How it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It was not found out yet.
    Asking,
    /// The shop does not answer.
    Unknown,
    /// Nothing comes in.
    Nothing,
    /// Something comes in; whether viewers have it is being looked at.
    Received,
    /// Viewers see it.
    OnAir,
    /// They did, and do not any more.
    Broken,
}

/// What this page sees where viewers look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// It does not look: the tool is not open.
    Closed,
    /// It has begun to look.
    Looking,
    /// The picture moves.
    Plays,
    /// It was to play and does not.
    Stands,
}

/// What there is to judge by.
#[derive(Clone, Debug)]
pub struct Facts {
    /// This device's clock, in milliseconds.
    pub now: i64,
    /// What the shop said last, and when.
    pub check: Option<(i64, AirCheck)>,
    /// Whether the media server takes what this device sends; nothing: it does not send.
    pub taken: Option<bool>,
    /// What is seen.
    pub seen: Seen,
}

/// Judges, and remembers whether one was on air: then that it is over is an alarm.
#[derive(Clone, Copy, Debug, Default)]
pub struct Watch {
    was_on: bool,
    /// The host has put an end to it: until then what is seen may be its tail.
    hushed_until: i64,
    /// The host has just begun to send: until the media server takes it, what is seen is of before.
    begins: bool,
}

impl Watch {
    /// How it stands by these facts.
    pub fn judge(&mut self, facts: &Facts) -> Standing {
        let Some((at, check)) = &facts.check else {
            return Standing::Asking;
        };
        if facts.now - at > OLD {
            return Standing::Unknown;
        }
        if facts.taken != Some(false) {
            self.begins = false;
        }
        let unchecked = check.playlist.status == PlaylistStatus::Unchecked;
        let on = match facts.seen {
            Seen::Plays => check.is_on_air() || unchecked,
            Seen::Closed => check.is_on_air(),
            Seen::Looking | Seen::Stands => false,
        };
        if on && !self.begins {
            self.was_on = facts.now >= self.hushed_until;
            return Standing::OnAir;
        }
        // Where the shop cannot look and nobody says that it has stopped, not seeing it says nothing.
        let stopped = facts.taken == Some(false) || (check.since.is_some() && !check.sending);
        let undecided = match facts.seen {
            Seen::Looking => check.is_on_air() || (unchecked && !stopped),
            Seen::Closed => unchecked && !stopped,
            Seen::Plays | Seen::Stands => false,
        };
        let timeless = check.playlist.status == PlaylistStatus::Timeless;
        let taken = check.sending || facts.taken == Some(true);
        let received = taken || timeless || check.is_on_air();
        match (self.was_on, undecided, received) {
            (true, false, _) => Standing::Broken,
            (true, true, _) | (false, _, true) => Standing::Received,
            (false, _, false) => Standing::Nothing,
        }
    }

    /// The host has stopped: that it is over now is no alarm.
    pub fn hush(&mut self, now: i64) {
        *self = Self {
            hushed_until: now + TAIL,
            ..Self::default()
        };
    }

    /// The host begins.
    pub fn begin(&mut self) {
        *self = Self {
            begins: true,
            ..Self::default()
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Moment;
    use crate::video::PlaylistCheck;

    fn facts(status: PlaylistStatus, sending: bool, seen: Seen) -> Facts {
        let moment = Moment {
            ms: 0,
            offset_minutes: 480,
        };
        let check = AirCheck {
            now: moment,
            sending,
            since: Some(moment),
            playlist: PlaylistCheck {
                status,
                program_date_time: None,
                age_ms: None,
            },
        };
        Facts {
            now: 1_000,
            check: Some((0, check)),
            taken: None,
            seen,
        }
    }

    #[test]
    fn on_air_is_what_the_shop_and_the_page_both_say() {
        use PlaylistStatus::{Fresh, Missing, Stale, Unchecked};
        let judge = |status, sending, seen| Watch::default().judge(&facts(status, sending, seen));
        assert_eq!(judge(Missing, false, Seen::Looking), Standing::Nothing);
        assert_eq!(judge(Missing, true, Seen::Looking), Standing::Received);
        assert_eq!(judge(Fresh, true, Seen::Looking), Standing::Received);
        assert_eq!(judge(Fresh, true, Seen::Stands), Standing::Received);
        assert_eq!(judge(Fresh, true, Seen::Plays), Standing::OnAir);
        assert_eq!(judge(Fresh, true, Seen::Closed), Standing::OnAir);
        assert_eq!(judge(Stale, true, Seen::Plays), Standing::Received);
        assert_eq!(judge(Unchecked, true, Seen::Plays), Standing::OnAir);
        assert_eq!(judge(Unchecked, true, Seen::Closed), Standing::Received);
    }

    #[test]
    fn what_was_on_air_and_is_not_is_broken_until_it_is_again() {
        use PlaylistStatus::{Fresh, Stale};
        let mut watch = Watch::default();
        watch.judge(&facts(Fresh, true, Seen::Plays));
        let mut judge = |status, sending, seen| watch.judge(&facts(status, sending, seen));
        // The tool was closed and is opened again: looking is no failure.
        assert_eq!(judge(Fresh, true, Seen::Looking), Standing::Received);
        assert_eq!(judge(Fresh, true, Seen::Stands), Standing::Broken);
        assert_eq!(judge(Stale, false, Seen::Looking), Standing::Broken);
        assert_eq!(judge(Fresh, true, Seen::Plays), Standing::OnAir);
    }

    #[test]
    fn an_end_that_was_meant_is_no_alarm() {
        use PlaylistStatus::{Fresh, Stale};
        let mut watch = Watch::default();
        watch.judge(&facts(Fresh, true, Seen::Closed));
        watch.hush(1_000);
        // Its tail is still there.
        let tail = watch.judge(&facts(Fresh, false, Seen::Closed));
        assert_eq!(tail, Standing::OnAir);
        let end = watch.judge(&facts(Stale, false, Seen::Closed));
        assert_eq!(end, Standing::Nothing);
        // The next one counts again.
        watch.begin();
        watch.judge(&facts(Fresh, true, Seen::Closed));
        let broken = watch.judge(&facts(Stale, false, Seen::Closed));
        assert_eq!(broken, Standing::Broken);
    }

    #[test]
    fn the_tail_of_before_is_not_on_air() {
        let mut watch = Watch::default();
        watch.begin();
        let sends = |taken| Facts {
            taken: Some(taken),
            ..facts(PlaylistStatus::Fresh, true, Seen::Plays)
        };
        assert_eq!(watch.judge(&sends(false)), Standing::Received);
        assert_eq!(watch.judge(&sends(true)), Standing::OnAir);
        // From then on what viewers have counts, also while it is connected anew.
        assert_eq!(watch.judge(&sends(false)), Standing::OnAir);
    }

    #[test]
    fn what_was_said_long_ago_is_not_believed() {
        let mut old = facts(PlaylistStatus::Fresh, true, Seen::Closed);
        old.now = OLD + 1;
        assert_eq!(Watch::default().judge(&old), Standing::Unknown);
        old.check = None;
        assert_eq!(Watch::default().judge(&old), Standing::Asking);
    }
}
