//! The live room: shows, what everybody sees of one, its stream.

use super::rule::{Outcome, Rule, broken, ensure, refused, rules, skip};
use super::shop::{Shop, some_key};
use crate::endpoint;
use crate::live::Parser;
use domain::live::{Beat, CommentRequest, Event, Room, Taken};
use domain::problem::ProblemKind;
use domain::show::{ShowState, ShowSummary};
use domain::video::VideoKind;
use reqwest::Method;
use std::collections::HashSet;
use std::time::Duration;

/// How long the first frame of a stream may take.
const FIRST_FRAME: Duration = Duration::from_secs(15);

pub(super) const RULES: &[Rule] = rules![
    "shows have ids of their own and stand where their state says" => listed,
    "a show that is not there is not-found, and so are its room and stream" => absent,
    "a room is of its show, with all its goods and their prices" => room,
    "comments of a room are in order, and no more than 200" => comments,
    "the stream of a room's last event begins with a beat of its epoch" => beats,
    "the stream after an earlier event begins with the next one" => goes_on,
    "the stream of another epoch begins with resync" => resyncs,
    "a stream is text/event-stream, and nobody on the way keeps it" => streamed,
    "a reminder is kept until it is taken back" => reminder,
    "writing in a show is not-signed-in for nobody" => closed,
    "in a show that is not on nothing is said" => not_on,
    "where the picture comes from is in order of preference, each with its address" => sources,
    "a show that is not over has no replay" => no_replay,
    "the room of a replay is what its events come to" => replayed,
    "nobody but the staff learns how a picture is sent" => sending,
];

async fn all(shop: &Shop) -> Outcome<Vec<ShowSummary>> {
    let shows = shop.anybody()?.client.shows().list().await?.value;
    let all: Vec<_> = [shows.live, shows.coming, shows.past].concat();
    if all.is_empty() {
        return skip("there is no show");
    }
    Ok(all)
}

/// The show with the most events.
async fn busiest(shop: &Shop) -> Outcome<Room> {
    let mut best: Option<Room> = None;
    for show in all(shop).await?.into_iter().take(10) {
        let room = shop.anybody()?.client.shows().room(&show.id).await?.value;
        if best
            .as_ref()
            .is_none_or(|best| best.last_event_id < room.last_event_id)
        {
            best = Some(room);
        }
    }
    match best {
        Some(room) => Ok(room),
        None => skip("there is no show"),
    }
}

async fn listed(shop: &Shop) -> Outcome {
    let shows = shop.anybody()?.client.shows().list().await?.value;
    let mut ids = HashSet::new();
    for (of, state) in [
        (&shows.live, ShowState::Live),
        (&shows.coming, ShowState::Scheduled),
        (&shows.past, ShowState::Ended),
    ] {
        for show in of {
            ensure(ids.insert(&show.id), || {
                format!("{} is there twice", show.id)
            })?;
            ensure(show.state == state, || {
                format!(
                    "{} is {:?} among those that are {state:?}",
                    show.id, show.state
                )
            })?;
        }
    }
    let mut pairs = shows.coming.iter().zip(shows.coming.iter().skip(1));
    let sorted = pairs.all(|(one, next)| one.starts_at.ms <= next.starts_at.ms);
    ensure(sorted, || "those to come are not in order".to_owned())
}

async fn absent(shop: &Shop) -> Outcome {
    let (caller, id) = (shop.anybody()?, "no-such-show".into());
    let none = ProblemKind::NotFound;
    let shows = caller.client.shows();
    refused("a show that is none", shows.show(&id).await, none.clone())?;
    refused("its room", shows.room(&id).await, none.clone())?;
    let answer = caller
        .get(endpoint::of_show(&id, "events").as_str())
        .await?;
    answer.is_problem(none)?;
    Ok(())
}

async fn room(shop: &Shop) -> Outcome {
    for show in all(shop).await?.into_iter().take(6) {
        let caller = shop.anybody()?;
        let room = caller.client.shows().room(&show.id).await?.value;
        ensure(room.show.id == show.id && !room.epoch.is_empty(), || {
            format!("the room of {} is of {}", show.id, room.show.id)
        })?;
        ensure(room.mine.is_none(), || {
            "nobody has something of their own".to_owned()
        })?;
        let empty = room.goods.iter().find(|good| good.variants.is_empty());
        ensure(empty.is_none(), || format!("{empty:?} is sold in no way"))?;
        if let Some(pin) = &room.pin {
            ensure(room.pinned().is_some(), || {
                format!("{} is shown and not among the goods", pin.product)
            })?;
        }
    }
    Ok(())
}

