//! The live room: who may do what, what everybody sees of it, and how it is followed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod common;

use client::Error;
use client::live::Status;
use common::live::{Stream, Viewer, common, says, tonight};
use common::people::{CLERK, HOST, OWNER, refused, wanted};
use common::{BORN, OpenShop, header, now, problem};
use domain::catalog::StockLevel;
use domain::contract::Capability;
use domain::live::{
    DropRequest, PinRequest, PollRequest, Question, RoundState, Synonyms, What, WishRoundRequest,
};
use domain::money::Money;
use domain::problem::ProblemKind;
use domain::show::{ShowKind, ShowPlan, ShowState, ShowStep, Texts};
use reqwest::Method;

#[tokio::test]
async fn shows_are_listed_in_both_languages() {
    let shop = OpenShop::demo().await;
    let client = shop.client("en");
    let about = now(client.about().await.unwrap());
    assert!(about.capabilities.contains(&Capability::Live));
    let shows = now(client.shows().list().await.unwrap());
    assert_eq!(shows.live, []);
    let ids = |shows: &[domain::show::ShowSummary]| -> Vec<String> {
        shows.iter().map(|show| show.id.to_string()).collect()
    };
    assert_eq!(
        ids(&shows.coming),
        ["tonight", "lemon-orchard", "wonton-lesson"]
    );
    assert_eq!(ids(&shows.past), ["market-morning"]);
    let tonight_show = &shows.coming[0];
    assert_eq!(
        tonight_show.title,
        "Tonight's supper: a salmon and quinoa bowl"
    );
    assert_eq!(
        (tonight_show.kind, tonight_show.number),
        (ShowKind::Kitchen, 4)
    );
    assert_eq!(tonight_show.starts_at.clock(), "19:30");
    let show = now(client.shows().show(&tonight()).await.unwrap());
    let goods: Vec<_> = show.goods.iter().map(|good| good.id.as_str()).collect();
    assert_eq!(
        goods[..3],
        ["salmon-sashimi", "tricolour-quinoa", "avocado"]
    );
    assert_eq!(show.tasting.unwrap().id.as_str(), "light-meal");
    assert_eq!(show.show, *tonight_show);
    let zh = now(shop.client("zh-CN").shows().room(&tonight()).await.unwrap());
    assert_eq!(zh.show.title, "今晚做什么：三文鱼藜麦碗");
    assert_eq!(zh.goods[0].name, "三文鱼刺身");
    assert_eq!(zh.last_event_id, 0);
    let missing = client.shows().room(&"nothing".into()).await;
    assert_eq!(refused(missing), ProblemKind::NotFound);
    let path = client.shows().calendar_address(&tonight());
    let file = shop
        .served
        .get(&path[path.find("/api").unwrap()..])
        .send()
        .await
        .unwrap();
    assert!(header(&file, "content-type").starts_with("text/calendar"));
    let text = file.text().await.unwrap();
    assert!(text.starts_with("BEGIN:VCALENDAR\r\n"));
    assert!(text.contains("UID:tonight@shows.linli"));
}

