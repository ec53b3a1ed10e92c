//! Placing an order: as it was quoted, once for each key.

use super::asking::Answer;
use super::carts::{line, quote};
use super::rule::{Not, Outcome, Rule, broken, ensure, rules, skip};
use super::shop::{Good, Shop, SignedIn, some_key};
use crate::endpoint;
use crate::transport::KEY_HEADER;
use domain::member::MemberCart;
use domain::order::{
    Actor, Contact, MAX_NAME_CHARS, MAX_NOTE_CHARS, Order, OrderRequest, OrderState, Payment,
};
use domain::pricing::WantedLine;
use domain::problem::ProblemKind;
use domain::time::Moment;
use reqwest::Method;
use serde_json::{Value, json};

pub(super) const RULES: &[Rule] = rules![
    "a write without x-shop-request is unsafe-request" => unsafe_writes,
    "an order without Idempotency-Key is idempotency-key-missing" => key_missing,
    "an order is placed as quoted, and takes its pieces from the shelf" => placed,
    "what was ordered leaves the member's cart" => leaves_cart,
    "the same key and body answer the same order, Idempotent-Replayed: true" => replayed,
    "the same key with another body is idempotency-key-reused" => key_reused,
    "a quote that is not that of the cart now is quote-changed" => quote_changed,
    "a time that is not offered is pickup-unavailable" => no_such_time,
    "what is too long or no number is invalid-body at its field" => fields,
];

/// The order that most rules look at.
pub(super) struct Placed {
    request: OrderRequest,
    key: String,
    pub(super) answer: Answer,
    pub(super) order: Order,
    /// How many there were before and after, as far as it was told.
    left: (Option<u32>, Option<u32>),
}

impl Placed {
    /// The key it was placed under.
    pub(super) fn key(&self) -> &str {
        &self.key
    }
}

/// An order of one piece, no coupon used, with a fresh quote: nobody's and the member's are the same.
pub(super) async fn wanted(shop: &Shop, good: &Good) -> Outcome<OrderRequest> {
    let lines = vec![WantedLine {
        seen: Some(good.variant.price),
        ..line(good, 1)
    }];
    let quoted = quote(shop, lines.clone()).await?;
    let times = shop.anybody()?.client.orders().pickup_times().await?.value;
    let Some(time) = times.times.last() else {
        return skip("the shop offers no time for pickup");
    };
    Ok(OrderRequest {
        lines,
        bundles: Vec::new(),
        coupons: Some(Vec::new()),
        use_points: false,
        quote: quoted.id,
        pickup_from: time.from,
        contact: Contact::default(),
        note: "conform".to_owned(),
        payment: Payment::AtStore,
    })
}

/// Places an order by hand, and remembers it.
pub(super) async fn place(
    shop: &Shop,
    member: &SignedIn,
    request: &impl serde::Serialize,
    key: &str,
) -> Outcome<Answer> {
    let ask = member.caller.ask(Method::POST, endpoint::orders().as_str());
    let answer = ask.header(KEY_HEADER, key).json(request).send().await?;
    if (200..300).contains(&answer.status)
        && let Ok(order) = answer.read::<Order>()
    {
        shop.remember(&order.id);
    }
    Ok(answer)
}

async fn first_order(shop: &Shop) -> Outcome<Placed> {
    let (member, good, key) = (shop.member().await?, shop.something().await?, some_key());
    let request = wanted(shop, good).await?;
    let before = shop.left(good).await?;
    let answer = place(shop, member, &request, &key).await?;
    answer.has_status(201)?;
    let order = answer.read()?;
    Ok(Placed {
        request,
        key,
        answer,
        order,
        left: (before, shop.left(good).await?),
    })
}

pub(super) async fn order(shop: &Shop) -> Outcome<&Placed> {
    let placed = shop.order.get_or_init(|| first_order(shop)).await.as_ref();
    placed.map_err(|not| not.needed("an order"))
}

