//! Requests made up by [schemathesis](https://schemathesis.readthedocs.io) from the OpenAPI
//! document, sensible and senseless ones: whatever is asked, the backend answers what its document
//! says, and never with a failure of its own.

use crate::backend::{self, Backend};
use crate::child::{self, Out};
use crate::count::{self, Tally};
use crate::python;
use crate::workspace::Workspace;
use anyhow::{Context, Result};
use client::transport::SAFE_HEADER;
use serde::Deserialize;
use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Needs Python 3.11 or newer.
const VERSION: &str = "4.32.5";
/// Names the seed with which a run begins the same way as another one.
const SEED: &str = "LINLI_SEED";
/// How long it asks as each caller, in seconds.
const TIME: u64 = 80;
/// How long that may take with start and end. Schemathesis looks at its clock between two requests.
const LIMIT: Duration = Duration::from_secs(TIME + 60);

/// What schemathesis is told in every shop.
const TOLD: &str = include_str!("../schemathesis.toml");
/// The name of the file with that, and with what is true of one shop only.
const CONFIGURATION: &str = "configuration.toml";
/// The name of the file with what it found.
const REPORT: &str = "report.json";
/// The program that leaves a member, orders and a desk in a shop.
const VISIT: &str = "visit";
/// A mobile number of a member of the demo.
const PHONE: &str = "13800138000";
/// The PIN of the demo's owner.
const PIN: &str = "202611";

/// As whom it asks.
#[derive(Clone, Copy)]
enum Caller {
    /// Nobody in particular.
    Guest,
    /// A member who is signed in.
    Member,
    /// The owner at a desk.
    Staff,
}

impl Caller {
    fn name(self) -> &'static str {
        match self {
            Self::Guest => "guest",
            Self::Member => "member",
            Self::Staff => "staff",
        }
    }

    /// The `Cookie` header by which the backend knows the caller.
    fn cookies(self, visit: &Visit) -> Option<&str> {
        match self {
            Self::Guest => None,
            Self::Member => Some(&visit.member),
            Self::Staff => Some(&visit.staff),
        }
    }

    /// What would sign the caller out, after which there would be only another guest.
    fn last_call(self) -> Option<&'static str> {
        match self {
            Self::Guest => None,
            Self::Member => Some("DELETE /api/v1/session"),
            Self::Staff => Some("DELETE /api/v1/desk/session"),
        }
    }
}

/// What a visit leaves behind: see `src/client/examples/visit.rs`.
#[derive(Deserialize)]
struct Visit {
    member: String,
    staff: String,
    orders: Vec<String>,
    codes: Vec<String>,
    next: NextOrder,
}

/// An order that could be placed now.
#[derive(Deserialize)]
struct NextOrder {
    lines: Vec<Line>,
    quote: String,
    pickup_from: String,
}

#[derive(Deserialize)]
struct Line {
    variant: String,
}

/// Makes schemathesis ready.
pub fn ready(workspace: &Workspace, out: &Out) -> Result<PathBuf> {
    python::tool(workspace, out, "schemathesis", VERSION)
}

/// Asks as each of the callers, of a new demo shop each. Every operation of the document counts as
/// one test.
pub fn check(workspace: &Workspace, out: &Out) -> Result<Tally> {
    let asking = Asking {
        workspace,
        out,
        schemathesis: ready(workspace, out)?,
        backend: backend::release(workspace, out)?,
        visit: workspace.example(VISIT, out)?,
        seed: seed()?,
    };
    let again = format!("{SEED}={} cargo xtask test schemathesis", asking.seed);
    out.say(&format!("`{again}` begins the same way"));
    let mut tally = Tally::default();
    for caller in [Caller::Guest, Caller::Member, Caller::Staff] {
        out.say(&format!("\nAs {}:", caller.name()));
        tally += asking.ask(caller)?;
    }
    Ok(tally)
}

/// The seed that is asked for, or another one every second.
fn seed() -> Result<u64> {
    match env::var(SEED) {
        Ok(seed) => seed
            .parse()
            .with_context(|| format!("{SEED} is a whole number")),
        Err(_) => Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs()),
    }
}

/// What is the same for every caller.
struct Asking<'a> {
    workspace: &'a Workspace,
    out: &'a Out,
    schemathesis: PathBuf,
    backend: PathBuf,
    visit: PathBuf,
    seed: u64,
}

impl Asking<'_> {
    fn ask(&self, caller: Caller) -> Result<Tally> {
        let mut shop = backend::aside(self.workspace, &self.backend, self.out)?;
        let shop = Backend::start(shop.arg("--show-codes"))?;
        let visit = self.pay_a_visit(&shop)?;

        // What schemathesis learned in one run would make the next one another.
        let scratch = self.workspace.scratch().join("schemathesis");
        let folder = scratch.join(caller.name());
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(CONFIGURATION), configured(&visit)?)?;

        let mut command = self.command(&shop);
        command.current_dir(&folder);
        if let Some(cookies) = caller.cookies(&visit) {
            command.args(["--header", &format!("Cookie: {cookies}")]);
        }
        // It goes on and on: the backend's own tests read it.
        command.args(["--exclude-name", "GET /api/v1/shows/{id}/events"]);
        if let Some(operation) = caller.last_call() {
            command.args(["--exclude-name", operation]);
        }
        let succeeded = self.out.succeeds_within(LIMIT, &mut command)?;
        let report = fs::read_to_string(folder.join(REPORT));
        let report = report.context("schemathesis left no report")?;
        Ok(count::schemathesis(&report)?.or_failed(succeeded))
    }

    fn pay_a_visit(&self, shop: &Backend) -> Result<Visit> {
        let api = format!("{}/api/v1", shop.url);
        let device_code = backend::device_code(self.workspace, &self.backend)?;
        let mut visit = self.workspace.command(&self.visit);
        let left = child::read(visit.args([&api, PHONE, &device_code, PIN]))?;
        serde_json::from_str(&left).context("what the visit leaves behind cannot be read")
    }

    /// Schemathesis, to be started among its files.
    fn command(&self, shop: &Backend) -> Command {
        let mut command = self.workspace.command(&self.schemathesis);
        command
            .args(["--config-file", CONFIGURATION, "run"])
            .arg(self.workspace.root.join(backend::OPENAPI))
            .args(["--url", &shop.url])
            .args(["--header", &format!("{SAFE_HEADER}: 1")])
            .args(["--seed", &self.seed.to_string()])
            .args(["--max-time", &TIME.to_string()])
            // All that is wrong with an operation, not only the first thing.
            .arg("--continue-on-failure")
            // They only say how much is refused, which is much.
            .args(["--warnings", "off"])
            .args(["--generation-database", "none", "--no-color"])
            .args(["--report", "json", "--report-json-path", REPORT]);
        command
    }
}

/// The configuration, with the values of this shop.
fn configured(visit: &Visit) -> Result<String> {
    let Visit {
        orders,
        codes,
        next,
        ..
    } = visit;
    let variants: Vec<_> = next.lines.iter().map(|line| &line.variant).collect();
    let mut text = TOLD.to_owned();
    for (name, values) in [
        ("orders", serde_json::to_string(orders)?),
        ("codes", serde_json::to_string(codes)?),
        ("variants", serde_json::to_string(&variants)?),
        ("quotes", serde_json::to_string(&[&next.quote])?),
        ("times", serde_json::to_string(&[&next.pickup_from])?),
    ] {
        // A list of texts is written alike in JSON and in TOML.
        text += &format!("\n[dictionaries.{name}]\nvalues = {values}\n");
    }
    Ok(text)
}
