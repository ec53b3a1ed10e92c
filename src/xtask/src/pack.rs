//! Compressed copies beside the built files, so that no server compresses the same bytes twice.

use crate::inputs::files_below;
use anyhow::{Context, Result, anyhow};
use brotli::enc::BrotliEncoderParams;
use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;

/// What shrinks. Pictures and fonts are compressed already.
const TEXTUAL: [&str; 7] = ["html", "js", "css", "wasm", "json", "svg", "webmanifest"];
/// Below this a copy saves no packet.
const SMALLEST: u64 = 512;

/// Writes a `.br` beside every file of the folder that is worth it.
pub fn pack(folder: &Path) -> Result<()> {
    let files = files_below(folder, "")?
        .into_iter()
        .filter(|path| is_worth_it(path));
    let files = Mutex::new(files.collect::<Vec<_>>());
    let next = || files.lock().ok().and_then(|mut files| files.pop());
    let work = || -> Result<()> {
        while let Some(path) = next() {
            compress(&path).with_context(|| format!("cannot compress {}", path.display()))?;
        }
        Ok(())
    };
    let hands = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        let hands: Vec<_> = (0..hands).map(|_| scope.spawn(work)).collect();
        hands
            .into_iter()
            .try_for_each(|hand| hand.join().map_err(|_| anyhow!("compressing panicked"))?)
    })
}

fn is_worth_it(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    TEXTUAL.iter().any(|textual| extension == *textual)
        && path.metadata().is_ok_and(|file| file.len() >= SMALLEST)
}

fn compress(path: &Path) -> Result<()> {
    let bytes = fs::read(path)?;
    let best = BrotliEncoderParams {
        quality: 11,
        lgwin: 24,
        ..Default::default()
    };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut bytes.as_slice(), &mut packed, &best)?;
    fs::write(packed_path(path), packed)?;
    Ok(())
}

/// `shop.js` becomes `shop.js.br`.
fn packed_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".br");
    name.into()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn text_gets_a_copy_that_unpacks_to_itself() {
        let folder = std::env::temp_dir().join(format!("pack-{}", std::process::id()));
        fs::create_dir_all(folder.join("desk")).unwrap();
        let page = "<p>邻里优选</p>".repeat(100);
        fs::write(folder.join("desk/index.html"), &page).unwrap();
        fs::write(folder.join("small.css"), "a{}").unwrap();
        fs::write(folder.join("icon.png"), &page).unwrap();
        pack(&folder).unwrap();

        let packed = fs::read(folder.join("desk/index.html.br")).unwrap();
        let mut unpacked = Vec::new();
        brotli::BrotliDecompress(&mut packed.as_slice(), &mut unpacked).unwrap();
        assert_eq!(unpacked, page.as_bytes());
        assert!(packed.len() < 100, "{} bytes", packed.len());
        assert!(!folder.join("small.css.br").exists() && !folder.join("icon.png.br").exists());
        fs::remove_dir_all(folder).unwrap();
    }
}
