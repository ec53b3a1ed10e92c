//! The invitation to taste something in the store before it is bought.

use crate::browser::now_ms;
use crate::parts::icon;
use crate::parts::plate::plate;
use crate::view::{View, view};
use crate::words::{day_name, words};
use domain::catalog::Picture;
use domain::id::{BookingId, TastingId};
use domain::tasting::TastingSummary;
use domain::time::Moment;
use stylers::style_sheet;

const _: &str = include_str!("taste.css");

/// The address of a tasting's page.
pub fn taste_path(id: &TastingId) -> String {
    ["/tastings/", &client::endpoint::encode(id.as_str())].concat()
}

/// The address of a booking's page.
pub fn booking_path(id: &BookingId) -> String {
    ["/bookings/", &client::endpoint::encode(id.as_str())].concat()
}

/// A card that leads to a tasting: what, how long, when the next place is free.
pub fn invitation(tasting: &TastingSummary) -> View {
    let words = words();
    let price = match tasting.deposit {
        Some(deposit) => (words.taste_deposit)(&deposit.to_string()),
        None => words.taste_free.to_owned(),
    };
    let about = [&(words.taste_minutes)(tasting.minutes), " · ", &price].concat();
    let next = match &tasting.next {
        Some(next) => (words.taste_next)(&when(next)),
        None => words.taste_full.to_owned(),
    };
    invite(
        taste_path(&tasting.id),
        tasting.picture.as_ref(),
        &tasting.title,
        &about,
        &next,
    )
}

/// A card that leads to something to come: what, a word about it, when.
pub fn invite(
    href: String,
    picture: Option<&Picture>,
    title: &str,
    about: &str,
    when: &str,
) -> View {
    let class = style_sheet!("src/app/src/parts/taste/taste.css");
    view! {
        <a class=["card ", class].concat() href=href>
            {plate(picture, false)}
            <span>
                <strong>{title}</strong>
                <span class="quiet">{about}</span>
                <span class="next">{when}</span>
            </span>
            {icon("more")}
        </a>
    }
}

/// `今天 16:30`, on the shop's clock.
pub fn when(moment: &Moment) -> String {
    let now = Moment {
        ms: now_ms(),
        ..*moment
    };
    [&day_name(&now, moment), " ", &moment.clock()].concat()
}
