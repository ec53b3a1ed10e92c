//! A price as on a price tag: small sign and decimals, large integer part.

use crate::view::{View, view};
use crate::words::words;
use domain::catalog::{UnitPrice, Variant};
use domain::money::Money;
use stylers::style_sheet;

const _: &str = include_str!("price.css");

/// A price, with the former one struck out. `from` says that other variants cost more.
pub fn price(price: Money, former: Option<Money>, from: bool) -> View {
    let class = style_sheet!("src/app/src/parts/price/price.css");
    let (sign, whole, decimals) = price.parts();
    let former = former.map(|former| {
        view! {
            " "
            <s>
                <span class="unseen">{words().former}</span>
                {amount(former)}
            </s>
        }
    });
    view! {
        <b class=class>
            <small>{sign}</small>
            {whole}
            <small>{decimals}</small>
            {from.then(|| view! { <small class="from">{words().from}</small> })}
            {former}
        </b>
    }
}

/// An amount within a text: `¥12.6`.
pub fn amount(money: Money) -> String {
    let (sign, whole, decimals) = money.parts();
    [sign, whole, decimals].concat()
}

/// The price of a variant.
pub fn variant_price(variant: &Variant, from: bool) -> View {
    price(variant.price, variant.former_price, from)
}

/// `¥114.75 / 500g`.
pub fn unit_price(unit: UnitPrice) -> String {
    [
        &unit.price.to_string(),
        " / ",
        (words().unit)(unit.per.unit),
    ]
    .concat()
}
