//! What is open in a show for a while: polls, wishes, coupons; and the words by which wishes are grouped.

use super::Shop;
use super::carts::{refuse, said, wrong};
use super::hosting::{host, host_once, only_hosts};
use crate::language::Language;
use crate::problem::{JsonBody, PathId, PathIds, Trouble};
use crate::store::AtDesk;
use crate::store::live::HostAct;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::{Extension, Json};
use domain::live::{
    CouponDrop, DropRequest, MAX_COUPON_DAYS, MAX_COUPONS, MAX_OFF, MAX_OPTION_CHARS, MAX_OPTIONS,
    MAX_PHRASE_CHARS, MAX_QUESTION_CHARS, MAX_SYNONYMS, Poll, PollRequest, Synonyms, WishRound,
    WishRoundRequest,
};
use domain::problem::{FieldProblem, Problem};

/// Opens a poll, once for each key; the one before is closed by it.
#[utoipa::path(
    post,
    path = "/api/v1/desk/shows/{id}/polls",
    tag = "desk",
    request_body = PollRequest,
    params(
        ("id" = String, Path, description = "the show's id"),
        ("idempotency-key" = String, Header, description = "names the intent: 1 to 128 printable ASCII characters", min_length = 1, max_length = 128),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
    ),
    responses(
        (status = 201, body = Poll, description = "with `Idempotent-Replayed: true` when it was answered under this key before"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body, idempotency-key-missing"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden: this is for the owner and the hosts, unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now: the show is not on"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "idempotency-key-reused"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn open_poll(
    State(shop): State<Shop>,
    Extension(desk): Extension<AtDesk>,
    language: Language,
    PathId(id): PathId,
    headers: HeaderMap,
    JsonBody(request): JsonBody<PollRequest>,
) -> Result<Response, Trouble> {
    only_hosts(&desk)?;
    let mut problems: Vec<FieldProblem> = said("/question", &request.question, MAX_QUESTION_CHARS)
        .into_iter()
        .collect();
    if !(2..=MAX_OPTIONS).contains(&request.options.len()) {
        problems.push(wrong("/options".to_owned(), &format!("2 to {MAX_OPTIONS}")));
    }
    for (at, option) in request.options.iter().enumerate() {
        problems.extend(said(&format!("/options/{at}"), option, MAX_OPTION_CHARS));
    }
    refuse(problems)?;
    let what = HostAct::OpenPoll(request);
    host_once(&shop, &desk, id, language, &headers, what).await
}

/// Closes a poll.
#[utoipa::path(
    post,
    path = "/api/v1/desk/shows/{id}/polls/{poll}/close",
    tag = "desk",
    params(
        ("id" = String, Path, description = "the show's id"),
        ("poll" = String, Path, description = "the poll's id"),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
    ),
    responses(
        (status = 200, body = Poll),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden: this is for the owner and the hosts, unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn close_poll(
    State(shop): State<Shop>,
    Extension(desk): Extension<AtDesk>,
    language: Language,
    PathIds(id, poll): PathIds,
) -> Result<Response, Trouble> {
    only_hosts(&desk)?;
    host(&shop, &desk, id, language, HostAct::ClosePoll(poll.into())).await
}

/// Opens a round of wishes, once for each key; the one before is closed by it.
#[utoipa::path(
    post,
    path = "/api/v1/desk/shows/{id}/wishes",
    tag = "desk",
    request_body = WishRoundRequest,
    params(
        ("id" = String, Path, description = "the show's id"),
        ("idempotency-key" = String, Header, description = "names the intent: 1 to 128 printable ASCII characters", min_length = 1, max_length = 128),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
    ),
    responses(
        (status = 201, body = WishRound, description = "with `Idempotent-Replayed: true` when it was answered under this key before"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body, idempotency-key-missing"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden: this is for the owner and the hosts, unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now: the show is not on"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "idempotency-key-reused"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn open_wishes(
    State(shop): State<Shop>,
    Extension(desk): Extension<AtDesk>,
    language: Language,
    PathId(id): PathId,
    headers: HeaderMap,
    JsonBody(request): JsonBody<WishRoundRequest>,
) -> Result<Response, Trouble> {
    only_hosts(&desk)?;
    let problem = said("/title", &request.title, MAX_QUESTION_CHARS);
    refuse(problem.into_iter().collect())?;
    let what = HostAct::OpenWishes(WishRoundRequest {
        title: request.title.trim().to_owned(),
        ..request
    });
    host_once(&shop, &desk, id, language, &headers, what).await
}

/// Closes a round of wishes.
#[utoipa::path(
    post,
    path = "/api/v1/desk/shows/{id}/wishes/{round}/close",
    tag = "desk",
    params(
        ("id" = String, Path, description = "the show's id"),
        ("round" = String, Path, description = "the round's id"),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
    ),
    responses(
        (status = 200, body = WishRound),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden: this is for the owner and the hosts, unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn close_wishes(
    State(shop): State<Shop>,
    Extension(desk): Extension<AtDesk>,
    language: Language,
    PathIds(id, round): PathIds,
) -> Result<Response, Trouble> {
    only_hosts(&desk)?;
    let what = HostAct::CloseWishes(round.into());
    host(&shop, &desk, id, language, what).await
}

/// Gives coupons away, once for each key; the drop before is closed by it.
#[utoipa::path(
    post,
    path = "/api/v1/desk/shows/{id}/drops",
    tag = "desk",
    request_body = DropRequest,
    params(
        ("id" = String, Path, description = "the show's id"),
        ("idempotency-key" = String, Header, description = "names the intent: 1 to 128 printable ASCII characters", min_length = 1, max_length = 128),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
    ),
    responses(
        (status = 201, body = CouponDrop, description = "with `Idempotent-Replayed: true` when it was answered under this key before"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body, idempotency-key-missing"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden: this is for the owner and the hosts, unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now: the show is not on"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "idempotency-key-reused"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn open_drop(
    State(shop): State<Shop>,
    Extension(desk): Extension<AtDesk>,
    language: Language,
    PathId(id): PathId,
    headers: HeaderMap,
    JsonBody(request): JsonBody<DropRequest>,
) -> Result<Response, Trouble> {
    only_hosts(&desk)?;
    refuse(check_drop(&request))?;
    let what = HostAct::OpenDrop(request);
    host_once(&shop, &desk, id, language, &headers, what).await
}

/// Closes a drop of coupons. What was claimed stays.
#[utoipa::path(
    post,
    path = "/api/v1/desk/shows/{id}/drops/{drop}/close",
    tag = "desk",
    params(
        ("id" = String, Path, description = "the show's id"),
        ("drop" = String, Path, description = "the drop's id"),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
    ),
    responses(
        (status = 200, body = CouponDrop),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden: this is for the owner and the hosts, unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn close_drop(
    State(shop): State<Shop>,
    Extension(desk): Extension<AtDesk>,
    language: Language,
    PathIds(id, drop): PathIds,
) -> Result<Response, Trouble> {
    only_hosts(&desk)?;
    host(&shop, &desk, id, language, HostAct::CloseDrop(drop.into())).await
}

/// Words that mean the same, for wishes.
#[utoipa::path(
    get,
    path = "/api/v1/desk/synonyms",
    tag = "desk",
    responses(
        (status = 200, body = Synonyms),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden: this is for the owner and the hosts"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn synonyms(
    State(shop): State<Shop>,
    Extension(desk): Extension<AtDesk>,
) -> Result<Json<Synonyms>, Trouble> {
    only_hosts(&desk)?;
    Ok(Json(shop.store.synonyms().await?))
}

/// Puts other words in their place.
#[utoipa::path(
    put,
    path = "/api/v1/desk/synonyms",
    tag = "desk",
    request_body = Synonyms,
    params(
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
    ),
    responses(
        (status = 200, body = Synonyms),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden: this is for the owner and the hosts, unsafe-request"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn keep_synonyms(
    State(shop): State<Shop>,
    Extension(desk): Extension<AtDesk>,
    JsonBody(synonyms): JsonBody<Synonyms>,
) -> Result<Json<Synonyms>, Trouble> {
    only_hosts(&desk)?;
    refuse(check_synonyms(&synonyms))?;
    shop.store.keep_synonyms(&synonyms).await?;
    Ok(Json(synonyms))
}

fn check_drop(request: &DropRequest) -> Vec<FieldProblem> {
    let mut problems: Vec<FieldProblem> = said("/title", &request.title, MAX_QUESTION_CHARS)
        .into_iter()
        .collect();
    let mut check = |right: bool, field: &str, detail: String| {
        if !right {
            problems.push(wrong(field.to_owned(), &detail));
        }
    };
    let most = format!("at most {MAX_OFF}");
    check(
        request.off_is_right(),
        "/off",
        format!("CNY, more than nothing, {most}"),
    );
    check(
        request.at_least_is_right(),
        "/at_least",
        format!("CNY, more than is taken off, {most}"),
    );
    let count = 1..=MAX_COUPONS;
    check(
        count.contains(&request.count),
        "/count",
        format!("1 to {MAX_COUPONS}"),
    );
    let days = 1..=MAX_COUPON_DAYS;
    check(
        days.contains(&request.days),
        "/days",
        format!("1 to {MAX_COUPON_DAYS}"),
    );
    problems
}

fn check_synonyms(synonyms: &Synonyms) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    if synonyms.groups.len() > MAX_SYNONYMS {
        problems.push(wrong(
            "/groups".to_owned(),
            &format!("at most {MAX_SYNONYMS}"),
        ));
    }
    for (at, words) in synonyms.groups.iter().enumerate().take(MAX_SYNONYMS) {
        if !(1..=MAX_SYNONYMS).contains(&words.len()) {
            problems.push(wrong(
                format!("/groups/{at}"),
                &format!("1 to {MAX_SYNONYMS} words"),
            ));
        }
        for (word_at, word) in words.iter().enumerate().take(MAX_SYNONYMS) {
            let field = format!("/groups/{at}/{word_at}");
            problems.extend(said(&field, word, 2 * MAX_PHRASE_CHARS));
        }
    }
    problems
}
