//! One order: read, placed, and after a step.

use crate::common::{Sent, picture, same_document};
use crate::{avocados, change, contact, newer_order, pickup, pickup_code, sparse_order, wanted};
use domain::catalog::Tint;
use domain::money::Money;
use domain::order::{Actor, Order, OrderLine, OrderRequest, OrderState, OrderTab, Payment};

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
