//! Golden documents of the live room: shows, a room, every kind of event.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

#[macro_use]
mod common;

use client::transport::Method;
use common::{Sent, moment, same_document};
use domain::catalog::StockLevel;
use domain::coupon::Benefit;
use domain::live::{
    CommentRequest, DropRequest, Event, PinRequest, PollRequest, RoundState, Synonyms, Taken, What,
    WishRoundRequest,
};
use domain::money::Money;
use domain::show::{ShowKind, ShowState, ShowStep};
use domain::video::{ChapterKind, VideoKind};

#[tokio::test]
async fn shows() {
    let (shows, path) = read!(golden!("shows"), client => client.shows().list());
    assert_eq!(path, "/shows");
    assert_eq!(
        (shows.live.len(), shows.coming.len(), shows.past.len()),
        (1, 0, 1)
    );
    assert_eq!(shows.live[0].state, ShowState::Live);
    assert!(shows.live[0].remind && !shows.past[0].remind);
    same_document(&shows, golden!("shows"));
    let (show, path) = read!(golden!("show"), client => client.shows().show(&"tonight".into()));
    assert_eq!(path, "/shows/tonight");
    assert_eq!(show.goods[0].id.as_str(), "avocado");
    same_document(&show, golden!("show"));
    let (plan, path) =
        read!(golden!("show_plan"), client => client.desk_shows().planned(&"s".into()));
    assert_eq!(path, "/desk/shows/s");
    same_document(&plan, golden!("show_plan"));
}

#[tokio::test]
async fn a_room() {
    let id = "tonight".into();
    let (room, path) = read!(golden!("room"), client => client.shows().room(&id));
    assert_eq!(path, "/shows/tonight/room");
    same_document(&room, golden!("room"));
    assert_eq!((room.epoch.as_str(), room.last_event_id), ("9f2c", 57));
    let pinned = room.pinned().unwrap().variant(None).unwrap();
    assert_eq!(
        (pinned.price, pinned.stock.left),
        (Money::fen(1_280), Some(3))
    );
    let mine = room.mine.as_ref().unwrap();
    assert_eq!(mine.vote.as_ref().unwrap().option, 1);
    assert_eq!(mine.again_at, Some(moment("2026-11-26T19:40:08+08:00")));

    let (room, _) = read!(golden!("room_sparse"), client => client.shows().room(&id));
    assert_eq!((room.show.number, room.show.minutes), (1, 60));
    assert_eq!((room.goods.len(), room.mine, room.poll), (0, None, None));

    let (room, _) = read!(golden!("room_newer"), client => client.shows().room(&id));
    assert_eq!(
        (room.show.kind, room.show.state),
        (ShowKind::Unknown, ShowState::Unknown)
    );
    assert_eq!(room.poll.unwrap().state, RoundState::Unknown);
    assert_eq!(room.drop.unwrap().benefit, Benefit::Unknown);
}

#[tokio::test]
async fn the_picture_of_a_show() {
    let id = "market-morning".into();
    let (room, _) = read!(golden!("room"), client => client.shows().room(&id));
    assert_eq!(room.sources[1].kind, VideoKind::Hls);
    assert!(room.air.unwrap().on);
    assert_eq!(room.said.pin, Some(1_795_693_500_120));
    let (room, _) = read!(golden!("room_newer"), client => client.shows().room(&id));
    assert_eq!(room.sources[0].kind, VideoKind::Unknown);
    let (room, _) = read!(golden!("room_sparse"), client => client.shows().room(&id));
    assert_eq!((room.sources.len(), room.air), (0, None));

    let (replay, path) = read!(golden!("replay"), client => client.shows().replay(&id));
    assert_eq!(path, "/shows/market-morning/replay");
    same_document(&replay, golden!("replay"));
    assert_eq!(replay.part_at(0).unwrap().1, 5_000);
    assert_eq!(replay.chapter_at(20_000), Some(0));
    let (sparse, _) = read!(golden!("replay_sparse"), client => client.shows().replay(&id));
    assert_eq!((sparse.parts.len(), sparse.events), (0, 0));
    let (newer, _) = read!(golden!("replay_newer"), client => client.shows().replay(&id));
    assert_eq!(newer.chapters[0].kind, ChapterKind::Unknown);
    assert!(!newer.parts[0].is_known());
    let (room, path) = read!(golden!("room"), client => client.shows().replay_room(&id, 12_500));
    assert_eq!(path, "/shows/market-morning/replay/room?at_ms=12500");
    assert_eq!(room.last_event_id, 57);
    let events =
        r#"{"items":[{"id":58,"at":"2026-11-26T19:40:00+08:00","what":{"kind":"unknown"}}]}"#;
    let (some, path) = read!(events, client => client.shows().replay_events(&id, 57, 200));
    assert_eq!(
        path,
        "/shows/market-morning/replay/events?after=57&limit=200"
    );
    assert_eq!(
        (some.items[0].what.clone(), some.more),
        (What::Unknown, false)
    );
    let (_, path) = read!(events, client => client.shows().replay_events_from(&id, 9, 1));
    assert_eq!(
        path,
        "/shows/market-morning/replay/events?from_ms=9&limit=1"
    );
}

