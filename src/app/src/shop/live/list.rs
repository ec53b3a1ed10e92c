//! What is on, to come, and past.

use super::room::remind::{begun, remind};
use super::room::when;
use super::room::words::says;
use super::{replay_path, show_path};
use crate::browser::frame::is_seen;
use crate::parts::icon;
use crate::parts::plate::plate;
use crate::parts::state::{aged, failed, notice, waiting};
use crate::state::reading::{Load, Reading, reading};
use crate::state::{Stores, stores};
use crate::view::{IntoView, View, changing, effect, every, view};
use crate::words::{spoken, words};
use client::{Error, Source};
use domain::id::ShowId;
use domain::show::{ShowSummary, Shows};
use leptos::prelude::*;
use std::time::Duration;
use stylers::style_sheet;

const _: &str = include_str!("list.css");

/// How often it is asked again, so that a show that begins appears by itself.
const AGAIN: Duration = Duration::from_secs(15);

/// How far the list is, without what is in it: what is in it is drawn anew only where it changed.
#[derive(Clone, Debug, PartialEq)]
enum Stand {
    Waiting(bool),
    Failed(Error),
    Here(bool),
}

/// The page.
pub fn page() -> View {
    let class = style_sheet!("src/app/src/shop/live/list.css");
    let stores = stores();
    let shows = reading(["shows/", spoken().tag()].concat(), move || {
        Box::pin(async move { stores.client().shows().list().await })
    });
    every(AGAIN, move || {
        let is_here = |load: &Load<Shows>| matches!(load, Load::Here(_));
        if is_seen() && shows.load.try_with_untracked(is_here) == Some(true) {
            shows.look();
        }
    });
    let session = stores.session.member;
    let member =
        Memo::new(move |_| session.with(|member| member.as_ref().map(|member| member.id.clone())));
    effect(move |first| {
        member.track();
        if !first {
            shows.again();
        }
    });
    tell_beginning(shows, stores);
    let stand = Memo::new(move |_| {
        shows.load.with(|load| match load {
            Load::Waiting => Stand::Waiting(false),
            Load::WaitingLong => Stand::Waiting(true),
            Load::Failed(error) => Stand::Failed(error.clone()),
            Load::Here(fresh) => {
                let Shows {
                    live, coming, past, ..
                } = &fresh.value;
                Stand::Here(live.is_empty() && coming.is_empty() && past.is_empty())
            }
        })
    });
    let content = changing(move || match stand.get() {
        Stand::Waiting(long) => waiting("me", long),
        Stand::Failed(Error::Unsupported) | Stand::Here(true) => empty(),
        Stand::Failed(error) if error.is_not_found() => empty(),
        Stand::Failed(error) => failed(&error, move || shows.again()),
        Stand::Here(false) => lists(shows, stores),
    });
    view! { <div class=["page ", class].concat()>{content}</div> }
}

fn empty() -> View {
    let words = words();
    let home = view! { <a class="btn" href="/">{words.home}</a> };
    let (what, hint) = (words.no_show.to_owned(), words.no_show_hint.to_owned());
    notice("live", what, hint, home, false)
}

/// Says when a show has begun that one wanted to be told of.
fn tell_beginning(shows: Reading<Shows>, stores: Stores) {
    let waited = StoredValue::new(Vec::<ShowId>::new());
    effect(move |_| {
        shows.load.with(|load| {
            let Load::Here(fresh) = load else { return };
            let was_waited_for =
                |show: &&ShowSummary| waited.with_value(|waited| waited.contains(&show.id));
            let begun_now = fresh.value.live.iter().filter(was_waited_for);
            begun_now.for_each(|show| begun(show, stores));
            let coming = fresh.value.coming.iter();
            waited.set_value(coming.map(|show| show.id.clone()).collect());
        });
    });
}

fn piece<T: PartialEq + Clone + Send + Sync + Default + 'static>(
    shows: Reading<Shows>,
    look: fn(&Shows) -> T,
) -> Memo<T> {
    Memo::new(move |_| {
        shows.load.with(|load| match load {
            Load::Here(fresh) => look(&fresh.value),
            _ => T::default(),
        })
    })
}

