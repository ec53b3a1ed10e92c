//! What must be true of a world that has ended.

use super::{Figures, World};
use std::collections::BTreeSet;

impl World {
    /// What must be true in the end.
    pub(super) fn check(mut self) -> Result<Figures, String> {
        self.figures.replayed = self.server.replayed;
        for key in &self.server.done {
            let count = self.server.count(key);
            if count > 1 {
                return Err(format!("{key} was done {count} times"));
            }
            if !self.kept.contains(key) {
                return Err(format!("{key} was done, and no phone ever kept it"));
            }
            let told = self.told.get(key);
            let knows = |word: &str| told.is_some_and(|told| told.contains(word));
            if !knows("done") && !knows("elsewhere") && !knows("lapsed") {
                return Err(format!("{key} was done, and nobody was told: {told:?}"));
            }
        }
        for (key, words) in &self.told {
            let count = self.server.count(key);
            if words.contains("done") && count == 0 {
                return Err(format!("{key} was told as done and is not"));
            }
            for no in ["refused", "no room", "under way"] {
                if words.contains(no) && count > 0 {
                    return Err(format!("{key} was done although \"{no}\" was told"));
                }
            }
            if words.contains("done") && words.contains("refused") {
                return Err(format!("{key} was told both ways"));
            }
        }
        for phone in &self.phones {
            let mut left = phone.drawer.values();
            if let Some(entry) = left.find(|entry| entry.gone_at.is_none()) {
                return Err(format!("{} still lies in the drawer", entry.key));
            }
            for tab in &phone.tabs {
                if !tab.outbox.is_empty() {
                    return Err("something is still under way".to_owned());
                }
            }
        }
        for (key, other) in &self.blind {
            if self.server.count(key) > 0 {
                return Err(format!("{key} was done by who had not heard of {other}"));
            }
        }
        for (place, key) in &self.owed {
            if self.is_here(*place) {
                return Err(format!(
                    "a tab that {key} was in the way of never heard of it"
                ));
            }
        }
        for key in &self.kept {
            let told = self.told.get(key);
            if told.is_none_or(BTreeSet::is_empty) {
                return Err(format!("nobody was told what became of {key}"));
            }
        }
        Ok(self.figures)
    }
}
