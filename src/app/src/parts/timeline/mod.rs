//! What happened: a dot for everything, a line between them, who did it and when.

use crate::view::{View, view};
use domain::time::Moment;
use stylers::style_sheet;

const _: &str = include_str!("timeline.css");

/// Something that happened.
#[derive(Clone, Copy, Debug)]
pub struct Event {
    /// What.
    pub name: &'static str,
    /// When.
    pub at: Moment,
    /// By whom, in words; empty where that is not known.
    pub by: &'static str,
}

/// The time line, the oldest first; what was last is what counts now.
pub fn timeline(name: &'static str, mut events: Vec<Event>) -> View {
    let class = style_sheet!("src/app/src/parts/timeline/timeline.css");
    events.sort_by_key(|event| event.at.ms);
    let last = events.len().saturating_sub(1);
    let row = |(at, event): (usize, Event)| {
        let when = [&date(&event.at), " ", &event.at.clock()].concat();
        let told = if event.by.is_empty() {
            when
        } else {
            [&when, " · ", event.by].concat()
        };
        view! {
            <li aria-current=(at == last).then_some("step")>
                <strong>{event.name}</strong> <span class="quiet">{told}</span>
            </li>
        }
    };
    let rows = events.into_iter().enumerate().map(row);
    view! {
        <section class=["card ", class].concat() aria-label=name>
            <h2>{name}</h2>
            <ol>{rows.collect::<Vec<_>>()}</ol>
        </section>
    }
}

/// `11-23`, by the shop's clock.
pub fn date(moment: &Moment) -> String {
    moment.to_string().get(5..10).unwrap_or_default().to_owned()
}
