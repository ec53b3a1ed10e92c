//! Bundles, coupons and points from the quote to the hand-over: what they cost, what an order does
//! with them, and what comes back.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod common;

use common::people::{CLERK, Member, plain, refused, sets, wanted};
use common::{OpenShop, now, problem};
use domain::coupon::{QuotedCoupon, ReasonKind};
use domain::id::{CouponId, VariantId};
use domain::member::MemberCart;
use domain::money::Money;
use domain::order::{Order, OrderRequest, OrderState};
use domain::points::{EntryKind, Points};
use domain::pricing::{LineProblemKind, Quote, QuoteBundle, QuoteRequest, Remedy, WantedBundle};
use domain::problem::ProblemKind;
use reqwest::Method;
use serde_json::{Value, json};

const PHONE: &str = "13800138000";
const SALMON: &str = "salmon-sashimi-200g";
const LIGHT: [&str; 3] = [SALMON, "tricolour-quinoa-250g", "anyue-lemon-4"];
const TEN_OFF: &str = "满 99 减 10";

fn light(quantity: u32) -> WantedBundle {
    sets("light-meal", &LIGHT, quantity)
}

/// A cart of bundles that uses no coupon.
fn bundles(bundles: &[WantedBundle]) -> QuoteRequest {
    QuoteRequest {
        bundles: bundles.to_vec(),
        ..plain(&[])
    }
}

/// The cart as it is drawn: a set, eggs, and coffee from next door, ten yuan off and points used.
async fn drawn(member: &Member) -> QuoteRequest {
    QuoteRequest {
        lines: vec![
            wanted("mountain-eggs-10", 3),
            wanted("drip-bag-coffee-5", 1),
        ],
        bundles: vec![light(1)],
        coupons: Some(vec![coupon(member, TEN_OFF).await]),
        use_points: true,
    }
}

/// The member's coupon of this name.
async fn coupon(member: &Member, name: &str) -> CouponId {
    let held = now(member.client.members().coupons().await.unwrap());
    let named = held.into_iter().find(|coupon| coupon.name == name);
    named.unwrap().id
}

async fn points(member: &Member) -> Points {
    now(member.client.members().points().await.unwrap())
}

fn quoted<'a>(quote: &'a Quote, name: &str) -> &'a QuotedCoupon {
    let mut coupons = quote.coupons.iter();
    coupons.find(|one| one.coupon.name == name).unwrap()
}

/// The one bundle of a cart without lines.
async fn alone(shop: &OpenShop, wanted: WantedBundle) -> QuoteBundle {
    let client = shop.client("zh-CN");
    let quote = client.orders().quote(&bundles(&[wanted])).await.unwrap();
    let clean = quote.bundles[0].problem.is_none();
    assert_eq!(quote.orderable, clean, "{quote:?}");
    quote.bundles[0].clone()
}

fn kind(bundle: &QuoteBundle) -> Option<LineProblemKind> {
    bundle.problem.map(|problem| problem.kind)
}

