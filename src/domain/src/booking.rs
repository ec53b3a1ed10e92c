//! A place at a tasting that somebody has booked: how it goes on, who did what and when.

use crate::id::{BookingId, BundleId, ProductId, SlotId, VariantId};
use crate::money::Money;
use crate::order::Actor;
use crate::tasting::TastingSummary;
use crate::time::Moment;
use crate::waiting::Waiting;
use serde::Serialize;

/// How long after its end a booking that nobody came for counts as missed, in milliseconds.
pub const MISSED_AFTER: i64 = 30 * 60_000;
/// How long a check-in (or a "did not come") can be taken back, in milliseconds.
pub const UNDO_FOR: i64 = 2 * 60_000;
/// After how many missed bookings one is asked to confirm on the day.
pub const MISSED_BEFORE_ASKING: u32 = 2;
/// How long before it begins a place that should have been confirmed is given to others, in
/// milliseconds.
pub const CONFIRM_BEFORE: i64 = 2 * 3_600_000;

/// Where a booking stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum BookingState {
    /// The place is theirs.
    Booked,
    /// They have come.
    CheckedIn,
    /// It was called off.
    Cancelled,
    /// They have not come.
    NoShow,
    /// Newer than this code: shown, never changed.
    #[serde(other)]
    Unknown,
}

crate::readable_words!(BookingState { "booked" => Booked, "checked_in" => CheckedIn, "cancelled" => Cancelled, "no_show" => NoShow } else Unknown);

/// What can be done with a booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BookingStep {
    /// It goes to another time.
    Move,
    /// It is called off.
    Cancel,
    /// Its member says on the day that they will come.
    ConfirmComing,
    /// They have come.
    CheckIn,
    /// They have not come.
    Miss,
    /// What was done last at the desk is taken back.
    Undo,
    /// They were taken in without a booking, by mistake: there is none to go back to.
    TakeBack,
    /// They say how they liked it.
    Judge,
}

/// The times that decide what may be done with a booking, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BookingTimes {
    /// Now.
    pub now: i64,
    /// When its day begins and ends on the shop's clock.
    pub day: (i64, i64),
    /// When it begins.
    pub from: i64,
    /// When it ends.
    pub to: i64,
    /// Until when its member may move it or call it off.
    pub cut_off: i64,
    /// When it became what it is.
    pub changed_at: i64,
    /// Until when it must be confirmed, where it must and was not.
    pub confirm_until: Option<i64>,
}

impl BookingState {
    /// All states that there are.
    pub const ALL: [Self; 4] = [Self::Booked, Self::CheckedIn, Self::Cancelled, Self::NoShow];

    /// The state after a step, `None` where that step is not allowed.
    pub fn after(self, step: BookingStep, by: Actor, at: &BookingTimes) -> Option<Self> {
        use {Actor as By, BookingState as S, BookingStep as Do};
        let today = (at.day.0..at.day.1).contains(&at.now);
        match (self, step, by) {
            (S::Booked, Do::Move, By::Shopper) if at.now <= at.cut_off => Some(S::Booked),
            (S::Booked, Do::Cancel, By::Shopper) if at.now <= at.cut_off => Some(S::Cancelled),
            (S::Booked, Do::ConfirmComing, By::Shopper) => at
                .confirm_until
                .filter(|until| today && at.now < *until)
                .map(|_| S::Booked),
            // Its time for being confirmed is over: others may have the place.
            (S::Booked, Do::Cancel, By::System) => at
                .confirm_until
                .filter(|until| at.now >= *until)
                .map(|_| S::Cancelled),
            // Early or late, as long as it is the day and it does not count as missed.
            (S::Booked, Do::CheckIn, By::Staff) if today => Some(S::CheckedIn),
            (S::Booked, Do::Miss, By::Staff) if at.now >= at.from => Some(S::NoShow),
            (S::Booked, Do::Miss, By::System) if at.now >= at.to.saturating_add(MISSED_AFTER) => {
                Some(S::NoShow)
            }
            (S::CheckedIn | S::NoShow, Do::Undo, By::Staff)
                if at.now <= at.changed_at.saturating_add(UNDO_FOR) =>
            {
                Some(S::Booked)
            }
            (S::CheckedIn, Do::TakeBack, By::Staff)
                if at.now <= at.changed_at.saturating_add(UNDO_FOR) =>
            {
                Some(S::Cancelled)
            }
            (S::CheckedIn, Do::Judge, By::Shopper) => Some(S::CheckedIn),
            _ => None,
        }
    }

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::CheckedIn => "checked_in",
            Self::Cancelled => "cancelled",
            Self::NoShow => "no_show",
            Self::Unknown => "unknown",
        }
    }
}

/// Books: `POST /bookings`, with an `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BookingRequest {
    /// Which time. One that the member holds, that is offered to them, or that has places free.
    pub slot: SlotId,
    /// For how many people; at least 1.
    pub party: u32,
    /// How to call them; at most [`crate::order::MAX_NAME_CHARS`] characters, may be empty.
    #[serde(default)]
    pub name: String,
    /// A word to the shop; at most [`crate::order::MAX_NOTE_CHARS`] characters.
    #[serde(default)]
    pub note: String,
    /// From where they came; see [`crate::source::source`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
}

