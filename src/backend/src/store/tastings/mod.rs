//! Tastings: what is offered, and the slots of the days to come.

mod book;
mod crowd;
mod desk;
mod holds;
mod keys;
mod read;
mod settle;
mod steps;
mod tastes;
mod waiting;

pub use steps::AtCounterStep;

use super::{Store, StoreError, currency, picture, text};
use crate::clock::Clock;
use crate::language::Language;
use crate::slots::{self, Planned};
use crowd::{Crowd, crowds};
use domain::id::{BundleId, ProductId, SlotId, TastingId};
use domain::money::Money;
use domain::page::Page;
use domain::problem::ProblemKind;
use domain::tasting::{
    DAYS, MOST_PEOPLE, Plan, PlanTime, Slot, SlotFacts, SlotState, Subject, Tasting, TastingDay,
    TastingSummary,
};
use domain::time::{ClockTime, Moment};
use sqlx::{FromRow, SqliteConnection};
use std::collections::HashMap;

/// What a tasting is of.
fn subject(kind: &str, id: String) -> Subject {
    match kind {
        "product" => Subject::Product { id: id.into() },
        "bundle" => Subject::Bundle { id: id.into() },
        "event" => Subject::Event { id: id.into() },
        _ => Subject::Unknown,
    }
}

#[derive(Clone, FromRow)]
struct TastingRow {
    id: String,
    subject_kind: String,
    subject: String,
    title: String,
    words: String,
    place: String,
    capacity: u32,
    minutes: u32,
    lead_minutes: u32,
    cancel_minutes: u32,
    deposit: i64,
    currency: String,
    name: String,
    picture: Option<String>,
    tint: String,
}

impl TastingRow {
    async fn of(reading: &mut SqliteConnection, id: &str) -> Result<Option<Self>, StoreError> {
        Ok(sqlx::query_as("SELECT * FROM tasting_cards WHERE id = ?1")
            .bind(id)
            .fetch_optional(reading)
            .await?)
    }

    fn deposit(&self) -> Result<Option<Money>, StoreError> {
        let currency = currency(&self.currency)?;
        let amount = self.deposit;
        Ok((amount > 0).then_some(Money { amount, currency }))
    }

    /// It in short, without when a place is free next.
    fn card(&self, language: Language) -> Result<TastingSummary, StoreError> {
        Ok(TastingSummary {
            id: self.id.as_str().into(),
            title: text(&self.title, language),
            subject: subject(&self.subject_kind, self.subject.clone()),
            name: text(&self.name, language),
            picture: picture(self.picture.clone(), &self.tint),
            minutes: self.minutes,
            deposit: self.deposit()?,
            next: None,
        })
    }

    /// What its owner has decided.
    async fn plan(&self, reading: &mut SqliteConnection) -> Result<Plan, StoreError> {
        let times: Vec<(u8, String)> = sqlx::query_as(
            "SELECT weekday, starts FROM tasting_times WHERE tasting = ?1 ORDER BY weekday, starts",
        )
        .bind(&self.id)
        .fetch_all(&mut *reading)
        .await?;
        let closed: Vec<String> =
            sqlx::query_scalar("SELECT day FROM tasting_closed WHERE tasting = ?1 ORDER BY day")
                .bind(&self.id)
                .fetch_all(reading)
                .await?;
        let time = |(weekday, starts): (u8, String)| match ClockTime::parse(&starts) {
            Some(from) => Ok(PlanTime { weekday, from }),
            None => Err(StoreError::Corrupt {
                what: "time of day",
                value: starts,
            }),
        };
        Ok(Plan {
            capacity: self.capacity,
            minutes: self.minutes,
            lead_minutes: self.lead_minutes,
            cancel_minutes: self.cancel_minutes,
            deposit: self.deposit()?,
            times: times.into_iter().map(time).collect::<Result<_, _>>()?,
            closed,
        })
    }
}

/// `salmon.1795658400000`: the tasting, and when the slot begins.
fn slot_id(tasting: &str, starts_at: i64) -> SlotId {
    format!("{tasting}.{starts_at}").into()
}

fn parts_of(slot: &SlotId) -> Option<(&str, i64)> {
    let (tasting, starts_at) = slot.as_str().rsplit_once('.')?;
    Some((tasting, starts_at.parse().ok()?))
}

/// A slot that is planned, with its tasting.
struct Place {
    tasting: TastingRow,
    plan: Plan,
    slot: Planned,
}

impl Place {
    /// The slot of this id among the days that are shown; refused with `not-found` when there is none.
    async fn of(
        reading: &mut SqliteConnection,
        slot: &SlotId,
        clock: &Clock,
        now: Moment,
    ) -> Result<Self, StoreError> {
        let nowhere = || StoreError::Refused(ProblemKind::NotFound);
        let (tasting, starts_at) = parts_of(slot).ok_or_else(nowhere)?;
        let tasting = TastingRow::of(reading, tasting).await?;
        let tasting = tasting.ok_or_else(nowhere)?;
        let plan = tasting.plan(reading).await?;
        let slot = slots::slot(clock, &plan, now, DAYS, starts_at).ok_or_else(nowhere)?;
        Ok(Self {
            tasting,
            plan,
            slot,
        })
    }

