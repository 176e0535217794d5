//! Who may read a portfolio entry (PF-2): the owner, the responsible coach of a `coach` entry, and with whom it is shared.
//!
//! A share with a relation (`teacher`) is that bond once more, joined to the share: whoever is bound so at this moment.
//! Setting an entry to `private` ends its shares; that a share opens no private entry is said here besides.

use std::sync::LazyLock;

use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::serialize::ToSql;
use diesel::sql_types::{Bool, HasSqlType};
use domain::access::{Action, Relation, relations_that_may};
use domain::kernel::{Instant, PersonId, StudentId, Word};
use domain::portfolio::ShareRole;

use super::{BONDS, Bond, Caller, Confine, Confinement, Within};
use crate::columns::sql_types::{SqlId, SqlInstant};
use crate::schema::portfolio_shares;
use crate::session::Reading;

/// That the entry in `own` is one that the responsible coach sees.
pub const COACH_OF_ENTRY: &str = "own.visibility = 'coach'";

const HOLDS: &str = " AND share.ended_at IS NULL AND (share.until_at IS NULL OR share.until_at > :now)";
const HOLDS_FOR_COMMENT: &str =
    " AND share.ended_at IS NULL AND (share.until_at IS NULL OR share.until_at > :now) AND share.may_comment";

/// That the person of a share has to do with the college or the student now: works here, learns here, is the student's
/// guardian, or trains the student. Who has not sees nothing of what was once shared with them.
macro_rules! still_here {
    ($share:literal) => {
        concat!(
            "(EXISTS (SELECT 1 FROM roles still WHERE still.person_id = ",
            $share,
            ".person_id AND still.role <> 'workplaceTrainer' AND still.from_at <= :now AND (still.until_at IS NULL OR still.until_at > :now))",
            " OR EXISTS (SELECT 1 FROM students still WHERE still.id = ",
            $share,
            ".person_id AND still.active)",
            " OR EXISTS (SELECT 1 FROM guardianships still WHERE still.guardian_id = ",
            $share,
            ".person_id AND still.student_id = ",
            $share,
            ".student_id AND still.from_at <= :now AND (still.until_at IS NULL OR still.until_at > :now)",
            " AND (still.eighteen_at > :now OR still.consented_at IS NOT NULL))",
            " OR EXISTS (SELECT 1 FROM placements still WHERE still.trainer_id = ",
            $share,
            ".person_id AND still.student_id = ",
            $share,
            ".student_id AND still.from_at <= :now AND still.until_at > :now))"
        )
    };
}

/// Shares with the person.
static WITH_PERSON: Bond = Bond {
    relation: Relation::Shared,
    role: None,
    rows: "portfolio_shares share",
    condition: concat!("share.person_id = :me AND ", still_here!("share")),
    student: "share.student_id",
    scope: Some("share.entry_id"),
};

/// Shares with whoever holds a role in a team now.
static WITH_TEAM: Bond = Bond {
    relation: Relation::Shared,
    role: None,
    rows: "roles held JOIN portfolio_shares share ON share.team_id = held.team_id",
    condition: "held.person_id = :me AND held.from_at <= :now AND (held.until_at IS NULL OR held.until_at > :now)",
    student: "share.student_id",
    scope: Some("share.entry_id"),
};

/// The word for a relation with whom an entry can be shared.
const fn share_role(relation: Relation) -> Option<ShareRole> {
    match relation {
        Relation::ResponsibleCoach => Some(ShareRole::Coach),
        Relation::Teacher => Some(ShareRole::Teacher),
        Relation::TeamLeader => Some(ShareRole::TeamLeader),
        Relation::SabAdviser => Some(ShareRole::SabAdviser),
        Relation::WorkplaceTrainer => Some(ShareRole::WorkplaceTrainer),
        Relation::GuardianUnder16 | Relation::Guardian16 | Relation::Guardian18 => Some(ShareRole::Guardian),
        Relation::Student
        | Relation::ProposedCoach
        | Relation::Scout
        | Relation::LandscapeManager
        | Relation::InvitedRater
        | Relation::Participant
        | Relation::Shared
        | Relation::SharedForComment => None,
    }
}

pub const fn is_share(relation: Relation) -> bool {
    matches!(relation, Relation::Shared | Relation::SharedForComment)
}

/// Does it bind to one thing of a student, and to nothing else of them?
pub const fn is_of_one_thing(relation: Relation) -> bool {
    is_share(relation) || matches!(relation, Relation::Participant)
}

