//! Where things are. An [`Endpoint`] is the only way to make a request, and this file the only
//! place where a path of the API is spelled.

use domain::catalog::ProductQuery;
use domain::id::{
    BookingId, BundleId, DropId, OrderId, PollId, ProductId, ReturnId, ShowId, SlotId, TastingId,
    WishId,
};
use domain::order::OrderTab;
use domain::page::Cursor;

/// A path below the API's base, with its query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint(String);

impl Endpoint {
    /// The path, beginning with `/` or empty for the base itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The backend itself.
pub fn about() -> Endpoint {
    Endpoint(String::new())
}

/// The home page.
pub fn storefront() -> Endpoint {
    Endpoint("/storefront".to_owned())
}

/// The shelves.
pub fn categories() -> Endpoint {
    Endpoint("/categories".to_owned())
}

/// A page of products.
pub fn products(query: &ProductQuery) -> Endpoint {
    Endpoint(["/products", &query_string(query)].concat())
}

/// One product.
pub fn product(id: &ProductId) -> Endpoint {
    Endpoint(["/products/", &encode(id.as_str())].concat())
}

/// The bundles.
pub fn bundles() -> Endpoint {
    Endpoint("/bundles".to_owned())
}

/// One bundle.
pub fn bundle(id: &BundleId) -> Endpoint {
    Endpoint(["/bundles/", &encode(id.as_str())].concat())
}

/// Prices for a cart.
pub fn quote() -> Endpoint {
    Endpoint("/carts/quote".to_owned())
}

/// When orders can be picked up.
pub fn pickup_times() -> Endpoint {
    Endpoint("/pickup-times".to_owned())
}

/// Sign-in codes.
pub fn sign_in_codes() -> Endpoint {
    Endpoint("/sign-in/codes".to_owned())
}

/// Where one signs in.
pub fn sign_in() -> Endpoint {
    Endpoint("/sign-in".to_owned())
}

/// The member's session.
pub fn session() -> Endpoint {
    Endpoint("/session".to_owned())
}

/// Whoever is signed in.
pub fn me() -> Endpoint {
    Endpoint("/me".to_owned())
}

/// The member's cart.
pub fn my_cart() -> Endpoint {
    Endpoint("/me/cart".to_owned())
}

/// What is held for the member at the checkout.
pub fn my_hold() -> Endpoint {
    Endpoint("/me/hold".to_owned())
}

/// The member's coupons.
pub fn my_coupons() -> Endpoint {
    Endpoint("/me/coupons".to_owned())
}

/// The member's points.
pub fn my_points() -> Endpoint {
    Endpoint("/me/points".to_owned())
}

/// Orders, to make one.
pub fn orders() -> Endpoint {
    Endpoint("/orders".to_owned())
}

/// A page of the member's orders.
pub fn orders_in(tab: Option<OrderTab>, cursor: Option<&Cursor>) -> Endpoint {
    let mut path = "/orders".to_owned();
    let mut separator = "?";
    let mut put = |name: &str, value: &str| {
        path.push_str(separator);
        path.push_str(name);
        path.push_str(&encode(value));
        separator = "&";
    };
    if let Some(tab) = tab {
        put("tab=", tab.as_str());
    }
    if let Some(cursor) = cursor {
        put("cursor=", &cursor.0);
    }
    Endpoint(path)
}

/// One of the member's orders.
pub fn order(id: &OrderId) -> Endpoint {
    Endpoint(["/orders/", &encode(id.as_str())].concat())
}

/// Where an order is called off.
pub fn order_cancel(id: &OrderId) -> Endpoint {
    Endpoint(["/orders/", &encode(id.as_str()), "/cancel"].concat())
}

/// Where the payment of an order begins.
pub fn order_payment(id: &OrderId) -> Endpoint {
    Endpoint(["/orders/", &encode(id.as_str()), "/payment"].concat())
}

/// What goes back of an order.
pub fn order_returns(id: &OrderId) -> Endpoint {
    Endpoint(["/orders/", &encode(id.as_str()), "/returns"].concat())
}

/// What a key was answered.
pub fn intent(key: &str) -> Endpoint {
    Endpoint(["/intents/", &encode(key)].concat())
}

/// What can be tasted.
pub fn tastings() -> Endpoint {
    Endpoint("/tastings".to_owned())
}

/// One tasting, with its days.
pub fn tasting(id: &TastingId) -> Endpoint {
    Endpoint(["/tastings/", &encode(id.as_str())].concat())
}

/// The line that waits for a place.
pub fn waiting(slot: &SlotId) -> Endpoint {
    Endpoint(["/tastings/slots/", &encode(slot.as_str()), "/waiting"].concat())
}

/// The place that the member holds.
pub fn my_slot_hold() -> Endpoint {
    Endpoint("/me/slot-hold".to_owned())
}

/// The member's bookings.
pub fn my_bookings() -> Endpoint {
    Endpoint("/me/bookings".to_owned())
}

/// Bookings, to make one.
pub fn bookings() -> Endpoint {
    Endpoint("/bookings".to_owned())
}

/// One of the member's bookings.
pub fn booking(id: &BookingId) -> Endpoint {
    Endpoint(["/bookings/", &encode(id.as_str())].concat())
}

/// What is done with a booking: `move`, `cancel`, `confirm-coming`, `verdict`; and its
/// `calendar.ics`.
pub fn of_booking(id: &BookingId, what: &str) -> Endpoint {
    Endpoint(["/bookings/", &encode(id.as_str()), "/", what].concat())
}

/// All shows.
pub fn shows() -> Endpoint {
    Endpoint("/shows".to_owned())
}

/// One show, with its goods.
pub fn show(id: &ShowId) -> Endpoint {
    Endpoint(["/shows/", &encode(id.as_str())].concat())
}

/// What there is of a show, and what is done in it: `room`, `events`, `comments`, `likes`, `wishes`,
/// `reminder`, `calendar.ics`.
pub fn of_show(id: &ShowId, what: &str) -> Endpoint {
    Endpoint(["/shows/", &encode(id.as_str()), "/", what].concat())
}

/// The stream of a show's events: those after this number of this epoch.
pub fn events(id: &ShowId, epoch: &str, after: u32) -> Endpoint {
    let Endpoint(path) = of_show(id, "events");
    let (epoch, after) = (encode(epoch), after.to_string());
    Endpoint([&path, "?epoch=", &epoch, "&after=", &after].concat())
}

/// A show that is over, seen again.
pub fn replay(id: &ShowId) -> Endpoint {
    of_show(id, "replay")
}

/// The room of a replay at a time of its line, in milliseconds.
pub fn replay_room(id: &ShowId, at_ms: i64) -> Endpoint {
    let Endpoint(path) = of_show(id, "replay/room");
    Endpoint([&path, "?at_ms=", &at_ms.to_string()].concat())
}

/// Events of a replay: those after this number.
pub fn replay_events(id: &ShowId, after: u32, limit: u32) -> Endpoint {
    let Endpoint(path) = of_show(id, "replay/events");
    let (after, limit) = (after.to_string(), limit.to_string());
    Endpoint([&path, "?after=", &after, "&limit=", &limit].concat())
}

/// The same, from a time of the line on, in milliseconds.
pub fn replay_events_from(id: &ShowId, from_ms: i64, limit: u32) -> Endpoint {
    let Endpoint(path) = of_show(id, "replay/events");
    let (from_ms, limit) = (from_ms.to_string(), limit.to_string());
    Endpoint([&path, "?from_ms=", &from_ms, "&limit=", &limit].concat())
}

/// A vote in a poll.
pub fn poll_vote(show: &ShowId, poll: &PollId) -> Endpoint {
    of_show(show, &["polls/", &encode(poll.as_str()), "/vote"].concat())
}

/// A vote for a wish.
pub fn wish_vote(show: &ShowId, wish: &WishId) -> Endpoint {
    of_show(show, &["wishes/", &encode(wish.as_str()), "/vote"].concat())
}

/// Where a coupon of a drop is claimed.
pub fn drop_claim(show: &ShowId, drop: &DropId) -> Endpoint {
    of_show(show, &["drops/", &encode(drop.as_str()), "/claim"].concat())
}

/// Where one becomes a member.
pub fn join() -> Endpoint {
    Endpoint("/join".to_owned())
}

/// Where it is told that somebody has come in.
pub fn visits() -> Endpoint {
    Endpoint("/visits".to_owned())
}

/// Purchases just made, to be credited.
pub fn my_claims() -> Endpoint {
    Endpoint("/me/claims".to_owned())
}

/// Where a return is taken back.
pub fn return_withdraw(order: &OrderId, id: &ReturnId) -> Endpoint {
    of_return(order, id, "/withdraw")
}

/// The picture of a return, for whoever sent it.
pub fn return_picture(order: &OrderId, id: &ReturnId) -> Endpoint {
    of_return(order, id, "/picture")
}

fn of_return(order: &OrderId, id: &ReturnId, what: &str) -> Endpoint {
    let Endpoint(returns) = order_returns(order);
    Endpoint([&returns, "/", &encode(id.as_str()), what].concat())
}

/// The desk's own paths: only its page speaks them.
pub mod desk {
    use super::{Endpoint, encode};
    use domain::id::{
        AuthorId, BookingId, CommentId, DropId, OrderId, PollId, ReturnId, RoundId, ShowId, SlotId,
        TastingId,
    };

