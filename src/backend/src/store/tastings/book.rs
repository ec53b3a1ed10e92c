//! Booking: once for each intent, out of a hold, an offer, or what is free.

use super::keys::Keys;
use super::read::booking;
use super::steps::{confirmation, has_one, record, take};
use super::{Place, parts_of, settle};
use crate::clock::Clock;
use crate::language::Language;
use crate::secret;
use crate::store::intents::{self, Answered, Intent};
use crate::store::{Store, StoreError};
use domain::booking::{Booking, BookingEvent, BookingRequest};
use domain::id::{MemberId, SlotId};
use domain::order::Actor;
use domain::problem::ProblemKind;
use domain::slot_hold::WITHIN;
use domain::time::Moment;
use sqlx::SqliteConnection;

impl Store {
    /// Books, once for each key.
    pub async fn book(
        &self,
        member: &MemberId,
        request: &BookingRequest,
        key: &str,
        language: Language,
        clock: &Clock,
    ) -> Result<Answered, StoreError> {
        let intent = Intent::new(member, key, "bookings", request)?;
        let mut writing = self.write().await?;
        if let Some(answered) = intents::before(&mut writing, &intent).await? {
            return Ok(answered);
        }
        let now = clock.now();
        let booked = book(&mut writing, member, request, language, clock, now).await;
        intents::close(writing, &intent, booked, now).await
    }
}

async fn book(
    writing: &mut SqliteConnection,
    member: &MemberId,
    request: &BookingRequest,
    language: Language,
    clock: &Clock,
    now: Moment,
) -> Result<Booking, StoreError> {
    settle::settle(writing, clock, now).await?;
    let place = Place::of(writing, &request.slot, clock, now).await?;
    if has_one(writing, Some(member.as_str()), &place.tasting.id).await? {
        return Err(StoreError::Refused(ProblemKind::OnePerMember));
    }
    match take(writing, &place, member, request.party, now).await {
        Err(StoreError::Refused(ProblemKind::SlotFull))
            if had_held(writing, member, &request.slot, now).await? =>
        {
            return Err(StoreError::Refused(ProblemKind::HoldExpired));
        }
        taken => taken?,
    }
    let confirm = confirmation(writing, member, place.slot.from.ms, clock, now).await?;
    let new = New {
        member: Some(member),
        party: request.party,
        name: request.name.trim(),
        note: request.note.trim(),
        state: "booked",
        source: request.from.as_deref(),
        confirm,
    };
    let id = insert(writing, &place, &new, now).await?;
    record(
        writing,
        &id,
        BookingEvent::Booked,
        now,
        Actor::Shopper,
        None,
    )
    .await?;
    // A party that was smaller than what was held leaves room for somebody.
    settle::offer(writing, clock, now).await?;
    booking(writing, &id, language, clock, now)
        .await?
        .ok_or(StoreError::NoShop)
}

/// A booking to be written down.
pub(super) struct New<'a> {
    pub(super) member: Option<&'a MemberId>,
    pub(super) party: u32,
    pub(super) name: &'a str,
    pub(super) note: &'a str,
    pub(super) state: &'static str,
    pub(super) source: Option<&'a str>,
    pub(super) confirm: Option<(i64, i64)>,
}

/// Writes a booking down. Its places must have been taken.
pub(super) async fn insert(
    writing: &mut SqliteConnection,
    place: &Place,
    new: &New<'_>,
    now: Moment,
) -> Result<String, StoreError> {
    // Its code is signed as soon as it is read.
    Keys::made(writing, now.ms).await?;
    let id = secret::id()?;
    sqlx::query(
        "INSERT INTO bookings (id, number, member, tasting, starts_at, ends_at, party, name, note, state, digits, source,
                               confirm_from, confirm_until, made_at, changed_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&id)
    .bind(number(writing, now).await?)
    .bind(new.member.map(MemberId::as_str))
    .bind(&place.tasting.id)
    .bind(place.slot.from.ms)
    .bind(place.slot.to.ms)
    .bind(new.party)
    .bind(new.name)
    .bind(new.note)
    .bind(new.state)
    .bind(free_digits(writing).await?)
    .bind(new.source)
    .bind(new.confirm.map(|(from, _)| from))
    .bind(new.confirm.map(|(_, until)| until))
    .bind(now.ms)
    .bind(now.ms)
    .execute(writing)
    .await?;
    Ok(id)
}

/// Whether a member had held a place of a slot not long ago, and its time ran out.
async fn had_held(
    reading: &mut SqliteConnection,
    member: &MemberId,
    slot: &SlotId,
    now: Moment,
) -> Result<bool, StoreError> {
    let Some((tasting, starts_at)) = parts_of(slot) else {
        return Ok(false);
    };
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM slot_holds WHERE member = ?1 AND tasting = ?2 AND starts_at = ?3
                        AND state = 'expired' AND ended_at > ?4)",
    )
    .bind(member.as_str())
    .bind(tasting)
    .bind(starts_at)
    .bind(now.ms - WITHIN)
    .fetch_one(reading)
    .await?)
}

/// Eight digits that no other booking has.
async fn free_digits(reading: &mut SqliteConnection) -> Result<String, StoreError> {
    loop {
        let digits = secret::eight_digits()?;
        let taken: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM bookings WHERE digits = ?1 AND state <> 'cancelled')",
        )
        .bind(&digits)
        .fetch_one(&mut *reading)
        .await?;
        if !taken {
            return Ok(digits);
        }
    }
}

/// `T261126-003`: year, month and day on the shop's clock, and how many there were that day.
async fn number(reading: &mut SqliteConnection, now: Moment) -> Result<String, StoreError> {
    let local = now.local();
    let day = format!("T{:02}{:02}{:02}", local.year % 100, local.month, local.day);
    let before: u32 =
        sqlx::query_scalar("SELECT count(*) FROM bookings WHERE number LIKE ?1 || '-%'")
            .bind(&day)
            .fetch_one(reading)
            .await?;
    Ok(format!("{day}-{:03}", before + 1))
}
