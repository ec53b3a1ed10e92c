//! The demo shop: 邻里优选 in 阳光花园, with five partners. Its goods stand in `shop.json`.

mod baskets;

use crate::clock::Clock;
use crate::store::{Seed, Store};
use anyhow::Context;
use serde_json::Value;
use std::collections::HashMap;
use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::Path;

const SHOP: &str = include_str!("shop.json");
const TASTINGS: &str = include_str!("tastings.json");
const SHOWS: &str = include_str!("shows.json");

/// The PINs of the demo's staff, for whoever tries it.
pub const PINS: &str = "店主 Owner 202611 · 主播 Host 301122 · 店员 Clerk 880088";

/// Writes the demo shop into an empty store, its pictures into `pictures`. Without the folder of
/// drawn pictures the shop is the same, only without pictures.
pub async fn found(
    store: &Store,
    drawn: Option<&Path>,
    pictures: &Path,
    now: i64,
) -> anyhow::Result<()> {
    let mut seed: Seed = serde_json::from_str(SHOP).context("the demo shop is not understood")?;
    let clock = Clock::of(&seed.shop.zone)?;
    for product in &mut seed.products {
        if let Some(batch) = &mut product.batch {
            batch.arrived_at = clock.at(now, batch.days_ago, &batch.arrived)?;
        }
    }
    seed.tastings =
        serde_json::from_str(TASTINGS).context("the demo's tastings are not understood")?;
    seed.shows = serde_json::from_str(SHOWS).context("the demo's shows are not understood")?;
    let mut kept = Pictures {
        drawn,
        pictures,
        kept: HashMap::new(),
    };
    let wanted = seed.products.iter_mut().map(|product| &mut product.picture);
    let wanted = wanted.chain(
        seed.merchants
            .iter_mut()
            .map(|merchant| &mut merchant.picture),
    );
    let wanted = wanted.chain(seed.bundles.iter_mut().map(|bundle| &mut bundle.picture));
    let shows = seed.shows.shows.iter_mut();
    let wanted = wanted.chain(shows.map(|show| &mut show.picture));
    let events = seed.tastings.events.iter_mut();
    let wanted = wanted.chain(events.map(|event| &mut event.picture));
    for picture in wanted.chain(seed.posts.iter_mut().map(|post| &mut post.picture)) {
        *picture = picture
            .take()
            .map(|name| kept.keep(&name))
            .transpose()?
            .flatten();
    }
    seed.baskets = baskets::baskets();
    store.found(&seed, now).await?;
    Ok(())
}

/// Writes a shop that has nothing yet.
pub async fn found_empty(store: &Store, now: i64) -> anyhow::Result<()> {
    let mut seed: Seed = serde_json::from_str(SHOP).context("the demo shop is not understood")?;
    seed.shop.name = serde_json::json!({"zh": "我的小店", "en": "My little shop"});
    for text in [
        &mut seed.shop.tagline,
        &mut seed.shop.neighbourhood,
        &mut seed.shop.distance,
        &mut seed.shop.address,
    ] {
        *text = serde_json::json!({"zh": "", "en": ""});
    }
    seed.shop.phone.clear();
    seed.shop.group = None;
    let seed = Seed {
        merchants: vec![],
        categories: vec![],
        products: vec![],
        bundles: vec![],
        specials: vec![],
        posts: vec![],
        staff: vec![],
        welcome: Default::default(),
        tastings: Default::default(),
        shows: Default::default(),
        ..seed
    };
    store.found(&seed, now).await?;
    Ok(())
}

/// Grows the catalogue to `count` products: the demo's goods again, as further deliveries.
pub async fn grow(store: &Store, count: u32, now: i64) -> anyhow::Result<()> {
    let there = store.product_count().await?;
    let seed: Seed = serde_json::from_str(SHOP).context("the demo shop is not understood")?;
    let clock = Clock::of(&seed.shop.zone)?;
    let mut more = Vec::new();
    for (number, model) in (there..count).zip(seed.products.iter().cycle()) {
        let mut product = model.clone();
        let number = number + 1;
        product.id = format!("{}-{number}", product.id);
        product.picture = None;
        product.pinyin = format!("{} {number}", product.pinyin);
        if let Value::Object(names) = &mut product.name {
            for name in names.values_mut() {
                *name = Value::from(format!("{} {number}", name.as_str().unwrap_or_default()));
            }
        }
        for variant in &mut product.variants {
            variant.id = format!("{}-{number}", variant.id);
            variant.former_price = None;
            variant.price += i64::from(number % 97) * 10;
        }
        if let Some(batch) = &mut product.batch {
            batch.arrived_at = clock.at(now, batch.days_ago, &batch.arrived)?;
        }
        more.push(product);
    }
    store.add_products(&more, now).await?;
    Ok(())
}

/// Copies drawn pictures into the shop's folder, each under a name made from its content.
struct Pictures<'a> {
    drawn: Option<&'a Path>,
    pictures: &'a Path,
    kept: HashMap<String, Option<String>>,
}

impl Pictures<'_> {
    fn keep(&mut self, name: &str) -> anyhow::Result<Option<String>> {
        if let Some(file) = self.kept.get(name) {
            return Ok(file.clone());
        }
        let file = match self
            .drawn
            .map(|folder| fs::read(folder.join(name).with_extension("webp")))
        {
            Some(Ok(bytes)) => {
                let mut hasher = DefaultHasher::new();
                hasher.write(&bytes);
                let file = format!("{:016x}.webp", hasher.finish());
                fs::create_dir_all(self.pictures)?;
                fs::write(self.pictures.join(&file), bytes)?;
                Some(file)
            }
            Some(Err(error)) => {
                tracing::warn!(name, %error, "the demo has no such picture");
                None
            }
            None => None,
        };
        self.kept.insert(name.to_owned(), file.clone());
        Ok(file)
    }
}
