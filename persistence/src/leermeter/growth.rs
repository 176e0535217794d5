//! What all rounds of one student say: statements that are as many however much was rated.

use diesel::prelude::*;
use domain::access::Permit;
use domain::kernel::{CompetenceId, FrameworkId, Instant, LandscapeId, RoundId, StudentId};
use domain::leermeter::growth::{Edition, Rated, Scale};
use domain::leermeter::{RaterKind, ScaleLevel, WhoId};

use super::ratings::level;
use super::rounds::{KnownRound, Whole, known, round_columns, whole_rounds};
use crate::columns::{Json, bind};
use crate::schema::{
    competence_frameworks as frameworks, leermeter_rounds as rounds, people, ratings, round_ends as ends, round_raters as raters,
    students,
};
use crate::session::Reading;
use crate::spelling::among;
use crate::trouble::Trouble;

/// All rounds of a student, in the order in which they were opened.
///
/// # Errors
/// Only what the database ends in.
pub fn rounds_of(reading: &mut Reading<'_>, _permit: Permit, student: StudentId) -> Result<Vec<KnownRound>, Trouble> {
    let rows: Vec<Whole> =
        reading.load(whole_rounds!().filter(rounds::student_id.eq(bind(student))).order(rounds::id).select(round_columns!()))?;
    rows.into_iter().map(known).collect()
}

/// The versions of frameworks of a landscape, as far as it matters which go on with which.
///
/// # Errors
/// Only what the database ends in.
pub fn editions(reading: &mut Reading<'_>, _permit: Permit, landscape: LandscapeId) -> Result<Vec<Edition>, Trouble> {
    type Row = (FrameworkId, Option<FrameworkId>, Json<Vec<ScaleLevel>>);
    let rows: Vec<Row> = reading.load(
        frameworks::table
            .filter(frameworks::landscape_id.eq(bind(landscape)))
            .filter(frameworks::published_at.is_not_null())
            .select((frameworks::id, frameworks::previous_id, frameworks::scale)),
    )?;
    let edition = |(id, previous_id, Json(scale)): Row| Edition { id, previous_id, scale: Scale::of(&scale) };
    Ok(rows.into_iter().map(edition).collect())
}

/// What was said in these rounds, of which there are at most [`crate::events::AT_ONCE`].
///
/// # Errors
/// Only what the database ends in.
pub fn ratings_of(reading: &mut Reading<'_>, _permit: Permit, of: Vec<RoundId>) -> Result<Vec<Rated>, Trouble> {
    type Row = (RoundId, RaterKind, WhoId, CompetenceId, Option<i32>, i32, Instant);
    let rows: Vec<Row> = reading.load(
        ratings::table
            .inner_join(raters::table.on(raters::id.eq(ratings::rater_id)))
            .filter(among(ratings::round_id, of.clone()))
            // PostgreSQL would else read all raters there are, for it does not know that these are of the same rounds.
            .filter(among(raters::round_id, of))
            .select((
                ratings::round_id,
                raters::kind,
                raters::who_id,
                ratings::competence_id,
                ratings::level,
                ratings::number,
                ratings::rated_at,
            )),
    )?;
    let rated = |(round_id, rater_kind, who_id, competence_id, stored, number, at): Row| {
        Ok(Rated { round_id, rater_kind, rater: who_id.uuid(), competence_id, level: level(stored)?, at, number })
    };
    rows.into_iter().map(rated).collect()
}
