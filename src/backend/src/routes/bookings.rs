//! Tastings, places held and booked, lines.

use super::Shop;
use super::carts::{check_text, refuse, wrong};
use super::guard::SignedIn;
use super::orders::{intent_key, told_once};
use crate::calendar;
use crate::language::Language;
use crate::problem::{JsonBody, PathId, Trouble};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::booking::{Booking, BookingRequest, MoveRequest, MyBookings, Verdict, VerdictRequest};
use domain::order::{MAX_NAME_CHARS, MAX_NOTE_CHARS};
use domain::page::Page;
use domain::problem::{FieldProblem, Problem, ProblemKind};
use domain::slot_hold::{HoldRequest, SlotHold};
use domain::source::source;
use domain::tasting::{MOST_PEOPLE, Tasting, TastingSummary};
use domain::waiting::{WaitRequest, Waiting};

/// What can be tasted, in the shop's order, with when a place is free next.
#[utoipa::path(
    get,
    path = "/api/v1/tastings",
    tag = "tastings",
    params(
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = Page<TastingSummary>),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn tastings(
    State(shop): State<Shop>,
    language: Language,
) -> Result<Json<Page<TastingSummary>>, Trouble> {
    Ok(Json(shop.store.tastings(language, &shop.clock).await?))
}

/// One tasting, with its slots of today and the thirteen days after it.
#[utoipa::path(
    get,
    path = "/api/v1/tastings/{id}",
    tag = "tastings",
    params(
        ("id" = String, Path, description = "the tasting's id"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = Tasting),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn tasting(
    State(shop): State<Shop>,
    language: Language,
    PathId(id): PathId,
) -> Result<Json<Tasting>, Trouble> {
    let tasting = shop
        .store
        .tasting(&id.into(), language, &shop.clock)
        .await?;
    tasting.map(Json).ok_or_else(no_such_tasting)
}

/// The place that the member holds; `null` when none.
#[utoipa::path(
    get,
    path = "/api/v1/me/slot-hold",
    tag = "tastings",
    responses(
        (status = 200, body = Option<SlotHold>),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn held(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
) -> Result<Json<Option<SlotHold>>, Trouble> {
    Ok(Json(shop.store.held_place(&member, &shop.clock).await?))
}

/// Holds a place for five minutes, in the place of another one. The same slot again is not held
/// longer by it.
#[utoipa::path(
    put,
    path = "/api/v1/me/slot-hold",
    tag = "tastings",
    request_body = HoldRequest,
    params(
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
    ),
    responses(
        (status = 200, body = SlotHold),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "slot-full, slot-past"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json", description = "held-too-often, with Retry-After: places of this slot were held for ten minutes within an hour without being booked"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn hold(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
    JsonBody(request): JsonBody<HoldRequest>,
) -> Result<Json<SlotHold>, Trouble> {
    refuse(check_party(request.party))?;
    let hold = shop
        .store
        .hold_place(&member, &request.slot, request.party, &shop.clock)
        .await?;
    Ok(Json(hold))
}

/// Lets the place go.
#[utoipa::path(
    delete,
    path = "/api/v1/me/slot-hold",
    tag = "tastings",
    params(
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
    ),
    responses(
        (status = 204, description = "let go, also when none was held"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "unsafe-request"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn let_go(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
) -> Result<StatusCode, Trouble> {
    shop.store.let_place_go(&member, &shop.clock).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Books, once for each key: out of the member's hold, of a place that is offered to them, or of what
/// is free.
#[utoipa::path(
    post,
    path = "/api/v1/bookings",
    tag = "tastings",
    request_body = BookingRequest,
    params(
        ("idempotency-key" = String, Header, description = "names the intent: 1 to 128 printable ASCII characters", min_length = 1, max_length = 128),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 201, body = Booking, description = "booked; with `Idempotent-Replayed: true` when it had been booked under this key before"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body, idempotency-key-missing"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "slot-full, slot-past, hold-expired, one-per-member"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "idempotency-key-reused"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn book(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
    language: Language,
    headers: HeaderMap,
    JsonBody(request): JsonBody<BookingRequest>,
) -> Result<Response, Trouble> {
    let key = intent_key(&headers)?;
    let mut problems = check_party(request.party);
    problems.extend(check_text("/name", &request.name, MAX_NAME_CHARS));
    problems.extend(check_text("/note", &request.note, MAX_NOTE_CHARS));
    if request
        .from
        .as_deref()
        .is_some_and(|from| source(from).is_none())
    {
        problems.push(no_source());
    }
    refuse(problems)?;
    let answered = shop
        .store
        .book(&member, &request, &key, language, &shop.clock)
        .await?;
    Ok(told_once(answered))
}

/// The member's bookings and the lines that it stands in.
#[utoipa::path(
    get,
    path = "/api/v1/me/bookings",
    tag = "tastings",
    params(
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = MyBookings),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn mine(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
    language: Language,
) -> Result<Json<MyBookings>, Trouble> {
    let mine = shop
        .store
        .my_bookings(&member, language, &shop.clock)
        .await?;
    Ok(Json(mine))
}

/// One of the member's bookings; somebody else's is not found.
#[utoipa::path(
    get,
    path = "/api/v1/bookings/{id}",
    tag = "tastings",
    params(
        ("id" = String, Path, description = "the booking's id"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = Booking),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn booking(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
    language: Language,
    PathId(id): PathId,
) -> Result<Json<Booking>, Trouble> {
    let booking = shop
        .store
        .booking(&member, &id.into(), language, &shop.clock)
        .await?;
    booking.map(Json).ok_or_else(no_such_booking)
}

/// Moves a booking to another time of the same tasting, until the cut-off.
#[utoipa::path(
    post,
    path = "/api/v1/bookings/{id}/move",
    tag = "tastings",
    request_body = MoveRequest,
    params(
        ("id" = String, Path, description = "the booking's id"),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = Booking),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now, slot-full, slot-past"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn move_to(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
    language: Language,
    PathId(id): PathId,
    JsonBody(request): JsonBody<MoveRequest>,
) -> Result<Json<Booking>, Trouble> {
    let moved = shop
        .store
        .move_booking(&id.into(), &request.slot, &member, language, &shop.clock)
        .await?;
    moved.map(Json).ok_or_else(no_such_booking)
}

/// Calls a booking off, until the cut-off. Its place goes to the first who waits.
#[utoipa::path(
    post,
    path = "/api/v1/bookings/{id}/cancel",
    tag = "tastings",
    params(
        ("id" = String, Path, description = "the booking's id"),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = Booking),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn cancel(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
    language: Language,
    PathId(id): PathId,
) -> Result<Json<Booking>, Trouble> {
    let cancelled = shop
        .store
        .cancel_booking(&id.into(), &member, language, &shop.clock)
        .await?;
    cancelled.map(Json).ok_or_else(no_such_booking)
}

/// Says on the day that the member will come, where that is asked for.
#[utoipa::path(
    post,
    path = "/api/v1/bookings/{id}/confirm-coming",
    tag = "tastings",
    params(
        ("id" = String, Path, description = "the booking's id"),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = Booking),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now: not asked for, not yet, or not any more"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn confirm_coming(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
    language: Language,
    PathId(id): PathId,
) -> Result<Json<Booking>, Trouble> {
    let confirmed = shop
        .store
        .confirm_coming(&id.into(), &member, language, &shop.clock)
        .await?;
    confirmed.map(Json).ok_or_else(no_such_booking)
}

/// Says how it was, once the member has come. The last word counts.
#[utoipa::path(
    post,
    path = "/api/v1/bookings/{id}/verdict",
    tag = "tastings",
    request_body = VerdictRequest,
    params(
        ("id" = String, Path, description = "the booking's id"),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = Booking),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn verdict(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
    language: Language,
    PathId(id): PathId,
    JsonBody(request): JsonBody<VerdictRequest>,
) -> Result<Json<Booking>, Trouble> {
    if request.verdict == Verdict::Unknown {
        refuse(vec![wrong("/verdict".to_owned(), "liked or not_for_me")])?;
    }
    let judged = shop
        .store
        .judge(&id.into(), request.verdict, &member, language, &shop.clock)
        .await?;
    judged.map(Json).ok_or_else(no_such_booking)
}

/// A booking as a calendar file (RFC 5545).
#[utoipa::path(
    get,
    path = "/api/v1/bookings/{id}/calendar.ics",
    tag = "tastings",
    params(
        ("id" = String, Path, description = "the booking's id"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = String, content_type = "text/calendar"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn calendar(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
    language: Language,
    PathId(id): PathId,
) -> Result<Response, Trouble> {
    let booking = shop
        .store
        .booking(&member, &id.into(), language, &shop.clock)
        .await?
        .ok_or_else(no_such_booking)?;
    let name = shop.store.shop_name(language).await?;
    let file = calendar::file(&booking, &name, shop.clock.now());
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"tasting.ics\"",
        ),
    ];
    Ok((headers, file).into_response())
}

/// Stands in the line of a full slot, once for each key.
#[utoipa::path(
    post,
    path = "/api/v1/tastings/slots/{slot}/waiting",
    tag = "tastings",
    request_body = WaitRequest,
    params(
        ("slot" = String, Path, description = "the slot's id"),
        ("idempotency-key" = String, Header, description = "names the intent: 1 to 128 printable ASCII characters", min_length = 1, max_length = 128),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 201, body = Waiting, description = "with `Idempotent-Replayed: true` when it was answered under this key before"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body, idempotency-key-missing"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now: a place is free, or booked; slot-past; slot-full: never so many at once; one-per-member"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "idempotency-key-reused"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn wait(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
    language: Language,
    PathId(slot): PathId,
    headers: HeaderMap,
    JsonBody(request): JsonBody<WaitRequest>,
) -> Result<Response, Trouble> {
    let key = intent_key(&headers)?;
    refuse(check_party(request.party))?;
    let slot = slot.into();
    let answered = shop
        .store
        .wait(&member, &slot, &request, &key, language, &shop.clock)
        .await?;
    Ok(told_once(answered))
}

/// Leaves the line.
#[utoipa::path(
    delete,
    path = "/api/v1/tastings/slots/{slot}/waiting",
    tag = "tastings",
    params(
        ("slot" = String, Path, description = "the slot's id"),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
    ),
    responses(
        (status = 204, description = "left, also when one did not stand in it"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "unsafe-request"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn leave(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
    PathId(slot): PathId,
) -> Result<StatusCode, Trouble> {
    let slot = slot.into();
    shop.store.leave_line(&member, &slot, &shop.clock).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) fn no_such_booking() -> Trouble {
    Trouble::new(ProblemKind::NotFound, "there is no such booking")
}

pub(super) fn no_such_tasting() -> Trouble {
    Trouble::new(ProblemKind::NotFound, "there is no such tasting")
}

pub(super) fn no_source() -> FieldProblem {
    wrong(
        "/from".to_owned(),
        "1 to 32 of small letters, digits and hyphens",
    )
}

pub(super) fn check_party(party: u32) -> Vec<FieldProblem> {
    let fits = (1..=MOST_PEOPLE).contains(&party);
    let problem = || wrong("/party".to_owned(), "1 to 4 people");
    (!fits).then(problem).into_iter().collect()
}
