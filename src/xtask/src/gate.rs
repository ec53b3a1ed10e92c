//! The gate: every part of `cargo xtask test`, counted and timed.

use crate::child::{Out, causes, seconds};
use crate::count::Tally;
use crate::parts::{Ground, Part};
use crate::workspace::Workspace;
use crate::{browser, media, schemathesis, setup};
use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use std::fs;
use std::io::{Write, stdout};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

/// `cargo xtask test`
#[derive(Args)]
pub struct TestOptions {
    /// The parts to run; all of the everyday ones when none is named. `full` adds the long ones
    #[arg(value_name = "PART", value_parser = Wanted::parse)]
    parts: Vec<Wanted>,
    /// What follows `--` goes to the browser tests: a file, `--grep`, `--project`
    #[arg(last = true, value_name = "PLAYWRIGHT")]
    browser: Vec<String>,
}

/// A part, or all of them.
#[derive(Clone, Copy)]
enum Wanted {
    Full,
    One(Part),
}

impl Wanted {
    fn parse(word: &str) -> Result<Self, String> {
        if word == "full" {
            return Ok(Self::Full);
        }
        Part::from_str(word, false).map(Self::One).map_err(|_| {
            let names: Vec<&str> = Part::value_variants()
                .iter()
                .map(|part| part.name())
                .collect();
            format!("the parts are {}, and full", names.join(", "))
        })
    }
}

/// Runs the parts one after the other, also after one that failed, and ends with one line over all.
pub fn test(workspace: &Workspace, options: &TestOptions) -> Result<ExitCode> {
    let parts = chosen(&options.parts);
    let mut total = Tally::default();
    // What takes minutes is installed before the parts, where it can say so.
    if let Err(error) = set_up(workspace, &parts) {
        println!("setup        FAILED\n{}", indented(&causes(&error)));
        total += Tally::FAILED;
    }
    let ground = Ground::new(workspace, &options.browser);
    for part in parts {
        total += run(&ground, part)?;
    }
    println!("{} passed, {} failed", total.passed, total.failed);
    Ok(if total.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn chosen(wanted: &[Wanted]) -> Vec<Part> {
    if wanted.is_empty() {
        return Part::everyday().collect();
    }
    let mut parts = Vec::new();
    for wanted in wanted {
        match wanted {
            Wanted::Full => parts.extend(Part::value_variants()),
            Wanted::One(part) => parts.push(*part),
        }
    }
    parts.sort();
    parts.dedup();
    parts
}

fn set_up(workspace: &Workspace, parts: &[Part]) -> Result<()> {
    let out = Out::Terminal;
    if parts.iter().any(|part| part.needs_lints()) {
        setup::for_lints(workspace, &out)?;
    }
    if parts.iter().any(|part| part.needs_pages()) {
        setup::for_pages(workspace, &out)?;
    }
    if parts.iter().any(|part| part.needs_browser()) {
        browser::ready(workspace, &out)?;
    }
    if parts.iter().any(|part| part.needs_media()) {
        media::ready(&out)?;
    }
    if parts.iter().any(|part| part.needs_schemathesis()) {
        schemathesis::ready(workspace, &out)?;
    }
    Ok(())
}

/// Runs one part. One line when it passed; all that was said when it failed.
fn run(ground: &Ground, part: Part) -> Result<Tally> {
    let log = ground
        .workspace
        .scratch()
        .join(format!("{}.log", part.name()));
    let out = Out::log(log.clone())?;
    print!("{:<12} ", part.name());
    stdout().flush()?;
    let start = Instant::now();
    let tally = part.run(ground, &out).unwrap_or_else(|error| {
        out.say(&causes(&error));
        Tally::FAILED
    });
    let time = seconds(start.elapsed());
    if tally.failed == 0 {
        println!("ok      {:>5} passed  {time}", tally.passed);
    } else {
        println!(
            "FAILED  {:>5} failed, {} passed  {time}",
            tally.failed, tally.passed
        );
        print!("{}", indented(&read(&log)?));
    }
    Ok(tally)
}

fn read(log: &Path) -> Result<String> {
    let bytes = fs::read(log).with_context(|| format!("cannot read {}", log.display()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Moves the words of others to the right, where none of them is taken for the closing line.
fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn parts_run_once_and_in_their_order() {
        let wanted = ["sizes", "fmt", "sizes"].map(|word| Wanted::parse(word).unwrap());
        assert_eq!(chosen(&wanted), [Part::Fmt, Part::Sizes]);
        assert!(Wanted::parse("everything").is_err());
        let full = chosen(&[Wanted::parse("full").unwrap()]);
        assert!(chosen(&[]).iter().all(|part| full.contains(part)));
        assert!(!chosen(&[]).contains(&Part::Schemathesis) && full.contains(&Part::Schemathesis));
    }

    #[test]
    fn nobody_else_says_the_closing_line() {
        assert_eq!(indented("3 passed, 0 failed"), "    3 passed, 0 failed\n");
    }
}
