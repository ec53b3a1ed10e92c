//! The lines of full slots.

use super::crowd::kept_for;
use super::{Place, TastingRow, most_people, parts_of, settle, slot_id};
use crate::clock::Clock;
use crate::language::Language;
use crate::secret;
use crate::store::intents::{self, Answered, Intent};
use crate::store::{Store, StoreError, word};
use domain::id::{MemberId, SlotId};
use domain::problem::ProblemKind;
use domain::tasting::SlotState;
use domain::time::Moment;
use domain::waiting::{WaitRequest, Waiting, WaitingState, WaitingStep};
use sqlx::{FromRow, SqliteConnection};

#[derive(FromRow)]
struct WaitingRow {
    turn: i64,
    id: String,
    tasting: String,
    starts_at: i64,
    ends_at: i64,
    party: u32,
    state: String,
    offered_until: Option<i64>,
}

impl Store {
    /// Stands in the line of a slot, once for each key.
    pub async fn wait(
        &self,
        member: &MemberId,
        slot: &SlotId,
        request: &WaitRequest,
        key: &str,
        language: Language,
        clock: &Clock,
    ) -> Result<Answered, StoreError> {
        let of = format!("tastings/slots/{slot}/waiting");
        let intent = Intent::new(member, key, &of, request)?;
        let mut writing = self.write().await?;
        if let Some(answered) = intents::before(&mut writing, &intent).await? {
            return Ok(answered);
        }
        let now = clock.now();
        let party = request.party;
        let waits = stand(&mut writing, member, slot, party, language, clock, now).await;
        intents::close(writing, &intent, waits, now).await
    }

    /// Leaves a line. What was offered goes to the next.
    pub async fn leave_line(
        &self,
        member: &MemberId,
        slot: &SlotId,
        clock: &Clock,
    ) -> Result<(), StoreError> {
        let Some((tasting, starts_at)) = parts_of(slot) else {
            return Ok(());
        };
        let mut writing = self.write().await?;
        let now = clock.now();
        settle::settle(&mut writing, clock, now).await?;
        let row: Option<(String, String)> = sqlx::query_as(
            "SELECT id, state FROM waiting
             WHERE member = ?1 AND tasting = ?2 AND starts_at = ?3 AND state IN ('waiting', 'offered')",
        )
        .bind(member.as_str())
        .bind(tasting)
        .bind(starts_at)
        .fetch_optional(&mut *writing)
        .await?;
        if let Some((id, state)) = row {
            let state = word(&state).unwrap_or(WaitingState::Unknown);
            settle::step_in_line(&mut writing, &id, state, WaitingStep::Leave, now).await?;
        }
        settle::offer(&mut writing, clock, now).await?;
        writing.commit().await
    }
}

async fn stand(
    writing: &mut SqliteConnection,
    member: &MemberId,
    slot: &SlotId,
    party: u32,
    language: Language,
    clock: &Clock,
    now: Moment,
) -> Result<Waiting, StoreError> {
    settle::settle(writing, clock, now).await?;
    let place = Place::of(writing, slot, clock, now).await?;
    let facts = place.facts(place.crowd(writing, now).await?, now);
    let (tasting, starts_at) = (place.tasting.id.as_str(), place.slot.from.ms);
    if matches!(facts.state(), SlotState::Past | SlotState::Closed) || place.line_ends() <= now.ms {
        return Err(StoreError::Refused(ProblemKind::SlotPast));
    }
    if party > most_people(place.plan.capacity) {
        return Err(StoreError::Refused(ProblemKind::SlotFull));
    }
    // Whoever could have a place need not wait, and whoever has one there has it.
    let mine = kept_for(writing, member, tasting, starts_at, now).await?;
    if super::holds::has_room(&facts, mine, party) || is_there(writing, member, slot).await? {
        return Err(StoreError::Refused(ProblemKind::NotNow));
    }
    let waits: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM waiting WHERE member = ?1 AND tasting = ?2 AND state IN ('waiting', 'offered'))",
    )
    .bind(member.as_str())
    .bind(tasting)
    .fetch_one(&mut *writing)
    .await?;
    if waits {
        return Err(StoreError::Refused(ProblemKind::OnePerMember));
    }
    sqlx::query(
        "INSERT INTO waiting (id, member, tasting, starts_at, ends_at, closes_at, party, joined_at, changed_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(secret::id()?)
    .bind(member.as_str())
    .bind(tasting)
    .bind(starts_at)
    .bind(place.slot.to.ms)
    .bind(place.line_ends())
    .bind(party)
    .bind(now.ms)
    .bind(now.ms)
    .execute(&mut *writing)
    .await?;
    let lines = of_member(writing, member, language, clock, now).await?;
    let here = |line: &Waiting| line.slot == *slot && !line.state.is_final();
    lines.into_iter().find(here).ok_or(StoreError::NoShop)
}

async fn is_there(
    reading: &mut SqliteConnection,
    member: &MemberId,
    slot: &SlotId,
) -> Result<bool, StoreError> {
    let (tasting, starts_at) = parts_of(slot).unwrap_or_default();
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM bookings WHERE member = ?1 AND tasting = ?2 AND starts_at = ?3 AND state = 'booked')",
    )
    .bind(member.as_str())
    .bind(tasting)
    .bind(starts_at)
    .fetch_one(reading)
    .await?)
}

/// The lines that a member stands in, and those that came to nothing today.
pub(super) async fn of_member(
    reading: &mut SqliteConnection,
    member: &MemberId,
    language: Language,
    clock: &Clock,
    now: Moment,
) -> Result<Vec<Waiting>, StoreError> {
    let midnight = clock.day_of(now.ms).map_or(now.ms, |(begins, _)| begins);
    let rows: Vec<WaitingRow> = sqlx::query_as(
        "SELECT turn, id, tasting, starts_at, ends_at, party, state, offered_until FROM waiting
         WHERE member = ?1 AND (state IN ('waiting', 'offered') OR (state IN ('missed', 'over') AND changed_at >= ?2))
         ORDER BY starts_at, turn",
    )
    .bind(member.as_str())
    .bind(midnight)
    .fetch_all(&mut *reading)
    .await?;
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(tasting) = TastingRow::of(reading, &row.tasting).await? else {
            continue;
        };
        let state = word(&row.state).unwrap_or(WaitingState::Unknown);
        let before: u32 = sqlx::query_scalar(
            "SELECT count(*) FROM waiting
             WHERE tasting = ?1 AND starts_at = ?2 AND state = 'waiting' AND turn <= ?3",
        )
        .bind(&row.tasting)
        .bind(row.starts_at)
        .bind(row.turn)
        .fetch_one(&mut *reading)
        .await?;
        let offered = row.offered_until.filter(|_| state == WaitingState::Offered);
        lines.push(Waiting {
            slot: slot_id(&row.tasting, row.starts_at),
            tasting: tasting.card(language)?,
            from: clock.moment(row.starts_at),
            to: clock.moment(row.ends_at),
            party: row.party,
            place: if state == WaitingState::Waiting {
                before
            } else {
                0
            },
            expires_at: offered.map(|until| clock.moment(until)),
            id: row.id.into(),
            state,
        });
    }
    Ok(lines)
}
