//! How one looks for products: what is asked for, in which order, and how texts are compared.

use crate::id::{CategoryId, MerchantId};
use crate::page::{Cursor, MAX_LIMIT};
use crate::problem::FieldProblem;
use serde::Serialize;

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
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_search_forgives_case_width_and_spaces() {
        assert_eq!(search_key("ＳＷＹ "), "swy");
        assert_eq!(search_key("三文鱼 200g"), "三文鱼200g");
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
    }
}
