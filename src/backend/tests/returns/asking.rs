//! Asking: in its time, once, and for what makes sense.

use crate::common::people::refused;
use crate::common::{header, problem};
use crate::{JPEG, approve, asking, bought, pictures, read, scene, tomatoes, wish, with_picture};
use domain::after_sale::{Return, ReturnReason, ReturnRequest};
use domain::problem::ProblemKind;
use reqwest::{Method, StatusCode};

#[tokio::test]
async fn asking_has_its_time() {
    let (shop, member, desk) = scene().await;
    let asking = member.client.after_sale();
    let open = member.buys(&tomatoes(1)).await;
    let early = asking.ask(&open.id, &wish(&[(1, 1)]), "early").await;
    assert_eq!(refused(early), ProblemKind::NotNow);
    member.client.orders().cancel(&open.id).await.unwrap();
    let off = asking.ask(&open.id, &wish(&[(1, 1)]), "off").await;
    assert_eq!(refused(off), ProblemKind::NotNow);
    let order = bought(&member, &desk, &tomatoes(1)).await;
    shop.change("UPDATE order_changes SET at = at - 7 * 86400000")
        .await;
    assert_eq!(read(&member, &order.id).await.returnable_until, None);
    let late = asking.ask(&order.id, &wish(&[(1, 1)]), "late").await;
    assert_eq!(refused(late), ProblemKind::NotNow);
    shop.change("UPDATE order_changes SET at = at + 60000")
        .await;
    asking
        .ask(&order.id, &wish(&[(1, 1)]), "just in time")
        .await
        .unwrap();
}

#[tokio::test]
async fn one_intent_is_one_return() {
    let (shop, member, desk) = scene().await;
    let order = bought(&member, &desk, &tomatoes(2)).await;
    let request = with_picture(JPEG);
    let send = |key: &'static str, request: ReturnRequest| {
        asking(&shop, &member.cookie, &order, key)
            .json(&request)
            .send()
    };
    let first = send("tap", request.clone()).await.unwrap();
    assert_eq!(first.status(), StatusCode::CREATED);
    assert_eq!(header(&first, "idempotent-replayed"), "");
    let first: Return = first.json().await.unwrap();
    let again = send("tap", request.clone()).await.unwrap();
    assert_eq!(again.status(), StatusCode::CREATED);
    assert_eq!(header(&again, "idempotent-replayed"), "true");
    assert_eq!(again.json::<Return>().await.unwrap(), first);
    assert_eq!(pictures(&shop), 1, "the copy is thrown away");
    let other = send("tap", wish(&[(1, 2)])).await.unwrap();
    assert_eq!(problem(other).await.kind, ProblemKind::KeyReused);
    // The same words about another order are another intent.
    let second = bought(&member, &desk, &tomatoes(2)).await;
    let elsewhere = asking(&shop, &member.cookie, &second, "tap").json(&request);
    let elsewhere = problem(elsewhere.send().await.unwrap()).await;
    assert_eq!(elsewhere.kind, ProblemKind::KeyReused);
    // What was refused stays refused under its key, also when it could be done now.
    let waits = send("too early", wish(&[(1, 1)])).await.unwrap();
    assert_eq!(problem(waits).await.kind, ProblemKind::NotNow);
    approve(&desk, &first).await;
    let still = send("too early", wish(&[(1, 1)])).await.unwrap();
    assert_eq!(header(&still, "idempotent-replayed"), "true");
    assert_eq!(problem(still).await.kind, ProblemKind::NotNow);
    let late = send("tap", request).await.unwrap();
    assert_eq!(
        late.json::<Return>().await.unwrap(),
        first,
        "as it was answered then"
    );
    assert_eq!(shop.number("SELECT count(*) FROM returns").await, 1);
    assert_eq!(pictures(&shop), 1);
}

#[tokio::test]
async fn many_taps_at_once_make_one_return() {
    let (shop, member, desk) = scene().await;
    let order = bought(&member, &desk, &tomatoes(2)).await;
    let sent: Vec<_> = (0..12)
        .map(|tap| {
            // Six of one intent, and one each of six others.
            let key = format!("tap-{}", tap.max(5));
            let sending = asking(&shop, &member.cookie, &order, &key).json(&with_picture(JPEG));
            tokio::spawn(sending.send())
        })
        .collect();
    let mut made = 0;
    for sent in sent {
        match sent.await.unwrap().unwrap().status() {
            StatusCode::CREATED => made += 1,
            status => assert_eq!(status, StatusCode::CONFLICT),
        }
    }
    assert!(
        made == 1 || made == 6,
        "{made}: those of one intent, whichever came first"
    );
    assert_eq!(shop.number("SELECT count(*) FROM returns").await, 1);
    assert_eq!(pictures(&shop), 1);
}

#[tokio::test]
async fn what_makes_no_sense_is_named() {
    let (shop, member, desk) = scene().await;
    let order = bought(&member, &desk, &tomatoes(2)).await;
    let before = shop.number("SELECT count(*) FROM returns").await;
    let cases = [
        (wish(&[]), "/lines"),
        (wish(&[(2, 1)]), "/lines/0/line"),
        (wish(&[(0, 1)]), "/lines/0/line"),
        (wish(&[(1, 1), (1, 1)]), "/lines/1/line"),
        (wish(&[(1, 0)]), "/lines/0/quantity"),
        (wish(&[(1, 3)]), "/lines/0/quantity"),
        (
            ReturnRequest {
                note: "长".repeat(201),
                ..wish(&[(1, 1)])
            },
            "/note",
        ),
        (
            ReturnRequest {
                note: "a\0b".into(),
                ..wish(&[(1, 1)])
            },
            "/note",
        ),
        (
            ReturnRequest {
                reason: ReturnReason::Unknown,
                ..wish(&[(1, 1)])
            },
            "/reason",
        ),
        (
            ReturnRequest {
                picture: Some("not base64!".into()),
                ..wish(&[(1, 1)])
            },
            "/picture",
        ),
        (
            ReturnRequest {
                picture: Some(String::new()),
                ..wish(&[(1, 1)])
            },
            "/picture",
        ),
        (
            with_picture(b"<!doctype html><script>alert(1)</script>"),
            "/picture",
        ),
        (
            with_picture(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
            "/picture",
        ),
        (with_picture(b"GIF89a"), "/picture"),
    ];
    for (at, (request, field)) in cases.into_iter().enumerate() {
        let sent = asking(&shop, &member.cookie, &order, &format!("k{at}")).json(&request);
        let told = problem(sent.send().await.unwrap()).await;
        assert_eq!(told.kind, ProblemKind::InvalidBody, "{field}");
        let fields: Vec<_> = told.problems.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, [field]);
    }
    let path = format!("/api/v1/orders/{}/returns", order.id);
    let nameless = shop
        .page_asks(Method::POST, &path, &member.cookie)
        .json(&wish(&[(1, 1)]));
    assert_eq!(
        problem(nameless.send().await.unwrap()).await.kind,
        ProblemKind::KeyMissing
    );
    assert_eq!(shop.number("SELECT count(*) FROM returns").await, before);
    assert_eq!(pictures(&shop), 0);
}
