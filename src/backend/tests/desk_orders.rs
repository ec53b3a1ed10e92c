//! What the desk does with orders: packed, put ready, handed over to whoever has the code.

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
use common::people::{CLERK, HOST, Member, OWNER, refused, wanted};
use common::{OpenShop, now};
use domain::order::{Actor, Order, OrderState};
use domain::problem::ProblemKind;

/// A shop, somebody who buys, and the clerk at the desk.
async fn scene() -> (OpenShop, Member, Client<Native>) {
    let shop = OpenShop::demo().await;
    let member = shop.member("13800138000").await;
    let desk = shop.desk(CLERK).await;
    (shop, member, desk)
}

async fn read(member: &Member, order: &Order) -> Order {
    now(member.client.orders().order(&order.id).await.unwrap())
}

#[tokio::test]
async fn an_order_goes_its_way() {
    let (shop, member, clerk) = scene().await;
    let order = member.orders(&[wanted("tomato-500g", 2)]).await;
    let desk = clerk.desk();
    let listed = now(desk.orders().await.unwrap()).orders;
    // The desk sees everything but what opens the bag.
    let told = Order {
        code: None,
        ..order.clone()
    };
    assert_eq!(listed, [told]);

    for (step, state) in [
        ("pack", OrderState::Packed),
        ("ready", OrderState::Ready),
        ("hand-over", OrderState::HandedOver),
    ] {
        let there = desk.step(&order.id, step).await.unwrap();
        assert_eq!((there.state, there.code.as_ref()), (state, None), "{step}");
        let seen = read(&member, &order).await;
        assert_eq!(seen.history, there.history);
        // The member has the same code as long as the bag can be fetched.
        let code = order.code.clone().filter(|_| !state.is_final());
        assert_eq!((seen.state, seen.code), (state, code), "{step}");
        // A step twice changes nothing.
        let changes = "SELECT count(*) FROM order_changes";
        let before = shop.number(changes).await;
        assert_eq!(desk.step(&order.id, step).await.unwrap(), there, "{step}");
        assert_eq!(shop.number(changes).await, before, "{step}");
    }
    // What was finished today is still seen, and the goods are gone.
    let listed = now(desk.orders().await.unwrap()).orders;
    assert_eq!(listed.len(), 1);
    assert_eq!(shop.stock("tomato-500g").await, 66);
}

#[tokio::test]
async fn who_did_what_is_written_down() {
    let (shop, member, clerk) = scene().await;
    let owner = shop.desk(OWNER).await;
    let host = shop.desk(HOST).await;
    let order = member.orders(&[wanted("tomato-500g", 2)]).await;
    clerk.desk().step(&order.id, "pack").await.unwrap();
    owner.desk().step(&order.id, "ready").await.unwrap();
    // Somebody else takes the same step: it stays with whoever took it.
    clerk.desk().step(&order.id, "ready").await.unwrap();
    let done = host.desk().step(&order.id, "hand-over").await.unwrap();
    let kept: Vec<(String, String, Option<String>, i64)> =
        sqlx::query_as("SELECT state, actor, staff, at FROM order_changes ORDER BY position")
            .fetch_all(&mut shop.file().await)
            .await
            .unwrap();
    let kept_by: Vec<_> = kept
        .iter()
        .map(|(state, actor, staff, _)| (state.as_str(), actor.as_str(), staff.as_deref()))
        .collect();
    assert_eq!(
        kept_by,
        [
            ("placed", "shopper", None),
            ("packed", "staff", Some("clerk")),
            ("ready", "staff", Some("owner")),
            ("handed_over", "staff", Some("host")),
        ]
    );
    assert!(kept.is_sorted_by_key(|change| change.3));
    // A member is told that it was the shop, not who.
    let by: Vec<_> = done.history.iter().map(|change| change.by).collect();
    assert_eq!(
        by,
        [Actor::Shopper, Actor::Staff, Actor::Staff, Actor::Staff]
    );
    let changed: i64 = shop.number("SELECT changed_at FROM orders").await;
    assert_eq!(kept.last().unwrap().3, changed);
}

#[tokio::test]
async fn a_step_has_its_time() {
    let (shop, member, clerk) = scene().await;
    let desk = clerk.desk();
    // From where, and what must not be done there.
    for (way, refused_steps) in [
        (vec![], vec!["ready", "hand-over"]),
        (vec!["pack", "ready"], vec!["pack"]),
        (vec!["pack", "hand-over"], vec!["pack", "ready", "cancel"]),
        (vec!["cancel"], vec!["pack", "ready", "hand-over"]),
    ] {
        let order = member.orders(&[wanted("tomato-500g", 1)]).await;
        for step in &way {
            desk.step(&order.id, step).await.unwrap();
        }
        let before = (shop.books().await, read(&member, &order).await);
        for step in refused_steps {
            let kind = refused(desk.step(&order.id, step).await);
            assert_eq!(kind, ProblemKind::NotNow, "{way:?}, then {step}");
        }
        let after = (shop.books().await, read(&member, &order).await);
        assert_eq!(after, before, "{way:?}");
    }
}

