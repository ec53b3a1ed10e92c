//! How a return ends: the shop says no, or the shopper thinks better of it.

use crate::common::now;
use crate::common::people::refused;
use crate::{ask, ask_with_picture, bought, pictures, read, scene, tomatoes};
use domain::after_sale::ReturnState;
use domain::problem::ProblemKind;

#[tokio::test]
async fn who_says_no_says_why() {
    let (shop, member, desk) = scene().await;
    let order = bought(&member, &desk, &tomatoes(2)).await;
    let asked = ask(&member, &order, &[(1, 2)]).await;
    let books = shop.books().await;
    for word in ["", "  ", &"长".repeat(201), "a\0b"] {
        let silent = desk.after_sale().decide(&asked.id, "decline", word).await;
        assert_eq!(refused(silent), ProblemKind::InvalidBody, "{word:?}");
    }
    let deciding = desk.after_sale();
    let no = deciding
        .decide(&asked.id, "decline", " 照片里是好的 ")
        .await
        .unwrap();
    assert_eq!(
        (no.asked.state, no.asked.answer.as_str()),
        (ReturnState::Declined, "照片里是好的")
    );
    let again = deciding
        .decide(&asked.id, "decline", "别的话")
        .await
        .unwrap();
    assert_eq!(again, no, "what was said first stays");
    assert_eq!(
        refused(deciding.decide(&asked.id, "approve", "").await),
        ProblemKind::NotNow
    );
    assert_eq!(shop.books().await, books, "nothing came back");
    let there = read(&member, &order.id).await;
    assert_eq!(there.returns[0].answer, "照片里是好的");
    assert_eq!(there.refunded, None);
    // What was declined does not count: it can be asked for once more.
    let second = ask(&member, &order, &[(1, 2)]).await;
    let listed = now(deciding.waiting().await.unwrap()).returns;
    let ids: Vec<_> = listed.iter().map(|one| one.asked.id.clone()).collect();
    assert_eq!(ids, [second.id, asked.id.clone()], "what waits comes first");
    shop.change(
        "UPDATE returns SET answered_at = answered_at - 172800000 WHERE state = 'declined'",
    )
    .await;
    let listed = now(deciding.waiting().await.unwrap()).returns;
    assert!(
        listed.iter().all(|one| one.asked.id != asked.id),
        "two days ago is not today"
    );
}

#[tokio::test]
async fn a_shopper_thinks_better_of_it() {
    let (shop, member, desk) = scene().await;
    let order = bought(&member, &desk, &tomatoes(2)).await;
    let asking = member.client.after_sale();
    let asked = ask_with_picture(&member, &order).await;
    assert_eq!(pictures(&shop), 1);
    let gone = asking.withdraw(&order.id, &asked.id).await.unwrap();
    assert_eq!(
        (gone.state, gone.picture.as_deref()),
        (ReturnState::Withdrawn, None)
    );
    assert_eq!(pictures(&shop), 0, "nobody needs it any more");
    assert_eq!(asking.withdraw(&order.id, &asked.id).await.unwrap(), gone);
    let late = desk.after_sale().decide(&asked.id, "approve", "").await;
    assert_eq!(refused(late), ProblemKind::NotNow);
    let listed = now(desk.after_sale().waiting().await.unwrap()).returns;
    assert_eq!(listed, []);
    assert!(read(&member, &order.id).await.returnable_until.is_some());
}
