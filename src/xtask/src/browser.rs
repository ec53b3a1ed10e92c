//! The browser for the tests, and the tests in it.

use crate::child::{self, Out};
use crate::count::{self, Tally};
use crate::workspace::Workspace;
use crate::{debian, node, pictures, site};
use anyhow::{Context, Result};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const FOLDER: &str = "end2end";

/// A download that has not come by then does not come.
const FETCH_LIMIT: Duration = Duration::from_secs(300);

/// Makes a browser ready: none is Playwright's own, otherwise the path of another one.
pub fn ready(workspace: &Workspace, out: &Out) -> Result<Option<PathBuf>> {
    node::ready(out)?;
    node::packages(workspace, out, &workspace.root.join(FOLDER), "10 seconds")?;
    if let Some(chosen) = env::var_os("LINLI_CHROMIUM") {
        return Ok(Some(chosen.into()));
    }
    let own = playwrights_own(workspace)?;
    if own.exists() || fetch(workspace, out, &own)? {
        return Ok(None);
    }
    debian::chromium(out).map(Some)
}

/// Where Playwright has, or would have, the browser that its version was made for.
fn playwrights_own(workspace: &Workspace) -> Result<PathBuf> {
    let ask = "console.log(require('@playwright/test').chromium.executablePath())";
    let answer = child::read(command(workspace, "node").args(["-e", ask]))?;
    Ok(answer.trim().into())
}

/// Lets Playwright download its browser. That it could not is remembered until it wants another one.
fn fetch(workspace: &Workspace, out: &Out, wanted: &Path) -> Result<bool> {
    let refused = workspace.cache.join("no-download-of-browser");
    let wanted = wanted.to_string_lossy();
    if fs::read_to_string(&refused).is_ok_and(|there| there == wanted) {
        return Ok(false);
    }
    out.step("Downloading Playwright's browser", "1 minute", || {
        let log = Out::log(workspace.scratch().join("browser-download.log"))?;
        let mut install = command(workspace, "node");
        install
            .args([
                "node_modules/@playwright/test/cli.js",
                "install",
                "chromium",
            ])
            .env("PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT", "10000")
            .env_remove("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD");
        if log.succeeds_within(FETCH_LIMIT, &mut install)? {
            return Ok(true);
        }
        out.say("  it cannot be downloaded here");
        fs::create_dir_all(&workspace.cache)?;
        fs::write(&refused, wanted.as_bytes())?;
        Ok(false)
    })
}

/// A command among the browser tests, which is told where the browser is.
pub fn with_browser(workspace: &Workspace, out: &Out) -> Result<Command> {
    let chromium = ready(workspace, out)?;
    let mut node = command(workspace, "node");
    if let Some(chromium) = chromium {
        node.env("LINLI_CHROMIUM", chromium);
    }
    Ok(node)
}

fn command(workspace: &Workspace, program: &str) -> Command {
    let mut command = workspace.command(program);
    command.current_dir(workspace.root.join(FOLDER));
    command
}

/// Runs the browser tests. `wanted` goes to Playwright as it is: a file, `--grep`, `--project`.
pub fn test(workspace: &Workspace, backend: &Path, wanted: &[String], out: &Out) -> Result<Tally> {
    let report = workspace.scratch().join("browser.json");
    if report.exists() {
        fs::remove_file(&report)?;
    }
    let mut node = with_browser(workspace, out)?;
    node.args([
        "node_modules/@playwright/test/cli.js",
        "test",
        "--reporter=list,json",
    ])
    .args(wanted)
    .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report)
    .env("LINLI_BACKEND", backend)
    .env("LINLI_SITE", site::dist(workspace))
    // The media server is started by the tests of the picture, as anybody would.
    .env("LINLI_XTASK", this_program(workspace)?);
    if let Some(pictures) = pictures::ready(workspace, out) {
        node.env("LINLI_PICTURES", pictures);
    }
    let succeeded = out.succeeds(&mut node)?;
    let report = fs::read_to_string(&report).context("Playwright left no report")?;
    Ok(count::browser(&report)?.or_failed(succeeded))
}

/// This very program, to be started once more. While the tests run that need no browser, cargo may have built
/// it anew: then its file is gone, but what runs can still be read.
fn this_program(workspace: &Workspace) -> Result<PathBuf> {
    let program = env::current_exe().context("where is this program?")?;
    if program.is_file() {
        return Ok(program);
    }
    let copy = workspace.scratch().join("xtask-that-runs");
    fs::create_dir_all(workspace.scratch())?;
    // One that an earlier run has left may still be running somewhere.
    let _ = fs::remove_file(&copy);
    fs::copy("/proc/self/exe", &copy)
        .with_context(|| format!("{} is gone, and cannot be copied", program.display()))?;
    Ok(copy)
}
