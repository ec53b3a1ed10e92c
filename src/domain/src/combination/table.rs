//! The coupons that could be used, and which of them save most together.

use super::Portion;
use super::usable::{Usable, sum};
use crate::coupon::{Coupon, Stacking};
use crate::id::{CouponId, MerchantId};

/// How many combinations are looked at before the best so far is taken. All those of 12 coupons
/// are fewer; who holds dozens gets a very good answer rather than a slow one.
const MOST_TRIES: u32 = 10_000;

/// Coupons in their rank, and the goods they take from.
pub(super) struct Table<'a> {
    pub(super) usable: Vec<&'a Usable<'a>>,
    pub(super) portions: &'a [Portion],
}

/// Some of the coupons of a table, by their places there, ascending.
#[derive(Clone, Debug, Default)]
pub(super) struct Pick {
    pub(super) places: Vec<usize>,
    pub(super) off: i64,
}

impl Pick {
    /// More saved is better; of the same, fewer coupons.
    fn is_better_than(&self, other: &Self) -> bool {
        (self.off, other.places.len()) > (other.off, self.places.len())
    }
}

impl Table<'_> {
    pub(super) fn id(&self, place: usize) -> Option<&CouponId> {
        self.usable.get(place).map(|one| &one.coupon.id)
    }

    fn values(&self) -> Vec<i64> {
        self.portions.iter().map(|portion| portion.value).collect()
    }

    /// What each of some coupons takes off, and what is then left of the portions.
    pub(super) fn use_up(&self, places: &[usize]) -> (Vec<i64>, Vec<i64>) {
        let mut left = self.values();
        let taken = places
            .iter()
            .filter_map(|place| self.usable.get(*place))
            .map(|usable| usable.take(self.portions, &mut left))
            .collect();
        (taken, left)
    }

    /// What each of some coupons takes its discount from: the places of the portions.
    pub(super) fn from(&self, places: &[usize]) -> Vec<(CouponId, Vec<usize>)> {
        let mut left = self.values();
        let used = places.iter().filter_map(|place| self.usable.get(*place));
        used.map(|usable| {
            let before = left.clone();
            usable.take(self.portions, &mut left);
            let less = before.iter().zip(&left).enumerate();
            let less = less.filter(|(_, (before, left))| left < before);
            (
                usable.coupon.id.clone(),
                less.map(|(place, _)| place).collect(),
            )
        })
        .collect()
    }

    pub(super) fn total(&self, places: &[usize]) -> i64 {
        sum(self.use_up(places).0.into_iter())
    }

    pub(super) fn in_the_way(&self, of: &Coupon, places: &[usize]) -> Vec<usize> {
        let stands = |place: &usize| {
            let there = self.usable.get(*place);
            there.is_some_and(|there| !of.joins(there.coupon))
        };
        places.iter().copied().filter(stands).collect()
    }

    /// The legal combination that saves most.
    pub(super) fn best(&self) -> Pick {
        let mut best = Pick::default();
        let mut tries = MOST_TRIES;
        self.search(0, &Pick::default(), &self.values(), &mut best, &mut tries);
        best
    }

    /// Tries all combinations of the coupons from `next` on beside those picked, except where they
    /// cannot be better than the best so far.
    fn search(&self, next: usize, pick: &Pick, left: &[i64], best: &mut Pick, tries: &mut u32) {
        if pick.is_better_than(best) {
            best.clone_from(pick);
        }
        let Some(usable) = self.usable.get(next) else {
            return;
        };
        let hope = Pick {
            places: pick.places.clone(),
            off: pick.off
                + self
                    .bound(next, &pick.places)
                    .min(sum(left.iter().copied())),
        };
        if *tries == 0 || !hope.is_better_than(best) {
            return;
        }
        *tries -= 1;
        if self.in_the_way(usable.coupon, &pick.places).is_empty() {
            let mut left = left.to_vec();
            let mut with = pick.clone();
            with.off += usable.take(self.portions, &mut left);
            with.places.push(next);
            self.search(next + 1, &with, &left, best, tries);
        }
        self.search(next + 1, pick, left, best, tries);
    }

    /// No combination of the coupons from `next` on beside those picked takes off more than this:
    /// of those that exclude each other by their class only one counts.
    fn bound(&self, next: usize, places: &[usize]) -> i64 {
        let mut free: i64 = 0;
        let mut classes: Vec<((Stacking, Option<&MerchantId>), i64)> = Vec::new();
        for usable in self.usable.iter().skip(next) {
            if !self.in_the_way(usable.coupon, places).is_empty() {
                continue;
            }
            let stacking = usable.coupon.stacking;
            let class = match stacking {
                Stacking::Free => {
                    free = free.saturating_add(usable.off);
                    continue;
                }
                Stacking::OnePerMerchant => (stacking, usable.coupon.merchant.as_ref()),
                _ => (stacking, None),
            };
            match classes.iter_mut().find(|(there, _)| *there == class) {
                Some((_, most)) => *most = usable.off.max(*most),
                None => classes.push((class, usable.off)),
            }
        }
        sum(classes.into_iter().map(|(_, most)| most).chain([free]))
    }

    /// Those that were asked for, as far as they can be combined; what saves nothing is kept.
    pub(super) fn asked(&self, asked: &[CouponId]) -> Pick {
        let mut places: Vec<usize> = Vec::new();
        for id in asked {
            let place = self.usable.iter().position(|one| one.coupon.id == *id);
            let Some((place, usable)) = place.and_then(|at| Some((at, self.usable.get(at)?)))
            else {
                continue;
            };
            if !places.contains(&place) && self.in_the_way(usable.coupon, &places).is_empty() {
                places.push(place);
            }
        }
        places.sort_unstable();
        let (taken, _) = self.use_up(&places);
        let off = sum(taken.iter().copied());
        let mut taken = taken.into_iter();
        places.retain(|_| taken.next().is_some_and(|off| off > 0));
        Pick { places, off }
    }
}
