//! Bundles: what lists show of them, what is in them, what they cost.

use super::asking::Caller;
use super::document;
use super::lists::few;
use super::rule::{Outcome, Rule, ensure, refused, rules, skip};
use super::shop::Shop;
use crate::endpoint;
use domain::bundle::{Bundle, BundleSummary, PartOption, PriceRule};
use domain::catalog::StockLevel;
use domain::contract::Capability;
use domain::id::BundleId;
use domain::problem::ProblemKind;
use std::collections::{HashMap, HashSet};

pub(super) const RULES: &[Rule] = rules![
    "bundles have ids of their own, and none costs more than its parts alone" => listed,
    "a bundle is as its list shows it, with its default choice" => bundle,
    "there are no more sets of it than its scarcest part allows" => scarcest,
    "every part can be something, and nothing twice" => parts,
    "what a part can be is a product of the catalogue, at the price it has there" => products,
    "only a swap has a difference, and none has with percentage" => differences,
    "of two bundles not sold beside each other, each says so" => apart,
    "the home page shows bundles of the list" => at_home,
    "a bundle that is not there is not-found" => absent,
    "bundles have ETags, and who has that copy is answered 304" => confirmed,
    "bundles say Cache-Control: no-cache, Vary: Accept-Language and Date" => kept,
    "money is integers with a currency, times have an offset" => spelled,
];

async fn all(shop: &Shop) -> Outcome<(Caller, Vec<BundleSummary>)> {
    let caller = shop.anybody()?;
    let items = caller.client.catalog().bundles().await?.value.items;
    if items.is_empty() {
        return skip("the shop has no bundles");
    }
    Ok((caller, items))
}

/// A few bundles, each with what the list shows of it.
async fn some(shop: &Shop) -> Outcome<Vec<(BundleSummary, Bundle)>> {
    let (caller, items) = all(shop).await?;
    let mut some = Vec::new();
    for item in few(&items) {
        let bundle = caller.client.catalog().bundle(&item.id).await?.value;
        some.push((item.clone(), bundle));
    }
    Ok(some)
}

async fn listed(shop: &Shop) -> Outcome {
    let (_, items) = all(shop).await?;
    let mut ids = HashSet::new();
    for item in &items {
        let id = &item.id;
        ensure(ids.insert(id), || format!("two bundles are {id}"))?;
        let fair = item.price.currency == item.alone.currency
            && (0..=item.alone.amount).contains(&item.price.amount);
        ensure(fair, || format!("{id} costs more than its parts alone"))?;
    }
    Ok(())
}

async fn bundle(shop: &Shop) -> Outcome {
    for (item, bundle) in some(shop).await? {
        let id = &item.id;
        ensure(
            bundle.id == *id
                && bundle.name == item.name
                && bundle.merchant.id == item.merchant
                && bundle.serves == item.serves,
            || format!("{id} has another id, name, merchant or serves than in its list"),
        )?;
        if bundle.rule == PriceRule::Unknown {
            continue;
        }
        let choice = bundle.choice(&[]);
        let price = bundle.chosen(&choice).and_then(|chosen| chosen.price());
        let same = price.is_some_and(|told| told.price == item.price && told.alone == item.alone);
        ensure(same, || {
            format!("{id} costs something else in its list than its default choice: {price:?}")
        })?;
    }
    Ok(())
}

/// How many pieces there are of an option, as far as it is told.
fn told(option: &PartOption) -> Option<u32> {
    match option.stock.level {
        StockLevel::None => Some(0),
        _ => option.stock.left,
    }
}

async fn scarcest(shop: &Shop) -> Outcome {
    for (item, bundle) in some(shop).await? {
        let choice = bundle.choice(&[]);
        let Some(chosen) = bundle.chosen(&choice) else {
            continue;
        };
        let most = chosen.sets(&|option| told(option).unwrap_or(u32::MAX));
        let least = u32::from(item.stock.available());
        let sets = item.stock.left.unwrap_or(least);
        ensure(sets <= most, || {
            format!("{} says {sets} sets, its parts allow {most}", item.id)
        })?;
        let all_told = chosen.parts.iter().all(|part| told(part.option).is_some());
        ensure(
            !all_told || item.stock.left.is_none_or(|left| left == most),
            || format!("{} says {sets} sets, its parts make {most}", item.id),
        )?;
    }
    Ok(())
}

