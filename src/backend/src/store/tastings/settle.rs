//! What happens by itself: holds and offers run out, nobody comes, a place goes to the next.
//!
//! Nothing runs beside the shop for that. Whoever writes settles first, and whoever reads settles
//! when something is due; until then [`super::crowd`] does not count what is over by the clock.

use super::steps::{self, Row};
use super::{Place, slot_id};
use crate::clock::Clock;
use crate::store::{Store, StoreError};
use domain::booking::{BookingEvent, BookingStep, MISSED_AFTER};
use domain::order::Actor;
use domain::slot_hold::{HoldState, HoldStep};
use domain::time::Moment;
use domain::waiting::{OFFERED_FOR, WaitingState, WaitingStep, offered};
use sqlx::SqliteConnection;

impl Store {
    /// Writes down what has happened by itself, if anything has.
    pub(crate) async fn settle(&self, clock: &Clock) -> Result<(), StoreError> {
        let due: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM slot_holds WHERE state = 'running' AND expires_at <= ?1)
                 OR EXISTS (SELECT 1 FROM waiting WHERE state = 'offered' AND offered_until <= ?1)
                 OR EXISTS (SELECT 1 FROM waiting WHERE state = 'waiting' AND closes_at <= ?1)
                 OR EXISTS (SELECT 1 FROM bookings WHERE state = 'booked'
                            AND (ends_at <= ?1 - ?2 OR (confirmed = 0 AND confirm_until <= ?1)))",
        )
        .bind(clock.now().ms)
        .bind(MISSED_AFTER)
        .fetch_one(&self.pool)
        .await?;
        if !due {
            return Ok(());
        }
        let mut writing = self.write().await?;
        settle(&mut writing, clock, clock.now()).await?;
        writing.commit().await
    }
}

/// Brings everything up to `now`, and offers what is free to those who wait.
pub(super) async fn settle(
    writing: &mut SqliteConnection,
    clock: &Clock,
    now: Moment,
) -> Result<(), StoreError> {
    holds(writing, now).await?;
    bookings(writing, clock, now).await?;
    offers(writing, now).await?;
    offer(writing, clock, now).await
}

async fn holds(writing: &mut SqliteConnection, now: Moment) -> Result<(), StoreError> {
    let over: Vec<(i64, i64)> = sqlx::query_as(
        "SELECT id, expires_at FROM slot_holds WHERE state = 'running' AND expires_at <= ?1",
    )
    .bind(now.ms)
    .fetch_all(&mut *writing)
    .await?;
    for (id, expires_at) in over {
        let state = HoldState::Running.after(HoldStep::Tick, now.ms, expires_at);
        if let Some(state) = state {
            // It ended when it ended, whenever that was noticed.
            sqlx::query("UPDATE slot_holds SET state = ?2, ended_at = ?3 WHERE id = ?1")
                .bind(id)
                .bind(state.as_str())
                .bind(expires_at)
                .execute(&mut *writing)
                .await?;
        }
    }
    Ok(())
}

async fn bookings(
    writing: &mut SqliteConnection,
    clock: &Clock,
    now: Moment,
) -> Result<(), StoreError> {
    let ids: Vec<String> = sqlx::query_scalar(
        "SELECT id FROM bookings WHERE state = 'booked'
             AND (ends_at <= ?1 - ?2 OR (confirmed = 0 AND confirm_until <= ?1))",
    )
    .bind(now.ms)
    .bind(MISSED_AFTER)
    .fetch_all(&mut *writing)
    .await?;
    for id in ids {
        let Some(row) = Row::of(writing, &id).await? else {
            continue;
        };
        let times = row.times(clock, now);
        let by_itself = [
            (BookingStep::Cancel, BookingEvent::Cancelled),
            (BookingStep::Miss, BookingEvent::NoShow),
        ];
        let next = by_itself.into_iter().find_map(|(step, event)| {
            let state = row.state.after(step, Actor::System, &times)?;
            Some((state, event))
        });
        if let Some((state, event)) = next {
            steps::become_(writing, &id, state, now).await?;
            steps::record(writing, &id, event, now, Actor::System, None).await?;
        }
    }
    Ok(())
}

