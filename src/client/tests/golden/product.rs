//! One product, with all there is to know of it.

use crate::common::{moment, picture, same_document};
use crate::{content, stock, variant};
use domain::catalog::{Allergen, Batch, Category, Product, StockLevel, Tint, Unit, Variant};
use domain::money::Money;
use domain::shop::{Merchant, MerchantKind};
use domain::time::Moment;

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
