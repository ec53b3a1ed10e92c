//! Pictures that shoppers send, of what came spoiled or broken. They are files with names that
//! nobody may guess, in a folder that is not served: only whoever may see the return is shown one.

use crate::secret;
use anyhow::Context;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use tokio::io::AsyncWriteExt;

/// What a picture can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// JPEG
    Jpeg,
    /// PNG
    Png,
    /// WebP
    WebP,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Jpeg, Self::Png, Self::WebP];

    /// What some bytes are, by how they begin; `None` for what is no picture.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let riff = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP".as_slice());
        if bytes.starts_with(b"\xFF\xD8\xFF") {
            Some(Self::Jpeg)
        } else if bytes.starts_with(b"\x89PNG\r\n\x1A\n") {
            Some(Self::Png)
        } else {
            riff.then_some(Self::WebP)
        }
    }

    /// The media type it is told to be; nobody looks into it for another.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
        }
    }

    fn ending(self) -> &'static str {
        match self {
            Self::Jpeg => ".jpg",
            Self::Png => ".png",
            Self::WebP => ".webp",
        }
    }

    fn of_name(name: &str) -> Option<Self> {
        let mut kinds = Self::ALL.into_iter();
        kinds.find(|kind| name.ends_with(kind.ending()))
    }
}

/// The folder of such pictures.
#[derive(Clone, Debug)]
pub struct Album {
    folder: PathBuf,
}

impl Album {
    /// The pictures in a folder; it is made when the first one comes.
    pub fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
        }
    }

    /// Keeps a picture. Returns its name; when this returns it is on the disk.
    pub async fn keep(&self, kind: Kind, bytes: &[u8]) -> anyhow::Result<String> {
        let name = [&secret::token()?, kind.ending()].concat();
        tokio::fs::create_dir_all(&self.folder).await?;
        let file = self.folder.join(&name);
        let mut file = tokio::fs::File::create_new(file)
            .await
            .context("a picture cannot be kept")?;
        file.write_all(bytes).await?;
        file.sync_all().await?;
        Ok(name)
    }

    /// A picture and what it is; `None` when it is not there.
    pub async fn show(&self, name: &str) -> Option<(Kind, Vec<u8>)> {
        let kind = Kind::of_name(name)?;
        let bytes = tokio::fs::read(self.folder.join(name)).await;
        let bytes = bytes.inspect_err(|error| tracing::error!(%error, "a picture is gone"));
        Some((kind, bytes.ok()?))
    }

    /// Throws a picture away.
    pub async fn drop(&self, name: &str) {
        if let Err(error) = tokio::fs::remove_file(self.folder.join(name)).await {
            tracing::warn!(%error, "a picture could not be thrown away");
        }
    }

    /// Throws away whatever no return has: what was kept when the shop's computer broke off.
    pub async fn tidy(&self, known: &BTreeSet<String>) -> anyhow::Result<()> {
        let mut files = match tokio::fs::read_dir(&self.folder).await {
            Ok(files) => files,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        while let Some(file) = files.next_entry().await? {
            let name = file.file_name().to_string_lossy().into_owned();
            if Kind::of_name(&name).is_some() && !known.contains(&name) {
                self.drop(&name).await;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_known_by_how_it_begins() {
        let of = |bytes: &[u8]| Kind::of(bytes);
        assert_eq!(of(b"\xFF\xD8\xFF\xE0rest"), Some(Kind::Jpeg));
        assert_eq!(of(b"\x89PNG\r\n\x1A\nrest"), Some(Kind::Png));
        assert_eq!(of(b"RIFF\x01\x02\x03\x04WEBPVP8 "), Some(Kind::WebP));
        for other in [
            b"".as_slice(),
            b"<!doctype html>",
            b"<svg onload=alert(1)>",
            b"GIF89a",
            b"RIFF\x01\x02\x03\x04WAVE",
            b"RIFFWEBP",
            b"\xFF\xD8",
        ] {
            assert_eq!(of(other), None, "{other:?}");
        }
    }

    #[tokio::test]
    async fn what_is_kept_is_shown_until_it_is_thrown_away() {
        let folder = tempfile::tempdir().unwrap();
        let album = Album::new(&folder.path().join("returns"));
        album.tidy(&BTreeSet::new()).await.unwrap();
        let one = album.keep(Kind::Png, b"one").await.unwrap();
        let two = album.keep(Kind::WebP, b"two").await.unwrap();
        assert_eq!(album.show(&one).await, Some((Kind::Png, b"one".to_vec())));
        album.tidy(&[one.clone()].into()).await.unwrap();
        assert_eq!(album.show(&two).await, None);
        assert!(album.show(&one).await.is_some());
        album.drop(&one).await;
        assert_eq!(album.show(&one).await, None);
    }
}
