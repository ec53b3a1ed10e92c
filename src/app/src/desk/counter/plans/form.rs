//! The sheet on which the owner decides about a tasting. What is sent is the whole plan, so that sending
//! it once more does no harm.

use super::super::focus_soon;
use super::Of;
use super::filled::{Filled, Found, Typed, name_of};
use super::week::{Week, Wrong, closed, times};
use super::words::text as words;
use crate::browser::storage;
use crate::desk::{here, told};
use crate::view::{Slot, View, follows, on, task, text, view};
use client::Error;
use domain::problem::ProblemKind;
use domain::tasting::Plan;
use domain::tasting::plan::PlanPart;
use leptos::prelude::*;
use web_sys::{HtmlElement, HtmlInputElement};

/// A field for a number.
struct Number {
    part: PlanPart,
    /// What it is called, its unit, and what can be filled in.
    words: (&'static str, &'static str, &'static str),
    /// Its kind of keyboard, and how many characters it takes.
    keys: (&'static str, &'static str),
    get: fn(&Typed) -> &String,
    set: fn(&mut Typed, String),
    field: Slot<HtmlInputElement>,
}

impl Number {
    fn view(self, filled: Filled, wrong: Wrong) -> View {
        let Self {
            part,
            words: (label, unit, right),
            keys: (keyboard, most),
            get,
            set,
            field,
        } = self;
        let name = part.pointer().trim_start_matches('/');
        let trouble = ["plan-", name].concat();
        let typed = on(move |event| {
            filled.change(|typed| set(typed, event_target_value(&event)));
            wrong.update(|wrong| wrong.retain(|there| *there != part));
        });
        let is_wrong = move || wrong.with(|wrong| wrong.contains(&part));
        let told = move || if is_wrong() { right } else { "" }.to_owned();
        let value = move || filled.typed.with(|typed| get(typed).clone());
        view! {
            <div class="number">
                <label><span>{label}</span> <span class="unit"><input node_ref=field name=name inputmode=keyboard autocomplete="off" maxlength=most aria-describedby=trouble.clone() aria-invalid=follows(move || is_wrong().then_some("true")) prop:value=follows(value) on:input=typed /> <span>{unit}</span></span></label>
                <p class="trouble" id=trouble>{text(told)}</p>
            </div>
        }
    }
}

/// The sheet. `title` is what the tasting is called, `first` the field that comes first.
pub fn form(
    of: Of,
    title: &str,
    filled: Filled,
    found: Found,
    first: Slot<HtmlInputElement>,
) -> View {
    let (words, desk) = (words(), here());
    let (plans, stores) = (of.plans, of.plans.counter.stores);
    let busy = plans.busy;
    let wrong: Wrong = RwSignal::new(Vec::new());
    let trouble = RwSignal::new(String::new());
    let week = Week::new();
    let [_, minutes, lead, cancel, deposit] = [(); 5].map(|()| Slot::<HtmlInputElement>::new());
    let [monday, ..] = week.days;
    let focus = move |part: Option<&PlanPart>| {
        let field = match part {
            None => return,
            Some(PlanPart::Capacity) => first,
            Some(PlanPart::Minutes) => minutes,
            Some(PlanPart::Lead) => lead,
            Some(PlanPart::Cancel) => cancel,
            Some(PlanPart::Deposit) => deposit,
            Some(PlanPart::Times) => monday.field,
            Some(PlanPart::Closed) => week.closed.field,
        };
        focus_soon(field);
    };
    let close = move || {
        of.begun.try_set(false);
        plans.open.try_set(None);
        focus_soon(of.opener);
    };
    let save = move |plan: Plan| {
        busy.set(true);
        let id = of.id.get_value();
        task(async move {
            let answer = stores.client().desk().keep_plan(&id, &plan).await;
            busy.try_set(false);
            match answer {
                Ok(_) => {
                    storage::forget(&name_of(&id));
                    stores.say(words.saved.to_owned());
                    close();
                    plans.list.again();
                    plans.counter.again();
                }
                Err(error) => {
                    if error.is_not_signed_in() {
                        desk.find_out(stores);
                    }
                    let (parts, why) = why_not(&error);
                    focus(parts.first());
                    wrong.try_set(parts);
                    trouble.try_set(why);
                }
            }
        });
    };
    let submit = on(move |event| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let left_over = week.left_over();
        let plan = filled.typed.with_untracked(Typed::plan);
        let parts = plan.as_ref().err().cloned().unwrap_or_default();
        wrong.set(parts.clone());
        match (plan, left_over) {
            (Ok(plan), None) => {
                trouble.set(String::new());
                save(plan);
            }
            (_, left_over) => {
                trouble.set(words.wrong.to_owned());
                match (parts.first(), left_over) {
                    (None, Some(field)) => focus_soon(field),
                    (part, _) => focus(part),
                }
            }
        }
    });
    // What is on its way is cleared when it is done.
    let held = on(move |event| {
        if busy.get_untracked() {
            event.prevent_default();
        }
    });
    let note = match found {
        Found::Nothing => "",
        Found::Begun => words.kept,
        Found::Stale => words.stale,
    };
    let on_its_way = move || if busy.get() { words.saving } else { "" }.to_owned();
    let name = [words.plan, " ", title].concat();
    view! {
        <form id="tasting-plan" novalidate aria-label=name aria-busy=follows(move || busy.get().then_some("true")) on:beforeinput=held on:submit=submit>
            <p class="quiet">{words.booked_stays}</p>
            <p class="kept" role="status">{note}</p>
            {numbers(filled, wrong, [first, minutes, lead, cancel])}
            {deposits(filled, wrong, deposit)}
            {times(filled, week, wrong)}
            {closed(filled, week, wrong, plans.counter.now)}
            <p class="trouble" role="alert">{text(move || trouble.get())}</p>
            <p class="saving" role="status">{text(on_its_way)}</p>
            {buttons(filled, move || {
                storage::forget(&of.id.with_value(name_of));
                close();
            })}
        </form>
    }
}

