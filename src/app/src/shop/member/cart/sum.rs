//! What it comes to: the goods, what comes off and why, what is left to pay.

use super::coupons;
use crate::parts::price::price;
use crate::parts::sheet::sheet;
use crate::parts::state::explain;
use crate::state::cart::Quoting;
use crate::state::stores;
use crate::view::{IntoView, View, changing, on, view};
use crate::words::words;
use domain::contract::Capability;
use domain::coupon::ReasonKind;
use domain::pricing::Quote;
use leptos::prelude::*;

/// The card below the rows.
pub fn sum(known: Memo<Option<Quote>>) -> View {
    let stores = stores();
    let words = words();
    let open = RwSignal::new(false);
    let can_order = move || stores.can(Capability::Orders);
    let content = changing(move || {
        let quoting = stores.cart.quoting.get();
        match quoting {
            Quoting::Here(quote) if can_order() => settled(&quote, open),
            quoting => {
                let failed = matches!(quoting, Quoting::Failed(_)) && can_order();
                let why = match quoting {
                    Quoting::Failed(error) if can_order() => explain(&error).0,
                    _ if can_order() => words.pricing.to_owned(),
                    _ => words.estimate_hint.to_owned(),
                };
                let again = on(move |_| {
                    let request = untrack(|| stores.cart.request());
                    stores.cart.ask_quote(request, stores);
                });
                let estimate = stores.cart.with(|draft| draft.estimate()).ok().flatten();
                view! {
                    <p><span>{words.estimate} " · " {(words.pieces)(stores.cart.pieces())}</span> {estimate.map(|sum| price(sum, None, false))}</p>
                    <p class="quiet" role="status">{why}</p>
                    {failed.then(|| view! { <button type="button" class="btn soft" on:click=again>{words.again}</button> })}
                }
            }
        }
    });
    view! {
        <div class="card sum">{content}</div>
        {sheet(words.coupons, open, move || coupons::list(known))}
    }
}

fn settled(quote: &Quote, open: RwSignal<bool>) -> View {
    let stores = stores();
    let words = words();
    let less = |name: String, amount: String| {
        view! { <p class="less"><span>{name}</span> <span>{amount}</span></p> }
    };
    let goods = quote.goods.map(|goods| {
        view! { <p class="quiet"><span>{words.goods}</span> <span>{goods.to_string()}</span></p> }
    });
    let chosen = quote.coupons.iter().filter(|coupon| coupon.chosen);
    let used = chosen.map(|used| {
        let best = (used.reason.kind == ReasonKind::Best).then_some(words.coupon_best);
        let name = [Some(used.coupon.name.as_str()), best];
        let name = name.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        less(name, (words.minus)(&used.off.to_string()))
    });
    let more = (!quote.coupons.is_empty()).then(|| {
        let count = u32::try_from(quote.coupons.len()).unwrap_or_default();
        let look = on(move |_| open.set(true));
        view! { <button type="button" class="more" on:click=look><span>{words.coupons}</span> <span class="quiet">{(words.coupon_count)(count)} " ›"</span></button> }
    });
    let points = quote.points.filter(|points| points.usable > 0).map(|points| {
        let (usable, is_used) = (points.usable, points.used > 0);
        let worth = domain::money::Money {
            amount: i64::from(usable),
            ..quote.total
        };
        let toggle = on(move |_| stores.cart.use_points.set(!is_used));
        let amount = if is_used {
            (words.minus)(&worth.to_string())
        } else {
            words.points_use.to_owned()
        };
        view! {
            <button type="button" class="more" aria-pressed=is_used.to_string() on:click=toggle>
                <span>{(words.points_worth)(usable, &worth.to_string())}</span> <span>{amount}</span>
            </button>
        }
    });
    let saved = quote
        .saved
        .map(|saved| view! { <p class="quiet saved">{(words.saved)(&saved.to_string())}</p> });
    let places = u32::try_from(quote.merchants.len()).unwrap_or_default();
    let places = (places > 1).then(|| view! { <p class="quiet">{(words.places)(places)}</p> });
    view! {
        <p><span>{words.total} " · " {(words.pieces)(stores.cart.pieces())}</span> {price(quote.total, None, false)}</p>
        {saved}
        {places}
        {goods}
        {used.collect::<Vec<_>>()}
        {more}
        {points}
    }
    .into_view()
}
