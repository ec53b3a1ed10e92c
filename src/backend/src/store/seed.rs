//! A new shop, written in one transaction: all of it or nothing.

mod bundles;
mod coupons;
mod shows;
mod tastings;

use super::{Store, StoreError};
use crate::clock::Clock;
use crate::secret;
use bundles::BundleSeed;
use coupons::WelcomeSeed;
use domain::catalog::search_key;
use serde::Deserialize;
use serde_json::Value;
pub use shows::ShowsSeed;
use sqlx::SqliteConnection;
pub use tastings::TastingsSeed;

/// A shop, its texts as JSON objects from language to text, times relative to its birth.
#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs, reason = "the columns of the schema, documented there")]
pub struct Seed {
    pub shop: ShopSeed,
    #[serde(default)]
    pub merchants: Vec<MerchantSeed>,
    #[serde(default)]
    pub categories: Vec<CategorySeed>,
    #[serde(default)]
    pub products: Vec<ProductSeed>,
    /// In their order on the home page.
    #[serde(default)]
    pub bundles: Vec<BundleSeed>,
    /// Ids of products that were sold together over the counter.
    #[serde(default)]
    pub baskets: Vec<Vec<String>>,
    /// Ids of products, in their order on the home page.
    #[serde(default)]
    pub specials: Vec<String>,
    #[serde(default)]
    pub posts: Vec<PostSeed>,
    #[serde(default)]
    pub staff: Vec<StaffSeed>,
    /// What whoever becomes a member is given.
    #[serde(default)]
    pub welcome: WelcomeSeed,
    /// What can be tasted.
    #[serde(default)]
    pub tastings: TastingsSeed,
    /// What is shown, and was.
    #[serde(default)]
    pub shows: ShowsSeed,
}

#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs, reason = "the columns of the schema")]
pub struct StaffSeed {
    pub id: String,
    pub name: Value,
    pub role: String,
    /// Four to eight digits; kept as Argon2.
    pub pin: String,
}

#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs, reason = "the columns of the schema")]
pub struct ShopSeed {
    pub name: Value,
    pub tagline: Value,
    pub neighbourhood: Value,
    pub distance: Value,
    pub address: Value,
    pub phone: String,
    pub group: Option<GroupSeed>,
    pub zone: String,
    #[serde(default)]
    pub hours: Vec<HoursSeed>,
}

#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs, reason = "the columns of the schema")]
pub struct GroupSeed {
    pub title: Value,
    pub note: Value,
    pub url: String,
}

#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs, reason = "the columns of the schema")]
pub struct HoursSeed {
    pub weekday: u8,
    pub opens: String,
    pub closes: String,
}

#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs, reason = "the columns of the schema")]
pub struct MerchantSeed {
    pub id: String,
    pub kind: String,
    pub name: Value,
    pub story: Value,
    pub picture: Option<String>,
    pub tint: String,
    pub distance: Value,
    pub pickup: Value,
}

#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs, reason = "the columns of the schema")]
pub struct CategorySeed {
    pub id: String,
    pub name: Value,
}

#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs, reason = "the columns of the schema")]
pub struct ProductSeed {
    pub id: String,
    pub merchant: String,
    pub category: String,
    pub name: Value,
    pub subtitle: Value,
    pub description: Value,
    pub picture: Option<String>,
    pub tint: String,
    pub origin: Option<Value>,
    pub batch: Option<BatchSeed>,
    pub shelf_life: Option<Value>,
    pub storage: Option<Value>,
    #[serde(default)]
    pub allergens: Vec<String>,
    /// Toneless pinyin, syllables apart.
    pub pinyin: String,
    pub days_since_new: u32,
    pub variants: Vec<VariantSeed>,
}

#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs, reason = "the columns of the schema")]
pub struct BatchSeed {
    pub code: String,
    /// Milliseconds since 1970 UTC; the demo turns its clock times into these.
    #[serde(skip)]
    pub arrived_at: i64,
    pub arrived: String,
    pub days_ago: u32,
}

#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs, reason = "the columns of the schema")]
pub struct VariantSeed {
    pub id: String,
    pub name: Value,
    pub price: i64,
    pub former_price: Option<i64>,
    pub content: Option<Content>,
    pub stock: u32,
}

/// How much is in a variant.
#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs, reason = "the columns of the schema")]
pub struct Content {
    pub amount: u32,
    pub unit: String,
}

