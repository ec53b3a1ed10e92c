//! Doing something once at the desk: as [`super::intents`], for somebody of the shop.

use super::intents::{Answered, json, settled};
use super::{StoreError, Writing};
use crate::secret;
use domain::id::StaffId;
use domain::problem::ProblemKind;
use domain::time::Moment;
use serde::Serialize;

/// How long a key is remembered, in milliseconds.
const REMEMBERED: i64 = 48 * 3_600_000;

/// What somebody of the shop wants done once.
pub(super) struct DeskIntent<'a> {
    staff: &'a StaffId,
    key: &'a str,
    fingerprint: String,
}

impl<'a> DeskIntent<'a> {
    /// `place` is what is asked for, `request` what is said.
    pub(super) fn new(
        staff: &'a StaffId,
        key: &'a str,
        place: &str,
        request: &impl Serialize,
    ) -> Result<Self, StoreError> {
        let request = json(request)?;
        Ok(Self {
            staff,
            key,
            fingerprint: secret::hash(&[place, " ", &request].concat()),
        })
    }
}

/// What the key was answered before, if it was.
pub(super) async fn before(
    writing: &mut Writing,
    intent: &DeskIntent<'_>,
) -> Result<Option<Answered>, StoreError> {
    let row: Option<(String, u16, String)> = sqlx::query_as(
        "SELECT request, status, answer FROM desk_intents WHERE staff = ?1 AND key = ?2",
    )
    .bind(intent.staff.as_str())
    .bind(intent.key)
    .fetch_optional(&mut **writing)
    .await?;
    match row {
        Some((request, _, _)) if request != intent.fingerprint => {
            Err(StoreError::Refused(ProblemKind::KeyReused))
        }
        Some((_, status, body)) => Ok(Some(Answered {
            status,
            body,
            replayed: true,
        })),
        None => Ok(None),
    }
}

/// Closes an intent and the write it was done in: what was done, or refused for good, is kept.
pub(super) async fn close<T: Serialize>(
    writing: Writing,
    intent: &DeskIntent<'_>,
    done: Result<T, StoreError>,
    now: Moment,
) -> Result<Answered, StoreError> {
    let (mut writing, status, body) = settled(writing, done).await?;
    sqlx::query("DELETE FROM desk_intents WHERE made_at < ?1")
        .bind(now.ms - REMEMBERED)
        .execute(&mut *writing)
        .await?;
    let answered = keep(&mut writing, intent, status, body, now).await?;
    writing.commit().await?;
    Ok(answered)
}

/// Writes down what a key was answered, within a write.
pub(super) async fn keep(
    writing: &mut Writing,
    intent: &DeskIntent<'_>,
    status: u16,
    body: String,
    now: Moment,
) -> Result<Answered, StoreError> {
    sqlx::query(
        "INSERT INTO desk_intents (staff, key, request, status, answer, made_at) VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(intent.staff.as_str())
    .bind(intent.key)
    .bind(&intent.fingerprint)
    .bind(status)
    .bind(&body)
    .bind(now.ms)
    .execute(&mut **writing)
    .await?;
    Ok(Answered {
        status,
        body,
        replayed: false,
    })
}
