//! What binds a person to a student (`domain::access::Relation`): the one place that says it, for one row and for lists.
//!
//! A [`Bond`] is one way to be bound, as rows and a condition on them. About a student in a row it is asked with an
//! EXISTS for each bond, which ends at its first index entry. A list goes the other way, from the caller to the
//! students whom they are bound to, so that it costs what they have and not what the college has.
//! Bonds that need a role are left out for who does not hold it: what roles the caller holds is known before.
//! A share of a portfolio entry is a bond, too, but to that entry alone: see [`entries`].

mod bonds;
mod entries;
mod talks;

use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::serialize::ToSql;
use diesel::sql_types::{Bool, HasSqlType, Nullable, Text};
use domain::access::{Action, Actor, HeldRole, Relation, Sight, relations_that_may, relations_that_see};
use domain::kernel::{Id, Instant, PersonId, Word};
use uuid::Uuid;

use bonds::{BONDS, Bond, HELD};
pub use entries::{AnyEntry, OfEntry, readable, still_here};
use entries::{COACH_OF_ENTRY, Way, is_of_one_thing, is_share, ways};
pub use talks::{OfAgreement, OfTalk};

use crate::columns::sql_types::{SqlId, SqlInstant};
use crate::session::Reading;

/// The caller's relations to the student in a row, as one text; empty where there are none.
pub struct RelationsOf<Student, Confined>(Caller<Student, Confined>);

/// Whether one of the caller's relations to a student lets them do something.
pub struct May<Student, Confined>(Caller<Student, Confined>);

struct Caller<Student, Confined> {
    me: PersonId,
    now: Instant,
    ways: Vec<Way>,
    /// What keeps who takes part in a conversation bound to it: whatever else lets them see its student.
    ties: Vec<Way>,
    student: Student,
    confined: Confined,
}

/// `student` is the column with the student's id; see [`RelationsOf`].
pub fn of<S, C: Confinement>(reading: &Reading<'_>, student: S, confined: C) -> RelationsOf<S, C> {
    RelationsOf(caller(reading, |_| true, student, confined))
}

/// The relations of someone else than the caller.
pub fn of_person<S>(reading: &Reading<'_>, person: PersonId, student: S) -> RelationsOf<S, Anywhere> {
    let ways = BONDS.iter().map(Way::of).collect();
    let ties = ties(|_| true);
    RelationsOf(Caller { me: person, now: reading.now(), ways, ties, student, confined: Anywhere })
}

/// For lists: true for the rows with which the caller may do `action`.
pub fn may<S, C: Confinement>(reading: &Reading<'_>, action: Action, student: S, confined: C) -> May<S, C> {
    let relations = relations_that_may(action);
    May(caller(reading, |relation| relations.contains(&relation), student, confined))
}

/// The same for rows of which the caller sees at least so much: what they search by, they must see.
pub fn may_see<S, C: Confinement>(reading: &Reading<'_>, action: Action, least: Sight, student: S, confined: C) -> May<S, C> {
    let relations = relations_that_see(action, least);
    May(caller(reading, |relation| relations.contains(&relation), student, confined))
}

/// Reads what [`RelationsOf`] gave.
pub fn read(text: Option<String>) -> Vec<Relation> {
    text.iter().flat_map(|text| text.split(',')).filter_map(Relation::from_word).collect()
}

fn caller<S, C: Confinement>(reading: &Reading<'_>, counts: impl Fn(Relation) -> bool, student: S, confined: C) -> Caller<S, C> {
    let (me, roles): (PersonId, &[HeldRole]) = match reading.actor() {
        Actor::Person { id, roles, .. } => (*id, roles),
        Actor::Anonymous | Actor::Service { .. } | Actor::System { .. } => (Id::from_uuid(Uuid::nil()), &[]),
    };
    let is_possible = |bond: &Bond| bond.role.is_none_or(|role| roles.iter().any(|held| held.role == role));
    let ways: Vec<Way> = if matches!(reading.actor(), Actor::Person { .. }) {
        let counts = |relation| counts(relation) && confined.regards(relation);
        ways().filter(|way| counts(way.relation()) && is_possible(way.bond)).collect()
    } else {
        Vec::new()
    };
    let takes_part = ways.iter().any(|way| way.relation() == Relation::Participant);
    let ties = if takes_part { ties(is_possible) } else { Vec::new() };
    Caller { me, now: reading.now(), ways, ties, student, confined }
}

/// The bonds that let one see a student and that someone can have.
fn ties(is_possible: impl Fn(&Bond) -> bool) -> Vec<Way> {
    let relations = relations_that_may(Action::ReadStudent);
    BONDS.iter().filter(|bond| relations.contains(&bond.relation) && is_possible(bond)).map(Way::of).collect()
}