#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs, reason = "the columns of the schema")]
pub struct PostSeed {
    pub id: String,
    pub kind: String,
    pub title: Value,
    pub body: Value,
    pub picture: Option<String>,
    pub tint: String,
    pub product: Option<String>,
    pub hours_ago: u32,
}

/// Why no shop was written.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// The database refused; nothing was written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is a shop already.
    #[error("there is a shop in the database already")]
    Occupied,
}

impl From<sqlx::Error> for SeedError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

const HOUR_MS: i64 = 3_600_000;

impl Store {
    /// Writes a whole new shop, born at `now` (milliseconds since 1970 UTC).
    pub async fn found(&self, seed: &Seed, now: i64) -> Result<(), SeedError> {
        let mut writing = self.write().await?;
        if sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM shop)")
            .fetch_one(&mut *writing)
            .await?
        {
            return Err(SeedError::Occupied);
        }
        shop(&mut writing, &seed.shop).await?;
        for (position, merchant) in (1..).zip(&seed.merchants) {
            sqlx::query("INSERT INTO merchants (id, position, kind, name, story, picture, tint, distance, pickup) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .bind(&merchant.id)
                .bind(position)
                .bind(&merchant.kind)
                .bind(merchant.name.to_string())
                .bind(merchant.story.to_string())
                .bind(&merchant.picture)
                .bind(&merchant.tint)
                .bind(merchant.distance.to_string())
                .bind(merchant.pickup.to_string())
                .execute(&mut *writing)
                .await?;
        }
        for (position, category) in (1..).zip(&seed.categories) {
            sqlx::query("INSERT INTO categories (id, position, name) VALUES (?, ?, ?)")
                .bind(&category.id)
                .bind(position)
                .bind(category.name.to_string())
                .execute(&mut *writing)
                .await?;
        }
        for product in &seed.products {
            let special = (1..)
                .zip(&seed.specials)
                .find(|(_, id)| **id == product.id)
                .map(|(place, _)| place);
            let category = seed
                .categories
                .iter()
                .find(|category| category.id == product.category);
            insert_product(
                &mut writing,
                product,
                special,
                category.map(|category| &category.name),
                now,
            )
            .await?;
        }
        bundles::insert(&mut writing, &seed.bundles).await?;
        coupons::insert(&mut writing, &seed.welcome).await?;
        tastings::insert(&mut writing, &seed.tastings, &seed.shop.address).await?;
        let clock = Clock::of(&seed.shop.zone).map_err(|_| StoreError::Corrupt {
            what: "zone",
            value: seed.shop.zone.clone(),
        })?;
        shows::insert(&mut writing, &seed.shows, &clock, now).await?;
        for (number, basket) in (1_u32..).zip(&seed.baskets) {
            for product in basket {
                sqlx::query("INSERT INTO baskets (basket, product) VALUES (?, ?)")
                    .bind(number)
                    .bind(product)
                    .execute(&mut *writing)
                    .await?;
            }
        }
        for post in &seed.posts {
            sqlx::query("INSERT INTO posts (id, kind, title, body, picture, tint, product, published_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
                .bind(&post.id)
                .bind(&post.kind)
                .bind(post.title.to_string())
                .bind(post.body.to_string())
                .bind(&post.picture)
                .bind(&post.tint)
                .bind(&post.product)
                .bind(now - i64::from(post.hours_ago) * HOUR_MS)
                .execute(&mut *writing)
                .await?;
        }
        for staff in &seed.staff {
            insert_staff(&mut writing, staff).await?;
        }
        writing.commit().await?;
        Ok(())
    }

    /// Makes somebody one of the shop's staff.
    pub async fn add_staff(&self, staff: &StaffSeed) -> Result<(), StoreError> {
        let mut writing = self.write().await?;
        insert_staff(&mut writing, staff).await?;
        writing.commit().await
    }

    /// Puts products into a shop that is there.
    pub async fn add_products(&self, products: &[ProductSeed], now: i64) -> Result<(), StoreError> {
        let mut writing = self.write().await?;
        for product in products {
            insert_product(&mut writing, product, None, None, now).await?;
        }
        writing.commit().await?;
        Ok(())
    }

    /// How many products there are.
    pub async fn product_count(&self) -> Result<u32, StoreError> {
        Ok(sqlx::query_scalar("SELECT count(*) FROM products")
            .fetch_one(&self.pool)
            .await?)
    }
}

async fn insert_staff(writing: &mut SqliteConnection, staff: &StaffSeed) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO staff (id, name, role, pin) VALUES (?, ?, ?, ?)")
        .bind(&staff.id)
        .bind(staff.name.to_string())
        .bind(&staff.role)
        .bind(secret::hash_pin(&staff.pin)?)
        .execute(writing)
        .await?;
    Ok(())
}

