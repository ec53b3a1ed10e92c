//! A picture in a browser, measured: live through a media server, and a show that is over.

use crate::backend::{self, Backend};
use crate::child::Out;
use crate::media::{self, MediaServer, ServerOptions};
use crate::workspace::Workspace;
use crate::{browser, site};
use anyhow::{Context, Result};
use clap::Args;
use std::net::{SocketAddr, TcpListener};
use std::process::ExitCode;

/// `cargo xtask bench video`
#[derive(Args)]
pub struct VideoOptions {
    /// For how many seconds it is watched
    #[arg(long, value_name = "S", default_value_t = 60, value_parser = clap::value_parser!(u32).range(5..=3_600))]
    seconds: u32,
}

/// `cargo xtask bench replay`
#[derive(Args)]
pub struct ReplayOptions {
    /// How long the show is
    #[arg(long, value_name = "MIN", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=180))]
    minutes: u32,
    /// How fast it is seen: one of the player's own speeds
    #[arg(long, value_name = "TIMES", default_value = "3", value_parser = ["1", "1.25", "1.5", "2", "3"])]
    speed: String,
    /// How many comments there are in a minute
    #[arg(long, value_name = "N", default_value_t = 120, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    rate: u32,
}

/// Prints after how long there is a picture, how late it is and what it takes. Nothing of it is judged: it
/// is all of this machine.
pub fn live(workspace: &Workspace, options: &VideoOptions) -> Result<ExitCode> {
    let seconds = options.seconds.to_string();
    measure(workspace, &["live_video.mjs", &seconds])
}

/// Sees a show that is over from its beginning to its end. Fails when what the page takes keeps growing, or
/// when room and picture do not come together again after a seek.
pub fn replay(workspace: &Workspace, options: &ReplayOptions) -> Result<ExitCode> {
    let [minutes, rate] = [options.minutes, options.rate].map(|number| number.to_string());
    measure(
        workspace,
        &["live_replay.mjs", &minutes, &options.speed, &rate],
    )
}

/// Starts shop and media server, and a script among the browser tests. After its name come the shop's address
/// and folder, then the rest of its words.
fn measure(workspace: &Workspace, words: &[&str]) -> Result<ExitCode> {
    let out = Out::Terminal;
    let programs = media::ready(&out)?;
    site::build(workspace, &site::PageOptions::default(), &out)?;
    let program = backend::release(workspace, &out)?;
    let mut node = browser::with_browser(workspace, &out)?;
    let server = ServerOptions::at(free()?);
    let mut shop = backend::aside(workspace, &program, &out)?;
    // A member signs in with the code that the demo shows.
    shop.arg("--show-codes")
        .arg("--site")
        .arg(site::dist(workspace))
        .args(server.for_backend());
    let shop = Backend::start(&mut shop)?;
    let data = backend::data_aside(workspace);
    let addr = shop.url.trim_start_matches("http://");
    let addr = addr.parse().context("the backend listens nowhere")?;
    let _media = MediaServer::start(workspace, &programs, &server, addr, &data)?;
    let (script, words) = words.split_first().context("which script?")?;
    node.arg(script)
        .arg(&shop.url)
        .arg(&data)
        .args(words)
        .env("LINLI_BACKEND", &program);
    Ok(match out.succeeds(&mut node)? {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// An address of this machine where nobody listens now.
fn free() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
