//! Members: how long somebody is known, what belongs to whom, and who else may ask.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod common;

use backend::{Settings, secret};
use client::transport::{KEY_HEADER, SAFE_HEADER};
use common::people::{refused, wanted};
use common::{OpenShop, header, now, ok, problem};
use domain::member::{Member, MemberCart};
use domain::money::Money;
use domain::pricing::WantedLine;
use domain::problem::ProblemKind;
use reqwest::{Method, Response};
use serde_json::json;

const PHONE: &str = "13800138000";

/// Signs in by hand and returns the answer with its cookie.
async fn sign_in(shop: &OpenShop, phone: &str) -> Response {
    let client = shop.client("zh-CN");
    let sent = client.members().send_code(phone).await.unwrap();
    let body = json!({ "phone": phone, "code": sent.demo_code });
    let asking = shop.page_asks(Method::POST, "/api/v1/sign-in", "");
    ok(asking.json(&body)).await
}

/// `name=value` of the cookie that an answer sets, and what is said about it.
fn cookie(answer: &Response) -> (String, Vec<String>) {
    let cookie = header(answer, "set-cookie");
    let mut parts = cookie.split(';').map(|part| part.trim().to_owned());
    let value = parts.next().unwrap();
    let mut rules: Vec<_> = parts.map(|part| part.to_ascii_lowercase()).collect();
    rules.sort_unstable();
    (value, rules)
}

#[tokio::test]
async fn a_session_is_a_cookie_that_no_script_sees() {
    for https in [false, true] {
        let shop = OpenShop::started(Settings {
            show_codes: true,
            https,
            ..Settings::default()
        })
        .await;
        let answer = sign_in(&shop, PHONE).await;
        assert_eq!(header(&answer, "cache-control"), "no-store");
        let (value, rules) = cookie(&answer);
        let (name, token) = value.split_once('=').unwrap();
        assert_eq!((name, token.len()), ("session", 64));
        let secure = https.then_some("secure");
        let expected = ["httponly", "max-age=2592000", "path=/api", "samesite=lax"];
        let expected: Vec<_> = expected.into_iter().chain(secure).collect();
        assert_eq!(rules, expected, "https: {https}");
        // The token itself stands nowhere in the file.
        let kept: String = sqlx::query_scalar("SELECT hash FROM sessions")
            .fetch_one(&mut shop.file().await)
            .await
            .unwrap();
        assert_eq!(kept, secret::hash(token));
    }
}

#[tokio::test]
async fn a_member_is_known_until_signing_out() {
    let shop = OpenShop::demo().await;
    let (session, _) = cookie(&sign_in(&shop, PHONE).await);
    let me = |cookie: &str| shop.page_asks(Method::GET, "/api/v1/me", cookie);
    let answer = ok(me(&session)).await;
    assert_eq!(header(&answer, "cache-control"), "no-store");
    let member: Member = answer.json().await.unwrap();
    assert_eq!(member.phone, "138****8000");

    let leaving = |cookie: &str| shop.page_asks(Method::DELETE, "/api/v1/session", cookie);
    let answer = leaving(&session).send().await.unwrap();
    assert_eq!(answer.status(), 204);
    assert_eq!(header(&answer, "cache-control"), "no-store");
    let (gone, rules) = cookie(&answer);
    assert_eq!(gone, "session=");
    assert!(rules.contains(&"max-age=0".to_owned()), "{rules:?}");
    assert!(rules.contains(&"path=/api".to_owned()), "{rules:?}");
    // Whoever has kept the cookie has nothing.
    let answer = me(&session).send().await.unwrap();
    assert_eq!(problem(answer).await.kind, ProblemKind::NotSignedIn);
    // Twice is no mistake, nor without ever having signed in.
    for cookie in [session.as_str(), "", "session=nonsense"] {
        assert_eq!(leaving(cookie).send().await.unwrap().status(), 204);
    }
}

#[tokio::test]
async fn a_phone_that_signs_out_leaves_the_others_signed_in() {
    let shop = OpenShop::demo().await;
    let member = shop.member(PHONE).await;
    member.client.members().sign_out().await.unwrap();
    let kind = refused(member.client.members().me().await);
    assert_eq!(kind, ProblemKind::NotSignedIn);
    ok(shop.page_asks(Method::GET, "/api/v1/me", &member.cookie)).await;
}

#[tokio::test]
async fn a_session_ends_by_itself() {
    let shop = OpenShop::demo().await;
    let member = shop.member(PHONE).await;
    shop.change("UPDATE sessions SET expires_at = unixepoch() * 1000 - 1")
        .await;
    let kind = refused(member.client.members().me().await);
    assert_eq!(kind, ProblemKind::NotSignedIn);
}

#[tokio::test]
async fn a_cookie_that_nobody_was_given_is_none() {
    let shop = OpenShop::demo().await;
    let member = shop.member(PHONE).await;
    let order = member.orders(&[wanted("carrot-500g", 1)]).await;
    let before = shop.books().await;
    let mut forged = vec![
        String::new(),
        "session=".to_owned(),
        format!("session={}", "0".repeat(64)),
        format!("session={}", secret::token().unwrap()),
        format!("session={}", "é".repeat(32)),
        "session=' OR 1=1 --".to_owned(),
        member
            .cookie
            .to_ascii_uppercase()
            .replace("SESSION", "session"),
        format!("{}0", member.cookie),
        member.cookie.replace("session=", "desk="),
    ];
    // What stands in the file opens nothing.
    let kept: String = sqlx::query_scalar("SELECT hash FROM sessions LIMIT 1")
        .fetch_one(&mut shop.file().await)
        .await
        .unwrap();
    forged.push(format!("session={kept}"));
    for cookie in &forged {
        for (method, path) in [
            (Method::GET, "/api/v1/me"),
            (Method::GET, "/api/v1/me/cart"),
            (Method::PUT, "/api/v1/me/cart"),
            (Method::GET, "/api/v1/orders"),
            (Method::POST, "/api/v1/orders"),
            (Method::GET, &format!("/api/v1/orders/{}", order.id)),
            (Method::POST, &format!("/api/v1/orders/{}/cancel", order.id)),
        ] {
            let asking = shop.page_asks(method.clone(), path, cookie);
            let answer = asking.json(&json!({ "lines": [] })).send().await;
            let answer = answer.unwrap();
            assert_eq!(header(&answer, "cache-control"), "no-store", "{path}");
            let problem = problem(answer).await;
            assert_eq!(
                problem.kind,
                ProblemKind::NotSignedIn,
                "{method} {path} {cookie}"
            );
        }
    }
    assert_eq!(shop.books().await, before);
}

