//! Plays one source in one element.

use domain::video::VideoSource;
use web_sys::HtmlVideoElement;

/// What is heard of it.
#[allow(dead_code, reason = "a stand-in that only ever fails")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// There is a picture.
    Picture,
    /// It goes on.
    Moved,
    /// There is none, or none any more.
    Failed,
    /// The browser does not play without a tap.
    Refused,
}

/// Plays until it is dropped.
#[derive(Debug)]
pub struct Playing {}

#[allow(dead_code, reason = "a stand-in that only ever fails")]
impl Playing {
    /// Plays a source in an element.
    pub fn begin(
        _video: &HtmlVideoElement,
        _source: &VideoSource,
        heard: impl Fn(Heard) + 'static,
    ) -> Self {
        crate::view::task(async move { heard(Heard::Failed) });
        Self {}
    }

    /// The host's clock of what is seen, in milliseconds since 1970.
    pub fn clock(&self) -> Option<i64> {
        None
    }

    /// Goes to what is now.
    pub fn to_live_edge(&self) {}
}
