#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::*;
use crate::catalog::{Stock, Variant};
use crate::coupon::Benefit;
use crate::live::{
    Answer, CouponDrop, Mine, Pin, Poll, PollOption, RoomGood, WishGroup, WishRound,
};
use crate::money::Money;
use crate::read::Read;
use crate::show::ShowSummary;
use crate::time::Moment;
use proptest::prelude::*;

fn at(ms: i64) -> Moment {
    Moment {
        ms: 1_795_000_000_000 + ms,
        offset_minutes: 480,
    }
}

fn empty() -> Room {
    let variant = |id: &str| Variant {
        id: id.into(),
        name: id.to_owned(),
        price: Money::fen(100),
        former_price: None,
        content: None,
        stock: Stock::of(9),
    };
    let show = ShowSummary {
        title: "t".into(),
        goods_count: 1,
        ..ShowSummary::announced(at(0))
    };
    Room {
        goods: vec![RoomGood {
            product: "p".into(),
            name: "p".into(),
            subtitle: String::new(),
            picture: None,
            variants: vec![variant("v0"), variant("v1")],
        }],
        ..Room::begin(show, "e".into())
    }
}

fn said(id: u32, question: bool) -> Comment {
    Comment {
        id: id.to_string().into(),
        author: (id % 3).to_string().into(),
        name: "n".into(),
        text: "说".into(),
        question,
        at: at(i64::from(id) * 1_000),
        mark: String::new(),
    }
}

/// Some event, made of a few small numbers: of the few things that there are, so that they meet.
fn what(kind: u8, a: u32, b: u32) -> What {
    let (few, other) = (a % 3, b % 3);
    match kind % 24 {
        0 => What::Started,
        1 if few == 0 => What::Ended,
        2 => What::CommentRemoved {
            comment: a.to_string().into(),
        },
        3 => What::Answered {
            comment: a.to_string().into(),
            answer: Answer {
                text: String::new(),
                at: at(9_000),
            },
        },
        4 => What::Pinned {
            pin: Pin {
                product: "p".into(),
                variant: None,
                note: String::new(),
            },
        },
        5 => What::Unpinned,
        6 => What::Goods {
            product: "p".into(),
            variant: format!("v{few}").into(),
            price: Money::fen(b.into()),
            former_price: None,
            stock: Stock::of(b),
        },
        7 => What::PollOpened {
            poll: Poll {
                id: few.to_string().into(),
                question: "?".into(),
                options: vec![
                    PollOption {
                        text: "a".into(),
                        votes: 0,
                    },
                    PollOption {
                        text: "b".into(),
                        votes: 0,
                    },
                ],
                state: RoundState::Open,
            },
        },
        8 => What::PollVotes {
            poll: few.to_string().into(),
            votes: vec![a, b],
        },
        9 => What::PollClosed {
            poll: few.to_string().into(),
        },
        10 => What::WishesOpened {
            round: WishRound {
                id: few.to_string().into(),
                title: "?".into(),
                state: RoundState::Open,
                groups: Vec::new(),
            },
        },
        11 => What::Wished {
            round: few.to_string().into(),
            group: WishGroup {
                id: other.to_string().into(),
                label: "w".into(),
                votes: a,
            },
        },
        12 => What::WishesClosed {
            round: few.to_string().into(),
        },
        13 => What::DropOpened {
            drop: CouponDrop {
                id: few.to_string().into(),
                title: "c".into(),
                benefit: Benefit::Amount {
                    off: Money::fen(100),
                },
                at_least: None,
                count: 5,
                left: 5,
                state: RoundState::Open,
            },
        },
        14 => What::DropClaimed {
            drop: few.to_string().into(),
            left: other,
        },
        15 => What::DropClosed {
            drop: few.to_string().into(),
        },
        16 => What::Likes { total: a },
        17 => What::Viewers { count: a },
        18 => What::SlowMode { seconds: few },
        19 if few == 0 => What::Muted {
            author: other.to_string().into(),
        },
        19 => What::Unmuted {
            author: other.to_string().into(),
        },
        20 => What::Unknown,
        22 => What::OnAir,
        23 => What::OffAir,
        _ => What::Comment {
            comment: said(a, few == 0),
        },
    }
}

fn history(kinds: Vec<(u8, u32, u32)>) -> Vec<Event> {
    let numbered = (1..).zip(kinds);
    numbered
        .map(|(id, (kind, a, b))| Event {
            id,
            at: at(i64::from(id) * 1_000),
            clock: (a % 2 == 0).then_some(i64::from(id) * 1_000 + 7),
            what: what(kind, a, b),
        })
        .collect()
}

fn folded(events: &[Event]) -> Room {
    let mut room = empty();
    for event in events {
        assert_eq!(room.take(event), Taken::Next);
    }
    room
}

