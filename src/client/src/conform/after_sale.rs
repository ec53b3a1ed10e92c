//! What was handed over and comes back: asked for, declined, approved.

use super::desk::staff;
use super::rule::{Outcome, ensure, refused, skip};
use super::shop::{Shop, some_key};
use super::steps::bag;
use crate::Error;
use domain::after_sale::{
    Return, ReturnPieces, ReturnReason, ReturnRequest, ReturnState, Settlement, settle,
};
use domain::order::Order;
use domain::problem::ProblemKind;

/// The order that went through all steps, as its shopper sees it now.
async fn order(shop: &Shop) -> Outcome<Order> {
    staff(shop).await?;
    let (id, shopper) = (&bag(shop).await?.id, shop.member().await?);
    Ok(shopper.caller.client.orders().order(id).await?.value)
}

/// A request for the one piece of it.
fn wish(order: &Order) -> Outcome<(ReturnRequest, Settlement)> {
    if order.returnable_until.is_none() {
        return skip("nothing of the order can come back");
    }
    let Some(line) = order.bag().next() else {
        return skip("the order has no line");
    };
    let lines = vec![ReturnPieces {
        line: line.place,
        quantity: 1,
    }];
    let Ok(settled) = settle(order, &lines) else {
        return skip("the order's line has no place, or nothing is left of it");
    };
    let request = ReturnRequest {
        lines,
        reason: ReturnReason::Other,
        note: "conform".to_owned(),
        picture: None,
    };
    Ok((request, settled))
}

async fn ask(
    shop: &Shop,
    order: &Order,
    request: &ReturnRequest,
    key: &str,
) -> Result<Return, Error> {
    match shop.member().await {
        Ok(shopper) => {
            let asking = shopper.caller.client.after_sale();
            asking.ask(&order.id, request, key).await
        }
        Err(_) => Err(Error::Unsupported),
    }
}

/// Asked for once for each key; another has to wait; it can be withdrawn.
pub(super) async fn asked(shop: &Shop) -> Outcome {
    let order = order(shop).await?;
    let (request, settled) = wish(&order)?;
    let key = some_key();
    let first = ask(shop, &order, &request, &key).await?;
    ensure(first.state == ReturnState::Requested, || {
        format!("it is {}", first.state.as_str())
    })?;
    ensure(first.amount == settled.amount, || {
        format!("{} comes back, not {}", first.amount, settled.amount)
    })?;
    let again = ask(shop, &order, &request, &key).await?;
    ensure(again == first, || {
        "the same key asks for another".to_owned()
    })?;
    let other = ask(shop, &order, &request, &some_key()).await;
    refused("a second one", other, ProblemKind::NotNow)?;
    let shopper = &shop.member().await?.caller.client;
    let listed = shopper.orders().order(&order.id).await?.value;
    ensure(
        listed.returns == [first.clone()] && listed.returnable_until.is_none(),
        || "it does not stand at its order, or another could be asked for".to_owned(),
    )?;
    for _ in 0..2 {
        let gone = shopper.after_sale().withdraw(&order.id, &first.id).await?;
        ensure(gone.state == ReturnState::Withdrawn, || {
            format!("withdrawn it is {}", gone.state.as_str())
        })?;
    }
    Ok(())
}

/// Who says no says why, and nothing comes back.
pub(super) async fn declined(shop: &Shop) -> Outcome {
    let before = order(shop).await?;
    let (request, _) = wish(&before)?;
    let asked = ask(shop, &before, &request, &some_key()).await?;
    let desk = staff(shop).await?.caller.client.after_sale();
    let silent = desk.decide(&asked.id, "decline", " ").await;
    refused("declining without a word", silent, ProblemKind::InvalidBody)?;
    let told = desk.decide(&asked.id, "decline", "conform").await?.asked;
    ensure(
        told.state == ReturnState::Declined && told.answer == "conform",
        || format!("declined it is {}", told.state.as_str()),
    )?;
    let late = desk.decide(&asked.id, "approve", "").await;
    refused("approving what is declined", late, ProblemKind::NotNow)?;
    let after = order(shop).await?;
    ensure(
        after.refunded.is_none() && after.lines == before.lines,
        || "something came back".to_owned(),
    )
}

/// What is approved comes back, once, and is there no more to come back.
pub(super) async fn approved(shop: &Shop) -> Outcome {
    let before = order(shop).await?;
    let (request, settled) = wish(&before)?;
    let asked = ask(shop, &before, &request, &some_key()).await?;
    let desk = staff(shop).await?.caller.client.after_sale();
    let waiting = desk.waiting().await?.value.returns;
    ensure(
        waiting.iter().any(|there| there.asked.id == asked.id),
        || "the desk is not told of it".to_owned(),
    )?;
    for _ in 0..2 {
        let done = desk.decide(&asked.id, "approve", "").await?.asked;
        ensure(done.state == ReturnState::Approved, || {
            format!("approved it is {}", done.state.as_str())
        })?;
        let after = order(shop).await?;
        ensure(after.refunded == Some(settled.amount), || {
            format!("{:?} came back, not {}", after.refunded, settled.amount)
        })?;
        ensure(after.bag().all(|line| line.returned == 1), || {
            "its line does not say that it came back".to_owned()
        })?;
        ensure(after.returnable_until.is_none(), || {
            "it can come back once more".to_owned()
        })?;
    }
    Ok(())
}
