//! The reference backend as a program: building it, starting it, asking it for its OpenAPI document.

use crate::child::{self, Out};
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use std::fs;
use std::io::{BufRead, BufReader, copy, sink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;

/// The document that is kept in the repository.
pub const OPENAPI: &str = "docs/openapi.json";
/// How the backend says that it is ready, and where.
const LISTENING: &str = "listening on ";

/// Builds the backend for release and gives the program's path.
pub fn release(workspace: &Workspace, out: &Out) -> Result<PathBuf> {
    let program = workspace.release_program("backend");
    if program.exists() {
        out.run(
            workspace
                .cargo()
                .args(["build", "--quiet", "--release", "-p", "backend"]),
        )?;
    } else {
        out.step("Building the backend", "4 minutes the first time", || {
            out.run(
                workspace
                    .cargo()
                    .args(["build", "--release", "-p", "backend"]),
            )
        })?;
    }
    Ok(program)
}

/// Writes the OpenAPI document as the backend has it now.
pub fn write_openapi(workspace: &Workspace, out: &Out) -> Result<()> {
    let document = openapi(workspace, out)?;
    let path = workspace.root.join(OPENAPI);
    if fs::read_to_string(&path).is_ok_and(|there| there == document) {
        out.say(&format!("{OPENAPI} is as the backend has it"));
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, document)?;
    out.say(&format!("{OPENAPI} is written"));
    Ok(())
}

/// Fails when the document in the repository is not the backend's.
pub fn check_openapi(workspace: &Workspace, out: &Out) -> Result<()> {
    let document = openapi(workspace, out)?;
    let kept = fs::read_to_string(workspace.root.join(OPENAPI)).unwrap_or_default();
    if let Some(line) = first_difference(&kept, &document) {
        bail!(
            "{OPENAPI} differs from the backend's, first in line {line}: \
             `cargo xtask openapi` writes it"
        );
    }
    Ok(())
}

fn openapi(workspace: &Workspace, out: &Out) -> Result<String> {
    let program = release(workspace, out)?;
    child::read(workspace.command(program).arg("openapi"))
}

fn first_difference(one: &str, other: &str) -> Option<usize> {
    if one == other {
        return None;
    }
    let same = one
        .lines()
        .zip(other.lines())
        .take_while(|(one, other)| one == other);
    Some(same.count() + 1)
}

/// A backend for a measurement or a test, to be started: a new demo shop in a data folder of its own,
/// on any free port.
pub fn aside(workspace: &Workspace, program: &Path, out: &Out) -> Result<Command> {
    let data = data_aside(workspace);
    if data.exists() {
        fs::remove_dir_all(&data)?;
    }
    let mut command = workspace.command(program);
    command.args(["--addr", "127.0.0.1:0", "--data"]).arg(&data);
    out.attach(&mut command)?;
    Ok(command)
}

/// A one-time code that makes a tablet one of the desks of the shop that was opened aside.
pub fn device_code(workspace: &Workspace, program: &Path) -> Result<String> {
    let mut command = workspace.command(program);
    command.arg("--data").arg(data_aside(workspace));
    let answer = child::read(command.arg("register-desk"))?;
    let code = answer.lines().next();
    Ok(code.context("the backend gave no code")?.to_owned())
}

/// The folder of the shop that is opened aside.
pub fn data_aside(workspace: &Workspace) -> PathBuf {
    workspace.scratch().join("data")
}

/// A running backend. It is stopped when this is dropped.
pub struct Backend {
    child: Child,
    /// Where it listens, for instance `http://127.0.0.1:8080`.
    pub url: String,
    /// A link that makes a browser one of the shop's desks, where the backend gave one.
    pub desk: Option<String>,
}

impl Backend {
    /// Starts a backend and waits until it listens.
    pub fn start(command: &mut Command) -> Result<Self> {
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
        let mut child = child.context("cannot start the backend")?;
        let mut words = BufReader::new(child.stdout.take().context("no standard output")?);
        let mut line = String::new();
        let mut desk = None;
        while words.read_line(&mut line)? > 0 {
            if let Some(url) = line.trim().strip_prefix(LISTENING) {
                let url = url.to_owned();
                // Its further words are nobody's, but a full pipe would stop it.
                thread::spawn(move || copy(&mut words, &mut sink()));
                return Ok(Self { child, url, desk });
            }
            desk = line
                .trim()
                .strip_prefix("desk ")
                .map(str::to_owned)
                .or(desk);
            line.clear();
        }
        bail!("the backend ended before it listened: {}", child.wait()?);
    }

    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The backend's end, when it has ended.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Waits for the backend to stop.
    pub fn stop(&mut self) {
        child::stop(&mut self.child);
    }
}

impl Drop for Backend {
    fn drop(&mut self) {
        self.stop();
    }
}

#[cfg(test)]
mod tests {
    use super::first_difference;

    #[test]
    fn a_difference_is_named_by_its_line() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), Some(2));
        assert_eq!(first_difference("a\n", "a\nb\n"), Some(2));
        assert_eq!(first_difference("a\n", "a"), Some(2));
    }
}
