//! What makes no sense is refused by a typed problem that names its place, and changes nothing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod common;

use backend::routes::MAX_BODY;
use client::transport::KEY_HEADER;
use common::people::{CLERK, Member, wanted};
use common::{OpenShop, ok, problem};
use domain::problem::{Problem, ProblemKind};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

/// A shop with a member and an order that makes sense, as JSON.
async fn scene() -> (OpenShop, Member, Value) {
    let shop = OpenShop::demo().await;
    let member = shop.member("13800138000").await;
    let wish = member.wish(&[wanted("carrot-500g", 2)]).await;
    (shop, member, serde_json::to_value(wish).unwrap())
}

fn placing(shop: &OpenShop, member: &Member) -> RequestBuilder {
    shop.page_asks(Method::POST, "/api/v1/orders", &member.cookie)
        .header(KEY_HEADER, "k")
}

/// Every address that takes a body, each with one that makes sense there.
fn takers(order: &Value) -> Vec<(Method, &'static str, Value)> {
    let cart = json!({ "lines": order["lines"] });
    vec![
        (Method::POST, "/api/v1/carts/quote", cart.clone()),
        (Method::PUT, "/api/v1/me/cart", cart),
        (Method::POST, "/api/v1/orders", order.clone()),
        (
            Method::POST,
            "/api/v1/sign-in/codes",
            json!({ "phone": "13900139000" }),
        ),
        (
            Method::POST,
            "/api/v1/sign-in",
            json!({ "phone": "13900139000", "code": "123456" }),
        ),
        (
            Method::POST,
            "/api/v1/desk/devices",
            json!({ "code": "AAAA2222", "name": "收银台" }),
        ),
        (
            Method::POST,
            "/api/v1/desk/sign-in",
            json!({ "pin": CLERK }),
        ),
        (
            Method::POST,
            "/api/v1/desk/hand-overs/preview",
            json!({ "code": "123456" }),
        ),
    ]
}

/// The cookies of a member and of the clerk at a tablet, for every address at once.
async fn all_cookies(shop: &OpenShop, member: &Member) -> String {
    let mut cookies = member.cookie.clone();
    let code = shop.tablet_code(60_000).await;
    for (path, body) in [
        ("devices", json!({ "code": code, "name": "收银台" })),
        ("sign-in", json!({ "pin": CLERK })),
    ] {
        let path = format!("/api/v1/desk/{path}");
        let asking = shop.page_asks(Method::POST, &path, &cookies).json(&body);
        let set = common::header(&asking.send().await.unwrap(), "set-cookie");
        cookies = format!("{cookies}; {}", set.split(';').next().unwrap());
    }
    cookies
}

async fn told(asking: RequestBuilder) -> Problem {
    problem(asking.send().await.unwrap()).await
}

#[tokio::test]
async fn lines_that_make_no_sense() {
    let (shop, member, order) = scene().await;
    let before = shop.books().await;
    let line = |variant: &str, quantity: Value| json!({ "variant": variant, "quantity": quantity });
    let many = |count: u32| -> Value {
        (0..count)
            .map(|number| line(&format!("v{number}"), json!(1)))
            .collect()
    };
    let carrots = |quantity: Value| json!([line("carrot-500g", quantity)]);
    let cases: Vec<(Value, Vec<&str>)> = vec![
        (carrots(json!(0)), vec!["/lines/0/quantity"]),
        (carrots(json!(100)), vec!["/lines/0/quantity"]),
        (carrots(json!(1_000_000_000)), vec!["/lines/0/quantity"]),
        // No quantity at all: the body is not understood, and says where.
        (carrots(json!(-1)), vec![]),
        (carrots(json!(4_294_967_297_u64)), vec![]),
        (carrots(json!(u64::MAX)), vec![]),
        (carrots(json!(1.5)), vec![]),
        (carrots(json!(1e300)), vec![]),
        (carrots(json!("2")), vec![]),
        (carrots(Value::Null), vec![]),
        (json!([]), vec!["/lines"]),
        (many(101), vec!["/lines"]),
        (
            json!([
                line("a", json!(1)),
                line("b", json!(1)),
                line("a", json!(2))
            ]),
            vec!["/lines/2/variant"],
        ),
        (
            json!([line("a", json!(0)), line("a", json!(100))]),
            vec!["/lines/0/quantity", "/lines/1/quantity", "/lines/1/variant"],
        ),
        (json!([{ "variant": 7, "quantity": 1 }]), vec![]),
        (json!([{ "quantity": 1 }]), vec![]),
        (json!([7]), vec![]),
        (json!({}), vec![]),
        (Value::Null, vec![]),
    ];
    for (lines, places) in cases {
        let mut order = order.clone();
        order["lines"] = lines.clone();
        let cart = json!({ "lines": lines });
        let mut asked = vec![
            placing(&shop, &member).json(&order),
            shop.page_asks(Method::POST, "/api/v1/carts/quote", "")
                .json(&cart),
        ];
        // A member's cart may be empty.
        if lines != json!([]) {
            let put = shop.page_asks(Method::PUT, "/api/v1/me/cart", &member.cookie);
            asked.push(put.json(&cart));
        }
        for asking in asked {
            let problem = told(asking).await;
            assert_eq!(problem.kind, ProblemKind::InvalidBody, "{lines}");
            let named: Vec<_> = problem.problems.iter().map(|one| &one.field).collect();
            assert_eq!(named, places, "{lines}");
        }
    }
    assert_eq!(shop.books().await, before);
    // A hundred lines are many, but allowed.
    let cart = json!({ "lines": many(100) });
    let asking = shop.page_asks(Method::POST, "/api/v1/carts/quote", "");
    ok(asking.json(&cart)).await;
}

