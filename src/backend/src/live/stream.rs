//! One who listens: what is missing, then what happens, and a sign of life between.

use super::fanout::{Frame, Listening};
use axum::body::{Body, Bytes};
use domain::live::{BEAT_EVERY, Beat};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{broadcast, watch};
use tokio::time::{Interval, MissedTickBehavior, interval};

/// A frame of an event.
pub(super) fn event(id: u32, json: &str) -> Bytes {
    format!("id: {id}\ndata: {json}\n\n").into()
}

fn of_itself(name: &str, beat: &Beat) -> Bytes {
    let json = serde_json::to_string(beat).unwrap_or_default();
    format!("event: {name}\ndata: {json}\n\n").into()
}

struct Listener {
    frames: broadcast::Receiver<Arc<[Frame]>>,
    waiting: VecDeque<Bytes>,
    now: Beat,
    beat: Interval,
    over: bool,
    goodbye: watch::Receiver<bool>,
    _listening: Listening,
}

/// The body of an answer. `begin` are the events that are missing after one, or `None` where they cannot
/// be had: then it begins with `resync`. `frames` must have been listened to before `now` was read.
pub(super) fn body(
    frames: broadcast::Receiver<Arc<[Frame]>>,
    mut now: Beat,
    begin: Option<(u32, Vec<(u32, String)>)>,
    over: bool,
    goodbye: watch::Receiver<bool>,
    listening: Listening,
) -> Body {
    let mut waiting = VecDeque::new();
    match begin {
        Some((after, missing)) => {
            now.last = after;
            waiting.push_back(of_itself("beat", &now));
            // Few at once, so that nobody who is far behind needs one large piece.
            for (id, json) in missing {
                now.last = id;
                waiting.push_back(event(id, &json));
            }
        }
        None => waiting.push_back(of_itself("resync", &now)),
    }
    let every = Duration::from_millis(BEAT_EVERY.into());
    let mut beat = interval(every);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beat.reset();
    let listener = Listener {
        frames,
        waiting,
        now,
        beat,
        over,
        goodbye,
        _listening: listening,
    };
    Body::from_stream(futures_util::stream::unfold(listener, next))
}

/// The next bytes. Whoever is too far behind is cut, and so is everybody when the shop closes or the show
/// is over.
async fn next(mut listener: Listener) -> Option<(Result<Bytes, Infallible>, Listener)> {
    loop {
        if let Some(bytes) = listener.waiting.pop_front() {
            return Some((Ok(bytes), listener));
        }
        if listener.over || *listener.goodbye.borrow() {
            return None;
        }
        tokio::select! {
            frames = listener.frames.recv() => {
                for frame in frames.ok()?.iter() {
                    if frame.id <= listener.now.last {
                        continue;
                    }
                    if frame.id - 1 > listener.now.last {
                        return None;
                    }
                    listener.now.last = frame.id;
                    listener.over |= frame.last;
                    listener.waiting.push_back(frame.bytes.clone());
                }
            }
            _ = listener.beat.tick() => {
                let beat = of_itself("beat", &listener.now);
                listener.waiting.push_back(beat);
            }
            gone = listener.goodbye.changed() => gone.ok()?,
        }
    }
}
