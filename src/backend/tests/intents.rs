//! One intent, one order: the same key and request answer the first order again.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod common;

use common::people::{Member, wanted};
use common::{OpenShop, header, problem};
use domain::order::{Order, OrderRequest};
use domain::problem::ProblemKind;

async fn shop_and_member() -> (OpenShop, Member) {
    let shop = OpenShop::demo().await;
    let member = shop.member("13800138000").await;
    (shop, member)
}

#[tokio::test]
async fn the_same_key_and_request_answer_the_same_order() {
    let (shop, member) = shop_and_member().await;
    let wish = member.wish(&[wanted("carrot-500g", 2)]).await;
    let first = shop.placing(&member.cookie, "k", &wish).send().await;
    let first = first.unwrap();
    assert_eq!(first.status(), 201);
    assert_eq!(header(&first, "idempotent-replayed"), "");
    let first = first.text().await.unwrap();
    let books = shop.books().await;
    // Whatever has happened since then: the goods cost more, and are gone.
    for change in [
        "SELECT 1",
        "UPDATE variants SET price = 9900 WHERE id = 'carrot-500g'",
        "UPDATE orders SET state = 'packed'",
        "DELETE FROM hours",
    ] {
        shop.change(change).await;
        let again = shop.placing(&member.cookie, "k", &wish);
        let again = again.header("accept-language", "en").send().await.unwrap();
        assert_eq!(again.status(), 201, "{change}");
        assert_eq!(header(&again, "content-type"), "application/json");
        assert_eq!(header(&again, "cache-control"), "no-store");
        assert_eq!(header(&again, "idempotent-replayed"), "true", "{change}");
        assert_eq!(again.text().await.unwrap(), first, "{change}");
        assert_eq!(shop.books().await, books, "{change}");
    }
}

#[tokio::test]
async fn the_same_request_may_be_written_in_another_way() {
    let (shop, member) = shop_and_member().await;
    let wish = member.wish(&[wanted("carrot-500g", 2)]).await;
    let order = member.client.orders().place(&wish, "k").await.unwrap();
    // Other white space, another order of the fields, one that nobody knows.
    let mut json = serde_json::to_value(&wish).unwrap();
    json["colour"] = "red".into();
    let body = serde_json::to_string_pretty(&json).unwrap();
    let answer = shop
        .placing(&member.cookie, "k", &wish)
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(header(&answer, "idempotent-replayed"), "true");
    assert_eq!(answer.json::<Order>().await.unwrap(), order);
}

#[tokio::test]
async fn a_key_is_not_used_for_something_else() {
    let (shop, member) = shop_and_member().await;
    let wish = member.wish(&[wanted("carrot-500g", 2)]).await;
    member.client.orders().place(&wish, "k").await.unwrap();
    let books = shop.books().await;
    let others = [
        member.wish(&[wanted("carrot-500g", 3)]).await,
        OrderRequest {
            note: "快一点".into(),
            ..wish
        },
    ];
    for other in others {
        let answer = shop.placing(&member.cookie, "k", &other).send().await;
        let problem = problem(answer.unwrap()).await;
        assert_eq!(problem.kind, ProblemKind::KeyReused);
        assert_eq!(problem.status, 422);
        assert_eq!(shop.books().await, books);
    }
}

#[tokio::test]
async fn without_a_key_nothing_is_ordered() {
    let (shop, member) = shop_and_member().await;
    let wish = member.wish(&[wanted("carrot-500g", 2)]).await;
    let books = shop.books().await;
    let long = "k".repeat(129);
    for key in ["", "   ", &long, "钥匙"] {
        let answer = shop.placing(&member.cookie, key, &wish).send().await;
        let problem = problem(answer.unwrap()).await;
        assert_eq!(problem.kind, ProblemKind::KeyMissing, "{key:?}");
        assert_eq!(problem.status, 400);
    }
    let missing = shop.page_asks(reqwest::Method::POST, "/api/v1/orders", &member.cookie);
    let answer = missing.json(&wish).send().await.unwrap();
    assert_eq!(problem(answer).await.kind, ProblemKind::KeyMissing);
    assert_eq!(shop.books().await, books);
    // The longest that is allowed, and nothing but signs.
    for key in [&long[1..], "!#$%&'()*+,-./:;<=>?@[]^_`{|}~"] {
        member.client.orders().place(&wish, key).await.unwrap();
    }
    assert_eq!(shop.number("SELECT count(*) FROM orders").await, 2);
}

