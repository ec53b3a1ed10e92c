//! Lists of products: pages, orders, search, filters.

use super::asking::Caller;
use super::rule::{Outcome, Rule, broken, ensure, rules, skip};
use super::shop::Shop;
use crate::endpoint;
use domain::catalog::{MAX_QUERY_CHARS, ProductQuery, ProductSummary, Sort};
use domain::id::ProductId;
use domain::page::MAX_LIMIT;
use domain::problem::ProblemKind;
use std::collections::HashSet;

/// How many products are looked at; a shop may have very many.
const ENOUGH: usize = 300;

pub(super) const RULES: &[Rule] = rules![
    "a page has at most as many products as asked for" => limited,
    "cursors give every product once, in every order" => cursors,
    "price_up and price_down go by the price that is shown" => sorted,
    "a product is found by its name and its keys, in capitals too" => searched,
    "a filter leaves what it names and nothing else" => filtered,
    "a query that makes no sense is invalid-query at its field" => senseless,
    "a cursor of another order is invalid-query" => strange_cursor,
];

/// What is on the shelves, up to so many.
pub(super) async fn all(caller: &Caller) -> Outcome<Vec<ProductSummary>> {
    let query = ProductQuery {
        limit: Some(MAX_LIMIT),
        ..ProductQuery::default()
    };
    Ok(walk(caller, query).await?.items)
}

pub(super) struct Walked {
    pub(super) items: Vec<ProductSummary>,
    /// Whether that is everything.
    whole: bool,
    total: Option<u32>,
}

impl Walked {
    fn ids(&self) -> Vec<&ProductId> {
        self.items.iter().map(|item| &item.id).collect()
    }
}

/// Follows the cursors.
pub(super) async fn walk(caller: &Caller, mut query: ProductQuery) -> Outcome<Walked> {
    let (mut items, mut total) = (Vec::new(), None);
    loop {
        let page = caller.client.catalog().products(&query).await?.value;
        let got = page.items.len();
        items.extend(page.items);
        total = page.total.or(total);
        if page.next_cursor.is_none() || items.len() >= ENOUGH {
            let whole = page.next_cursor.is_none();
            return Ok(Walked {
                items,
                whole,
                total,
            });
        }
        ensure(got > 0, || {
            "a page without products says that there is more".to_owned()
        })?;
        query.cursor = page.next_cursor;
    }
}

pub(super) async fn some(shop: &Shop) -> Outcome<(Caller, Vec<ProductSummary>)> {
    let caller = shop.anybody()?;
    let items = all(&caller).await?;
    if items.is_empty() {
        return skip("the shop has no products");
    }
    Ok((caller, items))
}

/// A few of many: from the start, the middle and the end.
pub(super) fn few<T>(many: &[T]) -> impl Iterator<Item = &T> {
    many.iter().step_by((many.len() / 4).max(1)).take(5)
}

async fn limited(shop: &Shop) -> Outcome {
    let caller = shop.anybody()?;
    for limit in [1, 2, MAX_LIMIT] {
        let query = ProductQuery {
            limit: Some(limit),
            ..ProductQuery::default()
        };
        let page = caller.client.catalog().products(&query).await?.value;
        ensure(page.items.len() <= limit as usize, || {
            format!("?limit={limit} gives {} products", page.items.len())
        })?;
    }
    Ok(())
}

async fn cursors(shop: &Shop) -> Outcome {
    let (caller, _) = some(shop).await?;
    for sort in Sort::ALL {
        let by = |limit| ProductQuery {
            sort,
            limit: Some(limit),
            ..ProductQuery::default()
        };
        let (large, small) = (
            walk(&caller, by(MAX_LIMIT)).await?,
            walk(&caller, by(7)).await?,
        );
        let name = sort.as_str();
        let once: HashSet<_> = small.ids().into_iter().collect();
        ensure(once.len() == small.items.len(), || {
            format!("{name}: a product comes twice in pages of 7")
        })?;
        let together = large.items.len().min(small.items.len());
        let same = large
            .ids()
            .into_iter()
            .zip(small.ids())
            .all(|(one, other)| one == other);
        ensure(same && together > 0, || {
            format!("{name}: pages of 7 and of {MAX_LIMIT} have different products")
        })?;
        if large.whole {
            ensure(small.items.len() == large.items.len(), || {
                format!(
                    "{name}: pages of 7 have {} products, of {MAX_LIMIT} {}",
                    small.items.len(),
                    large.items.len()
                )
            })?;
            let count = u32::try_from(large.items.len()).ok();
            ensure(large.total.is_none() || large.total == count, || {
                format!(
                    "{name}: total is {:?}, but there are {}",
                    large.total,
                    large.items.len()
                )
            })?;
        }
    }
    Ok(())
}

