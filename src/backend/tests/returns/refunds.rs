//! What comes back: money, points and coupons, in whatever parts.

use crate::common::now;
use crate::common::people::{Member, refused, sets, wanted};
use crate::{approve, ask, bought, read, scene, tomatoes, wish};
use domain::after_sale::ReturnState;
use domain::money::Money;
use domain::order::OrderState;
use domain::points::EntryKind;
use domain::pricing::QuoteRequest;
use domain::problem::ProblemKind;

const TEN_OFF: &str = "满 99 减 10";

/// Three boxes of eggs and coffee, with ten yuan off and points, and a set.
async fn drawn(member: &Member) -> QuoteRequest {
    let held = now(member.client.members().coupons().await.unwrap());
    let coupon = held.into_iter().find(|coupon| coupon.name == TEN_OFF);
    let choice = [
        "salmon-sashimi-200g",
        "tricolour-quinoa-250g",
        "anyue-lemon-4",
    ];
    QuoteRequest {
        lines: vec![
            wanted("mountain-eggs-10", 3),
            wanted("drip-bag-coffee-5", 1),
        ],
        bundles: vec![sets("light-meal", &choice, 1)],
        coupons: Some(vec![coupon.unwrap().id]),
        use_points: true,
    }
}

async fn balance(member: &Member) -> u32 {
    now(member.client.members().points().await.unwrap()).balance
}

#[tokio::test]
async fn a_part_comes_back_when_the_shop_says_so() {
    let (shop, member, desk) = scene().await;
    let order = bought(&member, &desk, &tomatoes(3)).await;
    let until = order.returnable_until.unwrap();
    let handed_over = order.history.last().unwrap().at;
    assert_eq!(
        until.ms - handed_over.ms,
        domain::after_sale::RETURNABLE_FOR
    );
    let places: Vec<_> = order.bag().map(|line| line.place).collect();
    assert_eq!(places, [1]);
    let had = balance(&member).await;

    let asked = ask(&member, &order, &[(1, 1)]).await;
    let third = Money::fen(order.total.amount / 3);
    assert_eq!((asked.state, asked.amount), (ReturnState::Requested, third));
    assert_eq!(asked.lines[0].name, order.lines[0].name);
    assert_eq!((asked.lines[0].quantity, asked.answered_at), (1, None));
    // Nothing has come back, and no second one can be asked for.
    let there = read(&member, &order.id).await;
    assert_eq!(there.returns, std::slice::from_ref(&asked));
    assert_eq!((there.refunded, there.lines[0].returned), (None, 0));
    assert_eq!(there.returnable_until, None);
    let again = member.client.after_sale();
    let again = again.ask(&order.id, &wish(&[(1, 1)]), "another").await;
    assert_eq!(refused(again), ProblemKind::NotNow);

    let listed = now(desk.after_sale().waiting().await.unwrap()).returns;
    assert_eq!(listed.len(), 1);
    assert_eq!(
        (&listed[0].asked, &listed[0].number),
        (&asked, &order.number)
    );
    assert_eq!(listed[0].contact, order.contact);

    let stock = shop.stock("tomato-500g").await;
    let decided = approve(&desk, &asked).await;
    assert_eq!(decided.asked.state, ReturnState::Approved);
    assert!(decided.asked.answered_at.is_some());
    let there = read(&member, &order.id).await;
    assert_eq!((there.refunded, there.lines[0].returned), (Some(third), 1));
    assert_eq!(there.state, OrderState::HandedOver);
    assert!(there.returnable_until.is_some(), "two are left");
    let lost = there.returns[0].revoked;
    assert_eq!(balance(&member).await, had - lost);
    assert_eq!(
        shop.stock("tomato-500g").await,
        stock,
        "nobody is sold it again"
    );

    // Approved twice is approved once; the other answer comes too late.
    let books = shop.books().await;
    assert_eq!(approve(&desk, &asked).await, decided);
    let late = desk.after_sale().decide(&asked.id, "decline", "不行").await;
    assert_eq!(refused(late), ProblemKind::NotNow);
    let late = member
        .client
        .after_sale()
        .withdraw(&order.id, &asked.id)
        .await;
    assert_eq!(refused(late), ProblemKind::NotNow);
    assert_eq!(shop.books().await, books);
    let who = "SELECT count(*) FROM returns WHERE staff = 'clerk'";
    assert_eq!(shop.number(who).await, 1);
}

