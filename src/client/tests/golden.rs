//! Golden documents: what stands on the wire, and exactly what it means in the shop's words.
//! Whoever changes a field's name, type or default sees it here first.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

#[macro_use]
mod common;

use client::{Client, Error};
use common::{Script, moment, picture, same_document};
use domain::catalog::{
    Allergen, Batch, Category, Content, Product, ProductQuery, ProductSummary, Sort, Stock,
    StockLevel, Tint, Unit, Variant,
};
use domain::contract::{About, Capability};
use domain::money::{Currency, Money};
use domain::page::{Cursor, Page};
use domain::problem::{FieldProblem, Problem, ProblemKind};
use domain::shop::{
    Group, Hours, Merchant, MerchantKind, Opening, Post, PostKind, Shop, Storefront,
};
use domain::show::ShowCard;
use domain::time::{ClockTime, Moment};
use std::cell::RefCell;

fn hours(weekday: u8, opens: &str, closes: &str) -> Hours {
    Hours {
        weekday,
        opens: ClockTime::parse(opens).unwrap(),
        closes: ClockTime::parse(closes).unwrap(),
    }
}

fn stock(level: StockLevel, left: Option<u32>) -> Stock {
    Stock { level, left }
}

/// A variant of which only the least is said.
fn variant(id: &str, name: &str, price: Money, stock: Stock) -> Variant {
    Variant {
        id: id.into(),
        name: name.to_owned(),
        price,
        former_price: None,
        content: None,
        stock,
    }
}

fn content(amount: u32, unit: Unit) -> Option<Content> {
    Some(Content { amount, unit })
}

fn words(keys: &[&str]) -> Vec<String> {
    keys.iter().map(|&key| key.to_owned()).collect()
}

#[tokio::test]
async fn about_the_backend() {
    let (about, path) = read!(golden!("about"), client => client.about());
    assert_eq!(path, "");
    assert_eq!(
        about,
        About {
            backend: "linli 0.1.0".into(),
            contract: "1.0".into(),
            capabilities: vec![
                Capability::Catalogue,
                Capability::Storefront,
                Capability::Orders,
                Capability::Bundles,
                Capability::Booking,
                Capability::Live,
                Capability::Members,
                Capability::Desk,
            ],
        }
    );
    same_document(&about, golden!("about"));
}

#[tokio::test]
async fn about_a_backend_that_says_little() {
    let (about, _) = read!(golden!("about_sparse"), client => client.about());
    let expected = About {
        backend: "a bakery's own".into(),
        contract: "1.7".into(),
        capabilities: vec![],
    };
    assert_eq!(about, expected);
}

