//! A purchase of somebody who is no member yet: its amount becomes a code, by which whoever joins
//! has its points. One purchase has one code, whatever the network does.

use super::words::text as words;
use super::{Counter, focus_soon};
use crate::browser::poster::code_path;
use crate::browser::share::absolute;
use crate::desk::once::{Kept, Once, Progress, Sent};
use crate::desk::told;
use crate::state::Stores;
use crate::view::{IntoView, Slot, View, changing, effect, follows, on, text, view};
use client::{Error, json};
use domain::id::StaffId;
use domain::money::Money;
use domain::problem::ProblemKind;
use domain::source::{PurchaseClaim, PurchaseRequest};
use leptos::prelude::*;
use stylers::style_sheet;
use web_sys::{HtmlElement, HtmlInputElement};

const _: &str = include_str!("purchase.css");

fn send(stores: Stores, kept: Kept) -> Sent<PurchaseClaim> {
    Box::pin(async move {
        let request: PurchaseRequest = json::decode(&kept.request)?;
        let client = stores.client();
        client.desk().purchase(&request, &kept.key).await
    })
}

/// The form, or the code that has come of it.
pub fn section(staff: &StaffId, counter: Counter) -> View {
    let class = style_sheet!("src/app/src/desk/counter/purchase.css");
    let words = words();
    let once = Once::of("purchase", staff, send);
    // What is under way, or waits to be shown to the shopper, is seen at once.
    let open = RwSignal::new(once.is_under_way());
    let trouble = RwSignal::new(String::new());
    let amount = Slot::<HtmlInputElement>::new();
    let opener = Slot::<HtmlElement>::new();
    let claim = Memo::new(move |_| {
        once.progress.with(|progress| match progress {
            Progress::Done(claim) => Some(claim.clone()),
            _ => None,
        })
    });
    effect(move |_| match once.progress.get() {
        Progress::Done(..) => {
            if let Some(amount) = amount.get() {
                amount.set_value("");
            }
        }
        Progress::Refused(_, error) => trouble.set(why_not(&error)),
        Progress::NoRoom(_) => trouble.set(words.no_room.to_owned()),
        Progress::Lapsed => once.taken_in(),
        _ => {}
    });
    let submit = on(move |event| {
        event.prevent_default();
        let Some(field) = amount.get() else { return };
        let Some(amount) = Money::typed_yuan(&field.value()) else {
            trouble.set(words.amount_wrong.to_owned());
            let _ = field.focus();
            return;
        };
        trouble.set(String::new());
        once.submit("", &PurchaseRequest { amount }, counter.stores);
    });
    let toggle = on(move |_| {
        open.update(|open| *open = !*open);
        focus_soon(amount);
    });
    let done = move || {
        once.taken_in();
        open.set(false);
        focus_soon(opener);
    };
    let shown = changing(move || match claim.get() {
        Some(claim) => code(claim, counter, done),
        None => ().into_view(),
    });
    let wrong = move || trouble.with(|trouble| !trouble.is_empty());
    let checking = move || {
        if once.is_checking() {
            words.purchase_checking.to_owned()
        } else {
            String::new()
        }
    };
    view! {
        <section class=class aria-label=words.purchase>
            <button type="button" class="opener" node_ref=opener aria-expanded=follows(move || open.get().to_string()) aria-controls="purchase" on:click=toggle>{words.purchase}</button>
            <div id="purchase" hidden=follows(move || !open.get())>
                <form novalidate hidden=follows(move || claim.with(Option::is_some)) aria-busy=follows(move || once.is_busy().then_some("true")) on:submit=submit>
                    <p class="quiet">{words.purchase_hint}</p>
                    <label><span>{words.amount}</span> <input node_ref=amount name="amount" inputmode="decimal" autocomplete="off" maxlength="12" aria-describedby="purchase-trouble" aria-invalid=follows(move || wrong().then_some("true")) /></label>
                    <button class="btn" disabled=follows(move || once.is_busy())>{words.make_code}</button>
                    <p class="trouble" id="purchase-trouble" role="alert">{text(move || trouble.get())}</p>
                </form>
                <p class="checking" role="status">{text(checking)}</p>
                {shown}
            </div>
        </section>
    }
}

fn why_not(error: &Error) -> String {
    match error {
        Error::Refused { problem, .. } if problem.kind == ProblemKind::InvalidBody => {
            words().amount_refused.to_owned()
        }
        error => told(error, ""),
    }
}

/// The code, to be shown to the shopper: a QR code and six letters to type.
fn code(claim: PurchaseClaim, counter: Counter, done: impl Fn() + Copy + 'static) -> View {
    let words = words();
    let until = Some(claim.expires_at);
    let good = Memo::new(move |_| counter.is_before(until));
    let brings = (words.claim_brings)(&claim.credit.amount.to_string(), claim.credit.points);
    let spelled = claim.claim.chars().map(String::from);
    let spelled = spelled.collect::<Vec<_>>().join(" ");
    let letters = claim.claim.clone();
    let expires = claim.expires_at.clock();
    let path = claim.path.clone();
    let to_scan = changing(move || {
        if !good.get() {
            return view! { <p class="trouble" role="status">{words.claim_over}</p> };
        }
        let drawn = code_path(&absolute(&path)).map(|(side, path)| {
            let side = side.to_string();
            view! {
                <svg viewBox=["0 0 ", &side, " ", &side].concat() role="img" aria-label=words.claim_code shape-rendering="crispEdges"><path d=path></path></svg>
            }
        });
        view! {
            <p class="quiet">{words.claim_scan}</p>
            {drawn}
            <p class="letters"><span class="unseen">{spelled.clone()}</span> <span aria-hidden="true">{letters.clone()}</span></p>
            <p class="quiet">{(words.claim_until)(&expires)}</p>
        }
    });
    view! {
        <div class="claim" role="status">
            <p><strong>{brings}</strong></p>
            {to_scan}
            <button type="button" class="btn" on:click=on(move |_| done())>{words.claim_done}</button>
        </div>
    }
}
