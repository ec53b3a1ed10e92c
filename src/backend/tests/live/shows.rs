//! Shows: which are listed, which home tells of, what is kept of one that was, how one is planned.

use crate::common::live::{Stream, tonight};
use crate::common::people::{HOST, OWNER, refused};
use crate::common::{BORN, OpenShop, header, now};
use domain::contract::Capability;
use domain::live::{Question, RoundState};
use domain::problem::ProblemKind;
use domain::show::{ShowKind, ShowPlan, ShowState, ShowStep, Texts};

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
