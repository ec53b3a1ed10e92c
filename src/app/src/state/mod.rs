//! What outlives a page. A page calls what a store offers; no store knows a page.

pub mod cart;
pub mod outbox;
pub mod reading;
pub mod session;
pub mod settings;
pub mod shelf;
pub mod visit;

use crate::browser::{self, page};
use crate::view::task;
use crate::words::{spoken, words};
use client::Client;
use client::browser::Browser;
use client::page::PageConfig;
use domain::contract::Capability;
use leptos::prelude::*;

pub use cart::Cart;
pub use outbox::Post;
pub use session::Session;
pub use settings::Settings;

/// All stores of a page, found from anywhere below its root by [`stores`].
#[derive(Clone, Copy, Debug)]
pub struct Stores {
    /// Language, text size, 长辈版.
    pub settings: Settings,
    /// What the shopper means to buy.
    pub cart: Cart,
    /// Who is signed in.
    pub session: Session,
    /// What is to be done once.
    pub post: Post,
    /// Whether a page of whoever buys was opened.
    pub buys: RwSignal<bool>,
    /// The catalogue as far as it was looked at.
    pub shelf: shelf::Shelf,
    /// What was said last, seen and heard for a while.
    pub said: RwSignal<Option<Said>>,
    /// Whether the device says that it has a network.
    pub online: RwSignal<bool>,
    /// Where the API is and whose shop this is.
    pub config: StoredValue<PageConfig>,
    /// What the backend can do: stamped into the page, or asked for once.
    capabilities: RwSignal<Vec<Capability>>,
}

/// Something said to the shopper, with what can be done about it.
#[derive(Clone, Debug)]
pub struct Said {
    /// The words.
    pub text: String,
    /// A button: its name and what it does.
    pub remedy: Option<(&'static str, Callback<()>)>,
}

/// Makes the stores. Once a page.
pub fn provide_stores() -> Stores {
    let config = PageConfig::parse(&page::config_text());
    let told = config.capabilities.clone();
    let stores = Stores {
        settings: Settings::restore(),
        cart: Cart::restore(),
        session: Session::restore(),
        post: Post::new(),
        buys: RwSignal::new(false),
        shelf: shelf::Shelf::new(),
        said: RwSignal::new(None),
        online: RwSignal::new(browser::is_online()),
        config: StoredValue::new(config),
        capabilities: RwSignal::new(told.clone().unwrap_or_default()),
    };
    provide_context(stores);
    stores.session.finish_leaving(stores);
    if told.is_none() {
        // Until it has answered, or when it cannot: nothing is offered that may not be there.
        task(async move {
            if let Ok(about) = stores.client().about().await {
                stores.capabilities.set(about.value.capabilities);
            }
        });
    }
    browser::on_window("offline", move |_| stores.online.set(false));
    browser::on_window("online", move |_| {
        stores.online.set(true);
        stores.session.finish_leaving(stores);
        stores.say(words().online_again.to_owned());
    });
    stores
}

/// The stores of this page.
pub fn stores() -> Stores {
    expect_context()
}

impl Stores {
    /// Says something, seen for a while and read out.
    pub fn say(&self, text: String) {
        self.said.set(Some(Said { text, remedy: None }));
    }

    /// The client of this page's backend, in the language spoken now.
    pub fn client(&self) -> Client<Browser> {
        let api = self.config.with_value(|config| config.api.clone());
        Client::new(Browser, &api, spoken().tag())
    }

    /// The shop's name as the page was stamped with it.
    pub fn brand(&self) -> String {
        self.config.with_value(|config| config.brand.clone())
    }

    /// Whether the backend has a part of the contract, as far as it has said.
    pub fn can(&self, capability: Capability) -> bool {
        self.capabilities.with(|all| all.contains(&capability))
    }
}
