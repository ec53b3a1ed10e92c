//! 下周想吃什么: wishes in people's own words, grouped by what they mean, and voted for.

use super::comment::{plain, readable};
use super::round::RoundState;
use crate::id::{RoundId, WishId};
use serde::Serialize;

/// The longest wish, in characters.
pub const MAX_PHRASE_CHARS: usize = 20;
/// How many wishes a member may have in a round. Votes for what others wish do not count.
pub const MAX_WISHES_EACH: u32 = 3;
/// How many different wishes a round has at most.
pub const MAX_GROUPS: usize = 100;
/// How many groups the shop's list has at most, and how many words each.
pub const MAX_SYNONYMS: usize = 200;

/// A round of wishes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WishRound {
    /// Its id.
    pub id: RoundId,
    /// What is asked, as the host has written it.
    pub title: String,
    /// Whether one can wish and vote.
    pub state: RoundState,
    /// What is wished, in the order in which it came.
    #[serde(default)]
    pub groups: Vec<WishGroup>,
}

crate::readable!(WishRound { id, title, state, groups or Default::default() });

impl WishRound {
    /// What is wished, the most wanted first.
    pub fn ranked(&self) -> Vec<&WishGroup> {
        let mut ranked: Vec<_> = self.groups.iter().collect();
        ranked.sort_by_key(|group| std::cmp::Reverse(group.votes));
        ranked
    }
}

/// Wishes that mean the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WishGroup {
    /// Its id.
    pub id: WishId,
    /// What it is called: the shop's own word for it, or as it was wished first.
    pub label: String,
    /// How many want it.
    #[serde(default)]
    pub votes: u32,
}

crate::readable!(WishGroup { id, label, votes or 0 });

/// Opens a round of wishes: `POST /desk/shows/{id}/wishes`, with an `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WishRoundRequest {
    /// What is asked; 1 to [`super::MAX_QUESTION_CHARS`] characters.
    pub title: String,
    /// When the host has said it, as with a pin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said_at: Option<i64>,
}

crate::readable!(WishRoundRequest { title, said_at });

/// Wishes for something: `POST /shows/{id}/wishes`, with an `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WishRequest {
    /// For what; 1 to [`MAX_PHRASE_CHARS`] characters.
    pub phrase: String,
}

crate::readable!(WishRequest { phrase });

/// Words that mean the same: `GET` and `PUT /desk/synonyms`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Synonyms {
    /// Each a list of words for one thing, the shop's own word first. A word that stands in several
    /// is of the first of them.
    #[serde(default)]
    pub groups: Vec<Vec<String>>,
}

crate::readable!(Synonyms { groups or Default::default() });

impl Synonyms {
    /// As somebody writes them: a line for each thing, `牛油果 = 鳄梨, avocado`.
    pub fn lines(&self) -> String {
        let line = |words: &Vec<String>| match words.split_first() {
            Some((own, [])) => own.clone(),
            Some((own, others)) => [own, " = ", &others.join(", ")].concat(),
            None => String::new(),
        };
        let lines: Vec<String> = self.groups.iter().map(line).collect();
        lines.join("\n")
    }

    /// What somebody has written so. Words are parted by marks of either width; a line without words is
    /// none.
    pub fn of_lines(text: &str) -> Self {
        let parts = |c: char| matches!(c, '=' | '＝' | ',' | '，' | '、' | ';' | '；');
        let words = |line: &str| {
            let words = line.split(parts).map(readable);
            words.filter(|word| !word.is_empty()).collect::<Vec<_>>()
        };
        let groups = text.lines().map(words).filter(|words| !words.is_empty());
        Self {
            groups: groups.collect(),
        }
    }