#[tokio::test]
async fn about_a_newer_backend() {
    let (about, _) = read!(golden!("about_newer"), client => client.about());
    let expected = About {
        backend: "linli 9.4.1".into(),
        contract: "1.12".into(),
        capabilities: vec![
            Capability::Catalogue,
            Capability::Unknown,
            Capability::Storefront,
        ],
    };
    assert_eq!(about, expected);
}

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
async fn the_storefront() {
    let (storefront, path) = read!(golden!("storefront"), client => client.storefront());
    assert_eq!(path, "/storefront");
    let expected = Storefront {
        shop: Shop {
            name: "邻里优选".into(),
            tagline: "清早的菜市场，搬到您楼下".into(),
            neighbourhood: "阳光花园".into(),
            distance: "步行 3 分钟".into(),
            address: "阳光花园南门 12 号底商".into(),
            phone: "021-5550-0137".into(),
            group: Some(Group {
                title: "进邻里群".into(),
                note: "每天早上八点报到货".into(),
                url: "https://work.weixin.qq.com/gm/demo".into(),
            }),
            zone: "Asia/Shanghai".into(),
            hours: vec![hours(6, "07:00", "21:30"), hours(7, "00:00", "24:00")],
            opening: Opening {
                open: true,
                // 2026-11-22T13:00:00Z, told on the shop's clock.
                changes_at: Some(Moment {
                    ms: 1_795_352_400_000,
                    offset_minutes: 480,
                }),
            },
        },
        show: Some(ShowCard {
            id: "tonight".into(),
            title: "今晚做什么：三文鱼藜麦碗".into(),
            words: "边做边答。".into(),
            starts_at: moment("2026-11-22T19:30:00+08:00"),
            live: true,
            viewers: Some(82),
            cover: Some(picture("/media/salad.webp", 256, 256, Tint::Leaf)),
        }),
        bundles: vec![],
        tastings: vec![],
        posts: vec![
            Post {
                id: "morning".into(),
                kind: PostKind::Special,
                title: "今早的三文鱼到了".into(),
                body: "只有九份。".into(),
                picture: Some(picture("/media/fish.webp", 256, 256, Tint::Sea)),
                published_at: moment("2026-11-22T07:40:00+08:00"),
                product: Some("salmon-sashimi".into()),
            },
            Post {
                id: "herbs".into(),
                kind: PostKind::Tip,
                title: "薄荷怎么养".into(),
                body: "见干见湿。".into(),
                picture: None,
                published_at: moment("2026-11-21T16:05:09+08:00"),
                product: None,
            },
        ],
        specials: vec![ProductSummary {
            id: "avocado".into(),
            name: "牛油果".into(),
            subtitle: "云南 · 2 个".into(),
            merchant: "linli".into(),
            category: "fruit".into(),
            picture: Some(picture(
                "https://cdn.example.com/a.webp",
                512,
                384,
                Tint::Leaf,
            )),
            lead: Variant {
                former_price: Some(Money::fen(1680)),
                content: content(2, Unit::Piece),
                ..variant(
                    "avocado-2",
                    "2 个",
                    Money::fen(1280),
                    stock(StockLevel::Plenty, None),
                )
            },
            variant_count: 2,
            keys: words(&["牛油果", "niuyouguo", "nyg"]),
        }],
        partners: vec![Merchant {
            id: "bakery".into(),
            kind: MerchantKind::Bakery,
            name: "隔壁面包房".into(),
            story: "一天两炉，卖完就收。".into(),
            picture: Some(picture("/media/bread.webp", 256, 256, Tint::Sun)),
            distance: "步行 3 分钟".into(),
            pickup: "南门 14 号，靠窗取货台".into(),
        }],
    };
    assert_eq!(storefront, expected);
    same_document(&storefront, golden!("storefront"));
}

/// A shop of which only the least is said.
fn shop(name: &str, opening: Opening) -> Shop {
    Shop {
        name: name.to_owned(),
        tagline: String::new(),
        neighbourhood: String::new(),
        distance: String::new(),
        address: String::new(),
        phone: String::new(),
        group: None,
        zone: String::new(),
        hours: vec![],
        opening,
    }
}

#[tokio::test]
async fn a_storefront_with_the_least() {
    let (storefront, _) = read!(golden!("storefront_sparse"), client => client.storefront());
    let opening = Opening {
        open: false,
        changes_at: None,
    };
    let expected = Storefront {
        shop: shop("邻里优选", opening),
        posts: vec![],
        specials: vec![],
        show: None,
        bundles: vec![],
        tastings: vec![],
        partners: vec![],
    };
    assert_eq!(storefront, expected);
}

