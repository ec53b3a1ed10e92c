//! A shop that is open for a test: a real database file in a folder of its own, served on a real
//! socket.

#![allow(dead_code, reason = "each test file uses its part of this")]

pub mod live;
pub mod people;
pub mod running;
pub mod tastings;

use axum::Router;
use backend::{Clock, Folders, Settings, Store, demo};
use client::native::Native;
use client::{Client, Fresh, Source};
use domain::problem::{MEDIA_TYPE, Problem};
use reqwest::{Method, RequestBuilder, StatusCode};
use sqlx::{Connection, SqliteConnection};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// When every shop of the tests was born: 2026-11-22 10:42:31 in Shanghai.
pub const BORN: i64 = 1_795_315_351_000;

/// Chance: enough for moments and choices, and the same for the same seed (xorshift64*).
pub struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) % end
    }

    /// Waits for a while, in milliseconds.
    pub async fn pause(&mut self, most: u64) {
        tokio::time::sleep(Duration::from_millis(self.below(most))).await;
    }
}

/// A router on a socket.
pub struct Served {
    pub addr: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Served {
    pub async fn start(router: Router) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").await.unwrap(), router)
    }

    /// On a socket of the test's own.
    pub fn on(listener: TcpListener, router: Router) -> Self {
        let addr = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(async move {
            let asked = async move {
                let _ = stopped.await;
            };
            let router = router.into_make_service_with_connect_info::<SocketAddr>();
            let serving = axum::serve(listener, router).with_graceful_shutdown(asked);
            serving.await.unwrap();
        });
        Self {
            addr,
            stop: Some(stop),
            task,
        }
    }

    /// An absolute address.
    pub fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    /// A request of a caller who follows no redirects.
    pub fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        http.request(method, self.at(path))
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.ask(Method::GET, path)
    }

    /// Status and whole answer of a request whose path no library has tidied up.
    pub async fn raw(&self, method: &str, path: &str) -> (u16, String) {
        self.bytes(format!(
            "{method} {path} HTTP/1.1\r\nhost: shop\r\nconnection: close\r\n\r\n"
        ))
        .await
    }

    /// Status and whole answer of a request written by hand, that must ask to close.
    pub async fn bytes(&self, request: String) -> (u16, String) {
        let addr = self.addr;
        let answer = tokio::task::spawn_blocking(move || {
            let mut stream = TcpStream::connect(addr).unwrap();
            // Only so that a test that should fail does not hang.
            let patience = Some(Duration::from_secs(20));
            stream.set_read_timeout(patience).unwrap();
            stream.write_all(request.as_bytes()).unwrap();
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).unwrap();
            String::from_utf8_lossy(&answer).into_owned()
        })
        .await
        .unwrap();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        (status, answer)
    }

    /// Stops as a person would stop it: what is being answered is answered.
    pub async fn stop(mut self) {
        self.stop.take().unwrap().send(()).unwrap();
        (&mut self.task).await.unwrap();
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A shop on a socket.
pub struct OpenShop {
    pub served: Served,
    /// What is served, to be served on another socket too.
    pub router: Router,
    pub store: Store,
    pub folders: Folders,
    /// The shop's clock, that a test may put forward.
    pub clock: Clock,
    folder: TempDir,
}

impl OpenShop {
    /// The demo shop, just founded.
    pub async fn demo() -> Self {
        Self::demo_with_site(None).await
    }

    /// The demo shop with pages.
    pub async fn demo_with_site(site: Option<&Path>) -> Self {
        Self::demo_with(site, shown()).await
    }

    /// The demo shop, started in another way than a demo is.
    pub async fn started(settings: Settings) -> Self {
        Self::demo_with(None, settings).await
    }

    async fn demo_with(site: Option<&Path>, settings: Settings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("shop.sqlite"))
            .await
            .unwrap();
        demo::found(&store, None, &folder.path().join("pictures"), BORN)
            .await
            .unwrap();
        Self::open(folder, store, site, settings).await
    }

    /// The demo shop in another zone.
    pub async fn in_zone(zone: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("shop.sqlite"))
            .await
            .unwrap();
        demo::found(&store, None, &folder.path().join("pictures"), BORN)
            .await
            .unwrap();
        let file = format!("sqlite://{}", folder.path().join("shop.sqlite").display());
        sqlx::query("UPDATE shop SET zone = ?")
            .bind(zone)
            .execute(&mut SqliteConnection::connect(&file).await.unwrap())
            .await
            .unwrap();
        Self::open(folder, store, None, shown()).await
    }

    /// A shop with nothing on its shelves, without shelves.
    pub async fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("shop.sqlite"))
            .await
            .unwrap();
        demo::found_empty(&store, BORN).await.unwrap();
        Self::open(folder, store, None, shown()).await
    }

    /// The shop that was in this folder.
    pub async fn again(folder: TempDir) -> Self {
        let store = Store::open(&folder.path().join("shop.sqlite"))
            .await
            .unwrap();
        Self::open(folder, store, None, shown()).await
    }

    async fn open(folder: TempDir, store: Store, site: Option<&Path>, settings: Settings) -> Self {
        let folders = Folders {
            data: folder.path().to_owned(),
            site: site.map(Path::to_owned),
        };
        let (_, zone) = store.name_and_zone().await.unwrap();
        let clock = Clock::of(&zone).unwrap();
        let router = backend::shop_by(store.clone(), &folders, settings, clock.clone())
            .await
            .unwrap();
        Self {
            clock,
            served: Served::start(router.clone()).await,
            router,
            store,
            folders,
            folder,
        }
    }

    /// Puts the shop's clock forward to this time of tomorrow, so that a test does not depend on when
    /// it runs.
    pub fn tomorrow_at(&self, hour: u16, minute: u16) {
        let now = self.clock.now();
        let tomorrow = self.clock.date(now, 1).unwrap();
        let then = self.clock.exactly(tomorrow, hour * 60 + minute).unwrap();
        self.clock.put_forward(then.ms - now.ms);
    }

    /// Puts the shop's clock forward by so many minutes.
    pub fn minutes_pass(&self, minutes: i64) {
        self.clock.put_forward(minutes * 60_000);
    }

    /// Closes the shop; its folder stays.
    pub async fn close(self) -> TempDir {
        self.store.say_goodbye();
        self.served.stop().await;
        self.store.close().await;
        self.folder
    }

    /// Somebody who speaks with this shop.
    pub fn client(&self, language: &str) -> Client<Native> {
        Client::new(Native::new(), &self.served.at("/api/v1"), language)
    }

    /// The database file from beside, as another programme would open it.
    pub async fn file(&self) -> SqliteConnection {
        let file = self.folders.database();
        SqliteConnection::connect(&format!("sqlite://{}", file.display()))
            .await
            .unwrap()
    }
}

