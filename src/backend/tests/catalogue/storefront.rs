//! Home: the shop, its specials, posts and partners, in both languages.

use crate::common::{BORN, OpenShop, now};
use crate::ids;
use domain::shop::{MerchantKind, PostKind};

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
