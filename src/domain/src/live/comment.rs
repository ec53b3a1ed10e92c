//! What people say: comments, questions, and how many say the same.

use crate::id::{AuthorId, CommentId};
use crate::time::Moment;
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// The longest comment, in characters.
pub const MAX_COMMENT_CHARS: usize = 100;
/// The longest answer to a question, in characters.
pub const MAX_ANSWER_CHARS: usize = 200;
/// The longest mark, in characters.
pub const MAX_MARK_CHARS: usize = 40;
/// How many likes one request may bring.
pub const MAX_LIKES: u32 = 50;

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Comment {
    /// Its id.
    pub id: CommentId,
    /// Whose it is.
    pub author: AuthorId,
    /// How they want to be called; may be empty.
    #[serde(default)]
    pub name: String,
    /// What they say. Plain text.
    pub text: String,
    /// Whether it is a question.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub question: bool,
    /// When it was said.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Moment,
    /// What its sender's request had there: by this a page knows its own comment, though it hears of
    /// it before it has its answer.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub mark: String,
}

crate::readable!(Comment { id, author, name or Default::default(), text, question or false, at, mark or Default::default() });

/// Says something: `POST /shows/{id}/comments`, with an `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommentRequest {
    /// What; 1 to [`MAX_COMMENT_CHARS`] characters.
    pub text: String,
    /// Whether it is meant as a question. One with a question mark is one anyway.
    #[serde(default)]
    pub question: bool,
    /// Anything of the page's own, repeated in the event; at most [`MAX_MARK_CHARS`] characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub mark: String,
    /// How the member wants to be called from now on; absent: as before. At most
    /// [`crate::order::MAX_NAME_CHARS`] characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

crate::readable!(CommentRequest { text, question or false, mark or Default::default(), name });

/// Likes, all of the last moment together: `POST /shows/{id}/likes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LikesRequest {
    /// How many; 1 to [`MAX_LIKES`].
    pub count: u32,
}

crate::readable!(LikesRequest { count });

/// A question, and what was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Question {
    /// The comment that asks.
    pub comment: Comment,
    /// What was answered, once it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
}

crate::readable!(Question { comment, answer });

/// An answer to a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Answer {
    /// In words; empty when it was answered on air.
    #[serde(default)]
    pub text: String,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Moment,
}

crate::readable!(Answer { text or Default::default(), at });

/// Answers a question: `POST /desk/shows/{id}/questions/{comment}/answer`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AnswerRequest {
    /// In words, at most [`MAX_ANSWER_CHARS`] characters; empty when it was answered on air.
    #[serde(default)]
    pub text: String,
}

crate::readable!(AnswerRequest { text or Default::default() });

/// A text as it is kept: without control characters, and without space around it.
pub fn readable(text: &str) -> String {
    let spaced = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    spaced.collect::<String>().trim().to_owned()
}

/// A text without what does not matter: case, spaces, full-width forms, marks at its end. Two texts
/// with the same are taken as the same; a text of nothing but marks is itself.
pub fn plain(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        c => c,
    };
    let letters: String = text
        .chars()
        .map(narrow)
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .flat_map(char::to_lowercase)
        .collect();
    let mark = |c: char| ".,!?;:~…。、，！？；：～·—-".contains(c);
    let bare = letters.trim_end_matches(mark);
    if bare.is_empty() {
        letters
    } else {
        bare.to_owned()
    }
}

/// Whether a text is a question: its sender says so, or it has a question mark.
pub fn is_question(text: &str, said: bool) -> bool {
    said || text.contains(['?', '？'])
}

/// A comment, and how many others have said the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merged<'a> {
    /// The first who said it.
    pub comment: &'a Comment,
    /// How many others have: people, not comments.
    pub others: u32,
}

