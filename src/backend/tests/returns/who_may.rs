//! Who may not learns nothing: another member, nobody, a shopper at the desk, another site.

use crate::common::{now, problem};
use crate::{ask_with_picture, bought, read, scene, tomatoes, wish};
use domain::after_sale::ReturnState;
use domain::id::ReturnId;
use domain::problem::ProblemKind;
use reqwest::Method;

#[tokio::test]
async fn who_may_not_learns_nothing() {
    let (shop, member, desk) = scene().await;
    let other = shop.member("13900139000").await;
    let order = bought(&member, &desk, &tomatoes(2)).await;
    let theirs = bought(&other, &desk, &tomatoes(2)).await;
    let asked = ask_with_picture(&member, &order).await;
    let desk_picture = now(desk.after_sale().waiting().await.unwrap()).returns[0]
        .asked
        .picture
        .clone();
    let desk_picture = desk_picture.unwrap();
    assert_eq!(
        desk_picture,
        format!("/api/v1/desk/returns/{}/picture", asked.id)
    );

    // Another member: not found, as if there were none. Not even with an order of their own.
    let foreign = other.client.after_sale();
    let error = foreign
        .ask(&order.id, &wish(&[(1, 1)]), "k")
        .await
        .unwrap_err();
    assert!(error.is_not_found());
    for order in [&order.id, &theirs.id] {
        let error = foreign.withdraw(order, &asked.id).await.unwrap_err();
        assert!(error.is_not_found());
        let path = format!("/api/v1/orders/{order}/returns/{}/picture", asked.id);
        let answer = shop
            .page_asks(Method::GET, &path, &other.cookie)
            .send()
            .await
            .unwrap();
        assert_eq!(problem(answer).await.kind, ProblemKind::NotFound);
    }
    // Nobody, and a shopper at the desk.
    let steps = format!("/api/v1/desk/returns/{}/approve", asked.id);
    for (method, path) in [
        (Method::GET, "/api/v1/desk/returns"),
        (Method::GET, desk_picture.as_str()),
        (Method::POST, steps.as_str()),
    ] {
        for (cookie, kind) in [
            ("", ProblemKind::NotSignedIn),
            (member.cookie.as_str(), ProblemKind::Forbidden),
        ] {
            let asks = shop
                .page_asks(method.clone(), path, cookie)
                .body("nonsense");
            assert_eq!(
                problem(asks.send().await.unwrap()).await.kind,
                kind,
                "{path}"
            );
        }
    }
    let own = asked.picture.clone().unwrap();
    for path in [
        own.as_str(),
        &format!("/api/v1/orders/{}/returns", order.id),
    ] {
        let method = if path == own {
            Method::GET
        } else {
            Method::POST
        };
        let asks = shop.page_asks(method, path, "");
        assert_eq!(
            problem(asks.send().await.unwrap()).await.kind,
            ProblemKind::NotSignedIn
        );
    }
    // A write of another site.
    let forged = shop.served.ask(
        Method::POST,
        &format!("/api/v1/orders/{}/returns/{}/withdraw", order.id, asked.id),
    );
    let forged = forged
        .header("cookie", &member.cookie)
        .send()
        .await
        .unwrap();
    assert_eq!(problem(forged).await.kind, ProblemKind::UnsafeRequest);
    // No file of that folder has an address.
    let file = std::fs::read_dir(shop.folders.returns())
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    let name = file.file_name().into_string().unwrap();
    for path in [
        format!("/media/{name}"),
        format!("/returns/{name}"),
        format!("/media/../returns/{name}"),
    ] {
        let (status, answer) = shop.served.raw("GET", &path).await;
        assert!(status >= 400, "{path}: {answer}");
    }
    // What is not there is not there for the desk either.
    for (id, step) in [
        ("00000000000000000000", "approve"),
        ("a\0b", "approve"),
        (asked.id.as_str(), "withdraw"),
        (asked.id.as_str(), "picture"),
    ] {
        let error = desk
            .after_sale()
            .decide(&ReturnId::from(id), step, "")
            .await
            .unwrap_err();
        assert!(
            !matches!(&error, client::Error::Refused { problem, .. } if problem.status >= 500),
            "{id} {step}"
        );
    }
    assert_eq!(
        read(&member, &order.id).await.returns[0].state,
        ReturnState::Requested
    );
}
