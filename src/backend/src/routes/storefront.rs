//! The home page.

use super::Shop;
use crate::language::Language;
use crate::problem::Trouble;
use axum::Json;
use axum::extract::State;
use domain::problem::Problem;
use domain::shop::Storefront;

/// Everything the home page shows: the shop's card, the show that is on or next, posts, today's specials, bundles, partners.
#[utoipa::path(
    get,
    path = "/api/v1/storefront",
    tag = "shop",
    params(("accept-language" = Option<String>, Header, description = "zh-CN or en")),
    responses(
        (status = 200, body = Storefront),
        (status = 304, description = "not changed since the ETag in If-None-Match"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn storefront(
    State(shop): State<Shop>,
    language: Language,
) -> Result<Json<Storefront>, Trouble> {
    let mut home = shop.store.storefront(language, &shop.clock).await?;
    if let Some(show) = home.show.as_mut().filter(|show| show.live) {
        show.viewers = Some(shop.live.listeners(&show.id));
    }
    Ok(Json(home))
}