async fn comments(shop: &Shop) -> Outcome {
    let room = busiest(shop).await?;
    ensure(room.comments.len() <= domain::live::COMMENTS_KEPT, || {
        format!("{} comments", room.comments.len())
    })?;
    let mut pairs = room.comments.iter().zip(room.comments.iter().skip(1));
    let sorted = pairs.all(|(one, next)| one.at.ms <= next.at.ms);
    ensure(sorted, || "comments are not in order".to_owned())
}

/// The first frames of a stream: each with its name and data.
async fn frames(
    shop: &Shop,
    room: &Room,
    epoch: &str,
    after: u32,
    count: usize,
) -> Outcome<Vec<(String, String)>> {
    let path = endpoint::events(&room.show.id, epoch, after);
    let pieces = shop.anybody()?.ask(Method::GET, path.as_str());
    let mut parser = Parser::default();
    let mut frames = Vec::new();
    let reading = pieces.read_until(|bytes| {
        let heard = parser.feed(bytes);
        frames.extend(heard.into_iter().map(|frame| (frame.event, frame.data)));
        frames.len() >= count
    });
    match tokio::time::timeout(FIRST_FRAME, reading).await {
        Ok(read) => read?,
        Err(_) => return broken(format!("{} frames in 15 s", frames.len())),
    }
    Ok(frames)
}

fn beat(frame: Option<&(String, String)>, name: &str) -> Outcome<Beat> {
    let Some((event, data)) = frame else {
        return broken("nothing came");
    };
    ensure(event == name, || format!("it begins with `{event}`"))?;
    match serde_json::from_str(data) {
        Ok(beat) => Ok(beat),
        Err(error) => broken(format!("its {name} cannot be read: {error}")),
    }
}

async fn beats(shop: &Shop) -> Outcome {
    let room = busiest(shop).await?;
    let frames = frames(shop, &room, &room.epoch, room.last_event_id, 1).await?;
    let beat = beat(frames.first(), "beat")?;
    ensure(beat.epoch == room.epoch, || {
        format!("its epoch is {}, not {}", beat.epoch, room.epoch)
    })
}

async fn goes_on(shop: &Shop) -> Outcome {
    let room = busiest(shop).await?;
    if room.last_event_id == 0 {
        return skip("nothing has happened yet");
    }
    let after = room.last_event_id - 1;
    let frames = frames(shop, &room, &room.epoch, after, 2).await?;
    beat(frames.first(), "beat")?;
    let event = frames.iter().find(|(event, _)| event.is_empty());
    let event = event.and_then(|(_, data)| serde_json::from_str::<Event>(data).ok());
    ensure(
        event.as_ref().is_some_and(|event| event.id == after + 1),
        || format!("after {after} comes {event:?}"),
    )
}

async fn resyncs(shop: &Shop) -> Outcome {
    let room = busiest(shop).await?;
    let frames = frames(shop, &room, "no-such-epoch", 0, 1).await?;
    let beat = beat(frames.first(), "resync")?;
    ensure(beat.last >= room.last_event_id, || {
        format!("it goes on after {}, before the snapshot", beat.last)
    })
}

async fn streamed(shop: &Shop) -> Outcome {
    let room = busiest(shop).await?;
    let path = endpoint::events(&room.show.id, &room.epoch, room.last_event_id);
    let (kind, kept) = shop
        .anybody()?
        .ask(Method::GET, path.as_str())
        .headers()
        .await?;
    ensure(kind.starts_with("text/event-stream"), || {
        format!("it is `{kind}`")
    })?;
    ensure(kept.contains("no-store"), || {
        format!("Cache-Control is `{kept}`")
    })
}

