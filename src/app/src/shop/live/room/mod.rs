use super::here::Here;
use super::{goods, rounds};
use crate::view::{IntoView, View, view};
use domain::id::ShowId;

/// The page.
pub fn page(id: ShowId) -> View {
    let here = Here::new(id);
    view! {
        {goods::pinned(here)}
        {goods::bag_button(here)}
        {goods::taste(here)}
        {rounds::poll(here)}
        {rounds::wishes_button(here)}
        {rounds::coupons(here)}
    }
    .into_view()
}
