//! When an order can be picked up: half hours within the opening hours, on the shop's clock.

use crate::clock::Clock;
use domain::shop::Hours;
use domain::time::Moment;

/// How long one time is, in minutes.
const LENGTH: i64 = 30;
/// How long the shop needs to pack, in minutes.
const LEAD: i64 = 30;
/// Today and so many days after it.
const DAYS_AHEAD: u32 = 2;

/// The times from which one may choose now, the earliest first: from, to.
pub fn times(clock: &Clock, hours: &[Hours], now: Moment) -> Vec<(Moment, Moment)> {
    let earliest = now.ms + LEAD * 60_000;
    let mut times: Vec<(Moment, Moment)> = (0..=DAYS_AHEAD)
        .flat_map(|day| {
            let weekday = clock.weekday(now, day);
            let open = hours.iter().filter(move |hours| hours.weekday == weekday);
            open.flat_map(move |hours| {
                let (opens, closes) = (hours.opens.minutes().into(), hours.closes.minutes().into());
                let starts = (opens..closes).step_by(LENGTH as usize);
                starts
                    .filter(move |start| start + LENGTH <= closes)
                    .map(move |start| (day, start))
            })
        })
        .filter_map(|(day, start)| {
            let from = clock.on_day(now, day, start)?;
            let to = clock.on_day(now, day, start + LENGTH)?;
            (from.ms >= earliest && to.ms > from.ms).then_some((from, to))
        })
        .collect();
    times.sort_unstable_by_key(|(from, _)| from.ms);
    times.dedup_by_key(|(from, _)| from.ms);
    times
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use domain::time::ClockTime;

    fn hours(opens: &str, closes: &str) -> Vec<Hours> {
        let span = |weekday| Hours {
            weekday,
            opens: ClockTime::parse(opens).unwrap(),
            closes: ClockTime::parse(closes).unwrap(),
        };
        (1..=7).map(span).collect()
    }

    fn at(zone: &str, hours: &[Hours], now: &str) -> Vec<String> {
        let clock = Clock::of(zone).unwrap();
        let now = clock.moment(Moment::parse(now).unwrap().ms);
        let times = times(&clock, hours, now);
        times.iter().map(|(from, _)| from.to_string()).collect()
    }

    #[test]
    fn leaves_the_shop_time_to_pack() {
        let times = at(
            "Asia/Shanghai",
            &hours("07:30", "21:00"),
            "2026-11-22T10:42:31+08:00",
        );
        assert_eq!(times.first().unwrap(), "2026-11-22T11:30:00+08:00");
        assert_eq!(times.last().unwrap(), "2026-11-24T20:30:00+08:00");
        assert_eq!(times.len(), 19 + 27 + 27);
    }

    #[test]
    fn after_closing_it_is_tomorrow() {
        let times = at(
            "Asia/Shanghai",
            &hours("07:30", "21:00"),
            "2026-11-22T20:45:00+08:00",
        );
        assert_eq!(times.first().unwrap(), "2026-11-23T07:30:00+08:00");
        assert!(at("Asia/Shanghai", &[], "2026-11-22T20:45:00+08:00").is_empty());
    }

    #[test]
    fn a_change_of_the_clock_makes_no_hour_twice() {
        // Berlin, 25 October 2026: the clock goes back from 3:00 to 2:00.
        let times = at(
            "Europe/Berlin",
            &hours("00:00", "06:00"),
            "2026-10-24T23:00:00+02:00",
        );
        let mut sorted = times.clone();
        sorted.dedup();
        assert_eq!(sorted, times);
        assert!(times.contains(&"2026-10-25T04:00:00+01:00".to_owned()));
    }
}