/// An order that is well-formed, though of nothing.
pub(super) fn of_nothing() -> Value {
    json!({
        "lines": [{"variant": "there-is-no-such-variant", "quantity": 1}], "quote": "none",
        "pickup_from": "2020-01-01T10:00:00+08:00", "contact": {}, "payment": "at_store",
    })
}

async fn unsafe_writes(shop: &Shop) -> Outcome {
    let (member, id) = (shop.member().await?, &order(shop).await?.order.id);
    for path in [endpoint::orders(), endpoint::order_cancel(id)] {
        let ask = member.caller.bare(Method::POST, path.as_str());
        let ask = ask.json(&of_nothing()).header(KEY_HEADER, &some_key());
        let answer = ask.send().await?;
        answer.is_problem(ProblemKind::UnsafeRequest)?;
    }
    Ok(())
}

async fn key_missing(shop: &Shop) -> Outcome {
    let member = shop.member().await?;
    let request = wanted(shop, shop.something().await?).await?;
    let ask = member.caller.ask(Method::POST, endpoint::orders().as_str());
    let answer = ask.json(&request).send().await?;
    if let Ok(order) = answer.read::<Order>() {
        shop.remember(&order.id);
    }
    answer.is_problem(ProblemKind::KeyMissing)?;
    Ok(())
}

async fn placed(shop: &Shop) -> Outcome {
    let placed = shop.order.get_or_init(|| first_order(shop)).await;
    let placed = placed.as_ref().map_err(Not::clone)?;
    let (order, good) = (&placed.order, shop.something().await?);
    let line = order.lines.first();
    let as_quoted = line.is_some_and(|line| {
        line.variant == *good.id() && line.quantity == 1 && line.total == good.variant.price
    });
    ensure(as_quoted && order.lines.len() == 1, || {
        "its lines are not those that were ordered".to_owned()
    })?;
    ensure(order.total == good.variant.price, || {
        format!("its total is {:?}", order.total)
    })?;
    ensure(order.state == OrderState::Placed, || {
        format!("it is {}", order.state.as_str())
    })?;
    ensure(
        order.pickup.from.ms == placed.request.pickup_from.ms,
        || format!("it is picked up at {}", order.pickup.from),
    )?;
    ensure(!order.number.is_empty(), || "it has no number".to_owned())?;
    let code = order.code.as_ref().map(|code| code.digits.as_str());
    let six = code.is_some_and(|code| code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()));
    ensure(six, || "its code has not six digits".to_owned())?;
    let phone = &shop.member().await?.phone;
    ensure(order.contact.phone == *phone, || {
        "without a contact it is not the member's own number".to_owned()
    })?;
    let first = order.history.first();
    ensure(
        first.is_some_and(|change| {
            change.state == OrderState::Placed && change.by == Actor::Shopper
        }),
        || "its history does not begin with the shopper".to_owned(),
    )?;
    let (before, after) = placed.left;
    ensure(before.is_none() || after == before.map(|n| n - 1), || {
        format!("there were {before:?} pieces before and {after:?} after")
    })?;
    let orders = shop.member().await?.caller.client.orders();
    let read = orders.order(&order.id).await?.value;
    ensure(read == *order, || "read again it is another".to_owned())
}

async fn leaves_cart(shop: &Shop) -> Outcome {
    let (member, good) = (shop.member().await?, shop.something().await?);
    let members = member.caller.client.members();
    let request = wanted(shop, good).await?;
    let stays = WantedLine {
        variant: "there-is-no-such-variant".into(),
        quantity: 2,
        seen: None,
    };
    let lines = vec![line(good, 1), stays.clone()];
    let cart = MemberCart {
        lines,
        ..MemberCart::default()
    };
    members.keep_cart(&cart).await?;
    let answer = place(shop, member, &request, &some_key()).await?;
    let kept = members.cart().await?.value;
    members.keep_cart(&MemberCart::default()).await?;
    answer.has_status(201)?;
    let order: Order = answer.read()?;
    member.caller.client.orders().cancel(&order.id).await?;
    ensure(kept.lines == [stays], || {
        format!(
            "{} lines are in it afterwards, not the other one",
            kept.lines.len()
        )
    })
}

