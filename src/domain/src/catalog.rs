//! What the shop sells: categories, products and their variants, and how one looks for them.

use crate::bundle::BundleSummary;
use crate::id::{CategoryId, MerchantId, ProductId, VariantId};
use crate::money::Money;
use crate::page::{Cursor, MAX_LIMIT};
use crate::problem::FieldProblem;
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

/// A picture and the plate it stands on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Picture {
    /// Absolute, or relative to the page.
    pub url: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// The colour of the plate under it.
    #[serde(default)]
    pub tint: Tint,
}

crate::readable!(Picture { url, width, height, tint or Default::default() });

/// Soft colours for the plate under a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Tint {
    /// Green.
    Leaf,
    /// Blue.
    Sea,
    /// Yellow.
    Sun,
    /// Pink.
    Rose,
    /// Violet.
    Dusk,
    /// Not said, or newer than this code: drawn neutral.
    #[default]
    #[serde(other)]
    Unknown,
}

crate::readable_words!(Tint { "leaf" => Leaf, "sea" => Sea, "sun" => Sun, "rose" => Rose, "dusk" => Dusk } else Unknown);

/// How much is in a variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Content {
    /// In `unit`s; more than 0.
    pub amount: u32,
    /// What is counted.
    pub unit: Unit,
}

crate::readable!(Content { amount, unit });

/// What contents are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Grams.
    G,
    /// Millilitres.
    Ml,
    /// Pieces.
    Piece,
    /// Newer than this code: no unit price is shown.
    #[serde(other)]
    Unknown,
}

crate::readable_words!(Unit { "g" => G, "ml" => Ml, "piece" => Piece } else Unknown);

/// A price made comparable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitPrice {
    /// The price of `per`.
    pub price: Money,
    /// 500 g (one 斤), 500 ml or one piece.
    pub per: Content,
}

impl UnitPrice {
    /// The price per 500 g, 500 ml or piece, rounded to the minor unit. `None` where it would say
    /// nothing new (the content is that unit itself) or cannot be said.
    pub fn of(price: Money, content: Content) -> Option<Self> {
        let amount = match content.unit {
            Unit::G | Unit::Ml => 500,
            Unit::Piece => 1,
            Unit::Unknown => return None,
        };
        if content.amount == amount {
            return None;
        }
        let price = price.ratio(amount, content.amount)?;
        Some(Self {
            price,
            per: Content {
                amount,
                unit: content.unit,
            },
        })
    }
}

/// How much of a variant is left, as far as the shop tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stock {
    /// In plain words.
    pub level: StockLevel,
    /// The exact number, said only when it is small.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<u32>,
}

crate::readable!(Stock { level, left });

/// Stock in plain words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum StockLevel {
    /// Sold out.
    None,
    /// The last ones.
    Few,
    /// Enough for everybody.
    Plenty,
    /// Newer than this code: may be ordered, the server decides.
    #[serde(other)]
    Unknown,
}

crate::readable_words!(StockLevel { "none" => None, "few" => Few, "plenty" => Plenty } else Unknown);

impl Stock {
    /// From here down the number is told.
    pub const FEW: u32 = 10;

    /// What is told about so many pieces.
    pub fn of(pieces: u32) -> Self {
        match pieces {
            0 => Self {
                level: StockLevel::None,
                left: Some(0),
            },
            1..=Self::FEW => Self {
                level: StockLevel::Few,
                left: Some(pieces),
            },
            _ => Self {
                level: StockLevel::Plenty,
                left: None,
            },
        }
    }

    /// Whether one can be put into a cart.
    pub fn available(&self) -> bool {
        self.level != StockLevel::None
    }

    /// The most that can be put into a cart at once.
    pub fn most(&self) -> u32 {
        self.left
            .unwrap_or(crate::cart::MAX_QUANTITY)
            .min(crate::cart::MAX_QUANTITY)
    }
}

/// One way a product is sold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Variant {
    /// Its id.
    pub id: VariantId,
    /// Its size or kind: `200g`, `一盒 10 枚`.
    pub name: String,
    /// What it costs now.
    pub price: Money,
    /// What it cost before, when it is on special; more than `price`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former_price: Option<Money>,
    /// How much is in it, for the unit price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
    /// What is left.
    pub stock: Stock,
}

