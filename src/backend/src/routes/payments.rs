//! Payments begun, and what the provider says about them; goods held for the checkout.

use super::Shop;
use super::carts::{check_cart, refuse};
use super::guard::SignedIn;
use super::orders::{intent_key, no_such_order, told_once};
use crate::language::Language;
use crate::payment::{self, notice};
use crate::problem::{JsonBody, PathId, Trouble};
use crate::store::Begun;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use domain::hold::Hold;
use domain::id::OrderId;
use domain::payment::{Notice, PaymentStart};
use domain::pricing::QuoteRequest;
use domain::problem::{Problem, ProblemKind};

/// Has the goods of a cart held for the checkout, those of its bundles too, in the place of what was
/// held before.
#[utoipa::path(
    put,
    path = "/api/v1/me/hold",
    tag = "orders",
    request_body = QuoteRequest,
    params(
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
    ),
    responses(
        (status = 200, body = Hold),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "unsafe-request"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn hold(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
    language: Language,
    JsonBody(cart): JsonBody<QuoteRequest>,
) -> Result<Json<Hold>, Trouble> {
    refuse(check_cart(&cart))?;
    let hold = shop
        .store
        .hold(&member, &cart, language, &shop.clock)
        .await?;
    Ok(Json(hold))
}

/// Puts back what is held for the member.
#[utoipa::path(
    delete,
    path = "/api/v1/me/hold",
    tag = "orders",
    params(("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages")),
    responses(
        (status = 204, description = "nothing is held, also when nothing was"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "unsafe-request"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn release_hold(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
) -> Result<StatusCode, Trouble> {
    shop.store.release_hold(&member).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Begins the payment of an order, or finds the one that is open.
#[utoipa::path(
    post,
    path = "/api/v1/orders/{id}/payment",
    tag = "orders",
    params(
        ("id" = String, Path, description = "the order's id"),
        ("idempotency-key" = String, Header, description = "names the intent: 1 to 128 printable ASCII characters", min_length = 1, max_length = 128),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
    ),
    responses(
        (status = 201, body = PaymentStart, description = "where to pay; with `Idempotent-Replayed: true` when this key was answered before"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "idempotency-key-missing"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found: no such order, or nothing is paid over the net here"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now: there is nothing to be paid, or the provider is finding out"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "idempotency-key-reused"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "unavailable: the provider is silent"),
    )
)]
pub async fn pay(
    State(shop): State<Shop>,
    SignedIn(member): SignedIn,
    headers: HeaderMap,
    PathId(id): PathId,
) -> Result<Response, Trouble> {
    let key = intent_key(&headers)?;
    let id = OrderId::from(id);
    let provider = shop.provider.clone().ok_or_else(no_such_order)?;
    if shop.store.is_order_of(&member, &id).await? {
        // What has been paid meanwhile is not paid again.
        payment::look(&shop, &id).await?;
    }
    let begun = shop
        .store
        .begin_payment(&member, &id, &key, &shop.clock)
        .await?;
    let opening = match begun {
        Begun::Answered(answered) => return Ok(told_once(answered)),
        Begun::Opening(opening) => opening,
    };
    let start = PaymentStart {
        url: provider.open(&opening).await?,
        id: opening.payment,
        expires_at: opening.expires_at,
        now: shop.clock.now(),
    };
    let answered = shop.store.payment_begun(&member, &id, &key, &start).await?;
    Ok(told_once(answered))
}

/// What a provider says about a payment. Answered well only when it is written down.
#[utoipa::path(
    post,
    path = "/api/v1/payments/notices",
    tag = "payments",
    request_body = Notice,
    params(
        ("x-notice-signature" = String, Header, description = "`t=<ms>,v1=<hex>`: the HMAC-SHA256 of `<ms>.<body>`, not older than five minutes"),
    ),
    responses(
        (status = 204, description = "written down, also when it had been"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body: not a notice, or not of this payment"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "bad-signature"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found: there is no such payment"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn take_notice(
    State(shop): State<Shop>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<StatusCode, Trouble> {
    let body = body.map_err(|rejection| {
        let is_large = rejection.status() == StatusCode::PAYLOAD_TOO_LARGE;
        let kind = if is_large {
            ProblemKind::BodyTooLarge
        } else {
            ProblemKind::InvalidBody
        };
        Trouble::new(kind, rejection.body_text())
    })?;
    let signature = headers
        .get(notice::SIGNATURE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let now = shop.clock.now().ms;
    let secret = shop.notice_secret.as_deref();
    // Nobody learns by trying whether there is such a payment.
    if !secret.is_some_and(|secret| notice::is_signed(secret, &body, signature, now)) {
        return Err(Trouble::new(
            ProblemKind::BadSignature,
            "the notice is not signed, or not by the provider, or too long ago",
        ));
    }
    let notice: Notice = serde_json::from_slice(&body)
        .map_err(|error| Trouble::new(ProblemKind::InvalidBody, error.to_string()))?;
    shop.store
        .take_notice(&notice, &shop.clock)
        .await
        .inspect_err(|error| {
            tracing::error!(%error, payment = %notice.payment, order = %notice.order, "a notice was not taken");
        })?;
    Ok(StatusCode::NO_CONTENT)
}
