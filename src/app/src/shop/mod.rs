//! The shoppers' pages.

mod bundle;
mod catalogue;
mod home;
mod live;
mod me;
mod member;
mod missing;
mod product;
mod settings;
mod tasting;

use crate::browser::address::{self, Address};
use crate::browser::{page, place};
use crate::parts::sheet::{self, choice::choice_sheet};
use crate::parts::top::{tabs, toast};
use crate::state::{provide_stores, stores, visit};
use crate::view::{View, changing, effect, follows, view};
use domain::id::{BundleId, ProductId};
use leptos::prelude::*;

/// A page of the shop, by its address.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Page {
    Home,
    Catalogue,
    Product(ProductId),
    Bundle(BundleId),
    /// One of the pages of the live room.
    Live(live::Page),
    Cart,
    Me,
    Settings,
    /// One of the pages of whoever buys, with the query where it matters.
    Member(member::Page),
    /// One of the pages of tasting in the store.
    Tasting(tasting::Page),
    Missing,
}

impl Page {
    /// The page at an address.
    fn at(address: &Address) -> Self {
        let mut parts = address.path.split('/').skip(1);
        match (parts.next().unwrap_or_default(), parts.next(), parts.next()) {
            ("", None, None) => Self::Home,
            ("products", None, None) => Self::Catalogue,
            ("products", Some(id), None) if !id.is_empty() => Self::Product(id.into()),
            ("bundles", Some(id), None) if !id.is_empty() => Self::Bundle(id.into()),
            ("live", None, None) => Self::Live(live::Page::List),
            ("live", Some(id), None) if !id.is_empty() => Self::Live(live::Page::Room(id.into())),
            ("live", Some(id), Some("replay")) if !id.is_empty() && parts.next().is_none() => {
                Self::Live(live::Page::Replay(id.into()))
            }
            ("cart", None, None) => Self::Cart,
            ("me", None, None) => Self::Me,
            ("settings", None, None) => Self::Settings,
            ("sign-in", None, None) => Self::Member(member::Page::SignIn),
            ("checkout", None, None) => Self::Member(member::Page::Checkout),
            ("orders", None, None) => Self::Member(member::Page::Orders(address.query.clone())),
            ("orders", Some(id), None) if !id.is_empty() => {
                Self::Member(member::Page::Order(id.into()))
            }
            ("orders", Some(id), Some("return")) if !id.is_empty() && parts.next().is_none() => {
                Self::Member(member::Page::Return(id.into()))
            }
            ("tastings", None, None) => Self::Tasting(tasting::Page::List),
            ("tastings", Some(id), None) if !id.is_empty() => {
                Self::Tasting(tasting::Page::One(id.into()))
            }
            ("bookings", None, None) => Self::Tasting(tasting::Page::Bookings),
            ("bookings", Some(id), None) if !id.is_empty() => {
                Self::Tasting(tasting::Page::Booking(id.into()))
            }
            ("join", None, None) => Self::Tasting(tasting::Page::Join),
            _ => Self::Missing,
        }
    }

    /// Whether the tabs stand below it.
    fn is_tab(&self) -> bool {
        matches!(
            self,
            Self::Home | Self::Catalogue | Self::Live(live::Page::List) | Self::Cart | Self::Me
        )
    }

    fn view(self) -> View {
        match self {
            Self::Home => home::page(),
            Self::Catalogue => catalogue::page(),
            Self::Product(id) => product::page(id),
            Self::Bundle(id) => bundle::page(id),
            Self::Live(page) => live::open(page),
            Self::Cart => member::open(member::Page::Cart),
            Self::Me => me::page(),
            Self::Settings => settings::page(),
            Self::Member(page) => member::open(page),
            Self::Tasting(page) => tasting::open(page),
            Self::Missing => missing::page(),
        }
    }
}

/// Opens the shop in the page's `#app`.
pub fn open() {
    let Some(element) = page::app_element() else {
        return;
    };
    page::replace_shell();
    place::remember();
    sheet::listen();
    leptos::mount::mount_to(element.clone(), move || shop().show_in(&element)).forget();
    page::set_root("data-ready", Some(""));
}

fn shop() -> View {
    let stores = provide_stores();
    let address = address::follow();
    let current = Memo::new(move |_| address.with(Page::at));
    // After every move to another page: the place on it, and the focus at its heading.
    effect(move |first| {
        current.track();
        place::arrived();
        if !first {
            page::focus_heading();
        }
    });
    effect(move |first| {
        stores.settings.language.track();
        if !first {
            page::focus_language();
        }
    });
    visit::arrive();
    member::fetch_ahead();
    // The language is no signal in every text: the page is drawn anew when it changes.
    changing(move || {
        stores.settings.language.track();
        frame(current)
    })
}

fn frame(page: Memo<Page>) -> View {
    let sheet = choice_sheet();
    let is_tab = move || page.with(Page::is_tab);
    view! {
        <main class:with-tabs=follows(is_tab)>{changing(move || page.get().view())}</main>
        <div hidden=follows(move || !is_tab())>{tabs()}</div>
        {sheet}
        {toast()}
    }
}

pub(crate) use product::product_reading;

/// The shop's name as the page was stamped with it.
pub(crate) fn brand() -> String {
    stores().brand()
}