#[tokio::test]
async fn an_order_that_makes_no_sense_names_its_places() {
    let (shop, member, mut order) = scene().await;
    order["lines"][0]["seen"] = json!({ "amount": 390, "currency": "CNY" });
    let before = shop.books().await;
    for (pointer, value, places) in [
        ("/note", json!("字".repeat(201)), vec!["/note"]),
        ("/note", json!("a\0b"), vec!["/note"]),
        (
            "/contact/name",
            json!("字".repeat(41)),
            vec!["/contact/name"],
        ),
        ("/contact/name", json!("\0"), vec!["/contact/name"]),
        ("/contact/phone", json!("123"), vec!["/contact/phone"]),
        (
            "/contact/phone",
            json!("1380013800\0"),
            vec!["/contact/phone"],
        ),
        ("/payment", json!("wechat"), vec!["/payment"]),
        ("/payment", json!(""), vec!["/payment"]),
        // What is not understood at all.
        ("/payment", json!(1), vec![]),
        ("/payment", Value::Null, vec![]),
        ("/contact", Value::Null, vec![]),
        ("/contact", json!([]), vec![]),
        ("/note", json!(["a"]), vec![]),
        ("/quote", json!(12), vec![]),
        ("/quote", Value::Null, vec![]),
        ("/pickup_from", json!("tomorrow"), vec![]),
        ("/pickup_from", json!(1_795_315_351_000_i64), vec![]),
        ("/pickup_from", json!("2026-02-30T10:00:00+08:00"), vec![]),
        ("/pickup_from", json!("2026-11-22T10:00:00"), vec![]),
        (
            "/lines/0/seen",
            json!({ "amount": "1", "currency": "CNY" }),
            vec![],
        ),
        (
            "/lines/0/seen",
            json!({ "amount": 1.5, "currency": "CNY" }),
            vec![],
        ),
        ("/lines/0/seen", json!(390), vec![]),
    ] {
        let mut wrong = order.clone();
        *wrong.pointer_mut(pointer).unwrap() = value.clone();
        let problem = told(placing(&shop, &member).json(&wrong)).await;
        assert_eq!(problem.kind, ProblemKind::InvalidBody, "{pointer} {value}");
        let named: Vec<_> = problem.problems.iter().map(|one| &one.field).collect();
        assert_eq!(named, places, "{pointer} {value}");
    }
    // All of it at once.
    let mut wrong = order.clone();
    wrong["lines"][0]["quantity"] = json!(0);
    wrong["contact"] = json!({ "name": "\0", "phone": "1" });
    wrong["note"] = json!("\0");
    wrong["payment"] = json!("shells");
    let problem = told(placing(&shop, &member).json(&wrong)).await;
    assert_eq!(problem.problems.len(), 5, "{:?}", problem.problems);
    assert_eq!(shop.books().await, before);
    // As long as allowed, in characters, not bytes.
    let mut longest = order;
    longest["note"] = json!("字".repeat(200));
    longest["contact"]["name"] = json!("字".repeat(40));
    let answer = placing(&shop, &member).json(&longest).send().await.unwrap();
    assert_eq!(answer.status(), 201);
}

#[tokio::test]
async fn odd_ids_are_only_ids() {
    let (shop, member, order) = scene().await;
    let before = shop.books().await;
    let long = "v".repeat(10_000);
    for (at, variant) in [
        "",
        "\0",
        "carrot-500g\0",
        "'; DROP TABLE orders; --",
        "%",
        &long,
    ]
    .into_iter()
    .enumerate()
    {
        let mut odd = order.clone();
        odd["lines"][0]["variant"] = json!(variant);
        let cart = json!({ "lines": odd["lines"] });
        let asking = shop.page_asks(Method::POST, "/api/v1/carts/quote", "");
        let quote: Value = ok(asking.json(&cart)).await.json().await.unwrap();
        assert_eq!(
            quote["lines"][0]["problem"]["kind"], "no_longer_sold",
            "{variant:?}"
        );
        odd["quote"] = quote["id"].clone();
        // Each is an intent of its own.
        let order = shop.page_asks(Method::POST, "/api/v1/orders", &member.cookie);
        let order = order.header(KEY_HEADER, format!("odd {at}"));
        let problem = told(order.json(&odd)).await;
        assert_eq!(problem.kind, ProblemKind::QuoteChanged, "{variant:?}");
    }
    for id in ["%00", "a%00b", "%FF", "..%2F..", "a'b"] {
        for (method, path) in [
            (Method::GET, format!("/api/v1/orders/{id}")),
            (Method::POST, format!("/api/v1/orders/{id}/cancel")),
        ] {
            let problem = told(shop.page_asks(method, &path, &member.cookie)).await;
            assert_eq!(problem.kind, ProblemKind::NotFound, "{path}");
        }
    }
    for query in [
        "tab=all",
        "tab=",
        "cursor=x",
        "cursor=~",
        "cursor=1e9~a",
        "cursor=",
    ] {
        let path = format!("/api/v1/orders?{query}");
        let problem = told(shop.page_asks(Method::GET, &path, &member.cookie)).await;
        assert_eq!(problem.kind, ProblemKind::InvalidQuery, "{query}");
        assert_eq!(problem.problems.len(), 1, "{query}");
    }
    assert_eq!(shop.books().await, before);
}