    /// The group of a phrase, nobody having voted for it yet. `None` where nothing is left of the
    /// phrase without what does not matter.
    pub fn group(&self, phrase: &str) -> Option<WishGroup> {
        let wished = thing(phrase);
        let same = |word: &String| plain(word) == wished;
        let known = self.groups.iter().find(|words| words.iter().any(same));
        let label = known
            .and_then(|words| words.first())
            .map_or_else(|| phrase.trim().to_owned(), |word| word.trim().to_owned());
        let id = if known.is_some() {
            plain(&label)
        } else {
            wished
        };
        (!id.is_empty()).then(|| WishGroup {
            id: id.into(),
            label,
            votes: 0,
        })
    }
}

/// What is wished for, without the words that only say that it is.
fn thing(phrase: &str) -> String {
    const SAYS: [&str; 6] = ["我想吃", "我想要", "想吃", "想要", "想买", "求"];
    let all = plain(phrase);
    let rest = SAYS.iter().find_map(|says| all.strip_prefix(says));
    match rest.filter(|rest| !rest.is_empty()) {
        Some(rest) => rest.to_owned(),
        None => all,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shop() -> Synonyms {
        let list = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Synonyms {
            groups: vec![
                list(&["牛油果", "鳄梨", "avocado"]),
                list(&["番茄", "西红柿", "Tomato"]),
            ],
        }
    }

    fn group(phrase: &str) -> (String, String) {
        let group = shop().group(phrase).unwrap();
        (group.id.to_string(), group.label)
    }

    #[test]
    fn words_for_one_thing_are_one_wish() {
        for phrase in [
            "牛油果",
            "鳄梨",
            " Avocado! ",
            "ＡＶＯＣＡＤＯ",
            "想吃鳄梨",
            "我想要牛油果。",
        ] {
            assert_eq!(
                group(phrase),
                ("牛油果".into(), "牛油果".into()),
                "{phrase}"
            );
        }
        assert_eq!(group("西红柿").1, "番茄");
        assert_eq!(group("想吃 榴莲"), ("榴莲".into(), "想吃 榴莲".into()));
        assert_eq!(group("榴莲").0, group("想吃榴莲").0);
        assert_eq!(group("想吃").0, "想吃");
        assert_eq!(shop().group(" "), None);
    }

    #[test]
    fn lines_are_lists_of_words() {
        let text = "牛油果 = 鳄梨， avocado\n\n番茄＝西红柿、 Tomato ;\n 榴莲 \n =";
        let synonyms = Synonyms::of_lines(text);
        let mut all = shop();
        all.groups.push(vec!["榴莲".to_owned()]);
        assert_eq!(synonyms, all);
        assert_eq!(
            synonyms.lines(),
            "牛油果 = 鳄梨, avocado\n番茄 = 西红柿, Tomato\n榴莲"
        );
    }

    proptest! {
        #[test]
        fn what_is_written_in_lines_stays_so(text in "[a-c=＝,，、;\n ]{0,40}") {
            let once = Synonyms::of_lines(&text);
            prop_assert_eq!(Synonyms::of_lines(&once.lines()), once);
        }

        #[test]
        fn every_word_of_a_list_is_of_its_group(lists in proptest::collection::vec(proptest::collection::vec("[a-f]{1,3}", 1..4), 1..6), pick in any::<proptest::sample::Index>()) {
            let synonyms = Synonyms { groups: lists.clone() };
            let all: Vec<_> = lists.iter().flatten().collect();
            let word = pick.get(&all);
            let first = lists.iter().find(|list| list.contains(word)).unwrap();
            let group = synonyms.group(word).unwrap();
            prop_assert_eq!(Some(&group.label), first.first());
            // The shop's own word for a group leads to the same group, unless another list has it before.
            let again = synonyms.group(&group.label).unwrap();
            let owner = lists.iter().find(|list| list.contains(&group.label)).unwrap();
            prop_assert!(owner != first || again == group);
        }

        #[test]
        fn whatever_is_wished_has_one_group(phrase in "\\PC{0,20}") {
            let (one, other) = (shop().group(&phrase), shop().group(&format!(" {phrase} ")));
            prop_assert_eq!(one, other);
        }
    }
}
