//! What members do in a show.

use super::act::MemberAct;
use super::batch::{Done, Limits, too_fast};
use super::{author_of, not_found, not_now, whole};
use crate::clock::Clock;
use crate::language::Language;
use crate::secret;
use crate::store::{StoreError, Writing, purse};
use domain::coupon::Coupon;
use domain::id::{CouponId, DropId, MemberId, PollId, ShowId, WishId};
use domain::live::{
    ACTS, COMMENTS, Claim, Comment, CommentRequest, LIKES, MAX_GROUPS, MAX_WISHES_EACH, Poll, Room,
    RoundStep, Synonyms, What, WishGroup, WishRound, is_question, readable,
};
use domain::problem::ProblemKind;
use domain::time::Moment;
use sqlx::SqliteConnection;

/// Who asks, where and when.
pub(super) struct Asking<'a> {
    pub(super) show: &'a ShowId,
    pub(super) room: &'a Room,
    pub(super) member: &'a MemberId,
    pub(super) language: Language,
    pub(super) clock: &'a Clock,
    pub(super) now: Moment,
}

pub(super) async fn act(
    writing: &mut Writing,
    asking: &Asking<'_>,
    what: &MemberAct,
    limits: &mut Limits,
) -> Result<Done, StoreError> {
    let (member, now) = (asking.member, asking.now);
    if !asking.room.is_live() {
        return Err(not_now());
    }
    match what {
        MemberAct::Comment(request) => comment(writing, asking, request, limits).await,
        MemberAct::Like(count) => {
            limits.take(member, LIKES, now)?;
            sqlx::query("UPDATE shows SET likes = min(likes + ?2, 4000000000) WHERE id = ?1")
                .bind(asking.show.as_str())
                .bind(count)
                .execute(&mut **writing)
                .await?;
            Ok(Done::silent(Vec::new()))
        }
        MemberAct::Vote(poll, option) => {
            limits.take(member, ACTS, now)?;
            vote(writing, asking, poll, *option).await
        }
        MemberAct::Wish(phrase) => {
            limits.take(member, ACTS, now)?;
            wish(writing, asking, phrase).await
        }
        MemberAct::WishVote(wish, wanted) => {
            limits.take(member, ACTS, now)?;
            wish_vote(writing, asking, wish, *wanted).await
        }
        MemberAct::Claim(drop) => {
            limits.take(member, ACTS, now)?;
            claim(writing, asking, drop).await
        }
    }
}

async fn comment(
    writing: &mut Writing,
    asking: &Asking<'_>,
    request: &CommentRequest,
    limits: &mut Limits,
) -> Result<Done, StoreError> {
    let (room, member, now) = (asking.room, asking.member, asking.now);
    let author = author_of(asking.show, member);
    if room.muted.contains(&author) {
        return Err(StoreError::Refused(ProblemKind::Muted));
    }
    if let Some(again_at) = again_at(writing, room, member).await?
        && again_at > now.ms
    {
        return Err(too_fast(again_at - now.ms));
    }
    limits.take(member, COMMENTS, now)?;
    if let Some(name) = &request.name {
        sqlx::query("UPDATE members SET name = ?2 WHERE id = ?1")
            .bind(member.as_str())
            .bind(readable(name))
            .execute(&mut **writing)
            .await?;
    }
    let name: String = sqlx::query_scalar("SELECT name FROM members WHERE id = ?1")
        .bind(member.as_str())
        .fetch_one(&mut **writing)
        .await?;
    let text = readable(&request.text);
    let comment = Comment {
        id: secret::id()?.into(),
        author,
        name,
        question: is_question(&text, request.question),
        text,
        at: whole(now),
        mark: request.mark.clone(),
    };
    insert_comment(writing, asking.show, Some(member), &comment, now.ms).await?;
    let said = What::Comment {
        comment: comment.clone(),
    };
    Done::said(vec![said], &comment)
}

