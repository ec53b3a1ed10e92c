//! Trouble, as it stands on the wire: RFC 9457 `application/problem+json`.

use crate::read::{Raw, Read, Unreadable};
use serde::Serialize;
use std::fmt;

/// The media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// What went wrong. 4xx is for the user to act on, 5xx is ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// A stable name, see [`ProblemKind`]. Programs decide by this and never by the texts.
    #[serde(rename = "type", default)]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "urn:problem:not-found"))]
    pub kind: ProblemKind,
    /// The kind in words.
    #[serde(default)]
    pub title: String,
    /// The HTTP status again.
    #[serde(default)]
    pub status: u16,
    /// What happened this time, for a person.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// One entry for each field or line that is wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<FieldProblem>,
}

crate::readable!(Problem { kind as "type" or Default::default(), title or Default::default(), status or Default::default(), detail or Default::default(), problems or Default::default() });

/// Trouble with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldProblem {
    /// Its name in the query or its JSON pointer in the body.
    pub field: String,
    /// What is wrong with it, for a person.
    pub detail: String,
}

crate::readable!(FieldProblem { field, detail });

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $urn:literal, $status:literal, $title:literal;)+) => {
        /// The stable names of problems.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub enum ProblemKind {
            $($(#[$doc])* $name,)+
            /// A kind that this version does not know, with its name; also `about:blank`.
            Other(String),
            /// The answer named no kind.
            #[default]
            Unnamed,
        }

        impl ProblemKind {
            /// The `type` on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$name => concat!("urn:problem:", $urn),)+
                    Self::Other(name) => name,
                    Self::Unnamed => "about:blank",
                }
            }

            /// The HTTP status this kind is answered with.
            pub fn status(&self) -> u16 {
                match self {
                    $(Self::$name => $status,)+
                    Self::Other(_) | Self::Unnamed => 500,
                }
            }

            /// The kind in words.
            pub fn title(&self) -> &'static str {
                match self {
                    $(Self::$name => $title,)+
                    Self::Other(_) | Self::Unnamed => "Something went wrong",
                }
            }

            /// All kinds that have a name.
            pub fn all() -> Vec<Self> {
                vec![$(Self::$name),+]
            }
        }

        impl From<&str> for ProblemKind {
            fn from(name: &str) -> Self {
                match name {
                    $(concat!("urn:problem:", $urn) => Self::$name,)+
                    "about:blank" | "" => Self::Unnamed,
                    other => Self::Other(other.to_owned()),
                }
            }
        }
    };
}

