//! The times of a week and the days without: each can be taken out, and another one added.

use super::super::focus_soon;
use super::filled::Filled;
use super::words::text as words;
use crate::view::{Handler, Slot, View, each, follows, on, text, view};
use crate::words::words as shop_words;
use domain::tasting::PlanTime;
use domain::tasting::plan::{MOST_LINES, PlanPart, is_day, weekday_of};
use domain::time::{ClockTime, Moment};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement, KeyboardEvent};

/// A field in which something is chosen, and the button that adds it.
#[derive(Clone, Copy)]
pub struct Adder {
    /// Which one.
    at: usize,
    /// The field.
    pub field: Slot<HtmlInputElement>,
    button: Slot<HtmlElement>,
    trouble: RwSignal<String>,
}

impl Adder {
    fn new(at: usize) -> Self {
        Self {
            at,
            field: Slot::new(),
            button: Slot::new(),
            trouble: RwSignal::new(String::new()),
        }
    }

    /// What is chosen, as the field has it.
    fn value(self) -> String {
        let field = self.field.get();
        field.map(|field| field.value()).unwrap_or_default()
    }

    /// What was chosen when the sheet was opened. From then on the field is the browser's: what is half
    /// filled in would be gone if anything were written there.
    fn kept(self, filled: Filled) -> String {
        let typed = filled.typed;
        typed.with_untracked(|typed| typed.chosen.get(self.at).cloned().unwrap_or_default())
    }

    fn keep(self, filled: Filled, value: &str) {
        self.trouble.set(String::new());
        filled.change(|typed| {
            if let Some(chosen) = typed.chosen.get_mut(self.at) {
                value.clone_into(chosen);
            }
        });
    }

    /// It was added.
    fn clear(self, filled: Filled) {
        self.keep(filled, "");
        if let Some(field) = self.field.get() {
            field.set_value("");
        }
    }

    fn on_typed(self, filled: Filled) -> Handler {
        on(move |_| self.keep(filled, &self.value()))
    }

    fn invalid(self) -> crate::view::Value {
        follows(move || {
            self.trouble
                .with(|trouble| !trouble.is_empty())
                .then_some("true")
        })
    }
}

/// The fields of the seven days and of the days without.
#[derive(Clone, Copy)]
pub struct Week {
    /// From Monday to Sunday.
    pub days: [Adder; 7],
    /// A day without.
    pub closed: Adder,
}

impl Week {
    /// All of them empty.
    pub fn new() -> Self {
        Self {
            days: [0, 1, 2, 3, 4, 5, 6].map(Adder::new),
            closed: Adder::new(7),
        }
    }

    /// Says of whatever is chosen that it is not added yet; gives the first such field.
    pub fn left_over(self) -> Option<Slot<HtmlInputElement>> {
        let days = self.days.into_iter().zip(shop_words().weekdays);
        let all = days.chain([(self.closed, "")]);
        let mut first = None;
        for (adder, name) in all {
            let value = adder.value();
            if value.is_empty() {
                continue;
            }
            let what = [name, " ", &value].concat();
            adder.trouble.set((words().left_over)(what.trim_start()));
            first = first.or(Some(adder.field));
        }
        first
    }
}

/// What is wrong with the plan.
pub type Wrong = RwSignal<Vec<PlanPart>>;

/// What the backend does not take; `part` of the plan.
fn trouble_of(part: PlanPart, says: &'static str, wrong: Wrong) -> View {
    let told = move || {
        let is_wrong = wrong.with(|wrong| wrong.contains(&part));
        if is_wrong {
            says.to_owned()
        } else {
            String::new()
        }
    };
    view! { <p class="trouble">{text(told)}</p> }
}

/// Enter adds; it does not save yet.
fn adds_by_enter(add: impl Fn() + 'static) -> Handler {
    on(move |event| {
        let enter = event
            .dyn_ref::<KeyboardEvent>()
            .is_some_and(|event| event.key() == "Enter");
        if enter {
            event.prevent_default();
            add();
        }
    })
}

/// Something that is there, and can be taken out.
struct Chip {
    key: String,
    shown: String,
    spoken: String,
    what: What,
    filled: Filled,
    adder: Adder,
    wrong: Wrong,
}

/// What a chip stands for.
enum What {
    Time(PlanTime),
    Day(String),
}