#[tokio::test]
async fn the_cart_that_is_drawn_costs_what_is_drawn() {
    let shop = OpenShop::demo().await;
    let member = shop.member(PHONE).await;
    let before = shop.books().await;
    let quote = member.price(&drawn(&member).await).await;
    assert!(quote.orderable);
    assert_eq!(quote.goods, Some(Money::fen(14_520)));
    assert_eq!(quote.total, Money::fen(13_200));
    assert_eq!(quote.saved, Some(Money::fen(2_580)));
    assert_eq!(quote.points.unwrap().used, 320);

    let set = &quote.bundles[0];
    assert_eq!(set.name.as_deref(), Some("健康轻食套餐"));
    assert_eq!(set.merchant.as_ref().unwrap().as_str(), "linli");
    assert_eq!(set.unit_price, Some(Money::fen(5_980)));
    assert_eq!(set.alone, Some(Money::fen(7_240)));
    let parts: Vec<_> = set.parts.iter().map(|part| part.price.amount).collect();
    assert_eq!(parts, [3_791, 1_619, 570]);
    let salmon = set.parts[0].item.as_ref().unwrap();
    assert_eq!(salmon.product.as_str(), "salmon-sashimi");
    assert!(set.parts.iter().all(|part| !part.short));

    let sellers: Vec<_> = quote
        .merchants
        .iter()
        .map(|part| (part.merchant.as_str(), part.subtotal.amount))
        .collect();
    assert_eq!(sellers, [("linli", 11_620), ("coffee", 2_900)]);
    assert_eq!(quote.merchants[1].name, "巷口咖啡");
    assert_eq!(quote.merchants[1].pickup, "花园路 8 号，吧台取");
    assert!(quote.merchants[0].pickup_from.unwrap().ms > quote.now.ms);
    // What comes off the lines stands at them; the rest comes off the set.
    let off = quote.lines.iter().filter_map(|line| line.discount);
    let off: i64 = off.map(|off| off.amount).sum();
    assert!((1..1_000).contains(&off), "{off}");
    assert_eq!(shop.books().await, before);
}

#[tokio::test]
async fn the_best_coupons_are_used_and_the_others_say_why_not() {
    let shop = OpenShop::demo().await;
    let member = shop.member(PHONE).await;
    let cart = QuoteRequest {
        coupons: None,
        use_points: false,
        ..drawn(&member).await
    };
    let quote = member.price(&cart).await;
    let tenth = quoted(&quote, "会员 9 折");
    assert_eq!((tenth.chosen, tenth.off), (true, Money::fen(1_452)));
    assert_eq!(tenth.reason.kind, ReasonKind::Best);
    assert_eq!(quote.total, Money::fen(14_520 - 1_452));
    let ten_off = quoted(&quote, TEN_OFF);
    assert_eq!((ten_off.chosen, ten_off.off), (false, Money::fen(1_000)));
    assert_eq!(ten_off.reason.kind, ReasonKind::NotCombinable);
    assert_eq!(ten_off.reason.with.first(), Some(&tenth.coupon.id));
    assert_eq!(ten_off.reason.less, Some(Money::fen(452)));
    let coffee = &quoted(&quote, "巷口咖啡满 39 减 5").reason;
    assert_eq!(coffee.kind, ReasonKind::BelowMinimum);
    assert_eq!(coffee.short, Some(Money::fen(1_000)));
    let soap = &quoted(&quote, "柠檬洗碗皂免单").reason;
    assert_eq!(soap.kind, ReasonKind::NothingEligible);
    assert_eq!(quote.coupons.len(), 6);
    // Points wait until they are asked for.
    let points = quote.points.unwrap();
    assert_eq!((points.balance, points.usable, points.used), (320, 320, 0));
    assert_eq!(quote.saved, Some(Money::fen(1_260 + 1_452)));

    // At most fifteen yuan; a free soap and two bottles of milk at the members' price beside it.
    let lines = [
        ("wuchang-rice-2500g", 9),
        ("lemon-soap-2", 2),
        ("fresh-milk-950ml", 3),
    ];
    let cart = QuoteRequest {
        lines: lines
            .map(|(variant, quantity)| wanted(variant, quantity))
            .into(),
        ..QuoteRequest::default()
    };
    let quote = member.price(&cart).await;
    for (name, off) in [
        ("会员 9 折", 1_500),
        ("柠檬洗碗皂免单", 1_990),
        ("每日鲜牛奶会员价 ¥14.9", 400),
    ] {
        let used = quoted(&quote, name);
        assert_eq!((used.chosen, used.off), (true, Money::fen(off)), "{name}");
    }
}

