//! What is decided about shows: planned, changed, remembered from before.

use super::member::insert_comment;
use super::{ShowRow, room};
use crate::clock::Clock;
use crate::language::Language;
use crate::secret;
use crate::store::desk_intents::{self, DeskIntent};
use crate::store::intents::{self, Answered};
use crate::store::{Store, StoreError};
use domain::id::{ShowId, StaffId};
use domain::live::{Event, Synonyms, What};
use domain::problem::ProblemKind;
use domain::show::{ShowKind, ShowPlan, ShowState, ShowSummary, Texts};
use domain::time::Moment;
use sqlx::SqliteConnection;

impl Store {
    /// Plans a show, once for each key.
    pub async fn plan_show(
        &self,
        plan: &ShowPlan,
        staff: &StaffId,
        key: &str,
        language: Language,
        clock: &Clock,
    ) -> Result<Answered, StoreError> {
        let intent = DeskIntent::new(staff, key, "desk/shows", plan)?;
        let mut writing = self.write().await?;
        if let Some(answered) = desk_intents::before(&mut writing, &intent).await? {
            return Ok(answered);
        }
        let planned = insert(&mut writing, plan, language, clock).await;
        desk_intents::close(writing, &intent, planned, clock.now()).await
    }

    /// What is decided about a show, `None` when there is no such.
    pub async fn show_plan(
        &self,
        id: &ShowId,
        clock: &Clock,
    ) -> Result<Option<ShowPlan>, StoreError> {
        let mut reading = self.pool.begin().await?;
        let Some(row) = ShowRow::of(&mut reading, id).await? else {
            return Ok(None);
        };
        let goods: Vec<String> =
            sqlx::query_scalar("SELECT product FROM show_goods WHERE show = ?1 ORDER BY position")
                .bind(id.as_str())
                .fetch_all(&mut *reading)
                .await?;
        let texts = |json: &str| Texts {
            zh: super::text(json, Language::Zh),
            en: in_english(json),
        };
        Ok(Some(ShowPlan {
            kind: super::word(&row.kind).unwrap_or(ShowKind::Unknown),
            title: texts(&row.title),
            words: texts(&row.words),
            host: texts(&row.host),
            starts_at: clock.moment(row.starts_at),
            minutes: row.minutes,
            goods: goods.into_iter().map(Into::into).collect(),
            tasting: row.tasting.map(Into::into),
        }))
    }

    /// Puts other words that mean the same in the place of those that were there.
    pub async fn keep_synonyms(&self, synonyms: &Synonyms) -> Result<(), StoreError> {
        let mut writing = self.write().await?;
        insert_synonyms(&mut writing, synonyms).await?;
        writing.commit().await
    }

    /// Of which history each show is, and how far it has come.
    pub(crate) async fn histories(&self) -> Result<Vec<(String, String, u32)>, StoreError> {
        Ok(sqlx::query_as("SELECT id, epoch, last_event FROM shows")
            .fetch_all(&self.pool)
            .await?)
    }

    /// Says that the history of a show is not what it was; its new epoch.
    pub(crate) async fn begin_epoch(&self, show: &str) -> Result<String, StoreError> {
        let epoch = secret::id()?;
        let mut writing = self.write().await?;
        sqlx::query("UPDATE shows SET epoch = ?2 WHERE id = ?1")
            .bind(show)
            .bind(&epoch)
            .execute(&mut *writing)
            .await?;
        writing.commit().await?;
        Ok(epoch)
    }
}

/// The English text, empty where there is none.
fn in_english(json: &str) -> String {
    let texts: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
    let english = texts
        .get(Language::En.code())
        .and_then(|text| text.as_str());
    english.unwrap_or_default().to_owned()
}

fn json(texts: &Texts) -> String {
    let mut json = serde_json::json!({"zh": texts.zh.trim()});
    if let Some(object) = json.as_object_mut()
        && !texts.en.trim().is_empty()
    {
        object.insert("en".to_owned(), texts.en.trim().into());
    }
    json.to_string()
}

async fn insert(
    writing: &mut SqliteConnection,
    plan: &ShowPlan,
    language: Language,
    clock: &Clock,
) -> Result<ShowSummary, StoreError> {
    let id = ShowId::from(secret::id()?);
    sqlx::query(
        "INSERT INTO shows (id, kind, number, title, words, host, starts_at, minutes, epoch, stream)
         VALUES (?1, ?2, (SELECT coalesce(max(number), 0) + 1 FROM shows WHERE kind = ?2), '{}', '{}', '{}', 0, 1, ?3, ?4)",
    )
    .bind(id.as_str())
    .bind(plan.kind.as_str())
    .bind(secret::id()?)
    .bind(secret::id()?)
    .execute(&mut *writing)
    .await?;
    update(writing, &id, plan).await?;
    let row = ShowRow::of(writing, &id).await?;
    Ok(row.ok_or(StoreError::NoShop)?.summary(language, clock))
}