fn chip(chip: Chip) -> View {
    let Chip {
        shown,
        spoken,
        what,
        filled,
        adder,
        wrong,
        ..
    } = chip;
    let take_out = on(move |_| {
        filled.change(|typed| match &what {
            What::Time(time) => typed.times.retain(|there| there != time),
            What::Day(day) => typed.closed.retain(|there| there != day),
        });
        let part = match what {
            What::Time(_) => PlanPart::Times,
            What::Day(_) => PlanPart::Closed,
        };
        wrong.update(|wrong| wrong.retain(|there| *there != part));
        // What had the focus is gone. A field would open its picker.
        focus_soon(adder.button);
    });
    view! {
        <li><button type="button" class="chip" aria-label=(words().take_out)(&spoken) on:click=take_out>{shown} <span aria-hidden="true">"×"</span></button></li>
    }
}

/// The times of a week, a row a weekday.
pub fn times(filled: Filled, week: Week, wrong: Wrong) -> View {
    let words = words();
    let days = week.days.into_iter().zip(shop_words().weekdays).zip(1_u8..);
    let days = days.map(|((adder, name), weekday)| day(weekday, name, adder, filled, wrong));
    let days = days.collect::<Vec<_>>();
    let sum = move || (words.times_sum)(filled.typed.with(|typed| typed.times.len()));
    view! {
        <fieldset class="times">
            <legend>{words.times}</legend>
            {days}
            <p class="quiet" role="status">{text(sum)}</p>
            {trouble_of(PlanPart::Times, words.times_wrong, wrong)}
        </fieldset>
    }
}

fn day(weekday: u8, name: &'static str, adder: Adder, filled: Filled, wrong: Wrong) -> View {
    let words = words();
    let chips = move || {
        filled.typed.with(|typed| {
            let times = typed.times.iter().filter(|time| time.weekday == weekday);
            let chip = |time: &PlanTime| {
                let shown = time.from.to_string();
                Chip {
                    key: shown.clone(),
                    spoken: [name, " ", &shown].concat(),
                    shown,
                    what: What::Time(*time),
                    filled,
                    adder,
                    wrong,
                }
            };
            times.map(chip).collect::<Vec<_>>()
        })
    };
    let has_some = move || !of_day(filled, weekday).is_empty();
    let add = move || {
        if filled.busy.get_untracked() {
            return;
        }
        let value = adder.value();
        let Some(from) = ClockTime::parse(value.get(..5).unwrap_or_default()) else {
            adder.trouble.set(words.time_first.to_owned());
            return;
        };
        let time = PlanTime { weekday, from };
        let there = filled.typed.with_untracked(|typed| {
            let full = typed.times.len() >= MOST_LINES;
            (typed.times.contains(&time), full)
        });
        match there {
            (true, _) => {
                let what = [name, " ", &from.to_string()].concat();
                adder.trouble.set((words.already)(&what));
            }
            (_, true) => adder.trouble.set((words.too_many)(MOST_LINES)),
            _ => {
                filled.change(|typed| {
                    typed.times.push(time);
                    typed
                        .times
                        .sort_unstable_by_key(|time| (time.weekday, time.from));
                });
                adder.clear(filled);
            }
        }
    };
    let trouble = ["plan-day-", &weekday.to_string()].concat();
    let (busy, keys) = (filled.busy, adds_by_enter(add));
    let has_many = move || of_day(filled, weekday).len() > 1;
    let differs = Memo::new(move |_| {
        let this = of_day(filled, weekday);
        !this.is_empty() && (1..=7).any(|other| of_day(filled, other) != this)
    });
    // These go when they were pressed.
    let everywhere = on(move |_| {
        filled.change(|typed| {
            let this = typed.times.iter().filter(|time| time.weekday == weekday);
            let this: Vec<_> = this.map(|time| time.from).collect();
            let day = |weekday| {
                this.iter().map(move |from| PlanTime {
                    weekday,
                    from: *from,
                })
            };
            typed.times = (1..=7).flat_map(day).collect();
        });
        wrong.update(|wrong| wrong.retain(|part| *part != PlanPart::Times));
        focus_soon(adder.button);
    });
    let none = on(move |_| {
        filled.change(|typed| typed.times.retain(|time| time.weekday != weekday));
        wrong.update(|wrong| wrong.retain(|part| *part != PlanPart::Times));
        focus_soon(adder.button);
    });
    view! {
        <div class="day" role="group" aria-label=name>
            <strong>{name}</strong>
            <div>
                <ul aria-label=name hidden=follows(move || !has_some())>{each(chips, |chip: &Chip| &chip.key, chip)}</ul>
                <span class="quiet" hidden=follows(has_some)>{words.no_times}</span>
            </div>
            <div class="add">
                <input type="time" node_ref=adder.field aria-label=(words.time_of)(name) aria-describedby=trouble.clone() aria-invalid=adder.invalid() disabled=follows(move || busy.get()) prop:value=adder.kept(filled) on:input=adder.on_typed(filled) on:keydown=keys />
                <button type="button" class="btn soft" node_ref=adder.button aria-label=(words.add_to)(name) on:click=on(move |_| add())>{words.add}</button>
                <button type="button" class="more" hidden=follows(move || !differs.get()) on:click=everywhere>{(words.every_day)(name)}</button>
                <button type="button" class="more" hidden=follows(move || !has_many()) on:click=none>{(words.clear_day)(name)}</button>
            </div>
            <p class="trouble" id=trouble role="alert">{text(move || adder.trouble.get())}</p>
        </div>
    }
}

