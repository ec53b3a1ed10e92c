//! Slots on the days when the clock changes.

use crate::common::OpenShop;
use domain::time::Moment;
use reqwest::Method;

#[tokio::test]
async fn the_shop_s_clock_counts_also_when_it_changes() {
    let shop = OpenShop::in_zone("Europe/Berlin").await;
    shop.change("DELETE FROM tasting_times").await;
    shop.change("INSERT INTO tasting_times SELECT 'light-meal', d.value, t.value FROM json_each('[1,2,3,4,5,6,7]') AS d, json_each('[\"01:30\",\"02:30\",\"10:00\"]') AS t").await;
    // The days around 28 March 2027 (2:00 becomes 3:00) and 31 October 2027 (3:00 becomes 2:00).
    for (day_before, starts) in [
        (
            "2027-03-27T12:00:00+01:00",
            vec!["2027-03-28T01:30:00+01:00", "2027-03-28T10:00:00+02:00"],
        ),
        (
            "2027-10-30T12:00:00+02:00",
            vec![
                "2027-10-31T01:30:00+02:00",
                "2027-10-31T02:30:00+02:00",
                "2027-10-31T10:00:00+01:00",
            ],
        ),
    ] {
        let then = Moment::parse(day_before).unwrap();
        shop.clock.put_forward(then.ms - shop.clock.now().ms);
        let tasting = shop.light_meal().await;
        assert_eq!(tasting.zone, "Europe/Berlin");
        let there: Vec<_> = tasting.days[1]
            .slots
            .iter()
            .map(|slot| slot.from.to_string())
            .collect();
        assert_eq!(there, starts);
        assert_eq!(tasting.days[2].slots.len(), 3);
        // Booked at ten by the shop's clock, and that is what stands in the calendar, in UTC.
        let member = shop.crowd(1).await.remove(0);
        let slot = tasting.days[1].slots.last().unwrap();
        let booked = member.books(slot, 1).await;
        assert_eq!(booked.from.to_string(), *starts.last().unwrap());
        let path = format!("/api/v1/bookings/{}/calendar.ics", booked.id);
        let file = shop
            .page_asks(Method::GET, &path, &member.cookie)
            .send()
            .await
            .unwrap();
        let utc = if booked.from.offset_minutes == 120 {
            "T080000Z"
        } else {
            "T090000Z"
        };
        assert!(file.text().await.unwrap().contains(utc));
        shop.change("DELETE FROM booking_changes").await;
        shop.change("DELETE FROM bookings").await;
        shop.change("DELETE FROM members").await;
    }
}
