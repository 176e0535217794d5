//! Why work with the database did not come to an end.

use diesel::result::{DatabaseErrorKind, Error};
use domain::kernel::{Fault, KernelFault, Refusal};

/// What went otherwise than asked.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The domain said no; the caller is told why.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// A neighbour changed the same row first: the work is done anew on what is there now.
    #[error("overtaken by a neighbour")]
    Overtaken,
    /// A read turned out to be of more than one statement: it is done anew in a transaction.
    #[error("more than one statement without a transaction")]
    NeedsMoment,
    /// Not now: the queue is full, the database is away, or a lock was held too long.
    #[error("busy: {0}")]
    Busy(String),
    #[error("no room left")]
    Full,
    /// The work panicked; nothing of it is kept.
    #[error("panicked")]
    Panicked,
    #[error("database: {0}")]
    Database(Error),
    /// A stored value that is not what the code can have written.
    #[error("unreadable: {0}")]
    Unreadable(String),
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self::Refused(Refusal::Fault(fault))
    }
}

impl From<KernelFault> for Trouble {
    fn from(fault: KernelFault) -> Self {
        fault.fault().into()
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        match &error {
            Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => Self::Overtaken,
            Error::DatabaseError(
                DatabaseErrorKind::ClosedConnection
                | DatabaseErrorKind::UnableToSendCommand
                | DatabaseErrorKind::ReadOnlyTransaction,
                about,
            ) => Self::Busy(about.message().to_owned()),
            Error::DatabaseError(DatabaseErrorKind::Unknown, about) => {
                Self::from_message(about.message()).unwrap_or(Self::Database(error))
            }
            Error::BrokenTransactionManager => Self::Busy("broken transaction".to_owned()),
            _ => Self::Database(error),
        }
    }
}

impl Trouble {
    /// Diesel keeps no SQLSTATE for these, so their fixed English words (`lc_messages=C`) tell them apart.
    fn from_message(message: &str) -> Option<Self> {
        let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
        if says(&["deadlock detected"]) {
            Some(Self::Overtaken)
        } else if says(&["disk is full", "No space left on device", "could not extend file"]) {
            Some(Self::Full)
        } else if says(&[
            "database is locked",
            "database table is locked",
            "canceling statement due to",
            "terminating connection",
            "the database system is",
            "server closed the connection",
            "no connection to the server",
            "could not connect",
            "connection to server",
            "too many clients",
            "disk I/O error",
        ]) {
            Some(Self::Busy(message.to_owned()))
        } else {
            None
        }
    }

    /// Is it a row that a constraint did not let in twice?
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Self::Database(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)))
    }

    /// Is it a row whose counterpart a neighbour took away?
    pub fn is_orphan(&self) -> bool {
        matches!(self, Self::Database(Error::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _)))
    }

    /// Does it say that the connection is of no use any more?
    pub(crate) fn breaks_connection(&self) -> bool {
        match self {
            Self::Busy(about) => !about.contains("canceling statement"),
            Self::Panicked => true,
            _ => false,
        }
    }
}
