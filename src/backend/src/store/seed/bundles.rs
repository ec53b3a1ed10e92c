//! The bundles of a new shop.

use super::search_keys;
use serde::Deserialize;
use serde_json::Value;
use sqlx::SqliteConnection;

#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs, reason = "the columns of the schema")]
pub struct BundleSeed {
    pub id: String,
    pub merchant: String,
    pub name: Value,
    pub subtitle: Value,
    pub description: Value,
    pub picture: Option<String>,
    pub tint: String,
    /// Toneless pinyin, syllables apart.
    pub pinyin: String,
    #[serde(default)]
    pub serves: u32,
    #[serde(default = "one")]
    pub minimum: u32,
    pub rule: RuleSeed,
    pub parts: Vec<PartSeed>,
    /// Ids of the bundles that it is not sold beside; saying it of one of the two is enough.
    #[serde(default)]
    pub not_with: Vec<String>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[allow(missing_docs, reason = "the columns of the schema")]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RuleSeed {
    Fixed { price: i64 },
    Percentage { percent: u32 },
    AnyOf { count: u32, price: i64 },
}

#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs, reason = "the columns of the schema")]
pub struct PartSeed {
    #[serde(default = "one")]
    pub quantity: u32,
    /// What one gets first, then its swaps.
    pub options: Vec<OptionSeed>,
}

#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs, reason = "the columns of the schema")]
pub struct OptionSeed {
    pub variant: String,
    #[serde(default)]
    pub difference: i64,
}

fn one() -> u32 {
    1
}

/// Writes bundles; the products in them must be there.
pub(super) async fn insert(
    writing: &mut SqliteConnection,
    bundles: &[BundleSeed],
) -> Result<(), sqlx::Error> {
    for (position, bundle) in (1..).zip(bundles) {
        insert_bundle(writing, position, bundle).await?;
    }
    for bundle in bundles {
        for other in &bundle.not_with {
            sqlx::query(
                "INSERT OR IGNORE INTO bundles_apart (one, other) VALUES (min(?1, ?2), max(?1, ?2))",
            )
            .bind(&bundle.id)
            .bind(other)
            .execute(&mut *writing)
            .await?;
        }
    }
    Ok(())
}

async fn insert_bundle(
    writing: &mut SqliteConnection,
    position: u32,
    bundle: &BundleSeed,
) -> Result<(), sqlx::Error> {
    let (rule, price, percent, picks) = match bundle.rule {
        RuleSeed::Fixed { price } => ("fixed", Some(price), None, None),
        RuleSeed::Percentage { percent } => ("percentage", None, Some(percent), None),
        RuleSeed::AnyOf { count, price } => ("any_of", Some(price), None, Some(count)),
    };
    sqlx::query(
        "INSERT INTO bundles (id, position, merchant, name, subtitle, description, picture, tint, serves, minimum,
                              rule, price, percent, picks, search_keys)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&bundle.id)
    .bind(position)
    .bind(&bundle.merchant)
    .bind(bundle.name.to_string())
    .bind(bundle.subtitle.to_string())
    .bind(bundle.description.to_string())
    .bind(&bundle.picture)
    .bind(&bundle.tint)
    .bind(bundle.serves)
    .bind(bundle.minimum)
    .bind(rule)
    .bind(price)
    .bind(percent)
    .bind(picks)
    .bind(search_keys(&bundle.name, &bundle.pinyin, None).join("\n"))
    .execute(&mut *writing)
    .await?;
    for (part, there) in (1_u32..).zip(&bundle.parts) {
        sqlx::query("INSERT INTO bundle_parts (bundle, position, quantity) VALUES (?, ?, ?)")
            .bind(&bundle.id)
            .bind(part)
            .bind(there.quantity)
            .execute(&mut *writing)
            .await?;
        for (position, option) in (1_u32..).zip(&there.options) {
            sqlx::query(
                "INSERT INTO bundle_options (bundle, part, position, variant, difference) VALUES (?, ?, ?, ?, ?)",
            )
            .bind(&bundle.id)
            .bind(part)
            .bind(position)
            .bind(&option.variant)
            .bind(option.difference)
            .execute(&mut *writing)
            .await?;
        }
    }
    Ok(())
}
