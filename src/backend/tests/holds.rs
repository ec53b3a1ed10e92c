//! Goods held at the checkout: for ten minutes, for one member once, and never so that the shop
//! cannot sell.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod common;

use common::people::{Member, plain, refused, sets, wanted};
use common::{OpenShop, now};
use domain::catalog::{ProductQuery, StockLevel};
use domain::hold::{HELD_FOR, Hold, MOST_HELD};
use domain::pricing::{LineProblemKind, Quote, QuoteRequest};
use domain::problem::ProblemKind;

const BERRY: &str = "cream-strawberry-300g";

async fn hold(member: &Member, quantity: u32) -> Hold {
    let cart = plain(&[wanted(BERRY, quantity)]);
    member.client.members().hold(&cart).await.unwrap()
}

/// How many of the strawberries somebody can have, who wants twelve.
async fn left(member: &Member) -> u32 {
    left_of(&member.quote(&[wanted(BERRY, 12)]).await)
}

fn left_of(quote: &Quote) -> u32 {
    match &quote.lines[0].problem {
        None => 12,
        Some(problem) if problem.kind == LineProblemKind::SoldOut => 0,
        Some(problem) => problem.left.unwrap(),
    }
}

/// So much time goes by for everything that is held.
async fn pass(shop: &OpenShop, ms: i64) {
    sqlx::query("UPDATE holds SET since = since - ?1, expires_at = expires_at - ?1")
        .bind(ms)
        .execute(&mut shop.file().await)
        .await
        .unwrap();
}

async fn stock(shop: &OpenShop, pieces: i64) {
    sqlx::query("UPDATE variants SET stock = ? WHERE id = 'cream-strawberry-300g'")
        .bind(pieces)
        .execute(&mut shop.file().await)
        .await
        .unwrap();
}

#[tokio::test]
async fn what_is_held_is_there_for_one_and_not_for_others() {
    let shop = OpenShop::demo().await;
    let (one, other) = (
        shop.member("13800138000").await,
        shop.member("13900139000").await,
    );
    stock(&shop, 8).await;
    let held = hold(&one, 5).await;
    assert_eq!((held.lines[0].quantity, held.lines[0].held), (5, 5));
    assert_eq!(held.expires_at.unwrap().ms, held.now.ms + HELD_FOR);
    assert_eq!((left(&one).await, left(&other).await), (8, 3));
    let guest = shop.client("zh-CN");
    let asked = plain(&[wanted(BERRY, 12)]);
    let quote = guest.orders().quote(&asked).await.unwrap();
    assert_eq!(left_of(&quote), 3);
    // The other one gets what is left held, and no more.
    assert_eq!(hold(&other, 5).await.lines[0].held, 3);
    assert_eq!((left(&one).await, left(&other).await), (5, 3));
    // The catalogue shows what nobody holds.
    let product = guest.catalog().product(&"cream-strawberry".into()).await;
    let level = now(product.unwrap()).variants[0].stock.level;
    assert_eq!(level, StockLevel::None);
    let query = ProductQuery {
        in_stock: true,
        limit: Some(100),
        ..ProductQuery::default()
    };
    let is_listed = async || {
        let page = now(guest.catalog().products(&query).await.unwrap());
        page.items
            .iter()
            .any(|item| item.id.as_str() == "cream-strawberry")
    };
    assert!(!is_listed().await);
    one.client.members().release_hold().await.unwrap();
    one.client.members().release_hold().await.unwrap();
    assert!(is_listed().await);
    assert_eq!(left(&other).await, 8);
}

#[tokio::test]
async fn an_order_takes_what_was_held_and_nobody_elses() {
    let shop = OpenShop::demo().await;
    let (one, other) = (
        shop.member("13800138000").await,
        shop.member("13900139000").await,
    );
    stock(&shop, 8).await;
    // Quoted before it was held for somebody else.
    let wish = other.wish(&[wanted(BERRY, 8)]).await;
    hold(&one, 5).await;
    let kind = refused(other.client.orders().place(&wish, "k").await);
    assert_eq!(kind, ProblemKind::QuoteChanged);
    let order = one.orders(&[wanted(BERRY, 5)]).await;
    assert_eq!(order.pieces(), 5);
    assert_eq!(shop.stock(BERRY).await, 3);
    assert_eq!(shop.number("SELECT sum(quantity) FROM holds").await, 0);
    // What it took is not held any more: the rest is for everybody.
    other.orders(&[wanted(BERRY, 3)]).await;
    assert_eq!(shop.stock(BERRY).await, 0);
}

