//! Paging: all pages joined are the whole list, each product exactly once, whatever the catalogue,
//! the order and the size of a page; and whatever happens to the catalogue in between.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod common;

use backend::demo;
use client::Error;
use common::{BORN, OpenShop, now};
use domain::catalog::{ProductQuery, ProductSummary, Sort, StockLevel};
use domain::page::Cursor;
use domain::problem::ProblemKind;
use proptest::prelude::*;
use sqlx::{Connection, SqliteConnection};

/// A product as the property test makes it.
#[derive(Clone, Debug)]
struct Model {
    /// Few different ones, so that many are equal.
    price: i64,
    added_at: i64,
    stock: u32,
    special: bool,
    fruit: bool,
    /// A second variant that nobody sees in a list.
    second: bool,
}

fn any_model() -> impl Strategy<Value = Model> {
    (
        prop_oneof![Just(0), Just(100), Just(200), 0_i64..1_000_000],
        0_i64..4,
        0_u32..3,
        any::<(bool, bool, bool)>(),
    )
        .prop_map(|(price, added_at, stock, (special, fruit, second))| Model {
            price,
            added_at,
            stock,
            special,
            fruit,
            second,
        })
}

/// Ids whose order is not the order in which they were put there, some with signs that a careless
/// cursor would trip over.
fn id_of(number: usize) -> String {
    format!("{}~{number}", (b'a' + (number * 7 % 26) as u8) as char)
}

async fn put(file: &mut SqliteConnection, number: usize, model: &Model) {
    let id = id_of(number);
    sqlx::query(
        "INSERT INTO products (id, position, merchant, category, name, subtitle, description, search_keys, added_at)
         VALUES (?1, ?2, 'linli', ?3, '{}', '{}', '{}', 'word', ?4)",
    )
    .bind(&id)
    .bind(i64::try_from(number).unwrap())
    .bind(if model.fruit { "fruit" } else { "meat" })
    .bind(model.added_at)
    .execute(&mut *file)
    .await
    .unwrap();
    for variant in 0..=u32::from(model.second) {
        sqlx::query(
            "INSERT INTO variants (id, product, position, name, price, former_price, stock)
             VALUES (?1, ?2, ?3, '{}', ?4, ?5, ?6)",
        )
        .bind(format!("{id}/{variant}"))
        .bind(&id)
        .bind(variant + 1)
        .bind(model.price)
        .bind(model.special.then_some(model.price + 1))
        .bind(model.stock)
        .execute(&mut *file)
        .await
        .unwrap();
    }
}

/// A shop whose shelves hold exactly these.
async fn stock_up(shop: &OpenShop, models: &[Model]) {
    let mut file = shop.file().await;
    let mut writing = file.begin().await.unwrap();
    sqlx::query("DELETE FROM products")
        .execute(&mut *writing)
        .await
        .unwrap();
    for (number, model) in models.iter().enumerate() {
        put(&mut writing, number, model).await;
    }
    writing.commit().await.unwrap();
}

/// All pages of a list, each checked by itself.
async fn walk(shop: &OpenShop, query: &ProductQuery) -> Vec<(Vec<ProductSummary>, u32)> {
    let client = shop.client("zh-CN");
    let limit = query.limit.unwrap_or(24) as usize;
    let mut pages = Vec::new();
    let mut query = query.clone();
    loop {
        let page = now(client.catalog().products(&query).await.unwrap());
        assert!(page.items.len() <= limit);
        pages.push((page.items, page.total.unwrap()));
        assert!(pages.len() < 500, "a walk without an end");
        match page.next_cursor {
            Some(cursor) => {
                assert_eq!(
                    pages.last().unwrap().0.len(),
                    limit,
                    "only the last page is short"
                );
                query.cursor = Some(cursor);
            }
            None => return pages,
        }
    }
}

fn ids(pages: &[(Vec<ProductSummary>, u32)]) -> Vec<String> {
    pages
        .iter()
        .flat_map(|(items, _)| items)
        .map(|item| item.id.to_string())
        .collect()
}

