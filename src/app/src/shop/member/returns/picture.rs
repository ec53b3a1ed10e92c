//! The picture that goes with a return: taken or chosen, seen, taken out again.

use super::draft::Draft;
use crate::browser::picture::{DATA, chosen, forget_choice};
use crate::view::{IntoView, Slot, View, changing, follows, on, task_of_part, text as live, view};
use crate::words::after_sale::text;
use leptos::prelude::*;
use web_sys::HtmlInputElement;

/// The field and what is in it. `change` changes the draft and keeps it.
pub fn field(filled: RwSignal<Draft>, change: Callback<Option<String>>) -> View {
    let text = text();
    let input = Slot::<HtmlInputElement>::new();
    let (reading, trouble) = (RwSignal::new(false), RwSignal::new(false));
    let is_there = Memo::new(move |_| filled.with(|draft| draft.picture.is_some()));
    let take = on(move |_| {
        let Some(input) = input.get() else { return };
        // Nothing chosen is no trouble: the old one stays.
        if input.files().is_none_or(|files| files.length() == 0) {
            return;
        }
        reading.set(true);
        trouble.set(false);
        task_of_part(async move {
            let picture = chosen(&input).await;
            forget_choice(&input);
            reading.set(false);
            match picture {
                Some(picture) => change.run(Some(picture)),
                None => trouble.set(true),
            }
        });
    });
    let seen = changing(move || {
        is_there.track();
        let picture = filled.with_untracked(|draft| draft.picture.clone());
        picture
            .map(|picture| {
                view! {
                    <div class="seen">
                        <img src=[DATA, &picture].concat() alt=text.picture_alt />
                        <button type="button" class="btn soft" on:click=on(move |_| change.run(None))>{text.picture_remove}</button>
                    </div>
                }
            })
            .into_view()
    });
    let name = move || {
        let name = if is_there.get() {
            text.picture_other
        } else {
            text.picture_take
        };
        name.to_owned()
    };
    let told = move || {
        let told = match (reading.get(), trouble.get()) {
            (true, _) => text.picture_reading,
            (false, true) => text.picture_unreadable,
            (false, false) => "",
        };
        told.to_owned()
    };
    view! {
        <div class="picture" aria-busy=follows(move || reading.get().then_some("true"))>
            <p><strong>{text.picture}</strong> <span class="quiet">{text.picture_hint}</span></p>
            {seen}
            <label class="btn soft pick">
                <span>{live(name)}</span>
                <input node_ref=input type="file" name="picture" accept="image/*" on:change=take />
            </label>
            <p class="trouble" role="status">{live(told)}</p>
        </div>
    }
}
