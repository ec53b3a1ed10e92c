//! A booking goes on step by step, by its member or at the desk.

use super::crowd::kept_for;
use super::holds::{HoldRow, has_room};
use super::keys::Keys;
use super::read::{booking, guest};
use super::{Place, cut_off, settle};
use crate::clock::Clock;
use crate::language::Language;
use crate::store::{Store, StoreError, word};
use domain::booking::{
    Booking, BookingEvent, BookingState, BookingStep, BookingTimes, CONFIRM_BEFORE,
    MISSED_BEFORE_ASKING, Verdict,
};
use domain::check_in::Guest;
use domain::id::{BookingId, MemberId, SlotId, StaffId};
use domain::order::Actor;
use domain::problem::ProblemKind;
use domain::slot_hold::HoldStep;
use domain::tasting::SlotState;
use domain::time::Moment;
use domain::waiting::{WaitingState, WaitingStep};
use sqlx::{FromRow, SqliteConnection};

#[derive(FromRow)]
struct RawRow {
    id: String,
    member: Option<String>,
    tasting: String,
    starts_at: i64,
    ends_at: i64,
    party: u32,
    state: String,
    confirm_until: Option<i64>,
    confirmed: bool,
    changed_at: i64,
    cancel_minutes: u32,
}

/// What decides how a booking may go on.
pub(super) struct Row {
    pub(super) id: String,
    pub(super) member: Option<String>,
    pub(super) tasting: String,
    pub(super) starts_at: i64,
    ends_at: i64,
    party: u32,
    pub(super) state: BookingState,
    confirm_until: Option<i64>,
    changed_at: i64,
    cancel_minutes: u32,
}

impl Row {
    pub(super) async fn of(
        reading: &mut SqliteConnection,
        id: &str,
    ) -> Result<Option<Self>, StoreError> {
        let row: Option<RawRow> = sqlx::query_as(
            "SELECT b.id, b.member, b.tasting, b.starts_at, b.ends_at, b.party, b.state, b.confirm_until, b.confirmed,
                    b.changed_at, t.cancel_minutes
             FROM bookings AS b JOIN tastings AS t ON t.id = b.tasting WHERE b.id = ?1",
        )
        .bind(id)
        .fetch_optional(reading)
        .await?;
        Ok(row.map(|row| Self {
            state: word(&row.state).unwrap_or(BookingState::Unknown),
            confirm_until: row.confirm_until.filter(|_| !row.confirmed),
            id: row.id,
            member: row.member,
            tasting: row.tasting,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            party: row.party,
            changed_at: row.changed_at,
            cancel_minutes: row.cancel_minutes,
        }))
    }

    /// A booking of this member's; somebody else's is none.
    async fn of_member(
        reading: &mut SqliteConnection,
        id: &BookingId,
        member: &MemberId,
    ) -> Result<Option<Self>, StoreError> {
        let row = Self::of(reading, id.as_str()).await?;
        Ok(row.filter(|row| row.member.as_deref() == Some(member.as_str())))
    }

    pub(super) fn times(&self, clock: &Clock, now: Moment) -> BookingTimes {
        BookingTimes {
            now: now.ms,
            day: clock.day_of(self.starts_at).unwrap_or((i64::MAX, i64::MAX)),
            from: self.starts_at,
            to: self.ends_at,
            cut_off: cut_off(self.starts_at, self.cancel_minutes),
            changed_at: self.changed_at,
            confirm_until: self.confirm_until,
        }
    }

    /// What a nonce of the preview vouches for: that the booking is as it was looked at.
    pub(super) fn as_looked_at(&self) -> String {
        let Self {
            id,
            starts_at,
            changed_at,
            ..
        } = self;
        format!("{id} {starts_at} {changed_at} {}", self.state.as_str())
    }
}

/// What is done with a booking at the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AtCounterStep {
    /// They have come; with the nonce of the preview.
    CheckIn(String),
    /// What was done last is taken back.
    Undo,
    /// They have not come.
    NoShow,
}