/// What somebody reads who is sent this.
fn over_the_wire<T: serde::Serialize + Read>(value: &T) -> T {
    T::read(serde_json::from_str(&serde_json::to_string(value).unwrap()).unwrap()).unwrap()
}

fn some_history() -> impl Strategy<Value = Vec<Event>> {
    proptest::collection::vec((any::<u8>(), 0_u32..60, 0_u32..60), 0..120).prop_map(history)
}

proptest! {
    #[test]
    fn a_snapshot_and_what_follows_is_everything(events in some_history(), cut in any::<prop::sample::Index>()) {
        let cut = cut.index(events.len() + 1);
        // The snapshot and the events travel; whoever takes them has what the server has.
        let mut viewer = over_the_wire(&folded(&events[..cut]));
        for event in &events[cut..] {
            prop_assert_eq!(viewer.take(&over_the_wire(event)), Taken::Next);
        }
        prop_assert_eq!(viewer, folded(&events));
    }

    #[test]
    fn what_comes_twice_or_too_early_changes_nothing(events in some_history(), order in proptest::collection::vec(any::<prop::sample::Index>(), 0..80)) {
        let mut viewer = empty();
        for pick in order {
            if events.is_empty() {
                break;
            }
            let event = pick.get(&events);
            let before = viewer.clone();
            match viewer.take(event) {
                Taken::Next => prop_assert_eq!(event.id, before.last_event_id + 1),
                Taken::Before => prop_assert!(event.id <= before.last_event_id && viewer == before),
                Taken::Gap => prop_assert!(event.id > before.last_event_id + 1 && viewer == before),
            }
        }
        for event in &events {
            viewer.take(event);
        }
        prop_assert_eq!(viewer, folded(&events));
    }

    #[test]
    fn a_room_stays_small_and_what_is_over_stays_over(events in some_history()) {
        let mut room = empty();
        let mut over = false;
        for event in &events {
            room.take(event);
            over |= room.show.state == ShowState::Ended;
            prop_assert_eq!(room.show.state == ShowState::Ended, over);
            prop_assert!(room.comments.len() <= COMMENTS_KEPT && room.questions.len() <= QUESTIONS_KEPT);
        }
    }
}

#[test]
fn only_the_last_comments_are_kept_and_open_questions_longest() {
    let mut events = Vec::new();
    for id in 1..=300_u32 {
        events.push(Event {
            id,
            at: at(0),
            clock: None,
            what: What::Comment {
                comment: said(id, id <= 101),
            },
        });
    }
    let answer = What::Answered {
        comment: "7".into(),
        answer: Answer {
            text: "有".into(),
            at: at(1_000),
        },
    };
    events.insert(
        50,
        Event {
            id: 51,
            at: at(0),
            clock: None,
            what: answer,
        },
    );
    for (id, event) in (1..).zip(&mut events) {
        event.id = id;
    }
    let room = folded(&events);
    assert_eq!(room.comments.len(), COMMENTS_KEPT);
    assert_eq!(room.comments[0].id.as_str(), "101");
    assert_eq!(room.questions.len(), QUESTIONS_KEPT);
    assert_eq!(room.questions[0].comment.id.as_str(), "1");
    assert!(
        room.questions
            .iter()
            .all(|one| one.comment.id.as_str() != "7")
    );
}

#[test]
fn the_end_closes_whatever_is_open() {
    let kinds = vec![(0, 0, 0), (7, 0, 0), (10, 0, 0), (13, 0, 0), (1, 0, 0)];
    let room = folded(&history(kinds));
    assert_eq!(room.show.state, ShowState::Ended);
    let states = [
        room.poll.unwrap().state,
        room.wishes.unwrap().state,
        room.drop.unwrap().state,
    ];
    assert_eq!(states, [RoundState::Closed; 3]);
}

#[test]
fn one_learns_that_one_is_muted() {
    let mut room = empty();
    room.mine = Some(Mine {
        author: "1".into(),
        name: String::new(),
        vote: None,
        wishes: Vec::new(),
        claim: None,
        muted: false,
        again_at: None,
    });
    let muted = |id, what| Event {
        id,
        at: at(0),
        clock: None,
        what,
    };
    room.take(&muted(1, What::Muted { author: "1".into() }));
    assert!(room.mine.as_ref().unwrap().muted);
    room.take(&muted(2, What::Unmuted { author: "1".into() }));
    assert!(!room.mine.unwrap().muted);
}

#[test]
fn what_is_newer_than_this_code_is_counted() {
    let event: Event = serde_json::from_str(
        r#"{"id":1,"at":"2026-11-26T10:00:00+08:00","what":{"kind":"fireworks","colour":"red"}}"#,
    )
    .unwrap();
    assert_eq!(event.what, What::Unknown);
    let mut room = empty();
    assert_eq!(room.take(&event), Taken::Next);
    assert_eq!(room.last_event_id, 1);
}
