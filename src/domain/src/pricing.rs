//! What a cart costs, line by line. The backend decides with these functions; the page estimates
//! with the very same ones. A whole cart, with bundles, coupons and points, is priced at
//! [the till](crate::till).

use crate::catalog::Picture;
use crate::coupon::QuotedCoupon;
use crate::id::{BundleId, CouponId, MerchantId, ProductId, QuoteId, VariantId};
use crate::money::{Currency, Money, MoneyError};
use crate::points::QuotedPoints;
use crate::time::Moment;
use serde::Serialize;

/// The most lines a cart may have, bundles counted among them.
pub const MAX_LINES: usize = 100;

/// A cart that wants a price.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuoteRequest {
    /// No variant twice. Lines and bundles together: at least one, at most [`MAX_LINES`].
    pub lines: Vec<WantedLine>,
    /// No choice of a bundle twice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bundles: Vec<WantedBundle>,
    /// The coupons to use, as far as they may be: of two that cannot be combined, the first.
    /// Absent: those that save most together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coupons: Option<Vec<CouponId>>,
    /// Whether as many points as possible are used.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub use_points: bool,
}

crate::readable!(QuoteRequest { lines, bundles or Default::default(), coupons, use_points or false });

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

/// So many sets of one choice of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WantedBundle {
    /// What is wanted.
    pub bundle: BundleId,
    /// A variant for each part, in their order; with `any_of` one for each pick. As
    /// [`Bundle::choice`](crate::bundle::Bundle::choice) makes it, so that one choice is written in
    /// one way only.
    pub choice: Vec<VariantId>,
    /// In sets, 1 to [`MAX_QUANTITY`](crate::cart::MAX_QUANTITY).
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 99))]
    pub quantity: u32,
    /// The price of one set that the shopper has seen and accepts; without it any price is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Money>,
}

crate::readable!(WantedBundle {
    bundle,
    choice,
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
    /// A bundle for each one asked for, in the same order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bundles: Vec<QuoteBundle>,
    /// The same goods by who sells them. An order has a part for each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merchants: Vec<MerchantPart>,
    /// The sum of all lines and bundles that can be had as asked for, before coupons and points;
    /// absent when nothing comes off: then it is `total`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goods: Option<Money>,
    /// Every coupon of the member, with its reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coupons: Vec<QuotedCoupon>,
    /// The member's points; absent when nobody is signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<QuotedPoints>,
    /// What bundles, coupons and points take off altogether; absent when that is nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saved: Option<Money>,
    /// What is to pay: `goods` less coupons and points.
    pub total: Money,
    /// Whether it can be ordered: no line and no bundle has a problem.
    pub orderable: bool,
    /// The server's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub now: Moment,
    /// Until when an order may name it.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub expires_at: Moment,
}

crate::readable!(Quote { id, lines, bundles or Default::default(), merchants or Default::default(), goods, coupons or Default::default(), points, saved, total, orderable, now, expires_at });

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
    /// What coupons take off `total`; absent when that is nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Money>,
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
    discount,
    problem
});

/// A priced bundle: one line of the cart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuoteBundle {
    /// What was asked for.
    pub bundle: BundleId,
    /// What was chosen.
    pub choice: Vec<VariantId>,
    /// How many sets were asked for.
    pub quantity: u32,
    /// Its name; absent when it is no longer sold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
    /// Who packs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchant: Option<MerchantId>,
    /// What is in one set, in the order of the choice; empty when it cannot be chosen like this.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<QuotePart>,
    /// The price of one set now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<Money>,
    /// What the parts of one set cost alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alone: Option<Money>,
    /// The price of all sets that can be had as asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Money>,
    /// Why it cannot be ordered like this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<LineProblem>,
    /// The choice that would help, for `part_sold_out`, `part_no_longer_sold` and `stock_short`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swap: Option<Swap>,
    /// The bundle it is not sold beside, for `not_combinable`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflict: Option<BundleId>,
}

