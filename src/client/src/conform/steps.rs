//! What staff do with an order: each step in its turn.

use super::desk::staff;
use super::placing::{place, wanted};
use super::rule::{Outcome, Rule, broken, ensure, refused, rules, skip};
use super::shop::{Shop, some_key};
use super::{after_sale, document};
use crate::Error;
use crate::endpoint;
use domain::contract::Capability;
use domain::id::OrderId;
use domain::order::{Actor, Order, OrderState, PickupCode};
use domain::problem::ProblemKind;
use reqwest::Method;
use serde_json::json;

pub(super) const RULES: &[Rule] = rules![
    "an order comes to the desk, without its code" => arrives,
    "a step out of its turn is not-now" => out_of_turn,
    "a step or an order that is none is not-found" => no_such_step,
    "packed: a second time changes nothing, and the shopper can cancel no more" => packed,
    "a code shows what it would hand over, and changes nothing" => previewed,
    "a code that opens nothing is wrong-code" => wrong_code,
    "ready, then handed over: nothing can be done with it any more" => handed_over,
    "a return is asked for once for each key, and can be withdrawn" => after_sale::asked,
    "a return is declined with a word, and nothing comes back" => after_sale::declined,
    "a return is approved once, and exactly what was paid comes back" => after_sale::approved,
    "staff may cancel a packed order" => called_off,
    "the desk's answers say Cache-Control: no-store" => private,
    "money is integers with a currency, times have an offset" => spelled,
    "locking the desk ends the session; twice is no mistake" => locks,
];

/// An order for the desk, of one piece.
async fn some_order(shop: &Shop) -> Outcome<Order> {
    if let Some(why) = shop.lacks(Capability::Orders) {
        return skip(format!("needs orders: {why}"));
    }
    let member = shop.member().await?;
    let request = wanted(shop, shop.something().await?).await?;
    let answer = place(shop, member, &request, &some_key()).await?;
    answer.has_status(201)?;
    answer.read()
}

/// The order that goes through all steps; as it was when it was placed.
pub(super) async fn bag(shop: &Shop) -> Outcome<&Order> {
    let bag = shop.bag.get_or_init(|| some_order(shop)).await.as_ref();
    bag.map_err(|not| not.needed("an order"))
}

fn code(order: &Order) -> Outcome<&PickupCode> {
    match &order.code {
        Some(code) => Ok(code),
        None => skip("the order has no code"),
    }
}

async fn step(shop: &Shop, id: &OrderId, step: &str) -> Result<Order, Error> {
    match staff(shop).await {
        Ok(staff) => staff.caller.client.desk().step(id, step).await,
        Err(_) => Err(Error::Unsupported),
    }
}

/// The step leads there, also when it is taken twice.
async fn leads_to(shop: &Shop, id: &OrderId, name: &str, state: OrderState) -> Outcome {
    let once = step(shop, id, name).await?;
    ensure(once.state == state, || {
        format!("{name} makes it {}", once.state.as_str())
    })?;
    let last = once.history.last();
    ensure(
        last.is_some_and(|last| last.state == state && last.by == Actor::Staff),
        || format!("its history does not say that staff did {name}"),
    )?;
    let twice = step(shop, id, name).await?;
    ensure(twice.history == once.history, || {
        format!("a second {name} changes it")
    })
}

async fn is_not_now(shop: &Shop, id: &OrderId, name: &str) -> Outcome {
    refused(name, step(shop, id, name).await, ProblemKind::NotNow)
}

async fn arrives(shop: &Shop) -> Outcome {
    let (desk, bag) = (staff(shop).await?, bag(shop).await?);
    let told = desk.caller.client.desk().orders().await?.value;
    match told.orders.iter().find(|order| order.id == bag.id) {
        Some(order) if order.code.is_some() => return broken("the desk is told the code"),
        Some(order) => ensure(order.lines == bag.lines, || {
            "at the desk its lines are others".to_owned()
        })?,
        None => return broken("it is not among the desk's orders"),
    }
    let mut pairs = told.orders.iter().zip(told.orders.iter().skip(1));
    let sorted = pairs.all(|(one, next)| one.pickup.from.ms <= next.pickup.from.ms);
    ensure(sorted, || {
        "the desk's orders do not go by the time of pickup".to_owned()
    })
}

async fn out_of_turn(shop: &Shop) -> Outcome {
    staff(shop).await?;
    let id = &bag(shop).await?.id;
    is_not_now(shop, id, "ready").await?;
    is_not_now(shop, id, "hand-over").await
}

