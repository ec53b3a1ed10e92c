//! Python: schemathesis comes from there.

use crate::child::{self, Out};
use crate::debian;
use crate::tools;
use crate::workspace::Workspace;
use anyhow::{Result, bail};
use std::env;
use std::path::PathBuf;
use std::process::Command;

/// The Python that is looked for.
const PYTHON: &str = if cfg!(windows) { "python" } else { "python3" };
/// Succeeds where Python is new enough for schemathesis, and can make an environment with pip in it.
const NEW_AND_WHOLE: &str =
    "import ensurepip, sys, venv; sys.exit(0 if sys.version_info >= (3, 11) else 1)";

/// Installs a program from the Python Package Index into an environment of its own among the tools,
/// and gives its path.
pub fn tool(workspace: &Workspace, out: &Out, name: &str, version: &str) -> Result<PathBuf> {
    let environment = tools::folder(workspace).join(name);
    let programs = environment.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let path = |program: &str| programs.join(format!("{program}{}", env::consts::EXE_SUFFIX));
    let there = child::read(Command::new(path(name)).arg("--version")).unwrap_or_default();
    if tools::version_in(&there).as_deref() != Some(version) {
        ready(out)?;
        let what = format!("Installing {name} {version}");
        out.step(&what, "1 minute", || {
            let mut venv = workspace.command(PYTHON);
            out.run(venv.args(["-m", "venv", "--clear"]).arg(&environment))?;
            let pip = ["-m", "pip", "install", "--quiet"];
            let mut python = workspace.command(path("python"));
            out.run(
                python
                    .args(pip)
                    .arg("--disable-pip-version-check")
                    .arg(format!("{name}=={version}")),
            )
        })?;
    }
    Ok(path(name))
}

/// Makes sure that there is a Python.
fn ready(out: &Out) -> Result<()> {
    if !is_here() && debian::may_install() {
        debian::install(out, &["python3", "python3-venv"])?;
    }
    if !is_here() {
        bail!(
            "Python is missing, too old, or without venv and pip: install Python 3.11 or newer \
             (on Debian the packages python3 and python3-venv)"
        );
    }
    Ok(())
}

fn is_here() -> bool {
    child::read(Command::new(PYTHON).args(["-c", NEW_AND_WHOLE])).is_ok()
}
