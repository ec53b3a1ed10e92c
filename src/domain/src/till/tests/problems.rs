//! What the till says of a cart that cannot be had as it is, and what it proposes instead.

use super::{LIGHT, bundle, line, morning, option, purse, set, shelf};
use crate::bundle::{Part, PriceRule};
use crate::money::Money;
use crate::pricing::{LineProblem, LineProblemKind, QuoteRequest, Remedy, WantedBundle};
use crate::till::{PricedBundle, Shelf, ring_up};

#[test]
fn shared_parts_are_counted_together() {
    // Three salmons: one alone, and two sets of what three sets were asked for.
    let cart = QuoteRequest {
        lines: vec![line("salmon", 1)],
        bundles: vec![set(&LIGHT, 3)],
        ..QuoteRequest::default()
    };
    let receipt = ring_up(&cart, &morning(3, 9), &purse(Vec::new(), None)).unwrap();
    assert_eq!(receipt.lines[0].problem, None);
    let bundle = &receipt.bundles[0];
    assert_eq!(
        bundle.problem,
        Some(LineProblem {
            left: Some(2),
            ..LineProblemKind::StockShort.into()
        })
    );
    assert_eq!(bundle.short, Some("salmon".into()));
    let swap = bundle.swap.clone().unwrap();
    assert_eq!(swap.choice, set(&["chicken", "quinoa", "lemon"], 1).choice);
    assert_eq!(
        (swap.names, swap.unit_price),
        (vec!["a chicken".to_owned()], Money::fen(5_180))
    );
    assert_eq!(bundle.total, None);
    assert_eq!(receipt.total, Money::fen(4_590));
    assert!(!receipt.orderable);
}

#[test]
fn says_what_is_wrong_with_a_bundle() {
    let mut shelf = morning(0, 9);
    let told = |shelf: &Shelf, bundles: Vec<WantedBundle>| {
        let cart = QuoteRequest {
            bundles,
            ..QuoteRequest::default()
        };
        let receipt = ring_up(&cart, shelf, &purse(Vec::new(), None)).unwrap();
        receipt.bundles.last().unwrap().clone()
    };
    let kind = |told: PricedBundle| told.problem.map(|problem| problem.kind);
    let sold_out = told(&shelf, vec![set(&LIGHT, 1)]);
    assert!(sold_out.swap.is_some());
    assert_eq!(kind(sold_out), Some(LineProblemKind::PartSoldOut));
    let gone = told(&shelf, vec![set(&["chicken", "rice", "lemon"], 1)]);
    let swap = gone.swap.as_ref().unwrap();
    assert_eq!(swap.choice, set(&["chicken", "quinoa", "lemon"], 1).choice);
    assert_eq!(kind(gone), Some(LineProblemKind::PartNoLongerSold));
    let moved = WantedBundle {
        seen: Some(Money::fen(5_000)),
        ..set(&["chicken", "quinoa", "lemon"], 1)
    };
    assert_eq!(
        kind(told(&shelf, vec![moved])),
        Some(LineProblemKind::PriceMoved)
    );
    let nothing = WantedBundle {
        bundle: "heavy".into(),
        ..set(&LIGHT, 1)
    };
    assert_eq!(
        kind(told(&shelf, vec![nothing])),
        Some(LineProblemKind::NoLongerSold)
    );
    let light = shelf.bundles.get_mut(&"light".into()).unwrap();
    light.minimum = 2;
    light.not_with = vec!["light".into()];
    let good = || set(&["chicken", "quinoa", "lemon"], 2);
    let below = told(&shelf, vec![set(&["chicken", "quinoa", "lemon"], 1)]);
    assert_eq!(
        below.problem.map(|problem| problem.remedy()),
        Some(Remedy::Take(2))
    );
    let beside = told(
        &shelf,
        vec![good(), set(&["chicken", "quinoa", "avocado"], 2)],
    );
    assert_eq!(beside.conflict, Some("light".into()));
    assert_eq!(kind(beside), Some(LineProblemKind::NotCombinable));
}

#[test]
fn a_pick_that_is_sold_out_is_replaced_by_another() {
    let rule = PriceRule::AnyOf {
        count: 2,
        price: Money::fen(1_000),
    };
    let part = Part {
        quantity: 1,
        options: vec![option("apple", 600, 0), option("pear", 600, 0)],
    };
    let goods = [("apple", "linli", 600, 9), ("pear", "linli", 600, 0)];
    let shelf = shelf(&goods, vec![bundle("light", rule, vec![part])]);
    let cart = QuoteRequest {
        bundles: vec![set(&["apple", "pear"], 1)],
        ..QuoteRequest::default()
    };
    let receipt = ring_up(&cart, &shelf, &purse(Vec::new(), None)).unwrap();
    let swap = receipt.bundles[0].swap.clone().unwrap();
    assert_eq!(swap.choice, set(&["apple", "apple"], 1).choice);
    assert_eq!(swap.names, ["a apple"]);
}
