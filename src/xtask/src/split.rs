//! Takes the parts that few need out of the shopper's wasm: the pages behind `wasm_split` in
//! `src/app/src/shop/{member,bundle,tasting,live}`. Trunk has built the page with one wasm; here the very wasm that cargo
//! left is split, bound, made small and put in its place, with new names and new integrity.

use crate::child::Out;
use crate::tools::Toolbox;
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha384};
use std::fs;
use std::path::{Path, PathBuf};
use wasm_split_cli_support::Options;

/// As in `shop.html`.
const SMALL: [&str; 3] = ["--flatten", "--rereloop", "-Oz"];

/// Splits the wasm of the page that Trunk has built into `page`. `name` is the binary's.
pub fn split(
    workspace: &Workspace,
    toolbox: &Toolbox,
    name: &str,
    page: &Path,
    out: &Out,
) -> Result<()> {
    let whole = workspace
        .target
        .join("wasm32-unknown-unknown/web")
        .join(name)
        .with_extension("wasm");
    let bench = workspace.target.join("site").join("split");
    if bench.exists() {
        fs::remove_dir_all(&bench)?;
    }
    fs::create_dir_all(&bench)?;
    let whole = fs::read(&whole).with_context(|| format!("no {}", whole.display()))?;
    let main = bench.join("main.wasm");
    let glue_name = format!("./{name}.js");
    let mut options = Options::new(&whole);
    options.output_dir = &bench;
    options.main_out_path = &main;
    options.main_module = &glue_name;
    let parts = wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow::anyhow!("the wasm cannot be split: {error:#}"))?;
    if parts.split_modules.is_empty() {
        bail!("nothing was split off: nothing is marked by `wasm_split`, or nobody calls it");
    }
    out.run(
        toolbox
            .command(workspace, "wasm-bindgen")
            .args(["--target", "web", "--no-typescript", "--keep-lld-exports"])
            .args(["--out-name", name])
            .arg("--out-dir")
            .arg(&bench)
            .arg(&main),
    )?;
    let mut renamed = Vec::new();
    for part in &parts.split_modules {
        let small = small(workspace, toolbox, part, out)?;
        let stem = stem(part);
        let file = Hashed::new(&stem, "wasm", &small);
        file.write(page, &small)?;
        renamed.push((format!("{stem}.wasm"), file));
    }
    let wasm = small(
        workspace,
        toolbox,
        &bench.join(format!("{name}_bg.wasm")),
        out,
    )?;
    // One script instead of two that import each other.
    let bundle = bench.join("bundle.js");
    out.run(
        toolbox
            .command(workspace, "esbuild")
            .arg(bench.join(format!("{name}.js")))
            .args([
                "--bundle",
                "--format=esm",
                "--minify",
                "--log-level=warning",
            ])
            .arg(format!("--outfile={}", bundle.display())),
    )?;
    let glue = with_integrity(&fs::read_to_string(&bundle)?, &renamed)?;
    let html = page.join("index.html");
    let mut text = fs::read_to_string(&html)?;
    for (extension, bytes) in [("js", glue.as_bytes()), ("wasm", wasm.as_slice())] {
        let old = built_by_trunk(page, name, extension, &renamed)?;
        let suffix = if extension == "wasm" { "_bg" } else { "" };
        let new = Hashed::new(name, extension, bytes).called(suffix);
        text = replace(&text, &file_name(&old), &new)?;
        fs::remove_file(old)?;
        new.write(page, bytes)?;
    }
    fs::write(html, text)?;
    Ok(())
}

/// A file named by its content.
pub struct Hashed {
    /// Its name.
    pub name: String,
    /// Its integrity, as a page asks for it.
    pub integrity: String,
}

impl Hashed {
    /// Names it.
    pub fn new(stem: &str, extension: &str, bytes: &[u8]) -> Self {
        let digest = Sha384::digest(bytes);
        let hash: String = digest
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Self {
            name: format!("{stem}-{hash}.{extension}"),
            integrity: format!("sha384-{}", BASE64_STANDARD.encode(digest)),
        }
    }

    /// With something behind the hash, as Trunk names wasm.
    fn called(self, suffix: &str) -> Self {
        let (stem, extension) = self.name.rsplit_once('.').unwrap_or((&self.name, ""));
        Self {
            name: format!("{stem}{suffix}.{extension}"),
            integrity: self.integrity,
        }
    }

