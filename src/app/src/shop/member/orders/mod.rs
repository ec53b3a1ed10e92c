//! The member's orders, and one of them: the code at the counter, what happened, what can be done.

mod pay;
mod timeline;

use crate::browser::address::{address, go};
use crate::parts::code::code;
use crate::parts::plate::plate;
use crate::parts::price::price;
use crate::parts::product::product_path;
use crate::parts::sign_in::sign_in_first;
use crate::parts::state::{explain, notice, show};
use crate::parts::timeline::date;
use crate::state::reading::{Load, Reading, reading};
use crate::state::session::{remember, remembered};
use crate::state::stores;
use crate::view::{IntoView, View, changing, every, follows, on, task, view};
use crate::words::{day_name, spoken, words};
use client::{Error, Fresh};
use domain::cart::{DraftBundle, DraftLine};
use domain::id::OrderId;
use domain::money::Money;
use domain::order::{Actor, Order, OrderBundle, OrderLine, OrderState, OrderTab, Step};
use domain::page::Page;
use leptos::prelude::*;
use std::time::Duration;
use stylers::style_sheet;

const _: &str = include_str!("orders.css");
const _: &str = include_str!("order.css");

/// How often an order that is not over is looked at again, and one whose payment is not known.
const FRESH_FOR: Duration = Duration::from_secs(10);
const FRESH_FOR_PAYING: Duration = Duration::from_secs(3);

/// The list, in four tabs.
pub fn list() -> View {
    let class = style_sheet!("src/app/src/shop/member/orders/orders.css");
    let stores = stores();
    let words = words();
    let address = address();
    let tab = address.with_untracked(|address| address.parameter("tab"));
    let tab = tab
        .and_then(|name| OrderTab::from_name(&name))
        .unwrap_or(OrderTab::ToPickUp);
    let key = ["orders/", spoken().tag(), "/", tab.as_str()].concat();
    let content = move || {
        if !stores.session.is_open() {
            return sign_in_first("/orders");
        }
        // How many pages of it; older ones are asked for by whoever wants to see them.
        let pages = RwSignal::new(1_u32);
        let orders = reading(key.clone(), move || {
            let wanted = pages.get_untracked();
            Box::pin(async move {
                let client = stores.client();
                let mut all = client.orders().list(Some(tab), None).await?;
                for _ in 1..wanted {
                    let Some(cursor) = all.value.next_cursor.take() else {
                        break;
                    };
                    let next = client.orders().list(Some(tab), Some(&cursor)).await?.value;
                    all.value.items.extend(next.items);
                    all.value.next_cursor = next.next_cursor;
                    // Of several answers.
                    all.sum = 0;
                }
                Ok(all)
            })
        });
        orders.ends_with_session();
        let older = move || {
            pages.update(|pages| *pages += 1);
            orders.again();
        };
        show(
            orders,
            "me",
            move |page| rows(page, older),
            crate::shop::missing::notice_only,
        )
    };
    let tabs = OrderTab::ALL.into_iter().zip(words.order_tabs).map(|(one, name)| {
        view! { <a href=["/orders?tab=", one.as_str()].concat() aria-current=(one == tab).then_some("page")>{name}</a> }
    });
    view! {
        <div class=["page ", class].concat()>
            <nav aria-label=words.orders>{tabs.collect::<Vec<_>>()}</nav>
            {changing(content)}
        </div>
    }
}

fn rows(page: Page<Order>, older: impl Fn() + 'static) -> View {
    let words = words();
    let orders = page.items;
    if orders.is_empty() {
        let browse = view! { <a class="btn" href="/products">{words.browse}</a> };
        return notice(
            "cart",
            words.no_orders.to_owned(),
            words.no_orders_hint.to_owned(),
            browse.into_view(),
            false,
        );
    }
    let row = |order: Order| {
        let bundles = order.bundles.iter();
        let bundles = bundles.map(|bundle| (bundle.name.as_str(), bundle.picture.as_ref()));
        let lines = order.lines.iter();
        let lines = lines.map(|line| (line.name.as_str(), line.picture.as_ref()));
        let goods: Vec<_> = bundles.chain(lines).collect();
        let names = goods.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        let names = names.join("、");
        let pictures = goods.into_iter().take(3);
        let pictures = pictures.map(|(_, picture)| plate(picture, true));
        let pictures = pictures.collect::<Vec<_>>();
        view! {
            <li class="card">
                <a href=["/orders/", order.id.as_str()].concat()>
                    <p class="head"><strong>{(words.order_state)(order.state)}</strong> <span class="quiet">{order.number.clone()}</span></p>
                    <p class="goods">{pictures} <span>{names}</span></p>
                    <p class="head"><span class="quiet">{(words.pieces)(order.pieces())} " · " {when(&order)}</span> {price(order.total, None, false)}</p>
                </a>
            </li>
        }
    };
    let more = page.next_cursor.map(|_| view! {
        <button type="button" class="btn soft wide" on:click=on(move |_| older())>{words.older_orders}</button>
    });
    view! {
        <ul>{orders.into_iter().map(row).collect::<Vec<_>>()}</ul>
        {more}
    }
}