/// A way to be bound: a bond, by itself or through a share.
#[derive(Clone, Copy)]
pub struct Way {
    pub(super) bond: &'static Bond,
    /// Which of the two a share leads to, and with which relation it is where not with a person or a team.
    share: Option<(Relation, Option<ShareRole>)>,
}

static SHARES: LazyLock<Vec<Way>> = LazyLock::new(|| {
    let with_relation = BONDS.iter().filter_map(|bond| Some((bond, Some(share_role(bond.relation)?))));
    let with = [(&WITH_PERSON, None), (&WITH_TEAM, None)].into_iter().chain(with_relation);
    with.flat_map(|(bond, role)| {
        [Relation::Shared, Relation::SharedForComment].map(|relation| Way { bond, share: Some((relation, role)) })
    })
    .collect()
});

/// Every way to be bound.
pub fn ways() -> impl Iterator<Item = Way> {
    BONDS.iter().map(Way::of).chain(SHARES.iter().copied())
}

impl Way {
    pub(super) const fn of(bond: &'static Bond) -> Self {
        Self { bond, share: None }
    }

    pub(super) fn relation(&self) -> Relation {
        self.share.map_or(self.bond.relation, |(relation, _)| relation)
    }

    pub(super) fn scope(&self) -> Option<&'static str> {
        if self.share.is_some() { Some("share.entry_id") } else { self.bond.scope }
    }

    /// Joins the share to the rows of its bond.
    pub(super) fn join<DB: Backend>(&self, out: &mut AstPass<'_, '_, DB>) {
        if let Some((_, Some(role))) = self.share {
            let student = self.bond.student;
            let role = role.word();
            out.push_sql(&format!(" JOIN portfolio_shares share ON share.student_id = {student} AND share.role = '{role}'"));
        }
    }

    /// What must hold besides the condition of its bond.
    pub(super) fn condition(&self) -> &'static str {
        match self.share {
            None => "",
            Some((Relation::SharedForComment, _)) => HOLDS_FOR_COMMENT,
            Some(_) => HOLDS,
        }
    }
}

/// Of the entry with this id and this visibility.
#[derive(Clone, Copy)]
pub struct OfEntry<EntryId, Visibility>(pub EntryId, pub Visibility);

impl<EntryId, Visibility> Confinement for OfEntry<EntryId, Visibility> {
    fn regards(&self, relation: Relation) -> bool {
        matches!(relation, Relation::Student | Relation::ResponsibleCoach) || is_share(relation)
    }
    fn confines(&self, way: &Way) -> bool {
        way.relation() == Relation::ResponsibleCoach || is_share(way.relation())
    }
}

impl<EntryId: QueryFragment<DB>, Visibility: QueryFragment<DB>, DB: Backend> Confine<DB> for OfEntry<EntryId, Visibility> {
    fn confine<'b>(&'b self, way: &Way, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if is_share(way.relation()) {
            out.push_sql(" AND share.entry_id = ");
            self.0.walk_ast(out.reborrow())?;
            out.push_sql(" AND ");
            self.1.walk_ast(out.reborrow())?;
            out.push_sql(" <> 'private'");
        } else if way.relation() == Relation::ResponsibleCoach {
            out.push_sql(" AND ");
            self.1.walk_ast(out.reborrow())?;
            out.push_sql(" = 'coach'");
        }
        Ok(())
    }
}
impl<EntryId: AppearsOnTable<QS>, Visibility: AppearsOnTable<QS>, QS> Within<QS> for OfEntry<EntryId, Visibility> {}

/// Of a student, of whom any entry that is shared will do.
#[derive(Clone, Copy)]
pub struct AnyEntry;

impl Confinement for AnyEntry {
    fn regards(&self, _: Relation) -> bool {
        true
    }
    fn confines(&self, _: &Way) -> bool {
        false
    }
}
impl<DB: Backend> Confine<DB> for AnyEntry {
    fn confine<'b>(&'b self, _: &Way, _: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        Ok(())
    }
}
impl<QS> Within<QS> for AnyEntry {}

/// Whether the caller may read an entry. Of one student each entry is looked at; of all students the ids of those that
/// may be read come first, so that it costs what the caller may read and not what the college has.
pub struct Readable<Student, EntryId, Visibility> {
    caller: Caller<Student, OfEntry<EntryId, Visibility>>,
    of_one_student: Option<StudentId>,
    each: bool,
}

