//! The outbox: what somebody wants done once is done once, whatever the network does.
//!
//! An [`Entry`] is one intent under one key. It is kept on the device before its first request
//! leaves, and stays there until its outcome is known and taken in. There are three outcomes: done,
//! refused, and not known yet; while it is not known the key is asked for, with growing pauses, and
//! sent again only if it never came.
//!
//! [`Outbox`] is all of the deciding and none of the doing: it is told what has happened
//! ([`Event`]) and says what to do ([`Action`]). It has no clock, no storage and no network, so the
//! very same code runs in the page and in a simulation that cuts it at every step
//! (`client/tests/outbox`). Every open tab has one. They need not know of each other: two that
//! send the same key get the same answer.

mod entry;

pub use entry::{Entry, Errand, Outcome, TRACE_FOR};

use crate::Error;
use domain::id::MemberId;
use domain::problem::{Problem, ProblemKind};

/// How long to wait before asking again: at first and at most, in milliseconds.
const WAIT: (u32, u32) = (1_500, 20_000);

/// How old an intent may be and still be sent, in milliseconds. A backend remembers a key for a day
/// at least: until then it cannot take a copy for something new.
pub const SENDABLE_FOR: i64 = 20 * 3_600_000;

/// Something has happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Somebody wants something done.
    Submit(Entry),
    /// An entry lies on the device for good.
    Kept(String),
    /// The device keeps nothing more.
    NotKept(String),
    /// An entry was not kept, because this one of its name lies there already, or a trace of it.
    InTheWay(String, Entry),
    /// This is all that lies on the device, traces too: read at the beginning, and when another tab has
    /// changed it.
    Found(Vec<Entry>),
    /// A request for a key has come to something; the number is that of its [`Action::Send`] or
    /// [`Action::Ask`].
    Answered(String, u32, Answer),
    /// A pause is over; the number is that of its [`Action::Wait`].
    Woke(String, u32),
    /// The network is back.
    Online,
    /// This is who is signed in now.
    Member(Option<MemberId>),
    /// An outcome lies on the device, or the device would not take it.
    Settled(String),
    /// The page has done everything that follows from an outcome.
    TakenIn(String),
}

/// Something to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Keep an entry, unless another one of its name is [in its way](Entry::is_in_the_way); with the
    /// keys of whose end this tab has heard. [`Event::Kept`], [`Event::NotKept`] or
    /// [`Event::InTheWay`] follows.
    Keep(Entry, Vec<String>),
    /// Send a request: [`Event::Answered`] follows.
    Send(Entry, u32),
    /// Ask what became of a key: [`Event::Answered`] follows.
    Ask(Entry, u32),
    /// Wait so many milliseconds: [`Event::Woke`] follows.
    Wait(String, u32, u32),
    /// Keep an entry with its outcome, if it still lies there: [`Event::Settled`] follows.
    Settle(Entry),
    /// Forget an entry, but for its [trace](Entry::trace).
    Forget(Entry),
    /// Let people know how far an entry is.
    Tell(Entry, Progress),
}

/// What a request for a key has come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is done; the JSON of what was made.
    Done(String),
    /// It was refused; nothing was done, and nothing will be.
    Refused(Problem),
    /// Nobody is signed in any more. It says nothing of what became of an earlier request.
    SignedOut,
    /// The key never came. Only said to whoever asks for it.
    NeverCame,
    /// It is not known. With the pause in seconds that the backend asks for.
    Lost(Option<u32>),
}

impl Answer {
    /// Reads what the client got: a timeout, a broken connection, a pause that is asked for, a
    /// failure of the backend and an answer that makes no sense all say nothing of what was done.
    pub fn of(answer: Result<String, Error>) -> Self {
        match answer {
            Ok(json) => Self::Done(json),
            Err(error) if error.is_not_signed_in() => Self::SignedOut,
            Err(Error::Refused {
                problem,
                retry_after,
            }) => match problem.kind {
                ProblemKind::UnknownIntent => Self::NeverCame,
                ProblemKind::TooManyRequests => Self::Lost(retry_after),
                _ if problem.status >= 500 => Self::Lost(retry_after),
                _ => Self::Refused(problem),
            },
            Err(Error::Unsupported) => Self::Refused(Problem::new(ProblemKind::NotFound, "")),
            Err(Error::Offline | Error::TimedOut | Error::Undecodable { .. }) => Self::Lost(None),
        }
    }
}

/// How far an entry is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It is being kept, or is on its way.
    Sending,
    /// It is not known what became of it; it is being found out.
    Checking,
    /// It waits until its member is signed in again.
    SignInFirst,
    /// Its outcome is known.
    Known(Outcome),
    /// It was not sent, and is forgotten.
    NotSent(NotSent),
    /// Another tab has taken its outcome in.
    Elsewhere,
}

/// Why something was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// The device keeps nothing more: without a trace of it, it does not leave.
    NoRoom,
    /// Another tab has the same errand under way.
    UnderWay,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Phase {
    Keeping,
    Sent,
    Asked,
    Waiting,
    Paused,
    Settling,
    Settled,
}

