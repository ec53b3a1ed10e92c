//! Bundles in carts and orders, and what a member pays with besides money: coupons and points.

use super::document;
use super::placing::place;
use super::rule::{Outcome, Rule, broken, ensure, rules, skip};
use super::shop::{Shop, SignedIn, some_key};
use crate::endpoint;
use domain::bundle::Bundle;
use domain::catalog::StockLevel;
use domain::contract::Capability;
use domain::coupon::Coupon;
use domain::id::VariantId;
use domain::money::Money;
use domain::order::{Contact, Order, OrderRequest, Payment};
use domain::points::Points;
use domain::pricing::{
    LineProblemKind, Quote, QuoteBundle, QuoteRequest, Remedy, WantedBundle, sum,
};
use domain::problem::ProblemKind;
use serde_json::{Value, json};

pub(super) const RULES: &[Rule] = rules![
    "a set is priced as its bundle says, and its parts' shares are its price" => priced,
    "a bundle that is none stands at its place as no_longer_sold" => no_such_bundle,
    "a choice that is not offered stands at its bundle as part_no_longer_sold" => no_such_choice,
    "a price of a set that moved stands at its bundle as price_moved" => moved,
    "more sets than there are stand at their bundle, and what helps can be had" => short,
    "a quantity of sets that is none, and a choice twice, is invalid-body" => no_sets,
    "what was ordered in sets leaves the shelf, and is back when it is cancelled" => ordered,
    "coupons and points are not-signed-in for nobody, and private" => private,
    "a member's points are the sum of what happened to them" => ledger,
    "an order costs what was quoted with coupons and points, and they are back when it is cancelled" => paid,
    "money is integers with a currency, times have an offset" => spelled,
];

/// Why nothing here can be tried, where that is so.
fn needs(shop: &Shop, capability: Capability) -> Outcome {
    match shop.lacks(capability) {
        Some(why) => skip(format!("needs {capability:?}: {why}")),
        None => Ok(()),
    }
}

/// A bundle that can be had, as it is offered first.
async fn something(shop: &Shop) -> Outcome<(Bundle, WantedBundle)> {
    needs(shop, Capability::Orders)?;
    let caller = shop.anybody()?;
    let items = caller.client.catalog().bundles().await?.value.items;
    for item in items.iter().filter(|item| item.stock.available()) {
        let bundle = caller.client.catalog().bundle(&item.id).await?.value;
        let wanted = WantedBundle {
            bundle: bundle.id.clone(),
            choice: bundle.choice(&[]),
            quantity: bundle.minimum.max(1),
            seen: None,
        };
        let priced = bundle.chosen(&wanted.choice).and_then(|one| one.price());
        let enough = item.stock.left.is_none_or(|left| left >= wanted.quantity);
        if priced.is_some() && enough {
            return Ok((bundle, wanted));
        }
    }
    skip("the shop has no bundle that can be had")
}

/// A cart of these sets that uses no coupon.
fn cart(bundles: &[WantedBundle]) -> QuoteRequest {
    QuoteRequest {
        bundles: bundles.to_vec(),
        coupons: Some(Vec::new()),
        ..QuoteRequest::default()
    }
}

/// What one bundle costs somebody.
async fn quote(shop: &Shop, wanted: &WantedBundle) -> Outcome<(Quote, QuoteBundle)> {
    let orders = shop.anybody()?.client;
    let cart = cart(std::slice::from_ref(wanted));
    let quote = orders.orders().quote(&cart).await?;
    adds_up(&quote)?;
    let told = quote.bundles.first().cloned();
    match told {
        Some(told) if told.bundle == wanted.bundle && told.choice == wanted.choice => {
            Ok((quote, told))
        }
        _ => broken("the bundle of the quote is not the one asked for"),
    }
}

/// What must be so in every quote.
fn adds_up(quote: &Quote) -> Outcome {
    let currency = quote.total.currency;
    let goods = quote.goods.unwrap_or(quote.total);
    let lines = quote.lines.iter().filter_map(|line| line.total);
    let sets = quote.bundles.iter().filter_map(|bundle| bundle.total);
    let all = sum(lines.chain(sets), currency);
    ensure(all == Ok(goods), || {
        format!("lines and bundles have {all:?} together, the goods are told as {goods:?}")
    })?;
    let parts = quote.merchants.iter().map(|part| part.subtotal);
    let parts = sum(parts, currency);
    ensure(parts == Ok(goods), || {
        format!("the merchants have {parts:?} together, the goods are told as {goods:?}")
    })?;
    let used = quote.coupons.iter().filter(|coupon| coupon.chosen);
    let points = i64::from(quote.points.map_or(0, |points| points.used));
    let off = used.map(|coupon| coupon.off.amount).sum::<i64>() + points;
    ensure(goods.amount - off == quote.total.amount, || {
        format!(
            "{off} come off {goods:?}, the total is told as {:?}",
            quote.total
        )
    })?;
    let lines = quote.lines.iter().map(|line| line.problem);
    let mut problems = lines.chain(quote.bundles.iter().map(|bundle| bundle.problem));
    let clean = problems.all(|problem| problem.is_none());
    ensure(quote.orderable == clean, || {
        format!(
            "orderable is {}, with or without a problem",
            quote.orderable
        )
    })
}

