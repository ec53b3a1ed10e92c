//! Which coupons a cart uses, and why not the others. Only a backend calls this: a page shows what
//! a quote says.
//!
//! What a coupon takes off is reckoned from the goods it is good for at the cart's prices, bundles at
//! their own price; coupons do not compound. It is shared among those goods by what is left of them,
//! those with the narrowest use first, and never takes more than that: nothing becomes negative.

use crate::allocation::{Share, allocate};
use crate::coupon::{Benefit, Coupon, QuotedCoupon, Reason, ReasonKind, Stacking};
use crate::id::{CouponId, MerchantId, VariantId};
use crate::money::{Currency, Money};
use crate::time::Moment;

/// How many combinations are looked at before the best so far is taken. All those of 12 coupons
/// are fewer; who holds dozens gets a very good answer rather than a slow one.
const MOST_TRIES: u32 = 10_000;

/// Goods that a coupon may take something off: a line, or a part of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Portion {
    /// Names it, whatever its place in the cart.
    pub key: String,
    /// Whose goods they are.
    pub merchant: MerchantId,
    /// What it is, when it is bought by itself.
    pub single: Option<VariantId>,
    /// How many pieces; more than 0.
    pub pieces: u32,
    /// What they cost together, in minor units.
    pub value: i64,
}

/// Who buys, and when.
#[derive(Clone, Copy, Debug)]
pub struct Buyer {
    /// Now.
    pub now: Moment,
    /// Whether this is a first order.
    pub newcomer: bool,
    /// What the cart is paid in.
    pub currency: Currency,
}

/// What coupons do to a cart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Combination {
    /// Every coupon with its reason, in the order they were given.
    pub coupons: Vec<QuotedCoupon>,
    /// What comes off each portion, in their order.
    pub off: Vec<i64>,
}

