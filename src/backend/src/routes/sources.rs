//! Where people come from, joining, and purchases that are credited.

use super::Shop;
use super::bookings::no_source;
use super::carts::{refuse, wrong};
use super::guard::{SESSION, SignedIn, cookie};
use super::members::{PATH, number, with_tastes};
use super::orders::{intent_key, told_once};
use super::reception::only_owner;
use crate::language::Language;
use crate::problem::{JsonBody, Trouble};
use crate::store::{AtDesk, SESSION_GOOD_FOR};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::{Extension, Json};
use axum_extra::extract::CookieJar;
use domain::money::Currency;
use domain::problem::Problem;
use domain::source::{
    ClaimRequest, Credit, JoinRequest, Joined, PurchaseClaim, PurchaseRequest, SourceFigures,
    Visit, source,
};

/// The most that a purchase at the counter may have cost, in minor units: nobody types more by
/// intention.
const MOST_PAID: i64 = 1_000_000;

/// Counts that somebody has come in by a QR code or a link. Nothing of whom is kept.
#[utoipa::path(
    post,
    path = "/api/v1/visits",
    tag = "members",
    request_body = Visit,
    params(
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
    ),
    responses(
        (status = 204, description = "counted"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "unsafe-request"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json", description = "too-many-requests, with Retry-After"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn visit(
    State(shop): State<Shop>,
    JsonBody(visit): JsonBody<Visit>,
) -> Result<StatusCode, Trouble> {
    let from = source(&visit.from).ok_or_else(|| Trouble::invalid_body(vec![no_source()]))?;
    shop.store.count_visit(from, shop.clock.now().ms).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Signs in, makes a member of whoever was none, and credits a purchase just made. A claim that is
/// none keeps nobody out: why it brought nothing stands in the answer.
#[utoipa::path(
    post,
    path = "/api/v1/join",
    tag = "members",
    request_body = JoinRequest,
    params(
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = Joined, description = "with the session's cookie, HttpOnly"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "unsafe-request"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "wrong-code, expired-code: of the number"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn join(
    State(shop): State<Shop>,
    jar: CookieJar,
    language: Language,
    JsonBody(request): JsonBody<JoinRequest>,
) -> Result<(CookieJar, Json<Joined>), Trouble> {
    let phone = number(&request.phone)?;
    let from = source(&request.from).ok_or_else(|| Trouble::invalid_body(vec![no_source()]))?;
    let code: String = request
        .code
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    let claim = request
        .claim
        .as_deref()
        .map(str::trim)
        .filter(|claim| !claim.is_empty());
    let (mut joined, token) = shop
        .store
        .join(&phone, &code, from, claim, shop.clock.now())
        .await?;
    let session = cookie(&shop, SESSION, token, PATH, SESSION_GOOD_FOR);
    joined.member = with_tastes(&shop, joined.member, language).await?;
    Ok((jar.add(session), Json(joined)))
}

/// Credits a purchase just made to the member who is signed in, once; the same member is told it
/// again.
#[utoipa::path(
    post,
    path = "/api/v1/me/claims",
    tag = "members",
    request_body = ClaimRequest,
    params(
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
    ),
    responses(
        (status = 200, body = Credit),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "unsafe-request"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "wrong-code, expired-code"),
        (status = 429, body = Problem, content_type = "application/problem+json", description = "too-many-requests, with Retry-After"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn claim(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
    JsonBody(request): JsonBody<ClaimRequest>,
) -> Result<Json<Credit>, Trouble> {
    let credit = shop
        .store
        .claim(&member, &request.claim, shop.clock.now())
        .await?;
    Ok(Json(credit))
}

/// Makes a claim for a purchase of somebody who is no member yet, once for each key. It is good for
/// a quarter of an hour, once.
#[utoipa::path(
    post,
    path = "/api/v1/desk/purchases",
    tag = "desk",
    request_body = PurchaseRequest,
    params(
        ("idempotency-key" = String, Header, description = "names the intent: 1 to 128 printable ASCII characters", min_length = 1, max_length = 128),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
    ),
    responses(
        (status = 201, body = PurchaseClaim, description = "with `Idempotent-Replayed: true` when it was answered under this key before"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body, idempotency-key-missing"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden, unsafe-request"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "idempotency-key-reused"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn purchase(
    State(shop): State<Shop>,
    Extension(desk): Extension<AtDesk>,
    headers: HeaderMap,
    JsonBody(request): JsonBody<PurchaseRequest>,
) -> Result<Response, Trouble> {
    let key = intent_key(&headers)?;
    let amount = request.amount;
    if amount.currency != Currency::CNY || !(1..=MOST_PAID).contains(&amount.amount) {
        refuse(vec![wrong("/amount".to_owned(), "CNY, 0.01 to 10000")])?;
    }
    let answered = shop
        .store
        .purchase(&request, &desk.staff, &key, &shop.clock)
        .await?;
    Ok(told_once(answered))
}

/// What came of each source, for the owner.
#[utoipa::path(
    get,
    path = "/api/v1/desk/sources",
    tag = "desk",
    responses(
        (status = 200, body = Vec<SourceFigures>),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn sources(
    State(shop): State<Shop>,
    Extension(desk): Extension<AtDesk>,
) -> Result<Json<Vec<SourceFigures>>, Trouble> {
    only_owner(&desk)?;
    Ok(Json(shop.store.sources().await?))
}
