//! Who may speak and host, how fast, under which name, and what is answered.

use crate::common::live::{says, tonight};
use crate::common::people::{CLERK, HOST, OWNER, refused};
use crate::common::{OpenShop, now};
use client::Error;
use domain::problem::ProblemKind;
use domain::show::{ShowState, ShowStep};

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