#[tokio::test]
async fn nobody_has_coupons_or_points() {
    let shop = OpenShop::demo().await;
    let member = shop.member(PHONE).await;
    let cart = drawn(&member).await;
    let quote = shop.client("en").orders().quote(&cart).await.unwrap();
    assert_eq!((quote.coupons.len(), quote.points), (0, None));
    assert_eq!(quote.goods, None);
    assert_eq!(quote.total, Money::fen(14_520));
    assert_eq!(quote.saved, Some(Money::fen(1_260)));
    assert_eq!(
        quote.bundles[0].name.as_deref(),
        Some("Light and healthy set")
    );
    // Somebody else's coupon takes nothing off.
    let neighbour = shop.member("13900139000").await;
    let quote = neighbour.price(&cart).await;
    assert_eq!(quote.total, Money::fen(14_520 - 320));
    assert!(quote.coupons.iter().all(|coupon| !coupon.chosen));
}

#[tokio::test]
async fn what_is_wrong_with_a_bundle_stands_there_with_what_helps() {
    let shop = OpenShop::demo().await;
    let told = alone(&shop, light(1)).await;
    assert_eq!((kind(&told), told.total), (None, Some(Money::fen(5_980))));

    let gone = alone(&shop, sets("no-such-bundle", &LIGHT, 1)).await;
    assert_eq!(kind(&gone), Some(LineProblemKind::NoLongerSold));
    assert_eq!((gone.name, gone.total), (None, None));

    // What is not offered in its place is replaced by what is.
    let odd = [SALMON, "tomato-500g", "anyue-lemon-4"];
    let odd = alone(&shop, sets("light-meal", &odd, 1)).await;
    assert_eq!(kind(&odd), Some(LineProblemKind::PartNoLongerSold));
    assert_eq!(odd.swap.unwrap().choice, light(1).choice);

    let seen = WantedBundle {
        seen: Some(Money::fen(5_480)),
        ..light(1)
    };
    let moved = alone(&shop, seen).await;
    assert_eq!(kind(&moved), Some(LineProblemKind::PriceMoved));
    assert_eq!(moved.problem.unwrap().was, Some(Money::fen(5_480)));

    let lunch = ["chicken-quinoa-salad-320g", "soy-milk-500ml"];
    let lunch = alone(&shop, sets("quick-lunch", &lunch, 1)).await;
    assert_eq!(kind(&lunch), Some(LineProblemKind::MinimumNotReached));
    assert_eq!(lunch.remedy(), Some(Remedy::Take(2)));

    let share = ["salmon-sashimi-400g", "tricolour-quinoa-500g", "avocado-4"];
    let both = bundles(&[light(1), sets("light-meal-share", &share, 1)]);
    let both = shop.client("zh-CN").orders().quote(&both).await.unwrap();
    assert_eq!(kind(&both.bundles[0]), None);
    assert_eq!(kind(&both.bundles[1]), Some(LineProblemKind::NotCombinable));
    let conflict = both.bundles[1].conflict.as_ref().unwrap();
    assert_eq!(conflict.as_str(), "light-meal");
    assert_eq!(both.total, Money::fen(5_980));
}

#[tokio::test]
async fn a_swap_helps_where_a_part_is_sold_out() {
    let shop = OpenShop::demo().await;
    shop.change("UPDATE variants SET stock = 0 WHERE id = 'salmon-sashimi-200g'")
        .await;
    let told = alone(&shop, light(2)).await;
    assert_eq!(kind(&told), Some(LineProblemKind::PartSoldOut));
    assert_eq!(told.remedy(), Some(Remedy::Swap));
    let short: Vec<_> = told.parts.iter().map(|part| part.short).collect();
    assert_eq!(short, [true, false, false]);
    let swap = told.swap.unwrap();
    assert_eq!(swap.names, ["低脂鸡胸肉"]);
    assert_eq!(swap.unit_price, Money::fen(5_180));
    let swapped = WantedBundle {
        choice: swap.choice,
        seen: Some(swap.unit_price),
        ..light(2)
    };
    let told = alone(&shop, swapped).await;
    assert_eq!((kind(&told), told.total), (None, Some(Money::fen(10_360))));
    // Nothing to swap for, but fewer sets are there.
    shop.change("UPDATE variants SET stock = 1 WHERE id = 'tricolour-quinoa-250g'")
        .await;
    let chicken = ["chicken-breast-1kg", LIGHT[1], LIGHT[2]];
    let told = alone(&shop, sets("light-meal", &chicken, 3)).await;
    assert_eq!(kind(&told), Some(LineProblemKind::StockShort));
    assert_eq!(told.remedy(), Some(Remedy::Take(1)));
}