#[tokio::test]
async fn how_a_picture_is_sent() {
    let id = "s".into();
    let (doors, path) = read!(golden!("publishing"), client => client.desk_shows().publishing(&id));
    assert_eq!(path, "/desk/shows/s/publishing");
    same_document(&doors, golden!("publishing"));
    assert_eq!(
        doors.rtmp.unwrap().address(),
        "rtmp://192.168.1.5:1935/live/k"
    );
    let (none, _) = read!("{}", client => client.desk_shows().publishing(&id));
    assert_eq!((none.made_at, none.whip, none.rtmp), (None, None, None));
    let (_, sent) = wrote!("{}", client => client.desk_shows().renew_key(&id));
    assert_eq!(sent, Sent::post("/desk/shows/s/publishing"));
    let (air, path) = read!(golden!("air"), client => client.desk_shows().air(&id));
    assert_eq!(path, "/desk/shows/s/air");
    same_document(&air, golden!("air"));
    assert!(air.is_on_air());
    let newer = r#"{"now":"2026-11-26T19:30:00+08:00","playlist":{"status":"glowing"}}"#;
    let (air, _) = read!(newer, client => client.desk_shows().air(&id));
    assert!(!air.is_on_air() && !air.sending);
}

#[tokio::test]
async fn every_event_is_read_and_taken() {
    let events: Vec<Event> = serde_json::from_str(golden!("events")).unwrap();
    same_document(&events, golden!("events"));
    assert!(events.iter().all(|event| event.what != What::Unknown));
    let (mut room, _) = read!(golden!("room"), client => client.shows().room(&"tonight".into()));
    for event in &events {
        assert_eq!(room.take(event), Taken::Next, "{event:?}");
    }
    assert_eq!(room.show.state, ShowState::Ended);
    assert!(!room.air.unwrap().on);
    assert_eq!(room.goods[0].variants[0].stock.level, StockLevel::None);
    assert_eq!((room.likes, room.viewers, room.slow_seconds), (40, 59, 0));
    assert_eq!(room.poll.unwrap().votes(), 4);

    let newer: Vec<Event> = serde_json::from_str(golden!("events_newer")).unwrap();
    assert_eq!(newer[0].what, What::Unknown);
    assert_eq!(newer[1].what, What::Likes { total: 41 });
}