#[tokio::test]
async fn in_whatever_parts_everything_comes_back_exactly() {
    let (shop, member, desk) = scene().await;
    let before = balance(&member).await;
    let cart = drawn(&member).await;
    let order = bought(&member, &desk, &cart).await;
    assert_eq!(order.points, 320);
    let earned = domain::points::earned(order.total);
    assert_eq!(balance(&member).await, before - 320 + earned);
    let places: Vec<_> = order.bag().map(|line| line.place).collect();
    assert_eq!(places, [1, 2, 3, 4, 5]);
    assert_eq!(order.coupons[0].lines, [1, 2, 3, 4, 5]);
    let points: u32 = order.bag().map(|line| line.points).sum();
    assert_eq!(points, 320);
    let coupon = "SELECT sum(uses_left) FROM coupons";
    let held = shop.number(coupon).await;

    let mut back = 0;
    let mut points_back = 0;
    for pieces in [
        vec![(1, 1)],
        vec![(4, 1)],
        vec![(1, 2), (2, 1)],
        vec![(3, 1)],
    ] {
        let asked = ask(&member, &order, &pieces).await;
        assert_eq!(asked.coupons, []);
        let decided = approve(&desk, &asked).await.asked;
        assert_eq!(
            (decided.amount, decided.points),
            (asked.amount, asked.points)
        );
        assert_eq!(decided.revoked, asked.revoked);
        back += decided.amount.amount;
        points_back += decided.points;
        let refunded = read(&member, &order.id).await.refunded.unwrap();
        assert_eq!(refunded.amount, back);
    }
    assert_eq!(
        shop.number(coupon).await,
        held,
        "the lemon is still bought with it"
    );
    let last = ask(&member, &order, &[(5, 1)]).await;
    assert_eq!(last.coupons.len(), 1);
    assert_eq!(last.coupons[0].name, TEN_OFF);
    approve(&desk, &last).await;
    assert_eq!(shop.number(coupon).await, held + 1);
    back += last.amount.amount;
    points_back += last.points;

    let end = read(&member, &order.id).await;
    assert_eq!(back, order.total.amount);
    assert_eq!(end.refunded, Some(order.total));
    assert_eq!(points_back, 320);
    assert!(end.bag().all(|line| line.returned == line.quantity));
    assert_eq!(end.returnable_until, None);
    assert_eq!(
        balance(&member).await,
        before,
        "as if nothing had been bought"
    );
    let entries = now(member.client.members().points().await.unwrap()).entries;
    let sum = |kind| -> u32 {
        let of_kind = entries.iter().filter(|entry| entry.kind == kind);
        of_kind.map(|entry| entry.points).sum()
    };
    assert_eq!(sum(EntryKind::Refund), 320);
    assert_eq!(sum(EntryKind::Revoke), earned);
    // It is no new order: the coupon can be used for one.
    let quote = member.price(&cart).await;
    assert!(
        quote
            .coupons
            .iter()
            .any(|one| one.coupon.name == TEN_OFF && one.chosen)
    );
}

#[tokio::test]
async fn a_coupon_of_a_part_of_the_order_comes_back_with_that_part() {
    let (shop, member, desk) = scene().await;
    // A coupon for next door's goods only.
    shop.change(
        "INSERT INTO coupon_kinds (id, position, name, note, benefit, merchant, stacking)
         VALUES ('next-door', 99, '{\"zh\":\"咖啡券\"}', '{}', '{\"kind\":\"amount\",\"off\":{\"amount\":300,\"currency\":\"CNY\"}}', 'coffee', 'free')",
    )
    .await;
    shop.change(
        "INSERT INTO coupons (id, member, kind, valid_from, uses_left) SELECT 'c1', id, 'next-door', 0, 1 FROM members",
    )
    .await;
    let cart = QuoteRequest {
        lines: vec![wanted("tomato-500g", 2), wanted("drip-bag-coffee-5", 2)],
        coupons: Some(vec!["c1".into()]),
        ..QuoteRequest::default()
    };
    let order = bought(&member, &desk, &cart).await;
    assert_eq!(order.coupons[0].lines, [2]);
    let left = "SELECT uses_left FROM coupons WHERE id = 'c1'";
    for (pieces, there) in [([(2, 1)], 0), ([(2, 1)], 1), ([(1, 2)], 1)] {
        let asked = ask(&member, &order, &pieces).await;
        approve(&desk, &asked).await;
        assert_eq!(shop.number(left).await, there, "{pieces:?}");
    }
}

#[tokio::test]
async fn earned_points_that_are_spent_are_not_owed() {
    let (shop, member, desk) = scene().await;
    let order = bought(&member, &desk, &tomatoes(9)).await;
    shop.change(
        "INSERT INTO point_entries (member, kind, points, at) SELECT member, 'freeze', sum(CASE kind WHEN 'earn' THEN points END) - 1, 0
         FROM point_entries GROUP BY member",
    )
    .await;
    assert_eq!(balance(&member).await, 1);
    let asked = ask(&member, &order, &[(1, 9)]).await;
    assert!(asked.revoked > 1);
    let decided = approve(&desk, &asked).await.asked;
    assert_eq!((decided.amount, decided.revoked), (order.total, 1));
    assert_eq!(balance(&member).await, 0);
}
