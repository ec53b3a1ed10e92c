//! The shop's card: its name, whether it is open, how to reach it.

use super::Home;
use crate::browser::poster::code_path;
use crate::parts::icon;
use crate::parts::sheet::sheet;
use crate::parts::state::notice;
use crate::parts::top::elder_switch;
use crate::state::reading::{Load, Reading};
use crate::view::{IntoView, View, changing, follows, on, text, view};
use crate::words::words;
use domain::shop::{Group, Opening, Shop};
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("code.css");
const _: &str = include_str!("visit.css");
const _: &str = include_str!("reach.css");

fn known(storefront: Reading<Home>) -> Option<Shop> {
    storefront.load.with(|load| match load {
        Load::Here(fresh) => Some(fresh.value.storefront.shop.clone()),
        _ => None,
    })
}

/// The name, open or not, where. The name is there before anything is read.
pub fn shop_line(storefront: Reading<Home>) -> View {
    let name = text(move || {
        known(storefront)
            .map(|shop| shop.name)
            .unwrap_or_else(super::super::brand)
    });
    let open = changing(move || {
        let tag = known(storefront).map(|shop| {
            let open = shop.opening.open;
            view! { <span class="tag" class:warn=!open>{opening_words(&shop.opening)}</span> }
        });
        tag.into_view()
    });
    let place = changing(move || match known(storefront) {
        Some(shop) => {
            let parts = [shop.neighbourhood, shop.distance];
            parts
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(" · ")
                .into_view()
        }
        None => view! { <b class="sk sk-text"></b> },
    });
    view! {
        <header class="shopline">
            <h1>{name}</h1>
            {open}
            <p class="where">{place}</p>
            {elder_switch()}
        </header>
    }
}

fn opening_words(opening: &Opening) -> String {
    let words = words();
    match (opening.open, opening.changes_at) {
        (true, Some(at)) => (words.open_until)(&at.clock()),
        (true, None) => words.open.to_owned(),
        (false, Some(at)) => {
            let day = words
                .weekdays
                .get(usize::from(at.local().weekday) - 1)
                .copied()
                .unwrap_or_default();
            (words.closed_until)(day, &at.clock())
        }
        (false, None) => words.closed.to_owned(),
    }
}

/// The way to the search, to the phone, to the neighbours' group.
pub fn search_row(storefront: Reading<Home>) -> View {
    let class = style_sheet!("src/app/src/shop/home/reach.css");
    let words = words();
    let phone = move || {
        let phone = known(storefront).map(|shop| shop.phone);
        phone.filter(|phone| !phone.is_empty())
    };
    let group = move || known(storefront).and_then(|shop| shop.group);
    let open = RwSignal::new(false);
    // Kept and hidden, not made anew with every answer: the sheet gives the focus back to what opened it.
    view! {
        <div class="searchrow">
            <a class="searchbox" href="/products#search">{icon("search")} <span>{words.search_hint}</span></a>
            <a class=class hidden=follows(move || phone().is_none()) href=follows(move || phone().map(|phone| ["tel:", &phone].concat()))>{icon("phone")} {words.call}</a>
            <button type="button" class=class hidden=follows(move || group().is_none()) aria-haspopup="dialog" on:click=on(move |_| open.set(true))>{icon("group")} {words.join}</button>
        </div>
        {sheet(words.join, open, move || group().map(group_code).into_view())}
    }
}

/// The group's QR code, to scan from another phone or to press and hold.
fn group_code(group: Group) -> View {
    let class = style_sheet!("src/app/src/shop/home/code.css");
    let Some((side, path)) = code_path(&group.url) else {
        return notice(
            "group",
            group.title,
            group.note,
            view! { <a class="btn" href=group.url>{words().join}</a> },
            false,
        );
    };
    let side = side.to_string();
    view! {
        <figure class=class>
            <svg viewBox=["0 0 ", &side, " ", &side].concat() role="img" aria-label=group.title.clone() shape-rendering="crispEdges">
                <path d=path></path>
            </svg>
            <figcaption>
                <strong>{group.title}</strong>
                <p>{group.note}</p>
                <p class="quiet">{words().join_hint}</p>
            </figcaption>
        </figure>
    }
}

/// Where the shop is and when it is open.
pub fn visit(shop: &Shop) -> View {
    let class = style_sheet!("src/app/src/shop/home/visit.css");
    let words = words();
    let hours = week(shop)
        .into_iter()
        .map(|(days, times)| view! { <li><span>{days}</span> <span>{times}</span></li> })
        .collect::<Vec<_>>();
    let line = |symbol: &'static str, text: &str| {
        (!text.is_empty()).then(|| view! { <p>{icon(symbol)} <span>{text.to_owned()}</span></p> })
    };
    let phone = (!shop.phone.is_empty()).then(|| {
        let phone = shop.phone.clone();
        view! { <p>{icon("phone")} <a href=["tel:", &phone].concat()>{phone.clone()}</a></p> }
    });
    view! {
        <section class=class aria-label=words.where_and_when>
            <h2>{words.where_and_when}</h2>
            {line("place", &shop.address)}
            {phone}
            <div class="hours">{icon("clock")} <ul>{hours}</ul></div>
        </section>
    }
}

/// The week's hours, days that follow each other with the same hours as one line.
fn week(shop: &Shop) -> Vec<(String, String)> {
    let words = words();
    let day = |weekday: u8| {
        words
            .weekdays
            .get(usize::from(weekday).saturating_sub(1))
            .copied()
            .unwrap_or_default()
    };
    let mut lines: Vec<(u8, u8, String)> = Vec::new();
    for hours in &shop.hours {
        let times = [&hours.opens.to_string(), "–", &hours.closes.to_string()].concat();
        match lines.last_mut() {
            Some((_, last, same)) if *same == times && *last + 1 == hours.weekday => {
                *last = hours.weekday
            }
            _ => lines.push((hours.weekday, hours.weekday, times)),
        }
    }
    let name = |(first, last, times): (u8, u8, String)| {
        let days = if first == last {
            day(first).to_owned()
        } else {
            [day(first), words.to, day(last)].join(" ")
        };
        (days, times)
    };
    lines.into_iter().map(name).collect()
}
