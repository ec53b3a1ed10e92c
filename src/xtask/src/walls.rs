//! The walls between the rooms, as far as the compiler does not hold them by itself.

use crate::child;
use crate::site;
use crate::workspace::{Room, Workspace};
use anyhow::{Result, bail};

/// What may not come near `domain`, however it comes.
const WEB: [&str; 3] = ["web-sys", "js-sys", "leptos"];
/// A text that is on the desk's pages only.
const DESK_ONLY: &[u8] = b"desk-sign-in";

/// Fails when `domain` knows the web, or a room depends on `app`.
pub fn check(workspace: &Workspace) -> Result<()> {
    let tree = [
        "tree", "-p", "domain", "-e", "normal", "--target", "all", "--prefix", "none",
    ];
    let tree = child::read(workspace.cargo().args(tree))?;
    let mut problems = web_in(&tree);
    problems.extend(dependents(&workspace.rooms, "app").map(|room| format!("{room} imports app")));
    if problems.is_empty() {
        return Ok(());
    }
    bail!("{}", problems.join("\n"));
}

/// Fails when the desk's pages are in the shopper's download.
pub fn check_desk_apart(workspace: &Workspace) -> Result<()> {
    let [shop, desk] = site::wasm(workspace)?;
    let has = |wasm: &[u8]| wasm.windows(DESK_ONLY.len()).any(|part| part == DESK_ONLY);
    let text = String::from_utf8_lossy(DESK_ONLY);
    if has(&shop) {
        bail!("the shop's wasm has the desk's pages: it says `{text}`");
    }
    if !has(&desk) {
        bail!("the desk's wasm does not say `{text}`, so that this test shows nothing");
    }
    Ok(())
}

fn web_in(tree: &str) -> Vec<String> {
    let name = |line: &str| line.split(' ').next().unwrap_or_default().to_owned();
    let is_web = |name: &String| {
        WEB.iter()
            .any(|web| name == web || name.starts_with("leptos"))
    };
    let web = tree.lines().map(name).filter(is_web);
    web.map(|name| format!("domain depends on {name}"))
        .collect()
}

fn dependents<'a>(rooms: &'a [Room], of: &'a str) -> impl Iterator<Item = &'a str> {
    rooms
        .iter()
        .filter(move |room| {
            room.dependencies
                .iter()
                .any(|dependency| dependency.name == of)
        })
        .map(|room| room.name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Dependency;

    #[test]
    fn the_web_is_seen_in_a_tree() {
        assert!(web_in("domain v0.1.0 (/x)\nserde v1.0.0\nserde_core v1.0.0\n").is_empty());
        assert_eq!(
            web_in("domain v0.1.0 (/x)\nweb-sys v0.3.1\nleptos_router v0.8.15\n"),
            [
                "domain depends on web-sys",
                "domain depends on leptos_router"
            ]
        );
    }

    #[test]
    fn who_imports_app_is_named() {
        let room = |name: &str, dependency: &str| Room {
            name: name.into(),
            dependencies: vec![Dependency {
                name: dependency.into(),
            }],
        };
        let rooms = [room("app", "client"), room("backend", "app")];
        assert_eq!(dependents(&rooms, "app").collect::<Vec<_>>(), ["backend"]);
    }
}