#[derive(Clone, Debug)]
struct Item {
    entry: Entry,
    phase: Phase,
    /// How many requests and pauses there were: what belongs to an earlier one is not heard.
    turn: u32,
    /// How often nothing was learnt in a row.
    lost: u32,
}

/// Everything that a tab has under way.
#[derive(Clone, Debug, Default)]
pub struct Outbox {
    member: Option<MemberId>,
    items: Vec<Item>,
    /// The keys of what is over and needs not be told here any more; `None` before the first look.
    over: Option<Vec<String>>,
    /// The keys of what this tab has taken in.
    taken_in: Vec<String>,
}

impl Outbox {
    /// Takes in what has happened and says what to do, in this order. `now` is the device's clock in
    /// milliseconds, `random` a number from 0 to 1.
    pub fn handle(&mut self, event: Event, now: i64, random: f64) -> Vec<Action> {
        let mut todo = Vec::new();
        match event {
            Event::Submit(entry) => self.submit(entry, &mut todo),
            Event::Kept(key) => {
                if let Some(item) = self.find(&key, &[Phase::Keeping]) {
                    item.phase = Phase::Paused;
                    self.go_on(&key, true, &mut todo);
                }
            }
            Event::NotKept(key) => self.not_kept(&key, NotSent::NoRoom, &mut todo),
            Event::InTheWay(key, other) => {
                self.not_kept(&key, NotSent::UnderWay, &mut todo);
                // What becomes of it is told here too. It may be over before anybody looks again, or is
                // over already.
                if other.gone_at.is_some() {
                    self.elsewhere(other, &mut todo);
                } else {
                    self.found_one(other, &mut todo);
                }
            }
            Event::Found(entries) => self.found(entries, &mut todo),
            Event::Answered(key, turn, answer) => {
                self.answered(&key, turn, answer, (now, random), &mut todo);
            }
            Event::Woke(key, turn) => {
                let waits = self.find(&key, &[Phase::Waiting]);
                if waits.is_some_and(|item| item.turn == turn) {
                    self.go_on(&key, false, &mut todo);
                }
            }
            Event::Online => {
                for key in self.keys(&[Phase::Waiting]) {
                    self.go_on(&key, false, &mut todo);
                }
            }
            Event::Member(member) => {
                self.member = member;
                // What is out already may still be answered; all the rest waits for its member.
                for key in self.keys(&[Phase::Waiting, Phase::Paused]) {
                    self.go_on(&key, false, &mut todo);
                }
            }
            Event::Settled(key) => {
                if let Some(item) = self.find(&key, &[Phase::Settling]) {
                    item.phase = Phase::Settled;
                    todo.extend(known(&item.entry));
                }
            }
            Event::TakenIn(key) => {
                if let Some(entry) = self.remove(&key) {
                    todo.push(Action::Forget(entry));
                    self.taken_in.push(key);
                }
            }
        }
        todo
    }

