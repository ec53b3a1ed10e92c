//! A rule of the contract, and what became of it.

use super::shop::Shop;
use crate::Error;
use domain::problem::ProblemKind;
use std::future::Future;
use std::pin::Pin;

/// What a rule gives: something, or why it does not hold.
pub(super) type Outcome<T = ()> = Result<T, Not>;

/// A rule that is being tried.
pub(super) type Trying<'a> = Pin<Box<dyn Future<Output = Outcome> + 'a>>;

/// Why a rule does not hold.
#[derive(Clone, Debug)]
pub(super) enum Not {
    /// The backend does otherwise.
    Kept(String),
    /// It could not be tried.
    Tried(String),
}

impl Not {
    /// The same for a rule that only needed this: it is not this rule that the backend breaks.
    pub(super) fn needed(&self, what: &str) -> Self {
        let (Self::Kept(why) | Self::Tried(why)) = self;
        Self::Tried(format!("needs {what}: {why}"))
    }
}

impl From<Error> for Not {
    fn from(error: Error) -> Self {
        Self::Kept(error.to_string())
    }
}

/// One thing that a backend must do.
pub(super) struct Rule {
    /// What it must do, in words.
    pub(super) says: &'static str,
    /// Tries it.
    pub(super) check: for<'a> fn(&'a Shop) -> Trying<'a>,
}

/// A list of rules: the words, and the function that tries them.
macro_rules! rules {
    ($($says:literal => $check:path,)+) => {
        &[$($crate::conform::rule::Rule { says: $says, check: |shop| Box::pin($check(shop)) }),+]
    };
}
pub(super) use rules;

/// The rule is broken.
pub(super) fn broken<T>(why: impl Into<String>) -> Outcome<T> {
    Err(Not::Kept(why.into()))
}

/// The rule cannot be tried.
pub(super) fn skip<T>(why: impl Into<String>) -> Outcome<T> {
    Err(Not::Tried(why.into()))
}

/// The rule is broken unless this is so.
pub(super) fn ensure(so: bool, otherwise: impl FnOnce() -> String) -> Outcome {
    if so { Ok(()) } else { broken(otherwise()) }
}

/// The call must have been refused as this.
pub(super) fn refused<T>(what: &str, result: Result<T, Error>, kind: ProblemKind) -> Outcome {
    match result {
        Err(Error::Refused { problem, .. }) if problem.kind == kind => Ok(()),
        Err(Error::Refused { problem, .. }) => broken(format!(
            "{what} was refused as {}, not {kind}",
            problem.kind
        )),
        Err(error) => broken(format!("{what}: {error}; expected {kind}")),
        Ok(_) => broken(format!("{what} was accepted; expected {kind}")),
    }
}