/// To what a bond with a scope holds.
pub trait Confinement {
    /// Does this relation count here at all? A share is of an entry and of nothing else, and taking part of a conversation.
    fn regards(&self, relation: Relation) -> bool {
        !is_of_one_thing(relation)
    }

    /// Is this way to be bound held to its scope here?
    fn confines(&self, way: &Way) -> bool;
}

/// Writes the condition that a confined bond must meet.
pub trait Confine<DB: Backend>: Confinement {
    /// # Errors
    /// Those of the query builder.
    fn confine<'b>(&'b self, way: &Way, out: AstPass<'_, 'b, DB>) -> QueryResult<()>;
}

/// Holds wherever it holds at all.
#[derive(Clone, Copy)]
pub struct Anywhere;

/// A relation that counts only where its scope is the one in this column.
#[derive(Clone, Copy)]
pub struct OnlyFor<Scope>(pub Relation, pub Scope);

/// Both confinements.
#[derive(Clone, Copy)]
pub struct Both<A, B>(pub A, pub B);

/// For the log of events: a proposed coach knows of the handover or switch that asks them and of no other; a scout of
/// the application that came to their landscape and of what followed from that one; a workplace trainer of the placement
/// that runs, of the LWPs that are done at it and of the student's rounds; an invited rater of the round; a coach, and with whom it is
/// shared, of a portfolio entry that they may read now; who takes part in a conversation of that one and what was agreed in it;
/// a team leader of one that was held and is no care. The columns are the event's subject and the subject's id.
#[derive(Clone, Copy)]
pub struct AsTold<Subject, SubjectId>(pub Subject, pub SubjectId);

impl Confinement for Anywhere {
    fn confines(&self, _: &Way) -> bool {
        false
    }
}
impl<Scope> Confinement for OnlyFor<Scope> {
    fn confines(&self, way: &Way) -> bool {
        way.relation() == self.0
    }
}
impl<A: Confinement, B: Confinement> Confinement for Both<A, B> {
    fn confines(&self, way: &Way) -> bool {
        self.0.confines(way) || self.1.confines(way)
    }
}
impl<Subject, SubjectId> Confinement for AsTold<Subject, SubjectId> {
    fn regards(&self, _: Relation) -> bool {
        true
    }
    fn confines(&self, way: &Way) -> bool {
        way.scope().is_some() || way.relation() == Relation::ResponsibleCoach || talks::told_of(way.relation()).is_some()
    }
}

impl<DB: Backend> Confine<DB> for Anywhere {
    fn confine<'b>(&'b self, _: &Way, _: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        Ok(())
    }
}

impl<Scope: QueryFragment<DB>, DB: Backend> Confine<DB> for OnlyFor<Scope> {
    fn confine<'b>(&'b self, way: &Way, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if !self.confines(way) {
            return Ok(());
        }
        out.push_sql(" AND ");
        out.push_sql(way.scope().unwrap_or("NULL"));
        out.push_sql(" = ");
        self.1.walk_ast(out)
    }
}

impl<A: Confine<DB>, B: Confine<DB>, DB: Backend> Confine<DB> for Both<A, B> {
    fn confine<'b>(&'b self, way: &Way, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.confine(way, out.reborrow())?;
        self.1.confine(way, out)
    }
}

/// What an application leads to: the subjects of events that belong to one of its enrolments, and their tables.
const FOLLOWING: [(&str, &str); 3] = [("startProgramme", "start_programmes"), ("handover", "handovers"), ("switch", "switches")];

/// The placement or conversation that the subject of an event belongs to.
const LEADING: [(&str, &str); 4] = [
    ("lwpAssignment", "t.placement_id FROM lwp_assignments t WHERE 1 = 1"),
    ("conversation", "t.placement_id FROM conversations t WHERE NOT t.care"),
    ("leermeterRater", "t.round_id FROM round_raters t WHERE 1 = 1"),
    ("agreement", "t.conversation_id FROM agreements t WHERE 1 = 1"),
];

