//! E0277: a `Permit` has no default.

use domain::access::{Action, Actor, Permit, Unit};
use domain::kernel::Refusal;

pub fn permit(actor: &Actor) -> Result<Permit, Refusal> {
    #[cfg(misuse)]
    let permit: Permit = {
        let _ = actor;
        Default::default()
    };
    #[cfg(not(misuse))]
    let permit: Permit = actor.permit(Action::ReadTeam, Unit::Institution)?;
    Ok(permit)
}
