//! Where people come from: for the owner, asked for when it is opened.

use super::words::text as words;
use crate::parts::state::{notice, show};
use crate::state::reading::reading;
use crate::state::stores;
use crate::view::{IntoView, View, changing, follows, on, view};
use domain::source::SourceFigures;
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("sources.css");

/// The section.
pub fn section() -> View {
    let class = style_sheet!("src/app/src/desk/counter/sources.css");
    let words = words();
    let stores = stores();
    let open = RwSignal::new(false);
    let figures = changing(move || {
        if !open.get() {
            return ().into_view();
        }
        let figures = reading("desk/sources".to_owned(), move || {
            Box::pin(async move { stores.client().desk().sources().await })
        });
        show(figures, "me", table, nothing)
    });
    let toggle = on(move |_| open.update(|open| *open = !*open));
    view! {
        <section class=class aria-label=words.sources>
            <button type="button" class="opener" aria-expanded=follows(move || open.get().to_string()) aria-controls="sources" on:click=toggle>{words.sources} <span class="quiet">{words.owner_sees}</span></button>
            <div id="sources" hidden=follows(move || !open.get())>{figures}</div>
        </section>
    }
}

fn nothing() -> View {
    let words = words();
    let hint = words.no_sources_hint.to_owned();
    notice(
        "shop",
        words.no_sources.to_owned(),
        hint,
        ().into_view(),
        false,
    )
}

fn table(figures: Vec<SourceFigures>) -> View {
    let words = words();
    if figures.is_empty() {
        return nothing();
    }
    let rows = figures.iter().map(|figures| {
        let name = words.source_name(&figures.source).to_owned();
        let numbers = [
            figures.visits,
            figures.joins,
            figures.bookings,
            figures.orders,
        ];
        let cells = numbers.map(|number| view! { <td>{number.to_string()}</td> });
        view! { <tr><th scope="row">{name}</th> {cells}</tr> }
    });
    let rows = rows.collect::<Vec<_>>();
    let heads = [
        words.visits,
        words.joins,
        words.bookings,
        words.source_orders,
    ];
    let heads = heads.map(|head| view! { <th scope="col">{head}</th> });
    view! {
        <table>
            <caption class="unseen">{words.sources}</caption>
            <thead><tr><th scope="col">{words.source}</th> {heads}</tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
}
