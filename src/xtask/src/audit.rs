//! Licences, sources and known vulnerabilities of everything we depend on. Apart from the gate: it
//! asks a database of advisories, so that it may fail tomorrow although nothing has changed.

use crate::child::Out;
use crate::workspace::Workspace;
use crate::{node, tools};
use anyhow::{Result, bail};

const CARGO_DENY: &str = "0.20.2";

/// Checks the crates by `deny.toml`, then the npm packages of the browser tests.
pub fn check(workspace: &Workspace, out: &Out) -> Result<()> {
    node::ready(out)?;
    let deny = tools::extra(workspace, out, "cargo-deny", CARGO_DENY)?;
    let crates = out.succeeds(workspace.command(deny).args(["check"]))?;
    let mut npm = node::npm(workspace);
    npm.arg("audit").current_dir(workspace.root.join("end2end"));
    let packages = out.succeeds(&mut npm)?;
    match (crates, packages) {
        (true, true) => Ok(()),
        (false, true) => bail!("the crates do not pass (cargo-deny)"),
        (true, false) => bail!("the npm packages do not pass (npm audit)"),
        (false, false) => bail!("neither the crates nor the npm packages pass"),
    }
}