impl Store {
    /// Moves a booking to another time of the same tasting; `None` when the member has no such.
    pub async fn move_booking(
        &self,
        id: &BookingId,
        slot: &SlotId,
        member: &MemberId,
        language: Language,
        clock: &Clock,
    ) -> Result<Option<Booking>, StoreError> {
        let mut writing = self.write().await?;
        let now = clock.now();
        settle::settle(&mut writing, clock, now).await?;
        let Some(row) = Row::of_member(&mut writing, id, member).await? else {
            return Ok(None);
        };
        let place = Place::of(&mut writing, slot, clock, now).await?;
        if place.tasting.id != row.tasting {
            return Err(StoreError::Refused(ProblemKind::NotFound));
        }
        let times = row.times(clock, now);
        row.state
            .after(BookingStep::Move, Actor::Shopper, &times)
            .ok_or(StoreError::Refused(ProblemKind::NotNow))?;
        let starts_at = place.slot.from.ms;
        if starts_at != row.starts_at {
            take(&mut writing, &place, member, row.party, now).await?;
            let confirm = confirmation(&mut writing, member, starts_at, clock, now).await?;
            sqlx::query(
                "UPDATE bookings SET starts_at = ?2, ends_at = ?3, changed_at = ?4,
                        confirm_from = ?5, confirm_until = ?6, confirmed = 0 WHERE id = ?1",
            )
            .bind(id.as_str())
            .bind(starts_at)
            .bind(place.slot.to.ms)
            .bind(now.ms)
            .bind(confirm.map(|(from, _)| from))
            .bind(confirm.map(|(_, until)| until))
            .execute(&mut *writing)
            .await?;
            let moved = BookingEvent::Moved;
            record(&mut writing, id.as_str(), moved, now, Actor::Shopper, None).await?;
            settle::offer(&mut writing, clock, now).await?;
        }
        let moved = booking(&mut writing, id.as_str(), language, clock, now).await?;
        writing.commit().await?;
        Ok(moved)
    }

    /// Calls a booking off; `None` when the member has no such.
    pub async fn cancel_booking(
        &self,
        id: &BookingId,
        member: &MemberId,
        language: Language,
        clock: &Clock,
    ) -> Result<Option<Booking>, StoreError> {
        let mut writing = self.write().await?;
        let now = clock.now();
        settle::settle(&mut writing, clock, now).await?;
        let Some(row) = Row::of_member(&mut writing, id, member).await? else {
            return Ok(None);
        };
        if row.state != BookingState::Cancelled {
            let times = row.times(clock, now);
            let state = row
                .state
                .after(BookingStep::Cancel, Actor::Shopper, &times)
                .ok_or(StoreError::Refused(ProblemKind::NotNow))?;
            become_(&mut writing, id.as_str(), state, now).await?;
            let event = BookingEvent::Cancelled;
            record(&mut writing, id.as_str(), event, now, Actor::Shopper, None).await?;
            settle::offer(&mut writing, clock, now).await?;
        }
        let cancelled = booking(&mut writing, id.as_str(), language, clock, now).await?;
        writing.commit().await?;
        Ok(cancelled)
    }

    /// Writes down that a member will come; `None` when the member has no such booking.
    pub async fn confirm_coming(
        &self,
        id: &BookingId,
        member: &MemberId,
        language: Language,
        clock: &Clock,
    ) -> Result<Option<Booking>, StoreError> {
        let mut writing = self.write().await?;
        let now = clock.now();
        settle::settle(&mut writing, clock, now).await?;
        let Some(row) = Row::of_member(&mut writing, id, member).await? else {
            return Ok(None);
        };
        let said: bool = sqlx::query_scalar(
            "SELECT state = 'booked' AND confirmed AND confirm_until IS NOT NULL FROM bookings WHERE id = ?1",
        )
        .bind(id.as_str())
        .fetch_one(&mut *writing)
        .await?;
        if !said {
            let times = row.times(clock, now);
            row.state
                .after(BookingStep::ConfirmComing, Actor::Shopper, &times)
                .ok_or(StoreError::Refused(ProblemKind::NotNow))?;
            sqlx::query("UPDATE bookings SET confirmed = 1 WHERE id = ?1")
                .bind(id.as_str())
                .execute(&mut *writing)
                .await?;
            let event = BookingEvent::Confirmed;
            record(&mut writing, id.as_str(), event, now, Actor::Shopper, None).await?;
        }
        let confirmed = booking(&mut writing, id.as_str(), language, clock, now).await?;
        writing.commit().await?;
        Ok(confirmed)
    }

