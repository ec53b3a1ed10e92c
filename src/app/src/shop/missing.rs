//! An address that leads nowhere.

use crate::parts::state::notice;
use crate::parts::top::{page_bar, title};
use crate::view::{IntoView, View, view};
use crate::words::words;

/// The page.
pub fn page() -> View {
    let words = words();
    title(|| words.missing.to_owned());
    view! {
        {page_bar(words.missing, "/", ().into_view())}
        {notice_only()}
    }
}

/// Inside a page that is there, but whose content is not.
pub fn notice_only() -> View {
    let words = words();
    let home = view! { <a class="btn" href="/">{words.home}</a> };
    notice(
        "place",
        words.missing.to_owned(),
        words.missing_hint.to_owned(),
        home.into_view(),
        false,
    )
}
