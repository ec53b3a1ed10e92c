//! Settings: language, text size, 长辈版, and what this phone keeps.

use crate::parts::top::{page_bar, title};
use crate::state::stores;
use crate::view::{IntoView, View, follows, on, view};
use crate::words::{Language, words};
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("settings.css");

/// The page.
pub fn page() -> View {
    let class = style_sheet!("src/app/src/shop/settings/settings.css");
    let stores = stores();
    let settings = stores.settings;
    let words = words();
    title(|| words.settings.to_owned());
    let language = |language: Language| {
        view! {
            <label>
                <input type="radio" name="language" prop:checked=follows(move || settings.language.get() == language) on:change=on(move |_| settings.set_language(language)) />
                <span lang=language.tag()>{language.name()}</span>
            </label>
        }
    };
    let size = |(size, name): (u8, &'static str)| {
        view! {
            <label>
                <input type="radio" name="size" prop:checked=follows(move || settings.size() == size) on:change=on(move |_| settings.set_size(size)) />
                <span>{name}</span>
            </label>
        }
    };
    let forget = on(move |_| {
        // The member leaves too: what is cleared must not come back by itself.
        if untrack(|| stores.session.is_open()) {
            stores.session.sign_out(stores);
        }
        // What is left of somebody whose session ended by itself.
        crate::browser::drawer::throw_away();
        stores.cart.forget();
        settings.forget();
        crate::state::visit::forget();
        stores.say(crate::words::words().cleared.to_owned());
    });
    view! {
        {page_bar(words.settings, "/me", ().into_view())}
        <div class=["page ", class].concat()>
            <fieldset class="card">
                <legend>{words.language}</legend>
                <div class="choices">{Language::ALL.map(language)}</div>
            </fieldset>
            <fieldset class="card">
                <legend>{words.text_size}</legend>
                <div class="choices">{(0_u8..).zip(words.sizes).map(size).collect::<Vec<_>>()}</div>
                <p class="sample">{words.text_sample}</p>
            </fieldset>
            <fieldset class="card">
                <legend>{words.elder}</legend>
                <label class="switch">
                    <span>{words.elder_hint}</span>
                    <input type="checkbox" role="switch" aria-label=words.elder prop:checked=follows(move || settings.elder()) on:change=on(move |event| settings.set_elder(event_target_checked(&event))) />
                </label>
            </fieldset>
            <section class="card" id="privacy" aria-label=words.privacy>
                <h2>{words.privacy}</h2>
                <p>{words.privacy_hint}</p>
                <button type="button" class="btn soft" on:click=forget>{words.clear_device}</button>
            </section>
        </div>
    }
}
