//! The catalogue at any size: of a shop that has nothing yet, and of one that has grown.

use crate::common::{BORN, OpenShop, now};
use crate::{list, search};
use backend::demo;
use domain::catalog::ProductQuery;

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
