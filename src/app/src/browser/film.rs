//! A film in a `<video>`: a file that can be asked for in ranges, so that one can go anywhere in it.

use web_sys::HtmlVideoElement;

/// Puts a file into it, at a time in milliseconds.
pub fn load(video: &HtmlVideoElement, url: &str, at: i64) {
    video.set_src(url);
    seek(video, at);
}

/// Goes to a time, in milliseconds.
pub fn seek(video: &HtmlVideoElement, at: i64) {
    video.set_current_time(at.max(0) as f64 / 1_000.0);
}

/// Where it is, in milliseconds; nothing as long as it has no picture of there.
pub fn position(video: &HtmlVideoElement) -> Option<i64> {
    let is_there = video.ready_state() >= 2 && !video.seeking();
    is_there.then(|| (video.current_time() * 1_000.0) as i64)
}
