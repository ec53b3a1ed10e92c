//! What follows from what was done once: told on whatever page it is heard, also when the page that
//! began it was closed long ago.

use super::words::text;
use crate::browser::address::{Address, address, go};
use crate::browser::{page, storage};
use crate::parts::state::explain;
use crate::parts::taste::{booking_path, taste_path};
use crate::state::session::{NOTE, RETURN, TASTE_NOTE, remember, remember_bookings};
use crate::state::{Said, Stores, stores};
use crate::view::{effect, task};
use crate::words::{after_sale, words};
use client::outbox::{Entry, Errand, NotSent, Outcome, Progress};
use client::{Error, json};
use domain::booking::Booking;
use domain::id::OrderId;
use domain::order::{Order, OrderRequest, OrderState};
use domain::payment::PaymentStart;
use domain::problem::{Problem, ProblemKind};
use domain::waiting::Waiting;
use leptos::prelude::*;

/// The keys of which everything that follows was done: another tab, or the next page, does none of it
/// once more.
const FOLLOWED: &str = "followed";
const FOLLOWED_KEPT: usize = 8;

/// Follows the outbox.
pub fn follow_up() {
    let stores = stores();
    let (address, path) = (address(), StoredValue::new(String::new()));
    let here = Here {
        stores,
        address,
        path,
        // Made once: what is made in the effect below goes away when it runs again.
        look: Callback::new(move |()| go(address, &path.get_value(), false)),
    };
    stores.post.watch(stores);
    effect(move |_| {
        let member = stores.session.member;
        let member = member.with(|member| member.as_ref().map(|member| member.id.clone()));
        for (entry, progress) in stores.post.told() {
            // Nothing of it is for anybody else; it waits for whose it is.
            if member.as_ref() != Some(&entry.owner) && matches!(progress, Progress::Known(_)) {
                continue;
            }
            // What follows reads and writes much else, and is not to run again for that.
            untrack(|| match progress {
                Progress::Known(outcome) => here.known(&entry, outcome),
                Progress::Elsewhere => here.elsewhere(&entry),
                Progress::NotSent(NotSent::UnderWay) => {
                    stores.post.forget(&entry.key);
                    stores.say(text().under_way.to_owned());
                }
                // Its page says so, and offers to try again.
                Progress::NotSent(NotSent::NoRoom)
                | Progress::Sending
                | Progress::Checking
                | Progress::SignInFirst => {}
            });
        }
    });
}

/// The page that is open, and its stores.
#[derive(Clone, Copy)]
struct Here {
    stores: Stores,
    address: RwSignal<Address>,
    /// Where `look` leads.
    path: StoredValue<String>,
    look: Callback<()>,
}

impl Here {
    fn is_at(&self, path: &str) -> bool {
        self.address
            .with_untracked(|address| address.path.trim_end_matches('/') == path)
    }

    fn known(&self, entry: &Entry, outcome: Outcome) {
        let mut before: Vec<String> = storage::read(FOLLOWED).unwrap_or_default();
        let is_new = !before.contains(&entry.key);
        if is_new {
            before.insert(0, entry.key.clone());
            before.truncate(FOLLOWED_KEPT);
            storage::write(FOLLOWED, &before);
        }
        // Told before, by another tab or by the page before this one, which was left at that moment:
        // only whoever waits for it here hears it again.
        if is_new || self.waits_for(entry) {
            self.tell(entry, outcome, is_new);
        }
        self.stores.post.taken_in(entry, self.stores);
    }

    /// Whether this page has nothing else to show than what becomes of an entry.
    fn waits_for(&self, entry: &Entry) -> bool {
        let is_order = entry.errand == Errand::Order;
        (is_order && self.is_at("/checkout")) || self.stores.post.is_of_this_page(entry)
    }

    fn tell(&self, entry: &Entry, outcome: Outcome, is_new: bool) {
        match (outcome, &entry.errand) {
            (Outcome::Done(answer), Errand::Order) => self.ordered(entry, &answer, is_new),
            (Outcome::Done(answer), Errand::Payment(order)) => {
                self.go_to_pay(order, entry, &answer)
            }
            (Outcome::Done(_), Errand::Return(order)) => self.asked_back(order, is_new),
            (Outcome::Done(answer), Errand::Booking) => self.booked(entry, &answer, is_new),
            (Outcome::Done(answer), Errand::Waiting(_)) => self.in_line(&answer),
            (Outcome::Refused(problem), errand) => self.refused(errand, problem),
            (Outcome::Lapsed, Errand::Booking | Errand::Waiting(_)) => {
                self.stores.say(text().booking_lapsed.to_owned());
            }
            (Outcome::Lapsed, _) => self.stores.say(text().lapsed.to_owned()),
        }
    }

    fn ordered(&self, entry: &Entry, answer: &str, is_new: bool) {
        let Ok(order) = json::decode::<Order>(answer) else {
            // A newer backend's order: the list shows what it can.
            return go(self.address, "/orders", true);
        };
        if is_new && let Ok(request) = json::decode::<OrderRequest>(&entry.body) {
            storage::forget(NOTE);
            self.stores.cart.take_out(&request);
        }
        remember(&order);
        let its_page = ["/orders/", order.id.as_str()].concat();
        if self.is_at("/checkout") || self.is_at("/cart") {
            if order.state != OrderState::AwaitingPayment {
                self.stores.say(words().placed.to_owned());
            } else if self.stores.post.is_of_this_page(entry) {
                // Elsewhere nothing was pressed: the order's page says that it is to be paid.
                pay(&order.id, self.stores);
            }
            go(self.address, &its_page, true);
        } else {
            self.point_to(words().placed, its_page);
        }
    }

