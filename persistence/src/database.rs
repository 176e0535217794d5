//! The database at hand, embedded or a server, behind two verbs: read and write.

use std::any::TypeId;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use domain::kernel::ids::Count;
use tokio::sync::oneshot;

use crate::conn::Conn;
use crate::cursor_key;
use crate::postgres::{self, Postgres, Work};
use crate::session::{Asking, Extent, Reading, Writing};
use crate::sqlite::{self, Sqlite};
use crate::trouble::Trouble;

/// Where the data is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// A file; made when it is not there.
    Sqlite(PathBuf),
    /// `postgres://...`, and how many connections to hold.
    Postgres { url: String, connections: usize },
}

/// Whether invented people live in it: marked when it is made, never changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Demo,
    Real,
}

impl Kind {
    /// As the database has it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Demo => "demo",
            Self::Real => "real",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Demo, Self::Real].into_iter().find(|kind| kind.word() == word)
    }
}

/// When what was committed is on the disk. Whole it is either way: what is not there yet is what came last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durability {
    /// Before it is acknowledged.
    Each,
    /// Some time later, or with the next commit that is to be [`Self::Each`].
    Later,
}

#[derive(Clone)]
pub struct Database {
    engine: Arc<Engine>,
    /// The kinds of work that read with more than one statement when they were last done.
    need_moment: Arc<RwLock<HashSet<TypeId>>>,
    cursor_key: Arc<str>,
}

enum Engine {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

/// What is to become of a piece of work.
pub(crate) enum Verdict {
    Keep,
    Undo,
    /// A neighbour was first: undo and run it again.
    Again,
    Panicked,
}

/// One piece of work, which may have to run more than once before it is kept.
pub(crate) trait Job: Send {
    /// Takes it on, before its first run; no longer where it waited for so long that who asked was turned away.
    fn begin(&mut self) -> bool;
    fn run(&mut self, conn: &mut Conn) -> Verdict;
    fn panicked(&mut self);
    /// Did its last run show that the connection is of no use any more?
    fn broke_connection(&self) -> bool;
    /// Answers: with its own result where the transaction ended well, else with what went wrong.
    fn finish(self: Box<Self>, outcome: Result<(), Trouble>);
}

struct Pending<T, F> {
    work: F,
    begun: bool,
    /// Set by whoever is first: the thread that begins the work, or who gives up waiting for that.
    decided: Arc<AtomicBool>,
    result: Option<Result<T, Trouble>>,
    reply: oneshot::Sender<Result<T, Trouble>>,
}

impl<T: Send, F: FnMut(&mut Conn) -> Result<T, Trouble> + Send> Job for Pending<T, F> {
    fn begin(&mut self) -> bool {
        self.begun = self.begun || !self.decided.swap(true, Ordering::AcqRel);
        self.begun
    }

    fn run(&mut self, conn: &mut Conn) -> Verdict {
        let result = (self.work)(conn);
        let verdict = match &result {
            Ok(_) => Verdict::Keep,
            Err(Trouble::Overtaken) => Verdict::Again,
            Err(_) => Verdict::Undo,
        };
        self.result = Some(result);
        verdict
    }

    fn panicked(&mut self) {
        self.result = Some(Err(Trouble::Panicked));
    }

    fn broke_connection(&self) -> bool {
        matches!(&self.result, Some(Err(trouble)) if trouble.breaks_connection())
    }

    fn finish(self: Box<Self>, outcome: Result<(), Trouble>) {
        let answer = match (self.result, outcome) {
            // What the work itself found wrong tells more than how its transaction ended.
            (Some(Err(trouble)), _) | (_, Err(trouble)) => Err(trouble),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (None, Ok(())) => Err(Trouble::Overtaken),
        };
        // Who asked may have gone away; then nobody wants to know.
        self.reply.send(answer).ok();
    }
}

impl Database {
    /// Opens what is there, as it is: see [`crate::migrations`] for making and renewing it.
    ///
    /// # Errors
    /// [`Trouble::Busy`] where it cannot be reached.
    pub fn open(location: &Location) -> Result<Self, Trouble> {
        Self::with(location, Durability::Each)
    }

    /// Opens what is still being made, and is made anew if that is broken off: nothing waits for the disk, until
    /// [`crate::installation::complete`] waits for all of it.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_in_the_making(location: &Location) -> Result<Self, Trouble> {
        Self::with(location, Durability::Later)
    }

    fn with(location: &Location, durability: Durability) -> Result<Self, Trouble> {
        let engine = match location {
            Location::Sqlite(path) => Engine::Sqlite(Sqlite::open(path, durability)?),
            Location::Postgres { url, connections } => Engine::Postgres(Postgres::open(url, *connections, durability)?),
        };
        let cursor_key = cursor_key::find_or_make(&mut location.connect_for(durability)?)?.into();
        Ok(Self { engine: Arc::new(engine), need_moment: Arc::default(), cursor_key })
    }

