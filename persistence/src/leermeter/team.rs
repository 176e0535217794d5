//! What students of a team were rated, for who sees no single one of them: counted by the database, in two statements.

use chrono::NaiveDate;
use diesel::dsl::{count, count_star, not};
use diesel::prelude::*;
use domain::access::Permit;
use domain::kernel::{CompetenceId, FrameworkId, TeamId};
use domain::leermeter::RaterKind;
use domain::leermeter::team::Counted;

use super::ratings::level;
use crate::columns::bind;
use crate::schema::{leermeter_rounds as rounds, ratings, round_raters as raters};
use crate::session::Reading;
use crate::spelling::among;
use crate::trouble::Trouble;

diesel::alias! {
    const NEWER: Alias<Newer> = ratings as newer;
}

diesel::allow_columns_to_appear_in_same_group_by_clause!(ratings::competence_id, ratings::level, rounds::month, raters::kind,);

/// The framework of the newest round of a team that is closed, if there is one.
///
/// # Errors
/// Only what the database ends in.
pub fn newest_framework(reading: &mut Reading<'_>, _permit: Permit, team: TeamId) -> Result<Option<FrameworkId>, Trouble> {
    let now = reading.now();
    reading.first(
        rounds::table
            .filter(rounds::team_id.eq(bind(team)))
            .filter(rounds::until_at.le(bind(now)))
            .order((rounds::month.desc(), rounds::id.desc()))
            .limit(1)
            .select(rounds::framework_id),
    )
}

/// How often each level was given, and to how many students, by competence, month and kind of rater: in rounds of students who were in
/// this team then, by these frameworks, that were opened before this month and are closed. Of each rater in each round the newest
/// counts.
///
/// # Errors
/// Only what the database ends in.
pub fn counted(
    reading: &mut Reading<'_>,
    _permit: Permit,
    team: TeamId,
    frameworks: &[FrameworkId],
    before: NaiveDate,
) -> Result<Vec<Counted>, Trouble> {
    let now = reading.now();
    macro_rules! such {
        () => {
            rounds::table
                .inner_join(raters::table.on(raters::round_id.eq(rounds::id)))
                .inner_join(ratings::table.on(ratings::round_id.eq(rounds::id).and(ratings::rater_id.eq(raters::id))))
                .filter(rounds::team_id.eq(bind(team)))
                .filter(among(rounds::framework_id, frameworks.to_vec()))
                .filter(rounds::month.lt(before))
                .filter(rounds::until_at.le(bind(now)))
                .filter(ratings::level.is_not_null())
                .filter(not(diesel::dsl::exists(
                    NEWER
                        .filter(NEWER.field(ratings::rater_id).eq(ratings::rater_id))
                        .filter(NEWER.field(ratings::competence_id).eq(ratings::competence_id))
                        .filter(NEWER.field(ratings::number).gt(ratings::number))
                        .select(NEWER.field(ratings::number)),
                )))
        };
    }
    type Cell = (CompetenceId, NaiveDate, RaterKind);
    let students: Vec<(Cell, i64)> = reading.load(
        such!()
            .group_by((ratings::competence_id, rounds::month, raters::kind))
            .order((ratings::competence_id, rounds::month, raters::kind))
            .select(((ratings::competence_id, rounds::month, raters::kind), count(rounds::student_id).aggregate_distinct())),
    )?;
    let levels: Vec<(Cell, Option<i32>, i64)> =
        reading.load(such!().group_by((ratings::competence_id, rounds::month, raters::kind, ratings::level)).select((
            (ratings::competence_id, rounds::month, raters::kind),
            ratings::level,
            count_star(),
        )))?;
    let cell = |(cell, students): (Cell, i64)| {
        let given = levels.iter().filter(|(of, ..)| *of == cell);
        let given = given.filter_map(|(_, stored, times)| Some((level(*stored).transpose()?, *times)));
        let levels = given.map(|(level, times)| Ok((level?, u32::try_from(times).unwrap_or(u32::MAX))));
        let (competence_id, month, rater_kind) = cell;
        let levels = levels.collect::<Result<_, Trouble>>()?;
        Ok(Counted { competence_id, month, rater_kind, students: u32::try_from(students).unwrap_or(u32::MAX), levels })
    };
    students.into_iter().map(cell).collect()
}
