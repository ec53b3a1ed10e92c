//! Shows, and what members do in them.

use super::Shop;
use super::carts::{check_text, refuse, said, wrong};
use super::guard::{Anybody, SignedIn};
use super::orders::{intent_key, told_once};
use crate::calendar;
use crate::language::Language;
use crate::problem::{JsonBody, PathId, PathIds, Trouble};
use crate::store::Answered;
use crate::store::live::MemberAct;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::id::{MemberId, ShowId};
use domain::live::{
    Claim, Comment, CommentRequest, Event, LikesRequest, MAX_COMMENT_CHARS, MAX_LIKES,
    MAX_MARK_CHARS, MAX_PHRASE_CHARS, Poll, Room, VoteRequest, WishGroup, WishRequest,
};
use domain::order::MAX_NAME_CHARS;
use domain::problem::{FieldProblem, Problem, ProblemKind};
use domain::show::{ReminderRequest, Show, ShowSummary, Shows};
use domain::video::VideoSource;
use serde::Deserialize;

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

/// Where the picture of a show comes from: as the shop was started, so it stands in no event.
async fn sources(shop: &Shop, show: &ShowId) -> Result<Vec<VideoSource>, Trouble> {
    let picture = shop.store.picture_of(show, &shop.clock).await?;
    let picture = picture.ok_or_else(no_such_show)?;
    Ok(shop.settings.media.sources(&picture.stream, picture.state))
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

/// Does something in a show.
async fn take_part(
    shop: &Shop,
    member: MemberId,
    id: String,
    language: Language,
    what: MemberAct,
) -> Result<Response, Trouble> {
    let id = id.into();
    let answered = shop.live.by_member(&id, member, language, None, what);
    Ok(told(answered.await?))
}

/// The same, once for each key.
async fn take_part_once(
    shop: &Shop,
    member: MemberId,
    id: String,
    language: Language,
    key: String,
    what: MemberAct,
) -> Result<Response, Trouble> {
    let (id, key) = (id.into(), Some(key));
    let answered = shop.live.by_member(&id, member, language, key, what);
    Ok(told_once(answered.await?))
}

/// Says something, once for each key.
#[utoipa::path(
    post,
    path = "/api/v1/shows/{id}/comments",
    tag = "shows",
    request_body = CommentRequest,
    params(
        ("id" = String, Path, description = "the show's id"),
        ("idempotency-key" = String, Header, description = "names the intent: 1 to 128 printable ASCII characters", min_length = 1, max_length = 128),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
    ),
    responses(
        (status = 201, body = Comment, description = "with `Idempotent-Replayed: true` when it was answered under this key before"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body, idempotency-key-missing"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "muted, unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now: the show is not on"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "idempotency-key-reused"),
        (status = 429, body = Problem, content_type = "application/problem+json", description = "too-fast, with Retry-After"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn comment(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
    language: Language,
    PathId(id): PathId,
    headers: HeaderMap,
    JsonBody(request): JsonBody<CommentRequest>,
) -> Result<Response, Trouble> {
    let key = intent_key(&headers)?;
    let mut problems: Vec<FieldProblem> = said("/text", &request.text, MAX_COMMENT_CHARS)
        .into_iter()
        .collect();
    problems.extend(check_text("/mark", &request.mark, MAX_MARK_CHARS));
    let name = request.name.as_deref().unwrap_or_default();
    problems.extend(check_text("/name", name, MAX_NAME_CHARS));
    refuse(problems)?;
    let what = MemberAct::Comment(request);
    take_part_once(&shop, member, id, language, key, what).await
}

/// Likes it, all of the last moment together. They are told to everybody once a second.
#[utoipa::path(
    post,
    path = "/api/v1/shows/{id}/likes",
    tag = "shows",
    request_body = LikesRequest,
    params(
        ("id" = String, Path, description = "the show's id"),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
    ),
    responses(
        (status = 204, description = "counted"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now: the show is not on"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json", description = "too-fast, with Retry-After"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn like(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
    language: Language,
    PathId(id): PathId,
    JsonBody(request): JsonBody<LikesRequest>,
) -> Result<Response, Trouble> {
    let few = (1..=MAX_LIKES).contains(&request.count);
    let problem = (!few).then(|| wrong("/count".to_owned(), &format!("1 to {MAX_LIKES}")));
    refuse(problem.into_iter().collect())?;
    let what = MemberAct::Like(request.count);
    take_part(&shop, member, id, language, what).await
}

/// Votes in a poll, or changes the vote, until it closes.
#[utoipa::path(
    put,
    path = "/api/v1/shows/{id}/polls/{poll}/vote",
    tag = "shows",
    request_body = VoteRequest,
    params(
        ("id" = String, Path, description = "the show's id"),
        ("poll" = String, Path, description = "the poll's id"),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
    ),
    responses(
        (status = 200, body = Poll),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now: the poll is closed"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json", description = "too-fast, with Retry-After"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn vote(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
    language: Language,
    PathIds(id, poll): PathIds,
    JsonBody(request): JsonBody<VoteRequest>,
) -> Result<Response, Trouble> {
    let what = MemberAct::Vote(poll.into(), request.option);
    take_part(&shop, member, id, language, what).await
}

/// Wishes for something, once for each key. The answer is what the shop takes it for.
#[utoipa::path(
    post,
    path = "/api/v1/shows/{id}/wishes",
    tag = "shows",
    request_body = WishRequest,
    params(
        ("id" = String, Path, description = "the show's id"),
        ("idempotency-key" = String, Header, description = "names the intent: 1 to 128 printable ASCII characters", min_length = 1, max_length = 128),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
    ),
    responses(
        (status = 201, body = WishGroup, description = "with `Idempotent-Replayed: true` when it was answered under this key before"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body, idempotency-key-missing"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now: no round is open, or it was enough"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "idempotency-key-reused"),
        (status = 429, body = Problem, content_type = "application/problem+json", description = "too-fast, with Retry-After"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn wish(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
    language: Language,
    PathId(id): PathId,
    headers: HeaderMap,
    JsonBody(request): JsonBody<WishRequest>,
) -> Result<Response, Trouble> {
    let key = intent_key(&headers)?;
    let problem = said("/phrase", &request.phrase, MAX_PHRASE_CHARS);
    refuse(problem.into_iter().collect())?;
    let what = MemberAct::Wish(request.phrase);
    take_part_once(&shop, member, id, language, key, what).await
}

/// Wants what somebody has wished for.
#[utoipa::path(
    put,
    path = "/api/v1/shows/{id}/wishes/{wish}/vote",
    tag = "shows",
    params(
        ("id" = String, Path, description = "the show's id"),
        ("wish" = String, Path, description = "the wish's id"),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
    ),
    responses(
        (status = 200, body = WishGroup),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now: the round is closed"),
        (status = 429, body = Problem, content_type = "application/problem+json", description = "too-fast, with Retry-After"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn vote_for_wish(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
    language: Language,
    PathIds(id, wish): PathIds,
) -> Result<Response, Trouble> {
    let what = MemberAct::WishVote(wish.into(), true);
    take_part(&shop, member, id, language, what).await
}

/// Does not want it any more.
#[utoipa::path(
    delete,
    path = "/api/v1/shows/{id}/wishes/{wish}/vote",
    tag = "shows",
    params(
        ("id" = String, Path, description = "the show's id"),
        ("wish" = String, Path, description = "the wish's id"),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
    ),
    responses(
        (status = 200, body = WishGroup),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now: the round is closed"),
        (status = 429, body = Problem, content_type = "application/problem+json", description = "too-fast, with Retry-After"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn take_wish_back(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
    language: Language,
    PathIds(id, wish): PathIds,
) -> Result<Response, Trouble> {
    let what = MemberAct::WishVote(wish.into(), false);
    take_part(&shop, member, id, language, what).await
}

/// Claims a coupon, one a member. Claiming again answers the same one.
#[utoipa::path(
    post,
    path = "/api/v1/shows/{id}/drops/{drop}/claim",
    tag = "shows",
    params(
        ("id" = String, Path, description = "the show's id"),
        ("drop" = String, Path, description = "the drop's id"),
        ("idempotency-key" = String, Header, description = "names the intent: 1 to 128 printable ASCII characters", min_length = 1, max_length = 128),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 201, body = Claim, description = "with `Idempotent-Replayed: true` when it was answered under this key before"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "idempotency-key-missing"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "all-gone, not-now"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "idempotency-key-reused"),
        (status = 429, body = Problem, content_type = "application/problem+json", description = "too-fast, with Retry-After"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn claim(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
    language: Language,
    PathIds(id, drop): PathIds,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let key = intent_key(&headers)?;
    let what = MemberAct::Claim(drop.into());
    take_part_once(&shop, member, id, language, key, what).await
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
