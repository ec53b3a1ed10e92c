//! The wish board: what is wished for next week, and by how many.

use super::super::here::Here;
use super::wish::form;
use super::words::text;
use super::{is_member, is_not_now, kept, sign_in, why};
use crate::parts::icon;
use crate::parts::sheet::{close_then, sheet};
use crate::view::{IntoView, View, changing, each, follows, on, task, text as live_text, view};
use client::Error;
use domain::id::{RoundId, WishId};
use domain::live::{RoundState, WishGroup, WishRound};
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("button.css");
const _: &str = include_str!("board.css");

/// A board that somebody looks at.
#[derive(Clone, Copy)]
pub(super) struct Board {
    pub(super) here: Here,
    pub(super) open: RwSignal<bool>,
    pub(super) id: StoredValue<RoundId>,
    pub(super) now: Memo<Option<WishRound>>,
    /// In which order it is shown. What comes later stands below, so that nothing moves under a
    /// finger.
    order: RwSignal<Vec<WishId>>,
    /// What was tapped, as long as it has no answer: whether it is wanted.
    tapped: RwSignal<Vec<(WishId, bool)>>,
    /// What was answered, where the room does not know who one is.
    answered: RwSignal<Vec<(WishId, bool)>>,
    /// What was wished for in one's own words from this device.
    pub(super) own: RwSignal<Vec<WishId>>,
    pub(super) said: RwSignal<String>,
    /// It is drawn as open, and the shop has closed it.
    missed: RwSignal<bool>,
}

/// A wish, as its row needs it.
struct Row {
    board: Board,
    key: String,
    label: String,
}

/// The button of the wish board, and its sheet.
pub fn wishes_button(here: Here) -> View {
    let class = style_sheet!("src/app/src/shop/live/rounds/button.css");
    let text = text();
    let open = RwSignal::new(false);
    let title = Memo::new(move |_| {
        let title = |round: &WishRound| is_open(round).then(|| round.title.clone());
        here.drawn.round(title).flatten()
    });
    let has_round = move || title.with(Option::is_some);
    let label = move || {
        let label = if has_round() && !here.past {
            text.wishes_open
        } else {
            text.wishes
        };
        label.to_owned()
    };
    let said = move || {
        let title = title.get();
        title
            .map(|title| (text.wishes_said)(&title))
            .unwrap_or_default()
    };
    view! {
        <div class=class>
            <button
                type="button"
                class="round"
                class:open=follows(has_round)
                aria-haspopup="dialog"
                aria-label=follows(label)
                on:click=on(move |_| open.set(true))
            >
                {icon("wish")}
            </button>
            <p class="unseen" role="status">{live_text(said)}</p>
            {sheet(text.wishes, open, move || board(here, open))}
        </div>
    }
}

fn is_open(round: &WishRound) -> bool {
    round.state == RoundState::Open
}

/// The board of the last round, made anew for another one.
fn board(here: Here, open: RwSignal<bool>) -> View {
    let id = Memo::new(move |_| here.drawn.round(|round| round.id.clone()));
    let now = here.wishes();
    changing(move || match id.get() {
        Some(id) => round(here, open, now, id),
        None if here.past => view! { <p class="quiet">{text().no_round_then}</p> },
        None => view! { <p class="quiet">{text().no_round}</p> },
    })
}

