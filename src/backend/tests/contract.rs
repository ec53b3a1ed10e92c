//! What the backend says about itself, and the document that somebody writing another one reads.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod common;

use backend::payment::notice::SIGNATURE;
use client::transport::{KEY_HEADER, SAFE_HEADER};
use common::people::{CLERK, wanted};
use common::{OpenShop, header, now, ok};
use domain::catalog::ProductQuery;
use domain::contract::{About, Capability};
use reqwest::{Method, StatusCode};
use serde_json::Value;
use std::collections::BTreeSet;

#[tokio::test]
async fn names_itself_and_what_it_can_do() {
    let shop = OpenShop::demo().await;
    let about = now(shop.client("zh-CN").about().await.unwrap());
    let expected = About {
        backend: concat!("linli ", env!("CARGO_PKG_VERSION")).into(),
        contract: "1.0".into(),
        capabilities: vec![
            Capability::Catalogue,
            Capability::Storefront,
            Capability::Bundles,
            Capability::Booking,
            Capability::Live,
            Capability::Orders,
            Capability::Members,
            Capability::Desk,
            Capability::Payment,
        ],
    };
    assert_eq!(about, expected);
}

#[tokio::test]
async fn every_capability_that_it_names_works() {
    let shop = OpenShop::demo().await;
    let client = shop.client("zh-CN");
    for capability in now(client.about().await.unwrap()).capabilities {
        match capability {
            Capability::Catalogue => {
                assert!(!now(client.catalog().categories().await.unwrap()).is_empty());
            }
            Capability::Storefront => {
                assert!(!now(client.storefront().await.unwrap()).posts.is_empty());
            }
            Capability::Bundles => {
                let first = now(client.catalog().bundles().await.unwrap())
                    .items
                    .remove(0);
                let bundle = now(client.catalog().bundle(&first.id).await.unwrap());
                assert!(!bundle.parts.is_empty());
            }
            Capability::Booking => {
                let tastings = now(client.bookings().tastings().await.unwrap()).items;
                let first = now(client.bookings().tasting(&tastings[0].id).await.unwrap());
                assert_eq!(first.days.len(), 14);
            }
            Capability::Live => {
                let shows = now(client.shows().list().await.unwrap());
                let room = client.shows().room(&shows.coming[0].id).await.unwrap();
                assert!(!now(room).goods.is_empty());
            }
            Capability::Orders => {
                let member = shop.member("13800138000").await;
                let order = member.orders(&[wanted("carrot-500g", 1)]).await;
                assert_eq!(order.pieces(), 1);
            }
            Capability::Members => {
                let member = shop.member("13900139000").await;
                assert!(
                    now(member.client.members().me().await.unwrap())
                        .phone
                        .starts_with("139")
                );
            }
            Capability::Desk => {
                let desk = shop.desk(CLERK).await;
                assert!(desk.desk().orders().await.is_ok());
            }
            Capability::Payment => {
                let member = shop.member("13700137000").await;
                let order = member.orders_online(&[wanted("carrot-500g", 1)]).await;
                let start = member.client.orders().pay(&order.id, "pay").await.unwrap();
                ok(shop.served.get(&start.url)).await;
            }
            other => panic!("nothing here tries {other:?}"),
        }
    }
}

fn document() -> Value {
    serde_json::from_str(&backend::openapi::text().unwrap()).unwrap()
}

#[test]
fn the_committed_document_is_the_current_one() {
    let committed = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
    let committed = std::fs::read_to_string(committed).unwrap();
    assert!(
        committed == backend::openapi::text().unwrap(),
        "docs/openapi.json is out of date: write it anew with `backend openapi`"
    );
}

#[tokio::test]
async fn the_served_document_is_the_current_one() {
    let shop = OpenShop::demo().await;
    let answer = ok(shop.served.get("/api/v1/openapi.json")).await;
    assert_eq!(header(&answer, "content-type"), "application/json");
    assert_eq!(answer.json::<Value>().await.unwrap(), document());
}

#[tokio::test]
async fn every_path_of_the_document_answers() {
    let shop = OpenShop::demo().await;
    let document = document();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let paths = document["paths"].as_object().unwrap();
    assert_eq!(paths.len(), 98);
    for (path, operations) in paths {
        let operations = operations.as_object().unwrap();
        let path = path
            .replace("{id}", "avocado")
            .replace("{step}", "pack")
            .replace("{slot}", "light-meal.1")
            .replace("{return}", "crate")
            .replace("{key}", "tap");
        // Somebody who is not signed in and brings no body: every answer is one that is told of.
        for (method, operation) in operations {
            let method: Method = method.to_ascii_uppercase().parse().unwrap();
            let answer = shop
                .page_asks(method.clone(), &path, "")
                .send()
                .await
                .unwrap();
            let told = &operation["responses"];
            let class = format!("{}XX", answer.status().as_u16() / 100);
            let told = told.get(answer.status().as_str()).unwrap_or(&told[class]);
            assert!(told.is_object(), "{method} {path}: {}", answer.status());
            let media_type = header(&answer, "content-type");
            let content = told["content"].as_object();
            assert_eq!(
                content.is_some_and(|content| content.contains_key(&media_type)),
                answer.status() != StatusCode::NO_CONTENT,
                "{method} {path}: {media_type}"
            );
            assert!(
                content.is_none() || answer.json::<Value>().await.is_ok(),
                "{method} {path}"
            );
        }
        // What the document does not name is not there.
        let named: Vec<_> = operations.keys().map(String::as_str).collect();
        for method in ["get", "post", "put", "delete", "patch"] {
            if named.contains(&method) {
                continue;
            }
            let method: Method = method.to_ascii_uppercase().parse().unwrap();
            let answer = shop
                .page_asks(method.clone(), &path, "")
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status(), 405, "{method} {path}");
        }
    }
    // What needs nobody to be signed in answers with what was asked for.
    for path in [
        "",
        "/storefront",
        "/categories",
        "/products",
        "/bundles",
        "/pickup-times",
        "/shows",
    ] {
        ok(shop.served.get(&["/api/v1", path].concat())).await;
    }
}

