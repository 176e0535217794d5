//! What was left at orientation by who became a student (IN-2).

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use domain::access::Permit;
use domain::kernel::time::date_at;
use domain::kernel::{Instant, RegistrationId, StudentId};
use domain::orientation::Experience;
use domain::portfolio::Experienced;

use super::text;
use crate::columns::{Json, bind};
use crate::schema::{orientation_activities as activities, portfolio_entries as e, registrations, students};
use crate::session::Reading;
use crate::trouble::Trouble;

/// The experiences of a student that the portfolio does not have yet, in the order in which they registered.
///
/// # Errors
/// Only what the database ends in.
pub fn experiences(
    reading: &mut Reading<'_>,
    _permit: Permit,
    student: StudentId,
) -> Result<Vec<(RegistrationId, Experienced)>, Trouble> {
    type Row = (RegistrationId, Json<Experience>, String, Instant);
    let here = e::table.filter(e::registration_id.eq(registrations::id.nullable())).select(e::id);
    let rows: Vec<Row> = reading.load(
        registrations::table
            .inner_join(activities::table.on(activities::id.eq(registrations::activity_id)))
            .filter(registrations::person_id.eq(bind(Some(student.person()))))
            .filter(registrations::experience.is_not_null())
            .filter(not(exists(here)))
            .order(registrations::id)
            .select((registrations::id, registrations::experience.assume_not_null(), activities::title, activities::starts_at)),
    )?;
    let experienced = |(id, Json(told), title, starts_at): Row| {
        let Experience { seen, learned } = told;
        Ok((id, Experienced { title: text(&title)?, on: date_at(starts_at), seen, learned }))
    };
    rows.into_iter().map(experienced).collect()
}

/// The student who this prospect became, if they did.
///
/// # Errors
/// Only what the database ends in.
pub fn student_of(
    reading: &mut Reading<'_>,
    _permit: Permit,
    registration: RegistrationId,
) -> Result<Option<StudentId>, Trouble> {
    reading.first(
        registrations::table
            .inner_join(students::table.on(students::id.nullable().eq(registrations::person_id)))
            .filter(registrations::id.eq(bind(registration)))
            .select(students::id),
    )
}
