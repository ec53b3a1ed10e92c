//! Bundles and what goes well with what, through the client, over a socket, from a file.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod common;

use common::people::{refused, wanted};
use common::{OpenShop, header, now, ok};
use domain::bundle::{Bundle, BundleSummary, PriceRule};
use domain::catalog::{Allergen, Companion, ProductQuery, Stock};
use domain::choice::SetPrice;
use domain::id::{MerchantId, VariantId};
use domain::money::Money;
use domain::problem::ProblemKind;
use reqwest::StatusCode;
use serde_json::Value;
use std::collections::BTreeSet;

async fn list(shop: &OpenShop) -> Vec<BundleSummary> {
    let page = now(shop.client("zh-CN").catalog().bundles().await.unwrap());
    assert_eq!(page.next_cursor, None);
    assert_eq!(page.total, Some(page.items.len() as u32));
    page.items
}

async fn bundle(shop: &OpenShop, id: &str) -> Bundle {
    let bundle = shop.client("zh-CN").catalog().bundle(&id.into()).await;
    now(bundle.unwrap())
}

async fn summary(shop: &OpenShop, id: &str) -> BundleSummary {
    let items = list(shop).await;
    items
        .into_iter()
        .find(|item| item.id.as_str() == id)
        .unwrap()
}

fn ids(items: &[BundleSummary]) -> Vec<&str> {
    items.iter().map(|item| item.id.as_str()).collect()
}

fn choice(variants: &[&str]) -> Vec<VariantId> {
    variants.iter().map(|id| VariantId::from(*id)).collect()
}

/// What one set costs, alone and together, in fen.
fn price(bundle: &Bundle, variants: &[&str]) -> (i64, i64) {
    let SetPrice { alone, price } = bundle.chosen(&choice(variants)).unwrap().price().unwrap();
    (alone.amount, price.amount)
}

#[tokio::test]
async fn the_list_shows_first_what_can_be_had() {
    let shop = OpenShop::demo().await;
    let items = list(&shop).await;
    let expected = [
        "light-meal",
        "light-meal-share",
        "lemon-sea-bass",
        "hotpot-night",
        "three-fruits",
        "breakfast-for-two",
        "quick-lunch",
        // Its cakes are sold out.
        "afternoon-tea",
    ];
    assert_eq!(ids(&items), expected);
    let there: Vec<_> = items.iter().map(|item| item.stock.available()).collect();
    assert_eq!(there, [true, true, true, true, true, true, true, false]);

    let light = &items[0];
    assert_eq!(light.name, "健康轻食套餐");
    assert_eq!(light.subtitle, "三文鱼 · 藜麦 · 柠檬");
    assert_eq!(
        (light.price, light.alone),
        (Money::fen(5_980), Money::fen(7_240))
    );
    assert_eq!((light.serves, light.merchant.as_str()), (2, "linli"));
    for key in [
        "健康轻食套餐",
        "lightandhealthyset",
        "jkqstc",
        "jiankangqingshitaocan",
    ] {
        assert!(light.keys.contains(&key.to_owned()), "{key}");
    }
    for item in &items {
        assert!(item.price.amount < item.alone.amount, "{}", item.id);
    }

    shop.change("UPDATE variants SET stock = 0 WHERE id = 'anyue-lemon-4'")
        .await;
    let items = list(&shop).await;
    assert_eq!(
        ids(&items)[5..],
        ["light-meal", "lemon-sea-bass", "afternoon-tea"]
    );
}

#[tokio::test]
async fn the_home_page_shows_the_bundles_of_the_list() {
    let shop = OpenShop::demo().await;
    let home = now(shop.client("zh-CN").storefront().await.unwrap());
    assert_eq!(home.bundles, list(&shop).await);
    let empty = OpenShop::empty().await;
    assert_eq!(list(&empty).await, []);
    assert_eq!(
        now(empty.client("en").storefront().await.unwrap()).bundles,
        []
    );
}

