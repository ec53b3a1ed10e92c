//! The picture: its size, what it is served as, who is shown it, and that none is left behind.

use crate::common::people::CLERK;
use crate::common::{OpenShop, header, now, problem};
use crate::{JPEG, ask_with_picture, asking, bought, pictures, scene, tomatoes, with_picture};
use domain::id::OrderId;
use domain::order::OrderTab;
use domain::problem::ProblemKind;
use reqwest::{Method, StatusCode};

#[tokio::test]
async fn a_picture_has_its_size() {
    let (shop, member, desk) = scene().await;
    let order = bought(&member, &desk, &tomatoes(2)).await;
    let large = |size: usize| {
        let mut bytes = JPEG.to_vec();
        bytes.resize(size, b'x');
        with_picture(&bytes)
    };
    for (size, key) in [
        (700_001, "a little"),
        (890_000, "more"),
        (1_000_000, "much"),
    ] {
        let sent = asking(&shop, &member.cookie, &order, key).json(&large(size));
        let told = problem(sent.send().await.unwrap()).await;
        assert_eq!(told.kind, ProblemKind::BodyTooLarge, "{size}");
    }
    assert_eq!(pictures(&shop), 0);
    let sent = asking(&shop, &member.cookie, &order, "fits").json(&large(700_000));
    assert_eq!(sent.send().await.unwrap().status(), StatusCode::CREATED);
    // Everywhere else a body is as small as ever.
    let cart = shop
        .page_asks(Method::POST, "/api/v1/carts/quote", &member.cookie)
        .header("content-type", "application/json")
        .body(" ".repeat(100_000));
    assert_eq!(
        problem(cart.send().await.unwrap()).await.kind,
        ProblemKind::BodyTooLarge
    );
}

#[tokio::test]
async fn a_picture_is_nothing_but_a_picture() {
    let (shop, member, desk) = scene().await;
    let order = bought(&member, &desk, &tomatoes(2)).await;
    let asking = member.client.after_sale();
    let mut html = b"\x89PNG\r\n\x1A\n".to_vec();
    html.extend(b"<html><script>alert(1)</script></html>");
    let asked = asking
        .ask(&order.id, &with_picture(&html), "k")
        .await
        .unwrap();
    let url = asked.picture.clone().unwrap();
    assert_eq!(
        url,
        format!("/api/v1/orders/{}/returns/{}/picture", order.id, asked.id)
    );

    let shown = shop
        .page_asks(Method::GET, &url, &member.cookie)
        .send()
        .await
        .unwrap();
    assert_eq!(shown.status(), StatusCode::OK);
    for (name, value) in [
        ("content-type", "image/png"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
        ("content-security-policy", "default-src 'none'; sandbox"),
    ] {
        assert_eq!(header(&shown, name), value, "{name}");
    }
    assert_eq!(
        shown.bytes().await.unwrap(),
        html,
        "the very bytes, as nothing but a picture"
    );
}

#[tokio::test]
async fn the_desk_sees_the_picture_and_both_tabs_the_order() {
    let (shop, member, desk) = scene().await;
    let order = bought(&member, &desk, &tomatoes(2)).await;
    let plain = bought(&member, &desk, &tomatoes(1)).await;
    let asked = ask_with_picture(&member, &order).await;
    let tab = async |tab| -> Vec<OrderId> {
        let page = now(member.client.orders().list(Some(tab), None).await.unwrap());
        page.items.into_iter().map(|order| order.id).collect()
    };
    assert_eq!(
        tab(OrderTab::AfterSale).await,
        std::slice::from_ref(&order.id)
    );
    assert_eq!(tab(OrderTab::Done).await, [plain.id, order.id.clone()]);
    // The tablet's cookies are the client's; a picture is no JSON, and that is how it is told here.
    let error = desk
        .after_sale()
        .decide(&asked.id, "nothing", "")
        .await
        .unwrap_err();
    assert!(error.is_not_found());
    let at_desk = now(desk.desk().orders().await.unwrap()).orders;
    let there = at_desk.iter().find(|there| there.id == order.id).unwrap();
    let url = there.returns[0].picture.clone().unwrap();
    assert_eq!(url, format!("/api/v1/desk/returns/{}/picture", asked.id));
    let cookie = desk_cookie(&shop).await;
    let shown = shop
        .page_asks(Method::GET, &url, &cookie)
        .send()
        .await
        .unwrap();
    assert_eq!(shown.status(), StatusCode::OK);
    assert_eq!(header(&shown, "content-type"), "image/jpeg");
    assert_eq!(shown.bytes().await.unwrap(), JPEG);
    for id in ["00000000000000000000", "a%00b", "..%2f..%2fshop.sqlite"] {
        let path = format!("/api/v1/desk/returns/{id}/picture");
        let gone = shop
            .page_asks(Method::GET, &path, &cookie)
            .send()
            .await
            .unwrap();
        assert_eq!(problem(gone).await.kind, ProblemKind::NotFound, "{id}");
    }
}

/// The cookies of a tablet at which the clerk is signed in, for requests written by hand.
async fn desk_cookie(shop: &OpenShop) -> String {
    let set = |answer: &reqwest::Response| {
        let cookie = header(answer, "set-cookie");
        cookie.split(';').next().unwrap().to_owned()
    };
    let code = shop.tablet_code(60_000).await;
    let body = serde_json::json!({"code": code, "name": "平板"});
    let device = shop
        .page_asks(Method::POST, "/api/v1/desk/devices", "")
        .json(&body);
    let device = set(&device.send().await.unwrap());
    let body = serde_json::json!({"pin": CLERK});
    let desk = shop
        .page_asks(Method::POST, "/api/v1/desk/sign-in", &device)
        .json(&body);
    let desk = set(&desk.send().await.unwrap());
    format!("{device}; {desk}")
}

#[tokio::test]
async fn what_broke_off_leaves_no_picture_behind() {
    let (shop, member, desk) = scene().await;
    let order = bought(&member, &desk, &tomatoes(2)).await;
    let asked = ask_with_picture(&member, &order).await;
    let stray = format!("{}.jpg", backend::secret::token().unwrap());
    std::fs::write(shop.folders.returns().join(&stray), JPEG).unwrap();
    assert_eq!(pictures(&shop), 2);
    let cookie = member.cookie.clone();
    let shop = OpenShop::again(shop.close().await).await;
    assert_eq!(pictures(&shop), 1);
    let shown = shop
        .page_asks(Method::GET, &asked.picture.unwrap(), &cookie)
        .send()
        .await
        .unwrap();
    assert_eq!(shown.status(), StatusCode::OK);
}
