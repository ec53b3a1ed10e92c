//! A show is planned: one key for one show, and whatever is filled in stays until it is.

use super::draft::Draft;
use super::words::text as words;
use super::{Host, picks, why_not};
use crate::desk::focus_soon;
use crate::desk::once::{Kept, Once, Progress, Sent};
use crate::state::Stores;
use crate::view::{Slot, View, changing, effect, follows, on, text, view};
use client::json;
use domain::contract::Capability;
use domain::id::TastingId;
use domain::show::{
    MAX_MINUTES, MAX_TITLE_CHARS, MAX_WORDS_CHARS, ShowKind, ShowPlan, ShowSummary, Texts,
};
use domain::time::Moment;
use leptos::prelude::*;
use stylers::style_sheet;
use web_sys::HtmlElement;

const _: &str = include_str!("plan.css");

/// How long a show is, unless somebody says otherwise.
const MINUTES: &str = "60";

fn send(stores: Stores, kept: Kept) -> Sent<ShowSummary> {
    Box::pin(async move {
        let plan: ShowPlan = json::decode(&kept.request)?;
        stores.client().desk_shows().plan(&plan, &kept.key).await
    })
}

/// What is filled in.
#[derive(Clone, Copy)]
struct Filled {
    kind: Draft,
    title: Draft,
    words: Draft,
    when: Draft,
    minutes: Draft,
    tasting: Draft,
    goods: picks::Picks,
}

impl Filled {
    fn restore() -> Self {
        let of = |name: &str| Draft::of(["desk/live/plan/", name].concat());
        Self {
            kind: of("kind"),
            title: of("title"),
            words: of("words"),
            when: of("when"),
            minutes: of("minutes"),
            tasting: of("tasting"),
            goods: picks::Picks::of("desk/live/plan/goods"),
        }
    }

    fn is_begun(self) -> bool {
        let texts = [self.title, self.words, self.when];
        texts.iter().any(|text| !text.trimmed().is_empty()) || !self.goods.is_empty()
    }

    fn clear(self) {
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

    /// The plan, or what is missing in it.
    fn plan(self, host: Host, offset: Option<i16>) -> Result<ShowPlan, &'static str> {
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
        let minutes = minutes.ok().filter(|all| (5..=MAX_MINUTES).contains(all));
        let in_chinese = |zh: String| Texts {
            zh,
            en: String::new(),
        };
        let tasting = self.tasting.trimmed();
        Ok(ShowPlan {
            kind: if self.kind.trimmed() == ShowKind::Kitchen.as_str() {
                ShowKind::Kitchen
            } else {
                ShowKind::Source
            },
            title: in_chinese(title),
            words: in_chinese(self.words.trimmed()),
            host: in_chinese(host.name.get_value()),
            starts_at,
            minutes: minutes.ok_or(words.minutes_wrong)?,
            goods: self.goods.ids(),
            tasting: (!tasting.is_empty()).then(|| TastingId::from(tasting)),
        })
    }
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

/// The form; it is open from the beginning when something is filled in, or under way.
pub fn form(
    host: Host,
    offset: Memo<Option<i16>>,
    open: RwSignal<bool>,
    opener: Slot<HtmlElement>,
    again: impl Fn() + Copy + 'static,
) -> View {
    let class = style_sheet!("src/app/src/desk/live/plan.css");
    let words = words();
    let once = host.staff.with_value(|staff| Once::of("show", staff, send));
    let filled = Filled::restore();
    open.set(filled.is_begun() || once.is_under_way());
    let trouble = RwSignal::new(String::new());
    let title = Slot::<HtmlElement>::new();
    effect(move |_| match once.progress.get() {
        Progress::Done(show) => {
            once.taken_in();
            filled.clear();
            open.set(false);
            host.stores.say((words.planned)(&show.title));
            focus_soon(opener);
            again();
        }
        Progress::Refused(_, error) => trouble.set(why_not(&error)),
        Progress::NoRoom(_) => trouble.set(words.no_room.to_owned()),
        Progress::Lapsed => {
            host.stores.say(words.lapsed.to_owned());
            once.taken_in();
            again();
        }
        _ => {}
    });
    effect(move |first| {
        if open.get() && !first {
            focus_soon(title);
        }
    });
    let submit = on(move |event| {
        event.prevent_default();
        match filled.plan(host, offset.get_untracked()) {
            Ok(plan) => {
                trouble.set(String::new());
                once.submit("", &plan, host.stores);
            }
            Err(missing) => trouble.set(missing.to_owned()),
        }
    });
    let checking = move || {
        if once.is_checking() {
            words.checking.to_owned()
        } else {
            String::new()
        }
    };
    let kinds = [ShowKind::Source, ShowKind::Kitchen].map(|kind| {
        let chosen = move || {
            let is_kitchen = filled.kind.text.get() == ShowKind::Kitchen.as_str();
            is_kitchen == (kind == ShowKind::Kitchen)
        };
        let choose = on(move |_| filled.kind.set(kind.as_str().to_owned()));
        view! { <label class="choice"><input type="radio" name="kind" prop:checked=follows(chosen) on:change=choose /> <span>{(words.kind)(kind)}</span></label> }
    });
    let when = on(move |event| filled.when.set(event_target_value(&event)));
    let typed = on(move |event| filled.words.set(event_target_value(&event)));
    let named = on(move |event| filled.title.set(event_target_value(&event)));
    let long = filled.minutes.hinted(words.minutes, "minutes", 3, MINUTES);
    let tasting = host
        .stores
        .can(Capability::Booking)
        .then(|| tastings(filled.tasting, host));
    view! {
        <form id="plan" class=class novalidate hidden=follows(move || !open.get()) aria-busy=follows(move || once.is_busy().then_some("true")) on:submit=submit>
            <h2>{words.plan}</h2>
            <fieldset><legend>{words.what_kind}</legend>{kinds}</fieldset>
            <label class="all"><span>{words.show_title}</span> <input node_ref=title name="title" autocomplete="off" maxlength=MAX_TITLE_CHARS.to_string() prop:value=follows(move || filled.title.text.get()) on:input=named /></label>
            <label><span>{words.when}</span> <input type="datetime-local" name="when" prop:value=follows(move || filled.when.text.get()) on:input=when /></label>
            {long}
            <label class="all"><span>{words.show_words}</span> <textarea name="words" rows="2" maxlength=MAX_WORDS_CHARS.to_string() prop:value=follows(move || filled.words.text.get()) on:input=typed></textarea></label>
            {tasting}
            {picks::field(filled.goods, host)}
            <div class="do">
                <button class="btn" disabled=follows(move || once.is_busy())>{words.plan_do}</button>
                <button type="button" class="btn soft" on:click=on(move |_| { open.set(false); focus_soon(opener); })>{words.later}</button>
            </div>
            <p class="trouble" role="alert">{text(move || trouble.get())}</p>
            <p class="checking" role="status">{text(checking)}</p>
        </form>
    }
}

/// What can be tasted of it. Where the list does not come, a show is planned without.
fn tastings(chosen: Draft, host: Host) -> View {
    let words = words();
    let list = RwSignal::new(Vec::<(String, String)>::new());
    crate::view::task_of_part(async move {
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
