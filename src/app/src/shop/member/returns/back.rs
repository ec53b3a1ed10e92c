//! What comes back, in words: the same for what is being chosen and for what was asked for.

use crate::view::{IntoView, View, view};
use crate::words::after_sale::text;
use domain::after_sale::ReturnedCoupon;
use domain::money::Money;
use domain::order::Payment;

/// What comes back, line by line: money and how, points, coupons.
pub fn lines(
    amount: Money,
    done: bool,
    payment: Payment,
    (points, lost): (u32, u32),
    coupons: &[ReturnedCoupon],
) -> View {
    let text = text();
    let how = match payment {
        Payment::AtStore => text.at_counter,
        _ => text.as_paid,
    };
    let money = if done { text.money_back } else { text.money };
    let fact = |told: String| view! { <li>{told}</li> };
    let coupons = coupons.iter().map(|back| fact((text.coupon)(&back.name)));
    view! {
        <ul class="back">
            <li><strong>{money(&amount.to_string())}</strong> " " <span class="quiet">{how}</span></li>
            {(points > 0).then(|| fact((text.points)(points)))}
            {coupons.collect::<Vec<_>>()}
            {(lost > 0).then(|| fact((text.points_lost)(lost)))}
        </ul>
    }
    .into_view()
}