async fn priced(shop: &Shop) -> Outcome {
    let (bundle, wanted) = something(shop).await?;
    let (quote, told) = quote(shop, &wanted).await?;
    let id = &bundle.id;
    ensure(quote.orderable, || {
        format!("{id} can be had, but not ordered: {:?}", told.problem)
    })?;
    let price = bundle.chosen(&wanted.choice).and_then(|one| one.price());
    let same = price.is_some_and(|price| {
        told.unit_price == Some(price.price) && told.alone == Some(price.alone)
    });
    ensure(same, || {
        format!(
            "{id} costs {price:?} by its page, {:?} by the quote",
            told.unit_price
        )
    })?;
    let all = told.unit_price.map(|price| price.times(wanted.quantity));
    ensure(all == told.total.map(Ok), || {
        format!("{} × {id} are told as {:?}", wanted.quantity, told.total)
    })?;
    let shares = sum(
        told.parts.iter().map(|part| part.price),
        quote.total.currency,
    );
    let alone = sum(
        told.parts.iter().map(|part| part.alone),
        quote.total.currency,
    );
    ensure(
        shares.ok() == told.unit_price && alone.ok() == told.alone,
        || format!("the parts of {id} have {shares:?} together, alone {alone:?}"),
    )?;
    let parts: Vec<&VariantId> = told.parts.iter().map(|part| &part.variant).collect();
    ensure(parts.iter().copied().eq(&wanted.choice), || {
        format!("the parts of {id} are {parts:?}")
    })
}

/// Quotes sets that must have this problem.
async fn with_problem(
    shop: &Shop,
    wanted: &WantedBundle,
    kind: LineProblemKind,
) -> Outcome<QuoteBundle> {
    let (quote, told) = quote(shop, wanted).await?;
    let is_it = told.problem.is_some_and(|problem| problem.kind == kind);
    ensure(is_it && !quote.orderable, || {
        format!("{} has the problem {:?}", wanted.bundle, told.problem)
    })?;
    Ok(told)
}

async fn no_such_bundle(shop: &Shop) -> Outcome {
    let (_, wanted) = something(shop).await?;
    let gone = WantedBundle {
        bundle: "there-is-no-such-bundle".into(),
        ..wanted.clone()
    };
    let told = with_problem(shop, &gone, LineProblemKind::NoLongerSold).await?;
    ensure(told.total.is_none() && told.name.is_none(), || {
        "what is no longer sold has a price or a name".to_owned()
    })?;
    // And the rest of the cart keeps its price.
    let (alone, _) = quote(shop, &wanted).await?;
    let both = shop.anybody()?.client;
    let both = both.orders().quote(&cart(&[gone, wanted])).await?;
    ensure(!both.orderable && both.total == alone.total, || {
        "beside it, the rest of the cart is not priced".to_owned()
    })
}

async fn no_such_choice(shop: &Shop) -> Outcome {
    let (bundle, wanted) = something(shop).await?;
    let mut choice = wanted.choice.clone();
    if let Some(part) = choice.first_mut() {
        *part = "there-is-no-such-variant".into();
    }
    let mut longer = wanted.choice.clone();
    longer.extend(wanted.choice.first().cloned());
    for choice in [choice, longer, Vec::new()] {
        let odd = WantedBundle {
            choice,
            ..wanted.clone()
        };
        let told = with_problem(shop, &odd, LineProblemKind::PartNoLongerSold).await?;
        if let Some(swap) = &told.swap {
            ensure(bundle.chosen(&swap.choice).is_some(), || {
                format!("the swap {:?} is not offered either", swap.choice)
            })?;
        }
    }
    Ok(())
}

async fn moved(shop: &Shop) -> Outcome {
    let (bundle, wanted) = something(shop).await?;
    let price = bundle.chosen(&wanted.choice).and_then(|one| one.price());
    let Some(price) = price.map(|price| price.price) else {
        return skip("the bundle cannot be priced here");
    };
    let seen = Money {
        amount: price.amount + 100,
        ..price
    };
    let with = |seen| WantedBundle {
        seen: Some(seen),
        ..wanted.clone()
    };
    let told = with_problem(shop, &with(seen), LineProblemKind::PriceMoved).await?;
    let was = told.problem.and_then(|problem| problem.was);
    ensure(was == Some(seen) && told.unit_price == Some(price), || {
        format!("it was seen at {seen:?}, the bundle says {was:?}")
    })?;
    let (accepted, _) = quote(shop, &with(price)).await?;
    ensure(accepted.orderable, || {
        "a price that was seen as it is stands in the way".to_owned()
    })
}

