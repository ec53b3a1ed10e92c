//! The shopper's first load, counted in a browser, beside what it may be.

use crate::backend::{self, Backend};
use crate::child::{self, Out};
use crate::workspace::Workspace;
use crate::{browser, site};
use anyhow::{Context, Result};
use clap::Args;
use serde::{Deserialize, Serialize};
use std::fs;
use std::process::ExitCode;

/// The budget, and the figure that was landed last.
const KEPT: &str = "src/xtask/first-load.json";
/// What a rebuild may add without anybody having added something.
const TOLERANCE: u64 = 512;

/// `cargo xtask sizes`
#[derive(Args)]
pub struct SizesOptions {
    /// Prints JSON instead of a table
    #[arg(long)]
    json: bool,
    /// Keeps the measured figure as the landed one; the commit says why it changed
    #[arg(long)]
    land: bool,
}

/// What the first load may be, in bytes of brotli.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Kept {
    /// Never more than this.
    budget: u64,
    /// What it was when somebody last looked. Growing beyond it is a decision.
    landed: u64,
}

/// What the browser was sent.
#[derive(Debug, Serialize, Deserialize)]
struct FirstLoad {
    files: Vec<File>,
    /// The paths of files that were sent more than once.
    twice: Vec<String>,
}

/// A file of the first load.
#[derive(Debug, Serialize, Deserialize)]
struct File {
    path: String,
    /// Bytes when unpacked.
    raw: u64,
    /// Bytes as sent.
    sent: u64,
}

impl FirstLoad {
    fn sent(&self) -> u64 {
        self.files.iter().map(|file| file.sent).sum()
    }

    fn raw(&self) -> u64 {
        self.files.iter().map(|file| file.raw).sum()
    }
}

/// Measures, prints, and fails when the budget is not kept.
pub fn command(workspace: &Workspace, options: &SizesOptions) -> Result<ExitCode> {
    // Nothing but the answer on standard output: the steps before it go to a log.
    let out = match options.json {
        true => Out::log(workspace.scratch().join("sizes.log"))?,
        false => Out::Terminal,
    };
    site::build(workspace, &site::PageOptions::default(), &out)?;
    let load = measure(workspace, &out)?;
    let mut kept = kept(workspace)?;
    if options.land {
        kept.landed = load.sent();
        let text = serde_json::to_string(&kept)? + "\n";
        fs::write(workspace.root.join(KEPT), text)?;
    }
    match options.json {
        true => println!("{}", json(&load, kept)?),
        false => print!("{}", table(&load, kept)),
    }
    let problems = problems(&load, kept);
    for problem in &problems {
        eprintln!("{problem}");
    }
    Ok(if problems.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The gate's part: the table goes to the log, and what is wrong into the error.
pub fn check(workspace: &Workspace, out: &Out) -> Result<()> {
    let load = measure(workspace, out)?;
    let kept = kept(workspace)?;
    out.say(&table(&load, kept));
    let problems = problems(&load, kept);
    anyhow::ensure!(problems.is_empty(), "{}", problems.join("\n"));
    Ok(())
}

fn measure(workspace: &Workspace, out: &Out) -> Result<FirstLoad> {
    let program = backend::release(workspace, out)?;
    let mut node = browser::with_browser(workspace, out)?;
    let mut backend = backend::aside(workspace, &program, out)?;
    let backend = Backend::start(backend.arg("--site").arg(site::dist(workspace)))?;
    let answer = child::read(node.args(["sizes.mjs", &backend.url]))?;
    serde_json::from_str(&answer).context("what sizes.mjs says cannot be read")
}

fn kept(workspace: &Workspace) -> Result<Kept> {
    let text = fs::read_to_string(workspace.root.join(KEPT)).context(KEPT)?;
    serde_json::from_str(&text).context(KEPT)
}

fn problems(load: &FirstLoad, kept: Kept) -> Vec<String> {
    let sent = load.sent();
    let mut problems: Vec<String> = load
        .twice
        .iter()
        .map(|path| format!("{path} is downloaded more than once"))
        .collect();
    if sent > kept.budget {
        problems.push(format!(
            "the first load is {sent} bytes, {} more than the budget of {}",
            sent - kept.budget,
            kept.budget
        ));
    }
    if sent > kept.landed + TOLERANCE {
        problems.push(format!(
            "the first load grew by {} bytes to {sent}. Where that is wanted, \
             `cargo xtask sizes --land` keeps the new figure, and the commit says why",
            sent - kept.landed
        ));
    }
    problems
}

fn table(load: &FirstLoad, kept: Kept) -> String {
    let width = load
        .files
        .iter()
        .map(|file| file.path.chars().count())
        .max();
    let width = width.unwrap_or_default().max(20);
    let line = |name: &str, raw: &str, sent: &str| format!("{name:<width$} {raw:>10} {sent:>10}\n");
    let mut table = line("first load, in bytes", "raw", "brotli");
    for file in &load.files {
        table += &line(&file.path, &file.raw.to_string(), &file.sent.to_string());
    }
    table += &line("total", &load.raw().to_string(), &load.sent().to_string());
    table += &line("landed", "", &kept.landed.to_string());
    table += &line("budget", "", &kept.budget.to_string());
    table
}

fn json(load: &FirstLoad, kept: Kept) -> Result<String> {
    let report = serde_json::json!({
        "files": load.files,
        "twice": load.twice,
        "raw": load.raw(),
        "sent": load.sent(),
        "landed": kept.landed,
        "budget": kept.budget,
    });
    Ok(serde_json::to_string_pretty(&report)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(sent: u64) -> FirstLoad {
        let file = |path: &str, sent| File {
            path: path.into(),
            raw: sent * 3,
            sent,
        };
        FirstLoad {
            files: vec![file("/", 400), file("/shop.wasm", sent - 400)],
            twice: vec![],
        }
    }

    const KEPT: Kept = Kept {
        budget: 150_000,
        landed: 120_000,
    };

    #[test]
    fn a_first_load_may_be_what_it_was() {
        assert_eq!(problems(&load(119_000), KEPT), Vec::<String>::new());
        assert_eq!(problems(&load(120_512), KEPT), Vec::<String>::new());
    }

    #[test]
    fn growing_is_a_decision() {
        let grown = problems(&load(120_513), KEPT);
        assert_eq!(grown.len(), 1);
        assert!(
            grown.concat().contains("grew by 513 bytes to 120513"),
            "{grown:?}"
        );
        assert_eq!(
            problems(&load(150_001), KEPT).len(),
            2,
            "grown, and over the budget"
        );
        assert_eq!(
            problems(
                &load(150_001),
                Kept {
                    landed: 150_001,
                    ..KEPT
                }
            )
            .len(),
            1
        );
    }

    #[test]
    fn a_second_download_of_the_same_file_is_named() {
        let load = FirstLoad {
            twice: vec!["/shop.wasm".into()],
            ..load(1_000)
        };
        assert_eq!(
            problems(&load, KEPT),
            ["/shop.wasm is downloaded more than once"]
        );
    }

    #[test]
    fn the_table_adds_up() {
        let table = table(&load(120_000), KEPT);
        let total = table
            .lines()
            .find(|line| line.starts_with("total"))
            .unwrap_or_default();
        assert_eq!(
            total.split_whitespace().collect::<Vec<_>>(),
            ["total", "360000", "120000"]
        );
    }
}
