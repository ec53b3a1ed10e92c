//! Bookings, as their members and the desk read them.

use super::keys::Keys;
use super::{TastingRow, cut_off, slot_id, tastes};
use crate::clock::Clock;
use crate::language::Language;
use crate::store::{Store, StoreError, currency, text, word};
use domain::booking::{
    Booking, BookingChange, BookingEvent, BookingState, Confirmation, MyBookings, TastingCode,
    ToBuy, UNDO_FOR,
};
use domain::check_in::Guest;
use domain::codes::SignedCode;
use domain::id::{BookingId, MemberId};
use domain::money::Money;
use domain::order::Actor;
use domain::time::Moment;
use sqlx::{FromRow, SqliteConnection};

/// How many bookings that are over are told.
const BEFORE: u32 = 50;

#[derive(FromRow)]
struct BookingRow {
    id: String,
    number: String,
    member: Option<String>,
    tasting: String,
    starts_at: i64,
    ends_at: i64,
    party: u32,
    name: String,
    note: String,
    state: String,
    digits: String,
    confirm_from: Option<i64>,
    confirm_until: Option<i64>,
    confirmed: bool,
    verdict: Option<String>,
    changed_at: i64,
}

impl BookingRow {
    async fn of(reading: &mut SqliteConnection, id: &str) -> Result<Option<Self>, StoreError> {
        Ok(sqlx::query_as("SELECT * FROM bookings WHERE id = ?1")
            .bind(id)
            .fetch_optional(reading)
            .await?)
    }

    fn state(&self) -> BookingState {
        word(&self.state).unwrap_or(BookingState::Unknown)
    }

    fn confirm(&self, clock: &Clock) -> Option<Confirmation> {
        let (from, until) = self.confirm_from.zip(self.confirm_until)?;
        Some(Confirmation {
            from: clock.moment(from),
            until: clock.moment(until),
            given: self.confirmed,
        })
    }
}

impl Store {
    /// One of a member's bookings; `None` when there is none, or when it is somebody else's.
    pub async fn booking(
        &self,
        member: &MemberId,
        id: &BookingId,
        language: Language,
        clock: &Clock,
    ) -> Result<Option<Booking>, StoreError> {
        self.settle(clock).await?;
        let mut reading = self.pool.begin().await?;
        let owns: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM bookings WHERE id = ?1 AND member = ?2)",
        )
        .bind(id.as_str())
        .bind(member.as_str())
        .fetch_one(&mut *reading)
        .await?;
        if !owns {
            return Ok(None);
        }
        booking(&mut reading, id.as_str(), language, clock, clock.now()).await
    }

    /// A member's bookings and lines.
    pub async fn my_bookings(
        &self,
        member: &MemberId,
        language: Language,
        clock: &Clock,
    ) -> Result<MyBookings, StoreError> {
        self.settle(clock).await?;
        let mut reading = self.pool.begin().await?;
        let now = clock.now();
        let mut ids: Vec<String> = sqlx::query_scalar(
            "SELECT id FROM bookings WHERE member = ?1 AND state = 'booked' ORDER BY starts_at, id",
        )
        .bind(member.as_str())
        .fetch_all(&mut *reading)
        .await?;
        let before: Vec<String> = sqlx::query_scalar(
            "SELECT id FROM bookings WHERE member = ?1 AND state <> 'booked' ORDER BY starts_at DESC, id DESC LIMIT ?2",
        )
        .bind(member.as_str())
        .bind(BEFORE)
        .fetch_all(&mut *reading)
        .await?;
        ids.extend(before);
        let mut bookings = Vec::with_capacity(ids.len());
        for id in ids {
            bookings.extend(booking(&mut reading, &id, language, clock, now).await?);
        }
        let waiting = super::waiting::of_member(&mut reading, member, language, clock, now).await?;
        Ok(MyBookings {
            now,
            bookings,
            waiting,
        })
    }

    /// The shop's name, for a calendar.
    pub async fn shop_name(&self, language: Language) -> Result<String, StoreError> {
        let name: Option<String> = sqlx::query_scalar("SELECT name FROM shop")
            .fetch_optional(&self.pool)
            .await?;
        let name = name.ok_or(StoreError::NoShop)?;
        Ok(text(&name, language))
    }
}

