//! What whoever hosts does in a show.

use super::act::HostAct;
use super::batch::Done;
use super::{ShowRow, not_found, not_now, plan, room as rooms, whole};
use crate::clock::Clock;
use crate::language::Language;
use crate::secret;
use crate::store::{StoreError, Writing, intents};
use domain::coupon::Benefit;
use domain::id::{CommentId, DropId, ShowId, VariantId};
use domain::live::{
    Answer, Comment, CouponDrop, DropRequest, Pin, PinRequest, Poll, PollOption, PollRequest,
    Question, Room, RoundState, RoundStep, What, WishRound,
};
use domain::problem::ProblemKind;
use domain::show::{ShowState, ShowStep};
use domain::time::Moment;
use serde::Serialize;

fn only_live(room: &Room) -> Result<(), StoreError> {
    if room.is_live() {
        Ok(())
    } else {
        Err(not_now())
    }
}

fn not_over(room: &Room) -> Result<(), StoreError> {
    match room.show.state {
        ShowState::Scheduled | ShowState::Live => Ok(()),
        ShowState::Ended | ShowState::Unknown => Err(not_now()),
    }
}

pub(super) async fn act(
    writing: &mut Writing,
    show: &ShowId,
    room: &Room,
    what: &HostAct,
    language: Language,
    clock: &Clock,
    now: Moment,
) -> Result<Done, StoreError> {
    match what {
        HostAct::Step(taken) => step(writing, show, room, *taken, language, clock, now).await,
        HostAct::Edit(decided) => {
            not_over(room)?;
            plan::update(writing, show, decided).await?;
            let row = ShowRow::of(writing, show).await?.ok_or_else(not_found)?;
            let summary = row.clone().summary(language, clock);
            let new = rooms::begin(writing, row, clock).await?;
            let pinned = room
                .pin
                .clone()
                .filter(|pin| new.good(&pin.product).is_some());
            let mut changed = Room {
                show: new.show,
                goods: new.goods,
                pin: pinned,
                ..room.clone()
            };
            changed.show.state = room.show.state;
            changed.show.started_at = room.show.started_at;
            Ok(Done {
                room: Some(changed),
                ..Done::said(vec![What::Changed], &summary)?
            })
        }
        HostAct::Pin(request) => pin(room, request),
        HostAct::Unpin => {
            only_live(room)?;
            let was = room.pin.as_ref().map(|_| What::Unpinned);
            Ok(Done::silent(was.into_iter().collect()))
        }
        HostAct::OpenPoll(request) => open_poll(room, request),
        HostAct::ClosePoll(id) => {
            let poll = room.poll.as_ref().filter(|one| one.id == *id);
            let mut poll = Poll::clone(poll.ok_or_else(not_found)?);
            let closed = What::PollClosed { poll: id.clone() };
            let happened = close(&mut poll.state, closed);
            Done::said(happened, &poll)
        }
        HostAct::OpenWishes(request) => {
            only_live(room)?;
            let round = WishRound {
                id: secret::id()?.into(),
                title: request.title.clone(),
                state: RoundState::Open,
                groups: Vec::new(),
            };
            let before = room.wishes.as_ref().map(|before| {
                let round = before.id.clone();
                (before.state, What::WishesClosed { round })
            });
            let opened = What::WishesOpened {
                round: round.clone(),
            };
            opens(before, opened, &round)
        }
        HostAct::CloseWishes(id) => {
            let round = room.wishes.as_ref().filter(|one| one.id == *id);
            let mut round = WishRound::clone(round.ok_or_else(not_found)?);
            let closed = What::WishesClosed { round: id.clone() };
            let happened = close(&mut round.state, closed);
            Done::said(happened, &round)
        }
        HostAct::OpenDrop(request) => open_drop(writing, room, request).await,
        HostAct::CloseDrop(id) => {
            let drop = room.drop.as_ref().filter(|one| one.id == *id);
            let mut drop = CouponDrop::clone(drop.ok_or_else(not_found)?);
            let closed = What::DropClosed { drop: id.clone() };
            let happened = close(&mut drop.state, closed);
            Done::said(happened, &drop)
        }
        HostAct::Answer(comment, text) => answer(writing, show, comment, text, clock, now).await,
        HostAct::Remove(comment) => {
            let removed = sqlx::query(
                "UPDATE live_comments SET removed = 1 WHERE show = ?1 AND id = ?2 AND removed = 0",
            )
            .bind(show.as_str())
            .bind(comment.as_str())
            .execute(&mut **writing)
            .await?;
            let happened = What::CommentRemoved {
                comment: comment.clone(),
            };
            let there = removed.rows_affected() == 1;
            Ok(Done::silent(
                there.then_some(happened).into_iter().collect(),
            ))
        }
        HostAct::Mute(author, mute) => {
            not_over(room)?;
            let wrote: bool = sqlx::query_scalar(
                "SELECT EXISTS (SELECT 1 FROM live_comments WHERE show = ?1 AND author = ?2)",
            )
            .bind(show.as_str())
            .bind(author.as_str())
            .fetch_one(&mut **writing)
            .await?;
            if !wrote {
                return Err(not_found());
            }
            let author = author.clone();
            let happened = match (room.muted.contains(&author), mute) {
                (false, true) => vec![What::Muted { author }],
                (true, false) => vec![What::Unmuted { author }],
                _ => Vec::new(),
            };
            Ok(Done::silent(happened))
        }
        HostAct::SlowMode(seconds) => {
            not_over(room)?;
            let seconds = *seconds;
            let changed = room.slow_seconds != seconds;
            let happened = changed.then_some(What::SlowMode { seconds });
            Ok(Done::silent(happened.into_iter().collect()))
        }
    }
}

