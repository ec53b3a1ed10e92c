//! Shows and the live room: what is planned, what has happened, what members have done.

mod act;
mod batch;
mod hosting;
mod member;
mod plan;
mod read;
mod replay;
mod room;
mod video;

pub(crate) use act::{Act, HostAct, MemberAct};
pub(crate) use batch::{Limits, Rooms};
pub(crate) use plan::{insert_synonyms, recorded};
pub(super) use read::on_home;
pub(crate) use replay::From as ReplayFrom;
pub(crate) use video::Picture;

use super::{StoreError, picture, text, word};
use crate::clock::Clock;
use crate::language::Language;
use crate::secret;
use domain::id::{AuthorId, MemberId, ShowId};
use domain::problem::ProblemKind;
use domain::show::{ShowKind, ShowState, ShowSummary};
use domain::time::Moment;
use sqlx::{FromRow, SqliteConnection};

#[derive(Clone, FromRow)]
struct ShowRow {
    id: String,
    kind: String,
    number: u32,
    title: String,
    words: String,
    host: String,
    starts_at: i64,
    minutes: u32,
    picture: Option<String>,
    tint: String,
    tasting: Option<String>,
    state: String,
    started_at: Option<i64>,
    ended_at: Option<i64>,
    epoch: String,
    last_event: u32,
    goods_count: u32,
}

impl ShowRow {
    async fn of(reading: &mut SqliteConnection, id: &ShowId) -> Result<Option<Self>, StoreError> {
        Ok(sqlx::query_as("SELECT * FROM show_cards WHERE id = ?1")
            .bind(id.as_str())
            .fetch_optional(reading)
            .await?)
    }

    fn summary(self, language: Language, clock: &Clock) -> ShowSummary {
        ShowSummary {
            id: self.id.into(),
            kind: word(&self.kind).unwrap_or(ShowKind::Unknown),
            number: self.number,
            title: text(&self.title, language),
            words: text(&self.words, language),
            host: text(&self.host, language),
            starts_at: whole(clock.moment(self.starts_at)),
            minutes: self.minutes,
            cover: picture(self.picture, &self.tint),
            state: word(&self.state).unwrap_or(ShowState::Unknown),
            started_at: self.started_at.map(|at| whole(clock.moment(at))),
            ended_at: self.ended_at.map(|at| whole(clock.moment(at))),
            goods_count: self.goods_count,
            remind: false,
        }
    }
}

/// Times travel in whole seconds. What has happened is kept as it travels, so that it is the same here
/// and there.
fn whole(moment: Moment) -> Moment {
    Moment {
        ms: moment.ms.div_euclid(1_000) * 1_000,
        ..moment
    }
}

/// By what name a member is known in a show: always the same there, another one elsewhere, and nobody
/// can tell from it who that is.
fn author_of(show: &ShowId, member: &MemberId) -> AuthorId {
    let hash = secret::hash(&["author ", show.as_str(), " ", member.as_str()].concat());
    hash.chars().take(12).collect::<String>().into()
}

/// It cannot be done as things stand.
fn not_now() -> StoreError {
    StoreError::Refused(ProblemKind::NotNow)
}

/// There is no such thing in this show.
fn not_found() -> StoreError {
    StoreError::Refused(ProblemKind::NotFound)
}
