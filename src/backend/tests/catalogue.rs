//! Home and catalogue, through the client, over a socket, from a file.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod common;

use backend::demo;
use common::{BORN, OpenShop, header, members, now, ok};
use domain::catalog::{
    Allergen, Content, ProductQuery, ProductSummary, Sort, Stock, StockLevel, Unit,
};
use domain::money::Money;
use domain::shop::{MerchantKind, PostKind};
use reqwest::{Method, StatusCode};

/// One page that is long enough for the whole demo.
async fn list(shop: &OpenShop, query: ProductQuery) -> Vec<ProductSummary> {
    let query = ProductQuery {
        limit: Some(100),
        ..query
    };
    let client = shop.client("zh-CN");
    let page = now(client.catalog().products(&query).await.unwrap());
    assert_eq!(page.next_cursor, None);
    assert_eq!(page.total, Some(page.items.len() as u32));
    page.items
}

fn ids(items: &[ProductSummary]) -> Vec<&str> {
    items.iter().map(|item| item.id.as_str()).collect()
}

async fn search(shop: &OpenShop, q: &str) -> Vec<String> {
    let query = ProductQuery {
        q: q.into(),
        ..ProductQuery::default()
    };
    let items = list(shop, query).await;
    ids(&items).into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn the_storefront_speaks_both_languages() {
    let shop = OpenShop::demo().await;
    let zh = now(shop.client("zh-CN").storefront().await.unwrap());
    let en = now(shop.client("en-GB").storefront().await.unwrap());
    assert_eq!(
        (zh.shop.name.as_str(), en.shop.name.as_str()),
        ("邻里优选", "Linli Fresh")
    );
    assert_ne!(zh.shop.address, en.shop.address);
    assert_ne!(
        zh.shop.group.as_ref().unwrap().title,
        en.shop.group.as_ref().unwrap().title
    );
    // What is no text is the same.
    assert_eq!(zh.shop.zone, "Asia/Shanghai");
    assert_eq!(zh.shop.hours, en.shop.hours);
    assert_eq!(zh.shop.hours.len(), 7);
    let specials = [
        "avocado",
        "chicken-breast",
        "anyue-lemon",
        "tomato",
        "sea-bass",
        "fresh-milk",
        "shepherds-purse-wontons",
        "sea-salt-croissant",
    ];
    assert_eq!(ids(&zh.specials), specials);
    assert_eq!(ids(&en.specials), specials);
    for (zh, en) in zh.specials.iter().zip(&en.specials) {
        assert_ne!(zh.name, en.name);
        assert!(zh.lead.former_price.unwrap().amount > zh.lead.price.amount);
    }
    // A language that the shop does not speak: its own.
    let fr = now(shop.client("fr").storefront().await.unwrap());
    assert_eq!(fr.shop.name, zh.shop.name);
}

#[tokio::test]
async fn the_storefront_has_posts_and_partners_in_order() {
    let shop = OpenShop::demo().await;
    let storefront = now(shop.client("zh-CN").storefront().await.unwrap());
    assert!((1..=6).contains(&storefront.posts.len()));
    let times: Vec<_> = storefront
        .posts
        .iter()
        .map(|post| post.published_at.ms)
        .collect();
    assert!(times.is_sorted_by(|newer, older| newer >= older));
    for post in &storefront.posts {
        assert_ne!(post.kind, PostKind::Unknown);
        assert!(post.published_at.ms <= BORN);
        assert_eq!(
            post.published_at.offset_minutes, 480,
            "told on the shop's clock"
        );
        if let Some(product) = &post.product {
            let product = shop.client("zh-CN").catalog().product(product).await;
            assert!(product.is_ok(), "{:?}", post.id);
        }
    }
    let partners: Vec<_> = storefront
        .partners
        .iter()
        .map(|one| one.id.as_str())
        .collect();
    assert_eq!(
        partners,
        ["fruit", "coffee", "bakery", "flowers", "housekeeping"]
    );
    assert!(
        storefront
            .partners
            .iter()
            .all(|one| !matches!(one.kind, MerchantKind::Unknown | MerchantKind::Shop))
    );
}

#[tokio::test]
async fn a_copy_is_confirmed_by_its_etag() {
    let shop = OpenShop::demo().await;
    for path in [
        "/api/v1",
        "/api/v1/storefront",
        "/api/v1/categories",
        "/api/v1/products?sort=price_up&limit=3",
        "/api/v1/products/avocado",
        "/api/v1/bundles",
        "/api/v1/bundles/light-meal",
        "/api/v1/openapi.json",
    ] {
        let first = ok(shop.served.get(path)).await;
        let tag = header(&first, "etag");
        assert!(
            tag.starts_with("W/\"") && tag.ends_with('"'),
            "{path}: {tag}"
        );
        assert_eq!(header(&first, "cache-control"), "no-cache", "{path}");
        assert_eq!(
            header(&first, "x-content-type-options"),
            "nosniff",
            "{path}"
        );
        assert!(
            members(&first, "vary").contains(&"accept-language".to_owned()),
            "{path}"
        );

        // Weakly compared, in a list, or any at all.
        let strong = tag.trim_start_matches("W/").to_owned();
        for known in [tag.clone(), strong, format!("\"x\", {tag}"), "*".into()] {
            let request = shop.served.get(path).header("if-none-match", &known);
            let again = request.send().await.unwrap();
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{path} {known}");
            assert_eq!(header(&again, "etag"), tag, "{path}");
            assert_eq!(header(&again, "cache-control"), "no-cache", "{path}");
            assert!(
                members(&again, "vary").contains(&"accept-language".to_owned()),
                "{path}"
            );
            assert_eq!(again.bytes().await.unwrap().len(), 0, "{path}");
        }
        let request = shop.served.get(path).header("if-none-match", "W/\"other\"");
        assert!(!ok(request).await.text().await.unwrap().is_empty());

        // A HEAD says what a GET would.
        let head = ok(shop.served.ask(Method::HEAD, path)).await;
        assert_eq!(header(&head, "etag"), tag, "{path}");
        let length = first.bytes().await.unwrap().len();
        assert_eq!(
            header(&head, "content-length"),
            length.to_string(),
            "{path}"
        );
        let request = shop.served.ask(Method::HEAD, path);
        let head = request.header("if-none-match", &tag).send().await.unwrap();
        assert_eq!(head.status(), StatusCode::NOT_MODIFIED, "{path}");
    }
}

#[tokio::test]
async fn each_language_has_its_own_etag() {
    let shop = OpenShop::demo().await;
    for path in [
        "/storefront",
        "/categories",
        "/products",
        "/products/avocado",
        "/bundles",
        "/bundles/light-meal",
    ] {
        let path = ["/api/v1", path].concat();
        let asked = |language: &str| shop.served.get(&path).header("accept-language", language);
        let zh = ok(asked("zh-CN")).await;
        let en = ok(asked("en")).await;
        let (zh, en) = (header(&zh, "etag"), header(&en, "etag"));
        assert_ne!(zh, en, "{path}");
        let other = asked("en").header("if-none-match", &zh);
        assert_eq!(header(&ok(other).await, "etag"), en, "{path}");
    }
}

#[tokio::test]
async fn an_etag_changes_with_the_answer() {
    let shop = OpenShop::demo().await;
    let path = "/api/v1/products/avocado";
    let before = header(&ok(shop.served.get(path)).await, "etag");
    sqlx::query("UPDATE variants SET price = price - 1 WHERE product = 'avocado'")
        .execute(&mut shop.file().await)
        .await
        .unwrap();
    let request = shop.served.get(path).header("if-none-match", &before);
    let after = ok(request).await;
    assert_ne!(header(&after, "etag"), before);
}

#[tokio::test]
async fn answers_travel_compressed() {
    let shop = OpenShop::demo().await;
    let path = "/api/v1/products?limit=100";
    let plain = ok(shop.served.get(path)).await;
    let packed = ok(shop.served.get(path).header("accept-encoding", "gzip, br")).await;
    assert_eq!(header(&plain, "content-encoding"), "");
    assert_eq!(header(&packed, "content-encoding"), "br");
    assert_eq!(header(&plain, "etag"), header(&packed, "etag"));
    assert_eq!(
        members(&packed, "vary"),
        ["accept-encoding", "accept-language"]
    );
    let (plain, packed) = (plain.bytes().await.unwrap(), packed.bytes().await.unwrap());
    assert!(
        packed.len() * 4 < plain.len(),
        "{} of {}",
        packed.len(),
        plain.len()
    );
    let mut unpacked = Vec::new();
    brotli::BrotliDecompress(&mut packed.as_ref(), &mut unpacked).unwrap();
    assert_eq!(unpacked, plain);
}

#[tokio::test]
async fn the_shelves_count_their_goods() {
    let shop = OpenShop::demo().await;
    let zh = now(shop.client("zh-CN").catalog().categories().await.unwrap());
    let en = now(shop.client("en").catalog().categories().await.unwrap());
    let shelves: Vec<_> = zh.iter().map(|shelf| shelf.id.as_str()).collect();
    assert_eq!(
        shelves,
        [
            "vegetables",
            "fruit",
            "meat",
            "seafood",
            "grains",
            "dairy",
            "ready",
            "bakery",
            "coffee",
            "flowers",
            "home"
        ]
    );
    assert_eq!(
        (zh[0].name.as_str(), en[0].name.as_str()),
        ("蔬菜", "Vegetables")
    );
    let all = list(&shop, ProductQuery::default()).await;
    assert_eq!(
        zh.iter().map(|shelf| shelf.product_count).sum::<u32>(),
        all.len() as u32
    );
    for shelf in &zh {
        let query = ProductQuery {
            category: Some(shelf.id.clone()),
            ..ProductQuery::default()
        };
        let on_it = list(&shop, query).await;
        assert_eq!(on_it.len() as u32, shelf.product_count, "{:?}", shelf.id);
        assert!(shelf.product_count > 0);
        let expected: Vec<_> = all
            .iter()
            .filter(|item| item.category == shelf.id)
            .collect();
        assert_eq!(on_it.iter().collect::<Vec<_>>(), expected);
    }
}

#[tokio::test]
async fn filters_leave_what_they_say() {
    let shop = OpenShop::demo().await;
    let all = list(&shop, ProductQuery::default()).await;
    type Filter = (ProductQuery, fn(&ProductSummary) -> bool);
    let none = ProductQuery::default;
    let filters: [Filter; 6] = [
        (
            ProductQuery {
                in_stock: true,
                ..none()
            },
            |item| item.lead.stock.level != StockLevel::None,
        ),
        (
            ProductQuery {
                on_special: true,
                ..none()
            },
            |item| item.lead.former_price.is_some(),
        ),
        (
            ProductQuery {
                merchant: Some("bakery".into()),
                ..none()
            },
            |item| item.merchant.as_str() == "bakery",
        ),
        (
            ProductQuery {
                category: Some("fruit".into()),
                merchant: Some("fruit".into()),
                ..none()
            },
            |item| item.category.as_str() == "fruit" && item.merchant.as_str() == "fruit",
        ),
        (
            ProductQuery {
                category: Some("bakery".into()),
                in_stock: true,
                on_special: true,
                ..none()
            },
            |item| item.id.as_str() == "sea-salt-croissant",
        ),
        (
            ProductQuery {
                q: "三文鱼".into(),
                category: Some("ready".into()),
                ..none()
            },
            |item| item.id.as_str() == "salmon-onigiri",
        ),
    ];
    for (query, belongs) in filters {
        let expected: Vec<_> = all.iter().filter(|item| belongs(item)).collect();
        assert!((1..all.len()).contains(&expected.len()), "{query:?}");
        let left = list(&shop, query.clone()).await;
        assert_eq!(left.iter().collect::<Vec<_>>(), expected, "{query:?}");
    }
    for nothing in [
        ProductQuery {
            category: Some("no-such-shelf".into()),
            ..none()
        },
        ProductQuery {
            merchant: Some("' OR 1=1 --".into()),
            ..none()
        },
        ProductQuery {
            category: Some("fru%".into()),
            ..none()
        },
    ] {
        assert_eq!(list(&shop, nothing.clone()).await, [], "{nothing:?}");
    }
}

#[tokio::test]
async fn products_come_in_the_order_asked_for() {
    let shop = OpenShop::demo().await;
    let sorted = async |sort| {
        let query = ProductQuery {
            sort,
            ..ProductQuery::default()
        };
        list(&shop, query).await
    };
    let recommended = sorted(Sort::Recommended).await;
    assert_eq!(recommended.len(), 64);
    assert_eq!(
        ids(&recommended)[..2],
        ["greens-double-pack", "tomato"],
        "as the shop arranges them"
    );

    let mut expected = recommended.clone();
    expected.sort_by_key(|item| (item.lead.price.amount, item.id.clone()));
    assert_eq!(ids(&sorted(Sort::PriceUp).await), ids(&expected));
    expected.sort_by_key(|item| (-item.lead.price.amount, item.id.clone()));
    assert_eq!(ids(&sorted(Sort::PriceDown).await), ids(&expected));

    let newest = sorted(Sort::Newest).await;
    assert_eq!(
        ids(&newest)[..6],
        [
            "cream-strawberry",
            "sweet-peas",
            "greens-double-pack",
            "tulips",
            "roast-chestnuts",
            "salmon-onigiri"
        ]
    );
    assert_eq!(newest.last().unwrap().id.as_str(), "red-skin-peanuts");
}

#[tokio::test]
async fn a_search_finds_by_characters_pinyin_initials_and_english() {
    let shop = OpenShop::demo().await;
    let salmon = ["salmon-sashimi", "salmon-onigiri"];
    for q in [
        "三文鱼",
        "swy",
        "SWY",
        "ＳＷＹ",
        "ｓｗｙ",
        "sanwenyu",
        "SanWenYu",
        "salmon",
        "Salmon",
        " salmon ",
        "\u{3000}三文鱼\u{3000}",
        "salmon!",
        "“三文鱼”",
    ] {
        assert_eq!(search(&shop, q).await, salmon, "{q}");
    }
    for q in [
        "三文鱼 饭团",
        "饭团 三文鱼",
        "salmon rice",
        "三文鱼　饭",
        "swy rice",
        "kswyft",
        "salmon salmon rice",
    ] {
        assert_eq!(search(&shop, q).await, ["salmon-onigiri"], "{q}");
    }
    assert_eq!(search(&shop, "salmon bread").await, [""; 0]);
    assert_eq!(search(&shop, "").await.len(), 64);
    assert_eq!(search(&shop, "   ").await.len(), 64);
    // The shelf is a word for what stands on it.
    assert!(
        search(&shop, "seafood")
            .await
            .contains(&"hairtail".to_owned())
    );
}

#[tokio::test]
async fn signs_are_no_wildcards() {
    let shop = OpenShop::demo().await;
    let nothing = [""; 0];
    for q in [
        "%",
        "_",
        "%%",
        "__",
        "*",
        "?",
        "'",
        "\"",
        "''",
        "\\",
        "\\%",
        "`",
        ";",
        "--",
        "' OR '1'='1",
        "'; DROP TABLE products; --",
        "\u{0}",
        "，",
        "！？",
        "🐟",
        "%salmon_sashimi_nothing",
    ] {
        assert_eq!(search(&shop, q).await, nothing, "{q:?}");
    }
    assert_eq!(
        search(&shop, "swy %").await.len(),
        2,
        "a sign among words is no word"
    );
    assert_eq!(
        search(&shop, "").await.len(),
        64,
        "and everything is still there"
    );
}

#[tokio::test]
async fn a_product_has_everything_its_page_shows() {
    let shop = OpenShop::demo().await;
    let client = shop.client("zh-CN");
    let id = "salmon-sashimi".into();
    let product = now(client.catalog().product(&id).await.unwrap());
    assert_eq!(product.name, "三文鱼刺身");
    assert_eq!(product.merchant.id.as_str(), "linli");
    assert_eq!(product.category.id.as_str(), "seafood");
    assert_eq!(product.category.product_count, 6);
    assert_eq!(product.variants.len(), 2);
    let first = &product.variants[0];
    assert_eq!(first.price, Money::fen(4_590));
    assert_eq!(first.stock, Stock::of(9));
    assert_eq!(
        first.content,
        Some(Content {
            amount: 200,
            unit: Unit::G
        })
    );
    assert_eq!(first.unit_price().unwrap().price, Money::fen(11_475));
    assert!(product.allergens.contains(&Allergen::Fish));
    let batch = product.batch.unwrap();
    assert_eq!(batch.arrived_at.offset_minutes, 480);
    assert!(batch.arrived_at.ms <= BORN);
    let en = now(shop.client("en").catalog().product(&id).await.unwrap());
    assert_eq!(en.name, "Salmon sashimi");
}

#[tokio::test]
async fn every_product_of_the_list_has_its_page() {
    let shop = OpenShop::demo().await;
    let client = shop.client("en");
    for item in list(&shop, ProductQuery::default()).await {
        let product = now(client.catalog().product(&item.id).await.unwrap());
        assert_eq!(product.id, item.id);
        assert_eq!(product.variants.len() as u32, item.variant_count);
        let lead = product.variant(None).unwrap();
        assert_eq!((&lead.id, lead.price), (&item.lead.id, item.lead.price));
        assert!(!product.description.is_empty() && !product.name.is_empty());
        assert!(!product.allergens.contains(&Allergen::Unknown));
    }
}

#[tokio::test]
async fn the_list_leads_with_what_can_be_had() {
    let shop = OpenShop::demo().await;
    sqlx::query("UPDATE variants SET stock = 0 WHERE product = 'tomato' AND position = 1")
        .execute(&mut shop.file().await)
        .await
        .unwrap();
    let all = list(&shop, ProductQuery::default()).await;
    let tomato = all
        .iter()
        .find(|item| item.id.as_str() == "tomato")
        .unwrap();
    assert_eq!(tomato.lead.price, Money::fen(1_580));
    let id = "tomato".into();
    let product = now(shop.client("zh-CN").catalog().product(&id).await.unwrap());
    assert_eq!(product.variant(None).unwrap().id, tomato.lead.id);
}

#[tokio::test]
async fn an_empty_shop_is_a_shop() {
    let shop = OpenShop::empty().await;
    let client = shop.client("zh-CN");
    let storefront = now(client.storefront().await.unwrap());
    assert_eq!(storefront.shop.name, "我的小店");
    assert_eq!((storefront.posts, storefront.specials), (vec![], vec![]));
    assert_eq!(now(client.catalog().categories().await.unwrap()), []);
    assert_eq!(list(&shop, ProductQuery::default()).await, []);
    assert_eq!(search(&shop, "swy").await, [""; 0]);
}

#[tokio::test]
async fn a_grown_catalogue_is_complete_and_found() {
    let shop = OpenShop::demo().await;
    demo::grow(&shop.store, 400, BORN).await.unwrap();
    // Growing to what is there already adds nothing.
    demo::grow(&shop.store, 100, BORN).await.unwrap();
    let client = shop.client("zh-CN");
    let page = now(client
        .catalog()
        .products(&ProductQuery::default())
        .await
        .unwrap());
    assert_eq!((page.total, page.items.len()), (Some(400), 24));
    let query = ProductQuery {
        q: "swy".into(),
        ..ProductQuery::default()
    };
    let found = now(client.catalog().products(&query).await.unwrap());
    assert!(found.total.unwrap() > 10, "{:?}", found.total);
    let shelves = now(client.catalog().categories().await.unwrap());
    assert_eq!(
        shelves.iter().map(|shelf| shelf.product_count).sum::<u32>(),
        400
    );
}
