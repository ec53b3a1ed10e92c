//! What a build is made of, as one number: while it is the same there is nothing to build.

use anyhow::{Context, Result};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// The files below a folder with this extension; with any, when it is empty. In the order of their
/// paths. Hidden files, and what npm installed, are left out.
pub fn files_below(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder);
        for entry in entries.with_context(|| format!("cannot read {}", folder.display()))? {
            let entry = entry?;
            let name = entry.file_name();
            let path = entry.path();
            if name.to_string_lossy().starts_with('.') || name == "node_modules" {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if extension.is_empty() || path.extension().is_some_and(|it| it == extension) {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// A number that changes with any of these files and with any of these words. What is not there is
/// told apart from what is empty.
pub fn fingerprint(root: &Path, paths: &[&str], words: &[&str]) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    words.hash(&mut hasher);
    for path in paths {
        let path = root.join(path);
        let files = if path.is_dir() {
            files_below(&path, "")?
        } else {
            vec![path]
        };
        for file in files {
            file.strip_prefix(root).unwrap_or(&file).hash(&mut hasher);
            fs::read(&file).ok().hash(&mut hasher);
        }
    }
    Ok(format!("{:016x}", hasher.finish()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_changes_with_content_names_and_words() {
        let root = std::env::temp_dir().join(format!("inputs-{}", std::process::id()));
        fs::create_dir_all(root.join("a/node_modules")).unwrap();
        let now = |words: &[&str]| fingerprint(&root, &["a", "lock"], words).unwrap();

        let empty = now(&[]);
        fs::write(root.join("a/one"), "1").unwrap();
        let one = now(&[]);
        assert_ne!(one, empty);
        assert_eq!(one, now(&[]));
        assert_ne!(one, now(&["/api/v1"]));

        fs::write(root.join("a/node_modules/x"), "1").unwrap();
        fs::write(root.join("a/.hidden"), "1").unwrap();
        assert_eq!(one, now(&[]));

        fs::rename(root.join("a/one"), root.join("a/two")).unwrap();
        assert_ne!(one, now(&[]));
        fs::rename(root.join("a/two"), root.join("a/one")).unwrap();
        fs::write(root.join("lock"), "").unwrap();
        assert_ne!(one, now(&[]));
        fs::remove_dir_all(root).unwrap();
    }
}
