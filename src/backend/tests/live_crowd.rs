//! Viewers that are slow, cut, away: whoever comes back has what the server has.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod common;

use backend::live::{Fanout, Frame, InProcess};
use client::live::Status;
use common::live::{PATIENCE, Screen, Viewer, common, says, tonight};
use common::people::HOST;
use common::{Chance, OpenShop, Served};
use domain::id::ShowId;
use domain::live::MAX_COMMENT_CHARS;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;

#[tokio::test]
async fn whoever_does_not_keep_up_is_cut() {
    let (fanout, show) = (InProcess::default(), ShowId::from("s"));
    let (mut quick, mut slow) = (fanout.subscribe(&show), fanout.subscribe(&show));
    for id in 1..=2_000_u32 {
        let frame = Frame {
            id,
            bytes: format!("id: {id}\n\n").into(),
            last: false,
        };
        fanout.publish(&show, Arc::from([frame]));
        assert_eq!(quick.recv().await.unwrap()[0].id, id);
    }
    assert!(matches!(slow.recv().await, Err(RecvError::Lagged(_))));
}

#[tokio::test]
async fn one_who_does_not_read_holds_nobody_up() {
    let (shop, _host) = OpenShop::on_air(HOST).await;
    // Somebody asks for the stream, and reads nothing of it.
    let mut lazy = TcpStream::connect(shop.served.addr).await.unwrap();
    let ask = b"GET /api/v1/shows/tonight/events?after=0 HTTP/1.1\r\nhost: shop\r\n\r\n";
    lazy.write_all(ask).await.unwrap();
    let viewer = Viewer::follow(&shop.served.at("/api/v1"));
    viewer
        .shows(|screen| screen.status == Some(Status::Live))
        .await;
    let member = shop.member("13800138000").await;
    for number in 0..60 {
        shop.clock.put_forward(2_000);
        let (shows, key) = (member.client.shows(), format!("k{number}"));
        let text = "很长的一句话".repeat(16);
        shows.comment(&tonight(), &says(&text), &key).await.unwrap();
    }
    let room = shop.room().await;
    viewer
        .shows(|screen| {
            screen.room.as_ref().map(|room| room.last_event_id) >= Some(room.last_event_id)
        })
        .await;
    // The others were never held up by it; and it gets all of it when it reads at last.
    let mut heard = Vec::new();
    let reading = async {
        let mut piece = [0; 64 * 1024];
        while !String::from_utf8_lossy(&heard).contains(&format!("id: {}\n", room.last_event_id)) {
            let read = lazy.read(&mut piece).await.unwrap();
            assert_ne!(read, 0, "cut before it had all");
            heard.extend_from_slice(&piece[..read]);
        }
    };
    tokio::time::timeout(PATIENCE, reading).await.unwrap();
    let heard = String::from_utf8_lossy(&heard);
    let ids = heard.lines().filter_map(|line| line.strip_prefix("id: "));
    let ids: Vec<u32> = ids.filter_map(|id| id.parse().ok()).collect();
    let all: Vec<u32> = (1..=room.last_event_id).collect();
    assert_eq!(ids.get(..all.len()), Some(all.as_slice()));
}

/// A wire between a viewer and the shop, that can be cut, and stopped.
struct Wire {
    addr: SocketAddr,
    cut: watch::Sender<u32>,
    stopped: watch::Sender<bool>,
    seen: Arc<Seen>,
}

/// What has gone over a wire.
#[derive(Default)]
struct Seen {
    /// How many streams were asked for.
    opened: AtomicUsize,
    /// How many of them were cut here.
    cut: AtomicUsize,
    /// How many of them the shop has ended.
    ended: AtomicUsize,
    /// How many there are.
    open: AtomicUsize,
}