#[tokio::test]
async fn what_members_send() {
    let (show, poll, drop, wish) = ("s".into(), "p".into(), "d".into(), "牛".into());
    let comment = r#"{"id":"c","author":"a","text":"甜吗","at":"2026-11-26T19:32:00+08:00"}"#;
    let request = CommentRequest {
        text: "甜吗".into(),
        question: true,
        mark: "m".into(),
        name: None,
    };
    let (said, sent) = wrote!(comment, client => client.shows().comment(&show, &request, "k"));
    assert_eq!((said.name.as_str(), said.question), ("", false));
    let body = r#"{"text":"甜吗","question":true,"mark":"m"}"#;
    assert_eq!(sent, Sent::post("/shows/s/comments").with(body).keyed("k"));
    let ((), sent) = wrote!("", client => client.shows().like(&show, 3));
    assert_eq!(sent, Sent::post("/shows/s/likes").with(r#"{"count":3}"#));
    let answer = r#"{"id":"p","question":"?","options":[{"text":"a"}],"state":"open"}"#;
    let (voted, sent) = wrote!(answer, client => client.shows().vote(&show, &poll, 1));
    assert_eq!(voted.votes(), 0);
    let put = |path| Sent::new(Method::Put, path);
    assert_eq!(sent, put("/shows/s/polls/p/vote").with(r#"{"option":1}"#));
    let group = r#"{"id":"牛","label":"牛油果","votes":2}"#;
    let (_, sent) = wrote!(group, client => client.shows().wish(&show, "鳄梨", "k"));
    assert_eq!(
        sent,
        Sent::post("/shows/s/wishes")
            .with(r#"{"phrase":"鳄梨"}"#)
            .keyed("k")
    );
    let (_, sent) = wrote!(group, client => client.shows().vote_for_wish(&show, &wish));
    assert_eq!(sent, put("/shows/s/wishes/%E7%89%9B/vote"));
    let (_, sent) = wrote!(group, client => client.shows().take_wish_back(&show, &wish));
    assert_eq!(
        sent,
        Sent::new(Method::Delete, "/shows/s/wishes/%E7%89%9B/vote")
    );
    let claim = r#"{"drop":"d","coupon":{"id":"x","name":"n","benefit":{"kind":"amount","off":{"amount":1,"currency":"CNY"}},"stacking":"free"}}"#;
    let (claim, sent) = wrote!(claim, client => client.shows().claim(&show, &drop, "k"));
    assert_eq!(claim.coupon.id.as_str(), "x");
    assert_eq!(sent, Sent::post("/shows/s/drops/d/claim").keyed("k"));
    let summary = r#"{"id":"s","kind":"source","title":"t","starts_at":"2026-11-26T19:30:00+08:00","state":"scheduled","remind":true}"#;
    let (show, sent) = wrote!(summary, client => client.shows().remind(&show, true));
    assert!(show.remind);
    assert_eq!(sent, put("/shows/s/reminder").with(r#"{"remind":true}"#));
}

#[tokio::test]
async fn what_hosts_send() {
    let show = "s".into();
    let summary = r#"{"id":"s","kind":"source","title":"t","starts_at":"2026-11-26T19:30:00+08:00","state":"live"}"#;
    let (_, sent) = wrote!(summary, client => client.desk_shows().step(&show, ShowStep::Start));
    assert_eq!(sent, Sent::post("/desk/shows/s/start"));
    let pin = PinRequest {
        said_at: None,
        product: "avocado".into(),
        variant: None,
        note: String::new(),
    };
    let ((), sent) = wrote!("", client => client.desk_shows().pin(&show, &pin));
    let put = |path| Sent::new(Method::Put, path);
    assert_eq!(
        sent,
        put("/desk/shows/s/pin").with(r#"{"product":"avocado"}"#)
    );
    let poll = PollRequest {
        said_at: None,
        question: "?".into(),
        options: vec!["a".into(), "b".into()],
    };
    let answer =
        r#"{"id":"p","question":"?","options":[{"text":"a"},{"text":"b"}],"state":"open"}"#;
    let (_, sent) = wrote!(answer, client => client.desk_shows().open_poll(&show, &poll, "k"));
    let body = r#"{"question":"?","options":["a","b"]}"#;
    assert_eq!(
        sent,
        Sent::post("/desk/shows/s/polls").with(body).keyed("k")
    );
    let (_, sent) = wrote!(answer, client => client.desk_shows().close_poll(&show, &"p".into()));
    assert_eq!(sent, Sent::post("/desk/shows/s/polls/p/close"));
    let round = WishRoundRequest {
        title: "?".into(),
        said_at: None,
    };
    let answer = r#"{"id":"w","title":"?","state":"open"}"#;
    let (_, sent) = wrote!(answer, client => client.desk_shows().open_wishes(&show, &round, "k"));
    assert_eq!(
        sent,
        Sent::post("/desk/shows/s/wishes")
            .with(r#"{"title":"?"}"#)
            .keyed("k")
    );
    let drop = DropRequest {
        said_at: None,
        title: "券".into(),
        off: Money::fen(800),
        at_least: None,
        count: 5,
        days: 7,
    };
    let answer = r#"{"id":"d","title":"券","benefit":{"kind":"amount","off":{"amount":800,"currency":"CNY"}},"count":5,"left":5,"state":"open"}"#;
    let (_, sent) = wrote!(answer, client => client.desk_shows().open_drop(&show, &drop, "k"));
    let body = r#"{"title":"券","off":{"amount":800,"currency":"CNY"},"count":5,"days":7}"#;
    assert_eq!(
        sent,
        Sent::post("/desk/shows/s/drops").with(body).keyed("k")
    );
    let ((), sent) = wrote!("", client => client.desk_shows().mute(&show, &"a".into()));
    assert_eq!(sent, put("/desk/shows/s/muted/a"));
    let ((), sent) = wrote!("", client => client.desk_shows().slow_mode(&show, 10));
    assert_eq!(
        sent,
        put("/desk/shows/s/slow-mode").with(r#"{"seconds":10}"#)
    );
    let words = Synonyms {
        groups: vec![vec!["牛油果".into(), "鳄梨".into()]],
    };
    let body = r#"{"groups":[["牛油果","鳄梨"]]}"#;
    let (_, sent) = wrote!(body, client => client.desk_shows().keep_synonyms(&words));
    assert_eq!(sent, put("/desk/synonyms").with(body));
    let question = r#"{"comment":{"id":"c","author":"a","text":"?","at":"2026-11-26T19:32:00+08:00"},"answer":{"at":"2026-11-26T19:33:00+08:00"}}"#;
    let (_, sent) = wrote!(question, client => client.desk_shows().answer(&show, &"c".into(), ""));
    assert_eq!(
        sent,
        Sent::post("/desk/shows/s/questions/c/answer").with(r#"{"text":""}"#)
    );
}
