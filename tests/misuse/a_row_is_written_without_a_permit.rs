//! E0061: every writing takes the permit that it is done under.

use domain::access::{Action, Unit};
use domain::organisation::Team;
use persistence::{Trouble, Writing, organisation};

pub fn found(writing: &mut Writing<'_>, team: &Team) -> Result<(), Trouble> {
    let permit = writing.actor().permit(Action::CreateTeam, Unit::Landscape(team.landscape_id))?;
    organisation::insert_team(
        writing,
        #[cfg(not(misuse))]
        permit,
        team,
        team.event("founded"),
    )
}
