//! A place that is kept while the rest is filled in: for some minutes by the backend's clock.

use super::super::words::text;
use super::Here;
use crate::browser::now_ms;
use crate::parts::state::explain;
use crate::view::task;
use client::Error;
use domain::id::SlotId;
use domain::problem::ProblemKind;
use domain::slot_hold::SlotHold;
use leptos::prelude::*;
use std::time::Duration;

/// How far keeping a place is.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// None is kept.
    None,
    /// It was asked for.
    Asking(SlotId),
    /// It is kept.
    Held {
        /// As the backend says.
        hold: SlotHold,
        /// Until when by this device's clock, in milliseconds: what is left was counted from the
        /// backend's own.
        until: i64,
    },
    /// Its time is over.
    Over(SlotId),
    /// It was not to be had.
    Refused {
        /// Of which slot.
        slot: SlotId,
        /// Why, in words.
        why: String,
        /// Whether it may be kept all the same: no answer has come.
        unknown: bool,
    },
}

impl Place {
    /// Which time it is about.
    pub fn slot(&self) -> Option<&SlotId> {
        match self {
            Self::None => None,
            Self::Held { hold, .. } => Some(&hold.slot),
            Self::Asking(slot) | Self::Over(slot) | Self::Refused { slot, .. } => Some(slot),
        }
    }

    /// Whether a place of a slot is kept, asked for, or may be kept.
    pub fn keeps(&self, slot: &SlotId) -> bool {
        let may = match self {
            Self::Asking(_) | Self::Held { .. } => true,
            Self::Refused { unknown, .. } => *unknown,
            Self::None | Self::Over(_) => false,
        };
        may && self.slot() == Some(slot)
    }

    /// Whether a place of a slot is certainly kept.
    pub fn holds(&self, slot: &SlotId) -> bool {
        matches!(self, Self::Held { .. }) && self.slot() == Some(slot)
    }

    /// Whether a place of a slot was kept until now.
    pub fn was(&self, slot: &SlotId) -> bool {
        matches!(self, Self::Over(there) if there == slot)
    }
}

impl Here {
    /// Finds out whether a place is kept: by a page that was closed, another tab, or still.
    pub fn find_held(self) {
        let before = self.place.get_untracked();
        task(async move {
            // If it cannot be found out, asking for the same place once more changes nothing. What was
            // asked for meanwhile is newer than this answer.
            if let Ok(fresh) = self.stores.client().bookings().held().await
                && self.place.try_get_untracked().as_ref() == Some(&before)
            {
                match (fresh.value, before) {
                    (Some(hold), _) => self.take(hold),
                    (None, Place::Held { hold, .. }) => self.place.set(Place::Over(hold.slot)),
                    (None, _) => {}
                }
            }
            self.looked.try_set(true);
        });
    }

    /// Has a place kept, in the place of any other.
    pub fn hold(self, slot: SlotId, party: u32) {
        self.place.set(Place::Asking(slot.clone()));
        task(async move {
            match self.stores.client().bookings().hold(&slot, party).await {
                Ok(hold) => {
                    // An answer that comes late says nothing of what was asked for since, nor of a place
                    // that was let go.
                    let is_overtaken = match self.place.try_get_untracked() {
                        Some(Place::None) => true,
                        Some(Place::Asking(there)) => there != slot,
                        _ => false,
                    };
                    if !is_overtaken {
                        self.take(hold);
                    }
                    self.tasting.again();
                }
                Err(error) => {
                    self.stores.session.heed(&error);
                    let still = matches!(self.place.try_get_untracked(), Some(Place::Asking(there)) if there == slot);
                    if still {
                        let (why, unknown) = (why_not(&error), error.is_unknown());
                        self.place.try_set(Place::Refused { slot, why, unknown });
                        self.tasting.again();
                        if unknown {
                            self.find_held();
                        }
                    }
                }
            }
        });
    }

    fn take(self, hold: SlotHold) {
        let left = (hold.expires_at.ms - hold.now.ms).max(0);
        let until = now_ms() + left;
        self.party.try_set(hold.party);
        let slot = hold.slot.clone();
        if self.place.try_set(Place::Held { hold, until }).is_some() {
            // The page has gone meanwhile.
            return;
        }
        let over = move || {
            let is_this = matches!(self.place.try_get_untracked(), Some(Place::Held { until: there, .. }) if there == until);
            if is_this {
                self.place.set(Place::Over(slot.clone()));
                self.tasting.again();
            }
        };
        set_timeout(
            over,
            Duration::from_millis(u64::try_from(left).unwrap_or_default()),
        );
    }

    /// Lets the place go.
    pub fn let_go(self) {
        self.choose_anew();
        self.place.set(Place::None);
        task(async move {
            match self.stores.client().bookings().let_go().await {
                Ok(()) => self.stores.say(text().let_gone.to_owned()),
                // It goes by itself in a few minutes.
                Err(error) => leptos::logging::warn!("{error}"),
            }
            self.tasting.again();
        });
    }
}

/// Why a place was not to be had, in words.
pub fn why_not(error: &Error) -> String {
    let text = text();
    match error {
        Error::Refused {
            problem,
            retry_after,
        } => match problem.kind {
            ProblemKind::SlotFull | ProblemKind::HoldExpired => text.slot_full.to_owned(),
            ProblemKind::SlotPast | ProblemKind::NotFound => text.slot_past.to_owned(),
            ProblemKind::HeldTooOften => {
                (text.held_too_often)(retry_after.unwrap_or(600).div_ceil(60))
            }
            ProblemKind::OnePerMember => text.booked_hint.to_owned(),
            ProblemKind::NotNow => text.move_not.to_owned(),
            _ => explain(error).0,
        },
        _ => explain(error).0,
    }
}