fn numbers(filled: Filled, wrong: Wrong, fields: [Slot<HtmlInputElement>; 4]) -> View {
    type Part = (PlanPart, fn(&Typed) -> &String, fn(&mut Typed, String));
    let parts: [Part; 4] = [
        (
            PlanPart::Capacity,
            |typed| &typed.capacity,
            |typed, text| typed.capacity = text,
        ),
        (
            PlanPart::Minutes,
            |typed| &typed.minutes,
            |typed, text| typed.minutes = text,
        ),
        (
            PlanPart::Lead,
            |typed| &typed.lead,
            |typed, text| typed.lead = text,
        ),
        (
            PlanPart::Cancel,
            |typed| &typed.cancel,
            |typed, text| typed.cancel = text,
        ),
    ];
    let parts = parts.into_iter().zip(words().numbers).zip(fields);
    let numbers = parts.map(|(((part, get, set), words), field)| {
        let number = Number {
            part,
            words,
            keys: ("numeric", "5"),
            get,
            set,
            field,
        };
        number.view(filled, wrong)
    });
    let numbers = numbers.collect::<Vec<_>>();
    view! { <div class="numbers">{numbers}</div> }
}

/// Free, or how much is left at the counter.
fn deposits(filled: Filled, wrong: Wrong, field: Slot<HtmlInputElement>) -> View {
    let (words, busy) = (words(), filled.busy);
    let choices = [(false, words.no_deposit), (true, words.some_deposit)];
    let choices = choices.map(|(asks, name)| {
        let chosen = move || filled.typed.with(|typed| typed.asks == asks);
        let choose = on(move |_| filled.change(|typed| typed.asks = asks));
        view! { <label class="choice"><input type="radio" name="asks" prop:checked=follows(chosen) disabled=follows(move || busy.get()) on:change=choose /> <span>{name}</span></label> }
    });
    let amount = Number {
        part: PlanPart::Deposit,
        words: (words.how_much, words.yuan, words.deposit_wrong),
        keys: ("decimal", "10"),
        get: |typed| &typed.deposit,
        set: |typed, text| typed.deposit = text,
        field,
    };
    let is_free = move || filled.typed.with(|typed| !typed.asks);
    view! {
        <fieldset class="deposit">
            <legend>{words.deposit_legend}</legend>
            {choices}
            <div hidden=follows(is_free)>{amount.view(filled, wrong)}</div>
        </fieldset>
    }
}

/// Saves, or gives up: asked for once more where something would be lost.
fn buttons(filled: Filled, give_up: impl Fn() + Copy + 'static) -> View {
    let words = words();
    let busy = filled.busy;
    let asked = RwSignal::new(false);
    let (cancel, sure) = (Slot::<HtmlElement>::new(), Slot::<HtmlElement>::new());
    let ask = on(move |_| {
        if busy.get_untracked() {
            return;
        }
        if filled.begun.get_untracked() {
            asked.set(true);
            focus_soon(sure);
        } else {
            give_up();
        }
    });
    let go_on = on(move |_| {
        asked.set(false);
        focus_soon(cancel);
    });
    // Not `disabled`: what has the focus keeps it.
    let is_off = move || busy.get().then_some("true");
    view! {
        <div class="do">
            <button class="btn" aria-disabled=follows(is_off) hidden=follows(move || asked.get())>{words.save}</button>
            <button type="button" class="btn soft" node_ref=cancel aria-disabled=follows(is_off) hidden=follows(move || asked.get()) on:click=ask>{words.cancel}</button>
            <button type="button" class="btn warn" node_ref=sure hidden=follows(move || !asked.get()) on:click=on(move |_| give_up())>{words.cancel_sure}</button>
            <button type="button" class="btn soft" hidden=follows(move || !asked.get()) on:click=go_on>{words.cancel_not}</button>
        </div>
    }
}

/// What the backend does not take, and why nothing is saved, or may be.
fn why_not(error: &Error) -> (Vec<PlanPart>, String) {
    let words = words();
    let why = match error {
        error if error.is_unknown() => words.unknown.to_owned(),
        Error::Refused { problem, .. } => match problem.kind {
            ProblemKind::InvalidBody => {
                let parts = problem.problems.iter();
                let parts = parts.filter_map(|problem| PlanPart::at(&problem.field));
                let mut parts = parts.collect::<Vec<_>>();
                parts.sort_unstable();
                if !parts.is_empty() {
                    return (parts, words.wrong.to_owned());
                }
                told(error, "")
            }
            ProblemKind::Forbidden => words.only_owner.to_owned(),
            ProblemKind::NotFound => words.gone.to_owned(),
            _ => told(error, ""),
        },
        error => told(error, ""),
    };
    (Vec::new(), why)
}