fn lists(shows: Reading<Shows>, stores: Stores) -> View {
    let says = says();
    let live = piece(shows, |shows| shows.live.clone());
    // Whether one wants to be told of it is no part of this: its button has the focus just then.
    let coming = piece(shows, |shows| {
        let bare = |show: &ShowSummary| ShowSummary {
            remind: false,
            ..show.clone()
        };
        shows.coming.iter().map(bare).collect::<Vec<_>>()
    });
    let past = piece(shows, |shows| shows.past.clone());
    let source = Memo::new(move |_| {
        shows.load.with(|load| match load {
            Load::Here(fresh) => Some(fresh.source.clone()),
            _ => None,
        })
    });
    let age = changing(move || {
        let source = source.get().unwrap_or(Source::Backend);
        aged(&source, move || shows.again()).into_view()
    });
    let live = changing(move || {
        let cards = live.get().into_iter().map(on_now).collect::<Vec<_>>();
        cards.into_view()
    });
    let coming = changing(move || {
        let all = coming.get();
        let rows = all.into_iter().map(|show| next(show, shows, stores));
        let rows = rows.collect::<Vec<_>>();
        if rows.is_empty() {
            return view! { <h2>{says.coming}</h2> <p class="quiet">{says.none_next} " " {says.none_next_hint}</p> };
        }
        view! { <h2>{says.coming}</h2> <ul>{rows}</ul> }
    });
    let past = changing(move || {
        let rows = past.get().into_iter().map(gone).collect::<Vec<_>>();
        if rows.is_empty() {
            return ().into_view();
        }
        view! { <h2>{says.past}</h2> <ul>{rows}</ul> }
    });
    view! {
        {age}
        <div role="status">{live}</div>
        {coming}
        {past}
    }
}

fn kind(show: &ShowSummary) -> String {
    let says = says();
    let (kind, number) = ((says.kind)(show.kind), (says.number)(show.number));
    [kind, " · ", &number].concat()
}

/// A show that is on: one large card.
fn on_now(show: ShowSummary) -> View {
    let says = says();
    let host = (!show.host.is_empty()).then(|| (says.host)(&show.host));
    let about = [Some(kind(&show)), host].into_iter().flatten();
    let about = about.collect::<Vec<_>>().join(" · ");
    view! {
        <a class="now" href=show_path(&show.id)>
            <span class="air">{says.on_air}</span>
            {plate(show.cover.as_ref(), true)}
            <span class="foot">
                <span><strong>{show.title}</strong> <small>{about}</small></span>
                <span class="go">{says.enter}</span>
            </span>
        </a>
    }
}

/// A show to come.
fn next(show: ShowSummary, shows: Reading<Shows>, stores: Stores) -> View {
    let says = says();
    let just_said = RwSignal::new(None::<bool>);
    let id = show.id.clone();
    let known = Memo::new(move |_| {
        shows.load.with(|load| {
            let Load::Here(fresh) = load else {
                return false;
            };
            let this = fresh.value.coming.iter().find(|show| show.id == id);
            this.is_some_and(|show| show.remind)
        })
    });
    let reminded = Signal::derive(move || just_said.get().unwrap_or(known.get()));
    let changed = move |remind| {
        just_said.set(Some(remind));
        shows.again();
    };
    let time = [&when(&show.starts_at), " · ", &(says.lasts)(show.minutes)].concat();
    let goods = (show.goods_count > 0).then(|| (says.goods_count)(show.goods_count));
    let about = [Some(kind(&show)), goods].into_iter().flatten();
    let about = about.collect::<Vec<_>>().join(" · ");
    let sign_in = "/sign-in?next=/live".to_owned();
    let ways = remind(stores, &show.id, sign_in, reminded, changed);
    view! {
        <li class="card">
            <a href=show_path(&show.id)>
                {plate(show.cover.as_ref(), false)}
                <span>
                    <strong>{show.title}</strong>
                    <span class="time">{time}</span>
                    <span class="quiet">{about}</span>
                </span>
                {icon("more")}
            </a>
            {ways}
        </li>
    }
}

/// A show that was; it can be seen again.
fn gone(show: ShowSummary) -> View {
    let says = says();
    let began = show.started_at.unwrap_or(show.starts_at);
    view! {
        <li class="card">
            <a href=replay_path(&show.id)>
                {plate(show.cover.as_ref(), false)}
                <span>
                    <strong>{show.title.clone()}</strong>
                    <span class="quiet">{[&when(&began), " · ", &kind(&show)].concat()}</span>
                    <span><span class="tag">{says.replay}</span></span>
                </span>
                {icon("more")}
            </a>
        </li>
    }
}
