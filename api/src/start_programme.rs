//! The ten-week start programme, as far as enrolments set it off.

use domain::access::Permit;
use domain::enrolment::Enrolment;
use domain::kernel::{EnrolmentId, ProgrammeId, Prose};
use persistence::{Trouble, Writing};

/// Begins the programme of an enrolment; none where there is no template for it (SP-2).
///
/// # Errors
/// Only what the database ends in.
pub fn begin(_: &mut Writing<'_>, _: Permit, _: &Enrolment, _credited_weeks: u8) -> Result<Option<ProgrammeId>, Trouble> {
    Ok(None)
}

/// Stops the programme of an enrolment that is switched; answers how many weeks were done (SP-4).
///
/// # Errors
/// Only what the database ends in.
pub fn stop_for_switch(_: &mut Writing<'_>, _: Permit, _: EnrolmentId) -> Result<u8, Trouble> {
    Ok(0)
}

/// Closes the programme of an enrolment that a student leaves (EN-5).
///
/// # Errors
/// Only what the database ends in.
pub fn close_for_leaving(_: &mut Writing<'_>, _: Permit, _: EnrolmentId, _reason: Prose) -> Result<(), Trouble> {
    Ok(())
}
