//! Categories, products, search and pages.

use super::{Store, StoreError, currency, picture, tastings, text, word};
use crate::clock::Clock;
use crate::language::Language;
use domain::catalog::{
    Allergen, Batch, Category, Content, Product, ProductQuery, ProductSummary, Sort, Stock,
    Variant, search_key,
};
use domain::id::ProductId;
use domain::money::Money;
use domain::page::{Cursor, DEFAULT_LIMIT, Page};
use sqlx::{FromRow, SqliteConnection};
use std::collections::HashMap;

/// A variant as it stands in the file.
#[derive(FromRow)]
pub(super) struct VariantRow {
    id: String,
    name: String,
    price: i64,
    former_price: Option<i64>,
    currency: String,
    content_amount: Option<u32>,
    content_unit: Option<String>,
    stock: u32,
}

impl VariantRow {
    pub(super) fn read(self, language: Language) -> Result<Variant, StoreError> {
        let currency = currency(&self.currency)?;
        let money = |amount| Money { amount, currency };
        let content = self
            .content_amount
            .zip(self.content_unit)
            .and_then(|(amount, unit)| {
                Some(Content {
                    amount,
                    unit: word(&unit)?,
                })
            });
        Ok(Variant {
            id: self.id.into(),
            name: text(&self.name, language),
            price: money(self.price),
            former_price: self.former_price.map(money),
            content,
            stock: Stock::of(self.stock),
        })
    }
}

/// A product as lists need it. The lead variant's columns have names of their own.
#[derive(FromRow)]
pub(super) struct SummaryRow {
    product: String,
    merchant: String,
    category: String,
    product_name: String,
    subtitle: String,
    picture: Option<String>,
    tint: String,
    search_keys: String,
    siblings: u32,
    sort_key: i64,
    #[sqlx(flatten)]
    lead: VariantRow,
}

impl SummaryRow {
    pub(super) fn read(self, language: Language) -> Result<ProductSummary, StoreError> {
        Ok(ProductSummary {
            id: self.product.into(),
            name: text(&self.product_name, language),
            subtitle: text(&self.subtitle, language),
            merchant: self.merchant.into(),
            category: self.category.into(),
            picture: picture(self.picture, &self.tint),
            lead: self.lead.read(language)?,
            variant_count: self.siblings,
            keys: self.search_keys.lines().map(str::to_owned).collect(),
        })
    }
}

/// One page of summaries: `?1` category, `?2` merchant, `?3` words as a JSON array, `?4` in stock,
/// `?5` on special, `?6` order, `?7` and `?8` where the last page ended, `?9` how many.
const SUMMARIES: &str = "
    SELECT * FROM (
        SELECT p.id AS product, p.merchant, p.category, p.name AS product_name, p.subtitle, p.picture, p.tint,
               p.search_keys, lead.siblings, lead.id, lead.name, lead.price, lead.former_price, lead.currency,
               lead.content_amount, lead.content_unit, lead.stock,
               CASE ?6 WHEN 'price_up' THEN lead.price
                       WHEN 'price_down' THEN -lead.price
                       WHEN 'newest' THEN -p.added_at
                       ELSE p.position END AS sort_key
        FROM products AS p JOIN leads AS lead ON lead.product = p.id
        WHERE (?1 IS NULL OR p.category = ?1)
          AND (?2 IS NULL OR p.merchant = ?2)
          AND NOT EXISTS (SELECT 1 FROM json_each(?3) AS word WHERE instr(p.search_keys, word.value) = 0)
          AND (NOT ?4 OR lead.stock > 0)
          AND (NOT ?5 OR lead.former_price IS NOT NULL)
    )
    WHERE ?7 IS NULL OR (sort_key, product) > (?7, ?8)
    ORDER BY sort_key, product
    LIMIT ?9";

