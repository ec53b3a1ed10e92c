//! The room of a show: as it is now, and what happens in it from then on.

use super::sources;
use crate::language::Language;
use crate::problem::{PathId, Trouble};
use crate::routes::Shop;
use crate::routes::guard::Anybody;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use domain::live::{Event, Room};
use domain::problem::{FieldProblem, Problem};
use serde::Deserialize;

/// The room as it is now, with what is of whoever asks.
#[utoipa::path(
    get,
    path = "/api/v1/shows/{id}/room",
    tag = "shows",
    params(
        ("id" = String, Path, description = "the show's id"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = Room),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn room(
    State(shop): State<Shop>,
    Anybody(member): Anybody,
    language: Language,
    PathId(id): PathId,
) -> Result<Json<Room>, Trouble> {
    let room = shop.live.room(&id.into()).await?;
    let mut seen = shop
        .store
        .seen(&room, member.as_ref(), language, &shop.clock)
        .await?;
    seen.sources = sources(&shop, &seen.show.id).await?;
    Ok(Json(seen))
}

/// From where on events are wanted.
#[derive(Debug, Deserialize)]
pub struct From {
    epoch: Option<String>,
    after: Option<u32>,
}

/// What happens from now on, or after an event: Server-Sent Events. A frame without a name is an event;
/// `beat` says that the stream is alive and how far it has come; `resync`, that what is missing cannot be
/// sent any more, so that a snapshot is needed.
#[utoipa::path(
    get,
    path = "/api/v1/shows/{id}/events",
    tag = "shows",
    params(
        ("id" = String, Path, description = "the show's id"),
        ("epoch" = Option<String>, Query, description = "of which history"),
        ("after" = Option<u32>, Query, description = "the number of the last event that is there already; the next one is sent first"),
        ("last-event-id" = Option<String>, Header, description = "the same, as browsers send it; it counts before the query"),
    ),
    responses(
        (status = 200, body = Event, content_type = "text/event-stream", description = "frames; the data of each without a name are an Event"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-query"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn events(
    State(shop): State<Shop>,
    PathId(id): PathId,
    headers: HeaderMap,
    from: Result<Query<From>, QueryRejection>,
) -> Result<Response, Trouble> {
    let wrong = || {
        Trouble::invalid_query(vec![FieldProblem {
            field: "after".to_owned(),
            detail: "the number of an event".to_owned(),
        }])
    };
    let Query(from) = from.map_err(|_| wrong())?;
    let last = headers.get("last-event-id");
    let after = match last.and_then(|id| id.to_str().ok()) {
        Some(id) => Some(id.trim().parse().map_err(|_| wrong())?),
        None => from.after,
    };
    let body = shop
        .live
        .stream(&id.into(), from.epoch.as_deref(), after)
        .await?;
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // A proxy before the shop must not collect it.
        (header::HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, body).into_response())
}