/// Writes down what is decided. Its picture is the first of its goods'.
pub(super) async fn update(
    writing: &mut SqliteConnection,
    id: &ShowId,
    plan: &ShowPlan,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM show_goods WHERE show = ?1")
        .bind(id.as_str())
        .execute(&mut *writing)
        .await?;
    for (position, product) in (1_u32..).zip(&plan.goods) {
        let there = sqlx::query(
            "INSERT INTO show_goods (show, position, product) SELECT ?1, ?2, id FROM products WHERE id = ?3",
        )
        .bind(id.as_str())
        .bind(position)
        .bind(product.as_str())
        .execute(&mut *writing)
        .await?;
        if there.rows_affected() == 0 {
            return Err(StoreError::Refused(ProblemKind::InvalidBody));
        }
    }
    sqlx::query(
        "UPDATE shows SET kind = ?2, title = ?3, words = ?4, host = ?5, starts_at = ?6, minutes = ?7, tasting = ?8 WHERE id = ?1",
    )
    .bind(id.as_str())
    .bind(plan.kind.as_str())
    .bind(json(&plan.title))
    .bind(json(&plan.words))
    .bind(json(&plan.host))
    .bind(plan.starts_at.ms)
    .bind(plan.minutes)
    .bind(plan.tasting.as_ref().map(|id| id.as_str()))
    .execute(&mut *writing)
    .await?;
    sqlx::query(
        "UPDATE shows SET (picture, tint) = (
             SELECT p.picture, p.tint FROM show_goods AS g JOIN products AS p ON p.id = g.product
             WHERE g.show = ?1 ORDER BY g.position LIMIT 1)
         WHERE id = ?1 AND picture IS NULL AND EXISTS (SELECT 1 FROM show_goods WHERE show = ?1)",
    )
    .bind(id.as_str())
    .execute(writing)
    .await?;
    Ok(())
}

pub(crate) async fn insert_synonyms(
    writing: &mut SqliteConnection,
    synonyms: &Synonyms,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO live_synonyms (id, words) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET words = ?1",
    )
    .bind(intents::json(&synonyms.groups)?)
    .execute(writing)
    .await?;
    Ok(())
}

/// Writes down what has happened in a show that is over, as if it had happened here.
pub(crate) async fn recorded(
    writing: &mut SqliteConnection,
    show: &ShowId,
    happened: Vec<(Moment, What)>,
    clock: &Clock,
) -> Result<(), StoreError> {
    let row = ShowRow::of(writing, show).await?;
    let row = row.ok_or(StoreError::NoShop)?;
    let mut kept = room::begin(writing, row, clock).await?;
    for (id, (at, what)) in (1_u32..).zip(happened) {
        if let What::Comment { comment } = &what {
            insert_comment(writing, show, None, comment, at.ms).await?;
        }
        if let What::Answered { comment, answer } = &what {
            sqlx::query("UPDATE live_comments SET answer = ?2, answered_at = ?3 WHERE id = ?1")
                .bind(comment.as_str())
                .bind(&answer.text)
                .bind(answer.at.ms)
                .execute(&mut *writing)
                .await?;
        }
        sqlx::query(
            "INSERT INTO live_events (show, id, at, clock, what) VALUES (?1, ?2, ?3, ?3, ?4)",
        )
        .bind(show.as_str())
        .bind(id)
        .bind(at.ms)
        .bind(intents::json(&what)?)
        .execute(&mut *writing)
        .await?;
        kept.take(&Event {
            id,
            at,
            clock: Some(at.ms),
            what,
        });
    }
    let ended = kept.show.state == ShowState::Ended;
    sqlx::query(
        "UPDATE shows SET last_event = ?2, likes = ?3, state = ?4, started_at = ?5, ended_at = ?6 WHERE id = ?1",
    )
    .bind(show.as_str())
    .bind(kept.last_event_id)
    .bind(kept.likes)
    .bind(if ended { "ended" } else { kept.show.state.as_str() })
    .bind(kept.show.started_at.map(|at| at.ms))
    .bind(kept.show.ended_at.map(|at| at.ms))
    .execute(&mut *writing)
    .await?;
    room::keep(writing, show, &kept).await
}
