//! What carts cost, and when orders can be picked up.

use super::document;
use super::rule::{Outcome, Rule, broken, ensure, rules, skip};
use super::shop::{Good, Shop};
use crate::endpoint;
use domain::money::Money;
use domain::pricing::{LineProblem, LineProblemKind, Quote, QuoteLine, QuoteRequest, WantedLine};
use domain::problem::ProblemKind;
use reqwest::Method;
use serde_json::{Value, json};

pub(super) const RULES: &[Rule] = rules![
    "a cart is priced line by line, and its total is the sum" => priced,
    "what is no longer sold stands at its line as no_longer_sold" => no_longer_sold,
    "what is sold out stands at its line as sold_out" => sold_out,
    "what is short stands at its line as stock_short, with what is left" => short,
    "a price that moved since it was seen stands at its line as price_moved" => moved,
    "a quantity of 0, -1 or 10^9 is invalid-body" => quantities,
    "an empty cart, and a variant twice, is invalid-body" => no_cart,
    "a body that is no JSON, or of another shape or type, is refused" => bodies,
    "a quote without x-shop-request is unsafe-request" => unsafe_write,
    "pickup times lie ahead, the earliest first" => pickup_times,
    "money is integers with a currency, times have an offset" => spelled,
];

/// A line of a cart.
pub(super) fn line(good: &Good, quantity: u32) -> WantedLine {
    WantedLine {
        variant: good.id().clone(),
        quantity,
        seen: None,
    }
}

/// What these lines cost.
pub(super) async fn quote(shop: &Shop, lines: Vec<WantedLine>) -> Outcome<Quote> {
    let asked: Vec<_> = lines
        .iter()
        .map(|line| (line.variant.clone(), line.quantity))
        .collect();
    let quote = shop
        .anybody()?
        .client
        .orders()
        .quote(&QuoteRequest {
            lines,
            ..QuoteRequest::default()
        })
        .await?;
    let told: Vec<_> = quote
        .lines
        .iter()
        .map(|line| (line.variant.clone(), line.quantity))
        .collect();
    ensure(told == asked, || {
        "the lines of the quote are not those asked for".to_owned()
    })?;
    adds_up(&quote)?;
    Ok(quote)
}

/// What must be so in every quote.
fn adds_up(quote: &Quote) -> Outcome {
    let mut sum: Option<Money> = None;
    for line in &quote.lines {
        let Some(total) = line.total else { continue };
        let all = line.unit_price.map(|price| price.times(line.quantity));
        ensure(all == Some(Ok(total)), || {
            format!(
                "{} × {} at {:?} is told as {total:?}",
                line.quantity, line.variant, line.unit_price
            )
        })?;
        sum = match sum {
            None => Some(total),
            Some(sum) => sum.plus(total).ok(),
        };
    }
    let right = sum.map_or(quote.total.amount == 0, |sum| sum == quote.total);
    ensure(right, || {
        format!(
            "the total is told as {:?}, the lines have {sum:?} together",
            quote.total
        )
    })?;
    let clean = quote.lines.iter().all(|line| line.problem.is_none());
    ensure(quote.orderable == clean, || {
        format!(
            "orderable is {}, but {} line has a problem",
            quote.orderable,
            if clean { "no" } else { "a" }
        )
    })?;
    ensure(quote.expires_at.ms > quote.now.ms, || {
        "the quote has expired before it is made".to_owned()
    })
}

async fn priced(shop: &Shop) -> Outcome {
    let goods = shop.goods().await?;
    let there = goods.iter().filter(|good| good.variant.stock.available());
    let some: Vec<_> = there.take(3).collect();
    if some.is_empty() {
        return skip("nothing can be bought in this shop");
    }
    let lines = some.iter().map(|good| {
        let two = good.left().is_none_or(|left| left >= 2);
        line(good, if two { 2 } else { 1 })
    });
    let quote = quote(shop, lines.collect()).await?;
    ensure(quote.orderable, || {
        "a cart of what is there cannot be ordered".to_owned()
    })?;
    for (line, good) in quote.lines.iter().zip(some) {
        let item = line.item.as_ref();
        ensure(
            item.is_some_and(|item| item.product == good.product),
            || format!("{} is not told to be of {}", line.variant, good.product),
        )?;
        ensure(line.unit_price == Some(good.variant.price), || {
            format!("{} has another price than in the catalogue", line.variant)
        })?;
        ensure(line.total.is_some(), || {
            format!("{} has no total", line.variant)
        })?;
    }
    Ok(())
}

/// Quotes a line beside one that is there; it must have this problem.
async fn with_problem(shop: &Shop, line: WantedLine, kind: LineProblemKind) -> Outcome<QuoteLine> {
    let name = line.variant.clone();
    let quote = quote(shop, vec![line]).await?;
    ensure(!quote.orderable, || {
        format!("a cart with {name} can be ordered")
    })?;
    let told = quote.lines.into_iter().next();
    match told {
        Some(line) if line.problem.is_some_and(|problem| problem.kind == kind) => Ok(line),
        Some(line) => broken(format!("{name} has the problem {:?}", line.problem)),
        None => broken("the quote has no line"),
    }
}

