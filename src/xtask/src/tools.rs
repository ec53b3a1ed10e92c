//! The programs that build the pages, at the versions this repository was tried with, and where
//! they are. They are the same everywhere, so that the pages come out with the same bytes.

use crate::child::{self, Out};
use crate::node;
use crate::setup::Compiler;
use crate::workspace::{Workspace, usual_cargo};
use anyhow::{Context, Result};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// Bundles the pages. 0.21 has a stale integrity hash under an unchanged file name.
const TRUNK: &str = "0.22.1";
/// The npm package with `wasm-opt`.
const BINARYEN: &str = "132";

/// The npm package that bundles the glue.
const ESBUILD: &str = "0.28.2";

/// Tools are compiled to be finished soon, not to run fast: they work for seconds.
const COMPILED_QUICKLY: [(&str, &str); 5] = [
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"),
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "256"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "0"),
    ("CARGO_PROFILE_RELEASE_STRIP", "true"),
];

/// What the pages are built with, once everything is there.
pub struct Toolbox {
    compiler: Compiler,
    path: OsString,
}

impl Toolbox {
    /// Finds the tools and installs those that are missing.
    pub fn fill(workspace: &Workspace, compiler: Compiler, out: &Out) -> Result<Self> {
        let path = search_path(workspace, &compiler)?;
        let toolbox = Self { compiler, path };
        toolbox.trunk(workspace, out)?;
        toolbox.wasm_bindgen(workspace, out)?;
        toolbox.npm_tool(workspace, out, "wasm-opt", "binaryen", BINARYEN)?;
        toolbox.npm_tool(workspace, out, "esbuild", "esbuild", ESBUILD)?;
        Ok(toolbox)
    }

    /// A program that finds the tools on its path, and a cargo that compiles to WebAssembly.
    pub fn command(&self, workspace: &Workspace, program: &str) -> Command {
        let mut command = workspace.command(program);
        command
            .env("PATH", &self.path)
            .env("LINLI_CARGO", usual_cargo())
            // Trunk's own, of which it strips the names.
            .env("RUST_BACKTRACE", "0");
        command
    }

    /// Whether the usual toolchain compiles to WebAssembly, so that its clippy can as well.
    pub fn has_usual_compiler(&self) -> bool {
        matches!(self.compiler, Compiler::Usual)
    }

    fn trunk(&self, workspace: &Workspace, out: &Out) -> Result<()> {
        if self.version(workspace, "trunk")?.as_deref() == Some(TRUNK) {
            return Ok(());
        }
        // 0.22.1 asks for rustc 1.96.1 and is content with less.
        let more = ["--locked", "--ignore-rust-version"];
        out.step(
            &format!("Installing Trunk {TRUNK}"),
            "2 to 10 minutes",
            || self.install(workspace, out, "trunk", TRUNK, &more),
        )
    }

    /// The command must be exactly as old as the library, or it refuses the wasm.
    fn wasm_bindgen(&self, workspace: &Workspace, out: &Out) -> Result<()> {
        let wanted = locked_version(workspace, "wasm-bindgen")?;
        if self.version(workspace, "wasm-bindgen")?.as_deref() == Some(&wanted) {
            return Ok(());
        }
        let what = format!("Installing wasm-bindgen {wanted}");
        out.step(&what, "1 to 3 minutes", || {
            // Not `--locked`: the lock file of 0.2.130 names a version that is not there.
            self.install(workspace, out, "wasm-bindgen-cli", &wanted, &[])
        })
    }

    /// wasm-opt from npm rather than by Trunk: one place less to reach, and everywhere the same version,
    /// without which two machines would not agree on the size of the first load.
    fn npm_tool(
        &self,
        workspace: &Workspace,
        out: &Out,
        tool: &str,
        package: &str,
        version: &str,
    ) -> Result<()> {
        if self.version(workspace, tool)?.as_deref() == Some(version) {
            return Ok(());
        }
        let folder = node_folder(workspace);
        let what = format!("Installing {tool} {version}");
        out.step(&what, "10 seconds", || {
            fs::create_dir_all(&folder)?;
            out.run(
                node::npm(workspace)
                    .args(["install", "--no-audit", "--no-fund", "--prefix"])
                    .arg(&folder)
                    .arg(format!("{package}@{version}"))
                    .current_dir(&folder),
            )
        })
    }

    /// The version a tool gives itself, or none when it is not there.
    fn version(&self, workspace: &Workspace, tool: &str) -> Result<Option<String>> {
        let answer = child::read(self.command(workspace, tool).arg("--version"));
        Ok(answer.ok().and_then(|answer| version_in(&answer)))
    }

