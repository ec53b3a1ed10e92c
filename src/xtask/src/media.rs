//! The media server: nginx with its RTMP module takes the picture, ffmpeg makes HLS of it. Neither is ours;
//! here is only what they are told, and that they run. docs/media.md says more.

use crate::child::{self, Out};
use crate::serve;
use crate::workspace::Workspace;
use crate::{debian, media_files as files};
use anyhow::{Context, Result, bail};
use clap::Args;
use std::fs;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// `cargo xtask media`
#[derive(Args)]
pub struct MediaOptions {
    /// Where the shop's backend is
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    backend: SocketAddr,
    /// The shop's data folder
    #[arg(long, value_name = "DIR", default_value = "data")]
    data: PathBuf,
    #[command(flatten)]
    server: ServerOptions,
}

/// How the media server is started, by itself or with the shop.
#[derive(Args, Clone)]
pub struct ServerOptions {
    /// Where RTMP is listened for; 0.0.0.0:1935 lets a phone in
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:1935")]
    rtmp: SocketAddr,
    /// Encodes the picture anew with a key frame each second: for senders that cannot be told to
    #[arg(long)]
    transcode: bool,
}

impl ServerOptions {
    /// One that listens at this address.
    pub fn at(rtmp: SocketAddr) -> Self {
        Self {
            rtmp,
            transcode: false,
        }
    }

    /// What the backend is told of it.
    pub fn for_backend(&self) -> Vec<String> {
        [
            "--media-hls",
            "/media/hls/{stream}/index.m3u8",
            "--media-audio",
            "/media/hls/{stream}/audio.m3u8",
            "--media-rtmp",
        ]
        .map(str::to_owned)
        .into_iter()
        .chain([format!("rtmp://{{host}}:{}/live", self.rtmp.port())])
        .collect()
    }
}

/// Where Debian and others put the module.
const MODULES: [&str; 3] = [
    "/usr/lib/nginx/modules/ngx_rtmp_module.so",
    "/usr/lib64/nginx/modules/ngx_rtmp_module.so",
    "/usr/share/nginx/modules/ngx_rtmp_module.so",
];
const PACKAGES: [&str; 3] = ["nginx-light", "libnginx-mod-rtmp", "ffmpeg"];
/// How often it is started anew within [`SOON`] before it is given up.
const MOST_STARTS: usize = 5;
const SOON: Duration = Duration::from_secs(60);

/// What there is to be started.
pub struct Programs {
    nginx: PathBuf,
    /// Where the module is; nginx may also have it built in.
    module: Option<PathBuf>,
}

/// Finds nginx with the module and ffmpeg, and installs them where that is possible.
pub fn ready(out: &Out) -> Result<Programs> {
    if let Some(programs) = find() {
        return Ok(programs);
    }
    if debian::may_install() {
        debian::install(out, &PACKAGES)?;
    }
    find().context(
        "The media server needs nginx with its RTMP module, and ffmpeg. Debian and Ubuntu: \
         apt-get install nginx-light libnginx-mod-rtmp ffmpeg. Elsewhere install them by hand \
         (docs/media.md), or give the backend the addresses of another server.",
    )
}

fn find() -> Option<Programs> {
    child::read(Command::new("ffmpeg").arg("-version")).ok()?;
    let nginx = ["nginx", "/usr/sbin/nginx", "/usr/local/sbin/nginx"]
        .into_iter()
        .find(|nginx| Command::new(nginx).arg("-v").output().is_ok())?;
    let module = MODULES.into_iter().map(Path::new).find(|it| it.exists());
    // It says how it was built on its standard error.
    let built = Command::new(nginx).arg("-V").output().ok()?;
    let built_in = String::from_utf8_lossy(&built.stderr).contains("rtmp");
    (module.is_some() || built_in).then(|| Programs {
        nginx: nginx.into(),
        module: module.map(Path::to_owned),
    })
}