#[tokio::test]
async fn a_cart_is_the_same_on_every_phone() {
    let shop = OpenShop::demo().await;
    let member = shop.member(PHONE).await;
    let neighbour = shop.member("13900139000").await;
    let cart = async |of: &common::people::Member| now(of.client.members().cart().await.unwrap());
    assert_eq!(cart(&member).await, MemberCart::default());
    let first = MemberCart {
        lines: vec![
            WantedLine {
                seen: Some(Money::fen(390)),
                ..wanted("carrot-500g", 5)
            },
            // Not sold any more, perhaps; the page says so when it asks for prices.
            wanted("gone", 1),
        ],
        ..MemberCart::default()
    };
    member.client.members().keep_cart(&first).await.unwrap();
    assert_eq!(cart(&member).await, first);
    let path = "/api/v1/me/cart";
    let answer = ok(shop.page_asks(Method::GET, path, &member.cookie)).await;
    assert_eq!(header(&answer, "cache-control"), "no-store");
    assert_eq!(answer.json::<MemberCart>().await.unwrap(), first);
    assert_eq!(cart(&neighbour).await, MemberCart::default());
    // The whole cart takes the place of the old one; an empty one too.
    for lines in [vec![wanted("tomato-500g", 99)], vec![]] {
        let next = MemberCart {
            lines,
            ..MemberCart::default()
        };
        member.client.members().keep_cart(&next).await.unwrap();
        assert_eq!(cart(&member).await, next);
    }
}

#[tokio::test]
async fn another_member_s_order_is_not_there() {
    let shop = OpenShop::demo().await;
    let member = shop.member(PHONE).await;
    let order = member.orders(&[wanted("carrot-500g", 1)]).await;
    let neighbour = shop.member("13900139000").await;
    let orders = neighbour.client.orders();
    assert!(orders.order(&order.id).await.unwrap_err().is_not_found());
    assert!(orders.cancel(&order.id).await.unwrap_err().is_not_found());
    assert_eq!(now(orders.list(None, None).await.unwrap()).items, []);
    assert_eq!(shop.stock("carrot-500g").await, 109);
    let mine = now(member.client.orders().order(&order.id).await.unwrap());
    assert_eq!(mine, order);
    // In nothing different from an order that there never was.
    let mut problems = Vec::new();
    for id in [order.id.as_str(), "00000000000000000000"] {
        let path = format!("/api/v1/orders/{id}");
        let asking = shop.page_asks(Method::GET, &path, &neighbour.cookie);
        problems.push(problem(asking.send().await.unwrap()).await);
    }
    assert_eq!(problems[0], problems[1]);
}

#[tokio::test]
async fn only_the_shop_s_own_pages_change_anything() {
    let shop = OpenShop::demo().await;
    let member = shop.member(PHONE).await;
    let order = member.orders(&[wanted("carrot-500g", 1)]).await;
    let wish = member.wish(&[wanted("tomato-500g", 1)]).await;
    let before = shop.books().await;
    let cancel = format!("/api/v1/orders/{}/cancel", order.id);
    for (method, path) in [
        (Method::POST, "/api/v1/orders"),
        (Method::POST, &cancel),
        (Method::PUT, "/api/v1/me/cart"),
        (Method::POST, "/api/v1/carts/quote"),
        (Method::POST, "/api/v1/sign-in/codes"),
        (Method::POST, "/api/v1/sign-in"),
        (Method::DELETE, "/api/v1/session"),
        (Method::POST, "/api/v1/desk/devices"),
        (Method::POST, "/api/v1/desk/sign-in"),
        (Method::DELETE, "/api/v1/desk/session"),
        (Method::POST, "/api/v1/desk/orders/1/pack"),
        (Method::POST, "/api/v1/desk/hand-overs/preview"),
    ] {
        // All that a form or a link of another site can bring along: the member's cookie.
        let asking = shop
            .served
            .ask(method.clone(), path)
            .header("cookie", &member.cookie)
            .header(KEY_HEADER, "k");
        let answer = asking.json(&wish).send().await.unwrap();
        assert_eq!(header(&answer, "set-cookie"), "", "{method} {path}");
        let problem = problem(answer).await;
        assert_eq!(problem.kind, ProblemKind::UnsafeRequest, "{method} {path}");
    }
    assert_eq!(shop.books().await, before);
    // And no other site is ever told that it may send the header.
    let asking = shop
        .served
        .ask(Method::OPTIONS, "/api/v1/orders")
        .header("origin", "https://elsewhere.example")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", SAFE_HEADER);
    let answer = asking.send().await.unwrap();
    assert_eq!(header(&answer, "access-control-allow-origin"), "");
    assert_eq!(header(&answer, "access-control-allow-headers"), "");
}
