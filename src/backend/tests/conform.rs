//! The whole contract, tried as somebody with another backend would try it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod common;

use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use backend::Settings;
use client::conform::{DeskKeys, Options, Report, Verdict, run};
use common::{OpenShop, Served};
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

const HOUR: i64 = 3_600_000;

async fn tried(served: &Served, desk: Option<DeskKeys>) -> Report {
    run(Options {
        base: served.at("/api/v1"),
        code_from: None,
        desk,
    })
    .await
}

/// What opens the demo's desk.
async fn keys(shop: &OpenShop) -> DeskKeys {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let now = i64::try_from(now.as_millis()).unwrap();
    DeskKeys {
        device_code: shop.store.make_device_code(now, HOUR).await.unwrap(),
        pin: "880088".to_owned(),
    }
}

fn verdict(report: &Report, rule: &str) -> Verdict {
    let line = report.lines.iter().find(|line| line.rule == rule);
    line.unwrap_or_else(|| panic!("no rule says: {rule}"))
        .verdict
}

#[tokio::test]
async fn this_backend_keeps_every_rule() {
    let shop = OpenShop::demo().await;
    let report = tried(&shop.served, Some(keys(&shop).await)).await;
    assert_eq!(report.count(Verdict::Missing), 0, "{report}");
    assert_eq!(report.count(Verdict::Skipped), 0, "{report}");
    assert!(report.count(Verdict::Holds) > 70, "{report}");
    assert!(report.left_behind.is_empty(), "{report}");
    // What was ordered is cancelled, but for the one that was handed over.
    let mut file = shop.file().await;
    let open: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM orders WHERE state NOT IN ('cancelled', 'handed_over')",
    )
    .fetch_one(&mut file)
    .await
    .unwrap();
    assert_eq!(open, 0);
    let fetched = "SELECT count(*) FROM orders WHERE state = 'handed_over'";
    let fetched: i64 = sqlx::query_scalar(fetched)
        .fetch_one(&mut file)
        .await
        .unwrap();
    assert_eq!(fetched, 1);
}

#[tokio::test]
async fn without_a_tablets_code_only_the_desks_refusals_are_tried() {
    let shop = OpenShop::demo().await;
    let report = tried(&shop.served, None).await;
    assert!(report.nothing_missing(), "{report}");
    let skipped: Vec<_> = report
        .lines
        .iter()
        .filter(|line| line.verdict == Verdict::Skipped)
        .collect();
    assert!(!skipped.is_empty());
    for line in skipped {
        assert_eq!(line.group, "desk", "{report}");
        assert!(line.why.contains("--device-code"), "{report}");
    }
    let forbidden = "the desk is forbidden to a shopper, whatever is asked";
    assert_eq!(verdict(&report, forbidden), Verdict::Holds);
}

#[tokio::test]
async fn a_shop_that_has_nothing_breaks_no_rule() {
    let shop = OpenShop::empty().await;
    let report = tried(&shop.served, None).await;
    assert!(report.nothing_missing(), "{report}");
}

/// Takes away what only headers say, and lets every write pass as the page's own.
async fn spoiled(mut request: Request, next: Next) -> Response {
    let safe = client::transport::SAFE_HEADER;
    request
        .headers_mut()
        .insert(safe, HeaderValue::from_static("1"));
    let mut answer = next.run(request).await;
    let headers = answer.headers_mut();
    for name in ["etag", "idempotent-replayed", "retry-after", "vary"] {
        headers.remove(name);
    }
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=60"),
    );
    let cookies: Vec<_> = headers.get_all(header::SET_COOKIE).iter().collect();
    let open = |cookie: &&HeaderValue| cookie.to_str().unwrap().replace("HttpOnly; ", "");
    let cookies: Vec<_> = cookies.iter().map(open).collect();
    headers.remove(header::SET_COOKIE);
    for cookie in cookies {
        headers.append(header::SET_COOKIE, cookie.parse().unwrap());
    }
    answer
}

