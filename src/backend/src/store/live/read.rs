//! What is read of shows: lists, one with its goods, a room as somebody sees it, events to be sent again.

use super::member::{again_at, claim_of, synonyms};
use super::{ShowRow, author_of, room, whole};
use crate::clock::Clock;
use crate::language::Language;
use crate::store::{Store, StoreError, catalog, tastings};
use domain::id::{MemberId, ProductId, ShowId, TastingId};
use domain::live::{Answer, Comment, Mine, MyVote, Question, Room, Synonyms};
use domain::show::{AHEAD_MS, LATE_MS, Show, ShowCard, ShowState, ShowSummary, Shows};
use domain::tasting::TastingSummary;
use sqlx::SqliteConnection;
use std::collections::HashSet;

/// How many past shows are listed.
const PAST: usize = 30;

impl Store {
    /// All shows, with whether the member wants to be reminded.
    pub async fn shows(
        &self,
        member: Option<&MemberId>,
        language: Language,
        clock: &Clock,
    ) -> Result<Shows, StoreError> {
        let mut reading = self.pool.begin().await?;
        let rows: Vec<ShowRow> = sqlx::query_as("SELECT * FROM show_cards ORDER BY starts_at, id")
            .fetch_all(&mut *reading)
            .await?;
        let wanted = reminded(&mut reading, member).await?;
        let mut shows = Shows {
            now: clock.now(),
            live: Vec::new(),
            coming: Vec::new(),
            past: Vec::new(),
        };
        for row in rows {
            let remind = wanted.contains(&row.id);
            let summary = ShowSummary {
                remind,
                ..row.summary(language, clock)
            };
            match summary.state {
                ShowState::Live => shows.live.push(summary),
                ShowState::Scheduled => shows.coming.push(summary),
                ShowState::Ended | ShowState::Unknown => shows.past.push(summary),
            }
        }
        shows.past.reverse();
        shows.past.truncate(PAST);
        Ok(shows)
    }

    /// One show with its goods, `None` when there is no such.
    pub async fn show(
        &self,
        id: &ShowId,
        member: Option<&MemberId>,
        language: Language,
        clock: &Clock,
    ) -> Result<Option<Show>, StoreError> {
        let mut reading = self.pool.begin().await?;
        let Some(row) = ShowRow::of(&mut reading, id).await? else {
            return Ok(None);
        };
        let ids: Vec<String> =
            sqlx::query_scalar("SELECT product FROM show_goods WHERE show = ?1 ORDER BY position")
                .bind(id.as_str())
                .fetch_all(&mut *reading)
                .await?;
        let ids: Vec<ProductId> = ids.into_iter().map(Into::into).collect();
        let wanted: Vec<&ProductId> = ids.iter().collect();
        let mut goods = catalog::summaries_of(&mut reading, &wanted, language).await?;
        let tasting = row.tasting.clone().map(TastingId::from);
        let tasting = tasting_of(&mut reading, tasting, language, clock).await?;
        let zone: String = sqlx::query_scalar("SELECT zone FROM shop")
            .fetch_one(&mut *reading)
            .await?;
        let remind = reminded(&mut reading, member).await?.contains(&row.id);
        Ok(Some(Show {
            show: ShowSummary {
                remind,
                ..row.summary(language, clock)
            },
            goods: ids.iter().filter_map(|id| goods.remove(id)).collect(),
            tasting,
            sources: Vec::new(),
            zone,
            now: clock.now(),
        }))
    }

    /// Says whether a member wants to be reminded; `None` when there is no such show.
    pub async fn remind(
        &self,
        id: &ShowId,
        member: &MemberId,
        remind: bool,
        language: Language,
        clock: &Clock,
    ) -> Result<Option<ShowSummary>, StoreError> {
        let mut writing = self.write().await?;
        let Some(row) = ShowRow::of(&mut writing, id).await? else {
            return Ok(None);
        };
        let sql = if remind {
            "INSERT INTO show_reminders (show, member) VALUES (?1, ?2) ON CONFLICT DO NOTHING"
        } else {
            "DELETE FROM show_reminders WHERE show = ?1 AND member = ?2"
        };
        sqlx::query(sql)
            .bind(id.as_str())
            .bind(member.as_str())
            .execute(&mut *writing)
            .await?;
        writing.commit().await?;
        Ok(Some(ShowSummary {
            remind,
            ..row.summary(language, clock)
        }))
    }