/// Offers that were not taken, and lines that have ended.
async fn offers(writing: &mut SqliteConnection, now: Moment) -> Result<(), StoreError> {
    for (state, step, due) in [
        (
            WaitingState::Offered,
            WaitingStep::Miss,
            "SELECT id FROM waiting WHERE state = 'offered' AND offered_until <= ?1",
        ),
        (
            WaitingState::Waiting,
            WaitingStep::End,
            "SELECT id FROM waiting WHERE state = 'waiting' AND closes_at <= ?1",
        ),
    ] {
        let ids: Vec<String> = sqlx::query_scalar(due)
            .bind(now.ms)
            .fetch_all(&mut *writing)
            .await?;
        for id in ids {
            step_in_line(writing, &id, state, step, now).await?;
        }
    }
    Ok(())
}

/// Takes one who waits a step further; what is not allowed changes nothing.
pub(super) async fn step_in_line(
    writing: &mut SqliteConnection,
    id: &str,
    state: WaitingState,
    step: WaitingStep,
    now: Moment,
) -> Result<(), StoreError> {
    let Some(next) = state.after(step) else {
        return Ok(());
    };
    sqlx::query("UPDATE waiting SET state = ?3, changed_at = ?4 WHERE id = ?1 AND state = ?2")
        .bind(id)
        .bind(state.as_str())
        .bind(next.as_str())
        .bind(now.ms)
        .execute(writing)
        .await?;
    Ok(())
}

/// Offers what is free to those who wait, the first first. No offer passes somebody by.
pub(super) async fn offer(
    writing: &mut SqliteConnection,
    clock: &Clock,
    now: Moment,
) -> Result<(), StoreError> {
    let slots: Vec<(String, i64)> =
        sqlx::query_as("SELECT DISTINCT tasting, starts_at FROM waiting WHERE state = 'waiting'")
            .fetch_all(&mut *writing)
            .await?;
    for (tasting, starts_at) in slots {
        let line: Vec<(String, u32)> = sqlx::query_as(
            "SELECT id, party FROM waiting
             WHERE tasting = ?1 AND starts_at = ?2 AND state = 'waiting' ORDER BY turn",
        )
        .bind(&tasting)
        .bind(starts_at)
        .fetch_all(&mut *writing)
        .await?;
        let place = Place::of(writing, &slot_id(&tasting, starts_at), clock, now).await;
        let place = match place {
            Ok(place) if !place.slot.closed => place,
            // The owner has taken the slot away, or closed the day: nothing comes of waiting.
            Ok(_) | Err(StoreError::Refused(_)) => {
                for (id, _) in line {
                    let (state, step) = (WaitingState::Waiting, WaitingStep::End);
                    step_in_line(writing, &id, state, step, now).await?;
                }
                continue;
            }
            Err(error) => return Err(error),
        };
        let crowd = place.crowd(writing, now).await?;
        let taken = crowd.booked.saturating_add(crowd.kept);
        let free = place.plan.capacity.saturating_sub(taken);
        let parties: Vec<u32> = line.iter().map(|(_, party)| *party).collect();
        let until = (now.ms + OFFERED_FOR).min(place.line_ends());
        for (id, _) in line.iter().take(offered(&parties, free)) {
            sqlx::query("UPDATE waiting SET offered_until = ?2 WHERE id = ?1")
                .bind(id)
                .bind(until)
                .execute(&mut *writing)
                .await?;
            let (state, step) = (WaitingState::Waiting, WaitingStep::Offer);
            step_in_line(writing, id, state, step, now).await?;
        }
    }
    Ok(())
}
