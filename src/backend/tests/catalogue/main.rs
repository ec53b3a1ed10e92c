//! Home and catalogue, through the client, over a socket, from a file.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

#[path = "../common/mod.rs"]
mod common;

mod copies;
mod products;
mod searches;
mod shelves;
mod sizes;
mod storefront;

use common::{OpenShop, now};
use domain::catalog::{ProductQuery, ProductSummary};

/// One page that is long enough for the whole demo.
async fn list(shop: &OpenShop, query: ProductQuery) -> Vec<ProductSummary> {
    let query = ProductQuery {
        limit: Some(100),
        ..query
    };
    let client = shop.client("zh-CN");
    let page = now(client.catalog().products(&query).await.unwrap());
    assert_eq!(page.next_cursor, None);
    assert_eq!(page.total, Some(page.items.len() as u32));
    page.items
}

fn ids(items: &[ProductSummary]) -> Vec<&str> {
    items.iter().map(|item| item.id.as_str()).collect()
}

async fn search(shop: &OpenShop, q: &str) -> Vec<String> {
    let query = ProductQuery {
        q: q.into(),
        ..ProductQuery::default()
    };
    let items = list(shop, query).await;
    ids(&items).into_iter().map(str::to_owned).collect()
}
