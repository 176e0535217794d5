//! One connection, whichever database it is to: every query must be valid for both, and runs on the one at hand.

use diesel::pg::PgConnection;
use diesel::query_builder::{QueryFragment, QueryId};
use diesel::query_dsl::methods::{ExecuteDsl, LimitDsl, LoadQuery};
use diesel::{QueryResult, RunQueryDsl, SqliteConnection};

/// A connection to one of the two databases.
pub enum Conn {
    Sqlite(SqliteConnection),
    Pg(PgConnection),
}

/// A query whose rows both databases give as `U`.
pub trait Rows<'q, U>: LoadQuery<'q, SqliteConnection, U> + LoadQuery<'q, PgConnection, U> {}
impl<'q, U, Q> Rows<'q, U> for Q where Q: LoadQuery<'q, SqliteConnection, U> + LoadQuery<'q, PgConnection, U> {}

/// A query that only reads: what can be limited is a SELECT.
pub trait Select: LimitDsl {}
impl<Q: LimitDsl> Select for Q {}

/// A statement that both databases run.
pub trait Statement:
    ExecuteDsl<SqliteConnection>
    + ExecuteDsl<PgConnection>
    + QueryFragment<diesel::sqlite::Sqlite>
    + QueryFragment<diesel::pg::Pg>
    + QueryId
{
}
impl<Q> Statement for Q where
    Q: ExecuteDsl<SqliteConnection>
        + ExecuteDsl<PgConnection>
        + QueryFragment<diesel::sqlite::Sqlite>
        + QueryFragment<diesel::pg::Pg>
        + QueryId
{
}

/// Many rows in one statement. SQLite can not write a default there, so these are not statements like any other.
pub trait Batch: ExecuteDsl<SqliteConnection> + ExecuteDsl<PgConnection> {}
impl<Q> Batch for Q where Q: ExecuteDsl<SqliteConnection> + ExecuteDsl<PgConnection> {}

impl Conn {
    pub(crate) fn load<'q, U, Q: Rows<'q, U> + RunQueryDsl<SqliteConnection> + RunQueryDsl<PgConnection>>(
        &mut self,
        query: Q,
    ) -> QueryResult<Vec<U>> {
        match self {
            Self::Sqlite(conn) => LoadQuery::internal_load(query, conn)?.collect(),
            Self::Pg(conn) => LoadQuery::internal_load(query, conn)?.collect(),
        }
    }

    pub(crate) fn execute<Q: Batch>(&mut self, statement: Q) -> QueryResult<usize> {
        match self {
            Self::Sqlite(conn) => ExecuteDsl::execute(statement, conn),
            Self::Pg(conn) => ExecuteDsl::execute(statement, conn),
        }
    }

    /// Runs SQL that is the same on both and has no answer.
    pub(crate) fn batch(&mut self, sql: &str) -> QueryResult<()> {
        use diesel::connection::SimpleConnection;
        match self {
            Self::Sqlite(conn) => conn.batch_execute(sql),
            Self::Pg(conn) => conn.batch_execute(sql),
        }
    }
}
