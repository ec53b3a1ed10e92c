//! The demo shop's pictures: an npm package that the demo alone uses.

use crate::child::Out;
use crate::node;
use crate::workspace::Workspace;
use std::path::PathBuf;

const FOLDER: &str = "src/backend/pictures";
const PICTURES: &str = "node_modules/@lobehub/fluent-emoji-3d/assets";

/// The folder with the pictures, or none: the shop opens without them as well.
pub fn ready(workspace: &Workspace, out: &Out) -> Option<PathBuf> {
    let folder = workspace.root.join(FOLDER);
    let installed = node::packages(workspace, out, &folder, "20 seconds");
    let pictures = folder.join(PICTURES);
    if let Err(error) = installed
        && !pictures.is_dir()
    {
        out.say(&format!("The demo shop opens without pictures: {error:#}"));
        return None;
    }
    Some(pictures)
}