    fn id(&self) -> SlotId {
        slot_id(&self.tasting.id, self.slot.from.ms)
    }

    fn facts(&self, crowd: Crowd, now: Moment) -> SlotFacts {
        facts(&self.plan, self.slot, crowd, now)
    }

    async fn crowd(
        &self,
        reading: &mut SqliteConnection,
        now: Moment,
    ) -> Result<Crowd, StoreError> {
        let starts_at = self.slot.from.ms;
        let crowds = crowds(reading, Some(&self.tasting.id), (starts_at, starts_at), now).await?;
        Ok(crowds.into_values().next().unwrap_or_default())
    }

    /// Until when a booking there can be moved and called off.
    fn cut_off(&self) -> i64 {
        cut_off(self.slot.from.ms, self.plan.cancel_minutes)
    }

    /// Until when its line can be offered places: as long as something can become free, and be booked.
    fn line_ends(&self) -> i64 {
        let until = cut_off(self.slot.from.ms, self.plan.lead_minutes);
        self.cut_off().min(until)
    }
}

fn cut_off(starts_at: i64, minutes: u32) -> i64 {
    starts_at - i64::from(minutes) * 60_000
}

fn facts(plan: &Plan, slot: Planned, crowd: Crowd, now: Moment) -> SlotFacts {
    SlotFacts {
        now: now.ms,
        from: slot.from.ms,
        lead_minutes: plan.lead_minutes,
        closed: slot.closed,
        capacity: plan.capacity,
        taken: crowd.booked.saturating_add(crowd.kept),
        waited_for: crowd.waiting > 0,
    }
}

/// How many people one booking of a tasting may bring.
fn most_people(capacity: u32) -> u32 {
    MOST_PEOPLE.min(capacity)
}

impl Store {
    /// What can be tasted, in the shop's order, with when a place is free next.
    pub async fn tastings(
        &self,
        language: Language,
        clock: &Clock,
    ) -> Result<Page<TastingSummary>, StoreError> {
        let mut reading = self.pool.begin().await?;
        let items = summaries(&mut reading, language, clock).await?;
        Ok(Page {
            total: u32::try_from(items.len()).ok(),
            items,
            next_cursor: None,
        })
    }

    /// One tasting with its days, `None` when there is no such.
    pub async fn tasting(
        &self,
        id: &TastingId,
        language: Language,
        clock: &Clock,
    ) -> Result<Option<Tasting>, StoreError> {
        self.settle(clock).await?;
        let mut reading = self.pool.begin().await?;
        let now = clock.now();
        let Some(row) = TastingRow::of(&mut reading, id.as_str()).await? else {
            return Ok(None);
        };
        let plan = row.plan(&mut reading).await?;
        let crowds = crowds(
            &mut reading,
            Some(&row.id),
            (now.ms - 2 * DAY, i64::MAX),
            now,
        )
        .await?;
        let zone: String = sqlx::query_scalar("SELECT zone FROM shop")
            .fetch_one(&mut *reading)
            .await?;
        let slot = |slot: Planned| {
            let key = (row.id.clone(), slot.from.ms);
            let crowd = crowds.get(&key).copied().unwrap_or_default();
            let facts = facts(&plan, slot, crowd, now);
            Slot {
                id: slot_id(&row.id, slot.from.ms),
                from: slot.from,
                to: slot.to,
                capacity: plan.capacity,
                free: facts.free(),
                state: facts.state(),
                waiting: crowd.waiting,
            }
        };
        let days: Vec<TastingDay> = slots::days(clock, &plan, now, DAYS)
            .into_iter()
            .map(|day| TastingDay {
                date: day.date,
                weekday: day.weekday,
                slots: day.slots.into_iter().map(slot).collect(),
            })
            .collect();
        let open = |slot: &&Slot| slot.state == SlotState::Open;
        let next = days.iter().flat_map(|day| &day.slots).find(open);
        Ok(Some(Tasting {
            tasting: TastingSummary {
                next: next.map(|slot| slot.from),
                ..row.card(language)?
            },
            words: text(&row.words, language),
            place: text(&row.place, language),
            capacity: plan.capacity,
            most_people: most_people(plan.capacity),
            cancel_minutes: plan.cancel_minutes,
            lead_minutes: plan.lead_minutes,
            zone,
            now,
            days,
        }))
    }

    /// What the owner has decided about a tasting.
    pub async fn plan(&self, id: &TastingId) -> Result<Option<Plan>, StoreError> {
        let mut reading = self.pool.begin().await?;
        match TastingRow::of(&mut reading, id.as_str()).await? {
            Some(row) => Ok(Some(row.plan(&mut reading).await?)),
            None => Ok(None),
        }
    }