crate::readable!(Variant {
    id,
    name,
    price,
    former_price,
    content,
    stock
});

impl Variant {
    /// The comparable price, where there is one.
    pub fn unit_price(&self) -> Option<UnitPrice> {
        UnitPrice::of(self.price, self.content?)
    }
}

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

/// In which order products come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// As the shop arranges them.
    #[default]
    Recommended,
    /// The cheapest first.
    PriceUp,
    /// The dearest first.
    PriceDown,
    /// The newest first.
    Newest,
}

crate::readable_words!(Sort { "recommended" => Recommended, "price_up" => PriceUp, "price_down" => PriceDown, "newest" => Newest } else Recommended);

impl Sort {
    /// All orders, the default first.
    pub const ALL: [Self; 4] = [
        Self::Recommended,
        Self::PriceUp,
        Self::PriceDown,
        Self::Newest,
    ];

    /// The value of `?sort=`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Recommended => "recommended",
            Self::PriceUp => "price_up",
            Self::PriceDown => "price_down",
            Self::Newest => "newest",
        }
    }
}

/// What is looked for: one vocabulary for the page's address, the client and the backend.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ProductQuery {
    /// Only this shelf.
    pub category: Option<CategoryId>,
    /// Only this merchant.
    pub merchant: Option<MerchantId>,
    /// Words: characters, pinyin or initials; every word must be found.
    pub q: String,
    /// Only what can be had now.
    pub in_stock: bool,
    /// Only what has a former price.
    pub on_special: bool,
    /// The order.
    pub sort: Sort,
    /// Where to go on.
    pub cursor: Option<Cursor>,
    /// How many at once, 1 to [`MAX_LIMIT`]; the backend chooses when `None`.
    pub limit: Option<u32>,
}

/// The longest `q`, in characters.
pub const MAX_QUERY_CHARS: usize = 64;

impl ProductQuery {
    /// The query's parameters in their one order; what is default is left out.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        let mut push =
            |name, value: Option<&str>| pairs.extend(value.map(|value| (name, value.to_owned())));
        push("category", self.category.as_ref().map(CategoryId::as_str));
        push("merchant", self.merchant.as_ref().map(MerchantId::as_str));
        push("q", Some(self.q.trim()).filter(|q| !q.is_empty()));
        push("in_stock", self.in_stock.then_some("true"));
        push("on_special", self.on_special.then_some("true"));
        push(
            "sort",
            Some(self.sort)
                .filter(|sort| *sort != Sort::default())
                .as_ref()
                .map(Sort::as_str),
        );
        push(
            "cursor",
            self.cursor.as_ref().map(|cursor| cursor.0.as_str()),
        );
        push(
            "limit",
            self.limit.map(|limit| limit.to_string()).as_deref(),
        );
        pairs
    }

    /// Reads parameters. What makes no sense is left at its default and reported: the backend
    /// refuses such a query, a page shows what is left of it.
    pub fn read(mut get: impl FnMut(&str) -> Option<String>) -> (Self, Vec<FieldProblem>) {
        let mut problems = Vec::new();
        let mut wrong = |field: &str, detail: &str| {
            problems.push(FieldProblem {
                field: field.to_owned(),
                detail: detail.to_owned(),
            });
        };
        let mut query = Self {
            category: get("category").filter(|id| !id.is_empty()).map(Into::into),
            merchant: get("merchant").filter(|id| !id.is_empty()).map(Into::into),
            cursor: get("cursor")
                .filter(|cursor| !cursor.is_empty())
                .map(Cursor),
            ..Self::default()
        };
        if let Some(q) = get("q") {
            if q.chars().count() > MAX_QUERY_CHARS {
                wrong("q", "at most 64 characters");
            }
            query.q = q.trim().chars().take(MAX_QUERY_CHARS).collect();
        }
        let mut flag = |name: &str| match get(name).as_deref() {
            None | Some("false" | "") => false,
            Some("true") => true,
            Some(_) => {
                wrong(name, "true or false");
                false
            }
        };
        query.in_stock = flag("in_stock");
        query.on_special = flag("on_special");
        if let Some(name) = get("sort") {
            match Sort::ALL.iter().find(|sort| sort.as_str() == name) {
                Some(sort) => query.sort = *sort,
                None => wrong("sort", "recommended, price_up, price_down or newest"),
            }
        }
        if let Some(text) = get("limit") {
            match text.parse() {
                Ok(limit) if (1..=MAX_LIMIT).contains(&limit) => query.limit = Some(limit),
                _ => wrong("limit", "a number from 1 to 100"),
            }
        }
        (query, problems)
    }
}

