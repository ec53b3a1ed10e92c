//! Orders: what one keeps of its price, what it takes, and what comes back when it is called off.

use crate::common::people::{CLERK, Member, refused, sets, wanted};
use crate::common::{OpenShop, now};
use crate::{LIGHT, PHONE, TEN_OFF, bundles, drawn, kinds, light, points, quoted, uses_left};
use domain::coupon::ReasonKind;
use domain::member::MemberCart;
use domain::money::Money;
use domain::order::{Order, OrderState};
use domain::points::EntryKind;
use domain::problem::ProblemKind;

async fn stocks(shop: &OpenShop) -> Vec<i64> {
    let mut stocks = Vec::new();
    for variant in LIGHT
        .into_iter()
        .chain(["mountain-eggs-10", "drip-bag-coffee-5"])
    {
        stocks.push(shop.stock(variant).await);
    }
    stocks
}

/// Places the cart that is drawn.
async fn placed(member: &Member) -> Order {
    member.buys(&drawn(member).await).await
}

#[tokio::test]
async fn an_order_knows_what_was_paid_for_every_piece() {
    let shop = OpenShop::demo().await;
    let member = shop.member(PHONE).await;
    let order = placed(&member).await;
    assert_eq!(order.total, Money::fen(13_200));
    assert_eq!(order.goods, Some(Money::fen(14_520)));
    assert_eq!(order.points, 320);
    let [used] = order.coupons.as_slice() else {
        panic!("{:?}", order.coupons)
    };
    assert_eq!((used.name.as_str(), used.off), (TEN_OFF, Money::fen(1_000)));
    let set = &order.bundles[0];
    assert_eq!((set.name.as_str(), set.quantity), ("健康轻食套餐", 1));
    assert_eq!(set.total, Money::fen(5_980));
    assert_eq!(set.parts[0].unit_price, Money::fen(4_590));
    assert_eq!(set.parts[0].total, Money::fen(3_791));
    let bag = order.lines.iter().chain(&set.parts);
    let paid: i64 = bag.map(|line| line.paid.unwrap().amount).sum();
    assert_eq!(paid, 13_200);
    assert_eq!(order.merchants.len(), 2);
    assert_eq!(order.merchants[1].pickup_from, Some(order.pickup.from));
    assert_eq!(stocks(&shop).await, [8, 63, 8, 23, 37]);
    let path = member.client.orders().order(&order.id).await.unwrap();
    assert_eq!(now(path), order);
    // The clerk sees what goes into the bag.
    let desk = shop.desk(CLERK).await;
    let to_pack = now(desk.desk().orders().await.unwrap()).orders;
    assert_eq!(to_pack[0].bundles, order.bundles);
    assert_eq!(to_pack[0].pieces(), 7);
    // And it stays as it was bought.
    shop.change("DELETE FROM bundles").await;
    shop.change("DELETE FROM products WHERE id = 'salmon-sashimi'")
        .await;
    let kept = member.client.orders().order(&order.id).await.unwrap();
    assert_eq!(now(kept), order);
}

#[tokio::test]
async fn what_is_called_off_comes_back_once() {
    let shop = OpenShop::demo().await;
    let member = shop.member(PHONE).await;
    let desk = shop.desk(CLERK).await;
    let before = (stocks(&shop).await, uses_left(&member).await);
    let quoted = member.price(&drawn(&member).await).await;
    let order = placed(&member).await;
    assert_eq!(uses_left(&member).await, 0);
    let aside = points(&member).await;
    assert_eq!((aside.balance, aside.frozen), (0, 320));
    assert_eq!(aside.entries[0].order, Some(order.id.clone()));

    for _ in 0..2 {
        let off = member.client.orders().cancel(&order.id).await.unwrap();
        assert_eq!(off.state, OrderState::Cancelled);
        desk.desk().step(&order.id, "cancel").await.unwrap();
        let after = (stocks(&shop).await, uses_left(&member).await);
        assert_eq!(after, before);
        let back = points(&member).await;
        assert_eq!((back.balance, back.frozen), (320, 0));
        let told = [
            (EntryKind::Release, 320),
            (EntryKind::Freeze, 320),
            (EntryKind::Earn, 320),
        ];
        assert_eq!(kinds(&back), told);
    }
    // A first order again, at the same price.
    let again = member.price(&drawn(&member).await).await;
    assert_eq!((again.total, again.coupons), (quoted.total, quoted.coupons));
}

#[tokio::test]
async fn points_are_spent_and_earned_when_the_bag_goes_out() {
    let shop = OpenShop::demo().await;
    let member = shop.member(PHONE).await;
    let desk = shop.desk(CLERK).await;
    let order = placed(&member).await;
    for step in ["pack", "ready", "hand-over", "hand-over"] {
        desk.desk().step(&order.id, step).await.unwrap();
    }
    let spent = points(&member).await;
    assert_eq!((spent.balance, spent.frozen), (132, 0));
    let told = [
        (EntryKind::Earn, 132),
        (EntryKind::Spend, 320),
        (EntryKind::Freeze, 320),
        (EntryKind::Earn, 320),
    ];
    assert_eq!(kinds(&spent), told);
    let sum: i64 = spent.entries.iter().map(|entry| entry.change()).sum();
    assert_eq!(sum, i64::from(spent.balance));
    // It was paid: nothing comes back by calling it off, and the coupon is used up.
    let late = refused(desk.desk().step(&order.id, "cancel").await);
    assert_eq!(late, ProblemKind::NotNow);
    assert_eq!(points(&member).await, spent);
    let next = member.price(&drawn(&member).await).await;
    assert_eq!(quoted(&next, TEN_OFF).reason.kind, ReasonKind::UsedUp);
    let newcomer = &quoted(&next, "新人满 59 减 6").reason;
    assert_eq!(newcomer.kind, ReasonKind::NotNewcomer);
}

#[tokio::test]
async fn a_coupon_and_points_are_used_for_one_order() {
    let shop = OpenShop::demo().await;
    let member = shop.member(PHONE).await;
    let wish = member.wish_for(&drawn(&member).await).await;
    let orders = member.client.orders();
    let (one, other) = tokio::join!(orders.place(&wish, "one"), orders.place(&wish, "other"));
    let (placed, lost) = if one.is_ok() {
        (one, other)
    } else {
        (other, one)
    };
    assert_eq!(refused(lost), ProblemKind::QuoteChanged);
    assert_eq!(placed.unwrap().points, 320);
    let aside = points(&member).await;
    assert_eq!((aside.balance, aside.frozen), (0, 320));
    assert_eq!(uses_left(&member).await, 0);
}

#[tokio::test]
async fn bundles_stay_in_a_member_s_cart_until_they_are_ordered() {
    let shop = OpenShop::demo().await;
    let member = shop.member(PHONE).await;
    let share = ["salmon-sashimi-400g", "tricolour-quinoa-500g", "avocado-4"];
    let share = sets("light-meal-share", &share, 1);
    let cart = MemberCart {
        lines: vec![wanted("carrot-500g", 1)],
        bundles: vec![light(3), share.clone()],
    };
    let members = member.client.members();
    members.keep_cart(&cart).await.unwrap();
    assert_eq!(now(members.cart().await.unwrap()), cart);
    member.buys(&bundles(&[light(2)])).await;
    let left = MemberCart {
        bundles: vec![light(1), share],
        ..cart
    };
    assert_eq!(now(members.cart().await.unwrap()), left);
}