/// A coupon that could be used.
#[derive(Debug)]
struct Usable<'a> {
    coupon: &'a Coupon,
    /// What it takes off when nothing else does.
    off: i64,
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
    fn usable(&self, portions: &[Portion], buyer: &Buyer) -> Result<Usable<'_>, Reason> {
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
    fn rank(&self) -> (bool, bool, i64, &CouponId) {
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

fn sum(values: impl Iterator<Item = i64>) -> i64 {
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
    fn take(&self, portions: &[Portion], left: &mut [i64]) -> i64 {
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

/// Coupons in their rank, and the goods they take from.
struct Table<'a> {
    usable: Vec<Usable<'a>>,
    portions: &'a [Portion],
}

/// Some of the coupons of a table, by their places there, ascending.
#[derive(Clone, Debug, Default)]
struct Pick {
    places: Vec<usize>,
    off: i64,
}

impl Pick {
    /// More saved is better; of the same, fewer coupons.
    fn is_better_than(&self, other: &Self) -> bool {
        (self.off, other.places.len()) > (other.off, self.places.len())
    }
}

impl Table<'_> {
    fn values(&self) -> Vec<i64> {
        self.portions.iter().map(|portion| portion.value).collect()
    }

    /// What each of some coupons takes off, and what is then left of the portions.
    fn use_up(&self, places: &[usize]) -> (Vec<i64>, Vec<i64>) {
        let mut left = self.values();
        let taken = places
            .iter()
            .filter_map(|place| self.usable.get(*place))
            .map(|usable| usable.take(self.portions, &mut left))
            .collect();
        (taken, left)
    }

    fn total(&self, places: &[usize]) -> i64 {
        sum(self.use_up(places).0.into_iter())
    }

    fn in_the_way(&self, of: &Coupon, places: &[usize]) -> Vec<usize> {
        let stands = |place: &usize| {
            let there = self.usable.get(*place);
            there.is_some_and(|there| !of.joins(there.coupon))
        };
        places.iter().copied().filter(stands).collect()
    }

    /// The legal combination that saves most.
    fn best(&self) -> Pick {
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
            off: pick.off.saturating_add(self.bound(next, &pick.places)),
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
    fn asked(&self, asked: &[CouponId]) -> Pick {
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

/// Uses the coupons asked for, or those that save most together, and says of every one why.
pub fn combine(
    held: &[Coupon],
    asked: Option<&[CouponId]>,
    portions: &[Portion],
    buyer: &Buyer,
) -> Combination {
    let judged: Vec<Result<Usable<'_>, Reason>> = held
        .iter()
        .map(|coupon| coupon.usable(portions, buyer))
        .collect();
    let mut usable = Vec::new();
    let mut refused = Vec::new();
    for one in judged {
        match one {
            Ok(one) => {
                usable.push(one);
                refused.push(None);
            }
            Err(reason) => refused.push(Some(reason)),
        }
    }
    usable.sort_by(|one, other| one.coupon.rank().cmp(&other.coupon.rank()));
    let table = Table { usable, portions };
    let best = table.best();
    let pick = asked.map_or_else(|| best.clone(), |asked| table.asked(asked));
    let (taken, left) = table.use_up(&pick.places);
    let money = |amount| Money {
        amount,
        currency: buyer.currency,
    };
    let quoted = |(coupon, refused): (&Coupon, Option<Reason>)| {
        let not_used = |off, reason| QuotedCoupon {
            coupon: coupon.clone(),
            chosen: false,
            off: money(off),
            reason,
        };
        if let Some(reason) = refused {
            return not_used(0, reason);
        }
        let place = table
            .usable
            .iter()
            .position(|one| one.coupon.id == coupon.id);
        let Some((place, usable)) = place.and_then(|at| Some((at, table.usable.get(at)?))) else {
            return not_used(0, ReasonKind::Unknown.into());
        };
        let used = pick.places.iter().position(|there| *there == place);
        if let Some(off) = used.and_then(|at| taken.get(at)) {
            let is_best = pick.off >= best.off;
            return QuotedCoupon {
                chosen: true,
                ..not_used(
                    *off,
                    if is_best {
                        ReasonKind::Best
                    } else {
                        ReasonKind::Chosen
                    }
                    .into(),
                )
            };
        }
        let in_the_way = table.in_the_way(coupon, &pick.places);
        let mut instead: Vec<usize> = pick.places.clone();
        instead.retain(|place| !in_the_way.contains(place));
        instead.push(place);
        instead.sort_unstable();
        let less = pick.off.saturating_sub(table.total(&instead));
        let kind = match (in_the_way.is_empty(), less < 0) {
            (false, _) => ReasonKind::NotCombinable,
            (true, true) => ReasonKind::LeftOut,
            (true, false) => ReasonKind::SavesNothing,
        };
        let id = |place: usize| table.usable.get(place).map(|one| one.coupon.id.clone());
        let reason = Reason {
            with: in_the_way.into_iter().filter_map(id).collect(),
            less: Some(money(less)),
            ..Reason::from(kind)
        };
        not_used(usable.off, reason)
    };
    let coupons = held.iter().zip(refused).map(quoted).collect();
    let off = portions.iter().zip(left);
    Combination {
        coupons,
        off: off.map(|(portion, left)| portion.value - left).collect(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Moment = Moment {
        ms: 1_000_000,
        offset_minutes: 480,
    };
    const BUYER: Buyer = Buyer {
        now: NOW,
        newcomer: false,
        currency: Currency::CNY,
    };

    fn coupon(id: &str, benefit: Benefit, stacking: Stacking) -> Coupon {
        Coupon {
            id: id.into(),
            name: id.to_owned(),
            note: String::new(),
            benefit,
            at_least: None,
            merchant: None,
            newcomers: false,
            stacking,
            valid_from: None,
            valid_until: None,
            left: 1,
        }
    }

    fn amount(id: &str, fen: i64, stacking: Stacking) -> Coupon {
        let off = Money::fen(fen);
        coupon(id, Benefit::Amount { off }, stacking)
    }

    fn portion(name: &str, merchant: &str, pieces: u32, value: i64) -> Portion {
        Portion {
            key: name.to_owned(),
            merchant: merchant.into(),
            single: Some(name.into()),
            pieces,
            value,
        }
    }

    /// Eggs ¥18.80 × 3 of the shop, coffee ¥29.00 of the partner.
    fn goods() -> Vec<Portion> {
        vec![
            portion("egg", "linli", 3, 5_640),
            portion("coffee", "alley", 1, 2_900),
        ]
    }

    fn reason(kind: ReasonKind) -> Reason {
        kind.into()
    }

    #[test]
    fn every_benefit_takes_off_what_it_says() {
        let off = |benefit, merchant: Option<&str>| {
            let coupon = Coupon {
                merchant: merchant.map(Into::into),
                ..coupon("c", benefit, Stacking::Free)
            };
            combine(&[coupon], None, &goods(), &BUYER).off
        };
        let fen = Money::fen;
        let amount = |fen_off| Benefit::Amount { off: fen(fen_off) };
        // 1000 × 5640/8540 = 660.42, × 2900/8540 = 339.58.
        assert_eq!(off(amount(1_000), None), [660, 340]);
        assert_eq!(off(amount(1_000), Some("alley")), [0, 1_000]);
        assert_eq!(off(amount(9_999), Some("alley")), [0, 2_900]);
        let percentage = |most: Option<i64>| Benefit::Percentage {
            percent: 10,
            most: most.map(fen),
        };
        assert_eq!(off(percentage(None), None), [564, 290]);
        assert_eq!(off(percentage(Some(500)), Some("linli")), [500, 0]);
        let variant = || VariantId::from("egg");
        assert_eq!(
            off(Benefit::FreeItem { variant: variant() }, None),
            [1_880, 0]
        );
        let member = Benefit::MemberPrice {
            variant: variant(),
            price: fen(1_680),
            most: 2,
        };
        assert_eq!(off(member, None), [400, 0]);
    }

    #[test]
    fn every_coupon_that_cannot_be_used_says_why() {
        let start = || amount("c", 500, Stacking::Free);
        let later = Moment {
            ms: NOW.ms + 1,
            ..NOW
        };
        let told = |coupon: Coupon| {
            let told = combine(&[coupon], None, &goods(), &BUYER).coupons.remove(0);
            assert!(!told.chosen);
            told.reason
        };
        let used_up = Coupon { left: 0, ..start() };
        assert_eq!(told(used_up), reason(ReasonKind::UsedUp));
        let expired = Coupon {
            valid_until: Some(NOW),
            ..start()
        };
        assert_eq!(told(expired), reason(ReasonKind::Expired));
        let early = Coupon {
            valid_from: Some(later),
            ..start()
        };
        assert_eq!(told(early), reason(ReasonKind::NotYet));
        let newcomers = Coupon {
            newcomers: true,
            ..start()
        };
        assert_eq!(told(newcomers), reason(ReasonKind::NotNewcomer));
        let elsewhere = Coupon {
            merchant: Some("florist".into()),
            ..start()
        };
        assert_eq!(told(elsewhere), reason(ReasonKind::NothingEligible));
        let variant = "tea".into();
        let tea = coupon("c", Benefit::FreeItem { variant }, Stacking::Free);
        assert_eq!(told(tea), reason(ReasonKind::NothingEligible));
        let below = Coupon {
            at_least: Some(Money::fen(3_700)),
            merchant: Some("alley".into()),
            ..start()
        };
        let short = Some(Money::fen(800));
        assert_eq!(
            told(below),
            Reason {
                short,
                ..reason(ReasonKind::BelowMinimum)
            }
        );
        let newer = coupon("c", Benefit::Unknown, Stacking::Free);
        assert_eq!(told(newer), reason(ReasonKind::Unknown));
    }

    #[test]
    fn the_best_is_proposed_and_another_may_be_chosen() {
        let ten_off = amount("99-10", 1_000, Stacking::OnePerOrder);
        let percent = Benefit::Percentage {
            percent: 10,
            most: None,
        };
        let member = coupon("member", percent, Stacking::OnePerOrder);
        let held = [member, ten_off];
        let kinds = |asked: Option<&[CouponId]>| {
            let told = combine(&held, asked, &goods(), &BUYER).coupons;
            let all = told
                .into_iter()
                .map(|one| (one.chosen, one.off.amount, one.reason));
            <[_; 2]>::try_from(all.collect::<Vec<_>>()).unwrap()
        };
        let not_with = |with: &str, less| Reason {
            with: vec![with.into()],
            less: Some(Money::fen(less)),
            ..reason(ReasonKind::NotCombinable)
        };
        assert_eq!(
            kinds(None),
            [
                (false, 854, not_with("99-10", 146)),
                (true, 1_000, reason(ReasonKind::Best)),
            ]
        );
        let asked = ["member".into(), "99-10".into()];
        assert_eq!(
            kinds(Some(&asked)),
            [
                (true, 854, reason(ReasonKind::Chosen)),
                (false, 1_000, not_with("member", -146)),
            ]
        );
        let left_out = Reason {
            less: Some(Money::fen(-1_000)),
            ..reason(ReasonKind::LeftOut)
        };
        assert_eq!(kinds(Some(&[]))[1], (false, 1_000, left_out));
    }

    #[test]
    fn what_saves_nothing_more_is_not_used() {
        let all = amount("all", 99_999, Stacking::Free);
        let more = amount("more", 100, Stacking::Free);
        let told = combine(&[all, more], None, &goods(), &BUYER);
        assert_eq!(told.off, [5_640, 2_900]);
        assert!(told.coupons[0].chosen && !told.coupons[1].chosen);
        assert_eq!(told.coupons[1].reason.kind, ReasonKind::SavesNothing);
    }

    #[test]
    fn dozens_of_coupons_are_no_matter() {
        let many: Vec<Coupon> = (0..60)
            .map(|n| Coupon {
                merchant: (n % 3 == 0).then(|| "linli".into()),
                ..amount(&format!("c{n}"), 300 + 7 * n, Stacking::Free)
            })
            .collect();
        let off: i64 = combine(&many, None, &goods(), &BUYER).off.iter().sum();
        assert_eq!(off, 8_540);
    }

    fn any_coupon() -> impl Strategy<Value = Coupon> {
        let stacking = prop_oneof![
            Just(Stacking::Alone),
            Just(Stacking::OnePerOrder),
            Just(Stacking::OnePerMerchant),
            Just(Stacking::Free),
        ];
        let benefit = prop_oneof![
            (1_i64..6_000).prop_map(|fen| Benefit::Amount {
                off: Money::fen(fen)
            }),
            (1_u32..100, proptest::option::of(1_i64..4_000)).prop_map(|(percent, most)| {
                Benefit::Percentage {
                    percent,
                    most: most.map(Money::fen),
                }
            }),
            (0_u8..4).prop_map(|name| Benefit::FreeItem {
                variant: format!("v{name}").into()
            }),
            (0_u8..4, 0_i64..2_000, 1_u32..4).prop_map(|(name, fen, most)| Benefit::MemberPrice {
                variant: format!("v{name}").into(),
                price: Money::fen(fen),
                most,
            }),
        ];
        let merchant = proptest::option::of(0_u8..3);
        let at_least = proptest::option::of(0_i64..8_000);
        (stacking, benefit, merchant, at_least, 0_i64..3).prop_map(
            |(stacking, benefit, merchant, at_least, end)| Coupon {
                merchant: merchant.map(|name| format!("m{name}").into()),
                at_least: at_least.map(Money::fen),
                valid_until: Some(Moment {
                    ms: NOW.ms + end,
                    ..NOW
                }),
                ..coupon("", benefit, stacking)
            },
        )
    }

    fn any_coupons() -> impl Strategy<Value = Vec<Coupon>> {
        proptest::collection::vec(any_coupon(), 0..=8).prop_map(|mut coupons| {
            for (at, coupon) in coupons.iter_mut().enumerate() {
                coupon.id = format!("c{at}").into();
            }
            coupons
        })
    }

    fn any_portions() -> impl Strategy<Value = Vec<Portion>> {
        let one = (0_u8..3, 1_u32..5, 0_i64..2_000);
        proptest::collection::vec(one, 0..5).prop_map(|all| {
            let named = all.into_iter().enumerate();
            named
                .map(|(at, (merchant, pieces, fen))| {
                    portion(
                        &format!("v{at}"),
                        &format!("m{merchant}"),
                        pieces,
                        fen * i64::from(pieces),
                    )
                })
                .collect()
        })
    }

    /// What every set of coupons that may be used together takes off, one set after the other.
    fn brute_force(held: &[Coupon], portions: &[Portion]) -> i64 {
        let usable: Vec<_> = held
            .iter()
            .filter_map(|one| one.usable(portions, &BUYER).ok())
            .collect();
        let mut best = 0;
        for bits in 0..1_u32 << usable.len() {
            let mut set: Vec<_> = usable
                .iter()
                .enumerate()
                .filter(|(at, _)| bits & (1 << at) != 0)
                .map(|(_, one)| one)
                .collect();
            let is_legal = set.iter().enumerate().all(|(at, one)| {
                set[at + 1..]
                    .iter()
                    .all(|other| one.coupon.joins(other.coupon))
            });
            if is_legal {
                set.sort_by(|one, other| one.coupon.rank().cmp(&other.coupon.rank()));
                let mut left: Vec<i64> = portions.iter().map(|portion| portion.value).collect();
                best = best.max(set.iter().map(|one| one.take(portions, &mut left)).sum());
            }
        }
        best
    }

    proptest! {
        #[test]
        fn nothing_saves_more_than_what_is_proposed(held in any_coupons(), portions in any_portions()) {
            let told = combine(&held, None, &portions, &BUYER);
            prop_assert_eq!(told.off.iter().sum::<i64>(), brute_force(&held, &portions));
        }

        #[test]
        fn what_is_used_is_legal_exact_and_never_too_much(
            held in any_coupons(), portions in any_portions(), asked in proptest::option::of(proptest::collection::vec(0_usize..9, 0..8)),
        ) {
            let asked: Option<Vec<CouponId>> = asked.map(|asked| asked.into_iter().map(|at| format!("c{at}").into()).collect());
            let told = combine(&held, asked.as_deref(), &portions, &BUYER);
            let used: Vec<_> = told.coupons.iter().filter(|one| one.chosen).collect();
            for (at, one) in used.iter().enumerate() {
                prop_assert!(one.off.amount > 0);
                prop_assert!(used[at + 1..].iter().all(|other| one.coupon.joins(&other.coupon)));
                prop_assert!(asked.as_ref().is_none_or(|asked| asked.contains(&one.coupon.id)));
            }
            prop_assert_eq!(used.iter().map(|one| one.off.amount).sum::<i64>(), told.off.iter().sum::<i64>());
            for (off, portion) in told.off.iter().zip(&portions) {
                prop_assert!((0..=portion.value).contains(off));
            }
            prop_assert!(told.coupons.iter().map(|one| &one.coupon).eq(&held));
        }

        #[test]
        fn the_order_of_goods_and_coupons_does_not_matter(held in any_coupons(), portions in any_portions()) {
            let there = combine(&held, None, &portions, &BUYER);
            let (mut turned, mut other) = (held, portions);
            turned.reverse();
            other.reverse();
            let mut back = combine(&turned, None, &other, &BUYER);
            back.coupons.reverse();
            back.off.reverse();
            prop_assert_eq!(there, back);
        }

        #[test]
        fn one_tap_chooses_another(held in any_coupons(), portions in any_portions()) {
            let told = combine(&held, None, &portions, &BUYER);
            let total = |told: &Combination| told.off.iter().sum::<i64>();
            for one in told.coupons.iter().filter(|one| one.reason.kind == ReasonKind::NotCombinable) {
                let stays = told.coupons.iter().filter(|there| there.chosen).map(|there| there.coupon.id.clone());
                let mut asked: Vec<CouponId> = stays.filter(|id| !one.reason.with.contains(id)).collect();
                asked.push(one.coupon.id.clone());
                let other = combine(&held, Some(&asked), &portions, &BUYER);
                prop_assert_eq!(Some(Money::fen(total(&told) - total(&other))), one.reason.less);
            }
        }
    }
}