impl<Student, EntryId, Visibility> Readable<Student, EntryId, Visibility> {
    /// Each entry is looked at, because something else says which few there are.
    #[must_use]
    pub fn of_few(self, few: bool) -> Self {
        Self { each: self.each || few, ..self }
    }
}

/// See [`Readable`]; the columns are the entry's.
pub fn readable<S, E, V>(
    reading: &Reading<'_>,
    of_one_student: Option<StudentId>,
    student: S,
    id: E,
    visibility: V,
) -> Readable<S, E, V> {
    let relations = relations_that_may(Action::ReadEntry);
    let caller = super::caller(reading, |relation| relations.contains(&relation), student, OfEntry(id, visibility));
    Readable { caller, of_one_student, each: of_one_student.is_some() }
}

impl<S, E, V, DB> QueryFragment<DB> for Readable<S, E, V>
where
    DB: Backend + HasSqlType<SqlId> + HasSqlType<SqlInstant>,
    PersonId: ToSql<SqlId, DB>,
    StudentId: ToSql<SqlId, DB>,
    Instant: ToSql<SqlInstant, DB>,
    S: QueryFragment<DB>,
    E: QueryFragment<DB>,
    V: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let Self { caller, of_one_student, each } = self;
        if caller.ways.is_empty() {
            out.push_sql("(1 = 0)");
            return Ok(());
        }
        if *each {
            out.push_sql("(");
            if let Some(student) = of_one_student {
                caller.student.walk_ast(out.reborrow())?;
                out.push_sql(" = ");
                out.push_bind_param::<SqlId, _>(student)?;
                out.push_sql(" AND ");
            }
            for (place, way) in caller.ways.iter().enumerate() {
                out.push_sql(if place == 0 { "(" } else { " OR " });
                caller.exists(way, &mut out)?;
            }
            out.push_sql("))");
            return Ok(());
        }
        out.push_sql("(");
        caller.confined.0.walk_ast(out.reborrow())?;
        out.push_sql(" IN (");
        for (place, way) in caller.ways.iter().enumerate() {
            out.push_sql(if place == 0 { "SELECT own.id" } else { " UNION ALL SELECT own.id" });
            let to_the_entry = if is_share(way.relation()) { " AND own.id = share.entry_id" } else { "" };
            let own = format!(" JOIN portfolio_entries own ON own.student_id = {}{to_the_entry}", way.bond.student);
            caller.bound(way, &own, &mut out)?;
            if is_share(way.relation()) {
                out.push_sql(" AND own.visibility <> 'private'");
            } else if way.relation() == Relation::ResponsibleCoach {
                out.push_sql(" AND ");
                out.push_sql(COACH_OF_ENTRY);
            }
        }
        out.push_sql("))");
        Ok(())
    }
}

impl<S, E, V> Expression for Readable<S, E, V> {
    type SqlType = Bool;
}
impl<S: AppearsOnTable<QS>, E: AppearsOnTable<QS>, V: AppearsOnTable<QS>, QS> AppearsOnTable<QS> for Readable<S, E, V> {}
impl<S: SelectableExpression<QS>, E: SelectableExpression<QS>, V: SelectableExpression<QS>, QS> SelectableExpression<QS>
    for Readable<S, E, V>
{
}
impl<S, E, V, GroupBy> ValidGrouping<GroupBy> for Readable<S, E, V> {
    type IsAggregate = is_aggregate::Never;
}
impl<S, E, V> QueryId for Readable<S, E, V> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

/// For lists of shares: has the person of one that is with a person still to do with the college or the student?
pub struct StillHere(Instant);

/// See [`StillHere`].
pub fn still_here(reading: &Reading<'_>) -> StillHere {
    StillHere(reading.now())
}

impl<DB> QueryFragment<DB> for StillHere
where
    DB: Backend + HasSqlType<SqlInstant>,
    Instant: ToSql<SqlInstant, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        for (place, part) in still_here!("portfolio_shares").split(":now").enumerate() {
            if place > 0 {
                out.push_bind_param::<SqlInstant, _>(&self.0)?;
            }
            out.push_sql(part);
        }
        Ok(())
    }
}
impl Expression for StillHere {
    type SqlType = Bool;
}
impl<QS> AppearsOnTable<QS> for StillHere where portfolio_shares::person_id: AppearsOnTable<QS> {}
impl<QS> SelectableExpression<QS> for StillHere where portfolio_shares::person_id: AppearsOnTable<QS> {}
impl<GroupBy> ValidGrouping<GroupBy> for StillHere {
    type IsAggregate = is_aggregate::Never;
}
impl QueryId for StillHere {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}
