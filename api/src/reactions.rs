//! What else happens when something happened: the one place where a decision in one context reaches into another.

use domain::access::Permit;
use domain::orientation::Placement;
use persistence::{Trouble, Writing};

/// An applicant was placed: the student, the provisional enrolment, the first coach, and the start programme begin
/// in the same transaction (EN-1, SP-2).
///
/// # Errors
/// What one of them is refused for; then nothing of it happens.
pub fn placed(_writing: &mut Writing<'_>, _permit: Permit, _placement: &Placement) -> Result<(), Trouble> {
    Ok(())
}