async fn reminder(shop: &Shop) -> Outcome {
    let shows = shop.anybody()?.client.shows().list().await?.value;
    let Some(show) = shows.coming.first() else {
        return skip("no show is to come");
    };
    let mine = shop.member().await?.caller.client.shows();
    for remind in [true, false] {
        let told = mine.remind(&show.id, remind).await?;
        let kept = mine.show(&show.id).await?.value.show;
        ensure(told.remind == remind && kept.remind == remind, || {
            format!(
                "asked for {remind}, it is {} and {}",
                told.remind, kept.remind
            )
        })?;
    }
    Ok(())
}

async fn closed(shop: &Shop) -> Outcome {
    let Some(show) = all(shop).await?.into_iter().next() else {
        return skip("there is no show");
    };
    let caller = shop.anybody()?;
    let shows = caller.client.shows();
    let signed_out = ProblemKind::NotSignedIn;
    let said = shows.comment(&show.id, &says(), &some_key()).await;
    refused("a comment", said, signed_out.clone())?;
    refused("a like", shows.like(&show.id, 1).await, signed_out)
}

async fn not_on(shop: &Shop) -> Outcome {
    let all = all(shop).await?;
    let Some(show) = all.iter().find(|show| show.state != ShowState::Live) else {
        return skip("every show is on");
    };
    let mine = shop.member().await?.caller.client.shows();
    let said = mine.comment(&show.id, &says(), &some_key()).await;
    refused("a comment", said, ProblemKind::NotNow)
}

async fn sources(shop: &Shop) -> Outcome {
    for show in all(shop).await?.into_iter().take(6) {
        let caller = shop.anybody()?;
        let room = caller.client.shows().room(&show.id).await?.value;
        let known = caller.client.shows().show(&show.id).await?.value.sources;
        ensure(room.sources == known, || {
            format!("show and room of {} disagree about the picture", show.id)
        })?;
        let nowhere = room.sources.iter().find(|source| {
            source.url.is_empty() && !matches!(source.kind, VideoKind::Photos | VideoKind::Unknown)
        });
        ensure(nowhere.is_none(), || format!("{nowhere:?} is nowhere"))?;
    }
    Ok(())
}

async fn no_replay(shop: &Shop) -> Outcome {
    let open = |show: &ShowSummary| matches!(show.state, ShowState::Scheduled | ShowState::Live);
    let Some(show) = all(shop).await?.into_iter().find(open) else {
        return skip("all shows are over");
    };
    let replay = shop.anybody()?.client.shows().replay(&show.id).await;
    refused("its replay", replay, ProblemKind::NotNow)
}

async fn replayed(shop: &Shop) -> Outcome {
    let over = |show: &ShowSummary| show.state == ShowState::Ended;
    let Some(show) = all(shop).await?.into_iter().find(over) else {
        return skip("no show is over");
    };
    let client = &shop.anybody()?.client;
    let replay = client.shows().replay(&show.id).await?.value;
    let sorted = replay.chapters.is_sorted_by_key(|chapter| chapter.at_ms);
    ensure(sorted, || "its chapters are not in order".to_owned())?;
    let half = replay.ms / 2;
    let mut room = client.shows().replay_room(&show.id, 0).await?.value;
    let there = client.shows().replay_room(&show.id, half).await?.value;
    let (shows, mut events) = (client.shows(), Vec::new());
    while room.last_event_id < there.last_event_id {
        if events.is_empty() {
            let page = shows.replay_events(&show.id, room.last_event_id, 100);
            events = page.await?.value.items;
        }
        if events.is_empty() || room.take(&events.remove(0)) == Taken::Gap {
            return broken(format!("after event {} one is missing", room.last_event_id));
        }
    }
    let seen = |room: &Room| {
        (
            room.pin.clone(),
            room.comments.clone(),
            room.poll.clone(),
            room.likes,
        )
    };
    ensure(seen(&room) == seen(&there), || {
        format!("{half} ms after the beginning the room is another one than its events come to")
    })
}

async fn sending(shop: &Shop) -> Outcome {
    let show = all(shop).await?.swap_remove(0);
    let caller = shop.anybody()?;
    let none = ProblemKind::NotSignedIn;
    let shows = caller.client.desk_shows();
    refused("its key", shows.publishing(&show.id).await, none.clone())?;
    refused("its check", shows.air(&show.id).await, none)
}

fn says() -> CommentRequest {
    CommentRequest {
        text: "conform".to_owned(),
        question: false,
        mark: String::new(),
        name: None,
    }
}
