//! What the owner decides about a tasting, and within which limits: the desk says by the field what the
//! backend would refuse.

use crate::money::{Currency, Money};
use crate::time::{ClockTime, Moment};
use serde::Serialize;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

/// How many people a slot may have room for.
pub const CAPACITY: RangeInclusive<u32> = 1..=500;
/// How long a tasting may take, in minutes.
pub const MINUTES: RangeInclusive<u32> = 5..=480;
/// How long before it begins one may have to book, move or cancel at most, in minutes: a week.
pub const MOST_BEFORE: u32 = 7 * 1_440;
/// The largest deposit.
pub const MOST_DEPOSIT: Money = Money::fen(100_000);
/// The most times of a week, and the most closed days.
pub const MOST_LINES: usize = 400;

/// What the owner decides about a tasting: `GET` and `PUT /desk/tastings/{id}/plan`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Plan {
    /// How many people a slot has room for; at least 1.
    pub capacity: u32,
    /// How long it takes, in minutes; at least 5.
    pub minutes: u32,
    /// Until how many minutes before it begins one may book.
    pub lead_minutes: u32,
    /// Until how many minutes before it begins one may move or cancel.
    pub cancel_minutes: u32,
    /// What is left at the counter; absent when it is free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deposit: Option<Money>,
    /// When it begins, a line for each time of a week.
    pub times: Vec<PlanTime>,
    /// Days without it, though the weekday would have one: `2026-12-25`.
    #[serde(default)]
    pub closed: Vec<String>,
}

crate::readable!(Plan { capacity, minutes, lead_minutes, cancel_minutes, deposit, times, closed or Default::default() });

/// A time at which a tasting begins, every week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanTime {
    /// 1 (Monday) to 7 (Sunday).
    pub weekday: u8,
    /// `HH:MM` on the shop's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "10:30"))]
    pub from: ClockTime,
}

crate::readable!(PlanTime { weekday, from });

/// A part of a plan that can be wrong, in the order in which a plan is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlanPart {
    /// How many people.
    Capacity,
    /// How long.
    Minutes,
    /// Until when one may book.
    Lead,
    /// Until when one may move or cancel.
    Cancel,
    /// What is left at the counter.
    Deposit,
    /// When it begins.
    Times,
    /// On which days not.
    Closed,
}

impl PlanPart {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Capacity,
        Self::Minutes,
        Self::Lead,
        Self::Cancel,
        Self::Deposit,
        Self::Times,
        Self::Closed,
    ];

    /// Where it stands in the document: a JSON pointer.
    pub fn pointer(self) -> &'static str {
        match self {
            Self::Capacity => "/capacity",
            Self::Minutes => "/minutes",
            Self::Lead => "/lead_minutes",
            Self::Cancel => "/cancel_minutes",
            Self::Deposit => "/deposit",
            Self::Times => "/times",
            Self::Closed => "/closed",
        }
    }

    /// The part that a JSON pointer leads to, or into.
    pub fn at(pointer: &str) -> Option<Self> {
        let first = pointer.split('/').nth(1)?;
        let mut all = Self::ALL.into_iter();
        all.find(|part| part.pointer().strip_prefix('/') == Some(first))
    }
}

impl Plan {
    /// What of it is not within the limits; nothing when it can be kept.
    pub fn wrong(&self) -> Vec<PlanPart> {
        let deposit = self.deposit.is_none_or(|deposit| {
            deposit.currency == Currency::CNY && (1..=MOST_DEPOSIT.amount).contains(&deposit.amount)
        });
        let right =
            |time: &PlanTime| (1..=7).contains(&time.weekday) && time.from.minutes() < 1_440;
        let distinct: BTreeSet<_> = self
            .times
            .iter()
            .map(|time| (time.weekday, time.from))
            .collect();
        let times = self.times.iter().all(right)
            && distinct.len() == self.times.len()
            && distinct.len() <= MOST_LINES;
        let closed = self.closed.len() <= MOST_LINES && self.closed.iter().all(|day| is_day(day));
        let parts = [
            (PlanPart::Capacity, CAPACITY.contains(&self.capacity)),
            (PlanPart::Minutes, MINUTES.contains(&self.minutes)),
            (PlanPart::Lead, self.lead_minutes <= MOST_BEFORE),
            (PlanPart::Cancel, self.cancel_minutes <= MOST_BEFORE),
            (PlanPart::Deposit, deposit),
            (PlanPart::Times, times),
            (PlanPart::Closed, closed),
        ];
        let wrong = parts.into_iter().filter(|(_, right)| !right);
        wrong.map(|(part, _)| part).collect()
    }
}

