//! The staff's pages, on a tablet in the store: the tablet is registered once, somebody signs in
//! by PIN, then the counter; whoever hosts shows goes over to the live desk.

mod counter;
mod floor;
mod live;
mod once;
mod register;
mod sign_in;
mod words;

use crate::browser::{on_window, page};
use crate::parts::state::{failed, waiting};
use crate::parts::top::toast;
use crate::state::{Stores, provide_stores, stores};
use crate::view::{Slot, View, changing, task, view};
use client::Error;
use domain::contract::Capability;
use domain::desk::Device;
use domain::member::Staff;
use domain::problem::ProblemKind;
use leptos::prelude::*;
use std::time::Duration;
use web_sys::HtmlElement;

/// How far one is on the way to the counter.
#[derive(Clone, Debug)]
enum Stage {
    /// Asking who this is.
    Opening,
    /// The backend has no desk.
    Absent,
    /// The tablet is not one of the shop's.
    Unregistered,
    /// Nobody is signed in.
    Locked(Device),
    /// Somebody is at the desk.
    Open(Staff),
    /// It could not be found out.
    Failed(Error),
}

/// The desk's own state.
#[derive(Clone, Copy, Debug)]
struct Desk {
    stage: RwSignal<Stage>,
    /// When the screen was touched last, in milliseconds since 1970.
    touched: StoredValue<i64>,
    /// Whether the live desk is looked at, by whoever may; kept while the desk is locked.
    at_live: RwSignal<bool>,
    /// Whether this tablet sends the picture of a show: then the desk is not locked without a word.
    sending: RwSignal<bool>,
}

/// Opens the desk in the page's `#app`.
pub fn open() {
    let Some(element) = page::app_element() else {
        return;
    };
    page::replace_shell();
    leptos::mount::mount_to(element.clone(), move || desk().show_in(&element)).forget();
    page::set_root("data-ready", Some(""));
}

fn desk() -> View {
    let stores = provide_stores();
    let desk = Desk {
        stage: RwSignal::new(Stage::Opening),
        touched: StoredValue::new(crate::browser::now_ms()),
        at_live: RwSignal::new(false),
        sending: RwSignal::new(false),
    };
    provide_context(desk);
    for event in ["pointerdown", "keydown"] {
        on_window(event, move |_| {
            desk.touched.set_value(crate::browser::now_ms())
        });
    }
    set_interval(move || desk.lock_when_idle(stores), Duration::from_secs(5));
    if stores.can(Capability::Desk) {
        desk.find_out(stores);
    } else {
        desk.stage.set(Stage::Absent);
    }
    changing(move || {
        stores.settings.language.track();
        view! {
            <main>{changing(move || desk.view())}</main>
            {toast()}
        }
    })
}

impl Desk {
    fn view(self) -> View {
        let stores = stores();
        match self.stage.get() {
            Stage::Opening => waiting("me", false),
            Stage::Absent => sign_in::absent(),
            Stage::Unregistered => register::page(),
            Stage::Locked(device) => sign_in::page(device),
            Stage::Open(staff) => floor::page(staff),
            Stage::Failed(error) => failed(&error, move || self.find_out(stores)),
        }
    }

    /// Asks the backend which tablet this is, and who is at it.
    fn find_out(self, stores: Stores) {
        self.stage.set(Stage::Opening);
        task(async move {
            let client = stores.client();
            let stage = match client.desk().device().await {
                Ok(device) => match client.desk().staff().await {
                    Ok(staff) => Stage::Open(staff.value),
                    Err(error) if error.is_not_signed_in() => Stage::Locked(device.value),
                    Err(error) => Stage::Failed(error),
                },
                Err(error) if is_unknown_device(&error) => Stage::Unregistered,
                Err(error) => Stage::Failed(error),
            };
            self.stage.set(stage);
        });
    }

    /// Locks the desk, here at once and at the backend.
    fn lock(self, stores: Stores) {
        self.stage.set(Stage::Opening);
        task(async move {
            if let Err(error) = stores.client().desk().sign_out().await {
                leptos::logging::warn!("the desk is locked here only: {error}");
            }
            self.find_out(stores);
        });
    }

    fn lock_when_idle(self, stores: Stores) {
        // Whoever is before the camera does not touch the screen; nor is it to lock at once when sending ends.
        if self.sending.get_untracked() {
            self.touched.set_value(crate::browser::now_ms());
            return;
        }
        let lock_after = self.stage.with_untracked(|stage| match stage {
            Stage::Open(staff) => Some(i64::from(staff.lock_after) * 1_000),
            _ => None,
        });
        let idle = crate::browser::now_ms() - self.touched.get_value();
        if lock_after.is_some_and(|lock_after| idle > lock_after) {
            self.lock(stores);
        }
    }
}

fn is_unknown_device(error: &Error) -> bool {
    matches!(error, Error::Refused { problem, .. } if problem.kind == ProblemKind::UnknownDevice)
}

/// The desk's state, from anywhere below its root.
fn here() -> Desk {
    expect_context()
}

/// What went wrong, in the desk's words.
fn told(error: &Error, wrong_code: &'static str) -> String {
    match error {
        Error::Refused { problem, .. } if problem.kind == ProblemKind::WrongCode => {
            wrong_code.to_owned()
        }
        error => crate::parts::state::explain(error).0,
    }
}

/// Moves the focus to an element that may just be coming out: it can be focused once it is seen.
fn focus_soon<E: AsRef<HtmlElement> + Clone + 'static>(slot: Slot<E>) {
    task(async move {
        if let Some(element) = slot.get() {
            let _ = element.as_ref().focus();
        }
    });
}
