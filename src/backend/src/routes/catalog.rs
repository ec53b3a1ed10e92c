//! What the shop sells.

use super::Shop;
use crate::language::Language;
use crate::problem::Trouble;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use domain::catalog::{Category, Product, ProductQuery, ProductSummary, Sort};
use domain::page::Page;
use domain::problem::{FieldProblem, Problem, ProblemKind};

/// The shelves that have something on them, in the shop's order.
#[utoipa::path(
    get,
    path = "/api/v1/categories",
    tag = "catalogue",
    params(("accept-language" = Option<String>, Header, description = "zh-CN or en")),
    responses(
        (status = 200, body = Vec<Category>),
        (status = 304, description = "not changed since the ETag in If-None-Match"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn categories(
    State(shop): State<Shop>,
    language: Language,
) -> Result<Json<Vec<Category>>, Trouble> {
    Ok(Json(shop.store.categories(language).await?))
}

/// One page of products.
#[utoipa::path(
    get,
    path = "/api/v1/products",
    tag = "catalogue",
    params(
        ("category" = Option<String>, Query, description = "only this shelf"),
        ("merchant" = Option<String>, Query, description = "only this merchant"),
        ("q" = Option<String>, Query, max_length = 64, description = "words: characters, pinyin or its initials; all must be found"),
        ("in_stock" = Option<bool>, Query, description = "only what can be had now"),
        ("on_special" = Option<bool>, Query, description = "only what has a former price"),
        ("sort" = Option<Sort>, Query, description = "the order; recommended when absent"),
        ("cursor" = Option<String>, Query, description = "next_cursor of the page before"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 100, description = "how many at once; 24 when absent"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = Page<ProductSummary>),
        (status = 304, description = "not changed since the ETag in If-None-Match"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-query"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn products(
    State(shop): State<Shop>,
    language: Language,
    pairs: Result<Query<Vec<(String, String)>>, QueryRejection>,
) -> Result<Json<Page<ProductSummary>>, Trouble> {
    let Query(pairs) = pairs
        .map_err(|rejection| Trouble::new(ProblemKind::InvalidQuery, rejection.body_text()))?;
    let (query, mut problems) = ProductQuery::read(|name| {
        pairs
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
    });
    let twice = pairs
        .iter()
        .enumerate()
        .filter(|(at, (key, _))| pairs.iter().take(*at).any(|(before, _)| before == key));
    problems.extend(twice.map(|(_, (key, _))| FieldProblem {
        field: key.clone(),
        detail: "given twice".to_owned(),
    }));
    if !problems.is_empty() {
        return Err(Trouble::invalid_query(problems));
    }
    Ok(Json(shop.store.products(&query, language).await?))
}

/// One product.
#[utoipa::path(
    get,
    path = "/api/v1/products/{id}",
    tag = "catalogue",
    params(
        ("id" = String, Path, description = "the product's id"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = Product),
        (status = 304, description = "not changed since the ETag in If-None-Match"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn product(
    State(shop): State<Shop>,
    language: Language,
    id: Result<Path<String>, axum::extract::rejection::PathRejection>,
) -> Result<Json<Product>, Trouble> {
    let missing = || Trouble::new(ProblemKind::NotFound, "there is no such product");
    let Path(id) = id.map_err(|_| missing())?;
    let product = shop
        .store
        .product(&id.into(), language, &shop.clock)
        .await?;
    product.map(Json).ok_or_else(missing)
}
