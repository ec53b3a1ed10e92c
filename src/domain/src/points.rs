//! Points: what a member has earned and may spend. One point is one minor unit of money (a fen).

use crate::id::OrderId;
use crate::money::Money;
use crate::time::Moment;
use serde::Serialize;

/// The share of an order that points may pay when a shop says nothing else, in per cent.
pub const USUAL_SHARE: u32 = 20;

/// How many points are earned for each whole unit of money (each yuan) that is paid.
pub const EARNED_PER_UNIT: u32 = 1;

/// What points could pay of a cart, and do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuotedPoints {
    /// How many there are.
    pub balance: u32,
    /// How many of them this cart may use.
    pub usable: u32,
    /// How many it uses.
    pub used: u32,
}

crate::readable!(QuotedPoints {
    balance,
    usable,
    used
});

/// A member's points: `GET /me/points`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Points {
    /// How many can be spent; the sum of all entries.
    pub balance: u32,
    /// How many lie with orders that are not paid yet.
    #[serde(default)]
    pub frozen: u32,
    /// What happened to them, the newest first.
    #[serde(default)]
    pub entries: Vec<Entry>,
}

crate::readable!(Points { balance, frozen or 0, entries or Default::default() });

/// Something that happened to a member's points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Entry {
    /// What.
    pub kind: EntryKind,
    /// How many points it was about; at least 1.
    pub points: u32,
    /// The order it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Moment,
}

crate::readable!(Entry {
    kind,
    points,
    order,
    at
});

/// What can happen to points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// They were given.
    Earn,
    /// They were put aside for an order.
    Freeze,
    /// The order they were put aside for was paid.
    Spend,
    /// The order they were put aside for came to nothing.
    Release,
    /// They came back from an order that was paid.
    Refund,
    /// They had been earned by buying what came back.
    Revoke,
    /// Newer than this code: shown, never counted.
    #[serde(other)]
    Unknown,
}

crate::readable_words!(EntryKind { "earn" => Earn, "freeze" => Freeze, "spend" => Spend, "release" => Release, "refund" => Refund, "revoke" => Revoke } else Unknown);

impl Entry {
    /// What it does to the balance. Putting aside takes from it at once, so spending does nothing
    /// more; a word that is not known is not counted.
    pub fn change(&self) -> i64 {
        let points = i64::from(self.points);
        match self.kind {
            EntryKind::Earn | EntryKind::Release | EntryKind::Refund => points,
            EntryKind::Freeze | EntryKind::Revoke => -points,
            EntryKind::Spend | EntryKind::Unknown => 0,
        }
    }
}

/// Where the points of a member stand, seen from one order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// What can be spent on anything.
    pub balance: u32,
    /// What lies with the order and is not spent.
    pub frozen: u32,
    /// What the order has spent and not given back.
    pub spent: u32,
    /// What the order has earned and not lost again.
    pub earned: u32,
}

impl Standing {
    /// Reads a member's entries, the oldest first. `None` when they cannot all have happened.
    pub fn of<'a>(entries: impl IntoIterator<Item = &'a Entry>, order: &OrderId) -> Option<Self> {
        let mut standing = Self::default();
        for entry in entries {
            if entry.order.as_ref() == Some(order) {
                standing = standing.after(entry.kind, entry.points)?;
            } else {
                let balance = i64::from(standing.balance).checked_add(entry.change())?;
                standing.balance = u32::try_from(balance).ok()?;
            }
        }
        Some(standing)
    }

    /// How it stands after something has happened for the order; `None` where that is not allowed:
    /// nothing is spent that was not put aside, nothing comes back that was not there, nothing is
    /// taken back that was not earned or is spent, and nothing is put aside for an order that has
    /// some already.
    pub fn after(self, kind: EntryKind, points: u32) -> Option<Self> {
        if points == 0 {
            return None;
        }
        let Self {
            balance,
            frozen,
            spent,
            earned,
        } = self;
        Some(match kind {
            EntryKind::Earn => Self {
                balance: balance.checked_add(points)?,
                earned: earned.checked_add(points)?,
                ..self
            },
            EntryKind::Freeze if frozen == 0 && spent == 0 => Self {
                balance: balance.checked_sub(points)?,
                frozen: points,
                ..self
            },
            EntryKind::Spend => Self {
                frozen: frozen.checked_sub(points)?,
                spent: spent.checked_add(points)?,
                ..self
            },
            EntryKind::Release => Self {
                balance: balance.checked_add(points)?,
                frozen: frozen.checked_sub(points)?,
                ..self
            },
            EntryKind::Refund => Self {
                balance: balance.checked_add(points)?,
                spent: spent.checked_sub(points)?,
                ..self
            },
            EntryKind::Revoke => Self {
                balance: balance.checked_sub(points)?,
                earned: earned.checked_sub(points)?,
                ..self
            },
            EntryKind::Freeze | EntryKind::Unknown => return None,
        })
    }
}

/// How many points may pay of an amount (in minor units): up to `share` per cent of it, rounded
/// down, and no more than there are.
pub fn usable(balance: u32, amount: i64, share: u32) -> u32 {
    let most = i128::from(amount.max(0)) * i128::from(share.min(100)) / 100;
    u32::try_from(most).unwrap_or(u32::MAX).min(balance)
}

