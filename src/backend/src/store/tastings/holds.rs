//! A place that is held while its member fills in the rest.

use super::crowd::kept_for;
use super::{Place, most_people, settle, slot_id};
use crate::clock::Clock;
use crate::store::members::seconds;
use crate::store::{Store, StoreError};
use domain::id::{MemberId, SlotId};
use domain::problem::ProblemKind;
use domain::slot_hold::{HELD_FOR, HoldState, HoldStep, SlotHold, WITHIN, again_at};
use domain::tasting::SlotState;
use domain::time::Moment;
use sqlx::{FromRow, SqliteConnection};

#[derive(FromRow)]
pub(super) struct HoldRow {
    id: i64,
    tasting: String,
    starts_at: i64,
    ends_at: i64,
    party: u32,
    expires_at: i64,
}

impl HoldRow {
    /// The hold that a member has.
    pub(super) async fn of(
        reading: &mut SqliteConnection,
        member: &MemberId,
        now: Moment,
    ) -> Result<Option<Self>, StoreError> {
        Ok(sqlx::query_as(
            "SELECT id, tasting, starts_at, ends_at, party, expires_at FROM slot_holds
             WHERE member = ?1 AND state = 'running' AND expires_at > ?2",
        )
        .bind(member.as_str())
        .bind(now.ms)
        .fetch_optional(reading)
        .await?)
    }

    pub(super) fn is_of(&self, tasting: &str, starts_at: i64) -> bool {
        self.tasting == tasting && self.starts_at == starts_at
    }

    /// Ends it, by booking or by letting go.
    pub(super) async fn end(
        &self,
        writing: &mut SqliteConnection,
        step: HoldStep,
        now: Moment,
    ) -> Result<(), StoreError> {
        let state = HoldState::Running.after(step, now.ms, self.expires_at);
        if let Some(state) = state {
            sqlx::query("UPDATE slot_holds SET state = ?2, ended_at = ?3 WHERE id = ?1")
                .bind(self.id)
                .bind(state.as_str())
                .bind(now.ms.min(self.expires_at))
                .execute(writing)
                .await?;
        }
        Ok(())
    }

    fn read(self, clock: &Clock, now: Moment) -> SlotHold {
        SlotHold {
            slot: slot_id(&self.tasting, self.starts_at),
            from: clock.moment(self.starts_at),
            to: clock.moment(self.ends_at),
            party: self.party,
            now,
            expires_at: clock.moment(self.expires_at),
        }
    }
}

impl Store {
    /// The place that a member holds, if one.
    pub async fn held_place(
        &self,
        member: &MemberId,
        clock: &Clock,
    ) -> Result<Option<SlotHold>, StoreError> {
        let mut reading = self.pool.acquire().await?;
        let now = clock.now();
        let hold = HoldRow::of(&mut reading, member, now).await?;
        Ok(hold.map(|hold| hold.read(clock, now)))
    }

    /// Holds a place, in the place of another one. The same slot again may be for another number of
    /// people, but not for longer.
    pub async fn hold_place(
        &self,
        member: &MemberId,
        slot: &SlotId,
        party: u32,
        clock: &Clock,
    ) -> Result<SlotHold, StoreError> {
        let mut writing = self.write().await?;
        let now = clock.now();
        settle::settle(&mut writing, clock, now).await?;
        let place = Place::of(&mut writing, slot, clock, now).await?;
        let facts = place.facts(place.crowd(&mut writing, now).await?, now);
        if matches!(facts.state(), SlotState::Past | SlotState::Closed) {
            return Err(StoreError::Refused(ProblemKind::SlotPast));
        }
        let (tasting, starts_at) = (place.tasting.id.as_str(), place.slot.from.ms);
        let mine = kept_for(&mut writing, member, tasting, starts_at, now).await?;
        if party > most_people(place.plan.capacity) || !has_room(&facts, mine, party) {
            return Err(StoreError::Refused(ProblemKind::SlotFull));
        }
        let before = HoldRow::of(&mut writing, member, now).await?;
        let expires_at = match before {
            Some(hold) if hold.is_of(tasting, starts_at) => {
                sqlx::query("UPDATE slot_holds SET party = ?2 WHERE id = ?1")
                    .bind(hold.id)
                    .bind(party)
                    .execute(&mut *writing)
                    .await?;
                hold.expires_at
            }
            other => {
                not_too_often(&mut writing, member, tasting, starts_at, now).await?;
                if let Some(other) = other {
                    other.end(&mut writing, HoldStep::LetGo, now).await?;
                }
                insert(&mut writing, member, &place, party, now).await?
            }
        };
        settle::offer(&mut writing, clock, now).await?;
        writing.commit().await?;
        Ok(SlotHold {
            slot: place.id(),
            from: place.slot.from,
            to: place.slot.to,
            party,
            now,
            expires_at: clock.moment(expires_at),
        })
    }

    /// Lets the place go.
    pub async fn let_place_go(&self, member: &MemberId, clock: &Clock) -> Result<(), StoreError> {
        let mut writing = self.write().await?;
        let now = clock.now();
        settle::settle(&mut writing, clock, now).await?;
        if let Some(hold) = HoldRow::of(&mut writing, member, now).await? {
            hold.end(&mut writing, HoldStep::LetGo, now).await?;
        }
        settle::offer(&mut writing, clock, now).await?;
        writing.commit().await
    }
}

/// Whether there is room for so many people of a member for whom so many places are kept (and
/// counted as taken).
pub(super) fn has_room(facts: &domain::tasting::SlotFacts, mine: u32, party: u32) -> bool {
    party <= mine || (!facts.waited_for && party <= facts.free().saturating_add(mine))
}

async fn insert(
    writing: &mut SqliteConnection,
    member: &MemberId,
    place: &Place,
    party: u32,
    now: Moment,
) -> Result<i64, StoreError> {
    // Nobody holds what begins meanwhile.
    let expires_at = (now.ms + HELD_FOR).min(place.slot.from.ms);
    sqlx::query(
        "INSERT INTO slot_holds (member, tasting, starts_at, ends_at, party, made_at, expires_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(member.as_str())
    .bind(&place.tasting.id)
    .bind(place.slot.from.ms)
    .bind(place.slot.to.ms)
    .bind(party)
    .bind(now.ms)
    .bind(expires_at)
    .execute(writing)
    .await?;
    Ok(expires_at)
}

/// Refused when the member has held places of the slot for long enough without booking one.
async fn not_too_often(
    writing: &mut SqliteConnection,
    member: &MemberId,
    tasting: &str,
    starts_at: i64,
    now: Moment,
) -> Result<(), StoreError> {
    let held: Vec<(i64, i64)> = sqlx::query_as(
        "SELECT made_at, ended_at FROM slot_holds
         WHERE member = ?1 AND tasting = ?2 AND starts_at = ?3 AND ended_at > ?4 AND state IN ('let_go', 'expired')",
    )
    .bind(member.as_str())
    .bind(tasting)
    .bind(starts_at)
    .bind(now.ms - WITHIN)
    .fetch_all(writing)
    .await?;
    match again_at(&held, now.ms) {
        Some(again) => Err(StoreError::HeldTooOften(seconds(again - now.ms))),
        None => Ok(()),
    }
}
