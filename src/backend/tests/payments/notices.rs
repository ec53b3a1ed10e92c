//! The provider's notices: lost, repeated, out of order, forged.

use crate::common::problem;
use crate::{begun, clock, events, notice, read, send, shop_and_member, tell};
use backend::payment::notice::{SIGNATURE, sign};
use domain::money::Money;
use domain::order::{OrderEvent, OrderState};
use domain::payment::{Notice, PaymentEvent};
use domain::problem::ProblemKind;
use reqwest::Method;

#[tokio::test]
async fn a_lost_notice_is_asked_for() {
    let (shop, member) = shop_and_member().await;
    let (order, payment) = begun(&member).await;
    // As if the choice had been made and its notice lost.
    shop.change("UPDATE sandbox_payments SET state = 'paid'")
        .await;
    let found = read(&member, &order.id).await;
    assert_eq!(found.state, OrderState::Placed);
    assert_eq!(
        events(&found),
        [OrderEvent::PaymentStarted, OrderEvent::Paid]
    );
    // When the notice is found, it is nothing new.
    let late = notice(&order, &payment.id, PaymentEvent::Paid);
    assert_eq!(tell(&shop, &late).await.status(), 204);
    assert_eq!(read(&member, &order.id).await, found);
}

#[tokio::test]
async fn replayed_and_out_of_order() {
    let (shop, member) = shop_and_member().await;
    let (order, payment) = begun(&member).await;
    let paid = notice(&order, &payment.id, PaymentEvent::Paid);
    for _ in 0..3 {
        assert_eq!(tell(&shop, &paid).await.status(), 204);
    }
    let placed = read(&member, &order.id).await;
    assert_eq!(placed.state, OrderState::Placed);
    let books = shop.books().await;
    for state in [
        PaymentEvent::Processing,
        PaymentEvent::Declined,
        PaymentEvent::Closed,
        PaymentEvent::Opened,
        PaymentEvent::Paid,
        PaymentEvent::Unknown,
    ] {
        let late = notice(&order, &payment.id, state);
        assert_eq!(tell(&shop, &late).await.status(), 204, "{state:?}");
        assert_eq!(read(&member, &order.id).await, placed, "{state:?}");
    }
    let mut after = shop.books().await;
    for (what, count) in &mut after {
        if what == "notices" {
            *count -= 6;
        }
    }
    assert_eq!(after, books);
}

#[tokio::test]
async fn forged_old_and_wrong_notices_change_nothing() {
    let (shop, member) = shop_and_member().await;
    let (order, payment) = begun(&member).await;
    let books = shop.books().await;
    let key = shop.store.notice_secret().await.unwrap();
    let paid = notice(&order, &payment.id, PaymentEvent::Paid);
    for (secret, at) in [
        ("", clock()),
        ("guess", clock()),
        (&key[1..], clock()),
        (key.as_str(), clock() - 5 * 60_000 - 1_000),
        (key.as_str(), clock() + 5 * 60_000 + 1_000),
    ] {
        let problem = problem(send(&shop, &paid, secret, at).await).await;
        assert_eq!(
            (problem.kind, problem.status),
            (ProblemKind::BadSignature, 401)
        );
    }
    // Signed, and changed on the way.
    let body = serde_json::to_string(&paid).unwrap();
    let signature = sign(&key, body.as_bytes(), clock());
    let sent = |body: String, signature: Option<&str>| {
        let request = shop
            .served
            .ask(Method::POST, "/api/v1/payments/notices")
            .body(body);
        match signature {
            Some(signature) => request.header(SIGNATURE, signature),
            None => request,
        }
    };
    for (body, signature) in [
        (
            body.replace("\"sequence\":1", "\"sequence\":2"),
            Some(signature.as_str()),
        ),
        (body.clone(), None),
        (body.clone(), Some("t=1,v1=00")),
        ("{}".to_owned(), None),
    ] {
        let answer = sent(body, signature).send().await.unwrap();
        assert_eq!(problem(answer).await.kind, ProblemKind::BadSignature);
    }
    // Signed, and nonsense.
    let signature = sign(&key, b"{}", clock());
    let answer = sent("{}".to_owned(), Some(&signature))
        .send()
        .await
        .unwrap();
    assert_eq!(problem(answer).await.kind, ProblemKind::InvalidBody);
    // Signed, and about something else.
    let unknown = Notice {
        payment: "none".into(),
        ..paid.clone()
    };
    assert_eq!(
        problem(tell(&shop, &unknown).await).await.kind,
        ProblemKind::NotFound
    );
    let less = Notice {
        amount: Money::fen(1),
        ..paid.clone()
    };
    assert_eq!(
        problem(tell(&shop, &less).await).await.kind,
        ProblemKind::InvalidBody
    );
    let other = Notice {
        order: "none".into(),
        ..paid
    };
    assert_eq!(
        problem(tell(&shop, &other).await).await.kind,
        ProblemKind::InvalidBody
    );
    assert_eq!(shop.books().await, books);
    assert_eq!(
        read(&member, &order.id).await.state,
        OrderState::AwaitingPayment
    );
}
