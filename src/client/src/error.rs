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

    /// Whether nobody knows if a write was done: it may have come to the backend all the same. A page
    /// says so, and sends it again only with its key. A connection that broke while it was being used
    /// looks like [`Self::Offline`] to a browser, so that counts.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(kind: ProblemKind) -> Error {
        Error::Refused {
            problem: Problem::new(kind, "no"),
            retry_after: None,
        }
    }

    #[test]
    fn what_was_refused_was_not_done_and_what_was_not_answered_may_have_been() {
        let undecodable = Error::Undecodable {
            path: "$".to_owned(),
            detail: "no JSON".to_owned(),
        };
        for error in [Error::Offline, Error::TimedOut, undecodable] {
            assert!(error.is_unknown(), "{error}");
        }
        for kind in [ProblemKind::Internal, ProblemKind::Unavailable] {
            let error = refused(kind);
            assert!(error.is_unknown(), "{error}");
        }
        for kind in [
            ProblemKind::InvalidBody,
            ProblemKind::NotSignedIn,
            ProblemKind::NotNow,
            ProblemKind::KeyReused,
            ProblemKind::TooFast,
        ] {
            let error = refused(kind);
            assert!(!error.is_unknown(), "{error}");
        }
        assert!(!Error::Unsupported.is_unknown());
    }
}