/// A booking, as its member is told.
pub(super) async fn booking(
    reading: &mut SqliteConnection,
    id: &str,
    language: Language,
    clock: &Clock,
    now: Moment,
) -> Result<Option<Booking>, StoreError> {
    let Some(row) = BookingRow::of(reading, id).await? else {
        return Ok(None);
    };
    let Some(tasting) = TastingRow::of(reading, &row.tasting).await? else {
        return Ok(None);
    };
    let state = row.state();
    let changes: Vec<(String, i64, String)> = sqlx::query_as(
        "SELECT what, at, actor FROM booking_changes WHERE booking = ?1 ORDER BY position",
    )
    .bind(id)
    .fetch_all(&mut *reading)
    .await?;
    let change = |(what, at, actor): (String, i64, String)| BookingChange {
        what: word(&what).unwrap_or(BookingEvent::Unknown),
        at: clock.moment(at),
        by: word(&actor).unwrap_or(Actor::Unknown),
    };
    let code = match (&row.member, state) {
        (Some(member), BookingState::Booked) => {
            let code = SignedCode {
                booking: row.id.as_str().into(),
                from: row.starts_at,
                member: member.as_str().into(),
            };
            let qr = Keys::of(reading).await?.sign(&code);
            qr.map(|qr| TastingCode {
                digits: row.digits.clone(),
                qr,
            })
        }
        _ => None,
    };
    let buy = match state {
        BookingState::CheckedIn => to_buy(reading, &tasting).await?,
        _ => None,
    };
    let cut_off = cut_off(row.starts_at, tasting.cancel_minutes);
    let open = state == BookingState::Booked && now.ms <= cut_off;
    let confirm = row.confirm(clock).filter(|_| state == BookingState::Booked);
    Ok(Some(Booking {
        tasting: tasting.card(language)?,
        slot: slot_id(&row.tasting, row.starts_at),
        from: clock.moment(row.starts_at),
        to: clock.moment(row.ends_at),
        place: text(&tasting.place, language),
        may_cancel_until: open.then(|| clock.moment(cut_off)),
        confirm,
        verdict: row.verdict.as_deref().and_then(word),
        history: changes.into_iter().map(change).collect(),
        id: row.id.into(),
        number: row.number,
        state,
        party: row.party,
        name: row.name,
        note: row.note,
        code,
        buy,
    }))
}

/// What can be bought of what was tasted, as long as it is sold.
async fn to_buy(
    reading: &mut SqliteConnection,
    tasting: &TastingRow,
) -> Result<Option<ToBuy>, StoreError> {
    let subject = tasting.subject.as_str();
    match tasting.subject_kind.as_str() {
        "product" => {
            let lead: Option<(String, i64, String)> =
                sqlx::query_as("SELECT id, price, currency FROM leads WHERE product = ?1")
                    .bind(subject)
                    .fetch_optional(reading)
                    .await?;
            let Some((variant, amount, code)) = lead else {
                return Ok(None);
            };
            let currency = currency(&code)?;
            Ok(Some(ToBuy::Product {
                product: subject.into(),
                variant: variant.into(),
                price: Money { amount, currency },
            }))
        }
        "bundle" => {
            let offered: bool =
                sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM offered_bundles WHERE id = ?1)")
                    .bind(subject)
                    .fetch_one(reading)
                    .await?;
            Ok(offered.then(|| ToBuy::Bundle {
                bundle: subject.into(),
            }))
        }
        _ => Ok(None),
    }
}

/// A booking, as the desk sees it.
pub(super) async fn guest(
    reading: &mut SqliteConnection,
    id: &str,
    language: Language,
    clock: &Clock,
    now: Moment,
) -> Result<Option<Guest>, StoreError> {
    let Some(row) = BookingRow::of(reading, id).await? else {
        return Ok(None);
    };
    let Some(tasting) = TastingRow::of(reading, &row.tasting).await? else {
        return Ok(None);
    };
    let visit: u32 = match &row.member {
        None => 0,
        Some(member) => {
            let before: u32 = sqlx::query_scalar(
                "SELECT count(*) FROM bookings
                 WHERE member = ?1 AND state = 'checked_in' AND (starts_at, id) < (?2, ?3)",
            )
            .bind(member)
            .bind(row.starts_at)
            .bind(&row.id)
            .fetch_one(&mut *reading)
            .await?;
            before + 1
        }
    };
    let before = (row.starts_at, row.id.as_str());
    let liked = match &row.member {
        Some(member) => tastes::liked_before(reading, member, &tasting, before).await?,
        None => None,
    };
    let state = row.state();
    let undo_until = row.changed_at + UNDO_FOR;
    let done_at_desk = matches!(state, BookingState::CheckedIn | BookingState::NoShow);
    let undoable = done_at_desk && now.ms <= undo_until;
    Ok(Some(Guest {
        tasting: tasting.card(language)?,
        slot: slot_id(&row.tasting, row.starts_at),
        from: clock.moment(row.starts_at),
        to: clock.moment(row.ends_at),
        confirm: row.confirm(clock),
        undo_until: undoable.then(|| clock.moment(undo_until)),
        member: row.member.as_deref().map(Into::into),
        booking: row.id.into(),
        number: row.number,
        state,
        party: row.party,
        name: row.name,
        note: row.note,
        visit,
        liked,
    }))
}