/// Equal comments together, each where it was said last: whatever is new is at the end.
pub fn merged<'a>(comments: impl IntoIterator<Item = &'a Comment>) -> Vec<Merged<'a>> {
    struct Group<'a> {
        first: &'a Comment,
        authors: HashSet<&'a AuthorId>,
        last: usize,
    }
    let mut groups: HashMap<String, Group<'a>> = HashMap::new();
    for (at, comment) in comments.into_iter().enumerate() {
        let group = groups.entry(plain(&comment.text)).or_insert_with(|| Group {
            first: comment,
            authors: HashSet::new(),
            last: at,
        });
        group.authors.insert(&comment.author);
        group.last = at;
    }
    let mut groups: Vec<Group<'a>> = groups.into_values().collect();
    groups.sort_by_key(|group| group.last);
    let merged = |group: Group<'a>| Merged {
        comment: group.first,
        others: u32::try_from(group.authors.len().saturating_sub(1)).unwrap_or(u32::MAX),
    };
    groups.into_iter().map(merged).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn said(id: usize, author: &str, text: &str) -> Comment {
        Comment {
            id: id.to_string().into(),
            author: author.into(),
            name: String::new(),
            text: text.to_owned(),
            question: false,
            at: Moment {
                ms: 0,
                offset_minutes: 480,
            },
            mark: String::new(),
        }
    }

    #[test]
    fn what_does_not_matter_is_left_out() {
        for same in ["有货吗", "有货吗？", "有 货 吗??", " 有货吗 …", "有货吗。"]
        {
            assert_eq!(plain(same), "有货吗", "{same}");
        }
        assert_eq!(plain("ＡＢＣ　１２３！"), plain("abc123"));
        assert_eq!(plain("？？"), "??");
        assert_eq!(plain(""), "");
        assert_ne!(plain("牛油果"), plain("牛油果汁"));
    }

    #[test]
    fn repeats_are_counted_by_people() {
        let comments = [
            said(1, "a", "甜吗"),
            said(2, "b", "多少钱"),
            said(3, "b", "甜吗？"),
            said(4, "b", "甜吗 ?"),
            said(5, "c", "好吃"),
            said(6, "d", "甜吗！"),
        ];
        let merged = merged(&comments);
        let shown: Vec<_> = merged
            .iter()
            .map(|one| (one.comment.id.as_str(), one.others))
            .collect();
        assert_eq!(shown, [("2", 0), ("5", 0), ("1", 2)]);
    }

    #[test]
    fn a_question_is_said_or_marked() {
        assert!(
            is_question("几点到", true)
                && is_question("几点到？", false)
                && is_question("when?", false)
        );
        assert!(!is_question("几点到", false));
    }

    proptest! {
        #[test]
        fn merging_loses_nobody(texts in proptest::collection::vec((0_usize..4, "[ab ?？]{1,3}"), 0..40)) {
            let comments: Vec<_> = texts.iter().enumerate().map(|(at, (who, text))| said(at, &who.to_string(), text)).collect();
            let merged = merged(&comments);
            let pairs: HashSet<_> = comments.iter().map(|one| (plain(&one.text), one.author.clone())).collect();
            prop_assert_eq!(merged.iter().map(|one| one.others as usize + 1).sum::<usize>(), pairs.len());
            let keys: HashSet<_> = merged.iter().map(|one| plain(&one.comment.text)).collect();
            prop_assert_eq!(keys.len(), merged.len());
        }

        #[test]
        fn what_is_plain_stays_so(text in "\\PC{0,30}") {
            let once = plain(&text);
            prop_assert_eq!(plain(&once), once.clone());
            prop_assert_eq!(once.is_empty(), text.chars().all(|c| c.is_whitespace() || c.is_control()));
        }

        #[test]
        fn a_text_that_is_kept_has_no_control_characters(text in any::<String>()) {
            let kept = readable(&text);
            prop_assert!(!kept.chars().any(char::is_control));
            prop_assert_eq!(kept.trim(), kept.as_str());
        }
    }
}