async fn short(shop: &Shop) -> Outcome {
    let (_, wanted) = something(shop).await?;
    let mut now = WantedBundle {
        quantity: domain::cart::MAX_QUANTITY,
        ..wanted
    };
    // Every step mends something; a handful is enough for any cart of one bundle.
    for step in 0..8 {
        let (quoted, told) = quote(shop, &now).await?;
        let Some(remedy) = told.remedy() else {
            ensure(quoted.orderable, || {
                "nothing is wrong, but it cannot be ordered".to_owned()
            })?;
            return if step == 0 {
                skip("there are more sets than a cart may have")
            } else {
                Ok(())
            };
        };
        match (remedy, told.swap) {
            (Remedy::Swap, Some(swap)) => now.choice = swap.choice,
            (Remedy::Take(left), _) => now.quantity = left,
            _ => {
                return broken(format!(
                    "{} can be had, but {:?} of {} sets does not say how",
                    now.bundle, told.problem, now.quantity
                ));
            }
        }
    }
    broken("whatever the quote offers has a problem again")
}

async fn no_sets(shop: &Shop) -> Outcome {
    let (_, wanted) = something(shop).await?;
    let caller = shop.anybody()?;
    let set = |quantity: Value| json!({"bundle": wanted.bundle, "choice": wanted.choice, "quantity": quantity});
    let one = || set(json!(1));
    for (bundles, field) in [
        (vec![set(json!(0))], "/bundles/0/quantity"),
        (vec![set(json!(100))], "/bundles/0/quantity"),
        (vec![one(), one()], "/bundles/1/choice"),
    ] {
        let body = json!({"lines": [], "bundles": bundles});
        let answer = caller.post(endpoint::quote().as_str(), &body).await?;
        answer.is_problem_at(ProblemKind::InvalidBody, field)?;
    }
    for quantity in [json!(-1), json!(1.5), json!("1")] {
        let body = json!({"lines": [], "bundles": [set(quantity)]});
        let answer = caller.post(endpoint::quote().as_str(), &body).await?;
        answer.is_problem(ProblemKind::InvalidBody)?;
    }
    Ok(())
}

/// An order of a cart, as it was quoted to the member.
async fn wish(shop: &Shop, cart: QuoteRequest, quote: &Quote) -> Outcome<OrderRequest> {
    let times = shop.anybody()?.client.orders().pickup_times().await?.value;
    let Some(time) = times.times.last() else {
        return skip("the shop offers no time for pickup");
    };
    Ok(OrderRequest {
        lines: cart.lines,
        bundles: cart.bundles,
        coupons: cart.coupons,
        use_points: cart.use_points,
        quote: quote.id.clone(),
        pickup_from: time.from,
        contact: Contact::default(),
        note: "conform".to_owned(),
        payment: Payment::AtStore,
    })
}

/// Has the member order a cart: what was quoted, and the order.
async fn buy(shop: &Shop, member: &SignedIn, cart: QuoteRequest) -> Outcome<(Quote, Order)> {
    let quote = member.caller.client.orders().quote(&cart).await?;
    adds_up(&quote)?;
    let request = wish(shop, cart, &quote).await?;
    let answer = place(shop, member, &request, &some_key()).await?;
    answer.has_status(201)?;
    Ok((quote, answer.read()?))
}

/// How many pieces there are of each part of a choice, as far as it is told.
async fn on_the_shelf(shop: &Shop, wanted: &WantedBundle) -> Outcome<Vec<Option<u32>>> {
    let catalog = shop.anybody()?.client;
    let bundle = catalog.catalog().bundle(&wanted.bundle).await?.value;
    let Some(chosen) = bundle.chosen(&wanted.choice) else {
        return broken(format!("{} is not offered any more", bundle.id));
    };
    let left = chosen
        .parts
        .iter()
        .map(|part| match part.option.stock.level {
            StockLevel::None => Some(0),
            _ => part.option.stock.left,
        });
    Ok(left.collect())
}

