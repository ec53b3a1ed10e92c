//! How a room is followed: what everybody sees of it, and from which event a stream goes on.

use crate::common::live::{Screen, Stream, Viewer, common, says, tonight};
use crate::common::people::{HOST, refused, wanted};
use crate::common::{OpenShop, header, problem};
use client::live::Status;
use domain::catalog::StockLevel;
use domain::live::{PinRequest, What};
use domain::money::Money;
use domain::problem::ProblemKind;
use domain::show::ShowStep;
use reqwest::Method;

#[tokio::test]
async fn everybody_sees_what_is_bought() {
    let (shop, host) = OpenShop::on_air(HOST).await;
    let viewers: Vec<_> = (0..3)
        .map(|_| Viewer::follow(&shop.served.at("/api/v1")))
        .collect();
    for viewer in &viewers {
        viewer
            .shows(|screen| screen.status == Some(Status::Live))
            .await;
    }
    let pin = PinRequest {
        said_at: None,
        product: "anyue-lemon".into(),
        variant: None,
        note: "最后几袋".into(),
    };
    host.desk_shows().pin(&tonight(), &pin).await.unwrap();
    let elsewhere = PinRequest {
        said_at: None,
        product: "banana".into(),
        ..pin.clone()
    };
    let elsewhere = host.desk_shows().pin(&tonight(), &elsewhere).await;
    assert_eq!(refused(elsewhere), ProblemKind::InvalidBody);
    for viewer in &viewers {
        let seen = viewer
            .shows(|screen| screen.room.as_ref().is_some_and(|room| room.pin.is_some()))
            .await;
        let room = seen.room.unwrap();
        let lemon = &room.pinned().unwrap().variants[0];
        assert_eq!(lemon.stock.left, Some(9));
    }
    // It is bought, all of it: by the desk's own hand too, and by another programme's.
    let member = shop.member("13800138000").await;
    member.orders(&[wanted("anyue-lemon-4", 4)]).await;
    let lemon_of = |screen: &Screen| {
        let room = screen.room.as_ref().unwrap();
        room.pinned().map(|good| good.variants[0].clone())
    };
    for viewer in &viewers {
        viewer
            .shows(|screen| lemon_of(screen).is_some_and(|one| one.stock.left == Some(5)))
            .await;
    }
    shop.change("UPDATE variants SET stock = 0, price = 590 WHERE id = 'anyue-lemon-4'")
        .await;
    for viewer in &viewers {
        let seen = viewer
            .shows(|screen| lemon_of(screen).is_some_and(|one| one.stock.level == StockLevel::None))
            .await;
        assert_eq!(lemon_of(&seen).unwrap().price, Money::fen(590));
    }
    host.desk_shows().unpin(&tonight()).await.unwrap();
    host.desk_shows()
        .step(&tonight(), ShowStep::End)
        .await
        .unwrap();
    let room = shop.room().await;
    for viewer in viewers {
        let seen = viewer.ended().await;
        assert_eq!(seen.status, Some(Status::Ended));
        assert_eq!(common(&seen.room.unwrap()), common(&room));
        assert_eq!(seen.rooms, 1, "one snapshot, and then events");
    }
}

#[tokio::test]
async fn a_stream_goes_on_from_any_event_that_is_kept() {
    let (shop, _host) = OpenShop::on_air(HOST).await;
    let member = shop.member("13800138000").await;
    for (key, text) in [("1", "一"), ("2", "二"), ("3", "三")] {
        member
            .client
            .shows()
            .comment(&tonight(), &says(text), key)
            .await
            .unwrap();
    }
    let room = shop.room().await;
    let epoch = &room.epoch;
    for after in 0..room.last_event_id {
        let mut stream = Stream::of(&shop, &format!("?epoch={epoch}&after={after}")).await;
        let beat = stream.beat("beat").await;
        assert_eq!((&beat.epoch, beat.last), (epoch, after));
        assert_eq!(stream.event().await.id, after + 1);
    }
    // As a browser's own EventSource would ask.
    let answer = shop
        .served
        .get("/api/v1/shows/tonight/events")
        .header("last-event-id", "1")
        .send()
        .await
        .unwrap();
    assert_eq!(header(&answer, "content-type"), "text/event-stream");
    assert_eq!(header(&answer, "cache-control"), "no-store");
    drop(answer);
    // Another history, and events that never were.
    for query in [
        "?epoch=another&after=1".to_owned(),
        format!("?epoch={epoch}&after=999"),
    ] {
        let mut stream = Stream::of(&shop, &query).await;
        let resync = stream.beat("resync").await;
        assert!(resync.last >= room.last_event_id);
        member
            .client
            .shows()
            .vote_for_wish(&tonight(), &"x".into())
            .await
            .unwrap_err();
        member.client.shows().like(&tonight(), 5).await.unwrap();
        let next = stream.event().await;
        assert_eq!(next.id, resync.last + 1, "live events follow");
    }
    // The oldest are gone.
    shop.change("DELETE FROM live_events WHERE show = 'tonight' AND id <= 2")
        .await;
    let mut stream = Stream::of(&shop, &format!("?epoch={epoch}&after=1")).await;
    stream.beat("resync").await;
    let mut stream = Stream::of(&shop, &format!("?epoch={epoch}&after=2")).await;
    stream.beat("beat").await;
    let wrong = shop
        .served
        .get("/api/v1/shows/tonight/events?after=soon")
        .send()
        .await
        .unwrap();
    assert_eq!(problem(wrong).await.kind, ProblemKind::InvalidQuery);
    let none = shop
        .served
        .get("/api/v1/shows/nothing/events")
        .send()
        .await
        .unwrap();
    assert_eq!(problem(none).await.kind, ProblemKind::NotFound);
    let wrong = shop
        .served
        .ask(Method::POST, "/api/v1/shows/tonight/events")
        .send()
        .await
        .unwrap();
    assert_eq!(problem(wrong).await.kind, ProblemKind::MethodNotAllowed);
}

#[tokio::test]
async fn viewers_and_likes_are_told_at_most_once_a_second() {
    let (shop, _host) = OpenShop::on_air(HOST).await;
    let mut stream = Stream::of(&shop, "").await;
    stream
        .until(|event| event.what == What::Viewers { count: 1 })
        .await;
    let second = Stream::of(&shop, "").await;
    stream
        .until(|event| event.what == What::Viewers { count: 2 })
        .await;
    drop(second);
    stream
        .until(|event| event.what == What::Viewers { count: 1 })
        .await;
    let member = shop.member("13800138000").await;
    for _ in 0..5 {
        member.client.shows().like(&tonight(), 7).await.unwrap();
    }
    stream
        .until(|event| event.what == What::Likes { total: 35 })
        .await;
    let told = shop
        .number(
            "SELECT count(*) FROM live_events WHERE what LIKE '%\"likes\"%' AND show = 'tonight'",
        )
        .await;
    assert!(told <= 2, "{told} events for five requests at once");
}
