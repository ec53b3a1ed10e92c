//! Coupons that are given away. Who gets one the server decides.

use super::super::here::Here;
use super::kept;
use super::words::text;
use super::{is_member, is_not_now, is_too_fast, sign_in, why};
use crate::parts::icon;
use crate::parts::price::amount;
use crate::view::{IntoView, View, changing, follows, on, task, text as live_text, view};
use crate::words::words;
use client::Error;
use domain::coupon::Benefit;
use domain::id::DropId;
use domain::live::{Claim, CouponDrop, RoundState};
use domain::problem::ProblemKind;
use leptos::prelude::*;
use std::cell::RefCell;
use stylers::style_sheet;

const _: &str = include_str!("drop.css");

thread_local! {
    /// The drop whose card was put away, as long as this page lives.
    static AWAY: RefCell<Option<DropId>> = const { RefCell::new(None) };
}

/// A drop that somebody looks at.
#[derive(Clone, Copy)]
struct Giving {
    here: Here,
    id: StoredValue<DropId>,
    now: Memo<Option<CouponDrop>>,
    /// What was got, where the room does not know who one is yet.
    got: RwSignal<Option<Claim>>,
    sending: RwSignal<bool>,
    /// It is not known whether one was got.
    unsure: RwSignal<bool>,
    /// Others were faster.
    late: RwSignal<bool>,
    /// It is drawn as open, and the shop has closed it.
    missed: RwSignal<bool>,
    said: RwSignal<String>,
}

/// What the card offers.
#[derive(Clone, Debug, PartialEq)]
enum Phase {
    Open,
    Sending,
    Unsure,
    Got(Box<Claim>),
    Gone,
    Missed,
    Over,
    /// It was open then, and is not any more.
    Past,
}

/// Coupons that are given away.
pub fn coupons(here: Here) -> View {
    let class = style_sheet!("src/app/src/shop/live/rounds/drop.css");
    let drop = here.coupons();
    let id = Memo::new(move |_| drop.with(|drop| Some(drop.as_ref()?.id.clone())));
    let opened = Memo::new(move |_| {
        drop.with(|drop| {
            let drop = drop.as_ref()?;
            (drop.state == RoundState::Open).then(|| (text().coupons_said)(&drop.title))
        })
    });
    let card = changing(move || id.get().map(|id| card(here, drop, id)).into_view());
    view! {
        <div class=class>
            {card}
            <p class="unseen" role="status">{live_text(move || opened.get().unwrap_or_default())}</p>
        </div>
    }
}

fn card(here: Here, drop: Memo<Option<CouponDrop>>, id: DropId) -> View {
    let text = text();
    let away = RwSignal::new(AWAY.with_borrow(|away| away.as_ref() == Some(&id)));
    let giving = Giving {
        here,
        now: {
            let id = id.clone();
            Memo::new(move |_| {
                let is_it = |drop: &&CouponDrop| drop.id == id;
                drop.with(|drop| drop.as_ref().filter(is_it).cloned())
            })
        },
        got: RwSignal::new(None),
        sending: RwSignal::new(false),
        unsure: RwSignal::new(kept::is_claiming(&id)),
        late: RwSignal::new(false),
        missed: RwSignal::new(false),
        said: RwSignal::new(String::new()),
        id: StoredValue::new(id),
    };
    let phase = Memo::new(move |_| giving.phase());
    // One that was over before somebody came is of no use to them.
    let seen = Memo::new(move |seen: Option<&bool>| {
        seen.copied().unwrap_or_default() || !matches!(phase.get(), Phase::Gone | Phase::Over)
    });
    let put_away = on(move |_| {
        AWAY.set(Some(giving.id.get_value()));
        away.set(true);
    });
    let title = untrack(|| giving.with(|drop| drop.title.clone())).unwrap_or_default();
    let about = untrack(|| giving.with(about)).unwrap_or_default();
    // The drop first: the phase comes of it, and would take its change for seen.
    let left = move || {
        let left = giving.with(|drop| drop.left);
        match phase.get() {
            Phase::Open | Phase::Sending | Phase::Unsure | Phase::Past => {
                left.map(text.left).unwrap_or_default()
            }
            _ => String::new(),
        }
    };
    let label = move || {
        let is_member = here.stores.session.is_open();
        let label = match phase.get() {
            Phase::Sending => text.claiming,
            Phase::Unsure if is_member => text.look_again,
            _ if is_member => text.claim,
            _ => text.sign_in_to_claim,
        };
        label.to_owned()
    };
    let outcome = move || match phase.get() {
        Phase::Unsure => text.claim_unsure.to_owned(),
        Phase::Got(claim) => got(&claim),
        Phase::Gone => text.all_gone.to_owned(),
        Phase::Missed => text.drop_missed.to_owned(),
        Phase::Over => text.drop_over.to_owned(),
        Phase::Past => text.coupons_then.to_owned(),
        Phase::Open | Phase::Sending => giving.said.get(),
    };
    let is_got = move || phase.with(|phase| matches!(phase, Phase::Got(_)));
    let is_done = move || {
        use Phase::{Gone, Got, Missed, Over, Past};
        phase.with(|phase| matches!(phase, Got(_) | Gone | Missed | Over | Past))
    };
    // The phase first: `seen` comes of it, and would take its change for seen.
    let is_hidden = move || {
        let is_past = here.past && phase.get() != Phase::Past;
        is_past || away.get() || !seen.get()
    };
    view! {
        <section aria-label=text.coupons hidden=follows(is_hidden)>
            <div>
                <strong>{title}</strong>
                <p>{about}</p>
                <p class="left">{live_text(left)}</p>
                <p class="outcome" role="status"><b hidden=follows(move || !is_got())>{icon("check")}</b> <span>{live_text(outcome)}</span></p>
            </div>
            <button
                type="button"
                class="btn"
                hidden=follows(is_done)
                disabled=follows(move || giving.sending.get())
                on:click=on(move |_| giving.claim())
            >
                {live_text(label)}
            </button>
            <button type="button" class="round" aria-label=words().close on:click=put_away>{icon("close")}</button>
        </section>
    }
}

