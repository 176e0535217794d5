//! Files that people send and fetch: never whole in memory, taken only if they are what they say, kept outside the database.

pub mod arriving;
mod boxes;
mod kind;
mod office;
pub mod packing;
mod pictures;
pub mod store;
pub mod sweeping;

use std::io;

use domain::evidence::EvidenceFault;

pub use arriving::{Arrived, Arriving};
pub use store::{Files, Place};

/// Why a file is not taken.
#[derive(Debug)]
pub enum Unfit {
    Fault(EvidenceFault),
    /// It could not be looked at.
    Io(io::Error),
}

impl From<EvidenceFault> for Unfit {
    fn from(fault: EvidenceFault) -> Self {
        Self::Fault(fault)
    }
}

/// What ends before it says it does is not whole.
impl From<io::Error> for Unfit {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Fault(EvidenceFault::NotWhole),
            _ => Self::Io(error),
        }
    }
}

/// Why a file can not be kept or fetched now.
#[derive(Debug, thiserror::Error)]
pub enum FileTrouble {
    #[error("no room left")]
    Full,
    #[error("{0}")]
    Away(String),
    /// A row tells of a file that is not there.
    #[error("{0} is not there")]
    Gone(String),
}

impl From<io::Error> for FileTrouble {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Away(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests;