impl Wire {
    async fn to(shop: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let wire = Self {
            addr: listener.local_addr().unwrap(),
            cut: watch::Sender::new(0),
            stopped: watch::Sender::new(false),
            seen: Arc::default(),
        };
        let (cut, stopped) = (wire.cut.subscribe(), wire.stopped.subscribe());
        let seen = Arc::clone(&wire.seen);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let (mut cut, stopped) = (cut.clone(), stopped.clone());
                let seen = Arc::clone(&seen);
                cut.mark_unchanged();
                tokio::spawn(async move {
                    let far = narrow().connect(shop).await.unwrap();
                    let streams = AtomicBool::new(false);
                    let was_cut = tokio::select! {
                        () = carry(near, far, stopped, &seen, &streams) => false,
                        _ = cut.changed() => true,
                    };
                    if streams.load(Ordering::Relaxed) {
                        seen.open.fetch_sub(1, Ordering::Relaxed);
                        seen.cut.fetch_add(was_cut.into(), Ordering::Relaxed);
                    }
                });
            }
        });
        wire
    }

    fn viewer(&self) -> Viewer {
        Viewer::follow(&format!("http://{}/api/v1", self.addr))
    }

    fn cut(&self) {
        self.cut.send_modify(|cut| *cut += 1);
    }
}

/// A socket that holds little of what nobody reads.
fn narrow() -> TcpSocket {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    socket.set_send_buffer_size(4_096).unwrap();
    socket
}

/// Carries both ways until one side ends. While the wire is stopped nothing of what the shop says is
/// read.
async fn carry(
    mut near: TcpStream,
    mut far: TcpStream,
    mut stopped: watch::Receiver<bool>,
    seen: &Seen,
    streams: &AtomicBool,
) {
    let (mut asks, mut told) = near.split();
    let (mut says, mut asked) = far.split();
    let there = async {
        let mut piece = [0; 4_096];
        while let Ok(read) = asks.read(&mut piece).await
            && read > 0
        {
            if String::from_utf8_lossy(&piece[..read]).contains("/shows/tonight/events?")
                && !streams.swap(true, Ordering::Relaxed)
            {
                seen.open.fetch_add(1, Ordering::Relaxed);
                seen.opened.fetch_add(1, Ordering::Relaxed);
            }
            if asked.write_all(&piece[..read]).await.is_err() {
                break;
            }
        }
    };
    let back = async {
        let (mut piece, mut tail) = ([0; 4_096], Vec::new());
        loop {
            stopped.wait_for(|stopped| !stopped).await.unwrap();
            let read = says.read(&mut piece).await.unwrap_or(0);
            // The last chunk of an answer may come in any pieces.
            tail.extend_from_slice(&piece[..read]);
            tail.drain(..tail.len().saturating_sub(7));
            let stream = streams.load(Ordering::Relaxed);
            let over = stream && (read == 0 || tail == b"\r\n0\r\n\r\n");
            seen.ended.fetch_add(over.into(), Ordering::Relaxed);
            let told = told.write_all(&piece[..read]).await;
            if told.is_err() || over || read == 0 {
                break;
            }
        }
    };
    tokio::select! {
        () = there => {}
        () = back => {}
    }
}