#[tokio::test]
async fn a_bundle_tells_everything_that_its_page_shows() {
    let shop = OpenShop::demo().await;
    let light = bundle(&shop, "light-meal").await;
    assert_eq!(light.name, "健康轻食套餐");
    assert!(!light.description.is_empty());
    assert_eq!(light.merchant.name, "邻里优选");
    assert_eq!(
        light.rule,
        PriceRule::Fixed {
            price: Money::fen(5_980)
        }
    );
    assert_eq!((light.serves, light.minimum), (2, 1));
    assert_eq!(light.not_with, ["light-meal-share".into()]);
    let options: Vec<Vec<_>> = light
        .parts
        .iter()
        .map(|part| {
            part.options
                .iter()
                .map(|one| one.variant.as_str())
                .collect()
        })
        .collect();
    assert_eq!(
        options,
        [
            vec!["salmon-sashimi-200g", "chicken-breast-1kg"],
            vec!["tricolour-quinoa-250g"],
            vec!["anyue-lemon-4", "avocado-2"],
        ]
    );
    let salmon = &light.parts[0].options[0];
    assert_eq!(
        (salmon.name.as_str(), salmon.variant_name.as_str()),
        ("三文鱼刺身", "200g")
    );
    assert_eq!(
        (salmon.product.as_str(), salmon.price),
        ("salmon-sashimi", Money::fen(4_590))
    );
    assert_eq!(salmon.stock, Stock::of(9));
    assert_eq!(salmon.allergens, [Allergen::Fish]);
    assert_eq!(
        salmon.arrived_at.unwrap().to_string(),
        "2026-11-22T06:10:00+08:00"
    );
    let chosen = light.choice(&[]);
    assert_eq!(light.chosen(&chosen).unwrap().allergens(), [Allergen::Fish]);
}

#[tokio::test]
async fn every_swap_costs_its_difference() {
    let shop = OpenShop::demo().await;
    let light = bundle(&shop, "light-meal").await;
    let (salmon, chicken) = ("salmon-sashimi-200g", "chicken-breast-1kg");
    let quinoa = "tricolour-quinoa-250g";
    assert_eq!(
        price(&light, &[salmon, quinoa, "anyue-lemon-4"]),
        (7_240, 5_980)
    );
    assert_eq!(
        price(&light, &[chicken, quinoa, "anyue-lemon-4"]),
        (5_630, 5_180)
    );
    assert_eq!(
        price(&light, &[salmon, quinoa, "avocado-2"]),
        (7_830, 6_280)
    );
    let first = light.choice(&[]);
    let difference = |place, to: &str| light.difference(&first, place, &to.into());
    assert_eq!(difference(0, chicken), Some(Money::fen(-800)));
    assert_eq!(difference(2, "avocado-2"), Some(Money::fen(300)));

    // By percentage the parts decide, and nothing is said beside them.
    let hotpot = bundle(&shop, "hotpot-night").await;
    assert_eq!(hotpot.rule, PriceRule::Percentage { percent: 12 });
    let swap = hotpot.parts[1].options[1].variant.clone();
    assert!(
        hotpot
            .parts
            .iter()
            .flat_map(|part| &part.options)
            .all(|one| one.difference.is_none())
    );
    assert_eq!(
        hotpot.difference(&hotpot.choice(&[]), 1, &swap),
        Some(Money::fen(528))
    );

    // Any three, the same more than once too.
    let fruits = bundle(&shop, "three-fruits").await;
    let (kiwi, berry) = ("xuxiang-kiwi-6", "cream-strawberry-300g");
    assert_eq!(price(&fruits, &[kiwi, kiwi, kiwi]), (5_040, 3_980));
    assert_eq!(price(&fruits, &[kiwi, kiwi, berry]), (6_640, 5_480));

    // A part of two: the difference is for both.
    let breakfast = bundle(&shop, "breakfast-for-two").await;
    assert_eq!(breakfast.parts[1].quantity, 2);
    let croissants = "sea-salt-croissant-2";
    assert_eq!(
        price(&breakfast, &[croissants, "cold-brew-300ml"]),
        (5_640, 4_980)
    );
    assert_eq!(
        price(&breakfast, &[croissants, "fresh-milk-250ml"]),
        (2_840, 2_480)
    );
}

