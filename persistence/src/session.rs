//! What work with the database sees: a moment, a caller, and the rows that may be read or written.

use diesel::RunQueryDsl;
use diesel::{PgConnection, SqliteConnection};
use domain::access::{Actor, Ground, Permit};
use domain::kernel::{Event, Id, Instant, KernelFault, PersonId};
use uuid::Uuid;

use crate::conn::{Batch, Conn, Rows, Select, Statement};
use crate::page::{Counted, Page};
use crate::trouble::Trouble;

/// Who asks, before the database has said who that is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Identity {
    Anonymous,
    /// Of a verified token.
    Account {
        issuer: String,
        subject: String,
    },
    System,
}

/// Who asks, and at which moment.
#[derive(Clone, Debug)]
pub struct Asking {
    pub identity: Identity,
    pub now: Instant,
}

/// Whether what is read is of one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Within a transaction: every statement sees the same.
    Moment,
    /// Without one: who the caller is, and then one statement, which is of one moment by itself.
    Glance,
}

/// Rows may be read.
pub struct Reading<'c> {
    conn: &'c mut Conn,
    actor: Actor,
    now: Instant,
    /// How many statements were run: what a request costs.
    statements: usize,
    /// How many more may be run, of a [`Extent::Glance`].
    left: Option<usize>,
}

impl<'c> Reading<'c> {
    /// Begins work for a caller, who is looked up as the database knows them now.
    pub(crate) fn begin(conn: &'c mut Conn, asking: &Asking, extent: Extent) -> Result<Self, Trouble> {
        let mut reading = Self { conn, actor: Actor::Anonymous, now: asking.now, statements: 0, left: None };
        reading.actor = match &asking.identity {
            Identity::Anonymous => Actor::Anonymous,
            Identity::System => Actor::system(),
            Identity::Account { issuer, subject } => crate::access::actor(&mut reading, issuer, subject)?,
        };
        reading.left = (extent == Extent::Glance).then_some(1);
        Ok(reading)
    }

    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    pub fn now(&self) -> Instant {
        self.now
    }

    pub fn statements(&self) -> usize {
        self.statements
    }

    /// The person who asks.
    ///
    /// # Errors
    /// [`KernelFault::Unauthenticated`] for who is anonymous, [`KernelFault::Forbidden`] for a service account.
    pub fn person(&self) -> Result<PersonId, Trouble> {
        match &self.actor {
            Actor::Person { id, .. } => Ok(*id),
            Actor::Anonymous => Err(KernelFault::Unauthenticated.into()),
            Actor::Service { .. } | Actor::System { .. } => Err(KernelFault::Forbidden.into()),
        }
    }

    pub(crate) fn load<'q, U, Q>(&mut self, query: Q) -> Result<Vec<U>, Trouble>
    where
        Q: Select + Rows<'q, U> + RunQueryDsl<SqliteConnection> + RunQueryDsl<PgConnection>,
    {
        self.left = match self.left {
            None => None,
            Some(left) => Some(left.checked_sub(1).ok_or(Trouble::NeedsMoment)?),
        };
        self.statements += 1;
        Ok(self.conn.load(query)?)
    }

    /// How many rows there are on all pages of a list, where that is asked: `rows` is the list from its beginning.
    pub(crate) fn total<'q, Place, Q>(&mut self, page: &Page<Place>, rows: Q) -> Result<Option<i64>, Trouble>
    where
        Counted<Q>: Rows<'q, i64>,
    {
        if page.counted { self.first(Counted(rows)) } else { Ok(None) }
    }

    /// Of work that relies on its statements seeing the same moment, or on locks that last.
    ///
    /// # Errors
    /// [`Trouble::NeedsMoment`] where it is run without a transaction: then it is run again in one.
    pub(crate) fn of_one_moment(&mut self) -> Result<(), Trouble> {
        if self.left.is_some() { Err(Trouble::NeedsMoment) } else { Ok(()) }
    }

    pub(crate) fn first<'q, U, Q>(&mut self, query: Q) -> Result<Option<U>, Trouble>
    where
        Q: Select + Rows<'q, U> + RunQueryDsl<SqliteConnection> + RunQueryDsl<PgConnection>,
    {
        Ok(self.load(query)?.into_iter().next())
    }

    /// The raw connection, for what only this crate's own machinery may do.
    pub(crate) fn conn(&mut self) -> &mut Conn {
        self.conn
    }
}

/// Rows may be read and written, in one transaction.
pub struct Writing<'c> {
    reading: Reading<'c>,
    told: Vec<(Event, Ground)>,
    decided_on: Option<DecidedOn>,
}