async fn no_such_step(shop: &Shop) -> Outcome {
    staff(shop).await?;
    let id = &bag(shop).await?.id;
    let nonsense = step(shop, id, "juggle").await;
    refused("an unknown step", nonsense, ProblemKind::NotFound)?;
    let none = step(shop, &"there-is-no-such-order".into(), "pack").await;
    refused("packing no order", none, ProblemKind::NotFound)
}

async fn packed(shop: &Shop) -> Outcome {
    staff(shop).await?;
    let (id, shopper) = (&bag(shop).await?.id, &shop.member().await?.caller.client);
    leads_to(shop, id, "pack", OrderState::Packed).await?;
    let cancel = shopper.orders().cancel(id).await;
    refused("cancelling what is packed", cancel, ProblemKind::NotNow)?;
    let seen = shopper.orders().order(id).await?.value;
    ensure(
        seen.state == OrderState::Packed && seen.code.is_some(),
        || format!("the shopper sees it {}", seen.state.as_str()),
    )
}

async fn previewed(shop: &Shop) -> Outcome {
    let (desk, bag) = (staff(shop).await?, bag(shop).await?);
    let code = code(bag)?;
    for text in [&code.digits, &code.qr] {
        let shown = desk.caller.client.desk().preview(text).await?;
        ensure(shown.id == bag.id && shown.code.is_none(), || {
            format!("{text} shows another order, or the code again")
        })?;
        ensure(shown.state == OrderState::Packed, || {
            format!("looking at it made it {}", shown.state.as_str())
        })?;
    }
    Ok(())
}

async fn wrong_code(shop: &Shop) -> Outcome {
    let desk = staff(shop).await?;
    let qr = &code(bag(shop).await?)?.qr;
    for text in ["", "00000", "not a code", &format!("{qr}x")] {
        let shown = desk.caller.client.desk().preview(text).await;
        refused(&format!("the code `{text}`"), shown, ProblemKind::WrongCode)?;
    }
    Ok(())
}

async fn handed_over(shop: &Shop) -> Outcome {
    let (desk, bag) = (staff(shop).await?, bag(shop).await?);
    let id = &bag.id;
    leads_to(shop, id, "ready", OrderState::Ready).await?;
    is_not_now(shop, id, "pack").await?;
    leads_to(shop, id, "hand-over", OrderState::HandedOver).await?;
    for name in ["pack", "ready", "cancel"] {
        is_not_now(shop, id, name).await?;
    }
    let code = code(bag)?;
    for text in [&code.digits, &code.qr] {
        let shown = desk.caller.client.desk().preview(text).await;
        refused(&format!("its code `{text}`"), shown, ProblemKind::WrongCode)?;
    }
    let shopper = shop.member().await?.caller.client.orders();
    let seen = shopper.order(id).await?.value;
    let states: Vec<_> = seen.history.iter().map(|change| change.state).collect();
    let way = [
        OrderState::Placed,
        OrderState::Packed,
        OrderState::Ready,
        OrderState::HandedOver,
    ];
    ensure(states == way && seen.code.is_none(), || {
        format!("the shopper sees the way {states:?}, or a code still")
    })
}

async fn called_off(shop: &Shop) -> Outcome {
    staff(shop).await?;
    let order = some_order(shop).await?;
    let good = shop.something().await?;
    let before = shop.left(good).await?;
    leads_to(shop, &order.id, "pack", OrderState::Packed).await?;
    leads_to(shop, &order.id, "cancel", OrderState::Cancelled).await?;
    let after = shop.left(good).await?;
    let back = before.is_none() || after.is_none() || after == before.map(|n| n + 1);
    ensure(back, || {
        format!("there were {before:?} pieces before and {after:?} after")
    })
}

async fn private(shop: &Shop) -> Outcome {
    let desk = staff(shop).await?;
    for path in [
        endpoint::desk::device(),
        endpoint::desk::session(),
        endpoint::desk::orders(),
        endpoint::desk::returns(),
    ] {
        let answer = desk.caller.get(path.as_str()).await?;
        answer.has_status(200)?;
        answer.is_private()?;
    }
    Ok(())
}

async fn spelled(shop: &Shop) -> Outcome {
    let desk = staff(shop).await?;
    bag(shop).await?;
    document::is_well_spelled(&desk.caller.get(endpoint::desk::orders().as_str()).await?)
}

async fn locks(shop: &Shop) -> Outcome {
    let desk = &staff(shop).await?.caller;
    for _ in 0..2 {
        desk.client.desk().sign_out().await?;
        let who = desk.client.desk().staff().await;
        refused("GET /desk/session", who, ProblemKind::NotSignedIn)?;
    }
    let ask = desk.ask(Method::POST, endpoint::desk::preview().as_str());
    let answer = ask.json(&json!({"code": "000000"})).send().await?;
    answer.is_problem(ProblemKind::NotSignedIn)?;
    Ok(())
}