    fn install(
        &self,
        workspace: &Workspace,
        out: &Out,
        krate: &str,
        version: &str,
        more: &[&str],
    ) -> Result<()> {
        let root = folder(workspace);
        if has_binstall() {
            let mut binstall = workspace.cargo();
            binstall
                .args(["binstall", "--no-confirm", "--force", "--root"])
                .arg(&root)
                .arg(format!("{krate}@{version}"));
            if out.succeeds(&mut binstall)? {
                return Ok(());
            }
        }
        out.run(
            install_from_source(workspace, self.compiler.cargo())
                .args(["--force", krate, "--version", version])
                .args(more),
        )
    }
}

/// Installs a tool that the pages do not need, and gives its path.
pub fn extra(workspace: &Workspace, out: &Out, krate: &str, version: &str) -> Result<PathBuf> {
    let program = format!("{krate}{}", env::consts::EXE_SUFFIX);
    let program = folder(workspace).join("bin").join(program);
    let there = child::read(Command::new(&program).arg("--version")).unwrap_or_default();
    if version_in(&there).as_deref() != Some(version) {
        let what = format!("Installing {krate} {version}");
        out.step(&what, "10 minutes", || {
            let cargo = Command::new(usual_cargo());
            out.run(install_from_source(workspace, cargo).args([
                "--locked",
                "--force",
                krate,
                "--version",
                version,
            ]))
        })?;
    }
    Ok(program)
}

/// `cargo install` into the tools' folder. It compiles beside the tools, not into the target
/// folder: one that was interrupted goes on where it was.
fn install_from_source(workspace: &Workspace, mut cargo: Command) -> Command {
    let root = folder(workspace);
    child::clean(&mut cargo)
        .current_dir(env::temp_dir())
        .env("CARGO_TARGET_DIR", root.join("build"))
        .envs(COMPILED_QUICKLY)
        .env_remove("RUSTC_BOOTSTRAP")
        .args(["install", "--root"])
        .arg(&root);
    cargo
}

fn has_binstall() -> bool {
    let mut cargo = Command::new(usual_cargo());
    child::read(cargo.args(["binstall", "-V"])).is_ok()
}

/// The tools first, then what the user has.
fn search_path(workspace: &Workspace, compiler: &Compiler) -> Result<OsString> {
    let usual = env::var_os("PATH").unwrap_or_default();
    let tools = compiler.path().into_iter().chain([
        folder(workspace).join("bin"),
        node_folder(workspace).join("node_modules").join(".bin"),
    ]);
    env::join_paths(tools.chain(env::split_paths(&usual))).context("a folder's name has a colon")
}

/// Where the tools are.
pub fn folder(workspace: &Workspace) -> PathBuf {
    workspace.cache.join("tools")
}

fn node_folder(workspace: &Workspace) -> PathBuf {
    folder(workspace).join("node")
}

/// The version of a crate in `Cargo.lock`.
fn locked_version(workspace: &Workspace, krate: &str) -> Result<String> {
    let lock = fs::read_to_string(workspace.root.join("Cargo.lock"))?;
    version_in_lock(&lock, krate).with_context(|| format!("Cargo.lock does not have {krate}"))
}

fn version_in_lock(lock: &str, krate: &str) -> Option<String> {
    let name = format!("name = \"{krate}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name).skip(1);
    let version = lines.next()?.strip_prefix("version = \"")?;
    Some(version.trim_end_matches('"').to_owned())
}

/// The first word that begins with a digit: `wasm-opt version 132 (version_132)` gives `132`.
pub fn version_in(answer: &str) -> Option<String> {
    let digit = |word: &&str| word.starts_with(|letter: char| letter.is_ascii_digit());
    answer.split_whitespace().find(digit).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_says_its_version() {
        let version = |answer| version_in(answer).unwrap_or_default();
        assert_eq!(version("trunk 0.22.1\n"), "0.22.1");
        assert_eq!(version("wasm-opt version 132 (version_132)"), "132");
        assert_eq!(version("no such program"), "");
    }

    #[test]
    fn the_lock_file_says_the_version_of_the_library() {
        let lock = "name = \"wasm-bindgen-macro\"\nversion = \"1\"\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(
            version_in_lock(lock, "wasm-bindgen").as_deref(),
            Some("0.2.130")
        );
        assert_eq!(version_in_lock(lock, "leptos"), None);
    }
}
