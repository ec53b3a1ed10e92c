//! How a shop notices that its database is an older one than it was.
//!
//! Numbers of events rise without a gap. Were a database restored from a copy, they would be given
//! again, and a viewer who has the first ones would never notice. So how far each show has come stands in
//! a small file beside the database too, before anybody is sent it. Where that file is ahead, history
//! was lost, and the show begins a new epoch.

use crate::store::{Store, StoreError};
use domain::id::ShowId;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// How far each show has come: its epoch, and the number of its last event.
#[derive(Debug)]
pub(super) struct Marks {
    file: PathBuf,
    marks: BTreeMap<String, (String, u32)>,
}

impl Marks {
    /// Reads the file, and begins new epochs where the database is behind it.
    pub(super) async fn open(store: &Store) -> Result<Self, StoreError> {
        let mut file = store.file().as_os_str().to_owned();
        file.push("-live");
        let file = PathBuf::from(file);
        // Without it nothing is known, as before the first show.
        let text = fs::read_to_string(&file).unwrap_or_default();
        let mut marks = BTreeMap::new();
        for line in text.lines() {
            let mut parts = line.split('\t');
            if let (Some(show), Some(epoch), Some(last)) =
                (parts.next(), parts.next(), parts.next())
                && let Ok(last) = last.parse::<u32>()
            {
                marks.insert(show.to_owned(), (epoch.to_owned(), last));
            }
        }
        for (show, epoch, last) in store.histories().await? {
            let Some((marked, ahead)) = marks.get(&show) else {
                continue;
            };
            if *marked == epoch && *ahead > last {
                tracing::warn!(%show, last, ahead, "the database is an older one: a new epoch begins");
                let epoch = store.begin_epoch(&show).await?;
                marks.insert(show, (epoch, last));
            }
        }
        Ok(Self { file, marks })
    }

    /// Marks how far a show has come.
    pub(super) fn mark(&mut self, show: &ShowId, epoch: &str, last: u32) {
        self.marks
            .insert(show.to_string(), (epoch.to_owned(), last));
        let mut text = String::new();
        for (show, (epoch, last)) in &self.marks {
            text.push_str(&format!("{show}\t{epoch}\t{last}\n"));
        }
        if let Err(error) = fs::write(&self.file, text) {
            tracing::warn!(%error, "how far the shows have come cannot be marked");
        }
    }
}