/// What a list must be, by the simplest means.
fn expected(models: &[Model], query: &ProductQuery) -> Vec<String> {
    let mut left: Vec<_> = models
        .iter()
        .enumerate()
        .filter(|(_, model)| !query.in_stock || model.stock > 0)
        .filter(|(_, model)| !query.on_special || model.special)
        .filter(|(_, model)| query.category.is_none() || model.fruit)
        .map(|(number, model)| {
            let key = match query.sort {
                Sort::Recommended => number as i64,
                Sort::PriceUp => model.price,
                Sort::PriceDown => -model.price,
                Sort::Newest => -model.added_at,
            };
            (key, id_of(number))
        })
        .collect();
    left.sort();
    left.into_iter().map(|(_, id)| id).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn all_pages_together_are_the_list(
        models in proptest::collection::vec(any_model(), 0..60),
        sort in proptest::sample::select(Sort::ALL.to_vec()),
        limit in prop_oneof![4 => 1_u32..12, 1 => 1_u32..=100],
        filter in any::<(bool, bool, bool)>(),
    ) {
        let (in_stock, on_special, fruit) = filter;
        let query = ProductQuery {
            sort,
            limit: Some(limit),
            in_stock,
            on_special,
            category: fruit.then(|| "fruit".into()),
            ..ProductQuery::default()
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let pages = runtime.block_on(async {
            let shop = OpenShop::demo().await;
            stock_up(&shop, &models).await;
            walk(&shop, &query).await
        });
        let expected = expected(&models, &query);
        prop_assert_eq!(ids(&pages), expected.clone());
        for (items, total) in &pages {
            prop_assert_eq!(*total as usize, expected.len());
            for item in items {
                prop_assert!(!in_stock || item.lead.stock.level != StockLevel::None);
                prop_assert!(!on_special || item.lead.former_price.is_some());
            }
        }
        // No page after the last: not even an empty one.
        prop_assert_eq!(pages.len(), expected.len().div_ceil(limit as usize).max(1));
    }
}

#[tokio::test]
async fn a_page_is_as_long_as_the_contract_says() {
    let shop = OpenShop::demo().await;
    demo::grow(&shop.store, 130, BORN).await.unwrap();
    for (limit, lengths) in [(None, vec![24; 5]), (Some(100), vec![100, 30])] {
        let query = ProductQuery {
            limit,
            ..ProductQuery::default()
        };
        let mut told: Vec<_> = walk(&shop, &query)
            .await
            .iter()
            .map(|(items, _)| items.len())
            .collect();
        if limit.is_none() {
            assert_eq!(told.pop(), Some(10));
        }
        assert_eq!(told, lengths);
    }
}

/// Twelve products of two prices.
fn dozen() -> Vec<Model> {
    (0..12)
        .map(|number| Model {
            price: 100 * (number % 2),
            added_at: number,
            stock: 5,
            special: false,
            fruit: true,
            second: false,
        })
        .collect()
}

/// Reads the first page of four, does something to the catalogue, and reads the rest.
async fn walk_with(
    sort: Sort,
    between: impl AsyncFnOnce(&mut SqliteConnection, &[String]),
) -> (Vec<String>, Vec<String>, Vec<String>) {
    let shop = OpenShop::demo().await;
    stock_up(&shop, &dozen()).await;
    let query = ProductQuery {
        sort,
        limit: Some(4),
        ..ProductQuery::default()
    };
    let before = ids(&walk(&shop, &query).await);
    let client = shop.client("zh-CN");
    let first = now(client.catalog().products(&query).await.unwrap());
    between(&mut shop.file().await, &before).await;
    let rest = ProductQuery {
        cursor: first.next_cursor,
        ..query
    };
    let rest = ids(&walk(&shop, &rest).await);
    let first = first.items.iter().map(|item| item.id.to_string()).collect();
    (before, first, rest)
}

async fn delete(file: &mut SqliteConnection, id: &str) {
    let gone = sqlx::query("DELETE FROM products WHERE id = ?1")
        .bind(id)
        .execute(file)
        .await
        .unwrap();
    assert_eq!(gone.rows_affected(), 1);
}

#[tokio::test]
async fn a_product_that_goes_between_two_pages_takes_no_other_with_it() {
    for sort in Sort::ALL {
        // The one at which the first page ended, one before it, and one that was still to come.
        let (before, first, rest) = walk_with(sort, async |file, before| {
            for gone in [3, 1, 6] {
                delete(file, &before[gone]).await;
            }
        })
        .await;
        assert_eq!(before.len(), 12);
        assert_eq!(first, before[..4], "{sort:?}");
        assert_eq!(rest, [&before[4..6], &before[7..]].concat(), "{sort:?}");
    }
}

#[tokio::test]
async fn a_product_that_comes_between_two_pages_repeats_no_other() {
    for sort in Sort::ALL {
        let (before, first, rest) = walk_with(sort, async |file, _| {
            for number in 12..20 {
                let model = Model {
                    price: 50 * (number % 4),
                    added_at: number,
                    ..dozen()[0].clone()
                };
                put(file, number as usize, &model).await;
            }
        })
        .await;
        assert_eq!(first, before[..4]);
        let old: Vec<_> = rest.iter().filter(|id| before.contains(id)).collect();
        assert_eq!(old, before[4..].iter().collect::<Vec<_>>(), "{sort:?}");
        let mut once = rest.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), rest.len(), "{sort:?}");
        if sort == Sort::Recommended {
            assert_eq!(rest.len(), 8 + 8, "what comes later stands at the end");
        }
    }
}

