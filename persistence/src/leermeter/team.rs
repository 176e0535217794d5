//! What students of a team were rated, for who sees no single one of them: two statements, of which the rows grow with what the team was
//! rated and with nothing else.

use std::collections::HashMap;

use diesel::dsl::exists;
use diesel::prelude::*;
use domain::access::Permit;
use domain::kernel::{CompetenceId, FrameworkId, Instant, RaterId, StudentId, TeamId};
use domain::leermeter::team::{End, TeamRated, month_of};
use domain::leermeter::{RaterKind, WhoId};

use super::ratings::level;
use crate::columns::bind;
use crate::schema::{leermeter_rounds as rounds, ratings, round_ends as ends, round_raters as raters};
use crate::session::Reading;
use crate::spelling::among;
use crate::trouble::Trouble;

diesel::alias! {
    const EARLIER: Alias<Earlier> = ends as earlier;
}

/// The framework of the round of a team that ended last before this moment, if there is one.
///
/// # Errors
/// Only what the database ends in.
pub fn newest_framework(
    reading: &mut Reading<'_>,
    _permit: Permit,
    team: TeamId,
    before: Instant,
) -> Result<Option<FrameworkId>, Trouble> {
    reading.first(
        rounds::table
            .filter(rounds::team_id.eq(bind(team)))
            .filter(rounds::until_at.lt(bind(before)))
            .order((rounds::until_at.desc(), rounds::framework_id.desc()))
            .limit(1)
            .select(rounds::framework_id),
    )
}

/// What was said of students who were in this team when their round was opened, by these frameworks, in rounds that ended before this
/// moment, be it that they were opened again.
///
/// # Errors
/// Only what the database ends in.
pub fn rated(
    reading: &mut Reading<'_>,
    _permit: Permit,
    team: TeamId,
    frameworks: &[FrameworkId],
    before: Instant,
) -> Result<Vec<TeamRated>, Trouble> {
    macro_rules! ended {
        () => {{
            let ended = EARLIER
                .filter(EARLIER.field(ends::round_id).eq(rounds::id))
                .filter(EARLIER.field(ends::ended_at).lt(bind(before)));
            rounds::team_id
                .eq(bind(team))
                .and(among(rounds::framework_id, frameworks.to_vec()))
                .and(rounds::until_at.lt(bind(before)).or(exists(ended.select(EARLIER.field(ends::ended_at)))))
        }};
    }
    // Who rated and when their round ended, once and not with each rating.
    type Rates = (RaterId, StudentId, RaterKind, WhoId, Instant, Option<Instant>);
    let found: Vec<Rates> = reading.load(
        rounds::table
            .inner_join(raters::table.on(raters::round_id.eq(rounds::id)))
            .left_join(ends::table.on(ends::round_id.eq(rounds::id)))
            .filter(ended!())
            .filter(raters::withdrawn_at.is_null())
            .select((raters::id, rounds::student_id, raters::kind, raters::who_id, rounds::until_at, ends::ended_at.nullable())),
    )?;
    let mut known: HashMap<RaterId, (StudentId, RaterKind, WhoId, Vec<End>)> = HashMap::new();
    for (rater, student, kind, who, until_at, ended_at) in found {
        let (.., of_round) = known.entry(rater).or_insert_with(|| (student, kind, who, Vec::new()));
        of_round.extend([Some(until_at), ended_at].into_iter().flatten().filter(|end| *end < before).map(End::at));
    }
    type Said = (RaterId, CompetenceId, Option<i32>, Instant, i32);
    let said: Vec<Said> =
        reading.load(rounds::table.inner_join(ratings::table.on(ratings::round_id.eq(rounds::id))).filter(ended!()).select((
            ratings::rater_id,
            ratings::competence_id,
            ratings::level,
            ratings::rated_at,
            ratings::number,
        )))?;
    let of_month = |(rater, competence_id, stored, at, number): Said| {
        let (student_id, rater_kind, who, ends) = known.get(&rater)?;
        let month = month_of(at, ends)?;
        let (student_id, rater_kind, rater) = (*student_id, *rater_kind, who.uuid());
        let rated = |level| TeamRated { competence_id, month, rater_kind, student_id, rater, level, at, number };
        Some(level(stored).map(rated))
    };
    said.into_iter().filter_map(of_month).collect()
}
