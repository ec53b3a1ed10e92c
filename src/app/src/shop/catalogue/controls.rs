//! What one can say about what one looks for: words, order, filters.

use crate::parts::icon;
use crate::parts::top::elder_switch;
use crate::view::{IntoView, Slot, View, changing, effect, follows, on, view};
use crate::words::words;
use domain::catalog::{MAX_QUERY_CHARS, ProductQuery, Sort};
use leptos::prelude::*;
use std::time::Duration;
use stylers::style_sheet;
use web_sys::HtmlInputElement;

const _: &str = include_str!("search.css");
const _: &str = include_str!("filters.css");

/// How long one stops typing before the list follows.
const PAUSE: Duration = Duration::from_millis(250);

/// The search field. The list follows while one types; Enter and the clear button act at once.
pub fn search_row(query: Memo<ProductQuery>, look_for: Callback<ProductQuery>) -> View {
    let class = style_sheet!("src/app/src/shop/catalogue/search.css");
    let words = words();
    let field = Slot::<HtmlInputElement>::new();
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    // While Chinese is being composed the field holds half a word.
    let composing = StoredValue::new(false);
    let search = move || {
        let Some(field) = field.get() else { return };
        let q = field.value().trim().to_owned();
        let before = query.get_untracked();
        if q != before.q {
            // Words are looked for everywhere.
            look_for.run(ProductQuery {
                q,
                category: None,
                ..before
            });
        }
    };
    let stop = move || {
        if let Some(handle) = waiting.get_value() {
            handle.clear();
        }
    };
    let typed = move || {
        stop();
        if !composing.get_value() {
            waiting.set_value(set_timeout_with_handle(search, PAUSE).ok());
        }
    };
    on_cleanup(stop);
    let clear = move || {
        if let Some(field) = field.get() {
            field.set_value("");
            let _ = field.focus();
        }
        search();
    };
    // Whoever comes by the search field of the home page goes on typing here.
    effect(move |_| {
        if window()
            .location()
            .hash()
            .is_ok_and(|hash| hash == "#search")
            && let Some(field) = field.get()
        {
            request_animation_frame(move || {
                let _ = field.focus();
            });
        }
    });
    effect(move |_| {
        let q = query.with(|query| query.q.clone());
        if let Some(field) = field.get().filter(|field| field.value().trim() != q) {
            field.set_value(&q);
        }
    });
    view! {
        <search class=class>
            <form class="searchrow top" on:submit=on(move |event| {
                event.prevent_default();
                stop();
                search();
                if let Some(field) = field.get() {
                    let _ = field.blur();
                }
            })>
                <label class="searchbox">
                    {icon("search")}
                    <input
                        node_ref=field
                        type="search"
                        name="q"
                        enterkeyhint="search"
                        autocomplete="off"
                        maxlength=MAX_QUERY_CHARS.to_string()
                        aria-label=words.search
                        placeholder=words.search_hint
                        prop:value=query.with_untracked(|query| query.q.clone())
                        on:input=on(move |_| typed())
                        on:compositionstart=on(move |_| composing.set_value(true))
                        on:compositionend=on(move |_| { composing.set_value(false); typed(); })
                    />
                    {changing(move || {
                        let filled = query.with(|query| !query.q.is_empty());
                        let button = || view! { <button type="button" class="clear" aria-label=words.clear_search on:click=on(move |_| clear())>{icon("close")}</button> };
                        filled.then(button).into_view()
                    })}
                </label>
                {elder_switch()}
            </form>
        </search>
    }
}

/// Order and filters, and what the list is narrowed to.
pub fn filters(query: Memo<ProductQuery>, look_for: Callback<ProductQuery>) -> View {
    let class = style_sheet!("src/app/src/shop/catalogue/filters.css");
    let words = words();
    let sort = on(move |event| {
        let name = event_target_value(&event);
        let sort = Sort::ALL
            .into_iter()
            .find(|sort| sort.as_str() == name)
            .unwrap_or_default();
        look_for.run(ProductQuery {
            sort,
            ..query.get_untracked()
        });
    });
    let option = |sort: Sort| {
        view! { <option value=sort.as_str() prop:selected=follows(move || query.with(|query| query.sort == sort))>{words.sort_name(sort)}</option> }
    };
    let switch = |name: &'static str,
                  is_on: fn(&ProductQuery) -> bool,
                  turn: fn(&mut ProductQuery)| {
        let press = on(move |_| {
            let mut query = query.get_untracked();
            turn(&mut query);
            look_for.run(query);
        });
        view! { <button type="button" aria-pressed=follows(move || query.with(is_on).to_string()) on:click=press>{name}</button> }
    };
    let merchant = changing(move || {
        let chip = query.with(|query| query.merchant.clone()).map(|_| {
            let everyone = on(move |_| look_for.run(ProductQuery { merchant: None, ..query.get_untracked() }));
            view! { <button type="button" aria-pressed="true" on:click=everyone>{words.partners} {icon("close")}</button> }
        });
        chip.into_view()
    });
    view! {
        <div class=class role="group" aria-label=words.filters>
            {merchant}
            <label class="sort">
                {icon("sort")}
                <select aria-label=words.sort on:change=sort>{Sort::ALL.map(option)}</select>
            </label>
            {switch(words.in_stock, |query| query.in_stock, |query| query.in_stock = !query.in_stock)}
            {switch(words.on_special, |query| query.on_special, |query| query.on_special = !query.on_special)}
        </div>
    }
}
