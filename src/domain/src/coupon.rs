//! Coupons: what each takes off, for whom and when. Which of them may be used together, and which
//! of them save most, is in [`crate::combination`].

use crate::id::{CouponId, MerchantId, VariantId};
use crate::money::Money;
use crate::time::Moment;
use serde::Serialize;

/// A coupon that a member holds: `GET /me/coupons`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Coupon {
    /// Its id.
    pub id: CouponId,
    /// What it is called: `满 99 减 10`.
    pub name: String,
    /// A word more; may be empty.
    #[serde(default)]
    pub note: String,
    /// What it gives.
    pub benefit: Benefit,
    /// What the goods it is good for must cost at least, bundles at their own price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Money>,
    /// It is good for the goods of this merchant only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchant: Option<MerchantId>,
    /// It is good for a first order only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub newcomers: bool,
    /// What it may be used beside.
    pub stacking: Stacking,
    /// From when on it is good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub valid_from: Option<Moment>,
    /// Until when it is good, that moment not included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub valid_until: Option<Moment>,
    /// For how many orders it can still be used.
    #[serde(default)]
    pub left: u32,
}

crate::readable!(Coupon { id, name, note or Default::default(), benefit, at_least, merchant, newcomers or false, stacking, valid_from, valid_until, left or 1 });

/// What a coupon gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Benefit {
    /// So much off; with `at_least` it is 满减.
    Amount {
        /// How much.
        off: Money,
    },
    /// A share off.
    Percentage {
        /// Per cent taken off, 1 to 100; rounded to the minor unit.
        percent: u32,
        /// But never more than this.
        #[serde(skip_serializing_if = "Option::is_none")]
        most: Option<Money>,
    },
    /// One piece of something for nothing, bought by itself and not in a bundle.
    FreeItem {
        /// What is free.
        variant: VariantId,
    },
    /// Something at a lower price, bought by itself and not in a bundle.
    MemberPrice {
        /// What is cheaper.
        variant: VariantId,
        /// What one costs.
        price: Money,
        /// For so many pieces at most.
        most: u32,
    },
    /// Newer than this code: only the server knows.
    #[serde(other)]
    Unknown,
}

crate::readable_kinds!(Benefit {
    "amount" => Amount { off },
    "percentage" => Percentage { percent, most },
    "free_item" => FreeItem { variant },
    "member_price" => MemberPrice { variant, price, most },
} else Unknown);

/// What a coupon may be used beside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Stacking {
    /// Beside nothing.
    Alone,
    /// One of these to an order.
    OnePerOrder,
    /// One of these to a merchant's part of an order.
    OnePerMerchant,
    /// Beside everything but those that stand alone.
    Free,
    /// Newer than this code: taken as standing alone.
    #[serde(other)]
    Unknown,
}

crate::readable_words!(Stacking { "alone" => Alone, "one_per_order" => OnePerOrder, "one_per_merchant" => OnePerMerchant, "free" => Free } else Unknown);

/// A coupon and what it has to do with a cart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuotedCoupon {
    /// The coupon.
    pub coupon: Coupon,
    /// Whether this quote uses it.
    pub chosen: bool,
    /// What it takes off this quote; for one that is not used but could be, what it would take off
    /// alone; else nothing.
    pub off: Money,
    /// Why it is used, or is not.
    pub reason: Reason,
}

crate::readable!(QuotedCoupon {
    coupon,
    chosen,
    off,
    reason
});

/// Why a coupon is used, or is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reason {
    /// In one word.
    pub kind: ReasonKind,
    /// How much is missing, for `below_minimum`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short: Option<Money>,
    /// Which of the chosen are in its way, for `not_combinable`: in their place it could be used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<CouponId>,
    /// How much less would be saved with it: in the place of those in its way, else beside the
    /// chosen. Negative when it would be more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub less: Option<Money>,
}

crate::readable!(Reason { kind, short, with or Default::default(), less });

/// Why a coupon is used, or is not, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReasonKind {
    /// It is used, and nothing saves more.
    Best,
    /// It is used, because it was asked for.
    Chosen,
    /// It could be used, but not beside some that are.
    NotCombinable,
    /// It could be used too, but nothing more would be saved.
    SavesNothing,
    /// It could be used too and save more, but others were asked for.
    LeftOut,
    /// The goods it is good for do not cost enough.
    BelowMinimum,
    /// Nothing in the cart is what it is good for.
    NothingEligible,
    /// It is for a first order.
    NotNewcomer,
    /// It is not good yet: `valid_from` says when.
    NotYet,
    /// It is not good any more.
    Expired,
    /// It was used.
    UsedUp,
    /// Newer than this code: not usable, for a reason that cannot be told.
    #[serde(other)]
    Unknown,
}

crate::readable_words!(ReasonKind { "best" => Best, "chosen" => Chosen, "not_combinable" => NotCombinable, "saves_nothing" => SavesNothing, "left_out" => LeftOut, "below_minimum" => BelowMinimum, "nothing_eligible" => NothingEligible, "not_newcomer" => NotNewcomer, "not_yet" => NotYet, "expired" => Expired, "used_up" => UsedUp } else Unknown);
