//! How members liked what they have tasted.

use super::{TastingRow, subject};
use crate::clock::Clock;
use crate::language::Language;
use crate::store::{Store, StoreError, text, word};
use domain::booking::Verdict;
use domain::id::MemberId;
use domain::member::Taste;
use sqlx::SqliteConnection;

impl Store {
    /// How a member liked each subject the last time that they said so, the latest first.
    pub async fn tastes(
        &self,
        member: &MemberId,
        language: Language,
        clock: &Clock,
    ) -> Result<Vec<Taste>, StoreError> {
        // What stands beside a max() is of the row that has it.
        let rows: Vec<(String, String, String, String, i64)> = sqlx::query_as(
            "SELECT t.subject_kind, t.subject, t.name, b.verdict, max(b.starts_at) AS at
             FROM bookings AS b JOIN tasting_cards AS t ON t.id = b.tasting
             WHERE b.member = ?1 AND b.state = 'checked_in' AND b.verdict IS NOT NULL
             GROUP BY t.subject_kind, t.subject
             ORDER BY at DESC, t.subject",
        )
        .bind(member.as_str())
        .fetch_all(&self.pool)
        .await?;
        let taste = |(kind, id, name, verdict, at): (String, String, String, String, i64)| Taste {
            subject: subject(&kind, id),
            name: text(&name, language),
            verdict: word(&verdict).unwrap_or(Verdict::Unknown),
            at: clock.moment(at),
        };
        Ok(rows.into_iter().map(taste).collect())
    }
}

/// How a member liked what is tasted here the last time before this booking that they said so.
pub(super) async fn liked_before(
    reading: &mut SqliteConnection,
    member: &str,
    tasting: &TastingRow,
    (starts_at, booking): (i64, &str),
) -> Result<Option<Verdict>, StoreError> {
    let verdict: Option<String> = sqlx::query_scalar(
        "SELECT b.verdict FROM bookings AS b JOIN tastings AS t ON t.id = b.tasting
         WHERE b.member = ?1 AND t.subject_kind = ?2 AND t.subject = ?3
           AND b.state = 'checked_in' AND b.verdict IS NOT NULL AND (b.starts_at, b.id) < (?4, ?5)
         ORDER BY b.starts_at DESC, b.id DESC LIMIT 1",
    )
    .bind(member)
    .bind(&tasting.subject_kind)
    .bind(&tasting.subject)
    .bind(starts_at)
    .bind(booking)
    .fetch_optional(reading)
    .await?;
    Ok(verdict.as_deref().and_then(word))
}