    /// Writes down how a member liked it; the last word counts. `None` when the member has no such
    /// booking.
    pub async fn judge(
        &self,
        id: &BookingId,
        verdict: Verdict,
        member: &MemberId,
        language: Language,
        clock: &Clock,
    ) -> Result<Option<Booking>, StoreError> {
        let mut writing = self.write().await?;
        let now = clock.now();
        let Some(row) = Row::of_member(&mut writing, id, member).await? else {
            return Ok(None);
        };
        let times = row.times(clock, now);
        row.state
            .after(BookingStep::Judge, Actor::Shopper, &times)
            .ok_or(StoreError::Refused(ProblemKind::NotNow))?;
        let word = match verdict {
            Verdict::Liked => "liked",
            Verdict::NotForMe => "not_for_me",
            Verdict::Unknown => return Err(StoreError::Refused(ProblemKind::InvalidBody)),
        };
        sqlx::query("UPDATE bookings SET verdict = ?2 WHERE id = ?1")
            .bind(id.as_str())
            .bind(word)
            .execute(&mut *writing)
            .await?;
        let judged = booking(&mut writing, id.as_str(), language, clock, now).await?;
        writing.commit().await?;
        Ok(judged)
    }

    /// Does something with a booking at the desk; `None` when there is none. What was done already
    /// changes nothing.
    pub async fn booking_at_desk(
        &self,
        id: &BookingId,
        step: &AtCounterStep,
        staff: &StaffId,
        language: Language,
        clock: &Clock,
    ) -> Result<Option<Guest>, StoreError> {
        let mut writing = self.write().await?;
        let now = clock.now();
        settle::settle(&mut writing, clock, now).await?;
        let Some(row) = Row::of(&mut writing, id.as_str()).await? else {
            return Ok(None);
        };
        let (goal, what, event) = match step {
            AtCounterStep::CheckIn(_) => (
                BookingState::CheckedIn,
                BookingStep::CheckIn,
                BookingEvent::CheckedIn,
            ),
            AtCounterStep::Undo if row.member.is_none() => (
                BookingState::Cancelled,
                BookingStep::TakeBack,
                BookingEvent::Undone,
            ),
            AtCounterStep::Undo => (
                BookingState::Booked,
                BookingStep::Undo,
                BookingEvent::Undone,
            ),
            AtCounterStep::NoShow => (
                BookingState::NoShow,
                BookingStep::Miss,
                BookingEvent::NoShow,
            ),
        };
        if row.state != goal {
            let not_now = StoreError::Refused(ProblemKind::NotNow);
            if let AtCounterStep::CheckIn(nonce) = step
                && *nonce != Keys::of(&mut writing).await?.nonce(&row.as_looked_at())
            {
                return Err(not_now);
            }
            let times = row.times(clock, now);
            let Some(state) = row.state.after(what, Actor::Staff, &times) else {
                return Err(not_now);
            };
            // Whoever has come and booked again at once has their one.
            let back = state == BookingState::Booked;
            if back && has_one(&mut writing, row.member.as_deref(), &row.tasting).await? {
                return Err(not_now);
            }
            become_(&mut writing, id.as_str(), state, now).await?;
            record(
                &mut writing,
                id.as_str(),
                event,
                now,
                Actor::Staff,
                Some(staff),
            )
            .await?;
            settle::offer(&mut writing, clock, now).await?;
        }
        let guest = guest(&mut writing, id.as_str(), language, clock, now).await?;
        writing.commit().await?;
        Ok(guest)
    }
}

