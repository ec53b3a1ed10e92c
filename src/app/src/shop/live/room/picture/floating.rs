//! The small window above other pages. It is of one element, and a better way comes in another.

use super::run::Picture;
use crate::browser::media;
use crate::view::Slot;
use std::cmp::Reverse;

impl Picture {
    /// What comes in the place of a picture that floats floats too: without a tap that goes only as long as
    /// the other one still does.
    pub(super) fn float_on(self) {
        if let Some(next) = self.shown_video()
            && self.any_floats()
            && !media::floats(&next)
        {
            media::float(&next);
        }
    }

    /// Whether somebody looks at the small window, also where nothing is shown in the room.
    pub(super) fn any_floats(self) -> bool {
        let mut all = self.videos.iter().filter_map(Slot::get);
        all.any(|video| media::floats(&video))
    }

    /// The one to play in: the one that floats, else the first.
    pub(super) fn first_of(self, free: impl Iterator<Item = usize>) -> Option<usize> {
        let floats = |at: usize| self.video(at).is_some_and(|one| media::floats(&one));
        free.max_by_key(|at| (floats(*at), Reverse(*at)))
    }
}
