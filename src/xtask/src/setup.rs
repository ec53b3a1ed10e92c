//! What must be there before anything can be built: a compiler to WebAssembly, the tools, a browser.
//! This is the ordinary way. `debian.rs` is the other one, for a Debian on which rustup cannot fetch.

use crate::child::{self, Out, seconds};
use crate::tools::Toolbox;
use crate::workspace::{Workspace, usual_cargo};
use crate::{browser, debian, media, node};
use anyhow::{Result, bail};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// The target that the pages are compiled for.
pub const WASM: &str = "wasm32-unknown-unknown";

/// rustup fetches some 20 MB; a network that has not done so by then is none.
const FETCH_LIMIT: Duration = Duration::from_secs(180);

/// Which compiler makes the WebAssembly. Everything native is compiled by the usual one.
pub enum Compiler {
    /// The user's own.
    Usual,
    /// Debian's; `cargo` in this folder calls it for WebAssembly, and the usual one for the rest.
    Debian(PathBuf),
}

impl Compiler {
    /// A cargo that compiles natively with this compiler: a tool may want the newer one.
    pub fn cargo(&self) -> Command {
        match self {
            Self::Usual => Command::new(usual_cargo()),
            Self::Debian(_) => debian::cargo(),
        }
    }

    /// The folder that must come first on the path.
    pub fn path(&self) -> Option<PathBuf> {
        match self {
            Self::Usual => None,
            Self::Debian(folder) => Some(folder.clone()),
        }
    }
}

/// Installs everything that is missing and says what is there.
pub fn everything(workspace: &Workspace, out: &Out) -> Result<()> {
    let start = Instant::now();
    let toolbox = for_pages(workspace, out)?;
    let compiler = if toolbox.has_usual_compiler() {
        "the usual one"
    } else {
        "Debian's"
    };
    let chromium = browser::ready(workspace, out)?;
    let chromium = chromium.map_or("Playwright's own".into(), |path| path.display().to_string());
    out.say(&format!("compiler to WebAssembly  {compiler}"));
    out.say(&format!(
        "tools                    {}",
        workspace.cache.join("tools").display()
    ));
    out.say(&format!("browser for the tests    {chromium}"));
    // Only shows with a picture, and the tests of these, need one.
    let server = match media::ready(out) {
        Ok(_) => "nginx and ffmpeg".to_owned(),
        Err(error) => error.to_string(),
    };
    out.say(&format!("media server             {server}"));
    out.say(&format!(
        "Everything is there ({}).",
        seconds(start.elapsed())
    ));
    Ok(())
}

/// What building the pages needs.
pub fn for_pages(workspace: &Workspace, out: &Out) -> Result<Toolbox> {
    node::ready(out)?;
    fs::create_dir_all(&workspace.cache)?;
    Toolbox::fill(workspace, compiler(workspace, out)?, out)
}

/// What the gate needs besides: the formatter and the lints of the usual toolchain.
pub fn for_lints(workspace: &Workspace, out: &Out) -> Result<()> {
    let has = |tool| child::read(workspace.cargo().args([tool, "--version"])).is_ok();
    if has("fmt") && has("clippy") {
        return Ok(());
    }
    let rustup = ["component", "add", "rustfmt", "clippy"];
    if by_rustup(
        workspace,
        out,
        "Adding rustfmt and clippy by rustup",
        &rustup,
    )? {
        return Ok(());
    }
    if debian::may_install() && debian::lints(out).is_ok() && has("fmt") && has("clippy") {
        return Ok(());
    }
    bail!("`cargo fmt` or `cargo clippy` is missing: install rustfmt and clippy");
}

/// A compiler that makes WebAssembly: what is there, else what rustup fetches, else Debian's.
fn compiler(workspace: &Workspace, out: &Out) -> Result<Compiler> {
    // For trying the other way on a machine that has both.
    let wished = env::var("LINLI_WASM").unwrap_or_default();
    if wished != "debian" {
        if usual_compiles(workspace) {
            return Ok(Compiler::Usual);
        }
        if !debian::compiles(workspace) || wished == "rustup" {
            let what = "Adding the wasm32 target by rustup";
            if by_rustup(workspace, out, what, &["target", "add", WASM])?
                && usual_compiles(workspace)
            {
                return Ok(Compiler::Usual);
            }
            out.say("  rustup cannot fetch it here");
        }
    }
    if debian::compiles(workspace) || debian::may_install() {
        return Ok(Compiler::Debian(debian::prepare(workspace, out)?));
    }
    bail!(
        "This toolchain cannot compile to WebAssembly. Install rustup and run \
         `rustup target add {WASM}`, then start again."
    );
}

/// Lets rustup fetch something for the usual toolchain, and tells whether it could.
fn by_rustup(workspace: &Workspace, out: &Out, what: &str, arguments: &[&str]) -> Result<bool> {
    out.step(what, "20 seconds", || {
        let mut rustup = workspace.command("rustup");
        Ok(out
            .succeeds_within(FETCH_LIMIT, rustup.args(arguments))
            .unwrap_or(false))
    })
}

fn usual_compiles(workspace: &Workspace) -> bool {
    let rustc = env::var_os("RUSTC").map_or_else(|| "rustc".into(), PathBuf::from);
    compiles(workspace, &rustc, None)
}

/// Whether a compiler makes a WebAssembly module out of an empty program. The proof of the
/// standard library and of the linker at once, in a fifth of a second.
pub fn compiles(workspace: &Workspace, rustc: &Path, linker: Option<&str>) -> bool {
    let mut command = workspace.command(rustc);
    command.args([
        "--target",
        WASM,
        "--crate-type",
        "cdylib",
        "--crate-name",
        "probe",
    ]);
    if let Some(linker) = linker {
        command.arg(format!("-Clinker={linker}"));
    }
    // The empty program is the closed standard input.
    command
        .arg("-o")
        .arg(workspace.cache.join("probe.wasm"))
        .arg("-");
    child::read(&mut command).is_ok()
}
