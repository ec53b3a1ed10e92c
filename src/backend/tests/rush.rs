//! The rush: two hundred neighbours want one of the last ten, alone or in a set, and every request
//! arrives twice.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod common;

use client::Error;
use common::people::{Member, plain, refused, sets, wanted};
use common::{OpenShop, now};
use domain::order::{Order, OrderRequest};
use domain::pricing::QuoteRequest;
use domain::problem::ProblemKind;
use std::collections::BTreeSet;
use tokio::task::{JoinSet, LocalSet};

const BUYERS: u32 = 200;
const LAST: usize = 10;

/// What a buyer was answered, both times.
type Answers = [Result<Order, ProblemKind>; 2];

/// Sends one intent twice at the same time, as an impatient phone does.
async fn twice(member: &Member, wish: &OrderRequest) -> Answers {
    let orders = member.client.orders();
    let once = || async {
        match orders.place(wish, "the only one").await {
            Ok(order) => Ok(order),
            Err(Error::Refused { problem, .. }) => Err(problem.kind),
            Err(other) => panic!("neither ordered nor refused: {other}"),
        }
    };
    tokio::join!(once(), once()).into()
}

/// Has everybody order at once what they were quoted. Checks that both answers of each agree and
/// that each finds what was acknowledged, and nothing else. Returns what was acknowledged.
async fn rush(buyers: Vec<(Member, OrderRequest)>) -> Vec<Order> {
    let count = buyers.len();
    // The shop answers on both threads; the buyers share one, as their futures are a browser's.
    let neighbourhood = LocalSet::new();
    let mut rush = JoinSet::new();
    for (member, wish) in buyers {
        let buying = async move {
            let answers = twice(&member, &wish).await;
            (member, answers)
        };
        rush.spawn_local_on(buying, &neighbourhood);
    }
    let served = neighbourhood.run_until(rush.join_all()).await;
    assert_eq!(served.len(), count);

    let mut acknowledged = Vec::new();
    for (member, [first, second]) in served {
        assert_eq!(first, second, "both answers of a buyer agree");
        let mine = member.client.orders().list(None, None).await.unwrap();
        match first {
            Ok(order) => {
                assert_eq!(now(mine).items, std::slice::from_ref(&order));
                acknowledged.push(order);
            }
            Err(kind) => {
                assert_eq!(kind, ProblemKind::QuoteChanged);
                assert_eq!(now(mine).items, []);
            }
        }
    }
    let ids: BTreeSet<_> = acknowledged.iter().map(|order| &order.id).collect();
    assert_eq!(ids.len(), acknowledged.len(), "sold twice");
    acknowledged
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_ten_go_to_ten_of_two_hundred() {
    let shop = OpenShop::demo().await;
    sqlx::query("UPDATE variants SET stock = ? WHERE id = 'cream-strawberry-300g'")
        .bind(LAST as i64)
        .execute(&mut shop.file().await)
        .await
        .unwrap();
    let mut buyers = Vec::new();
    for number in 0..BUYERS {
        let member = shop.member(&format!("1380000{number:04}")).await;
        let wish = member.wish(&[wanted("cream-strawberry-300g", 1)]).await;
        buyers.push((member, wish));
    }

    let acknowledged = rush(buyers).await;
    let acknowledged: BTreeSet<_> = acknowledged.iter().map(|one| one.id.to_string()).collect();
    assert_eq!(acknowledged.len(), LAST);

    assert_eq!(shop.stock("cream-strawberry-300g").await, 0);
    let kept: Vec<(String, String, String)> =
        sqlx::query_as("SELECT id, number, digits FROM orders")
            .fetch_all(&mut shop.file().await)
            .await
            .unwrap();
    assert_eq!(kept.len(), LAST, "each once");
    let ids: BTreeSet<_> = kept.iter().map(|(id, _, _)| id.clone()).collect();
    assert_eq!(ids, acknowledged);
    let numbers: BTreeSet<_> = kept.iter().map(|(_, number, _)| number).collect();
    let digits: BTreeSet<_> = kept.iter().map(|(_, _, digits)| digits).collect();
    assert_eq!((numbers.len(), digits.len()), (LAST, LAST));
    for (table, sql) in [
        ("lines", "SELECT count(*) FROM order_lines"),
        ("pieces", "SELECT sum(quantity) FROM order_lines"),
        ("changes", "SELECT count(*) FROM order_changes"),
        ("intents", "SELECT count(*) FROM intents WHERE status = 201"),
    ] {
        assert_eq!(shop.number(sql).await, LAST as i64, "{table}");
    }
    // The next one sees it before ordering.
    let late = shop.member("13900139000").await;
    let quote = late.quote(&[wanted("cream-strawberry-300g", 1)]).await;
    assert!(!quote.orderable);
}

const SALMON: &str = "salmon-sashimi-200g";
const LIGHT: [&str; 3] = [SALMON, "tricolour-quinoa-250g", "anyue-lemon-4"];

/// What the buyer with this number wants of the salmon: a piece, a set with a piece in it, or both.
fn of_the_salmon(number: u32) -> QuoteRequest {
    let piece = vec![wanted(SALMON, 1)];
    let set = QuoteRequest {
        bundles: vec![sets("light-meal", &LIGHT, 1)],
        use_points: true,
        ..QuoteRequest::default()
    };
    match number % 3 {
        0 => plain(&piece),
        1 => set,
        _ => QuoteRequest {
            lines: piece,
            ..set
        },
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_ten_pieces_are_sold_once_alone_or_in_a_set() {
    let shop = OpenShop::demo().await;
    shop.change("UPDATE variants SET stock = 10 WHERE id = 'salmon-sashimi-200g'")
        .await;
    shop.change("UPDATE variants SET stock = 300 WHERE id = 'anyue-lemon-4'")
        .await;
    shop.change("UPDATE variants SET stock = 300 WHERE id = 'tricolour-quinoa-250g'")
        .await;
    let mut buyers = Vec::new();
    for number in 0..BUYERS {
        let member = shop.member(&format!("1380000{number:04}")).await;
        let wish = member.wish_for(&of_the_salmon(number)).await;
        buyers.push((member, wish));
    }
    let acknowledged = rush(buyers).await;

    // Whoever wanted one piece was only refused when there was none.
    assert_eq!(shop.stock(SALMON).await, 0);
    let is_salmon = |variant: &str| i64::from(variant == SALMON);
    let mut salmon = 0;
    let mut sets = 0;
    let mut points = 0;
    for order in &acknowledged {
        let parts = order.bundles.iter().flat_map(|set| &set.parts);
        let bag = order.lines.iter().chain(parts);
        salmon += bag
            .map(|line| is_salmon(line.variant.as_str()) * i64::from(line.quantity))
            .sum::<i64>();
        sets += order.bundles.len() as i64;
        points += i64::from(order.points);
        // A newcomer's coupon, then what points may pay of the rest.
        assert_eq!(order.coupons.len(), order.bundles.len());
        assert_eq!(order.points > 0, !order.bundles.is_empty());
    }
    assert_eq!(salmon, LAST as i64);
    assert!(sets > 0, "nobody had a set");
    for variant in ["tricolour-quinoa-250g", "anyue-lemon-4"] {
        assert_eq!(shop.stock(variant).await, 300 - sets, "{variant}");
    }
    for (what, expected, sql) in [
        (
            "orders",
            acknowledged.len() as i64,
            "SELECT count(*) FROM orders",
        ),
        ("sets", sets, "SELECT sum(quantity) FROM order_bundles"),
        (
            "pieces",
            LAST as i64,
            "SELECT sum(quantity) FROM order_lines WHERE variant = 'salmon-sashimi-200g'",
        ),
        ("used", sets, "SELECT count(*) FROM order_coupons"),
        (
            "used up",
            sets,
            "SELECT sum(uses) - sum(uses_left) FROM coupons JOIN coupon_kinds AS k ON k.id = kind",
        ),
        (
            "put aside",
            points,
            "SELECT sum(points) FROM point_entries WHERE kind = 'freeze'",
        ),
        (
            "entries",
            i64::from(BUYERS) + sets,
            "SELECT count(*) FROM point_entries",
        ),
    ] {
        assert_eq!(shop.number(sql).await, expected, "{what}");
    }
    // And all of it comes back.
    let desk = shop.desk(common::people::CLERK).await;
    for order in &acknowledged {
        desk.desk().step(&order.id, "cancel").await.unwrap();
    }
    assert_eq!(shop.stock(SALMON).await, LAST as i64);
    assert_eq!(shop.stock("anyue-lemon-4").await, 300);
    let unused =
        "SELECT sum(uses) - sum(uses_left) FROM coupons JOIN coupon_kinds AS k ON k.id = kind";
    assert_eq!(shop.number(unused).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_called_off_by_many_at_once_comes_back_once() {
    let shop = OpenShop::demo().await;
    let member = shop.member("13800138000").await;
    let desk = shop.desk(common::people::CLERK).await;
    let order = member.orders(&[wanted("cream-strawberry-300g", 8)]).await;
    let orders = member.client.orders();
    let by_member = || orders.cancel(&order.id);
    let by_shop = desk.desk();
    let by_shop = || by_shop.step(&order.id, "cancel");
    let off = tokio::join!(by_member(), by_shop(), by_member(), by_shop(), by_member());
    for off in [off.0, off.2, off.4] {
        assert_eq!(off.unwrap().history.len(), 2);
    }
    for off in [off.1, off.3] {
        assert_eq!(off.unwrap().history.len(), 2);
    }
    assert_eq!(shop.stock("cream-strawberry-300g").await, 8);
    // Packed or called off, but never both.
    let order = member.orders(&[wanted("cream-strawberry-300g", 8)]).await;
    let clerk = desk.desk();
    let (off, packed) = tokio::join!(orders.cancel(&order.id), clerk.step(&order.id, "pack"));
    assert_ne!(off.is_ok(), packed.is_ok());
    let stock = if off.is_ok() { 8 } else { 0 };
    assert_eq!(shop.stock("cream-strawberry-300g").await, stock);
    for lost in [off, packed].into_iter().filter(Result::is_err) {
        assert_eq!(refused(lost), ProblemKind::NotNow);
    }
}
