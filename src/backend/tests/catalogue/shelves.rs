//! Shelves and lists: what is counted, what a filter leaves, in which order.

use crate::common::{OpenShop, now};
use crate::{ids, list};
use domain::catalog::{ProductQuery, ProductSummary, Sort, StockLevel};

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
