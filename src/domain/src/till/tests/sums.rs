//! What the drawn cart costs, what points pay of it, and what a part brings that comes back.

use super::{coupon, drawn, line, morning, purse};
use crate::allocation::refund;
use crate::coupon::{Benefit, Coupon, ReasonKind};
use crate::id::MerchantId;
use crate::money::Money;
use crate::pricing::QuoteRequest;
use crate::till::ring_up;

#[test]
fn the_cart_that_is_drawn() {
    let off = Money::fen(1_000);
    let ten_off = Coupon {
        at_least: Some(Money::fen(9_900)),
        ..coupon("99-10", Benefit::Amount { off })
    };
    let receipt = ring_up(&drawn(), &morning(9, 9), &purse(vec![ten_off], Some(320))).unwrap();
    assert!(receipt.orderable);
    assert_eq!(receipt.goods, Money::fen(14_520));
    assert_eq!(receipt.coupons[0].off, off);
    assert_eq!(receipt.coupons[0].reason.kind, ReasonKind::Best);
    assert_eq!(receipt.points.map(|points| points.used), Some(320));
    assert_eq!(receipt.total, Money::fen(13_200));
    assert_eq!(receipt.saved, Money::fen(2_580));
    let merchants = [("linli", 11_620), ("alley", 2_900)];
    let merchants = merchants.map(|(id, fen)| (MerchantId::from(id), Money::fen(fen)));
    assert_eq!(receipt.merchants, merchants);
    let prices = receipt.bundles[0]
        .parts
        .iter()
        .map(|part| part.price.amount);
    assert_eq!(prices.collect::<Vec<_>>(), [3_791, 1_619, 570]);
}

#[test]
fn points_pay_no_more_than_their_share() {
    let cart = |use_points| QuoteRequest {
        lines: vec![line("coffee", 1)],
        use_points,
        ..QuoteRequest::default()
    };
    let points = |use_points, there| {
        let receipt = ring_up(&cart(use_points), &morning(9, 9), &purse(Vec::new(), there));
        receipt
            .unwrap()
            .points
            .map(|points| (points.usable, points.used))
    };
    assert_eq!(points(true, Some(9_999)), Some((580, 580)));
    assert_eq!(points(true, Some(100)), Some((100, 100)));
    assert_eq!(points(false, Some(100)), Some((100, 0)));
    assert_eq!(points(true, None), None);
}

#[test]
fn a_part_that_comes_back_brings_what_was_paid_for_it() {
    let off = Money::fen(1_000);
    let coupons = vec![coupon("10", Benefit::Amount { off })];
    let mut cart = drawn();
    cart.bundles[0].quantity = 2;
    let receipt = ring_up(&cart, &morning(9, 9), &purse(coupons, Some(320))).unwrap();
    let salmon = receipt.bundles[0].parts[0].settled.unwrap();
    let (one, other) = (
        refund(salmon.paid.amount, 2, 0, 1),
        refund(salmon.paid.amount, 2, 1, 1),
    );
    assert_eq!(one + other, salmon.paid.amount);
    assert_eq!(refund(salmon.paid.amount, 2, 2, 1), 0);
}
