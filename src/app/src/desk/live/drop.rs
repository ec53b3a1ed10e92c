//! Coupons are given away: so many, for a purchase of so much, opened under one key.

use super::here::Here;
use super::tool;
use super::words::text as words;
use crate::desk::once::{Kept, Sent};
use crate::parts::price::amount;
use crate::state::Stores;
use crate::view::{View, follows, on, text, view};
use client::json;
use domain::coupon::Benefit;
use domain::id::ShowId;
use domain::live::{
    CouponDrop, DropRequest, MAX_COUPON_DAYS, MAX_COUPONS, MAX_OFF, MAX_QUESTION_CHARS,
};
use domain::money::Money;
use leptos::prelude::*;

/// How long a coupon is good, unless somebody says otherwise.
const DAYS: &str = "7";

fn send(stores: Stores, kept: Kept) -> Sent<CouponDrop> {
    Box::pin(async move {
        let drop: DropRequest = json::decode(&kept.request)?;
        let show = ShowId::from(kept.place.as_str());
        stores
            .client()
            .desk_shows()
            .open_drop(&show, &drop, &kept.key)
            .await
    })
}

/// The panel.
pub fn panel(here: Here) -> View {
    tool::panel(last(here), form(here))
}

/// What one coupon gives: `满 ¥30 减 ¥5`.
fn gives(drop: &CouponDrop) -> String {
    let Benefit::Amount { off } = &drop.benefit else {
        return String::new();
    };
    (words().off)(&amount(*off), drop.at_least.map(amount).as_deref())
}

/// How many coupons are left: `还剩 3 张，共 5 张`.
fn left(drop: &CouponDrop) -> String {
    (words().left)(drop.left, drop.count)
}

/// The last drop.
fn last(here: Here) -> View {
    let words = words();
    let drop = here.piece(|room| room.drop.clone());
    let head = move || {
        drop.with(|drop| {
            let drop = drop.as_ref()?.as_ref()?;
            Some(tool::Last {
                id: drop.id.clone(),
                title: drop.title.clone(),
                state: drop.state,
            })
        })
    };
    let of_it = move |say: fn(&CouponDrop) -> String| {
        drop.with(|drop| drop.iter().flatten().next().map(say))
            .unwrap_or_default()
    };
    let result = move || {
        view! {
            <p>{text(move || of_it(gives))}</p>
            <p class="left">{text(move || of_it(left))}</p>
        }
    };
    let names = tool::Names {
        none: words.no_drop,
        last: words.last_drop,
        close: words.close_drop,
        close_sure: words.close_drop_sure,
    };
    tool::last(head, names, result, move |id, busy| {
        let call = move |client: client::Client<_>, show| async move {
            client.desk_shows().close_drop(&show, &id).await
        };
        here.does(busy, call, |_| {});
    })
}

fn form(here: Here) -> View {
    let words = words();
    let once = here.once("drop", send);
    let trouble = RwSignal::new(String::new());
    let title = here.draft("drop/title");
    let off = here.draft("drop/off");
    let at_least = here.draft("drop/from");
    let count = here.draft("drop/count");
    let days = here.draft("drop/days");
    let clear = move || {
        for text in [title, off, at_least, count, days] {
            text.clear();
        }
    };
    tool::see_through(once, here, trouble, clear, words.drop_opened);
    let request = move || {
        let whole = |text: String, most: u32| {
            let number = text.parse::<u32>().ok();
            number.filter(|number| (1..=most).contains(number))
        };
        let title = title.trimmed();
        if title.is_empty() {
            return Err(words.drop_title_first);
        }
        let sum = |text: &str| {
            let sum = Money::typed_yuan(text);
            sum.filter(|sum| sum.amount <= MAX_OFF.amount)
        };
        let off = sum(&off.trimmed()).ok_or(words.off_wrong)?;
        let from = at_least.trimmed();
        let at_least = match from.as_str() {
            "" => None,
            from => Some(sum(from).ok_or(words.from_wrong)?),
        };
        let days = match days.trimmed() {
            text if text.is_empty() => DAYS.to_owned(),
            text => text,
        };
        let request = DropRequest {
            said_at: here.said_at(),
            title,
            off,
            at_least,
            count: whole(count.trimmed(), MAX_COUPONS).ok_or(words.count_wrong)?,
            days: whole(days, MAX_COUPON_DAYS).ok_or(words.days_wrong)?,
        };
        let is_right = request.at_least_is_right();
        is_right.then_some(request).ok_or(words.from_too_small)
    };
    let submit = on(move |event| {
        event.prevent_default();
        match request() {
            Ok(request) => {
                trouble.set(String::new());
                here.id
                    .with_value(|id| once.submit(id.as_str(), &request, here.host.stores));
            }
            Err(missing) => trouble.set(missing.to_owned()),
        }
    });
    let cannot = move || once.is_busy() || !here.is_live();
    view! {
        <form novalidate aria-label=words.new_drop hidden=follows(move || here.is_over()) aria-busy=follows(move || once.is_busy().then_some("true")) on:beforeinput=once.holds_typing() on:submit=submit>
            <h3>{words.new_drop}</h3>
            {title.hinted(words.drop_title, "title", MAX_QUESTION_CHARS, words.drop_title_hint)}
            <div class="numbers">
                {off.field(words.drop_off, "off", 8)}
                {at_least.hinted(words.drop_from, "from", 8, words.drop_from_hint)}
                {count.field(words.drop_count, "count", 4)}
                {days.hinted(words.drop_days, "days", 2, DAYS)}
            </div>
            <button class="btn" disabled=follows(cannot)>{words.open_drop}</button>
            {tool::foot(once, here, trouble)}
        </form>
    }
}
