//! Tries the service in trouble: the real program as a process of its own, over HTTP, against a ledger kept outside it.

pub mod cluster;
pub mod college;
pub mod files;
pub mod full_disk;
pub mod http;
pub mod kill;
pub mod ledger;
pub mod lock;
pub mod migrate;
pub mod overload;
pub mod program;
pub mod restart;
pub mod slow;
pub mod stop;

/// What a trial ends in: an error is what did not hold.
pub type Tried<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;
