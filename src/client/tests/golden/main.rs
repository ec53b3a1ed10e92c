//! Golden documents: what stands on the wire, and exactly what it means in the shop's words.
//! Whoever changes a field's name, type or default sees it here first.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

#[macro_use]
#[path = "../common/mod.rs"]
mod common;

mod about;
mod problem;
mod product;
mod shelves;
mod storefront;

use domain::catalog::{Content, Stock, StockLevel, Unit, Variant};
use domain::money::Money;

fn stock(level: StockLevel, left: Option<u32>) -> Stock {
    Stock { level, left }
}

/// A variant of which only the least is said.
fn variant(id: &str, name: &str, price: Money, stock: Stock) -> Variant {
    Variant {
        id: id.into(),
        name: name.to_owned(),
        price,
        former_price: None,
        content: None,
        stock,
    }
}

fn content(amount: u32, unit: Unit) -> Option<Content> {
    Some(Content { amount, unit })
}

fn words(keys: &[&str]) -> Vec<String> {
    keys.iter().map(|&key| key.to_owned()).collect()
}