#[tokio::test]
async fn what_is_spoiled_is_missing_and_nothing_else_is() {
    let shop = OpenShop::demo().await;
    let settings = Settings {
        show_codes: true,
        ..Settings::default()
    };
    let router = backend::shop(shop.store.clone(), &shop.folders, settings).await;
    let served = Served::start(router.unwrap().layer(from_fn(spoiled))).await;
    let report = tried(&served, Some(keys(&shop).await)).await;
    let missing = report
        .lines
        .iter()
        .filter(|line| line.verdict == Verdict::Missing);
    let missing: Vec<_> = missing.map(|line| (line.group, line.rule)).collect();
    let expected = [
        (
            "backend",
            "a read has an ETag, and who has that copy is answered 304",
        ),
        (
            "backend",
            "a read says Cache-Control: no-cache, Vary: Accept-Language and Date",
        ),
        (
            "catalogue",
            "lists and products have ETags, and who has that copy is answered 304",
        ),
        (
            "catalogue",
            "lists and products say Cache-Control: no-cache, Vary: Accept-Language and Date",
        ),
        (
            "storefront",
            "it has an ETag, and who has that copy is answered 304",
        ),
        (
            "storefront",
            "it says Cache-Control: no-cache, Vary: Accept-Language and Date",
        ),
        (
            "bundles",
            "bundles have ETags, and who has that copy is answered 304",
        ),
        (
            "bundles",
            "bundles say Cache-Control: no-cache, Vary: Accept-Language and Date",
        ),
        (
            "members",
            "a code lasts a while; another one at once is too-many-requests with Retry-After",
        ),
        (
            "members",
            "the session is a cookie that is HttpOnly and SameSite",
        ),
        (
            "members",
            "a write without x-shop-request is unsafe-request",
        ),
        ("members", "personal answers say Cache-Control: no-store"),
        ("orders", "a quote without x-shop-request is unsafe-request"),
        ("orders", "a write without x-shop-request is unsafe-request"),
        (
            "orders",
            "the same key and body answer the same order, Idempotent-Replayed: true",
        ),
        ("orders", "personal answers say Cache-Control: no-store"),
        (
            "sets",
            "coupons and points are not-signed-in for nobody, and private",
        ),
        (
            "live",
            "a stream is text/event-stream, and nobody on the way keeps it",
        ),
        ("desk", "a write without x-shop-request is unsafe-request"),
        (
            "desk",
            "tablet and session are cookies that are HttpOnly and SameSite",
        ),
        ("desk", "the desk's answers say Cache-Control: no-store"),
    ];
    assert_eq!(missing, expected, "{report}");
}

const LEEK: &str = "leek-500g";

fn leek() -> Value {
    json!({
        "id": "leek", "name": "大葱", "merchant": "shop", "category": "vegetables",
        "lead": {"id": LEEK, "name": "500g", "price": {"amount": 350, "currency": "CNY"},
                 "stock": {"level": "plenty"}},
    })
}

fn problem(status: u16, kind: &str) -> Response {
    let body = json!({"type": kind, "title": "No", "status": status});
    let media_type = [(header::CONTENT_TYPE, "application/problem+json")];
    let status = StatusCode::from_u16(status).unwrap();
    (status, media_type, body.to_string()).into_response()
}