#[tokio::test]
async fn home_tells_of_the_show_that_is_on_or_next() {
    let shop = OpenShop::demo().await;
    // The shop's first day, so that the test does not depend on when it runs.
    shop.clock.put_forward(BORN - shop.clock.now().ms);
    let host = shop.desk(HOST).await;
    let card = async |language| now(shop.client(language).storefront().await.unwrap()).show;
    let next = card("zh-CN").await.unwrap();
    assert_eq!(
        (&next.id, next.live, next.viewers),
        (&tonight(), false, None)
    );
    assert_eq!(next.starts_at.clock(), "19:30");
    assert_eq!(next.title, "今晚做什么：三文鱼藜麦碗");
    let english = card("en").await.unwrap();
    assert_eq!(english.title, "Tonight's supper: a salmon and quinoa bowl");

    // What is on goes before whatever would come first, and whoever follows it is counted.
    let (lemons, start) = ("lemon-orchard".into(), ShowStep::Start);
    host.desk_shows().step(&lemons, start).await.unwrap();
    let on = card("zh-CN").await.unwrap();
    assert_eq!((&on.id, on.live, on.viewers), (&lemons, true, Some(0)));
    let url = shop.served.at("/api/v1/shows/lemon-orchard/events?after=0");
    let mut stream = Stream::open(url).await;
    stream.beat("beat").await;
    assert_eq!(card("zh-CN").await.unwrap().viewers, Some(1));
    let over = ShowStep::End;
    host.desk_shows().step(&lemons, over).await.unwrap();
    assert_eq!(card("zh-CN").await.unwrap().id, tonight());

    // One that is half an hour late does not come any more.
    shop.clock
        .put_forward(next.starts_at.ms - shop.clock.now().ms);
    shop.minutes_pass(29);
    assert_eq!(card("zh-CN").await.unwrap().id, tonight());
    shop.minutes_pass(2);
    let after = card("zh-CN").await.unwrap();
    assert_eq!(after.id, "wonton-lesson".into());
    shop.clock
        .put_forward(after.starts_at.ms - shop.clock.now().ms);
    shop.minutes_pass(31);
    assert_eq!(card("zh-CN").await, None);
    let empty = OpenShop::empty().await;
    assert_eq!(
        now(empty.client("en").storefront().await.unwrap()).show,
        None
    );
}

#[tokio::test]
async fn a_show_that_was_has_all_that_happened() {
    let shop = OpenShop::demo().await;
    let client = shop.client("zh-CN");
    let id = "market-morning".into();
    let room = now(client.shows().room(&id).await.unwrap());
    assert_eq!(room.show.state, ShowState::Ended);
    assert_eq!(room.comments.len(), 20);
    assert_eq!((room.likes, room.viewers), (655, 49));
    let poll = room.poll.unwrap();
    assert_eq!((poll.votes(), poll.state), (38, RoundState::Closed));
    let wishes = room.wishes.unwrap();
    let ranked: Vec<_> = wishes
        .ranked()
        .iter()
        .map(|one| (one.label.as_str(), one.votes))
        .collect();
    assert_eq!(ranked, [("车厘子", 9), ("小龙虾", 7), ("牛油果", 6)]);
    let unanswered = |one: &&Question| one.answer.is_none();
    assert_eq!(
        room.questions.iter().filter(unanswered).count(),
        1,
        "it was asked twice"
    );
    // Its events are kept, and come to the same.
    let url = shop
        .served
        .at("/api/v1/shows/market-morning/events?after=0");
    let mut stream = Stream::open(url).await;
    stream.beat("beat").await;
    let mut last = 0;
    while let Some(frame) = stream.next().await {
        last += 1;
        assert_eq!(frame.id, last.to_string());
    }
    assert_eq!(last, room.last_event_id);
}

