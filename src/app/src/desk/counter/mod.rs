//! The counter: a code is looked up and the bag handed over, or somebody checked in to taste; beside
//! it what there is to do today.

mod arrival;
mod codes;
mod guests;
mod plans;
mod purchase;
mod returns;
mod sources;
mod tabs;
mod tastings;
mod today;
mod walk_in;
mod words;

use super::words::text as words;
use super::{focus_soon, here};
use crate::browser::{bell, now_ms};
use crate::parts::state::{aged, failed, waiting};
use crate::state::reading::{Load, Reading, reading};
use crate::state::{Stores, stores};
use crate::view::{View, changing, effect, every, view};
use crate::words::spoken;
use client::Source;
use domain::check_in::DeskTastings;
use domain::contract::Capability;
use domain::desk::DeskOrders;
use domain::member::{Role, Staff};
use domain::order::Order;
use domain::payment::PaymentState;
use domain::time::Moment;
use leptos::prelude::*;
use std::time::Duration;
use stylers::style_sheet;

const _: &str = include_str!("counter.css");

/// How often the desk asks what is new.
const FRESH_FOR: Duration = Duration::from_secs(4);

/// What the parts of the counter share.
#[derive(Clone, Copy, Debug)]
struct Counter {
    stores: Stores,
    orders: Reading<DeskOrders>,
    /// Absent where the backend has no tastings.
    tastings: Option<Reading<DeskTastings>>,
    /// The shop's clock, a few seconds old at most; unknown until the backend has said it.
    now: RwSignal<Option<Moment>>,
    /// How far the shop's clock is ahead of the tablet's, in milliseconds, and its offset.
    ahead: StoredValue<Option<(i64, i16)>>,
}

impl Counter {
    fn new() -> Self {
        let stores = stores();
        let language = spoken().tag();
        let orders = reading(["desk/", language].concat(), move || {
            Box::pin(async move { stores.client().desk().orders().await })
        });
        let tastings = stores.can(Capability::Booking).then(|| {
            reading(["desk/tastings/", language].concat(), move || {
                Box::pin(async move { stores.client().desk().tastings().await })
            })
        });
        let counter = Self {
            stores,
            orders,
            tastings,
            now: RwSignal::new(None),
            ahead: StoredValue::new(None),
        };
        counter.follow_the_clock();
        every(FRESH_FOR, move || {
            counter.look();
            counter.tick();
        });
        counter
    }

    /// Asks what is new.
    fn again(self) {
        self.orders.again();
        if let Some(tastings) = self.tastings {
            tastings.again();
        }
    }

    /// The same, unless that is being asked.
    fn look(self) {
        self.orders.look();
        if let Some(tastings) = self.tastings {
            tastings.look();
        }
    }

    /// Whether a moment of the shop's clock is still to come.
    fn is_before(self, moment: Option<Moment>) -> bool {
        let now = self.now.get();
        moment.is_some_and(|moment| now.is_none_or(|now| now.ms <= moment.ms))
    }

    fn tick(self) {
        // The timer may fire once more while the page is going.
        if let Some(Some((ahead, offset_minutes))) = self.ahead.try_get_value() {
            let ms = now_ms() + ahead;
            self.now.try_set(Some(Moment { ms, offset_minutes }));
        }
    }

    fn follow_the_clock(self) {
        let told = move |now: Moment| {
            self.ahead
                .set_value(Some((now.ms - now_ms(), now.offset_minutes)));
            self.now.set(Some(now));
        };
        // What is there at first may be of before the desk was locked.
        effect(move |first| {
            let now = self
                .orders
                .load
                .with(|load| fresh(load).map(|orders| orders.now));
            now.filter(|_| !first).map(told);
        });
        if let Some(tastings) = self.tastings {
            effect(move |first| {
                let now = tastings
                    .load
                    .with(|load| fresh(load).map(|today| today.now));
                now.filter(|_| !first).map(told);
            });
        }
    }