crate::readable!(BookingRequest { slot, party or 1, name or Default::default(), note or Default::default(), from });

/// Moves a booking: `POST /bookings/{id}/move`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MoveRequest {
    /// To which time, of the same tasting.
    pub slot: SlotId,
}

crate::readable!(MoveRequest { slot });

/// Says how it was: `POST /bookings/{id}/verdict`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VerdictRequest {
    /// How it was.
    pub verdict: Verdict,
}

crate::readable!(VerdictRequest { verdict });

/// How somebody liked what they tasted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// 喜欢
    Liked,
    /// 不太适合我
    NotForMe,
    /// Newer than this code.
    #[serde(other)]
    Unknown,
}

crate::readable_words!(Verdict { "liked" => Liked, "not_for_me" => NotForMe } else Unknown);

/// A booking, as its member is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Booking {
    /// Its id.
    pub id: BookingId,
    /// What is said at the counter: `T261126-003`.
    pub number: String,
    /// Where it stands.
    pub state: BookingState,
    /// What is tasted.
    pub tasting: TastingSummary,
    /// Which time.
    pub slot: SlotId,
    /// When it begins.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub from: Moment,
    /// When it ends.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub to: Moment,
    /// How to get there.
    #[serde(default)]
    pub place: String,
    /// For how many people.
    pub party: u32,
    /// How to call them.
    #[serde(default)]
    pub name: String,
    /// A word to the shop.
    #[serde(default)]
    pub note: String,
    /// What is shown at the counter, as long as they can come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<TastingCode>,
    /// Until when it can be moved and called off; absent when it cannot any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub may_cancel_until: Option<Moment>,
    /// Where its member is asked to confirm on the day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<Confirmation>,
    /// What to buy of what was tasted, once they have come; absent where nothing of it is sold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buy: Option<ToBuy>,
    /// How they liked it, once they have said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// Everything that happened to it, the oldest first.
    #[serde(default)]
    pub history: Vec<BookingChange>,
}

crate::readable!(Booking { id, number, state, tasting, slot, from, to, place or Default::default(), party, name or Default::default(), note or Default::default(), code, may_cancel_until, confirm, buy, verdict, history or Default::default() });

/// What is shown at the counter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TastingCode {
    /// Eight digits, to be said.
    pub digits: String,
    /// The text of the QR code, signed by the shop.
    pub qr: String,
}

crate::readable!(TastingCode { digits, qr });

/// Somebody who did not come before is asked to say on the day that they will.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Confirmation {
    /// From when on it can be said: the beginning of the day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub from: Moment,
    /// Until when; then the place is given to others.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub until: Moment,
    /// Whether it was said.
    pub given: bool,
}

crate::readable!(Confirmation { from, until, given or false });

/// What can be bought of what was tasted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ToBuy {
    /// A product, in the kind that a list shows.
    Product {
        /// Which one.
        product: ProductId,
        /// Which kind of it.
        variant: VariantId,
        /// What that costs.
        price: Money,
    },
    /// A bundle, as it is offered first.
    Bundle {
        /// Which one.
        bundle: BundleId,
    },
    /// Newer than this code: nothing is offered.
    #[serde(other)]
    Unknown,
}

crate::readable_kinds!(ToBuy {
    "product" => Product { product, variant, price },
    "bundle" => Bundle { bundle },
} else Unknown);

/// Something that happened to a booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BookingChange {
    /// What.
    pub what: BookingEvent,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Moment,
    /// By whom.
    pub by: Actor,
}

crate::readable!(BookingChange { what, at, by });

/// What can have happened to a booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum BookingEvent {
    /// It was booked.
    Booked,
    /// It went to another time.
    Moved,
    /// Its member said that they will come.
    Confirmed,
    /// They came.
    CheckedIn,
    /// They did not come.
    NoShow,
    /// What was done last at the desk was taken back.
    Undone,
    /// It was called off; by the system, when it was not confirmed in time.
    Cancelled,
    /// Newer than this code.
    #[serde(other)]
    Unknown,
}

crate::readable_words!(BookingEvent { "booked" => Booked, "moved" => Moved, "confirmed" => Confirmed, "checked_in" => CheckedIn, "no_show" => NoShow, "undone" => Undone, "cancelled" => Cancelled } else Unknown);

impl BookingEvent {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::Moved => "moved",
            Self::Confirmed => "confirmed",
            Self::CheckedIn => "checked_in",
            Self::NoShow => "no_show",
            Self::Undone => "undone",
            Self::Cancelled => "cancelled",
            Self::Unknown => "unknown",
        }
    }
}

/// A member's tastings: `GET /me/bookings`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MyBookings {
    /// The server's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub now: Moment,
    /// Those that are to come, the earliest first; then the others, the latest first.
    pub bookings: Vec<Booking>,
    /// The lines that they stand in, and those that have ended today.
    #[serde(default)]
    pub waiting: Vec<Waiting>,
}

