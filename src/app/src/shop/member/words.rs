//! Words of the pages of whoever buys. They are not in [`crate::words`], because they come with
//! these pages and not with the first load.

use crate::words::{Language, spoken};

/// The texts in one language. A field is named by what it is for.
#[allow(missing_docs, reason = "the texts themselves say it")]
#[derive(Debug)]
pub struct Text {
    pub sign_in_again: &'static str,
    pub sign_in_again_hint: &'static str,
    pub no_room: &'static str,
    pub no_room_hint: &'static str,
    pub under_way: &'static str,
    pub lapsed: &'static str,
    pub gone_on: &'static str,
    pub how_to_pay: &'static str,
    pub online: &'static str,
    pub online_hint: &'static str,
    pub at_store_hint: &'static str,
    pub held_until: fn(&str) -> String,
    pub not_held: &'static str,
    pub not_paid: &'static str,
    pub declined: &'static str,
    pub pay_until: fn(&str) -> String,
    pub pay: fn(&str) -> String,
    pub going_to_pay: &'static str,
    pub paying: &'static str,
    pub paying_hint: &'static str,
    pub paid: &'static str,
    pub refunded: fn(&str) -> String,
    pub refund_under_way: &'static str,
    pub payment_open: &'static str,
    pub too_many_unpaid: &'static str,
    pub to_the_order: &'static str,
}

static ZH: Text = Text {
    sign_in_again: "请重新登录",
    sign_in_again_hint: "这一单已经记在手机上。登录以后接着核对，不会重复下单。",
    no_room: "手机存满了，没有发出去",
    no_room_hint: "为了不丢单，要先在手机上记下来再发。请清理一点空间，再点一次。",
    under_way: "另一个页面正在办这件事，请稍等",
    lapsed: "隔得太久，这一单没有发出去。看看订单里有没有，没有就再下一次。",
    gone_on: "已经在另一个页面办好了",
    how_to_pay: "怎么付款",
    online: "现在付",
    online_hint: "付好店里就开始准备",
    at_store_hint: "取货时在柜台付",
    held_until: |clock| format!("给您留到 {clock}"),
    not_held: "留货时间到了，还有货就能下单",
    not_paid: "还没付款",
    declined: "没有付成功，钱没有扣。可以再试一次。",
    pay_until: |clock| format!("请在 {clock} 前付款，过了时间会自动取消"),
    pay: |amount| format!("去付款 {amount}"),
    going_to_pay: "正在打开付款页面",
    paying: "正在核对付款",
    paying_hint: "付款的一方还没有回话。不用再付一次，有结果会马上显示；关掉页面也不会丢。",
    paid: "已付款",
    refunded: |amount| format!("已退回 {amount}"),
    refund_under_way: "正在退款",
    payment_open: "还有一单没付款，先把它付了或者取消",
    too_many_unpaid: "今天有几单没有付款，请选到店付款",
    to_the_order: "看那一单",
};

static EN: Text = Text {
    sign_in_again: "Please sign in again",
    sign_in_again_hint: "This order is kept on the phone. It is checked on once you have signed in, and not placed twice.",
    no_room: "The phone is full; nothing was sent",
    no_room_hint: "So that nothing is lost, it is written down on the phone before it is sent. Please free some space and tap once more.",
    under_way: "Another page is doing this already; one moment, please",
    lapsed: "Too much time has passed; this order was not sent. Look into your orders, and order again if it is not there.",
    gone_on: "Another page has done this already",
    how_to_pay: "How to pay",
    online: "Pay now",
    online_hint: "The shop begins as soon as it is paid",
    at_store_hint: "At the counter, when you pick up",
    held_until: |clock| format!("Held for you until {clock}"),
    not_held: "It is not held any more; you can order what is still there",
    not_paid: "Not paid yet",
    declined: "The payment did not go through, and no money was taken. You can try again.",
    pay_until: |clock| format!("Please pay before {clock}; after that it is cancelled by itself"),
    pay: |amount| format!("Pay {amount}"),
    going_to_pay: "Opening the payment page",
    paying: "Checking the payment",
    paying_hint: "Whoever takes the money has not answered yet. There is no need to pay again; the outcome shows here as soon as it is known, also after closing the page.",
    paid: "Paid",
    refunded: |amount| format!("{amount} given back"),
    refund_under_way: "The money is on its way back",
    payment_open: "Another order waits for its payment; pay it or cancel it first",
    too_many_unpaid: "Several orders were not paid today; please choose to pay at the store",
    to_the_order: "Show that order",
};

/// The texts in the language that is spoken.
pub fn text() -> &'static Text {
    match spoken() {
        Language::Zh => &ZH,
        Language::En => &EN,
    }
}