/// Closes what is open, and says so; nothing where it is closed already.
fn close(state: &mut RoundState, closed: What) -> Vec<What> {
    match state.after(RoundStep::Close) {
        Some(after) => {
            *state = after;
            vec![closed]
        }
        None => Vec::new(),
    }
}

/// Opens something of which there is one at a time: what was open before is closed by it, and that is
/// said first.
fn opens(
    before: Option<(RoundState, What)>,
    opened: What,
    answer: &impl Serialize,
) -> Result<Done, StoreError> {
    let closed = before.map(|(mut state, closed)| close(&mut state, closed));
    let mut happened = closed.unwrap_or_default();
    happened.push(opened);
    Done::said(happened, answer)
}

async fn step(
    writing: &mut Writing,
    show: &ShowId,
    room: &Room,
    step: ShowStep,
    language: Language,
    clock: &Clock,
    now: Moment,
) -> Result<Done, StoreError> {
    let mut happened = Vec::new();
    if room.show.state != step.leads_to() {
        let state = room.show.state.after(step).ok_or_else(not_now)?;
        let sql = match step {
            ShowStep::Start => "UPDATE shows SET state = ?2, started_at = ?3 WHERE id = ?1",
            ShowStep::End => "UPDATE shows SET state = ?2, ended_at = ?3 WHERE id = ?1",
        };
        sqlx::query(sql)
            .bind(show.as_str())
            .bind(state.as_str())
            .bind(whole(now).ms)
            .execute(&mut **writing)
            .await?;
        happened.push(match step {
            ShowStep::Start => What::Started,
            ShowStep::End => What::Ended,
        });
    }
    let row = ShowRow::of(writing, show).await?.ok_or_else(not_found)?;
    Done::said(happened, &row.summary(language, clock))
}

