//! The home page.

use super::document;
use super::rule::{Outcome, Rule, ensure, rules, skip};
use super::shop::Shop;
use crate::endpoint;
use domain::contract::Capability;
use domain::shop::Storefront;
use std::collections::HashSet;

pub(super) const RULES: &[Rule] = rules![
    "the shop has a name, its hours are of a week" => card,
    "specials cost less than before" => specials,
    "posts are the newest first" => posts,
    "products that it speaks of are there" => products,
    "it has an ETag, and who has that copy is answered 304" => confirmed,
    "it says Cache-Control: no-cache, Vary: Accept-Language and Date" => kept,
    "money is integers with a currency, times have an offset" => spelled,
];

async fn read(shop: &Shop) -> Outcome<Storefront> {
    Ok(shop.anybody()?.client.storefront().await?.value)
}

async fn card(shop: &Shop) -> Outcome {
    let card = read(shop).await?.shop;
    ensure(!card.name.trim().is_empty(), || {
        "the shop has no name".to_owned()
    })?;
    let odd = card.hours.iter().find(|hours| {
        !(1..=7).contains(&hours.weekday) || hours.opens.minutes() >= hours.closes.minutes()
    });
    ensure(odd.is_none(), || format!("no opening of a week: {:?}", odd))
}

async fn specials(shop: &Shop) -> Outcome {
    let specials = read(shop).await?.specials;
    let dear = specials.iter().find(|special| {
        let former = special.lead.former_price;
        former.is_none_or(|former| former.amount <= special.lead.price.amount)
    });
    ensure(dear.is_none(), || {
        let id = dear.map(|special| special.id.to_string());
        format!("{} has no higher former_price", id.unwrap_or_default())
    })
}

async fn posts(shop: &Shop) -> Outcome {
    let posts = read(shop).await?.posts;
    let mut pairs = posts.iter().zip(posts.iter().skip(1));
    let wrong = pairs.find(|(one, next)| one.published_at.ms < next.published_at.ms);
    ensure(wrong.is_none(), || {
        let ids = wrong.map(|(one, next)| format!("{} stands before {}", one.id, next.id));
        ids.unwrap_or_default()
    })
}

async fn products(shop: &Shop) -> Outcome {
    if let Some(why) = shop.lacks(Capability::Catalogue) {
        return skip(format!("needs the catalogue: {why}"));
    }
    let home = read(shop).await?;
    let caller = shop.anybody()?;
    let mut ids: HashSet<_> = home.specials.into_iter().map(|one| one.id).collect();
    ids.extend(home.posts.into_iter().filter_map(|post| post.product));
    for id in ids.iter().take(10) {
        let product = caller.client.catalog().product(id).await;
        ensure(product.is_ok(), || format!("{id} cannot be read"))?;
    }
    Ok(())
}

async fn confirmed(shop: &Shop) -> Outcome {
    document::is_confirmed(&shop.anybody()?, endpoint::storefront().as_str()).await
}

async fn kept(shop: &Shop) -> Outcome {
    document::is_kept_right(&shop.anybody()?, endpoint::storefront().as_str()).await
}

async fn spelled(shop: &Shop) -> Outcome {
    let caller = shop.anybody()?;
    document::is_well_spelled(&caller.get(endpoint::storefront().as_str()).await?)
}