#[tokio::test]
async fn no_choice_costs_as_much_as_its_parts_alone() {
    let shop = OpenShop::demo().await;
    for item in list(&shop).await {
        let bundle = bundle(&shop, item.id.as_str()).await;
        let first = bundle.choice(&[]);
        for (place, _) in first.iter().enumerate() {
            let options = bundle.parts.get(place).unwrap_or(&bundle.parts[0]);
            for option in &options.options {
                let mut choice = first.clone();
                choice[place] = option.variant.clone();
                let price = bundle.chosen(&choice).unwrap().price().unwrap();
                assert!(price.saved().amount > 0, "{}: {choice:?}", item.id);
            }
        }
    }
}

#[tokio::test]
async fn the_scarcest_part_says_how_many_sets_there_are() {
    let shop = OpenShop::demo().await;
    let left = async |id: &str| summary(&shop, id).await.stock.left;
    assert_eq!(left("light-meal").await, Some(9));
    // Two share the lemons; here the peas are scarcer still.
    assert_eq!(left("lemon-sea-bass").await, Some(7));
    // Fourteen bottles are seven pairs.
    assert_eq!(left("breakfast-for-two").await, Some(7));
    // Three times the same fruit, 45 of it: told as plenty.
    assert_eq!(summary(&shop, "three-fruits").await.stock, Stock::of(15));
    assert_eq!(summary(&shop, "afternoon-tea").await.stock, Stock::of(0));

    shop.change("UPDATE variants SET stock = 3 WHERE id = 'anyue-lemon-4'")
        .await;
    assert_eq!(left("light-meal").await, Some(3));
    assert_eq!(left("lemon-sea-bass").await, Some(3));
    // More than a page is told of, and still counted by the piece.
    shop.change("UPDATE variants SET stock = 21 WHERE id = 'cold-brew-300ml'")
        .await;
    assert_eq!(left("breakfast-for-two").await, Some(10));
    shop.change("UPDATE variants SET stock = 1 WHERE id = 'cold-brew-300ml'")
        .await;
    assert_eq!(left("breakfast-for-two").await, Some(0));
}

#[tokio::test]
async fn both_languages_say_the_same_in_their_words() {
    let shop = OpenShop::demo().await;
    let zh = list(&shop).await;
    let en = now(shop.client("en").catalog().bundles().await.unwrap()).items;
    for (zh, en) in zh.iter().zip(&en) {
        assert_ne!(zh.name, en.name);
        assert_ne!(zh.subtitle, en.subtitle);
        assert_eq!((&zh.id, zh.price, &zh.keys), (&en.id, en.price, &en.keys));
        let here = bundle(&shop, zh.id.as_str()).await;
        let there = now(shop.client("en").catalog().bundle(&zh.id).await.unwrap());
        assert_ne!(here.description, there.description);
        assert!(!here.description.is_empty() && !there.description.is_empty());
        let names = |bundle: &Bundle| -> Vec<String> {
            let options = bundle.parts.iter().flat_map(|part| &part.options);
            options.map(|option| option.name.clone()).collect()
        };
        for (here, there) in names(&here).iter().zip(&names(&there)) {
            assert_ne!(here, there);
        }
    }
    let light = now(shop
        .client("en")
        .catalog()
        .bundle(&"light-meal".into())
        .await
        .unwrap());
    assert_eq!(light.name, "Light and healthy set");
    assert_eq!(light.parts[0].options[0].name, "Salmon sashimi");
    assert_eq!(light.merchant.name, "Linli Fresh");
}

#[tokio::test]
async fn the_demo_has_bundles_of_every_kind() {
    let shop = OpenShop::demo().await;
    let mut bundles = Vec::new();
    for item in list(&shop).await {
        bundles.push(bundle(&shop, item.id.as_str()).await);
    }
    assert_eq!(bundles.len(), 8);
    let kinds: BTreeSet<_> = bundles
        .iter()
        .map(|bundle| match bundle.rule {
            PriceRule::Fixed { .. } => "fixed",
            PriceRule::Percentage { .. } => "percentage",
            PriceRule::AnyOf { .. } => "any_of",
            PriceRule::Unknown => "unknown",
        })
        .collect();
    assert_eq!(kinds, BTreeSet::from(["any_of", "fixed", "percentage"]));
    assert!(bundles.iter().any(|bundle| bundle.minimum == 2));
    let merchants: BTreeSet<MerchantId> = bundles
        .iter()
        .map(|bundle| bundle.merchant.id.clone())
        .collect();
    assert_eq!(merchants.len(), 3);
    // Each of two that are not sold together says so, though it is written down once.
    let not_with = |id: &str| {
        let one = bundles.iter().find(|bundle| bundle.id.as_str() == id);
        one.unwrap().not_with.clone()
    };
    assert_eq!(not_with("light-meal"), ["light-meal-share".into()]);
    assert_eq!(not_with("light-meal-share"), ["light-meal".into()]);
}

