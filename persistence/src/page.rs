//! Pages of lists: from which place on, how many, and how many there are on all pages together.

use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::methods::LimitDsl;
use diesel::sql_types::BigInt;
use diesel::{QueryResult, RunQueryDsl};

/// Which part of a list: after which place, and how many.
#[derive(Clone, Debug)]
pub struct Page<Place> {
    pub after: Option<Place>,
    /// 1 to 200. One row more is read, to know whether there is more.
    pub limit: i64,
    /// Whether to count what is on all pages.
    pub counted: bool,
}

impl<Place> Page<Place> {
    /// So many from the beginning, not counted.
    pub const fn first(limit: i64) -> Self {
        Self { after: None, limit, counted: false }
    }

    pub fn rows_to_read(&self) -> i64 {
        self.limit + 1
    }
}

/// The rows of a page, and how many there are on all pages together where that was asked.
#[derive(Clone, Debug)]
pub struct Listed<T> {
    pub rows: Vec<T>,
    pub total: Option<i64>,
}

impl<T> Listed<T> {
    pub fn map<U>(self, each: impl FnMut(T) -> U) -> Listed<U> {
        Listed { rows: self.rows.into_iter().map(each).collect(), total: self.total }
    }

    /// # Errors
    /// The first that `each` ends in.
    pub fn try_map<U, E>(self, each: impl FnMut(T) -> Result<U, E>) -> Result<Listed<U>, E> {
        Ok(Listed { rows: self.rows.into_iter().map(each).collect::<Result<_, E>>()?, total: self.total })
    }
}

/// How many rows a query has.
#[derive(QueryId)]
pub(crate) struct Counted<Q>(pub Q);

impl<Q: Query> Query for Counted<Q> {
    type SqlType = BigInt;
}
/// It is one row, however many are asked for.
impl<Q> LimitDsl for Counted<Q> {
    type Output = Self;
    fn limit(self, _: i64) -> Self {
        self
    }
}
impl<Q, Connection> RunQueryDsl<Connection> for Counted<Q> {}

impl<Q: QueryFragment<DB>, DB: Backend> QueryFragment<DB> for Counted<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("SELECT count(*) FROM (");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(") counted");
        Ok(())
    }
}
