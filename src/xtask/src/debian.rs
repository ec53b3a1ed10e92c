//! Debian without rustup's downloads. All that this repository knows of such a machine is here.
//!
//! Debian has a current rustc (`rustc-web`) but no standard library for wasm32, so that one is
//! compiled once from the source Debian ships. That toolchain makes the WebAssembly and nothing else:
//! a small `cargo` that comes first on the path hands it the builds for wasm32, and everything native
//! stays with the user's own. The linker and the compiler are named there, so nothing outside this
//! file speaks of Debian.

use crate::child::{self, Out};
use crate::setup::{self, WASM};
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The toolchain, its library's source, and the linker, which Debian's rustc comes without.
const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-22"];
const RUSTC: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";
const LINKER: &str = "wasm-ld-22";
const CHROMIUM: &str = "/usr/bin/chromium";

/// Whether packages can be installed: a Debian, and root.
pub fn may_install() -> bool {
    let root = || child::read(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    Path::new("/etc/debian_version").exists() && Path::new("/usr/bin/apt-get").exists() && root()
}

/// Installs packages.
pub fn install(out: &Out, packages: &[&str]) -> Result<()> {
    let what = format!("Installing by apt-get: {}", packages.join(" "));
    out.step(&what, "1 to 3 minutes", || {
        let apt = || {
            let mut apt = Command::new("apt-get");
            apt.env("DEBIAN_FRONTEND", "noninteractive").arg("-qq");
            apt
        };
        out.run(apt().arg("update"))?;
        out.run(
            apt()
                .args(["install", "-y", "--no-install-recommends"])
                .args(packages),
        )
    })
}

/// The formatter and the lints, where the usual toolchain is Debian's too.
pub fn lints(out: &Out) -> Result<()> {
    install(out, &["rustfmt-web", "rust-web-clippy"])
}

/// Debian's Chromium, with a font for Chinese text. It plays H.264, which Playwright's does not.
pub fn chromium(out: &Out) -> Result<PathBuf> {
    if !Path::new(CHROMIUM).exists() {
        if !may_install() {
            bail!("no browser for the tests: install Chromium and set LINLI_CHROMIUM to its path");
        }
        install(out, &["chromium", "fonts-noto-cjk"])?;
    }
    Ok(CHROMIUM.into())
}

/// Debian's own cargo with Debian's own compiler.
pub fn cargo() -> Command {
    let mut cargo = Command::new(CARGO);
    cargo.env("RUSTC", RUSTC);
    cargo
}

/// Whether Debian's toolchain makes WebAssembly already.
pub fn compiles(workspace: &Workspace) -> bool {
    Path::new(CARGO).exists() && setup::compiles(workspace, Path::new(RUSTC), Some(LINKER))
}

/// Makes Debian's toolchain compile to WebAssembly, and gives the folder with the `cargo` that
/// chooses it.
pub fn prepare(workspace: &Workspace, out: &Out) -> Result<PathBuf> {
    if !compiles(workspace) {
        let installed = |package: &str| {
            let status = child::read(Command::new("dpkg-query").args(["-Wf${Status}", package]));
            status.is_ok_and(|status| status.ends_with(" installed"))
        };
        if !PACKAGES.into_iter().all(installed) {
            install(out, &PACKAGES)?;
        }
        let what = "Compiling the standard library for wasm32";
        out.step(what, "1 minute", || standard_library(workspace, out))?;
        if !compiles(workspace) {
            bail!("Debian's toolchain does not compile to WebAssembly even so");
        }
    }
    chooser(workspace)
}

/// Compiles the library's source into the compiler's own folder, where it looks for it.
fn standard_library(workspace: &Workspace, out: &Out) -> Result<()> {
    let source = PathBuf::from(format!("/usr/src/rustc-{}", version()?));
    let build = workspace.cache.join("sysroot");
    if build.exists() {
        fs::remove_dir_all(&build)?;
    }
    fs::create_dir_all(&build)?;
    // The source is read-only, and cargo writes beside it.
    let copy = ["library", "vendor"].map(|part| source.join(part));
    let copy = copy.iter().filter(|part| part.exists());
    out.run(Command::new("cp").arg("-r").args(copy).arg(&build))?;

    out.run(
        child::clean(&mut cargo())
            .current_dir(build.join("library/sysroot"))
            .args([
                "build",
                "--release",
                "--features=panic-unwind",
                "--target",
                WASM,
            ])
            // What rustc's own build sets: the library uses unstable features, and its crates are
            // marked as the library's, so that a program sees only what is stable.
            .env("RUSTC_BOOTSTRAP", "1")
            .env("__CARGO_DEFAULT_LIB_METADATA", "stablestd")
            .env(
                "RUSTFLAGS",
                "-Cembed-bitcode=yes -Zforce-unstable-if-unmarked",
            )
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", LINKER)
            .env("CARGO_TARGET_DIR", build.join("target")),
    )?;

    let library = Path::new("/usr/lib/rustlib").join(WASM).join("lib");
    fs::create_dir_all(&library)?;
    // Two sets of the same crates, and the compiler would refuse both (E0464).
    for old in rlibs(&library)? {
        fs::remove_file(old)?;
    }
    for new in rlibs(&build.join("target").join(WASM).join("release/deps"))? {
        let name = new.file_name().context("a library without a name")?;
        fs::copy(&new, library.join(name))?;
    }
    fs::remove_dir_all(&build)?;
    Ok(())
}

fn rlibs(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "rlib")
        {
            found.push(path);
        }
    }
    Ok(found)
}

/// The version of Debian's rustc, which is in the name of its source's folder.
fn version() -> Result<String> {
    let answer = child::read(Command::new(RUSTC).arg("--version"))?;
    let version = answer.split_whitespace().nth(1);
    Ok(version
        .context("rustc does not say its version")?
        .to_owned())
}

/// Writes the `cargo` that hands the builds for wasm32 to Debian's toolchain. Trunk calls cargo for
/// both: for the page, and for the style sheet, whose program is native.
fn chooser(workspace: &Workspace) -> Result<PathBuf> {
    let script = format!(
        "#!/bin/sh\n\
         case \"$*\" in\n\
         *{WASM}*)\n\
         \texport RUSTC={RUSTC} CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER={LINKER}\n\
         \texec {CARGO} \"$@\" ;;\n\
         *)\n\
         \texec \"$LINLI_CARGO\" \"$@\" ;;\n\
         esac\n"
    );
    let folder = workspace.cache.join("tools").join("debian");
    let path = folder.join("cargo");
    if fs::read_to_string(&path).is_ok_and(|there| there == script) {
        return Ok(folder);
    }
    fs::create_dir_all(&folder)?;
    fs::write(&path, script)?;
    child::read(Command::new("chmod").arg("+x").arg(&path))?;
    Ok(folder)
}
