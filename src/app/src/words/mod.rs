//! Every word a shopper or a clerk reads, in the languages of the shop.
//!
//! A language is one constant of [`Words`], so that none can miss a text. The whole page is drawn
//! anew when the language changes, so a text is just a `&'static str` and costs no signal.

pub mod after_sale;
mod en;
mod zh;

use domain::catalog::{Allergen, Sort, Stock, StockLevel, Unit};
use domain::order::OrderState;
use domain::time::Moment;
use serde::Serialize;
use std::cell::Cell;

/// A language of the shop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Language {
    /// Chinese.
    #[default]
    #[serde(rename = "zh-CN")]
    Zh,
    /// English.
    #[serde(rename = "en")]
    En,
}

domain::readable_words!(Language { "zh-CN" => Zh, "en" => En } else Zh);

impl Language {
    /// All of them, the first language of the shop first.
    pub const ALL: [Self; 2] = [Self::Zh, Self::En];

    /// Its BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// What it calls itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::Zh => "中文",
            Self::En => "English",
        }
    }

    /// The language of a tag.
    pub fn of_tag(tag: &str) -> Self {
        if tag.starts_with("en") {
            Self::En
        } else {
            Self::Zh
        }
    }

    fn words(self) -> &'static Words {
        match self {
            Self::Zh => &zh::WORDS,
            Self::En => &en::WORDS,
        }
    }
}

thread_local! {
    static SPOKEN: Cell<Language> = const { Cell::new(Language::Zh) };
}

/// Changes the language; whoever calls this draws the page anew.
pub fn speak(language: Language) {
    SPOKEN.set(language);
}

/// The language spoken now.
pub fn spoken() -> Language {
    SPOKEN.get()
}

/// The texts of the language spoken now.
pub fn words() -> &'static Words {
    spoken().words()
}

