//! The goods of a checkout are held for a while, and one is told until when: a time on the clock, no
//! countdown that presses.

use crate::parts::icon;
use crate::shop::member::words::text;
use crate::state::stores;
use crate::view::{IntoView, View, changing, effect, task, view};
use domain::hold::Hold;
use leptos::prelude::*;
use std::time::Duration;

/// Has the cart held as long as the checkout is open, and says until when.
pub fn held() -> View {
    let stores = stores();
    let (held, over) = (RwSignal::new(None::<Hold>), RwSignal::new(false));
    let open = StoredValue::new(true);
    effect(move |_| {
        let cart = stores.cart.request();
        task(async move {
            // A backend that holds nothing, and one that is away, take nothing from the checkout.
            let Ok(hold) = stores.client().members().hold(&cart).await else {
                return;
            };
            // Whoever has left meanwhile keeps nothing from others.
            if open.try_get_value() != Some(true) {
                let _ = stores.client().members().release_hold().await;
                return;
            }
            let left = hold.expires_at.map(|until| until.ms - hold.now.ms);
            over.try_set(false);
            held.try_set(Some(hold));
            if let Some(left) = left.and_then(|left| u64::try_from(left).ok()) {
                set_timeout(
                    move || {
                        over.try_set(true);
                    },
                    Duration::from_millis(left),
                );
            }
        });
    });
    on_cleanup(move || {
        open.set_value(false);
        if untrack(|| held.get()).is_some_and(|hold| hold.expires_at.is_some()) {
            task(async move {
                let _ = stores.client().members().release_hold().await;
            });
        }
    });
    changing(move || {
        let until = held.with(|hold| hold.as_ref().and_then(|hold| hold.expires_at));
        let Some(until) = until else {
            return ().into_view();
        };
        let said = if over.get() {
            text().not_held.to_owned()
        } else {
            (text().held_until)(&until.clock())
        };
        view! { <p class="quiet held" role="status">{icon("clock")} <span>{said}</span></p> }
    })
}
