//! Tastings at the desk: today's slots with their guests, codes, and who just walks in.

use super::book::{New, insert};
use super::crowd::crowds;
use super::keys::Keys;
use super::read::guest;
use super::steps::{Row, record};
use super::{Place, TastingRow, facts, most_people, settle, slot_id};
use crate::clock::Clock;
use crate::language::Language;
use crate::slots::{self, Planned};
use crate::store::desk_intents::{self, DeskIntent};
use crate::store::intents::Answered;
use crate::store::{Store, StoreError};
use domain::booking::{BookingEvent, BookingState};
use domain::check_in::{DeskSlot, DeskTastings, Guest, Redeemable, WalkInRequest};
use domain::codes::PREFIX;
use domain::id::{SlotId, StaffId};
use domain::order::Actor;
use domain::problem::ProblemKind;
use domain::time::Moment;
use sqlx::SqliteConnection;

impl Store {
    /// Today's slots with those who come: the planned ones, and whatever is booked beside them.
    pub async fn desk_tastings(
        &self,
        language: Language,
        clock: &Clock,
    ) -> Result<DeskTastings, StoreError> {
        self.settle(clock).await?;
        let mut reading = self.pool.begin().await?;
        let now = clock.now();
        let (begins, ends) = clock.day_of(now.ms).unwrap_or((now.ms, now.ms));
        let rows: Vec<TastingRow> =
            sqlx::query_as("SELECT * FROM tasting_cards ORDER BY position, id")
                .fetch_all(&mut *reading)
                .await?;
        let crowds = crowds(&mut reading, None, (begins, ends - 1), now).await?;
        let mut slots = Vec::new();
        for row in rows {
            let plan = row.plan(&mut reading).await?;
            let mut today: Vec<Planned> = slots::days(clock, &plan, now, 1)
                .into_iter()
                .flat_map(|day| day.slots)
                .filter(|slot| !slot.closed)
                .collect();
            let booked: Vec<(i64, i64)> = sqlx::query_as(
                "SELECT DISTINCT starts_at, ends_at FROM bookings
                 WHERE tasting = ?1 AND starts_at >= ?2 AND starts_at < ?3 AND state <> 'cancelled'",
            )
            .bind(&row.id)
            .bind(begins)
            .bind(ends)
            .fetch_all(&mut *reading)
            .await?;
            for (from, to) in booked {
                if today.iter().all(|slot| slot.from.ms != from) {
                    today.push(Planned {
                        from: clock.moment(from),
                        to: clock.moment(to),
                        // Not planned any more: who has booked comes, nobody else.
                        closed: true,
                    });
                }
            }
            for slot in today {
                let key = (row.id.clone(), slot.from.ms);
                let crowd = crowds.get(&key).copied().unwrap_or_default();
                let guests = guests(&mut reading, &row.id, slot.from.ms, language, clock, now);
                let free = facts(&plan, slot, crowd, now).free();
                slots.push(DeskSlot {
                    slot: slot_id(&row.id, slot.from.ms),
                    tasting: row.card(language)?,
                    from: slot.from,
                    to: slot.to,
                    capacity: plan.capacity,
                    free: if slot.closed { 0 } else { free },
                    kept: crowd.kept,
                    waiting: crowd.waiting,
                    guests: guests.await?,
                });
            }
        }
        slots.sort_by_key(|slot| slot.from.ms);
        Ok(DeskTastings { now, slots })
    }