#[tokio::test]
async fn a_key_belongs_to_its_member() {
    let (shop, member) = shop_and_member().await;
    let neighbour = shop.member("13900139000").await;
    let wish = member.wish(&[wanted("carrot-500g", 2)]).await;
    let mine = member.client.orders().place(&wish, "k").await.unwrap();
    let theirs = neighbour.client.orders().place(&wish, "k").await.unwrap();
    assert_ne!(mine.id, theirs.id);
    assert_eq!(shop.stock("carrot-500g").await, 110 - 4);
}

#[tokio::test]
async fn what_was_refused_stays_refused_under_its_key() {
    let (shop, member) = shop_and_member().await;
    let wish = member.wish(&[wanted("carrot-500g", 2)]).await;
    shop.change("UPDATE variants SET stock = 1 WHERE id = 'carrot-500g'")
        .await;
    let first = shop.placing(&member.cookie, "k", &wish).send().await;
    let first = problem(first.unwrap()).await;
    assert_eq!(first.kind, ProblemKind::QuoteChanged);
    // A copy that was long on its way finds stock again, and orders nothing: its member was told no.
    shop.change("UPDATE variants SET stock = 2 WHERE id = 'carrot-500g'")
        .await;
    let books = shop.books().await;
    let late = shop.placing(&member.cookie, "k", &wish).send().await;
    let late = late.unwrap();
    assert_eq!(header(&late, "idempotent-replayed"), "true");
    assert_eq!(problem(late).await, first);
    assert_eq!(shop.books().await, books);
    // Another tap is another intent.
    member.client.orders().place(&wish, "l").await.unwrap();
    assert_eq!(shop.stock("carrot-500g").await, 0);
}

#[tokio::test]
async fn a_pause_or_a_failure_of_ours_uses_no_key_up() {
    let (shop, member) = shop_and_member().await;
    let wish = member.wish(&[wanted("carrot-500g", 2)]).await;
    shop.change("ALTER TABLE order_merchants RENAME TO away")
        .await;
    let failed = shop.placing(&member.cookie, "k", &wish).send().await;
    assert_eq!(
        problem(failed.unwrap()).await.kind,
        ProblemKind::Internal,
        "half-way through the order"
    );
    assert_eq!(shop.stock("carrot-500g").await, 110);
    shop.change("ALTER TABLE away RENAME TO order_merchants")
        .await;
    member.client.orders().place(&wish, "k").await.unwrap();
    assert_eq!(shop.stock("carrot-500g").await, 108);
}

#[tokio::test]
async fn a_key_can_be_asked_for() {
    let (shop, member) = shop_and_member().await;
    let neighbour = shop.member("13900139000").await;
    let wish = member.wish(&[wanted("carrot-500g", 2)]).await;
    let ask = async |cookie: &str, key: &str| {
        let path = ["/api/v1/intents/", key].concat();
        let ask = shop.page_asks(reqwest::Method::GET, &path, cookie);
        ask.send().await.unwrap()
    };
    let unknown = ask(&member.cookie, "k").await;
    assert_eq!(problem(unknown).await.kind, ProblemKind::UnknownIntent);

    let placed = shop.placing(&member.cookie, "k", &wish).send().await;
    let placed = placed.unwrap().text().await.unwrap();
    let known = ask(&member.cookie, "k").await;
    assert_eq!(known.status(), 201);
    assert_eq!(header(&known, "idempotent-replayed"), "true");
    assert_eq!(known.text().await.unwrap(), placed);

    let mut cheaper = wish.clone();
    cheaper.quote = "1-nothing".into();
    let refused = shop.placing(&member.cookie, "l", &cheaper).send().await;
    let refused = problem(refused.unwrap()).await;
    let known = ask(&member.cookie, "l").await;
    assert_eq!(problem(known).await, refused);

    let theirs = ask(&neighbour.cookie, "k").await;
    assert_eq!(problem(theirs).await.kind, ProblemKind::UnknownIntent);
    let nobodys = ask("session=none", "k").await;
    assert_eq!(problem(nobodys).await.kind, ProblemKind::NotSignedIn);
}
