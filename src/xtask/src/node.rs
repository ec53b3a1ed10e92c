//! Node and npm: `wasm-opt`, the browser tests and the demo's pictures come from there.

use crate::child::{self, Out};
use crate::debian;
use crate::workspace::Workspace;
use anyhow::{Result, bail};
use std::path::Path;
use std::process::Command;

/// The oldest Node that Playwright accepts.
const OLDEST: u32 = 20;

/// Makes sure that there is a Node which is new enough, and npm.
pub fn ready(out: &Out) -> Result<()> {
    if !is_here() && debian::may_install() {
        debian::install(out, &["nodejs", "npm"])?;
    }
    if !is_here() {
        bail!("Node and npm are missing: install Node {OLDEST} or newer, it brings npm along");
    }
    let version = child::read(Command::new("node").arg("--version"))?;
    match major(&version) {
        Some(major) if major >= OLDEST => Ok(()),
        _ => bail!(
            "Node {} is too old: {OLDEST} is the oldest that works",
            version.trim()
        ),
    }
}

/// npm, which on Windows is a script.
pub fn npm(workspace: &Workspace) -> Command {
    workspace.command(NPM)
}

/// Installs a folder's packages as its lock file has them, unless they are there.
pub fn packages(workspace: &Workspace, out: &Out, folder: &Path, about: &str) -> Result<()> {
    if is_installed(folder) {
        return Ok(());
    }
    let name = workspace.relative(folder);
    out.step(&format!("Installing the packages of {name}"), about, || {
        out.run(
            npm(workspace)
                .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
                .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
                .current_dir(folder),
        )
    })
}

/// npm writes its own lock file last; one older than ours means that ours has changed since.
fn is_installed(folder: &Path) -> bool {
    let written = |path: &str| {
        folder
            .join(path)
            .metadata()
            .and_then(|file| file.modified())
    };
    match (
        written("node_modules/.package-lock.json"),
        written("package-lock.json"),
    ) {
        (Ok(installed), Ok(wanted)) => installed >= wanted,
        _ => false,
    }
}

const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

fn is_here() -> bool {
    let answers = |program| child::read(Command::new(program).arg("--version")).is_ok();
    answers("node") && answers(NPM)
}

fn major(version: &str) -> Option<u32> {
    version
        .trim()
        .trim_start_matches('v')
        .split('.')
        .next()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn node_says_its_version() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("what?"), None);
    }
}