/// Which versions of a thing the caller may have decided on (RFC 9110 section 13.1.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecidedOn {
    pub thing: Uuid,
    pub versions: Vec<i64>,
}

impl<'c> std::ops::Deref for Writing<'c> {
    type Target = Reading<'c>;
    fn deref(&self) -> &Self::Target {
        &self.reading
    }
}
impl std::ops::DerefMut for Writing<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.reading
    }
}

/// The right to change rows: had only in exchange for a permit and the event that tells of the change.
pub struct Pen<'t, 'c> {
    reading: &'t mut Reading<'c>,
}

impl<'c> Writing<'c> {
    pub(crate) fn begin(conn: &'c mut Conn, asking: &Asking) -> Result<Self, Trouble> {
        Ok(Self { reading: Reading::begin(conn, asking, Extent::Moment)?, told: Vec::new(), decided_on: None })
    }

    /// The caller decided on these versions of a thing: whatever is told of it must come after one of them.
    pub fn decided_on(&mut self, these: Option<DecidedOn>) {
        self.decided_on = these;
    }

    /// A thing is looked at in this version by a decision that leaves it as it is.
    ///
    /// # Errors
    /// [`KernelFault::Stale`] where the caller decided on another.
    pub fn looked_at<Of>(&self, thing: Id<Of>, version: i64) -> Result<(), Trouble> {
        self.compare(thing.uuid(), version)
    }

    fn compare(&self, thing: Uuid, version: i64) -> Result<(), Trouble> {
        let stale = self.decided_on.as_ref().is_some_and(|on| on.thing == thing && !on.versions.contains(&version));
        if stale { Err(KernelFault::Stale.into()) } else { Ok(()) }
    }

    /// Takes up the pen. The event is written at the end of this same transaction, after all rows, so that
    /// its place in the order of events follows the order in which rows were changed.
    pub fn tell(&mut self, permit: Permit, event: Event) -> Pen<'_, 'c> {
        self.told.push((event, permit.ground()));
        Pen { reading: &mut self.reading }
    }

    /// Takes up the pen for many changes at once.
    pub fn tell_all(&mut self, permit: Permit, events: impl IntoIterator<Item = Event>) -> Pen<'_, 'c> {
        self.told.extend(events.into_iter().map(|event| (event, permit.ground())));
        Pen { reading: &mut self.reading }
    }

    /// Does it as if it were to be kept, and leaves nothing of it: neither rows nor events.
    ///
    /// # Errors
    /// Whatever `work` ends in; then nothing of the whole transaction is kept.
    pub fn rehearse<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, Trouble>) -> Result<T, Trouble> {
        let told = self.told.len();
        self.conn().batch("SAVEPOINT rehearsal")?;
        let outcome = work(self)?;
        self.conn().batch("ROLLBACK TO SAVEPOINT rehearsal")?;
        self.conn().batch("RELEASE SAVEPOINT rehearsal")?;
        self.told.truncate(told);
        Ok(outcome)
    }

    /// Writes the events of this transaction: its last act but the idempotency record.
    ///
    /// # Errors
    /// [`KernelFault::Stale`] where the thing that was decided on had another version than the caller said. What is refused
    /// otherwise was refused by now, as RFC 9110 section 13.2.1 wants it.
    pub(crate) fn finish(&mut self) -> Result<(), Trouble> {
        let told = std::mem::take(&mut self.told);
        let first = self
            .decided_on
            .as_ref()
            .and_then(|on| told.iter().map(|(event, _)| event).find(|event| event.subject_id == on.thing && !event.is_of_part));
        if let Some(event) = first {
            self.compare(event.subject_id, event.version - 1)?;
        }
        if told.is_empty() { Ok(()) } else { crate::events::append(&mut self.reading, told) }
    }
}

impl Pen<'_, '_> {
    /// Runs a statement; answers how many rows it changed.
    pub(crate) fn execute<Q: Statement>(&mut self, statement: Q) -> Result<usize, Trouble> {
        self.reading.statements += 1;
        Ok(self.reading.conn.execute(statement)?)
    }

    /// Inserts many rows with one statement.
    pub(crate) fn insert_many<Q: Batch>(&mut self, statement: Q) -> Result<usize, Trouble> {
        self.reading.statements += 1;
        Ok(self.reading.conn.execute(statement)?)
    }

    /// Runs a statement that must change exactly one row: one whose version is still what was read.
    ///
    /// # Errors
    /// [`Trouble::Overtaken`] where no row was left to change.
    pub(crate) fn change_one<Q: Statement>(&mut self, statement: Q) -> Result<(), Trouble> {
        match self.execute(statement)? {
            1 => Ok(()),
            _ => Err(Trouble::Overtaken),
        }
    }
}