async fn ordered(shop: &Shop) -> Outcome {
    let member = shop.member().await?;
    let (_, wanted) = something(shop).await?;
    let before = on_the_shelf(shop, &wanted).await?;
    let (quote, order) = buy(shop, member, cart(std::slice::from_ref(&wanted))).await?;
    ensure(order.total == quote.total, || {
        format!(
            "it was quoted at {:?} and costs {:?}",
            quote.total, order.total
        )
    })?;
    let Some(set) = order.bundles.first() else {
        return broken("the order has no bundle");
    };
    let shares = sum(
        set.parts.iter().map(|part| part.total),
        order.total.currency,
    );
    ensure(
        shares == Ok(set.total) && set.quantity == wanted.quantity,
        || {
            format!(
                "its parts have {shares:?} together, the bundle {:?}",
                set.total
            )
        },
    )?;
    let after = on_the_shelf(shop, &wanted).await?;
    for ((before, after), part) in before.iter().zip(&after).zip(&set.parts) {
        let same = set
            .parts
            .iter()
            .filter(|other| other.variant == part.variant);
        let pieces: u32 = same.map(|part| part.quantity).sum();
        let right = before.is_none() || *after == before.map(|left| left.saturating_sub(pieces));
        ensure(right, || {
            format!(
                "{}: {before:?} before, {pieces} ordered, {after:?} after",
                part.variant
            )
        })?;
    }
    member.caller.client.orders().cancel(&order.id).await?;
    let back = on_the_shelf(shop, &wanted).await?;
    ensure(back == before, || {
        format!("there were {before:?} before, there are {back:?} now that it is cancelled")
    })
}

async fn private(shop: &Shop) -> Outcome {
    needs(shop, Capability::Members)?;
    let (caller, member) = (shop.anybody()?, shop.member().await?);
    for path in [endpoint::my_coupons(), endpoint::my_points()] {
        let answer = caller.get(path.as_str()).await?;
        answer.is_problem(ProblemKind::NotSignedIn)?;
        let answer = member.caller.get(path.as_str()).await?;
        answer.has_status(200)?;
        answer.is_private()?;
    }
    Ok(())
}

/// The points that a member has, which must be the sum of what is told of them.
async fn points(member: &SignedIn) -> Outcome<Points> {
    let points = member.caller.client.members().points().await?.value;
    let sum: i64 = points.entries.iter().map(|entry| entry.change()).sum();
    ensure(sum == i64::from(points.balance), || {
        format!("{} are told, what happened sums to {sum}", points.balance)
    })?;
    Ok(points)
}

/// What can still be used of a member's coupons.
async fn coupons(member: &SignedIn) -> Outcome<Vec<Coupon>> {
    let mut coupons = member.caller.client.members().coupons().await?.value;
    coupons.sort_unstable_by(|one, other| one.id.cmp(&other.id));
    Ok(coupons)
}

async fn ledger(shop: &Shop) -> Outcome {
    needs(shop, Capability::Members)?;
    // A new member: of somebody who has bought for years not everything is told.
    points(shop.member().await?).await.map(|_| ())
}

async fn paid(shop: &Shop) -> Outcome {
    let member = shop.member().await?;
    let (_, wanted) = something(shop).await?;
    let before = (points(member).await?, coupons(member).await?);
    let cart = QuoteRequest {
        coupons: None,
        use_points: true,
        ..cart(&[wanted])
    };
    let (quote, order) = buy(shop, member, cart).await?;
    ensure(order.total == quote.total, || {
        format!(
            "it was quoted at {:?} and costs {:?}",
            quote.total, order.total
        )
    })?;
    let used = quote.points.map_or(0, |points| points.used);
    let aside = points(member).await?;
    ensure(
        order.points == used
            && aside.balance + used == before.0.balance
            && aside.frozen == before.0.frozen + used,
        || {
            format!(
                "{used} points were quoted, {} ordered: {aside:?}",
                order.points
            )
        },
    )?;
    let mut quoted = quote.coupons.iter().filter(|coupon| coupon.chosen);
    let wrong = quoted.find(|used| {
        let told = |there: &&domain::order::OrderCoupon| there.coupon == used.coupon.id;
        order.coupons.iter().find(told).map(|there| there.off) != Some(used.off)
    });
    ensure(wrong.is_none(), || {
        let name = wrong
            .map(|used| used.coupon.name.clone())
            .unwrap_or_default();
        format!("{name} takes off something else than was quoted")
    })?;
    for _ in 0..2 {
        member.caller.client.orders().cancel(&order.id).await?;
        let after = (points(member).await?.balance, coupons(member).await?);
        ensure(after == (before.0.balance, before.1.clone()), || {
            format!("{} points before, {} after", before.0.balance, after.0)
        })?;
    }
    Ok(())
}

async fn spelled(shop: &Shop) -> Outcome {
    let member = shop.member().await?;
    let (_, wanted) = something(shop).await?;
    let body = serde_json::to_value(cart(&[wanted])).unwrap_or_default();
    let quote = member
        .caller
        .post(endpoint::quote().as_str(), &body)
        .await?;
    document::is_well_spelled(&quote)?;
    for path in [endpoint::my_coupons(), endpoint::my_points()] {
        document::is_well_spelled(&member.caller.get(path.as_str()).await?)?;
    }
    Ok(())
}