#[tokio::test]
async fn it_is_released_by_itself_and_not_held_again_at_once() {
    let shop = OpenShop::demo().await;
    let (one, other) = (
        shop.member("13800138000").await,
        shop.member("13900139000").await,
    );
    stock(&shop, 8).await;
    let first = hold(&one, 8).await;
    assert_eq!(left(&other).await, 0);
    // Asking again, and letting go in between, never makes it longer.
    pass(&shop, HELD_FOR - 20_000).await;
    one.client.members().release_hold().await.unwrap();
    let again = hold(&one, 8).await;
    assert_eq!(again.lines[0].held, 8);
    let left_over = again.expires_at.unwrap().ms - again.now.ms;
    assert!((0..=20_000).contains(&left_over), "{left_over}");
    assert_eq!(
        again.expires_at.unwrap().ms / 1_000,
        (first.expires_at.unwrap().ms - (HELD_FOR - 20_000)) / 1_000
    );
    pass(&shop, 20_000).await;
    assert_eq!(left(&other).await, 8);
    // A pause of ten minutes; without a hold it can be bought all the same.
    let none = hold(&one, 8).await;
    assert_eq!((none.lines[0].held, none.expires_at), (0, None));
    assert_eq!(left(&other).await, 8);
    one.orders(&[wanted(BERRY, 1)]).await;
    pass(&shop, HELD_FOR).await;
    assert_eq!(hold(&one, 7).await.lines[0].held, 7);
}

#[tokio::test]
async fn at_most_ten_of_a_product_and_the_parts_of_bundles() {
    let shop = OpenShop::demo().await;
    let one = shop.member("13800138000").await;
    stock(&shop, 50).await;
    let held = hold(&one, 40).await;
    assert_eq!(
        (held.lines[0].quantity, held.lines[0].held),
        (40, MOST_HELD)
    );
    let cart = QuoteRequest {
        lines: vec![wanted("salmon-sashimi-200g", 1), wanted("no-such-thing", 2)],
        bundles: vec![sets(
            "light-meal",
            &[
                "salmon-sashimi-200g",
                "tricolour-quinoa-250g",
                "anyue-lemon-4",
            ],
            2,
        )],
        ..QuoteRequest::default()
    };
    let held = one.client.members().hold(&cart).await.unwrap();
    let told: Vec<_> = held
        .lines
        .iter()
        .map(|line| (line.variant.as_str(), line.quantity, line.held))
        .collect();
    assert_eq!(
        told,
        [
            ("anyue-lemon-4", 2, 2),
            ("no-such-thing", 2, 0),
            ("salmon-sashimi-200g", 3, 3),
            ("tricolour-quinoa-250g", 2, 2),
        ]
    );
    // It came in the place of what was held before.
    let strawberries = "SELECT sum(quantity) FROM holds WHERE product = 'cream-strawberry'";
    assert_eq!(shop.number(strawberries).await, 0);
    let empty = QuoteRequest::default();
    let kind = refused(one.client.members().hold(&empty).await);
    assert_eq!(kind, ProblemKind::InvalidBody);
    let guest = shop.client("zh-CN");
    assert_eq!(
        refused(guest.members().hold(&cart).await),
        ProblemKind::NotSignedIn
    );
    assert_eq!(
        refused(guest.members().release_hold().await),
        ProblemKind::NotSignedIn
    );
}

#[tokio::test]
async fn a_thousand_checkouts_of_one_hold_ten() {
    let shop = OpenShop::demo().await;
    let (one, other) = (
        shop.member("13800138000").await,
        shop.member("13900139000").await,
    );
    stock(&shop, 12).await;
    for number in 0..1_000_u32 {
        let held = hold(&one, 1 + number % 99).await;
        assert!(held.lines[0].held <= MOST_HELD);
        if number % 200 == 0 {
            assert!(left(&other).await >= 2);
        }
    }
    let held = shop.number("SELECT sum(quantity) FROM holds").await;
    assert!(held <= i64::from(MOST_HELD));
    assert_eq!(shop.number("SELECT count(*) FROM holds").await, 1);
    println!("1000 checkouts of one member hold {held} of 12");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_who_open_checkouts_over_and_over_stop_nobody() {
    let shop = OpenShop::demo().await;
    stock(&shop, 60).await;
    let mut crowd = Vec::new();
    for number in 0..100 {
        crowd.push(shop.member(&format!("1380000{number:04}")).await);
    }
    let buyer = shop.member("13900139000").await;
    let mut asked = 0;
    for _round in 0..10 {
        for member in &crowd {
            hold(member, 99).await;
            asked += 1;
        }
        let held = shop.number("SELECT sum(quantity) FROM holds").await;
        assert!(held <= 60, "{held}");
    }
    assert_eq!(left(&buyer).await, 0, "for now they have it");
    // Ten minutes later, however often they ask.
    pass(&shop, HELD_FOR).await;
    let mut granted = 0;
    for member in &crowd {
        granted += hold(member, 99).await.lines[0].held;
        asked += 1;
    }
    println!("{asked} checkouts of 100 members; after ten minutes {granted} of 60 pieces are held");
    assert_eq!(granted, 0);
    assert_eq!(left(&buyer).await, 12);
    for _ in 0..5 {
        buyer.orders(&[wanted(BERRY, 12)]).await;
    }
    assert_eq!(shop.stock(BERRY).await, 0);
}
