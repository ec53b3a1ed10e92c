//! Golden documents of whoever buys and of whoever packs: quotes, orders, pickup times, what the
//! desk has to do.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

#[macro_use]
mod common;

use common::{Sent, moment, picture, same_document};
use domain::catalog::Tint;
use domain::desk::DeskOrders;
use domain::money::{Currency, Money};
use domain::order::{
    Actor, Change, Contact, Order, OrderLine, OrderRequest, OrderState, OrderTab, Payment, Pickup,
    PickupCode, PickupTimes,
};
use domain::page::{Cursor, Page};
use domain::pricing::{
    Item, LineProblem, LineProblemKind, Quote, QuoteLine, QuoteRequest, WantedLine,
};

fn wanted(variant: &str, quantity: u32, seen: Option<i64>) -> WantedLine {
    WantedLine {
        variant: variant.into(),
        quantity,
        seen: seen.map(Money::fen),
    }
}

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

fn yen() -> Currency {
    Currency::from_code("JPY").unwrap()
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

#[tokio::test]
async fn the_pickup_times() {
    let (times, path) = read!(golden!("pickup_times"), client => client.orders().pickup_times());
    assert_eq!(path, "/pickup-times");
    let time = |from, to| Pickup {
        from: moment(from),
        to: moment(to),
        place: "南门 12 号店内".into(),
    };
    let expected = PickupTimes {
        now: moment("2026-11-22T20:45:10+08:00"),
        zone: "Asia/Shanghai".into(),
        times: vec![
            time("2026-11-23T08:00:00+08:00", "2026-11-23T10:00:00+08:00"),
            time("2026-11-23T10:00:00+08:00", "2026-11-23T12:00:00+08:00"),
        ],
    };
    assert_eq!(times, expected);
    same_document(&times, golden!("pickup_times"));

    let (times, _) =
        read!(golden!("pickup_times_sparse"), client => client.orders().pickup_times());
    let expected = PickupTimes {
        now: moment("2026-11-22T12:45:10Z"),
        zone: String::new(),
        times: vec![],
    };
    assert_eq!(times, expected);

    let (times, _) = read!(golden!("pickup_times_newer"), client => client.orders().pickup_times());
    let expected = PickupTimes {
        now: moment("2026-11-22T20:45:10+08:00"),
        zone: "Asia/Shanghai".into(),
        times: vec![Pickup {
            place: String::new(),
            ..time("2026-11-23T08:00:00+08:00", "2026-11-23T10:00:00+08:00")
        }],
    };
    assert_eq!(times, expected);
}

/// The morning on which all these orders are picked up.
fn pickup() -> Pickup {
    Pickup {
        from: moment("2026-11-23T10:00:00+08:00"),
        to: moment("2026-11-23T12:00:00+08:00"),
        place: "南门 12 号店内".into(),
    }
}

fn contact(name: &str, phone: &str) -> Contact {
    Contact {
        name: name.to_owned(),
        phone: phone.to_owned(),
    }
}

fn change(state: OrderState, at: &str, by: Actor) -> Change {
    Change {
        state,
        at: moment(at),
        by,
        event: None,
    }
}

/// Three avocados, ordered by Mrs Zhou.
fn avocados(state: OrderState, history: Vec<Change>) -> Order {
    Order {
        id: "16c2e12d6f3d041b66b9".into(),
        number: "261122-007".into(),
        state,
        lines: vec![OrderLine {
            place: 0,
            product: "avocado".into(),
            variant: "avocado-2".into(),
            name: "牛油果".into(),
            variant_name: "2 个".into(),
            picture: None,
            quantity: 3,
            unit_price: Money::fen(1280),
            total: Money::fen(3840),
            paid: None,
            points: 0,
            returned: 0,
        }],
        total: Money::fen(3840),
        pickup: pickup(),
        contact: contact("周阿姨", "13800138000"),
        history,
        ..least(state, Payment::AtStore, Currency::CNY, pickup())
    }
}

/// An order of which only the least is said.
fn least(state: OrderState, payment: Payment, currency: Currency, pickup: Pickup) -> Order {
    Order {
        id: "o".into(),
        number: "1".into(),
        state,
        lines: vec![],
        bundles: vec![],
        merchants: vec![],
        goods: None,
        coupons: vec![],
        points: 0,
        total: Money::zero(currency),
        refunded: None,
        payment,
        payment_state: None,
        pay_until: None,
        pickup: Pickup {
            place: String::new(),
            ..pickup
        },
        contact: Contact::default(),
        note: String::new(),
        code: None,
        history: vec![],
        returns: vec![],
        returnable_until: None,
    }
}

fn sparse_order() -> Order {
    let pickup = Pickup {
        from: moment("2026-11-23T02:00:00Z"),
        to: moment("2026-11-23T04:00:00Z"),
        place: String::new(),
    };
    least(OrderState::Placed, Payment::AtStore, yen(), pickup)
}

fn newer_order() -> Order {
    Order {
        lines: vec![OrderLine {
            place: 0,
            product: "soap".into(),
            variant: "soap-1".into(),
            name: "肥皂".into(),
            variant_name: "一块".into(),
            picture: Some(picture("/s.webp", 1, 2, Tint::Unknown)),
            quantity: 2,
            unit_price: Money::fen(1990),
            total: Money::fen(3980),
            paid: None,
            points: 0,
            returned: 0,
        }],
        total: Money::fen(3980),
        pickup: pickup(),
        contact: contact("周阿姨", ""),
        code: Some(pickup_code()),
        history: vec![change(
            OrderState::Unknown,
            "2026-11-23T09:20:00+08:00",
            Actor::Unknown,
        )],
        ..unknown_order()
    }
}

/// One whose state and payment this code does not know.
fn unknown_order() -> Order {
    let (state, payment) = (OrderState::Unknown, Payment::Unknown);
    least(state, payment, Currency::CNY, pickup())
}

fn pickup_code() -> PickupCode {
    PickupCode {
        digits: "204718".into(),
        qr: "linli:pickup:9f2c".into(),
    }
}

#[tokio::test]
async fn an_order() {
    let id = "16c2e12d6f3d041b66b9".into();
    let (order, path) = read!(golden!("order"), client => client.orders().order(&id));
    assert_eq!(path, "/orders/16c2e12d6f3d041b66b9");
    let history = vec![
        change(
            OrderState::AwaitingPayment,
            "2026-11-22T20:46:00+08:00",
            Actor::Shopper,
        ),
        change(
            OrderState::Placed,
            "2026-11-22T20:46:30+08:00",
            Actor::System,
        ),
        change(
            OrderState::Packed,
            "2026-11-23T09:20:00+08:00",
            Actor::Staff,
        ),
        change(OrderState::Ready, "2026-11-23T09:41:05+08:00", Actor::Staff),
    ];
    let avocados = avocados(OrderState::Ready, history);
    let salmon = OrderLine {
        place: 0,
        product: "salmon-sashimi".into(),
        variant: "salmon-200".into(),
        name: "三文鱼刺身".into(),
        variant_name: "200g".into(),
        picture: Some(picture("/media/fish.webp", 256, 256, Tint::Sea)),
        quantity: 1,
        unit_price: Money::fen(4590),
        total: Money::fen(4590),
        paid: None,
        points: 0,
        returned: 0,
    };
    let expected = Order {
        lines: [vec![salmon], avocados.lines].concat(),
        total: Money::fen(8430),
        note: "鱼请切薄一点".into(),
        code: Some(pickup_code()),
        ..avocados
    };
    assert_eq!(order, expected);
    assert_eq!(order.pieces(), 4);
    same_document(&order, golden!("order"));
}

#[tokio::test]
async fn an_order_with_the_least() {
    let id = "o".into();
    let (order, _) = read!(golden!("order_sparse"), client => client.orders().order(&id));
    assert_eq!(order, sparse_order());
}

#[tokio::test]
async fn a_newer_order() {
    let id = "o".into();
    let (order, _) = read!(golden!("order_newer"), client => client.orders().order(&id));
    assert_eq!(order, newer_order());
    let tab = OrderTab::of(order.state);
    assert_eq!(
        tab,
        OrderTab::ToPickUp,
        "it is found, whatever it waits for"
    );
}

#[tokio::test]
async fn an_order_is_placed_under_the_name_of_its_intent() {
    let order = OrderRequest {
        lines: vec![wanted("salmon-200", 1, Some(4590))],
        bundles: vec![],
        coupons: None,
        use_points: false,
        quote: "1795352400000-5f1d".into(),
        pickup_from: pickup().from,
        contact: contact("周阿姨", "13800138000"),
        note: "鱼请切薄一点".into(),
        payment: Payment::AtStore,
    };
    let (placed, sent) =
        wrote!(golden!("order_sparse"), client => client.orders().place(&order, "tap-1"));
    assert_eq!(placed, sparse_order());
    let request = golden!("order_request");
    assert_eq!(sent, Sent::post("/orders").with(request).keyed("tap-1"));
    let read: OrderRequest = serde_json::from_str(request).unwrap();
    assert_eq!(read, order, "a backend reads what was meant");
}

#[tokio::test]
async fn a_step_answers_the_order_as_it_is_then() {
    let id = "a/b".into();
    let (order, sent) = wrote!(golden!("order_newer"), client => client.orders().cancel(&id));
    assert_eq!(order, newer_order());
    assert_eq!(sent, Sent::post("/orders/a%2Fb/cancel"));

    let (order, sent) = wrote!(golden!("preview"), client => client.desk().step(&id, "hand-over"));
    assert_eq!(order.state, OrderState::Ready);
    assert_eq!(sent, Sent::post("/desk/orders/a%2Fb/hand-over"));
}

#[tokio::test]
async fn a_page_of_orders() {
    let cursor = Cursor("1795351560000~16c2e12d6f3d041b66b9".into());
    let tab = Some(OrderTab::AfterSale);
    let (page, path) = read!(golden!("orders"), client => client.orders().list(tab, Some(&cursor)));
    assert_eq!(
        path,
        "/orders?tab=after_sale&cursor=1795351560000~16c2e12d6f3d041b66b9"
    );
    let history = vec![
        change(
            OrderState::Placed,
            "2026-11-22T20:46:00+08:00",
            Actor::Shopper,
        ),
        change(
            OrderState::Cancelled,
            "2026-11-22T20:47:00+08:00",
            Actor::Shopper,
        ),
    ];
    let expected = Page {
        items: vec![Order {
            contact: contact("", "13800138000"),
            ..avocados(OrderState::Cancelled, history)
        }],
        next_cursor: Some(cursor),
        total: Some(21),
    };
    assert_eq!(page, expected);
    same_document(&page, golden!("orders"));
}

#[tokio::test]
async fn a_page_of_orders_with_the_least() {
    let (page, path) = read!(golden!("orders_sparse"), client => client.orders().list(None, None));
    assert_eq!(path, "/orders");
    let expected = Page {
        items: vec![],
        next_cursor: None,
        total: None,
    };
    assert_eq!(page, expected);
}

#[tokio::test]
async fn a_newer_page_of_orders() {
    let (page, _) = read!(golden!("orders_newer"), client => client.orders().list(None, None));
    let expected = Page {
        items: vec![unknown_order()],
        next_cursor: None,
        total: None,
    };
    assert_eq!(page, expected);
}

#[tokio::test]
async fn what_the_desk_has_to_do() {
    let (todo, path) = read!(golden!("desk_orders"), client => client.desk().orders());
    assert_eq!(path, "/desk/orders");
    let packed = change(
        OrderState::Packed,
        "2026-11-23T09:20:00+08:00",
        Actor::Staff,
    );
    let expected = DeskOrders {
        now: moment("2026-11-23T09:45:00+08:00"),
        orders: vec![avocados(OrderState::Packed, vec![packed])],
    };
    assert_eq!(todo, expected);
    same_document(&todo, golden!("desk_orders"));

    let (todo, _) = read!(golden!("desk_orders_sparse"), client => client.desk().orders());
    let expected = DeskOrders {
        now: moment("2026-11-23T01:45:00Z"),
        orders: vec![],
    };
    assert_eq!(todo, expected);

    let (todo, _) = read!(golden!("desk_orders_newer"), client => client.desk().orders());
    let expected = DeskOrders {
        now: moment("2026-11-23T09:45:00+08:00"),
        orders: vec![unknown_order()],
    };
    assert_eq!(todo, expected);
}

#[tokio::test]
async fn what_a_code_would_hand_over() {
    let (order, sent) = wrote!(golden!("preview"), client => client.desk().preview("204718"));
    assert_eq!(
        sent,
        Sent::post("/desk/hand-overs/preview").with(r#"{"code":"204718"}"#)
    );
    let ready = change(OrderState::Ready, "2026-11-23T09:41:05+08:00", Actor::Staff);
    assert_eq!(order, avocados(OrderState::Ready, vec![ready]));
    same_document(&order, golden!("preview"));

    let (order, _) = wrote!(golden!("order_sparse"), client => client.desk().preview("204718"));
    assert_eq!(order, sparse_order());
    let (order, _) = wrote!(golden!("order_newer"), client => client.desk().preview("204718"));
    assert_eq!(order, newer_order());
}
