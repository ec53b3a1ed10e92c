//! What events come to.

use super::event::{Event, What};
use super::room::Room;
use super::round::{RoundState, RoundStep};
use super::{COMMENTS_KEPT, Comment, QUESTIONS_KEPT, Question};
use crate::show::{ShowState, ShowStep};
use crate::video::Air;

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It was the next one.
    Next,
    /// It had been taken before.
    Before,
    /// Some before it are missing; nothing was changed.
    Gap,
}

impl Room {
    /// Takes the next event in. Every change of a room is one of these.
    pub fn take(&mut self, event: &Event) -> Taken {
        if event.id <= self.last_event_id {
            return Taken::Before;
        }
        if event.id - 1 > self.last_event_id {
            return Taken::Gap;
        }
        self.last_event_id = event.id;
        match &event.what {
            What::Started => {
                if let Some(state) = self.show.state.after(ShowStep::Start) {
                    self.show.state = state;
                    self.show.started_at = Some(event.at);
                }
            }
            What::Ended => {
                if let Some(state) = self.show.state.after(ShowStep::End) {
                    self.show.state = state;
                    self.show.ended_at = Some(event.at);
                }
                self.close_everything();
            }
            What::Comment { comment } => self.say(comment),
            What::CommentRemoved { comment } => {
                self.comments.retain(|one| one.id != *comment);
                self.questions.retain(|one| one.comment.id != *comment);
            }
            What::Answered { comment, answer } => {
                let asked = |one: &&mut Question| one.comment.id == *comment;
                if let Some(question) = self.questions.iter_mut().find(asked) {
                    question.answer = Some(answer.clone());
                }
            }
            What::Pinned { pin } => {
                (self.pin, self.said.pin) = (Some(pin.clone()), Some(event.clock_ms()));
            }
            What::Unpinned => (self.pin, self.said.pin) = (None, Some(event.clock_ms())),
            What::OnAir | What::OffAir => {
                self.air = Some(Air {
                    on: event.what == What::OnAir,
                    since: event.at,
                });
            }
            What::Goods {
                variant,
                price,
                former_price,
                stock,
                ..
            } => {
                let variants = self.goods.iter_mut().flat_map(|good| &mut good.variants);
                for one in variants.filter(|one| one.id == *variant) {
                    (one.price, one.former_price, one.stock) = (*price, *former_price, *stock);
                }
            }
            What::Likes { total } => self.likes = *total,
            What::Viewers { count } => self.viewers = *count,
            What::SlowMode { seconds } => self.slow_seconds = *seconds,
            What::Muted { author } => {
                if !self.muted.contains(author) {
                    self.muted.push(author.clone());
                }
            }
            What::Unmuted { author } => self.muted.retain(|one| one != author),
            What::Changed | What::Unknown => {}
            round => self.take_round(round, event.clock_ms()),
        }
        if let Some(mine) = &mut self.mine {
            mine.muted = self.muted.contains(&mine.author);
        }
        Taken::Next
    }

    /// Takes in what happens to polls, wishes and coupons. Of one that is not the last of its kind
    /// nothing is shown any more.
    fn take_round(&mut self, what: &What, clock: i64) {
        match what {
            What::PollOpened { .. } | What::PollClosed { .. } => self.said.poll = Some(clock),
            What::WishesOpened { .. } | What::WishesClosed { .. } => {
                self.said.wishes = Some(clock);
            }
            What::DropOpened { .. } | What::DropClosed { .. } => self.said.drop = Some(clock),
            _ => {}
        }
        match what {
            What::PollOpened { poll } => self.poll = Some(poll.clone()),
            What::PollVotes { poll, votes } => {
                if let Some(poll) = self.poll.as_mut().filter(|one| one.id == *poll) {
                    for (option, votes) in poll.options.iter_mut().zip(votes) {
                        option.votes = *votes;
                    }
                }
            }
            What::PollClosed { poll } => {
                if let Some(poll) = self.poll.as_mut().filter(|one| one.id == *poll) {
                    close(&mut poll.state);
                }
            }
            What::WishesOpened { round } => self.wishes = Some(round.clone()),
            What::Wished { round, group } => {
                if let Some(round) = self.wishes.as_mut().filter(|one| one.id == *round) {
                    match round.groups.iter_mut().find(|one| one.id == group.id) {
                        Some(known) => *known = group.clone(),
                        None => round.groups.push(group.clone()),
                    }
                }
            }
            What::WishesClosed { round } => {
                if let Some(round) = self.wishes.as_mut().filter(|one| one.id == *round) {
                    close(&mut round.state);
                }
            }
            What::DropOpened { drop } => self.drop = Some(drop.clone()),
            What::DropClaimed { drop, left } => {
                if let Some(drop) = self.drop.as_mut().filter(|one| one.id == *drop) {
                    drop.left = *left;
                }
            }
            What::DropClosed { drop } => {
                if let Some(drop) = self.drop.as_mut().filter(|one| one.id == *drop) {
                    close(&mut drop.state);
                }
            }
            _ => {}
        }
    }

    fn say(&mut self, comment: &Comment) {
        if comment.question {
            if self.questions.len() >= QUESTIONS_KEPT {
                // What was answered goes first.
                let answered = self.questions.iter().position(|one| one.answer.is_some());
                self.questions.remove(answered.unwrap_or(0));
            }
            self.questions.push(Question {
                comment: comment.clone(),
                answer: None,
            });
        }
        self.comments.push(comment.clone());
        let over = self.comments.len().saturating_sub(COMMENTS_KEPT);
        self.comments.drain(..over);
    }

    fn close_everything(&mut self) {
        let polls = self.poll.iter_mut().map(|one| &mut one.state);
        let rounds = self.wishes.iter_mut().map(|one| &mut one.state);
        let drops = self.drop.iter_mut().map(|one| &mut one.state);
        polls.chain(rounds).chain(drops).for_each(close);
    }

    /// Whether it is on.
    pub fn is_live(&self) -> bool {
        self.show.state == ShowState::Live
    }
}

fn close(state: &mut RoundState) {
    *state = state.after(RoundStep::Close).unwrap_or(*state);
}

#[cfg(test)]
mod tests;
