//! What the shop sells: categories, products and their variants, and how one looks for them.

mod picture;
mod query;
mod stock;
mod variant;

pub use picture::{Picture, Tint};
pub use query::{MAX_QUERY_CHARS, ProductQuery, Sort, search_key};
pub use stock::{Stock, StockLevel};
pub use variant::{Content, Unit, UnitPrice, Variant};

use crate::bundle::BundleSummary;
use crate::id::{CategoryId, MerchantId, ProductId, VariantId};
use crate::shop::Merchant;
use crate::tasting::TastingSummary;
use crate::time::Moment;
use serde::Serialize;

/// A shelf of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Category {
    /// Its id, for `?category=`.
    pub id: CategoryId,
    /// Its name in the language asked for.
    pub name: String,
    /// How many products stand on it.
    #[serde(default)]
    pub product_count: u32,
}

crate::readable!(Category { id, name, product_count or Default::default() });

/// A product as lists show it. The whole one is a [`Product`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProductSummary {
    /// Its id.
    pub id: ProductId,
    /// Its name.
    pub name: String,
    /// What and how much, very short: `云南 · 2 个`.
    #[serde(default)]
    pub subtitle: String,
    /// Who sells it.
    pub merchant: MerchantId,
    /// Where it stands.
    pub category: CategoryId,
    /// Its picture, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
    /// The variant whose price is shown: the first that can be had, else the first.
    pub lead: Variant,
    /// How many variants there are; with more than one, the page asks which.
    #[serde(default)]
    pub variant_count: u32,
    /// What one may type to find it: its name, and its pinyin whole and as initials.
    #[serde(default)]
    pub keys: Vec<String>,
}

crate::readable!(ProductSummary { id, name, subtitle or Default::default(), merchant, category, picture, lead, variant_count or 1, keys or Default::default() });

/// A product as its own page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Product {
    /// Its id.
    pub id: ProductId,
    /// Its name.
    pub name: String,
    /// What and how much, very short.
    #[serde(default)]
    pub subtitle: String,
    /// One to three sentences. Plain text.
    #[serde(default)]
    pub description: String,
    /// Who sells it and where it is picked up.
    pub merchant: Merchant,
    /// Where it stands.
    pub category: Category,
    /// Its pictures, the best first.
    #[serde(default)]
    pub pictures: Vec<Picture>,
    /// How it is sold; at least one.
    pub variants: Vec<Variant>,
    /// Where it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// The delivery it came with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<Batch>,
    /// How long it keeps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shelf_life: Option<String>,
    /// How to keep it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage: Option<String>,
    /// What somebody may be allergic to.
    #[serde(default)]
    pub allergens: Vec<Allergen>,
    /// What goes well with it, as the neighbours' baskets say; the best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub companions: Vec<Companion>,
    /// Where it can be tasted before it is bought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tasting: Option<TastingSummary>,
}

crate::readable!(Product { id, name, subtitle or Default::default(), description or Default::default(), merchant, category, pictures or Default::default(), variants, origin, batch, shelf_life, storage, allergens or Default::default(), companions or Default::default(), tasting });

impl Product {
    /// The variant to show first: the one asked for, else the first that can be had, else the first.
    pub fn variant(&self, asked: Option<&VariantId>) -> Option<&Variant> {
        let named = asked.and_then(|id| self.variants.iter().find(|variant| variant.id == *id));
        named
            .or_else(|| {
                self.variants
                    .iter()
                    .find(|variant| variant.stock.available())
            })
            .or_else(|| self.variants.first())
    }
}

/// What many put into the same basket; the figures are those of [`crate::basket::Rule`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Companion {
    /// What is bought with it.
    pub product: ProductSummary,
    /// Of a thousand baskets, how many have both.
    #[serde(default)]
    pub support: u32,
    /// Of a thousand baskets with the first, how many have this one too.
    #[serde(default)]
    pub confidence: u32,
    /// How much more often together than by chance, in hundredths: 100 is chance itself.
    #[serde(default)]
    pub lift: u32,
    /// The bundle that has both, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bundle: Option<BundleSummary>,
}

crate::readable!(Companion { product, support or 0, confidence or 0, lift or 0, bundle });

/// A delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Batch {
    /// The number on the crate.
    pub code: String,
    /// When it came to the shop.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub arrived_at: Moment,
}

crate::readable!(Batch { code, arrived_at });

/// What somebody may be allergic to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Allergen {
    /// Fish.
    Fish,
    /// Crab, shrimp, lobster.
    Crustacean,
    /// Egg.
    Egg,
    /// Milk.
    Milk,
    /// Wheat and other gluten.
    Gluten,
    /// Soy.
    Soy,
    /// Tree nuts.
    Nuts,
    /// Peanut.
    Peanut,
    /// Sesame.
    Sesame,
    /// Newer than this code: shown as "ask in the shop", never left out.
    #[serde(other)]
    Unknown,
}

crate::readable_words!(Allergen { "fish" => Fish, "crustacean" => Crustacean, "egg" => Egg, "milk" => Milk, "gluten" => Gluten, "soy" => Soy, "nuts" => Nuts, "peanut" => Peanut, "sesame" => Sesame } else Unknown);

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_value_never_breaks_a_page() {
        assert_eq!(
            serde_json::from_str::<Tint>("\"ultraviolet\"").unwrap(),
            Tint::Unknown
        );
        assert_eq!(
            serde_json::from_str::<Allergen>("\"lupin\"").unwrap(),
            Allergen::Unknown
        );
        let stock: Stock = serde_json::from_str(r#"{"level":"tomorrow","lorry":7}"#).unwrap();
        assert!(stock.available());
    }
}
