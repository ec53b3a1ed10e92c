//! The backend itself.

use crate::openapi;
use axum::Json;
use domain::contract::{About, Capability, VERSION};

/// What this backend offers.
pub const CAPABILITIES: [Capability; 7] = [
    Capability::Catalogue,
    Capability::Storefront,
    Capability::Bundles,
    Capability::Booking,
    Capability::Orders,
    Capability::Members,
    Capability::Desk,
];

/// Who answers, and what it can do.
#[utoipa::path(get, path = "/api/v1", tag = "backend", responses((status = 200, body = About)))]
pub async fn about() -> Json<About> {
    Json(About {
        backend: concat!("linli ", env!("CARGO_PKG_VERSION")).to_owned(),
        contract: VERSION.to_owned(),
        capabilities: CAPABILITIES.to_vec(),
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