/// A running media server. It is stopped when this is dropped.
pub struct MediaServer {
    nginx: Child,
    start: Box<dyn Fn() -> Result<Child>>,
    starts: Vec<Instant>,
}

impl MediaServer {
    /// Starts it for the backend at this address, with its files in the shop's data folder.
    pub fn start(
        workspace: &Workspace,
        programs: &Programs,
        options: &ServerOptions,
        backend: SocketAddr,
        data: &Path,
    ) -> Result<Self> {
        let media = workspace.root.join(data).join("media");
        let places = files::Places {
            // More than one may run, each where nobody else listens.
            work: workspace
                .scratch()
                .join(format!("media-{}", options.rtmp.port())),
            hls: media.join("hls"),
            records: media.join("records"),
            module: programs.module.clone(),
            rtmp: options.rtmp,
            backend: SocketAddr::new(here(backend.ip()), backend.port()),
            user: user(),
            transcode: options.transcode,
        };
        places.write()?;
        let (nginx, config) = (programs.nginx.clone(), places.work.join("nginx.conf"));
        let work = places.work.clone();
        let start = move || {
            let mut command = Command::new(&nginx);
            command.arg("-c").arg(&config).arg("-p").arg(&work);
            let child = command.stdin(Stdio::null()).spawn();
            child.context("cannot start nginx")
        };
        let server = Self {
            nginx: start()?,
            start: Box::new(start),
            starts: vec![Instant::now()],
        };
        // What was recorded when it was last stopped is not whole yet.
        for left in fs::read_dir(places.records.join("raw"))
            .into_iter()
            .flatten()
        {
            places.finish(&left?.path())?;
        }
        Ok(server)
    }

    /// Looks whether it runs, and starts it anew if it has ended; an error when that helps nothing.
    pub fn look_after(&mut self) -> Result<()> {
        let Some(status) = self.nginx.try_wait()? else {
            return Ok(());
        };
        self.starts.retain(|start| start.elapsed() < SOON);
        if self.starts.len() >= MOST_STARTS {
            bail!("the media server ends again and again: {status}");
        }
        println!("The media server has ended ({status}); it is started anew.");
        self.nginx = (self.start)()?;
        self.starts.push(Instant::now());
        Ok(())
    }
}

impl Drop for MediaServer {
    fn drop(&mut self) {
        child::stop(&mut self.nginx);
    }
}

/// Where a backend is called that listens on every address.
fn here(listens: IpAddr) -> IpAddr {
    match listens {
        IpAddr::V4(all) if all.is_unspecified() => IpAddr::from([127, 0, 0, 1]),
        IpAddr::V6(all) if all.is_unspecified() => IpAddr::from([127, 0, 0, 1]),
        one => one,
    }
}

/// Whom nginx works as: whoever started it. Only root need be told.
fn user() -> Option<String> {
    let id = |what| child::read(Command::new("id").arg(what)).ok();
    let (number, name, group) = (id("-u")?, id("-un")?, id("-gn")?);
    (number.trim() == "0").then(|| format!("{} {}", name.trim(), group.trim()))
}

/// Starts it, watches it, and waits for Ctrl-C.
pub fn alone(workspace: &Workspace, options: &MediaOptions) -> Result<()> {
    let programs = ready(&Out::Terminal)?;
    let stopped = serve::stopped()?;
    let mut server = MediaServer::start(
        workspace,
        &programs,
        &options.server,
        options.backend,
        &options.data,
    )?;
    println!(
        "RTMP       rtmp://{}/live (the key is the desk's)",
        options.server.rtmp
    );
    println!(
        "The backend must be started with: {}",
        options.server.for_backend().join(" ")
    );
    println!("Ctrl-C stops it.");
    loop {
        if stopped.recv_timeout(Duration::from_millis(200)).is_ok() {
            return Ok(());
        }
        server.look_after()?;
    }
}