    fn go_to_pay(&self, order: &OrderId, entry: &Entry, answer: &str) {
        let its_page = ["/orders/", order.as_str()].concat();
        // Whoever has gone elsewhere meanwhile is not taken away from there, nor is whoever comes back
        // from paying: a page leaves for what was pressed on it and for nothing else.
        if self.stores.post.is_of_this_page(entry)
            && self.is_at(&its_page)
            && let Ok(start) = json::decode::<PaymentStart>(answer)
        {
            page::leave_for(&start.url);
        }
    }

    fn asked_back(&self, order: &OrderId, is_new: bool) {
        if is_new {
            storage::forget(RETURN);
        }
        let its_page = ["/orders/", order.as_str()].concat();
        let sent = after_sale::text().sent;
        if self.is_at(&[&its_page, "/return"].concat()) {
            self.stores.say(sent.to_owned());
            go(self.address, &its_page, true);
        } else {
            self.point_to(sent, its_page);
        }
    }

    fn booked(&self, entry: &Entry, answer: &str, is_new: bool) {
        if is_new {
            storage::forget(TASTE_NOTE);
        }
        let Ok(booking) = json::decode::<Booking>(answer) else {
            // A newer backend's booking: the list shows what it can.
            return go(self.address, "/bookings", true);
        };
        // Its page shows it also when the network goes right after this answer.
        remember_bookings(std::slice::from_ref(&booking));
        let its_page = booking_path(&booking.id);
        // Whoever opened the times anew is not taken away from there: the page shows what is booked.
        let pressed_here = self.stores.post.is_of_this_page(entry);
        if pressed_here && self.is_at(&taste_path(&booking.tasting.id)) {
            self.stores.say(text().booked.to_owned());
            go(self.address, &its_page, true);
        } else {
            self.point_at(text().booked, text().to_the_booking, its_page);
        }
    }

    fn in_line(&self, answer: &str) {
        let texts = text();
        let path = match json::decode::<Waiting>(answer) {
            Ok(line) => taste_path(&line.tasting.id),
            Err(_) => "/bookings".to_owned(),
        };
        if self.is_at(&path) {
            self.stores.say(texts.in_line.to_owned());
        } else {
            self.point_at(texts.in_line, texts.to_the_line, "/bookings".to_owned());
        }
    }

    fn refused(&self, errand: &Errand, problem: Problem) {
        let (kind, texts) = (problem.kind.clone(), text());
        match kind {
            ProblemKind::PaymentOpen => {
                self.point_to(texts.payment_open, "/orders?tab=to_pay".to_owned());
            }
            ProblemKind::TooManyUnpaid => self.stores.say(texts.too_many_unpaid.to_owned()),
            ProblemKind::SlotFull => self.stores.say(texts.slot_full.to_owned()),
            ProblemKind::SlotPast => self.stores.say(texts.slot_past.to_owned()),
            ProblemKind::HoldExpired => self.stores.say(texts.hold_expired.to_owned()),
            ProblemKind::NotNow if matches!(errand, Errand::Waiting(_)) => {
                self.stores.say(texts.no_wait.to_owned());
            }
            ProblemKind::OnePerMember => {
                let bookings = "/bookings".to_owned();
                self.point_at(texts.one_per_member, texts.to_the_booking, bookings);
            }
            _ => {
                let error = Error::Refused {
                    problem,
                    retry_after: None,
                };
                self.stores.say(explain(&error).0);
            }
        }
        let changed = *errand == Errand::Order && kind == ProblemKind::QuoteChanged;
        if changed && self.is_at("/checkout") {
            go(self.address, "/cart", true);
        }
    }

    /// Another tab has done everything that follows; whoever waits for it here is told all the same.
    fn elsewhere(&self, entry: &Entry) {
        if !self.waits_for(entry) {
            return self.stores.post.forget(&entry.key);
        }
        let (here, entry) = (*self, entry.clone());
        task(async move {
            let is_order = entry.errand == Errand::Order;
            match here.stores.client().intents().ask(&entry.key).await {
                Ok(answer) => here.tell(&entry, Outcome::Done(answer), false),
                Err(Error::Refused { .. }) if is_order => here.gone_on("/cart"),
                Err(Error::Refused { problem, .. })
                    if problem.kind != ProblemKind::UnknownIntent =>
                {
                    here.refused(&entry.errand, problem);
                }
                Err(_) if is_order => here.gone_on("/orders"),
                Err(_) => here.stores.say(text().gone_on.to_owned()),
            }
            here.stores.post.forget(&entry.key);
        });
    }

    fn gone_on(&self, path: &str) {
        self.stores.say(text().gone_on.to_owned());
        go(self.address, path, true);
    }

    fn point_to(&self, said: &str, path: String) {
        self.point_at(said, text().to_the_order, path);
    }

    fn point_at(&self, said: &str, name: &'static str, path: String) {
        self.path.set_value(path);
        self.stores.said.set(Some(Said {
            text: said.to_owned(),
            remedy: Some((name, self.look)),
        }));
    }
}

/// Goes to pay: when the backend has said where, the page leaves for there.
pub fn pay(order: &OrderId, stores: Stores) {
    stores
        .post
        .submit(Errand::Payment(order.clone()), &(), stores);
}
