//! What every handler has at hand: the database, the clock, who may be believed, and how much is allowed.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use domain::kernel::Instant;
use persistence::{Asking, Database, Identity, Trouble};

use super::cursors::Cursors;
use super::limits::Limits;
use super::shape::Shapes;
use crate::files::Files;
use crate::mail::Post;
use crate::tokens::{BuiltInIssuer, Verifier};

/// The clock, which tests can set.
pub type Clock = Arc<dyn Fn() -> Instant + Send + Sync>;

/// Who is believed about who someone is.
pub enum Trust {
    /// The college's OpenID provider.
    Issuer(Verifier),
    /// The demo's own.
    BuiltIn(Arc<BuiltInIssuer>),
}

/// One running service; shared by all its workers.
pub struct Service {
    /// Handlers get at it through [`super::Caller`] and [`super::Visitor`], as whoever asks.
    pub(super) database: Database,
    /// What is kept outside the database.
    pub files: Files,
    pub clock: Clock,
    pub verifier: Verifier,
    /// By which letters are sent; none in the demo, and where the settings name no mail server.
    pub post: Post,
    /// Present in the demo alone.
    pub issuer: Option<Arc<BuiltInIssuer>>,
    pub limits: Limits,
    pub shapes: Shapes,
    pub cursors: Cursors,
    /// The document as it is served.
    pub document: String,
    /// Being shut down: no longer ready.
    pub stopping: AtomicBool,
}

impl Service {
    /// A service over a database that is open and up to date.
    ///
    /// # Errors
    /// A schema in the document that is none: a fault in the program, found at its start.
    pub fn new(database: Database, files: Files, clock: Clock, trust: Trust, limits: Limits) -> Result<Self, String> {
        let operations = crate::contexts::operations();
        let document = super::document::document(crate::contexts::TAGS, &operations);
        let schemas = document["components"]["schemas"].as_object().cloned().unwrap_or_default();
        let mut received = schemas;
        for operation in &operations {
            received.extend(operation.description.received.clone());
        }
        let names = operations.iter().flat_map(|operation| operation.description.received.keys().cloned());
        let shapes = Shapes::of(&received, names)?;
        let cursors = Cursors::new(database.cursor_key())?;
        let (verifier, issuer) = match trust {
            Trust::Issuer(verifier) => (verifier, None),
            Trust::BuiltIn(issuer) => (Verifier::built_in(Arc::clone(&issuer)), Some(issuer)),
        };
        let document = serde_json::to_string(&document).map_err(|error| error.to_string())?;
        let stopping = AtomicBool::new(false);
        Ok(Self { database, files, clock, verifier, issuer, post: None, limits, shapes, cursors, document, stopping })
    }

    /// The same service, which sends letters.
    #[must_use]
    pub fn sending(self, post: Post) -> Self {
        Self { post, ..self }
    }

    /// Forgets answers that no retry will ask for any more; how many.
    ///
    /// # Errors
    /// What the database ends in; then it is for the next time.
    pub async fn forget_answers(&self) -> Result<usize, Trouble> {
        self.keep_up(persistence::idempotency::forget).await
    }

    /// Writes what the service looks after by itself, and what was told already.
    ///
    /// # Errors
    /// What `work` ends in.
    pub(crate) async fn keep_up<T, F>(&self, work: F) -> Result<T, Trouble>
    where
        T: Send + 'static,
        F: Fn(&mut persistence::Writing<'_>) -> Result<T, Trouble> + Send + 'static,
    {
        self.database.write(Asking { identity: Identity::System, now: self.now() }, work).await
    }

    /// Reads what the service looks after by itself, for nobody in particular.
    ///
    /// # Errors
    /// What `work` ends in.
    pub(crate) async fn look_after<T, F>(&self, work: F) -> Result<T, Trouble>
    where
        T: Send + 'static,
        F: Fn(&mut persistence::Reading<'_>) -> Result<T, Trouble> + Send + Sync + 'static,
    {
        self.database.read(Asking { identity: Identity::System, now: self.now() }, work).await
    }

    /// This moment, to the microsecond.
    pub fn now(&self) -> Instant {
        domain::kernel::time::to_the_microsecond((self.clock)())
    }
}
