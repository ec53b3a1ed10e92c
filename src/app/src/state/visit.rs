//! Where somebody came from: every entry QR and every link that is passed on says so.

use super::stores;
use crate::browser::address::address;
use crate::browser::storage;
use crate::view::{effect, task};
use domain::contract::Capability;
use leptos::prelude::*;

/// The source that was named last, as long as this device remembers it.
const FROM: &str = "from";
/// By which address this tab has come in last: a reload is no arrival.
const ARRIVED: &str = "arrived";

/// From where they came, if that is known.
pub fn source() -> Option<String> {
    storage::read(FROM)
}

/// Forgets it on this device.
pub fn forget() {
    storage::forget(FROM);
}

/// Remembers where somebody comes from who opens the shop, and has it counted. Once a page.
pub fn arrive() {
    let (stores, address) = (stores(), address().get_untracked());
    let named = address.parameter("from");
    let Some(from) = named.filter(|from| domain::source::source(from).is_some()) else {
        return;
    };
    storage::write(FROM, &from);
    let here = [address.path, address.query].concat();
    effect(move |_| {
        if stores.can(Capability::Booking) && storage::is_news(ARRIVED, &here) {
            let from = from.clone();
            task(async move {
                // Nobody waits for it, and it is not worth a word.
                if let Err(error) = stores.client().members().visit(&from).await {
                    leptos::logging::warn!("the arrival was not counted: {error}");
                }
            });
        }
    });
}
