//! Whatever is asked: an answer, or a typed problem that says what is wrong. And the shop lives on.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod common;

use axum::routing::{get, post};
use axum::{Json, Router};
use backend::problem::JsonBody;
use backend::routes::{MAX_BODY, rules};
use common::{OpenShop, Served, header, now, ok, problem};
use domain::catalog::ProductQuery;
use domain::problem::{Problem, ProblemKind};
use reqwest::Method;
use serde::{Deserialize, Serialize};
use tokio::task::{JoinSet, LocalSet};

fn fields(problem: &Problem) -> Vec<&str> {
    problem
        .problems
        .iter()
        .map(|one| one.field.as_str())
        .collect()
}

#[tokio::test]
async fn a_bad_query_names_its_fields() {
    let shop = OpenShop::demo().await;
    let long = "鱼".repeat(65);
    let cases: Vec<(String, &[&str])> = vec![
        ("limit=0".into(), &["limit"]),
        ("limit=101".into(), &["limit"]),
        ("limit=-1".into(), &["limit"]),
        ("limit=ten".into(), &["limit"]),
        ("limit=".into(), &["limit"]),
        ("limit=99999999999999999999".into(), &["limit"]),
        ("limit=1e1".into(), &["limit"]),
        ("sort=cheapest".into(), &["sort"]),
        ("sort=".into(), &["sort"]),
        ("sort=PRICE_UP".into(), &["sort"]),
        ("in_stock=yes".into(), &["in_stock"]),
        ("on_special=1".into(), &["on_special"]),
        (format!("q={long}"), &["q"]),
        ("cursor=nonsense".into(), &["cursor"]),
        ("limit=5&limit=6".into(), &["limit"]),
        ("q=a&q=b&q=c".into(), &["q", "q"]),
        (
            format!("q={long}&in_stock=2&on_special=2&sort=2&limit=200"),
            &["q", "in_stock", "on_special", "sort", "limit"],
        ),
    ];
    for (query, expected) in cases {
        let path = format!("/api/v1/products?{query}");
        let problem = problem(shop.served.get(&path).send().await.unwrap()).await;
        assert_eq!(problem.kind, ProblemKind::InvalidQuery, "{query}");
        assert_eq!(fields(&problem), expected, "{query}");
        assert!(problem.problems.iter().all(|one| !one.detail.is_empty()));
    }
}

#[tokio::test]
async fn a_query_that_can_be_understood_is() {
    let shop = OpenShop::demo().await;
    for query in [
        "",
        "&&",
        "q=",
        "category=&merchant=&cursor=&in_stock=&on_special=false",
        "colour=red&utm_source=group",
        "q=%FF%FE",
        "q=%",
        "q=%zz",
        "q=a+b",
        "%71=swy",
        "q",
        "limit=100",
        "limit=1",
    ] {
        ok(shop.served.get(&format!("/api/v1/products?{query}"))).await;
    }
    // As many characters as allowed, not bytes.
    let longest = "鱼".repeat(64);
    ok(shop.served.get(&format!("/api/v1/products?q={longest}"))).await;
}

#[tokio::test]
async fn an_address_that_is_none() {
    let shop = OpenShop::demo().await;
    for path in [
        "/api/v1/nothing",
        "/api/v1/products/avocado/reviews",
        "/api/v1/products/",
        "/api/v1/storefront/",
        "/api/v1//storefront",
        "/api/v1/Storefront",
        "/api/v1/%",
        "/api/v1/%ff%00",
        "/nothing",
        "/",
    ] {
        let (status, answer) = shop.served.raw("GET", path).await;
        assert_eq!(status, 404, "{path}: {answer}");
        assert!(
            answer.contains("content-type: application/problem+json\r\n")
                && answer.contains("urn:problem:not-found"),
            "{path}: {answer}"
        );
    }
    let answer = shop.served.get("/api/v1/nothing").send().await.unwrap();
    let problem = problem(answer).await;
    assert_eq!(problem.kind, ProblemKind::NotFound);
    assert!(problem.detail.contains("/api/v1/nothing"));
}

#[tokio::test]
async fn a_method_that_is_none_here() {
    let shop = OpenShop::demo().await;
    for path in ["/api/v1", "/api/v1/products", "/api/v1/products/avocado"] {
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
            let request = shop.served.ask(method.clone(), path);
            let answer = request.body("{}").send().await.unwrap();
            // RFC 9110, 15.5.6: it must say which methods there are.
            assert_eq!(header(&answer, "allow"), "GET,HEAD", "{method} {path}");
            let problem = problem(answer).await;
            assert_eq!(problem.kind, ProblemKind::MethodNotAllowed);
            assert!(problem.detail.contains(method.as_str()));
        }
    }
}

