//! Rounds: polls, wishes and coupons that there are only so many of.

use crate::common::live::tonight;
use crate::common::people::{HOST, refused};
use crate::common::{OpenShop, now};
use domain::live::{DropRequest, PollRequest, RoundState, Synonyms, WishRoundRequest};
use domain::money::Money;
use domain::problem::ProblemKind;

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
