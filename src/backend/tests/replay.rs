//! A show that is over, seen again.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod common;

use common::live::{common as shared, says, tonight};
use common::people::{HOST, refused};
use common::{OpenShop, now, problem};
use domain::id::ShowId;
use domain::live::{Event, PinRequest, Taken, What};
use domain::problem::ProblemKind;
use domain::show::{ShowState, ShowStep};
use domain::video::{ChapterKind, VideoKind};
use std::fs;

fn recorded() -> ShowId {
    "market-morning".into()
}

/// All events of a replay, page by page.
async fn all(shop: &OpenShop, show: &ShowId, limit: u32) -> Vec<Event> {
    let client = shop.client("zh-CN");
    let (mut events, mut after) = (Vec::<Event>::new(), 0);
    loop {
        let page = now(client
            .shows()
            .replay_events(show, after, limit)
            .await
            .unwrap());
        assert!(page.items.len() <= usize::try_from(limit).unwrap());
        after = page.items.last().map_or(after, |event| event.id);
        events.extend(page.items);
        if !page.more {
            return events;
        }
    }
}

#[tokio::test]
async fn a_recorded_show_has_its_line_of_time_and_chapters() {
    let shop = OpenShop::demo().await;
    let client = shop.client("en");
    let replay = now(client.shows().replay(&recorded()).await.unwrap());
    assert_eq!(replay.parts, []);
    assert!((180_000..=300_000).contains(&replay.ms), "{} ms", replay.ms);
    let kinds: Vec<_> = replay.chapters.iter().map(|one| one.kind).collect();
    assert_eq!(
        kinds
            .iter()
            .filter(|kind| **kind == ChapterKind::Pin)
            .count(),
        5
    );
    assert!(kinds.contains(&ChapterKind::Poll) && kinds.contains(&ChapterKind::Wishes));
    let mut times: Vec<_> = replay.chapters.iter().map(|one| one.at_ms).collect();
    assert!(times.iter().all(|at| (0..replay.ms).contains(at)));
    times.sort_unstable();
    assert_eq!(
        times,
        replay
            .chapters
            .iter()
            .map(|one| one.at_ms)
            .collect::<Vec<_>>()
    );
    let tomato = replay
        .chapters
        .iter()
        .find(|one| one.product == Some("tomato".into()));
    let tomato = tomato.unwrap();
    let in_chinese = now(shop
        .client("zh-CN")
        .shows()
        .replay(&recorded())
        .await
        .unwrap());
    assert_ne!(
        in_chinese
            .chapters
            .iter()
            .find(|one| one.product == tomato.product)
            .unwrap()
            .title,
        tomato.title
    );
    let events = all(&shop, &recorded(), 500).await;
    assert_eq!(u32::try_from(events.len()).unwrap(), replay.events);
    assert_eq!(events[0].clock_ms(), replay.starts_at);
    // Only what is over is seen again.
    assert_eq!(
        refused(client.shows().replay(&tonight()).await),
        ProblemKind::NotNow
    );
    assert_eq!(
        refused(client.shows().replay_room(&tonight(), 0).await),
        ProblemKind::NotNow
    );
    assert_eq!(
        refused(client.shows().replay(&"no".into()).await),
        ProblemKind::NotFound
    );
    for query in ["limit=0", "limit=501", "after=x", "limit=-1"] {
        let path = format!("/api/v1/shows/market-morning/replay/events?{query}");
        let answer = problem(shop.served.get(&path).send().await.unwrap()).await;
        assert_eq!(answer.kind, ProblemKind::InvalidQuery, "{query}");
    }
}

#[tokio::test]
async fn the_room_at_any_time_is_what_its_events_come_to() {
    let shop = OpenShop::demo().await;
    let client = shop.client("zh-CN");
    let shows = client.shows();
    let replay = now(shows.replay(&recorded()).await.unwrap());
    let events = all(&shop, &recorded(), 7).await;
    let ids: Vec<u32> = events.iter().map(|event| event.id).collect();
    assert_eq!(ids, (1..=replay.events).collect::<Vec<_>>());
    let mut folded = now(shows.replay_room(&recorded(), 0).await.unwrap());
    for at_ms in (0..replay.ms + 10_000).step_by(9_500) {
        let there = now(shows.replay_room(&recorded(), at_ms).await.unwrap());
        for event in events
            .iter()
            .filter(|event| event.clock_ms() - replay.starts_at <= at_ms)
        {
            assert_ne!(folded.take(event), Taken::Gap);
        }
        assert_eq!(shared(&there), shared(&folded), "at {at_ms}");
        // What comes after it begins right there.
        let next = now(shows
            .replay_events(&recorded(), there.last_event_id, 1)
            .await
            .unwrap());
        let from = now(shows
            .replay_events_from(&recorded(), at_ms + 1, 1)
            .await
            .unwrap());
        assert_eq!(next.items, from.items, "at {at_ms}");
    }
    assert_eq!(folded.show.state, ShowState::Ended);
    let before = now(shows.replay_room(&recorded(), -5).await.unwrap());
    assert_eq!(before.last_event_id, 1);
}