#[tokio::test]
async fn a_product_that_is_none() {
    let shop = OpenShop::demo().await;
    let client = shop.client("zh-CN");
    let long = "a".repeat(30_000);
    for id in [
        "no-such-product",
        "Avocado",
        "avocado ",
        "",
        "a/b",
        "../storefront",
        "avocado\u{0}",
        "\u{0}",
        "%00",
        "%",
        "三文鱼",
        "'; DROP TABLE products; --",
        "avocado?x=1",
        "avocado#x",
        long.as_str(),
    ] {
        let error = client.catalog().product(&id.into()).await.unwrap_err();
        assert!(error.is_not_found(), "{id:?}: {error}");
    }
    assert!(client.catalog().product(&"avocado".into()).await.is_ok());
}

#[tokio::test]
async fn a_product_whose_id_means_a_folder() {
    // An address cannot end in a dot segment: whoever resolves it takes the parent folder instead.
    // A client that asked for another thing and got it would show that other thing.
    let shop = OpenShop::demo().await;
    let client = shop.client("zh-CN");
    for id in [".", ".."] {
        let error = client.catalog().product(&id.into()).await.unwrap_err();
        assert!(error.is_not_found(), "{id:?}: {error}");
    }
}

#[tokio::test]
async fn strange_ids_on_the_wire() {
    let shop = OpenShop::demo().await;
    for path in [
        "/api/v1/products/%00",
        "/api/v1/products/avocado%00",
        "/api/v1/products/%2F",
        "/api/v1/products/..%2Fstorefront",
        "/api/v1/products/%2e%2e",
        "/api/v1/products/..",
        "/api/v1/products/../storefront",
        "/api/v1/products/%FF%FE",
        "/api/v1/products/%",
        "/api/v1/products/%zz",
        "/api/v1/products/avocado;v=1",
    ] {
        let (status, answer) = shop.served.raw("GET", path).await;
        assert_eq!(status, 404, "{path}: {answer}");
        assert!(
            answer.contains("content-type: application/problem+json\r\n"),
            "{path}: {answer}"
        );
    }
    assert_eq!(
        shop.served.raw("GET", "/api/v1/products/%61vocado").await.0,
        200
    );
}

// Bodies, by a small route that takes one and tells it; those of the shop are in bad_input.rs.

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Order {
    pieces: u32,
    note: String,
}

async fn counter() -> Served {
    let routes = Router::new()
        .route(
            "/orders",
            post(|JsonBody(order): JsonBody<Order>| async { Json(order) }),
        )
        .route("/broken", get(broken));
    Served::start(Router::new().nest("/api/v1", rules(routes))).await
}

async fn broken() -> &'static str {
    panic!("the handler's secret")
}

const ORDER: &str = r#"{"pieces":2,"note":"少冰"}"#;

async fn order(counter: &Served, media_type: Option<&str>, body: Vec<u8>) -> reqwest::Response {
    let mut request = counter.ask(Method::POST, "/api/v1/orders").body(body);
    if let Some(media_type) = media_type {
        request = request.header("content-type", media_type);
    }
    request.send().await.unwrap()
}

#[tokio::test]
async fn a_body_that_is_understood() {
    let counter = counter().await;
    for media_type in [
        "application/json",
        "application/json; charset=utf-8",
        "Application/JSON",
    ] {
        let answer = order(&counter, Some(media_type), ORDER.into()).await;
        assert_eq!(answer.status(), 200, "{media_type}");
        let expected = Order {
            pieces: 2,
            note: "少冰".into(),
        };
        assert_eq!(answer.json::<Order>().await.unwrap(), expected);
    }
}

#[tokio::test]
async fn a_body_that_is_not_understood() {
    let counter = counter().await;
    for body in [
        "",
        "{",
        "pieces=2",
        "[]x",
        "null",
        "{}",
        r#"{"pieces":"two","note":""}"#,
        r#"{"pieces":-1,"note":""}"#,
        r#"{"pieces":2.5,"note":""}"#,
        r#"{"pieces":2,"note":"x"} and more"#,
    ] {
        let problem = problem(order(&counter, Some("application/json"), body.into()).await).await;
        assert_eq!(problem.kind, ProblemKind::InvalidBody, "{body}");
    }
    let no_text = b"{\"pieces\":2,\"note\":\"\xff\"}".to_vec();
    let answer = order(&counter, Some("application/json"), no_text).await;
    assert_eq!(problem(answer).await.kind, ProblemKind::InvalidBody);
    let deep = "[".repeat(MAX_BODY / 2).into_bytes();
    let answer = order(&counter, Some("application/json"), deep).await;
    assert_eq!(problem(answer).await.kind, ProblemKind::InvalidBody);
}