    /// What a code stands for: a bag that waits, or somebody who comes to taste. `None` when it is
    /// nobody's. Nothing is changed.
    pub async fn redeemable(
        &self,
        code: &str,
        language: Language,
        clock: &Clock,
    ) -> Result<Option<Redeemable>, StoreError> {
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let eight = code.len() == 8 && code.bytes().all(|byte| byte.is_ascii_digit());
        if !eight && !code.starts_with(PREFIX) {
            let order = self.order_by_code(&code, language, clock).await?;
            return Ok(order.map(|order| Redeemable::Order { order }));
        }
        self.settle(clock).await?;
        let mut reading = self.pool.begin().await?;
        let keys = Keys::of(&mut reading).await?;
        let id: Option<String> = if eight {
            sqlx::query_scalar("SELECT id FROM bookings WHERE digits = ?1 AND state <> 'cancelled'")
                .bind(&code)
                .fetch_optional(&mut *reading)
                .await?
        } else {
            keys.verified(&code).map(|code| code.booking.to_string())
        };
        let Some(id) = id else { return Ok(None) };
        let Some(row) = Row::of(&mut reading, &id).await? else {
            return Ok(None);
        };
        // One that was signed before the booking was moved is not good for the new time.
        let as_signed = eight
            || keys.verified(&code).is_some_and(|code| {
                code.from == row.starts_at && row.member.as_deref() == Some(code.member.as_str())
            });
        // Whoever is checked in already is shown as that.
        let shown = matches!(row.state, BookingState::Booked | BookingState::CheckedIn);
        if !as_signed || !shown {
            return Ok(None);
        }
        let nonce = keys.nonce(&row.as_looked_at());
        let guest = guest(&mut reading, &id, language, clock, clock.now()).await?;
        Ok(guest.map(|guest| Redeemable::Tasting { guest, nonce }))
    }

    /// Gives a free place of today to somebody who has booked nothing, once for each key.
    pub async fn walk_in(
        &self,
        slot: &SlotId,
        request: &WalkInRequest,
        staff: &StaffId,
        key: &str,
        language: Language,
        clock: &Clock,
    ) -> Result<Answered, StoreError> {
        let of = format!("desk/tastings/{slot}/walk-in");
        let intent = DeskIntent::new(staff, key, &of, request)?;
        let mut writing = self.write().await?;
        if let Some(answered) = desk_intents::before(&mut writing, &intent).await? {
            return Ok(answered);
        }
        let now = clock.now();
        let came = walk_in(&mut writing, slot, request, staff, language, clock, now).await;
        desk_intents::close(writing, &intent, came, now).await
    }
}

async fn walk_in(
    writing: &mut SqliteConnection,
    slot: &SlotId,
    request: &WalkInRequest,
    staff: &StaffId,
    language: Language,
    clock: &Clock,
    now: Moment,
) -> Result<Guest, StoreError> {
    settle::settle(writing, clock, now).await?;
    let place = Place::of(writing, slot, clock, now).await?;
    let today = clock.day_of(now.ms).is_some_and(|(begins, ends)| {
        (begins..ends).contains(&place.slot.from.ms) && now.ms < place.slot.to.ms
    });
    if !today || place.slot.closed {
        return Err(StoreError::Refused(ProblemKind::SlotPast));
    }
    let crowd = place.crowd(writing, now).await?;
    let free = place.facts(crowd, now).free();
    if request.party > free || request.party > most_people(place.plan.capacity) {
        return Err(StoreError::Refused(ProblemKind::SlotFull));
    }
    let new = New {
        member: None,
        party: request.party,
        name: request.name.trim(),
        note: "",
        state: BookingState::CheckedIn.as_str(),
        source: None,
        confirm: None,
    };
    let id = insert(writing, &place, &new, now).await?;
    let came = BookingEvent::CheckedIn;
    record(writing, &id, came, now, Actor::Staff, Some(staff)).await?;
    guest(writing, &id, language, clock, now)
        .await?
        .ok_or(StoreError::NoShop)
}

async fn guests(
    reading: &mut SqliteConnection,
    tasting: &str,
    starts_at: i64,
    language: Language,
    clock: &Clock,
    now: Moment,
) -> Result<Vec<Guest>, StoreError> {
    let ids: Vec<String> = sqlx::query_scalar(
        "SELECT id FROM bookings WHERE tasting = ?1 AND starts_at = ?2 AND state <> 'cancelled' ORDER BY made_at, number",
    )
    .bind(tasting)
    .bind(starts_at)
    .fetch_all(&mut *reading)
    .await?;
    let mut guests = Vec::with_capacity(ids.len());
    for id in ids {
        guests.extend(guest(reading, &id, language, clock, now).await?);
    }
    Ok(guests)
}
