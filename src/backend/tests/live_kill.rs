//! The programme is killed again and again in the middle of a show. No event is lost or doubled, none
//! that was sent is another one afterwards, and who follows the show has in the end what the server has.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod common;

use client::Client;
use client::live::Status;
use client::native::Native;
use client::transport::{KEY_HEADER, SAFE_HEADER};
use common::OpenShop;
use common::live::{PATIENCE, Stream, Viewer, common, says, tonight};
use common::people::HOST;
use common::running::Running;
use domain::live::{Event, Room, What};
use sqlx::{Connection, SqliteConnection};
use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How often the programme is killed.
const KILLS: usize = 20;
/// How many members write meanwhile.
const WRITERS: usize = 8;

fn chance() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    u64::from(now.subsec_micros())
}

/// One who writes: each comment under a key of its own, sent again until it is answered.
async fn write(base: String, cookie: String, who: usize, stop: Arc<AtomicBool>) -> Vec<String> {
    let http = reqwest::Client::builder()
        .timeout(Duration::from_secs(5))
        .build()
        .unwrap();
    let mut done = Vec::new();
    for number in 0.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let text = format!("{who}-{number}");
        loop {
            let answer = http
                .post(format!("{base}/shows/tonight/comments"))
                .header(SAFE_HEADER, "1")
                .header(KEY_HEADER, &text)
                .header("cookie", &cookie)
                .json(&says(&text))
                .send()
                .await;
            match answer {
                Ok(answer) if answer.status() == 201 => break,
                // Faster than a room can read: later, under the same key.
                Ok(answer) if answer.status() == 429 => {}
                Ok(answer) => assert!(answer.status().as_u16() >= 500, "{}", answer.status()),
                Err(_) => {}
            }
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
        done.push(text);
    }
    done
}