/// In how many of the counter's baskets all of these are.
async fn baskets_with(shop: &OpenShop, products: &[&str]) -> u32 {
    let products = serde_json::Value::from(products.to_vec());
    sqlx::query_scalar(
        "SELECT count(*) FROM (SELECT DISTINCT basket FROM baskets) AS one
         WHERE NOT EXISTS (
             SELECT 1 FROM json_each(?1) AS wanted
             WHERE wanted.value NOT IN (SELECT product FROM baskets WHERE basket = one.basket)
         )",
    )
    .bind(products.to_string())
    .fetch_one(&mut shop.file().await)
    .await
    .unwrap()
}

fn rounded(part: u32, whole: u32) -> u32 {
    (f64::from(part) / f64::from(whole)).round() as u32
}

async fn companions(shop: &OpenShop, id: &str) -> Vec<Companion> {
    let product = shop.client("zh-CN").catalog().product(&id.into()).await;
    now(product.unwrap()).companions
}

fn companion_ids(companions: &[Companion]) -> Vec<&str> {
    let ids = companions.iter().map(|one| one.product.id.as_str());
    ids.collect()
}

#[tokio::test]
async fn what_goes_well_with_a_product_is_counted_in_baskets() {
    let shop = OpenShop::demo().await;
    let all = baskets_with(&shop, &[]).await;
    assert_eq!(all, 300);
    let with_salmon = companions(&shop, "salmon-sashimi").await;
    assert_eq!(
        companion_ids(&with_salmon),
        ["tricolour-quinoa", "anyue-lemon", "avocado"]
    );
    let given = baskets_with(&shop, &["salmon-sashimi"]).await;
    for companion in &with_salmon {
        let other = companion.product.id.as_str();
        let then = baskets_with(&shop, &[other]).await;
        let both = baskets_with(&shop, &["salmon-sashimi", other]).await;
        assert_eq!(companion.support, rounded(both * 1_000, all), "{other}");
        assert_eq!(
            companion.confidence,
            rounded(both * 1_000, given),
            "{other}"
        );
        assert_eq!(
            companion.lift,
            rounded(both * all * 100, given * then),
            "{other}"
        );
        assert!(companion.lift > 100 && both >= 5, "{other}");
        // As lists show it.
        let query = ProductQuery {
            q: companion.product.name.clone(),
            ..ProductQuery::default()
        };
        let found = shop.client("zh-CN").catalog().products(&query).await;
        assert!(now(found.unwrap()).items.contains(&companion.product));
    }
    let surest = with_salmon.iter().map(|one| one.confidence);
    assert!(surest.rev().is_sorted());

    // What nobody buys with anything has no companions, and says so by leaving them out.
    assert_eq!(companions(&shop, "hairy-crab").await, []);
    let path = "/api/v1/products/hairy-crab";
    let answer: Value = ok(shop.served.get(path)).await.json().await.unwrap();
    assert_eq!(answer.get("companions"), None);
}

#[tokio::test]
async fn what_cannot_be_had_goes_well_with_nothing() {
    let shop = OpenShop::demo().await;
    shop.change("UPDATE variants SET stock = 0 WHERE product = 'tricolour-quinoa'")
        .await;
    let with_salmon = companions(&shop, "salmon-sashimi").await;
    assert_eq!(companion_ids(&with_salmon), ["anyue-lemon", "avocado"]);
    shop.change("DELETE FROM products WHERE id = 'avocado'")
        .await;
    let with_salmon = companions(&shop, "salmon-sashimi").await;
    assert_eq!(companion_ids(&with_salmon), ["anyue-lemon"]);
}

