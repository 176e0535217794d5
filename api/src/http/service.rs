//! What every handler has at hand: the database, the clock, who may be believed, and how much is allowed.

use std::sync::Arc;

use domain::kernel::Instant;
use persistence::Database;

use super::limits::Limits;
use super::shape::Shapes;
use crate::tokens::{BuiltInIssuer, Verifier};

/// The clock, which tests can set.
pub type Clock = Arc<dyn Fn() -> Instant + Send + Sync>;

/// One running service; shared by all its workers.
pub struct Service {
    pub database: Database,
    pub clock: Clock,
    pub verifier: Verifier,
    /// Present in the demo alone.
    pub issuer: Option<Arc<BuiltInIssuer>>,
    pub limits: Limits,
    pub shapes: Shapes,
    /// The document as it is served.
    pub document: String,
    pub stopping: std::sync::atomic::AtomicBool,
}

impl Service {
    /// This moment, to the microsecond.
    pub fn now(&self) -> Instant {
        domain::kernel::time::to_the_microsecond((self.clock)())
    }
}
