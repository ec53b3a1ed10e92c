//! Bundles: what is in them, what they cost, how many sets there are.

use super::catalog::allergens;
use super::storefront::MerchantRow;
use super::{Store, StoreError, currency, picture, tastings, text};
use crate::clock::Clock;
use crate::language::Language;
use domain::bundle::{Bundle, BundleSummary, Part, PartOption, PriceRule};
use domain::catalog::Stock;
use domain::id::{BundleId, ProductId, VariantId};
use domain::money::Money;
use domain::page::Page;
use domain::shop::Merchant;
use sqlx::{FromRow, SqliteConnection};
use std::collections::HashMap;

/// A bundle as it can be had now, with what its page is not told.
pub(super) struct Offered {
    pub(super) bundle: Bundle,
    keys: Vec<String>,
    left: HashMap<VariantId, u32>,
}

impl Offered {
    /// How many pieces there are of one of its options.
    pub(super) fn left(&self, option: &PartOption) -> u32 {
        self.left.get(&option.variant).copied().unwrap_or(0)
    }

    /// As lists show it: with its default choice.
    fn summary(self) -> Result<BundleSummary, StoreError> {
        let choice = self.bundle.choice(&[]);
        let chosen = self.bundle.chosen(&choice);
        let priced = chosen.and_then(|chosen| {
            let sets = chosen.sets(&|option| self.left(option));
            Some((chosen.price()?, Stock::of(sets)))
        });
        let (price, stock) = priced.ok_or_else(|| StoreError::Corrupt {
            what: "bundle",
            value: self.bundle.id.to_string(),
        })?;
        Ok(BundleSummary {
            id: self.bundle.id,
            name: self.bundle.name,
            subtitle: self.bundle.subtitle,
            merchant: self.bundle.merchant.id,
            picture: self.bundle.picture,
            serves: self.bundle.serves,
            price: price.price,
            alone: price.alone,
            stock,
            keys: self.keys,
        })
    }
}

#[derive(FromRow)]
struct BundleRow {
    id: String,
    name: String,
    subtitle: String,
    description: String,
    merchant: String,
    picture: Option<String>,
    tint: String,
    serves: u32,
    minimum: u32,
    rule: String,
    price: Option<i64>,
    currency: String,
    percent: Option<u32>,
    picks: Option<u32>,
    search_keys: String,
}

impl BundleRow {
    fn rule(&self) -> Result<PriceRule, StoreError> {
        let currency = currency(&self.currency)?;
        let price = self.price.map(|amount| Money { amount, currency });
        let rule = match self.rule.as_str() {
            "fixed" => price.map(|price| PriceRule::Fixed { price }),
            "percentage" => self
                .percent
                .map(|percent| PriceRule::Percentage { percent }),
            "any_of" => self
                .picks
                .zip(price)
                .map(|(count, price)| PriceRule::AnyOf { count, price }),
            _ => None,
        };
        rule.ok_or_else(|| StoreError::Corrupt {
            what: "price rule",
            value: self.rule.clone(),
        })
    }

    fn read(
        self,
        parts: Vec<Part>,
        merchant: Merchant,
        not_with: Vec<BundleId>,
        language: Language,
    ) -> Result<Bundle, StoreError> {
        Ok(Bundle {
            rule: self.rule()?,
            id: self.id.into(),
            name: text(&self.name, language),
            subtitle: text(&self.subtitle, language),
            description: text(&self.description, language),
            picture: picture(self.picture, &self.tint),
            serves: self.serves,
            merchant,
            parts,
            minimum: self.minimum,
            not_with,
            confidence: None,
            tasting: None,
        })
    }
}

#[derive(FromRow)]
struct OptionRow {
    part: u32,
    quantity: u32,
    difference: i64,
    variant: String,
    variant_name: String,
    price: i64,
    currency: String,
    stock: u32,
    product: String,
    name: String,
    picture: Option<String>,
    tint: String,
    arrived_at: Option<i64>,
    allergens: String,
}

impl OptionRow {
    fn read(self, language: Language, clock: &Clock) -> Result<PartOption, StoreError> {
        let currency = currency(&self.currency)?;
        let money = |amount| Money { amount, currency };
        Ok(PartOption {
            product: self.product.into(),
            variant: self.variant.into(),
            name: text(&self.name, language),
            variant_name: text(&self.variant_name, language),
            picture: picture(self.picture, &self.tint),
            price: money(self.price),
            stock: Stock::of(self.stock),
            difference: (self.difference != 0).then(|| money(self.difference)),
            arrived_at: self.arrived_at.map(|ms| clock.moment(ms)),
            allergens: allergens(&self.allergens),
        })
    }
}

/// The options of a bundle's parts, in their order.
const OPTIONS: &str = "
    SELECT o.part, p.quantity, o.difference, v.id AS variant, v.name AS variant_name, v.price, v.currency, v.stock,
           g.id AS product, g.name, g.picture, g.tint, g.arrived_at, g.allergens
    FROM bundle_options AS o
    JOIN bundle_parts AS p ON p.bundle = o.bundle AND p.position = o.part
    JOIN offered_variants AS v ON v.id = o.variant
    JOIN products AS g ON g.id = v.product
    WHERE o.bundle = ?1
    ORDER BY o.part, o.position";