    /// Whether something that is shown is not of now.
    fn is_away(self) -> bool {
        let tastings = self.tastings;
        !self.stores.online.get()
            || self.orders.load.with(is_old)
            || tastings.is_some_and(|tastings| tastings.load.with(is_old))
    }

    /// Whether nobody is signed in any more.
    fn has_ended(self) -> bool {
        let tastings = self.tastings;
        self.orders.load.with(is_locked)
            || tastings.is_some_and(|tastings| tastings.load.with(is_locked))
    }
}

/// What the backend itself has just said.
fn fresh<T>(load: &Load<T>) -> Option<&T> {
    match load {
        Load::Here(fresh) if fresh.source == Source::Backend => Some(&fresh.value),
        _ => None,
    }
}

fn is_old<T>(load: &Load<T>) -> bool {
    match load {
        Load::Here(fresh) => fresh.source != Source::Backend,
        Load::Failed(_) => true,
        Load::Waiting | Load::WaitingLong => false,
    }
}

fn is_locked<T>(load: &Load<T>) -> bool {
    match load {
        Load::Failed(error) => error.is_not_signed_in(),
        Load::Here(fresh) => {
            matches!(&fresh.source, Source::LastCopy { because, .. } if because.is_not_signed_in())
        }
        Load::Waiting | Load::WaitingLong => false,
    }
}

/// The page, and whether what it shows is not of now.
pub fn page(staff: &Staff) -> (View, Memo<bool>) {
    let class = style_sheet!("src/app/src/desk/counter/counter.css");
    let stores = stores();
    let desk = here();
    let words = words();
    let counter = Counter::new();
    // A session that is over elsewhere is over here.
    effect(move |_| {
        if counter.has_ended() {
            desk.find_out(stores);
        }
    });
    announce_new(counter.orders);
    let (purchase, today) = match counter.tastings {
        Some(tastings) => {
            let walk_in = walk_in::once(&staff.id);
            // The backend lets nobody else either.
            let is_owner = staff.role == Role::Owner;
            let plans = is_owner.then(|| plans::section(counter));
            let sources = is_owner.then(sources::section);
            let tastings = tastings::section(tastings, walk_in, counter);
            let tastings = view! { {tastings} {plans} {sources} };
            let today = tabs::views(orders(counter.orders), tastings);
            (Some(purchase::section(&staff.id, counter)), today)
        }
        None => (None, orders(counter.orders)),
    };
    let page = view! {
        <section class=class>
            <div class="counter">
                <h1>{words.counter}</h1>
                {codes::field(counter)}
                {purchase}
            </div>
            <div class="today">{today}</div>
        </section>
    };
    (page, Memo::new(move |_| counter.is_away()))
}

/// What is to be given back, and today's orders.
fn orders(orders: Reading<DeskOrders>) -> View {
    let list = changing(move || match orders.load.get() {
        Load::Waiting => waiting("me", false),
        Load::WaitingLong => waiting("me", true),
        Load::Failed(error) => failed(&error, move || orders.again()),
        Load::Here(fresh) => view! {
            {aged(&fresh.source, move || orders.again())}
            {today::list(fresh.value, orders)}
        },
    });
    view! {
        {returns::section(FRESH_FOR)}
        {list}
    }
}

/// Says what is new, with a sound; what was there when the page opened is not new.
fn announce_new(orders: Reading<DeskOrders>) {
    let stores = stores();
    let words = words();
    let known = StoredValue::new(None::<Vec<String>>);
    effect(move |_| {
        let numbers: Option<Vec<String>> = orders.load.with(|load| match load {
            Load::Here(fresh) => {
                let numbers = fresh.value.orders.iter().map(|order| order.number.clone());
                Some(numbers.collect())
            }
            _ => None,
        });
        let Some(numbers) = numbers else { return };
        if let Some(known) = known.get_value()
            && let Some(new) = numbers.iter().find(|number| !known.contains(number))
        {
            bell::ring();
            stores.say((words.new_order)(new));
        }
        known.set_value(Some(numbers));
    });
}

/// Whether the money has come already, over the net.
fn is_paid(order: &Order) -> bool {
    order.payment_state == Some(PaymentState::Paid)
}
