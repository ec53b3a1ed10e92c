//! What is sold together.

use super::Shop;
use crate::language::Language;
use crate::problem::{PathId, Trouble};
use axum::Json;
use axum::extract::State;
use domain::bundle::{Bundle, BundleSummary};
use domain::page::Page;
use domain::problem::{Problem, ProblemKind};

/// All bundles, on one page: first those that can be had, each in the shop's order.
#[utoipa::path(
    get,
    path = "/api/v1/bundles",
    tag = "bundles",
    params(("accept-language" = Option<String>, Header, description = "zh-CN or en")),
    responses(
        (status = 200, body = Page<BundleSummary>),
        (status = 304, description = "not changed since the ETag in If-None-Match"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn bundles(
    State(shop): State<Shop>,
    language: Language,
) -> Result<Json<Page<BundleSummary>>, Trouble> {
    Ok(Json(shop.store.bundles(language, &shop.clock).await?))
}

/// One bundle, with everything that its parts can be.
#[utoipa::path(
    get,
    path = "/api/v1/bundles/{id}",
    tag = "bundles",
    params(
        ("id" = String, Path, description = "the bundle's id"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = Bundle),
        (status = 304, description = "not changed since the ETag in If-None-Match"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn bundle(
    State(shop): State<Shop>,
    language: Language,
    PathId(id): PathId,
) -> Result<Json<Bundle>, Trouble> {
    let bundle = shop.store.bundle(&id.into(), language, &shop.clock).await?;
    bundle
        .map(Json)
        .ok_or_else(|| Trouble::new(ProblemKind::NotFound, "there is no such bundle"))
}