#[tokio::test]
async fn the_shop_calls_off_until_the_bag_is_handed_over() {
    let (shop, member, clerk) = scene().await;
    for way in [vec![], vec!["pack"], vec!["pack", "ready"]] {
        let order = member.orders(&[wanted("tomato-500g", 2)]).await;
        for step in &way {
            clerk.desk().step(&order.id, step).await.unwrap();
        }
        let off = clerk.desk().step(&order.id, "cancel").await.unwrap();
        assert_eq!(off.state, OrderState::Cancelled);
        assert_eq!(off.history.last().unwrap().by, Actor::Staff);
        clerk.desk().step(&order.id, "cancel").await.unwrap();
        assert_eq!(shop.stock("tomato-500g").await, 68, "{way:?}");
        assert_eq!(read(&member, &order).await.code, None);
    }
}

#[tokio::test]
async fn what_is_not_there_takes_no_step() {
    let (_shop, member, clerk) = scene().await;
    let order = member.orders(&[wanted("tomato-500g", 1)]).await;
    for (id, step) in [
        ("00000000000000000000", "pack"),
        ("", "pack"),
        ("a\0b", "pack"),
        (order.id.as_str(), "pay"),
        (order.id.as_str(), "PACK"),
        (order.id.as_str(), "hand_over"),
    ] {
        let error = clerk.desk().step(&id.into(), step).await.unwrap_err();
        assert!(error.is_not_found(), "{id:?} {step}: {error}");
    }
    assert_eq!(read(&member, &order).await, order);
}

#[tokio::test]
async fn a_code_opens_one_bag() {
    let (shop, member, clerk) = scene().await;
    let desk = clerk.desk();
    let order = member.orders(&[wanted("tomato-500g", 1)]).await;
    let other = member.orders(&[wanted("carrot-500g", 1)]).await;
    let code = order.code.clone().unwrap();
    desk.step(&order.id, "pack").await.unwrap();
    let there = desk.step(&order.id, "ready").await.unwrap();

    let before = shop.books().await;
    let said = format!(" {} {} ", &code.digits[..3], &code.digits[3..]);
    for shown in [&code.digits, &said, &code.qr] {
        let seen = desk.preview(shown).await.unwrap();
        assert_eq!(seen, there, "{shown}");
    }
    assert_eq!(shop.books().await, before, "looking hands nothing over");
    let theirs = desk.preview(&other.code.clone().unwrap().qr).await;
    assert_eq!(theirs.unwrap().id, other.id);

    let mixed = format!(
        "{}.{}",
        code.qr.split_once('.').unwrap().0,
        other.code.clone().unwrap().qr.split_once('.').unwrap().1
    );
    let number: u32 = code.digits.parse().unwrap();
    let mut wrong = format!("{:06}", (number + 1) % 1_000_000);
    if wrong == other.code.clone().unwrap().digits {
        wrong = format!("{:06}", (number + 2) % 1_000_000);
    }
    for shown in [
        "",
        &wrong,
        &code.digits[..5],
        &mixed,
        order.id.as_str(),
        &order.number,
        "linli:pickup:",
        "linli:pickup:.",
        "%",
        "' OR 1=1 --",
        "\0",
    ] {
        let kind = refused(desk.preview(shown).await);
        assert_eq!(kind, ProblemKind::WrongCode, "{shown:?}");
    }
}

#[tokio::test]
async fn a_code_that_was_used_opens_nothing() {
    let (_shop, member, clerk) = scene().await;
    let desk = clerk.desk();
    for steps in [vec!["pack", "hand-over"], vec!["cancel"]] {
        let order = member.orders(&[wanted("tomato-500g", 1)]).await;
        let code = order.code.unwrap();
        for step in &steps {
            desk.preview(&code.qr).await.unwrap();
            desk.step(&order.id, step).await.unwrap();
        }
        for shown in [&code.digits, &code.qr] {
            let kind = refused(desk.preview(shown).await);
            assert_eq!(kind, ProblemKind::WrongCode, "{steps:?} {shown}");
        }
    }
}

#[tokio::test]
async fn the_desk_lists_by_time_what_is_open_and_what_was_finished_today() {
    let (shop, member, clerk) = scene().await;
    let times = now(member.client.orders().pickup_times().await.unwrap()).times;
    let mut placed = Vec::new();
    for time in times.iter().rev().take(3) {
        let wish = domain::order::OrderRequest {
            pickup_from: time.from,
            ..member.wish(&[wanted("tomato-500g", 1)]).await
        };
        let key = format!("key {}", time.from.ms);
        placed.push(member.client.orders().place(&wish, &key).await.unwrap());
    }
    let ids = async || -> Vec<_> {
        let orders = now(clerk.desk().orders().await.unwrap()).orders;
        orders.into_iter().map(|order| order.id).collect()
    };
    let [late, later, early] = [2, 1, 0].map(|at| placed[at].id.clone());
    assert_eq!(ids().await, [late.clone(), later.clone(), early.clone()]);
    // Called off today: still there. Two days ago: not.
    clerk.desk().step(&later, "cancel").await.unwrap();
    assert_eq!(ids().await, [late.clone(), later, early.clone()]);
    shop.change("UPDATE orders SET changed_at = changed_at - 172800000")
        .await;
    assert_eq!(
        ids().await,
        [late, early],
        "what is open is never forgotten"
    );
}
