//! How many people a slot has already: booked, held, offered, waiting.

use crate::store::StoreError;
use domain::id::MemberId;
use domain::time::Moment;
use sqlx::SqliteConnection;
use std::collections::HashMap;

/// Who has, or wants, places of a slot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Crowd {
    /// How many people are booked.
    pub(super) booked: u32,
    /// For how many people places are held or offered.
    pub(super) kept: u32,
    /// How many bookings wait.
    pub(super) waiting: u32,
}

/// The crowds of slots that begin within a span, by tasting and beginning. What is over by the clock
/// does not count, whether or not that was written down yet.
pub(super) async fn crowds(
    reading: &mut SqliteConnection,
    tasting: Option<&str>,
    (from, to): (i64, i64),
    now: Moment,
) -> Result<HashMap<(String, i64), Crowd>, StoreError> {
    // A member who holds a place that is also offered to them has one, not two.
    let rows: Vec<(String, i64, u32, u32, u32)> = sqlx::query_as(
        "SELECT tasting, starts_at, sum(booked), sum(kept), sum(waits) FROM (
             SELECT tasting, starts_at, party AS booked, 0 AS kept, 0 AS waits FROM bookings
             WHERE state <> 'cancelled' AND starts_at BETWEEN ?2 AND ?3
             UNION ALL
             SELECT tasting, starts_at, 0, max(party), 0 FROM (
                 SELECT member, tasting, starts_at, party FROM slot_holds WHERE state = 'running' AND expires_at > ?4
                 UNION ALL
                 SELECT member, tasting, starts_at, party FROM waiting WHERE state = 'offered' AND offered_until > ?4
             ) WHERE starts_at BETWEEN ?2 AND ?3 GROUP BY member, tasting, starts_at
             UNION ALL
             SELECT tasting, starts_at, 0, 0, 1 FROM waiting
             WHERE state = 'waiting' AND closes_at > ?4 AND starts_at BETWEEN ?2 AND ?3
         ) WHERE ?1 IS NULL OR tasting = ?1 GROUP BY tasting, starts_at",
    )
    .bind(tasting)
    .bind(from)
    .bind(to)
    .bind(now.ms)
    .fetch_all(reading)
    .await?;
    let crowd = |(tasting, starts_at, booked, kept, waiting)| {
        let crowd = Crowd {
            booked,
            kept,
            waiting,
        };
        ((tasting, starts_at), crowd)
    };
    Ok(rows.into_iter().map(crowd).collect())
}

/// For how many people a place of a slot is kept for this member: held by them, or offered to them.
pub(super) async fn kept_for(
    reading: &mut SqliteConnection,
    member: &MemberId,
    tasting: &str,
    starts_at: i64,
    now: Moment,
) -> Result<u32, StoreError> {
    let kept: Option<u32> = sqlx::query_scalar(
        "SELECT max(party) FROM (
             SELECT party FROM slot_holds
             WHERE member = ?1 AND tasting = ?2 AND starts_at = ?3 AND state = 'running' AND expires_at > ?4
             UNION ALL
             SELECT party FROM waiting
             WHERE member = ?1 AND tasting = ?2 AND starts_at = ?3 AND state = 'offered' AND offered_until > ?4
         )",
    )
    .bind(member.as_str())
    .bind(tasting)
    .bind(starts_at)
    .bind(now.ms)
    .fetch_one(reading)
    .await?;
    Ok(kept.unwrap_or(0))
}
