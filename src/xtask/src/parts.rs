//! The parts of the gate, in the order in which they run: what is quick to fail comes first.

use crate::child::Out;
use crate::count::{self, Tally};
use crate::site::PageOptions;
use crate::workspace::Workspace;
use crate::{backend, browser, schemathesis, setup, site, sizes, styles, walls};
use anyhow::{Result, bail};
use clap::ValueEnum;
use std::cell::Cell;
use std::env;
use std::fs;

/// A part of the gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Part {
    /// The format.
    Fmt,
    /// The lints, without a warning.
    Clippy,
    /// Every test that runs without a browser.
    Native,
    /// The walls between the rooms.
    Walls,
    /// The OpenAPI document is the backend's.
    Openapi,
    /// Both pages build for release.
    Site,
    /// Every class that the pages use is in the sheet.
    Styles,
    /// The desk is not in the shopper's download.
    DeskApart,
    /// The shopper's first load keeps its budget.
    Sizes,
    /// The journeys in a browser.
    Browser,
    /// Requests made up from the OpenAPI document.
    Schemathesis,
}

/// Parts that take long; only `cargo xtask test full` runs them, or their name.
const LONG: [Part; 1] = [Part::Schemathesis];

/// What the parts stand on.
pub struct Ground<'a> {
    /// The repository.
    pub workspace: &'a Workspace,
    /// What is handed on to Playwright.
    browser: &'a [String],
    /// Building the pages takes minutes: what failed once is not tried again.
    site_failed: Cell<bool>,
}

impl<'a> Ground<'a> {
    /// Nothing has failed yet.
    pub fn new(workspace: &'a Workspace, browser: &'a [String]) -> Self {
        Self {
            workspace,
            browser,
            site_failed: Cell::new(false),
        }
    }

    /// Makes sure that the pages are built.
    fn site(&self, out: &Out) -> Result<()> {
        if self.site_failed.get() {
            bail!("the pages did not build: see above");
        }
        site::build(self.workspace, &PageOptions::default(), out)
            .inspect_err(|_| self.site_failed.set(true))
    }
}

impl Part {
    /// What `cargo xtask test` runs.
    pub fn everyday() -> impl Iterator<Item = Self> {
        Self::value_variants()
            .iter()
            .copied()
            .filter(|part| !LONG.contains(part))
    }

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fmt => "fmt",
            Self::Clippy => "clippy",
            Self::Native => "native",
            Self::Walls => "walls",
            Self::Openapi => "openapi",
            Self::Site => "site",
            Self::Styles => "styles",
            Self::DeskApart => "desk-apart",
            Self::Sizes => "sizes",
            Self::Browser => "browser",
            Self::Schemathesis => "schemathesis",
        }
    }

    /// Whether it needs rustfmt or clippy.
    pub fn needs_lints(self) -> bool {
        matches!(self, Self::Fmt | Self::Clippy)
    }

    /// Whether it needs what the pages are built with.
    pub fn needs_pages(self) -> bool {
        matches!(self, Self::Clippy) || (Self::Site..=Self::Browser).contains(&self)
    }

    /// Whether it needs a browser.
    pub fn needs_browser(self) -> bool {
        matches!(self, Self::Sizes | Self::Browser)
    }

    /// Whether it needs a media server: nginx with RTMP, and ffmpeg.
    pub fn needs_media(self) -> bool {
        matches!(self, Self::Browser)
    }

    /// Whether it needs schemathesis.
    pub fn needs_schemathesis(self) -> bool {
        matches!(self, Self::Schemathesis)
    }

    /// Runs it.
    pub fn run(self, ground: &Ground, out: &Out) -> Result<Tally> {
        let workspace = ground.workspace;
        match self {
            Self::Fmt => out.run(
                workspace
                    .cargo()
                    .args(["fmt", "--all", "--", "--check", "--color", "never"]),
            )?,
            Self::Clippy => clippy(workspace, out)?,
            Self::Native => return native(workspace, out),
            Self::Walls => walls::check(workspace)?,
            Self::Openapi => backend::check_openapi(workspace, out)?,
            Self::Site => ground.site(out)?,
            Self::Styles => {
                ground.site(out)?;
                let problems = styles::problems(workspace, &site::wasm(workspace)?)?;
                if !problems.is_empty() {
                    bail!("{}", problems.join("\n"));
                }
            }
            Self::DeskApart => {
                ground.site(out)?;
                walls::check_desk_apart(workspace)?;
            }
            Self::Sizes => {
                ground.site(out)?;
                sizes::check(workspace, out)?;
            }
            Self::Browser => {
                ground.site(out)?;
                let backend = backend::release(workspace, out)?;
                return browser::test(workspace, &backend, ground.browser, out);
            }
            Self::Schemathesis => return schemathesis::check(workspace, out),
        }
        Ok(Tally::PASSED)
    }
}

/// Lints everything natively, and the app once more as it is compiled for the browser: the code that
/// touches the browser exists only there. Where only Debian's compiler makes WebAssembly there is no
/// clippy for it; then the page's build is all that this code gets.
fn clippy(workspace: &Workspace, out: &Out) -> Result<()> {
    const STRICT: [&str; 3] = ["--", "-D", "warnings"];
    // The app is for the browser alone: it is linted where it is compiled.
    let all = [
        "clippy",
        "--workspace",
        "--exclude",
        "app",
        "--all-targets",
        "--features",
        "client/conform",
    ];
    out.run(workspace.cargo().args(all).args(STRICT))?;
    if setup::for_pages(workspace, out)?.has_usual_compiler() {
        let page = ["clippy", "-p", "app", "--target", setup::WASM];
        out.run(workspace.cargo().args(page).args(STRICT))?;
    }
    Ok(())
}

fn native(workspace: &Workspace, out: &Out) -> Result<Tally> {
    let log = match out {
        Out::Log(path) => path,
        Out::Terminal => bail!("the tests are counted in a log"),
    };
    let mut cargo = workspace.cargo();
    cargo.args(["test", "--workspace", "--exclude", "app", "--no-fail-fast"]);
    if env::var_os("RUST_TEST_THREADS").is_none() {
        // The backend's tests start a backend each; forty of them at once only wait for each other.
        cargo.env("RUST_TEST_THREADS", "4");
    }
    let succeeded = out.succeeds(&mut cargo)?;
    let output = String::from_utf8_lossy(&fs::read(log)?).into_owned();
    Ok(count::cargo(&output).or_failed(succeeded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_called_by_its_name() {
        for part in Part::value_variants() {
            assert_eq!(Part::from_str(part.name(), false), Ok(*part));
        }
    }
}
