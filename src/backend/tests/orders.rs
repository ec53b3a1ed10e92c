//! Orders of a member: placed with what stands on the shelf, found again, called off.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod common;

use common::people::{Member, refused, wanted};
use common::{OpenShop, header, now};
use domain::money::Money;
use domain::order::{Actor, Contact, Order, OrderRequest, OrderState, OrderTab, Payment};
use domain::problem::ProblemKind;
use domain::time::Moment;

const PHONE: &str = "13800138000";

/// Places an order that must be refused, and checks that nothing was changed.
async fn refusal(shop: &OpenShop, member: &Member, wish: &OrderRequest) -> ProblemKind {
    let before = shop.books().await;
    let key = backend::secret::id().unwrap();
    let kind = refused(member.client.orders().place(wish, &key).await);
    assert_eq!(shop.books().await, before, "{kind}");
    kind
}

/// The order as its member reads it now.
async fn read(member: &Member, order: &Order) -> Order {
    now(member.client.orders().order(&order.id).await.unwrap())
}

#[tokio::test]
async fn an_order_takes_its_goods_from_the_shelf() {
    let shop = OpenShop::demo().await;
    let member = shop.member(PHONE).await;
    let lines = [wanted("tomato-500g", 2), wanted("avocado-4", 1)];
    let wish = OrderRequest {
        contact: Contact {
            name: " 林奶奶 ".into(),
            phone: "+86 139-0013-9000".into(),
        },
        note: " 番茄要硬一点 ".into(),
        ..member.wish(&lines).await
    };
    let order = member.client.orders().place(&wish, "first").await.unwrap();

    assert_eq!(order.state, OrderState::Placed);
    assert_eq!(order.total, Money::fen(2 * 590 + 2_380));
    assert_eq!(order.pieces(), 3);
    assert_eq!(order.lines[0].name, "沙瓤番茄");
    assert_eq!(order.lines[0].unit_price, Money::fen(590));
    assert_eq!(order.lines[0].total, Money::fen(1_180));
    assert_eq!(order.lines[1].variant.as_str(), "avocado-4");
    assert_eq!(order.payment, Payment::AtStore);
    assert_eq!(order.pickup.from, wish.pickup_from);
    assert!(!order.pickup.place.is_empty());
    // As people typed it, tidied up.
    assert_eq!(order.contact.name, "林奶奶");
    assert_eq!(order.contact.phone, "13900139000");
    assert_eq!(order.note, "番茄要硬一点");

    let code = order.code.as_ref().unwrap();
    assert_eq!(code.digits.len(), 6);
    assert!(code.digits.bytes().all(|digit| digit.is_ascii_digit()));
    assert!(code.qr.contains(order.id.as_str()) && !code.qr.contains(&code.digits));

    let [placed] = order.history.as_slice() else {
        panic!("{:?}", order.history)
    };
    assert_eq!(
        (placed.state, placed.by),
        (OrderState::Placed, Actor::Shopper)
    );
    let day = placed.at.local();
    let day = format!("{:02}{:02}{:02}", day.year % 100, day.month, day.day);
    assert_eq!(order.number, format!("{day}-001"));

    assert_eq!(shop.stock("tomato-500g").await, 66);
    assert_eq!(shop.stock("avocado-4").await, 14);
    assert_eq!(read(&member, &order).await, order);
}

#[tokio::test]
async fn a_placed_order_is_201_and_nobody_else_s() {
    let shop = OpenShop::demo().await;
    let member = shop.member(PHONE).await;
    let wish = member.wish(&[wanted("carrot-500g", 1)]).await;
    let placing = shop.placing(&member.cookie, "first", &wish);
    let answer = placing.send().await.unwrap();
    assert_eq!(answer.status(), 201);
    assert_eq!(header(&answer, "content-type"), "application/json");
    assert_eq!(header(&answer, "cache-control"), "no-store");
    assert_eq!(header(&answer, "idempotent-replayed"), "");
    let order: Order = answer.json().await.unwrap();
    // Every order has a number, an id and a code of its own.
    let next = member.orders(&[wanted("carrot-500g", 1)]).await;
    assert!(next.number.ends_with("-002"), "{}", next.number);
    assert_ne!(order.id, next.id);
    assert_ne!(order.code, next.code);
}