kinds! {
    /// There is no such thing, or no such address.
    NotFound = "not-found", 404, "Not found";
    /// The query has a parameter that makes no sense.
    InvalidQuery = "invalid-query", 400, "The query is not valid";
    /// The body is not JSON, or not of the right shape.
    InvalidBody = "invalid-body", 400, "The body is not valid";
    /// Nobody is signed in, or not any more.
    NotSignedIn = "not-signed-in", 401, "Please sign in";
    /// Whoever is signed in may not do this.
    Forbidden = "forbidden", 403, "Not allowed";
    /// A request that changes something came without the header that only the shop's own pages send.
    UnsafeRequest = "unsafe-request", 403, "The request was not made by the shop's page";
    /// The tablet is not one of the shop's.
    UnknownDevice = "unknown-device", 403, "This device is not registered";
    /// The code or PIN is not the right one, or was used already.
    WrongCode = "wrong-code", 422, "The code is not right";
    /// The code was right, but is too old.
    ExpiredCode = "expired-code", 422, "The code has expired";
    /// The quote has expired, or prices or stock are not as they were quoted. Nothing was ordered.
    QuoteChanged = "quote-changed", 409, "The cart has changed";
    /// Nothing can be picked up at that time.
    PickupUnavailable = "pickup-unavailable", 422, "Not a time for pickup";
    /// The order has gone on meanwhile, and this cannot be done with it any more.
    NotNow = "not-now", 409, "Not possible any more";
    /// No place is free at that time.
    SlotFull = "slot-full", 409, "No place is free";
    /// That time cannot be booked any more, or not on that day.
    SlotPast = "slot-past", 409, "Too late for this time";
    /// The hold has run out, and no place is free any more.
    HoldExpired = "hold-expired", 409, "The place was held too long";
    /// A place was held so often without being booked that somebody else may try first;
    /// `Retry-After` says when to come back.
    HeldTooOften = "held-too-often", 429, "Held too often";
    /// The member has one already.
    OnePerMember = "one-per-member", 409, "One for each member";
    /// So many in so short a time are more than a room can read; `Retry-After` says when to go on.
    TooFast = "too-fast", 429, "Too fast";
    /// The shop does not let this member write in this show.
    Muted = "muted", 403, "Not allowed to write here";
    /// Others were faster: nothing is left of what was given away.
    AllGone = "all-gone", 409, "Nothing is left";
    /// Another order of the member still waits for its payment.
    PaymentOpen = "payment-open", 409, "Another order waits for its payment";
    /// The member has left too many orders unpaid today. What is paid at the counter can be ordered.
    TooManyUnpaid = "too-many-unpaid", 409, "Too many orders were not paid today";
    /// The notice of a payment does not carry the provider's signature, or an old one.
    BadSignature = "bad-signature", 401, "The signature is not right";
    /// A request that creates something came without its `Idempotency-Key`.
    KeyMissing = "idempotency-key-missing", 400, "The Idempotency-Key is missing";
    /// The same `Idempotency-Key` was used for something else.
    KeyReused = "idempotency-key-reused", 422, "The Idempotency-Key was used for something else";
    /// No request with this `Idempotency-Key` has come, or it is forgotten.
    UnknownIntent = "unknown-intent", 404, "Nothing is known of this key";
    /// The address exists, but not with this method.
    MethodNotAllowed = "method-not-allowed", 405, "Method not allowed";
    /// The body is larger than the backend reads.
    BodyTooLarge = "body-too-large", 413, "The body is too large";
    /// The body is not `application/json`.
    UnsupportedMediaType = "unsupported-media-type", 415, "Unsupported media type";
    /// Too many requests; `Retry-After` says when to come back.
    TooManyRequests = "too-many-requests", 429, "Too many requests";
    /// The backend failed. Nothing was changed.
    Internal = "internal", 500, "The shop's computer failed";
    /// The backend is starting, stopping or overloaded; `Retry-After` says when to come back.
    Unavailable = "unavailable", 503, "The shop's computer is busy";
}

impl fmt::Display for ProblemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Read for ProblemKind {
    fn read(raw: Raw) -> Result<Self, Unreadable> {
        Ok(raw.text()?.as_str().into())
    }
}

crate::deserialize_by_reading!(ProblemKind);

impl Serialize for ProblemKind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Problem {
    /// A problem of this kind with what happened this time.
    pub fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self {
            title: kind.title().to_owned(),
            status: kind.status(),
            detail: detail.into(),
            problems: Vec::new(),
            kind,
        }
    }

    /// The same with trouble at single fields.
    pub fn with(mut self, problems: Vec<FieldProblem>) -> Self {
        self.problems = problems;
        self
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_back() {
        for kind in ProblemKind::all() {
            assert_eq!(ProblemKind::from(kind.as_str()), kind);
            assert!((400..600).contains(&kind.status()));
        }
    }

    #[test]
    fn a_problem_of_another_backend_is_read_tolerantly() {
        let problem: Problem =
            serde_json::from_str(r#"{"type":"https://example.com/out-of-milk","status":409}"#)
                .unwrap();
        assert_eq!(
            problem.kind,
            ProblemKind::Other("https://example.com/out-of-milk".into())
        );
        assert_eq!(
            serde_json::from_str::<Problem>("{}").unwrap().kind,
            ProblemKind::Unnamed
        );
    }
}
