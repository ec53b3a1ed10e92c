//! How the picture of a show is sent: its name, its key, and whether somebody sends.

use super::whole;
use crate::clock::Clock;
use crate::secret;
use crate::store::{Store, StoreError, word};
use domain::id::ShowId;
use domain::problem::ProblemKind;
use domain::show::ShowState;
use domain::time::Moment;
use sqlx::FromRow;

/// What is known of the picture of a show.
#[derive(Clone, Debug)]
pub(crate) struct Picture {
    /// By which name it is watched.
    pub(crate) stream: String,
    /// With which key it is sent, where there is one, and since when.
    pub(crate) key: Option<(String, Moment)>,
    pub(crate) state: ShowState,
}

#[derive(FromRow)]
struct Row {
    stream: String,
    publish_key: Option<String>,
    key_made_at: Option<i64>,
    state: String,
}

impl Store {
    /// The picture of a show; `None` when there is no such show.
    pub(crate) async fn picture_of(
        &self,
        show: &ShowId,
        clock: &Clock,
    ) -> Result<Option<Picture>, StoreError> {
        let row: Option<Row> = sqlx::query_as(
            "SELECT stream, publish_key, key_made_at, state FROM shows WHERE id = ?1",
        )
        .bind(show.as_str())
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|row| Picture {
            stream: row.stream,
            key: row
                .publish_key
                .zip(row.key_made_at.map(|at| whole(clock.moment(at)))),
            state: word(&row.state).unwrap_or(ShowState::Unknown),
        }))
    }

    /// Makes a new key; the one before opens nothing any more. Refused with `not-now` when the show is over.
    pub(crate) async fn renew_key(&self, show: &ShowId, now: Moment) -> Result<(), StoreError> {
        let mut writing = self.write().await?;
        let state: Option<String> = sqlx::query_scalar("SELECT state FROM shows WHERE id = ?1")
            .bind(show.as_str())
            .fetch_optional(&mut *writing)
            .await?;
        let state = state.ok_or(StoreError::Refused(ProblemKind::NotFound))?;
        match word(&state) {
            Some(ShowState::Scheduled | ShowState::Live) => {}
            _ => return Err(StoreError::Refused(ProblemKind::NotNow)),
        }
        sqlx::query(
            "UPDATE shows SET publish_key = ?2, key_made_at = ?3, sending_until = NULL, sender = NULL
             WHERE id = ?1",
        )
        .bind(show.as_str())
        .bind(secret::publish_key()?)
        .bind(whole(now).ms)
        .execute(&mut *writing)
        .await?;
        writing.commit().await
    }

    /// The show that a key is of, with the name by which it is watched; none that is over.
    pub(crate) async fn show_of_key(
        &self,
        key: &str,
    ) -> Result<Option<(ShowId, String)>, StoreError> {
        let found: Option<(String, String)> = sqlx::query_as(
            "SELECT id, stream FROM shows WHERE publish_key = ?1 AND state IN ('scheduled', 'live')",
        )
        .bind(key)
        .fetch_optional(&self.pool)
        .await?;
        Ok(found.map(|(id, stream)| (id.into(), stream)))
    }

    /// Notes who sends, and until when that is so unless more is heard; without a time, until it is said
    /// otherwise. A beginning counts only where nobody sends: a media server refuses a second one after it
    /// has asked.
    pub(crate) async fn note_sending(
        &self,
        show: &ShowId,
        sender: &str,
        until: Option<i64>,
        begins: bool,
    ) -> Result<(), StoreError> {
        let mut writing = self.write().await?;
        sqlx::query(
            "UPDATE shows SET sender = ?2, sending_until = ?3
             WHERE id = ?1 AND (sender IS NULL OR NOT ?4)",
        )
        .bind(show.as_str())
        .bind(sender)
        .bind(until)
        .bind(begins)
        .execute(&mut *writing)
        .await?;
        writing.commit().await
    }

    /// Notes that nobody sends any more, unless it is somebody else who does; whether it was so.
    pub(crate) async fn note_silence(
        &self,
        show: &ShowId,
        sender: &str,
    ) -> Result<bool, StoreError> {
        let mut writing = self.write().await?;
        let silent = sqlx::query(
            "UPDATE shows SET sender = NULL, sending_until = NULL
             WHERE id = ?1 AND (sender IS NULL OR sender = ?2)",
        )
        .bind(show.as_str())
        .bind(sender)
        .execute(&mut *writing)
        .await?;
        writing.commit().await?;
        Ok(silent.rows_affected() == 1)
    }

    /// The shows of which nothing was heard for too long.
    pub(crate) async fn gone_silent(&self, now: i64) -> Result<Vec<ShowId>, StoreError> {
        let ids: Vec<String> = sqlx::query_scalar("SELECT id FROM shows WHERE sending_until < ?1")
            .bind(now)
            .fetch_all(&self.pool)
            .await?;
        Ok(ids.into_iter().map(Into::into).collect())
    }

    /// The same, taken off for one show.
    pub(crate) async fn forget_sender(&self, show: &ShowId) -> Result<(), StoreError> {
        let mut writing = self.write().await?;
        sqlx::query("UPDATE shows SET sender = NULL, sending_until = NULL WHERE id = ?1")
            .bind(show.as_str())
            .execute(&mut *writing)
            .await?;
        writing.commit().await
    }
}