#[tokio::test]
async fn the_member_s_own_number_is_taken_when_none_is_told() {
    let shop = OpenShop::demo().await;
    let member = shop.member("138 0013 8000").await;
    let wish = OrderRequest {
        contact: Contact::default(),
        ..member.wish(&[wanted("carrot-500g", 1)]).await
    };
    let order = member.client.orders().place(&wish, "key").await.unwrap();
    assert_eq!(order.contact.phone, PHONE);
    assert_eq!(order.contact.name, "");
}

#[tokio::test]
async fn an_order_stays_as_it_was_bought() {
    let shop = OpenShop::demo().await;
    let member = shop.member(PHONE).await;
    let order = member.orders(&[wanted("carrot-500g", 3)]).await;
    shop.change("UPDATE variants SET price = 1 WHERE id = 'carrot-500g'")
        .await;
    shop.change(r#"UPDATE products SET name = '{"zh":"别的"}' WHERE id = 'carrot'"#)
        .await;
    assert_eq!(read(&member, &order).await, order);
    shop.change("DELETE FROM products WHERE id = 'carrot'")
        .await;
    assert_eq!(read(&member, &order).await, order);
    // It speaks the language of whoever reads it.
    let path = format!("/api/v1/orders/{}", order.id);
    let asking = shop.page_asks(reqwest::Method::GET, &path, &member.cookie);
    let answer = asking.header("accept-language", "en").send().await.unwrap();
    let english: Order = answer.json().await.unwrap();
    assert_eq!(english.lines[0].name, "Sandy-soil carrots");
    assert_ne!(english.pickup.place, order.pickup.place);
}

#[tokio::test]
async fn what_is_ordered_leaves_the_member_s_cart() {
    let shop = OpenShop::demo().await;
    let member = shop.member(PHONE).await;
    let cart = domain::member::MemberCart {
        lines: vec![wanted("carrot-500g", 5), wanted("tomato-500g", 1)],
        ..Default::default()
    };
    member.client.members().keep_cart(&cart).await.unwrap();
    member.orders(&[wanted("carrot-500g", 3)]).await;
    let left = now(member.client.members().cart().await.unwrap());
    // As many as were ordered; the rest waits for the next time.
    assert_eq!(
        left.lines,
        [wanted("carrot-500g", 2), wanted("tomato-500g", 1)]
    );
}

#[tokio::test]
async fn nothing_is_ordered_that_was_not_quoted_so() {
    for change in [
        "UPDATE variants SET price = price + 10 WHERE id = 'carrot-500g'",
        "UPDATE variants SET price = price - 10, former_price = NULL WHERE id = 'carrot-500g'",
        "UPDATE variants SET stock = 2 WHERE id = 'carrot-500g'",
        "UPDATE variants SET stock = 0 WHERE id = 'carrot-500g'",
        "DELETE FROM variants WHERE id = 'carrot-500g'",
        "DELETE FROM products WHERE id = 'carrot'",
    ] {
        let shop = OpenShop::demo().await;
        let member = shop.member(PHONE).await;
        let lines = [wanted("tomato-500g", 2), wanted("carrot-500g", 3)];
        let wish = member.wish(&lines).await;
        shop.change(change).await;
        let kind = refusal(&shop, &member, &wish).await;
        assert_eq!(kind, ProblemKind::QuoteChanged, "{change}");
        assert_eq!(shop.stock("tomato-500g").await, 68, "{change}");
    }
}

#[tokio::test]
async fn less_on_the_shelf_is_no_matter_while_it_is_enough() {
    let shop = OpenShop::demo().await;
    let member = shop.member(PHONE).await;
    let wish = member.wish(&[wanted("carrot-500g", 3)]).await;
    shop.change("UPDATE variants SET stock = 3 WHERE id = 'carrot-500g'")
        .await;
    member.client.orders().place(&wish, "key").await.unwrap();
    assert_eq!(shop.stock("carrot-500g").await, 0);
}

#[tokio::test]
async fn a_quote_is_good_for_its_cart_and_its_time() {
    let shop = OpenShop::demo().await;
    let member = shop.member(PHONE).await;
    let lines = [wanted("carrot-500g", 3)];
    let wish = member.wish(&lines).await;
    let with = |quote: &str| OrderRequest {
        quote: quote.into(),
        ..wish.clone()
    };
    // Made as the backend makes it, for the same prices, at a time of ours.
    let quoted_until = |ms: i64| {
        let digest = backend::secret::hash(&format!("{ms}|carrot-500g×3@390"));
        format!("{ms}-{}", &digest[..24])
    };
    let quote = member.quote(&lines).await;
    assert_eq!(quote.id.as_str(), quoted_until(quote.expires_at.ms));
    let expired = quoted_until(quote.now.ms - 1);
    let other = member.quote(&[wanted("carrot-500g", 2)]).await.id;
    for quote in [
        &expired,
        other.as_str(),
        "",
        "-",
        "nonsense",
        "99999999999999999999999-ab",
        &format!("{}-", quote.expires_at.ms),
        &format!("{}-000000000000000000000000", quote.expires_at.ms),
    ] {
        let kind = refusal(&shop, &member, &with(quote)).await;
        assert_eq!(kind, ProblemKind::QuoteChanged, "{quote:?}");
    }
    // And the very same order with its own quote is placed.
    member.client.orders().place(&wish, "key").await.unwrap();
}

#[tokio::test]
async fn nothing_is_picked_up_at_another_time_than_is_offered() {
    let shop = OpenShop::demo().await;
    let member = shop.member(PHONE).await;
    let wish = member.wish(&[wanted("carrot-500g", 1)]).await;
    let offered = wish.pickup_from.ms;
    const DAY: i64 = 24 * 3_600_000;
    for ms in [
        0,
        offered - 7 * DAY,
        offered + 60_000,
        offered + 1_000,
        offered + 30 * DAY,
        -1,
    ] {
        let late = OrderRequest {
            pickup_from: Moment {
                ms,
                ..wish.pickup_from
            },
            ..wish.clone()
        };
        let kind = refusal(&shop, &member, &late).await;
        assert_eq!(kind, ProblemKind::PickupUnavailable, "{ms}");
    }
    // The same instant on another clock is the same time.
    let abroad = OrderRequest {
        pickup_from: Moment {
            ms: offered,
            offset_minutes: -300,
        },
        ..wish
    };
    let order = member.client.orders().place(&abroad, "key").await.unwrap();
    assert_eq!(order.pickup.from.ms, offered);
    assert_eq!(order.pickup.from.offset_minutes, 480);
}

#[tokio::test]
async fn orders_are_listed_by_tab_and_page() {
    let shop = OpenShop::demo().await;
    let member = shop.member(PHONE).await;
    let neighbour = shop.member("13900139000").await;
    neighbour.orders(&[wanted("tomato-500g", 1)]).await;
    let mut placed = Vec::new();
    for _ in 0..23 {
        placed.push(member.orders(&[wanted("carrot-500g", 1)]).await);
    }
    member.client.orders().cancel(&placed[3].id).await.unwrap();
    sqlx::query("UPDATE orders SET state = 'handed_over' WHERE id = ?")
        .bind(placed[5].id.as_str())
        .execute(&mut shop.file().await)
        .await
        .unwrap();

    let orders = member.client.orders();
    let first = now(orders.list(None, None).await.unwrap());
    assert_eq!(first.items.len(), 20);
    let cursor = first.next_cursor.unwrap();
    // Somebody orders meanwhile: nothing is told twice or left out.
    member.orders(&[wanted("carrot-500g", 1)]).await;
    let second = now(orders.list(None, Some(&cursor)).await.unwrap());
    assert_eq!(second.next_cursor, None);
    let mut told: Vec<_> = first.items.iter().chain(&second.items).collect();
    // Several may have been placed in one millisecond; no time is told twice in the wrong order.
    assert!(told.is_sorted_by(|newer, older| newer.history[0].at.ms >= older.history[0].at.ms));
    told.sort_unstable_by(|one, other| one.number.cmp(&other.number));
    let numbers = |orders: &[&Order]| -> Vec<String> {
        orders.iter().map(|order| order.number.clone()).collect()
    };
    let all: Vec<_> = placed.iter().collect();
    assert_eq!(numbers(&told), numbers(&all));

    let tab = async |tab| now(orders.list(Some(tab), None).await.unwrap()).items;
    assert_eq!(tab(OrderTab::ToPay).await, []);
    let done = tab(OrderTab::Done).await;
    assert_eq!(done.len(), 1);
    assert_eq!((&done[0].id, &done[0].code), (&placed[5].id, &None));
    let called_off = tab(OrderTab::AfterSale).await;
    assert_eq!(called_off.len(), 1);
    assert_eq!(called_off[0].id, placed[3].id);
    let open = now(orders.list(Some(OrderTab::ToPickUp), None).await.unwrap());
    let rest = orders.list(Some(OrderTab::ToPickUp), open.next_cursor.as_ref());
    let rest = now(rest.await.unwrap());
    assert_eq!(open.items.len() + rest.items.len(), 22);
    assert!(open.items.iter().all(|order| order.code.is_some()));
}

#[tokio::test]
async fn what_is_called_off_is_back_on_the_shelf_once() {
    let shop = OpenShop::demo().await;
    let member = shop.member(PHONE).await;
    let lines = [wanted("tomato-500g", 2), wanted("salmon-sashimi-400g", 4)];
    let order = member.orders(&lines).await;
    assert_eq!(shop.stock("salmon-sashimi-400g").await, 0);
    let off = member.client.orders().cancel(&order.id).await.unwrap();
    assert_eq!(off.state, OrderState::Cancelled);
    assert_eq!(off.code, None);
    let states: Vec<_> = off.history.iter().map(|one| (one.state, one.by)).collect();
    let by_shopper = |state| (state, Actor::Shopper);
    assert_eq!(
        states,
        [OrderState::Placed, OrderState::Cancelled].map(by_shopper)
    );
    // Twice is no mistake, and changes nothing.
    let again = member.client.orders().cancel(&order.id).await.unwrap();
    assert_eq!(again, off);
    assert_eq!(read(&member, &order).await, off);
    assert_eq!(shop.stock("tomato-500g").await, 68);
    assert_eq!(shop.stock("salmon-sashimi-400g").await, 4);
    // The last pieces can be had again, by a number that was not given before.
    let next = member.orders(&lines).await;
    assert!(next.number.ends_with("-002"), "{}", next.number);
}

#[tokio::test]
async fn an_order_is_called_off_until_it_is_packed() {
    let shop = OpenShop::demo().await;
    let member = shop.member(PHONE).await;
    let order = member.orders(&[wanted("carrot-500g", 1)]).await;
    for state in ["packed", "ready", "handed_over"] {
        sqlx::query("UPDATE orders SET state = ?")
            .bind(state)
            .execute(&mut shop.file().await)
            .await
            .unwrap();
        let kind = refused(member.client.orders().cancel(&order.id).await);
        assert_eq!(kind, ProblemKind::NotNow, "{state}");
        assert_eq!(shop.stock("carrot-500g").await, 109, "{state}");
    }
    // Without the goods in the catalogue there is no shelf to go back to.
    let order = member.orders(&[wanted("tomato-500g", 1)]).await;
    shop.change("DELETE FROM products WHERE id = 'tomato'")
        .await;
    let off = member.client.orders().cancel(&order.id).await.unwrap();
    assert_eq!(off.state, OrderState::Cancelled);
}