fn round(here: Here, open: RwSignal<bool>, now: Memo<Option<WishRound>>, id: RoundId) -> View {
    let class = style_sheet!("src/app/src/shop/live/rounds/board.css");
    let text = text();
    let own = kept::wished(&id);
    let board = Board {
        here,
        open,
        now: {
            let id = id.clone();
            Memo::new(move |_| {
                let is_it = |round: &&WishRound| round.id == id;
                now.with(|round| round.as_ref().filter(is_it).cloned())
            })
        },
        id: StoredValue::new(id),
        order: RwSignal::new(Vec::new()),
        tapped: RwSignal::new(Vec::new()),
        answered: RwSignal::new(Vec::new()),
        own: RwSignal::new(own),
        said: RwSignal::new(String::new()),
        missed: RwSignal::new(false),
    };
    board.sort();
    let title = untrack(|| board.with(|round| round.title.clone())).unwrap_or_default();
    let is_over = Memo::new(move |_| board.is_closed());
    let ask = changing(move || {
        if is_over.get() {
            view! { <p><span class="tag">{text.over}</span></p> }
        } else if here.past {
            ().into_view()
        } else {
            form(board)
        }
    });
    let count = Memo::new(move |_| board.with(|round| round.groups.len()).unwrap_or_default());
    let head = changing(move || match count.get() {
        0 if here.past => ().into_view(),
        0 => view! { <p class="quiet">{text.no_wishes}</p> },
        1 => ().into_view(),
        _ => {
            let sort = on(move |_| board.sort());
            view! { <p class="sort"><button type="button" on:click=sort>{icon("sort")} {text.by_votes}</button></p> }
        }
    });
    view! {
        <section class=class>
            <h3>{title}</h3>
            {ask}
            <p class="said" role="status">{live_text(move || board.said.get())}</p>
            {head}
            <ul>{each(move || board.rows(), |row| &row.key, row)}</ul>
        </section>
    }
}

fn row(row: Row) -> View {
    let Row { board, key, label } = row;
    let text = text();
    let id = StoredValue::new(WishId::from(key));
    let votes = Memo::new(move |_| {
        let votes = board.with(|round| {
            let mut groups = round.groups.iter();
            let group = groups.find(|group| id.with_value(|id| group.id == *id));
            group.map(|group| group.votes)
        });
        votes.flatten().unwrap_or_default()
    });
    let is_wanted = Memo::new(move |_| id.with_value(|id| board.wants(id)));
    let said = move || {
        let said = if is_wanted.get() {
            text.wanted
        } else {
            text.want
        };
        said.to_owned()
    };
    let name = label.clone();
    view! {
        <li>
            <strong>{label}</strong>
            <span>{live_text(move || (text.wanted_by)(votes.get()))}</span>
            <button
                type="button"
                class="btn soft"
                aria-pressed=follows(move || is_wanted.get().to_string())
                aria-label=follows(move || [said().as_str(), " ", &name].concat())
                disabled=follows(move || board.is_over())
                on:click=on(move |_| board.tap(&id.get_value()))
            >
                <b hidden=follows(move || !is_wanted.get())>{icon("check")}</b>
                {live_text(said)}
            </button>
        </li>
    }
}

impl Board {
    pub(super) fn with<T>(self, look: impl FnOnce(&WishRound) -> T) -> Option<T> {
        self.now.with(|round| round.as_ref().map(look))
    }

    fn is_over(self) -> bool {
        self.here.past || self.is_closed()
    }

    fn is_closed(self) -> bool {
        self.missed.get() || self.with(|round| !is_open(round)).unwrap_or(true)
    }

    /// Whether the shop has closed it, whatever is drawn; asked while something is answered.
    fn is_over_now(self) -> bool {
        let is_it = |round: &&WishRound| {
            let is_it = self.id.try_with_value(|id| round.id == *id);
            is_it == Some(true) && is_open(round)
        };
        let is_open = self.here.room.try_with_untracked(|room| {
            let round = room.as_ref().and_then(|room| room.wishes.as_ref());
            round.filter(is_it).is_some()
        });
        is_open != Some(true)
    }