async fn no_longer_sold(shop: &Shop) -> Outcome {
    let gone = || WantedLine {
        variant: "there-is-no-such-variant".into(),
        quantity: 1,
        seen: Some(Money::fen(990)),
    };
    let told = with_problem(shop, gone(), LineProblemKind::NoLongerSold).await?;
    ensure(told.total.is_none() && told.item.is_none(), || {
        "what is no longer sold has a price or a name".to_owned()
    })?;
    // And the rest of the cart keeps its price.
    let good = shop.something().await?;
    let both = quote(shop, vec![gone(), line(good, 1)]).await?;
    ensure(!both.orderable && both.total == good.variant.price, || {
        "beside it, the rest of the cart is not priced".to_owned()
    })
}

async fn sold_out(shop: &Shop) -> Outcome {
    let mut goods = shop.goods().await?.iter();
    let Some(good) = goods.find(|good| good.left() == Some(0)) else {
        return skip("nothing is sold out");
    };
    let told = with_problem(shop, line(good, 1), LineProblemKind::SoldOut).await?;
    ensure(told.total.is_none(), || {
        format!("{} is sold out, but has a total", good.id())
    })
}

async fn short(shop: &Shop) -> Outcome {
    let told = |good: &&Good| good.left().is_some_and(|left| (1..99).contains(&left));
    let Some(good) = shop.goods().await?.iter().find(told) else {
        return skip("no stock is told");
    };
    let left = shop.left(good).await?.unwrap_or_default();
    let told = with_problem(shop, line(good, left + 1), LineProblemKind::StockShort).await?;
    let said = told.problem.and_then(|problem| problem.left);
    ensure(said == Some(left) && told.total.is_none(), || {
        format!(
            "{}: {left} are there, the line says {said:?} and costs {:?}",
            good.id(),
            told.total
        )
    })
}

async fn moved(shop: &Shop) -> Outcome {
    let good = shop.something().await?;
    let price = good.variant.price;
    let seen = Money {
        amount: price.amount + 100,
        ..price
    };
    let wanted = |seen| WantedLine {
        seen: Some(seen),
        ..line(good, 1)
    };
    let told = with_problem(shop, wanted(seen), LineProblemKind::PriceMoved).await?;
    let was = told.problem.and_then(|LineProblem { was, .. }| was);
    ensure(was == Some(seen) && told.unit_price == Some(price), || {
        format!("it was seen at {seen:?}, the line says {was:?}")
    })?;
    let accepted = quote(shop, vec![wanted(price)]).await?;
    ensure(accepted.orderable, || {
        "a price that was seen as it is stands in the way".to_owned()
    })
}

fn cart(lines: &[(&str, Value)]) -> Value {
    let line =
        |(variant, quantity): &(&str, Value)| json!({"variant": variant, "quantity": quantity});
    json!({"lines": lines.iter().map(line).collect::<Vec<_>>()})
}

async fn quantities(shop: &Shop) -> Outcome {
    let caller = shop.anybody()?;
    let good = shop.something().await?.id().as_str();
    let path = endpoint::quote();
    for quantity in [json!(0), json!(100), json!(1_000_000_000)] {
        let body = cart(&[(good, quantity)]);
        let answer = caller.post(path.as_str(), &body).await?;
        answer.is_problem_at(ProblemKind::InvalidBody, "/lines/0/quantity")?;
    }
    for quantity in [json!(-1), json!(1.5), json!("1"), json!(i64::MAX)] {
        let body = cart(&[(good, quantity)]);
        let answer = caller.post(path.as_str(), &body).await?;
        answer.is_problem(ProblemKind::InvalidBody)?;
    }
    Ok(())
}

async fn no_cart(shop: &Shop) -> Outcome {
    let caller = shop.anybody()?;
    let good = shop.something().await?.id().as_str();
    let path = endpoint::quote();
    let empty = caller.post(path.as_str(), &cart(&[])).await?;
    empty.is_problem_at(ProblemKind::InvalidBody, "/lines")?;
    let twice = cart(&[(good, json!(1)), (good, json!(1))]);
    let twice = caller.post(path.as_str(), &twice).await?;
    twice.is_problem_at(ProblemKind::InvalidBody, "/lines/1/variant")
}

async fn bodies(shop: &Shop) -> Outcome {
    document::bodies_are_checked(&shop.anybody()?, endpoint::quote().as_str()).await
}

async fn unsafe_write(shop: &Shop) -> Outcome {
    let caller = shop.anybody()?;
    let body = cart(&[("there-is-no-such-variant", json!(1))]);
    let ask = caller.bare(Method::POST, endpoint::quote().as_str());
    let answer = ask.json(&body).send().await?;
    answer.is_problem(ProblemKind::UnsafeRequest)?;
    Ok(())
}

async fn pickup_times(shop: &Shop) -> Outcome {
    let told = shop.anybody()?.client.orders().pickup_times().await?.value;
    for time in &told.times {
        ensure(
            told.now.ms < time.from.ms && time.from.ms < time.to.ms,
            || format!("{} to {} is no time after {}", time.from, time.to, told.now),
        )?;
    }
    let mut pairs = told.times.iter().zip(told.times.iter().skip(1));
    let wrong = pairs.find(|(one, next)| one.from.ms >= next.from.ms);
    ensure(wrong.is_none(), || {
        let both = wrong.map(|(one, next)| format!("{} stands before {}", one.from, next.from));
        both.unwrap_or_default()
    })
}

async fn spelled(shop: &Shop) -> Outcome {
    let caller = shop.anybody()?;
    let times = caller.get(endpoint::pickup_times().as_str()).await?;
    document::is_well_spelled(&times)?;
    let body = cart(&[(shop.something().await?.id().as_str(), json!(1))]);
    let quote = caller.post(endpoint::quote().as_str(), &body).await?;
    document::is_well_spelled(&quote)
}
