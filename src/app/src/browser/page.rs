//! The page around the app: its title, its root element, the static shell.

use leptos::prelude::{document, request_animation_frame};
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

thread_local! {
    static SHELL: RefCell<Option<Element>> = const { RefCell::new(None) };
}

/// The text of the page's configuration block.
pub fn config_text() -> String {
    document()
        .get_element_by_id("config")
        .and_then(|block| block.text_content())
        .unwrap_or_default()
}

/// The element the app is mounted into. The page brings it; without it there is no page.
pub fn app_element() -> Option<HtmlElement> {
    document().get_element_by_id("app")?.dyn_into().ok()
}

/// Sets an attribute of `<html>`; `None` takes it away.
pub fn set_root(name: &str, value: Option<&str>) {
    if let Some(root) = document().document_element() {
        let _ = match value {
            Some(value) => root.set_attribute(name, value),
            None => root.remove_attribute(name),
        };
    }
}

/// An attribute of `<html>`.
pub fn root(name: &str) -> Option<String> {
    document().document_element()?.get_attribute(name)
}

/// Takes the static shell out of the page: the app is here. Its skeletons are kept.
pub fn replace_shell() {
    if let Some(shell) = document().get_element_by_id("shell") {
        shell.remove();
        SHELL.set(Some(shell));
    }
}

/// The markup of a skeleton: the page's own, never anybody's text.
pub fn skeleton(name: &str) -> String {
    let selector = ["[data-skeleton=", name, "]"].concat();
    SHELL
        .with_borrow(|shell| {
            Some(
                shell
                    .as_ref()?
                    .query_selector(&selector)
                    .ok()??
                    .inner_html(),
            )
        })
        .unwrap_or_default()
}

/// Opens the page anew.
pub fn reload() {
    let _ = leptos::prelude::window().location().reload();
}

/// Leaves the shop's page for another one, for instance to pay.
pub fn leave_for(url: &str) {
    let _ = leptos::prelude::window().location().assign(url);
}

/// Takes what stands behind the `#` out of the address: it must not be used or seen again.
pub fn drop_hash() {
    let window = leptos::prelude::window();
    if let (Ok(history), Ok(path)) = (window.history(), window.location().pathname()) {
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&path));
    }
}

/// Names the page in the tab, and to a screen reader when it moves there.
pub fn set_title(title: &str) {
    document().set_title(title);
}

/// Moves the focus to the page's heading, without scrolling: what is read begins at the beginning.
pub fn focus_heading() {
    focus("main h1");
}

/// Moves the focus to what is chosen after the page was drawn anew in another language.
pub fn focus_language() {
    focus("[name=language]:checked, .languages [aria-pressed=true]");
}

fn focus(selector: &'static str) {
    request_animation_frame(move || {
        let heading = document().query_selector(selector).ok().flatten();
        if let Some(heading) = heading.and_then(|heading| heading.dyn_into::<HtmlElement>().ok()) {
            if heading.tab_index() < 0 {
                let _ = heading.set_attribute("tabindex", "-1");
            }
            let options = js_sys::Object::new();
            let _ = js_sys::Reflect::set(&options, &"preventScroll".into(), &true.into());
            let focus = js_sys::Reflect::get(&heading, &"focus".into())
                .ok()
                .and_then(|focus| focus.dyn_into::<js_sys::Function>().ok());
            if let Some(focus) = focus {
                let _ = focus.call1(&heading, &options);
            }
        }
    });
}
