//! A product: what its page shows, and what the list says of it.

use crate::common::{BORN, OpenShop, now};
use crate::list;
use domain::catalog::{Allergen, Content, ProductQuery, Stock, Unit};
use domain::money::Money;

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
