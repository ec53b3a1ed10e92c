//! Icons: symbols that the page's HTML brings along (Lucide, ISC), so that none is in the wasm.

use crate::view::{View, view};

/// An icon by the name of its symbol. It says nothing; whatever carries it has a name.
pub fn icon(name: &'static str) -> View {
    view! {
        <svg class="icon" aria-hidden="true">
            <use href=["#i-", name].concat()></use>
        </svg>
    }
}
