//! What lies in the outbox, as it is kept on the device.

use crate::endpoint::{self, Endpoint};
use domain::id::{MemberId, OrderId, SlotId};
use domain::problem::Problem;
use domain::read::{Raw, Read, Unreadable};
use serde::{Serialize, Serializer};

/// One intent: what somebody wants done once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Its `Idempotency-Key`.
    pub key: String,
    /// Whose it is: nobody else on this device sends it.
    pub owner: MemberId,
    /// What it is about, and where it goes.
    pub errand: Errand,
    /// The JSON of its request.
    pub body: String,
    /// When it was made, by the device's clock, in milliseconds.
    pub made_at: i64,
    /// What became of it, as long as the page has not taken that in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// When its outcome was taken in, by the device's clock, in milliseconds. What is left of it then
    /// is a trace: it stands in the way of what was pressed in another tab, which had not heard of it
    /// yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone_at: Option<i64>,
}

domain::readable!(Entry {
    key,
    owner,
    errand,
    body,
    made_at,
    outcome,
    gone_at
});

/// How long a trace is kept, in milliseconds: longer than any tab takes from being pressed to keeping
/// what was pressed.
pub const TRACE_FOR: i64 = 60_000;

impl Entry {
    /// The name under which it is kept: its errand, and whose it is. One who signs in on the same
    /// device finds nothing of the one before in the way.
    pub fn name(&self) -> String {
        [&self.errand.name(), "@", self.owner.as_str()].concat()
    }

    /// What is left of it when its outcome is taken in at `now`: nothing of what was asked or said.
    pub fn trace(self, now: i64) -> Self {
        Self {
            body: String::new(),
            outcome: None,
            gone_at: Some(now),
            ..self
        }
    }

    /// Whether it is a trace, and over at `now`; also where the device's clock was put back since.
    pub fn is_over(&self, now: i64) -> bool {
        self.gone_at
            .is_some_and(|gone| !(0..TRACE_FOR).contains(&(now - gone)))
    }

    /// Whether another one of the same name cannot be kept, because this one is under way, or because
    /// whoever pressed that had not `heard` of the end of this one (keys).
    pub fn is_in_the_way(&self, heard: &[String]) -> bool {
        self.gone_at.is_none() || !heard.contains(&self.key)
    }
}

/// What an entry is about. Of each errand a member has one thing under way at a time on a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Errand {
    /// An order.
    Order,
    /// The payment of an order.
    Payment(OrderId),
    /// Something of an order goes back.
    Return(OrderId),
    /// A place at a tasting.
    Booking,
    /// A place in the line of a slot.
    Waiting(SlotId),
}

impl Errand {
    /// Where its request goes.
    pub fn endpoint(&self) -> Endpoint {
        match self {
            Self::Order => endpoint::orders(),
            Self::Payment(order) => endpoint::order_payment(order),
            Self::Return(order) => endpoint::order_returns(order),
            Self::Booking => endpoint::bookings(),
            Self::Waiting(slot) => endpoint::waiting(slot),
        }
    }

    /// Its name: what it is, and of what.
    pub fn name(&self) -> String {
        match self {
            Self::Order => "order".to_owned(),
            Self::Payment(order) => ["payment:", order.as_str()].concat(),
            Self::Return(order) => ["return:", order.as_str()].concat(),
            Self::Booking => "booking".to_owned(),
            Self::Waiting(slot) => ["waiting:", slot.as_str()].concat(),
        }
    }
}

impl Serialize for Errand {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.name())
    }
}

impl Read for Errand {
    fn read(raw: Raw) -> Result<Self, Unreadable> {
        let name = raw.text()?;
        match name.split_once(':') {
            None if name == "order" => Ok(Self::Order),
            None if name == "booking" => Ok(Self::Booking),
            Some(("payment", order)) => Ok(Self::Payment(order.into())),
            Some(("return", order)) => Ok(Self::Return(order.into())),
            Some(("waiting", slot)) => Ok(Self::Waiting(slot.into())),
            _ => Err(Unreadable::here("no such errand")),
        }
    }
}

domain::deserialize_by_reading!(Errand);

/// What became of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is done; the JSON of what was made.
    Done(String),
    /// It was refused; nothing was done.
    Refused(Problem),
    /// It is too old to be sent again, and the backend knows nothing of it.
    Lapsed,
}

/// As it is kept: at most one of the two.
#[derive(Serialize)]
struct Kept {
    #[serde(skip_serializing_if = "Option::is_none")]
    done: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<Problem>,
}

domain::readable!(Kept { done, refused });

impl Serialize for Outcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (done, refused) = match self {
            Self::Done(json) => (Some(json.clone()), None),
            Self::Refused(problem) => (None, Some(problem.clone())),
            Self::Lapsed => (None, None),
        };
        Kept { done, refused }.serialize(serializer)
    }
}

impl Read for Outcome {
    fn read(raw: Raw) -> Result<Self, Unreadable> {
        Ok(match Kept::read(raw)? {
            Kept {
                done: Some(json), ..
            } => Self::Done(json),
            Kept {
                refused: Some(problem),
                ..
            } => Self::Refused(problem),
            _ => Self::Lapsed,
        })
    }
}

domain::deserialize_by_reading!(Outcome);

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use domain::problem::ProblemKind;

    #[test]
    fn what_was_kept_is_read_again() {
        let problem = Problem::new(ProblemKind::QuoteChanged, "the eggs");
        let outcomes = [
            None,
            Some(Outcome::Done("{\"id\":\"7\"}".into())),
            Some(Outcome::Refused(problem)),
            Some(Outcome::Lapsed),
        ];
        let errands = [
            Errand::Order,
            Errand::Payment("a:b".into()),
            Errand::Return("7".into()),
            Errand::Booking,
            Errand::Waiting("a.1".into()),
        ];
        for (outcome, errand) in outcomes
            .into_iter()
            .flat_map(|outcome| errands.clone().map(move |errand| (outcome.clone(), errand)))
        {
            let entry = Entry {
                key: "k".into(),
                owner: "m".into(),
                errand,
                body: "{\"lines\":[]}".into(),
                made_at: 1,
                outcome,
                gone_at: None,
            };
            for entry in [entry.clone(), entry.trace(5)] {
                let text = serde_json::to_string(&entry).unwrap();
                assert_eq!(crate::json::decode::<Entry>(&text).unwrap(), entry);
            }
        }
    }

    #[test]
    fn a_trace_stands_in_the_way_of_who_has_not_heard_of_it() {
        let pressed = |made_at| Entry {
            key: "k".into(),
            owner: "m".into(),
            errand: Errand::Order,
            body: "{}".into(),
            made_at,
            outcome: Some(Outcome::Lapsed),
            gone_at: None,
        };
        let trace = pressed(1_000).trace(3_000);
        assert_eq!((trace.body.as_str(), &trace.outcome), ("", &None));
        let heard = ["k".to_owned()];
        assert!(trace.is_in_the_way(&[]) && !trace.is_in_the_way(&heard));
        // What is under way is in the way of everything.
        assert!(pressed(1_000).is_in_the_way(&heard));
        let over = [3_000, 62_999, 63_000, 2_999].map(|now| trace.is_over(now));
        assert_eq!(over, [false, false, true, true]);
        assert!(!pressed(1_000).is_over(9_000_000));
    }
}