    /// Says of something that was refused, because it was closed, that it was; whether that is so.
    pub(super) fn over(self, error: &Error) -> Option<&'static str> {
        if !is_not_now(error) || !self.is_over_now() {
            return None;
        }
        let is_drawn_open = |round: &Option<WishRound>| round.as_ref().is_some_and(is_open);
        if self.now.try_with_untracked(is_drawn_open) == Some(true) {
            self.missed.try_set(true);
            return Some(text().wish_missed);
        }
        Some(text().wish_over)
    }

    /// Puts the most wanted first, now and not by itself.
    fn sort(self) {
        let ranked = untrack(|| {
            self.with(|round| {
                let ranked = round.ranked().into_iter();
                ranked.map(|group| group.id.clone()).collect()
            })
        });
        self.order.set(ranked.unwrap_or_default());
    }

    fn rows(self) -> Vec<Row> {
        let groups = self.with(|round| round.groups.clone()).unwrap_or_default();
        let mut rows = Vec::new();
        self.order.with(|order| {
            let known = order
                .iter()
                .filter_map(|id| groups.iter().find(|group| group.id == *id));
            let later = groups.iter().filter(|group| !order.contains(&group.id));
            rows.extend(known.chain(later).map(|group| Row {
                board: self,
                key: group.id.to_string(),
                label: group.label.clone(),
            }));
        });
        rows
    }

    /// Whether the member wants it: as tapped, as the room knows it, as it was answered.
    fn wants(self, id: &WishId) -> bool {
        let find = |all: &Vec<(WishId, bool)>| {
            let there = all.iter().find(|(one, _)| one == id);
            there.map(|(_, wanted)| *wanted)
        };
        if let Some(wanted) = self.tapped.with(find) {
            return wanted;
        }
        let mine = self.here.room.with(|room| {
            let mine = room.as_ref()?.mine.as_ref()?;
            Some(mine.wishes.contains(id))
        });
        let answered =
            || self.here.stores.session.is_open() && self.answered.with(find) == Some(true);
        mine.unwrap_or_else(answered)
    }

    /// Takes in that the member wants something, or does not.
    pub(super) fn note(self, id: &WishId, wanted: bool) {
        self.here.change(|room| {
            if let Some(mine) = &mut room.mine {
                mine.wishes.retain(|one| one != id);
                if wanted {
                    mine.wishes.push(id.clone());
                }
            }
        });
        self.answered.try_update(|all| put(all, id, wanted));
    }

    /// Keeps what was wished for in one's own words.
    pub(super) fn keep_own(self, change: impl FnOnce(&mut Vec<WishId>)) {
        self.own.try_update(change);
        let kept = (self.id.try_get_value(), self.own.try_get_untracked());
        if let (Some(round), Some(own)) = kept {
            kept::keep_wished(&round, &own);
        }
    }

    /// Wants something, or does not any more. What is tapped while an answer is awaited is sent after
    /// it: the last tap counts.
    fn tap(self, id: &WishId) {
        if !is_member(self.here) {
            return self.sign_in();
        }
        let wanted = !untrack(|| self.wants(id));
        let is_new = self
            .tapped
            .with_untracked(|all| all.iter().all(|(one, _)| one != id));
        self.said.set(String::new());
        self.tapped.update(|all| put(all, id, wanted));
        if is_new {
            self.send(id.clone(), wanted);
        }
    }

    fn send(self, id: WishId, wanted: bool) {
        let here = self.here;
        let show = here.id.get_value();
        let client = here.stores.client();
        task(async move {
            let mut next = Some(wanted);
            while let Some(wanted) = next.take() {
                let shows = client.shows();
                let answer = if wanted {
                    shows.vote_for_wish(&show, &id).await
                } else {
                    shows.take_wish_back(&show, &id).await
                };
                match answer {
                    Ok(WishGroup { .. }) => {
                        self.note(&id, wanted);
                        if !wanted {
                            self.keep_own(|own| own.retain(|one| *one != id));
                        }
                        let last = self.tapped.try_with_untracked(|all| {
                            all.iter()
                                .find(|(one, _)| *one == id)
                                .map(|(_, last)| *last)
                        });
                        next = last.flatten().filter(|last| *last != wanted);
                    }
                    // The mark goes back to what is known.
                    Err(error) => {
                        let over = self.over(&error).unwrap_or(text().wish_over);
                        self.said.try_set(why(&error, here, over));
                    }
                }
            }
            self.tapped
                .try_update(|all| all.retain(|(one, _)| *one != id));
        });
    }

    /// Goes to where one signs in; back here the sheet is opened again by hand.
    pub(super) fn sign_in(self) {
        close_then(self.open, move || sign_in(self.here));
    }
}

fn put(all: &mut Vec<(WishId, bool)>, id: &WishId, wanted: bool) {
    all.retain(|(one, _)| one != id);
    all.push((id.clone(), wanted));
}
