//! Coupons that a show gives away: so many, one a member, and the server decides.

use super::round::{RoundState, RoundStep};
use crate::coupon::{Benefit, Coupon};
use crate::id::DropId;
use crate::money::{Currency, Money};
use serde::Serialize;

/// The most coupons of a drop.
pub const MAX_COUPONS: u32 = 1_000;
/// How long such a coupon may be good at most, in days.
pub const MAX_COUPON_DAYS: u32 = 90;
/// The most that a coupon takes off, and that the goods may have to cost for it.
pub const MAX_OFF: Money = Money::fen(10_000_000);

/// A drop of coupons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CouponDrop {
    /// Its id.
    pub id: DropId,
    /// What it is called, as the host has written it.
    pub title: String,
    /// What one coupon gives.
    pub benefit: Benefit,
    /// What the goods must cost at least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Money>,
    /// How many there were.
    pub count: u32,
    /// How many are left.
    pub left: u32,
    /// Whether one can be claimed.
    pub state: RoundState,
}

crate::readable!(CouponDrop {
    id,
    title,
    benefit,
    at_least,
    count,
    left,
    state
});

impl CouponDrop {
    /// What is left after one more is claimed; `None` where none can be.
    pub fn claimed(&self) -> Option<u32> {
        self.state.after(RoundStep::TakePart)?;
        self.left.checked_sub(1)
    }
}

/// Gives coupons away: `POST /desk/shows/{id}/drops`, with an `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DropRequest {
    /// What it is called; 1 to [`super::MAX_QUESTION_CHARS`] characters.
    pub title: String,
    /// What one takes off; more than nothing, at most [`MAX_OFF`].
    pub off: Money,
    /// What the goods must cost at least; more than `off`, at most [`MAX_OFF`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Money>,
    /// How many; 1 to [`MAX_COUPONS`].
    pub count: u32,
    /// How long one is good, in days; 1 to [`MAX_COUPON_DAYS`].
    pub days: u32,
    /// When the host has said it, as with a pin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said_at: Option<i64>,
}

crate::readable!(DropRequest { title, off, at_least, count, days or 7, said_at });

impl DropRequest {
    /// Whether such a sum can be taken off.
    pub fn off_is_right(&self) -> bool {
        is_sum(self.off)
    }

    /// Whether the goods cost more than is taken off: nobody gets something for nothing.
    pub fn at_least_is_right(&self) -> bool {
        let more = |least: Money| is_sum(least) && least.amount > self.off.amount;
        self.at_least.is_none_or(more)
    }
}

fn is_sum(money: Money) -> bool {
    money.currency == Currency::CNY && (1..=MAX_OFF.amount).contains(&money.amount)
}

/// What a member has got of a drop: `POST /shows/{id}/drops/{drop}/claim`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Claim {
    /// Of which drop.
    pub drop: DropId,
    /// The coupon; it is among the member's.
    pub coupon: Coupon,
}

crate::readable!(Claim { drop, coupon });

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn exactly_as_many_as_there_are(count in 0_u32..20, tries in 0_u32..40, close_after in 0_u32..40) {
            let mut drop = CouponDrop {
                id: "d".into(),
                title: String::new(),
                benefit: Benefit::Amount { off: Money::fen(1) },
                at_least: None,
                count,
                left: count,
                state: RoundState::Open,
            };
            let mut claimed = 0;
            for at in 0..tries {
                if at == close_after {
                    drop.state = drop.state.after(RoundStep::Close).unwrap_or(drop.state);
                }
                if let Some(left) = drop.claimed() {
                    drop.left = left;
                    claimed += 1;
                }
            }
            prop_assert_eq!(claimed, count.min(tries).min(close_after));
            prop_assert_eq!(drop.left + claimed, count);
        }

        #[test]
        fn it_never_takes_off_what_the_goods_cost(off in -1_i64..30, least in -1_i64..30) {
            let request = offer(Money::fen(off), Some(Money::fen(least)));
            prop_assert_eq!(request.off_is_right(), off > 0);
            let right = request.off_is_right() && request.at_least_is_right();
            prop_assert_eq!(right, 0 < off && off < least);
        }
    }

    fn offer(off: Money, at_least: Option<Money>) -> DropRequest {
        DropRequest {
            title: String::new(),
            off,
            at_least,
            count: 1,
            days: 7,
            said_at: None,
        }
    }

    #[test]
    fn sums_have_an_end_and_are_yuan() {
        let (most, more) = (MAX_OFF, Money::fen(MAX_OFF.amount + 1));
        assert!(offer(most, None).off_is_right() && offer(most, None).at_least_is_right());
        assert!(!offer(more, None).off_is_right());
        assert!(offer(Money::fen(500), Some(most)).at_least_is_right());
        assert!(!offer(Money::fen(500), Some(more)).at_least_is_right());
        let dollars = Money {
            currency: Currency::from_code("USD").unwrap(),
            ..Money::fen(500)
        };
        assert!(!offer(dollars, None).off_is_right());
        assert!(!offer(Money::fen(1), Some(dollars)).at_least_is_right());
    }
}