/// The texts of one language. A field is named by what it is for.
#[allow(missing_docs, reason = "the texts themselves say it")]
#[derive(Debug)]
pub struct Words {
    // The frame
    pub home: &'static str,
    pub catalogue: &'static str,
    pub live: &'static str,
    pub cart: &'static str,
    pub me: &'static str,
    pub settings: &'static str,
    pub tabs: &'static str,
    pub back: &'static str,
    pub close: &'static str,
    pub elder: &'static str,
    pub standard: &'static str,
    pub elder_on: &'static str,
    pub elder_off: &'static str,
    // Waiting, failing, offline
    pub loading: &'static str,
    pub slow: &'static str,
    pub again: &'static str,
    pub no_network: &'static str,
    pub no_network_hint: &'static str,
    pub timed_out: &'static str,
    pub timed_out_hint: &'static str,
    pub failed: &'static str,
    pub failed_hint: &'static str,
    pub garbled: &'static str,
    pub garbled_hint: &'static str,
    pub unsupported: &'static str,
    pub refused: &'static str,
    pub refused_hint: &'static str,
    pub busy: fn(u32) -> String,
    pub last_copy: fn(&str) -> String,
    pub last_copy_undated: &'static str,
    pub offline_now: &'static str,
    pub online_again: &'static str,
    // Home
    pub open_until: fn(&str) -> String,
    pub open: &'static str,
    pub closed_until: fn(&str, &str) -> String,
    pub closed: &'static str,
    pub search_hint: &'static str,
    pub call: &'static str,
    pub join: &'static str,
    pub join_hint: &'static str,
    pub specials: &'static str,
    pub bundles: &'static str,
    pub saves: fn(&str) -> String,
    pub all: &'static str,
    pub tips: &'static str,
    pub partners: &'static str,
    pub see: &'static str,
    pub posted: fn(i64) -> String,
    pub where_and_when: &'static str,
    pub weekdays: [&'static str; 7],
    pub to: &'static str,
    pub new_shop: &'static str,
    pub new_shop_hint: &'static str,
    // Catalogue
    pub search: &'static str,
    pub clear_search: &'static str,
    pub everything: &'static str,
    pub sorts: [&'static str; 4],
    pub sort: &'static str,
    pub in_stock: &'static str,
    pub on_special: &'static str,
    pub filters: &'static str,
    pub shelves: &'static str,
    pub found: fn(u32) -> String,
    pub nothing_found: &'static str,
    pub nothing_found_hint: &'static str,
    pub show_all: &'static str,
    pub more: &'static str,
    pub more_failed: &'static str,
    pub that_is_all: &'static str,
    pub only_from: fn(&str) -> String,
    // Product
    pub product: &'static str,
    pub choose: &'static str,
    pub bundle: &'static str,
    pub from: &'static str,
    pub former: &'static str,
    pub unit_price: &'static str,
    pub origin: &'static str,
    pub batch: &'static str,
    pub arrived: fn(&str, &str) -> String,
    pub today: &'static str,
    pub yesterday: &'static str,
    pub shelf_life: &'static str,
    pub storage: &'static str,
    pub allergens: &'static str,
    pub pickup: &'static str,
    pub sold_by: &'static str,
    pub goes_well: &'static str,
    pub bought_too: fn(u32) -> String,
    pub make_set: fn(&str) -> String,
    pub how_many: &'static str,
    pub one_less: &'static str,
    pub one_more: &'static str,
    pub add: &'static str,
    pub add_named: fn(&str) -> String,
    pub added: fn(&str, u32) -> String,
    pub not_kept: &'static str,
    pub sold_out: &'static str,
    pub gone: &'static str,
    pub gone_hint: &'static str,
    pub browse: &'static str,
    // Share
    pub share: &'static str,
    pub share_link: &'static str,
    pub copied: &'static str,
    pub copy_by_hand: &'static str,
    pub share_with: &'static str,
    pub save_poster: &'static str,
    pub hold_to_save: &'static str,
    pub poster_hint: &'static str,
    pub poster_alt: fn(&str) -> String,
    pub poster_failed: &'static str,
    // Cart
    pub cart_empty: &'static str,
    pub cart_empty_hint: &'static str,
    pub estimate: &'static str,
    pub estimate_hint: &'static str,
    pub show_clerk: &'static str,
    pub removed: fn(&str) -> String,
    pub undo: &'static str,
    pub pieces: fn(u32) -> String,
    pub total: &'static str,
    pub pricing: &'static str,
    pub look_again: &'static str,
    pub to_checkout: &'static str,
    pub price_moved: fn(&str) -> String,
    pub accept_price: &'static str,
    pub stock_short: fn(u32) -> String,
    pub take_left: fn(u32) -> String,
    pub sold_out_now: &'static str,
    pub no_longer_sold: &'static str,
    pub take_out: &'static str,
    pub cart_changed: &'static str,
    // Signing in
    pub sign_in: &'static str,
    pub sign_in_hint: &'static str,
    pub sign_in_first: &'static str,
    pub sign_in_privacy: &'static str,
    pub sign_out: &'static str,
    pub signed_in: &'static str,
    pub member: &'static str,
    pub phone: &'static str,
    pub phone_wrong: &'static str,
    pub code: &'static str,
    pub send_code: &'static str,
    pub code_again: &'static str,
    pub code_wait: fn(u32) -> String,
    pub demo_code: fn(&str) -> String,
    pub code_first: &'static str,
    pub wrong_code: &'static str,
    pub older_orders: &'static str,
    pub expired_code: &'static str,
    // Bundles, coupons and points in the cart
    pub subtotal: &'static str,
    pub set: &'static str,
    pub minimum: fn(u32) -> String,
    pub take_so_many: fn(u32) -> String,
    pub sets_short: fn(u32) -> String,
    pub part_sold_out: fn(&str) -> String,
    pub part_gone: fn(&str) -> String,
    pub swap_for: fn(&str, &str) -> String,
    pub not_combinable: &'static str,
    pub goods: &'static str,
    pub minus: fn(&str) -> String,
    pub coupons: &'static str,
    pub coupon_count: fn(u32) -> String,
    pub coupon_best: &'static str,
    pub coupon_chosen: &'static str,
    pub coupon_saves_nothing: &'static str,
    pub coupon_left_out: &'static str,
    pub coupon_nothing: &'static str,
    pub coupon_newcomers: &'static str,
    pub coupon_expired: &'static str,
    pub coupon_used: &'static str,
    pub coupon_unknown: &'static str,
    pub coupon_short: fn(&str) -> String,
    pub coupon_not_yet: fn(&str) -> String,
    pub coupon_not_with: fn(&str, &str) -> String,
    pub coupon_take_best: &'static str,
    pub points_use: &'static str,
    pub points_worth: fn(u32, &str) -> String,
    pub saved: fn(&str) -> String,
    pub places: fn(u32) -> String,
    // Checkout and orders
    pub checkout: &'static str,
    pub pickup_time: &'static str,
    pub no_pickup: &'static str,
    pub no_pickup_hint: &'static str,
    pub pickup_gone: &'static str,
    pub your_name: &'static str,
    pub note: &'static str,
    pub note_hint: &'static str,
    pub payment: &'static str,
    pub at_store: &'static str,
    pub place_order: &'static str,
    pub placed: &'static str,
    pub sending: &'static str,
    pub sending_hint: &'static str,
    pub checking: &'static str,
    pub checking_hint: &'static str,
    pub order: &'static str,
    pub ask_return: &'static str,
    pub orders: &'static str,
    pub order_tabs: [&'static str; 4],
    pub no_orders: &'static str,
    pub no_orders_hint: &'static str,
    pub no_such_order: &'static str,
    pub number: &'static str,
    pub pickup_code: &'static str,
    pub code_hint: &'static str,
    pub code_ready: &'static str,
    pub buy_again: &'static str,
    pub cancel: &'static str,
    pub cancel_sure: &'static str,
    pub cancel_yes: &'static str,
    pub cancel_no: &'static str,
    pub cancelled: &'static str,
    pub not_now: &'static str,
    pub tomorrow: &'static str,
    pub order_state: fn(OrderState) -> &'static str,
    pub order_state_hint: fn(OrderState) -> &'static str,
    // Tastings
    pub taste: &'static str,
    pub bookings: &'static str,
    pub join_us: &'static str,
    pub taste_minutes: fn(u32) -> String,
    pub taste_next: fn(&str) -> String,
    pub taste_full: &'static str,
    pub taste_free: &'static str,
    pub taste_deposit: fn(&str) -> String,
    pub taste_head: &'static str,
    // Live
    pub live_now: &'static str,
    pub live_was: &'static str,
    pub live_enter: &'static str,
    pub live_next: &'static str,
    pub watching: fn(u32) -> String,
    pub no_show: &'static str,
    pub no_show_hint: &'static str,
    // Me and settings
    pub guest: &'static str,
    pub guest_hint: &'static str,
    pub language: &'static str,
    pub text_size: &'static str,
    pub sizes: [&'static str; 4],
    pub text_sample: &'static str,
    pub elder_hint: &'static str,
    pub privacy: &'static str,
    pub privacy_hint: &'static str,
    pub clear_device: &'static str,
    pub cleared: &'static str,
    // Missing
    pub missing: &'static str,
    pub missing_hint: &'static str,
    // Small words that depend on a value
    pub stock: fn(Stock) -> String,
    pub unit: fn(Unit) -> &'static str,
    pub allergen: fn(Allergen) -> &'static str,
}

impl Words {
    /// The name of an order of products.
    pub fn sort_name(&self, sort: Sort) -> &'static str {
        let at = Sort::ALL
            .iter()
            .position(|one| *one == sort)
            .unwrap_or_default();
        self.sorts.get(at).copied().unwrap_or_default()
    }
}

/// Whether stock is worth a warning colour.
pub fn is_scarce(stock: Stock) -> bool {
    matches!(stock.level, StockLevel::Few | StockLevel::None)
}

/// A day as one says it on the day of `now`: today, tomorrow, or its weekday.
pub fn day_name(now: &Moment, then: &Moment) -> String {
    let words = words();
    let (today, day) = (now.local(), then.local());
    let tomorrow = Moment {
        ms: now.ms + 24 * 3_600_000,
        ..*now
    };
    let tomorrow = tomorrow.local();
    if (today.month, today.day) == (day.month, day.day) {
        words.today.to_owned()
    } else if (tomorrow.month, tomorrow.day) == (day.month, day.day) {
        words.tomorrow.to_owned()
    } else {
        let at = usize::from(day.weekday).saturating_sub(1);
        words
            .weekdays
            .get(at)
            .copied()
            .unwrap_or_default()
            .to_owned()
    }
}