impl<Subject: QueryFragment<DB>, SubjectId: QueryFragment<DB>, DB: Backend> Confine<DB> for AsTold<Subject, SubjectId> {
    fn confine<'b>(&'b self, way: &Way, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if way.relation() == Relation::ResponsibleCoach {
            out.push_sql(" AND (");
            self.0.walk_ast(out.reborrow())?;
            out.push_sql(" <> 'portfolioEntry' OR EXISTS (SELECT 1 FROM portfolio_entries own WHERE own.id = ");
            self.1.walk_ast(out.reborrow())?;
            out.push_sql(" AND own.withdrawn_at IS NULL AND ");
            out.push_sql(COACH_OF_ENTRY);
            out.push_sql("))");
        }
        if let Some(talk) = talks::told_of(way.relation()) {
            out.push_sql(" AND (");
            self.0.walk_ast(out.reborrow())?;
            out.push_sql(" NOT IN ('conversation', 'agreement') OR EXISTS (SELECT 1 FROM conversations talk WHERE talk.id = ");
            self.1.walk_ast(out.reborrow())?;
            out.push_sql(talk);
            out.push_sql(") OR EXISTS (SELECT 1 FROM agreements agreed WHERE agreed.id = ");
            self.1.walk_ast(out.reborrow())?;
            out.push_sql(" AND NOT agreed.care))");
        }
        let Some(scope) = way.scope() else { return Ok(()) };
        if is_share(way.relation()) {
            out.push_sql(" AND ");
            self.0.walk_ast(out.reborrow())?;
            out.push_sql(" = 'portfolioEntry' AND ");
            out.push_sql(scope);
            out.push_sql(" = ");
            return self.1.walk_ast(out);
        }
        out.push_sql(" AND (");
        out.push_sql(scope);
        out.push_sql(" = ");
        self.1.walk_ast(out.reborrow())?;
        if way.relation() == Relation::ProposedCoach {
            out.push_sql(" OR ");
            self.0.walk_ast(out.reborrow())?;
            out.push_sql(" NOT IN ('handover', 'switch')");
        } else {
            out.push_sql(" OR ");
            out.push_sql(scope);
            out.push_sql(" = (CASE ");
            self.0.walk_ast(out.reborrow())?;
            for (subject, table) in FOLLOWING {
                out.push_sql(&format!(" WHEN '{subject}' THEN (SELECT e.application_id FROM {table} t JOIN enrolments e"));
                out.push_sql(" ON e.id = t.enrolment_id WHERE t.id = ");
                self.1.walk_ast(out.reborrow())?;
                out.push_sql(")");
            }
            for (subject, leads_to) in LEADING {
                out.push_sql(&format!(" WHEN '{subject}' THEN (SELECT {leads_to} AND t.id = "));
                self.1.walk_ast(out.reborrow())?;
                out.push_sql(")");
            }
            out.push_sql(" WHEN 'enrolment' THEN (SELECT e.application_id FROM enrolments e WHERE e.id = ");
            self.1.walk_ast(out.reborrow())?;
            out.push_sql(") END)");
        }
        if way.relation() == Relation::WorkplaceTrainer {
            out.push_sql(" OR ");
            self.0.walk_ast(out.reborrow())?;
            out.push_sql(" IN ('leermeterRound', 'leermeterRater')");
        }
        out.push_sql(")");
        Ok(())
    }
}

impl<S, C> Caller<S, C> {
    /// ` FROM rows WHERE condition`, with these tables joined to the rows.
    fn bound<'b, DB>(&'b self, way: &Way, joined: &str, out: &mut AstPass<'_, 'b, DB>) -> QueryResult<()>
    where
        DB: Backend + HasSqlType<SqlId> + HasSqlType<SqlInstant>,
        PersonId: ToSql<SqlId, DB>,
        Instant: ToSql<SqlInstant, DB>,
    {
        let bond = way.bond;
        out.push_sql(" FROM ");
        out.push_sql(bond.rows);
        way.join(out);
        out.push_sql(joined);
        out.push_sql(" WHERE ");
        if let Some(role) = bond.role {
            self.condition(HELD, out)?;
            out.push_sql(&format!("'{}'", role.word()));
            out.push_sql(if bond.condition.is_empty() { "" } else { " AND " });
        }
        self.condition(bond.condition, out)?;
        self.condition(way.condition(), out)?;
        if way.relation() == Relation::Participant { self.tied(bond.student, out) } else { Ok(()) }
    }

    /// ` AND (...)`: this person is bound to the student by something else, too. Who took part in a conversation and has nothing to do
    /// with its student any more sees nothing of it.
    fn tied<'b, DB>(&'b self, student: &str, out: &mut AstPass<'_, 'b, DB>) -> QueryResult<()>
    where
        DB: Backend + HasSqlType<SqlId> + HasSqlType<SqlInstant>,
        PersonId: ToSql<SqlId, DB>,
        Instant: ToSql<SqlInstant, DB>,
    {
        out.push_sql(" AND (1 = 0");
        for tie in &self.ties {
            out.push_sql(" OR EXISTS (SELECT 1");
            self.bound(tie, "", out)?;
            out.push_sql(&format!(" AND {} = {student})", tie.bond.student));
        }
        out.push_sql(")");
        Ok(())
    }

    /// A condition, with the person and the moment bound where they stand in it.
    fn condition<'b, DB>(&'b self, text: &str, out: &mut AstPass<'_, 'b, DB>) -> QueryResult<()>
    where
        DB: Backend + HasSqlType<SqlId> + HasSqlType<SqlInstant>,
        PersonId: ToSql<SqlId, DB>,
        Instant: ToSql<SqlInstant, DB>,
    {
        for (place, part) in text.split(':').enumerate() {
            let rest = match (place, part.strip_prefix("me"), part.strip_prefix("now")) {
                (0, ..) | (_, None, None) => part,
                (_, Some(rest), _) => {
                    out.push_bind_param::<SqlId, _>(&self.me)?;
                    rest
                }
                (_, None, Some(rest)) => {
                    out.push_bind_param::<SqlInstant, _>(&self.now)?;
                    rest
                }
            };
            out.push_sql(rest);
        }
        Ok(())
    }

    /// `EXISTS (...)`: is the student in the row bound to the caller in this way?
    fn exists<'b, DB>(&'b self, way: &Way, out: &mut AstPass<'_, 'b, DB>) -> QueryResult<()>
    where
        DB: Backend + HasSqlType<SqlId> + HasSqlType<SqlInstant>,
        PersonId: ToSql<SqlId, DB>,
        Instant: ToSql<SqlInstant, DB>,
        S: QueryFragment<DB>,
        C: Confine<DB>,
    {
        out.push_sql("EXISTS (SELECT 1");
        self.bound(way, "", out)?;
        out.push_sql(" AND ");
        out.push_sql(way.bond.student);
        out.push_sql(" = ");
        self.student.walk_ast(out.reborrow())?;
        self.confined.confine(way, out.reborrow())?;
        out.push_sql(")");
        Ok(())
    }
}

