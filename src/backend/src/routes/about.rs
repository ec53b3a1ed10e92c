//! The backend itself.

use super::Shop;
use crate::openapi;
use axum::Json;
use axum::extract::State;
use domain::contract::{About, Capability, VERSION};

/// What this backend always offers.
const CAPABILITIES: [Capability; 8] = [
    Capability::Catalogue,
    Capability::Storefront,
    Capability::Bundles,
    Capability::Booking,
    Capability::Live,
    Capability::Orders,
    Capability::Members,
    Capability::Desk,
];

/// What this backend offers: payment over the net only where somebody takes it.
pub fn capabilities(takes_payments: bool) -> Vec<Capability> {
    let payment = takes_payments.then_some(Capability::Payment);
    CAPABILITIES.into_iter().chain(payment).collect()
}

/// Who answers, and what it can do.
#[utoipa::path(get, path = "/api/v1", tag = "backend", responses((status = 200, body = About)))]
pub async fn about(State(shop): State<Shop>) -> Json<About> {
    Json(About {
        backend: concat!("linli ", env!("CARGO_PKG_VERSION")).to_owned(),
        contract: VERSION.to_owned(),
        capabilities: capabilities(shop.provider.is_some()),
    })
}

/// This document.
#[utoipa::path(
    get,
    path = "/api/v1/openapi.json",
    tag = "backend",
    responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json"))
)]
pub async fn openapi() -> Json<utoipa::openapi::OpenApi> {
    Json(openapi::document())
}
