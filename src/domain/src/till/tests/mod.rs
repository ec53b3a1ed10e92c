//! The till against the picture of the cart, and against whatever carts there may be.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod any_cart;
mod problems;
mod sums;

use super::*;
use crate::bundle::{Bundle, Part, PartOption, PriceRule};
use crate::catalog::Stock;
use crate::coupon::{Benefit, Stacking};
use crate::money::Currency;
use crate::pricing::{Offer, WantedBundle, WantedLine};
use crate::shop::{Merchant, MerchantKind};

fn option(variant: &str, fen: i64, difference: i64) -> PartOption {
    PartOption {
        product: variant.into(),
        variant: variant.into(),
        name: format!("a {variant}"),
        variant_name: String::new(),
        picture: None,
        price: Money::fen(fen),
        stock: Stock::of(9),
        difference: (difference != 0).then_some(Money::fen(difference)),
        arrived_at: None,
        allergens: Vec::new(),
    }
}

fn bundle(id: &str, rule: PriceRule, parts: Vec<Part>) -> Bundle {
    Bundle {
        id: id.into(),
        name: String::new(),
        subtitle: String::new(),
        description: String::new(),
        picture: None,
        serves: 2,
        merchant: Merchant {
            id: "linli".into(),
            kind: MerchantKind::Shop,
            name: String::new(),
            story: String::new(),
            picture: None,
            distance: String::new(),
            pickup: String::new(),
        },
        rule,
        parts,
        minimum: 1,
        not_with: Vec::new(),
        confidence: None,
        tasting: None,
    }
}

fn shelf(goods: &[(&str, &str, i64, u32)], bundles: Vec<Bundle>) -> Shelf {
    let goods = goods.iter().map(|(id, merchant, fen, stock)| {
        let goods = Goods {
            merchant: (*merchant).into(),
            offer: Offer {
                price: Money::fen(*fen),
                stock: *stock,
            },
            minimum: 1,
        };
        (VariantId::from(*id), goods)
    });
    let bundles = bundles.into_iter();
    Shelf {
        currency: Currency::CNY,
        goods: goods.collect(),
        bundles: bundles.map(|bundle| (bundle.id.clone(), bundle)).collect(),
    }
}

/// The neighbourhood's shelf, as the cart is drawn: eggs, coffee, and the light set meal.
fn morning(salmon: u32, eggs: u32) -> Shelf {
    let part = |options| Part {
        quantity: 1,
        options,
    };
    let parts = vec![
        part(vec![
            option("salmon", 4_590, 0),
            option("chicken", 3_500, -800),
        ]),
        part(vec![option("quinoa", 1_960, 0)]),
        part(vec![option("lemon", 690, 0), option("avocado", 1_280, 300)]),
    ];
    let rule = PriceRule::Fixed {
        price: Money::fen(5_980),
    };
    shelf(
        &[
            ("egg", "linli", 1_880, eggs),
            ("coffee", "alley", 2_900, 20),
            ("salmon", "linli", 4_590, salmon),
            ("chicken", "linli", 3_500, 9),
            ("quinoa", "linli", 1_960, 9),
            ("lemon", "linli", 690, 9),
            ("avocado", "linli", 1_280, 9),
        ],
        vec![bundle("light", rule, parts)],
    )
}

fn line(variant: &str, quantity: u32) -> WantedLine {
    WantedLine {
        variant: variant.into(),
        quantity,
        seen: None,
    }
}

fn set(choice: &[&str], quantity: u32) -> WantedBundle {
    WantedBundle {
        bundle: "light".into(),
        choice: choice.iter().map(|id| VariantId::from(*id)).collect(),
        quantity,
        seen: None,
    }
}

const LIGHT: [&str; 3] = ["salmon", "quinoa", "lemon"];

fn purse(coupons: Vec<Coupon>, points: Option<u32>) -> Purse {
    Purse {
        now: Moment {
            ms: 0,
            offset_minutes: 480,
        },
        newcomer: false,
        coupons,
        points,
        points_share: points::USUAL_SHARE,
    }
}

fn coupon(id: &str, benefit: Benefit) -> Coupon {
    Coupon {
        id: id.into(),
        name: id.to_owned(),
        note: String::new(),
        benefit,
        at_least: None,
        merchant: None,
        newcomers: false,
        stacking: Stacking::OnePerOrder,
        valid_from: None,
        valid_until: None,
        left: 1,
    }
}

/// The cart as it is drawn, its eggs being there.
fn drawn() -> QuoteRequest {
    QuoteRequest {
        lines: vec![line("egg", 3), line("coffee", 1)],
        bundles: vec![set(&LIGHT, 1)],
        coupons: None,
        use_points: true,
    }
}
