//! Home: the shop's card, the show that is on or next, what is good today, what is cheaper together, tips, the neighbouring shops.

mod card;
mod on_air;

use crate::browser::now_ms;
use crate::parts::icon;
use crate::parts::plate::plate;
use crate::parts::product::{bundle_card, card as product_card, line, product_path};
use crate::parts::state::{new_shop, show};
use crate::parts::taste::invitation;
use crate::parts::top::title;
use crate::state::reading::{Reading, reading};
use crate::state::stores;
use crate::view::{View, view};
use crate::words::{spoken, words};
use domain::catalog::{Picture, ProductQuery};
use domain::shop::{Merchant, Post, PostKind, Storefront};
use stylers::style_sheet;

pub use card::visit;
pub use on_air::Home;

const _: &str = include_str!("hero.css");
const _: &str = include_str!("home.css");

/// What the home page shows. Other pages show the shop's card from it.
pub fn storefront() -> Reading<Home> {
    let stores = stores();
    reading(["storefront/", spoken().tag()].concat(), move || {
        Box::pin(async move { stores.client().storefront().await.map(Home::of) })
    })
}

/// The page.
pub fn page() -> View {
    title(super::brand);
    let storefront = storefront();
    view! {
        <div class="awning"></div>
        {card::shop_line(storefront)}
        {card::search_row(storefront)}
        <div class="page">{show(storefront, "home", content, super::missing::notice_only)}</div>
    }
}

fn content(home: Home) -> View {
    let class = style_sheet!("src/app/src/shop/home/home.css");
    let words = words();
    let Storefront {
        shop,
        show,
        posts,
        specials,
        bundles,
        tastings,
        partners,
    } = home.storefront;
    let (on_now, next) = on_air::told(show, home.told_at);
    let is_bare =
        posts.is_empty() && specials.is_empty() && bundles.is_empty() && partners.is_empty();
    if is_bare && on_now.is_none() && next.is_none() {
        return view! {
            {new_shop()}
            {visit(&shop)}
        };
    }
    let goods: Vec<Picture> = specials
        .iter()
        .filter_map(|product| product.picture.clone())
        .take(5)
        .collect();
    let (today, tips): (Vec<_>, Vec<_>) = posts
        .into_iter()
        .partition(|post| post.kind != PostKind::Tip);
    let mut today = today.into_iter();
    // A show that is on has the large place, and the newest post stands with the others.
    let first = on_now.or_else(|| today.next().map(|post| today_card(post, &goods)));
    let specials = (!specials.is_empty()).then(|| {
        let all = client::endpoint::query_string(&ProductQuery { on_special: true, ..Default::default() });
        view! {
            <div class="head"><h2>{words.specials}</h2><a href=["/products", &all].concat()>{words.all} <span class="unseen">{words.specials}</span> {icon("more")}</a></div>
            {line(words.specials, specials.into_iter().enumerate().map(|(at, product)| product_card(product, at < 4)).collect())}
        }
    });
    let bundles = (!bundles.is_empty()).then(|| {
        view! {
            <div class="head"><h2>{words.bundles}</h2></div>
            {line(words.bundles, bundles.into_iter().map(bundle_card).collect())}
        }
    });
    let tastings = (!tastings.is_empty()).then(|| {
        view! {
            <div class="head"><h2>{words.taste_head}</h2><a href="/tastings">{words.all} <span class="unseen">{words.taste_head}</span> {icon("more")}</a></div>
            <div class="posts">{tastings.iter().take(2).map(invitation).collect::<Vec<_>>()}</div>
        }
    });
    let tips = (!tips.is_empty()).then(|| {
        view! {
            <div class="head"><h2>{words.tips}</h2></div>
            <div class="posts">{tips.into_iter().map(post).collect::<Vec<_>>()}</div>
        }
    });
    let partners = (!partners.is_empty()).then(|| {
        view! {
            <div class="head"><h2>{words.partners}</h2></div>
            <ul class="partners">{partners.into_iter().map(partner).collect::<Vec<_>>()}</ul>
        }
    });
    view! {
        <div class=class>
            {first}
            {next}
            {specials}
            {bundles}
            {tastings}
            <div class="posts">{today.map(post).collect::<Vec<_>>()}</div>
            {tips}
            {partners}
            {visit(&shop)}
        </div>
    }
}

/// The newest post, large, with the goods of the day.
fn today_card(post: Post, goods: &[Picture]) -> View {
    let words = words();
    let hours = (now_ms() - post.published_at.ms).max(0) / 3_600_000;
    let href = match &post.product {
        Some(product) => product_path(product),
        None => "/products?on_special=true".to_owned(),
    };
    let marks = view! {
        <span class="now">{words.specials}</span>
        <span class="when">{(words.posted)(hours)}</span>
    };
    hero(href, goods, marks, post.title, post.body, words.see)
}

/// The large card: pictures with marks upon them, what it is, and where it leads.
fn hero(
    href: String,
    pictures: &[Picture],
    marks: View,
    title: String,
    body: String,
    go: &'static str,
) -> View {
    let class = style_sheet!("src/app/src/shop/home/hero.css");
    let scene = pictures.iter().map(|picture| {
        view! { <img src=picture.url.clone() width=picture.width height=picture.height alt="" /> }
    });
    view! {
        <a class=class href=href>
            <span class="scene">{scene.collect::<Vec<_>>()}</span>
            {marks}
            <span class="foot">
                <span>
                    <strong>{title}</strong>
                    <small>{body}</small>
                </span>
                <span class="go">{go}</span>
            </span>
        </a>
    }
}

fn post(post: Post) -> View {
    let words = words();
    let link = post.product.as_ref().map(|product| {
        view! { <a class="more" href=product_path(product)><span class="unseen">{post.title.clone()}</span> {words.see} {icon("more")}</a> }
    });
    view! {
        <article class="card">
            {plate(post.picture.as_ref(), false)}
            <div>
                <h3>{post.title.clone()}</h3>
                <p>{post.body}</p>
                {link}
            </div>
        </article>
    }
}

fn partner(partner: Merchant) -> View {
    let query = ProductQuery {
        merchant: Some(partner.id.clone()),
        ..Default::default()
    };
    view! {
        <li class="card">
            <a href=["/products", &client::endpoint::query_string(&query)].concat()>
                {plate(partner.picture.as_ref(), false)}
                <span>
                    <strong>{partner.name}</strong>
                    <span class="quiet">{partner.distance}</span>
                    <span class="story">{partner.story}</span>
                </span>
            </a>
        </li>
    }
}
