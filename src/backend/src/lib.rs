//! A backend to start with: the JSON contract over axum and one SQLite file. It serves the built
//! pages too, so that one command opens a working shop.

mod album;
mod calendar;
mod clock;
pub mod demo;
mod fresh;
mod language;
pub mod live;
pub mod media;
pub mod openapi;
pub mod payment;
mod pickup;
pub mod problem;
pub mod routes;
pub mod secret;
mod site;
mod slots;
mod store;

pub use clock::Clock;
pub use language::Language;
pub use store::{StaffSeed, Store, StoreError};

use album::Album;
use axum::Router;
use client::page::PageConfig;
use media::Media;
use payment::{Provider, Sandbox};
use routes::Shop;
use routes::sandbox::Counter;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where the shop's files are.
#[derive(Clone, Debug)]
pub struct Folders {
    /// The database and the shop's pictures.
    pub data: PathBuf,
    /// The built pages; without them only the API is served.
    pub site: Option<PathBuf>,
}

impl Folders {
    /// The database file.
    pub fn database(&self) -> PathBuf {
        self.data.join("shop.sqlite")
    }

    /// The shop's pictures.
    pub fn pictures(&self) -> PathBuf {
        self.data.join("pictures")
    }

    /// The HLS of shows that are on: a media server on this machine writes it.
    pub fn hls(&self) -> PathBuf {
        self.data.join("media").join("hls")
    }

    /// What is recorded of shows.
    pub fn records(&self) -> PathBuf {
        self.data.join("media").join("records")
    }

    /// The pictures that shoppers send; nothing serves this folder.
    pub fn returns(&self) -> PathBuf {
        self.data.join("returns")
    }
}

/// How the shop was started.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Shows sign-in codes and PINs on the page: for a demo, never for a shop.
    pub show_codes: bool,
    /// A program that sends sign-in codes: it finds `PHONE` and `CODE` in its environment.
    pub send_codes: Option<PathBuf>,
    /// Whether the shop is reached over HTTPS: then its cookies travel on nothing else.
    pub https: bool,
    /// Where pictures of shows come from and go to.
    pub media: Media,
}

/// The whole shop as one service: API, pages, pictures. Payments are looked after beside it, until
/// its store is closed.
pub async fn shop(store: Store, folders: &Folders, settings: Settings) -> anyhow::Result<Router> {
    let (_, zone) = store.name_and_zone().await?;
    shop_by(store, folders, settings, Clock::of(&zone)?).await
}

/// The same by a clock that somebody else may put forward.
pub async fn shop_by(
    store: Store,
    folders: &Folders,
    settings: Settings,
    clock: Clock,
) -> anyhow::Result<Router> {
    let (name, _) = store.name_and_zone().await?;
    let clock = Arc::new(clock);
    // Whoever tries a demo pays with no money. A shop that is none has no provider yet.
    let sandbox = settings
        .show_codes
        .then(|| Sandbox::new(store.clone(), Arc::clone(&clock)));
    let secret = match &sandbox {
        Some(_) => Some(store.notice_secret().await?),
        None => None,
    };
    let config = PageConfig {
        capabilities: Some(routes::about::capabilities(sandbox.is_some())),
        ..PageConfig::new(routes::BASE, &name)
    };
    let pages = site::pages(folders, &settings.media, &config)?;
    let album = Album::new(&folders.returns());
    let known = store.return_pictures().await?;
    album.tidy(&known.into_iter().collect()).await?;
    let fanout = Arc::new(live::InProcess::default());
    let live = live::Live::open(store.clone(), Arc::clone(&clock), fanout).await?;
    let shop = Shop {
        live,
        store,
        album,
        clock,
        settings: Arc::new(settings),
        folders: Arc::new(folders.clone()),
        provider: sandbox
            .clone()
            .map(|sandbox| Arc::new(sandbox) as Arc<dyn Provider>),
        notice_secret: secret.as_deref().map(Into::into),
    };
    let mut router = Router::new()
        .nest(routes::BASE, routes::api(shop.clone()))
        .fallback_service(pages);
    if let Some((sandbox, secret)) = sandbox.zip(secret) {
        let counter = Counter {
            sandbox: sandbox.clone(),
            shop: name,
        };
        router = router.merge(routes::sandbox::pages(counter));
        tokio::spawn(payment::deliver(sandbox, router.clone(), secret));
        tokio::spawn(payment::sweep(shop));
    }
    Ok(router)
}

/// Moves a database out of the way, with its pictures: nothing of an old shop is lost. Returns
/// where it is now, `None` when there was none.
pub fn put_aside(folders: &Folders, now: i64) -> anyhow::Result<Option<PathBuf>> {
    if !folders.database().exists() {
        return Ok(None);
    }
    let aside = folders.data.join(format!("before-{now}"));
    // It must be a new one: what was put aside before is not written over.
    std::fs::create_dir(&aside)?;
    for name in [
        "shop.sqlite",
        "shop.sqlite-wal",
        "shop.sqlite-shm",
        "shop.sqlite-live",
        "pictures",
        "returns",
        "media",
    ] {
        let from: &Path = &folders.data.join(name);
        if from.exists() {
            std::fs::rename(from, aside.join(name))?;
        }
    }
    Ok(Some(aside))
}
