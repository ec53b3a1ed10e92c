//! How the shop is built, tried and started: `cargo xtask run`, `cargo xtask test`, and the steps
//! they are made of. Each command looks first at what is there and does only what is missing.

use anyhow::Result;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

mod audit;
mod backend;
mod bench;
mod browser;
mod child;
mod count;
mod debian;
mod gate;
mod inputs;
mod media;
mod media_files;
mod node;
mod pack;
mod parts;
mod pictures;
mod player;
mod python;
mod rush;
mod schemathesis;
mod serve;
mod setup;
mod site;
mod sizes;
mod split;
mod styles;
mod tools;
mod video;
mod walls;
mod workspace;

use child::Out;
use workspace::Workspace;

/// The commands of this repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Sets up what is missing, builds both pages and starts the shop
    Run(serve::RunOptions),
    /// Starts a media server for a shop that is open already: nginx with RTMP, and ffmpeg
    Media(media::MediaOptions),
    /// Serves one page with rebuild on change, in front of the backend
    Dev(serve::DevOptions),
    /// Runs the gate, or the parts of it that are named
    Test(gate::TestOptions),
    /// Builds the finished static site into dist/
    Build(site::PageOptions),
    /// Installs what the other commands need, and says what is there
    Setup,
    /// Prints every file of the shopper's first load beside its budget
    Sizes(sizes::SizesOptions),
    /// Measures what takes long to measure, and prints the figures
    #[command(subcommand)]
    Bench(Bench),
    /// Writes the scoped style sheets, style/scoped.css and style/scoped-desk.css
    Styles,
    /// Writes the backend's OpenAPI document, docs/openapi.json
    Openapi,
    /// Checks licences and known vulnerabilities (needs the network)
    Audit,
}

/// What can be measured.
#[derive(Subcommand)]
enum Bench {
    /// A show with a crowd: delivered, lost, doubled, latency, memory, processor time
    Live(bench::LiveOptions),
    /// A room in a browser while a thousand comments come in every second
    Room(rush::RushOptions),
    /// A show's picture through a media server: the first picture, how late it is, bytes, memory
    Video(video::VideoOptions),
    /// A recorded show from beginning to end: memory, and whether room and picture go together
    Replay(video::ReplayOptions),
}

/// Where the shop keeps its data and what it starts with; handed on to the backend.
#[derive(Args, Clone)]
pub struct DataOptions {
    /// The folder with the database and the uploaded pictures
    #[arg(long, value_name = "DIR", default_value = "data")]
    data: PathBuf,
    /// Starts with a new demo shop; an old one is put aside
    #[arg(long, conflicts_with = "empty")]
    fresh: bool,
    /// Starts with a shop that has nothing yet; an old one is put aside
    #[arg(long)]
    empty: bool,
    /// How many products the demo shop has
    #[arg(long, value_name = "N", conflicts_with = "empty")]
    demo_products: Option<u32>,
}

fn main() -> ExitCode {
    match start(Cli::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\n{}", child::causes(&error));
            ExitCode::FAILURE
        }
    }
}

fn start(command: Command) -> Result<ExitCode> {
    let workspace = Workspace::find()?;
    let out = Out::Terminal;
    match command {
        Command::Run(options) => serve::run(&workspace, &options)?,
        Command::Media(options) => media::alone(&workspace, &options)?,
        Command::Dev(options) => serve::dev(&workspace, &options)?,
        Command::Test(options) => return gate::test(&workspace, &options),
        Command::Build(options) => site::build(&workspace, &options, &out)?,
        Command::Setup => setup::everything(&workspace, &out)?,
        Command::Sizes(options) => return sizes::command(&workspace, &options),
        Command::Bench(Bench::Live(options)) => bench::run(&workspace, &options, &out)?,
        Command::Bench(Bench::Room(options)) => return rush::command(&workspace, &options),
        Command::Bench(Bench::Video(options)) => return video::live(&workspace, &options),
        Command::Bench(Bench::Replay(options)) => return video::replay(&workspace, &options),
        Command::Styles => styles::command(&workspace)?,
        Command::Openapi => backend::write_openapi(&workspace, &out)?,
        Command::Audit => audit::check(&workspace, &out)?,
    }
    Ok(ExitCode::SUCCESS)
}