#[tokio::test]
async fn only_hosts_host_and_only_members_write() {
    let shop = OpenShop::demo().await;
    let (clerk, guest) = (shop.desk(CLERK).await, shop.client("zh-CN"));
    let member = shop.member("13800138000").await;
    for (desk, kind) in [
        (&clerk, ProblemKind::Forbidden),
        (&member.client, ProblemKind::Forbidden),
        (&guest, ProblemKind::NotSignedIn),
    ] {
        let desk = desk.desk_shows();
        let step = desk.step(&tonight(), ShowStep::Start).await;
        assert_eq!(refused(step), kind);
        assert_eq!(refused(desk.list().await), kind);
        assert_eq!(refused(desk.synonyms().await), kind);
        assert_eq!(refused(desk.slow_mode(&tonight(), 5).await), kind);
    }
    let shows = guest.shows();
    let signed_out = ProblemKind::NotSignedIn;
    assert_eq!(
        refused(shows.comment(&tonight(), &says("a"), "k").await),
        signed_out
    );
    assert_eq!(refused(shows.like(&tonight(), 1).await), signed_out);
    assert_eq!(refused(shows.remind(&tonight(), true).await), signed_out);
    // Before it begins there is a lobby, and nothing is said in it.
    let early = member
        .client
        .shows()
        .comment(&tonight(), &says("a"), "k")
        .await;
    assert_eq!(refused(early), ProblemKind::NotNow);
    let mine = now(member.client.shows().room(&tonight()).await.unwrap())
        .mine
        .unwrap();
    assert!(!mine.muted && mine.vote.is_none());
    assert_eq!(now(shows.room(&tonight()).await.unwrap()).mine, None);

    assert!(
        member
            .client
            .shows()
            .remind(&tonight(), true)
            .await
            .unwrap()
            .remind
    );
    let listed = now(member.client.shows().list().await.unwrap());
    assert!(listed.coming[0].remind && !listed.coming[1].remind);
    assert!(!now(shows.list().await.unwrap()).coming[0].remind);
    assert!(
        !member
            .client
            .shows()
            .remind(&tonight(), false)
            .await
            .unwrap()
            .remind
    );

    let host = shop.desk(HOST).await;
    let live = host
        .desk_shows()
        .step(&tonight(), ShowStep::Start)
        .await
        .unwrap();
    assert_eq!(live.state, ShowState::Live);
    let again = host
        .desk_shows()
        .step(&tonight(), ShowStep::Start)
        .await
        .unwrap();
    assert_eq!(again.started_at, live.started_at);
    // A refusal stays one under its key.
    let late = member
        .client
        .shows()
        .comment(&tonight(), &says("a"), "k")
        .await;
    assert_eq!(refused(late), ProblemKind::NotNow);
    member
        .client
        .shows()
        .comment(&tonight(), &says("a"), "k2")
        .await
        .unwrap();
    host.desk_shows()
        .step(&tonight(), ShowStep::End)
        .await
        .unwrap();
    let over = host.desk_shows().step(&tonight(), ShowStep::Start).await;
    assert_eq!(refused(over), ProblemKind::NotNow);
    assert_eq!(shop.room().await.show.state, ShowState::Ended);
}

#[tokio::test]
async fn a_comment_sent_twice_is_one_and_has_its_senders_name() {
    let (shop, _host) = OpenShop::on_air(HOST).await;
    let member = shop.member("13800138000").await;
    let shows = member.client.shows();
    let mut request = says("  这个甜吗\n？ ");
    (request.mark, request.name) = ("m-1".into(), Some("楼上的小陈".into()));
    let said = shows.comment(&tonight(), &request, "k").await.unwrap();
    assert_eq!(
        (said.text.as_str(), said.name.as_str(), said.mark.as_str()),
        ("这个甜吗 ？", "楼上的小陈", "m-1")
    );
    assert!(said.question);
    assert_eq!(
        shows.comment(&tonight(), &request, "k").await.unwrap(),
        said
    );
    let other = shows.comment(&tonight(), &says("b"), "k").await;
    assert_eq!(refused(other), ProblemKind::KeyReused);
    let asked = member.client.intents().ask("k").await.unwrap();
    assert!(asked.contains(said.id.as_str()));
    let room = now(shows.room(&tonight()).await.unwrap());
    assert_eq!(room.comments, std::slice::from_ref(&said));
    assert_eq!(room.questions.len(), 1);
    let mine = room.mine.unwrap();
    assert_eq!(
        (&mine.author, mine.name.as_str()),
        (&said.author, "楼上的小陈")
    );
    let next = shows.comment(&tonight(), &says("好"), "k2").await.unwrap();
    assert_eq!((next.name.as_str(), next.question), ("楼上的小陈", false));
    let long = "长".repeat(101);
    for text in ["", " \n", long.as_str()] {
        let wrong = shows.comment(&tonight(), &says(text), "k3").await;
        assert_eq!(refused(wrong), ProblemKind::InvalidBody);
    }
    assert_eq!(
        shop.number("SELECT count(*) FROM live_comments WHERE show = 'tonight'")
            .await,
        2
    );
}

