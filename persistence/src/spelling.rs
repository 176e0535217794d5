//! Expressions that Diesel has no words for, written once for both databases.

use diesel::IntoSql;
use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::internal::derives::as_expression::Bound;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::serialize::ToSql;
use diesel::sql_types::{Bool, HasSqlType, Nullable, Text};
use domain::access::{Action, Relation, Sight, relations_that_may, relations_that_see};
use domain::kernel::{Id, Instant, PersonId, Word};
use uuid::Uuid;

use crate::columns::sql_types::{SqlId, SqlInstant};
use crate::session::Reading;

/// A condition that is already known: `given(filter.is_none()).or(...)` is a filter that may be absent, in one statement.
pub fn given(known: bool) -> Bound<Bool, bool> {
    known.into_sql::<Bool>()
}

/// What the folded names must be like (`\\` escapes) for up to four words to be somewhere in them; no word is like any name.
pub fn patterns(words: Option<&str>) -> [String; 4] {
    let folded = domain::organisation::folded(words.unwrap_or_default());
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
        // How many ids there are varies: the statement is not to be cached by type.
        out.unsafe_to_cache_prepared();
        self.column.walk_ast(out.reborrow())?;
        out.push_sql(" IN (NULL");
        for id in &self.ids {
            out.push_sql(", ");
            out.push_bind_param::<SqlId, _>(id)?;
        }
        out.push_sql(")");
        Ok(())
    }
}

/// The caller's relations to a student, as one comma-separated text; NULL where there are none.
pub struct RelationsOf<Student, Confined>(Caller<Student, Confined>);

/// Whether one of the caller's relations to a student lets them do something.
pub struct May<Student, Confined> {
    caller: Caller<Student, Confined>,
    relations: Vec<Relation>,
}

#[derive(Clone, Copy)]
struct Caller<Student, Confined> {
    me: PersonId,
    now: Instant,
    student: Student,
    confined: Confined,
}

/// Holds wherever it holds at all.
#[derive(Clone, Copy)]
pub struct Anywhere;

/// For the log of events: a proposed coach knows of the handover or switch that asks them and of no other; a scout of
/// the application that came to their landscape and of what followed from that one. The columns are the event's
/// subject and the subject's id.
#[derive(Clone, Copy)]
pub struct AsTold<Subject, SubjectId>(pub Subject, pub SubjectId);

/// A relation that counts only where its scope is the one in this column.
#[derive(Clone, Copy)]
pub struct OnlyFor<Scope>(pub Relation, pub Scope);

/// Both confinements.
#[derive(Clone, Copy)]
pub struct Both<A, B>(pub A, pub B);

fn caller<S, C>(reading: &Reading<'_>, student: S, confined: C) -> Caller<S, C> {
    let me = reading.actor().person_id().unwrap_or(Id::from_uuid(Uuid::nil()));
    Caller { me, now: reading.now(), student, confined }
}

/// `student` is the column with the student's id; see [`RelationsOf`].
pub fn relations_of<S, C>(reading: &Reading<'_>, student: S, confined: C) -> RelationsOf<S, C> {
    RelationsOf(caller(reading, student, confined))
}

/// For lists: true for the rows with which the caller may do `action`.
pub fn may<S, C>(reading: &Reading<'_>, action: Action, student: S, confined: C) -> May<S, C> {
    May { caller: caller(reading, student, confined), relations: relations_that_may(action) }
}

/// The same for rows of which the caller sees at least so much: what they search by, they must see.
pub fn may_see<S, C>(reading: &Reading<'_>, action: Action, least: Sight, student: S, confined: C) -> May<S, C> {
    May { caller: caller(reading, student, confined), relations: relations_that_see(action, least) }
}

/// Reads what [`RelationsOf`] gave.
pub fn relations(text: Option<String>) -> Vec<Relation> {
    text.iter().flat_map(|text| text.split(',')).filter_map(Relation::from_word).collect()
}

impl<S, C> Caller<S, C> {
    fn write<'b, DB>(&'b self, out: &mut AstPass<'_, 'b, DB>) -> QueryResult<()>
    where
        DB: Backend + HasSqlType<SqlId> + HasSqlType<SqlInstant>,
        PersonId: ToSql<SqlId, DB>,
        Instant: ToSql<SqlInstant, DB>,
        S: QueryFragment<DB>,
        C: QueryFragment<DB>,
    {
        out.push_sql(" FROM relations r WHERE r.person_id = ");
        out.push_bind_param::<SqlId, _>(&self.me)?;
        out.push_sql(" AND r.student_id = ");
        self.student.walk_ast(out.reborrow())?;
        out.push_sql(" AND r.from_at <= ");
        out.push_bind_param::<SqlInstant, _>(&self.now)?;
        out.push_sql(" AND (r.until_at IS NULL OR r.until_at > ");
        out.push_bind_param::<SqlInstant, _>(&self.now)?;
        out.push_sql(") AND (r.role_until_at IS NULL OR r.role_until_at > ");
        out.push_bind_param::<SqlInstant, _>(&self.now)?;
        out.push_sql(")");
        self.confined.walk_ast(out.reborrow())
    }
}

impl<S, C, DB> QueryFragment<DB> for RelationsOf<S, C>
where
    DB: Backend + HasSqlType<SqlId> + HasSqlType<SqlInstant>,
    PersonId: ToSql<SqlId, DB>,
    Instant: ToSql<SqlInstant, DB>,
    S: QueryFragment<DB>,
    C: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("(SELECT string_agg(r.relation, ',')");
        self.0.write(&mut out)?;
        out.push_sql(")");
        Ok(())
    }
}

