//! A bundle: goods sold together for one price, with parts that may be swapped. Its bar is here;
//! what stands below it comes with a part of the wasm of its own, because most who look around
//! open none.

mod content;
mod goods;
mod packing;
mod pool;
mod words;

use crate::parts::fetched;
use crate::parts::share::{Shared, share_button};
use crate::parts::state::waiting;
use crate::parts::top::{named_bar, title};
use crate::view::{Slot, View, text, view};
use crate::words::words;
use domain::id::BundleId;
use leptos::prelude::*;
use web_sys::Element;

/// The page.
pub fn page(id: BundleId) -> View {
    let shared = RwSignal::new(None::<Shared>);
    let name = move || {
        shared.with(|shared| match shared {
            Some(shared) => shared.name.clone(),
            None => words().bundle.to_owned(),
        })
    };
    title(name);
    let place = Slot::<Element>::new();
    fetched(place, part::content(id, shared));
    view! {
        {named_bar(text(name), "/", share_button(move || shared.get()))}
        <div node_ref=place>{waiting("product", false)}</div>
    }
}

#[cfg(feature = "split")]
#[allow(
    unsafe_code,
    reason = "what the macro writes calls into a part of the wasm that was fetched"
)]
mod part {
    use super::{BundleId, RwSignal, Shared, View};
    use wasm_split_helpers::{SplitLoaderError, wasm_split};

    /// What stands below the bar. It says what is passed on.
    #[wasm_split(bundle, fallible)]
    pub fn content(
        id: BundleId,
        shared: RwSignal<Option<Shared>>,
    ) -> Result<View, SplitLoaderError> {
        Ok(super::content::content(id, shared))
    }
}

#[cfg(not(feature = "split"))]
mod part {
    use super::{BundleId, RwSignal, Shared, View};
    use std::convert::Infallible;

    /// Nothing to be fetched: it is here.
    pub async fn content(
        id: BundleId,
        shared: RwSignal<Option<Shared>>,
    ) -> Result<View, Infallible> {
        Ok(super::content::content(id, shared))
    }
}
