//! What one may want of the picture.

use super::run::{Picture, SAVER};
use crate::browser::{media, storage};
use crate::view::{Slot, task};
use domain::video::{Ask, Happened, Ladder};
use leptos::prelude::*;

/// What was asked for, where the ways are others now: the same way at its new place, or none of them.
pub(super) fn same_way(ask: Ask, before: &Ladder, now: &Ladder) -> Ask {
    let Ask::Source(at) = ask else { return ask };
    let kind = before.source(at).map(|source| source.kind);
    let place = kind.and_then(|kind| now.place_of(kind));
    place.map_or(Ask::Auto, Ask::Source)
}

impl Picture {
    /// Lets one hear it, or not. Within a tap: only then a browser allows it.
    pub fn set_sound(self, sound: bool) {
        self.sound.set(sound);
        if let Some(runner) = self.runner() {
            self.draw(&runner);
        }
        if sound {
            self.play_all();
        }
    }

    /// Plays what is there, so that the browser knows that somebody has tapped.
    fn play_all(self) {
        for video in self.videos.iter().filter_map(Slot::get) {
            let played = media::play(&video);
            task(async move {
                played.await;
            });
        }
    }

    /// Wants something else, or the same again. Within a tap.
    pub fn want(self, ask: Ask) {
        self.ask.set(ask);
        if ask != Ask::Photos {
            self.play_all();
        }
        self.tell(Happened::Asked(ask));
    }

    /// Says whether the pictures of the goods can be had.
    pub fn set_photos(self, photos: bool) {
        if let Some(runner) = self.runner() {
            runner.photos.set(photos);
            self.tell(Happened::Photos(photos));
        }
    }

    /// Saves data from now on, or does not. Kept on this device.
    pub fn set_saver(self, saver: bool) {
        // A device that keeps nothing still does as it is told until the page closes.
        storage::write(SAVER, &saver);
        self.saver.set(saver);
        self.tell(Happened::Saver(saver));
        if saver && matches!(self.ask.get_untracked(), Ask::Source(_)) {
            self.want(Ask::Auto);
        }
    }
}