/// How many points are earned by paying so much: [`EARNED_PER_UNIT`] for each whole unit.
pub fn earned(paid: Money) -> u32 {
    let units = paid.amount.max(0) / 10_i64.pow(paid.currency.decimals());
    u32::try_from(units)
        .unwrap_or(u32::MAX)
        .saturating_mul(EARNED_PER_UNIT)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::money::Currency;
    use proptest::prelude::*;

    const KINDS: [EntryKind; 7] = [
        EntryKind::Earn,
        EntryKind::Freeze,
        EntryKind::Spend,
        EntryKind::Release,
        EntryKind::Refund,
        EntryKind::Revoke,
        EntryKind::Unknown,
    ];

    #[test]
    fn the_usual_ways() {
        let start = Standing {
            balance: 500,
            ..Standing::default()
        };
        let after = |steps: &[(EntryKind, u32)]| {
            steps
                .iter()
                .try_fold(start, |standing, (kind, points)| {
                    standing.after(*kind, *points)
                })
                .map(|standing| (standing.balance, standing.frozen, standing.spent))
        };
        let (freeze, spend) = ((EntryKind::Freeze, 320), (EntryKind::Spend, 320));
        assert_eq!(after(&[freeze]), Some((180, 320, 0)));
        assert_eq!(after(&[freeze, spend]), Some((180, 0, 320)));
        assert_eq!(
            after(&[freeze, (EntryKind::Release, 320)]),
            Some((500, 0, 0))
        );
        let part = (EntryKind::Refund, 100);
        assert_eq!(after(&[freeze, spend, part]), Some((280, 0, 220)));
        assert_eq!(
            after(&[freeze, spend, part, (EntryKind::Refund, 221)]),
            None
        );
        assert_eq!(after(&[(EntryKind::Freeze, 501)]), None);
        assert_eq!(after(&[freeze, freeze]), None);
        assert_eq!(after(&[spend]), None);
        let earn = (EntryKind::Earn, 30);
        assert_eq!(
            after(&[earn, (EntryKind::Revoke, 12), (EntryKind::Revoke, 18)]),
            Some((500, 0, 0))
        );
        // What was not earned with the order is not taken back, nor what is spent on another.
        assert_eq!(after(&[earn, (EntryKind::Revoke, 31)]), None);
        assert_eq!(
            after(&[earn, (EntryKind::Freeze, 510), (EntryKind::Revoke, 30)]),
            None
        );
    }

    #[test]
    fn points_pay_a_share() {
        assert_eq!(usable(1_000, 13_520, 20), 1_000);
        assert_eq!(usable(5_000, 13_524, 20), 2_704);
        assert_eq!(usable(5_000, -1, 20), 0);
        assert_eq!(usable(5_000, 100, 400), 100);
    }

    #[test]
    fn whole_yuan_earn_points() {
        let earned = |fen| earned(Money::fen(fen));
        assert_eq!([-1, 0, 99, 100, 13_199].map(earned), [0, 0, 0, 1, 131]);
        let yen = Currency::from_code("JPY").unwrap();
        let paid = Money {
            amount: 500,
            currency: yen,
        };
        assert_eq!(super::earned(paid), 500);
    }

    proptest! {
        #[test]
        fn the_entries_always_sum_to_the_balance(
            steps in proptest::collection::vec((0_usize..7, 0_u32..100, 0_u8..3), 0..60),
        ) {
            let at = Moment { ms: 0, offset_minutes: 480 };
            let order = |name: u8| OrderId::from(format!("o{name}"));
            let mut ledger: Vec<Entry> = Vec::new();
            for (kind, points, name) in steps {
                let standing = Standing::of(&ledger, &order(name)).unwrap();
                if standing.after(KINDS[kind], points).is_some() {
                    ledger.push(Entry { kind: KINDS[kind], points, order: Some(order(name)), at });
                }
            }
            let sum: i64 = ledger.iter().map(Entry::change).sum();
            let total = |kind| ledger.iter().filter(|entry| entry.kind == kind).map(|entry| i64::from(entry.points)).sum::<i64>();
            let mut aside = 0;
            for name in 0..3 {
                let standing = Standing::of(&ledger, &order(name)).unwrap();
                prop_assert_eq!(i64::from(standing.balance), sum);
                aside += i64::from(standing.frozen) + i64::from(standing.spent);
            }
            // Every point that was earned is somewhere, once.
            prop_assert_eq!(total(EntryKind::Earn) - total(EntryKind::Revoke), sum + aside);
        }

        #[test]
        fn what_was_put_aside_comes_back_once(balance in 1_u32..10_000, points in 1_u32..10_000, paid in any::<bool>()) {
            let start = Standing { balance, ..Standing::default() };
            let Some(frozen) = start.after(EntryKind::Freeze, points) else {
                prop_assert!(points > balance);
                return Ok(());
            };
            let back = if paid {
                frozen.after(EntryKind::Spend, points).unwrap().after(EntryKind::Refund, points)
            } else {
                frozen.after(EntryKind::Release, points)
            };
            prop_assert_eq!(back, Some(start));
            for kind in [EntryKind::Spend, EntryKind::Release, EntryKind::Refund, EntryKind::Revoke] {
                prop_assert_eq!(start.after(kind, 1), None);
            }
        }
    }
}
