//! Where people come from, joining in one step, and purchases that are credited.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod common;

use client::Client;
use client::native::Native;
use common::people::{CLERK, OWNER, plain, refused, wanted};
use common::{OpenShop, now};
use domain::money::Money;
use domain::problem::ProblemKind;
use domain::source::{Credit, JoinRequest, Joined, PurchaseRequest};

async fn joins(client: &Client<Native>, phone: &str, claim: Option<&str>) -> Joined {
    let sent = client.members().send_code(phone).await.unwrap();
    let request = JoinRequest {
        phone: phone.to_owned(),
        code: sent.demo_code.unwrap(),
        from: "counter".into(),
        claim: claim.map(str::to_owned),
    };
    client.members().join(&request).await.unwrap()
}

fn paid(fen: i64) -> PurchaseRequest {
    PurchaseRequest {
        amount: Money::fen(fen),
    }
}

#[tokio::test]
async fn a_newcomer_is_credited_the_purchase_just_made() {
    let shop = OpenShop::demo().await;
    let desk = shop.desk(CLERK).await;
    let made = desk.desk().purchase(&paid(5_980), "k").await.unwrap();
    assert_eq!(desk.desk().purchase(&paid(5_980), "k").await.unwrap(), made);
    let credit = Credit {
        amount: Money::fen(5_980),
        points: 59,
    };
    assert_eq!((made.credit, made.claim.len()), (credit, 6));
    assert_eq!(
        made.path,
        format!("/join?from=counter&claim={}", made.claim)
    );
    assert_eq!(made.expires_at.ms - made.now.ms, 15 * 60_000);

    let client = shop.client("zh-CN");
    let joined = joins(&client, "13800138000", Some(&made.claim.to_lowercase())).await;
    assert!(joined.newcomer);
    assert_eq!((joined.credit, joined.claim_problem), (Some(credit), None));
    let points = now(client.members().points().await.unwrap());
    assert_eq!(points.entries[0].points, 59);
    assert_eq!(now(client.members().me().await.unwrap()), joined.member);
    // A copy of the request changes nothing, and nobody else gets it.
    assert_eq!(client.members().claim(&made.claim).await.unwrap(), credit);
    assert_eq!(now(client.members().points().await.unwrap()), points);
    let other = shop.client("zh-CN");
    let joined = joins(&other, "13800138001", Some(&made.claim)).await;
    assert!(joined.newcomer && joined.credit.is_none());
    assert_eq!(joined.claim_problem.unwrap().kind, ProblemKind::WrongCode);
    let late = desk.desk().purchase(&paid(100), "l").await.unwrap();
    shop.minutes_pass(15);
    assert_eq!(
        refused(other.members().claim(&late.claim).await),
        ProblemKind::ExpiredCode
    );
    for _ in 0..9 {
        assert_eq!(
            refused(other.members().claim("AAAAAA").await),
            ProblemKind::WrongCode
        );
    }
    let good = desk.desk().purchase(&paid(100), "m").await.unwrap();
    assert_eq!(
        refused(other.members().claim(&good.claim).await),
        ProblemKind::TooManyRequests
    );
    assert_eq!(client.members().claim(&good.claim).await.unwrap().points, 1);
    for wrong in [0, -1, 1_000_001] {
        let purchase = desk.desk().purchase(&paid(wrong), "n").await;
        assert_eq!(refused(purchase), ProblemKind::InvalidBody);
    }
    let theirs = other.desk().purchase(&paid(100), "o").await;
    assert_eq!(refused(theirs), ProblemKind::Forbidden);
    assert_eq!(
        refused(shop.client("en").members().claim("A").await),
        ProblemKind::NotSignedIn
    );
}

#[tokio::test]
async fn every_source_is_counted() {
    let shop = OpenShop::demo().await;
    let client = shop.client("zh-CN");
    for from in ["counter", "wecom", "wecom", "wecom"] {
        client.members().visit(from).await.unwrap();
    }
    for from in ["", "We Com", "二维码", &"a".repeat(33)] {
        assert_eq!(
            refused(client.members().visit(from).await),
            ProblemKind::InvalidBody
        );
    }
    joins(&client, "13800138000", None).await;
    let member = shop.member("13800138001").await;
    // Who was a member before does not join again.
    shop.change("DELETE FROM sent_codes").await;
    let again = joins(&client, "13800138001", None).await;
    assert!(!again.newcomer);
    shop.change("DELETE FROM sent_codes").await;
    joins(&client, "13800138000", None).await;
    let quoted = plain(&[wanted("avocado-2", 1)]);
    let quote = client.orders().quote(&quoted).await.unwrap();
    let mut wish = member.wish_for(&quoted).await;
    wish.quote = quote.id;
    client.orders().place(&wish, "k").await.unwrap();
    let owner = shop.desk(OWNER).await;
    let figures = now(owner.desk().sources().await.unwrap());
    let figures: Vec<_> = figures
        .iter()
        .map(|one| (one.source.as_str(), one.visits, one.joins, one.orders))
        .collect();
    assert_eq!(figures, [("wecom", 3, 0, 0), ("counter", 1, 1, 1)]);
    let clerk = shop.desk(CLERK).await;
    assert_eq!(
        refused(clerk.desk().sources().await),
        ProblemKind::Forbidden
    );
    assert_eq!(
        refused(member.client.desk().sources().await),
        ProblemKind::Forbidden
    );
    // Invented ones fill no disk.
    for number in 0..120 {
        client.members().visit(&format!("x{number}")).await.unwrap();
    }
    assert!(shop.number("SELECT count(*) FROM visits").await <= 101);
    assert_eq!(shop.number("SELECT sum(visits) FROM visits").await, 124);
    shop.change("UPDATE visits SET visits = 20000").await;
    assert_eq!(
        refused(client.members().visit("wecom").await),
        ProblemKind::TooManyRequests
    );
}
