//! Who buys: a member, known by a mobile number.

use crate::booking::Verdict;
use crate::id::{MemberId, StaffId};
use crate::pricing::{QuoteRequest, WantedBundle, WantedLine};
use crate::read::{Raw, Read, Unreadable};
use crate::tasting::Subject;
use crate::time::Moment;
use serde::Serialize;
use std::fmt;

/// A mobile number of the Chinese mainland: eleven digits, 1 and then 3 to 9 (the numbering plan
/// of the MIIT).
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Phone(String);

impl Phone {
    /// Reads a number as people type it: with spaces, hyphens, full-width digits, `+86`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut digits = String::new();
        let mut abroad = false;
        for c in text.trim().chars() {
            match c {
                '0'..='9' => digits.push(c),
                '\u{FF10}'..='\u{FF19}' => {
                    digits.push(char::from(b'0' + (c as u32 - 0xFF10) as u8))
                }
                ' ' | '-' | '\u{3000}' | '(' | ')' => {}
                '+' if digits.is_empty() => abroad = true,
                _ => return None,
            }
        }
        let digits = match digits.strip_prefix("86").filter(|rest| rest.len() == 11) {
            Some(rest) => rest.to_owned(),
            // Another country's number may look like one of ours: +1 415 555 0137.
            None if abroad => return None,
            None => digits,
        };
        let valid = digits.len() == 11
            && digits.starts_with('1')
            && digits.as_bytes().get(1).is_some_and(|digit| *digit >= b'3');
        valid.then_some(Self(digits))
    }

    /// The eleven digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `138****8000`: enough for its owner to know it.
    pub fn masked(&self) -> String {
        let (start, end) = (self.0.get(..3), self.0.get(7..));
        [start.unwrap_or_default(), "****", end.unwrap_or_default()].concat()
    }
}

/// Never whole in a log.
impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl Read for Phone {
    fn read(raw: Raw) -> Result<Self, Unreadable> {
        Self::parse(&raw.text()?).ok_or(Unreadable::here("a mobile number has eleven digits"))
    }
}

crate::deserialize_by_reading!(Phone);

/// Asks for a sign-in code: `POST /sign-in/codes`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CodeRequest {
    /// Where it is sent.
    pub phone: String,
}

crate::readable!(CodeRequest { phone });

/// A code is on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CodeSent {
    /// The server's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub now: Moment,
    /// Until when it is good.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub expires_at: Moment,
    /// When another one may be asked for.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub again_at: Moment,
    /// The code itself: only a demo says it, never a shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demo_code: Option<String>,
}

crate::readable!(CodeSent {
    now,
    expires_at,
    again_at,
    demo_code
});

/// Signs in: `POST /sign-in`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignInRequest {
    /// The number the code was sent to.
    pub phone: String,
    /// The six digits.
    pub code: String,
}

crate::readable!(SignInRequest { phone, code });

/// A member, as told to the member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Member {
    /// Its id.
    pub id: MemberId,
    /// The mobile number, its middle hidden.
    pub phone: String,
    /// How the member wants to be called; may be empty.
    #[serde(default)]
    pub name: String,
    /// How they liked what they have tasted: of each subject the last time, the latest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tastes: Vec<Taste>,
}

crate::readable!(Member { id, phone, name or Default::default(), tastes or Default::default() });

/// How a member liked something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Taste {
    /// What was tasted.
    pub subject: Subject,
    /// What that is called.
    pub name: String,
    /// How they liked it.
    pub verdict: Verdict,
    /// When they tasted it.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Moment,
}

crate::readable!(Taste {
    subject,
    name,
    verdict,
    at
});

/// The cart that a member has on every phone: `GET` and `PUT /me/cart`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MemberCart {
    /// What is in it; `seen` is kept.
    pub lines: Vec<WantedLine>,
    /// The bundles in it; `seen` is kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bundles: Vec<WantedBundle>,
}

crate::readable!(MemberCart { lines, bundles or Default::default() });

impl MemberCart {
    /// Takes out what was ordered, as far as it is there: what was put in since stays.
    pub fn take_out(&mut self, ordered: &QuoteRequest) {
        for line in &mut self.lines {
            let same = ordered.lines.iter().find(|one| one.variant == line.variant);
            let ordered = same.map_or(0, |one| one.quantity);
            line.quantity = line.quantity.saturating_sub(ordered);
        }
        for row in &mut self.bundles {
            let mut bundles = ordered.bundles.iter();
            let same = bundles.find(|one| one.bundle == row.bundle && one.choice == row.choice);
            let ordered = same.map_or(0, |one| one.quantity);
            row.quantity = row.quantity.saturating_sub(ordered);
        }
        self.lines.retain(|line| line.quantity > 0);
        self.bundles.retain(|row| row.quantity > 0);
    }
}

/// What somebody of the shop may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything.
    Owner,
    /// The live show, and the counter.
    Host,
    /// The counter.
    Clerk,
    /// Newer than this code: nothing.
    #[serde(other)]
    Unknown,
}

crate::readable_words!(Role { "owner" => Owner, "host" => Host, "clerk" => Clerk } else Unknown);

/// Somebody of the shop, signed in at a desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Staff {
    /// Their id.
    pub id: StaffId,
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// After how many seconds without a touch the desk locks by itself.
    #[serde(default)]
    pub lock_after: u32,
}

crate::readable!(Staff { id, name, role, lock_after or 300 });

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_number_is_read_as_people_type_it() {
        for text in [
            "13800138000",
            " 138 0013 8000 ",
            "+86 138-0013-8000",
            "8613800138000",
            "１３８００１３８０００",
        ] {
            assert_eq!(
                Phone::parse(text).unwrap().as_str(),
                "13800138000",
                "{text}"
            );
        }
        for text in [
            "",
            "1380013800",
            "138001380000",
            "12800138000",
            "02155500137",
            "138001380OO",
            "+8613800138",
            "+1 415 555 0137",
        ] {
            assert!(Phone::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_log_never_has_the_whole_number() {
        let phone = Phone::parse("13800138000").unwrap();
        assert_eq!(format!("{phone:?}"), "138****8000");
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reader(text in "\\PC{0,30}") {
            if let Some(phone) = Phone::parse(&text) {
                prop_assert_eq!(phone.as_str().len(), 11);
                prop_assert_eq!(Phone::parse(phone.as_str()), Some(phone));
            }
        }
    }
}