    /// A room as somebody sees it: in their language, with what is theirs.
    pub(crate) async fn seen(
        &self,
        room: &Room,
        member: Option<&MemberId>,
        language: Language,
        clock: &Clock,
    ) -> Result<Room, StoreError> {
        let mut reading = self.pool.begin().await?;
        let (id, now) = (room.show.id.clone(), clock.now());
        let mut seen = Room {
            now,
            ..room.clone()
        };
        if let Some(row) = ShowRow::of(&mut reading, &id).await? {
            let remind = reminded(&mut reading, member).await?.contains(&row.id);
            let tasting = row.tasting.clone().map(TastingId::from);
            seen.tasting = tasting_of(&mut reading, tasting, language, clock).await?;
            seen.show = ShowSummary {
                state: room.show.state,
                started_at: room.show.started_at,
                ended_at: room.show.ended_at,
                remind,
                ..row.summary(language, clock)
            };
        }
        // Prices and stock are those of the last event, whatever the shelves say meanwhile.
        let goods = room::goods(&mut reading, &id, language).await?;
        for good in &mut seen.goods {
            let Some(named) = goods.iter().find(|one| one.product == good.product) else {
                continue;
            };
            good.name.clone_from(&named.name);
            good.subtitle.clone_from(&named.subtitle);
            for variant in &mut good.variants {
                if let Some(named) = named.variants.iter().find(|one| one.id == variant.id) {
                    variant.name.clone_from(&named.name);
                }
            }
        }
        if let Some(member) = member {
            seen.mine = Some(mine(&mut reading, room, member, language, clock).await?);
        }
        Ok(seen)
    }

