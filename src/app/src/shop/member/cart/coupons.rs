//! Every coupon, and why it is used or is not. One tap takes another one.

use crate::state::stores;
use crate::view::{IntoView, View, changing, on, view};
use crate::words::{spoken, words};
use domain::coupon::{QuotedCoupon, ReasonKind};
use domain::id::CouponId;
use domain::pricing::Quote;
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("coupons.css");

/// The sheet's content. It follows the quote, so that whoever tries another coupon sees at once
/// what it does.
pub fn list(known: Memo<Option<Quote>>) -> View {
    let class = style_sheet!("src/app/src/shop/member/cart/coupons.css");
    let stores = stores();
    let words = words();
    let rows = changing(move || {
        let coupons = known.with(|quote| quote.as_ref().map(|quote| quote.coupons.clone()));
        let coupons = coupons.unwrap_or_default();
        let rows: Vec<View> = coupons.iter().map(|coupon| row(coupon, &coupons)).collect();
        view! { <ul>{rows}</ul> }
    });
    let best = changing(move || {
        let is_asked = stores.cart.coupons.with(Option::is_some);
        let ask = on(move |_| stores.cart.coupons.set(None));
        is_asked
            .then(|| view! { <button type="button" class="btn wide" on:click=ask>{words.coupon_take_best}</button> })
            .into_view()
    });
    view! { <div class=class>{rows} {best}</div> }
}

fn row(quoted: &QuotedCoupon, all: &[QuotedCoupon]) -> View {
    let stores = stores();
    let words = words();
    let id = quoted.coupon.id.clone();
    let chosen = all.iter().filter(|other| other.chosen);
    let chosen: Vec<CouponId> = chosen.map(|other| other.coupon.id.clone()).collect();
    // In the place of those in its way, and before the others: of two, the first counts.
    let next: Vec<CouponId> = if quoted.chosen {
        chosen.into_iter().filter(|other| *other != id).collect()
    } else {
        let kept = chosen
            .into_iter()
            .filter(|other| !quoted.reason.with.contains(other));
        std::iter::once(id).chain(kept).collect()
    };
    let usable = matches!(
        quoted.reason.kind,
        ReasonKind::Best
            | ReasonKind::Chosen
            | ReasonKind::NotCombinable
            | ReasonKind::SavesNothing
            | ReasonKind::LeftOut
    );
    let press = on(move |_| stores.cart.coupons.set(Some(next.clone())));
    let off = usable.then(|| (words.minus)(&quoted.off.to_string()));
    let about = view! {
        <strong>{quoted.coupon.name.clone()}</strong>
        <span>{off}</span>
        <span class="quiet">{quoted.coupon.note.clone()}</span>
        <span class="why">{why(quoted, all)}</span>
    };
    if usable {
        view! { <li><button type="button" aria-pressed=quoted.chosen.to_string() on:click=press>{about}</button></li> }
    } else {
        view! { <li class="not"><div>{about}</div></li> }
    }
}

/// Why it is used, or is not.
fn why(quoted: &QuotedCoupon, all: &[QuotedCoupon]) -> String {
    let words = words();
    let reason = &quoted.reason;
    let plain = match reason.kind {
        ReasonKind::Best => words.coupon_best,
        ReasonKind::Chosen => words.coupon_chosen,
        ReasonKind::SavesNothing => words.coupon_saves_nothing,
        ReasonKind::LeftOut => words.coupon_left_out,
        ReasonKind::NothingEligible => words.coupon_nothing,
        ReasonKind::NotNewcomer => words.coupon_newcomers,
        ReasonKind::Expired => words.coupon_expired,
        ReasonKind::UsedUp => words.coupon_used,
        ReasonKind::Unknown => words.coupon_unknown,
        ReasonKind::BelowMinimum => {
            let short = reason.short.map(|short| short.to_string());
            return (words.coupon_short)(&short.unwrap_or_default());
        }
        ReasonKind::NotYet => {
            let from = quoted.coupon.valid_from.map(|from| from.to_string());
            let day = from.as_deref().and_then(|from| from.get(5..10));
            return (words.coupon_not_yet)(day.unwrap_or_default());
        }
        ReasonKind::NotCombinable => {
            let with = all
                .iter()
                .filter(|other| reason.with.contains(&other.coupon.id));
            let names: Vec<&str> = with.map(|other| other.coupon.name.as_str()).collect();
            let between = if spoken().tag() == "en" { ", " } else { "、" };
            let less = reason.less.filter(|less| less.amount > 0);
            let less = less.map(|less| less.to_string()).unwrap_or_default();
            return (words.coupon_not_with)(&names.join(between), &less);
        }
    };
    plain.to_owned()
}