async fn shop(writing: &mut SqliteConnection, shop: &ShopSeed) -> Result<(), sqlx::Error> {
    let group = shop.group.as_ref();
    sqlx::query(
        "INSERT INTO shop (id, name, tagline, neighbourhood, distance, address, phone, group_title, group_note, group_url, zone)
         VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(shop.name.to_string())
    .bind(shop.tagline.to_string())
    .bind(shop.neighbourhood.to_string())
    .bind(shop.distance.to_string())
    .bind(shop.address.to_string())
    .bind(&shop.phone)
    .bind(group.map(|group| group.title.to_string()))
    .bind(group.map(|group| group.note.to_string()))
    .bind(group.map(|group| &group.url))
    .bind(&shop.zone)
    .execute(&mut *writing)
    .await?;
    for hours in &shop.hours {
        sqlx::query("INSERT INTO hours (weekday, opens, closes) VALUES (?, ?, ?)")
            .bind(hours.weekday)
            .bind(&hours.opens)
            .bind(&hours.closes)
            .execute(&mut *writing)
            .await?;
    }
    Ok(())
}

async fn insert_product(
    writing: &mut SqliteConnection,
    product: &ProductSeed,
    special: Option<u32>,
    category: Option<&Value>,
    now: i64,
) -> Result<(), sqlx::Error> {
    let text = |json: &Option<Value>| json.as_ref().map(Value::to_string);
    sqlx::query(
        "INSERT INTO products (id, position, merchant, category, name, subtitle, description, picture, tint, origin,
                               batch_code, arrived_at, shelf_life, storage, allergens, search_keys, special, added_at)
         VALUES (?, (SELECT coalesce(max(position), 0) + 1 FROM products), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&product.id)
    .bind(&product.merchant)
    .bind(&product.category)
    .bind(product.name.to_string())
    .bind(product.subtitle.to_string())
    .bind(product.description.to_string())
    .bind(&product.picture)
    .bind(&product.tint)
    .bind(text(&product.origin))
    .bind(product.batch.as_ref().map(|batch| &batch.code))
    .bind(product.batch.as_ref().map(|batch| batch.arrived_at))
    .bind(text(&product.shelf_life))
    .bind(text(&product.storage))
    .bind(Value::from(product.allergens.clone()).to_string())
    .bind(search_keys(&product.name, &product.pinyin, category).join("\n"))
    .bind(special)
    .bind(now - i64::from(product.days_since_new) * 24 * HOUR_MS)
    .execute(&mut *writing)
    .await?;
    for (position, variant) in (1..).zip(&product.variants) {
        sqlx::query(
            "INSERT INTO variants (id, product, position, name, price, former_price, content_amount, content_unit, stock)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(&variant.id)
        .bind(&product.id)
        .bind(position)
        .bind(variant.name.to_string())
        .bind(variant.price)
        .bind(variant.former_price)
        .bind(variant.content.as_ref().map(|content| content.amount))
        .bind(variant.content.as_ref().map(|content| &content.unit))
        .bind(variant.stock)
        .execute(&mut *writing)
        .await?;
    }
    Ok(())
}

/// What one may type to find something: its names, its pinyin whole and as initials, its shelf.
fn search_keys(name: &Value, pinyin: &str, category: Option<&Value>) -> Vec<String> {
    let texts = |value: &Value| -> Vec<String> {
        value
            .as_object()
            .into_iter()
            .flat_map(|texts| texts.values())
            .filter_map(Value::as_str)
            .map(search_key)
            .collect()
    };
    let initials: String = pinyin
        .split_whitespace()
        .map(|syllable| match syllable.chars().next() {
            Some(first) if syllable.chars().all(|c| c.is_ascii_lowercase()) => first.to_string(),
            _ => syllable.to_owned(),
        })
        .collect();
    let mut keys = texts(name);
    keys.push(search_key(pinyin));
    keys.push(search_key(&initials));
    keys.extend(category.map(texts).unwrap_or_default());
    keys.retain(|key| !key.is_empty());
    keys.dedup();
    keys
}
