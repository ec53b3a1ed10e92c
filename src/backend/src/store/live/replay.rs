//! A show that is over, read back: its line of time, its chapters, its room at a time of it, its events.

use super::{ShowRow, room};
use crate::clock::Clock;
use crate::language::Language;
use crate::store::{Store, StoreError};
use domain::id::{CommentId, ShowId};
use domain::live::{Event, Room, Taken, What};
use domain::problem::ProblemKind;
use domain::show::ShowState;
use domain::video::{Replay, ReplayEvents, chapters};
use sqlx::SqliteConnection;
use std::collections::HashSet;

/// How many events are read at once where many are needed.
const AT_ONCE: u32 = 500;

/// From where on events of a replay are wanted.
#[derive(Clone, Copy, Debug)]
pub(crate) enum From {
    /// From after an event.
    After(u32),
    /// From a time of the line, in milliseconds.
    At(i64),
}

/// The line of time of a show that is over.
struct Line {
    row: ShowRow,
    starts_at: i64,
    ms: i64,
}

impl Line {
    async fn of(reading: &mut SqliteConnection, show: &ShowId) -> Result<Self, StoreError> {
        let row = ShowRow::of(reading, show).await?;
        let row = row.ok_or(StoreError::Refused(ProblemKind::NotFound))?;
        if super::word::<ShowState>(&row.state) != Some(ShowState::Ended) {
            return Err(StoreError::Refused(ProblemKind::NotNow));
        }
        let clock_of = |kind: &'static str, order: &'static str| {
            let sql = format!(
                "SELECT coalesce(clock, at) FROM live_events
                 WHERE show = ?1 AND json_extract(what, '$.kind') = '{kind}' ORDER BY id {order} LIMIT 1"
            );
            sqlx::query_scalar::<_, i64>(sqlx::AssertSqlSafe(sql)).bind(show.as_str().to_owned())
        };
        // The first events of a very long show may be gone.
        let started = clock_of("started", "ASC")
            .fetch_optional(&mut *reading)
            .await?;
        let ended = clock_of("ended", "DESC")
            .fetch_optional(&mut *reading)
            .await?;
        let starts_at = started.or(row.started_at).unwrap_or(row.starts_at);
        let ends_at = ended.or(row.ended_at).unwrap_or(starts_at);
        Ok(Self {
            row,
            starts_at,
            ms: ends_at.saturating_sub(starts_at).max(0),
        })
    }
}

impl Store {
    /// A replay without its pieces of picture and what these are, and the name by which these were watched. Refused with
    /// `not-now` when the show is not over.
    pub(crate) async fn replay(
        &self,
        show: &ShowId,
        language: Language,
        clock: &Clock,
    ) -> Result<(Replay, String), StoreError> {
        let mut reading = self.pool.begin().await?;
        let line = Line::of(&mut reading, show).await?;
        let marks: Vec<(u32, i64, Option<i64>, String)> = sqlx::query_as(
            "SELECT id, at, clock, what FROM live_events WHERE show = ?1 AND json_extract(what, '$.kind')
             IN ('pinned', 'unpinned', 'poll_opened', 'wishes_opened', 'drop_opened') ORDER BY id",
        )
        .bind(show.as_str())
        .fetch_all(&mut *reading)
        .await?;
        let marks = marks
            .into_iter()
            .map(|row| room::event(row, clock))
            .collect::<Result<Vec<_>, _>>()?;
        let goods = room::goods(&mut reading, show, language).await?;
        let named = |id: &domain::id::ProductId| {
            let good = goods.iter().find(|good| good.product == *id)?;
            Some((good.name.clone(), good.picture.clone()))
        };
        let events: u32 = sqlx::query_scalar("SELECT count(*) FROM live_events WHERE show = ?1")
            .bind(show.as_str())
            .fetch_one(&mut *reading)
            .await?;
        let stream: String = sqlx::query_scalar("SELECT stream FROM shows WHERE id = ?1")
            .bind(show.as_str())
            .fetch_one(&mut *reading)
            .await?;
        let replay = Replay {
            show: show.clone(),
            epoch: line.row.epoch.clone(),
            starts_at: line.starts_at,
            ms: line.ms,
            parts: Vec::new(),
            chapters: chapters(&marks, line.starts_at, named),
            events,
            cover: line.row.summary(language, clock).cover,
            demo: false,
        };
        Ok((replay, stream))
    }