/// What one coupon gives, and from which sum on.
fn about(drop: &CouponDrop) -> String {
    let text = text();
    let gives = match &drop.benefit {
        Benefit::Amount { off } => Some((text.off)(&amount(*off))),
        Benefit::Percentage { percent, .. } => Some((text.percent_off)(*percent)),
        Benefit::FreeItem { .. } | Benefit::MemberPrice { .. } | Benefit::Unknown => None,
    };
    let from = drop.at_least.map(|least| (text.from)(&amount(least)));
    let parts: Vec<String> = gives.into_iter().chain(from).collect();
    parts.join(" · ")
}

fn got(claim: &Claim) -> String {
    let text = text();
    let until = claim.coupon.valid_until.map(|until| {
        let day = until.local();
        (text.good_until)(day.month, day.day)
    });
    let name = Some(claim.coupon.name.clone()).filter(|name| !name.is_empty());
    let parts: Vec<String> = std::iter::once(text.claimed.to_owned())
        .chain(name)
        .chain(until)
        .collect();
    parts.join(" · ")
}

impl Giving {
    fn with<T>(self, look: impl FnOnce(&CouponDrop) -> T) -> Option<T> {
        self.now.with(|drop| drop.as_ref().map(look))
    }

    fn claimed(self) -> Option<Claim> {
        let known = self.here.room.with(|room| {
            let claim = room.as_ref()?.mine.as_ref()?.claim.as_ref()?;
            self.id
                .with_value(|id| claim.drop == *id)
                .then(|| claim.clone())
        });
        let is_member = self.here.stores.session.is_open();
        known.or_else(|| self.got.get().filter(|_| is_member))
    }

    fn phase(self) -> Phase {
        if self.here.past {
            let was_open = self.with(|drop| drop.state == RoundState::Open);
            return match was_open {
                Some(true) => Phase::Past,
                _ => Phase::Over,
            };
        }
        if let Some(claim) = self.claimed() {
            return Phase::Got(Box::new(claim));
        }
        if self.sending.get() {
            return Phase::Sending;
        }
        // As long as it is not known, one may have been in time.
        if self.unsure.get() {
            return Phase::Unsure;
        }
        let (left, is_open) = self
            .with(|drop| (drop.left, drop.state == RoundState::Open))
            .unwrap_or_default();
        if left == 0 || self.late.get() {
            Phase::Gone
        } else if self.missed.get() {
            Phase::Missed
        } else if is_open {
            Phase::Open
        } else {
            Phase::Over
        }
    }

    /// Claims one; under the same key, as long as it is not known what became of it.
    fn claim(self) {
        let here = self.here;
        if !is_member(here) {
            return sign_in(here);
        }
        if self.sending.get_untracked() {
            return;
        }
        self.said.set(String::new());
        self.sending.set(true);
        let (show, drop) = (here.id.get_value(), self.id.get_value());
        let key = kept::claim_key(&drop);
        let client = here.stores.client();
        task(async move {
            match client.shows().claim(&show, &drop, &key).await {
                Ok(claim) => {
                    kept::end_claim();
                    self.unsure.try_set(false);
                    self.got.try_set(Some(claim.clone()));
                    here.change(|room| {
                        if let Some(mine) = &mut room.mine {
                            mine.claim = Some(claim);
                        }
                    });
                }
                Err(error) if error.is_unknown() => {
                    leptos::logging::warn!("{error}");
                    self.unsure.try_set(true);
                }
                Err(error) => {
                    let is_drawn_open = |drop: &Option<CouponDrop>| {
                        drop.as_ref()
                            .is_some_and(|one| one.state == RoundState::Open)
                    };
                    let is_drawn_open = self.now.try_with_untracked(is_drawn_open);
                    self.missed
                        .try_set(is_not_now(&error) && is_drawn_open == Some(true));
                    self.said.try_set(why(&error, here, text().drop_over));
                    let was_unsure = self.unsure.try_get_untracked().unwrap_or(false);
                    if !(is_too_fast(&error) && was_unsure) {
                        // What was refused under a key stays refused.
                        kept::end_claim();
                        self.unsure.try_set(false);
                    }
                    self.late.try_set(is_all_gone(&error));
                }
            }
            self.sending.try_set(false);
        });
    }
}

fn is_all_gone(error: &Error) -> bool {
    matches!(error, Error::Refused { problem, .. } if problem.kind == ProblemKind::AllGone)
}
