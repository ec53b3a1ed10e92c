//! The live room's tab. A backend without shows says so; the button leads where one hears of them.

use crate::parts::state::notice;
use crate::parts::top::{tab_bar, title};
use crate::view::{IntoView, View, view};
use crate::words::words;

/// The page.
pub fn page() -> View {
    let words = words();
    title(|| words.live.to_owned());
    let home = view! { <a class="btn" href="/">{words.home}</a> };
    view! {
        {tab_bar(words.live)}
        {notice("live", words.no_show.to_owned(), words.no_show_hint.to_owned(), home.into_view(), false)}
    }
}
