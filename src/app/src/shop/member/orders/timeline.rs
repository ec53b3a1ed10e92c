//! What happened to an order, also after the sale.

use crate::parts::timeline::{self, Event};
use crate::view::View;
use crate::words::after_sale::text;
use crate::words::words;
use domain::after_sale::{Return, ReturnState};
use domain::order::{Actor, Order};

/// The time line.
pub fn timeline(order: &Order) -> View {
    let (words, text) = (words(), text());
    let changes = order.history.iter().map(|change| Event {
        name: match change.event {
            Some(event) => (text.event)(event),
            None => (words.order_state)(change.state),
        },
        at: change.at,
        by: (text.by)(change.by),
    });
    let returns = order.returns.iter().flat_map(of_return);
    timeline::timeline(text.history, changes.chain(returns).collect())
}

fn of_return(asked: &Return) -> impl Iterator<Item = Event> + use<> {
    let text = text();
    let first = Event {
        name: text.asked,
        at: asked.asked_at,
        by: (text.by)(Actor::Shopper),
    };
    let by = match asked.state {
        ReturnState::Withdrawn => Actor::Shopper,
        ReturnState::Approved | ReturnState::Declined => Actor::Staff,
        ReturnState::Requested | ReturnState::Unknown => Actor::Unknown,
    };
    let answer = asked.answered_at.map(|at| Event {
        name: (text.state)(asked.state),
        at,
        by: (text.by)(by),
    });
    [first].into_iter().chain(answer)
}
