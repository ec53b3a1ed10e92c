//! Tastings at the desk: codes, today's guests, what the owner decides.

use super::Shop;
use super::bookings::{check_party, no_such_booking, no_such_tasting};
use super::carts::{check_text, refuse, wrong};
use super::orders::{intent_key, told_once};
use crate::language::Language;
use crate::problem::{JsonBody, PathId, Trouble};
use crate::store::{AtCounterStep, AtDesk};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::{Extension, Json};
use domain::check_in::{CheckInRequest, DeskKeys, DeskTastings, Guest, Redeemable, WalkInRequest};
use domain::desk::CodeLookup;
use domain::member::Role;
use domain::order::MAX_NAME_CHARS;
use domain::problem::{FieldProblem, Problem, ProblemKind};
use domain::tasting::Plan;
use domain::tasting::plan::PlanPart;

/// What a code stands for: a bag (six digits) or a tasting (eight digits), or the text of either QR
/// code. Nothing is changed.
#[utoipa::path(
    post,
    path = "/api/v1/desk/codes/preview",
    tag = "desk",
    request_body = CodeLookup,
    params(
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = Redeemable),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden, unsafe-request"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "wrong-code"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn preview(
    State(shop): State<Shop>,
    language: Language,
    JsonBody(lookup): JsonBody<CodeLookup>,
) -> Result<Json<Redeemable>, Trouble> {
    let found = shop
        .store
        .redeemable(&lookup.code, language, &shop.clock)
        .await?;
    found
        .map(Json)
        .ok_or_else(|| Trouble::new(ProblemKind::WrongCode, "nothing that waits has this code"))
}

/// Who comes to taste today.
#[utoipa::path(
    get,
    path = "/api/v1/desk/tastings",
    tag = "desk",
    params(
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = DeskTastings),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn tastings(
    State(shop): State<Shop>,
    language: Language,
) -> Result<Json<DeskTastings>, Trouble> {
    Ok(Json(shop.store.desk_tastings(language, &shop.clock).await?))
}

/// Checks somebody in, with the nonce of the preview. Whoever is in already stays in.
#[utoipa::path(
    post,
    path = "/api/v1/desk/bookings/{id}/check-in",
    tag = "desk",
    request_body = CheckInRequest,
    params(
        ("id" = String, Path, description = "the booking's id"),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = Guest),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden, unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now: another day, or the booking is not what was looked at"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn check_in(
    State(shop): State<Shop>,
    Extension(desk): Extension<AtDesk>,
    language: Language,
    PathId(id): PathId,
    JsonBody(request): JsonBody<CheckInRequest>,
) -> Result<Json<Guest>, Trouble> {
    let step = AtCounterStep::CheckIn(request.nonce);
    step_at_desk(&shop, &desk, &id, &step, language).await
}

/// Takes back what was done last with a booking, for two minutes.
#[utoipa::path(
    post,
    path = "/api/v1/desk/bookings/{id}/undo",
    tag = "desk",
    params(
        ("id" = String, Path, description = "the booking's id"),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = Guest),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden, unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn undo(
    State(shop): State<Shop>,
    Extension(desk): Extension<AtDesk>,
    language: Language,
    PathId(id): PathId,
) -> Result<Json<Guest>, Trouble> {
    step_at_desk(&shop, &desk, &id, &AtCounterStep::Undo, language).await
}

/// Says that somebody has not come, once it has begun.
#[utoipa::path(
    post,
    path = "/api/v1/desk/bookings/{id}/no-show",
    tag = "desk",
    params(
        ("id" = String, Path, description = "the booking's id"),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = Guest),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden, unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn no_show(
    State(shop): State<Shop>,
    Extension(desk): Extension<AtDesk>,
    language: Language,
    PathId(id): PathId,
) -> Result<Json<Guest>, Trouble> {
    step_at_desk(&shop, &desk, &id, &AtCounterStep::NoShow, language).await
}

async fn step_at_desk(
    shop: &Shop,
    desk: &AtDesk,
    id: &str,
    step: &AtCounterStep,
    language: Language,
) -> Result<Json<Guest>, Trouble> {
    let guest = shop
        .store
        .booking_at_desk(&id.into(), step, &desk.staff, language, &shop.clock)
        .await?;
    guest.map(Json).ok_or_else(no_such_booking)
}

