//! Where people come from: every entry QR and every link that is shared says so.

use crate::member::Member;
use crate::money::Money;
use crate::problem::Problem;
use crate::time::Moment;
use serde::Serialize;

/// The longest name of a source, in characters.
pub const MAX_SOURCE: usize = 32;
/// How many letters a claim has.
pub const CLAIM_LETTERS: usize = 6;

/// The name of a source, if it can be one: `counter`, `share`, `wecom`, `poster`, `live`. Small
/// letters, digits and hyphens.
pub fn source(text: &str) -> Option<&str> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let fits = !text.is_empty() && text.len() <= MAX_SOURCE && text.chars().all(allowed);
    fits.then_some(text)
}

/// Somebody has come in: `POST /visits`. Nothing but this is known of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Visit {
    /// From where; see [`source`].
    pub from: String,
}

crate::readable!(Visit { from });

/// Signs in, and makes a member of whoever was none, in one step: `POST /join`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JoinRequest {
    /// The number the code was sent to.
    pub phone: String,
    /// The six digits.
    pub code: String,
    /// From where they came; see [`source`].
    pub from: String,
    /// The letters of a purchase just made at the counter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<String>,
}

crate::readable!(JoinRequest {
    phone,
    code,
    from,
    claim
});

/// What joining came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Joined {
    /// Who is signed in now.
    pub member: Member,
    /// Whether they are a member only since now.
    pub newcomer: bool,
    /// What the purchase has brought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit: Option<Credit>,
    /// Why the purchase brought nothing, though one was named; they are signed in all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim_problem: Option<Problem>,
}

crate::readable!(Joined { member, newcomer or false, credit, claim_problem });

/// Names a purchase just made: `POST /me/claims`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClaimRequest {
    /// Its letters.
    pub claim: String,
}

crate::readable!(ClaimRequest { claim });

/// What a purchase has brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Credit {
    /// What was paid.
    pub amount: Money,
    /// The points for it.
    pub points: u32,
}

crate::readable!(Credit { amount, points });

/// A purchase at the counter of somebody who is no member yet: `POST /desk/purchases`, with an
/// `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PurchaseRequest {
    /// What was paid; more than nothing.
    pub amount: Money,
}

crate::readable!(PurchaseRequest { amount });

/// What such a purchase is claimed by, once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PurchaseClaim {
    /// Six letters and digits without look-alikes.
    pub claim: String,
    /// Where the QR code leads, below the shop's address: `/join?from=counter&claim=…`.
    pub path: String,
    /// What it brings.
    pub credit: Credit,
    /// The server's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub now: Moment,
    /// Until when.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub expires_at: Moment,
}

crate::readable!(PurchaseClaim {
    claim,
    path,
    credit,
    now,
    expires_at
});

/// What came of a source: an item of `GET /desk/sources`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SourceFigures {
    /// Its name.
    pub source: String,
    /// How often somebody came in by it.
    #[serde(default)]
    pub visits: u32,
    /// How many became members.
    #[serde(default)]
    pub joins: u32,
    /// How many tastings were booked.
    #[serde(default)]
    pub bookings: u32,
    /// How many orders those members have placed that were not called off.
    #[serde(default)]
    pub orders: u32,
}

crate::readable!(SourceFigures { source, visits or 0, joins or 0, bookings or 0, orders or 0 });

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_source_is_a_plain_word() {
        for text in ["counter", "wecom", "poster-2", "a"] {
            assert_eq!(source(text), Some(text));
        }
        for text in ["", "Counter", "poster 2", "二维码", "a_b", &"a".repeat(33)] {
            assert_eq!(source(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_source_needs_no_escaping(text in "\\PC{0,40}") {
            if let Some(name) = source(&text) {
                prop_assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'));
                prop_assert!(name.len() <= MAX_SOURCE);
            }
        }
    }
}