/// How a text is compared when one searches: lower case, full-width forms made plain, no spaces.
pub fn search_key(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            // Full-width ASCII, as a Chinese keyboard types it.
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            '\u{3000}' => ' ',
            _ => c,
        })
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn prices_are_made_comparable() {
        let of = |fen, amount, unit| {
            UnitPrice::of(Money::fen(fen), Content { amount, unit }).map(|unit| unit.price.amount)
        };
        assert_eq!(of(4_590, 200, Unit::G), Some(11_475));
        assert_eq!(of(1_880, 10, Unit::Piece), Some(188));
        assert_eq!(
            of(1_590, 500, Unit::G),
            None,
            "it is the price of 500 g already"
        );
        assert_eq!(of(1_590, 0, Unit::G), None);
        assert_eq!(of(1_590, 3, Unit::Unknown), None);
    }

    #[test]
    fn stock_is_told_in_words() {
        assert_eq!(Stock::of(0).level, StockLevel::None);
        assert_eq!(
            Stock::of(10),
            Stock {
                level: StockLevel::Few,
                left: Some(10)
            }
        );
        assert_eq!(
            Stock::of(11),
            Stock {
                level: StockLevel::Plenty,
                left: None
            }
        );
    }

    #[test]
    fn a_search_forgives_case_width_and_spaces() {
        assert_eq!(search_key("ＳＷＹ "), "swy");
        assert_eq!(search_key("三文鱼 200g"), "三文鱼200g");
    }

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

    fn any_query() -> impl Strategy<Value = ProductQuery> {
        (
            proptest::option::of("[a-z]{1,8}"),
            proptest::option::of("[a-z]{1,8}"),
            "[a-z三文鱼]{0,12}",
            any::<(bool, bool)>(),
            0_usize..4,
            proptest::option::of("[a-zA-Z0-9_-]{1,20}"),
            proptest::option::of(1_u32..=MAX_LIMIT),
        )
            .prop_map(
                |(category, merchant, q, (in_stock, on_special), sort, cursor, limit)| {
                    ProductQuery {
                        category: category.map(Into::into),
                        merchant: merchant.map(Into::into),
                        q,
                        in_stock,
                        on_special,
                        sort: Sort::ALL.get(sort).copied().unwrap_or_default(),
                        cursor: cursor.map(Cursor),
                        limit,
                    }
                },
            )
    }

    proptest! {
        #[test]
        fn a_query_is_read_back_as_written(query in any_query()) {
            let pairs = query.pairs();
            let get = |name: &str| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone());
            prop_assert_eq!(ProductQuery::read(get), (query, vec![]));
        }

        #[test]
        fn no_parameter_breaks_the_reader(value in "\\PC{0,80}") {
            let (query, _) = ProductQuery::read(|_| Some(value.clone()));
            prop_assert!(query.q.chars().count() <= MAX_QUERY_CHARS);
        }

        #[test]
        fn a_unit_price_times_the_content_is_the_price(fen in 1_i64..1_000_000, amount in 1_u32..5_000) {
            if let Some(unit) = UnitPrice::of(Money::fen(fen), Content { amount, unit: Unit::G }) {
                let back = unit.price.amount as f64 * f64::from(amount) / 500.0;
                prop_assert!((back - fen as f64).abs() <= f64::from(amount) / 1_000.0 + 1e-6);
            }
        }
    }
}