fn pin(room: &Room, request: &PinRequest) -> Result<Done, StoreError> {
    only_live(room)?;
    let wrong = StoreError::Refused(ProblemKind::InvalidBody);
    let Some(good) = room.good(&request.product) else {
        return Err(wrong);
    };
    let of_it = |id: &VariantId| good.variants.iter().any(|one| one.id == *id);
    if !request.variant.as_ref().is_none_or(of_it) {
        return Err(wrong);
    }
    let pin = Pin {
        product: request.product.clone(),
        variant: request.variant.clone(),
        note: request.note.trim().to_owned(),
    };
    let changed = room.pin.as_ref() != Some(&pin);
    let happened = changed.then_some(What::Pinned { pin });
    Ok(Done::silent(happened.into_iter().collect()))
}

fn open_poll(room: &Room, request: &PollRequest) -> Result<Done, StoreError> {
    only_live(room)?;
    let option = |text: &String| PollOption {
        text: text.trim().to_owned(),
        votes: 0,
    };
    let poll = Poll {
        id: secret::id()?.into(),
        question: request.question.trim().to_owned(),
        options: request.options.iter().map(option).collect(),
        state: RoundState::Open,
    };
    let before = room.poll.as_ref().map(|before| {
        let poll = before.id.clone();
        (before.state, What::PollClosed { poll })
    });
    let opened = What::PollOpened { poll: poll.clone() };
    opens(before, opened, &poll)
}

/// What stands in the file of texts that are the same in every language.
#[derive(Serialize)]
struct InChinese<'a> {
    zh: &'a str,
}

async fn open_drop(
    writing: &mut Writing,
    room: &Room,
    request: &DropRequest,
) -> Result<Done, StoreError> {
    only_live(room)?;
    let drop = CouponDrop {
        id: DropId::from(secret::id()?),
        title: request.title.trim().to_owned(),
        benefit: Benefit::Amount { off: request.off },
        at_least: request.at_least,
        count: request.count,
        left: request.count,
        state: RoundState::Open,
    };
    sqlx::query(
        "INSERT INTO coupon_kinds (id, position, name, note, benefit, at_least, stacking, uses, days, welcome)
         VALUES (?1, (SELECT coalesce(max(position), 0) + 1 FROM coupon_kinds), ?2, '{}', ?3, ?4, 'one_per_order', 1, ?5, 0)",
    )
    .bind(drop.id.as_str())
    .bind(intents::json(&InChinese { zh: &drop.title })?)
    .bind(intents::json(&drop.benefit)?)
    .bind(request.at_least.map(|money| money.amount))
    .bind(request.days)
    .execute(&mut **writing)
    .await?;
    let before = room.drop.as_ref().map(|before| {
        let drop = before.id.clone();
        (before.state, What::DropClosed { drop })
    });
    let opened = What::DropOpened { drop: drop.clone() };
    opens(before, opened, &drop)
}

async fn answer(
    writing: &mut Writing,
    show: &ShowId,
    comment: &CommentId,
    text: &str,
    clock: &Clock,
    now: Moment,
) -> Result<Done, StoreError> {
    let answered = sqlx::query(
        "UPDATE live_comments SET answer = ?3, answered_at = ?4
         WHERE show = ?1 AND id = ?2 AND question = 1 AND removed = 0",
    )
    .bind(show.as_str())
    .bind(comment.as_str())
    .bind(text.trim())
    .bind(whole(now).ms)
    .execute(&mut **writing)
    .await?;
    if answered.rows_affected() == 0 {
        return Err(not_found());
    }
    let (author, name, asked, at): (String, String, String, i64) =
        sqlx::query_as("SELECT author, name, text, at FROM live_comments WHERE id = ?1")
            .bind(comment.as_str())
            .fetch_one(&mut **writing)
            .await?;
    let answer = Answer {
        text: text.trim().to_owned(),
        at: whole(now),
    };
    let question = Question {
        comment: Comment {
            id: comment.clone(),
            author: author.into(),
            name,
            text: asked,
            question: true,
            at: whole(clock.moment(at)),
            mark: String::new(),
        },
        answer: Some(answer.clone()),
    };
    let happened = What::Answered {
        comment: comment.clone(),
        answer,
    };
    Done::said(vec![happened], &question)
}
