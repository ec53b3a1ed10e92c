//! Sheets are `<dialog>`s: focus stays inside and Escape closes them by themselves. Back closes
//! them too: an open sheet is one step of the history, on the same address.

use leptos::prelude::{document, window};
use wasm_bindgen::JsValue;
use web_sys::HtmlDialogElement;

/// Opens a sheet and adds its step to the history.
pub fn open(dialog: &HtmlDialogElement) {
    if dialog.open() {
        return;
    }
    let _ = dialog.show_modal();
    if let Ok(history) = window().history() {
        let state = history.state().unwrap_or(JsValue::NULL);
        let _ = history.push_state_with_url(&state, "", None);
    }
}

/// Closes a sheet without touching the history.
pub fn close(dialog: &HtmlDialogElement) {
    if dialog.open() {
        dialog.close();
    }
}

/// Brings what is said into an open sheet: whatever stands outside of it is covered, and not read
/// out either.
pub fn bring_toast(dialog: &HtmlDialogElement) {
    if let Some(toast) = document().get_element_by_id("toast") {
        let _ = dialog.append_child(&toast);
    }
}

/// Puts what is said back above the page.
pub fn take_toast_back(dialog: &HtmlDialogElement) {
    let toast = document().get_element_by_id("toast");
    let inside = toast.filter(|toast| dialog.contains(Some(toast)));
    if let (Some(toast), Some(place)) = (inside, document().get_element_by_id("toast-place")) {
        let _ = place.append_child(&toast);
    }
}

/// Goes back within the shop, or to `otherwise` when this is the first page of it: whoever came by
/// a link from elsewhere stays in the shop.
pub fn leave(otherwise: impl FnOnce()) {
    match window().history() {
        Ok(history) if history.state().is_ok_and(|state| state.is_truthy()) => {
            let _ = history.back();
        }
        _ => otherwise(),
    }
}
