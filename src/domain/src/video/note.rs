//! What is said of the picture, so that nobody wonders.

use super::{Ladder, Place, VideoKind, Why};

/// What is said. Nothing while there is a picture, or whoever watches wanted none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// The picture has stopped and is waited for.
    Stalled,
    /// The host sends none yet.
    OffAir,
    /// None can be had now; it is tried again by itself.
    Failed,
    /// Data are saved; one may ask for the picture.
    Saver,
    /// The browser waits for a tap.
    Tap,
}

impl Ladder {
    /// The source that is shown.
    pub fn shown_source(&self) -> Option<(usize, VideoKind)> {
        match self.shown() {
            Place::Source(at) => self.source(at).map(|source| (at, source.kind)),
            Place::Photos | Place::Text => None,
        }
    }

    /// Whether a picture that moves is shown, not only its sound.
    pub fn has_picture(&self) -> bool {
        self.shown_source()
            .is_some_and(|(_, kind)| kind != VideoKind::Audio)
    }

    /// The place of the first source of this kind.
    pub fn place_of(&self, kind: VideoKind) -> Option<usize> {
        self.sources().position(|source| source.kind == kind)
    }

    /// What is said now, where this was said before. While something is tried again the words stay, so that
    /// they do not come and go with each try.
    pub fn note(&self, before: Option<Note>) -> Option<Note> {
        let why = self.why();
        if why != Why::Stalled && self.has_picture() {
            return None;
        }
        match why {
            Why::Stalled => Some(Note::Stalled),
            Why::OffAir => Some(Note::OffAir),
            Why::Failed => Some(Note::Failed),
            Why::Saver => Some(Note::Saver),
            Why::Tap => Some(Note::Tap),
            Why::Trying => before.filter(|note| matches!(note, Note::Stalled | Note::Failed)),
            Why::Best | Why::Asked => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Ask, Happened, KEPT_FOR, STALLED_AFTER, VideoSource, tried_for};
    use super::*;

    fn ladder() -> Ladder {
        let source = |kind, url: &str| VideoSource::new(kind, url);
        let sources = [
            source(VideoKind::Hls, "h"),
            source(VideoKind::Audio, "a"),
            VideoSource::photos(),
        ];
        Ladder::new(&sources, false, None)
    }

    #[test]
    fn the_first_try_is_not_worth_a_word_and_later_ones_change_none() {
        let mut ladder = ladder();
        ladder.heard(Happened::Tick, 0);
        assert_eq!(ladder.note(None), None);
        ladder.heard(Happened::Failed(0), 100);
        ladder.heard(Happened::Failed(1), 200);
        let note = ladder.note(None);
        assert_eq!(note, Some(Note::Failed));
        ladder.heard(Happened::Online, 300);
        assert_eq!((ladder.trying(), ladder.note(note)), (Some(0), note));
        ladder.heard(Happened::Picture(0), 400);
        assert_eq!(ladder.note(note), None);
        assert!(ladder.has_picture());
    }

    #[test]
    fn a_stop_is_said_until_there_is_a_picture_again() {
        let mut ladder = ladder();
        ladder.heard(Happened::Tick, 0);
        ladder.heard(Happened::Picture(0), 500);
        ladder.heard(Happened::Tick, 500 + STALLED_AFTER);
        let mut note = ladder.note(None);
        assert_eq!(note, Some(Note::Stalled));
        let mut now = 500 + STALLED_AFTER + KEPT_FOR;
        for _ in 0..20 {
            ladder.heard(Happened::Tick, now);
            note = ladder.note(note);
            assert!(matches!(note, Some(Note::Stalled | Note::Failed)));
            now += tried_for(VideoKind::Audio);
        }
    }

    #[test]
    fn with_nothing_but_sound_one_is_told_of_the_picture() {
        let mut ladder = ladder();
        ladder.heard(Happened::Tick, 0);
        ladder.heard(Happened::Failed(0), 100);
        ladder.heard(Happened::Picture(1), 200);
        assert_eq!(ladder.shown_source(), Some((1, VideoKind::Audio)));
        assert!(!ladder.has_picture());
        assert_eq!(ladder.note(None), Some(Note::Failed));
        ladder.heard(Happened::Asked(Ask::Source(1)), 300);
        assert_eq!(ladder.note(None), None, "wanted so");
        assert_eq!(ladder.place_of(VideoKind::Audio), Some(1));
        assert_eq!(ladder.place_of(VideoKind::Whep), None);
    }

    #[test]
    fn what_one_can_do_about_it_is_said() {
        let mut ladder = ladder();
        ladder.heard(Happened::Saver(true), 0);
        assert_eq!(ladder.note(None), Some(Note::Saver));
        ladder.heard(Happened::Asked(Ask::Source(0)), 10);
        assert_eq!(ladder.note(Some(Note::Saver)), None, "it is tried");
        ladder.heard(Happened::Refused(0), 20);
        assert_eq!(ladder.note(None), Some(Note::Tap));
        ladder.heard(Happened::Asked(Ask::Auto), 30);
        ladder.heard(Happened::Saver(false), 40);
        ladder.heard(Happened::Air(Some(false)), 50);
        assert_eq!(ladder.note(None), Some(Note::OffAir));
    }
}
