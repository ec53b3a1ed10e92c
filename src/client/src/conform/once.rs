//! What a key was answered stays its answer; what is held at the checkout comes to an end.

use super::placing::{order, place, wanted};
use super::rule::{Outcome, Rule, broken, ensure, rules};
use super::shop::{Shop, some_key};
use crate::endpoint;
use domain::hold::HELD_FOR;
use domain::order::{Order, OrderRequest};
use domain::pricing::QuoteRequest;
use domain::problem::ProblemKind;

pub(super) const RULES: &[Rule] = rules![
    "what was refused is refused again under its key" => stays_refused,
    "a key can be asked for, and answers what its request did" => asked_for,
    "goods are held for a while that asking again does not lengthen" => held,
];

/// A request that is refused, its key, and the refusal.
async fn refusal(shop: &Shop) -> Outcome<(OrderRequest, String)> {
    let member = shop.member().await?;
    let request = OrderRequest {
        quote: "there-is-no-such-quote".into(),
        ..wanted(shop, shop.something().await?).await?
    };
    let key = some_key();
    let answer = place(shop, member, &request, &key).await?;
    answer.is_problem(ProblemKind::QuoteChanged)?;
    Ok((request, key))
}

async fn stays_refused(shop: &Shop) -> Outcome {
    let (request, key) = refusal(shop).await?;
    let again = place(shop, shop.member().await?, &request, &key).await?;
    again.is_problem(ProblemKind::QuoteChanged)?;
    Ok(())
}

async fn asked_for(shop: &Shop) -> Outcome {
    let (member, first) = (shop.member().await?, order(shop).await?);
    let ask = async |key: &str| member.caller.get(endpoint::intent(key).as_str()).await;
    let done = ask(first.key()).await?;
    done.has_status(201)?;
    ensure(done.read::<Order>()?.id == first.order.id, || {
        "another order is told".to_owned()
    })?;
    let (_, key) = refusal(shop).await?;
    ask(&key).await?.is_problem(ProblemKind::QuoteChanged)?;
    let never = ask(&some_key()).await?;
    never.is_problem(ProblemKind::UnknownIntent)?;
    // A key is a member's own.
    let other = shop.other_member().await?;
    let path = endpoint::intent(first.key());
    let theirs = other.caller.get(path.as_str()).await?;
    theirs.is_problem(ProblemKind::UnknownIntent)?;
    Ok(())
}

async fn held(shop: &Shop) -> Outcome {
    let members = shop.member().await?.caller.client.members();
    let request = wanted(shop, shop.something().await?).await?;
    let cart = QuoteRequest {
        lines: request.lines,
        ..QuoteRequest::default()
    };
    let (first, again) = (members.hold(&cart).await?, members.hold(&cart).await?);
    members.release_hold().await?;
    members.release_hold().await?;
    let (Some(until), Some(still)) = (first.expires_at, again.expires_at) else {
        return broken("nothing is held, or it does not say until when");
    };
    ensure(still.ms == until.ms, || {
        "asking again holds it longer".to_owned()
    })?;
    ensure(
        (first.now.ms..=first.now.ms + HELD_FOR).contains(&until.ms),
        || "it is held for more than ten minutes, or for none".to_owned(),
    )?;
    ensure(
        first.lines.iter().all(|line| line.held <= line.quantity),
        || "more is held than was asked for".to_owned(),
    )
}
