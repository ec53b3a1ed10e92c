//! The words of what can be bought in a room. They come with its part of the wasm.

use crate::words::{Language, spoken, words};
use domain::catalog::{Stock, StockLevel};

/// The texts in one language. A field is named by what it is for.
#[allow(missing_docs, reason = "the texts themselves say it")]
#[derive(Debug)]
pub struct Text {
    pub now: &'static str,
    pub said: fn(&str) -> String,
    pub add: &'static str,
    pub others_left: &'static str,
    left: fn(u32) -> String,
    pub bag: &'static str,
    pub bag_named: fn(usize) -> String,
    pub none: &'static str,
    pub to_cart: fn(u32) -> String,
    pub to_cart_hint: &'static str,
    pub taste: fn(&str) -> String,
    pub taste_full: &'static str,
}

static ZH: Text = Text {
    now: "正在讲",
    said: |name| format!("正在讲{name}"),
    add: "加入",
    others_left: "这款卖完了，还有别的",
    left: |left| format!("还剩 {left} 份"),
    bag: "这一场的商品",
    bag_named: |count| format!("这一场的商品，{count} 样"),
    none: "这一场还没有摆商品",
    to_cart: |pieces| format!("去购物车（{pieces} 件）"),
    to_cart_hint: "看完按返回，就回到直播间。",
    taste: |next| format!("到店尝尝 · {next}"),
    taste_full: "到店尝尝",
};

static EN: Text = Text {
    now: "On now",
    said: |name| format!("On now: {name}"),
    add: "Add",
    others_left: "This kind is sold out, others are left",
    left: |left| format!("{left} left"),
    bag: "Goods of this show",
    bag_named: |count| format!("Goods of this show: {count}"),
    none: "This show has no goods yet",
    to_cart: |pieces| match pieces {
        1 => "To the cart (1 piece)".to_owned(),
        _ => format!("To the cart ({pieces} pieces)"),
    },
    to_cart_hint: "“Back” brings you back to the show.",
    taste: |next| format!("Taste it in the store · {next}"),
    taste_full: "Taste it in the store",
};

/// The texts in the language that is spoken.
pub fn text() -> &'static Text {
    match spoken() {
        Language::Zh => &ZH,
        Language::En => &EN,
    }
}

/// `还剩 9 份`, where the number is told; else as elsewhere in the shop.
pub fn left(stock: Stock) -> String {
    match stock.left {
        Some(left) if stock.level == StockLevel::Few => (text().left)(left),
        _ => (words().stock)(stock),
    }
}
