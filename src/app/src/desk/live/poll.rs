//! A poll: its question and what one may choose, opened under one key; its result as it comes.

use super::here::Here;
use super::results::{Part, bars};
use super::tool;
use super::words::text as words;
use crate::desk::once::{Kept, Sent};
use crate::state::Stores;
use crate::view::{View, follows, on, text, view};
use client::json;
use domain::id::ShowId;
use domain::live::{MAX_OPTION_CHARS, MAX_OPTIONS, MAX_QUESTION_CHARS, Poll, PollRequest, plain};
use leptos::prelude::*;

fn send(stores: Stores, kept: Kept) -> Sent<Poll> {
    Box::pin(async move {
        let poll: PollRequest = json::decode(&kept.request)?;
        let show = ShowId::from(kept.place.as_str());
        stores
            .client()
            .desk_shows()
            .open_poll(&show, &poll, &kept.key)
            .await
    })
}

/// The panel.
pub fn panel(here: Here) -> View {
    tool::panel(last(here), form(here))
}

/// The last poll.
fn last(here: Here) -> View {
    let words = words();
    let poll = here.piece(|room| room.poll.clone());
    let head = move || {
        poll.with(|poll| {
            let poll = poll.as_ref()?.as_ref()?;
            Some(tool::Last {
                id: poll.id.clone(),
                title: poll.question.clone(),
                state: poll.state,
            })
        })
    };
    let votes = move || poll.with(|poll| poll.iter().flatten().map(Poll::votes).sum::<u32>());
    let parts = move || {
        poll.with(|poll| {
            let options = poll.iter().flatten().flat_map(|poll| &poll.options);
            let part = |(at, option): (usize, &domain::live::PollOption)| Part {
                key: at.to_string(),
                name: option.text.clone(),
                count: option.votes,
            };
            options.enumerate().map(part).collect::<Vec<_>>()
        })
    };
    let result = move || {
        view! {
            <p class="quiet">{text(move || (words.voted)(votes()))}</p>
            {bars(words.result, parts, words.votes)}
        }
    };
    let names = tool::Names {
        none: words.no_poll,
        last: words.last_poll,
        close: words.close_poll,
        close_sure: words.close_poll_sure,
    };
    tool::last(head, names, result, move |id, busy| {
        let call = move |client: client::Client<_>, show| async move {
            client.desk_shows().close_poll(&show, &id).await
        };
        here.does(busy, call, |_| {});
    })
}

fn form(here: Here) -> View {
    let words = words();
    let once = here.once("poll", send);
    let trouble = RwSignal::new(String::new());
    let question = here.draft("poll/question");
    let options: Vec<_> = (1..=MAX_OPTIONS)
        .map(|number| here.draft(&["poll/option/", &number.to_string()].concat()))
        .collect();
    // As many fields as are written in, and two at least.
    let written = options
        .iter()
        .rposition(|option| !option.text.with_untracked(String::is_empty));
    let fields = RwSignal::new(written.map_or(2, |last| last + 1).max(2));
    let all = StoredValue::new(options.clone());
    let clear = move || {
        question.clear();
        all.with_value(|all| all.iter().for_each(|option| option.clear()));
        fields.try_set(2);
    };
    tool::see_through(once, here, trouble, clear, words.poll_opened);
    let submit = on(move |event| {
        event.prevent_default();
        let shown = fields.get_untracked();
        let options = all.with_value(|all| {
            let texts = all.iter().take(shown).map(|option| option.trimmed());
            texts.filter(|text| !text.is_empty()).collect::<Vec<_>>()
        });
        let asked = question.trimmed();
        let mut different: Vec<String> = options.iter().map(|text| plain(text)).collect();
        different.sort();
        different.dedup();
        let missing = if asked.is_empty() {
            words.question_first
        } else if options.len() < 2 {
            words.options_first
        } else if different.len() < options.len() {
            words.options_same
        } else {
            ""
        };
        trouble.set(missing.to_owned());
        if missing.is_empty() {
            let request = PollRequest {
                said_at: here.said_at(),
                question: asked,
                options,
            };
            here.id
                .with_value(|id| once.submit(id.as_str(), &request, here.host.stores));
        }
    });
    let rows = options.into_iter().enumerate().map(|(at, option)| {
        let name = (words.option)(at + 1);
        let typed = on(move |event| option.set(event_target_value(&event)));
        view! {
            <label hidden=follows(move || at >= fields.get())><span>{name}</span> <input name="option" autocomplete="off" maxlength=MAX_OPTION_CHARS.to_string() prop:value=follows(move || option.text.get()) on:input=typed /></label>
        }
    });
    let rows = rows.collect::<Vec<_>>();
    let more = on(move |_| fields.update(|fields| *fields = (*fields + 1).min(MAX_OPTIONS)));
    let cannot = move || once.is_busy() || !here.is_live();
    view! {
        <form novalidate aria-label=words.new_poll hidden=follows(move || here.is_over()) aria-busy=follows(move || once.is_busy().then_some("true")) on:beforeinput=once.holds_typing() on:submit=submit>
            <h3>{words.new_poll}</h3>
            {question.hinted(words.question, "question", MAX_QUESTION_CHARS, words.question_hint)}
            {rows}
            <div class="do">
                <button type="button" class="btn soft" hidden=follows(move || fields.get() >= MAX_OPTIONS) on:click=more>{words.more_options}</button>
                <button class="btn" disabled=follows(cannot)>{words.open_poll}</button>
            </div>
            {tool::foot(once, here, trouble)}
        </form>
    }
}