    /// What cursors are sealed with.
    pub fn cursor_key(&self) -> &str {
        &self.cursor_key
    }

    /// Reads, as one moment shows it. `work` is short: a page costs less than a hop to another thread.
    ///
    /// One statement is of one moment by itself and needs no transaction around it. Work is tried so, and if it
    /// turns out to run a second, it is run again in a transaction. What a kind of work needed the last time it is
    /// expected to need the next.
    ///
    /// # Errors
    /// Whatever `work` ends in, or [`Trouble::Busy`].
    pub async fn read<T, F>(&self, asking: Asking, work: F) -> Result<T, Trouble>
    where
        T: Send + 'static,
        F: Fn(&mut Reading<'_>) -> Result<T, Trouble> + Send + Sync + 'static,
    {
        let kind = TypeId::of::<F>();
        let expected = self.need_moment.read().unwrap_or_else(PoisonError::into_inner).contains(&kind);
        let work = Arc::new(move |conn: &mut Conn, extent| {
            let mut reading = Reading::begin(conn, &asking, extent)?;
            let before = reading.statements();
            let value = work(&mut reading)?;
            Ok((value, reading.statements() - before > 1))
        });
        if !expected {
            match self.engine.read(Arc::clone(&work), Extent::Glance).await {
                Err(Trouble::NeedsMoment) => {}
                done => return done.map(|(value, _)| value),
            }
        }
        let (value, needed) = self.engine.read(work, Extent::Moment).await?;
        if needed != expected {
            let mut kinds = self.need_moment.write().unwrap_or_else(PoisonError::into_inner);
            if needed {
                kinds.insert(kind)
            } else {
                kinds.remove(&kind)
            };
        }
        Ok(value)
    }

    /// Writes in one transaction, with the events that were told. `work` may run again where a neighbour was
    /// first, or where a shared commit failed: it must not count on running once.
    ///
    /// # Errors
    /// Whatever `work` ends in; then nothing of it is kept.
    pub async fn write<T, F>(&self, asking: Asking, work: F) -> Result<T, Trouble>
    where
        T: Send + 'static,
        F: Fn(&mut Writing<'_>) -> Result<T, Trouble> + Send + 'static,
    {
        let count = Count::here();
        let run = move |conn: &mut Conn| {
            let _counting = count.begin();
            let mut writing = Writing::begin(conn, &asking)?;
            let value = work(&mut writing)?;
            writing.finish()?;
            Ok((value, Count::here()))
        };
        let (value, count) = match &*self.engine {
            Engine::Sqlite(sqlite) => answer(|job| sqlite.write(job), sqlite::WAIT, run).await?,
            Engine::Postgres(postgres) => answer(|job| postgres.submit(Work::Write(job)), postgres::WAIT, run).await?,
        };
        count.go_on();
        Ok(value)
    }
}

impl Engine {
    async fn read<T, F>(&self, work: Arc<F>, extent: Extent) -> Result<T, Trouble>
    where
        T: Send + 'static,
        F: Fn(&mut Conn, Extent) -> Result<T, Trouble> + Send + Sync + 'static,
    {
        let run = move |conn: &mut Conn| work(conn, extent);
        match self {
            Self::Sqlite(sqlite) => sqlite.read(extent, run),
            Self::Postgres(postgres) => answer(|job| postgres.submit(Work::Read(job, extent)), postgres::WAIT, run).await,
        }
    }
}

/// Hands work over and waits for its end, however long that takes, but for its beginning only this long.
async fn answer<T: Send + 'static>(
    submit: impl FnOnce(Box<dyn Job>),
    patience: Duration,
    work: impl FnMut(&mut Conn) -> Result<T, Trouble> + Send + 'static,
) -> Result<T, Trouble> {
    let (reply, mut answer) = oneshot::channel();
    let decided = Arc::new(AtomicBool::new(false));
    submit(Box::new(Pending { work, begun: false, decided: Arc::clone(&decided), result: None, reply }));
    let answered = match tokio::time::timeout(patience, &mut answer).await {
        Ok(answered) => answered,
        Err(_) if decided.swap(true, Ordering::AcqRel) => answer.await,
        Err(_) => return Err(Trouble::Busy("nobody took it on in time".to_owned())),
    };
    answered.unwrap_or_else(|_| Err(Trouble::Busy("the database thread ended".to_owned())))
}

impl Location {
    /// One connection of its own, for migrations and backups.
    ///
    /// # Errors
    /// [`Trouble::Busy`] where it cannot be reached.
    pub(crate) fn connect(&self) -> Result<Conn, Trouble> {
        self.connect_for(Durability::Each)
    }

    fn connect_for(&self, durability: Durability) -> Result<Conn, Trouble> {
        match self {
            Self::Sqlite(path) => sqlite::connect(path, durability),
            Self::Postgres { url, .. } => postgres::connect(url, durability),
        }
    }

    /// The file of an embedded database.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(path) => Some(path),
            Self::Postgres { .. } => None,
        }
    }
}
