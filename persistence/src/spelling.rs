//! Expressions that Diesel has no words for, written once for both databases.

use diesel::IntoSql;
use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::internal::derives::as_expression::Bound;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::serialize::ToSql;
use diesel::sql_types::{Bool, HasSqlType};
use domain::kernel::Id;

use crate::columns::sql_types::SqlId;

/// A condition that is already known: `given(filter.is_none()).or(...)` is a filter that may be absent, in one statement.
pub fn given(known: bool) -> Bound<Bool, bool> {
    known.into_sql::<Bool>()
}

/// What the folded names must be like (`\\` escapes) for up to four words to be somewhere in them; no word is like any name.
pub fn patterns(words: Option<&str>) -> [String; 4] {
    let folded = domain::kernel::text::folded(words.unwrap_or_default());
    let mut words = folded.split_whitespace().map(|word| {
        let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        format!("%{escaped}%")
    });
    std::array::from_fn(|_| words.next().unwrap_or_else(|| "%".to_owned()))
}

/// Whether a column's id is one of these; at most [`crate::events::AT_ONCE`] of them.
pub struct Among<Column, Of> {
    column: Column,
    ids: Vec<Id<Of>>,
}

/// See [`Among`].
pub fn among<Column, Of>(column: Column, ids: Vec<Id<Of>>) -> Among<Column, Of> {
    Among { column, ids }
}

impl<Column, Of, DB> QueryFragment<DB> for Among<Column, Of>
where
    DB: Backend + HasSqlType<SqlId>,
    Id<Of>: ToSql<SqlId, DB>,
    Column: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.column.walk_ast(out.reborrow())?;
        out.push_sql(" IN (NULL");
        // Statements stay prepared by their text: the last id fills up to a power of two, so that texts are few.
        let places = if self.ids.is_empty() { 0 } else { self.ids.len().next_power_of_two() };
        for id in self.ids.iter().chain(std::iter::repeat(self.ids.last().into_iter()).flatten()).take(places) {
            out.push_sql(", ");
            out.push_bind_param::<SqlId, _>(id)?;
        }
        out.push_sql(")");
        Ok(())
    }
}

impl<Column, Of> Expression for Among<Column, Of> {
    type SqlType = Bool;
}

impl<C: AppearsOnTable<QS>, Of, QS> AppearsOnTable<QS> for Among<C, Of> {}
impl<C: SelectableExpression<QS>, Of, QS> SelectableExpression<QS> for Among<C, Of> {}
impl<C, Of, GroupBy> ValidGrouping<GroupBy> for Among<C, Of> {
    type IsAggregate = is_aggregate::Never;
}
impl<C, Of> QueryId for Among<C, Of> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