    /// Writes it into a folder.
    pub fn write(&self, folder: &Path, bytes: &[u8]) -> Result<()> {
        Ok(fs::write(folder.join(&self.name), bytes)?)
    }
}

fn small(workspace: &Workspace, toolbox: &Toolbox, wasm: &Path, out: &Out) -> Result<Vec<u8>> {
    let small = wasm.with_extension("small.wasm");
    out.run(
        toolbox
            .command(workspace, "wasm-opt")
            .args(SMALL)
            .arg(wasm)
            .arg("-o")
            .arg(&small),
    )?;
    Ok(fs::read(small)?)
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// The one file of this kind that Trunk has put there.
fn built_by_trunk(
    page: &Path,
    name: &str,
    extension: &str,
    parts: &[(String, Hashed)],
) -> Result<PathBuf> {
    let there = fs::read_dir(page)?.filter_map(|entry| Some(entry.ok()?.path()));
    let mut built = there.filter(|path| {
        let file = file_name(path);
        file.starts_with(&format!("{name}-"))
            && file.ends_with(&format!(".{extension}"))
            && parts.iter().all(|(_, part)| part.name != file)
    });
    match (built.next(), built.next()) {
        (Some(one), None) => Ok(one),
        _ => bail!("not one {name}-….{extension} in {}", page.display()),
    }
}

/// The glue with the parts' new names; each is fetched with its integrity.
fn with_integrity(glue: &str, parts: &[(String, Hashed)]) -> Result<String> {
    let mut glue = glue.to_owned();
    for (old, Hashed { name, integrity }) in parts {
        let fetched = format!("new URL(\"./{old}\",import.meta.url)");
        if glue.matches(&fetched).count() != 1 {
            bail!("the glue does not fetch {old} as expected");
        }
        let checked =
            format!("new URL(\"./{name}\",import.meta.url),{{integrity:\"{integrity}\"}}");
        glue = glue.replace(&fetched, &checked);
    }
    Ok(glue)
}

/// The page with a file's new name and integrity in the place of the old ones.
fn replace(html: &str, old: &str, new: &Hashed) -> Result<String> {
    let link = html
        .split_inclusive('>')
        .find(|tag| tag.contains(old) && tag.contains("integrity="))
        .with_context(|| format!("no link with integrity to {old}"))?;
    let value = link
        .split_once("integrity=")
        .map(|(_, rest)| rest.trim_start_matches('"'))
        .and_then(|rest| rest.split(['"', ' ', '>']).next())
        .with_context(|| format!("no integrity of {old}"))?;
    Ok(html.replace(value, &new.integrity).replace(old, &new.name))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_by_its_content() {
        let file = Hashed::new("shop", "wasm", b"abc").called("_bg");
        // The SHA-384 of "abc" (FIPS 180-2, D.1) begins cb00753f45a35e8b.
        assert_eq!(file.name, "shop-cb00753f45a35e8b_bg.wasm");
        assert!(file.integrity.starts_with(
            "sha384-ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP/W+2AhgcroefMI1i67KE0yCWn"
        ));
    }

    #[test]
    fn the_page_asks_for_the_new_file_with_its_integrity() {
        let html = "<link href=/a.css integrity=sha384-AAA><link href=/shop-1.js integrity=sha384-BBB rel=modulepreload><meta content=/shop-1.js>";
        let new = Hashed::new("shop", "js", b"new");
        let replaced = replace(html, "shop-1.js", &new).unwrap();
        assert_eq!(replaced.matches(&new.name).count(), 2);
        assert!(replaced.contains(&new.integrity) && !replaced.contains("BBB"));
        assert!(replaced.contains("sha384-AAA"));
        assert!(replace(html, "other.js", &new).is_err());
    }

    #[test]
    fn a_part_is_fetched_with_its_integrity() {
        let glue = "x=fetch(new URL(\"./split_member.wasm\",import.meta.url))";
        let part = || {
            vec![(
                "split_member.wasm".to_owned(),
                Hashed::new("split_member", "wasm", b"part"),
            )]
        };
        let checked = with_integrity(glue, &part()).unwrap();
        assert!(checked.contains("{integrity:\"sha384-"));
        assert!(with_integrity("nothing", &part()).is_err());
    }
}
