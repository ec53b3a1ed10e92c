//! The scoped style sheets. Each part of the app has its `.css` beside it and names it by
//! `style_sheet!`, which gives the part its class; here the same sheets are scoped by the same class
//! and written into `style/scoped.css`, and those of the desk, which no shopper needs, into
//! `style/scoped-desk.css`.
//!
//! This is what `stylers::build` does, by the functions that it calls. It is done here because the
//! class is seeded by nothing but the number of non-blank characters of a sheet: two sheets can get the same one, and only
//! whoever sees each sheet with its class can tell.

use crate::inputs::files_below;
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::panic;
use std::path::{Component, Path, PathBuf};
use stylers_core::Class;

/// Where the sheets are written: ignored by git, linked by the pages.
const SCOPED: [&str; 2] = ["style/scoped.css", "style/scoped-desk.css"];
/// What is the desk's alone.
const DESK: &str = "src/app/src/desk/";
/// Where the sheets and the code that names them are.
const APP: &str = "src/app";

/// One part's style sheet.
pub struct Sheet {
    /// Its path from the top of the repository, as `style_sheet!` names it.
    path: String,
    /// The class that scopes it.
    class: String,
    /// Its rules, scoped.
    scoped: String,
}

/// `cargo xtask styles`: writes the sheet and says so.
pub fn command(workspace: &Workspace) -> Result<()> {
    let sheets = write(workspace)?;
    println!("{}: {} sheets", SCOPED.join(", "), sheets.len());
    Ok(())
}

/// Writes the scoped sheets, unless they are there already: a watcher would build again.
pub fn write(workspace: &Workspace) -> Result<Vec<Sheet>> {
    let sheets = sheets(&workspace.root)?;
    let collisions = collisions(&sheets);
    if !collisions.is_empty() {
        bail!("{}", collisions.join("\n"));
    }
    for (scoped, is_desk) in SCOPED.into_iter().zip([false, true]) {
        let of_page = |sheet: &&Sheet| sheet.path.starts_with(DESK) == is_desk;
        let of_page = sheets.iter().filter(of_page);
        let text: String = of_page.map(|sheet| sheet.scoped.as_str()).collect();
        let path = workspace.root.join(scoped);
        if fs::read_to_string(&path).is_ok_and(|there| there == text) {
            continue;
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&path, text).with_context(|| format!("cannot write {scoped}"))?;
    }
    Ok(sheets)
}

/// What is wrong with the sheets and with the built pages' use of them, given the pages' wasm.
pub fn problems(workspace: &Workspace, pages: &[Vec<u8>]) -> Result<Vec<String>> {
    let sheets = write(workspace)?;
    let mut problems = unlinked(&workspace.root)?;
    let known: BTreeSet<&str> = sheets.iter().map(|sheet| sheet.class.as_str()).collect();
    let used: BTreeSet<String> = pages.iter().flat_map(|wasm| classes_in(wasm)).collect();
    if used.is_empty() && !known.is_empty() {
        problems.push("no class of any sheet is in the built pages".into());
    }
    for class in used.iter().filter(|class| !known.contains(class.as_str())) {
        problems.push(format!("a page uses the class {class}, which no sheet has"));
    }
    Ok(problems)
}

/// Every sheet that the app names, once, in the order of their paths.
fn sheets(root: &Path) -> Result<Vec<Sheet>> {
    let mut paths = BTreeSet::new();
    for file in files_below(&root.join(APP), "rs")? {
        paths.extend(arguments(&fs::read_to_string(file)?, "style_sheet!"));
    }
    paths.into_iter().map(|path| sheet(root, path)).collect()
}

fn sheet(root: &Path, path: String) -> Result<Sheet> {
    let css = fs::read_to_string(root.join(&path))
        .with_context(|| format!("style_sheet!(\"{path}\") names a file that cannot be read"))?;
    // stylers panics on what it cannot read.
    let scoped = panic::catch_unwind(|| {
        let class = Class::rand_class_from_seed(css.clone());
        let scoped = stylers_core::from_str(&css, &class);
        (class.as_name().to_owned(), scoped)
    });
    let Ok((class, scoped)) = scoped else {
        bail!("stylers cannot read {path}");
    };
    Ok(Sheet {
        path,
        class,
        scoped,
    })
}

/// The sheets that share a class.
fn collisions(sheets: &[Sheet]) -> Vec<String> {
    let mut by_class: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for sheet in sheets {
        by_class.entry(&sheet.class).or_default().push(&sheet.path);
    }
    let shared = by_class.into_iter().filter(|(_, paths)| paths.len() > 1);
    shared
        .map(|(class, paths)| {
            let paths = paths.join(" and ");
            format!(
                "{paths} get the same class {class}, as they have the same number of non-blank characters: \
                 add a word to a comment in one of them"
            )
        })
        .collect()
}

