//! What is refused: a price that has moved, nonsense, what cannot be had, what is not one's own.

use crate::common::people::{Member, refused, sets, wanted};
use crate::common::{OpenShop, now, problem};
use crate::{LIGHT, PHONE, TEN_OFF, bundles, coupon, drawn, kinds, light, points, uses_left};
use domain::order::OrderRequest;
use domain::points::EntryKind;
use domain::pricing::QuoteRequest;
use domain::problem::ProblemKind;
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn nothing_is_ordered_at_another_price_than_was_quoted() {
    for change in [
        "UPDATE bundles SET price = price + 1 WHERE id = 'light-meal'",
        // The set costs the same, but its parts' shares do not.
        "UPDATE variants SET price = price + 100 WHERE id = 'tricolour-quinoa-250g'",
        "UPDATE variants SET stock = 0 WHERE id = 'anyue-lemon-4'",
        "DELETE FROM bundles WHERE id = 'light-meal'",
        "UPDATE coupons SET uses_left = 0",
        "UPDATE coupons SET valid_until = valid_from + 1",
        "UPDATE coupon_kinds SET at_least = 20000 WHERE id = 'ten-off'",
        "INSERT INTO point_entries (member, kind, points, at) SELECT id, 'freeze', 1, 0 FROM members",
    ] {
        let shop = OpenShop::demo().await;
        let member = shop.member(PHONE).await;
        let wish = member.wish_for(&drawn(&member).await).await;
        shop.change(change).await;
        let before = shop.books().await;
        let key = backend::secret::id().unwrap();
        let kind = refused(member.client.orders().place(&wish, &key).await);
        assert_eq!(kind, ProblemKind::QuoteChanged, "{change}");
        assert_eq!(shop.books().await, before, "{change}");
    }
}

/// Sends a body that must be refused at these fields, as a quote, as an order, as a member's cart.
async fn refused_at(shop: &OpenShop, member: &Member, body: Value, fields: &[&str]) {
    let before = shop.books().await;
    let mut order = serde_json::to_value(member.wish(&[wanted("carrot-500g", 1)]).await).unwrap();
    for (name, value) in body.as_object().unwrap() {
        order[name] = value.clone();
    }
    for (method, path, body) in [
        (Method::POST, "/api/v1/carts/quote", &body),
        (Method::POST, "/api/v1/orders", &order),
        (Method::PUT, "/api/v1/me/cart", &body),
    ] {
        if method == Method::PUT && body.get("coupons").is_some() {
            continue;
        }
        let asking = shop.page_asks(method, path, &member.cookie).json(body);
        let answer = asking.header("idempotency-key", "a key").send().await;
        let problem = problem(answer.unwrap()).await;
        assert_eq!(problem.kind, ProblemKind::InvalidBody, "{path} {body}");
        let told: Vec<_> = problem.problems.iter().map(|one| &one.field).collect();
        assert_eq!(told, fields, "{path} {body}");
    }
    assert_eq!(shop.books().await, before);
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_at_its_field() {
    let shop = OpenShop::demo().await;
    let member = shop.member(PHONE).await;
    let set =
        |quantity: u32| json!({"bundle": "light-meal", "choice": LIGHT, "quantity": quantity});
    let quantity = "/bundles/0/quantity";
    for (bundles, fields) in [
        (json!([set(0)]), vec![quantity]),
        (json!([set(100)]), vec![quantity]),
        (json!([set(1), set(2)]), vec!["/bundles/1/choice"]),
        (json!([set(0), set(1)]), vec![quantity, "/bundles/1/choice"]),
        (json!(vec![set(1); 101]), vec!["/lines"]),
    ] {
        refused_at(
            &shop,
            &member,
            json!({"lines": [], "bundles": bundles}),
            &fields,
        )
        .await;
    }
    let carrot = json!([{"variant": "carrot-500g", "quantity": 1}]);
    let twice = json!({"lines": carrot, "coupons": ["one", "other", "one"]});
    refused_at(&shop, &member, twice, &["/coupons/2"]).await;
    let many = json!({"lines": carrot, "coupons": vec!["one"; 101]});
    refused_at(&shop, &member, many, &["/coupons"]).await;
}

#[tokio::test]
async fn nothing_is_ordered_that_cannot_be_had() {
    let shop = OpenShop::demo().await;
    let member = shop.member(PHONE).await;
    let neighbour = shop.member("13900139000").await;
    let fine = member.wish_for(&bundles(&[light(1)])).await;
    let too_many = sets("light-meal", &LIGHT, 10);
    for wanted in [
        sets("no-such-bundle", &LIGHT, 1),
        sets("light-meal", &LIGHT[..2], 1),
        sets("light-meal", &[], 1),
        sets("light-meal", &["", "\0", "💥"], 1),
        sets("light-meal", &["tomato-500g", LIGHT[1], LIGHT[2]], 1),
        too_many,
    ] {
        let before = shop.books().await;
        let wish = member
            .wish_for(&bundles(std::slice::from_ref(&wanted)))
            .await;
        for wish in [
            wish,
            OrderRequest {
                bundles: vec![wanted.clone()],
                ..fine.clone()
            },
        ] {
            let key = backend::secret::id().unwrap();
            let kind = refused(member.client.orders().place(&wish, &key).await);
            assert_eq!(kind, ProblemKind::QuoteChanged, "{wanted:?}");
        }
        assert_eq!(shop.books().await, before);
    }
    // Somebody else's coupon, and one that is none.
    for id in [coupon(&neighbour, TEN_OFF).await, "none".into()] {
        let cart = QuoteRequest {
            coupons: Some(vec![coupon(&member, TEN_OFF).await, id]),
            ..bundles(&[light(2)])
        };
        let wish = member.wish_for(&cart).await;
        let before = shop.books().await;
        let answer = shop
            .placing(&member.cookie, &backend::secret::id().unwrap(), &wish)
            .send()
            .await;
        let problem = problem(answer.unwrap()).await;
        assert_eq!(problem.kind, ProblemKind::InvalidBody);
        assert_eq!(problem.problems[0].field, "/coupons/1");
        assert_eq!(shop.books().await, before);
    }
    assert_eq!(uses_left(&neighbour).await, 1);
}

#[tokio::test]
async fn coupons_and_points_are_a_member_s_own() {
    let shop = OpenShop::demo().await;
    let nobody = shop.client("zh-CN");
    let coupons = refused(nobody.members().coupons().await);
    let points_of_nobody = refused(nobody.members().points().await);
    assert_eq!(coupons, ProblemKind::NotSignedIn);
    assert_eq!(points_of_nobody, ProblemKind::NotSignedIn);
    let member = shop.member(PHONE).await;
    let given = points(&member).await;
    assert_eq!(kinds(&given), [(EntryKind::Earn, 320)]);
    let held = now(member.client.members().coupons().await.unwrap());
    assert_eq!(held.len(), 6);
    assert!(held.iter().all(|coupon| coupon.left > 0));
    // Who comes again is given nothing more. (Another code is sent only after a minute.)
    shop.change("DELETE FROM sent_codes").await;
    let again = shop.member(PHONE).await;
    assert_eq!(now(again.client.members().coupons().await.unwrap()), held);
    assert_eq!(points(&again).await, given);
    // A shop that says nothing gives nothing.
    let empty = OpenShop::empty().await;
    let member = empty.member(PHONE).await;
    let held = member.client.members().coupons().await.unwrap();
    assert_eq!(now(held), []);
    assert_eq!(points(&member).await.entries, []);
}
