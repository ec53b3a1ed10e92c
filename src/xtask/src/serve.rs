//! Starting the shop: as it is delivered (`run`), and while one works on it (`dev`).

use crate::backend::{self, Backend};
use crate::child::{self, Out};
use crate::media::{self, MediaServer};
use crate::workspace::Workspace;
use crate::{DataOptions, pictures, setup, site, styles};
use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use std::path::Path;
use std::process::Command;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// `cargo xtask run`
#[derive(Args)]
pub struct RunOptions {
    /// The address to listen on
    #[arg(long, default_value = "127.0.0.1:8080")]
    addr: String,
    /// Starts a media server with it, so that shows have a picture
    #[arg(long)]
    media: bool,
    #[command(flatten)]
    server: media::ServerOptions,
    #[command(flatten)]
    data: DataOptions,
    #[command(flatten)]
    page: site::PageOptions,
}

/// `cargo xtask dev`
#[derive(Args)]
pub struct DevOptions {
    /// Which page
    #[arg(value_enum, default_value = "shop")]
    page: DevPage,
    /// The port that the page is served on
    #[arg(long, default_value = "8080")]
    port: u16,
    #[command(flatten)]
    data: DataOptions,
}

/// A page to work on.
#[derive(Clone, Copy, ValueEnum)]
enum DevPage {
    /// The shopper's
    Shop,
    /// The staff's
    Desk,
}

/// Where the backend listens while Trunk serves the page in front of it. `Trunk.toml` names it too.
const DEV_BACKEND: &str = "127.0.0.1:8081";

/// Sets up, builds, starts, and waits for Ctrl-C.
pub fn run(workspace: &Workspace, options: &RunOptions) -> Result<()> {
    let out = Out::Terminal;
    let media = match options.media {
        true => Some(media::ready(&out)?),
        false => None,
    };
    site::build(workspace, &options.page, &out)?;
    let program = backend::release(workspace, &out)?;
    let mut command = backend(workspace, &program, &options.addr, &options.data, &out);
    command.arg("--site").arg(site::dist(workspace));
    if !options.data.empty {
        command.arg("--demo-video");
    }
    if media.is_some() {
        command.args(options.server.for_backend());
    }
    let stopped = stopped()?;
    let mut backend = Backend::start(&mut command)?;
    let mut server = match &media {
        Some(programs) => {
            let addr = backend.url.trim_start_matches("http://");
            let addr = addr.parse().context("the backend listens nowhere")?;
            let data = &options.data.data;
            let server = &options.server;
            Some(MediaServer::start(workspace, programs, server, addr, data)?)
        }
        None => None,
    };
    println!("\nThe shop   {}/", backend.url);
    match &backend.desk {
        Some(link) => println!("The desk   {link} (works once; then {}/desk/)", backend.url),
        None => println!("The desk   {}/desk/", backend.url),
    }
    println!("Ctrl-C stops it.");
    loop {
        if stopped.recv_timeout(Duration::from_millis(200)).is_ok() {
            // First the picture ends, so that the shop still hears of it.
            drop(server.take());
            backend.stop();
            return Ok(());
        }
        if let Some(status) = backend.ended()? {
            bail!("the backend ended: {status}");
        }
        if let Some(server) = &mut server {
            server.look_after()?;
        }
    }
}

/// Starts the backend, and Trunk in front of it, which builds anew whenever a file changes.
pub fn dev(workspace: &Workspace, options: &DevOptions) -> Result<()> {
    let out = Out::Terminal;
    let toolbox = setup::for_pages(workspace, &out)?;
    styles::write(workspace)?;
    out.run(workspace.cargo().args(["build", "-p", "backend"]))?;
    let program = workspace.target.join("debug").join("backend");
    let stopped = stopped()?;
    let mut backend = Backend::start(&mut backend(
        workspace,
        &program,
        DEV_BACKEND,
        &options.data,
        &out,
    ))?;

    let (html, base) = match options.page {
        DevPage::Shop => ("src/app/shop.html", "/"),
        DevPage::Desk => ("src/app/desk.html", "/desk/"),
    };
    println!("\nThe page   http://127.0.0.1:{}{base}", options.port);
    println!("The API    {}/api/v1", backend.url);
    let mut trunk = toolbox
        .command(workspace, "trunk")
        .args(["serve", "--config", "Trunk.toml", "--skip-version-check"])
        .args([
            "--address",
            "127.0.0.1",
            "--port",
            &options.port.to_string(),
        ])
        // Trunk reloads the page by a script in it, which the shop's own policy would refuse.
        .args(["--disable-csp=true", "--public-url", base, "--dist"])
        .arg(workspace.target.join("site").join("dev"))
        .arg(html)
        .spawn()
        .context("cannot start Trunk")?;
    let ended = loop {
        if stopped.try_recv().is_ok() {
            child::stop(&mut trunk);
            break None;
        }
        if let Some(status) = trunk.try_wait()? {
            break Some(status);
        }
        thread::sleep(Duration::from_millis(100));
    };
    backend.stop();
    match ended {
        Some(status) if !status.success() => bail!("Trunk ended: {status}"),
        _ => Ok(()),
    }
}

/// The backend with the user's data and the demo's pictures.
fn backend(
    workspace: &Workspace,
    program: &Path,
    addr: &str,
    data: &DataOptions,
    out: &Out,
) -> Command {
    let mut command = workspace.command(program);
    command.args(["--addr", addr, "--data"]).arg(&data.data);
    if let Some(pictures) = pictures::ready(workspace, out) {
        command.arg("--demo-pictures").arg(pictures);
    }
    if data.fresh {
        command.arg("--fresh");
    }
    if data.empty {
        command.arg("--empty");
    } else {
        // What is opened here is a demo: it sends no messages and shows its codes.
        command.arg("--show-codes");
    }
    if let Some(count) = data.demo_products {
        command.args(["--demo-products", &count.to_string()]);
    }
    command
}

/// Hears Ctrl-C, and the signals by which a supervisor stops a program.
pub fn stopped() -> Result<mpsc::Receiver<()>> {
    let (say, hear) = mpsc::channel();
    ctrlc::set_handler(move || {
        // Nobody hears a second one: the first is being followed already.
        let _ = say.send(());
    })
    .context("cannot listen for Ctrl-C")?;
    Ok(hear)
}
