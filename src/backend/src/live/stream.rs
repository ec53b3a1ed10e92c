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

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::super::fanout::{Fanout, InProcess};
    use super::*;
    use axum::body::to_bytes;
    use domain::id::ShowId;

    fn frame(id: u32, last: bool) -> Arc<[Frame]> {
        let bytes = event(id, "{}");
        Arc::from([Frame { id, bytes, last }])
    }

    /// What somebody is sent who begins to read only after all this was handed on.
    async fn sent(begin: Option<(u32, Vec<(u32, String)>)>, ids: &[u32]) -> String {
        let (fanout, show) = (InProcess::default(), ShowId::from("s"));
        let now = Beat {
            epoch: "e".into(),
            last: 2,
        };
        let goodbye = watch::Sender::new(false);
        let (frames, listening) = (fanout.subscribe(&show), fanout.enter(&show));
        let body = body(frames, now, begin, false, goodbye.subscribe(), listening);
        assert_eq!(fanout.listeners(&show), 1);
        for id in ids {
            fanout.publish(&show, frame(*id, Some(id) == ids.last()));
        }
        let sent = to_bytes(body, usize::MAX).await.unwrap();
        assert_eq!(fanout.listeners(&show), 0);
        String::from_utf8(sent.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn what_is_missing_comes_first_and_nothing_twice() {
        let missing = vec![(1, "{}".to_owned()), (2, "{}".to_owned())];
        let sent = sent(Some((0, missing)), &[2, 3, 4]).await;
        let ids: Vec<_> = sent
            .lines()
            .filter(|line| line.starts_with("id: "))
            .collect();
        assert_eq!(ids, ["id: 1", "id: 2", "id: 3", "id: 4"]);
        assert!(sent.starts_with("event: beat\ndata: {\"epoch\":\"e\",\"last\":0}\n\n"));
    }

    #[tokio::test]
    async fn a_gap_is_a_resync_and_then_goes_on() {
        let sent = sent(None, &[3]).await;
        assert_eq!(
            sent,
            "event: resync\ndata: {\"epoch\":\"e\",\"last\":2}\n\nid: 3\ndata: {}\n\n"
        );
    }

    #[tokio::test]
    async fn whoever_is_too_far_behind_is_cut() {
        let ids: Vec<u32> = (3..2_000).collect();
        let sent = sent(Some((2, Vec::new())), &ids).await;
        assert_eq!(sent, "event: beat\ndata: {\"epoch\":\"e\",\"last\":2}\n\n");
    }

    #[tokio::test]
    async fn a_hole_is_never_sent_over() {
        let sent = sent(Some((2, Vec::new())), &[3, 5]).await;
        assert!(sent.ends_with("id: 3\ndata: {}\n\n"));
    }
}