    /// The shop's tablets.
    pub fn devices() -> Endpoint {
        Endpoint("/desk/devices".to_owned())
    }

    /// This tablet.
    pub fn device() -> Endpoint {
        Endpoint("/desk/device".to_owned())
    }

    /// Where staff sign in.
    pub fn sign_in() -> Endpoint {
        Endpoint("/desk/sign-in".to_owned())
    }

    /// The session of whoever is at the desk.
    pub fn session() -> Endpoint {
        Endpoint("/desk/session".to_owned())
    }

    /// What there is to do.
    pub fn orders() -> Endpoint {
        Endpoint("/desk/orders".to_owned())
    }

    /// A step of an order: `pack`, `ready`, `hand-over`, `cancel`.
    pub fn step(id: &OrderId, step: &str) -> Endpoint {
        Endpoint(["/desk/orders/", &encode(id.as_str()), "/", step].concat())
    }

    /// What is to be decided.
    pub fn returns() -> Endpoint {
        Endpoint("/desk/returns".to_owned())
    }

    /// A step of a return: `approve`, `decline`.
    pub fn return_step(id: &ReturnId, step: &str) -> Endpoint {
        Endpoint(["/desk/returns/", &encode(id.as_str()), "/", step].concat())
    }

    /// The picture of a return, for whoever decides.
    pub fn return_picture(id: &ReturnId) -> Endpoint {
        return_step(id, "picture")
    }

