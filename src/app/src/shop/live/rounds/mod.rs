use super::here::Here;
use crate::view::{IntoView, View};

/// The poll that is open, or the result of the last one.
pub fn poll(_: Here) -> View {
    ().into_view()
}

/// The button of the wish board, and its sheet.
pub fn wishes_button(_: Here) -> View {
    ().into_view()
}

/// Coupons that are given away.
pub fn coupons(_: Here) -> View {
    ().into_view()
}