/// Takes so many places of a slot for a member: out of their hold or offer, or of what is free.
pub(super) async fn take(
    writing: &mut SqliteConnection,
    place: &Place,
    member: &MemberId,
    party: u32,
    now: Moment,
) -> Result<(), StoreError> {
    let facts = place.facts(place.crowd(writing, now).await?, now);
    let (tasting, starts_at) = (place.tasting.id.as_str(), place.slot.from.ms);
    let mine = kept_for(writing, member, tasting, starts_at, now).await?;
    // A place that is kept can be taken also when it is too late for others.
    let late = facts.state() == SlotState::Past && (mine == 0 || now.ms >= starts_at);
    if late || facts.state() == SlotState::Closed {
        return Err(StoreError::Refused(ProblemKind::SlotPast));
    }
    if party > super::most_people(place.plan.capacity) || !has_room(&facts, mine, party) {
        return Err(StoreError::Refused(ProblemKind::SlotFull));
    }
    if let Some(hold) = HoldRow::of(writing, member, now).await?
        && hold.is_of(tasting, starts_at)
    {
        hold.end(writing, HoldStep::Book, now).await?;
    }
    let offered: Option<(String, String)> = sqlx::query_as(
        "SELECT id, state FROM waiting
         WHERE member = ?1 AND tasting = ?2 AND starts_at = ?3 AND state IN ('waiting', 'offered')",
    )
    .bind(member.as_str())
    .bind(tasting)
    .bind(starts_at)
    .fetch_optional(&mut *writing)
    .await?;
    if let Some((id, state)) = offered {
        let state: WaitingState = word(&state).unwrap_or(WaitingState::Unknown);
        // Still in line, but with a hold from before: they have what they waited for.
        let step = match state {
            WaitingState::Offered => WaitingStep::Take,
            _ => WaitingStep::Leave,
        };
        settle::step_in_line(writing, &id, state, step, now).await?;
    }
    Ok(())
}

/// Whether a member has a booking of a tasting that is still to come.
pub(super) async fn has_one(
    reading: &mut SqliteConnection,
    member: Option<&str>,
    tasting: &str,
) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM bookings WHERE member = ?1 AND tasting = ?2 AND state = 'booked')",
    )
    .bind(member)
    .bind(tasting)
    .fetch_one(reading)
    .await?)
}

/// From when and until when a member must confirm that they will come to what begins then; `None`
/// for whoever has come so far, and for what is booked on the day itself.
pub(super) async fn confirmation(
    reading: &mut SqliteConnection,
    member: &MemberId,
    starts_at: i64,
    clock: &Clock,
    now: Moment,
) -> Result<Option<(i64, i64)>, StoreError> {
    let missed: u32 =
        sqlx::query_scalar("SELECT count(*) FROM bookings WHERE member = ?1 AND state = 'no_show'")
            .bind(member.as_str())
            .fetch_one(reading)
            .await?;
    let from = clock.day_of(starts_at).map_or(0, |(begins, _)| begins);
    let until = starts_at - CONFIRM_BEFORE;
    let asked = missed >= MISSED_BEFORE_ASKING && now.ms < from && from < until;
    Ok(asked.then_some((from, until)))
}

/// Writes down what a booking has become.
pub(super) async fn become_(
    writing: &mut SqliteConnection,
    id: &str,
    state: BookingState,
    now: Moment,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE bookings SET state = ?2, changed_at = ?3 WHERE id = ?1")
        .bind(id)
        .bind(state.as_str())
        .bind(now.ms)
        .execute(writing)
        .await?;
    Ok(())
}

/// Writes down who did what and when.
pub(super) async fn record(
    writing: &mut SqliteConnection,
    id: &str,
    what: BookingEvent,
    at: Moment,
    actor: Actor,
    staff: Option<&StaffId>,
) -> Result<(), StoreError> {
    let actor = match actor {
        Actor::Shopper => "shopper",
        Actor::Staff => "staff",
        Actor::System | Actor::Unknown => "system",
    };
    sqlx::query(
        "INSERT INTO booking_changes (booking, position, what, at, actor, staff)
         VALUES (?1, (SELECT count(*) FROM booking_changes WHERE booking = ?1), ?2, ?3, ?4, ?5)",
    )
    .bind(id)
    .bind(what.as_str())
    .bind(at.ms)
    .bind(actor)
    .bind(staff.map(StaffId::as_str))
    .execute(writing)
    .await?;
    Ok(())
}
