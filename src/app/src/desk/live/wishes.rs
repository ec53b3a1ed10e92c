//! What people want next week: a round of wishes, and the words that mean the same.

use super::here::Here;
use super::results::{Part, bars};
use super::tool;
use super::words::text as words;
use crate::desk::once::{Kept, Sent};
use crate::parts::state::show;
use crate::state::Stores;
use crate::state::reading::reading;
use crate::view::{IntoView, View, changing, follows, on, text, view};
use client::json;
use domain::id::ShowId;
use domain::live::{MAX_QUESTION_CHARS, MAX_SYNONYMS, Synonyms, WishRound, WishRoundRequest};
use leptos::prelude::*;

fn send(stores: Stores, kept: Kept) -> Sent<WishRound> {
    Box::pin(async move {
        let round: WishRoundRequest = json::decode(&kept.request)?;
        let show = ShowId::from(kept.place.as_str());
        stores
            .client()
            .desk_shows()
            .open_wishes(&show, &round, &kept.key)
            .await
    })
}

/// The panel.
pub fn panel(here: Here) -> View {
    let rest = view! { {form(here)} {same_words(here)} };
    tool::panel(last(here), rest)
}

/// The last round.
fn last(here: Here) -> View {
    let words = words();
    let round = here.piece(|room| room.wishes.clone());
    let head = move || {
        round.with(|round| {
            let round = round.as_ref()?.as_ref()?;
            Some(tool::Last {
                id: round.id.clone(),
                title: round.title.clone(),
                state: round.state,
            })
        })
    };
    let parts = move || {
        round.with(|round| {
            let groups = round.iter().flatten().flat_map(WishRound::ranked);
            let part = |group: &domain::live::WishGroup| Part {
                key: group.id.to_string(),
                name: group.label.clone(),
                count: group.votes,
            };
            groups.map(part).collect::<Vec<_>>()
        })
    };
    let count = move || {
        round.with(|round| {
            let rounds = round.iter().flatten();
            rounds.map(|round| round.groups.len()).sum::<usize>()
        })
    };
    let result = move || {
        view! {
            <p class="quiet">{text(move || (words.wished)(count()))}</p>
            {bars(words.result, parts, words.want)}
        }
    };
    let names = tool::Names {
        none: words.no_wishes,
        last: words.last_wishes,
        close: words.close_wishes,
        close_sure: words.close_wishes_sure,
    };
    tool::last(head, names, result, move |id, busy| {
        let call = move |client: client::Client<_>, show| async move {
            client.desk_shows().close_wishes(&show, &id).await
        };
        here.does(busy, call, |_| {});
    })
}

fn form(here: Here) -> View {
    let words = words();
    let once = here.once("wishes", send);
    let trouble = RwSignal::new(String::new());
    let title = here.draft("wishes/title");
    tool::see_through(
        once,
        here,
        trouble,
        move || title.clear(),
        words.wishes_opened,
    );
    let submit = on(move |event| {
        event.prevent_default();
        let title = title.trimmed();
        if title.is_empty() {
            trouble.set(words.question_first.to_owned());
            return;
        }
        trouble.set(String::new());
        let request = WishRoundRequest {
            title,
            said_at: here.said_at(),
        };
        here.id
            .with_value(|id| once.submit(id.as_str(), &request, here.host.stores));
    });
    let cannot = move || once.is_busy() || !here.is_live();
    view! {
        <form novalidate aria-label=words.new_wishes hidden=follows(move || here.is_over()) aria-busy=follows(move || once.is_busy().then_some("true")) on:beforeinput=once.holds_typing() on:submit=submit>
            <h3>{words.new_wishes}</h3>
            {title.hinted(words.question, "title", MAX_QUESTION_CHARS, words.wishes_hint)}
            <button class="btn" disabled=follows(cannot)>{words.open_wishes}</button>
            {tool::foot(once, here, trouble)}
        </form>
    }
}

/// The words that mean the same: asked for when they are looked at.
fn same_words(here: Here) -> View {
    let words = words();
    let open = RwSignal::new(false);
    let stores = here.host.stores;
    let editor = changing(move || {
        if !open.get() {
            return ().into_view();
        }
        let synonyms = reading("desk/synonyms".to_owned(), move || {
            Box::pin(async move { stores.client().desk_shows().synonyms().await })
        });
        show(
            synonyms,
            "me",
            move |kept| edit(&kept, here),
            || ().into_view(),
        )
    });
    let toggle = on(move |_| open.update(|open| *open = !*open));
    view! {
        <section class="same" aria-label=words.same_words>
            <button type="button" class="btn soft" aria-expanded=follows(move || open.get().to_string()) on:click=toggle>{words.same_words}</button>
            {editor}
        </section>
    }
}

fn edit(kept: &Synonyms, here: Here) -> View {
    let words = words();
    let draft = super::draft::Draft::of("desk/live/synonyms".to_owned());
    let busy = RwSignal::new(false);
    let trouble = RwSignal::new(String::new());
    // What is half written is more than what is kept.
    let shown = RwSignal::new(match draft.text.get_untracked() {
        text if text.is_empty() => kept.lines(),
        text => text,
    });
    let typed = on(move |event| {
        let text = event_target_value(&event);
        draft.set(text.clone());
        shown.set(text);
    });
    let submit = on(move |event| {
        event.prevent_default();
        let sent = shown.get_untracked();
        let synonyms = Synonyms::of_lines(&sent);
        let many = |words: &Vec<String>| words.len() > MAX_SYNONYMS;
        if synonyms.groups.len() > MAX_SYNONYMS || synonyms.groups.iter().any(many) {
            trouble.set((words.same_too_many)(MAX_SYNONYMS));
            return;
        }
        trouble.set(String::new());
        let call = move |client: client::Client<_>, _| async move {
            client.desk_shows().keep_synonyms(&synonyms).await
        };
        here.does(busy, call, move |kept: Synonyms| {
            // What was written since is not kept yet.
            if shown.try_with_untracked(|now| *now == sent) == Some(true) {
                draft.clear();
                shown.try_set(kept.lines());
            }
            here.host.stores.say(words.same_kept.to_owned());
        });
    });
    view! {
        <form novalidate on:submit=submit>
            <label><span>{words.same_hint}</span> <textarea name="synonyms" rows="6" prop:value=follows(move || shown.get()) on:input=typed></textarea></label>
            <button class="btn" disabled=follows(move || busy.get())>{words.keep}</button>
            <p class="trouble" role="alert">{text(move || trouble.get())}</p>
        </form>
    }
}