/// One who only looks at the wire, and remembers every event that was ever sent.
async fn listen(base: String, seen: Arc<Mutex<BTreeMap<u32, Event>>>, stop: Arc<AtomicBool>) {
    while !stop.load(Ordering::Relaxed) {
        let last = seen.lock().unwrap().keys().last().copied().unwrap_or(0);
        let url = format!("{base}/shows/tonight/events?after={last}");
        let Some(mut stream) = Stream::try_open(url).await else {
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        while let Some(frame) = stream.next().await {
            assert_ne!(frame.event, "resync", "nothing was lost: {frame:?}");
            if frame.event.is_empty() {
                let event: Event = serde_json::from_str(&frame.data).unwrap();
                let before = seen.lock().unwrap().insert(event.id, event.clone());
                assert!(before.is_none(), "sent twice: {event:?}");
            }
        }
    }
}

async fn kept(data: &Path) -> Vec<(u32, What)> {
    let file = format!("sqlite://{}", data.join("shop.sqlite").display());
    let mut file = SqliteConnection::connect(&file).await.unwrap();
    let rows: Vec<(u32, String)> =
        sqlx::query_as("SELECT id, what FROM live_events WHERE show = 'tonight' ORDER BY id")
            .fetch_all(&mut file)
            .await
            .unwrap();
    let what = |(id, what): (u32, String)| (id, serde_json::from_str(&what).unwrap());
    rows.into_iter().map(what).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_show_survives_being_killed() {
    let (shop, _host) = OpenShop::on_air(HOST).await;
    let mut cookies = Vec::new();
    for who in 0..WRITERS {
        cookies.push(shop.member(&format!("139{who:08}")).await.cookie);
    }
    let folder = shop.close().await;
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let (addr, base) = (port.to_string(), format!("http://{port}/api/v1"));
    let mut running = Running::start_at(&addr, folder.path(), &[]);

    let stop = Arc::new(AtomicBool::new(false));
    let seen = Arc::new(Mutex::new(BTreeMap::new()));
    let viewer = Viewer::follow(&base);
    let writers: Vec<_> = cookies
        .into_iter()
        .enumerate()
        .map(|(who, cookie)| tokio::spawn(write(base.clone(), cookie, who, Arc::clone(&stop))))
        .collect();
    let listening = tokio::spawn(listen(base.clone(), Arc::clone(&seen), Arc::clone(&stop)));
    for _ in 0..KILLS {
        tokio::time::sleep(Duration::from_millis(60 + chance() % 240)).await;
        running.signal("KILL");
        running.ended();
        running = Running::start_at(&addr, folder.path(), &[]);
    }
    stop.store(true, Ordering::Relaxed);
    let mut done = Vec::new();
    for writer in writers {
        let written = tokio::time::timeout(PATIENCE, writer).await.unwrap();
        done.extend(written.unwrap());
    }

    // The viewer comes to rest where the server is.
    let client = Client::new(Native::new(), &base, "zh-CN");
    let mut room: Room = client.shows().room(&tonight()).await.unwrap().value;
    let begun = std::time::Instant::now();
    loop {
        let screen = viewer.screen.lock().unwrap().clone();
        let same = screen.room.as_ref().map(common) == Some(common(&room));
        if same && screen.status == Some(Status::Live) {
            break;
        }
        assert!(begun.elapsed() < PATIENCE, "{:?}", screen.status);
        tokio::time::sleep(Duration::from_millis(50)).await;
        room = client.shows().room(&tonight()).await.unwrap().value;
    }
    running.signal("KILL");
    running.ended();
    listening.await.unwrap();

    let events = kept(folder.path()).await;
    for (number, (id, _)) in (1..).zip(&events) {
        assert_eq!(*id, number, "a gap");
    }
    for (id, event) in seen.lock().unwrap().iter() {
        let (_, what) = &events[*id as usize - 1];
        assert_eq!(*what, event.what, "event {id} was sent otherwise");
    }
    let mut said: Vec<_> = events
        .iter()
        .filter_map(|(_, what)| match what {
            What::Comment { comment } => Some(comment.text.clone()),
            _ => None,
        })
        .collect();
    said.sort();
    done.sort();
    assert!(done.len() >= 2 * WRITERS, "{} comments", done.len());
    assert_eq!(said, done, "each once");
}

#[tokio::test]
async fn a_stop_ends_the_streams_and_does_not_wait_for_them() {
    let (shop, _host) = OpenShop::on_air(HOST).await;
    let folder = shop.close().await;
    let running = Running::start(folder.path(), &[]);
    let url = format!("{}/shows/tonight/events", running.base);
    let mut stream = Stream::open(url).await;
    stream.beat("beat").await;
    running.signal("TERM");
    // The count of viewers may still come, and then nothing.
    while let Some(frame) = stream.next().await {
        assert_eq!(frame.event, "");
    }
    assert!(running.ended().success());
}

#[tokio::test]
async fn a_database_of_before_begins_a_new_epoch() {
    let (shop, _host) = OpenShop::on_air(HOST).await;
    let member = shop.member("13800138000").await;
    let says_so = async |key: &str| {
        let shows = member.client.shows();
        shows.comment(&tonight(), &says(key), key).await.unwrap();
    };
    says_so("1").await;
    // A copy is made, and the show goes on.
    let copy = shop.folders.data.join("copy.sqlite");
    let sql = format!("VACUUM INTO '{}'", copy.display());
    sqlx::query(sqlx::AssertSqlSafe(sql))
        .execute(&mut shop.file().await)
        .await
        .unwrap();
    says_so("2").await;
    says_so("3").await;
    let before = shop.room().await;
    let folder = shop.close().await;

    // Started again as it was, it goes on.
    let shop = OpenShop::again(folder).await;
    let same = shop.room().await;
    assert_eq!(common(&same), common(&before));
    let folder = shop.close().await;
    for file in ["shop.sqlite-wal", "shop.sqlite-shm"] {
        let _ = std::fs::remove_file(folder.path().join(file));
    }
    std::fs::rename(
        folder.path().join("copy.sqlite"),
        folder.path().join("shop.sqlite"),
    )
    .unwrap();

    let shop = OpenShop::again(folder).await;
    let after = shop.room().await;
    assert_ne!(after.epoch, before.epoch);
    assert!(after.last_event_id < before.last_event_id);
    let query = format!("?epoch={}&after={}", before.epoch, after.last_event_id);
    let mut stream = Stream::of(&shop, &query).await;
    assert_eq!(stream.beat("resync").await.epoch, after.epoch);
}