#[tokio::test]
async fn a_show_that_was_long_is_sought_in_from_its_snapshots() {
    let (shop, host) = OpenShop::on_air(HOST).await;
    let shows = host.desk_shows();
    // Far more than between two snapshots, by the clock of an hour.
    for round in 0..620_u32 {
        let pin = PinRequest {
            product: if round % 2 == 0 {
                "avocado"
            } else {
                "sweet-corn"
            }
            .into(),
            variant: None,
            note: round.to_string(),
            said_at: None,
        };
        shows.pin(&tonight(), &pin).await.unwrap();
        if round % 12 == 0 {
            shop.minutes_pass(1);
        }
    }
    let member = shop.member("13800138000").await;
    let key = "k";
    member
        .client
        .shows()
        .comment(&tonight(), &says("再见"), key)
        .await
        .unwrap();
    shows.step(&tonight(), ShowStep::End).await.unwrap();

    let client = shop.client("zh-CN");
    let replay = now(client.shows().replay(&tonight()).await.unwrap());
    assert!(replay.ms >= 50 * 60_000 && replay.events > 620);
    let events = all(&shop, &tonight(), 500).await;
    assert!(
        events
            .iter()
            .all(|event| !matches!(event.what, What::Goods { .. }))
    );
    let mut folded = now(client.shows().replay_room(&tonight(), 0).await.unwrap());
    for at_ms in [0, 600_000, 1_800_000, 2_999_000, replay.ms] {
        let there = now(client.shows().replay_room(&tonight(), at_ms).await.unwrap());
        for event in events
            .iter()
            .filter(|event| event.clock_ms() - replay.starts_at <= at_ms)
        {
            assert_ne!(folded.take(event), Taken::Gap);
        }
        assert_eq!(shared(&there), shared(&folded), "at {at_ms}");
    }
    assert_eq!(folded.comments.last().unwrap().text, "再见");
}

#[tokio::test]
async fn what_the_host_has_taken_away_does_not_come_back() {
    let (shop, host) = OpenShop::on_air(HOST).await;
    let member = shop.member("13800138000").await;
    let shows = member.client.shows();
    let rude = shows.comment(&tonight(), &says("粗话"), "1").await.unwrap();
    shop.minutes_pass(1);
    shows.comment(&tonight(), &says("你好"), "2").await.unwrap();
    shop.minutes_pass(1);
    let desk = host.desk_shows();
    desk.remove(&tonight(), &rude.id).await.unwrap();
    desk.step(&tonight(), ShowStep::End).await.unwrap();

    let client = shop.client("zh-CN");
    let replay = now(client.shows().replay(&tonight()).await.unwrap());
    let events = all(&shop, &tonight(), 500).await;
    let ids: Vec<u32> = events.iter().map(|event| event.id).collect();
    assert_eq!(ids, (1..=replay.events).collect::<Vec<_>>());
    let said: Vec<_> = events
        .iter()
        .filter_map(|event| match &event.what {
            What::Comment { comment } => Some(comment.text.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(said, ["你好"]);
    // Before it was taken away, too.
    let then = now(client
        .shows()
        .replay_room(&tonight(), 90_000)
        .await
        .unwrap());
    assert_eq!(then.comments.len(), 1);
}

#[tokio::test]
async fn goods_have_the_price_of_today() {
    let shop = OpenShop::demo().await;
    let client = shop.client("zh-CN");
    let room = |at| {
        let client = &client;
        async move { now(client.shows().replay_room(&recorded(), at).await.unwrap()) }
    };
    let before = room(100_000).await.goods[0].variants[0].clone();
    sqlx::query("UPDATE variants SET price = price + 150 WHERE id = ?")
        .bind(before.id.as_str())
        .execute(&mut shop.file().await)
        .await
        .unwrap();
    for at in [0, 100_000, i64::MAX] {
        let now = room(at).await.goods[0].variants[0].clone();
        assert_eq!(now.price.amount, before.price.amount + 150);
    }
}

#[tokio::test]
async fn what_was_recorded_lies_where_it_was_sent() {
    let shop = OpenShop::demo().await;
    let client = shop.client("zh-CN");
    let replay = now(client.shows().replay(&recorded()).await.unwrap());
    let stream: String = sqlx::query_scalar("SELECT stream FROM shows WHERE id = 'market-morning'")
        .fetch_one(&mut shop.file().await)
        .await
        .unwrap();
    // The smallest file that says that it is 60 s long.
    let mut file = vec![0, 0, 0, 116];
    file.extend(*b"moov\0\0\0\x6cmvhd");
    file.extend([0; 12]);
    file.extend(1_000_u32.to_be_bytes());
    file.extend(60_000_u32.to_be_bytes());
    file.resize(116, 0);
    fs::create_dir_all(shop.folders.records()).unwrap();
    let put = |begin: i64| {
        let name = format!("{stream}-{begin}.mp4");
        fs::write(shop.folders.records().join(name), &file).unwrap();
    };
    put(replay.starts_at - 10_000);
    put(replay.starts_at + 80_000);
    // Tried out before the show, and left on after it.
    put(replay.starts_at - 600_000);
    put(replay.starts_at + replay.ms);
    let replay = now(client.shows().replay(&recorded()).await.unwrap());
    let parts: Vec<_> = replay
        .parts
        .iter()
        .map(|part| (part.at_ms, part.ms))
        .collect();
    assert_eq!(parts, [(-10_000, 60_000), (80_000, 60_000)]);
    let (part, into) = replay.part_at(90_000).unwrap();
    assert_eq!((into, part.video.kind), (10_000, VideoKind::File));
    let range = shop
        .served
        .get(&part.video.url)
        .header("range", "bytes=0-7");
    assert_eq!(range.send().await.unwrap().status(), 206);
}
