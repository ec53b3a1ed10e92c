//! The poll: its options as buttons, with what they have got so far.

use super::super::here::Here;
use super::words::text;
use super::{is_member, is_not_now, sign_in, why};
use crate::parts::icon;
use crate::view::{IntoView, View, changing, each, follows, on, task, text as live_text, view};
use client::Error;
use domain::id::PollId;
use domain::live::{MyVote, Poll, RoundState};
use leptos::prelude::*;
use std::cell::RefCell;
use stylers::style_sheet;

const _: &str = include_str!("poll.css");

thread_local! {
    /// The poll that was made small, as long as this page lives.
    static SMALL: RefCell<Option<PollId>> = const { RefCell::new(None) };
}

/// A poll that somebody looks at.
#[derive(Clone, Copy)]
struct Asking {
    here: Here,
    id: StoredValue<PollId>,
    now: Memo<Option<Poll>>,
    /// What was tapped last, as long as it has no answer.
    wanted: RwSignal<Option<u32>>,
    /// What was answered last, where the room does not know who one is yet.
    voted: RwSignal<Option<u32>>,
    said: RwSignal<String>,
    /// It is drawn as open, and the shop has closed it.
    missed: RwSignal<bool>,
    sending: StoredValue<bool>,
}

/// An option, as its button needs it.
struct Choice {
    asking: Asking,
    at: u32,
    key: String,
}

/// The poll that is open, or the result of the last one.
pub fn poll(here: Here) -> View {
    let class = style_sheet!("src/app/src/shop/live/rounds/poll.css");
    let settings = here.stores.settings;
    let poll = here.poll();
    let of_poll =
        move |look: fn(&Poll) -> Option<String>| poll.with(|poll| poll.as_ref().and_then(look));
    let id = Memo::new(move |_| poll.with(|poll| Some(poll.as_ref()?.id.clone())));
    let opened = Memo::new(move |_| {
        of_poll(|poll| (poll.state == RoundState::Open).then(|| (text().poll_said)(&poll.question)))
    });
    let result = Memo::new(move |_| of_poll(|poll| (!is_open(poll)).then(|| result(poll))));
    // A vote alone is not worth a word.
    let said = live_text(move || opened.get().or_else(|| result.get()).unwrap_or_default());
    let card = changing(move || id.get().map(|id| card(here, poll, id)).into_view());
    view! {
        <div class=class class:elder=follows(move || settings.elder())>
            {card}
            <p class="unseen" role="status">{said}</p>
        </div>
    }
}

fn is_open(poll: &Poll) -> bool {
    poll.state == RoundState::Open
}

/// What most have chosen.
fn result(poll: &Poll) -> String {
    let first = poll
        .options
        .iter()
        .rev()
        .max_by_key(|option| option.votes)
        .filter(|option| option.votes > 0);
    match first {
        Some(first) => {
            let share = [&share(first.votes, poll.votes()).to_string(), "%"].concat();
            (text().poll_result)(&first.text, &share)
        }
        None => text().over.to_owned(),
    }
}

/// Per cent, rounded; 0 of none.
fn share(votes: u32, all: u32) -> u32 {
    let (votes, all) = (u64::from(votes), u64::from(all));
    let share = (votes * 200 + all).checked_div(all * 2).unwrap_or_default();
    u32::try_from(share).unwrap_or_default()
}

fn card(here: Here, poll: Memo<Option<Poll>>, id: PollId) -> View {
    let text = text();
    let small = RwSignal::new(SMALL.with_borrow(|small| small.as_ref() == Some(&id)));
    let asking = Asking {
        here,
        now: {
            let id = id.clone();
            Memo::new(move |_| {
                let is_it = |poll: &&Poll| poll.id == id;
                poll.with(|poll| poll.as_ref().filter(is_it).cloned())
            })
        },
        id: StoredValue::new(id),
        wanted: RwSignal::new(None),
        voted: RwSignal::new(None),
        said: RwSignal::new(String::new()),
        missed: RwSignal::new(false),
        sending: StoredValue::new(false),
    };
    let question = untrack(|| asking.with(|poll| poll.question.clone())).unwrap_or_default();
    let fold = on(move |_| {
        let is_small = !small.get_untracked();
        SMALL.set(is_small.then(|| asking.id.get_value()));
        small.set(is_small);
    });
    let choices = move || {
        let count = asking.with(|poll| poll.options.len()).unwrap_or_default();
        (0..)
            .take(count)
            .map(|at: u32| Choice {
                asking,
                at,
                key: at.to_string(),
            })
            .collect()
    };
    let is_over = Memo::new(move |_| asking.is_over());
    let over = changing(move || {
        is_over
            .get()
            .then(|| view! { <span class="tag">{text.over}</span> " " })
            .into_view()
    });
    let votes = move || (text.votes)(asking.with(Poll::votes).unwrap_or_default());
    let hint = changing(move || {
        if is_over.get() || here.past {
            return ().into_view();
        }
        if here.stores.session.is_open() {
            let voted = asking.chosen().is_some();
            voted
                .then(|| view! { <p class="hint">{text.change_vote}</p> })
                .into_view()
        } else {
            view! { <p class="hint"><a href=here.sign_in()>{text.sign_in_to_vote}</a></p> }
        }
    });
    view! {
        <section aria-label=text.poll class:small=follows(move || small.get())>
            <h2>
                <button type="button" aria-expanded=follows(move || (!small.get()).to_string()) on:click=fold>
                    <span>{question}</span>
                    {icon("more")}
                </button>
            </h2>
            <div hidden=follows(move || small.get())>
                <ul>{each(choices, |choice| &choice.key, choice)}</ul>
                <p class="sum">{over} {live_text(votes)}</p>
                {hint}
                <p class="said" role="status">{live_text(move || asking.said.get())}</p>
            </div>
        </section>
    }
}

