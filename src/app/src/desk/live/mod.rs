//! The live desk: shows are planned, begun, led and ended. For whoever hosts.

mod air;
mod comments;
mod draft;
mod drop;
mod edit;
mod filled;
mod goods;
mod here;
mod list;
mod moderate;
mod picks;
mod plan;
mod poll;
mod questions;
mod results;
mod show;
mod stream;
mod sure;
mod tabs;
mod tool;
mod wishes;
mod words;

use super::{Desk, here, told};
use crate::browser::storage;
use crate::state::{Stores, stores};
use crate::view::{View, changing};
use client::Error;
use domain::id::{ShowId, StaffId};
use domain::member::Staff;
use domain::problem::ProblemKind;
use leptos::prelude::*;
use words::text;

/// Which show is being led on this tablet: opening the page anew leads back to it.
const CHOSEN: &str = "desk/live/show";

/// What all of the live desk shares.
#[derive(Clone, Copy)]
struct Host {
    stores: Stores,
    desk: Desk,
    staff: StoredValue<StaffId>,
    /// How whoever is here is called.
    name: StoredValue<String>,
    /// The show that is looked at; nothing: all of them.
    chosen: RwSignal<Option<ShowId>>,
}

impl Host {
    /// Looks at a show, or at all of them.
    fn choose(self, show: Option<ShowId>) {
        match &show {
            Some(id) => {
                storage::write(CHOSEN, id);
            }
            None => storage::forget(CHOSEN),
        }
        self.chosen.set(show);
    }

    /// A session that is over elsewhere is over here.
    fn heed(self, error: &Error) {
        if error.is_not_signed_in() {
            self.desk.find_out(self.stores);
        }
    }
}

/// The page.
pub fn page(staff: &Staff) -> View {
    let host = Host {
        stores: stores(),
        desk: here(),
        staff: StoredValue::new(staff.id.clone()),
        name: StoredValue::new(staff.name.clone()),
        chosen: RwSignal::new(storage::read(CHOSEN)),
    };
    let first = StoredValue::new(true);
    changing(move || {
        // Whoever goes from one page to the other is led to its name.
        let led_here = !first.get_value();
        first.set_value(false);
        match host.chosen.get() {
            None => list::page(host, led_here),
            Some(id) => show::page(host, id, led_here),
        }
    })
}

/// What this part of the desk is called.
pub fn name() -> &'static str {
    text().live
}

/// What went wrong, in the words of whoever hosts.
fn why_not(error: &Error) -> String {
    match error {
        Error::Refused { problem, .. } if problem.kind == ProblemKind::InvalidBody => {
            text().refused.to_owned()
        }
        Error::Refused { problem, .. } if problem.kind == ProblemKind::NotNow => {
            text().not_now.to_owned()
        }
        error => told(error, ""),
    }
}