/// Sheets that no code names, and sheets that cargo does not see change: the macro tracks no file,
/// so an `include_str!` in the same file must.
fn unlinked(root: &Path) -> Result<Vec<String>> {
    let mut named = BTreeSet::new();
    let mut problems = Vec::new();
    for file in files_below(&root.join(APP), "rs")? {
        let code = fs::read_to_string(&file)?;
        let beside = file.parent().unwrap_or(root);
        let tracked: BTreeSet<PathBuf> = arguments(&code, "include_str!")
            .map(|path| plain(&beside.join(path)))
            .collect();
        for path in arguments(&code, "style_sheet!") {
            let sheet = plain(&root.join(&path));
            if !tracked.contains(&sheet) {
                let file = file.strip_prefix(root).unwrap_or(&file).display();
                problems.push(format!(
                    "{file} names {path} without an include_str! beside it"
                ));
            }
            named.insert(sheet);
        }
    }
    for sheet in files_below(&root.join(APP), "css")? {
        if !named.contains(&plain(&sheet)) {
            let sheet = sheet.strip_prefix(root).unwrap_or(&sheet).display();
            problems.push(format!("no style_sheet! names {sheet}"));
        }
    }
    Ok(problems)
}

/// The string arguments of a macro in some code, comments left out.
fn arguments<'a>(code: &'a str, name: &'a str) -> impl Iterator<Item = String> + 'a {
    code.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(move |line| line.split(name).skip(1))
        .filter_map(|rest| {
            let argument = rest
                .trim_start()
                .strip_prefix('(')?
                .trim_start()
                .strip_prefix('"')?;
            Some(argument.split('"').next()?.to_owned())
        })
}

/// A path without `.` and `..`, so that two ways of saying it compare.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

/// The classes in a built page: `l-` and the first six characters of a number, which may be
/// negative.
fn classes_in(wasm: &[u8]) -> Vec<String> {
    wasm.windows(8)
        .filter_map(|bytes| std::str::from_utf8(bytes).ok())
        .filter(|text| {
            text.strip_prefix("l-").is_some_and(|number| {
                let digits = number.strip_prefix('-').unwrap_or(number);
                digits.bytes().all(|byte| byte.is_ascii_digit())
            })
        })
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn with(files: &[(&str, &str)], name: &str) -> PathBuf {
        let root = std::env::temp_dir().join(format!("styles-{}-{name}", std::process::id()));
        for (path, text) in files {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        root
    }

    const CODE: &str = "fn price() {\n    let class = style_sheet!(\"src/app/price.css\");\n    \
                        const _: &str = include_str!(\"price.css\");\n}\n";

    #[test]
    fn a_changed_sheet_changes_its_class() {
        let files = [
            ("src/app/price.rs", CODE),
            ("src/app/price.css", ".a { color: red }"),
        ];
        let root = with(&files, "changed");
        let before = sheets(&root).unwrap();
        fs::write(root.join("src/app/price.css"), ".a { color: green }").unwrap();
        let after = sheets(&root).unwrap();
        fs::remove_dir_all(root).unwrap();
        let (before, after) = (before.first().unwrap(), after.first().unwrap());
        assert_ne!(before.class, after.class);
        assert_eq!(
            after.scoped,
            format!(".a.{}{{ color: green }}", after.class)
        );
    }

    #[test]
    fn two_sheets_of_one_length_collide() {
        let second = CODE.replace("price", "stock");
        let files = [
            ("src/app/price.rs", CODE),
            ("src/app/price.css", ".a { color: red }"),
            ("src/app/stock.rs", &second),
            ("src/app/stock.css", ".b{color:tan}"),
        ];
        let root = with(&files, "collide");
        let collisions = collisions(&sheets(&root).unwrap());
        fs::remove_dir_all(root).unwrap();
        assert_eq!(collisions.len(), 1);
        assert!(
            collisions
                .concat()
                .starts_with("src/app/price.css and src/app/stock.css")
        );
    }

    #[test]
    fn every_sheet_is_named_and_tracked() {
        let untracked = "fn stock() { let class = style_sheet!(\"src/app/stock.css\"); }";
        let files = [
            ("src/app/price.rs", CODE),
            ("src/app/price.css", ""),
            ("src/app/stock.rs", untracked),
            ("src/app/stock.css", ""),
            ("src/app/forgotten.css", ""),
        ];
        let root = with(&files, "named");
        let problems = unlinked(&root).unwrap();
        fs::remove_dir_all(root).unwrap();
        assert_eq!(
            problems,
            [
                "src/app/stock.rs names src/app/stock.css without an include_str! beside it",
                "no style_sheet! names src/app/forgotten.css"
            ]
        );
    }

    #[test]
    fn classes_are_found_between_other_bytes() {
        let wasm = b"\0\xffl-123456l--12345\0html-5 l-12";
        assert_eq!(classes_in(wasm), ["l-123456", "l--12345"]);
    }

    #[test]
    fn a_comment_names_nothing() {
        let code = "// style_sheet!(\"a.css\")\nlet x = style_sheet!( \"b.css\" );";
        assert_eq!(
            arguments(code, "style_sheet!").collect::<Vec<_>>(),
            ["b.css"]
        );
    }
}