    /// What a code would hand over.
    pub fn preview() -> Endpoint {
        Endpoint("/desk/hand-overs/preview".to_owned())
    }

    /// What a code stands for, whatever it is of.
    pub fn code() -> Endpoint {
        Endpoint("/desk/codes/preview".to_owned())
    }

    /// Today's tastings.
    pub fn tastings() -> Endpoint {
        Endpoint("/desk/tastings".to_owned())
    }

    /// What is done with a booking: `check-in`, `undo`, `no-show`.
    pub fn of_booking(id: &BookingId, what: &str) -> Endpoint {
        Endpoint(["/desk/bookings/", &encode(id.as_str()), "/", what].concat())
    }

    /// Somebody who has booked nothing.
    pub fn walk_in(slot: &SlotId) -> Endpoint {
        Endpoint(["/desk/tastings/", &encode(slot.as_str()), "/walk-in"].concat())
    }

    /// What the owner decides about a tasting.
    pub fn plan(id: &TastingId) -> Endpoint {
        Endpoint(["/desk/tastings/", &encode(id.as_str()), "/plan"].concat())
    }

    /// The keys of the shop's codes.
    pub fn keys() -> Endpoint {
        Endpoint("/desk/keys".to_owned())
    }

    /// Where people come from.
    pub fn sources() -> Endpoint {
        Endpoint("/desk/sources".to_owned())
    }

