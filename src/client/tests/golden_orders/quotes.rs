//! What a cart costs, line by line.

use crate::common::{Sent, moment, picture, same_document};
use crate::{wanted, yen};
use domain::catalog::Tint;
use domain::money::Money;
use domain::pricing::{Item, LineProblem, LineProblemKind, Quote, QuoteLine, QuoteRequest};

/// A line of which only the least is said.
fn quoted(variant: &str, quantity: u32) -> QuoteLine {
    QuoteLine {
        variant: variant.into(),
        quantity,
        item: None,
        unit_price: None,
        total: None,
        discount: None,
        problem: None,
    }
}

fn item(product: &str, merchant: &str, name: &str, variant_name: &str) -> Item {
    Item {
        product: product.into(),
        merchant: merchant.into(),
        name: name.to_owned(),
        variant_name: variant_name.to_owned(),
        picture: None,
    }
}

fn trouble(kind: LineProblemKind) -> LineProblem {
    kind.into()
}

/// A quote of lines only, without coupons and points.
fn of_lines(lines: Vec<QuoteLine>, total: Money) -> Quote {
    Quote {
        id: "q".into(),
        lines,
        bundles: vec![],
        merchants: vec![],
        goods: None,
        coupons: vec![],
        points: None,
        saved: None,
        total,
        orderable: false,
        now: moment("2026-11-22T20:45:10+08:00"),
        expires_at: moment("2026-11-22T21:00:00+08:00"),
    }
}

#[tokio::test]
async fn a_quote() {
    let cart = QuoteRequest {
        lines: vec![
            wanted("salmon-200", 1, Some(4590)),
            wanted("avocado-2", 2, Some(1280)),
            wanted("milk-1l", 6, None),
            wanted("bread-loaf", 1, None),
            wanted("persimmon-4", 1, None),
        ],
        ..QuoteRequest::default()
    };
    let (quote, sent) = wrote!(golden!("quote"), client => client.orders().quote(&cart));
    assert_eq!(
        sent,
        Sent::post("/carts/quote").with(golden!("quote_request"))
    );
    let expected = Quote {
        id: "1795352400000-5f1d".into(),
        ..of_lines(
            vec![
                QuoteLine {
                    item: Some(Item {
                        picture: Some(picture("/media/fish.webp", 256, 256, Tint::Sea)),
                        ..item("salmon-sashimi", "linli", "三文鱼刺身", "200g")
                    }),
                    unit_price: Some(Money::fen(4590)),
                    total: Some(Money::fen(4590)),
                    ..quoted("salmon-200", 1)
                },
                QuoteLine {
                    item: Some(item("avocado", "linli", "牛油果", "2 个")),
                    unit_price: Some(Money::fen(1380)),
                    total: Some(Money::fen(2760)),
                    problem: Some(LineProblem {
                        was: Some(Money::fen(1280)),
                        ..trouble(LineProblemKind::PriceMoved)
                    }),
                    ..quoted("avocado-2", 2)
                },
                QuoteLine {
                    item: Some(item("fresh-milk", "linli", "鲜牛奶", "1L")),
                    unit_price: Some(Money::fen(1890)),
                    problem: Some(LineProblem {
                        left: Some(4),
                        ..trouble(LineProblemKind::StockShort)
                    }),
                    ..quoted("milk-1l", 6)
                },
                QuoteLine {
                    item: Some(item("bread", "bakery", "乡村面包", "一个")),
                    unit_price: Some(Money::fen(2200)),
                    problem: Some(trouble(LineProblemKind::SoldOut)),
                    ..quoted("bread-loaf", 1)
                },
                QuoteLine {
                    problem: Some(trouble(LineProblemKind::NoLongerSold)),
                    ..quoted("persimmon-4", 1)
                },
            ],
            Money::fen(7350),
        )
    };
    assert_eq!(quote, expected);
    same_document(&quote, golden!("quote"));
}

#[tokio::test]
async fn a_quote_with_the_least() {
    let cart = QuoteRequest::default();
    let (quote, _) = wrote!(golden!("quote_sparse"), client => client.orders().quote(&cart));
    let expected = Quote {
        orderable: true,
        now: moment("2026-11-22T12:45:10Z"),
        expires_at: moment("2026-11-22T13:00:00Z"),
        ..of_lines(vec![quoted("soap-1", 1)], Money::zero(yen()))
    };
    assert_eq!(quote, expected);
}

#[tokio::test]
async fn a_newer_quote() {
    let cart = QuoteRequest::default();
    let (quote, _) = wrote!(golden!("quote_newer"), client => client.orders().quote(&cart));
    let soap = QuoteLine {
        item: Some(Item {
            picture: Some(picture("/s.webp", 1, 2, Tint::Unknown)),
            ..item("soap", "linli", "肥皂", "一块")
        }),
        unit_price: Some(Money::fen(1990)),
        // Not understood, but still in the way of an order.
        problem: Some(trouble(LineProblemKind::Unknown)),
        ..quoted("soap-1", 2)
    };
    let expected = Quote {
        now: moment("2026-11-22T20:45:10.250+08:00"),
        ..of_lines(vec![soap], Money::fen(0))
    };
    assert_eq!(quote, expected);
}
