//! The field where one wishes for something in one's own words.

use super::board::Board;
use super::kept::{self, Wishing};
use super::words::text;
use super::{is_member, is_too_fast, why};
use crate::view::{IntoView, Slot, View, changing, follows, on, task, text as live_text, view};
use client::Error;
use domain::live::{MAX_GROUPS, MAX_PHRASE_CHARS, MAX_WISHES_EACH, WishGroup};
use domain::problem::ProblemKind;
use leptos::prelude::*;
use stylers::style_sheet;
use web_sys::HtmlInputElement;

const _: &str = include_str!("wish.css");

/// A wish that is being made.
#[derive(Clone, Copy)]
struct Making {
    board: Board,
    field: Slot<HtmlInputElement>,
    sending: RwSignal<bool>,
    /// One that was sent, and of which it is not known whether it arrived.
    unsure: RwSignal<Option<Wishing>>,
}

/// The field, and what became of the last wish.
pub fn form(board: Board) -> View {
    let class = style_sheet!("src/app/src/shop/live/rounds/wish.css");
    let text = text();
    let stores = board.here.stores;
    let making = Making {
        board,
        field: Slot::new(),
        sending: RwSignal::new(false),
        unsure: RwSignal::new(board.id.with_value(kept::wishing)),
    };
    let submit = on(move |event| {
        event.prevent_default();
        making.submit();
    });
    let typed = on(move |_| kept::keep_draft(&making.typed()));
    let most = u32::try_from(MAX_PHRASE_CHARS).unwrap_or_default();
    let button = move || {
        let is_member = stores.session.is_open();
        (if is_member {
            text.wish_do
        } else {
            text.sign_in_to_wish
        })
        .to_owned()
    };
    let unsure = changing(move || {
        let unsure = making.unsure.get().map(|wishing| {
            let again = on(move |_| making.send());
            view! {
                <div class="unsure" role="alert">
                    <p>{(text.wish_unsure)(&wishing.phrase)}</p>
                    <button type="button" class="btn" disabled=follows(move || making.sending.get()) on:click=again>{text.send_again}</button>
                </div>
            }
        });
        unsure.into_view()
    });
    let left = move || {
        let left = wishes_left(board);
        match left {
            0 => text.wished_all.to_owned(),
            _ => (text.may_wish)(left),
        }
    };
    view! {
        <form class=class on:submit=submit>
            <label>
                <span>{text.wish}</span>
                <input node_ref=making.field type="text" maxlength=most autocomplete="off" enterkeyhint="send" prop:value=kept::draft() on:input=typed />
            </label>
            <button class="btn" disabled=follows(move || making.is_busy())>{live_text(button)}</button>
            <p class="quiet">{live_text(left)}</p>
            {unsure}
        </form>
    }
}

/// How many one may still wish for, as far as this device knows.
fn wishes_left(board: Board) -> usize {
    let most = usize::try_from(MAX_WISHES_EACH).unwrap_or_default();
    most.saturating_sub(board.own.with(Vec::len))
}

impl Making {
    fn typed(self) -> String {
        self.field
            .get()
            .map(|field| field.value())
            .unwrap_or_default()
    }

    /// A wish is on its way, or it is not known whether it arrived: no other one before that.
    fn is_busy(self) -> bool {
        self.sending.get() || self.unsure.with(Option::is_some)
    }

    fn submit(self) {
        let typed = self.typed();
        let phrase = typed.trim();
        if !is_member(self.board.here) {
            kept::keep_draft(phrase);
            return self.board.sign_in();
        }
        if phrase.is_empty() || untrack(|| self.is_busy()) {
            return;
        }
        let wishing = self
            .board
            .id
            .with_value(|round| kept::begin_wish(round, phrase));
        self.send_it(wishing);
    }

    /// Sends the one of which it is not known whether it arrived, as it was.
    fn send(self) {
        if let Some(wishing) = self.unsure.get_untracked() {
            self.send_it(wishing);
        }
    }

    fn send_it(self, wishing: Wishing) {
        let (board, here) = (self.board, self.board.here);
        if self.sending.get_untracked() {
            return;
        }
        self.sending.set(true);
        board.said.set(String::new());
        let show = here.id.get_value();
        let client = here.stores.client();
        task(async move {
            let Wishing { phrase, key, .. } = &wishing;
            match client.shows().wish(&show, phrase, key).await {
                Ok(group) => {
                    kept::end_wish();
                    self.unsure.try_set(None);
                    self.granted(&wishing, &group);
                }
                Err(error) if error.is_unknown() => {
                    leptos::logging::warn!("{error}");
                    self.unsure.try_set(Some(wishing));
                }
                Err(error) => {
                    let was_unsure = self.unsure.try_get_untracked().flatten().is_some();
                    if !(is_too_fast(&error) && was_unsure) {
                        // What was refused under a key stays refused.
                        kept::end_wish();
                        self.unsure.try_set(None);
                    }
                    let said = self.refused(&error);
                    board.said.try_set(said);
                    if error.is_not_signed_in() {
                        // What is typed outlives the session that is over.
                        kept::keep_draft(phrase);
                    }
                }
            }
            self.sending.try_set(false);
            if let Some(field) = self.field.get() {
                let _ = field.focus();
            }
        });
    }

    /// The wish is on the board.
    fn granted(self, wishing: &Wishing, group: &WishGroup) {
        let text = text();
        self.board.note(&group.id, true);
        self.board.keep_own(|own| {
            if !own.contains(&group.id) {
                own.push(group.id.clone());
            }
        });
        let said = if group.label == wishing.phrase {
            (text.wished)(&group.label)
        } else {
            (text.counted_as)(&group.label)
        };
        self.board.said.try_set(said);
        // What was typed meanwhile stays.
        let is_it = kept::draft().trim() == wishing.phrase;
        if is_it {
            kept::keep_draft("");
            if let Some(field) = self.field.get() {
                field.set_value("");
            }
        }
    }

    fn refused(self, error: &Error) -> String {
        let (text, board) = (text(), self.board);
        let kind = match error {
            Error::Refused { problem, .. } => Some(&problem.kind),
            _ => None,
        };
        let round = board.now.try_get_untracked().flatten();
        let is_full = round.is_some_and(|round| round.groups.len() >= MAX_GROUPS);
        // It is said for three reasons; which one is seen from here.
        let over = if let Some(over) = board.over(error) {
            over
        } else if is_full {
            text.board_full
        } else {
            text.wished_all
        };
        if kind == Some(&ProblemKind::InvalidBody) {
            return text.wish_not_taken.to_owned();
        }
        why(error, board.here, over)
    }
}