async fn parts(shop: &Shop) -> Outcome {
    for (item, bundle) in some(shop).await? {
        let id = &item.id;
        let is_counted = match bundle.rule {
            PriceRule::AnyOf { count, .. } => count > 0 && bundle.parts.len() == 1,
            PriceRule::Percentage { percent } => (1..=100).contains(&percent),
            _ => true,
        };
        ensure(is_counted && bundle.minimum > 0, || {
            format!("{id} has a rule or a minimum that makes no sense")
        })?;
        ensure(!bundle.parts.is_empty(), || format!("{id} has no parts"))?;
        for part in &bundle.parts {
            let ids: HashSet<_> = part.options.iter().map(|one| &one.variant).collect();
            ensure(
                part.quantity > 0 && !ids.is_empty() && ids.len() == part.options.len(),
                || format!("{id} has a part of nothing, or something twice in one"),
            )?;
        }
    }
    Ok(())
}

async fn products(shop: &Shop) -> Outcome {
    if let Some(why) = shop.lacks(Capability::Catalogue) {
        return skip(format!("needs the catalogue: {why}"));
    }
    let caller = shop.anybody()?;
    let mut read = HashMap::new();
    for (_, bundle) in some(shop).await? {
        for option in bundle.parts.iter().flat_map(|part| &part.options) {
            let id = &option.product;
            if !read.contains_key(id) {
                let product = caller.client.catalog().product(id).await?.value;
                read.insert(id.clone(), product);
            }
            let variants = read.get(id).into_iter().flat_map(|one| &one.variants);
            let variant = variants.into_iter().find(|one| one.id == option.variant);
            ensure(
                variant.is_some_and(|variant| variant.price == option.price),
                || {
                    format!(
                        "{}: {} is not sold at that price as {id}",
                        bundle.id, option.variant
                    )
                },
            )?;
        }
    }
    Ok(())
}

async fn differences(shop: &Shop) -> Outcome {
    for (_, bundle) in some(shop).await? {
        let by_percent = matches!(bundle.rule, PriceRule::Percentage { .. });
        for part in &bundle.parts {
            let without = if by_percent { part.options.len() } else { 1 };
            let mut plain = part.options.iter().take(without);
            let wrong = plain.find(|option| option.difference.is_some());
            ensure(wrong.is_none(), || {
                let variant = wrong.map(|option| option.variant.to_string());
                let variant = variant.unwrap_or_default();
                format!("{}: {variant} has a difference", bundle.id)
            })?;
        }
    }
    Ok(())
}

async fn apart(shop: &Shop) -> Outcome {
    let (caller, items) = all(shop).await?;
    let mut read: HashMap<BundleId, Vec<BundleId>> = HashMap::new();
    for item in items.iter().take(40) {
        let bundle = caller.client.catalog().bundle(&item.id).await?.value;
        read.insert(bundle.id, bundle.not_with);
    }
    for (one, not_with) in &read {
        for other in not_with {
            let says_so = read.get(other).is_none_or(|back| back.contains(one));
            ensure(other != one && says_so, || {
                format!("{one} is not sold beside {other}, but not the other way round")
            })?;
        }
    }
    Ok(())
}

async fn at_home(shop: &Shop) -> Outcome {
    if let Some(why) = shop.lacks(Capability::Storefront) {
        return skip(format!("needs the home page: {why}"));
    }
    let (caller, items) = all(shop).await?;
    let home = caller.client.storefront().await?.value.bundles;
    for shown in &home {
        let listed = items.iter().find(|item| item.id == shown.id);
        ensure(listed.is_some_and(|item| item.price == shown.price), || {
            format!("{} is not as in the list of bundles", shown.id)
        })?;
    }
    Ok(())
}

async fn absent(shop: &Shop) -> Outcome {
    let caller = shop.anybody()?;
    for id in ["there-is-no-such-bundle", "a/b?c#d%", "没有", " "] {
        let bundle = caller.client.catalog().bundle(&id.into()).await;
        refused(&format!("the bundle `{id}`"), bundle, ProblemKind::NotFound)?;
    }
    Ok(())
}

/// The addresses of this part.
async fn addresses(shop: &Shop) -> Outcome<(Caller, Vec<String>)> {
    let (caller, items) = all(shop).await?;
    let mut paths = vec![endpoint::bundles()];
    paths.extend(few(&items).map(|item| endpoint::bundle(&item.id)));
    let paths = paths.iter().map(|path| path.as_str().to_owned());
    Ok((caller, paths.collect()))
}

async fn confirmed(shop: &Shop) -> Outcome {
    let (caller, paths) = addresses(shop).await?;
    for path in paths.iter().take(2) {
        document::is_confirmed(&caller, path).await?;
    }
    Ok(())
}

async fn kept(shop: &Shop) -> Outcome {
    let (caller, paths) = addresses(shop).await?;
    for path in paths.iter().take(2) {
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
