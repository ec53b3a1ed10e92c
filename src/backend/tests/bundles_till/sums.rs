//! Whatever is bought by chance, every sum is its parts.

use crate::common::people::{CLERK, wanted};
use crate::common::{OpenShop, now};
use crate::{SALMON, points};
use domain::id::VariantId;
use domain::pricing::{QuoteRequest, WantedBundle};

/// Small numbers by a linear congruence (Knuth's MMIX), the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn quantity(&mut self) -> u32 {
        1 + self.below(4) as u32
    }
}

/// A cart of the demo's goods and bundles, chosen by chance.
async fn some_cart(shop: &OpenShop, chance: &mut Chance) -> QuoteRequest {
    const LINES: [&str; 8] = [
        SALMON,
        "mountain-eggs-10",
        "drip-bag-coffee-10",
        "lemon-soap-2",
        "fresh-milk-950ml",
        "carrot-500g",
        "walnut-wholewheat-400g",
        "anyue-lemon-4",
    ];
    const SETS: [&str; 5] = [
        "light-meal",
        "lemon-sea-bass",
        "hotpot-night",
        "three-fruits",
        "breakfast-for-two",
    ];
    let mut cart = QuoteRequest {
        use_points: chance.below(2) == 0,
        ..QuoteRequest::default()
    };
    for variant in LINES {
        if chance.below(3) == 0 {
            cart.lines.push(wanted(variant, chance.quantity()));
        }
    }
    let client = shop.client("zh-CN");
    for id in SETS {
        if chance.below(3) > 0 && !(cart.lines.is_empty() && cart.bundles.is_empty()) {
            continue;
        }
        let bundle = now(client.catalog().bundle(&id.into()).await.unwrap());
        let places = bundle.choice(&[]).len();
        let some: Vec<VariantId> = (0..places)
            .map(|place| {
                let part = bundle.parts.get(place).unwrap_or(&bundle.parts[0]);
                let at = chance.below(part.options.len() as u64);
                part.options[at as usize].variant.clone()
            })
            .collect();
        cart.bundles.push(WantedBundle {
            bundle: id.into(),
            choice: bundle.choice(&some),
            quantity: chance.quantity(),
            seen: None,
        });
    }
    cart
}

/// Everything that must add up in the books, each with how often it does not.
const SUMS: [(&str, &str); 8] = [
    (
        "lines and bundles are the goods",
        "SELECT count(*) FROM orders AS o WHERE total + coupons + points <>
            (SELECT coalesce(sum(total), 0) FROM order_lines WHERE order_id = o.id AND bundle IS NULL)
          + (SELECT coalesce(sum(quantity * unit_price), 0) FROM order_bundles WHERE order_id = o.id)",
    ),
    (
        "a bundle's parts are the bundle",
        "SELECT count(*) FROM order_bundles AS b WHERE quantity * unit_price <>
            (SELECT sum(total) FROM order_lines WHERE order_id = b.order_id AND bundle = b.position)",
    ),
    (
        "the coupons are what they take off",
        "SELECT count(*) FROM orders AS o WHERE coupons <>
            (SELECT coalesce(sum(amount), 0) FROM order_coupons WHERE order_id = o.id)",
    ),
    (
        "what coupons take off is shared out",
        "SELECT count(*) FROM orders AS o WHERE coupons <> (SELECT sum(coupons) FROM order_lines WHERE order_id = o.id)",
    ),
    (
        "what points pay is shared out",
        "SELECT count(*) FROM orders AS o WHERE points <> (SELECT sum(points) FROM order_lines WHERE order_id = o.id)",
    ),
    (
        "merchants sell the goods",
        "SELECT count(*) FROM orders AS o WHERE total + coupons + points <>
            (SELECT sum(subtotal) FROM order_merchants WHERE order_id = o.id)",
    ),
    (
        "points of an order are where it stands",
        "SELECT count(*) FROM orders AS o WHERE points <>
            (SELECT coalesce(sum(points), 0) FROM point_entries WHERE order_id = o.id AND kind = 'freeze')
         OR (state = 'cancelled') * points <>
            (SELECT coalesce(sum(points), 0) FROM point_entries WHERE order_id = o.id AND kind = 'release')
         OR (state = 'handed_over') * points <>
            (SELECT coalesce(sum(points), 0) FROM point_entries WHERE order_id = o.id AND kind = 'spend')",
    ),
    (
        "a coupon is used for as many orders as it was given for",
        "SELECT count(*) FROM coupons AS c JOIN coupon_kinds AS k ON k.id = c.kind WHERE k.uses <> c.uses_left
            + (SELECT count(*) FROM order_coupons AS u JOIN orders AS o ON o.id = u.order_id
               WHERE u.coupon = c.id AND o.state <> 'cancelled')",
    ),
];

async fn adds_up(shop: &OpenShop) {
    for (what, sql) in SUMS {
        assert_eq!(shop.number(sql).await, 0, "{what}");
    }
}

#[tokio::test]
async fn whatever_is_bought_every_sum_is_its_parts() {
    let shop = OpenShop::demo().await;
    shop.change("UPDATE variants SET stock = 10000").await;
    let desk = shop.desk(CLERK).await;
    let chance = &mut Chance(20_261_122);
    let mut used = (0, 0);
    for number in 0..12 {
        let member = shop.member(&format!("138000010{number:02}")).await;
        let mut orders = Vec::new();
        for _ in 0..5 {
            let cart = some_cart(&shop, chance).await;
            let quote = member.price(&cart).await;
            let order = member.buys(&cart).await;
            assert_eq!(order.total, quote.total);
            used.0 += order.coupons.len();
            used.1 += order.points;
            orders.push(order);
            if chance.below(4) == 0 {
                let off = orders.swap_remove(0);
                member.client.orders().cancel(&off.id).await.unwrap();
            }
        }
        adds_up(&shop).await;
        if let Some(order) = orders.pop() {
            for step in ["pack", "hand-over"] {
                desk.desk().step(&order.id, step).await.unwrap();
            }
        }
        let points = points(&member).await;
        let sum: i64 = points.entries.iter().map(|entry| entry.change()).sum();
        assert_eq!(sum, i64::from(points.balance));
        let frozen: u32 = orders.iter().map(|order| order.points).sum();
        assert_eq!(points.frozen, frozen);
        for order in orders {
            member.client.orders().cancel(&order.id).await.unwrap();
        }
    }
    adds_up(&shop).await;
    assert!(used.0 > 40 && used.1 > 3_000, "{used:?}");
    // Only what was handed over has left the shelves.
    let missing = "SELECT (SELECT sum(10000 - stock) FROM variants)
        - (SELECT sum(l.quantity) FROM order_lines AS l JOIN orders AS o ON o.id = l.order_id
           WHERE o.state = 'handed_over')";
    assert_eq!(shop.number(missing).await, 0);
}
