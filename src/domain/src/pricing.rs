//! What a cart costs. The backend decides with these functions; the page estimates with the very
//! same ones.

use crate::catalog::Picture;
use crate::id::{MerchantId, ProductId, QuoteId, VariantId};
use crate::money::{Currency, Money, MoneyError};
use crate::time::Moment;
use serde::Serialize;

/// The most lines a cart may have.
pub const MAX_LINES: usize = 100;

/// A cart that wants a price.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuoteRequest {
    /// At least one line, at most [`MAX_LINES`]; no variant twice.
    pub lines: Vec<WantedLine>,
}

crate::readable!(QuoteRequest { lines });

/// So many of one variant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WantedLine {
    /// What is wanted.
    pub variant: VariantId,
    /// 1 to [`MAX_QUANTITY`](crate::cart::MAX_QUANTITY).
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 99))]
    pub quantity: u32,
    /// The price that the shopper has seen and accepts; without it any price is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Money>,
}

crate::readable!(WantedLine {
    variant,
    quantity,
    seen
});

/// A priced cart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Quote {
    /// Names exactly these prices of these lines; an order says which quote it accepts.
    pub id: QuoteId,
    /// A line for each one asked for, in the same order.
    pub lines: Vec<QuoteLine>,
    /// The sum of all lines that can be had as asked for.
    pub total: Money,
    /// Whether it can be ordered: no line has a problem.
    pub orderable: bool,
    /// The server's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub now: Moment,
    /// Until when an order may name it.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub expires_at: Moment,
}

crate::readable!(Quote {
    id,
    lines,
    total,
    orderable,
    now,
    expires_at
});

/// A priced line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuoteLine {
    /// What was asked for.
    pub variant: VariantId,
    /// How many were asked for.
    pub quantity: u32,
    /// What it is; absent when it is no longer sold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<Item>,
    /// The price of one now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<Money>,
    /// The price of all that can be had as asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Money>,
    /// Why it cannot be ordered like this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<LineProblem>,
}

crate::readable!(QuoteLine {
    variant,
    quantity,
    item,
    unit_price,
    total,
    problem
});

/// What a line is of, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Item {
    /// Its product.
    pub product: ProductId,
    /// Who sells it.
    pub merchant: MerchantId,
    /// The product's name.
    pub name: String,
    /// The variant's name.
    pub variant_name: String,
    /// Its picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
}

crate::readable!(Item {
    product,
    merchant,
    name,
    variant_name,
    picture
});

/// Why a line cannot be ordered as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LineProblem {
    /// What is wrong.
    pub kind: LineProblemKind,
    /// How many can be had, for `stock_short`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<u32>,
    /// The price that was seen, for `price_moved`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<Money>,
}

crate::readable!(LineProblem { kind, left, was });

/// What can be wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LineProblemKind {
    /// The price is another one than was seen.
    PriceMoved,
    /// There are fewer than asked for.
    StockShort,
    /// There is none at the moment.
    SoldOut,
    /// The shop does not sell it any more.
    NoLongerSold,
    /// Newer than this code: the line can only be taken out.
    #[serde(other)]
    Unknown,
}

crate::readable_words!(LineProblemKind { "price_moved" => PriceMoved, "stock_short" => StockShort, "sold_out" => SoldOut, "no_longer_sold" => NoLongerSold } else Unknown);

/// What the shop can give for a line now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The price of one.
    pub price: Money,
    /// How many there are.
    pub stock: u32,
}

/// What a line costs, or why it cannot be had like this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Priced {
    /// The price of all; `None` when they cannot be had.
    pub total: Option<Money>,
    /// What is wrong.
    pub problem: Option<LineProblem>,
}

/// Prices one line. A price that moved is a problem until it was seen; what is short comes before
/// it, because the number decides first.
pub fn price(wanted: &WantedLine, offer: Option<Offer>) -> Result<Priced, MoneyError> {
    let problem = |kind, left, was| Some(LineProblem { kind, left, was });
    let Some(offer) = offer else {
        return Ok(Priced {
            total: None,
            problem: problem(LineProblemKind::NoLongerSold, None, None),
        });
    };
    if offer.stock == 0 {
        return Ok(Priced {
            total: None,
            problem: problem(LineProblemKind::SoldOut, None, None),
        });
    }
    if wanted.quantity > offer.stock {
        return Ok(Priced {
            total: None,
            problem: problem(LineProblemKind::StockShort, Some(offer.stock), None),
        });
    }
    let moved = wanted.seen.filter(|seen| *seen != offer.price);
    Ok(Priced {
        total: Some(offer.price.times(wanted.quantity)?),
        problem: moved.and_then(|was| problem(LineProblemKind::PriceMoved, None, Some(was))),
    })
}

/// The sum of what can be had; nothing when that is nothing.
pub fn sum(totals: impl Iterator<Item = Money>, currency: Currency) -> Result<Money, MoneyError> {
    let mut sum = None;
    for total in totals {
        sum = Some(match sum {
            None => total,
            Some(sum) => total.plus(sum)?,
        });
    }
    Ok(sum.unwrap_or(Money::zero(currency)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wanted(quantity: u32, seen: Option<i64>) -> WantedLine {
        WantedLine {
            variant: "v".into(),
            quantity,
            seen: seen.map(Money::fen),
        }
    }

    fn offer(fen: i64, stock: u32) -> Option<Offer> {
        Some(Offer {
            price: Money::fen(fen),
            stock,
        })
    }

    #[test]
    fn says_what_is_wrong_with_a_line() {
        let kind = |wanted: &WantedLine, offer| {
            price(wanted, offer)
                .unwrap()
                .problem
                .map(|problem| problem.kind)
        };
        assert_eq!(kind(&wanted(2, Some(500)), offer(500, 2)), None);
        assert_eq!(kind(&wanted(2, None), offer(500, 2)), None);
        assert_eq!(
            kind(&wanted(2, Some(400)), offer(500, 2)),
            Some(LineProblemKind::PriceMoved)
        );
        assert_eq!(
            kind(&wanted(3, Some(400)), offer(500, 2)),
            Some(LineProblemKind::StockShort)
        );
        assert_eq!(
            kind(&wanted(3, None), offer(500, 0)),
            Some(LineProblemKind::SoldOut)
        );
        assert_eq!(
            kind(&wanted(3, None), None),
            Some(LineProblemKind::NoLongerSold)
        );
    }

    proptest! {
        #[test]
        fn a_line_without_a_problem_is_all_there_at_the_price_seen(
            quantity in 1_u32..100, seen in 0_i64..10_000, fen in 0_i64..10_000, stock in 0_u32..100,
        ) {
            let priced = price(&wanted(quantity, Some(seen)), offer(fen, stock)).unwrap();
            prop_assert_eq!(priced.problem.is_none(), quantity <= stock && seen == fen);
            if priced.problem.is_none() {
                prop_assert_eq!(priced.total, Some(Money::fen(fen * i64::from(quantity))));
            }
            // Nothing is ever charged that cannot be had.
            prop_assert!(priced.total.is_none() || quantity <= stock);
        }

        #[test]
        fn the_order_of_lines_does_not_matter(amounts in proptest::collection::vec(0_i64..1_000_000, 0..20)) {
            let there = sum(amounts.iter().map(|fen| Money::fen(*fen)), Currency::CNY).unwrap();
            let back = sum(amounts.iter().rev().map(|fen| Money::fen(*fen)), Currency::CNY).unwrap();
            prop_assert_eq!(there, back);
            prop_assert_eq!(there.amount, amounts.iter().sum::<i64>());
        }
    }
}
