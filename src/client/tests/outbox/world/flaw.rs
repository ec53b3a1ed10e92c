//! Bugs that are planted, to see that they are seen.

/// Bugs that somebody could write. Each must be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// It goes out before it is kept.
    SentBeforeKept,
    /// The device says that it has kept what it has not.
    StorageLies,
    /// A second try has a key of its own.
    NewKeyOnRetry,
    /// A failure of the backend is taken for a refusal.
    FailureIsRefusal,
    /// What was not answered is forgotten.
    ForgottenWhenLost,
    /// It is told as done as soon as it is sent.
    DoneWhenSent,
    /// Another tab's entry is written over.
    WrittenOver,
    /// What is older than the backend's memory is sent all the same.
    SentWhenOld,
    /// What lay in the way of an entry is not followed, nor are traces.
    DeafToTheOther,
    /// An entry leaves no trace behind.
    NoTrace,
    /// The backend does not look for the key.
    KeysForgotten,
    /// The backend does a late copy of what it has refused.
    RefusalsForgotten,
}

impl Flaw {
    pub const ALL: [Self; 12] = [
        Self::SentBeforeKept,
        Self::StorageLies,
        Self::NewKeyOnRetry,
        Self::FailureIsRefusal,
        Self::ForgottenWhenLost,
        Self::DoneWhenSent,
        Self::WrittenOver,
        Self::SentWhenOld,
        Self::DeafToTheOther,
        Self::NoTrace,
        Self::KeysForgotten,
        Self::RefusalsForgotten,
    ];
}