crate::readable!(QuoteBundle { bundle, choice, quantity, name, picture, merchant, parts or Default::default(), unit_price, alone, total, problem, swap, conflict });

/// A part of a priced bundle. All amounts are for one set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuotePart {
    /// What it is.
    pub variant: VariantId,
    /// How many pieces are in one set.
    pub quantity: u32,
    /// What it is, as it is shown; absent when it is no longer sold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<Item>,
    /// What it costs alone.
    pub alone: Money,
    /// Its share of the bundle's price.
    pub price: Money,
    /// Whether it is what is missing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub short: bool,
}

crate::readable!(QuotePart { variant, quantity, item, alone, price, short or false });

/// Another choice of a bundle, that can be had as often as was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Swap {
    /// The whole choice.
    pub choice: Vec<VariantId>,
    /// The names of what comes in, for the button.
    pub names: Vec<String>,
    /// What one set costs then.
    pub unit_price: Money,
}

crate::readable!(Swap {
    choice,
    names,
    unit_price
});

/// What one merchant has to do with a cart or an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MerchantPart {
    /// Who sells it.
    pub merchant: MerchantId,
    /// Its name.
    pub name: String,
    /// Where it is picked up, in words.
    #[serde(default)]
    pub pickup: String,
    /// From when on, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub pickup_from: Option<Moment>,
    /// What its goods cost, before coupons and points.
    pub subtotal: Money,
}

crate::readable!(MerchantPart { merchant, name, pickup or Default::default(), pickup_from, subtotal });

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
    /// How many must be taken at least, for `minimum_not_reached`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least: Option<u32>,
}

crate::readable!(LineProblem {
    kind,
    left,
    was,
    least
});

impl From<LineProblemKind> for LineProblem {
    fn from(kind: LineProblemKind) -> Self {
        Self {
            kind,
            left: None,
            was: None,
            least: None,
        }
    }
}

/// What one tap can do about a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Take the price that it has now.
    AcceptPrice,
    /// Take so many.
    Take(u32),
    /// Take the choice that the quote offers.
    Swap,
    /// Take it out.
    TakeOut,
}

impl LineProblem {
    /// What helps without another choice.
    pub fn remedy(&self) -> Remedy {
        match (self.kind, self.left, self.least) {
            (LineProblemKind::PriceMoved, ..) => Remedy::AcceptPrice,
            (LineProblemKind::StockShort, Some(left), _) if left > 0 => Remedy::Take(left),
            (LineProblemKind::MinimumNotReached, _, Some(least)) => Remedy::Take(least),
            _ => Remedy::TakeOut,
        }
    }
}

impl QuoteBundle {
    /// What helps: another choice where there is one, because the shopper then keeps the bundle.
    pub fn remedy(&self) -> Option<Remedy> {
        let problem = self.problem.as_ref()?;
        Some(match self.swap {
            Some(_) => Remedy::Swap,
            None => problem.remedy(),
        })
    }
}

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
    /// A part of the bundle, as it was chosen, is sold out.
    PartSoldOut,
    /// A part of the bundle, as it was chosen, is not offered any more.
    PartNoLongerSold,
    /// It is sold from some number on.
    MinimumNotReached,
    /// It is not sold beside another bundle of the cart.
    NotCombinable,
    /// Newer than this code: the line can only be taken out.
    #[serde(other)]
    Unknown,
}

crate::readable_words!(LineProblemKind { "price_moved" => PriceMoved, "stock_short" => StockShort, "sold_out" => SoldOut, "no_longer_sold" => NoLongerSold, "part_sold_out" => PartSoldOut, "part_no_longer_sold" => PartNoLongerSold, "minimum_not_reached" => MinimumNotReached, "not_combinable" => NotCombinable } else Unknown);

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
    let problem = |kind, left, was| {
        Some(LineProblem {
            left,
            was,
            ..LineProblem::from(kind)
        })
    };
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