/// Somebody's first try: a list that nobody can keep a copy of, a sum that is none, writes from
/// anywhere, a page of HTML for what is not there.
fn first_try() -> Router {
    let about = json!({
        "backend": "first try", "contract": "1.0", "capabilities": ["catalogue", "orders"],
    });
    let list = json!({"items": [leek()], "total": 1});
    let product = json!({
        "id": "leek", "name": "大葱",
        "merchant": {"id": "shop", "name": "店"}, "category": {"id": "vegetables", "name": "蔬菜"},
        "variants": [leek()["lead"]],
    });
    let quote = |body: String| async move {
        let Ok(body) = serde_json::from_str::<Value>(&body) else {
            return problem(400, "urn:problem:invalid-body");
        };
        let price = |amount: i64| json!({"amount": amount, "currency": "CNY"});
        let lines = body["lines"].as_array().cloned().unwrap_or_default();
        let lines = lines.into_iter().map(|line| {
            let all = line["quantity"].as_i64().unwrap_or_default() * 350;
            if line["variant"] == LEEK {
                json!({
                    "variant": LEEK, "quantity": line["quantity"], "unit_price": price(350), "total": price(all),
                    "item": {"product": "leek", "merchant": "shop", "name": "大葱", "variant_name": "500g"},
                })
            } else {
                json!({"variant": line["variant"], "quantity": line["quantity"], "problem": {"kind": "no_longer_sold"}})
            }
        });
        Json(json!({
            "id": "q", "lines": lines.collect::<Vec<_>>(), "total": price(1), "orderable": true,
            "now": "2026-11-22T10:00:00+08:00", "expires_at": "2026-11-22T10:15:00+08:00",
        }))
        .into_response()
    };
    let times = json!({
        "now": "2026-11-22T10:00:00+08:00",
        "times": [
            {"from": "2026-11-22T12:00:00+08:00", "to": "2026-11-22T12:30:00+08:00"},
            {"from": "2026-11-22T11:00:00+08:00", "to": "2026-11-22T11:30:00+08:00"},
        ],
    });
    let constant = |value: Value| get(move || async move { Json(value) });
    let other = |request: Request| async move {
        if request.uri().path().starts_with("/api/v1/products/") {
            problem(404, "urn:problem:not-found")
        } else {
            (StatusCode::NOT_FOUND, "<h1>no</h1>").into_response()
        }
    };
    Router::new()
        .route("/api/v1", constant(about))
        .route(
            "/api/v1/categories",
            constant(json!([{"id": "vegetables", "name": "蔬菜"}])),
        )
        .route("/api/v1/products", constant(list))
        .route("/api/v1/products/leek", constant(product))
        .route("/api/v1/pickup-times", constant(times))
        .route("/api/v1/carts/quote", post(quote))
        .fallback(other)
}

#[tokio::test]
async fn a_wrong_backend_is_found_out() {
    let served = Served::start(first_try()).await;
    let report = tried(&served, None).await;
    for rule in [
        "an address that is none is the problem not-found",
        "a wrong method is the problem method-not-allowed",
        "lists and products have ETags, and who has that copy is answered 304",
        "a query that makes no sense is invalid-query at its field",
        "a cart is priced line by line, and its total is the sum",
        "an empty cart, and a variant twice, is invalid-body",
        "a quote without x-shop-request is unsafe-request",
        "pickup times lie ahead, the earliest first",
        "orders are not-signed-in for nobody",
    ] {
        assert_eq!(verdict(&report, rule), Verdict::Missing, "{rule}\n{report}");
    }
    // What is right is not blamed for the rest.
    for rule in [
        "it names itself, the contract's version and what it can do",
        "shelves have ids of their own and something on them",
        "a product is as its list shows it",
        "a product that is not there is not-found",
    ] {
        assert_eq!(verdict(&report, rule), Verdict::Holds, "{rule}\n{report}");
    }
    // What it does not name is nothing that it lacks, and without members nobody can order.
    for line in &report.lines {
        if ["storefront", "bundles", "members", "desk"].contains(&line.group) {
            assert_eq!(line.verdict, Verdict::Skipped, "{report}");
            assert!(line.why.contains("does not name it"), "{report}");
        }
    }
    let placing = "an order is placed as quoted, and takes its pieces from the shelf";
    assert_eq!(verdict(&report, placing), Verdict::Skipped, "{report}");
    let sum = report.lines.iter().find(|line| line.why.contains("total"));
    assert!(sum.is_some(), "{report}");
    let said = report.to_string();
    assert!(
        said.contains("  MISSING  ") && said.contains(" missing, "),
        "{said}"
    );
    assert_eq!(report.to_json()["missing"], report.count(Verdict::Missing));
}

#[tokio::test]
async fn a_backend_that_is_not_there_breaks_one_rule() {
    let served = Served::start(Router::new()).await;
    let gone = served.at("/api/v1");
    served.stop().await;
    let report = run(Options {
        base: gone,
        ..Options::default()
    })
    .await;
    assert_eq!(report.count(Verdict::Missing), 1, "{report}");
    assert_eq!(report.count(Verdict::Holds), 0, "{report}");
}