/// Whether a text is a day of the calendar: `2026-12-25`.
pub fn is_day(text: &str) -> bool {
    midnight(text).is_some()
}

/// The weekday of a day, 1 (Monday) to 7 (Sunday); `None` when there is no such day.
pub fn weekday_of(day: &str) -> Option<u8> {
    midnight(day).map(|midnight| midnight.local().weekday)
}

fn midnight(day: &str) -> Option<Moment> {
    let whole = day.len() == 10;
    whole.then(|| Moment::parse(&[day, "T00:00:00Z"].concat()))?
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn time(weekday: u8, from: &str) -> PlanTime {
        let from = ClockTime::parse(from).unwrap();
        PlanTime { weekday, from }
    }

    fn plan() -> Plan {
        Plan {
            capacity: 8,
            minutes: 30,
            lead_minutes: 30,
            cancel_minutes: 120,
            deposit: Some(Money::fen(1_000)),
            times: vec![time(1, "10:00"), time(1, "10:30"), time(7, "10:00")],
            closed: vec!["2026-12-25".to_owned()],
        }
    }

    #[test]
    fn what_is_not_within_the_limits_is_named() {
        assert_eq!(plan().wrong(), []);
        let all = Plan {
            capacity: 0,
            minutes: 4,
            lead_minutes: MOST_BEFORE + 1,
            cancel_minutes: u32::MAX,
            deposit: Some(Money::fen(100_001)),
            times: vec![time(1, "10:00"); 2],
            closed: vec!["2026-02-29".to_owned()],
        };
        assert_eq!(all.wrong(), PlanPart::ALL);
        let nothing = Plan {
            capacity: 1,
            minutes: 5,
            lead_minutes: 0,
            cancel_minutes: 0,
            deposit: None,
            times: Vec::new(),
            closed: Vec::new(),
        };
        assert_eq!(nothing.wrong(), []);
    }

    #[test]
    fn one_thing_more_is_too_much() {
        for (part, wrong) in [
            (
                PlanPart::Capacity,
                Plan {
                    capacity: 501,
                    ..plan()
                },
            ),
            (
                PlanPart::Minutes,
                Plan {
                    minutes: 481,
                    ..plan()
                },
            ),
            (
                PlanPart::Deposit,
                Plan {
                    deposit: Some(Money::fen(0)),
                    ..plan()
                },
            ),
            (
                PlanPart::Deposit,
                Plan {
                    deposit: Some(Money::zero(Currency::from_code("EUR").unwrap())),
                    ..plan()
                },
            ),
            (
                PlanPart::Times,
                Plan {
                    times: vec![time(8, "10:00")],
                    ..plan()
                },
            ),
            (
                PlanPart::Times,
                Plan {
                    times: vec![time(1, "24:00")],
                    ..plan()
                },
            ),
            (
                PlanPart::Closed,
                Plan {
                    closed: vec!["2026-12-25".to_owned(); MOST_LINES + 1],
                    ..plan()
                },
            ),
        ] {
            assert_eq!(wrong.wrong(), [part], "{wrong:?}");
        }
    }

    #[test]
    fn a_pointer_names_its_part() {
        for part in PlanPart::ALL {
            assert_eq!(PlanPart::at(part.pointer()), Some(part));
        }
        assert_eq!(PlanPart::at("/times/3/from"), Some(PlanPart::Times));
        assert_eq!(PlanPart::at("/deposit/amount"), Some(PlanPart::Deposit));
        for other in ["", "/", "capacity", "/capacities", "/words"] {
            assert_eq!(PlanPart::at(other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn a_day_is_one_of_the_calendar(year in 1_i16..=9_999, month in 0_i8..=13, day in 0_i8..=32) {
            let text = format!("{year:04}-{month:02}-{day:02}");
            let date = jiff::civil::Date::new(year, month, day).ok();
            prop_assert_eq!(is_day(&text), date.is_some());
            let weekday = date.map(|date| date.weekday().to_monday_one_offset() as u8);
            prop_assert_eq!(weekday_of(&text), weekday);
        }

        #[test]
        fn no_text_breaks_it(text in "\\PC{0,14}") {
            let _ = (is_day(&text), PlanPart::at(&text));
        }
    }
}
