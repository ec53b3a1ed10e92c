use domain::problem::{Problem, ProblemKind};
use std::fmt;

/// Why a call gave no answer that could be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The backend could not be reached.
    Offline,
    /// It was reached, perhaps, but did not answer in time, or its answer was cut off.
    TimedOut,
    /// It answered with a problem. For a person to act on when the status is 4xx.
    Refused {
        /// What it said.
        problem: Problem,
        /// Seconds after which to try again (`Retry-After`), when it said so.
        retry_after: Option<u32>,
    },
    /// It answered something that is not what the contract says.
    Undecodable {
        /// Where in the JSON, for instance `$.items[2].price`.
        path: String,
        /// What was wrong there.
        detail: String,
    },
    /// It does not have this part of the contract.
    Unsupported,
}

impl Error {
    /// Whether there is no such thing.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused { problem, .. } if problem.kind == ProblemKind::NotFound)
    }

    /// Whether nobody is signed in, or not any more.
    pub fn is_not_signed_in(&self) -> bool {
        matches!(self, Self::Refused { problem, .. } if problem.kind == ProblemKind::NotSignedIn)
    }

    /// Whether things are not as whoever asked has seen them: to be looked at anew.
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Refused { problem, .. } if problem.status == 409)
    }

    /// Whether nobody knows if a write was done: no whole answer has come, or the backend failed on
    /// the way. Also a connection that broke is [`Error::Offline`].
    pub fn is_unknown(&self) -> bool {
        match self {
            Self::Offline | Self::TimedOut | Self::Undecodable { .. } => true,
            Self::Refused { problem, .. } => problem.status >= 500,
            Self::Unsupported => false,
        }
    }

    /// Whether an older copy is better than this: the backend is away or failing, not refusing.
    pub(crate) fn is_outage(&self) -> bool {
        match self {
            Self::Offline | Self::TimedOut => true,
            Self::Refused { problem, .. } => problem.status >= 500,
            Self::Undecodable { .. } | Self::Unsupported => false,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Offline => f.write_str("the backend cannot be reached"),
            Self::TimedOut => f.write_str("the backend did not answer in time"),
            Self::Refused { problem, .. } => write!(
                f,
                "{}: {} {}",
                problem.status, problem.title, problem.detail
            ),
            Self::Undecodable { path, detail } => {
                write!(f, "the answer is not understood at {path}: {detail}")
            }
            Self::Unsupported => f.write_str("the backend does not have this"),
        }
    }
}

impl std::error::Error for Error {}
