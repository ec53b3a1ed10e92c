//! A show that is over, seen again.

use super::Shop;
use crate::language::Language;
use crate::media;
use crate::problem::{PathId, Trouble};
use crate::store::live::ReplayFrom;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use domain::live::Room;
use domain::problem::{FieldProblem, Problem};
use domain::video::{MAX_REPLAY_EVENTS, REPLAY_EVENTS, Replay, ReplayEvents};
use serde::Deserialize;

/// A show that is over, with its picture and its chapters.
#[utoipa::path(
    get,
    path = "/api/v1/shows/{id}/replay",
    tag = "shows",
    params(
        ("id" = String, Path, description = "the show's id"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = Replay),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now: it is not over"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn replay(
    State(shop): State<Shop>,
    language: Language,
    PathId(id): PathId,
) -> Result<Json<Replay>, Trouble> {
    let replay = shop.store.replay(&id.into(), language, &shop.clock).await;
    let (mut replay, stream) = replay?;
    let records = shop.folders.records();
    replay.parts = media::parts(&records, &stream, replay.starts_at).await;
    // What was only tried out, before the show or after it, is nobody's to see.
    let ms = replay.ms;
    replay
        .parts
        .retain(|part| part.at_ms < ms && part.at_ms.saturating_add(part.ms) > 0);
    replay.demo = !replay.parts.is_empty() && media::is_drawn(&records, &stream).await;
    Ok(Json(replay))
}

/// At which time of the line.
#[derive(Debug, Deserialize)]
pub struct At {
    #[serde(default)]
    at_ms: i64,
}

/// The room of a replay as it was at a time of its line, with the goods as they are today.
#[utoipa::path(
    get,
    path = "/api/v1/shows/{id}/replay/room",
    tag = "shows",
    params(
        ("id" = String, Path, description = "the show's id"),
        ("at_ms" = Option<i64>, Query, description = "how long after the beginning, in milliseconds; 0 where it is missing"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = Room),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-query"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now: it is not over"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn replay_room(
    State(shop): State<Shop>,
    language: Language,
    PathId(id): PathId,
    at: Result<Query<At>, QueryRejection>,
) -> Result<Json<Room>, Trouble> {
    let Query(At { at_ms }) = at.map_err(|_| wrong("at_ms", "a number of milliseconds"))?;
    let id = id.into();
    let room = shop
        .store
        .replay_room(&id, at_ms, language, &shop.clock)
        .await?;
    Ok(Json(room))
}

/// Which events are wanted.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    after: Option<u32>,
    from_ms: Option<i64>,
    limit: Option<u32>,
}

/// Some events of a replay, in their order. What was said of prices and stock is left blank.
#[utoipa::path(
    get,
    path = "/api/v1/shows/{id}/replay/events",
    tag = "shows",
    params(
        ("id" = String, Path, description = "the show's id"),
        ("after" = Option<u32>, Query, description = "the number of the last event that is there already"),
        ("from_ms" = Option<i64>, Query, description = "instead of it: how long after the beginning, in milliseconds"),
        ("limit" = Option<u32>, Query, description = "how many at most; 200 where it is missing, 500 at most"),
    ),
    responses(
        (status = 200, body = ReplayEvents),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-query"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now: it is not over"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn replay_events(
    State(shop): State<Shop>,
    PathId(id): PathId,
    some: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<ReplayEvents>, Trouble> {
    let Query(some) = some.map_err(|_| wrong("after", "the number of an event"))?;
    let limit = some.limit.unwrap_or(REPLAY_EVENTS);
    if !(1..=MAX_REPLAY_EVENTS).contains(&limit) {
        return Err(wrong("limit", "1 to 500"));
    }
    let from = match (some.after, some.from_ms) {
        (Some(after), _) => ReplayFrom::After(after),
        (None, from) => ReplayFrom::At(from.unwrap_or(0)),
    };
    let id = id.into();
    let events = shop
        .store
        .replay_events(&id, from, limit, &shop.clock)
        .await?;
    Ok(Json(events))
}

fn wrong(field: &str, detail: &str) -> Trouble {
    Trouble::invalid_query(vec![FieldProblem {
        field: field.to_owned(),
        detail: detail.to_owned(),
    }])
}
