//! A backend as the contract wants it: each key once, and what it was answered for ever (well, a
//! day).

use client::Error;
use client::outbox::{Entry, Errand};
use domain::id::MemberId;
use domain::problem::{Problem, ProblemKind};
use std::collections::BTreeMap;

/// How long a key is remembered: not longer than the contract asks for.
const REMEMBERED: i64 = 24 * 3_600_000;
/// How long a quote is good.
const QUOTED: i64 = 15 * 60_000;

/// What is done under a key.
#[derive(Clone, Debug)]
struct Known {
    at: i64,
    answer: Result<String, ProblemKind>,
}

/// What a backend does wrong.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults {
    /// It does not look for the key.
    pub forgets_keys: bool,
    /// It forgets what it has refused.
    pub forgets_refusals: bool,
}

/// The backend, with everything that it has written down.
#[derive(Clone, Debug, Default)]
pub struct Server {
    known: BTreeMap<(MemberId, String), Known>,
    /// Everything that was done, by its key, in this order.
    pub done: Vec<String>,
    /// What is left on the shelf.
    pub stock: u32,
    faults: Faults,
    /// How often a key was answered again.
    pub replayed: u64,
}

impl Server {
    pub fn new(stock: u32, faults: Faults) -> Self {
        Self {
            stock,
            faults,
            ..Self::default()
        }
    }

    /// Does what an entry asks for, once.
    pub fn place(&mut self, entry: &Entry, now: i64) -> Result<String, Error> {
        self.known.retain(|_, known| now - known.at < REMEMBERED);
        let name = (entry.owner.clone(), entry.key.clone());
        if let Some(known) = self.known.get(&name)
            && !self.faults.forgets_keys
        {
            self.replayed += 1;
            return told(&known.answer);
        }
        let late = entry.errand == Errand::Order && now - entry.made_at > QUOTED;
        let answer = if late || self.stock == 0 {
            Err(ProblemKind::QuoteChanged)
        } else {
            self.stock -= 1;
            self.done.push(entry.key.clone());
            Ok(format!("{{\"id\":\"{}\"}}", self.done.len()))
        };
        if answer.is_ok() || !self.faults.forgets_refusals {
            let answer = answer.clone();
            self.known.insert(name, Known { at: now, answer });
        }
        told(&answer)
    }

    /// What a key was answered.
    pub fn ask(&self, member: &MemberId, key: &str, now: i64) -> Result<String, Error> {
        let known = self.known.get(&(member.clone(), key.to_owned()));
        match known.filter(|known| now - known.at < REMEMBERED) {
            Some(known) => told(&known.answer),
            None => Err(refused(ProblemKind::UnknownIntent)),
        }
    }

    /// How often something was done under a key.
    pub fn count(&self, key: &str) -> usize {
        self.done.iter().filter(|done| *done == key).count()
    }
}

fn told(answer: &Result<String, ProblemKind>) -> Result<String, Error> {
    answer.clone().map_err(refused)
}

/// A refusal as the client reads it.
pub fn refused(kind: ProblemKind) -> Error {
    Error::Refused {
        problem: Problem::new(kind, ""),
        retry_after: None,
    }
}
