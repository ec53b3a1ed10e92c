//! The catalogue: shelves at the left, goods at the right, search above. What is looked for lives
//! in the address, so that it can be passed on and found again.

mod controls;

use crate::browser::address::{address, go};
use crate::browser::place;
use crate::parts::product::row;
use crate::parts::state::{aged, failed, new_shop, notice, waiting};
use crate::parts::top::title;
use crate::state::reading::{Load, reading};
use crate::state::shelf::{Progress, Shown};
use crate::state::stores;
use crate::view::{IntoView, Slot, View, changing, each, effect, follows, on, text, view};
use crate::words::{spoken, words};
use domain::catalog::ProductQuery;
use domain::id::CategoryId;
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("rail.css");
const _: &str = include_str!("list.css");

/// The address of the catalogue for a query.
fn path(query: &ProductQuery) -> String {
    ["/products", &client::endpoint::query_string(query)].concat()
}

/// The page.
pub fn page() -> View {
    let stores = stores();
    let shelf = stores.shelf;
    let address = address();
    let query = Memo::new(move |_| {
        let (query, _) = address.with(|address| ProductQuery::read(|name| address.parameter(name)));
        // The page counts its own pages.
        ProductQuery {
            cursor: None,
            limit: None,
            ..query
        }
    });
    let look_for = Callback::new(move |query: ProductQuery| go(address, &path(&query), true));
    effect(move |first| {
        shelf.show(query.get(), stores);
        if !first {
            leptos::prelude::window().scroll_to_with_x_and_y(0.0, 0.0);
        }
    });
    effect(move |first| {
        if stores.online.get() && !first && shelf.shown.with_untracked(Shown::is_poor) {
            shelf.begin(stores);
        }
    });
    let categories = reading(["categories/", spoken().tag()].concat(), move || {
        Box::pin(async move { stores.client().catalog().categories().await })
    });
    title(|| words().catalogue.to_owned());
    view! {
        <h1 class="unseen">{words().catalogue}</h1>
        {controls::search_row(query, look_for)}
        <div class="shelves">
            {changing(move || match categories.load.get() {
                Load::Here(fresh) => rail(fresh.value.into_iter().map(|category| (category.id, category.name)).collect(), query),
                // The list beside it says what is wrong and asks again.
                Load::Failed(_) => rail(Vec::new(), query),
                Load::Waiting | Load::WaitingLong => view! { <div class="rail" aria-hidden="true" inner_html=crate::browser::page::skeleton("rail")></div> },
            })}
            <div class="list">
                {controls::filters(query, look_for)}
                {list(query)}
            </div>
        </div>
    }
}

fn rail(categories: Vec<(CategoryId, String)>, query: Memo<ProductQuery>) -> View {
    let class = style_sheet!("src/app/src/shop/catalogue/rail.css");
    let words = words();
    let all = std::iter::once((None, words.everything.to_owned()));
    let shelf = |(id, name): (Option<CategoryId>, String)| {
        let here = {
            let id = id.clone();
            follows(move || {
                query
                    .with(|query| query.category == id && query.q.is_empty())
                    .then_some("true")
            })
        };
        let href = follows(move || {
            query.with(|query| {
                path(&ProductQuery {
                    category: id.clone(),
                    q: String::new(),
                    ..query.clone()
                })
            })
        });
        view! { <li><a href=href aria-current=here>{name}</a></li> }
    };
    view! {
        <nav class=["rail ", class].concat() aria-label=words.shelves>
            <ul>{all.chain(categories.into_iter().map(|(id, name)| (Some(id), name))).map(shelf).collect::<Vec<_>>()}</ul>
        </nav>
    }
}

fn list(query: Memo<ProductQuery>) -> View {
    let class = style_sheet!("src/app/src/shop/catalogue/list.css");
    let stores = stores();
    let shelf = stores.shelf;
    let words = words();
    let end = Slot::<web_sys::Element>::new();
    // The list asks for more before its end is reached; the button below does the same by hand.
    // Watched anew after every page: an end that stayed near does not come near again.
    let watch = StoredValue::new_local(None);
    let rows_here = Memo::new(move |_| {
        shelf
            .shown
            .with(|shown| u32::try_from(shown.items.len()).unwrap_or(u32::MAX))
    });
    effect(move |_| {
        rows_here.get();
        let near = end
            .get()
            .and_then(|end| place::when_near(&end, move || shelf.more(stores)));
        watch.set_value(near);
    });
    let first = Memo::new(move |_| {
        shelf.shown.with(|shown| match shown.progress {
            Progress::Waiting => 0_u32,
            Progress::WaitingLong => 1,
            Progress::Failed(_) => 2,
            _ => 3,
        })
    });
    let rows = move || {
        view! {
            {changing(move || shelf.shown.with(|shown| aged(&shown.source, move || shelf.begin(stores))).into_view())}
            {changing(move || shelf.shown.with(|shown| shown.items.is_empty()).then(|| nothing_here(query)).into_view())}
            <p class="quiet" role="status">{text(move || shelf.shown.with(|shown| shown.total).map(words.found).unwrap_or_default())}</p>
            <ul class=class>
                {each(
                    move || shelf.shown.with(|shown| shown.items.clone()).into_iter().enumerate().collect(),
                    |(_, product)| product.id.as_str(),
                    |(at, product)| row(product, at < 6),
                )}
            </ul>
            {changing(move || shelf.shown.with(|shown| tail(&shown.progress, shown.has_more(), move || shelf.more(stores))))}
        }
    };
    view! {
        {changing(move || match first.get() {
            0 => waiting("products", false),
            1 => waiting("products", true),
            2 => match shelf.shown.with_untracked(|shown| shown.progress.clone()) {
                Progress::Failed(error) => failed(&error, move || shelf.begin(stores)),
                _ => ().into_view(),
            },
            _ => rows(),
        })}
        <div node_ref=end></div>
    }
}

fn nothing_here(query: Memo<ProductQuery>) -> View {
    let words = words();
    if query.with(|query| *query == ProductQuery::default()) {
        return new_shop();
    }
    let all = view! { <a class="btn soft" href="/products">{words.show_all}</a> };
    notice(
        "search",
        words.nothing_found.to_owned(),
        words.nothing_found_hint.to_owned(),
        all.into_view(),
        false,
    )
}

/// What stands under the last row.
fn tail(progress: &Progress, has_more: bool, more: impl Fn() + 'static) -> View {
    let words = words();
    match progress {
        Progress::More => view! { <p class="quiet tail" role="status">{words.loading}</p> },
        Progress::MoreFailed(error) => {
            leptos::logging::warn!("{error}");
            view! {
                <p class="tail" role="alert">
                    {words.more_failed} " "
                    <button type="button" class="btn soft" on:click=on(move |_| more())>{words.again}</button>
                </p>
            }
        }
        _ if has_more => {
            view! { <p class="tail"><button type="button" class="btn soft" on:click=on(move |_| more())>{words.more}</button></p> }
        }
        _ => ().into_view(),
    }
}