#[tokio::test]
async fn lines_and_parts_share_one_shelf() {
    let shop = OpenShop::demo().await;
    // Nine pieces of salmon: seven alone leave two for three sets.
    let cart = QuoteRequest {
        lines: vec![wanted(SALMON, 7)],
        ..bundles(&[light(3)])
    };
    let quote = shop.client("zh-CN").orders().quote(&cart).await.unwrap();
    assert_eq!(quote.lines[0].problem, None);
    assert_eq!(kind(&quote.bundles[0]), Some(LineProblemKind::StockShort));
    assert_eq!(quote.bundles[0].problem.unwrap().left, Some(2));
    let cart = QuoteRequest {
        bundles: vec![light(2)],
        ..cart
    };
    let member = shop.member(PHONE).await;
    let order = member.buys(&cart).await;
    assert_eq!(order.pieces(), 7 + 2 * 3);
    assert_eq!(shop.stock(SALMON).await, 0);
    // All of it comes back, though it stands in two lines.
    member.client.orders().cancel(&order.id).await.unwrap();
    assert_eq!(shop.stock(SALMON).await, 9);
    assert_eq!(shop.stock("tricolour-quinoa-250g").await, 64);
}

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

async fn uses_left(member: &Member) -> u32 {
    let held = now(member.client.members().coupons().await.unwrap());
    let named = held.into_iter().find(|coupon| coupon.name == TEN_OFF);
    named.unwrap().left
}

