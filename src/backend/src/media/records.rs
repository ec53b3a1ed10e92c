//! What was recorded of a show: files `{stream}-{when}.mp4`, where `when` is the beginning of the picture in
//! seconds, or in milliseconds, since 1970.

use super::mp4;
use domain::video::{ReplayPart, VideoKind, VideoSource};
use std::fs;
use std::path::Path;

/// The pieces of picture of a show, in order, on the line of time that begins at `starts_at`.
pub(crate) async fn parts(records: &Path, stream: &str, starts_at: i64) -> Vec<ReplayPart> {
    let (records, stream) = (records.to_owned(), stream.to_owned());
    let read = move || read(&records, &stream, starts_at);
    tokio::task::spawn_blocking(read).await.unwrap_or_default()
}

/// The file that says of a show that its picture was drawn for a demo.
pub(super) fn mark(records: &Path, stream: &str) -> std::path::PathBuf {
    records.join(format!("{stream}.demo"))
}

/// Whether the picture of a show was drawn for a demo, and nobody was filmed.
pub(crate) async fn is_drawn(records: &Path, stream: &str) -> bool {
    !stream.is_empty()
        && tokio::fs::try_exists(mark(records, stream))
            .await
            .unwrap_or_default()
}

fn read(records: &Path, stream: &str, starts_at: i64) -> Vec<ReplayPart> {
    let mut parts = Vec::new();
    if stream.is_empty() {
        return parts;
    }
    // Without the folder nothing was recorded.
    for entry in fs::read_dir(records).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        let Some(begin) = begin(name, stream) else {
            continue;
        };
        // One that is not whole yet does not say how long it is.
        let Some(ms) = mp4::length_ms(&entry.path()) else {
            continue;
        };
        parts.push(ReplayPart {
            at_ms: begin.saturating_sub(starts_at),
            ms,
            video: VideoSource::new(VideoKind::File, format!("/media/records/{name}")),
        });
    }
    parts.sort_by_key(|part| part.at_ms);
    parts
}

/// When the picture of a file begins, in milliseconds.
fn begin(name: &str, stream: &str) -> Option<i64> {
    let when = name
        .strip_prefix(stream)?
        .strip_prefix('-')?
        .strip_suffix(".mp4")?;
    let number: i64 = when.parse().ok().filter(|number| *number >= 0)?;
    // Eleven digits of seconds are enough until the year 5138.
    if when.len() <= 11 {
        number.checked_mul(1_000)
    } else {
        Some(number)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::super::mp4::tests::of_length;
    use super::*;

    #[test]
    fn only_whole_files_of_the_show_are_its_pieces() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
        put("abc-1795000100.mp4", &of_length(9_000));
        put("abc-1795000002500.mp4", &of_length(5_000));
        put("abc-1795000200.mp4", b"half");
        put("abc-1795000300.mp4.part", &of_length(1));
        put("abcd-1795000400.mp4", &of_length(1));
        put("abc-x.mp4", &of_length(1));
        let parts = read(folder.path(), "abc", 1_795_000_000_000);
        let at: Vec<_> = parts.iter().map(|part| (part.at_ms, part.ms)).collect();
        assert_eq!(at, [(2_500, 5_000), (100_000, 9_000)]);
        assert_eq!(parts[0].video.url, "/media/records/abc-1795000002500.mp4");
        assert!(read(folder.path(), "", 0).is_empty());
        assert!(read(&folder.path().join("none"), "abc", 0).is_empty());
    }
}