#[test]
fn the_document_tells_what_every_change_needs() {
    let document = document();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let required: Vec<_> = operation["parameters"]
                .as_array()
                .into_iter()
                .flatten()
                .filter(|one| one["in"] == "header" && one["required"] == true)
                .map(|one| one["name"].as_str().unwrap())
                .collect();
            let expected: &[&str] = match (method.as_str(), path.as_str()) {
                ("get", _) => &[],
                (
                    "post",
                    "/api/v1/orders"
                    | "/api/v1/orders/{id}/payment"
                    | "/api/v1/orders/{id}/returns"
                    | "/api/v1/bookings"
                    | "/api/v1/tastings/slots/{slot}/waiting"
                    | "/api/v1/desk/tastings/{id}/walk-in"
                    | "/api/v1/shows/{id}/comments"
                    | "/api/v1/shows/{id}/wishes"
                    | "/api/v1/shows/{id}/drops/{drop}/claim"
                    | "/api/v1/desk/shows"
                    | "/api/v1/desk/shows/{id}/polls"
                    | "/api/v1/desk/shows/{id}/wishes"
                    | "/api/v1/desk/shows/{id}/drops"
                    | "/api/v1/desk/purchases",
                ) => &[KEY_HEADER, SAFE_HEADER],
                // No page sends these.
                ("post", "/api/v1/payments/notices") => &[SIGNATURE],
                ("post", "/api/v1/media/publish" | "/api/v1/media/publish-done") => &[],
                _ => &[SAFE_HEADER],
            };
            assert_eq!(required, expected, "{method} {path}");
            if expected.contains(&SAFE_HEADER) {
                assert!(operation["responses"]["403"].is_object(), "{method} {path}");
            }
        }
    }
}

/// Calls `see` with every object of a document.
fn every_object<'a>(value: &'a Value, see: &mut impl FnMut(&'a serde_json::Map<String, Value>)) {
    match value {
        Value::Object(object) => {
            see(object);
            object.values().for_each(|value| every_object(value, see));
        }
        Value::Array(values) => values.iter().for_each(|value| every_object(value, see)),
        _ => {}
    }
}

#[test]
fn every_reference_resolves() {
    let document = document();
    let mut references = BTreeSet::new();
    every_object(&document, &mut |object| {
        references.extend(object.get("$ref").and_then(Value::as_str));
    });
    assert!(
        references.contains("#/components/schemas/Problem"),
        "{references:?}"
    );
    for reference in &references {
        let pointer = reference.strip_prefix('#').expect("a reference inside");
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
    // And no schema stands there for nothing.
    for name in document["components"]["schemas"]
        .as_object()
        .unwrap()
        .keys()
    {
        let reference = format!("#/components/schemas/{name}");
        assert!(references.contains(reference.as_str()), "{reference}");
    }
}

#[test]
fn the_document_knows_every_parameter_of_a_query() {
    let mut asked = BTreeSet::new();
    // Reading a query asks for each parameter by its name.
    let _ = ProductQuery::read(|name| {
        asked.insert(name.to_owned());
        None
    });
    let document = document();
    let parameters = document
        .pointer("/paths/~1api~1v1~1products/get/parameters")
        .unwrap();
    let told: BTreeSet<_> = parameters
        .as_array()
        .unwrap()
        .iter()
        .filter(|parameter| parameter["in"] == "query")
        .map(|parameter| parameter["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(told, asked);
}

#[test]
fn the_document_describes_what_is_really_required() {
    // Nothing that the client fills in by itself may be demanded, and nothing it needs left out.
    let document = document();
    let required = |schema: &str| -> Vec<String> {
        let list = &document["components"]["schemas"][schema]["required"];
        let mut list: Vec<_> = list
            .as_array()
            .unwrap()
            .iter()
            .map(|name| name.as_str().unwrap().to_owned())
            .collect();
        list.sort_unstable();
        list
    };
    assert_eq!(required("About"), ["backend", "contract"]);
    assert_eq!(required("Money"), ["amount", "currency"]);
    assert_eq!(required("Stock"), ["level"]);
    assert_eq!(
        required("ProductSummary"),
        ["category", "id", "lead", "merchant", "name"]
    );
    assert_eq!(
        required("Product"),
        ["category", "id", "merchant", "name", "variants"]
    );
    assert_eq!(required("Storefront"), ["shop"]);
    assert_eq!(required("Shop"), ["name", "opening"]);
    assert_eq!(required("QuoteRequest"), ["lines"]);
    assert_eq!(required("WantedLine"), ["quantity", "variant"]);
    assert_eq!(
        required("OrderRequest"),
        ["contact", "lines", "payment", "pickup_from", "quote"]
    );
    assert_eq!(
        required("Order"),
        [
            "contact", "id", "lines", "number", "payment", "pickup", "state", "total"
        ]
    );
    assert_eq!(required("Member"), ["id", "phone"]);
}
