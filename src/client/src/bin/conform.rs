//! Tries the whole contract on a backend and says, rule by rule, what it keeps.

use clap::Parser;
use client::conform::{DeskKeys, Options, run};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Tries the whole contract on a backend: one line a rule, exit code 1 when something is missing.
///
/// Use a shop on which orders may be placed. They are cancelled again, but with the desk one of them
/// is handed over. Members are made with numbers 199........ by chance: let no real message be sent.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Where its API is, for instance http://127.0.0.1:8080/api/v1; http only
    #[arg(value_parser = over_http)]
    url: String,

    /// A program that prints the sign-in code last sent to the number in its environment, PHONE;
    /// without it the code must stand in the answer, as a demo's does
    #[arg(long, value_name = "PROGRAM")]
    code_from: Option<PathBuf>,

    /// A one-time code that makes a tablet one of the shop's desks; it is spent
    #[arg(long, value_name = "CODE", requires = "pin")]
    device_code: Option<String>,

    /// A PIN of somebody who may work at the counter
    #[arg(long, requires = "device_code")]
    pin: Option<String>,

    /// Print JSON instead
    #[arg(long)]
    json: bool,
}

fn over_http(url: &str) -> Result<String, String> {
    if url.starts_with("http://") {
        Ok(url.to_owned())
    } else {
        Err("an address that begins with http:// is needed; this program has no TLS".to_owned())
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let report = run(Options {
        base: arguments.url,
        code_from: arguments.code_from,
        desk: arguments
            .device_code
            .zip(arguments.pin)
            .map(|(device_code, pin)| DeskKeys { device_code, pin }),
    })
    .await;
    let text = if arguments.json {
        format!("{:#}\n", report.to_json())
    } else {
        report.to_string()
    };
    let told = std::io::stdout().write_all(text.as_bytes());
    if told.is_ok() && report.nothing_missing() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
