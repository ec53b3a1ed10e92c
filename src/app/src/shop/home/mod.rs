//! Home: the shop's card, what is good today, what is cheaper together, tips, the neighbouring shops.

mod card;

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

const _: &str = include_str!("hero.css");
const _: &str = include_str!("home.css");

/// What the home page shows. Other pages show the shop's card from it.
pub fn storefront() -> Reading<Storefront> {
    let stores = stores();
    reading(["storefront/", spoken().tag()].concat(), move || {
        Box::pin(async move { stores.client().storefront().await })
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

fn content(storefront: Storefront) -> View {
    let class = style_sheet!("src/app/src/shop/home/home.css");
    let words = words();
    let Storefront {
        shop,
        posts,
        specials,
        bundles,
        tastings,
        partners,
        ..
    } = storefront;
    if posts.is_empty() && specials.is_empty() && bundles.is_empty() && partners.is_empty() {
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
    let first = today.next().map(|post| hero(post, &goods));
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
fn hero(post: Post, goods: &[Picture]) -> View {
    let class = style_sheet!("src/app/src/shop/home/hero.css");
    let words = words();
    let hours = (now_ms() - post.published_at.ms).max(0) / 3_600_000;
    let href = match &post.product {
        Some(product) => product_path(product),
        None => "/products?on_special=true".to_owned(),
    };
    let scene = goods.iter().map(|picture| {
        view! { <img src=picture.url.clone() width=picture.width height=picture.height alt="" /> }
    });
    view! {
        <a class=class href=href>
            <span class="scene">{scene.collect::<Vec<_>>()}</span>
            <span class="now">{words.specials}</span>
            <span class="when">{(words.posted)(hours)}</span>
            <span class="foot">
                <span>
                    <strong>{post.title}</strong>
                    <small>{post.body}</small>
                </span>
                <span class="go">{words.see}</span>
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