/// The same conditions, counted.
const COUNT: &str = "
    SELECT count(*)
    FROM products AS p JOIN leads AS lead ON lead.product = p.id
    WHERE (?1 IS NULL OR p.category = ?1)
      AND (?2 IS NULL OR p.merchant = ?2)
      AND NOT EXISTS (SELECT 1 FROM json_each(?3) AS word WHERE instr(p.search_keys, word.value) = 0)
      AND (NOT ?4 OR lead.stock > 0)
      AND (NOT ?5 OR lead.former_price IS NOT NULL)";

impl Store {
    /// The shelves that have something on them, in the shop's order.
    pub async fn categories(&self, language: Language) -> Result<Vec<Category>, StoreError> {
        let rows: Vec<(String, String, u32)> = sqlx::query_as(
            "SELECT c.id, c.name, count(p.id) FROM categories AS c JOIN products AS p ON p.category = c.id
             GROUP BY c.id ORDER BY c.position",
        )
        .fetch_all(&self.pool)
        .await?;
        let category = |(id, name, product_count): (String, String, u32)| Category {
            id: id.into(),
            name: text(&name, language),
            product_count,
        };
        Ok(rows.into_iter().map(category).collect())
    }

    /// One page of products. [`StoreError::BadCursor`] for a cursor that is not of this order.
    pub async fn products(
        &self,
        query: &ProductQuery,
        language: Language,
    ) -> Result<Page<ProductSummary>, StoreError> {
        let after = query
            .cursor
            .as_ref()
            .map(|cursor| Place::read(cursor, query.sort))
            .transpose()?;
        let mut words: Vec<String> = query
            .q
            .split_whitespace()
            .map(search_key)
            .filter(|word| !word.is_empty())
            .collect();
        if words.is_empty() && !query.q.trim().is_empty() {
            // Nothing but signs: nothing has them in its keys, as nothing has a space there.
            words.push(" ".to_owned());
        }
        let words = serde_json::Value::from(words).to_string();
        let category = query.category.as_ref().map(|id| id.as_str());
        let merchant = query.merchant.as_ref().map(|id| id.as_str());
        let limit = query.limit.unwrap_or(DEFAULT_LIMIT) as usize;
        // One transaction, so that page and count are of one moment.
        let mut reading = self.pool.begin().await?;
        let mut rows: Vec<SummaryRow> = sqlx::query_as(SUMMARIES)
            .bind(category)
            .bind(merchant)
            .bind(&words)
            .bind(query.in_stock)
            .bind(query.on_special)
            .bind(query.sort.as_str())
            .bind(after.as_ref().map(|place| place.key))
            .bind(after.as_ref().map(|place| place.product.as_str()))
            .bind(i64::try_from(limit + 1).unwrap_or(i64::MAX))
            .fetch_all(&mut *reading)
            .await?;
        let total: u32 = sqlx::query_scalar(COUNT)
            .bind(category)
            .bind(merchant)
            .bind(&words)
            .bind(query.in_stock)
            .bind(query.on_special)
            .fetch_one(&mut *reading)
            .await?;
        drop(reading);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let last = rows.last().filter(|_| more);
        let next_cursor = last.map(|row| {
            Place {
                key: row.sort_key,
                product: row.product.clone(),
            }
            .write(query.sort)
        });
        let items = rows
            .into_iter()
            .map(|row| row.read(language))
            .collect::<Result<_, _>>()?;
        Ok(Page {
            items,
            next_cursor,
            total: Some(total),
        })
    }

