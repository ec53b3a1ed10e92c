//! Passing a product on: a link that says where it came from, and a poster with its QR code.

use crate::browser::poster::{self, Poster};
use crate::browser::share;
use crate::parts::product::product_path;
use crate::state::stores;
use crate::view::{IntoView, View, changing, on, task, view};
use crate::words::words;
use domain::catalog::Product;
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("share.css");

/// How far the poster is.
#[derive(Clone, PartialEq)]
enum Drawing {
    Waiting,
    Here(String),
    Failed,
}

/// The sheet.
pub fn sheet(product: impl Fn() -> Option<Product> + 'static, open: RwSignal<bool>) -> View {
    crate::parts::sheet::sheet(words().share, open, move || {
        untrack(&product).map(content).into_view()
    })
}

fn content(product: Product) -> View {
    let class = style_sheet!("src/app/src/shop/product/share.css");
    let stores = stores();
    let words = words();
    let link = share::absolute(&[&product_path(&product.id), "?from=share"].concat());
    let drawing = RwSignal::new(Drawing::Waiting);
    let subject = Poster {
        shop: stores.brand(),
        title: product.name.clone(),
        subtitle: product.subtitle.clone(),
        price: product
            .variant(None)
            .map(|variant| variant.price.to_string())
            .unwrap_or_default(),
        picture: product.pictures.first().map(|picture| picture.url.clone()),
        link: link.clone(),
        hint: words.poster_hint.to_owned(),
    };
    task(async move {
        let drawn = poster::draw(&subject).await;
        let _ = drawing.try_set(drawn.map_or(Drawing::Failed, Drawing::Here));
    });
    let name = StoredValue::new(product.name.clone());
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
