//! How the shopper wants the page: kept on this device, applied before the first paint by the
//! boot script and from then on here.

use crate::browser::{page, storage};
use crate::words::{self, Language};
use leptos::prelude::*;
use serde::Serialize;

const KEY: &str = "settings";

/// The settings, as they are kept. The boot script reads the very same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
struct Kept {
    language: Option<Language>,
    size: u8,
    elder: bool,
}

domain::readable!(Kept { language, size or 0, elder or false });

/// The settings.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    kept: RwSignal<Kept>,
    /// The language spoken; the page is drawn anew when it changes.
    pub language: Memo<Language>,
}

impl Settings {
    pub(super) fn restore() -> Self {
        let kept = RwSignal::new(storage::read::<Kept>(KEY).unwrap_or_default());
        let guessed = Language::of_tag(&page::root("lang").unwrap_or_default());
        let language = Memo::new(move |_| kept.with(|kept| kept.language).unwrap_or(guessed));
        let settings = Self { kept, language };
        settings.apply();
        storage::on_change(KEY, move || {
            kept.set(storage::read(KEY).unwrap_or_default());
            settings.apply();
        });
        settings
    }

    /// 0 (standard) to 3 (largest).
    pub fn size(&self) -> u8 {
        self.kept.with(|kept| kept.size)
    }

    /// Whether 长辈版 is on.
    pub fn elder(&self) -> bool {
        self.kept.with(|kept| kept.elder)
    }

    /// Changes the language.
    pub fn set_language(&self, language: Language) {
        self.change(|kept| kept.language = Some(language));
    }

    /// Changes the text size.
    pub fn set_size(&self, size: u8) {
        self.change(|kept| kept.size = size);
    }

    /// Turns 长辈版 on or off.
    pub fn set_elder(&self, elder: bool) {
        self.change(|kept| kept.elder = elder);
    }

    /// Forgets them on this device.
    pub fn forget(&self) {
        storage::forget(KEY);
        self.kept.set(Kept::default());
        self.apply();
    }

    fn change(&self, change: impl FnOnce(&mut Kept)) {
        let mut kept = self.kept.get_untracked();
        change(&mut kept);
        // A device that keeps nothing still does as it is told until the page closes.
        storage::write(KEY, &kept);
        // Before the signal: what is drawn anew speaks the new language.
        words::speak(kept.language.unwrap_or(self.language.get_untracked()));
        self.kept.set(kept);
        self.apply();
    }

    fn apply(&self) {
        let Kept { size, elder, .. } = self.kept.get_untracked();
        let language = self.language.get_untracked();
        words::speak(language);
        page::set_root("lang", Some(language.tag()));
        page::set_root("data-size", Some(&size.to_string()));
        page::set_root("data-elder", elder.then_some(""));
    }
}
