//! Coming in from the store: one page, one code, and a newcomer is a member; what was just bought at
//! the counter is credited.

use super::booking::is_known;
use super::booking::words::text;
use crate::browser::address::address;
use crate::browser::page::focus_heading;
use crate::parts::icon;
use crate::parts::sign_in::{begin, form};
use crate::parts::state::explain;
use crate::state::{Stores, stores, visit};
use crate::view::{IntoView, View, changing, follows, on, task, text as live, view};
use crate::words::words;
use client::Error;
use domain::contract::Capability;
use domain::problem::{Problem, ProblemKind};
use domain::source::{Credit, JoinRequest, source};
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("join.css");

/// Where those come from of whom nothing is known.
const ELSEWHERE: &str = "direct";

/// What coming in has brought.
#[derive(Clone, Debug, PartialEq)]
struct Came {
    newcomer: bool,
    credit: Option<Credit>,
    /// Why the purchase was not credited, in words.
    trouble: Option<String>,
}

/// The page.
pub fn page() -> View {
    let (stores, address) = (stores(), address());
    let parameter = move |name| address.with_untracked(|address| address.parameter(name));
    let claim = parameter("claim")
        .map(|claim| claim.trim().to_owned())
        .filter(|claim| !claim.is_empty());
    let named = parameter("from").filter(|from| source(from).is_some());
    let from = named
        .or_else(visit::source)
        .unwrap_or_else(|| ELSEWHERE.to_owned());
    let came = RwSignal::new(None::<Came>);
    // What coming in has brought is told before the session begins, so that nothing else shows between.
    let is_open = Memo::new(move |_| stores.session.is_open());
    changing(move || {
        if let Some(came) = came.get() {
            return welcome(came, stores);
        }
        if is_open.get() {
            return already(claim.clone(), came, stores);
        }
        newcomer(from.clone(), claim.clone(), came)
    })
}

fn newcomer(from: String, claim: Option<String>, came: RwSignal<Option<Came>>) -> View {
    let class = style_sheet!("src/app/src/shop/tasting/join/join.css");
    let (stores, texts) = (stores(), text());
    let line = |said: &'static str| view! { <li>{icon("check")} <span>{said}</span></li> };
    let points = claim.as_ref().map(|_| line(texts.brings_points));
    let fields = form(texts.join_hint, texts.join, move |phone, code| {
        let request = JoinRequest {
            phone,
            code,
            from: from.clone(),
            claim: claim.clone(),
        };
        Box::pin(async move {
            let joined = stores.client().members().join(&request).await?;
            came.try_set(Some(Came {
                newcomer: joined.newcomer,
                credit: joined.credit,
                trouble: joined.claim_problem.map(why),
            }));
            begin(joined.member, stores);
            focus_heading();
            Ok(())
        })
    });
    view! {
        <section class=["page ", class].concat()>
            <h2>{texts.welcome}</h2>
            <ul>{points} {texts.brings.map(line)}</ul>
        </section>
        {fields}
    }
}

/// For whom is a member already.
fn already(claim: Option<String>, came: RwSignal<Option<Came>>, stores: Stores) -> View {
    let class = style_sheet!("src/app/src/shop/tasting/join/join.css");
    let texts = text();
    let (busy, trouble) = (RwSignal::new(false), RwSignal::new(String::new()));
    let claim = claim.map(|claim| {
        let credit = on(move |_| {
            if !busy.get_untracked() {
                busy.set(true);
                task(credited(claim.clone(), came, busy, trouble, stores));
            }
        });
        view! {
            <p>{texts.claim_hint}</p>
            <button type="button" class="btn wide" disabled=follows(move || busy.get()) on:click=credit>{texts.claim}</button>
            <p class="trouble" role="alert">{live(move || trouble.get())}</p>
        }
    });
    let phone = stores.session.member.with_untracked(|member| {
        let member = member.as_ref();
        member.map(|member| member.phone.clone())
    });
    view! {
        <section class=["page ", class].concat()>
            <h2>{texts.member_already}</h2>
            <p class="quiet">{phone.unwrap_or_default()}</p>
            {claim}
            {ways(stores)}
        </section>
    }
}

async fn credited(
    claim: String,
    came: RwSignal<Option<Came>>,
    busy: RwSignal<bool>,
    trouble: RwSignal<String>,
    stores: Stores,
) {
    let answer = stores.client().members().claim(&claim).await;
    busy.try_set(false);
    match answer {
        Ok(credit) => {
            came.try_set(Some(Came {
                newcomer: false,
                credit: Some(credit),
                trouble: None,
            }));
            focus_heading();
        }
        Err(error) => {
            stores.session.heed(&error);
            trouble.try_set(match error {
                Error::Refused {
                    problem,
                    retry_after: None,
                } if problem.status < 500 => why(problem),
                error if is_known(&error) => explain(&error).0,
                error => {
                    leptos::logging::warn!("{error}");
                    // The same claim is credited to the same member once, however often it is named.
                    text().claim_unknown.to_owned()
                }
            });
        }
    }
}

/// Why a purchase was not credited.
fn why(problem: Problem) -> String {
    match problem.kind {
        ProblemKind::WrongCode => text().claim_used.to_owned(),
        ProblemKind::ExpiredCode => text().claim_old.to_owned(),
        _ => {
            let error = Error::Refused {
                problem,
                retry_after: None,
            };
            explain(&error).0
        }
    }
}

/// What it has brought, and where to go from here.
fn welcome(came: Came, stores: Stores) -> View {
    let class = style_sheet!("src/app/src/shop/tasting/join/join.css");
    let texts = text();
    let (name, hint) = match came.newcomer {
        true => (texts.joined, Some(texts.joined_hint)),
        false => (texts.back_again, None),
    };
    let credit = came.credit.map(|credit| {
        let sum = (texts.credit)(&credit.amount.to_string(), credit.points);
        view! { <div class="card credit" role="status">{icon("check")} <p><strong>{texts.credited}</strong> <span>{sum}</span></p></div> }
    });
    let trouble = came.trouble.map(|trouble| {
        view! { <div class="card credit not" role="alert">{icon("close")} <p><strong>{texts.not_credited}</strong> <span>{trouble}</span></p></div> }
    });
    view! {
        <section class=["page ", class].concat()>
            <h2>{name}</h2>
            {hint.map(|hint| view! { <p class="quiet">{hint}</p> })}
            {credit}
            {trouble}
            {ways(stores)}
        </section>
    }
}

fn ways(stores: Stores) -> View {
    let texts = text();
    let taste = changing(move || {
        let taste = stores
            .can(Capability::Booking)
            .then(|| view! { <a class="btn soft" href="/tastings">{words().taste}</a> });
        taste.into_view()
    });
    view! { <p class="do"><a class="btn" href="/">{texts.to_home}</a> {taste}</p> }
}
