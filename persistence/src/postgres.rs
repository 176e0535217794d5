//! PostgreSQL: a few threads that each own a connection, fed by one bounded queue.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use diesel::{Connection, PgConnection};

use crate::conn::Conn;
use crate::database::{Durability, Job, Verdict};
use crate::session::Extent;
use crate::trouble::Trouble;

/// Work that waits beyond this is turned away (503).
const QUEUE: usize = 64;
/// How long work may wait for a connection before it is turned away.
pub const WAIT: Duration = Duration::from_millis(500);

/// How often a piece of work that a neighbour overtook is run anew. Everyone but one of those who contend for a
/// row runs again, and no more contend than there are connections.
const TRIES: usize = 40;

/// What a piece of work needs.
pub enum Work {
    Read(Box<dyn Job>, Extent),
    Write(Box<dyn Job>),
}

pub struct Postgres {
    queue: SyncSender<Work>,
}

impl Postgres {
    pub fn open(url: &str, connections: usize, durability: Durability) -> Result<Self, Trouble> {
        let (queue, work) = sync_channel(QUEUE);
        let work = Arc::new(Mutex::new(work));
        for number in 0..connections {
            let (url, work) = (url.to_owned(), Arc::clone(&work));
            thread::Builder::new()
                .name(format!("postgres-{number}"))
                .spawn(move || serve(&url, durability, &work))
                .map_err(|error| Trouble::Busy(error.to_string()))?;
        }
        Ok(Self { queue })
    }

    pub fn submit(&self, work: Work) {
        if let Err(TrySendError::Full(work) | TrySendError::Disconnected(work)) = self.queue.try_send(work) {
            let (Work::Read(job, _) | Work::Write(job)) = work;
            job.finish(Err(Trouble::Busy("the queue for connections is full".to_owned())));
        }
    }
}

/// A connection that gives up rather than hang, and speaks English in errors so that they can be told apart. Statements are
/// not compiled: for a long one that takes seconds, for what runs in a few milliseconds.
pub fn connect(url: &str, durability: Durability) -> Result<Conn, Trouble> {
    let mut conn = PgConnection::establish(&impatient(url)).map_err(|error| Trouble::Busy(error.to_string()))?;
    diesel::connection::SimpleConnection::batch_execute(
        &mut conn,
        "SET statement_timeout = '10s'; SET idle_in_transaction_session_timeout = '15s'; SET lock_timeout = '5s';
         SET TIME ZONE 'UTC'; SET client_min_messages = 'warning'; SET jit = off;",
    )?;
    if durability == Durability::Later {
        diesel::connection::SimpleConnection::batch_execute(&mut conn, "SET synchronous_commit = off")?;
    }
    Ok(Conn::Pg(conn))
}

/// The same address, but a server that does not answer is given up on: left to itself, TCP tries for minutes.
fn impatient(url: &str) -> String {
    let sign = if url.contains('?') { '&' } else { '?' };
    if url.contains("connect_timeout=") { url.to_owned() } else { format!("{url}{sign}connect_timeout=5") }
}

fn serve(url: &str, durability: Durability, queue: &Mutex<Receiver<Work>>) {
    let mut held: Option<Conn> = None;
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(work) = next else { return };
        let (mut job, begin) = match work {
            Work::Read(job, Extent::Glance) => (job, None),
            Work::Read(job, Extent::Moment) => (job, Some("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")),
            Work::Write(job) => (job, Some("BEGIN ISOLATION LEVEL REPEATABLE READ")),
        };
        let outcome = match held.take().map_or_else(|| connect(url, durability), Ok) {
            Ok(conn) if !job.begin() => {
                held = Some(conn);
                continue;
            }
            Ok(mut conn) => {
                let outcome = match begin {
                    Some(begin) => run(&mut conn, &mut job, begin),
                    None => glance(&mut conn, &mut job),
                };
                if !matches!(&outcome, Err(trouble) if trouble.breaks_connection()) && !job.broke_connection() {
                    held = Some(conn);
                }
                outcome
            }
            Err(trouble) => Err(trouble),
        };
        job.finish(outcome);
    }
}

/// Runs one piece of work without a transaction.
fn glance(conn: &mut Conn, job: &mut Box<dyn Job>) -> Result<(), Trouble> {
    if catch_unwind(AssertUnwindSafe(|| job.run(conn))).is_err() {
        job.panicked();
    }
    Ok(())
}

/// Runs one piece of work in a transaction of its own, anew where a neighbour overtook it. What it reads is of one
/// moment, as on SQLite: who decided on what has changed meanwhile decides again.
fn run(conn: &mut Conn, job: &mut Box<dyn Job>, begin: &str) -> Result<(), Trouble> {
    for _ in 0..TRIES {
        conn.batch(begin)?;
        let verdict = catch_unwind(AssertUnwindSafe(|| job.run(conn))).unwrap_or(Verdict::Panicked);
        match verdict {
            Verdict::Keep => match conn.batch("COMMIT").map_err(Trouble::from) {
                Ok(()) => return Ok(()),
                Err(Trouble::Overtaken) => {}
                Err(trouble) => return Err(trouble),
            },
            Verdict::Undo => {
                conn.batch("ROLLBACK")?;
                return Ok(());
            }
            Verdict::Panicked => {
                conn.batch("ROLLBACK")?;
                job.panicked();
                return Ok(());
            }
            Verdict::Again => conn.batch("ROLLBACK")?,
        }
    }
    Ok(())
}
