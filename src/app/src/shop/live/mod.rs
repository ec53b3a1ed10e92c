//! The live room: what is shown when, and a show to take part in. Its pages are a part of the wasm
//! of their own.

mod drawn;
mod goods;
mod here;
mod list;
mod replay;
mod room;
mod rounds;

use crate::parts::fetched;
use crate::parts::state::waiting;
use crate::parts::top::{tab_bar, title};
use crate::view::{IntoView, Slot, View, view};
use crate::words::words;
use domain::id::ShowId;
use web_sys::Element;

/// One of these pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    /// What is on, to come, and past: a tab.
    List,
    /// One show: before it, in it, after it.
    Room(ShowId),
    /// One that is over, seen again.
    Replay(ShowId),
}

impl Page {
    /// The page itself; a room brings a bar of its own, and so does a replay.
    fn view(self) -> View {
        match self {
            Self::List => list::page(),
            Self::Room(id) => room::page(id),
            Self::Replay(id) => replay::page(id),
        }
    }
}

/// The address of a show.
pub fn show_path(id: &ShowId) -> String {
    ["/live/", &client::endpoint::encode(id.as_str())].concat()
}

/// The address of a show that is over, seen again.
pub fn replay_path(id: &ShowId) -> String {
    [&show_path(id), "/replay"].concat()
}

#[cfg(feature = "split")]
#[allow(
    unsafe_code,
    reason = "what the macro writes calls into a part of the wasm that was fetched"
)]
mod part {
    use super::{Page, View};
    use wasm_split_helpers::{SplitLoaderError, wasm_split};

    /// Everything that only this function reaches is in the part.
    #[wasm_split(live, fallible)]
    pub fn view(page: Page) -> Result<View, SplitLoaderError> {
        Ok(page.view())
    }
}

#[cfg(not(feature = "split"))]
mod part {
    use super::{Page, View};
    use std::convert::Infallible;

    /// Nothing to be fetched: the pages are here.
    pub async fn view(page: Page) -> Result<View, Infallible> {
        Ok(page.view())
    }
}

/// A page: its bar at once, the rest as soon as its part of the wasm is here.
pub fn open(page: Page) -> View {
    let words = words();
    let is_tab = page == Page::List;
    title(move || words.live.to_owned());
    let place = Slot::<Element>::new();
    fetched(place, part::view(page));
    view! {
        {is_tab.then(|| tab_bar(words.live))}
        <div node_ref=place>{waiting("me", false)}</div>
    }
    .into_view()
}