/// `11-23 09:00–09:30`, by the shop's clock.
fn when(order: &Order) -> String {
    let (from, to) = (order.pickup.from, order.pickup.to);
    [&date(&from), " ", &from.clock(), "–", &to.clock()].concat()
}

/// One order.
pub fn one(id: OrderId) -> View {
    let stores = stores();
    // Asked here, so that a look at the order meanwhile does not take the question away.
    let (busy, sure) = (RwSignal::new(false), RwSignal::new(false));
    let content = move || {
        if !stores.session.is_open() {
            return sign_in_first(&["/orders/", id.as_str()].concat());
        }
        let (key, id) = (["order/", id.as_str(), spoken().tag()].concat(), id.clone());
        let order = reading(key, move || {
            let id = id.clone();
            Box::pin(async move {
                match stores.client().orders().order(&id).await {
                    Ok(fresh) => {
                        remember(&fresh.value);
                        Ok(fresh.map(|order| vec![order]))
                    }
                    // The code must open the bag without a network too.
                    Err(because @ (Error::Offline | Error::TimedOut)) => {
                        match remembered(id.as_str()) {
                            Some(order) => Ok(Fresh::kept(vec![order], because)),
                            None => Err(because),
                        }
                    }
                    Err(error) => Err(error),
                }
            })
        });
        order.ends_with_session();
        let (ticks, of_paying) = (
            StoredValue::new(0_u64),
            FRESH_FOR.as_secs() / FRESH_FOR_PAYING.as_secs(),
        );
        every(FRESH_FOR_PAYING, move || {
            let state = order.load.with_untracked(|load| match load {
                Load::Here(fresh) => fresh.value.first().map(|order| order.state),
                _ => None,
            });
            ticks.update_value(|ticks| *ticks += 1);
            let is_paying = state == Some(OrderState::AwaitingPayment);
            let is_open = state.is_some_and(|state| !state.is_final());
            if is_paying
                || (is_open
                    && ticks
                        .try_get_value()
                        .is_some_and(|ticks| ticks % of_paying == 0))
            {
                order.look();
            }
        });
        show(
            order,
            "me",
            move |found| {
                found
                    .into_iter()
                    .next()
                    .map(|found| whole(found, order, busy, sure))
                    .into_view()
            },
            no_such_order,
        )
    };
    view! { <div class="page">{changing(content)}</div> }
}

pub(super) fn no_such_order() -> View {
    let words = words();
    let all = view! { <a class="btn" href="/orders">{words.orders}</a> };
    notice(
        "search",
        words.no_such_order.to_owned(),
        String::new(),
        all.into_view(),
        false,
    )
}