crate::readable!(MyBookings { now, bookings, waiting or Default::default() });

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const STEPS: [BookingStep; 8] = [
        BookingStep::Move,
        BookingStep::Cancel,
        BookingStep::ConfirmComing,
        BookingStep::CheckIn,
        BookingStep::Miss,
        BookingStep::Undo,
        BookingStep::TakeBack,
        BookingStep::Judge,
    ];
    const ACTORS: [Actor; 3] = [Actor::Shopper, Actor::Staff, Actor::System];
    const HOUR: i64 = 3_600_000;

    /// A tasting from 10:00 to 10:30 on a day that begins at 0.
    fn at(now: i64) -> BookingTimes {
        BookingTimes {
            now,
            day: (0, 24 * HOUR),
            from: 10 * HOUR,
            to: 10 * HOUR + HOUR / 2,
            cut_off: 8 * HOUR,
            changed_at: -HOUR,
            confirm_until: None,
        }
    }

    #[test]
    fn the_usual_way() {
        use {Actor as By, BookingState as S, BookingStep as Do};
        assert_eq!(
            S::Booked.after(Do::CheckIn, By::Staff, &at(10 * HOUR)),
            Some(S::CheckedIn)
        );
        assert_eq!(S::Booked.after(Do::CheckIn, By::Staff, &at(-1)), None);
        assert_eq!(S::Booked.after(Do::CheckIn, By::Shopper, &at(HOUR)), None);
        assert_eq!(
            S::Booked.after(Do::Cancel, By::Shopper, &at(8 * HOUR)),
            Some(S::Cancelled)
        );
        assert_eq!(
            S::Booked.after(Do::Cancel, By::Shopper, &at(8 * HOUR + 1)),
            None
        );
        assert_eq!(S::Booked.after(Do::Cancel, By::System, &at(8 * HOUR)), None);
        let miss = |now| S::Booked.after(Do::Miss, By::System, &at(now));
        assert_eq!(miss(11 * HOUR - 1), None);
        assert_eq!(miss(11 * HOUR), Some(S::NoShow));
        assert_eq!(
            S::Booked.after(Do::Miss, By::Staff, &at(10 * HOUR - 1)),
            None
        );
    }

    #[test]
    fn an_unconfirmed_place_goes_to_others() {
        use {Actor as By, BookingState as S, BookingStep as Do};
        let asked = |now| BookingTimes {
            confirm_until: Some(8 * HOUR),
            ..at(now)
        };
        let confirm = |now| S::Booked.after(Do::ConfirmComing, By::Shopper, &asked(now));
        assert_eq!(confirm(-1), None, "not before the day");
        assert_eq!(confirm(0), Some(S::Booked));
        assert_eq!(confirm(8 * HOUR), None);
        let free = |now| S::Booked.after(Do::Cancel, By::System, &asked(now));
        assert_eq!(free(8 * HOUR - 1), None);
        assert_eq!(free(8 * HOUR), Some(S::Cancelled));
    }

    proptest! {
        #[test]
        fn whatever_happens_a_booking_ends_once(steps in proptest::collection::vec((0_usize..8, 0_usize..3, 0_i64..2 * HOUR), 0..60)) {
            let (mut state, mut now, mut changed_at) = (BookingState::Booked, -HOUR, -HOUR);
            for (step, by, later) in steps {
                now += later;
                let (step, by) = (STEPS[step], ACTORS[by]);
                let times = BookingTimes { changed_at, ..at(now) };
                let Some(next) = state.after(step, by, &times) else { continue };
                // What was called off never comes back; what was done at the desk only within two minutes.
                prop_assert_ne!(state, BookingState::Cancelled);
                if matches!(state, BookingState::CheckedIn | BookingState::NoShow) && next == BookingState::Booked {
                    prop_assert!(now - changed_at <= UNDO_FOR && by == Actor::Staff);
                }
                // Nobody checks themselves in, and nobody cancels after the cut-off.
                prop_assert!(next != BookingState::CheckedIn || by == Actor::Staff || state == next);
                prop_assert!(next != BookingState::Cancelled || now <= times.cut_off || step == BookingStep::TakeBack);
                prop_assert!(step != BookingStep::Judge || state == BookingState::CheckedIn);
                if next != state {
                    changed_at = now;
                }
                state = next;
            }
        }

        #[test]
        fn a_state_that_is_not_known_is_never_changed(step in 0_usize..8, by in 0_usize..3, now in -HOUR..30 * HOUR) {
            prop_assert_eq!(BookingState::Unknown.after(STEPS[step], ACTORS[by], &at(now)), None);
        }

        #[test]
        fn a_booking_that_nobody_touches_is_missed_by_itself(now in 11 * HOUR..100 * HOUR) {
            prop_assert_eq!(BookingState::Booked.after(BookingStep::Miss, Actor::System, &at(now)), Some(BookingState::NoShow));
        }
    }
}