fn choice(choice: Choice) -> View {
    let Choice { asking, at, .. } = choice;
    let at_index = usize::try_from(at).unwrap_or_default();
    let words = untrack(|| asking.with(|poll| poll.options.get(at_index).cloned()));
    let words = words.flatten().map(|option| option.text);
    let percent = Memo::new(move |_| {
        let share = asking.with(|poll| {
            let votes = poll.options.get(at_index).map(|option| option.votes);
            share(votes.unwrap_or_default(), poll.votes())
        });
        share.unwrap_or_default()
    });
    let bar = move || ["M0 0H", &percent.get().to_string(), "V1H0z"].concat();
    let is_mine = move || asking.chosen() == Some(at);
    let is_off = move || asking.here.past || asking.is_over();
    view! {
        <li>
            <button
                type="button"
                aria-pressed=follows(move || is_mine().to_string())
                disabled=follows(is_off)
                on:click=on(move |_| asking.vote(at))
            >
                <svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"><path d=follows(bar)></path></svg>
                <span>{words.unwrap_or_default()} <b hidden=follows(move || !is_mine())>{icon("check")}</b></span>
                <span class="share">{live_text(move || [&percent.get().to_string(), "%"].concat())}</span>
            </button>
        </li>
    }
}

impl Asking {
    fn with<T>(self, look: impl FnOnce(&Poll) -> T) -> Option<T> {
        self.now.with(|poll| poll.as_ref().map(look))
    }

    fn is_over(self) -> bool {
        self.missed.get() || self.with(|poll| !is_open(poll)).unwrap_or(true)
    }

    /// Why a vote does not count.
    fn why(self, error: &Error) -> String {
        let is_drawn_open = |poll: &Option<Poll>| poll.as_ref().is_some_and(is_open);
        if is_not_now(error) && self.now.try_with_untracked(is_drawn_open) == Some(true) {
            self.missed.try_set(true);
            return text().poll_missed.to_owned();
        }
        why(error, self.here, text().poll_over)
    }

    /// The member's vote: as tapped, as the room knows it, as it was answered.
    fn chosen(self) -> Option<u32> {
        let known = || {
            self.here.room.with(|room| {
                let vote = room.as_ref()?.mine.as_ref()?.vote.as_ref()?;
                self.id
                    .with_value(|id| vote.poll == *id)
                    .then_some(vote.option)
            })
        };
        let answered = || {
            let is_member = self.here.stores.session.is_open();
            self.voted.get().filter(|_| is_member)
        };
        self.wanted.get().or_else(known).or_else(answered)
    }

    /// Votes. What is tapped while another vote is on its way is sent after it: the last one counts.
    fn vote(self, option: u32) {
        let here = self.here;
        if !is_member(here) {
            return sign_in(here);
        }
        self.said.set(String::new());
        self.wanted.set(Some(option));
        if self.sending.get_value() {
            return;
        }
        self.sending.set_value(true);
        let (show, poll) = (here.id.get_value(), self.id.get_value());
        let client = here.stores.client();
        task(async move {
            let mut next = Some(option);
            while let Some(option) = next.take() {
                let answer = client.shows().vote(&show, &poll, option).await;
                let last = self.wanted.try_get_untracked().flatten();
                match answer {
                    Ok(_) => {
                        let vote = MyVote {
                            poll: poll.clone(),
                            option,
                        };
                        here.change(|room| {
                            if let Some(mine) = &mut room.mine {
                                mine.vote = Some(vote);
                            }
                        });
                        self.voted.try_set(Some(option));
                        next = last.filter(|last| *last != option);
                    }
                    // The mark goes back to what is known.
                    Err(error) => {
                        self.said.try_set(self.why(&error));
                    }
                }
            }
            self.wanted.try_set(None);
            self.sending.try_set_value(false);
        });
    }
}