    /// One product, `None` when there is no such.
    pub async fn product(
        &self,
        id: &ProductId,
        language: Language,
        clock: &Clock,
    ) -> Result<Option<Product>, StoreError> {
        #[derive(FromRow)]
        struct Row {
            id: String,
            name: String,
            subtitle: String,
            description: String,
            merchant: String,
            category: String,
            category_name: String,
            product_count: u32,
            picture: Option<String>,
            tint: String,
            origin: Option<String>,
            batch_code: Option<String>,
            arrived_at: Option<i64>,
            shelf_life: Option<String>,
            storage: Option<String>,
            allergens: String,
        }
        let habits = self.habits(clock).await?;
        let mut reading = self.pool.begin().await?;
        let row: Option<Row> = sqlx::query_as(
            "SELECT p.*, c.name AS category_name,
                    (SELECT count(*) FROM products AS q WHERE q.category = p.category) AS product_count
             FROM products AS p JOIN categories AS c ON c.id = p.category WHERE p.id = ?1",
        )
        .bind(id.as_str())
        .fetch_optional(&mut *reading)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let variants: Vec<VariantRow> =
            sqlx::query_as("SELECT * FROM offered_variants WHERE product = ?1 ORDER BY position")
                .bind(id.as_str())
                .fetch_all(&mut *reading)
                .await?;
        let merchant = Self::merchant(&mut reading, &row.merchant, language).await?;
        let companions = habits.companions(&mut reading, id, language, clock).await?;
        let tasting = tastings::of_product(&mut reading, id, language, clock).await?;
        drop(reading);
        let say = |json: Option<String>| {
            json.map(|json| text(&json, language))
                .filter(|text| !text.is_empty())
        };
        Ok(Some(Product {
            id: row.id.into(),
            name: text(&row.name, language),
            subtitle: text(&row.subtitle, language),
            description: text(&row.description, language),
            merchant,
            category: Category {
                id: row.category.into(),
                name: text(&row.category_name, language),
                product_count: row.product_count,
            },
            pictures: picture(row.picture, &row.tint).into_iter().collect(),
            variants: variants
                .into_iter()
                .map(|row| row.read(language))
                .collect::<Result<_, _>>()?,
            origin: say(row.origin),
            batch: row.batch_code.zip(row.arrived_at).map(|(code, ms)| Batch {
                code,
                arrived_at: clock.moment(ms),
            }),
            shelf_life: say(row.shelf_life),
            storage: say(row.storage),
            allergens: allergens(&row.allergens),
            companions,
            tasting,
        }))
    }
}

/// The summaries of these products, as far as they are there.
pub(super) async fn summaries_of(
    reading: &mut SqliteConnection,
    ids: &[&ProductId],
    language: Language,
) -> Result<HashMap<ProductId, ProductSummary>, StoreError> {
    let ids: Vec<_> = ids.iter().map(|id| id.as_str()).collect();
    let rows: Vec<SummaryRow> = sqlx::query_as(
        "SELECT p.id AS product, p.merchant, p.category, p.name AS product_name, p.subtitle, p.picture, p.tint,
                p.search_keys, p.position AS sort_key, lead.*
         FROM products AS p JOIN leads AS lead ON lead.product = p.id
         WHERE p.id IN (SELECT value FROM json_each(?1))",
    )
    .bind(serde_json::Value::from(ids).to_string())
    .fetch_all(reading)
    .await?;
    rows.into_iter()
        .map(|row| {
            let summary = row.read(language)?;
            Ok((summary.id.clone(), summary))
        })
        .collect()
}

/// What somebody may be allergic to, as it stands in the file: a JSON array.
pub(super) fn allergens(json: &str) -> Vec<Allergen> {
    let names: Vec<String> = serde_json::from_str(json).unwrap_or_default();
    names.iter().filter_map(|name| word(name)).collect()
}

/// The end of a page: the last product and its key in the order.
struct Place {
    key: i64,
    product: String,
}

impl Place {
    /// `sort~key~product`; the order is in it, so that a cursor cannot be taken to another one.
    fn write(&self, sort: Sort) -> Cursor {
        Cursor(format!("{}~{}~{}", sort.as_str(), self.key, self.product))
    }

    fn read(cursor: &Cursor, sort: Sort) -> Result<Self, StoreError> {
        let mut parts = cursor.0.splitn(3, '~');
        let place = (|| {
            let of_this_order = parts.next()? == sort.as_str();
            let key = parts.next()?.parse().ok()?;
            let product = parts.next()?.to_owned();
            of_this_order.then_some(Self { key, product })
        })();
        place.ok_or(StoreError::BadCursor)
    }
}
