//! The plan of a tasting: the owner alone changes it, and what is booked stays.

use crate::common::people::{CLERK, OWNER, refused};
use crate::common::tastings::places;
use crate::common::{OpenShop, now};
use domain::problem::ProblemKind;
use domain::tasting::{Plan, PlanTime, SlotState};
use domain::time::ClockTime;

#[tokio::test]
async fn the_owner_decides_and_what_is_booked_stays() {
    let shop = OpenShop::demo().await;
    shop.tomorrow_at(9, 0);
    let member = shop.member("13800138000").await;
    let booked = member.books(&shop.slot(1, "10:00").await, 4).await;
    let owner = shop.desk(OWNER).await;
    let id = "light-meal".into();
    let plan = now(owner.desk().plan(&id).await.unwrap());
    assert_eq!((plan.times.len(), plan.capacity), (35, 8));
    let date = shop.light_meal().await.days[2].date.clone();
    let clock = |text| ClockTime::parse(text).unwrap();
    let times = (1..=7).map(|weekday| PlanTime {
        weekday,
        from: clock("12:00"),
    });
    let changed = Plan {
        capacity: 3,
        times: times.collect(),
        closed: vec![date],
        ..plan
    };
    assert_eq!(
        owner.desk().keep_plan(&id, &changed).await.unwrap(),
        changed
    );
    let tasting = shop.light_meal().await;
    let states: Vec<_> = tasting.days[..3]
        .iter()
        .map(|day| day.slots[0].state)
        .collect();
    assert_eq!(
        states,
        [SlotState::Open, SlotState::Open, SlotState::Closed]
    );
    assert!(tasting.days.iter().all(|day| day.slots.len() == 1));
    let bookings = member.client.bookings();
    assert_eq!(now(bookings.booking(&booked.id).await.unwrap()), booked);
    let closed = shop.member("13800138001").await;
    let closed = closed
        .client
        .bookings()
        .book(&places(&tasting.days[2].slots[0], 1), "k")
        .await;
    assert_eq!(refused(closed), ProblemKind::SlotPast);
    for wrong in [
        Plan {
            capacity: 0,
            ..changed.clone()
        },
        Plan {
            minutes: 1,
            ..changed.clone()
        },
        Plan {
            closed: vec!["2026-02-30".into()],
            ..changed.clone()
        },
        Plan {
            times: vec![changed.times[0]; 2],
            ..changed.clone()
        },
    ] {
        assert_eq!(
            refused(owner.desk().keep_plan(&id, &wrong).await),
            ProblemKind::InvalidBody
        );
    }
    let clerk = shop.desk(CLERK).await;
    assert_eq!(
        refused(clerk.desk().plan(&id).await),
        ProblemKind::Forbidden
    );
    assert_eq!(
        refused(clerk.desk().keep_plan(&id, &changed).await),
        ProblemKind::Forbidden
    );
    assert_eq!(
        refused(member.client.desk().plan(&id).await),
        ProblemKind::Forbidden
    );
    // Who has booked a time that is planned no more still comes, and nobody else.
    shop.tomorrow_at(9, 0);
    let clerk = shop.desk(CLERK).await;
    let today = now(clerk.desk().tastings().await.unwrap());
    let mut slots = today.slots.iter();
    let there = slots.find(|slot| slot.slot == booked.slot).unwrap();
    assert_eq!((there.guests.len(), there.free), (1, 0));
}
