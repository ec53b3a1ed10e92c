//! What the desk reads: orders to do, and the one that a code would hand over.

use crate::common::{Sent, moment, same_document};
use crate::{avocados, change, newer_order, sparse_order, unknown_order};
use domain::desk::DeskOrders;
use domain::order::{Actor, OrderState};

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
