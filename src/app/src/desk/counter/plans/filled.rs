//! What is filled in on the sheet of a tasting's plan. It lies on the tablet until it is saved or
//! given up.

use crate::browser::storage;
use domain::id::TastingId;
use domain::money::Money;
use domain::tasting::plan::PlanPart;
use domain::tasting::{Plan, PlanTime};
use leptos::prelude::*;
use serde::Serialize;

/// How many fields there are in which something is chosen: seven weekdays, and the days without.
const CHOSEN: usize = 8;

/// What is filled in, right or wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Typed {
    pub capacity: String,
    pub minutes: String,
    pub lead: String,
    pub cancel: String,
    /// Whether a deposit is asked for; its amount stays while it is not.
    pub asks: bool,
    pub deposit: String,
    pub times: Vec<PlanTime>,
    pub closed: Vec<String>,
    /// What is chosen and not added yet: a time for each weekday, and a day.
    pub chosen: Vec<String>,
    /// What was decided when it was begun.
    before: Plan,
}

domain::readable!(Typed {
    capacity,
    minutes,
    lead,
    cancel,
    asks,
    deposit,
    times,
    closed,
    chosen,
    before
});

impl Typed {
    fn of(plan: &Plan) -> Self {
        let yuan = |deposit: Money| {
            let (_, yuan, fen) = deposit.parts();
            [yuan, fen].concat()
        };
        Self {
            capacity: plan.capacity.to_string(),
            minutes: plan.minutes.to_string(),
            lead: plan.lead_minutes.to_string(),
            cancel: plan.cancel_minutes.to_string(),
            asks: plan.deposit.is_some(),
            deposit: plan.deposit.map(yuan).unwrap_or_default(),
            times: plan.times.clone(),
            closed: plan.closed.clone(),
            chosen: vec![String::new(); CHOSEN],
            before: plan.clone(),
        }
    }

    /// The plan, or what is wrong with it, in its order.
    pub fn plan(&self) -> Result<Plan, Vec<PlanPart>> {
        let mut wrong = Vec::new();
        let mut number = |text: &str, part| {
            whole(text).unwrap_or_else(|| {
                wrong.push(part);
                0
            })
        };
        let capacity = number(&self.capacity, PlanPart::Capacity);
        let minutes = number(&self.minutes, PlanPart::Minutes);
        let lead_minutes = number(&self.lead, PlanPart::Lead);
        let cancel_minutes = number(&self.cancel, PlanPart::Cancel);
        let deposit = self.asks.then(|| Money::typed_yuan(&self.deposit));
        if deposit == Some(None) {
            wrong.push(PlanPart::Deposit);
        }
        let plan = Plan {
            capacity,
            minutes,
            lead_minutes,
            cancel_minutes,
            deposit: deposit.flatten(),
            times: self.times.clone(),
            closed: self.closed.clone(),
        };
        wrong.extend(plan.wrong());
        wrong.sort_unstable();
        wrong.dedup();
        if wrong.is_empty() {
            Ok(plan)
        } else {
            Err(wrong)
        }
    }

    fn is_unchanged(&self) -> bool {
        *self == Self::of(&self.before)
    }
}

/// A whole number as it is typed, also by a Chinese keyboard.
fn whole(text: &str) -> Option<u32> {
    let plain = |c: char| match c {
        '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
        c => c,
    };
    let text: String = text.trim().chars().map(plain).collect();
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok())?
}

/// What there was on the tablet when the sheet was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing that is not saved.
    Nothing,
    /// What was begun before.
    Begun,
    /// The same, and the plan was changed elsewhere since.
    Stale,
}

/// The sheet's content.
#[derive(Clone, Copy)]
pub struct Filled {
    name: StoredValue<String>,
    /// As it is now.
    pub typed: RwSignal<Typed>,
    /// Whether something is changed and not saved: seen beside the closed sheet too.
    pub begun: RwSignal<bool>,
    /// Whether it is on its way. Nothing is changed then, because it is cleared when it is done.
    pub busy: RwSignal<bool>,
}

/// Where what is not saved lies.
pub fn name_of(id: &TastingId) -> String {
    ["desk/tasting-plan/", id.as_str()].concat()
}

impl Filled {
    /// What was begun before, or the plan as it is.
    pub fn of(
        name: String,
        plan: &Plan,
        begun: RwSignal<bool>,
        busy: RwSignal<bool>,
    ) -> (Self, Found) {
        let kept = storage::read::<Typed>(&name);
        // A save of which no answer came may have succeeded: then there is nothing left to save.
        let left = |kept: &Typed| {
            let chosen = kept.chosen.iter().any(|chosen| !chosen.is_empty());
            chosen || kept.plan().as_ref() != Ok(plan)
        };
        let kept = kept.filter(left);
        let found = match &kept {
            None => Found::Nothing,
            Some(kept) if kept.before == *plan => Found::Begun,
            Some(_) => Found::Stale,
        };
        if kept.is_none() {
            storage::forget(&name);
        }
        begun.set(kept.is_some());
        let typed = kept.map(|kept| Typed {
            before: plan.clone(),
            ..kept
        });
        let filled = Self {
            name: StoredValue::new(name),
            typed: RwSignal::new(typed.unwrap_or_else(|| Typed::of(plan))),
            begun,
            busy,
        };
        (filled, found)
    }

    /// Changes something of it.
    pub fn change(self, change: impl FnOnce(&mut Typed)) {
        if self.busy.get_untracked() {
            return;
        }
        self.typed.update(change);
        let changed = self.typed.with_untracked(|typed| {
            let changed = !typed.is_unchanged();
            self.name.with_value(|name| {
                if changed {
                    storage::write(name, typed);
                } else {
                    storage::forget(name);
                }
            });
            changed
        });
        self.begun.set(changed);
    }
}