#[tokio::test]
async fn whoever_goes_too_fast_waits() {
    let (shop, host) = OpenShop::on_air(OWNER).await;
    let member = shop.member("13800138000").await;
    let shows = member.client.shows();
    let fast = |answer: Result<domain::live::Comment, Error>| match answer {
        Err(Error::Refused {
            problem,
            retry_after,
        }) => {
            assert_eq!(problem.kind, ProblemKind::TooFast);
            retry_after.unwrap()
        }
        other => panic!("{other:?}"),
    };
    for key in ["1", "2", "3", "4"] {
        shows.comment(&tonight(), &says("快"), key).await.unwrap();
    }
    let wait = fast(shows.comment(&tonight(), &says("快"), "5").await);
    assert!((1..=2).contains(&wait), "{wait}");
    // What was refused for being too fast may be sent again under its key.
    shop.clock.put_forward(i64::from(wait) * 1_000);
    shows.comment(&tonight(), &says("快"), "5").await.unwrap();
    // One who has said nothing is not held back by others.
    let other = shop.member("13800138001").await;
    other
        .client
        .shows()
        .comment(&tonight(), &says("慢"), "1")
        .await
        .unwrap();

    host.desk_shows().slow_mode(&tonight(), 30).await.unwrap();
    assert_eq!(shop.room().await.slow_seconds, 30);
    shop.clock.put_forward(20_000);
    let wait = fast(shows.comment(&tonight(), &says("还要等"), "6").await);
    assert!((8..=10).contains(&wait), "{wait}");
    let mine = now(shows.room(&tonight()).await.unwrap()).mine.unwrap();
    assert!(mine.again_at.is_some());
    shop.clock.put_forward(i64::from(wait) * 1_000);
    shows.comment(&tonight(), &says("好了"), "6").await.unwrap();
    fast(shows.comment(&tonight(), &says("再来"), "7").await);
    host.desk_shows().slow_mode(&tonight(), 0).await.unwrap();
    shows.comment(&tonight(), &says("再来"), "7").await.unwrap();
    let far = host.desk_shows().slow_mode(&tonight(), 301).await;
    assert_eq!(refused(far), ProblemKind::InvalidBody);
    for _ in 0..6 {
        shows.like(&tonight(), 3).await.unwrap();
    }
    assert_eq!(
        refused(shows.like(&tonight(), 3).await),
        ProblemKind::TooFast
    );
    assert_eq!(
        refused(shows.like(&tonight(), 51).await),
        ProblemKind::InvalidBody
    );
}

#[tokio::test]
async fn whom_the_host_mutes_reads_on() {
    let (shop, host) = OpenShop::on_air(HOST).await;
    let member = shop.member("13800138000").await;
    let shows = member.client.shows();
    let said = shows.comment(&tonight(), &says("吵"), "1").await.unwrap();
    let desk = host.desk_shows();
    desk.mute(&tonight(), &said.author).await.unwrap();
    desk.mute(&tonight(), &said.author).await.unwrap();
    let muted = shows.comment(&tonight(), &says("吵"), "2").await;
    assert_eq!(refused(muted), ProblemKind::Muted);
    let room = now(shows.room(&tonight()).await.unwrap());
    assert!(room.mine.unwrap().muted);
    desk.remove(&tonight(), &said.id).await.unwrap();
    assert_eq!(shop.room().await.comments, []);
    desk.unmute(&tonight(), &said.author).await.unwrap();
    shows
        .comment(&tonight(), &says("不吵了"), "3")
        .await
        .unwrap();
    let nobody = desk.mute(&tonight(), &"nobody".into()).await;
    assert_eq!(refused(nobody), ProblemKind::NotFound);
}

#[tokio::test]
async fn questions_are_answered() {
    let (shop, host) = OpenShop::on_air(HOST).await;
    let member = shop.member("13800138000").await;
    let shows = member.client.shows();
    let asked = shows
        .comment(&tonight(), &says("几点到店？"), "1")
        .await
        .unwrap();
    let plain = shows.comment(&tonight(), &says("好"), "2").await.unwrap();
    let desk = host.desk_shows();
    let answered = desk.answer(&tonight(), &asked.id, "七点半").await.unwrap();
    assert_eq!(answered.answer.as_ref().unwrap().text, "七点半");
    let room = shop.room().await;
    assert_eq!(room.questions[0].answer, answered.answer);
    let listed = now(desk.questions(&tonight()).await.unwrap());
    assert_eq!((listed.len(), &listed[0].answer), (1, &answered.answer));
    let none = desk.answer(&tonight(), &plain.id, "").await;
    assert_eq!(refused(none), ProblemKind::NotFound);
}