fn kinds(points: &Points) -> Vec<(EntryKind, u32)> {
    let entries = points.entries.iter();
    entries.map(|entry| (entry.kind, entry.points)).collect()
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
async fn nothing_is_ordered_at_another_price_than_was_quoted() {
    for change in [
        "UPDATE bundles SET price = price + 1 WHERE id = 'light-meal'",
        // The set costs the same, but its parts' shares do not.
        "UPDATE variants SET price = price + 100 WHERE id = 'tricolour-quinoa-250g'",
        "UPDATE variants SET stock = 0 WHERE id = 'anyue-lemon-4'",
        "DELETE FROM bundles WHERE id = 'light-meal'",
        "UPDATE coupons SET uses_left = 0",
        "UPDATE coupons SET valid_until = valid_from + 1",
        "UPDATE coupon_kinds SET at_least = 20000 WHERE id = 'ten-off'",
        "INSERT INTO point_entries (member, kind, points, at) SELECT id, 'freeze', 1, 0 FROM members",
    ] {
        let shop = OpenShop::demo().await;
        let member = shop.member(PHONE).await;
        let wish = member.wish_for(&drawn(&member).await).await;
        shop.change(change).await;
        let before = shop.books().await;
        let key = backend::secret::id().unwrap();
        let kind = refused(member.client.orders().place(&wish, &key).await);
        assert_eq!(kind, ProblemKind::QuoteChanged, "{change}");
        assert_eq!(shop.books().await, before, "{change}");
    }
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

/// Sends a body that must be refused at these fields, as a quote, as an order, as a member's cart.
async fn refused_at(shop: &OpenShop, member: &Member, body: Value, fields: &[&str]) {
    let before = shop.books().await;
    let mut order = serde_json::to_value(member.wish(&[wanted("carrot-500g", 1)]).await).unwrap();
    for (name, value) in body.as_object().unwrap() {
        order[name] = value.clone();
    }
    for (method, path, body) in [
        (Method::POST, "/api/v1/carts/quote", &body),
        (Method::POST, "/api/v1/orders", &order),
        (Method::PUT, "/api/v1/me/cart", &body),
    ] {
        if method == Method::PUT && body.get("coupons").is_some() {
            continue;
        }
        let asking = shop.page_asks(method, path, &member.cookie).json(body);
        let answer = asking.header("idempotency-key", "a key").send().await;
        let problem = problem(answer.unwrap()).await;
        assert_eq!(problem.kind, ProblemKind::InvalidBody, "{path} {body}");
        let told: Vec<_> = problem.problems.iter().map(|one| &one.field).collect();
        assert_eq!(told, fields, "{path} {body}");
    }
    assert_eq!(shop.books().await, before);
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_at_its_field() {
    let shop = OpenShop::demo().await;
    let member = shop.member(PHONE).await;
    let set =
        |quantity: u32| json!({"bundle": "light-meal", "choice": LIGHT, "quantity": quantity});
    let quantity = "/bundles/0/quantity";
    for (bundles, fields) in [
        (json!([set(0)]), vec![quantity]),
        (json!([set(100)]), vec![quantity]),
        (json!([set(1), set(2)]), vec!["/bundles/1/choice"]),
        (json!([set(0), set(1)]), vec![quantity, "/bundles/1/choice"]),
        (json!(vec![set(1); 101]), vec!["/lines"]),
    ] {
        refused_at(
            &shop,
            &member,
            json!({"lines": [], "bundles": bundles}),
            &fields,
        )
        .await;
    }
    let carrot = json!([{"variant": "carrot-500g", "quantity": 1}]);
    let twice = json!({"lines": carrot, "coupons": ["one", "other", "one"]});
    refused_at(&shop, &member, twice, &["/coupons/2"]).await;
    let many = json!({"lines": carrot, "coupons": vec!["one"; 101]});
    refused_at(&shop, &member, many, &["/coupons"]).await;
}

#[tokio::test]
async fn nothing_is_ordered_that_cannot_be_had() {
    let shop = OpenShop::demo().await;
    let member = shop.member(PHONE).await;
    let neighbour = shop.member("13900139000").await;
    let fine = member.wish_for(&bundles(&[light(1)])).await;
    let too_many = sets("light-meal", &LIGHT, 10);
    for wanted in [
        sets("no-such-bundle", &LIGHT, 1),
        sets("light-meal", &LIGHT[..2], 1),
        sets("light-meal", &[], 1),
        sets("light-meal", &["", "\0", "💥"], 1),
        sets("light-meal", &["tomato-500g", LIGHT[1], LIGHT[2]], 1),
        too_many,
    ] {
        let before = shop.books().await;
        let wish = member
            .wish_for(&bundles(std::slice::from_ref(&wanted)))
            .await;
        for wish in [
            wish,
            OrderRequest {
                bundles: vec![wanted.clone()],
                ..fine.clone()
            },
        ] {
            let key = backend::secret::id().unwrap();
            let kind = refused(member.client.orders().place(&wish, &key).await);
            assert_eq!(kind, ProblemKind::QuoteChanged, "{wanted:?}");
        }
        assert_eq!(shop.books().await, before);
    }
    // Somebody else's coupon, and one that is none.
    for id in [coupon(&neighbour, TEN_OFF).await, "none".into()] {
        let cart = QuoteRequest {
            coupons: Some(vec![coupon(&member, TEN_OFF).await, id]),
            ..bundles(&[light(2)])
        };
        let wish = member.wish_for(&cart).await;
        let before = shop.books().await;
        let answer = shop
            .placing(&member.cookie, &backend::secret::id().unwrap(), &wish)
            .send()
            .await;
        let problem = problem(answer.unwrap()).await;
        assert_eq!(problem.kind, ProblemKind::InvalidBody);
        assert_eq!(problem.problems[0].field, "/coupons/1");
        assert_eq!(shop.books().await, before);
    }
    assert_eq!(uses_left(&neighbour).await, 1);
}

#[tokio::test]
async fn coupons_and_points_are_a_member_s_own() {
    let shop = OpenShop::demo().await;
    let nobody = shop.client("zh-CN");
    let coupons = refused(nobody.members().coupons().await);
    let points_of_nobody = refused(nobody.members().points().await);
    assert_eq!(coupons, ProblemKind::NotSignedIn);
    assert_eq!(points_of_nobody, ProblemKind::NotSignedIn);
    let member = shop.member(PHONE).await;
    let given = points(&member).await;
    assert_eq!(kinds(&given), [(EntryKind::Earn, 320)]);
    let held = now(member.client.members().coupons().await.unwrap());
    assert_eq!(held.len(), 6);
    assert!(held.iter().all(|coupon| coupon.left > 0));
    // Who comes again is given nothing more. (Another code is sent only after a minute.)
    shop.change("DELETE FROM sent_codes").await;
    let again = shop.member(PHONE).await;
    assert_eq!(now(again.client.members().coupons().await.unwrap()), held);
    assert_eq!(points(&again).await, given);
    // A shop that says nothing gives nothing.
    let empty = OpenShop::empty().await;
    let member = empty.member(PHONE).await;
    let held = member.client.members().coupons().await.unwrap();
    assert_eq!(now(held), []);
    assert_eq!(points(&member).await.entries, []);
}

/// Small numbers by a linear congruence (Knuth's MMIX), the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn quantity(&mut self) -> u32 {
        1 + self.below(4) as u32
    }
}

/// A cart of the demo's goods and bundles, chosen by chance.
async fn some_cart(shop: &OpenShop, chance: &mut Chance) -> QuoteRequest {
    const LINES: [&str; 8] = [
        SALMON,
        "mountain-eggs-10",
        "drip-bag-coffee-10",
        "lemon-soap-2",
        "fresh-milk-950ml",
        "carrot-500g",
        "walnut-wholewheat-400g",
        "anyue-lemon-4",
    ];
    const SETS: [&str; 5] = [
        "light-meal",
        "lemon-sea-bass",
        "hotpot-night",
        "three-fruits",
        "breakfast-for-two",
    ];
    let mut cart = QuoteRequest {
        use_points: chance.below(2) == 0,
        ..QuoteRequest::default()
    };
    for variant in LINES {
        if chance.below(3) == 0 {
            cart.lines.push(wanted(variant, chance.quantity()));
        }
    }
    let client = shop.client("zh-CN");
    for id in SETS {
        if chance.below(3) > 0 && !(cart.lines.is_empty() && cart.bundles.is_empty()) {
            continue;
        }
        let bundle = now(client.catalog().bundle(&id.into()).await.unwrap());
        let places = bundle.choice(&[]).len();
        let some: Vec<VariantId> = (0..places)
            .map(|place| {
                let part = bundle.parts.get(place).unwrap_or(&bundle.parts[0]);
                let at = chance.below(part.options.len() as u64);
                part.options[at as usize].variant.clone()
            })
            .collect();
        cart.bundles.push(WantedBundle {
            bundle: id.into(),
            choice: bundle.choice(&some),
            quantity: chance.quantity(),
            seen: None,
        });
    }
    cart
}

/// Everything that must add up in the books, each with how often it does not.
const SUMS: [(&str, &str); 8] = [
    (
        "lines and bundles are the goods",
        "SELECT count(*) FROM orders AS o WHERE total + coupons + points <>
            (SELECT coalesce(sum(total), 0) FROM order_lines WHERE order_id = o.id AND bundle IS NULL)
          + (SELECT coalesce(sum(quantity * unit_price), 0) FROM order_bundles WHERE order_id = o.id)",
    ),
    (
        "a bundle's parts are the bundle",
        "SELECT count(*) FROM order_bundles AS b WHERE quantity * unit_price <>
            (SELECT sum(total) FROM order_lines WHERE order_id = b.order_id AND bundle = b.position)",
    ),
    (
        "the coupons are what they take off",
        "SELECT count(*) FROM orders AS o WHERE coupons <>
            (SELECT coalesce(sum(amount), 0) FROM order_coupons WHERE order_id = o.id)",
    ),
    (
        "what coupons take off is shared out",
        "SELECT count(*) FROM orders AS o WHERE coupons <> (SELECT sum(coupons) FROM order_lines WHERE order_id = o.id)",
    ),
    (
        "what points pay is shared out",
        "SELECT count(*) FROM orders AS o WHERE points <> (SELECT sum(points) FROM order_lines WHERE order_id = o.id)",
    ),
    (
        "merchants sell the goods",
        "SELECT count(*) FROM orders AS o WHERE total + coupons + points <>
            (SELECT sum(subtotal) FROM order_merchants WHERE order_id = o.id)",
    ),
    (
        "points of an order are where it stands",
        "SELECT count(*) FROM orders AS o WHERE points <>
            (SELECT coalesce(sum(points), 0) FROM point_entries WHERE order_id = o.id AND kind = 'freeze')
         OR (state = 'cancelled') * points <>
            (SELECT coalesce(sum(points), 0) FROM point_entries WHERE order_id = o.id AND kind = 'release')
         OR (state = 'handed_over') * points <>
            (SELECT coalesce(sum(points), 0) FROM point_entries WHERE order_id = o.id AND kind = 'spend')",
    ),
    (
        "a coupon is used for as many orders as it was given for",
        "SELECT count(*) FROM coupons AS c JOIN coupon_kinds AS k ON k.id = c.kind WHERE k.uses <> c.uses_left
            + (SELECT count(*) FROM order_coupons AS u JOIN orders AS o ON o.id = u.order_id
               WHERE u.coupon = c.id AND o.state <> 'cancelled')",
    ),
];

async fn adds_up(shop: &OpenShop) {
    for (what, sql) in SUMS {
        assert_eq!(shop.number(sql).await, 0, "{what}");
    }
}

#[tokio::test]
async fn whatever_is_bought_every_sum_is_its_parts() {
    let shop = OpenShop::demo().await;
    shop.change("UPDATE variants SET stock = 10000").await;
    let desk = shop.desk(CLERK).await;
    let chance = &mut Chance(20_261_122);
    let mut used = (0, 0);
    for number in 0..12 {
        let member = shop.member(&format!("138000010{number:02}")).await;
        let mut orders = Vec::new();
        for _ in 0..5 {
            let cart = some_cart(&shop, chance).await;
            let quote = member.price(&cart).await;
            let order = member.buys(&cart).await;
            assert_eq!(order.total, quote.total);
            used.0 += order.coupons.len();
            used.1 += order.points;
            orders.push(order);
            if chance.below(4) == 0 {
                let off = orders.swap_remove(0);
                member.client.orders().cancel(&off.id).await.unwrap();
            }
        }
        adds_up(&shop).await;
        if let Some(order) = orders.pop() {
            for step in ["pack", "hand-over"] {
                desk.desk().step(&order.id, step).await.unwrap();
            }
        }
        let points = points(&member).await;
        let sum: i64 = points.entries.iter().map(|entry| entry.change()).sum();
        assert_eq!(sum, i64::from(points.balance));
        let frozen: u32 = orders.iter().map(|order| order.points).sum();
        assert_eq!(points.frozen, frozen);
        for order in orders {
            member.client.orders().cancel(&order.id).await.unwrap();
        }
    }
    adds_up(&shop).await;
    assert!(used.0 > 40 && used.1 > 3_000, "{used:?}");
    // Only what was handed over has left the shelves.
    let missing = "SELECT (SELECT sum(10000 - stock) FROM variants)
        - (SELECT sum(l.quantity) FROM order_lines AS l JOIN orders AS o ON o.id = l.order_id
           WHERE o.state = 'handed_over')";
    assert_eq!(shop.number(missing).await, 0);
}