#[tokio::test]
async fn a_bundle_tells_how_many_neighbours_buy_it_whole() {
    let shop = OpenShop::demo().await;
    let given = baskets_with(&shop, &["salmon-sashimi"]).await;
    let whole = ["salmon-sashimi", "tricolour-quinoa", "anyue-lemon"];
    let whole = baskets_with(&shop, &whole).await;
    let told = bundle(&shop, "light-meal").await.confidence.unwrap();
    assert_eq!(told, rounded(whole * 1_000, given));
    assert!((550..650).contains(&told), "six of ten: {told}");
    // Where one picks there is no first part and no other.
    assert_eq!(bundle(&shop, "three-fruits").await.confidence, None);
    // Four neighbours, at most, are too few to tell of.
    shop.change(
        "DELETE FROM baskets WHERE product = 'soy-milk' AND basket NOT IN
             (SELECT basket FROM baskets WHERE product = 'chicken-quinoa-salad' ORDER BY basket LIMIT 4)",
    )
    .await;
    let shop = OpenShop::again(shop.close().await).await;
    assert_eq!(bundle(&shop, "quick-lunch").await.confidence, None);
}

#[tokio::test]
async fn orders_count_unless_they_are_called_off_or_long_ago() {
    let mut shop = OpenShop::demo().await;
    let pair = [wanted("tulips-10", 1), wanted("lemon-soap-2", 1)];
    let with_soap = async |shop: &OpenShop| {
        let companions = companions(shop, "lemon-soap").await;
        companion_ids(&companions).contains(&"tulips")
    };
    let member = shop.member("13800138000").await;
    for _ in 0..4 {
        member.orders(&pair).await;
    }
    let fifth = member.orders(&pair).await;
    member.client.orders().cancel(&fifth.id).await.unwrap();
    assert!(!with_soap(&shop).await, "four times is not enough");

    member.orders(&pair).await;
    assert!(
        !with_soap(&shop).await,
        "what was found out is taken for some minutes"
    );
    shop = OpenShop::again(shop.close().await).await;
    assert!(with_soap(&shop).await);

    shop.change("UPDATE orders SET placed_at = placed_at - 91 * 86400000 WHERE id = (SELECT max(id) FROM orders WHERE state <> 'cancelled')").await;
    shop = OpenShop::again(shop.close().await).await;
    assert!(!with_soap(&shop).await);
}

#[tokio::test]
async fn what_is_no_bundle_is_not_found() {
    let shop = OpenShop::demo().await;
    let client = shop.client("zh-CN");
    for id in [
        "no-such-bundle",
        "avocado",
        "a/b?c#d%",
        "' OR 1=1 --",
        "没有",
        " ",
        "\u{0}",
    ] {
        let answer = client.catalog().bundle(&id.into()).await;
        assert_eq!(refused(answer), ProblemKind::NotFound, "{id}");
    }
}

#[tokio::test]
async fn what_is_sold_no_more_is_offered_no_more() {
    let shop = OpenShop::demo().await;
    // A swap goes, the bundle stays.
    shop.change("DELETE FROM variants WHERE id = 'chicken-breast-1kg'")
        .await;
    assert_eq!(bundle(&shop, "light-meal").await.parts[0].options.len(), 1);
    // Without its only quinoa it is none.
    shop.change("DELETE FROM variants WHERE id = 'tricolour-quinoa-250g'")
        .await;
    assert!(!ids(&list(&shop).await).contains(&"light-meal"));
    let gone = shop
        .client("zh-CN")
        .catalog()
        .bundle(&"light-meal".into())
        .await;
    assert_eq!(refused(gone), ProblemKind::NotFound);
}

#[tokio::test]
async fn a_copy_is_confirmed_until_something_changes() {
    let shop = OpenShop::demo().await;
    for path in [
        "/api/v1/bundles",
        "/api/v1/bundles/light-meal",
        "/api/v1/storefront",
    ] {
        let tag = header(&ok(shop.served.get(path)).await, "etag");
        let again = async || {
            let request = shop.served.get(path).header("if-none-match", &tag);
            request.send().await.unwrap()
        };
        assert_eq!(again().await.status(), StatusCode::NOT_MODIFIED, "{path}");
        shop.change("UPDATE variants SET stock = stock - 1 WHERE id = 'anyue-lemon-4'")
            .await;
        let changed = again().await;
        assert_eq!(changed.status(), StatusCode::OK, "{path}");
        assert_ne!(header(&changed, "etag"), tag, "{path}");
    }
}
