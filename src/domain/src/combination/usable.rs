//! Whether a single coupon could be used, and what it would take off.

use super::{Buyer, Portion};
use crate::allocation::{Share, allocate};
use crate::coupon::{Benefit, Coupon, Reason, ReasonKind, Stacking};
use crate::id::{CouponId, MerchantId, VariantId};
use crate::money::Money;

/// A coupon that could be used.
#[derive(Debug)]
pub(super) struct Usable<'a> {
    pub(super) coupon: &'a Coupon,
    /// What it takes off when nothing else does.
    pub(super) off: i64,
    /// What it takes that from.
    from: Vec<usize>,
}

impl Coupon {
    /// Whether two coupons may be used for one order.
    pub fn joins(&self, other: &Self) -> bool {
        use Stacking as S;
        match (self.stacking, other.stacking) {
            (S::Alone | S::Unknown, _) | (_, S::Alone | S::Unknown) => false,
            (S::OnePerOrder, S::OnePerOrder) => false,
            (S::OnePerMerchant, S::OnePerMerchant) => self
                .merchant
                .as_ref()
                .zip(other.merchant.as_ref())
                .is_some_and(|(one, other)| one != other),
            _ => true,
        }
    }

    /// What could be taken off, or why nothing can.
    pub(super) fn usable(&self, portions: &[Portion], buyer: &Buyer) -> Result<Usable<'_>, Reason> {
        let refused = |kind| Err(Reason::from(kind));
        if self.left == 0 {
            return refused(ReasonKind::UsedUp);
        }
        if self.valid_until.is_some_and(|end| buyer.now.ms >= end.ms) {
            return refused(ReasonKind::Expired);
        }
        if self.valid_from.is_some_and(|start| buyer.now.ms < start.ms) {
            return refused(ReasonKind::NotYet);
        }
        if self.newcomers && !buyer.newcomer {
            return refused(ReasonKind::NotNewcomer);
        }
        let amount = |money: &Money| {
            let amount = (money.currency == buyer.currency).then_some(money.amount.max(0));
            amount.ok_or(Reason::from(ReasonKind::Unknown))
        };
        let in_scope = |portion: &Portion| {
            let is_its = |merchant: &MerchantId| *merchant == portion.merchant;
            portion.value > 0 && self.merchant.as_ref().is_none_or(is_its)
        };
        let base = sum(portions
            .iter()
            .filter(|one| in_scope(one))
            .map(|one| one.value));
        if base == 0 {
            return refused(ReasonKind::NothingEligible);
        }
        if let Some(at_least) = &self.at_least {
            let short = amount(at_least)?.saturating_sub(base);
            if short > 0 {
                return Err(Reason {
                    short: Some(Money {
                        amount: short,
                        currency: buyer.currency,
                    }),
                    ..Reason::from(ReasonKind::BelowMinimum)
                });
            }
        }
        let all = || positions(portions, in_scope);
        let of = |variant: &VariantId| {
            let is_it = |one: &Portion| in_scope(one) && one.single.as_ref() == Some(variant);
            let at = positions(portions, is_it);
            let portion = at.first().and_then(|at| portions.get(*at)).cloned();
            portion
                .map(|portion| (at, portion))
                .ok_or(Reason::from(ReasonKind::NothingEligible))
        };
        let one = |portion: &Portion| portion.value / i64::from(portion.pieces.max(1));
        let (off, from) = match &self.benefit {
            Benefit::Amount { off } => (amount(off)?, all()),
            Benefit::Percentage { percent, most } => {
                let exact = Money {
                    amount: base,
                    currency: buyer.currency,
                };
                let share = exact.ratio((*percent).min(100), 100);
                let most = most.as_ref().map(amount).transpose()?;
                let share = share.map_or(0, |share| share.amount);
                (share.min(most.unwrap_or(share)), all())
            }
            Benefit::FreeItem { variant } => {
                let (at, portion) = of(variant)?;
                (one(&portion), at)
            }
            Benefit::MemberPrice {
                variant,
                price,
                most,
            } => {
                let (at, portion) = of(variant)?;
                let less = (one(&portion) - amount(price)?).max(0);
                (less.saturating_mul(portion.pieces.min(*most).into()), at)
            }
            Benefit::Unknown => return refused(ReasonKind::Unknown),
        };
        let there = from.iter().filter_map(|at| portions.get(*at));
        let off = off.min(sum(there.map(|portion| portion.value)));
        if off == 0 {
            return Err(Reason {
                less: Some(Money::zero(buyer.currency)),
                ..Reason::from(ReasonKind::SavesNothing)
            });
        }
        Ok(Usable {
            coupon: self,
            off,
            from,
        })
    }

    /// The order in which coupons take their share: the narrower first, so that the wider find
    /// something left elsewhere; then what ends sooner.
    pub(super) fn rank(&self) -> (bool, bool, i64, &CouponId) {
        let is_narrow = matches!(
            self.benefit,
            Benefit::FreeItem { .. } | Benefit::MemberPrice { .. }
        );
        let end = self.valid_until.map_or(i64::MAX, |end| end.ms);
        (!is_narrow, self.merchant.is_none(), end, &self.id)
    }
}

impl From<ReasonKind> for Reason {
    fn from(kind: ReasonKind) -> Self {
        Self {
            kind,
            short: None,
            with: Vec::new(),
            less: None,
        }
    }
}

pub(super) fn sum(values: impl Iterator<Item = i64>) -> i64 {
    values.fold(0, i64::saturating_add)
}

fn positions(portions: &[Portion], is_meant: impl Fn(&Portion) -> bool) -> Vec<usize> {
    let all = portions.iter().enumerate();
    all.filter(|(_, portion)| is_meant(portion))
        .map(|(at, _)| at)
        .collect()
}

impl Usable<'_> {
    /// Takes its discount from what is left of the portions, and returns how much that was.
    pub(super) fn take(&self, portions: &[Portion], left: &mut [i64]) -> i64 {
        let shares: Vec<Share<'_>> = self
            .from
            .iter()
            .filter_map(|at| {
                Some(Share {
                    key: &portions.get(*at)?.key,
                    weight: *left.get(*at)?,
                })
            })
            .collect();
        let off = self.off.min(sum(shares.iter().map(|share| share.weight)));
        for (at, part) in self.from.iter().zip(allocate(off, &shares)) {
            if let Some(left) = left.get_mut(*at) {
                *left -= part;
            }
        }
        off
    }
}
