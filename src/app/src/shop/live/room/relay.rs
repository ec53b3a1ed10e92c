//! What tabs of one browser tell each other: the one that leads what it hears of the show, a new one
//! that it has come.

use client::live::{Status, Told};
use domain::live::{Event, Room};
use serde::Serialize;

/// Something that a tab says.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Word {
    /// For this tab only; empty for all.
    pub to: String,
    /// By the tab that leads; else by one that wants to hear where things are.
    pub leads: bool,
    /// Who says it.
    pub from: String,
    /// What there is to take in, in its order.
    pub told: Vec<Piece>,
}

domain::readable!(Word { to or Default::default(), leads or false, from or Default::default(), told or Default::default() });

/// One thing to take in.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Piece {
    #[serde(skip_serializing_if = "Option::is_none")]
    room: Option<Room>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<Event>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<String>,
    since: i64,
}

domain::readable!(Piece { room, event, status, since or 0 });

impl From<Told> for Piece {
    fn from(told: Told) -> Self {
        let piece = Self::default();
        match told {
            Told::Room(room) => Self {
                room: Some(*room),
                ..piece
            },
            Told::Event(event) => Self {
                event: Some(event),
                ..piece
            },
            Told::Status(status) => {
                let (word, since) = match status {
                    Status::Live => ("live", 0),
                    Status::Behind { since } => ("behind", since),
                    Status::Reconnecting => ("reconnecting", 0),
                    Status::Offline => ("offline", 0),
                    Status::Ended => ("ended", 0),
                };
                Self {
                    status: Some(word.to_owned()),
                    since,
                    ..piece
                }
            }
        }
    }
}

impl Piece {
    /// What it is; nothing where a newer tab says what this one does not know.
    pub fn told(self) -> Option<Told> {
        if let Some(room) = self.room {
            return Some(Told::Room(Box::new(room)));
        }
        if let Some(event) = self.event {
            return Some(Told::Event(event));
        }
        Some(Told::Status(match self.status?.as_str() {
            "live" => Status::Live,
            "behind" => Status::Behind { since: self.since },
            "reconnecting" => Status::Reconnecting,
            "offline" => Status::Offline,
            "ended" => Status::Ended,
            _ => return None,
        }))
    }
}