/// Writes a comment down.
pub(super) async fn insert_comment(
    writing: &mut SqliteConnection,
    show: &ShowId,
    member: Option<&MemberId>,
    comment: &Comment,
    at: i64,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO live_comments (id, show, member, author, name, text, question, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(comment.id.as_str())
    .bind(show.as_str())
    .bind(member.map(MemberId::as_str))
    .bind(comment.author.as_str())
    .bind(&comment.name)
    .bind(&comment.text)
    .bind(comment.question)
    .bind(at)
    .execute(writing)
    .await?;
    Ok(())
}

/// When a member may write again by slow mode, in milliseconds; `None` without it.
pub(super) async fn again_at(
    reading: &mut SqliteConnection,
    room: &Room,
    member: &MemberId,
) -> Result<Option<i64>, StoreError> {
    if room.slow_seconds == 0 {
        return Ok(None);
    }
    let last: Option<i64> =
        sqlx::query_scalar("SELECT max(at) FROM live_comments WHERE show = ?1 AND member = ?2")
            .bind(room.show.id.as_str())
            .bind(member.as_str())
            .fetch_one(reading)
            .await?;
    Ok(last.map(|last| last + i64::from(room.slow_seconds) * 1_000))
}

async fn vote(
    writing: &mut Writing,
    asking: &Asking<'_>,
    poll: &PollId,
    option: u32,
) -> Result<Done, StoreError> {
    let known = asking.room.poll.as_ref().filter(|one| one.id == *poll);
    let known = known.ok_or_else(not_found)?;
    known.state.after(RoundStep::TakePart).ok_or_else(not_now)?;
    if option as usize >= known.options.len() {
        return Err(StoreError::Refused(ProblemKind::InvalidBody));
    }
    sqlx::query(
        "INSERT INTO live_votes (show, poll, member, option) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (poll, member) DO UPDATE SET option = ?4",
    )
    .bind(asking.show.as_str())
    .bind(poll.as_str())
    .bind(asking.member.as_str())
    .bind(option)
    .execute(&mut **writing)
    .await?;
    let rows: Vec<(u32, u32)> =
        sqlx::query_as("SELECT option, count(*) FROM live_votes WHERE poll = ?1 GROUP BY option")
            .bind(poll.as_str())
            .fetch_all(&mut **writing)
            .await?;
    let mut poll = Poll::clone(known);
    for (at, option) in (0..).zip(&mut poll.options) {
        let counted = rows.iter().find(|(option, _)| *option == at);
        option.votes = counted.map_or(0, |(_, count)| *count);
    }
    let told = What::PollVotes {
        poll: poll.id.clone(),
        votes: poll.options.iter().map(|option| option.votes).collect(),
    };
    // The same vote again changes nothing.
    let changed = poll != *known;
    Done::said(changed.then_some(told).into_iter().collect(), &poll)
}

/// The round that is open.
fn open_round(room: &Room) -> Result<&WishRound, StoreError> {
    let round = room.wishes.as_ref().ok_or_else(not_now)?;
    round.state.after(RoundStep::TakePart).ok_or_else(not_now)?;
    Ok(round)
}

async fn wish(
    writing: &mut Writing,
    asking: &Asking<'_>,
    phrase: &str,
) -> Result<Done, StoreError> {
    let round = open_round(asking.room)?;
    let synonyms = synonyms(writing).await?;
    let group = synonyms
        .group(&readable(phrase))
        .ok_or(StoreError::Refused(ProblemKind::InvalidBody))?;
    let known = round.groups.iter().find(|one| one.id == group.id).cloned();
    if known.is_none() && round.groups.len() >= MAX_GROUPS {
        return Err(not_now());
    }
    let own: u32 = sqlx::query_scalar(
        "SELECT count(*) FROM live_wishes WHERE round = ?1 AND member = ?2 AND own = 1 AND wish <> ?3",
    )
    .bind(round.id.as_str())
    .bind(asking.member.as_str())
    .bind(group.id.as_str())
    .fetch_one(&mut **writing)
    .await?;
    if own >= MAX_WISHES_EACH {
        return Err(not_now());
    }
    sqlx::query(
        "INSERT INTO live_wishes (show, round, wish, member, own) VALUES (?, ?, ?, ?, 1)
         ON CONFLICT (round, wish, member) DO UPDATE SET own = 1",
    )
    .bind(asking.show.as_str())
    .bind(round.id.as_str())
    .bind(group.id.as_str())
    .bind(asking.member.as_str())
    .execute(&mut **writing)
    .await?;
    counted(writing, round, known.unwrap_or(group)).await
}

async fn wish_vote(
    writing: &mut Writing,
    asking: &Asking<'_>,
    wish: &WishId,
    wanted: bool,
) -> Result<Done, StoreError> {
    let round = open_round(asking.room)?;
    let known = round.groups.iter().find(|one| one.id == *wish).cloned();
    let known = known.ok_or_else(not_found)?;
    let sql = if wanted {
        "INSERT INTO live_wishes (show, round, wish, member, own) VALUES (?1, ?2, ?3, ?4, 0) ON CONFLICT DO NOTHING"
    } else {
        "DELETE FROM live_wishes WHERE show = ?1 AND round = ?2 AND wish = ?3 AND member = ?4"
    };
    sqlx::query(sql)
        .bind(asking.show.as_str())
        .bind(round.id.as_str())
        .bind(wish.as_str())
        .bind(asking.member.as_str())
        .execute(&mut **writing)
        .await?;
    counted(writing, round, known).await
}

/// A wish with how many want it now; told where that has changed.
async fn counted(
    writing: &mut Writing,
    round: &WishRound,
    group: WishGroup,
) -> Result<Done, StoreError> {
    let votes: u32 =
        sqlx::query_scalar("SELECT count(*) FROM live_wishes WHERE round = ?1 AND wish = ?2")
            .bind(round.id.as_str())
            .bind(group.id.as_str())
            .fetch_one(&mut **writing)
            .await?;
    let group = WishGroup { votes, ..group };
    let told = What::Wished {
        round: round.id.clone(),
        group: group.clone(),
    };
    let changed = !round.groups.contains(&group);
    Done::said(changed.then_some(told).into_iter().collect(), &group)
}

/// The shop's list of words that mean the same.
pub(super) async fn synonyms(reading: &mut SqliteConnection) -> Result<Synonyms, StoreError> {
    let words: Option<String> = sqlx::query_scalar("SELECT words FROM live_synonyms")
        .fetch_optional(reading)
        .await?;
    let groups = words.map(|words| serde_json::from_str(&words).unwrap_or_default());
    Ok(Synonyms {
        groups: groups.unwrap_or_default(),
    })
}

async fn claim(
    writing: &mut Writing,
    asking: &Asking<'_>,
    drop: &DropId,
) -> Result<Done, StoreError> {
    let (member, now) = (asking.member, asking.now);
    if let Some(claim) = claimed(writing, asking, drop).await? {
        return Done::said(Vec::new(), &claim);
    }
    let known = asking.room.drop.as_ref().filter(|one| one.id == *drop);
    let known = known.ok_or_else(not_found)?;
    let gone = || StoreError::Refused(ProblemKind::AllGone);
    if known.left == 0 {
        return Err(gone());
    }
    let left = known.claimed().ok_or_else(not_now)?;
    // The room says so too; the rows decide.
    let given: u32 = sqlx::query_scalar("SELECT count(*) FROM live_claims WHERE drop_id = ?1")
        .bind(drop.as_str())
        .fetch_one(&mut **writing)
        .await?;
    if given >= known.count {
        return Err(gone());
    }
    let days: Option<i64> = sqlx::query_scalar("SELECT days FROM coupon_kinds WHERE id = ?1")
        .bind(drop.as_str())
        .fetch_one(&mut **writing)
        .await?;
    let coupon = purse::give(writing, member, drop.as_str(), 1, days, now.ms).await?;
    sqlx::query(
        "INSERT INTO live_claims (show, drop_id, member, coupon, at) VALUES (?, ?, ?, ?, ?)",
    )
    .bind(asking.show.as_str())
    .bind(drop.as_str())
    .bind(member.as_str())
    .bind(coupon.as_str())
    .bind(now.ms)
    .execute(&mut **writing)
    .await?;
    let claim = claimed(writing, asking, drop).await?;
    let claim = claim.ok_or(StoreError::NoShop)?;
    let mut happened = vec![What::DropClaimed {
        drop: drop.clone(),
        left,
    }];
    if left == 0 {
        happened.push(What::DropClosed { drop: drop.clone() });
    }
    Done::said(happened, &claim)
}

async fn claimed(
    reading: &mut SqliteConnection,
    asking: &Asking<'_>,
    drop: &DropId,
) -> Result<Option<Claim>, StoreError> {
    let Asking {
        member,
        language,
        clock,
        now,
        ..
    } = asking;
    claim_of(reading, member, drop, *language, clock, *now).await
}

/// What a member has got of a drop.
pub(super) async fn claim_of(
    reading: &mut SqliteConnection,
    member: &MemberId,
    drop: &DropId,
    language: Language,
    clock: &Clock,
    now: Moment,
) -> Result<Option<Claim>, StoreError> {
    let coupon: Option<String> =
        sqlx::query_scalar("SELECT coupon FROM live_claims WHERE drop_id = ?1 AND member = ?2")
            .bind(drop.as_str())
            .bind(member.as_str())
            .fetch_optional(&mut *reading)
            .await?;
    let Some(id) = coupon.map(CouponId::from) else {
        return Ok(None);
    };
    let held: Vec<Coupon> = purse::coupons(reading, member, language, clock, now).await?;
    let coupon = held.into_iter().find(|one| one.id == id);
    Ok(coupon.map(|coupon| Claim {
        drop: drop.clone(),
        coupon,
    }))
}
