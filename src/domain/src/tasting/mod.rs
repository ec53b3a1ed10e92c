//! What can be tasted in the store, and when.

pub mod plan;

pub use plan::{Plan, PlanTime};

use crate::catalog::Picture;
use crate::id::{BundleId, EventId, ProductId, SlotId, TastingId};
use crate::money::Money;
use crate::time::Moment;
use serde::Serialize;

/// How many days a tasting's strip shows, today among them.
pub const DAYS: u32 = 14;
/// The most people that one booking may bring.
pub const MOST_PEOPLE: u32 = 4;

/// What is tasted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Subject {
    /// A product.
    Product {
        /// Which one.
        id: ProductId,
    },
    /// A bundle.
    Bundle {
        /// Which one.
        id: BundleId,
    },
    /// An event of the shop's.
    Event {
        /// Which one.
        id: EventId,
    },
    /// Newer than this code: shown by its name.
    #[serde(other)]
    Unknown,
}

crate::readable_kinds!(Subject {
    "product" => Product { id },
    "bundle" => Bundle { id },
    "event" => Event { id },
} else Unknown);

/// A tasting, in short: in lists, and where its subject is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TastingSummary {
    /// Its id.
    pub id: TastingId,
    /// What it is called.
    pub title: String,
    /// What is tasted.
    pub subject: Subject,
    /// What that is called.
    pub name: String,
    /// Its picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
    /// How long it takes, in minutes.
    pub minutes: u32,
    /// What is left at the counter before and comes back after: absent when it is free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deposit: Option<Money>,
    /// When the next place is free; absent when none is in the days that are shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub next: Option<Moment>,
}

crate::readable!(TastingSummary {
    id,
    title,
    subject,
    name,
    picture,
    minutes or 30,
    deposit,
    next
});

/// A tasting with its days: `GET /tastings/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tasting {
    /// It in short.
    pub tasting: TastingSummary,
    /// A few sentences. Plain text.
    #[serde(default)]
    pub words: String,
    /// How to get there.
    #[serde(default)]
    pub place: String,
    /// How many people a slot has room for.
    pub capacity: u32,
    /// How many people one booking may bring.
    #[serde(default)]
    pub most_people: u32,
    /// Until how many minutes before it begins one may move or cancel.
    #[serde(default)]
    pub cancel_minutes: u32,
    /// Until how many minutes before it begins one may book.
    #[serde(default)]
    pub lead_minutes: u32,
    /// IANA zone of the shop's clock, which all times here are on.
    #[serde(default)]
    pub zone: String,
    /// The server's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub now: Moment,
    /// Today and the days after it, each of them, also those without a slot.
    pub days: Vec<TastingDay>,
}

crate::readable!(Tasting { tasting, words or Default::default(), place or Default::default(), capacity, most_people or 1, cancel_minutes or 0, lead_minutes or 0, zone or Default::default(), now, days });

/// A day of a tasting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TastingDay {
    /// `2026-11-26`, on the shop's clock.
    pub date: String,
    /// 1 (Monday) to 7 (Sunday).
    pub weekday: u8,
    /// Its slots, the earliest first.
    #[serde(default)]
    pub slots: Vec<Slot>,
}

crate::readable!(TastingDay { date, weekday, slots or Default::default() });

/// One time at which something is tasted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Slot {
    /// Its id.
    pub id: SlotId,
    /// When it begins.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub from: Moment,
    /// When it ends.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub to: Moment,
    /// How many people it has room for.
    pub capacity: u32,
    /// For how many more it has. A place that is held, or offered to somebody who waits, is not
    /// free, and while people wait none is.
    pub free: u32,
    /// Whether it can be booked.
    pub state: SlotState,
    /// How many bookings wait for a place.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub waiting: u32,
}

crate::readable!(Slot { id, from, to, capacity, free, state, waiting or 0 });

fn is_nothing(number: &u32) -> bool {
    *number == 0
}

/// Whether a slot can be booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SlotState {
    /// A place is free.
    Open,
    /// No place is free; one may wait for one.
    Full,
    /// It is too late to book.
    Past,
    /// The shop has no tasting then, though the weekday would have one.
    Closed,
    /// Newer than this code: shown, never booked.
    #[serde(other)]
    Unknown,
}

crate::readable_words!(SlotState { "open" => Open, "full" => Full, "past" => Past, "closed" => Closed } else Unknown);

/// What decides the state of a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotFacts {
    /// Now, in milliseconds.
    pub now: i64,
    /// When it begins.
    pub from: i64,
    /// Until how many minutes before that one may book.
    pub lead_minutes: u32,
    /// Whether the shop is closed then.
    pub closed: bool,
    /// How many people it has room for.
    pub capacity: u32,
    /// How many places are booked, held or offered.
    pub taken: u32,
    /// Whether somebody waits.
    pub waited_for: bool,
}

impl SlotFacts {
    /// For how many more people it has room. Whoever waits comes first: until all of them have
    /// theirs, nothing is free for others.
    pub fn free(&self) -> u32 {
        if self.waited_for {
            0
        } else {
            self.capacity.saturating_sub(self.taken)
        }
    }

    /// Until when it can be booked, in milliseconds.
    pub fn bookable_until(&self) -> i64 {
        self.from
            .saturating_sub(i64::from(self.lead_minutes) * 60_000)
    }

    /// Whether it can be booked.
    pub fn state(&self) -> SlotState {
        if self.closed {
            SlotState::Closed
        } else if self.now > self.bookable_until() {
            SlotState::Past
        } else if self.free() == 0 {
            SlotState::Full
        } else {
            SlotState::Open
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_slot_is_open_exactly_when_somebody_may_have_a_place(
            now in 0_i64..10_000_000,
            from in 0_i64..10_000_000,
            lead_minutes in 0_u32..120,
            closed in any::<bool>(),
            capacity in 0_u32..10,
            taken in 0_u32..12,
            waited_for in any::<bool>(),
        ) {
            let facts = SlotFacts { now, from, lead_minutes, closed, capacity, taken, waited_for };
            let open = facts.state() == SlotState::Open;
            let early = now <= from - i64::from(lead_minutes) * 60_000;
            prop_assert_eq!(open, !closed && early && taken < capacity && !waited_for);
            // Never more than there is room for, whatever was sold before the owner made it smaller.
            prop_assert!(facts.free() <= capacity);
            prop_assert!(facts.free() + taken <= capacity.max(taken));
        }

        #[test]
        fn what_is_past_stays_past(now in 0_i64..10_000_000, later in 0_i64..10_000_000, from in 0_i64..10_000_000, taken in 0_u32..12) {
            let facts = SlotFacts { now, from, lead_minutes: 30, closed: false, capacity: 8, taken, waited_for: false };
            let then = SlotFacts { now: now + later, ..facts };
            prop_assert!(facts.state() != SlotState::Past || then.state() == SlotState::Past);
        }
    }
}
