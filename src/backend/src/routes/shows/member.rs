//! What members do in a show: say, like, vote, wish, claim.

use super::told;
use crate::language::Language;
use crate::problem::{JsonBody, PathId, PathIds, Trouble};
use crate::routes::Shop;
use crate::routes::carts::{check_text, refuse, said, wrong};
use crate::routes::guard::SignedIn;
use crate::routes::orders::{intent_key, told_once};
use crate::store::live::MemberAct;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use domain::id::MemberId;
use domain::live::{
    Claim, Comment, CommentRequest, LikesRequest, MAX_COMMENT_CHARS, MAX_LIKES, MAX_MARK_CHARS,
    MAX_PHRASE_CHARS, Poll, VoteRequest, WishGroup, WishRequest,
};
use domain::order::MAX_NAME_CHARS;
use domain::problem::{FieldProblem, Problem};

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
