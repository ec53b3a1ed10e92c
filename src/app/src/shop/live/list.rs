use crate::view::{IntoView, View};

/// The page.
pub fn page() -> View {
    ().into_view()
}
