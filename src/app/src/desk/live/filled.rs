//! The sheet on which a show is planned or decided otherwise. Whatever is filled in lies on the tablet
//! until it is used.

use super::Host;
use super::draft::Draft;
use super::picks::{self, Picks};
use super::words::text as words;
use crate::view::{Handler, Slot, View, changing, follows, on, task_of_part, text, view};
use domain::contract::Capability;
use domain::id::{ProductId, TastingId};
use domain::show::{
    MAX_MINUTES, MAX_TITLE_CHARS, MAX_WORDS_CHARS, MIN_MINUTES, ShowKind, ShowPlan, Texts,
};
use domain::time::Moment;
use leptos::prelude::*;
use stylers::style_sheet;
use web_sys::HtmlElement;

const _: &str = include_str!("plan.css");

/// How long a show is, unless somebody says otherwise.
const MINUTES: &str = "60";

/// What is filled in.
#[derive(Clone, Copy)]
pub struct Filled {
    kind: Draft,
    title: Draft,
    words: Draft,
    when: Draft,
    minutes: Draft,
    tasting: Draft,
    goods: Picks,
}

/// What stands around the fields of one such sheet.
pub struct Around {
    /// Its name in the page.
    pub id: &'static str,
    /// What it is called.
    pub name: &'static str,
    /// The button that sends it, and the one that closes it.
    pub buttons: (&'static str, &'static str),
    /// Whether it is seen.
    pub open: RwSignal<bool>,
    /// Whether it is on its way.
    pub busy: Signal<bool>,
    /// What is wrong with it.
    pub trouble: RwSignal<String>,
    /// Whether it is being found out what became of it.
    pub checking: Signal<bool>,
    /// The first field to be filled in.
    pub title: Slot<HtmlElement>,
    /// Sends it.
    pub submit: Handler,
    /// Closes it.
    pub close: Handler,
}

impl Filled {
    /// What was filled in before under this name.
    pub fn of(name: &str) -> Self {
        let of = |field: &str| Draft::of([name, "/", field].concat());
        Self {
            kind: of("kind"),
            title: of("title"),
            words: of("words"),
            when: of("when"),
            minutes: of("minutes"),
            tasting: of("tasting"),
            goods: Picks::of([name, "/goods"].concat()),
        }
    }

    /// Whether there is something.
    pub fn is_begun(self) -> bool {
        let texts = [self.title, self.words, self.when];
        texts.iter().any(|text| !text.trimmed().is_empty()) || !self.goods.is_empty()
    }

    /// It was used.
    pub fn clear(self) {
        for text in [
            self.kind,
            self.title,
            self.words,
            self.when,
            self.minutes,
            self.tasting,
        ] {
            text.clear();
        }
        self.goods.clear();
    }

    /// Fills in what was decided before; `called` knows the goods' names.
    pub fn fill(self, plan: &ShowPlan, called: impl Fn(&ProductId) -> String) {
        self.kind.set(plan.kind.as_str().to_owned());
        self.title.set(plan.title.zh.clone());
        self.words.set(plan.words.zh.clone());
        // As the field has it: without seconds and zone.
        let when = plan.starts_at.to_string();
        self.when.set(when.get(..16).unwrap_or_default().to_owned());
        self.minutes.set(plan.minutes.to_string());
        let tasting = plan.tasting.as_ref().map(TastingId::to_string);
        self.tasting.set(tasting.unwrap_or_default());
        let goods = plan.goods.iter().map(|id| (id.clone(), called(id)));
        self.goods.fill(goods);
    }

