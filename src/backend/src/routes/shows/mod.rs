//! Shows: which there are, each with its goods, as a calendar file, and that one wants to be reminded.

mod member;
mod room;

// With what utoipa has made of each handler.
pub use member::*;
pub use room::*;

use super::Shop;
use super::guard::{Anybody, SignedIn};
use super::orders::told_once;
use crate::calendar;
use crate::language::Language;
use crate::problem::{JsonBody, PathId, Trouble};
use crate::store::Answered;
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::id::ShowId;
use domain::problem::{Problem, ProblemKind};
use domain::show::{ReminderRequest, Show, ShowSummary, Shows};
use domain::video::VideoSource;

/// What is the same for everybody but for whether one wants to be reminded: nobody on the way keeps it
/// for somebody else.
const OWN: [(header::HeaderName, &str); 2] = [
    (header::CACHE_CONTROL, "private, no-cache"),
    (header::VARY, "accept-language, cookie"),
];

/// All shows: those that are on, to come, and past.
#[utoipa::path(
    get,
    path = "/api/v1/shows",
    tag = "shows",
    params(
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = Shows),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn shows(
    State(shop): State<Shop>,
    Anybody(member): Anybody,
    language: Language,
) -> Result<Response, Trouble> {
    let shows = shop
        .store
        .shows(member.as_ref(), language, &shop.clock)
        .await?;
    Ok((OWN, Json(shows)).into_response())
}

/// One show with its goods.
#[utoipa::path(
    get,
    path = "/api/v1/shows/{id}",
    tag = "shows",
    params(
        ("id" = String, Path, description = "the show's id"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = Show),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn show(
    State(shop): State<Shop>,
    Anybody(member): Anybody,
    language: Language,
    PathId(id): PathId,
) -> Result<Response, Trouble> {
    let show = shop
        .store
        .show(&id.into(), member.as_ref(), language, &shop.clock)
        .await?;
    let mut show = show.ok_or_else(no_such_show)?;
    show.sources = sources(&shop, &show.show.id).await?;
    Ok((OWN, Json(show)).into_response())
}

/// A show as a calendar file (RFC 5545).
#[utoipa::path(
    get,
    path = "/api/v1/shows/{id}/calendar.ics",
    tag = "shows",
    params(
        ("id" = String, Path, description = "the show's id"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = String, content_type = "text/calendar"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn calendar(
    State(shop): State<Shop>,
    language: Language,
    PathId(id): PathId,
) -> Result<Response, Trouble> {
    let show = shop
        .store
        .show(&id.into(), None, language, &shop.clock)
        .await?;
    let show = show.ok_or_else(no_such_show)?.show;
    let name = shop.store.shop_name(language).await?;
    let file = calendar::show(&show, &name, shop.clock.now());
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"show.ics\"",
        ),
    ];
    Ok((headers, file).into_response())
}

/// Says whether one wants to be reminded of a show.
#[utoipa::path(
    put,
    path = "/api/v1/shows/{id}/reminder",
    tag = "shows",
    request_body = ReminderRequest,
    params(
        ("id" = String, Path, description = "the show's id"),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = ShowSummary),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn remind(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
    language: Language,
    PathId(id): PathId,
    JsonBody(request): JsonBody<ReminderRequest>,
) -> Result<Json<ShowSummary>, Trouble> {
    let show = shop
        .store
        .remind(&id.into(), &member, request.remind, language, &shop.clock)
        .await?;
    show.map(Json).ok_or_else(no_such_show)
}

/// Where the picture of a show comes from: as the shop was started, so it stands in no event.
async fn sources(shop: &Shop, show: &ShowId) -> Result<Vec<VideoSource>, Trouble> {
    let picture = shop.store.picture_of(show, &shop.clock).await?;
    let picture = picture.ok_or_else(no_such_show)?;
    Ok(shop.settings.media.sources(&picture.stream, picture.state))
}

/// What was done, where no key is needed.
pub(super) fn told(answered: Answered) -> Response {
    if answered.body.is_empty() {
        return StatusCode::NO_CONTENT.into_response();
    }
    told_once(answered)
}

pub(super) fn no_such_show() -> Trouble {
    Trouble::new(ProblemKind::NotFound, "there is no such show")
}