async fn sorted(shop: &Shop) -> Outcome {
    let (caller, _) = some(shop).await?;
    for sort in [Sort::PriceUp, Sort::PriceDown] {
        let query = ProductQuery {
            sort,
            limit: Some(MAX_LIMIT),
            ..ProductQuery::default()
        };
        let items = walk(&caller, query).await?.items;
        for (one, next) in items.iter().zip(items.iter().skip(1)) {
            let (a, b) = (one.lead.price, next.lead.price);
            let right = match sort {
                Sort::PriceDown => a.amount >= b.amount,
                _ => a.amount <= b.amount,
            };
            ensure(right || a.currency != b.currency, || {
                format!("{}: {} stands before {}", sort.as_str(), one.id, next.id)
            })?;
        }
    }
    Ok(())
}

async fn searched(shop: &Shop) -> Outcome {
    let (caller, items) = some(shop).await?;
    for item in few(&items) {
        let mut texts = vec![item.name.clone(), item.name.to_uppercase()];
        texts.extend(item.keys.iter().map(|key| key.to_uppercase()));
        texts.extend(item.keys.iter().cloned());
        for text in texts {
            if text.trim().is_empty() || text.chars().count() > MAX_QUERY_CHARS {
                continue;
            }
            let found = walk(&caller, searching(&text)).await?;
            ensure(!found.whole || found.ids().contains(&&item.id), || {
                format!("q={text} does not find {}", item.id)
            })?;
        }
    }
    let nothing = walk(&caller, searching("qzxj9 vvkqj7")).await?;
    ensure(nothing.items.is_empty(), || {
        "words that nothing has find something".to_owned()
    })
}

fn searching(words: &str) -> ProductQuery {
    ProductQuery {
        q: words.to_owned(),
        limit: Some(MAX_LIMIT),
        ..ProductQuery::default()
    }
}

/// Whether a filter keeps a product.
type Keeps<'a> = &'a dyn Fn(&ProductSummary) -> bool;

async fn filtered(shop: &Shop) -> Outcome {
    let (caller, _) = some(shop).await?;
    let plain = ProductQuery {
        limit: Some(MAX_LIMIT),
        ..ProductQuery::default()
    };
    let everything = walk(&caller, plain.clone()).await?;
    let merchant = everything.items.last().map(|item| item.merchant.clone());
    let in_stock = ProductQuery {
        in_stock: true,
        ..plain.clone()
    };
    let on_special = ProductQuery {
        on_special: true,
        ..plain.clone()
    };
    let of_one = ProductQuery {
        merchant: merchant.clone(),
        ..plain
    };
    let special = |item: &ProductSummary| {
        let former = item.lead.former_price;
        former.is_some_and(|former| former.amount > item.lead.price.amount)
    };
    let there = |item: &ProductSummary| item.lead.stock.available();
    let his = |item: &ProductSummary| Some(&item.merchant) == merchant.as_ref();
    let filters: [(&str, ProductQuery, Keeps<'_>); 3] = [
        ("in_stock=true", in_stock, &there),
        ("on_special=true", on_special, &special),
        ("merchant", of_one, &his),
    ];
    for (name, query, keeps) in filters {
        let left = walk(&caller, query).await?;
        if let Some(wrong) = left.items.iter().find(|item| !keeps(item)) {
            return broken(format!("{name} leaves {}", wrong.id));
        }
        let left: HashSet<_> = left.ids().into_iter().collect();
        let mut should = everything.items.iter().filter(|item| keeps(item));
        let lost = should.find(|item| everything.whole && !left.contains(&item.id));
        if let Some(lost) = lost {
            return broken(format!("{name} leaves {} out", lost.id));
        }
    }
    Ok(())
}

async fn senseless(shop: &Shop) -> Outcome {
    let caller = shop.anybody()?;
    let products = endpoint::products(&ProductQuery::default());
    let long = "x".repeat(MAX_QUERY_CHARS + 1);
    let queries = [
        ("limit", "0"),
        ("limit", "101"),
        ("limit", "many"),
        ("limit", "-1"),
        ("sort", "nicest"),
        ("in_stock", "perhaps"),
        ("on_special", "perhaps"),
        ("cursor", "not-a-cursor-of-yours"),
        ("q", &long),
    ];
    for (name, value) in queries {
        let path = format!("{}?{name}={value}", products.as_str());
        let answer = caller.get(&path).await?;
        answer.is_problem_at(ProblemKind::InvalidQuery, name)?;
    }
    Ok(())
}

async fn strange_cursor(shop: &Shop) -> Outcome {
    let caller = shop.anybody()?;
    let first = ProductQuery {
        limit: Some(1),
        ..ProductQuery::default()
    };
    let page = caller.client.catalog().products(&first).await?.value;
    let Some(cursor) = page.next_cursor else {
        return skip("the shop has less than two products");
    };
    let query = ProductQuery {
        sort: Sort::PriceUp,
        cursor: Some(cursor),
        ..first
    };
    let answer = caller.get(endpoint::products(&query).as_str()).await?;
    answer.is_problem_at(ProblemKind::InvalidQuery, "cursor")
}