    /// The plan, or what is missing in it. `before` is what was decided before: what was said in other
    /// words is not said in English any more.
    pub fn plan(
        self,
        host: Host,
        before: Option<&ShowPlan>,
        offset: Option<i16>,
    ) -> Result<ShowPlan, &'static str> {
        let words = words();
        let title = self.title.trimmed();
        if title.is_empty() {
            return Err(words.title_first);
        }
        let when = self.when.trimmed();
        let starts_at = offset.and_then(|offset| on_the_shops_clock(&when, offset));
        let starts_at = starts_at.ok_or(words.when_first)?;
        let minutes = match self.minutes.trimmed().as_str() {
            "" => MINUTES.parse(),
            minutes => minutes.parse::<u32>(),
        };
        let fits = |all: &u32| (MIN_MINUTES..=MAX_MINUTES).contains(all);
        let minutes = minutes.ok().filter(fits);
        let tasting = self.tasting.trimmed();
        let host = match before {
            Some(before) => before.host.clone(),
            None => texts(host.name.get_value(), None),
        };
        Ok(ShowPlan {
            kind: if self.kind.trimmed() == ShowKind::Kitchen.as_str() {
                ShowKind::Kitchen
            } else {
                ShowKind::Source
            },
            title: texts(title, before.map(|before| &before.title)),
            words: texts(self.words.trimmed(), before.map(|before| &before.words)),
            host,
            starts_at,
            minutes: minutes.ok_or(words.minutes_wrong)?,
            goods: self.goods.ids(),
            tasting: (!tasting.is_empty()).then(|| TastingId::from(tasting)),
        })
    }

    /// The sheet.
    pub fn sheet(self, host: Host, around: Around) -> View {
        let class = style_sheet!("src/app/src/desk/live/plan.css");
        let words = words();
        let Around {
            id,
            name,
            buttons: (send, later),
            open,
            busy,
            trouble,
            checking,
            title,
            submit,
            close,
        } = around;
        let found_out = move || {
            if checking.get() {
                words.checking.to_owned()
            } else {
                String::new()
            }
        };
        let kinds = [ShowKind::Source, ShowKind::Kitchen].map(|kind| {
            let chosen = move || {
                let is_kitchen = self.kind.text.get() == ShowKind::Kitchen.as_str();
                is_kitchen == (kind == ShowKind::Kitchen)
            };
            let choose = on(move |_| self.kind.set(kind.as_str().to_owned()));
            view! { <label class="choice"><input type="radio" name="kind" prop:checked=follows(chosen) on:change=choose /> <span>{(words.kind)(kind)}</span></label> }
        });
        let when = on(move |event| self.when.set(event_target_value(&event)));
        let typed = on(move |event| self.words.set(event_target_value(&event)));
        let named = on(move |event| self.title.set(event_target_value(&event)));
        let long = self.minutes.hinted(words.minutes, "minutes", 3, MINUTES);
        let can_taste = host.stores.can(Capability::Booking);
        let tasting = can_taste.then(|| tastings(self.tasting, host));
        // What is on its way is cleared when it is done.
        let held = on(move |event| {
            if untrack(|| busy.get()) {
                event.prevent_default();
            }
        });
        view! {
            <form id=id class=class novalidate aria-label=name hidden=follows(move || !open.get()) aria-busy=follows(move || busy.get().then_some("true")) on:beforeinput=held on:submit=submit>
                <h2>{name}</h2>
                <fieldset><legend>{words.what_kind}</legend>{kinds}</fieldset>
                <label class="all"><span>{words.show_title}</span> <input node_ref=title name="title" autocomplete="off" maxlength=MAX_TITLE_CHARS.to_string() prop:value=follows(move || self.title.text.get()) on:input=named /></label>
                <label><span>{words.when}</span> <input type="datetime-local" name="when" prop:value=follows(move || self.when.text.get()) on:input=when /></label>
                {long}
                <label class="all"><span>{words.show_words}</span> <textarea name="words" rows="2" maxlength=MAX_WORDS_CHARS.to_string() prop:value=follows(move || self.words.text.get()) on:input=typed></textarea></label>
                {tasting}
                {picks::field(self.goods, host)}
                <div class="do">
                    <button class="btn" disabled=follows(move || busy.get())>{send}</button>
                    <button type="button" class="btn soft" on:click=close>{later}</button>
                </div>
                <p class="trouble" role="alert">{text(move || trouble.get())}</p>
                <p class="checking" role="status">{text(found_out)}</p>
            </form>
        }
    }
}

/// A text in Chinese; its English stays as long as it is the same.
fn texts(zh: String, before: Option<&Texts>) -> Texts {
    let en = before.filter(|before| before.zh == zh);
    let en = en.map(|before| before.en.clone()).unwrap_or_default();
    Texts { zh, en }
}

/// A reading of the field for date and time, `2026-11-26T20:00`, as the shop's clock has it. Only the
/// backend knows zones: where clocks are put forward before that day, it would be an hour off.
fn on_the_shops_clock(text: &str, offset: i16) -> Option<Moment> {
    let sign = if offset < 0 { "-" } else { "+" };
    let two = |number: u16| format!("{number:02}");
    let ahead = offset.unsigned_abs();
    let zone = [sign, &two(ahead / 60), ":", &two(ahead % 60)].concat();
    Moment::parse(&[text, ":00", &zone].concat())
}

/// What can be tasted of it. Where the list does not come, what was chosen before stays.
fn tastings(chosen: Draft, host: Host) -> View {
    let words = words();
    let list = RwSignal::new(Vec::<(String, String)>::new());
    task_of_part(async move {
        match host.stores.client().bookings().tastings().await {
            Ok(page) => {
                let all = page.value.items.into_iter();
                let named = all.map(|one| (one.id.to_string(), one.title)).collect();
                list.try_set(named);
            }
            Err(error) => leptos::logging::warn!("no tastings to choose from: {error}"),
        }
    });
    let options = changing(move || {
        let options = list.get().into_iter().map(|(id, title)| {
            let is_chosen = chosen.text.with_untracked(|chosen| *chosen == id);
            view! { <option value=id prop:selected=is_chosen>{title}</option> }
        });
        let options = options.collect::<Vec<_>>();
        view! { <option value="">{words.no_tasting}</option> {options} }
    });
    // It is chosen anew when it is cleared, so that the list shows what will be sent.
    let cleared = follows(move || chosen.text.get());
    let choose = on(move |event| chosen.set(event_target_value(&event)));
    view! { <label class="all"><span>{words.tasting}</span> <select name="tasting" prop:value=cleared on:change=choose>{options}</select></label> }
}
