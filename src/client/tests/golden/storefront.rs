//! The storefront: the shop, tonight's show, posts, specials, whoever sells beside it.

use crate::common::{moment, picture, same_document};
use crate::{content, stock, variant, words};
use domain::catalog::{ProductSummary, StockLevel, Tint, Unit, Variant};
use domain::money::{Currency, Money};
use domain::shop::{
    Group, Hours, Merchant, MerchantKind, Opening, Post, PostKind, Shop, Storefront,
};
use domain::show::ShowCard;
use domain::time::{ClockTime, Moment};

fn hours(weekday: u8, opens: &str, closes: &str) -> Hours {
    Hours {
        weekday,
        opens: ClockTime::parse(opens).unwrap(),
        closes: ClockTime::parse(closes).unwrap(),
    }
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
