//! The player of HLS for browsers that have none: an npm package, put beside the pages under a name made
//! from its content. Nothing of it is in the first load; the page's configuration says where it is.

use crate::child::Out;
use crate::node;
use crate::split::Hashed;
use crate::workspace::Workspace;
use anyhow::{Context, Result};
use client::page::Script;
use std::fs;
use std::path::Path;

const FOLDER: &str = "src/app/media";
const PLAYER: &str = "node_modules/hls.js/dist/hls.light.min.js";

/// The player's script, with its package installed.
pub fn ready(workspace: &Workspace, out: &Out) -> Result<String> {
    let folder = workspace.root.join(FOLDER);
    node::packages(workspace, out, &folder, "5 seconds")?;
    let player = folder.join(PLAYER);
    fs::read_to_string(&player).with_context(|| format!("cannot read {}", player.display()))
}

/// Writes it into the site, and says how a page asks for it.
pub fn write(script: &str, site: &Path) -> Result<Script> {
    // Its map is not served; a browser's tools would ask for it in vain.
    let script = script
        .rsplit_once("//# sourceMappingURL=")
        .map_or(script, |(script, _)| script);
    let file = Hashed::new("hls", "js", script.as_bytes());
    file.write(site, script.as_bytes())?;
    Ok(Script {
        src: format!("/{}", file.name),
        integrity: file.integrity,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use client::page::{PageConfig, stamp};

    #[test]
    fn the_player_is_named_by_its_content_and_the_page_knows_it() {
        let site = std::env::temp_dir().join(format!("player-{}", std::process::id()));
        fs::create_dir_all(&site).unwrap();
        let script = write("play()\n//# sourceMappingURL=hls.light.min.js.map\n", &site).unwrap();
        assert!(script.src.starts_with("/hls-") && script.src.ends_with(".js"));
        // The SHA-384 of what lies there, as openssl gives it.
        let file = site.join(script.src.trim_start_matches('/'));
        assert_eq!(fs::read_to_string(file).unwrap(), "play()\n");
        assert!(script.integrity.starts_with("sha384-"));
        let other = write("play(2)\n", &site).unwrap();
        assert!(other.src != script.src && other.integrity != script.integrity);

        let config = PageConfig {
            hls: Some(script.clone()),
            ..PageConfig::new("/api/v1", "店")
        };
        let page = "<title>x</title><script type=\"application/json\" id=config>{}</script>";
        let built = stamp(page, &config).unwrap();
        // The backend stamps it again without knowing of it.
        let served = stamp(&built, &PageConfig::new("/elsewhere", "店")).unwrap();
        let block = served.split("id=config>").nth(1).unwrap();
        let block = PageConfig::parse(block.split("</script>").next().unwrap());
        assert_eq!(block.hls, Some(script));
        assert_eq!(block.api, "/elsewhere");
        fs::remove_dir_all(site).unwrap();
    }
}
