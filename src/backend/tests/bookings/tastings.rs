//! What can be tasted, and everywhere that says so.

use crate::common::people::refused;
use crate::common::{OpenShop, now};
use domain::catalog::ProductQuery;
use domain::contract::Capability;
use domain::problem::ProblemKind;
use domain::tasting::Subject;

#[tokio::test]
async fn what_can_be_tasted_stands_where_people_are() {
    let shop = OpenShop::demo().await;
    shop.tomorrow_at(9, 0);
    let client = shop.client("en");
    assert!(
        now(client.about().await.unwrap())
            .capabilities
            .contains(&Capability::Booking)
    );
    let all = now(client.bookings().tastings().await.unwrap()).items;
    assert_eq!(all.len(), 6);
    assert_eq!(now(client.storefront().await.unwrap()).tastings, all);
    let bundle = now(client.catalog().bundle(&"light-meal".into()).await.unwrap());
    assert_eq!(bundle.tasting.as_ref(), Some(&all[0]));
    assert_eq!(all[0].next.unwrap().clock(), "10:00");
    assert_eq!(
        all[0].subject,
        Subject::Bundle {
            id: "light-meal".into()
        }
    );
    let salmon = now(client
        .catalog()
        .product(&"salmon-sashimi".into())
        .await
        .unwrap());
    assert_eq!(salmon.tasting.unwrap().id.as_str(), "salmon");
    let page = now(client
        .catalog()
        .products(&ProductQuery::default())
        .await
        .unwrap());
    let other = page
        .items
        .iter()
        .find(|one| one.id.as_str() == "avocado")
        .unwrap();
    assert_eq!(
        now(client.catalog().product(&other.id).await.unwrap()).tasting,
        None
    );
    assert_eq!(all[4].deposit.unwrap().amount, 2_000);

    let tasting = shop.light_meal().await;
    assert_eq!((tasting.days.len(), tasting.capacity), (14, 8));
    assert_eq!(tasting.zone, "Asia/Shanghai");
    let times: Vec<_> = tasting.days[0]
        .slots
        .iter()
        .map(|slot| slot.from.clock())
        .collect();
    assert_eq!(times, ["10:00", "10:30", "16:00", "16:30", "17:00"]);
    let missing = client.bookings().tasting(&"nothing".into()).await;
    assert_eq!(refused(missing), ProblemKind::NotFound);
}
