//! The best combination against brute force, and every reason.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::*;
use crate::coupon::{Benefit, Stacking};
use crate::id::VariantId;
use proptest::prelude::*;
use std::cmp::Reverse;

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

/// What every set of coupons that may be used together takes off, one set after the other: the
/// most, and how few do it.
fn brute_force(held: &[Coupon], portions: &[Portion]) -> (i64, usize) {
    let usable: Vec<_> = held
        .iter()
        .filter_map(|one| one.usable(portions, &BUYER).ok())
        .collect();
    let mut best = (0, Reverse(0));
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
            let off: i64 = set.iter().map(|one| one.take(portions, &mut left)).sum();
            best = best.max((off, Reverse(set.len())));
        }
    }
    (best.0, best.1.0)
}

proptest! {
    #[test]
    fn nothing_saves_more_than_what_is_proposed(held in any_coupons(), portions in any_portions()) {
        let told = combine(&held, None, &portions, &BUYER);
        let used = told.coupons.iter().filter(|one| one.chosen).count();
        prop_assert_eq!((told.off.iter().sum::<i64>(), used), brute_force(&held, &portions));
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
        for (_, from) in &mut back.from {
            from.iter_mut().for_each(|place| *place = other.len() - 1 - *place);
            from.reverse();
        }
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