fn whole(
    order: Order,
    reading: Reading<Vec<Order>>,
    busy: RwSignal<bool>,
    sure: RwSignal<bool>,
) -> View {
    let class = style_sheet!("src/app/src/shop/member/orders/order.css");
    let stores = stores();
    let words = words();
    let address = address();
    let may_cancel = order.state.after(Step::Cancel, Actor::Shopper).is_some();
    let id = StoredValue::new(order.id.clone());
    let cancel = move || {
        busy.set(true);
        task(async move {
            let answer = stores.client().orders().cancel(&id.get_value()).await;
            busy.try_set(false);
            sure.try_set(false);
            match answer {
                Ok(order) => {
                    remember(&order);
                    stores.say(words.cancelled.to_owned());
                }
                Err(error) => stores.say(explain(&error).0),
            }
            reading.again();
        });
    };
    let bought = StoredValue::new((order.lines.clone(), order.bundles.clone()));
    let buy_again = on(move |_| {
        let (lines, bundles) = bought.get_value();
        for bundle in bundles {
            let choice = bundle.parts.iter().map(|part| part.variant.clone());
            stores.cart.add_bundle(DraftBundle {
                bundle: bundle.bundle,
                choice: choice.collect(),
                quantity: bundle.quantity,
                name: bundle.name,
                parts: bundle.parts.into_iter().map(|part| part.name).collect(),
                price: bundle.unit_price,
                picture: bundle.picture,
            });
        }
        for line in lines {
            stores.cart.put_back(DraftLine {
                product: line.product,
                variant: line.variant,
                quantity: line.quantity,
                name: line.name,
                variant_name: line.variant_name,
                price: line.unit_price,
                picture: line.picture,
            });
        }
        go(address, "/cart", false);
    });
    let line = |line: &OrderLine| {
        view! {
            <li>
                <a href=product_path(&line.product) aria-label=line.name.clone()>{plate(line.picture.as_ref(), true)}</a>
                <div><strong>{line.name.clone()}</strong><p class="quiet">{line.variant_name.clone()} " × " {line.quantity.to_string()}</p></div>
                {price(line.total, None, false)}
            </li>
        }
    };
    let bundle = |bundle: &OrderBundle| {
        let part = |part: &OrderLine| {
            let what = [
                part.name.as_str(),
                " ",
                &part.variant_name,
                " × ",
                &part.quantity.to_string(),
            ];
            view! { <p class="quiet">{what.concat()}</p> }
        };
        let page = ["/bundles/", bundle.bundle.as_str()].concat();
        view! {
            <li>
                <a href=page aria-label=bundle.name.clone()>{plate(bundle.picture.as_ref(), true)}</a>
                <div><strong>{bundle.name.clone()} " × " {bundle.quantity.to_string()}</strong>{bundle.parts.iter().map(part).collect::<Vec<_>>()}</div>
                {price(bundle.total, None, false)}
            </li>
        }
    };
    let off = |name: String, off: String| view! { <p class="quiet less"><span>{name}</span> <span>{(words.minus)(&off)}</span></p> };
    let coupons = order
        .coupons
        .iter()
        .map(|used| off(used.name.clone(), used.off.to_string()));
    let points = (order.points > 0).then(|| {
        let worth = Money {
            amount: i64::from(order.points),
            ..order.total
        };
        off(
            (words.points_worth)(order.points, &worth.to_string()),
            worth.to_string(),
        )
    });
    // Who has which goods, where there is more than one place to fetch them.
    let places = order.merchants.iter().filter(|_| order.merchants.len() > 1);
    let places = places.map(
        |part| view! { <div><dt>{part.name.clone()}</dt> <dd>{part.pickup.clone()}</dd></div> },
    );
    let fact = |name: &'static str, value: String| {
        (!value.is_empty()).then(|| view! { <div><dt>{name}</dt> <dd>{value}</dd></div> })
    };
    let today = order
        .history
        .last()
        .map_or(order.pickup.from, |change| change.at);
    let pickup = [&day_name(&today, &order.pickup.from), " ", &when(&order)].concat();
    let cancel_part = may_cancel.then(|| view! {
        <div class="cancel">
            <button type="button" class="btn soft" hidden=follows(move || sure.get()) on:click=on(move |_| sure.set(true))>{words.cancel}</button>
            <p hidden=follows(move || !sure.get())>
                <span>{words.cancel_sure}</span>
                <button type="button" class="btn" disabled=follows(move || busy.get()) on:click=on(move |_| cancel())>{words.cancel_yes}</button>
                <button type="button" class="btn soft" on:click=on(move |_| sure.set(false))>{words.cancel_no}</button>
            </p>
        </div>
    });
    let hint = if order.state == OrderState::Ready {
        words.code_ready
    } else {
        words.code_hint
    };
    let shown = order
        .code
        .as_ref()
        .filter(|_| order.state != OrderState::AwaitingPayment)
        .map(|shown| code(words.pickup_code, hint, &shown.digits, &shown.qr));
    view! {
        <section class=class>
            <p class="state" role="status"><strong>{(words.order_state)(order.state)}</strong> <span class="quiet">{(words.order_state_hint)(order.state)}</span></p>
            {pay::card(&order)}
            {shown}
            <dl class="card">
                {fact(words.pickup_time, pickup)}
                {(order.merchants.len() < 2).then(|| fact(words.pickup, order.pickup.place.clone()))}
                {places.collect::<Vec<_>>()}
                {fact(words.number, order.number.clone())}
                {fact(words.your_name, [order.contact.name.as_str(), " ", &order.contact.phone].concat().trim().to_owned())}
                {fact(words.note, order.note.clone())}
            </dl>
            <ul class="card goods">
                {order.bundles.iter().map(bundle).collect::<Vec<_>>()}
                {order.lines.iter().map(line).collect::<Vec<_>>()}
            </ul>
            <div class="card total">
                {coupons.collect::<Vec<_>>()}
                {points}
                <p><span>{pay::how(&order, words.at_store)}</span> {price(order.total, None, false)}</p>
                {order.refunded.map(|back| view! { <p class="quiet less"><span>{(super::words::text().refunded)(&back.to_string())}</span></p> })}
            </div>
            {super::returns::returns(&order, move || reading.again())}
            {timeline::timeline(&order)}
            <div class="do">
                {super::returns::way(&order)}
                <button type="button" class="btn soft" on:click=buy_again>{words.buy_again}</button>
                {cancel_part}
            </div>
        </section>
    }
}
