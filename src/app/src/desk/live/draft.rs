//! A text that is being written. It lies on the tablet until it is used: a poll that opens, a room
//! that is connected anew or a desk that locks take nothing of it.

use crate::browser::storage;
use crate::view::{View, follows, on, view};
use leptos::prelude::*;

/// Such a text.
#[derive(Clone, Copy, Debug)]
pub struct Draft {
    name: StoredValue<String>,
    /// As it is now.
    pub text: RwSignal<String>,
}

impl Draft {
    /// What was written there before, or nothing.
    pub fn of(name: String) -> Self {
        Self {
            text: RwSignal::new(storage::read(&name).unwrap_or_default()),
            name: StoredValue::new(name),
        }
    }

    /// What it is now.
    pub fn set(self, text: String) {
        // What is done with may be cleared after its page has gone.
        if let Some(name) = self.name.try_get_value() {
            if text.is_empty() {
                storage::forget(&name);
            } else {
                storage::write(&name, &text);
            }
        }
        self.text.try_set(text);
    }

    /// It was used.
    pub fn clear(self) {
        self.set(String::new());
    }

    /// The text without space around it.
    pub fn trimmed(self) -> String {
        self.text
            .with_untracked(|text| domain::live::readable(text))
    }

    /// A field for it.
    pub fn field(self, label: &'static str, name: &'static str, most: usize) -> View {
        self.hinted(label, name, most, "")
    }

    /// A field for it, with a word of what may be written.
    pub fn hinted(
        self,
        label: &'static str,
        name: &'static str,
        most: usize,
        hint: &'static str,
    ) -> View {
        let typed = on(move |event| self.set(event_target_value(&event)));
        let most = most.to_string();
        view! {
            <label><span>{label}</span> <input name=name autocomplete="off" maxlength=most placeholder=hint prop:value=follows(move || self.text.get()) on:input=typed /></label>
        }
    }
}
