//! What is still to be paid, and how far a payment is.

use crate::parts::icon;
use crate::shop::member::follow;
use crate::shop::member::words::text;
use crate::state::stores;
use crate::view::{IntoView, View, changing, on, view};
use client::outbox::Errand;
use domain::order::{Order, OrderState, Payment};
use domain::payment::PaymentState;
use stylers::style_sheet;

const _: &str = include_str!("pay.css");

/// The card of an order that waits for its payment; nothing for any other.
pub fn card(order: &Order) -> View {
    if order.state != OrderState::AwaitingPayment {
        return ().into_view();
    }
    let stores = stores();
    let texts = text();
    let errand = Errand::Payment(order.id.clone());
    let state = order.payment_state.unwrap_or(PaymentState::Open);
    let until = order
        .pay_until
        .map(|until| (texts.pay_until)(&until.clock()));
    let (id, amount) = (order.id.clone(), order.total.to_string());
    changing(move || {
        // Only while it is certain that nobody has paid is it offered.
        if state == PaymentState::Checking {
            return told(texts.paying, Some(texts.paying_hint.to_owned()), true, None);
        }
        if stores.post.is_under_way(&errand) {
            return told(texts.going_to_pay, None, true, None);
        }
        if !state.can_pay() {
            return told(texts.paying, Some(texts.paying_hint.to_owned()), true, None);
        }
        let said = if state == PaymentState::Declined {
            texts.declined
        } else {
            texts.not_paid
        };
        let id = id.clone();
        let pay = view! {
            <button type="button" class="btn wide" on:click=on(move |_| follow::pay(&id, stores))>{(texts.pay)(&amount)}</button>
        };
        told(said, until.clone(), false, Some(pay))
    })
}

fn told(said: &str, hint: Option<String>, busy: bool, button: Option<View>) -> View {
    let class = style_sheet!("src/app/src/shop/member/orders/pay.css");
    view! {
        <div class=["card ", class].concat()>
            <p role="status">{icon(if busy { "clock" } else { "bag" })} <strong>{said.to_owned()}</strong></p>
            {hint.map(|hint| view! { <p class="quiet">{hint}</p> })}
            {button}
        </div>
    }
}

/// How it is paid, in words: what the clerk will ask for, or not.
pub fn how(order: &Order, at_store: &'static str) -> String {
    let texts = text();
    if order.payment != Payment::Online {
        return at_store.to_owned();
    }
    match order.payment_state {
        Some(PaymentState::Paid) if order.state == OrderState::Cancelled => {
            texts.refund_under_way.to_owned()
        }
        Some(PaymentState::Paid | PaymentState::Refunded) => texts.paid.to_owned(),
        _ => texts.not_paid.to_owned(),
    }
}