#[tokio::test]
async fn a_body_of_another_kind() {
    let counter = counter().await;
    for media_type in [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some("nonsense"),
        Some(""),
    ] {
        let problem = problem(order(&counter, media_type, ORDER.into()).await).await;
        assert_eq!(
            problem.kind,
            ProblemKind::UnsupportedMediaType,
            "{media_type:?}"
        );
    }
}

#[tokio::test]
async fn a_body_that_is_too_large() {
    let counter = counter().await;
    let around = r#"{"pieces":2,"note":""}"#.len();
    let note = |length: usize| {
        format!(r#"{{"pieces":2,"note":"{}"}}"#, "x".repeat(length - around)).into_bytes()
    };
    let fits = order(&counter, Some("application/json"), note(MAX_BODY)).await;
    assert_eq!(fits.status(), 200);
    for length in [MAX_BODY + 1, 2 * MAX_BODY] {
        let answer = order(&counter, Some("application/json"), note(length)).await;
        let problem = problem(answer).await;
        assert_eq!(problem.kind, ProblemKind::BodyTooLarge, "{length}");
    }
    // Said by nobody beforehand: counted while it comes.
    let chunk = ["1000\r\n", &"x".repeat(0x1000), "\r\n"].concat();
    let request = [
        "POST /api/v1/orders HTTP/1.1\r\nhost: shop\r\nconnection: close\r\n",
        "content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n",
        &chunk.repeat(17),
        "0\r\n\r\n",
    ];
    let (status, answer) = counter.bytes(request.concat()).await;
    assert_eq!(status, 413, "{answer}");
    assert!(answer.contains("urn:problem:body-too-large"), "{answer}");
}

#[tokio::test]
async fn a_handler_that_panics_takes_nobody_with_it() {
    let counter = counter().await;
    for _ in 0..3 {
        let answer = counter.get("/api/v1/broken").send().await.unwrap();
        assert_eq!(header(&answer, "cache-control"), "no-cache");
        let problem = problem(answer).await;
        assert_eq!(problem.kind, ProblemKind::Internal);
        assert!(!format!("{problem:?}").contains("secret"));
    }
    let answer = order(&counter, Some("application/json"), ORDER.into()).await;
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn a_database_that_fails_is_a_typed_problem() {
    let shop = OpenShop::demo().await;
    sqlx::query("DROP VIEW leads")
        .execute(&mut shop.file().await)
        .await
        .unwrap();
    let answer = shop.served.get("/api/v1/products").send().await.unwrap();
    let problem = problem(answer).await;
    assert_eq!(problem.kind, ProblemKind::Internal);
    // Nothing about our inside.
    assert!(!format!("{problem:?}").contains("leads"), "{problem:?}");
    ok(shop.served.get("/api/v1/categories")).await;
}

#[tokio::test]
async fn a_row_that_is_not_understood_is_a_typed_problem() {
    let shop = OpenShop::demo().await;
    sqlx::query("UPDATE variants SET currency = 'yuan' WHERE product = 'avocado'")
        .execute(&mut shop.file().await)
        .await
        .unwrap();
    let answer = shop.served.get("/api/v1/products/avocado").send().await;
    assert_eq!(problem(answer.unwrap()).await.kind, ProblemKind::Internal);
    ok(shop.served.get("/api/v1/products/tomato")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_at_once_are_all_served() {
    let shop = OpenShop::demo().await;
    // The shop answers on both threads; the callers share one, as their futures are a browser's.
    let callers = LocalSet::new();
    let mut asking = JoinSet::new();
    for number in 0..200 {
        let client = shop.client(if number % 2 == 0 { "zh-CN" } else { "en" });
        let call = async move {
            match number % 4 {
                0 => now(client.storefront().await.unwrap()).specials.len(),
                1 => now(client.catalog().categories().await.unwrap()).len(),
                2 => {
                    let query = ProductQuery {
                        q: "swy".into(),
                        ..ProductQuery::default()
                    };
                    now(client.catalog().products(&query).await.unwrap())
                        .items
                        .len()
                }
                _ => now(client.catalog().product(&"avocado".into()).await.unwrap())
                    .variants
                    .len(),
            }
        };
        asking.spawn_local_on(call, &callers);
    }
    let mut counts = callers.run_until(asking.join_all()).await;
    counts.sort_unstable();
    let expected = [[2; 50], [2; 50], [8; 50], [11; 50]].concat();
    assert_eq!(counts, expected);
}
