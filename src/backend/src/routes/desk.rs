//! The staff's desk.

use super::Shop;
use super::guard::{DESK, DEVICE, cookie, gone, token};
use super::orders::no_such_order;
use crate::language::Language;
use crate::payment;
use crate::problem::{JsonBody, Trouble};
use crate::store::{AtDesk, By, DEVICE_GOOD_FOR, SHIFT};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::{Extension, Json};
use axum_extra::extract::CookieJar;
use domain::desk::{CodeLookup, DeskOrders, Device, DeviceRequest, PinRequest};
use domain::member::Staff;
use domain::order::{Order, Step};
use domain::problem::{FieldProblem, Problem, ProblemKind};

/// Where the desk's cookies are sent.
const PATH: &str = "/api/v1/desk";
/// The longest name of a tablet, in characters.
const MAX_NAME: usize = 40;

/// Makes this tablet one of the shop's, by a one-time code.
#[utoipa::path(
    post,
    path = "/api/v1/desk/devices",
    tag = "desk",
    request_body = DeviceRequest,
    params(("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages")),
    responses(
        (status = 201, body = Device, description = "with the tablet's cookie, HttpOnly"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "unsafe-request"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "wrong-code"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn register(
    State(shop): State<Shop>,
    jar: CookieJar,
    JsonBody(request): JsonBody<DeviceRequest>,
) -> Result<(StatusCode, CookieJar, Json<Device>), Trouble> {
    let name = request.name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME || name.contains('\0') {
        return Err(Trouble::invalid_body(vec![FieldProblem {
            field: "/name".to_owned(),
            detail: "1 to 40 characters".to_owned(),
        }]));
    }
    let (device, token) = shop
        .store
        .register_device(&request.code, name, shop.clock.now().ms)
        .await?;
    let known = cookie(&shop, DEVICE, token, PATH, DEVICE_GOOD_FOR);
    Ok((
        StatusCode::CREATED,
        jar.add(known),
        Json(hinted(&shop, device)),
    ))
}

/// Which of the shop's tablets this is.
#[utoipa::path(
    get,
    path = "/api/v1/desk/device",
    tag = "desk",
    responses(
        (status = 200, body = Device),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "unknown-device"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn device(State(shop): State<Shop>, headers: HeaderMap) -> Result<Json<Device>, Trouble> {
    Ok(Json(hinted(&shop, known_device(&shop, &headers).await?)))
}

/// Signs somebody of the shop in by PIN.
#[utoipa::path(
    post,
    path = "/api/v1/desk/sign-in",
    tag = "desk",
    request_body = PinRequest,
    params(("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages")),
    responses(
        (status = 200, body = Staff, description = "with the session's cookie, HttpOnly"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "unknown-device, unsafe-request"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "wrong-code"),
        (status = 429, body = Problem, content_type = "application/problem+json", description = "too-many-requests, with Retry-After"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn sign_in(
    State(shop): State<Shop>,
    language: Language,
    jar: CookieJar,
    headers: HeaderMap,
    JsonBody(request): JsonBody<PinRequest>,
) -> Result<(CookieJar, Json<Staff>), Trouble> {
    let device = known_device(&shop, &headers).await?;
    let pin = request.pin.trim();
    if !(4..=8).contains(&pin.len()) || !pin.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Trouble::invalid_body(vec![FieldProblem {
            field: "/pin".to_owned(),
            detail: "4 to 8 digits".to_owned(),
        }]));
    }
    let now = shop.clock.now().ms;
    let (staff, token) = shop
        .store
        .staff_sign_in(&device.id, pin, language, now)
        .await?;
    Ok((
        jar.add(cookie(&shop, DESK, token, PATH, SHIFT)),
        Json(staff),
    ))
}

/// Locks the desk.
#[utoipa::path(
    delete,
    path = "/api/v1/desk/session",
    tag = "desk",
    params(("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages")),
    responses(
        (status = 204, description = "locked, also when it was"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "unsafe-request"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn lock(
    State(shop): State<Shop>,
    jar: CookieJar,
    headers: HeaderMap,
) -> Result<(StatusCode, CookieJar), Trouble> {
    if let Some(token) = token(&headers, DESK) {
        shop.store.end_desk_session(&token).await?;
    }
    Ok((StatusCode::NO_CONTENT, jar.add(gone(&shop, DESK, PATH))))
}

/// Who is at the desk.
#[utoipa::path(
    get,
    path = "/api/v1/desk/session",
    tag = "desk",
    responses(
        (status = 200, body = Staff),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn staff(
    State(shop): State<Shop>,
    language: Language,
    Extension(desk): Extension<AtDesk>,
) -> Result<Json<Staff>, Trouble> {
    Ok(Json(shop.store.staff(&desk.staff, language).await?))
}

/// What there is to do, and what was finished today.
#[utoipa::path(
    get,
    path = "/api/v1/desk/orders",
    tag = "desk",
    params(("accept-language" = Option<String>, Header, description = "zh-CN or en")),
    responses(
        (status = 200, body = DeskOrders),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn orders(
    State(shop): State<Shop>,
    language: Language,
) -> Result<Json<DeskOrders>, Trouble> {
    Ok(Json(shop.store.desk_orders(language, &shop.clock).await?))
}

/// Takes an order a step further. A step that was taken already changes nothing.
#[utoipa::path(
    post,
    path = "/api/v1/desk/orders/{id}/{step}",
    tag = "desk",
    params(
        ("id" = String, Path, description = "the order's id"),
        ("step" = String, Path, description = "pack, ready, hand-over or cancel"),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = Order),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden, unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "unavailable: the payment provider is silent"),
    )
)]
pub async fn step(
    State(shop): State<Shop>,
    Extension(desk): Extension<AtDesk>,
    language: Language,
    ids: Result<axum::extract::Path<(String, String)>, axum::extract::rejection::PathRejection>,
) -> Result<Json<Order>, Trouble> {
    let axum::extract::Path((id, step)) = ids.map_err(|_| no_such_order())?;
    let step = match step.as_str() {
        "pack" => Step::Pack,
        "ready" => Step::MakeReady,
        "hand-over" => Step::HandOver,
        "cancel" => Step::Cancel,
        _ => return Err(Trouble::new(ProblemKind::NotFound, "there is no such step")),
    };
    let by = By::Staff(&desk.staff);
    let order = payment::step(&shop, &id.into(), step, by, language).await?;
    order.map(Json).ok_or_else(no_such_order)
}

/// What a code would hand over; nothing is changed.
#[utoipa::path(
    post,
    path = "/api/v1/desk/hand-overs/preview",
    tag = "desk",
    request_body = CodeLookup,
    params(
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = Order),
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
) -> Result<Json<Order>, Trouble> {
    let order = shop
        .store
        .order_by_code(&lookup.code, language, &shop.clock)
        .await?;
    order
        .map(Json)
        .ok_or_else(|| Trouble::new(ProblemKind::WrongCode, "no bag that waits has this code"))
}

async fn known_device(shop: &Shop, headers: &HeaderMap) -> Result<Device, Trouble> {
    let device = match token(headers, DEVICE) {
        Some(token) => shop.store.device(&token).await?,
        None => None,
    };
    device.ok_or_else(|| {
        Trouble::new(
            ProblemKind::UnknownDevice,
            "register this tablet with a code of the owner's",
        )
    })
}

/// In a demo anybody may try the desk.
fn hinted(shop: &Shop, device: Device) -> Device {
    Device {
        demo_hint: shop
            .settings
            .show_codes
            .then(|| crate::demo::PINS.to_owned()),
        ..device
    }
}