#[tokio::test]
async fn bodies_that_are_no_json_of_ours() {
    let (shop, member, order) = scene().await;
    let cookies = all_cookies(&shop, &member).await;
    let before = shop.books().await;
    for (method, path, sense) in takers(&order) {
        let asking = || {
            shop.page_asks(method.clone(), path, &cookies)
                .header(KEY_HEADER, "k")
        };
        let cut = sense.to_string();
        let cut = cut[..cut.len() - 1].to_owned();
        for body in [
            "",
            "{",
            "[]",
            "null",
            "7",
            "{}",
            "\"text\"",
            &cut,
            "{\"\0\":1}",
        ] {
            let asking = asking().header("content-type", "application/json");
            let problem = told(asking.body(body.to_owned())).await;
            assert_eq!(problem.kind, ProblemKind::InvalidBody, "{path} {body}");
        }
        for media_type in ["text/plain", "application/x-www-form-urlencoded", ""] {
            let asking = asking().header("content-type", media_type);
            let problem = told(asking.body(sense.to_string())).await;
            assert_eq!(
                problem.kind,
                ProblemKind::UnsupportedMediaType,
                "{path} {media_type}"
            );
        }
        let problem = told(asking().body(sense.to_string())).await;
        assert_eq!(problem.kind, ProblemKind::UnsupportedMediaType, "{path}");
        // Every field with something else in it.
        for field in sense.as_object().unwrap().keys() {
            // (An object may be a contact: whatever is in it, fields that nobody knows are passed over.)
            for other in [json!([[]]), json!(true), json!(0.5), json!(7)] {
                let mut wrong = sense.clone();
                wrong[field] = other;
                let problem = told(asking().json(&wrong)).await;
                assert_eq!(problem.kind, ProblemKind::InvalidBody, "{path} {wrong}");
            }
        }
    }
    assert_eq!(shop.books().await, before);
}

#[tokio::test]
async fn a_body_of_ten_megabytes_is_not_read() {
    let (shop, member, mut order) = scene().await;
    let cookies = all_cookies(&shop, &member).await;
    let before = shop.books().await;
    order["note"] = json!("x".repeat(10 * 1024 * 1024));
    for (method, path, sense) in takers(&order) {
        let mut large = sense;
        large["note"] = order["note"].clone();
        let asking = shop.page_asks(method, path, &cookies);
        let problem = told(asking.header(KEY_HEADER, "k").json(&large)).await;
        assert_eq!(problem.kind, ProblemKind::BodyTooLarge, "{path}");
    }
    // Just too large is too large as well.
    order["note"] = json!("x".repeat(MAX_BODY));
    let problem = told(placing(&shop, &member).json(&order)).await;
    assert_eq!(problem.kind, ProblemKind::BodyTooLarge);
    assert_eq!(shop.books().await, before);
}

#[tokio::test]
async fn garbage_cookies_are_nobody_s() {
    let (shop, member, order) = scene().await;
    let before = shop.books().await;
    let long = "x".repeat(8_000);
    for garbage in [
        ";",
        "=",
        "session",
        "session=",
        "session=\"",
        "session=%00%ff",
        ";;;=;=session;",
        "session=a; session=b; desk=c; desk_device=d",
        &format!("session={long}"),
    ] {
        let asking = shop.page_asks(Method::POST, "/api/v1/orders", garbage);
        let problem = told(asking.header(KEY_HEADER, "k").json(&order)).await;
        assert_eq!(problem.kind, ProblemKind::NotSignedIn, "{garbage}");
        let asking = shop.page_asks(Method::GET, "/api/v1/desk/orders", garbage);
        assert_eq!(told(asking).await.kind, ProblemKind::NotSignedIn);
        let asking = shop.page_asks(Method::GET, "/api/v1/desk/device", garbage);
        assert_eq!(told(asking).await.kind, ProblemKind::UnknownDevice);
    }
    // Bytes that are no text, beside a good one.
    let asking = shop
        .served
        .ask(Method::GET, "/api/v1/me")
        .header("cookie", b"other=\xff\xfe".as_slice())
        .header("cookie", &member.cookie);
    ok(asking).await;
    assert_eq!(shop.books().await, before);
}
