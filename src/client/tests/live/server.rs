//! A model of the server: one show, its events, what it keeps of them.

use domain::live::{Comment, Event, Room, What};
use domain::time::Moment;
use std::collections::HashMap;

/// How many events it keeps to send again: few, so that gaps happen.
const KEPT: u32 = 40;

pub struct Server {
    pub up: bool,
    pub room: Room,
    /// All events of this epoch.
    pub events: Vec<Event>,
    /// Every state there ever was, by epoch and event.
    pub had: HashMap<(String, u32), Room>,
    pub epochs: u64,
}

pub fn at(ms: i64) -> Moment {
    Moment {
        ms: 1_795_000_000_000 + ms / 1_000 * 1_000,
        offset_minutes: 480,
    }
}

fn begin(epoch: String) -> Room {
    // Of whatever is not told the reader knows what it means.
    let starts_at = at(0);
    let show = format!(
        r#"{{"id":"s","kind":"source","title":"","starts_at":"{starts_at}","state":"live"}}"#
    );
    Room::begin(client::json::decode(&show).unwrap(), epoch)
}

impl Server {
    pub fn new() -> Self {
        let room = begin("epoch-0".into());
        let mut server = Self {
            up: true,
            room,
            events: Vec::new(),
            had: HashMap::new(),
            epochs: 0,
        };
        server.remember();
        server
    }

    fn remember(&mut self) {
        let key = (self.room.epoch.clone(), self.room.last_event_id);
        self.had.insert(key, self.room.clone());
    }

    /// Writes something down, and gives the event to be sent.
    pub fn happens(&mut self, now: i64, salt: u32, end: bool) -> Event {
        let id = self.room.last_event_id + 1;
        let what = match salt % 8 {
            _ if end => What::Ended,
            0..=4 => What::Likes { total: salt },
            5 => What::Viewers { count: salt },
            _ => What::Comment {
                comment: Comment {
                    id: format!("{}-{id}-{salt}", self.room.epoch).into(),
                    author: "a".into(),
                    name: String::new(),
                    text: salt.to_string(),
                    question: salt.is_multiple_of(5),
                    at: at(now),
                    mark: String::new(),
                },
            },
        };
        let event = Event {
            id,
            at: at(now),
            clock: Some(at(now).ms),
            what,
        };
        self.room.take(&event);
        self.events.push(event.clone());
        self.remember();
        event
    }

    /// Loses its last events, as one that is restored from a copy.
    pub fn lose(&mut self, count: usize, new_epoch: bool) {
        let keep = self.events.len().saturating_sub(count);
        if keep == self.events.len() {
            return;
        }
        self.events.truncate(keep);
        if new_epoch {
            self.epochs += 1;
        }
        let mut room = begin(format!("epoch-{}", self.epochs));
        for event in &self.events {
            room.take(event);
        }
        self.room = room;
        self.remember();
    }

    /// What it sends to somebody who has all up to there: the events after it, or `None` where it
    /// cannot.
    pub fn after(&self, epoch: &str, after: u32) -> Option<&[Event]> {
        let last = self.room.last_event_id;
        let fits = epoch == self.room.epoch && after <= last && last - after <= KEPT;
        fits.then(|| &self.events[after as usize..])
    }
}