#[tokio::test]
async fn a_poll_has_one_vote_a_member() {
    let (shop, host) = OpenShop::on_air(HOST).await;
    let desk = host.desk_shows();
    let request = PollRequest {
        said_at: None,
        question: "先尝哪个？".into(),
        options: vec!["香椿".into(), "芦笋".into()],
    };
    let poll = desk.open_poll(&tonight(), &request, "p").await.unwrap();
    assert_eq!(
        desk.open_poll(&tonight(), &request, "p").await.unwrap(),
        poll
    );
    let one = shop.member("13800138000").await;
    let other = shop.member("13800138001").await;
    for (member, option) in [(&one, 0), (&one, 0), (&other, 0), (&one, 1)] {
        let shows = member.client.shows();
        shows.vote(&tonight(), &poll.id, option).await.unwrap();
    }
    let room = now(one.client.shows().room(&tonight()).await.unwrap());
    let votes: Vec<_> = room
        .poll
        .unwrap()
        .options
        .iter()
        .map(|one| one.votes)
        .collect();
    assert_eq!(votes, [1, 1]);
    assert_eq!(room.mine.unwrap().vote.unwrap().option, 1);
    let wrong = one.client.shows().vote(&tonight(), &poll.id, 2).await;
    assert_eq!(refused(wrong), ProblemKind::InvalidBody);
    let second = desk.open_poll(&tonight(), &request, "p2").await.unwrap();
    assert_ne!(second.id, poll.id);
    let late = one.client.shows().vote(&tonight(), &poll.id, 0).await;
    assert_eq!(refused(late), ProblemKind::NotFound);
    let closed = desk.close_poll(&tonight(), &second.id).await.unwrap();
    assert_eq!(closed.state, RoundState::Closed);
    desk.close_poll(&tonight(), &second.id).await.unwrap();
    let late = one.client.shows().vote(&tonight(), &second.id, 0).await;
    assert_eq!(refused(late), ProblemKind::NotNow);
    let short = PollRequest {
        said_at: None,
        options: vec!["香椿".into()],
        ..request
    };
    let short = desk.open_poll(&tonight(), &short, "p3").await;
    assert_eq!(refused(short), ProblemKind::InvalidBody);
}

#[tokio::test]
async fn wishes_that_mean_the_same_are_one() {
    let (shop, host) = OpenShop::on_air(HOST).await;
    let desk = host.desk_shows();
    let one = shop.member("13800138000").await;
    let other = shop.member("13800138001").await;
    let (one, other) = (one.client.shows(), other.client.shows());
    let early = one.wish(&tonight(), "鳄梨", "0").await;
    assert_eq!(refused(early), ProblemKind::NotNow);
    let title = WishRoundRequest {
        title: "下周想吃什么？".into(),
        said_at: None,
    };
    let round = desk.open_wishes(&tonight(), &title, "w").await.unwrap();
    let wished = one.wish(&tonight(), "想吃鳄梨！", "1").await.unwrap();
    assert_eq!((wished.label.as_str(), wished.votes), ("牛油果", 1));
    let again = other.wish(&tonight(), "Avocado", "1").await.unwrap();
    assert_eq!((&again.id, again.votes), (&wished.id, 2));
    other.wish(&tonight(), "牛油果", "2").await.unwrap();
    let durian = other.wish(&tonight(), "榴莲", "3").await.unwrap();
    let liked = one.vote_for_wish(&tonight(), &durian.id).await.unwrap();
    assert_eq!(liked.votes, 2);
    one.vote_for_wish(&tonight(), &durian.id).await.unwrap();
    let room = now(one.room(&tonight()).await.unwrap());
    let groups: Vec<_> = room
        .wishes
        .unwrap()
        .groups
        .iter()
        .map(|one| one.votes)
        .collect();
    assert_eq!(groups, [2, 2]);
    assert_eq!(room.mine.unwrap().wishes.len(), 2);
    let back = one.take_wish_back(&tonight(), &durian.id).await.unwrap();
    assert_eq!(back.votes, 1);
    // Three wishes of one's own are enough.
    other.wish(&tonight(), "小龙虾", "4").await.unwrap();
    let enough = other.wish(&tonight(), "羊排", "5").await;
    assert_eq!(refused(enough), ProblemKind::NotNow);
    // The shop edits its words.
    let mut words = now(desk.synonyms().await.unwrap());
    words.groups.push(vec!["莲雾".into(), "wax apple".into()]);
    desk.keep_synonyms(&words).await.unwrap();
    assert_eq!(now(desk.synonyms().await.unwrap()), words);
    let new = one.wish(&tonight(), "Wax Apple", "6").await.unwrap();
    assert_eq!(new.label, "莲雾");
    let nonsense = Synonyms {
        groups: vec![vec![]],
    };
    let nonsense = desk.keep_synonyms(&nonsense).await;
    assert_eq!(refused(nonsense), ProblemKind::InvalidBody);
    desk.close_wishes(&tonight(), &round.id).await.unwrap();
    let late = one.wish(&tonight(), "羊排", "7").await;
    assert_eq!(refused(late), ProblemKind::NotNow);
}

