//! One show: what runs on the left, who asks and talks on the right, and how it stands above.

use super::air::{self, Air};
use super::here::Here;
use super::sure::sure;
use super::tabs::{Tab, tabs};
use super::words::text as words;
use super::{Host, comments, drop, goods, poll, questions, stream, wishes};
use crate::desk::focus_soon;
use crate::parts::icon;
use crate::parts::state::{notice, waiting};
use crate::view::{IntoView, Slot, View, after, changing, effect, follows, on, text, view};
use client::live::Status;
use domain::id::ShowId;
use domain::live::{Room, RoundState};
use domain::show::{ShowState, ShowStep};
use domain::time::Moment;
use leptos::prelude::*;
use std::time::Duration;
use stylers::style_sheet;
use web_sys::HtmlElement;

const _: &str = include_str!("show.css");

/// How long a room may be connected anew without a word.
const A_MOMENT: Duration = Duration::from_millis(1_500);

/// Where the tool for the picture stands among the others.
const AIR: usize = 4;

/// How far the page is.
#[derive(Clone, Copy, PartialEq)]
enum Stage {
    /// Asked for; for long, perhaps.
    Waiting(bool),
    /// Nothing is known of it, and the tablet has no network.
    Offline,
    /// There is no such show.
    Missing,
    /// Here.
    Room,
}

/// The page.
pub fn page(host: Host, id: ShowId, led_here: bool) -> View {
    let class = style_sheet!("src/app/src/desk/live/show.css");
    let words = words();
    let here = Here::new(host, id);
    stream::follow(here);
    // Above the tools: what is sent goes on while another one is looked at.
    let tool = RwSignal::new(0_usize);
    let on_air = Air::new(
        here,
        Memo::new(move |_| tool.get() == AIR && host.desk.at_live.get()),
    );
    let stage = Memo::new(move |_| {
        if here.room.with(Option::is_some) {
            return Stage::Room;
        }
        match here.status.get() {
            Status::Ended => Stage::Missing,
            Status::Offline => Stage::Offline,
            Status::Behind { .. } => Stage::Waiting(true),
            Status::Live | Status::Reconnecting => Stage::Waiting(false),
        }
    });
    let name = Slot::<HtmlElement>::new();
    if led_here {
        focus_soon(name);
    }
    let title = here.piece(|room| room.show.title.clone());
    let shown = move || title.get().unwrap_or_else(|| words.live.to_owned());
    let body = changing(move || match stage.get() {
        Stage::Waiting(long) => waiting("me", long),
        Stage::Offline => notice(
            "offline",
            words.no_network.to_owned(),
            words.no_network_hint.to_owned(),
            ().into_view(),
            true,
        ),
        Stage::Missing => notice(
            "clock",
            words.no_such_show.to_owned(),
            String::new(),
            ().into_view(),
            true,
        ),
        Stage::Room => panes(here, on_air, tool),
    });
    let is_here = move || stage.get() == Stage::Room;
    let asked = RwSignal::new(false);
    let (back, stay) = (Slot::<HtmlElement>::new(), Slot::<HtmlElement>::new());
    let leave = on(move |_| match on_air.is_sending_now() {
        true => {
            asked.set(true);
            focus_soon(stay);
        }
        false => host.choose(None),
    });
    view! {
        <section class=class aria-label=words.live>
            <header>
                <button type="button" class="btn soft back" node_ref=back on:click=leave>"‹ " {words.shows}</button>
                <h1 node_ref=name tabindex="-1">{text(shown)}</h1>
                <div class="state" hidden=follows(move || !is_here())>{state(here)} {air::word(on_air)}</div>
                {steps(here, name)}
                <dl hidden=follows(move || !is_here())>{figures(here)}</dl>
            </header>
            <p class="strip" role="status">{behind(here)}</p>
            {air::leaving(on_air, asked, back, stay, move || host.choose(None))}
            {body}
        </section>
    }
}

