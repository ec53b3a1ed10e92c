//! Opens the shop.

use anyhow::Context;
use backend::media::{self, Media};
use backend::{Folders, Settings, StaffSeed, Store, demo, openapi, secret};
use clap::{Parser, Subcommand, ValueEnum};
use std::io::{IsTerminal, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tracing_subscriber::EnvFilter;

/// How long a stop waits for the answers that are under way. Half a request of a phone that has
/// lost its network would never end.
const LAST_ANSWERS: Duration = Duration::from_secs(5);

/// How long a code for a tablet is good, in milliseconds.
const DESK_CODE_GOOD_FOR: i64 = 24 * 3_600_000;

/// The reference backend of the neighbourhood shop: the JSON API under /api/v1, the shop's page
/// under /, the desk under /desk/. Everything it knows is in one SQLite file in the data folder.
#[derive(Debug, Parser)]
#[command(version)]
struct Options {
    #[command(subcommand)]
    command: Option<Command>,

    /// Where to listen; port 0 takes any free one
    #[arg(long, default_value = "127.0.0.1:8080")]
    addr: SocketAddr,

    /// The folder with the database and the shop's pictures; made when missing
    #[arg(long, default_value = "data")]
    data: PathBuf,

    /// The folder with the built pages; without it only the API is served
    #[arg(long)]
    site: Option<PathBuf>,

    /// The folder with drawn pictures (WebP, named by code point) for a new demo shop
    #[arg(long)]
    demo_pictures: Option<PathBuf>,

    /// Start with a new demo shop; an old one is put aside, not deleted
    #[arg(long, conflicts_with = "empty")]
    fresh: bool,

    /// Start with a new shop that has nothing yet; an old one is put aside, not deleted
    #[arg(long)]
    empty: bool,

    /// Grow the demo's catalogue to so many products
    #[arg(long, value_name = "N")]
    demo_products: Option<u32>,

    /// Show sign-in codes and PINs on the pages: for a demo only, anybody could sign in as anybody
    #[arg(long)]
    show_codes: bool,

    /// A program that sends sign-in codes; it finds PHONE and CODE in its environment
    #[arg(long, value_name = "PROGRAM")]
    send_codes: Option<PathBuf>,

    /// The shop is reached over HTTPS: its cookies travel on nothing else
    #[arg(long)]
    https: bool,

    /// Draw the film of the demo's recorded show with ffmpeg, where it is missing
    #[arg(long)]
    demo_video: bool,

    #[command(flatten)]
    media: MediaOptions,

    /// How the log is written (what is logged: RUST_LOG)
    #[arg(long, value_enum, default_value = "text")]
    log: Log,
}

/// The addresses of a media server. `{stream}` stands for the name by which a show is watched, `{host}` for
/// the host by which the desk has reached the shop.
#[derive(Debug, clap::Args)]
struct MediaOptions {
    /// Where shows are watched by WHEP: https://media.example/{stream}/whep
    #[arg(long, value_name = "URL")]
    media_whep: Option<String>,

    /// Where the HLS playlist of a show is: /media/hls/{stream}/index.m3u8 is the data folder's own
    #[arg(long, value_name = "URL")]
    media_hls: Option<String>,

    /// Where an HLS playlist with nothing but its sound is: /media/hls/{stream}/audio.m3u8
    #[arg(long, value_name = "URL")]
    media_audio: Option<String>,

    /// Where a show is sent to by WHIP; the key is the bearer token
    #[arg(long, value_name = "URL")]
    media_whip: Option<String>,

    /// Where a show is sent to by RTMP, without the key: rtmp://{host}:1935/live
    #[arg(long, value_name = "URL")]
    media_rtmp: Option<String>,

    /// What a media server on another machine must send as `?secret=` to be heard
    #[arg(long, value_name = "TEXT")]
    media_secret: Option<String>,
}

impl MediaOptions {
    fn media(&self) -> Media {
        Media {
            whep: self.media_whep.clone(),
            hls: self.media_hls.clone(),
            audio: self.media_audio.clone(),
            whip: self.media_whip.clone(),
            rtmp: self.media_rtmp.clone(),
            secret: self.media_secret.clone(),
        }
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print the OpenAPI document and stop
    Openapi,
    /// Print a one-time code with which a tablet becomes one of the shop's desks, and stop
    RegisterDesk,
    /// Make somebody one of the shop's staff, print the PIN, and stop
    AddStaff {
        /// What they are called
        name: String,
        /// What they may do
        #[arg(long, value_enum, default_value = "clerk")]
        role: StaffRole,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum StaffRole {
    Owner,
    Host,
    Clerk,
}

impl StaffRole {
    fn word(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Host => "host",
            Self::Clerk => "clerk",
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Log {
    Text,
    Json,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    if matches!(options.command, Some(Command::Openapi)) {
        std::io::stdout().write_all(openapi::text()?.as_bytes())?;
        return Ok(());
    }
    start_log(options.log);
    let folders = Folders {
        data: options.data.clone(),
        site: options.site.clone(),
    };
    if matches!(options.command, Some(Command::RegisterDesk)) {
        let store = Store::open(&folders.database()).await?;
        let code = store.make_device_code(now()?, DESK_CODE_GOOD_FOR).await?;
        store.close().await;
        writeln!(
            std::io::stdout(),
            "{code}\nType it at /desk/ on the tablet within a day; it works once."
        )?;
        return Ok(());
    }
    if let Some(Command::AddStaff { name, role }) = &options.command {
        let store = Store::open(&folders.database()).await?;
        let pin = secret::digits()?;
        let staff = StaffSeed {
            id: secret::id()?,
            name: serde_json::json!({ "zh": name }),
            role: role.word().to_owned(),
            pin: pin.clone(),
        };
        store.add_staff(&staff).await?;
        store.close().await;
        writeln!(std::io::stdout(), "{name} signs in with the PIN {pin}")?;
        return Ok(());
    }
    std::fs::create_dir_all(&folders.data)
        .with_context(|| format!("cannot make {}", folders.data.display()))?;
    // First of all: where a shop is open already, its file must not be put aside under its feet.
    let listener = TcpListener::bind(options.addr)
        .await
        .with_context(|| format!("cannot listen on {}", options.addr))?;
    let store = open(&options, &folders).await?;
    let settings = Settings {
        show_codes: options.show_codes,
        send_codes: options.send_codes.clone(),
        https: options.https,
        media: options.media.media(),
    };
    let shop = backend::shop(store.clone(), &folders, settings).await?;
    let addr = listener.local_addr()?;
    tracing::info!(%addr, data = %folders.data.display(), "the shop is open");
    if options.show_codes && options.site.is_some() {
        // Whoever tries the demo gets a desk without reading a manual first.
        let code = store.make_device_code(now()?, DESK_CODE_GOOD_FOR).await?;
        writeln!(
            std::io::stdout(),
            "desk http://{addr}/desk/#register={code}"
        )?;
    }
    // For whoever started this and waits for it.
    writeln!(std::io::stdout(), "listening on http://{addr}")?;
    let (stopping, stopped) = oneshot::channel();
    let open = store.clone();
    if options.demo_video {
        let (store, folders) = (store.clone(), folders.clone());
        tokio::spawn(async move {
            if let Err(error) = media::demo::film(&store, &folders).await {
                tracing::warn!(%error, "the demo's recorded show has no film");
            }
        });
    }
    // Made ready once: a router as it is would be built anew for every connection, 250 KiB each. Whoever
    // calls is known by the address: a media server on this machine is heard.
    let shop = shop.into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, shop).with_graceful_shutdown(async move {
        asked_to_stop().await;
        // Streams of the live room would go on for ever.
        open.say_goodbye();
        let _ = stopping.send(());
    });
    let out_of_patience = async {
        // Without a word the serving has ended by itself.
        if stopped.await.is_err() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(LAST_ANSWERS).await;
    };
    tokio::select! {
        served = serving.into_future() => served?,
        () = out_of_patience => tracing::warn!("closing although somebody is still connected"),
    }
    store.close().await;
    tracing::info!("the shop is closed");
    Ok(())
}

/// Milliseconds since 1970 UTC.
fn now() -> anyhow::Result<i64> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    Ok(i64::try_from(now.as_millis())?)
}

/// The shop's store, with the shop in it that was asked for.
async fn open(options: &Options, folders: &Folders) -> anyhow::Result<Store> {
    let now = now()?;
    if (options.fresh || options.empty)
        && let Some(aside) = backend::put_aside(folders, now)?
    {
        tracing::info!(to = %aside.display(), "the shop that was here is put aside");
    }
    let store = Store::open(&folders.database())
        .await
        .with_context(|| format!("cannot open {}", folders.database().display()))?;
    if !store.has_shop().await? {
        if options.empty {
            demo::found_empty(&store, now).await?;
        } else {
            demo::found(
                &store,
                options.demo_pictures.as_deref(),
                &folders.pictures(),
                now,
            )
            .await?;
        }
    }
    if let Some(count) = options.demo_products {
        demo::grow(&store, count, now).await?;
    }
    Ok(store)
}

fn start_log(log: Log) {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,tower_http=warn"));
    let log_lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match log {
        Log::Text => log_lines.with_ansi(std::io::stderr().is_terminal()).init(),
        Log::Json => log_lines.json().init(),
    }
}

/// Waits for Ctrl-C or, on Unix, a SIGTERM.
async fn asked_to_stop() {
    let interrupt = async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::error!(%error, "cannot wait for Ctrl-C");
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    () = interrupt => {}
                    _ = terminate.recv() => {}
                }
            }
            Err(_) => interrupt.await,
        }
    }
    #[cfg(not(unix))]
    interrupt.await;
}