/// The bundles that are offered in this transaction, in the shop's order; only `one` where that is
/// said.
pub(super) async fn offered(
    reading: &mut SqliteConnection,
    one: Option<&BundleId>,
    language: Language,
    clock: &Clock,
) -> Result<Vec<Offered>, StoreError> {
    let rows: Vec<BundleRow> = sqlx::query_as(
        "SELECT * FROM offered_bundles WHERE ?1 IS NULL OR id = ?1 ORDER BY position, id",
    )
    .bind(one.map(BundleId::as_str))
    .fetch_all(&mut *reading)
    .await?;
    let mut offered = Vec::with_capacity(rows.len());
    for row in rows {
        let options: Vec<OptionRow> = sqlx::query_as(OPTIONS)
            .bind(&row.id)
            .fetch_all(&mut *reading)
            .await?;
        let not_with: Vec<String> = sqlx::query_scalar(
            "SELECT other FROM bundles_apart WHERE one = ?1
             UNION SELECT one FROM bundles_apart WHERE other = ?1",
        )
        .bind(&row.id)
        .fetch_all(&mut *reading)
        .await?;
        let merchant = MerchantRow::of(reading, &row.merchant)
            .await?
            .read(language);
        let mut left = HashMap::new();
        let mut parts: Vec<(u32, Part)> = Vec::new();
        for option in options {
            let (at, quantity, stock) = (option.part, option.quantity, option.stock);
            let option = option.read(language, clock)?;
            left.insert(option.variant.clone(), stock);
            match parts.last_mut() {
                Some((part, there)) if *part == at => there.options.push(option),
                _ => parts.push((
                    at,
                    Part {
                        quantity,
                        options: vec![option],
                    },
                )),
            }
        }
        let keys = row.search_keys.lines().map(str::to_owned).collect();
        let parts = parts.into_iter().map(|(_, part)| part).collect();
        let not_with = not_with.into_iter().map(Into::into).collect();
        offered.push(Offered {
            bundle: row.read(parts, merchant, not_with, language)?,
            keys,
            left,
        });
    }
    Ok(offered)
}

/// All bundles as lists show them: first those that can be had, each in the shop's order.
pub(super) async fn summaries(
    reading: &mut SqliteConnection,
    language: Language,
    clock: &Clock,
) -> Result<Vec<BundleSummary>, StoreError> {
    let mut summaries = offered(reading, None, language, clock)
        .await?
        .into_iter()
        .map(Offered::summary)
        .collect::<Result<Vec<_>, _>>()?;
    summaries.sort_by_key(|bundle| !bundle.stock.available());
    Ok(summaries)
}

/// A bundle that can be had, and what one gets in it.
pub(super) struct Set {
    pub(super) summary: BundleSummary,
    products: Vec<ProductId>,
}

impl Set {
    /// Whether all of these are in it without a swap.
    pub(super) fn has(&self, products: &[&ProductId]) -> bool {
        products.iter().all(|one| self.products.contains(one))
    }
}

/// The bundles that can be had, except those where one picks.
pub(super) async fn sets(
    reading: &mut SqliteConnection,
    language: Language,
    clock: &Clock,
) -> Result<Vec<Set>, StoreError> {
    let mut sets = Vec::new();
    for offered in offered(reading, None, language, clock).await? {
        if matches!(offered.bundle.rule, PriceRule::AnyOf { .. }) {
            continue;
        }
        let parts = offered.bundle.parts.iter();
        let firsts = parts.filter_map(|part| part.options.first());
        let products = firsts.map(|option| option.product.clone()).collect();
        let summary = offered.summary()?;
        if summary.stock.available() {
            sets.push(Set { summary, products });
        }
    }
    Ok(sets)
}

impl Store {
    /// All bundles, on one page: a shop has few.
    pub async fn bundles(
        &self,
        language: Language,
        clock: &Clock,
    ) -> Result<Page<BundleSummary>, StoreError> {
        let mut reading = self.pool.begin().await?;
        let items = summaries(&mut reading, language, clock).await?;
        Ok(Page {
            total: u32::try_from(items.len()).ok(),
            items,
            next_cursor: None,
        })
    }

    /// One bundle, `None` when no such is offered.
    pub async fn bundle(
        &self,
        id: &BundleId,
        language: Language,
        clock: &Clock,
    ) -> Result<Option<Bundle>, StoreError> {
        let habits = self.habits(clock).await?;
        let mut reading = self.pool.begin().await?;
        let offered = offered(&mut reading, Some(id), language, clock).await?;
        let tasting = tastings::of_bundle(&mut reading, id, language, clock).await?;
        Ok(offered.into_iter().next().map(|offered| Bundle {
            confidence: habits.confidence(&offered.bundle),
            tasting,
            ..offered.bundle
        }))
    }
}
