//! Quotes: what a cart with bundles, coupons and points costs, and what is wrong with it.

use crate::common::OpenShop;
use crate::common::people::{sets, wanted};
use crate::{LIGHT, PHONE, SALMON, TEN_OFF, bundles, drawn, light, quoted};
use domain::coupon::ReasonKind;
use domain::money::Money;
use domain::pricing::{LineProblemKind, QuoteBundle, QuoteRequest, Remedy, WantedBundle};

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
