//! Whose programme is still to begin: for want of a template, or because the first day is to come (SP-2).

use chrono::NaiveDate;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use domain::access::Permit;
use domain::kernel::{EnrolmentId, LandscapeId, StudentId};
use domain::start_programme::{ProgrammeStateName, SchoolYear};

use super::week_number;
use crate::columns::bind;
use crate::schema::{enrolments, start_programmes as programmes, switches};
use crate::session::Reading;
use crate::trouble::Trouble;

/// Who was placed, or switched, and has no programme.
#[derive(Clone, Copy, Debug)]
pub struct Waiting {
    pub enrolment_id: EnrolmentId,
    pub student_id: StudentId,
    pub starts_on: NaiveDate,
    /// Of the switch that made the enrolment; 0 where none did.
    pub credited_weeks: u8,
}

/// Who was placed in a landscape for a school year, or switched to it, is there still, and has no programme. Who came in
/// with a roster began elsewhere.
///
/// # Errors
/// Only what the database ends in.
pub fn who_waits(
    reading: &mut Reading<'_>,
    _permit: Permit,
    landscape_id: LandscapeId,
    year: SchoolYear,
) -> Result<Vec<Waiting>, Trouble> {
    let (first, last) = year.days();
    let begun = programmes::table.filter(programmes::enrolment_id.eq(enrolments::id)).select(programmes::id);
    let rows: Vec<(EnrolmentId, StudentId, NaiveDate, Option<i32>)> = reading.load(
        enrolments::table
            .left_join(switches::table.on(switches::new_enrolment_id.eq(enrolments::id.nullable())))
            .filter(enrolments::landscape_id.eq(bind(landscape_id)))
            .filter(enrolments::coached_student_id.is_not_null())
            .filter(enrolments::starts_on.between(first, last))
            .filter(enrolments::application_id.is_not_null().or(enrolments::previous_id.is_not_null()))
            .filter(not(exists(begun)))
            .order(enrolments::id)
            .select((enrolments::id, enrolments::student_id, enrolments::starts_on, switches::credited_weeks.nullable())),
    )?;
    let waiting = |(enrolment_id, student_id, starts_on, credited): (EnrolmentId, StudentId, NaiveDate, Option<i32>)| {
        let credited_weeks = credited.map_or(Ok(0), week_number)?;
        Ok(Waiting { enrolment_id, student_id, starts_on, credited_weeks })
    };
    rows.into_iter().map(waiting).collect()
}

/// The enrolments that begin after this day and have a programme that runs, with their first day.
///
/// # Errors
/// Only what the database ends in.
pub fn programmes_to_come(
    reading: &mut Reading<'_>,
    _permit: Permit,
    today: NaiveDate,
) -> Result<Vec<(EnrolmentId, NaiveDate)>, Trouble> {
    reading.load(
        programmes::table
            .inner_join(enrolments::table.on(enrolments::id.eq(programmes::enrolment_id)))
            .filter(programmes::state.eq(bind(ProgrammeStateName::Running)))
            .filter(enrolments::starts_on.gt(today))
            .order(enrolments::id)
            .select((enrolments::id, enrolments::starts_on)),
    )
}
