//! E0451: only who decides makes a `Permit`.

use domain::access::{Action, Actor, Permit, Unit};
use domain::kernel::Refusal;

pub fn permit(actor: &Actor) -> Result<Permit, Refusal> {
    let permit = actor.permit(Action::ReadTeam, Unit::Institution)?;
    #[cfg(misuse)]
    let permit = Permit { action: Action::UpdateTeam, ..permit };
    Ok(permit)
}