#[tokio::test]
async fn a_newer_storefront() {
    let (storefront, _) = read!(golden!("storefront_newer"), client => client.storefront());
    let opening = Opening {
        open: false,
        changes_at: Some(moment("2026-11-23T07:30:00+08:00")),
    };
    let price = Money {
        amount: 1280,
        currency: Currency::from_code("XTS").unwrap(),
    };
    let expected = Storefront {
        shop: Shop {
            group: Some(Group {
                title: "进邻里群".into(),
                note: String::new(),
                url: "https://example.com/g".into(),
            }),
            hours: vec![hours(1, "07:30", "21:00")],
            ..shop("邻里优选", opening)
        },
        show: Some(ShowCard {
            id: "fish".into(),
            title: "今晚吃鱼".into(),
            words: String::new(),
            starts_at: moment("2026-11-22T19:30:00+08:00"),
            live: true,
            viewers: None,
            cover: None,
        }),
        bundles: vec![],
        tastings: vec![],
        posts: vec![Post {
            id: "p".into(),
            kind: PostKind::Unknown,
            title: "秋".into(),
            body: String::new(),
            picture: None,
            published_at: moment("2026-11-22T00:00:00Z"),
            product: None,
        }],
        specials: vec![ProductSummary {
            id: "avocado".into(),
            name: "牛油果".into(),
            subtitle: String::new(),
            merchant: "linli".into(),
            category: "fruit".into(),
            picture: None,
            lead: Variant {
                content: content(2, Unit::Unknown),
                ..variant("a2", "2 个", price, stock(StockLevel::Unknown, None))
            },
            variant_count: 1,
            keys: vec![],
        }],
        partners: vec![Merchant {
            id: "smith".into(),
            kind: MerchantKind::Unknown,
            name: "铁匠铺".into(),
            story: String::new(),
            picture: Some(picture("/media/anvil.webp", 1, 1, Tint::Unknown)),
            distance: String::new(),
            pickup: String::new(),
        }],
    };
    assert_eq!(storefront, expected);
    let lead = &storefront.specials[0].lead;
    assert_eq!(
        lead.unit_price(),
        None,
        "an unknown unit gives no comparison"
    );
    assert!(
        lead.stock.available(),
        "what is not understood is the server's to decide"
    );
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

#[tokio::test]
async fn a_product() {
    let id = "salmon-sashimi".into();
    let (product, path) = read!(golden!("product"), client => client.catalog().product(&id));
    assert_eq!(path, "/products/salmon-sashimi");
    let expected = Product {
        id: "salmon-sashimi".into(),
        name: "三文鱼刺身".into(),
        subtitle: "挪威 · 200g".into(),
        description: "凌晨到店，当天卖完。".into(),
        merchant: Merchant {
            id: "linli".into(),
            kind: MerchantKind::Shop,
            name: "邻里优选".into(),
            story: "先尝再买。".into(),
            picture: Some(picture("/media/shop.webp", 256, 256, Tint::Dusk)),
            distance: "步行 3 分钟".into(),
            pickup: "南门 12 号店内".into(),
        },
        category: Category {
            id: "seafood".into(),
            name: "水产".into(),
            product_count: 6,
        },
        pictures: vec![
            picture("/media/fish.webp", 256, 256, Tint::Sea),
            picture("/media/plate.webp", 1024, 768, Tint::Unknown),
        ],
        variants: vec![
            Variant {
                former_price: Some(Money::fen(4990)),
                content: content(200, Unit::G),
                ..variant(
                    "salmon-200",
                    "200g",
                    Money::fen(4590),
                    stock(StockLevel::Few, Some(9)),
                )
            },
            variant(
                "salmon-400",
                "400g",
                Money::fen(8680),
                stock(StockLevel::None, Some(0)),
            ),
        ],
        origin: Some("挪威".into()),
        batch: Some(Batch {
            code: "NO-1122".into(),
            arrived_at: moment("2026-11-22T06:10:00+08:00"),
        }),
        shelf_life: Some("当天".into()),
        storage: Some("0–4 ℃ 冷藏".into()),
        allergens: vec![
            Allergen::Fish,
            Allergen::Crustacean,
            Allergen::Egg,
            Allergen::Milk,
            Allergen::Gluten,
            Allergen::Soy,
            Allergen::Nuts,
            Allergen::Peanut,
            Allergen::Sesame,
        ],
        companions: vec![],
        tasting: None,
    };
    assert_eq!(product, expected);
    same_document(&product, golden!("product"));
}

/// A product of which only the least is said.
fn soap(kind: MerchantKind, variants: Vec<Variant>) -> Product {
    Product {
        id: "soap".into(),
        name: "肥皂".into(),
        subtitle: String::new(),
        description: String::new(),
        merchant: Merchant {
            id: "linli".into(),
            kind,
            name: "邻里优选".into(),
            story: String::new(),
            picture: None,
            distance: String::new(),
            pickup: String::new(),
        },
        category: Category {
            id: "home".into(),
            name: "日用".into(),
            product_count: 0,
        },
        pictures: vec![],
        variants,
        origin: None,
        batch: None,
        shelf_life: None,
        storage: None,
        allergens: vec![],
        companions: vec![],
        tasting: None,
    }
}

#[tokio::test]
async fn a_product_with_the_least() {
    let id = "soap".into();
    let (product, _) = read!(golden!("product_sparse"), client => client.catalog().product(&id));
    let only = variant(
        "soap-1",
        "一块",
        Money::fen(1990),
        stock(StockLevel::Plenty, None),
    );
    assert_eq!(product, soap(MerchantKind::Unknown, vec![only]));
}

#[tokio::test]
async fn a_newer_product() {
    let id = "soap".into();
    let (product, _) = read!(golden!("product_newer"), client => client.catalog().product(&id));
    let only = Variant {
        content: content(3, Unit::Unknown),
        ..variant(
            "soap-1",
            "一块",
            Money::fen(1990),
            stock(StockLevel::Unknown, None),
        )
    };
    let expected = Product {
        pictures: vec![picture("/s.webp", 1, 2, Tint::Unknown)],
        batch: Some(Batch {
            code: "B".into(),
            arrived_at: Moment {
                ms: moment("2026-11-22T06:10:00+08:00").ms + 250,
                offset_minutes: 480,
            },
        }),
        // What somebody may be allergic to is never left out.
        allergens: vec![Allergen::Unknown, Allergen::Fish],
        ..soap(MerchantKind::Unknown, vec![only])
    };
    assert_eq!(product, expected);
}

async fn refused(status: u16, body: &'static str) -> Problem {
    let script = Script {
        status,
        // Types are compared without case and may have parameters (RFC 9110, 8.3.1).
        content_type: "Application/Problem+JSON; charset=utf-8",
        body,
        asked: RefCell::default(),
    };
    let client = Client::new(&script, "/api/v1", "zh-CN");
    match client.storefront().await {
        Err(Error::Refused {
            problem,
            retry_after: None,
        }) => problem,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_problem() {
    let problem = refused(400, golden!("problem")).await;
    let wrong = |field: &str, detail: &str| FieldProblem {
        field: field.to_owned(),
        detail: detail.to_owned(),
    };
    let expected = Problem {
        kind: ProblemKind::InvalidQuery,
        title: "The query is not valid".into(),
        status: 400,
        detail: "see problems".into(),
        problems: vec![
            wrong(
                "cursor",
                "not a cursor of this list; start from the first page",
            ),
            wrong("limit", "a number from 1 to 100"),
        ],
    };
    assert_eq!(problem, expected);
    same_document(&problem, golden!("problem"));
}

#[tokio::test]
async fn a_problem_with_the_least() {
    let expected = Problem {
        kind: ProblemKind::Unnamed,
        title: String::new(),
        status: 418,
        detail: String::new(),
        problems: vec![],
    };
    assert_eq!(refused(418, golden!("problem_sparse")).await, expected);
}

#[tokio::test]
async fn a_newer_problem() {
    // The status that was really answered counts, not the one that the document repeats.
    let problem = refused(422, golden!("problem_newer")).await;
    let expected = Problem {
        kind: ProblemKind::Other("https://shop.example.com/problems/out-of-milk".into()),
        title: "No milk".into(),
        status: 422,
        detail: String::new(),
        problems: vec![FieldProblem {
            field: "/lines/0".into(),
            detail: "sold out".into(),
        }],
    };
    assert_eq!(problem, expected);
}
