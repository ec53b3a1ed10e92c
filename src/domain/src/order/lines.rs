//! What was bought, as it was bought: lines, bundles, and the coupons that were used.

use super::is_nothing;
use crate::catalog::Picture;
use crate::id::{BundleId, CouponId, ProductId, VariantId};
use crate::money::Money;
use serde::Serialize;

/// A line of an order, as it was bought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrderLine {
    /// Its place in the order: no other line and no part of a bundle has it.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub place: u32,
    /// Its product, which may be gone meanwhile.
    pub product: ProductId,
    /// Its variant, which may be gone meanwhile.
    pub variant: VariantId,
    /// The product's name.
    pub name: String,
    /// The variant's name.
    pub variant_name: String,
    /// Its picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
    /// How many.
    pub quantity: u32,
    /// The price of one, then.
    pub unit_price: Money,
    /// The price of all; of a part of a bundle its share of the bundle's price.
    pub total: Money,
    /// What was paid for all in money, coupons and points taken off; absent when it was `total`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid: Option<Money>,
    /// How many points paid for all.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub points: u32,
    /// How many were given back.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub returned: u32,
}

crate::readable!(OrderLine { place or 0, product, variant, name, variant_name, picture, quantity, unit_price, total, paid, points or 0, returned or 0 });

/// A bundle of an order, as it was bought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrderBundle {
    /// Which one, which may be gone meanwhile.
    pub bundle: BundleId,
    /// What it was called.
    pub name: String,
    /// Its picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
    /// How many sets.
    pub quantity: u32,
    /// The price of one set, then.
    pub unit_price: Money,
    /// The price of all.
    pub total: Money,
    /// What was in it: the pieces of all sets together, each part with its share of the price. In
    /// the order of the choice.
    pub parts: Vec<OrderLine>,
}

crate::readable!(OrderBundle {
    bundle,
    name,
    picture,
    quantity,
    unit_price,
    total,
    parts
});

/// A coupon that an order used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrderCoupon {
    /// Which one.
    pub coupon: CouponId,
    /// What it was called.
    pub name: String,
    /// What it took off.
    pub off: Money,
    /// The places of the lines and parts that it took something off.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<u32>,
}

crate::readable!(OrderCoupon { coupon, name, off, lines or Default::default() });