    /// The events of a show after this one, ready to be sent: each with its number and its JSON.
    pub(crate) async fn events_after(
        &self,
        show: &ShowId,
        after: u32,
        clock: &Clock,
    ) -> Result<Vec<(u32, String)>, StoreError> {
        let rows: Vec<(u32, i64, Option<i64>, String)> = sqlx::query_as(
            "SELECT id, at, clock, what FROM live_events WHERE show = ?1 AND id > ?2 ORDER BY id",
        )
        .bind(show.as_str())
        .bind(after)
        .fetch_all(&self.pool)
        .await?;
        let event = |(id, at, host, what): (u32, i64, Option<i64>, String)| {
            let at = whole(clock.moment(at));
            let host = host.map_or(String::new(), |ms| format!(r#""clock":{ms},"#));
            (
                id,
                format!(r#"{{"id":{id},"at":"{at}",{host}"what":{what}}}"#),
            )
        };
        Ok(rows.into_iter().map(event).collect())
    }

    /// Whether the shelves say otherwise than a room does.
    pub(crate) async fn shelves_differ(&self, room: &Room) -> Result<bool, StoreError> {
        let mut reading = self.pool.acquire().await?;
        Ok(!room::goods_changed(&mut reading, room).await?.is_empty())
    }

    /// All questions of a show, the oldest first; `None` when there is no such show.
    pub async fn questions(
        &self,
        show: &ShowId,
        clock: &Clock,
    ) -> Result<Option<Vec<Question>>, StoreError> {
        type Row = (
            String,
            String,
            String,
            String,
            i64,
            Option<String>,
            Option<i64>,
        );
        let mut reading = self.pool.begin().await?;
        if ShowRow::of(&mut reading, show).await?.is_none() {
            return Ok(None);
        }
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT id, author, name, text, at, answer, answered_at FROM live_comments
             WHERE show = ?1 AND question = 1 AND removed = 0 ORDER BY at, id",
        )
        .bind(show.as_str())
        .fetch_all(&mut *reading)
        .await?;
        let question = |(id, author, name, text, at, answer, answered_at): Row| Question {
            comment: Comment {
                id: id.into(),
                author: author.into(),
                name,
                text,
                question: true,
                at: whole(clock.moment(at)),
                mark: String::new(),
            },
            answer: answer.zip(answered_at).map(|(text, at)| Answer {
                text,
                at: clock.moment(at),
            }),
        };
        Ok(Some(rows.into_iter().map(question).collect()))
    }

    /// Words that mean the same.
    pub async fn synonyms(&self) -> Result<Synonyms, StoreError> {
        synonyms(&mut *self.pool.acquire().await?).await
    }
}

/// The show that is on, the latest begun of several; else the next of the coming week.
pub(in crate::store) async fn on_home(
    reading: &mut SqliteConnection,
    language: Language,
    clock: &Clock,
) -> Result<Option<ShowCard>, StoreError> {
    let now = clock.now().ms;
    let row: Option<ShowRow> = sqlx::query_as(
        "SELECT * FROM show_cards
         WHERE state = 'live' OR (state = 'scheduled' AND starts_at BETWEEN ?1 AND ?2)
         ORDER BY state = 'live' DESC, coalesce(-started_at, starts_at), id LIMIT 1",
    )
    .bind(now - LATE_MS)
    .bind(now + AHEAD_MS)
    .fetch_optional(reading)
    .await?;
    Ok(row.map(|row| {
        let show = row.summary(language, clock);
        ShowCard {
            live: show.state == ShowState::Live,
            id: show.id,
            title: show.title,
            words: show.words,
            starts_at: show.starts_at,
            viewers: None,
            cover: show.cover,
        }
    }))
}

async fn reminded(
    reading: &mut SqliteConnection,
    member: Option<&MemberId>,
) -> Result<HashSet<String>, StoreError> {
    let Some(member) = member else {
        return Ok(HashSet::new());
    };
    let shows: Vec<String> =
        sqlx::query_scalar("SELECT show FROM show_reminders WHERE member = ?1")
            .bind(member.as_str())
            .fetch_all(reading)
            .await?;
    Ok(shows.into_iter().collect())
}

async fn tasting_of(
    reading: &mut SqliteConnection,
    id: Option<TastingId>,
    language: Language,
    clock: &Clock,
) -> Result<Option<TastingSummary>, StoreError> {
    let Some(id) = id else { return Ok(None) };
    let all = tastings::summaries(reading, language, clock).await?;
    Ok(all.into_iter().find(|one| one.id == id))
}

async fn mine(
    reading: &mut SqliteConnection,
    room: &Room,
    member: &MemberId,
    language: Language,
    clock: &Clock,
) -> Result<Mine, StoreError> {
    let (author, now) = (author_of(&room.show.id, member), clock.now());
    let name: Option<String> = sqlx::query_scalar("SELECT name FROM members WHERE id = ?1")
        .bind(member.as_str())
        .fetch_optional(&mut *reading)
        .await?;
    let mut vote = None;
    if let Some(poll) = &room.poll {
        let option: Option<u32> =
            sqlx::query_scalar("SELECT option FROM live_votes WHERE poll = ?1 AND member = ?2")
                .bind(poll.id.as_str())
                .bind(member.as_str())
                .fetch_optional(&mut *reading)
                .await?;
        vote = option.map(|option| MyVote {
            poll: poll.id.clone(),
            option,
        });
    }
    let mut wishes: Vec<String> = Vec::new();
    if let Some(round) = &room.wishes {
        wishes = sqlx::query_scalar(
            "SELECT wish FROM live_wishes WHERE round = ?1 AND member = ?2 ORDER BY wish",
        )
        .bind(round.id.as_str())
        .bind(member.as_str())
        .fetch_all(&mut *reading)
        .await?;
    }
    let claim = match &room.drop {
        Some(drop) => claim_of(reading, member, &drop.id, language, clock, now).await?,
        None => None,
    };
    let again_at = again_at(reading, room, member).await?;
    Ok(Mine {
        muted: room.muted.contains(&author),
        author,
        name: name.unwrap_or_default(),
        vote,
        wishes: wishes.into_iter().map(Into::into).collect(),
        claim,
        again_at: again_at
            .filter(|at| *at > now.ms)
            .map(|at| clock.moment(at)),
    })
}
