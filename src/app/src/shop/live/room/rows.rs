//! What people have said, as rows: equal comments are one row.

use super::words::says;
use domain::id::CommentId;
use domain::live::{Comment, Merged, Room, merged, plain};
use std::collections::HashMap;

/// How many rows there are at most.
const MOST: usize = 60;

/// Which comments are looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lane {
    /// All.
    #[default]
    All,
    /// Those that ask something.
    Questions,
}

/// A row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Changes with whatever is seen of it.
    pub key: String,
    /// The first comment of it.
    pub comment: Comment,
    /// How many others have said the same.
    pub others: u32,
    /// Whether it is of whoever looks.
    pub own: bool,
    /// What was answered.
    pub answer: Option<String>,
}

/// The rows of a lane, the newest last.
pub fn rows(room: &Room, lane: Lane) -> Vec<Row> {
    let answered = room.questions.iter().filter_map(|question| {
        let answer = question.answer.as_ref()?;
        let text = match answer.text.as_str() {
            "" => says().answered_on_air,
            text => text,
        };
        Some((plain(&question.comment.text), text.to_owned()))
    });
    let answers: HashMap<String, String> = answered.collect();
    let asked = room.questions.iter().map(|question| &question.comment);
    let groups = match lane {
        Lane::All => merged(&room.comments),
        Lane::Questions => merged(asked),
    };
    let mine = room.mine.as_ref().map(|mine| &mine.author);
    let row = |group: &Merged<'_>| {
        let comment = group.comment.clone();
        let answer = answers.get(&plain(&comment.text)).cloned();
        let own = mine == Some(&comment.author);
        let answer_key = answer.as_deref().unwrap_or_default();
        let others = group.others.to_string();
        let own_key = if own { "me" } else { "" };
        let key = [
            comment.id.as_str(),
            "/",
            &others,
            "/",
            own_key,
            "/",
            answer_key,
        ]
        .concat();
        Row {
            key,
            comment,
            others: group.others,
            own,
            answer,
        }
    };
    let from = groups.len().saturating_sub(MOST);
    groups.iter().skip(from).map(row).collect()
}

/// The rows of before without those that the host has taken away since.
pub fn without_removed(rows: &mut Vec<Row>, room: &Room) {
    let oldest = room.comments.first().map(|comment| comment.at.ms);
    let is_there = |id: &CommentId| {
        let asked = room.questions.iter().map(|question| &question.comment);
        room.comments.iter().chain(asked).any(|one| one.id == *id)
    };
    // What is older than all that the room has kept was not taken away: there was too much since.
    rows.retain(|row| {
        oldest.is_some_and(|oldest| row.comment.at.ms < oldest) || is_there(&row.comment.id)
    });
}
