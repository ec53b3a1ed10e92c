//! Orders page by page.

use crate::common::same_document;
use crate::{avocados, change, contact, unknown_order};
use domain::order::{Actor, Order, OrderState, OrderTab};
use domain::page::{Cursor, Page};

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