#[tokio::test]
async fn a_cursor_belongs_to_its_order() {
    let shop = OpenShop::demo().await;
    let client = shop.client("zh-CN");
    let cursor_of = async |sort| {
        let query = ProductQuery {
            sort,
            limit: Some(3),
            ..ProductQuery::default()
        };
        now(client.catalog().products(&query).await.unwrap()).next_cursor
    };
    for of in Sort::ALL {
        let cursor = cursor_of(of).await;
        assert!(cursor.is_some());
        for sort in Sort::ALL {
            let query = ProductQuery {
                sort,
                cursor: cursor.clone(),
                ..ProductQuery::default()
            };
            let answer = client.catalog().products(&query).await;
            if sort == of {
                assert!(answer.is_ok());
            } else {
                refused_for_its_cursor(answer.unwrap_err());
            }
        }
    }
}

#[track_caller]
fn refused_for_its_cursor(error: Error) {
    match error {
        Error::Refused {
            problem,
            retry_after: None,
        } => {
            assert_eq!(problem.kind, ProblemKind::InvalidQuery);
            assert_eq!(problem.status, 400);
            let fields: Vec<_> = problem
                .problems
                .iter()
                .map(|one| one.field.as_str())
                .collect();
            assert_eq!(fields, ["cursor"]);
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_cursor_from_nowhere_is_refused() {
    let shop = OpenShop::demo().await;
    let client = shop.client("zh-CN");
    for cursor in [
        "x",
        "~",
        "~~",
        "recommended",
        "recommended~",
        "recommended~3",
        "recommended~x~avocado",
        "recommended~3.5~avocado",
        "recommended~9223372036854775808~avocado",
        "Recommended~3~avocado",
        " recommended~3~avocado",
        "newest~3~avocado",
        "三文鱼",
        "\u{0}",
        "' OR 1=1 --",
    ] {
        let query = ProductQuery {
            cursor: Some(Cursor(cursor.into())),
            ..ProductQuery::default()
        };
        refused_for_its_cursor(client.catalog().products(&query).await.unwrap_err());
    }
    let long = ProductQuery {
        cursor: Some(Cursor("x".repeat(20_000))),
        ..ProductQuery::default()
    };
    refused_for_its_cursor(client.catalog().products(&long).await.unwrap_err());
}

#[tokio::test]
async fn a_cursor_at_either_end_of_the_numbers_is_only_a_place() {
    let shop = OpenShop::demo().await;
    let client = shop.client("zh-CN");
    for (key, items) in [(i64::MIN, 24), (i64::MAX, 0)] {
        let query = ProductQuery {
            cursor: Some(Cursor(format!("recommended~{key}~' OR 1=1 --"))),
            ..ProductQuery::default()
        };
        let page = now(client.catalog().products(&query).await.unwrap());
        assert_eq!((page.items.len(), page.total), (items, Some(64)));
    }
}