/// The times of one weekday.
fn of_day(filled: Filled, weekday: u8) -> Vec<ClockTime> {
    filled.typed.with(|typed| {
        let times = typed.times.iter().filter(|time| time.weekday == weekday);
        times.map(|time| time.from).collect()
    })
}

/// The days without, though the weekday would have one.
pub fn closed(filled: Filled, week: Week, wrong: Wrong, now: RwSignal<Option<Moment>>) -> View {
    let words = words();
    let adder = week.closed;
    let chips = move || {
        filled.typed.with(|typed| {
            let chip = |day: &String| {
                let weekday = weekday_of(day).map(|weekday| usize::from(weekday).saturating_sub(1));
                let weekday = weekday.and_then(|at| shop_words().weekdays.get(at));
                let shown = [day, " ", weekday.copied().unwrap_or_default()].concat();
                Chip {
                    key: day.clone(),
                    spoken: shown.clone(),
                    shown,
                    what: What::Day(day.clone()),
                    filled,
                    adder,
                    wrong,
                }
            };
            typed.closed.iter().map(chip).collect::<Vec<_>>()
        })
    };
    let has_some = move || filled.typed.with(|typed| !typed.closed.is_empty());
    let today = move || now.get().map(|now| date(&now));
    let add = move || {
        if filled.busy.get_untracked() {
            return;
        }
        let day = adder.value();
        let over = now.get_untracked().is_some_and(|now| day < date(&now));
        let there = filled.typed.with_untracked(|typed| {
            let full = typed.closed.len() >= MOST_LINES;
            (typed.closed.contains(&day), full)
        });
        if !is_day(&day) {
            adder.trouble.set(words.day_first.to_owned());
        } else if over {
            adder.trouble.set(words.day_past.to_owned());
        } else if there.0 {
            adder.trouble.set((words.already)(&day));
        } else if there.1 {
            adder.trouble.set((words.too_many)(MOST_LINES));
        } else {
            filled.change(|typed| {
                typed.closed.push(day);
                typed.closed.sort_unstable();
            });
            adder.clear(filled);
        }
    };
    let (busy, keys) = (filled.busy, adds_by_enter(add));
    view! {
        <fieldset class="closed">
            <legend>{words.closed}</legend>
            <ul aria-label=words.closed hidden=follows(move || !has_some())>{each(chips, |chip: &Chip| &chip.key, chip)}</ul>
            <p class="quiet" hidden=follows(has_some)>{words.no_closed}</p>
            <div class="add">
                <input type="date" node_ref=adder.field min=follows(today) aria-label=words.closed_day aria-describedby="plan-closed" aria-invalid=adder.invalid() disabled=follows(move || busy.get()) prop:value=adder.kept(filled) on:input=adder.on_typed(filled) on:keydown=keys />
                <button type="button" class="btn soft" node_ref=adder.button aria-label=(words.add_to)(words.closed) on:click=on(move |_| add())>{words.add}</button>
            </div>
            <p class="trouble" id="plan-closed" role="alert">{text(move || adder.trouble.get())}</p>
            {trouble_of(PlanPart::Closed, words.closed_wrong, wrong)}
        </fieldset>
    }
}

/// A day on the shop's clock, as the wire has it.
fn date(moment: &Moment) -> String {
    let text = moment.to_string();
    text.get(..10).unwrap_or_default().to_owned()
}