    /// Decides otherwise. What is booked stays; whoever waits may have a place by it.
    pub async fn keep_plan(
        &self,
        id: &TastingId,
        plan: &Plan,
        clock: &Clock,
    ) -> Result<Option<Plan>, StoreError> {
        let mut writing = self.write().await?;
        if TastingRow::of(&mut writing, id.as_str()).await?.is_none() {
            return Ok(None);
        }
        sqlx::query(
            "UPDATE tastings SET capacity = ?2, minutes = ?3, lead_minutes = ?4, cancel_minutes = ?5, deposit = ?6
             WHERE id = ?1",
        )
        .bind(id.as_str())
        .bind(plan.capacity)
        .bind(plan.minutes)
        .bind(plan.lead_minutes)
        .bind(plan.cancel_minutes)
        .bind(plan.deposit.map_or(0, |deposit| deposit.amount))
        .execute(&mut *writing)
        .await?;
        for sql in [
            "DELETE FROM tasting_times WHERE tasting = ?1",
            "DELETE FROM tasting_closed WHERE tasting = ?1",
        ] {
            sqlx::query(sql)
                .bind(id.as_str())
                .execute(&mut *writing)
                .await?;
        }
        insert_times(&mut writing, id.as_str(), &plan.times, &plan.closed).await?;
        settle::settle(&mut writing, clock, clock.now()).await?;
        let Some(row) = TastingRow::of(&mut writing, id.as_str()).await? else {
            return Ok(None);
        };
        let kept = row.plan(&mut writing).await?;
        writing.commit().await?;
        Ok(Some(kept))
    }
}

const DAY: i64 = 24 * 3_600_000;

/// Writes down when a tasting begins, and its days without.
pub(super) async fn insert_times(
    writing: &mut SqliteConnection,
    tasting: &str,
    times: &[PlanTime],
    closed: &[String],
) -> Result<(), sqlx::Error> {
    for time in times {
        sqlx::query(
            "INSERT OR IGNORE INTO tasting_times (tasting, weekday, starts) VALUES (?, ?, ?)",
        )
        .bind(tasting)
        .bind(time.weekday)
        .bind(time.from.to_string())
        .execute(&mut *writing)
        .await?;
    }
    for day in closed {
        sqlx::query("INSERT OR IGNORE INTO tasting_closed (tasting, day) VALUES (?, ?)")
            .bind(tasting)
            .bind(day)
            .execute(&mut *writing)
            .await?;
    }
    Ok(())
}

/// All tastings in short.
pub(super) async fn summaries(
    reading: &mut SqliteConnection,
    language: Language,
    clock: &Clock,
) -> Result<Vec<TastingSummary>, StoreError> {
    let rows: Vec<TastingRow> = sqlx::query_as("SELECT * FROM tasting_cards ORDER BY position, id")
        .fetch_all(&mut *reading)
        .await?;
    with_next(reading, rows, language, clock).await
}

/// The tasting of a product, if there is one.
pub(super) async fn of_product(
    reading: &mut SqliteConnection,
    id: &ProductId,
    language: Language,
    clock: &Clock,
) -> Result<Option<TastingSummary>, StoreError> {
    of_subject(reading, "product", id.as_str(), language, clock).await
}

/// The tasting of a bundle, if there is one.
pub(super) async fn of_bundle(
    reading: &mut SqliteConnection,
    id: &BundleId,
    language: Language,
    clock: &Clock,
) -> Result<Option<TastingSummary>, StoreError> {
    of_subject(reading, "bundle", id.as_str(), language, clock).await
}

async fn of_subject(
    reading: &mut SqliteConnection,
    kind: &str,
    id: &str,
    language: Language,
    clock: &Clock,
) -> Result<Option<TastingSummary>, StoreError> {
    let rows: Vec<TastingRow> = sqlx::query_as(
        "SELECT * FROM tasting_cards WHERE subject_kind = ?1 AND subject = ?2 ORDER BY position, id LIMIT 1",
    )
    .bind(kind)
    .bind(id)
    .fetch_all(&mut *reading)
    .await?;
    let summaries = with_next(reading, rows, language, clock).await?;
    Ok(summaries.into_iter().next())
}

async fn with_next(
    reading: &mut SqliteConnection,
    rows: Vec<TastingRow>,
    language: Language,
    clock: &Clock,
) -> Result<Vec<TastingSummary>, StoreError> {
    let now = clock.now();
    let crowds: HashMap<_, _> = if rows.is_empty() {
        HashMap::new()
    } else {
        crowds(reading, None, (now.ms, i64::MAX), now).await?
    };
    let mut summaries = Vec::with_capacity(rows.len());
    for row in rows {
        let plan = row.plan(reading).await?;
        let open = |slot: &Planned| {
            let key = (row.id.clone(), slot.from.ms);
            let crowd = crowds.get(&key).copied().unwrap_or_default();
            facts(&plan, *slot, crowd, now).state() == SlotState::Open
        };
        let days = slots::days(clock, &plan, now, DAYS);
        let next = days.into_iter().flat_map(|day| day.slots).find(open);
        summaries.push(TastingSummary {
            next: next.map(|slot| slot.from),
            ..row.card(language)?
        });
    }
    Ok(summaries)
}