/// Gives a free place of today to somebody who has booked nothing, once for each key. They are
/// checked in by it.
#[utoipa::path(
    post,
    path = "/api/v1/desk/tastings/{id}/walk-in",
    tag = "desk",
    request_body = WalkInRequest,
    params(
        ("id" = String, Path, description = "the slot's id"),
        ("idempotency-key" = String, Header, description = "names the intent: 1 to 128 printable ASCII characters", min_length = 1, max_length = 128),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 201, body = Guest, description = "with `Idempotent-Replayed: true` when it was answered under this key before"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body, idempotency-key-missing"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden, unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "slot-full, slot-past"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "idempotency-key-reused"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn walk_in(
    State(shop): State<Shop>,
    Extension(desk): Extension<AtDesk>,
    language: Language,
    PathId(slot): PathId,
    headers: HeaderMap,
    JsonBody(request): JsonBody<WalkInRequest>,
) -> Result<Response, Trouble> {
    let key = intent_key(&headers)?;
    let mut problems = check_party(request.party);
    problems.extend(check_text("/name", &request.name, MAX_NAME_CHARS));
    refuse(problems)?;
    let slot = slot.into();
    let answered = shop
        .store
        .walk_in(&slot, &request, &desk.staff, &key, language, &shop.clock)
        .await?;
    Ok(told_once(answered))
}

/// What the owner has decided about a tasting.
#[utoipa::path(
    get,
    path = "/api/v1/desk/tastings/{id}/plan",
    tag = "desk",
    params(
        ("id" = String, Path, description = "the tasting's id"),
    ),
    responses(
        (status = 200, body = Plan),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn plan(
    State(shop): State<Shop>,
    Extension(desk): Extension<AtDesk>,
    PathId(id): PathId,
) -> Result<Json<Plan>, Trouble> {
    only_owner(&desk)?;
    let plan = shop.store.plan(&id.into()).await?;
    plan.map(Json).ok_or_else(no_such_tasting)
}

/// Decides otherwise. What is booked already stays.
#[utoipa::path(
    put,
    path = "/api/v1/desk/tastings/{id}/plan",
    tag = "desk",
    request_body = Plan,
    params(
        ("id" = String, Path, description = "the tasting's id"),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
    ),
    responses(
        (status = 200, body = Plan),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden, unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn keep_plan(
    State(shop): State<Shop>,
    Extension(desk): Extension<AtDesk>,
    PathId(id): PathId,
    JsonBody(plan): JsonBody<Plan>,
) -> Result<Json<Plan>, Trouble> {
    only_owner(&desk)?;
    refuse(check_plan(&plan))?;
    let kept = shop.store.keep_plan(&id.into(), &plan, &shop.clock).await?;
    kept.map(Json).ok_or_else(no_such_tasting)
}

/// By what the codes of tastings can be checked without a network.
#[utoipa::path(
    get,
    path = "/api/v1/desk/keys",
    tag = "desk",
    responses(
        (status = 200, body = DeskKeys),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn keys(State(shop): State<Shop>) -> Result<Json<DeskKeys>, Trouble> {
    Ok(Json(shop.store.desk_keys(&shop.clock).await?))
}

/// Some things only the owner sees and decides.
pub(super) fn only_owner(desk: &AtDesk) -> Result<(), Trouble> {
    if desk.role == Role::Owner {
        Ok(())
    } else {
        Err(Trouble::new(
            ProblemKind::Forbidden,
            "this is for the owner",
        ))
    }
}

/// What of a plan cannot be kept.
fn check_plan(plan: &Plan) -> Vec<FieldProblem> {
    let problem = |part: PlanPart| {
        let detail = match part {
            PlanPart::Capacity => "1 to 500",
            PlanPart::Minutes => "5 to 480",
            PlanPart::Lead | PlanPart::Cancel => "at most a week",
            PlanPart::Deposit => "CNY, at most 1000",
            PlanPart::Times => "weekdays 1 to 7, each time once",
            PlanPart::Closed => "dates like 2026-12-25",
        };
        wrong(part.pointer().to_owned(), detail)
    };
    plan.wrong().into_iter().map(problem).collect()
}