async fn replayed(shop: &Shop) -> Outcome {
    let (member, first) = (shop.member().await?, order(shop).await?);
    ensure(
        first.answer.header("idempotent-replayed").is_empty(),
        || "the first answer says Idempotent-Replayed".to_owned(),
    )?;
    for _ in 0..2 {
        let again = place(shop, member, &first.request, &first.key).await?;
        again.has_status(first.answer.status)?;
        let order: Order = again.read()?;
        ensure(order.id == first.order.id, || {
            "it was ordered twice".to_owned()
        })?;
        ensure(again.lists("idempotent-replayed", "true"), || {
            "the second answer has no Idempotent-Replayed: true".to_owned()
        })?;
    }
    // A key is a member's own.
    let other = shop.other_member().await?;
    let listed = other.caller.client.orders().list(None, None).await?.value;
    ensure(listed.items.is_empty(), || {
        "a new member has orders".to_owned()
    })
}

async fn key_reused(shop: &Shop) -> Outcome {
    let (member, first) = (shop.member().await?, order(shop).await?);
    let other = OrderRequest {
        note: "another note".to_owned(),
        ..first.request.clone()
    };
    let answer = place(shop, member, &other, &first.key).await?;
    answer.is_problem(ProblemKind::KeyReused)?;
    Ok(())
}

async fn quote_changed(shop: &Shop) -> Outcome {
    let member = shop.member().await?;
    let good = shop.something().await?;
    let right = wanted(shop, good).await?;
    let none = OrderRequest {
        quote: "there-is-no-such-quote".into(),
        ..right.clone()
    };
    let mut more = right.clone();
    more.lines.iter_mut().for_each(|line| line.quantity += 1);
    let mut gone = right;
    let nothing = "there-is-no-such-variant";
    gone.lines
        .iter_mut()
        .for_each(|line| line.variant = nothing.into());
    for request in [none, more, gone] {
        let answer = place(shop, member, &request, &some_key()).await?;
        answer.is_problem(ProblemKind::QuoteChanged)?;
    }
    Ok(())
}

async fn no_such_time(shop: &Shop) -> Outcome {
    let member = shop.member().await?;
    let request = wanted(shop, shop.something().await?).await?;
    let at = |ms: i64| Moment {
        ms: request.pickup_from.ms + ms,
        ..request.pickup_from
    };
    for pickup_from in [at(-400 * 86_400_000), at(400 * 86_400_000), at(60_000)] {
        let request = OrderRequest {
            pickup_from,
            ..request.clone()
        };
        let answer = place(shop, member, &request, &some_key()).await?;
        answer.is_problem(ProblemKind::PickupUnavailable)?;
    }
    Ok(())
}

async fn fields(shop: &Shop) -> Outcome {
    let member = shop.member().await?;
    let right = wanted(shop, shop.something().await?).await?;
    let right = serde_json::to_value(&right).unwrap_or_default();
    let wrong = [
        ("/note", json!("长".repeat(MAX_NOTE_CHARS + 1))),
        ("/contact/name", json!("名".repeat(MAX_NAME_CHARS + 1))),
        ("/contact/phone", json!("12345")),
        ("/lines/0/quantity", json!(0)),
        ("/lines", json!([])),
        ("/payment", json!("by_promise")),
    ];
    for (field, value) in wrong {
        let mut request = right.clone();
        match request.pointer_mut(field) {
            Some(place) => *place = value,
            None => return broken(format!("an order has no {field}")),
        }
        let answer = place(shop, member, &request, &some_key()).await?;
        answer.is_problem_at(ProblemKind::InvalidBody, field)?;
    }
    Ok(())
}
