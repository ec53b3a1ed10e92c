//! A rush of comments, and what a browser makes of it.

use crate::backend::{self, Backend};
use crate::child::Out;
use crate::workspace::Workspace;
use crate::{browser, site};
use anyhow::Result;
use clap::Args;
use std::process::ExitCode;

/// `cargo xtask bench room`
#[derive(Args)]
pub struct RushOptions {
    /// How many comments come in a second
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=20_000))]
    rate: u32,
    /// For how many seconds
    #[arg(long, value_name = "S", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=600))]
    seconds: u32,
    /// Slows the browser's processor down so many times, as a phone's
    #[arg(long, value_name = "TIMES", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=20))]
    slow: u32,
}

/// Opens a room in a browser while the comments come in, and prints what it did. Fails when the last
/// comment is not shown.
pub fn command(workspace: &Workspace, options: &RushOptions) -> Result<ExitCode> {
    let out = Out::Terminal;
    site::build(workspace, &site::PageOptions::default(), &out)?;
    let program = backend::release(workspace, &out)?;
    let mut node = browser::with_browser(workspace, &out)?;
    let mut shop = backend::aside(workspace, &program, &out)?;
    let shop = Backend::start(shop.arg("--site").arg(site::dist(workspace)))?;
    let code = backend::device_code(workspace, &program)?;
    let numbers = [options.rate, options.seconds, options.slow].map(|number| number.to_string());
    node.args(["live_rush.mjs", &shop.url, &code]).args(numbers);
    Ok(match out.succeeds(&mut node)? {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}
