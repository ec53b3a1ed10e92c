//! Bundles: goods sold together for one price, with parts that may be swapped. What a choice of
//! parts costs and how often it can be had is in [`crate::choice`].

use crate::catalog::{Allergen, Picture, Stock};
use crate::id::{BundleId, MerchantId, ProductId, VariantId};
use crate::money::Money;
use crate::shop::Merchant;
use crate::tasting::TastingSummary;
use crate::time::Moment;
use serde::Serialize;

/// A bundle as its own page shows it: `GET /bundles/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Bundle {
    /// Its id.
    pub id: BundleId,
    /// Its name.
    pub name: String,
    /// What it is, very short.
    #[serde(default)]
    pub subtitle: String,
    /// One to three sentences. Plain text.
    #[serde(default)]
    pub description: String,
    /// Its picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
    /// How many people it is for; 0 when that is not said.
    #[serde(default)]
    pub serves: u32,
    /// Who packs it and where it is picked up; all its parts count as this merchant's goods.
    pub merchant: Merchant,
    /// How its price is made.
    pub rule: PriceRule,
    /// What is in it. With `any_of` there is one part: what may be picked from.
    pub parts: Vec<Part>,
    /// How many sets an order must have at least.
    #[serde(default)]
    pub minimum: u32,
    /// The bundles that one order cannot have beside it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_with: Vec<BundleId>,
    /// Of a thousand baskets with its first part, how many have the others too; absent when too
    /// few were seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<u32>,
    /// Where it can be tasted before it is bought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tasting: Option<TastingSummary>,
}

crate::readable!(Bundle { id, name, subtitle or Default::default(), description or Default::default(), picture, serves or 0, merchant, rule, parts, minimum or 1, not_with or Default::default(), confidence, tasting });

/// How the price of a bundle is made. It is never more than the parts cost alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PriceRule {
    /// So much for its default choice; every swap adds its difference.
    Fixed {
        /// The price of the default choice.
        price: Money,
    },
    /// So much less than its parts alone.
    Percentage {
        /// Per cent taken off, 1 to 100; the price is rounded to the minor unit.
        percent: u32,
    },
    /// Any so many of what its one part offers, the same more than once too, for one price; a dearer
    /// one adds its difference.
    AnyOf {
        /// How many are picked.
        count: u32,
        /// The price of them together.
        price: Money,
    },
    /// Newer than this code: only the server can price it.
    #[serde(other)]
    Unknown,
}

crate::readable_kinds!(PriceRule {
    "fixed" => Fixed { price },
    "percentage" => Percentage { percent },
    "any_of" => AnyOf { count, price },
} else Unknown);

/// A part of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Part {
    /// How many pieces of it are in one set; at least 1.
    pub quantity: u32,
    /// What it can be: the first is what one gets, the others are swaps. At least one.
    pub options: Vec<PartOption>,
}

crate::readable!(Part { quantity, options });

/// What a part of a bundle can be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PartOption {
    /// The product, for its page.
    pub product: ProductId,
    /// What is in the bundle.
    pub variant: VariantId,
    /// The product's name.
    pub name: String,
    /// The variant's name.
    #[serde(default)]
    pub variant_name: String,
    /// Its picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
    /// What one piece costs alone.
    pub price: Money,
    /// What is left of it, in pieces.
    pub stock: Stock,
    /// What the bundle costs more (or less, when negative) with it than with the first option: for
    /// the whole part, whatever its quantity. Absent when that is nothing, and with `percentage`,
    /// which goes by what the parts cost alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difference: Option<Money>,
    /// When it came to the shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub arrived_at: Option<Moment>,
    /// What somebody may be allergic to.
    #[serde(default)]
    pub allergens: Vec<Allergen>,
}

crate::readable!(PartOption { product, variant, name, variant_name or Default::default(), picture, price, stock, difference, arrived_at, allergens or Default::default() });

/// A bundle as lists show it, with its default choice. The whole one is a [`Bundle`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BundleSummary {
    /// Its id.
    pub id: BundleId,
    /// Its name.
    pub name: String,
    /// What is in it, very short: `三文鱼 · 藜麦 · 柠檬`.
    #[serde(default)]
    pub subtitle: String,
    /// Who packs it.
    pub merchant: MerchantId,
    /// Its picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
    /// How many people it is for; 0 when that is not said.
    #[serde(default)]
    pub serves: u32,
    /// What it costs.
    pub price: Money,
    /// What its parts cost alone.
    pub alone: Money,
    /// What is left of it, in sets.
    pub stock: Stock,
    /// What one may type to find it, as for a product.
    #[serde(default)]
    pub keys: Vec<String>,
}

crate::readable!(BundleSummary { id, name, subtitle or Default::default(), merchant, picture, serves or 0, price, alone, stock, keys or Default::default() });

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_read_back() {
        for (rule, json) in [
            (
                PriceRule::Fixed {
                    price: Money::fen(5_980),
                },
                r#"{"kind":"fixed","price":{"amount":5980,"currency":"CNY"}}"#,
            ),
            (
                PriceRule::Percentage { percent: 15 },
                r#"{"kind":"percentage","percent":15}"#,
            ),
            (
                PriceRule::AnyOf {
                    count: 3,
                    price: Money::fen(1_000),
                },
                r#"{"kind":"any_of","count":3,"price":{"amount":1000,"currency":"CNY"}}"#,
            ),
            (PriceRule::Unknown, r#"{"kind":"unknown"}"#),
        ] {
            assert_eq!(serde_json::to_string(&rule).unwrap(), json);
            assert_eq!(serde_json::from_str::<PriceRule>(json).unwrap(), rule);
        }
        let newer = r#"{"kind":"by_the_moon","phase":3}"#;
        assert_eq!(
            serde_json::from_str::<PriceRule>(newer).unwrap(),
            PriceRule::Unknown
        );
        let wrong = serde_json::from_str::<PriceRule>(r#"{"kind":"fixed"}"#).unwrap_err();
        assert!(wrong.to_string().contains("it is missing at $.price"));
    }
}
