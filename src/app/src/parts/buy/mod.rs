//! The bar at the bottom of what can be bought: the way to the cart, how many, what one presses.

use crate::parts::icon;
use crate::parts::top::badge;
use crate::state::stores;
use crate::view::{View, changing, follows, view};
use crate::words::words;
use stylers::style_sheet;

const _: &str = include_str!("buy.css");

/// The bar.
pub fn buy_bar(stepper: View, buttons: View) -> View {
    let class = style_sheet!("src/app/src/parts/buy/buy.css");
    let words = words();
    let cart = stores().cart;
    let name = move || [words.cart, " ", &(words.pieces)(cart.pieces())].concat();
    view! {
        <div class=class>
            <div>
                <a class="round" href="/cart" aria-label=follows(name)>
                    {icon("cart")}
                    {changing(move || badge(cart.pieces()))}
                </a>
                {stepper}
                {buttons}
            </div>
        </div>
    }
}