impl<S, C, DB> QueryFragment<DB> for May<S, C>
where
    DB: Backend + HasSqlType<SqlId> + HasSqlType<SqlInstant>,
    PersonId: ToSql<SqlId, DB>,
    Instant: ToSql<SqlInstant, DB>,
    S: QueryFragment<DB>,
    C: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        // How many relations there are varies by action: the statement is not to be cached by type.
        out.unsafe_to_cache_prepared();
        out.push_sql("EXISTS (SELECT 1");
        self.caller.write(&mut out)?;
        out.push_sql(" AND r.relation IN (");
        for (place, relation) in self.relations.iter().enumerate() {
            out.push_sql(if place == 0 { "'" } else { "', '" });
            out.push_sql(relation.word());
        }
        out.push_sql(if self.relations.is_empty() { "NULL))" } else { "'))" });
        Ok(())
    }
}

impl<DB: Backend> QueryFragment<DB> for Anywhere {
    fn walk_ast<'b>(&'b self, _: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        Ok(())
    }
}
impl<Scope: QueryFragment<DB>, DB: Backend> QueryFragment<DB> for OnlyFor<Scope> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(" AND (r.relation <> '");
        out.push_sql(self.0.word());
        out.push_sql("' OR r.scope_id = ");
        self.1.walk_ast(out.reborrow())?;
        out.push_sql(")");
        Ok(())
    }
}

impl<Subject: QueryFragment<DB>, SubjectId: QueryFragment<DB>, DB: Backend> QueryFragment<DB> for AsTold<Subject, SubjectId> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(" AND (r.scope_id IS NULL OR r.scope_id = ");
        self.1.walk_ast(out.reborrow())?;
        out.push_sql(" OR (r.relation = 'proposedCoach' AND ");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(" NOT IN ('handover', 'switch')) OR (r.relation = 'scout' AND r.scope_id = (CASE ");
        self.0.walk_ast(out.reborrow())?;
        for (subject, table) in [("startProgramme", "start_programmes"), ("handover", "handovers"), ("switch", "switches")] {
            out.push_sql(&format!(" WHEN '{subject}' THEN (SELECT e.application_id FROM {table} t JOIN enrolments e"));
            out.push_sql(" ON e.id = t.enrolment_id WHERE t.id = ");
            self.1.walk_ast(out.reborrow())?;
            out.push_sql(")");
        }
        out.push_sql(" WHEN 'enrolment' THEN (SELECT e.application_id FROM enrolments e WHERE e.id = ");
        self.1.walk_ast(out.reborrow())?;
        out.push_sql(") END)))");
        Ok(())
    }
}

impl<A: QueryFragment<DB>, B: QueryFragment<DB>, DB: Backend> QueryFragment<DB> for Both<A, B> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(out.reborrow())?;
        self.1.walk_ast(out)
    }
}

impl<S, C> Expression for RelationsOf<S, C> {
    type SqlType = Nullable<Text>;
}
impl<S, C> Expression for May<S, C> {
    type SqlType = Bool;
}
impl Expression for Anywhere {
    type SqlType = Bool;
}
impl<Scope> Expression for OnlyFor<Scope> {
    type SqlType = Bool;
}
impl<Column, Of> Expression for Among<Column, Of> {
    type SqlType = Bool;
}
impl<Subject, SubjectId> Expression for AsTold<Subject, SubjectId> {
    type SqlType = Bool;
}
impl<QS> AppearsOnTable<QS> for Anywhere {}
impl<Subject: AppearsOnTable<QS>, SubjectId: AppearsOnTable<QS>, QS> AppearsOnTable<QS> for AsTold<Subject, SubjectId> {}
impl<A, B> Expression for Both<A, B> {
    type SqlType = Bool;
}
impl<A: AppearsOnTable<QS>, B: AppearsOnTable<QS>, QS> AppearsOnTable<QS> for Both<A, B> {}
impl<Scope: AppearsOnTable<QS>, QS> AppearsOnTable<QS> for OnlyFor<Scope> {}

macro_rules! expression {
    ($($name:ident),*) => {$(
        impl<S: AppearsOnTable<QS>, C: AppearsOnTable<QS>, QS> AppearsOnTable<QS> for $name<S, C> {}
        impl<S: SelectableExpression<QS>, C: AppearsOnTable<QS>, QS> SelectableExpression<QS> for $name<S, C> {}
        impl<S, C, GroupBy> ValidGrouping<GroupBy> for $name<S, C> {
            type IsAggregate = is_aggregate::Never;
        }
        impl<S, C> QueryId for $name<S, C> {
            type QueryId = ();
            const HAS_STATIC_QUERY_ID: bool = false;
        }
    )*};
}
expression!(RelationsOf, May);
impl<C: AppearsOnTable<QS>, Of, QS> AppearsOnTable<QS> for Among<C, Of> {}
impl<C: SelectableExpression<QS>, Of, QS> SelectableExpression<QS> for Among<C, Of> {}
impl<C, Of, GroupBy> ValidGrouping<GroupBy> for Among<C, Of> {
    type IsAggregate = is_aggregate::Never;
}
impl<C, Of> QueryId for Among<C, Of> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
