//! Passing something on: a link that says where it came from, and a poster with its QR code.

use crate::browser::poster::{self, Poster};
use crate::browser::share;
use crate::parts::icon;
use crate::parts::sheet::sheet;
use crate::state::stores;
use crate::view::{IntoView, View, changing, follows, on, task, view};
use crate::words::words;
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("share.css");

/// What can be passed on.
#[derive(Clone, Debug)]
pub struct Shared {
    /// Its name.
    pub name: String,
    /// What and how much, very short.
    pub subtitle: String,
    /// What it costs; empty where that is not known.
    pub price: String,
    /// Where its picture is.
    pub picture: Option<String>,
    /// Its page, with its query.
    pub path: String,
}

/// How far the poster is.
#[derive(Clone, PartialEq)]
enum Drawing {
    Waiting,
    Here(String),
    Failed,
}

/// The button that passes on what a page shows, as soon as that is known, and its sheet.
pub fn share_button(shared: impl Fn() -> Option<Shared> + Copy + 'static) -> View {
    let open = RwSignal::new(false);
    view! {
        <button
            type="button"
            class="round"
            aria-label=words().share
            aria-haspopup="dialog"
            hidden=follows(move || shared().is_none())
            on:click=on(move |_| open.set(true))
        >
            {icon("share")}
        </button>
        {sheet(words().share, open, move || untrack(shared).map(content).into_view())}
    }
}

fn content(shared: Shared) -> View {
    let class = style_sheet!("src/app/src/parts/share/share.css");
    let stores = stores();
    let words = words();
    let and = if shared.path.contains('?') { "&" } else { "?" };
    let link_from = |source| share::absolute(&[&shared.path, and, "from=", source].concat());
    let link = link_from("share");
    let drawing = RwSignal::new(Drawing::Waiting);
    let subject = Poster {
        shop: stores.brand(),
        title: shared.name.clone(),
        subtitle: shared.subtitle,
        price: shared.price,
        picture: shared.picture,
        link: link_from("poster"),
        hint: words.poster_hint.to_owned(),
    };
    task(async move {
        let drawn = poster::draw(&subject).await;
        let _ = drawing.try_set(drawn.map_or(Drawing::Failed, Drawing::Here));
    });
    let name = StoredValue::new(shared.name);
    let picture = changing(move || match drawing.get() {
        Drawing::Waiting => view! { <b class="sk poster"></b> },
        Drawing::Failed => view! { <p class="quiet" role="alert">{words.poster_failed}</p> },
        Drawing::Here(url) => {
            let file = url.clone();
            let save = on(move |_| share::save(&file, &[&name.get_value(), ".png"].concat()));
            view! {
                <img class="poster" src=url width="600" height="860" alt=(words.poster_alt)(&name.get_value()) />
                <p class="quiet">{words.hold_to_save}</p>
                <button type="button" class="btn soft" on:click=save>{words.save_poster}</button>
            }
        }
    });
    let copy_link = link.clone();
    let copy = on(move |_| {
        let link = copy_link.clone();
        task(async move {
            let text = if share::copy(&link).await {
                words.copied
            } else {
                words.copy_by_hand
            };
            stores.say(text.to_owned());
        });
    });
    let system_link = link.clone();
    let system = share::has_sheet().then(|| {
        let open = on(move |_| share::open_sheet(&name.get_value(), &system_link));
        view! { <button type="button" class="btn" on:click=open>{words.share_with}</button> }
    });
    view! {
        <section class=class>
            {picture}
            <p class="link">{link}</p>
            <div>
                <button type="button" class="btn" on:click=copy>{words.share_link}</button>
                {system}
            </div>
        </section>
    }
}
