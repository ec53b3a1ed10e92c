//! When an order can be picked up.

use crate::common::{moment, same_document};
use domain::order::{Pickup, PickupTimes};

#[tokio::test]
async fn the_pickup_times() {
    let (times, path) = read!(golden!("pickup_times"), client => client.orders().pickup_times());
    assert_eq!(path, "/pickup-times");
    let time = |from, to| Pickup {
        from: moment(from),
        to: moment(to),
        place: "南门 12 号店内".into(),
    };
    let expected = PickupTimes {
        now: moment("2026-11-22T20:45:10+08:00"),
        zone: "Asia/Shanghai".into(),
        times: vec![
            time("2026-11-23T08:00:00+08:00", "2026-11-23T10:00:00+08:00"),
            time("2026-11-23T10:00:00+08:00", "2026-11-23T12:00:00+08:00"),
        ],
    };
    assert_eq!(times, expected);
    same_document(&times, golden!("pickup_times"));

    let (times, _) =
        read!(golden!("pickup_times_sparse"), client => client.orders().pickup_times());
    let expected = PickupTimes {
        now: moment("2026-11-22T12:45:10Z"),
        zone: String::new(),
        times: vec![],
    };
    assert_eq!(times, expected);

    let (times, _) = read!(golden!("pickup_times_newer"), client => client.orders().pickup_times());
    let expected = PickupTimes {
        now: moment("2026-11-22T20:45:10+08:00"),
        zone: "Asia/Shanghai".into(),
        times: vec![Pickup {
            place: String::new(),
            ..time("2026-11-23T08:00:00+08:00", "2026-11-23T10:00:00+08:00")
        }],
    };
    assert_eq!(times, expected);
}