#[tokio::test]
async fn five_coupons_among_fifty_are_exactly_five() {
    let (shop, host) = OpenShop::on_air(HOST).await;
    let desk = host.desk_shows();
    let request = DropRequest {
        said_at: None,
        title: "直播间专享 满 49 减 8".into(),
        off: Money::fen(800),
        at_least: Some(Money::fen(4_900)),
        count: 5,
        days: 7,
    };
    let mut members = Vec::new();
    for number in 0..50 {
        members.push(shop.member(&format!("139{number:08}")).await);
    }
    let drop = desk.open_drop(&tonight(), &request, "d").await.unwrap();
    let mut claims = Vec::new();
    for member in members {
        let id = drop.id.clone();
        // Each twice, at the same time.
        claims.push(async move {
            let shows = member.client.shows();
            let (show, one, other) = (tonight(), "1".to_owned(), "2".to_owned());
            let both = tokio::join!(
                shows.claim(&show, &id, &one),
                shows.claim(&show, &id, &other)
            );
            let mine = member.client.members().coupons().await.unwrap().value;
            let held = mine
                .iter()
                .filter(|one| one.name == "直播间专享 满 49 减 8")
                .count();
            (both, held)
        });
    }
    let mut won = 0;
    for ((one, other), held) in futures_util::future::join_all(claims).await {
        match (one, other) {
            (Ok(one), Ok(other)) => {
                assert_eq!(one, other);
                assert_eq!(held, 1);
                won += 1;
            }
            (one, other) => {
                assert_eq!(held, 0);
                assert_eq!(refused(one), ProblemKind::AllGone);
                assert_eq!(refused(other), ProblemKind::AllGone);
            }
        }
    }
    assert_eq!(won, 5);
    assert_eq!(shop.number("SELECT count(*) FROM live_claims").await, 5);
    let room = shop.room().await;
    let drop = room.drop.unwrap();
    assert_eq!((drop.left, drop.state), (0, RoundState::Closed));
}

