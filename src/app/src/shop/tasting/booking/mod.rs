use crate::view::{IntoView, View};
use domain::id::BookingId;

/// The page.
pub fn page(_: BookingId) -> View {
    ().into_view()
}
