//! SQLite: short reads on the caller's own thread, long ones on a few threads, every write through one writer
//! that lets work which arrives meanwhile join the next commit.

use std::cell::RefCell;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use diesel::{Connection, SqliteConnection};

use crate::conn::Conn;
use crate::database::{Durability, Job, Verdict};
use crate::session::Extent;
use crate::trouble::Trouble;

/// Work that waits for the writer beyond this is turned away (503).
const WRITE_QUEUE: usize = 256;
/// How long work may wait for the writer to begin with it before it is turned away: a second process that holds the
/// lock must not keep clients waiting.
pub const WAIT: Duration = Duration::from_secs(3);
/// At most this many pieces of work share a commit.
const GROUP: usize = 128;

/// One SQLite file: its writer, and what is needed to open readers.
pub struct Sqlite {
    number: u64,
    path: PathBuf,
    writer: SyncSender<Box<dyn Job>>,
}

thread_local! {
    /// This thread's readers, one for each database that it ever read from.
    static READERS: RefCell<HashMap<u64, Conn>> = RefCell::new(HashMap::new());
}

impl Sqlite {
    pub fn open(path: &Path, durability: Durability) -> Result<Self, Trouble> {
        static OPENED: AtomicU64 = AtomicU64::new(0);
        let (writer, work) = sync_channel(WRITE_QUEUE);
        let conn = connect(path, durability)?;
        thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || write_all(conn, &work))
            .map_err(|error| Trouble::Busy(error.to_string()))?;
        Ok(Self { number: OPENED.fetch_add(1, Ordering::Relaxed), path: path.to_owned(), writer })
    }

    /// Runs a read on this thread.
    pub fn read<T>(&self, extent: Extent, work: impl FnOnce(&mut Conn) -> Result<T, Trouble>) -> Result<T, Trouble> {
        READERS.with_borrow_mut(|readers| {
            let conn = match readers.entry(self.number) {
                std::collections::hash_map::Entry::Occupied(held) => held.into_mut(),
                std::collections::hash_map::Entry::Vacant(free) => free.insert(connect(&self.path, Durability::Each)?),
            };
            if extent == Extent::Moment {
                conn.batch("BEGIN DEFERRED")?;
            }
            let result = catch_unwind(AssertUnwindSafe(|| work(conn))).unwrap_or(Err(Trouble::Panicked));
            if extent == Extent::Moment && conn.batch("COMMIT").is_err() {
                readers.remove(&self.number);
            }
            result
        })
    }

    /// Hands work to the writer.
    pub fn write(&self, job: Box<dyn Job>) {
        if let Err(TrySendError::Full(job) | TrySendError::Disconnected(job)) = self.writer.try_send(job) {
            job.finish(Err(Trouble::Busy("the queue of writes is full".to_owned())));
        }
    }
}

/// A connection as this project wants it: durable, checked, and never surprised by a lock.
pub fn connect(path: &Path, durability: Durability) -> Result<Conn, Trouble> {
    let mut conn = SqliteConnection::establish(&path.to_string_lossy()).map_err(|error| Trouble::Busy(error.to_string()))?;
    diesel::connection::SimpleConnection::batch_execute(&mut conn, "PRAGMA busy_timeout = 5000")?;
    write_ahead(&mut conn)?;
    diesel::connection::SimpleConnection::batch_execute(
        &mut conn,
        "PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA cache_size = -16000;
         PRAGMA temp_store = MEMORY;",
    )?;
    if durability == Durability::Later {
        // What is written ahead is on the disk before the file itself is touched, and the file before what was written
        // ahead is forgotten. That is all that waits, and it is done once for every 40 MiB.
        diesel::connection::SimpleConnection::batch_execute(
            &mut conn,
            "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 10000;",
        )?;
    }
    Ok(Conn::Sqlite(conn))
}

/// Turns a new file to write-ahead logging. Where two do so at once SQLite refuses one of them without waiting.
fn write_ahead(conn: &mut SqliteConnection) -> Result<(), Trouble> {
    let since = Instant::now();
    loop {
        match diesel::connection::SimpleConnection::batch_execute(conn, "PRAGMA journal_mode = WAL").map_err(Trouble::from) {
            Err(Trouble::Busy(_)) if since.elapsed() < WAIT => thread::sleep(Duration::from_millis(10)),
            done => return done,
        }
    }
}

/// The writer's life: take work, let more join, commit, answer.
fn write_all(mut conn: Conn, work: &Receiver<Box<dyn Job>>) {
    while let Ok(first) = work.recv() {
        let mut group = vec![first];
        match commit_together(&mut conn, &mut group, work) {
            Ok(()) => group.into_iter().for_each(|job| job.finish(Ok(()))),
            // A deferred constraint names no culprit: alone, only the culprit fails.
            Err(_) if group.len() > 1 => group.into_iter().for_each(|mut job| {
                let outcome = commit_alone(&mut conn, &mut job);
                job.finish(outcome);
            }),
            Err(trouble) => group.into_iter().for_each(|job| {
                job.finish(Err(match &trouble {
                    Trouble::Database(error) => {
                        Trouble::Database(diesel::result::Error::QueryBuilderError(error.to_string().into()))
                    }
                    Trouble::Full => Trouble::Full,
                    other => Trouble::Busy(other.to_string()),
                }));
            }),
        }
    }
}

fn commit_together(conn: &mut Conn, group: &mut Vec<Box<dyn Job>>, work: &Receiver<Box<dyn Job>>) -> Result<(), Trouble> {
    conn.batch("BEGIN IMMEDIATE")?;
    let mut done = 0;
    let result = loop {
        if let Err(trouble) = run_in_savepoint(conn, &mut group[done]) {
            break Err(trouble);
        }
        done += 1;
        if done == GROUP {
            break Ok(());
        }
        match work.try_recv() {
            Ok(next) => group.push(next),
            Err(_) => break Ok(()),
        }
    };
    settle(conn, result)
}

fn commit_alone(conn: &mut Conn, job: &mut Box<dyn Job>) -> Result<(), Trouble> {
    conn.batch("BEGIN IMMEDIATE")?;
    let result = run_in_savepoint(conn, job);
    settle(conn, result)
}

fn settle(conn: &mut Conn, result: Result<(), Trouble>) -> Result<(), Trouble> {
    let settled = result.and_then(|()| conn.batch("COMMIT").map_err(Trouble::from));
    if settled.is_err() {
        // After some errors SQLite has rolled back already and says so; either way nothing is left open.
        conn.batch("ROLLBACK").or_else(|_| conn.batch("BEGIN; ROLLBACK")).ok();
    }
    settled
}

/// Runs one piece of work so that its failure leaves its neighbours' work alone.
fn run_in_savepoint(conn: &mut Conn, job: &mut Box<dyn Job>) -> Result<(), Trouble> {
    if !job.begin() {
        return Ok(());
    }
    for _ in 0..3 {
        conn.batch("SAVEPOINT job")?;
        let verdict = catch_unwind(AssertUnwindSafe(|| job.run(conn))).unwrap_or(Verdict::Panicked);
        match verdict {
            Verdict::Keep => {
                conn.batch("RELEASE job")?;
                return Ok(());
            }
            Verdict::Undo => {
                conn.batch("ROLLBACK TO job; RELEASE job")?;
                return Ok(());
            }
            Verdict::Panicked => {
                conn.batch("ROLLBACK TO job; RELEASE job")?;
                job.panicked();
                return Ok(());
            }
            Verdict::Again => conn.batch("ROLLBACK TO job; RELEASE job")?,
        }
    }
    Ok(())
}