/// Waits until a viewer has what the server has.
async fn ends_as_the_server(shop: &OpenShop, viewer: &Viewer) -> Screen {
    let begun = Instant::now();
    loop {
        let room = shop.room().await;
        let screen = viewer.screen.lock().unwrap().clone();
        let same = screen.room.as_ref().map(common) == Some(common(&room));
        if same && screen.status == Some(Status::Live) {
            return screen;
        }
        assert!(begun.elapsed() < PATIENCE, "{:?}", screen.status);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn whoever_stops_reading_is_cut_and_goes_on_from_there() {
    let (shop, _host) = OpenShop::on_air(HOST).await;
    let socket = narrow();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let served = Served::on(socket.listen(64).unwrap(), shop.router.clone());
    let wire = Wire::to(served.addr).await;
    let viewer = wire.viewer();
    let before = viewer
        .shows(|screen| screen.status == Some(Status::Live))
        .await;
    wire.stopped.send(true).unwrap();
    // Each is a commit of its own, and together they are far more than the sockets hold.
    let member = shop.member("13800138000").await;
    let text = "🐟".repeat(MAX_COMMENT_CHARS);
    for number in 0..350 {
        shop.clock.put_forward(2_000);
        let (shows, key) = (member.client.shows(), format!("k{number}"));
        shows.comment(&tonight(), &says(&text), &key).await.unwrap();
    }
    let held = viewer.screen.lock().unwrap().clone();
    assert!(held.events < before.events + 90, "{} events", held.events);
    assert_eq!(wire.seen.opened.load(Ordering::Relaxed), 1);
    wire.stopped.send(false).unwrap();
    let screen = ends_as_the_server(&shop, &viewer).await;
    assert_eq!(
        wire.seen.ended.load(Ordering::Relaxed),
        1,
        "cut by the shop"
    );
    assert_eq!(
        wire.seen.opened.load(Ordering::Relaxed),
        2,
        "and asked again"
    );
    assert_eq!(screen.rooms, 1, "by the number of the last event");
    assert!(screen.events >= before.events + 350);
}

/// How often each wire is cut.
const CUTS: usize = 50;
/// How many events one of the viewers misses in one piece.
const MISSED: u32 = 200;

/// Cuts a viewer's wire at any moment while there is a stream on it. Some of the time the viewer hears
/// at once that the network is back, some of the time it finds out by itself.
async fn cuts(shop: &OpenShop, wire: &Wire, viewer: &Viewer, mut chance: Chance, away: bool) {
    let cut = || wire.seen.cut.load(Ordering::Relaxed);
    let mut missed = !away;
    while cut() < CUTS {
        chance.pause(120).await;
        if wire.seen.open.load(Ordering::Relaxed) == 0 {
            continue;
        }
        wire.cut();
        if !missed && cut() > CUTS / 2 {
            viewer.door.offline();
            viewer
                .shows(|screen| screen.status == Some(Status::Offline))
                .await;
            let shown = viewer.screen.lock().unwrap().room.clone();
            let last = shown.map_or(0, |room| room.last_event_id);
            while shop.room().await.last_event_id < last + MISSED {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            viewer.door.online();
            missed = true;
        } else if chance.below(8) == 0 {
            viewer.door.offline();
            chance.pause(60).await;
            viewer.door.online();
        } else if chance.below(4) > 0 {
            chance.pause(60).await;
            viewer.door.online();
        }
    }
    assert!(missed);
}

#[tokio::test]
async fn cut_fifty_times_each_every_viewer_ends_with_the_servers_state() {
    let (shop, _host) = OpenShop::on_air(HOST).await;
    let members = [
        shop.member("13800138000").await,
        shop.member("13800138001").await,
    ];
    let mut wires = Vec::new();
    for _ in 0..3 {
        let wire = Wire::to(shop.served.addr).await;
        let viewer = wire.viewer();
        wires.push((wire, viewer));
    }
    let over = AtomicBool::new(false);
    let writing = async {
        let mut number = 0_u32;
        while !over.load(Ordering::Relaxed) {
            let member = &members[number as usize % 2];
            shop.clock.put_forward(1_000);
            let (shows, key) = (member.client.shows(), number.to_string());
            shows.comment(&tonight(), &says(&key), &key).await.unwrap();
            number += 1;
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let cutting = async {
        let [one, other, third] = wires.as_slice() else {
            panic!("three")
        };
        tokio::join!(
            cuts(&shop, &one.0, &one.1, Chance(7), false),
            cuts(&shop, &other.0, &other.1, Chance(8), true),
            cuts(&shop, &third.0, &third.1, Chance(9), false),
        );
        over.store(true, Ordering::Relaxed);
    };
    tokio::join!(writing, cutting);
    for (wire, viewer) in &wires {
        viewer.door.online();
        let screen = ends_as_the_server(&shop, viewer).await;
        assert!(wire.seen.cut.load(Ordering::Relaxed) >= CUTS);
        assert_eq!(screen.rooms, 1, "cut or away, it goes on by numbers");
        assert!(screen.events > MISSED, "{} events", screen.events);
    }
}
