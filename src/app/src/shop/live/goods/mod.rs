use super::here::Here;
use crate::view::{IntoView, View};

/// The card of what is shown to everybody, with its price and stock of now, and the way into the
/// cart that does not leave the room.
pub fn pinned(_: Here) -> View {
    ().into_view()
}

/// The button with the count of the show's goods, and the sheet with all of them.
pub fn bag_button(_: Here) -> View {
    ().into_view()
}

/// What of it can be tasted in the store.
pub fn taste(_: Here) -> View {
    ().into_view()
}
