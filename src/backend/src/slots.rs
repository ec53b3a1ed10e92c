//! The slots of a tasting: what the owner has planned, on the shop's clock.

use crate::clock::Clock;
use domain::tasting::Plan;
use domain::time::Moment;

/// A slot as it is planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    /// When it begins.
    pub from: Moment,
    /// When it ends.
    pub to: Moment,
    /// Whether the owner has closed that day.
    pub closed: bool,
}

/// A day as it is planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedDay {
    /// `2026-11-26`.
    pub date: String,
    /// 1 (Monday) to 7 (Sunday).
    pub weekday: u8,
    /// Its slots, the earliest first.
    pub slots: Vec<Planned>,
}

/// So many days from today on. A time that a change of the clock leaves out has no slot, one that
/// comes twice has one.
pub fn days(clock: &Clock, plan: &Plan, now: Moment, count: u32) -> Vec<PlannedDay> {
    let day = |ahead: u32| {
        let day = clock.date(now, ahead)?;
        let weekday = clock.weekday(now, ahead);
        let date = day.to_string();
        let closed = plan.closed.contains(&date);
        let times = plan.times.iter().filter(|time| time.weekday == weekday);
        let mut slots: Vec<Planned> = times
            .filter_map(|time| {
                let from = clock.exactly(day, time.from.minutes())?;
                let to = clock.moment(from.ms + i64::from(plan.minutes) * 60_000);
                Some(Planned { from, to, closed })
            })
            .collect();
        slots.sort_unstable_by_key(|slot| slot.from.ms);
        slots.dedup_by_key(|slot| slot.from.ms);
        Some(PlannedDay {
            date,
            weekday,
            slots,
        })
    };
    (0..count).filter_map(day).collect()
}

/// The slot that begins at this instant, within so many days.
pub fn slot(clock: &Clock, plan: &Plan, now: Moment, count: u32, starts: i64) -> Option<Planned> {
    let days = days(clock, plan, now, count);
    let mut slots = days.into_iter().flat_map(|day| day.slots);
    slots.find(|slot| slot.from.ms == starts)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use domain::tasting::PlanTime;
    use domain::time::ClockTime;

    fn plan(times: &[&str], closed: &[&str]) -> Plan {
        let time = |weekday| {
            times.iter().map(move |from| PlanTime {
                weekday,
                from: ClockTime::parse(from).unwrap(),
            })
        };
        Plan {
            capacity: 8,
            minutes: 30,
            lead_minutes: 30,
            cancel_minutes: 60,
            deposit: None,
            times: (1..=7).flat_map(time).collect(),
            closed: closed.iter().map(|day| (*day).to_owned()).collect(),
        }
    }

    fn starts(zone: &str, plan: &Plan, now: &str, count: u32) -> Vec<String> {
        let clock = Clock::of(zone).unwrap();
        let now = clock.moment(Moment::parse(now).unwrap().ms);
        let days = days(&clock, plan, now, count);
        let slots = days.iter().flat_map(|day| &day.slots);
        slots.map(|slot| slot.from.to_string()).collect()
    }

    #[test]
    fn fourteen_days_by_the_shop_s_clock() {
        let clock = Clock::of("Asia/Shanghai").unwrap();
        // Still the day before in Europe, and earlier the same day in UTC.
        let now = clock.moment(Moment::parse("2026-11-26T00:30:00+08:00").unwrap().ms);
        let days = days(&clock, &plan(&["10:00", "16:30"], &["2026-11-27"]), now, 14);
        assert_eq!(days.len(), 14);
        assert_eq!((days[0].date.as_str(), days[0].weekday), ("2026-11-26", 4));
        assert_eq!(
            days[0].slots[1].from.to_string(),
            "2026-11-26T16:30:00+08:00"
        );
        assert_eq!(days[0].slots[1].to.to_string(), "2026-11-26T17:00:00+08:00");
        assert!(days[1].slots.iter().all(|slot| slot.closed));
        assert!(!days[2].slots[0].closed);
        assert_eq!(days[13].date, "2026-12-09");
    }

    #[test]
    fn the_hour_that_is_missing_has_no_slot() {
        // Berlin, 28 March 2027: the clock goes from 2:00 to 3:00.
        let plan = plan(&["01:30", "02:00", "02:30", "03:00"], &[]);
        let starts = starts("Europe/Berlin", &plan, "2027-03-27T12:00:00+01:00", 3);
        assert_eq!(
            starts[4..],
            [
                "2027-03-28T01:30:00+01:00",
                "2027-03-28T03:00:00+02:00",
                "2027-03-29T01:30:00+02:00",
                "2027-03-29T02:00:00+02:00",
                "2027-03-29T02:30:00+02:00",
                "2027-03-29T03:00:00+02:00",
            ]
        );
    }

    #[test]
    fn the_hour_that_comes_twice_has_one_slot() {
        // Berlin, 25 October 2026: the clock goes back from 3:00 to 2:00.
        let plan = plan(&["01:30", "02:30", "03:00"], &[]);
        let clock = Clock::of("Europe/Berlin").unwrap();
        let now = clock.moment(Moment::parse("2026-10-25T00:30:00+02:00").unwrap().ms);
        let today = days(&clock, &plan, now, 1).remove(0).slots;
        let starts: Vec<_> = today.iter().map(|slot| slot.from.to_string()).collect();
        assert_eq!(
            starts,
            [
                "2026-10-25T01:30:00+02:00",
                "2026-10-25T02:30:00+02:00",
                "2026-10-25T03:00:00+01:00",
            ]
        );
        // Half an hour is half an hour, whatever the clock does.
        assert!(
            today
                .iter()
                .all(|slot| slot.to.ms - slot.from.ms == 30 * 60_000)
        );
        let second = today[1].from.ms;
        assert!(slot(&clock, &plan, now, 1, second).is_some());
        assert!(slot(&clock, &plan, now, 1, second + 3_600_000).is_none());
    }
}
