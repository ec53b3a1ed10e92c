//! What is asked: equal questions are one, and their answer goes to everybody who asked.

use super::here::Here;
use super::moderate;
use super::words::text as words;
use crate::desk::focus_soon;
use crate::view::{Slot, View, each, follows, on, text, view};
use client::Error;
use domain::id::CommentId;
use domain::live::{Answer, Comment, MAX_ANSWER_CHARS, Question, Room, plain};
use leptos::prelude::*;
use stylers::style_sheet;
use web_sys::HtmlElement;

const _: &str = include_str!("questions.css");

/// Equal questions.
#[derive(Clone, Debug, PartialEq)]
struct Asked {
    /// Who asked first.
    first: Comment,
    /// All of them.
    ids: Vec<CommentId>,
    /// How many others asked the same.
    others: usize,
    /// What was answered last; nothing as long as one of them waits.
    answer: Option<Answer>,
}

/// The questions of a room that wait, the oldest first, or those that were answered, the newest first.
fn asked(room: &Room, answered: bool) -> Vec<Asked> {
    let mut groups: Vec<(String, Asked)> = Vec::new();
    let wanted = |question: &&Question| question.answer.is_some() == answered;
    for question in room.questions.iter().filter(wanted) {
        let key = plain(&question.comment.text);
        match groups.iter_mut().find(|(there, _)| *there == key) {
            Some((_, group)) => {
                group.ids.push(question.comment.id.clone());
                if question.comment.author != group.first.author {
                    group.others += 1;
                }
                if answered {
                    group.answer = question.answer.clone();
                }
            }
            None => groups.push((
                key,
                Asked {
                    first: question.comment.clone(),
                    ids: vec![question.comment.id.clone()],
                    others: 0,
                    answer: question.answer.clone(),
                },
            )),
        }
    }
    let mut groups: Vec<Asked> = groups.into_iter().map(|(_, group)| group).collect();
    if answered {
        groups.reverse();
    }
    groups
}

/// What the rows share.
#[derive(Clone, Copy)]
struct Lane {
    here: Here,
    open: Memo<Vec<Asked>>,
    name: Slot<HtmlElement>,
}

struct Row {
    first: Comment,
    lane: Lane,
}

/// The section.
pub fn section(here: Here) -> View {
    let class = style_sheet!("src/app/src/desk/live/questions.css");
    let words = words();
    let of = move |answered: bool| {
        Memo::new(move |_| {
            here.room.with(|room| {
                room.as_ref()
                    .map(|room| asked(room, answered))
                    .unwrap_or_default()
            })
        })
    };
    let (open, done) = (of(false), of(true));
    let name = Slot::new();
    let lane = Lane { here, open, name };
    let rows = move || {
        let open = open.get().into_iter();
        open.map(|group| Row {
            first: group.first,
            lane,
        })
        .collect()
    };
    let heading = move || (words.questions)(open.with(Vec::len));
    let nothing = move || open.with(Vec::is_empty);
    let seen = RwSignal::new(false);
    let answered = move || if seen.get() { done.get() } else { Vec::new() };
    let toggle = on(move |_| seen.update(|seen| *seen = !*seen));
    view! {
        <section class=class aria-label=words.question_lane>
            <h2 node_ref=name tabindex="-1">{text(heading)}</h2>
            <p class="quiet" hidden=follows(move || !nothing())>{words.no_questions}</p>
            <ul>{each(rows, |row: &Row| row.first.id.as_str(), row)}</ul>
            <button type="button" class="btn soft" aria-expanded=follows(move || seen.get().to_string()) hidden=follows(move || done.with(Vec::is_empty)) on:click=toggle>{text(move || (words.answered)(done.with(Vec::len)))}</button>
            <ul class="done" hidden=follows(move || !seen.get())>{each(answered, |group: &Asked| group.first.id.as_str(), done_row)}</ul>
        </section>
    }
}

fn done_row(group: Asked) -> View {
    let words = words();
    let answer = match group.answer {
        Some(answer) if !answer.text.is_empty() => answer.text,
        _ => words.said_on_air.to_owned(),
    };
    view! { <li><p class="quiet">{group.first.text}</p> <p>{answer}</p></li> }
}

fn row(Row { first, lane }: Row) -> View {
    let words = words();
    let (here, id) = (lane.here, first.id.clone());
    let of = id.clone();
    let group = Memo::new(move |_| {
        lane.open
            .with(|open| open.iter().find(|one| one.first.id == of).cloned())
    });
    let others = move || match group.with(|group| group.as_ref().map_or(0, |group| group.others)) {
        0 => String::new(),
        others => (words.others)(others),
    };
    let draft = here.draft(&["answer/", id.as_str()].concat());
    // What was begun is seen again.
    let writes = RwSignal::new(!draft.text.with_untracked(String::is_empty));
    let busy = RwSignal::new(false);
    let trouble = RwSignal::new("");
    let field = Slot::<HtmlElement>::new();
    let opener = Slot::<HtmlElement>::new();
    let answer = move |words_of_it: String| {
        let ids = group.with_untracked(|group| {
            let ids = group.as_ref().map(|group| group.ids.clone());
            ids.unwrap_or_default()
        });
        let call = move |client: client::Client<_>, show| async move {
            for id in ids {
                let done = client.desk_shows().answer(&show, &id, &words_of_it).await;
                match done {
                    // It was taken away meanwhile.
                    Err(error) if error.is_not_found() => {}
                    Err(error) => return Err(error),
                    Ok(_) => {}
                }
            }
            Ok::<(), Error>(())
        };
        here.does(busy, call, move |()| {
            draft.clear();
            focus_soon(lane.name);
        });
    };
    let on_air = on(move |_| answer(String::new()));
    let submit = on(move |event| {
        event.prevent_default();
        match draft.trimmed() {
            written if written.is_empty() => trouble.set(words.answer_first),
            written => {
                trouble.set("");
                answer(written);
            }
        }
    });
    let write = on(move |_| {
        writes.set(true);
        focus_soon(field);
    });
    let not_now = on(move |_| {
        writes.set(false);
        focus_soon(opener);
    });
    let typed = on(move |event| draft.set(event_target_value(&event)));
    let label = |does: &str| [does, " ", &first.text].concat();
    let (on_air_label, write_label) = (label(words.on_air), label(words.write_answer));
    let can = move || here.is_live() || here.is_over();
    let name = moderate::called(&first.name);
    view! {
        <li>
            <p class="asked"><strong>{first.text.clone()}</strong></p>
            <p class="quiet">{name} " · " {first.at.clock()} " " <b>{text(others)}</b></p>
            <div class="do">
                <button type="button" class="btn" aria-label=on_air_label hidden=follows(move || !can()) disabled=follows(move || busy.get()) on:click=on_air>{words.on_air}</button>
                <button type="button" class="btn soft" node_ref=opener aria-label=write_label aria-expanded="false" hidden=follows(move || !can() || writes.get()) on:click=write>{words.write_answer}</button>
                {moderate::buttons(&first, here)}
            </div>
            <form novalidate hidden=follows(move || !writes.get()) on:submit=submit>
                <label><span class="unseen">{words.answer}</span> <textarea node_ref=field name="answer" rows="2" maxlength=MAX_ANSWER_CHARS.to_string() placeholder=words.answer_hint prop:value=follows(move || draft.text.get()) on:input=typed></textarea></label>
                <button class="btn" disabled=follows(move || busy.get())>{words.send}</button>
                <button type="button" class="btn soft" on:click=not_now>{words.later}</button>
                <p class="trouble" role="alert">{text(move || trouble.get().to_owned())}</p>
            </form>
        </li>
    }
}
