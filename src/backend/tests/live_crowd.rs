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
use common::OpenShop;
use common::live::{PATIENCE, Viewer, common, says, tonight};
use common::people::HOST;
use domain::id::ShowId;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::broadcast::error::RecvError;

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
            if read == 0 {
                break;
            }
            heard.extend_from_slice(&piece[..read]);
        }
    };
    tokio::time::timeout(PATIENCE, reading).await.unwrap();
    assert!(!heard.is_empty());
}

/// A wire between a viewer and the shop, that can be cut.
async fn wire(
    to: std::net::SocketAddr,
    cut: tokio::sync::watch::Receiver<u32>,
    cuts: Arc<AtomicUsize>,
) -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            let (mut cut, cuts) = (cut.clone(), Arc::clone(&cuts));
            cut.mark_unchanged();
            tokio::spawn(async move {
                let Ok(mut far) = TcpStream::connect(to).await else {
                    return;
                };
                tokio::select! {
                    _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                    _ = cut.changed() => {
                        cuts.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    addr
}

#[tokio::test]
async fn cut_fifty_times_every_viewer_ends_with_the_servers_state() {
    let (shop, _host) = OpenShop::on_air(HOST).await;
    let (cut, cutting) = tokio::sync::watch::channel(0);
    let cuts = Arc::new(AtomicUsize::new(0));
    let mut viewers = Vec::new();
    for _ in 0..3 {
        let addr = wire(shop.served.addr, cutting.clone(), Arc::clone(&cuts)).await;
        viewers.push(Viewer::follow(&format!("http://{addr}/api/v1")));
    }
    let members = [
        shop.member("13800138000").await,
        shop.member("13800138001").await,
    ];
    let mut number = 0_u32;
    while cuts.load(Ordering::Relaxed) < 50 {
        for (who, member) in members.iter().enumerate() {
            let key = format!("{who}-{number}");
            shop.clock.put_forward(1_000);
            member
                .client
                .shows()
                .comment(&tonight(), &says(&key), &key)
                .await
                .unwrap();
            number += 1;
        }
        if number.is_multiple_of(3) {
            cut.send_modify(|cut| *cut += 1);
        }
        // Now and then a phone says that it is away, and back.
        let viewer = &viewers[number as usize % 3];
        if number.is_multiple_of(17) {
            viewer.door.offline();
        } else {
            viewer.door.online();
        }
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
    for viewer in &viewers {
        viewer.door.online();
    }
    for viewer in &viewers {
        let begun = std::time::Instant::now();
        loop {
            let room = shop.room().await;
            let screen = viewer.screen.lock().unwrap().clone();
            let same = screen.room.as_ref().map(common) == Some(common(&room));
            if same && screen.status == Some(Status::Live) {
                assert!(screen.events > 20, "{} events one by one", screen.events);
                break;
            }
            assert!(begun.elapsed() < PATIENCE, "{:?}", screen.status);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}
