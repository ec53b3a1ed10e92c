//! The shows of a new shop: those to come, and one that was, with all that happened in it.

use crate::clock::Clock;
use crate::secret;
use crate::store::StoreError;
use crate::store::live::{insert_synonyms, recorded};
use domain::id::{CommentId, ShowId};
use domain::live::{
    Answer, Comment, Pin, Poll, PollOption, RoundState, Synonyms, What, WishRound, is_question,
};
use domain::time::Moment;
use serde::Deserialize;
use serde_json::Value;
use sqlx::SqliteConnection;

/// Shows, and the words by which wishes are grouped.
#[derive(Clone, Debug, Default, Deserialize)]
#[allow(missing_docs, reason = "the columns of the schema")]
pub struct ShowsSeed {
    pub shows: Vec<ShowSeed>,
    pub synonyms: Vec<Vec<String>>,
}

#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs, reason = "the columns of the schema")]
pub struct ShowSeed {
    pub id: String,
    pub kind: String,
    pub number: u32,
    pub title: Value,
    pub words: Value,
    pub host: Value,
    pub picture: Option<String>,
    pub tint: String,
    pub minutes: u32,
    pub goods: Vec<String>,
    pub tasting: Option<String>,
    /// On which day it begins: so many after the shop's first, or before it.
    pub day: i64,
    /// `HH:MM` on the shop's clock.
    pub at: domain::time::ClockTime,
    /// What has happened, where it is over.
    #[serde(default)]
    pub happened: Vec<MomentSeed>,
}

/// Something that has happened, so many seconds after the beginning.
#[derive(Clone, Debug, Deserialize)]
pub struct MomentSeed {
    s: u32,
    #[serde(flatten)]
    what: WhatSeed,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum WhatSeed {
    Say(String, String),
    /// The answer to the last question that begins like this.
    Answer(String, String),
    Pin(String),
    Unpin(()),
    Likes(u32),
    Viewers(u32),
    Poll(String, Vec<String>),
    Votes(Vec<u32>),
    ClosePoll(()),
    Wishes(String),
    Wish(String, u32),
    CloseWishes(()),
}

/// Writes them down.
pub(super) async fn insert(
    writing: &mut SqliteConnection,
    seed: &ShowsSeed,
    clock: &Clock,
    now: i64,
) -> Result<(), StoreError> {
    let synonyms = Synonyms {
        groups: seed.synonyms.clone(),
    };
    if !seed.synonyms.is_empty() {
        insert_synonyms(writing, &synonyms).await?;
    }
    for show in &seed.shows {
        let minutes = show.day * 1_440 + i64::from(show.at.minutes());
        let starts_at = clock.on_day(clock.moment(now), 0, minutes);
        let starts_at = starts_at.unwrap_or_else(|| clock.moment(now));
        sqlx::query(
            "INSERT INTO shows (id, kind, number, title, words, host, starts_at, minutes, picture, tint, tasting, epoch, stream)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(&show.id)
        .bind(&show.kind)
        .bind(show.number)
        .bind(show.title.to_string())
        .bind(show.words.to_string())
        .bind(show.host.to_string())
        .bind(starts_at.ms)
        .bind(show.minutes)
        .bind(&show.picture)
        .bind(&show.tint)
        .bind(&show.tasting)
        .bind(secret::id()?)
        .bind(secret::id()?)
        .execute(&mut *writing)
        .await?;
        for (position, product) in (1_u32..).zip(&show.goods) {
            sqlx::query("INSERT INTO show_goods (show, position, product) VALUES (?, ?, ?)")
                .bind(&show.id)
                .bind(position)
                .bind(product)
                .execute(&mut *writing)
                .await?;
        }
        if !show.happened.is_empty() {
            let id = ShowId::from(show.id.as_str());
            let happened = play(show, &synonyms, starts_at, clock);
            recorded(writing, &id, happened, clock).await?;
        }
    }
    Ok(())
}

/// The events of a show that is over.
fn play(
    show: &ShowSeed,
    synonyms: &Synonyms,
    starts_at: Moment,
    clock: &Clock,
) -> Vec<(Moment, What)> {
    let at = |s: u32| clock.moment(starts_at.ms + i64::from(s) * 1_000);
    let (poll, round) = (format!("{}-poll", show.id), format!("{}-wishes", show.id));
    let mut questions: Vec<(CommentId, String)> = Vec::new();
    let mut happened = vec![(at(0), What::Started)];
    for (number, MomentSeed { s, what }) in show.happened.iter().enumerate() {
        let at = at(*s);
        let what = match what.clone() {
            WhatSeed::Say(name, text) => {
                let id = CommentId::from(format!("{}-{number}", show.id));
                let question = is_question(&text, false);
                if question {
                    questions.push((id.clone(), text.clone()));
                }
                What::Comment {
                    comment: Comment {
                        id,
                        author: secret::hash(&name)
                            .chars()
                            .take(12)
                            .collect::<String>()
                            .into(),
                        name,
                        text,
                        question,
                        at,
                        mark: String::new(),
                    },
                }
            }
            WhatSeed::Answer(begins, text) => {
                let asked = |(_, asked): &&(CommentId, String)| asked.starts_with(&begins);
                let Some((comment, _)) = questions.iter().rev().find(asked) else {
                    continue;
                };
                What::Answered {
                    comment: comment.clone(),
                    answer: Answer { text, at },
                }
            }
            WhatSeed::Pin(product) => What::Pinned {
                pin: Pin {
                    product: product.into(),
                    variant: None,
                    note: String::new(),
                },
            },
            WhatSeed::Unpin(_) => What::Unpinned,
            WhatSeed::Likes(total) => What::Likes { total },
            WhatSeed::Viewers(count) => What::Viewers { count },
            WhatSeed::Poll(question, options) => What::PollOpened {
                poll: Poll {
                    id: poll.as_str().into(),
                    question,
                    options: options
                        .into_iter()
                        .map(|text| PollOption { text, votes: 0 })
                        .collect(),
                    state: RoundState::Open,
                },
            },
            WhatSeed::Votes(votes) => What::PollVotes {
                poll: poll.as_str().into(),
                votes,
            },
            WhatSeed::ClosePoll(_) => What::PollClosed {
                poll: poll.as_str().into(),
            },
            WhatSeed::Wishes(title) => What::WishesOpened {
                round: WishRound {
                    id: round.as_str().into(),
                    title,
                    state: RoundState::Open,
                    groups: Vec::new(),
                },
            },
            WhatSeed::Wish(phrase, votes) => {
                let Some(mut group) = synonyms.group(&phrase) else {
                    continue;
                };
                group.votes = votes;
                What::Wished {
                    round: round.as_str().into(),
                    group,
                }
            }
            WhatSeed::CloseWishes(_) => What::WishesClosed {
                round: round.as_str().into(),
            },
        };
        happened.push((at, what));
    }
    let last = show.happened.last().map_or(0, |last| last.s);
    happened.push((at(last + 12), What::Ended));
    happened
}