impl<S, C, DB> QueryFragment<DB> for RelationsOf<S, C>
where
    DB: Backend + HasSqlType<SqlId> + HasSqlType<SqlInstant>,
    PersonId: ToSql<SqlId, DB>,
    Instant: ToSql<SqlInstant, DB>,
    S: QueryFragment<DB>,
    C: Confine<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("(''");
        for way in &self.0.ways {
            out.push_sql(" || CASE WHEN ");
            self.0.exists(way, &mut out)?;
            out.push_sql(" THEN '");
            out.push_sql(way.relation().word());
            out.push_sql(",' ELSE '' END");
        }
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
    C: Confine<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let caller = &self.0;
        if caller.ways.is_empty() {
            out.push_sql("(1 = 0)");
            return Ok(());
        }
        out.push_sql("(");
        caller.student.walk_ast(out.reborrow())?;
        out.push_sql(" IN (");
        for (place, way) in caller.ways.iter().enumerate() {
            out.push_sql(if place == 0 { "SELECT " } else { " UNION ALL SELECT " });
            out.push_sql(way.bond.student);
            caller.bound(way, "", &mut out)?;
        }
        out.push_sql(")");
        // The students are found; which of their rows remains to be asked only of a bond that is confined.
        if caller.ways.iter().any(|way| caller.confined.confines(way)) {
            for (place, way) in caller.ways.iter().enumerate() {
                out.push_sql(if place == 0 { " AND (" } else { " OR " });
                caller.exists(way, &mut out)?;
            }
            out.push_sql(")");
        }
        out.push_sql(")");
        Ok(())
    }
}

impl<S, C> Expression for RelationsOf<S, C> {
    type SqlType = Nullable<Text>;
}
impl<S, C> Expression for May<S, C> {
    type SqlType = Bool;
}

/// What a confinement's columns must come from.
pub trait Within<QS> {}
impl<QS> Within<QS> for Anywhere {}
impl<Scope: AppearsOnTable<QS>, QS> Within<QS> for OnlyFor<Scope> {}
impl<A: Within<QS>, B: Within<QS>, QS> Within<QS> for Both<A, B> {}
impl<Subject: AppearsOnTable<QS>, SubjectId: AppearsOnTable<QS>, QS> Within<QS> for AsTold<Subject, SubjectId> {}

macro_rules! expression {
    ($($name:ident),*) => {$(
        impl<S: AppearsOnTable<QS>, C: Within<QS>, QS> AppearsOnTable<QS> for $name<S, C> {}
        impl<S: SelectableExpression<QS>, C: Within<QS>, QS> SelectableExpression<QS> for $name<S, C> {}
        impl<S, C, GroupBy> ValidGrouping<GroupBy> for $name<S, C> {
            type IsAggregate = is_aggregate::Never;
        }
        // The text differs by what roles the caller holds: it is prepared once for each text.
        impl<S, C> QueryId for $name<S, C> {
            type QueryId = ();
            const HAS_STATIC_QUERY_ID: bool = false;
        }
    )*};
}
expression!(RelationsOf, May);