    /// All shows; and where one is planned.
    pub fn shows() -> Endpoint {
        Endpoint("/desk/shows".to_owned())
    }

    /// What is decided about a show.
    pub fn show(id: &ShowId) -> Endpoint {
        Endpoint(["/desk/shows/", &encode(id.as_str())].concat())
    }

    /// What the host does in a show: `start`, `end`, `pin`, `slow-mode`, `questions`, `polls`, `wishes`,
    /// `drops`, `publishing`, `air`.
    pub fn of_show(id: &ShowId, what: &str) -> Endpoint {
        Endpoint(["/desk/shows/", &encode(id.as_str()), "/", what].concat())
    }

    /// Where a poll is closed.
    pub fn close_poll(show: &ShowId, poll: &PollId) -> Endpoint {
        of_show(show, &["polls/", &encode(poll.as_str()), "/close"].concat())
    }

    /// Where a round of wishes is closed.
    pub fn close_wishes(show: &ShowId, round: &RoundId) -> Endpoint {
        of_show(
            show,
            &["wishes/", &encode(round.as_str()), "/close"].concat(),
        )
    }

    /// Where a drop of coupons is closed.
    pub fn close_drop(show: &ShowId, drop: &DropId) -> Endpoint {
        of_show(show, &["drops/", &encode(drop.as_str()), "/close"].concat())
    }

    /// Where a question is answered.
    pub fn answer(show: &ShowId, comment: &CommentId) -> Endpoint {
        let comment = encode(comment.as_str());
        of_show(show, &["questions/", &comment, "/answer"].concat())
    }

    /// A comment, to be taken away.
    pub fn comment(show: &ShowId, comment: &CommentId) -> Endpoint {
        of_show(show, &["comments/", &encode(comment.as_str())].concat())
    }

    /// Somebody who may not write.
    pub fn muted(show: &ShowId, author: &AuthorId) -> Endpoint {
        of_show(show, &["muted/", &encode(author.as_str())].concat())
    }

    /// Words that mean the same.
    pub fn synonyms() -> Endpoint {
        Endpoint("/desk/synonyms".to_owned())
    }

    /// Purchases at the counter, to be claimed.
    pub fn purchases() -> Endpoint {
        Endpoint("/desk/purchases".to_owned())
    }
}

/// `?category=fruit&q=…`, or nothing for a query that asks for everything. The page's own address
/// is written by the same function, so that the boot script can ask ahead with it.
pub fn query_string(query: &ProductQuery) -> String {
    let mut text = String::new();
    for (name, value) in query.pairs() {
        text.push(if text.is_empty() { '?' } else { '&' });
        text.push_str(name);
        text.push('=');
        text.push_str(&encode(&value));
    }
    text
}

/// Percent-encodes everything but RFC 3986's unreserved characters.
pub fn encode(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |nibble: u8| {
        HEX.get(usize::from(nibble))
            .map_or('0', |digit| char::from(*digit))
    };
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::catalog::Sort;

    #[test]
    fn nothing_leaks_out_of_a_path() {
        assert_eq!(
            product(&"a/../b?c#d".into()).as_str(),
            "/products/a%2F..%2Fb%3Fc%23d"
        );
    }

    #[test]
    fn nothing_leaks_out_of_a_stream() {
        assert_eq!(
            events(&"a/b".into(), "e&after=9", 7).as_str(),
            "/shows/a%2Fb/events?epoch=e%26after%3D9&after=7"
        );
        assert_eq!(
            wish_vote(&"s".into(), &"牛".into()).as_str(),
            "/shows/s/wishes/%E7%89%9B/vote"
        );
    }

    #[test]
    fn a_query_has_one_spelling() {
        let query = ProductQuery {
            q: "三文鱼 &".into(),
            sort: Sort::PriceUp,
            in_stock: true,
            ..Default::default()
        };
        assert_eq!(
            products(&query).as_str(),
            "/products?q=%E4%B8%89%E6%96%87%E9%B1%BC%20%26&in_stock=true&sort=price_up"
        );
        assert_eq!(products(&ProductQuery::default()).as_str(), "/products");
    }
}
