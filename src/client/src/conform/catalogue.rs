//! Shelves and products.

use super::asking::Caller;
use super::document;
use super::lists::{few, some, walk};
use super::rule::{Outcome, Rule, ensure, refused, rules};
use super::shop::Shop;
use crate::endpoint;
use domain::catalog::ProductQuery;
use domain::page::MAX_LIMIT;
use domain::problem::ProblemKind;
use std::collections::HashSet;

pub(super) const RULES: &[Rule] = rules![
    "shelves have ids of their own and something on them" => shelves,
    "a product is as its list shows it" => product,
    "what goes well with a product is another one, with figures that fit together" => companions,
    "a product that is not there is not-found" => absent,
    "lists and products have ETags, and who has that copy is answered 304" => confirmed,
    "lists and products say Cache-Control: no-cache, Vary: Accept-Language and Date" => kept,
    "money is integers with a currency, times have an offset" => spelled,
];

async fn shelves(shop: &Shop) -> Outcome {
    let caller = shop.anybody()?;
    let shelves = caller.client.catalog().categories().await?.value;
    let mut ids = HashSet::new();
    for shelf in shelves.iter().take(40) {
        ensure(ids.insert(&shelf.id), || {
            format!("two shelves are {}", shelf.id)
        })?;
        let query = ProductQuery {
            category: Some(shelf.id.clone()),
            limit: Some(MAX_LIMIT),
            ..ProductQuery::default()
        };
        let on_it = walk(&caller, query).await?;
        ensure(!on_it.items.is_empty(), || {
            format!("nothing is on the shelf {}", shelf.id)
        })?;
        let stray = on_it.items.iter().find(|item| item.category != shelf.id);
        ensure(stray.is_none(), || {
            format!("?category={} gives a product of another shelf", shelf.id)
        })?;
    }
    Ok(())
}

async fn product(shop: &Shop) -> Outcome {
    let (caller, items) = some(shop).await?;
    for item in few(&items) {
        let product = caller.client.catalog().product(&item.id).await?.value;
        let id = &item.id;
        ensure(
            product.id == *id
                && product.name == item.name
                && product.category.id == item.category
                && product.merchant.id == item.merchant,
            || format!("{id} has another id, name, shelf or merchant than in its list"),
        )?;
        let ids: HashSet<_> = product.variants.iter().map(|variant| &variant.id).collect();
        ensure(
            !ids.is_empty() && ids.len() == product.variants.len(),
            || format!("{id} has no variant, or one twice"),
        )?;
        ensure(
            product.variants.len() == item.variant_count as usize,
            || {
                format!(
                    "{id}: variant_count is {}, but it has {}",
                    item.variant_count,
                    product.variants.len()
                )
            },
        )?;
        let first = product.variant(None);
        ensure(
            first.is_some_and(|first| first.id == item.lead.id && first.price == item.lead.price),
            || format!("{id}: lead is not the first variant that can be had"),
        )?;
    }
    Ok(())
}

async fn companions(shop: &Shop) -> Outcome {
    let (caller, items) = some(shop).await?;
    for item in few(&items) {
        let product = caller.client.catalog().product(&item.id).await?.value;
        let id = &product.id;
        let mut ids = HashSet::from([id]);
        for companion in &product.companions {
            let other = &companion.product.id;
            ensure(ids.insert(other), || {
                format!("{other} goes well with {id}, which it is, or twice")
            })?;
            ensure(
                companion.support <= companion.confidence && companion.confidence <= 1_000,
                || {
                    format!(
                        "{other} goes with {id}: support {} and confidence {} do not fit",
                        companion.support, companion.confidence
                    )
                },
            )?;
            let there = caller.client.catalog().product(other).await;
            ensure(there.is_ok(), || format!("{other} cannot be read"))?;
        }
    }
    Ok(())
}

async fn absent(shop: &Shop) -> Outcome {
    let caller = shop.anybody()?;
    for id in ["there-is-no-such-product", "a/b?c#d%", "没有", " "] {
        let product = caller.client.catalog().product(&id.into()).await;
        refused(
            &format!("the product `{id}`"),
            product,
            ProblemKind::NotFound,
        )?;
    }
    Ok(())
}

/// The addresses of this part.
async fn addresses(shop: &Shop) -> Outcome<(Caller, Vec<String>)> {
    let (caller, items) = some(shop).await?;
    let mut paths = vec![
        endpoint::categories(),
        endpoint::products(&ProductQuery::default()),
    ];
    paths.extend(few(&items).map(|item| endpoint::product(&item.id)));
    let paths = paths.iter().map(|path| path.as_str().to_owned());
    Ok((caller, paths.collect()))
}

async fn confirmed(shop: &Shop) -> Outcome {
    let (caller, paths) = addresses(shop).await?;
    for path in paths.iter().take(3) {
        document::is_confirmed(&caller, path).await?;
    }
    Ok(())
}

async fn kept(shop: &Shop) -> Outcome {
    let (caller, paths) = addresses(shop).await?;
    for path in paths.iter().take(3) {
        document::is_kept_right(&caller, path).await?;
    }
    Ok(())
}

async fn spelled(shop: &Shop) -> Outcome {
    let (caller, paths) = addresses(shop).await?;
    for path in &paths {
        document::is_well_spelled(&caller.get(path).await?)?;
    }
    Ok(())
}
