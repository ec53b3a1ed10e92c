//! One way a product is sold: what it costs, how much is in it, and its price made comparable.

use super::Stock;
use crate::id::VariantId;
use crate::money::Money;
use serde::Serialize;

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

#[cfg(test)]
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

    proptest! {
        #[test]
        fn a_unit_price_times_the_content_is_the_price(fen in 1_i64..1_000_000, amount in 1_u32..5_000) {
            if let Some(unit) = UnitPrice::of(Money::fen(fen), Content { amount, unit: Unit::G }) {
                let back = unit.price.amount as f64 * f64::from(amount) / 500.0;
                prop_assert!((back - fen as f64).abs() <= f64::from(amount) / 1_000.0 + 1e-6);
            }
        }
    }
}