    /// The room of a replay at a time of its line, in milliseconds: what all events until then have come to,
    /// with the goods as they are today.
    pub(crate) async fn replay_room(
        &self,
        show: &ShowId,
        at_ms: i64,
        language: Language,
        clock: &Clock,
    ) -> Result<Room, StoreError> {
        let mut reading = self.pool.begin().await?;
        let line = Line::of(&mut reading, show).await?;
        let until = line.starts_at.saturating_add(at_ms.clamp(0, line.ms));
        let last = before(&mut reading, show, until.saturating_add(1)).await?;
        let kept: Option<String> = sqlx::query_scalar(
            "SELECT room FROM live_snapshots WHERE show = ?1 AND event <= ?2 ORDER BY event DESC LIMIT 1",
        )
        .bind(show.as_str())
        .bind(last)
        .fetch_optional(&mut *reading)
        .await?;
        let mut folded = match kept {
            Some(kept) => room::read(&kept)?,
            None => room::begin(&mut reading, line.row.clone(), clock).await?,
        };
        folded.epoch.clone_from(&line.row.epoch);
        folded.goods = room::goods(&mut reading, show, language).await?;
        while folded.last_event_id < last {
            let from = folded.last_event_id;
            let some = some_events(&mut reading, show, from, AT_ONCE, clock).await?;
            let next = some.iter().take_while(|event| event.id <= last);
            for event in next {
                if folded.take(event) == Taken::Gap {
                    // Older ones are gone: it begins as well as it can.
                    folded.last_event_id = event.id.saturating_sub(1);
                    folded.take(event);
                }
            }
            if folded.last_event_id == from {
                break;
            }
        }
        let removed = removed(&mut reading, show).await?;
        drop(reading);
        let is_there = |one: &CommentId| !removed.contains(one);
        folded.comments.retain(|one| is_there(&one.id));
        folded.questions.retain(|one| is_there(&one.comment.id));
        let goods = std::mem::take(&mut folded.goods);
        let seen = self.seen(&folded, None, language, clock).await?;
        Ok(Room { goods, ..seen })
    }

    /// Some events of a replay.
    pub(crate) async fn replay_events(
        &self,
        show: &ShowId,
        from: From,
        limit: u32,
        clock: &Clock,
    ) -> Result<ReplayEvents, StoreError> {
        let mut reading = self.pool.begin().await?;
        let line = Line::of(&mut reading, show).await?;
        let after = match from {
            From::After(after) => after,
            From::At(ms) => {
                let at = line.starts_at.saturating_add(ms.max(0));
                before(&mut reading, show, at).await?
            }
        };
        let limited = limit.saturating_add(1);
        let mut items = some_events(&mut reading, show, after, limited, clock).await?;
        let more = items.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        items.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(ReplayEvents { items, more })
    }
}

/// The number of the last event before the first one at or after a time. Clocks go on with the numbers but
/// for the few seconds that a host may say, so halving finds it.
async fn before(
    reading: &mut SqliteConnection,
    show: &ShowId,
    clock: i64,
) -> Result<u32, StoreError> {
    let (first, last): (Option<u32>, Option<u32>) =
        sqlx::query_as("SELECT min(id), max(id) FROM live_events WHERE show = ?1")
            .bind(show.as_str())
            .fetch_one(&mut *reading)
            .await?;
    let (Some(mut low), Some(high)) = (first, last) else {
        return Ok(0);
    };
    let mut high = high.saturating_add(1);
    while low < high {
        let middle = low + (high - low) / 2;
        let at: Option<i64> = sqlx::query_scalar(
            "SELECT coalesce(clock, at) FROM live_events WHERE show = ?1 AND id = ?2",
        )
        .bind(show.as_str())
        .bind(middle)
        .fetch_optional(&mut *reading)
        .await?;
        if at.is_some_and(|at| at < clock) {
            low = middle.saturating_add(1);
        } else {
            high = middle;
        }
    }
    Ok(low.saturating_sub(1))
}

/// The comments that the host has taken away, whenever that was: a replay does not bring them back.
async fn removed(
    reading: &mut SqliteConnection,
    show: &ShowId,
) -> Result<HashSet<CommentId>, StoreError> {
    let ids: Vec<String> =
        sqlx::query_scalar("SELECT id FROM live_comments WHERE show = ?1 AND removed = 1")
            .bind(show.as_str())
            .fetch_all(reading)
            .await?;
    Ok(ids.into_iter().map(Into::into).collect())
}

/// Events as a replay has them: goods have today's prices, so what was said of these is left blank, and so is
/// what was taken away.
async fn some_events(
    reading: &mut SqliteConnection,
    show: &ShowId,
    after: u32,
    limit: u32,
    clock: &Clock,
) -> Result<Vec<Event>, StoreError> {
    let rows: Vec<(u32, i64, Option<i64>, String)> = sqlx::query_as(
        "SELECT id, at, clock, what FROM live_events WHERE show = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
    )
    .bind(show.as_str())
    .bind(after)
    .bind(limit)
    .fetch_all(&mut *reading)
    .await?;
    let removed = removed(reading, show).await?;
    let blank = |row| {
        let mut event = room::event(row, clock)?;
        let is_blank = match &event.what {
            What::Goods { .. } => true,
            What::Comment { comment } => removed.contains(&comment.id),
            _ => false,
        };
        if is_blank {
            event.what = What::Unknown;
        }
        Ok(event)
    };
    rows.into_iter().map(blank).collect()
}
