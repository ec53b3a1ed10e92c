use crate::view::{IntoView, View};
use domain::id::TastingId;

/// The page.
pub fn page(_: TastingId) -> View {
    ().into_view()
}
