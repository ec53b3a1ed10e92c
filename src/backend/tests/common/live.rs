//! Shows in the shop of a test: a host, members, viewers who listen.

use super::{OpenShop, now};
use client::Client;
use client::live::{Door, Frame, Parser, Status, Told, follow};
use client::native::Native;
use client::transport::{StreamRequest, Streaming};
use domain::id::ShowId;
use domain::live::{Beat, CommentRequest, Event, Room, Taken};
use domain::show::ShowStep;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::oneshot;

/// How long anything may take before the test fails instead of hanging.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The show of the demo that can go on air at once.
pub fn tonight() -> ShowId {
    "tonight".into()
}

impl OpenShop {
    /// The demo shop, with a host at the desk and a show on air.
    pub async fn on_air(pin: &str) -> (Self, Client<Native>) {
        let shop = Self::demo().await;
        let host = shop.desk(pin).await;
        let shows = host.desk_shows();
        shows.step(&tonight(), ShowStep::Start).await.unwrap();
        (shop, host)
    }

    /// The room as nobody in particular sees it.
    pub async fn room(&self) -> Room {
        let client = self.client("zh-CN");
        now(client.shows().room(&tonight()).await.unwrap())
    }
}

/// A comment without anything else.
pub fn says(text: &str) -> CommentRequest {
    CommentRequest {
        text: text.to_owned(),
        question: false,
        mark: String::new(),
        name: None,
    }
}

/// One stream, read as it comes.
pub struct Stream {
    transport: Native,
    stream: Option<<Native as Streaming>::Stream>,
    parser: Parser,
    frames: Vec<Frame>,
}

impl Stream {
    /// Opens the stream at an address.
    pub async fn open(url: String) -> Self {
        Self::try_open(url).await.expect("a stream")
    }

    /// The same, where it may not be there.
    pub async fn try_open(url: String) -> Option<Self> {
        let transport = Native::new();
        let request = StreamRequest {
            url,
            language: "zh-CN".into(),
            timeout_ms: 10_000,
        };
        let stream = transport.open(request).await.ok()?;
        Some(Self {
            transport,
            stream: Some(stream),
            parser: Parser::default(),
            frames: Vec::new(),
        })
    }

    /// The stream of a show after an event.
    pub async fn of(shop: &OpenShop, query: &str) -> Self {
        Self::open(
            shop.served
                .at(&format!("/api/v1/shows/tonight/events{query}")),
        )
        .await
    }

    /// The next frame; `None` at the end.
    pub async fn next(&mut self) -> Option<Frame> {
        loop {
            if !self.frames.is_empty() {
                return Some(self.frames.remove(0));
            }
            let reading = self.transport.next(self.stream.take()?);
            let read = tokio::time::timeout(PATIENCE, reading);
            let (stream, bytes) = read.await.expect("something comes")?;
            self.stream = Some(stream);
            self.frames = self.parser.feed(&bytes);
        }
    }

    /// The next frame, which must be this one.
    pub async fn beat(&mut self, name: &str) -> Beat {
        let frame = self.next().await.expect("a frame");
        assert_eq!(frame.event, name, "{frame:?}");
        serde_json::from_str(&frame.data).unwrap()
    }

    /// The next event; beats are passed over.
    pub async fn event(&mut self) -> Event {
        loop {
            let frame = self.next().await.expect("a frame");
            if frame.event == "beat" {
                continue;
            }
            assert_eq!(frame.event, "", "{frame:?}");
            let event: Event = serde_json::from_str(&frame.data).unwrap();
            assert_eq!(frame.id, event.id.to_string());
            return event;
        }
    }

    /// The next event of which this holds; others are passed over.
    pub async fn until(&mut self, holds: impl Fn(&Event) -> bool) -> Event {
        loop {
            let event = self.event().await;
            if holds(&event) {
                return event;
            }
        }
    }
}

/// What a page has.
#[derive(Clone, Debug, Default)]
pub struct Screen {
    pub room: Option<Room>,
    pub status: Option<Status>,
    pub rooms: u32,
    pub events: u32,
}

/// A page that follows a show by the supervisor.
pub struct Viewer {
    pub screen: Arc<Mutex<Screen>>,
    pub door: Door,
    ended: oneshot::Receiver<()>,
    /// Dropped, it has the page closed.
    _open: oneshot::Sender<()>,
}

impl Viewer {
    /// Begins to follow.
    pub fn follow(base: &str) -> Self {
        let client = Client::new(Native::new(), base, "zh-CN");
        let (screen, door) = (Arc::new(Mutex::new(Screen::default())), Door::default());
        let (shown, heard) = (Arc::clone(&screen), door.clone());
        let (end, ended) = oneshot::channel();
        let (open, closed) = oneshot::channel::<()>();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            let show = tonight();
            let following = follow(&client, &show, None, &heard, |told| {
                let mut screen = shown.lock().unwrap();
                match told {
                    Told::Room(room) => {
                        screen.rooms += 1;
                        screen.room = Some(*room);
                    }
                    Told::Event(event) => {
                        screen.events += 1;
                        let room = screen.room.as_mut().expect("a room before its events");
                        assert_eq!(room.take(&event), Taken::Next);
                    }
                    Told::Status(status) => screen.status = Some(status),
                }
            });
            runtime.block_on(async {
                tokio::select! {
                    () = following => {
                        let _ = end.send(());
                    }
                    _ = closed => {}
                }
            });
        });
        Self {
            screen,
            door,
            ended,
            _open: open,
        }
    }

    /// Waits until this holds of what it shows.
    pub async fn shows(&self, holds: impl Fn(&Screen) -> bool) -> Screen {
        let begun = std::time::Instant::now();
        loop {
            let screen = self.screen.lock().unwrap().clone();
            if holds(&screen) {
                return screen;
            }
            assert!(begun.elapsed() < PATIENCE, "still shows {screen:?}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits until it has ended by itself.
    pub async fn ended(self) -> Screen {
        tokio::time::timeout(PATIENCE, self.ended)
            .await
            .unwrap()
            .unwrap();
        let screen = self.screen.lock().unwrap();
        screen.clone()
    }
}

/// What is the same for everybody in a room.
pub fn common(room: &Room) -> Room {
    let mut room = room.clone();
    (room.mine, room.tasting, room.now) = (None, None, room.show.starts_at);
    room.show.remind = false;
    room
}