#[tokio::test]
async fn everybody_sees_what_is_bought() {
    let (shop, host) = OpenShop::on_air(HOST).await;
    let viewers: Vec<_> = (0..3)
        .map(|_| Viewer::follow(&shop.served.at("/api/v1")))
        .collect();
    for viewer in &viewers {
        viewer
            .shows(|screen| screen.status == Some(Status::Live))
            .await;
    }
    let pin = PinRequest {
        said_at: None,
        product: "anyue-lemon".into(),
        variant: None,
        note: "最后几袋".into(),
    };
    host.desk_shows().pin(&tonight(), &pin).await.unwrap();
    let elsewhere = PinRequest {
        said_at: None,
        product: "banana".into(),
        ..pin.clone()
    };
    let elsewhere = host.desk_shows().pin(&tonight(), &elsewhere).await;
    assert_eq!(refused(elsewhere), ProblemKind::InvalidBody);
    for viewer in &viewers {
        let seen = viewer
            .shows(|screen| screen.room.as_ref().is_some_and(|room| room.pin.is_some()))
            .await;
        let room = seen.room.unwrap();
        let lemon = &room.pinned().unwrap().variants[0];
        assert_eq!(lemon.stock.left, Some(9));
    }
    // It is bought, all of it: by the desk's own hand too, and by another programme's.
    let member = shop.member("13800138000").await;
    member.orders(&[wanted("anyue-lemon-4", 4)]).await;
    let lemon_of = |screen: &common::live::Screen| {
        let room = screen.room.as_ref().unwrap();
        room.pinned().map(|good| good.variants[0].clone())
    };
    for viewer in &viewers {
        viewer
            .shows(|screen| lemon_of(screen).is_some_and(|one| one.stock.left == Some(5)))
            .await;
    }
    shop.change("UPDATE variants SET stock = 0, price = 590 WHERE id = 'anyue-lemon-4'")
        .await;
    for viewer in &viewers {
        let seen = viewer
            .shows(|screen| lemon_of(screen).is_some_and(|one| one.stock.level == StockLevel::None))
            .await;
        assert_eq!(lemon_of(&seen).unwrap().price, Money::fen(590));
    }
    host.desk_shows().unpin(&tonight()).await.unwrap();
    host.desk_shows()
        .step(&tonight(), ShowStep::End)
        .await
        .unwrap();
    let room = shop.room().await;
    for viewer in viewers {
        let seen = viewer.ended().await;
        assert_eq!(seen.status, Some(Status::Ended));
        assert_eq!(common(&seen.room.unwrap()), common(&room));
        assert_eq!(seen.rooms, 1, "one snapshot, and then events");
    }
}

#[tokio::test]
async fn a_stream_goes_on_from_any_event_that_is_kept() {
    let (shop, _host) = OpenShop::on_air(HOST).await;
    let member = shop.member("13800138000").await;
    for (key, text) in [("1", "一"), ("2", "二"), ("3", "三")] {
        member
            .client
            .shows()
            .comment(&tonight(), &says(text), key)
            .await
            .unwrap();
    }
    let room = shop.room().await;
    let epoch = &room.epoch;
    for after in 0..room.last_event_id {
        let mut stream = Stream::of(&shop, &format!("?epoch={epoch}&after={after}")).await;
        let beat = stream.beat("beat").await;
        assert_eq!((&beat.epoch, beat.last), (epoch, after));
        assert_eq!(stream.event().await.id, after + 1);
    }
    // As a browser's own EventSource would ask.
    let answer = shop
        .served
        .get("/api/v1/shows/tonight/events")
        .header("last-event-id", "1")
        .send()
        .await
        .unwrap();
    assert_eq!(header(&answer, "content-type"), "text/event-stream");
    assert_eq!(header(&answer, "cache-control"), "no-store");
    drop(answer);
    // Another history, and events that never were.
    for query in [
        "?epoch=another&after=1".to_owned(),
        format!("?epoch={epoch}&after=999"),
    ] {
        let mut stream = Stream::of(&shop, &query).await;
        let resync = stream.beat("resync").await;
        assert!(resync.last >= room.last_event_id);
        member
            .client
            .shows()
            .vote_for_wish(&tonight(), &"x".into())
            .await
            .unwrap_err();
        member.client.shows().like(&tonight(), 5).await.unwrap();
        let next = stream.event().await;
        assert_eq!(next.id, resync.last + 1, "live events follow");
    }
    // The oldest are gone.
    shop.change("DELETE FROM live_events WHERE show = 'tonight' AND id <= 2")
        .await;
    let mut stream = Stream::of(&shop, &format!("?epoch={epoch}&after=1")).await;
    stream.beat("resync").await;
    let mut stream = Stream::of(&shop, &format!("?epoch={epoch}&after=2")).await;
    stream.beat("beat").await;
    let wrong = shop
        .served
        .get("/api/v1/shows/tonight/events?after=soon")
        .send()
        .await
        .unwrap();
    assert_eq!(problem(wrong).await.kind, ProblemKind::InvalidQuery);
    let none = shop
        .served
        .get("/api/v1/shows/nothing/events")
        .send()
        .await
        .unwrap();
    assert_eq!(problem(none).await.kind, ProblemKind::NotFound);
    let wrong = shop
        .served
        .ask(Method::POST, "/api/v1/shows/tonight/events")
        .send()
        .await
        .unwrap();
    assert_eq!(problem(wrong).await.kind, ProblemKind::MethodNotAllowed);
}

