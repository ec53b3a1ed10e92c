//! Calls of whoever hosts a show.

use crate::read::Write;
use crate::transport::{Method, Transport};
use crate::{Client, Error, Fresh, endpoint};
use domain::id::{AuthorId, CommentId, DropId, PollId, RoundId, ShowId};
use domain::live::{
    AnswerRequest, CouponDrop, DropRequest, PinRequest, Poll, PollRequest, Question,
    SlowModeRequest, Synonyms, WishRound, WishRoundRequest,
};
use domain::show::{ShowPlan, ShowStep, ShowSummary, Shows};
use domain::video::{AirCheck, Publishing};

/// Calls of whoever hosts a show: the owner or a host. Refused with `forbidden` for anybody else, and
/// with `not-now` where the show is not on. What is done already changes nothing when it is done again.
pub struct DeskShows<'a, T>(pub(crate) &'a Client<T>);

impl<T: Transport> DeskShows<'_, T> {
    /// All shows.
    pub async fn list(&self) -> Result<Fresh<Shows>, Error> {
        self.0.read(endpoint::desk::shows()).await
    }

    /// Plans a show. `key` names the intent. Refused with `invalid-body`.
    pub async fn plan(&self, plan: &ShowPlan, key: &str) -> Result<ShowSummary, Error> {
        let write = Write::new(Method::Post, endpoint::desk::shows());
        self.0.write(write.with(plan).keyed(key)).await
    }

    /// What is decided about a show.
    pub async fn planned(&self, id: &ShowId) -> Result<Fresh<ShowPlan>, Error> {
        self.0.read(endpoint::desk::show(id)).await
    }

    /// Decides otherwise. Refused with `not-now` when it is over.
    pub async fn keep_plan(&self, id: &ShowId, plan: &ShowPlan) -> Result<ShowSummary, Error> {
        let write = Write::new(Method::Put, endpoint::desk::show(id));
        self.0.write(write.with(plan)).await
    }

    /// Begins or ends a show.
    pub async fn step(&self, id: &ShowId, step: ShowStep) -> Result<ShowSummary, Error> {
        let write = Write::new(Method::Post, endpoint::desk::of_show(id, step.as_str()));
        self.0.write(write).await
    }

    /// Shows one of its goods to everybody.
    pub async fn pin(&self, id: &ShowId, pin: &PinRequest) -> Result<(), Error> {
        let write = Write::new(Method::Put, endpoint::desk::of_show(id, "pin"));
        self.0.write(write.with(pin)).await
    }

    /// Shows nothing any more.
    pub async fn unpin(&self, id: &ShowId) -> Result<(), Error> {
        let write = Write::new(Method::Delete, endpoint::desk::of_show(id, "pin"));
        self.0.write(write).await
    }

    /// Opens a poll; the one before is closed by it. `key` names the intent.
    pub async fn open_poll(
        &self,
        id: &ShowId,
        poll: &PollRequest,
        key: &str,
    ) -> Result<Poll, Error> {
        let write = Write::new(Method::Post, endpoint::desk::of_show(id, "polls"));
        self.0.write(write.with(poll).keyed(key)).await
    }

    /// Closes it.
    pub async fn close_poll(&self, id: &ShowId, poll: &PollId) -> Result<Poll, Error> {
        let write = Write::new(Method::Post, endpoint::desk::close_poll(id, poll));
        self.0.write(write).await
    }

    /// Opens a round of wishes; the one before is closed by it. `key` names the intent.
    pub async fn open_wishes(
        &self,
        id: &ShowId,
        round: &WishRoundRequest,
        key: &str,
    ) -> Result<WishRound, Error> {
        let write = Write::new(Method::Post, endpoint::desk::of_show(id, "wishes"));
        self.0.write(write.with(round).keyed(key)).await
    }

    /// Closes it.
    pub async fn close_wishes(&self, id: &ShowId, round: &RoundId) -> Result<WishRound, Error> {
        let write = Write::new(Method::Post, endpoint::desk::close_wishes(id, round));
        self.0.write(write).await
    }

    /// Gives coupons away; the drop before is closed by it. `key` names the intent.
    pub async fn open_drop(
        &self,
        id: &ShowId,
        drop: &DropRequest,
        key: &str,
    ) -> Result<CouponDrop, Error> {
        let write = Write::new(Method::Post, endpoint::desk::of_show(id, "drops"));
        self.0.write(write.with(drop).keyed(key)).await
    }

    /// Closes it.
    pub async fn close_drop(&self, id: &ShowId, drop: &DropId) -> Result<CouponDrop, Error> {
        let write = Write::new(Method::Post, endpoint::desk::close_drop(id, drop));
        self.0.write(write).await
    }

    /// All questions of a show, the oldest first.
    pub async fn questions(&self, id: &ShowId) -> Result<Fresh<Vec<Question>>, Error> {
        let endpoint = endpoint::desk::of_show(id, "questions");
        self.0.read(endpoint).await
    }

    /// Answers one, in words or on air (`text` empty). The last answer counts.
    pub async fn answer(
        &self,
        id: &ShowId,
        comment: &CommentId,
        text: &str,
    ) -> Result<Question, Error> {
        let write = Write::new(Method::Post, endpoint::desk::answer(id, comment));
        let body = AnswerRequest {
            text: text.to_owned(),
        };
        self.0.write(write.with(&body)).await
    }

    /// Takes a comment away.
    pub async fn remove(&self, id: &ShowId, comment: &CommentId) -> Result<(), Error> {
        let write = Write::new(Method::Delete, endpoint::desk::comment(id, comment));
        self.0.write(write).await
    }

    /// Lets somebody write no more in this show.
    pub async fn mute(&self, id: &ShowId, author: &AuthorId) -> Result<(), Error> {
        let write = Write::new(Method::Put, endpoint::desk::muted(id, author));
        self.0.write(write).await
    }

    /// Lets them write again.
    pub async fn unmute(&self, id: &ShowId, author: &AuthorId) -> Result<(), Error> {
        let write = Write::new(Method::Delete, endpoint::desk::muted(id, author));
        self.0.write(write).await
    }

    /// Has members wait so many seconds between two comments; 0: not at all.
    pub async fn slow_mode(&self, id: &ShowId, seconds: u32) -> Result<(), Error> {
        let write = Write::new(Method::Put, endpoint::desk::of_show(id, "slow-mode"));
        self.0.write(write.with(&SlowModeRequest { seconds })).await
    }

    /// Where its picture is sent to, with the key. There is none before the first [`Self::renew_key`].
    pub async fn publishing(&self, id: &ShowId) -> Result<Fresh<Publishing>, Error> {
        let endpoint = endpoint::desk::of_show(id, "publishing");
        self.0.read(endpoint).await
    }

    /// Makes a new key; whoever sends with the one before is cut off. Refused with `not-now` when the show
    /// is over. Asking twice makes two; the last one counts.
    pub async fn renew_key(&self, id: &ShowId) -> Result<Publishing, Error> {
        let write = Write::new(Method::Post, endpoint::desk::of_show(id, "publishing"));
        self.0.write(write).await
    }

    /// Whether what is sent comes out again where viewers fetch it.
    pub async fn air(&self, id: &ShowId) -> Result<Fresh<AirCheck>, Error> {
        self.0.read(endpoint::desk::of_show(id, "air")).await
    }

    /// Words that mean the same, for wishes.
    pub async fn synonyms(&self) -> Result<Fresh<Synonyms>, Error> {
        self.0.read(endpoint::desk::synonyms()).await
    }

    /// Puts other words in their place. What is wished already stays where it is.
    pub async fn keep_synonyms(&self, synonyms: &Synonyms) -> Result<Synonyms, Error> {
        let write = Write::new(Method::Put, endpoint::desk::synonyms());
        self.0.write(write.with(synonyms)).await
    }
}
