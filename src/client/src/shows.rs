//! Calls about shows, and what one does in them.

use crate::read::Write;
use crate::transport::{Method, Transport};
use crate::{Client, Error, Fresh, endpoint};
use domain::id::{DropId, PollId, ShowId, WishId};
use domain::live::{
    Claim, Comment, CommentRequest, LikesRequest, Poll, Room, VoteRequest, WishGroup, WishRequest,
};
use domain::show::{ReminderRequest, Show, ShowSummary};
use domain::video::{Replay, ReplayEvents};

/// Calls about shows. Everybody may read; whatever is done needs a member (refused with
/// `not-signed-in`), and but for the reminder a show that is on (refused with `not-now`). Who goes too
/// fast is refused with `too-fast` and the seconds to wait, whom the host has muted with `muted`.
pub struct Shows<'a, T>(pub(crate) &'a Client<T>);

impl<T: Transport> Shows<'_, T> {
    /// All shows: those that are on, to come, and past.
    pub async fn list(&self) -> Result<Fresh<domain::show::Shows>, Error> {
        self.0.read(endpoint::shows()).await
    }

    /// One show with its goods. Refused with `not-found` when there is none.
    pub async fn show(&self, id: &ShowId) -> Result<Fresh<Show>, Error> {
        self.0.read(endpoint::show(id)).await
    }

    /// Its room as it is now. The events after it come by the stream.
    pub async fn room(&self, id: &ShowId) -> Result<Fresh<Room>, Error> {
        self.0.read(endpoint::of_show(id, "room")).await
    }

    /// Says something. `key` names the intent: sent twice it is said once. Refused with `too-fast`,
    /// `muted`, `not-now`, `invalid-body`.
    pub async fn comment(
        &self,
        id: &ShowId,
        comment: &CommentRequest,
        key: &str,
    ) -> Result<Comment, Error> {
        let write = Write::new(Method::Post, endpoint::of_show(id, "comments"));
        self.0.write(write.with(comment).keyed(key)).await
    }

    /// Likes it so many times, all of the last moment together. Refused with `too-fast`.
    pub async fn like(&self, id: &ShowId, count: u32) -> Result<(), Error> {
        let write = Write::new(Method::Post, endpoint::of_show(id, "likes"));
        self.0.write(write.with(&LikesRequest { count })).await
    }

    /// Votes in a poll, or changes the vote. Refused with `not-now` when it is closed.
    pub async fn vote(&self, id: &ShowId, poll: &PollId, option: u32) -> Result<Poll, Error> {
        let write = Write::new(Method::Put, endpoint::poll_vote(id, poll));
        self.0.write(write.with(&VoteRequest { option })).await
    }

    /// Wishes for something; the answer is what the shop takes it for. `key` names the intent. Refused
    /// with `not-now` when no round is open, or the member has wished for enough.
    pub async fn wish(&self, id: &ShowId, phrase: &str, key: &str) -> Result<WishGroup, Error> {
        let write = Write::new(Method::Post, endpoint::of_show(id, "wishes"));
        let body = WishRequest {
            phrase: phrase.to_owned(),
        };
        self.0.write(write.with(&body).keyed(key)).await
    }

    /// Wants what somebody has wished for. Wanting it twice is no mistake.
    pub async fn vote_for_wish(&self, id: &ShowId, wish: &WishId) -> Result<WishGroup, Error> {
        let write = Write::new(Method::Put, endpoint::wish_vote(id, wish));
        self.0.write(write).await
    }

    /// Does not want it any more. Taking back what was not said is no mistake.
    pub async fn take_wish_back(&self, id: &ShowId, wish: &WishId) -> Result<WishGroup, Error> {
        let write = Write::new(Method::Delete, endpoint::wish_vote(id, wish));
        self.0.write(write).await
    }

    /// Claims a coupon, one a member: claiming again answers the same one. `key` names the intent.
    /// Refused with `all-gone` when others were faster, `not-now` when the drop is closed.
    pub async fn claim(&self, id: &ShowId, drop: &DropId, key: &str) -> Result<Claim, Error> {
        let write = Write::new(Method::Post, endpoint::drop_claim(id, drop));
        self.0.write(write.keyed(key)).await
    }

    /// Says whether one wants to be reminded of a show.
    pub async fn remind(&self, id: &ShowId, remind: bool) -> Result<ShowSummary, Error> {
        let write = Write::new(Method::Put, endpoint::of_show(id, "reminder"));
        self.0.write(write.with(&ReminderRequest { remind })).await
    }

    /// A show that is over, with its picture and its chapters. Refused with `not-now` when it is not over.
    pub async fn replay(&self, id: &ShowId) -> Result<Fresh<Replay>, Error> {
        self.0.read(endpoint::replay(id)).await
    }

    /// The room of a replay as it was at a time of its line, in milliseconds, with the goods as they are
    /// today. The events after its last one go on from there.
    pub async fn replay_room(&self, id: &ShowId, at_ms: i64) -> Result<Fresh<Room>, Error> {
        self.0.read(endpoint::replay_room(id, at_ms)).await
    }

    /// The events of a replay after this number, at most `limit` of them ([`MAX_REPLAY_EVENTS`]).
    ///
    /// [`MAX_REPLAY_EVENTS`]: domain::video::MAX_REPLAY_EVENTS
    pub async fn replay_events(
        &self,
        id: &ShowId,
        after: u32,
        limit: u32,
    ) -> Result<Fresh<ReplayEvents>, Error> {
        self.0.read(endpoint::replay_events(id, after, limit)).await
    }

    /// The same, from a time of the line on, in milliseconds.
    pub async fn replay_events_from(
        &self,
        id: &ShowId,
        from_ms: i64,
        limit: u32,
    ) -> Result<Fresh<ReplayEvents>, Error> {
        self.0
            .read(endpoint::replay_events_from(id, from_ms, limit))
            .await
    }

    /// Where a show's calendar file is, for a link.
    pub fn calendar_address(&self, id: &ShowId) -> String {
        let endpoint = endpoint::of_show(id, "calendar.ics");
        [&self.0.base, endpoint.as_str()].concat()
    }
}
