//! The finished site: both pages built by Trunk, stamped with their configuration, compressed, and
//! put together in `dist/`.

use crate::child::Out;
use crate::inputs::{files_below, fingerprint};
use crate::tools::Toolbox;
use crate::workspace::Workspace;
use crate::{pack, player, setup, split, styles};
use anyhow::{Context, Result, bail};
use clap::Args;
use client::page::{self, PageConfig};
use std::ffi::OsStr;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// What is stamped into the pages.
#[derive(Args, Clone)]
pub struct PageOptions {
    /// The API's base: a path on the site's own host, or an absolute URL
    #[arg(long, value_name = "URL", default_value = "/api/v1")]
    api: String,
    /// The shop's name
    #[arg(long, value_name = "NAME", default_value = "邻里优选")]
    brand: String,
}

impl Default for PageOptions {
    fn default() -> Self {
        Self {
            api: "/api/v1".into(),
            brand: "邻里优选".into(),
        }
    }
}

/// Everything the pages are made of. What builds them counts too.
const INPUTS: [&str; 10] = [
    "src/app",
    "src/client",
    "src/domain",
    "src/xtask/src",
    "style",
    "public",
    "Cargo.toml",
    "Cargo.lock",
    "Trunk.toml",
    ".cargo/config.toml",
];

/// One page: its name is that of its HTML and of its binary.
struct Page {
    name: &'static str,
    /// Where it is served, and so where it is in `dist/`.
    base: &'static str,
    /// Whether a part of its wasm is taken out of the first load.
    is_split: bool,
}

const PAGES: [Page; 2] = [
    Page {
        name: "shop",
        base: "/",
        is_split: true,
    },
    Page {
        name: "desk",
        base: "/desk/",
        is_split: false,
    },
];

/// Where the site is.
pub fn dist(workspace: &Workspace) -> PathBuf {
    workspace.root.join("dist")
}

/// Builds `dist/`, unless it is there and nothing it is made of has changed.
pub fn build(workspace: &Workspace, options: &PageOptions, out: &Out) -> Result<()> {
    styles::write(workspace)?;
    let fingerprint = fingerprint(&workspace.root, &INPUTS, &[&options.api, &options.brand])?;
    if is_built(workspace, &fingerprint) {
        out.say("The pages are built already: nothing has changed since.");
        return Ok(());
    }
    let toolbox = setup::for_pages(workspace, out)?;
    let player = player::ready(workspace, out)?;
    for page in &PAGES {
        let what = format!("Building the {}'s page", page.name);
        out.step(&what, "3 to 8 minutes the first time, 1 after", || {
            trunk(workspace, &toolbox, page, out)?;
            if page.is_split {
                split::split(workspace, &toolbox, page.name, &built(workspace, page), out)?;
            }
            Ok(())
        })?;
    }
    out.step(
        "Putting dist/ together and compressing it",
        "10 seconds",
        || assemble(workspace, options, &player, &fingerprint),
    )
}

/// The wasm of the shopper's page, all parts of it, and of the desk's, as they are in `dist/`.
pub fn wasm(workspace: &Workspace) -> Result<[Vec<u8>; 2]> {
    let dist = dist(workspace);
    let wasm_in = |folder: PathBuf| -> Result<Vec<u8>> {
        let files = fs::read_dir(&folder)?.filter_map(|entry| Some(entry.ok()?.path()));
        let mut all = Vec::new();
        for wasm in files.filter(|path| path.extension() == Some(OsStr::new("wasm"))) {
            all.extend(fs::read(wasm)?);
        }
        if all.is_empty() {
            bail!("no wasm in {}", folder.display());
        }
        Ok(all)
    };
    Ok([wasm_in(dist.clone())?, wasm_in(dist.join("desk"))?])
}

/// Trunk empties its output folder, so each page gets one of its own.
fn trunk(workspace: &Workspace, toolbox: &Toolbox, page: &Page, out: &Out) -> Result<()> {
    out.run(
        toolbox
            .command(workspace, "trunk")
            .args([
                "build",
                "--config",
                "Trunk.toml",
                "--release",
                "--skip-version-check",
            ])
            .env("CARGO_ENCODED_RUSTFLAGS", short_paths(workspace)?)
            .args(["--features", "split", "--public-url", page.base])
            .arg("--dist")
            .arg(built(workspace, page))
            .arg(format!("src/app/{}.html", page.name)),
    )
}

/// Panics carry the paths of sources. Without the folders of this machine they are short, and the
/// same wherever the page is built.
fn short_paths(workspace: &Workspace) -> Result<String> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")));
    let mut flags = vec![format!(
        "--remap-path-prefix={}/=",
        workspace.root.display()
    )];
    let registries = home.and_then(|home| fs::read_dir(home.join("registry/src")).ok());
    for registry in registries.into_iter().flatten() {
        flags.push(format!(
            "--remap-path-prefix={}/=",
            registry?.path().display()
        ));
    }
    Ok(flags.join("\u{1f}"))
}

fn built(workspace: &Workspace, page: &Page) -> PathBuf {
    workspace.target.join("site").join(page.name)
}

/// Puts the site together aside and swaps it in, so that whoever serves `dist/` never sees half.
fn assemble(
    workspace: &Workspace,
    options: &PageOptions,
    player: &str,
    fingerprint: &str,
) -> Result<()> {
    let (next, old) = (aside(workspace, "next"), aside(workspace, "old"));
    let dist = dist(workspace);
    remove(&next)?;
    fs::create_dir_all(&next)?;
    let player = player::write(player, &next)?;
    for page in &PAGES {
        let folder = next.join(page.base.trim_matches('/'));
        copy(&built(workspace, page), &folder)?;
        let html = folder.join("index.html");
        let config = PageConfig {
            hls: Some(player.clone()),
            ..PageConfig::new(&options.api, &options.brand)
        };
        let stamped = page::stamp(&fs::read_to_string(&html)?, &config)
            .with_context(|| format!("src/app/{}.html", page.name))?;
        fs::write(html, stamped)?;
    }
    pack::pack(&next)?;

    let listing = listing(&next, fingerprint)?;
    remove(&old)?;
    if dist.exists() {
        fs::rename(&dist, &old)?;
    }
    fs::rename(&next, &dist).context("cannot put the new dist/ in its place")?;
    remove(&old)?;
    fs::write(aside(workspace, "listing"), listing)?;
    Ok(())
}

/// Beside `dist/` on the same disk, where a rename is at once, and ignored by git. Cargo's own
/// target folder may be elsewhere.
fn aside(workspace: &Workspace, name: &str) -> PathBuf {
    workspace.root.join("target").join("site").join(name)
}

/// What was built and of what: the fingerprint, and every file with its size.
fn listing(folder: &Path, fingerprint: &str) -> Result<String> {
    let mut listing = format!("{fingerprint}\n");
    for file in files_below(folder, "")? {
        let size = file.metadata()?.len();
        let name = file.strip_prefix(folder).unwrap_or(&file).display();
        writeln!(listing, "{size} {name}")?;
    }
    Ok(listing)
}

fn is_built(workspace: &Workspace, fingerprint: &str) -> bool {
    let built = fs::read_to_string(aside(workspace, "listing"));
    let there = listing(&dist(workspace), fingerprint);
    matches!((built, there), (Ok(built), Ok(there)) if built == there)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    for file in files_below(from, "")? {
        let to = to.join(file.strip_prefix(from)?);
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::copy(&file, to)?;
    }
    Ok(())
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}
