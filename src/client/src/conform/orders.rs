//! Orders: listed, read by their owner only, called off.

use super::document;
use super::placing::{of_nothing, order, place, wanted};
use super::rule::{Outcome, Rule, ensure, refused, rules};
use super::shop::{Shop, some_key};
use crate::endpoint;
use crate::transport::KEY_HEADER;
use domain::id::OrderId;
use domain::order::{Actor, Order, OrderState, OrderTab};
use domain::problem::ProblemKind;
use reqwest::Method;

pub(super) const RULES: &[Rule] = rules![
    "orders are not-signed-in for nobody" => closed,
    "orders are listed the newest first, each in its tab" => listed,
    "another member's order is not-found, and so is one that is none" => not_theirs,
    "personal answers say Cache-Control: no-store" => private,
    "money is integers with a currency, times have an offset" => spelled,
    "a cancelled order has no code, and its pieces are back; cancelling again is no mistake" => cancelled,
];

async fn closed(shop: &Shop) -> Outcome {
    let (caller, id) = (shop.anybody()?, OrderId::from("there-is-no-such-order"));
    for path in [endpoint::orders_in(None, None), endpoint::order(&id)] {
        let answer = caller.get(path.as_str()).await?;
        answer.is_problem(ProblemKind::NotSignedIn)?;
    }
    for path in [endpoint::orders(), endpoint::order_cancel(&id)] {
        let ask = caller.ask(Method::POST, path.as_str()).json(&of_nothing());
        let answer = ask.header(KEY_HEADER, &some_key()).send().await?;
        answer.is_problem(ProblemKind::NotSignedIn)?;
    }
    Ok(())
}

async fn listed(shop: &Shop) -> Outcome {
    let (member, first) = (shop.member().await?, order(shop).await?);
    let request = wanted(shop, shop.something().await?).await?;
    let second = place(shop, member, &request, &some_key()).await?;
    second.has_status(201)?;
    let second: Order = second.read()?;
    let orders = member.caller.client.orders();
    for tab in [None, Some(OrderTab::ToPickUp)] {
        let items = orders.list(tab, None).await?.value.items;
        let place = |id: &OrderId| items.iter().position(|order| order.id == *id);
        let (newer, older) = (place(&second.id), place(&first.order.id));
        ensure(newer.is_some() && newer < older, || {
            format!("of two orders the newer is {newer:?}, the older {older:?}")
        })?;
    }
    orders.cancel(&second.id).await?;
    for tab in OrderTab::ALL {
        let items = orders.list(Some(tab), None).await?.value.items;
        let stray = items.iter().find(|order| OrderTab::of(order.state) != tab);
        ensure(stray.is_none(), || {
            format!("{} has an order of another tab", tab.as_str())
        })?;
        let here = items.iter().any(|order| order.id == second.id);
        ensure(here == (tab == OrderTab::AfterSale), || {
            format!(
                "a cancelled order stands in {}, or not in after_sale",
                tab.as_str()
            )
        })?;
    }
    for (name, value) in [("tab", "nonsense"), ("cursor", "not-a-cursor-of-yours")] {
        let path = format!("{}?{name}={value}", endpoint::orders().as_str());
        let answer = member.caller.get(&path).await?;
        answer.is_problem_at(ProblemKind::InvalidQuery, name)?;
    }
    Ok(())
}

async fn not_theirs(shop: &Shop) -> Outcome {
    let (member, order) = (shop.member().await?, &order(shop).await?.order);
    let other = shop.other_member().await?.caller.client.orders();
    let none = OrderId::from("there-is-no-such-order");
    let own = member.caller.client.orders();
    let (read, nothing) = (other.order(&order.id).await, own.order(&none).await);
    refused("another member's order", read, ProblemKind::NotFound)?;
    refused("an order that is none", nothing, ProblemKind::NotFound)?;
    let (cancel, nothing) = (other.cancel(&order.id).await, own.cancel(&none).await);
    refused("cancelling another member's", cancel, ProblemKind::NotFound)?;
    refused("cancelling none", nothing, ProblemKind::NotFound)?;
    let state = own.order(&order.id).await?.value.state;
    ensure(state == order.state, || {
        "another member changed it".to_owned()
    })
}

async fn private(shop: &Shop) -> Outcome {
    let (member, placed) = (shop.member().await?, order(shop).await?);
    placed.answer.is_private()?;
    for path in [endpoint::orders(), endpoint::order(&placed.order.id)] {
        let answer = member.caller.get(path.as_str()).await?;
        answer.has_status(200)?;
        answer.is_private()?;
    }
    Ok(())
}

async fn spelled(shop: &Shop) -> Outcome {
    let (member, placed) = (shop.member().await?, order(shop).await?);
    for path in [endpoint::orders(), endpoint::order(&placed.order.id)] {
        document::is_well_spelled(&member.caller.get(path.as_str()).await?)?;
    }
    Ok(())
}

async fn cancelled(shop: &Shop) -> Outcome {
    let (member, order) = (shop.member().await?, &order(shop).await?.order);
    let orders = member.caller.client.orders();
    let good = shop.something().await?;
    let before = shop.left(good).await?;
    for _ in 0..2 {
        let over = orders.cancel(&order.id).await?;
        ensure(
            over.state == OrderState::Cancelled && over.id == order.id,
            || format!("it is {} afterwards", over.state.as_str()),
        )?;
        ensure(over.code.is_none(), || "it has its code still".to_owned())?;
        let last = over.history.last();
        ensure(last.is_some_and(|last| last.by == Actor::Shopper), || {
            "its history does not say that the shopper cancelled it".to_owned()
        })?;
        let after = shop.left(good).await?;
        // With more pieces the number may not be told any more.
        let back = before.is_none() || after.is_none() || after == before.map(|n| n + 1);
        ensure(back, || {
            format!("there were {before:?} pieces before and {after:?} after")
        })?;
    }
    Ok(())
}
