//! The provider for trying things out: its page, and that a shop that is no demo has none.

use crate::common::{OpenShop, header, now, ok, problem};
use crate::{CARROT, begun, clock, notice, read, send, shop_and_member};
use backend::{Settings, secret};
use domain::contract::Capability;
use domain::order::Order;
use domain::payment::{PaymentEvent, PaymentState};
use domain::problem::ProblemKind;
use reqwest::Method;

#[tokio::test]
async fn the_page_of_the_sandbox() {
    let (shop, member) = shop_and_member().await;
    let (order, payment) = begun(&member).await;
    let answer = ok(shop.served.get(&payment.url)).await;
    let policy = header(&answer, "content-security-policy");
    for part in [
        "default-src 'none'",
        "style-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert_eq!(header(&answer, "cache-control"), "no-store");
    assert_eq!(header(&answer, "referrer-policy"), "same-origin");
    assert!(header(&answer, "content-type").starts_with("text/html"));
    let page = answer.text().await.unwrap();
    for text in [
        "沙盒支付 · 不会扣钱",
        "邻里优选",
        &order.total.to_string(),
        "付款成功",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(!page.contains("<script") && !page.contains("style="));
    let english = shop
        .served
        .get(&payment.url)
        .header("accept-language", "en");
    let english = ok(english).await.text().await.unwrap();
    assert!(english.contains("no money is taken") && english.contains("lang=\"en\""));
    let sheet = ok(shop.served.get("/pay/sandbox.css")).await;
    assert_eq!(header(&sheet, "content-type"), "text/css; charset=utf-8");
    // Nobody else's form pays, and nonsense does nothing.
    let form = |choice: &str, name: &str, value: &str| {
        shop.served
            .ask(Method::POST, &payment.url)
            .header(name, value)
            .body(format!("choice={choice}"))
            .send()
    };
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("accept", "*/*"),
    ] {
        let problem = problem(form("paid", name, value).await.unwrap()).await;
        assert_eq!(problem.kind, ProblemKind::UnsafeRequest, "{value}");
    }
    let own = shop.served.at("");
    let problem_of = |answer| async { problem(answer).await.kind };
    assert_eq!(
        problem_of(form("free", "origin", &own).await.unwrap()).await,
        ProblemKind::InvalidBody
    );
    let nobody = shop.served.get("/pay/sandbox/none").send().await.unwrap();
    assert_eq!(problem_of(nobody).await, ProblemKind::NotFound);
    assert_eq!(
        read(&member, &order.id).await.payment_state,
        Some(PaymentState::Open)
    );
    let paid = form("paid", "origin", &own).await.unwrap();
    assert_eq!(paid.status(), 303);
}

#[tokio::test]
async fn a_shop_that_is_no_demo_takes_no_payment() {
    let shop = OpenShop::started(Settings::default()).await;
    let about = now(shop.client("zh-CN").about().await.unwrap());
    assert!(!about.capabilities.contains(&Capability::Payment));
    for path in ["/pay/sandbox/x", "/pay/sandbox.css"] {
        assert_eq!(shop.served.get(path).send().await.unwrap().status(), 404);
    }
    let order = Order {
        ..serde_json::from_str(include_str!(
            "../../../client/tests/golden/order_online.json"
        ))
        .unwrap()
    };
    let nobody = notice(&order, &"p".into(), PaymentEvent::Paid);
    for secret in ["", "guess"] {
        let problem = problem(send(&shop, &nobody, secret, clock()).await).await;
        assert_eq!(problem.kind, ProblemKind::BadSignature);
    }
    shop.change("INSERT INTO members VALUES ('m', '13800138000', '', 0)")
        .await;
    let token = secret::token().unwrap();
    sqlx::query("INSERT INTO sessions (hash, member, expires_at) VALUES (?, 'm', 9000000000000)")
        .bind(secret::hash(&token))
        .execute(&mut shop.file().await)
        .await
        .unwrap();
    let wish = serde_json::json!({
        "lines": [{"variant": CARROT, "quantity": 1}], "quote": "q", "contact": {},
        "pickup_from": "2026-11-23T10:00:00+08:00", "payment": "online",
    });
    let wish = serde_json::from_value(wish).unwrap();
    let answer = shop
        .placing(&format!("session={token}"), "k", &wish)
        .send()
        .await
        .unwrap();
    let problem = problem(answer).await;
    assert_eq!(problem.kind, ProblemKind::InvalidBody);
    assert_eq!(problem.problems[0].field, "/payment");
}