fn panes(here: Here, on_air: Air, tool: RwSignal<usize>) -> View {
    let words = words();
    let open = |look: fn(&Room) -> Option<RoundState>| {
        Memo::new(move |_| {
            let is_open = |room: &Room| look(room) == Some(RoundState::Open);
            here.room.with(|room| room.as_ref().is_some_and(is_open))
        })
    };
    let kinds = vec![
        Tab {
            id: "goods",
            name: words.goods,
            open: Memo::new(|_| false),
            panel: goods::panel(here),
        },
        Tab {
            id: "poll",
            name: words.poll,
            open: open(|room| room.poll.as_ref().map(|poll| poll.state)),
            panel: poll::panel(here),
        },
        Tab {
            id: "wishes",
            name: words.wishes,
            open: open(|room| room.wishes.as_ref().map(|round| round.state)),
            panel: wishes::panel(here),
        },
        Tab {
            id: "drop",
            name: words.drop,
            open: open(|room| room.drop.as_ref().map(|drop| drop.state)),
            panel: drop::panel(here),
        },
        Tab {
            id: "air",
            name: air::name(),
            open: Memo::new(|_| false),
            panel: air::panel(on_air),
        },
    ];
    view! {
        <div class="panes">
            <div class="run"><h2 class="unseen">{words.run}</h2> {tabs(words.run, kinds, tool)}</div>
            <div class="talk">
                {questions::section(here)}
                {comments::section(here)}
            </div>
        </div>
    }
}

/// Where the show stands, in a word.
fn state(here: Here) -> View {
    changing(move || {
        let state = here.state.get().map(|state| {
            let warn = state == ShowState::Live;
            view! { <span class="tag" class:warn=warn>{(words().state)(state)}</span> }
        });
        state.into_view()
    })
}

/// What the host does with the show next.
fn steps(here: Here, name: Slot<HtmlElement>) -> View {
    let words = words();
    let busy = RwSignal::new(false);
    let take = move |step: ShowStep| {
        let call = move |client: client::Client<_>, id| async move {
            client.desk_shows().step(&id, step).await
        };
        here.does(busy, call, move |_| focus_soon(name));
    };
    changing(move || match here.state.get() {
        Some(ShowState::Scheduled) => {
            let start = move || take(ShowStep::Start);
            sure(words.start, words.start_sure, "", false, busy, start)
        }
        Some(ShowState::Live) => {
            let end = move || take(ShowStep::End);
            sure(words.end, words.end_sure, "", true, busy, end)
        }
        _ => ().into_view(),
    })
}

/// The figures that matter now.
fn figures(here: Here) -> View {
    let words = words();
    let viewers = here.piece(|room| room.viewers);
    let likes = here.piece(|room| room.likes);
    let number = |of: Memo<Option<u32>>| text(move || of.get().unwrap_or(0).to_string());
    view! {
        <div><dt>{words.viewers}</dt><dd>{number(viewers)}</dd></div>
        <div><dt>{words.likes}</dt><dd>{number(likes)}</dd></div>
        <div><dt>{words.a_minute}</dt><dd>{text(move || here.a_minute.get().to_string())}</dd></div>
    }
}

/// Says when what is shown is not of now.
fn behind(here: Here) -> View {
    let words = words();
    let offset = here.piece(|room| room.now.offset_minutes);
    // What is mended within a moment is not worth a word.
    let late = RwSignal::new(false);
    effect(move |_| {
        late.set(false);
        if here.status.get() == Status::Reconnecting {
            after(A_MOMENT, move || late.set(true));
        }
    });
    changing(move || {
        let Some(offset_minutes) = offset.get() else {
            return ().into_view();
        };
        let told = match here.status.get() {
            Status::Live => return ().into_view(),
            Status::Reconnecting if !late.get() => return ().into_view(),
            Status::Ended => words.over.to_owned(),
            Status::Reconnecting => words.reconnecting.to_owned(),
            Status::Offline => words.offline.to_owned(),
            Status::Behind { since: ms } => {
                let since = Moment { ms, offset_minutes };
                (words.behind)(&since.clock())
            }
        };
        let symbol = match here.status.get() {
            Status::Ended => "check",
            _ => "offline",
        };
        view! { {icon(symbol)} <span>{told}</span> }
    })
}