/// As a demo is started: whoever signs in is shown the code.
fn shown() -> Settings {
    Settings {
        show_codes: true,
        ..Settings::default()
    }
}

/// The value of an answer that came from the backend itself.
pub fn now<T>(fresh: Fresh<T>) -> T {
    assert_eq!(fresh.source, Source::Backend);
    fresh.value
}

/// The problem that an answer is, after checking that it is one in every respect.
pub async fn problem(answer: reqwest::Response) -> Problem {
    let status = answer.status();
    let url = answer.url().to_string();
    let media_type = answer.headers().get("content-type").cloned();
    let body = answer.text().await.unwrap();
    assert_eq!(
        media_type.as_ref().and_then(|value| value.to_str().ok()),
        Some(MEDIA_TYPE),
        "{status} {url}: {body}"
    );
    let problem: Problem = serde_json::from_str(&body).unwrap();
    assert_eq!(problem.status, status.as_u16(), "{url}");
    assert_eq!(problem.status, problem.kind.status(), "{url}");
    assert_eq!(problem.title, problem.kind.title(), "{url}");
    assert!(!problem.detail.is_empty(), "{url}");
    problem
}

/// A header of an answer as text, empty when there is none.
pub fn header(answer: &reqwest::Response, name: &str) -> String {
    let values = answer.headers().get_all(name).iter();
    let values: Vec<_> = values.map(|value| value.to_str().unwrap()).collect();
    values.join(", ")
}

/// The comma-separated members of a header, sorted.
pub fn members(answer: &reqwest::Response, name: &str) -> Vec<String> {
    let mut members: Vec<_> = header(answer, name)
        .split(',')
        .map(|member| member.trim().to_ascii_lowercase())
        .collect();
    members.sort_unstable();
    members
}

pub async fn ok(request: RequestBuilder) -> reqwest::Response {
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{}", answer.url());
    answer
}
