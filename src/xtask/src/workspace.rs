//! Where things are on this machine: the repository, what cargo builds into, the tools' cache.

use crate::child::{self, Out};
use anyhow::{Context, Result};
use serde::Deserialize;
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folders every step works in.
pub struct Workspace {
    /// The top of the repository.
    pub root: PathBuf,
    /// What cargo builds into; `CARGO_TARGET_DIR` may put it outside the repository.
    pub target: PathBuf,
    /// The tools, kept outside `target` so that `cargo clean` does not cost twenty minutes.
    pub cache: PathBuf,
    /// The rooms, with the names of the crates each one depends on directly.
    pub rooms: Vec<Room>,
}

/// A crate of the workspace.
#[derive(Deserialize)]
pub struct Room {
    /// Its name.
    pub name: String,
    /// What it depends on directly.
    pub dependencies: Vec<Dependency>,
}

/// The name of a crate that another one depends on.
#[derive(Deserialize)]
pub struct Dependency {
    /// The crate's name.
    pub name: String,
}

impl Workspace {
    /// Asks cargo where things are.
    pub fn find() -> Result<Self> {
        #[derive(Deserialize)]
        struct Metadata {
            workspace_root: PathBuf,
            target_directory: PathBuf,
            packages: Vec<Room>,
        }
        let answer = child::read(child::clean(&mut Command::new(usual_cargo())).args([
            "metadata",
            "--no-deps",
            "--format-version=1",
        ]))?;
        let metadata: Metadata =
            serde_json::from_str(&answer).context("cargo metadata cannot be read")?;
        Ok(Self {
            root: metadata.workspace_root,
            target: metadata.target_directory,
            cache: cache()?,
            rooms: metadata.packages,
        })
    }

    /// A command that starts at the top of the repository.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        child::clean(&mut command)
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.target);
        command
    }

    /// The cargo that the user called, for everything that is not WebAssembly.
    pub fn cargo(&self) -> Command {
        self.command(usual_cargo())
    }

    /// The path of a program that `cargo build --release` made.
    pub fn release_program(&self, name: &str) -> PathBuf {
        self.target
            .join("release")
            .join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// Builds one of the workspace's examples and gives its path. Chosen with all the rooms that the
    /// tests are built with, it is compiled as it is for them, and once.
    pub fn example(&self, name: &str, out: &Out) -> Result<PathBuf> {
        let rooms = ["--workspace", "--exclude", "app"];
        out.run(
            self.cargo()
                .args(["build", "--quiet", "--example", name])
                .args(rooms),
        )?;
        let program = format!("{name}{}", env::consts::EXE_SUFFIX);
        Ok(self.target.join("debug").join("examples").join(program))
    }

    /// A folder for what xtask itself leaves behind, such as logs.
    pub fn scratch(&self) -> PathBuf {
        self.target.join("xtask")
    }

    /// A path as seen from the top of the repository, with forward slashes.
    pub fn relative(&self, path: &Path) -> String {
        let path = path.strip_prefix(&self.root).unwrap_or(path);
        path.to_string_lossy().replace('\\', "/")
    }
}

/// The cargo that runs this program: cargo itself says where it is.
pub fn usual_cargo() -> PathBuf {
    env::var_os("CARGO").map_or_else(|| "cargo".into(), PathBuf::from)
}

/// `LINLI_CACHE`, or `linli` in the user's cache folder.
fn cache() -> Result<PathBuf> {
    if let Some(cache) = env::var_os("LINLI_CACHE") {
        return Ok(cache.into());
    }
    let caches = match env::var_os("XDG_CACHE_HOME").filter(|caches| !caches.is_empty()) {
        Some(caches) => PathBuf::from(caches),
        None => env::home_dir()
            .context("no home folder: set LINLI_CACHE to a folder for the tools")?
            .join(".cache"),
    };
    Ok(caches.join("linli"))
}
