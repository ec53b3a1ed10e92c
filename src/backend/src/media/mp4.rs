//! How long a recorded file is: the movie header of an MP4 (ISO/IEC 14496-12, 8.2.2).

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// How many boxes are looked at before it is given up.
const MOST_BOXES: u32 = 64;

/// The length in milliseconds, `None` when it is no MP4 or does not say.
pub(super) fn length_ms(path: &Path) -> Option<i64> {
    let mut file = File::open(path).ok()?;
    let end = file.metadata().ok()?.len();
    let (_, moov_end) = find(&mut file, *b"moov", 0, end)?;
    let begin = file.stream_position().ok()?;
    find(&mut file, *b"mvhd", begin, moov_end)?;
    let mut version = [0; 4];
    file.read_exact(&mut version).ok()?;
    let (scale, length) = if version.first() == Some(&1) {
        skip(&mut file, 16)?;
        (u64::from(word(&mut file)?), long(&mut file)?)
    } else {
        skip(&mut file, 8)?;
        (u64::from(word(&mut file)?), u64::from(word(&mut file)?))
    };
    let ms = length.checked_mul(1_000)?.checked_div(scale)?;
    i64::try_from(ms).ok().filter(|ms| *ms > 0)
}

/// Goes to the content of a box of this name among those from `at` to `end`; where it begins and ends.
fn find(file: &mut File, name: [u8; 4], mut at: u64, end: u64) -> Option<(u64, u64)> {
    for _ in 0..MOST_BOXES {
        file.seek(SeekFrom::Start(at)).ok()?;
        let mut size = u64::from(word(file)?);
        let mut found = [0; 4];
        file.read_exact(&mut found).ok()?;
        let mut head = 8;
        if size == 1 {
            (size, head) = (long(file)?, 16);
        } else if size == 0 {
            size = end.checked_sub(at)?;
        }
        let next = at.checked_add(size.max(head))?;
        if found == name {
            return Some((at + head, next.min(end)));
        }
        at = next;
        if at >= end {
            return None;
        }
    }
    None
}

fn word(file: &mut File) -> Option<u32> {
    let mut bytes = [0; 4];
    file.read_exact(&mut bytes).ok()?;
    Some(u32::from_be_bytes(bytes))
}

fn long(file: &mut File) -> Option<u64> {
    let mut bytes = [0; 8];
    file.read_exact(&mut bytes).ok()?;
    Some(u64::from_be_bytes(bytes))
}

fn skip(file: &mut File, bytes: i64) -> Option<()> {
    file.seek(SeekFrom::Current(bytes)).ok().map(|_| ())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(crate) mod tests {
    use super::*;

    /// The smallest file that says how long it is.
    pub(crate) fn of_length(ms: u32) -> Vec<u8> {
        let mut mvhd = vec![0, 0, 0, 108];
        mvhd.extend(*b"mvhd");
        mvhd.extend([0; 12]);
        mvhd.extend(1_000_u32.to_be_bytes());
        mvhd.extend(ms.to_be_bytes());
        mvhd.resize(108, 0);
        let mut file = vec![0, 0, 0, 16];
        file.extend(*b"ftypisom\0\0\0\0");
        file.extend(u32::try_from(mvhd.len() + 8).unwrap().to_be_bytes());
        file.extend(*b"moov");
        file.extend(mvhd);
        file
    }

    #[test]
    fn a_file_says_how_long_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.mp4");
        let good = of_length(12_345);
        std::fs::write(&path, &good).unwrap();
        assert_eq!(length_ms(&path), Some(12_345));
        for cut in 0..48 {
            std::fs::write(&path, good.get(..cut).unwrap()).unwrap();
            assert_eq!(length_ms(&path), None, "{cut}");
        }
        std::fs::write(&path, [0xff; 400]).unwrap();
        assert_eq!(length_ms(&path), None);
        std::fs::write(&path, [0; 4_000]).unwrap();
        assert_eq!(length_ms(&path), None);
    }
}
