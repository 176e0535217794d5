//! The link of a rater without an account: who shows its secret is whoever it was sent to.

use domain::access::{Action, Permit};
use domain::kernel::{KernelFault, Secret};
use domain::leermeter::Rater;
use persistence::leermeter::raters;
use persistence::leermeter::rounds::KnownRound;
use persistence::{Reading, Trouble};

use crate::secret::hash;

/// Who holds this secret, and the round that they are asked into. Of one that opens nothing (unknown, used, too old, taken back,
/// of a round that is closed) the answer is always the same.
pub fn opened(reading: &mut Reading<'_>, secret: &Secret, action: Action) -> Result<(Rater, KnownRound, Permit), Trouble> {
    let (rater, known) = raters::by_secret(reading, &hash(secret))?.ok_or(KernelFault::Absent)?;
    Ok((rater, known, Permit::by_secret(action)))
}

/// The one place where an invitation goes to whoever delivers it. The demo has nobody to deliver it: there the answer tells the
/// secret itself. Elsewhere no answer ever does.
pub fn delivered(secret: Secret, is_demo: bool) -> Option<Secret> {
    is_demo.then_some(secret)
}
