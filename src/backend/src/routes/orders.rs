//! Orders placed, listed and called off.

use super::Shop;
use super::carts::{check_cart, refuse, wrong};
use super::guard::SignedIn;
use crate::language::Language;
use crate::payment;
use crate::problem::{JsonBody, PathId, Trouble};
use crate::store::{Answered, By, CheckedOrder};
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use client::transport::KEY_HEADER;
use domain::member::Phone;
use domain::order::{
    MAX_NAME_CHARS, MAX_NOTE_CHARS, Order, OrderRequest, OrderTab, Payment, PickupTimes, Step,
};
use domain::page::{Cursor, Page};
use domain::problem::{FieldProblem, MEDIA_TYPE, Problem, ProblemKind};

/// The longest `Idempotency-Key`, in bytes.
const MAX_KEY: usize = 128;
/// Says that an answer was given before.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// When an order can be picked up.
#[utoipa::path(
    get,
    path = "/api/v1/pickup-times",
    tag = "orders",
    params(("accept-language" = Option<String>, Header, description = "zh-CN or en")),
    responses(
        (status = 200, body = PickupTimes),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn pickup_times(
    State(shop): State<Shop>,
    language: Language,
) -> Result<Json<PickupTimes>, Trouble> {
    Ok(Json(shop.store.pickup_times(language, &shop.clock).await?))
}

/// Places an order, once for each key.
#[utoipa::path(
    post,
    path = "/api/v1/orders",
    tag = "orders",
    request_body = OrderRequest,
    params(
        ("idempotency-key" = String, Header, description = "names the intent: 1 to 128 printable ASCII characters", min_length = 1, max_length = 128),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 201, body = Order, description = "placed; with `Idempotent-Replayed: true` when it had been placed under this key before"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body (also for a coupon that the member does not hold), idempotency-key-missing"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "unsafe-request"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "quote-changed; paid over the net also payment-open, too-many-unpaid"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "pickup-unavailable, idempotency-key-reused"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn place(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
    language: Language,
    headers: HeaderMap,
    JsonBody(request): JsonBody<OrderRequest>,
) -> Result<Response, Trouble> {
    let order = check_order(&shop, request, intent_key(&headers)?)?;
    if order.request.payment == Payment::Online {
        // The one before may be paid, or too old, and nobody has said so yet.
        payment::look_at_member(&shop, &member).await?;
    }
    let answered = shop
        .store
        .place_order(&member, &order, language, &shop.clock)
        .await?;
    Ok(told_once(answered))
}

/// What a key was answered: the very answer of the request that it came with.
#[utoipa::path(
    get,
    path = "/api/v1/intents/{key}",
    tag = "orders",
    params(("key" = String, Path, description = "the `Idempotency-Key` of a request that created something")),
    responses(
        (status = 201, body = serde_json::Value, description = "it was done: what was made, with `Idempotent-Replayed: true`"),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "it was refused, as the request was (with `Idempotent-Replayed: true`); not-signed-in; unknown-intent: the key never came"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn intent(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
    PathId(key): PathId,
) -> Result<Response, Trouble> {
    let answered = shop.store.answered(&member, &key).await?;
    let unknown = || Trouble::new(ProblemKind::UnknownIntent, "the key never came");
    answered.map(told_once).ok_or_else(unknown)
}

/// The key of a request that creates something.
pub(super) fn intent_key(headers: &HeaderMap) -> Result<String, Trouble> {
    headers
        .get(KEY_HEADER)
        .and_then(|key| key.to_str().ok())
        .map(str::trim)
        .filter(|key| !key.is_empty() && key.len() <= MAX_KEY)
        .map(str::to_owned)
        .ok_or_else(|| {
            Trouble::new(
                ProblemKind::KeyMissing,
                format!("send the header {KEY_HEADER}, 1 to {MAX_KEY} characters"),
            )
        })
}

/// An answer that is given to its key for ever.
pub(super) fn told_once(answered: Answered) -> Response {
    let status = StatusCode::from_u16(answered.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let media_type = if status.is_success() {
        "application/json"
    } else {
        MEDIA_TYPE
    };
    let mut response =
        (status, [(header::CONTENT_TYPE, media_type)], answered.body).into_response();
    if answered.replayed {
        response
            .headers_mut()
            .insert(REPLAYED, axum::http::HeaderValue::from_static("true"));
    }
    response
}

/// The member's orders, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/orders",
    tag = "orders",
    params(
        ("tab" = Option<OrderTab>, Query, description = "only these"),
        ("cursor" = Option<String>, Query, description = "next_cursor of the page before"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = Page<Order>),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-query"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
    language: Language,
    pairs: Result<Query<Vec<(String, String)>>, QueryRejection>,
) -> Result<Json<Page<Order>>, Trouble> {
    let Query(pairs) = pairs
        .map_err(|rejection| Trouble::new(ProblemKind::InvalidQuery, rejection.body_text()))?;
    let get = |name: &str| {
        pairs
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
    };
    let tab = get("tab")
        .map(|name| {
            OrderTab::from_name(name).ok_or_else(|| {
                Trouble::invalid_query(vec![FieldProblem {
                    field: "tab".to_owned(),
                    detail: "to_pay, to_pick_up, done or after_sale".to_owned(),
                }])
            })
        })
        .transpose()?;
    let cursor = get("cursor").map(|cursor| Cursor(cursor.clone()));
    payment::look_at_member(&shop, &member).await?;
    let page = shop
        .store
        .orders(&member, tab, cursor.as_ref(), language, &shop.clock)
        .await?;
    Ok(Json(page))
}

/// One of the member's orders; somebody else's is not found.
#[utoipa::path(
    get,
    path = "/api/v1/orders/{id}",
    tag = "orders",
    params(
        ("id" = String, Path, description = "the order's id"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = Order),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn order(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
    language: Language,
    PathId(id): PathId,
) -> Result<Json<Order>, Trouble> {
    let id = id.into();
    if shop.store.is_order_of(&member, &id).await? {
        payment::look(&shop, &id).await?;
    }
    let order = shop
        .store
        .order(&member, &id, language, &shop.clock)
        .await?;
    order.map(Json).ok_or_else(no_such_order)
}

/// Calls an order off, until it is packed.
#[utoipa::path(
    post,
    path = "/api/v1/orders/{id}/cancel",
    tag = "orders",
    params(
        ("id" = String, Path, description = "the order's id"),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = Order),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now: it is packed already, or its payment is being found out"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "unavailable: the payment provider is silent"),
    )
)]
pub async fn cancel(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
    language: Language,
    PathId(id): PathId,
) -> Result<Json<Order>, Trouble> {
    let by = By::Member(&member);
    let order = payment::step(&shop, &id.into(), Step::Cancel, by, language).await?;
    order.map(Json).ok_or_else(no_such_order)
}

pub(super) fn no_such_order() -> Trouble {
    Trouble::new(ProblemKind::NotFound, "there is no such order")
}

fn check_order(shop: &Shop, request: OrderRequest, key: String) -> Result<CheckedOrder, Trouble> {
    let mut problems = check_cart(&request.cart());
    let own = request.contact.phone.trim().is_empty();
    let phone = Phone::parse(&request.contact.phone);
    if phone.is_none() && !own {
        problems.push(wrong(
            "/contact/phone".to_owned(),
            "a mobile number has eleven digits",
        ));
    }
    let too_long = |text: &str, most: usize| text.chars().count() > most || text.contains('\0');
    if too_long(&request.contact.name, MAX_NAME_CHARS) {
        problems.push(wrong("/contact/name".to_owned(), "at most 40 characters"));
    }
    if too_long(&request.note, MAX_NOTE_CHARS) {
        problems.push(wrong("/note".to_owned(), "at most 200 characters"));
    }
    let online = shop.provider.is_some();
    match request.payment {
        Payment::AtStore => {}
        Payment::Online if online => {}
        _ if online => problems.push(wrong("/payment".to_owned(), "at_store or online")),
        _ => problems.push(wrong("/payment".to_owned(), "at_store")),
    }
    refuse(problems)?;
    Ok(CheckedOrder {
        request,
        phone,
        key,
    })
}
