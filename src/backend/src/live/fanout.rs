//! How what has happened comes to everybody who listens.

use axum::body::Bytes;
use domain::id::ShowId;
use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::broadcast;

/// How many commits a listener may be behind before it is cut. It comes back by the number of the
/// last event it has.
const BEHIND: usize = 256;

/// An event as it is sent: made once, shared by everybody who listens.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The number of the event.
    pub id: u32,
    /// Its frame of the stream.
    pub bytes: Bytes,
    /// Nothing comes after it.
    pub last: bool,
}

/// Carries what is committed to everybody who listens. Another one may carry it between processes: what
/// it must do is to hand every commit to every listener once, in order, or to end the listening.
pub trait Fanout: Debug + Send + Sync {
    /// Hands on what one commit has brought. Never waits for anybody.
    fn publish(&self, show: &ShowId, frames: Arc<[Frame]>);

    /// Everything that is handed on from now on.
    fn subscribe(&self, show: &ShowId) -> broadcast::Receiver<Arc<[Frame]>>;

    /// Counts one more listener, until what it gives is dropped.
    fn enter(&self, show: &ShowId) -> Listening;

    /// How many listen.
    fn listeners(&self, show: &ShowId) -> u32;
}

/// One who listens.
#[derive(Debug)]
pub struct Listening(Arc<AtomicU32>);

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[derive(Debug)]
struct Channel {
    frames: broadcast::Sender<Arc<[Frame]>>,
    listeners: Arc<AtomicU32>,
}

/// The fan-out of one process.
#[derive(Debug, Default)]
pub struct InProcess(Mutex<HashMap<ShowId, Channel>>);

impl InProcess {
    fn with<T>(&self, show: &ShowId, then: impl FnOnce(&Channel) -> T) -> T {
        let mut channels = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let channel = channels.entry(show.clone()).or_insert_with(|| Channel {
            frames: broadcast::Sender::new(BEHIND),
            listeners: Arc::default(),
        });
        then(channel)
    }
}

impl Fanout for InProcess {
    fn publish(&self, show: &ShowId, frames: Arc<[Frame]>) {
        // That nobody listens is no mistake.
        let _ = self.with(show, |channel| channel.frames.send(frames));
    }

    fn subscribe(&self, show: &ShowId) -> broadcast::Receiver<Arc<[Frame]>> {
        self.with(show, |channel| channel.frames.subscribe())
    }

    fn enter(&self, show: &ShowId) -> Listening {
        let listeners = self.with(show, |channel| Arc::clone(&channel.listeners));
        listeners.fetch_add(1, Ordering::Relaxed);
        Listening(listeners)
    }

    fn listeners(&self, show: &ShowId) -> u32 {
        self.with(show, |channel| channel.listeners.load(Ordering::Relaxed))
    }
}