    /// Whether nothing is under way.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    fn submit(&mut self, entry: Entry, todo: &mut Vec<Action>) {
        // One of each errand: nothing more of it is begun meanwhile.
        let name = entry.name();
        if self.items.iter().any(|item| item.entry.name() == name) {
            todo.push(Action::Tell(entry, Progress::NotSent(NotSent::UnderWay)));
            return;
        }
        todo.push(Action::Tell(entry.clone(), Progress::Sending));
        let heard = self.over.iter().flatten().chain(&self.taken_in).cloned();
        todo.push(Action::Keep(entry.clone(), heard.collect()));
        self.items.push(Item {
            entry,
            phase: Phase::Keeping,
            turn: 0,
            lost: 0,
        });
    }

    fn not_kept(&mut self, key: &str, why: NotSent, todo: &mut Vec<Action>) {
        if self.find(key, &[Phase::Keeping]).is_some() {
            let entry = self.remove(key);
            todo.extend(entry.map(|entry| Action::Tell(entry, Progress::NotSent(why))));
        }
    }

    fn found(&mut self, found: Vec<Entry>, todo: &mut Vec<Action>) {
        let (traces, entries): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|entry| entry.gone_at.is_some());
        // What was over before this page began is nothing to it.
        let over = traces.iter().map(|trace| trace.key.clone());
        self.over.get_or_insert_with(|| over.collect());
        // What lay here and lies here no more was taken in by another tab; so was what this tab comes to
        // hear of only now that it is over.
        let lies = |item: &Item| entries.iter().any(|entry| entry.key == item.entry.key);
        let (stay, gone): (Vec<_>, Vec<_>) = std::mem::take(&mut self.items)
            .into_iter()
            .partition(|item| item.phase == Phase::Keeping || lies(item));
        self.items = stay;
        for item in gone {
            self.elsewhere(item.entry, todo);
        }
        for trace in traces {
            let over = self.over.iter().flatten();
            if !over.chain(&self.taken_in).any(|key| *key == trace.key) {
                self.elsewhere(trace, todo);
            }
        }
        for entry in entries {
            self.found_one(entry, todo);
        }
    }

    /// Another tab has taken this in.
    fn elsewhere(&mut self, entry: Entry, todo: &mut Vec<Action>) {
        self.over.get_or_insert_default().push(entry.key.clone());
        todo.push(Action::Tell(entry, Progress::Elsewhere));
    }

    fn found_one(&mut self, entry: Entry, todo: &mut Vec<Action>) {
        let key = entry.key.clone();
        match self.items.iter_mut().find(|item| item.entry.key == key) {
            Some(item) => {
                if entry.outcome.is_some() && item.entry.outcome.is_none() {
                    (item.entry, item.phase) = (entry, Phase::Settled);
                    todo.extend(known(&item.entry));
                }
            }
            // A look from before it was forgotten; or it could not be, and the next page tries again.
            None if self.taken_in.contains(&key) => {}
            None => {
                let is_known = entry.outcome.is_some();
                todo.extend(known(&entry));
                self.items.push(Item {
                    entry,
                    phase: if is_known {
                        Phase::Settled
                    } else {
                        Phase::Paused
                    },
                    turn: 0,
                    lost: 0,
                });
                self.go_on(&key, false, todo);
            }
        }
    }

    fn answered(
        &mut self,
        key: &str,
        turn: u32,
        answer: Answer,
        (now, random): (i64, f64),
        todo: &mut Vec<Action>,
    ) {
        use Phase::{Asked, Paused, Sent, Settling, Waiting};
        let Some(item) = self.find(key, &[Sent, Asked, Waiting, Paused]) else {
            return;
        };
        let is_current = item.turn == turn && matches!(item.phase, Sent | Asked);
        let outcome = match answer {
            // Whenever it comes, an outcome is one.
            Answer::Done(json) => Outcome::Done(json),
            Answer::Refused(problem) => Outcome::Refused(problem),
            Answer::NeverCame if is_current && now - item.entry.made_at > SENDABLE_FOR => {
                Outcome::Lapsed
            }
            Answer::NeverCame if is_current => return self.go_on(key, true, todo),
            Answer::SignedOut if is_current => {
                item.phase = Paused;
                todo.push(Action::Tell(item.entry.clone(), Progress::SignInFirst));
                return;
            }
            Answer::Lost(pause) if is_current => {
                item.phase = Waiting;
                item.turn += 1;
                let wait = WAIT.0.saturating_mul(1 << item.lost.min(8)).min(WAIT.1);
                item.lost += 1;
                let jitter = (f64::from(wait) * random / 2.0) as u32;
                let wait = (wait + jitter).max(pause.unwrap_or_default().saturating_mul(1_000));
                todo.push(Action::Tell(item.entry.clone(), Progress::Checking));
                todo.push(Action::Wait(key.to_owned(), item.turn, wait));
                return;
            }
            _ => return,
        };
        item.phase = Settling;
        item.entry.outcome = Some(outcome);
        todo.push(Action::Settle(item.entry.clone()));
    }

    /// Sends what has not come to the backend (`send`), and else asks what became of it; not before
    /// its member is there.
    fn go_on(&mut self, key: &str, send: bool, todo: &mut Vec<Action>) {
        let member = self.member.clone();
        use Phase::{Asked, Paused, Sent, Waiting};
        let Some(item) = self.find(key, &[Paused, Waiting, Asked]) else {
            return;
        };
        let entry = item.entry.clone();
        if member.as_ref() != Some(&entry.owner) {
            item.phase = Paused;
            todo.push(Action::Tell(entry, Progress::SignInFirst));
            return;
        }
        item.turn += 1;
        let (phase, action) = if send {
            (Sent, Action::Send(entry.clone(), item.turn))
        } else {
            (Asked, Action::Ask(entry.clone(), item.turn))
        };
        item.phase = phase;
        if !send {
            todo.push(Action::Tell(entry, Progress::Checking));
        }
        todo.push(action);
    }

    fn find(&mut self, key: &str, phases: &[Phase]) -> Option<&mut Item> {
        let mut items = self.items.iter_mut();
        items.find(|item| item.entry.key == key && phases.contains(&item.phase))
    }

    fn keys(&self, phases: &[Phase]) -> Vec<String> {
        let items = self.items.iter();
        let items = items.filter(|item| phases.contains(&item.phase));
        items.map(|item| item.entry.key.clone()).collect()
    }

    fn remove(&mut self, key: &str) -> Option<Entry> {
        let place = self.items.iter().position(|item| item.entry.key == key)?;
        Some(self.items.remove(place).entry)
    }
}

/// Tells an outcome, if there is one.
fn known(entry: &Entry) -> Option<Action> {
    let outcome = entry.outcome.clone()?;
    Some(Action::Tell(entry.clone(), Progress::Known(outcome)))
}
