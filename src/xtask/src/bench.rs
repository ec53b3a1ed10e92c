//! `cargo xtask bench live`: a crowd follows a show, beside the same crowd on nchan.
//!
//! Server and crowd are each held on a processor of their own by `taskset`, so that neither takes from
//! the other. nchan keeps what it sends in memory only; the backend has written and synced it before.

use crate::backend::{self, Backend};
use crate::child::{self, Out};
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use clap::Args;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Where Debian's package puts nchan.
const NCHAN: &str = "/usr/lib/nginx/modules/ngx_nchan_module.so";
/// Where Debian puts nginx.
const NGINX: &str = "/usr/sbin/nginx";

/// How large the crowd is.
#[derive(Args)]
pub struct LiveOptions {
    /// How many follow the show
    #[arg(long, default_value_t = 1_000)]
    viewers: u32,
    /// How many comments a second
    #[arg(long, default_value_t = 50)]
    rate: u32,
    /// For how many seconds
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// The module of nginx to compare with
    #[arg(long, value_name = "FILE", default_value = NCHAN)]
    nchan: PathBuf,
}

/// Measures.
pub fn run(workspace: &Workspace, options: &LiveOptions, out: &Out) -> Result<()> {
    let program = backend::release(workspace, out)?;
    out.step("Building the crowd", "2 minutes the first time", || {
        out.run(workspace.cargo().args([
            "build",
            "--quiet",
            "--release",
            "-p",
            "client",
            "--features",
            "viewers",
            "--bin",
            "viewers",
        ]))
    })?;
    let crowd = workspace.release_program("viewers");
    if !pins() {
        out.say("taskset is missing (Debian: util-linux): both share the processors");
    }
    shop(workspace, &program, &crowd, options, out)?;
    if Path::new(NGINX).exists() && options.nchan.exists() {
        nchan(workspace, &crowd, options, out)
    } else {
        out.say(
            "nchan is not here to compare with; Debian: apt-get install nginx-light libnginx-mod-nchan",
        );
        Ok(())
    }
}

fn pins() -> bool {
    child::read(Command::new("taskset").arg("--version")).is_ok()
}

/// A program held on one processor, with room for a crowd of connections. It keeps its process
/// number: every step of the way is an `exec`.
fn held(workspace: &Workspace, processor: &str, program: &Path) -> Command {
    let mut command = workspace.command("sh");
    let raise = "ulimit -n \"$(ulimit -Hn)\" 2>/dev/null; exec \"$@\"";
    command.args(["-c", raise, "sh"]);
    if pins() {
        command.args(["taskset", "-c", processor]);
    }
    command.arg(program);
    command
}

fn follow(
    workspace: &Workspace,
    crowd: &Path,
    addr: &str,
    pid: u32,
    options: &LiveOptions,
    more: &[&str],
    out: &Out,
) -> Result<()> {
    let mut command = held(workspace, "1", crowd);
    command.args([addr, "--pid", &pid.to_string()]);
    command.args(["--viewers", &options.viewers.to_string()]);
    command.args(["--rate", &options.rate.to_string()]);
    command.args(["--seconds", &options.seconds.to_string()]);
    out.run(command.args(more))
}

fn shop(
    workspace: &Workspace,
    program: &Path,
    crowd: &Path,
    options: &LiveOptions,
    out: &Out,
) -> Result<()> {
    let data = fresh(workspace, "bench")?;
    let mut command = held(workspace, "0", program);
    command
        .args(["--addr", "127.0.0.1:0", "--show-codes", "--data"])
        .arg(&data)
        .env("RUST_LOG", "warn");
    let mut shop = Backend::start(&mut command)?;
    let mut register = workspace.command(program);
    let code = child::read(register.arg("--data").arg(&data).arg("register-desk"))?;
    let code = code.lines().next().context("the backend gave no code")?;
    let addr = shop.url.trim_start_matches("http://").to_owned();
    let more = ["--device-code", code];
    let done = follow(workspace, crowd, &addr, shop.id(), options, &more, out);
    shop.stop();
    done
}

fn nchan(workspace: &Workspace, crowd: &Path, options: &LiveOptions, out: &Out) -> Result<()> {
    let folder = fresh(workspace, "nchan")?;
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let (addr, here) = (format!("127.0.0.1:{port}"), folder.display());
    let temp: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|name| format!("    {name}_temp_path {here}/{name};\n"))
        .collect();
    let module = options.nchan.display();
    let conf = format!(
        "load_module {module};\ndaemon off;\nmaster_process off;\nworker_processes 1;\n\
         pid {here}/nginx.pid;\nerror_log {here}/error.log;\n\
         events {{ worker_connections 16384; }}\n\
         http {{\n    access_log off;\n{temp}    server {{\n        listen {addr};\n\
         \x20       location = /pub {{ nchan_publisher; nchan_channel_id show; }}\n\
         \x20       location = /sub {{ nchan_subscriber eventsource; nchan_channel_id show; }}\n\
         \x20   }}\n}}\n"
    );
    let file = folder.join("nginx.conf");
    fs::write(&file, conf)?;
    let mut command = held(workspace, "0", Path::new(NGINX));
    command
        .arg("-c")
        .arg(&file)
        .arg("-e")
        .arg(folder.join("error.log"));
    let mut nginx = command
        .stdin(Stdio::null())
        .spawn()
        .context("cannot start nginx")?;
    let begun = Instant::now();
    let done = loop {
        if TcpStream::connect(&addr).is_ok() {
            let more = ["--target", "nchan"];
            break follow(workspace, crowd, &addr, nginx.id(), options, &more, out);
        }
        if begun.elapsed() > Duration::from_secs(10) || nginx.try_wait()?.is_some() {
            break Err(anyhow::anyhow!(
                "nginx does not listen; see {here}/error.log"
            ));
        }
        thread::sleep(Duration::from_millis(50));
    };
    child::stop(&mut nginx);
    done
}

fn fresh(workspace: &Workspace, name: &str) -> Result<PathBuf> {
    let folder = workspace.scratch().join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    if !folder.is_absolute() {
        bail!("{} is no absolute path", folder.display());
    }
    Ok(folder)
}
