//! The shelves, and a page of what stands on them.

use crate::common::{picture, same_document};
use crate::{content, stock, variant, words};
use domain::catalog::{
    Category, ProductQuery, ProductSummary, Sort, StockLevel, Tint, Unit, Variant,
};
use domain::money::{Currency, Money};
use domain::page::{Cursor, Page};

#[tokio::test]
async fn the_shelves() {
    let (shelves, path) = read!(golden!("categories"), client => client.catalog().categories());
    assert_eq!(path, "/categories");
    let shelf = |id: &str, name: &str, product_count| Category {
        id: id.into(),
        name: name.to_owned(),
        product_count,
    };
    assert_eq!(
        shelves,
        [shelf("vegetables", "蔬菜", 11), shelf("fruit", "水果", 5)]
    );
    same_document(&shelves, golden!("categories"));

    let (shelves, _) = read!(golden!("categories_sparse"), client => client.catalog().categories());
    assert_eq!(shelves, [shelf("vegetables", "蔬菜", 0)]);
    let (shelves, _) = read!(golden!("categories_newer"), client => client.catalog().categories());
    assert_eq!(shelves, [shelf("vegetables", "蔬菜", 11)]);
}

#[tokio::test]
async fn a_page_of_products() {
    let query = ProductQuery {
        q: "三文鱼".into(),
        sort: Sort::Newest,
        limit: Some(2),
        ..ProductQuery::default()
    };
    let (page, path) = read!(golden!("products"), client => client.catalog().products(&query));
    assert_eq!(
        path,
        "/products?q=%E4%B8%89%E6%96%87%E9%B1%BC&sort=newest&limit=2"
    );
    let expected = Page {
        items: vec![
            ProductSummary {
                id: "salmon-sashimi".into(),
                name: "三文鱼刺身".into(),
                subtitle: "挪威 · 200g".into(),
                merchant: "linli".into(),
                category: "seafood".into(),
                picture: Some(picture("/media/fish.webp", 256, 256, Tint::Rose)),
                lead: Variant {
                    content: content(200, Unit::G),
                    ..variant(
                        "salmon-200",
                        "200g",
                        Money::fen(4590),
                        stock(StockLevel::Few, Some(9)),
                    )
                },
                variant_count: 2,
                keys: words(&["三文鱼刺身", "salmonsashimi", "sanwenyucishen", "swycs"]),
            },
            ProductSummary {
                id: "blueberry".into(),
                name: "云南蓝莓".into(),
                subtitle: String::new(),
                merchant: "linli".into(),
                category: "fruit".into(),
                picture: None,
                lead: Variant {
                    content: content(125, Unit::Ml),
                    ..variant(
                        "blueberry-125",
                        "125g",
                        Money::fen(1590),
                        stock(StockLevel::None, Some(0)),
                    )
                },
                variant_count: 1,
                keys: vec![],
            },
        ],
        next_cursor: Some(Cursor("recommended~15~blueberry".into())),
        total: Some(66),
    };
    assert_eq!(page, expected);
    same_document(&page, golden!("products"));
}

#[tokio::test]
async fn a_page_of_products_with_the_least() {
    let query = ProductQuery::default();
    let (page, path) =
        read!(golden!("products_sparse"), client => client.catalog().products(&query));
    assert_eq!(path, "/products");
    let yen = Money::zero(Currency::from_code("JPY").unwrap());
    let expected = Page {
        items: vec![ProductSummary {
            id: "soap".into(),
            name: "肥皂".into(),
            subtitle: String::new(),
            merchant: "linli".into(),
            category: "home".into(),
            picture: None,
            lead: variant("soap-1", "一块", yen, stock(StockLevel::Plenty, None)),
            variant_count: 1,
            keys: vec![],
        }],
        next_cursor: None,
        total: None,
    };
    assert_eq!(page, expected);
}

#[tokio::test]
async fn a_newer_page_of_products() {
    let query = ProductQuery::default();
    let (page, _) = read!(golden!("products_newer"), client => client.catalog().products(&query));
    let expected = Page {
        items: vec![ProductSummary {
            id: "soap".into(),
            name: "肥皂".into(),
            subtitle: String::new(),
            merchant: "linli".into(),
            category: "home".into(),
            picture: Some(picture("/media/soap.webp", 9, 9, Tint::Unknown)),
            lead: Variant {
                former_price: Some(Money::fen(2090)),
                content: content(1, Unit::Unknown),
                ..variant(
                    "soap-1",
                    "一块",
                    Money::fen(1990),
                    stock(StockLevel::Unknown, Some(3)),
                )
            },
            variant_count: 3,
            keys: words(&["肥皂"]),
        }],
        next_cursor: Some(Cursor("opaque".into())),
        total: Some(1),
    };
    assert_eq!(page, expected);
}