#[tokio::test]
async fn viewers_and_likes_are_told_at_most_once_a_second() {
    let (shop, _host) = OpenShop::on_air(HOST).await;
    let mut stream = Stream::of(&shop, "").await;
    stream
        .until(|event| event.what == What::Viewers { count: 1 })
        .await;
    let second = Stream::of(&shop, "").await;
    stream
        .until(|event| event.what == What::Viewers { count: 2 })
        .await;
    drop(second);
    stream
        .until(|event| event.what == What::Viewers { count: 1 })
        .await;
    let member = shop.member("13800138000").await;
    for _ in 0..5 {
        member.client.shows().like(&tonight(), 7).await.unwrap();
    }
    stream
        .until(|event| event.what == What::Likes { total: 35 })
        .await;
    let told = shop
        .number(
            "SELECT count(*) FROM live_events WHERE what LIKE '%\"likes\"%' AND show = 'tonight'",
        )
        .await;
    assert!(told <= 2, "{told} events for five requests at once");
}

#[tokio::test]
async fn a_plan_is_made_and_changed() {
    let shop = OpenShop::demo().await;
    let owner = shop.desk(OWNER).await;
    let desk = owner.desk_shows();
    let tomorrow = shop.clock.on_day(shop.clock.now(), 1, 600).unwrap();
    let plan = ShowPlan {
        kind: ShowKind::Source,
        title: Texts {
            zh: "海边".into(),
            en: "The sea".into(),
        },
        words: Texts::default(),
        host: Texts {
            zh: "老林".into(),
            en: String::new(),
        },
        starts_at: tomorrow,
        minutes: 30,
        goods: vec!["sea-bass".into(), "live-prawns".into()],
        tasting: None,
    };
    let made = desk.plan(&plan, "k").await.unwrap();
    assert_eq!(desk.plan(&plan, "k").await.unwrap(), made);
    assert_eq!((made.number, made.goods_count), (9, 2));
    assert_eq!(now(desk.planned(&made.id).await.unwrap()), plan);
    // Somebody waits in the lobby, and sees what becomes of it.
    let before = now(owner.shows().room(&made.id).await.unwrap());
    assert_eq!(before.goods.len(), 2);
    let changed = ShowPlan {
        title: Texts {
            zh: "海边的早晨".into(),
            ..plan.title.clone()
        },
        goods: vec!["live-prawns".into(), "hairtail".into(), "sea-bass".into()],
        ..plan.clone()
    };
    desk.keep_plan(&made.id, &changed).await.unwrap();
    let after = now(owner.shows().room(&made.id).await.unwrap());
    assert_eq!(after.last_event_id, before.last_event_id + 1);
    assert_eq!(
        (after.show.title.as_str(), after.goods.len()),
        ("海边的早晨", 3)
    );
    for wrong in [
        ShowPlan {
            title: Texts::default(),
            ..plan.clone()
        },
        ShowPlan {
            minutes: 1,
            ..plan.clone()
        },
        ShowPlan {
            goods: vec!["sea-bass".into(), "sea-bass".into()],
            ..plan.clone()
        },
        ShowPlan {
            goods: vec!["nothing".into()],
            ..plan.clone()
        },
    ] {
        assert_eq!(
            refused(desk.plan(&wrong, "w").await),
            ProblemKind::InvalidBody,
            "{wrong:?}"
        );
        assert_eq!(
            refused(desk.keep_plan(&made.id, &wrong).await),
            ProblemKind::InvalidBody
        );
    }
    assert_eq!(now(desk.planned(&made.id).await.unwrap()), changed);
    let over = desk.keep_plan(&"market-morning".into(), &plan).await;
    assert_eq!(refused(over), ProblemKind::NotNow);
}
