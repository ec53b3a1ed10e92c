//! How answers travel: compressed, and not again while an ETag confirms the copy.

use crate::common::{OpenShop, header, members, ok};
use reqwest::{Method, StatusCode};

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
