//! Doing something once: what a key was answered first is its answer for ever, done or refused.
//!
//! A phone that has lost an answer sends its request again, and a copy of it may still be on its
//! way when the phone has been told the outcome. Were a refusal forgotten, that copy could do what
//! its member was told is not done.

use super::{Store, StoreError, Writing};
use crate::problem::Trouble;
use crate::secret;
use domain::id::MemberId;
use domain::problem::ProblemKind;
use domain::time::Moment;
use serde::Serialize;

/// How long a key is remembered, in milliseconds: longer than the day the contract asks for.
const REMEMBERED: i64 = 48 * 3_600_000;

/// What somebody wants done once.
#[derive(Clone, Debug)]
pub struct Intent<'a> {
    member: &'a MemberId,
    key: &'a str,
    /// Of where it goes and what it says, so that a key cannot be used for something else.
    fingerprint: String,
}

impl<'a> Intent<'a> {
    /// An intent of a member's. `place` is what is asked for, for instance `orders`; `request` is
    /// what is said.
    pub fn new(
        member: &'a MemberId,
        key: &'a str,
        place: &str,
        request: &impl Serialize,
    ) -> Result<Self, StoreError> {
        let request = json(request)?;
        Ok(Self {
            member,
            key,
            fingerprint: secret::hash(&[place, " ", &request].concat()),
        })
    }
}

/// What a key was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The HTTP status.
    pub status: u16,
    /// The body: what was made, or the problem.
    pub body: String,
    /// Whether it had been answered before.
    pub replayed: bool,
}

impl Store {
    /// What a member's key was answered; `None` for one that never came.
    pub async fn answered(
        &self,
        member: &MemberId,
        key: &str,
    ) -> Result<Option<Answered>, StoreError> {
        let row: Option<(u16, String)> =
            sqlx::query_as("SELECT status, answer FROM intents WHERE member = ?1 AND key = ?2")
                .bind(member.as_str())
                .bind(key)
                .fetch_optional(&self.pool)
                .await?;
        Ok(row.map(|(status, body)| Answered {
            status,
            body,
            replayed: true,
        }))
    }
}

/// What the key was answered before, if it was. Refused with `idempotency-key-reused` when that was
/// for something else.
pub(super) async fn before(
    writing: &mut Writing,
    intent: &Intent<'_>,
) -> Result<Option<Answered>, StoreError> {
    let row: Option<(String, u16, String)> = sqlx::query_as(
        "SELECT request, status, answer FROM intents WHERE member = ?1 AND key = ?2",
    )
    .bind(intent.member.as_str())
    .bind(intent.key)
    .fetch_optional(&mut **writing)
    .await?;
    let Some((request, status, body)) = row else {
        return Ok(None);
    };
    if request != intent.fingerprint {
        return Err(StoreError::Refused(ProblemKind::KeyReused));
    }
    Ok(Some(Answered {
        status,
        body,
        replayed: true,
    }))
}

/// What is answered for ever: what was made, or the refusal, with all that was written until then
/// undone. A failure of ours and a pause that is asked for are no answers.
pub(super) async fn settled<T: Serialize>(
    writing: Writing,
    done: Result<T, StoreError>,
) -> Result<(Writing, u16, String), StoreError> {
    match done {
        Ok(made) => Ok((writing, 201, json(&made)?)),
        Err(error) if error.is_final() => {
            let problem = Trouble::from(error).0;
            let body = json(&problem)?;
            Ok((writing.undone().await?, problem.status, body))
        }
        Err(error) => Err(error),
    }
}

/// Closes an intent and the write it was done in: what was done, or refused for good, is kept.
pub(super) async fn close<T: Serialize>(
    writing: Writing,
    intent: &Intent<'_>,
    done: Result<T, StoreError>,
    now: Moment,
) -> Result<Answered, StoreError> {
    let (mut writing, status, body) = settled(writing, done).await?;
    sqlx::query("DELETE FROM intents WHERE made_at < ?1")
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
    intent: &Intent<'_>,
    status: u16,
    body: String,
    now: Moment,
) -> Result<Answered, StoreError> {
    sqlx::query(
        "INSERT INTO intents (member, key, request, status, answer, made_at) VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(intent.member.as_str())
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

pub(super) fn json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Corrupt {
        what: "answer",
        value: error.to_string(),
    })
}
