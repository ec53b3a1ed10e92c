//! What happened to an order: a dot for everything, a line between them, who did it and when.

use super::date;
use crate::view::{View, view};
use crate::words::after_sale::text;
use crate::words::words;
use domain::after_sale::{Return, ReturnState};
use domain::order::{Actor, Order};
use domain::time::Moment;
use stylers::style_sheet;

const _: &str = include_str!("timeline.css");

/// Something that happened.
struct Event {
    name: &'static str,
    at: Moment,
    by: Actor,
}

/// The time line, the oldest first; what was last is what counts now.
pub fn timeline(order: &Order) -> View {
    let class = style_sheet!("src/app/src/shop/member/orders/timeline.css");
    let (words, text) = (words(), text());
    let changes = order.history.iter().map(|change| Event {
        name: match change.event {
            Some(event) => (text.event)(event),
            None => (words.order_state)(change.state),
        },
        at: change.at,
        by: change.by,
    });
    let returns = order.returns.iter().flat_map(of_return);
    let mut events: Vec<Event> = changes.chain(returns).collect();
    events.sort_by_key(|event| event.at.ms);
    let last = events.len().saturating_sub(1);
    let row = |(at, event): (usize, Event)| {
        let when = [&date(&event.at), " ", &event.at.clock()].concat();
        let by = (text.by)(event.by);
        let told = if by.is_empty() {
            when
        } else {
            [&when, " · ", by].concat()
        };
        view! {
            <li aria-current=(at == last).then_some("step")>
                <strong>{event.name}</strong> <span class="quiet">{told}</span>
            </li>
        }
    };
    let rows = events.into_iter().enumerate().map(row);
    view! {
        <section class=["card ", class].concat() aria-label=text.history>
            <h2>{text.history}</h2>
            <ol>{rows.collect::<Vec<_>>()}</ol>
        </section>
    }
}

fn of_return(asked: &Return) -> impl Iterator<Item = Event> + use<> {
    let text = text();
    let first = Event {
        name: text.asked,
        at: asked.asked_at,
        by: Actor::Shopper,
    };
    let by = match asked.state {
        ReturnState::Withdrawn => Actor::Shopper,
        ReturnState::Approved | ReturnState::Declined => Actor::Staff,
        ReturnState::Requested | ReturnState::Unknown => Actor::Unknown,
    };
    let answer = asked.answered_at.map(|at| Event {
        name: (text.state)(asked.state),
        at,
        by,
    });
    [first].into_iter().chain(answer)
}
