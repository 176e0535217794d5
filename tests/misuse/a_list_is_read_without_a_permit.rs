//! E0061: a reading that is about no student takes the permit that it is done under.

use domain::access::{Action, Unit};
use domain::kernel::TeamId;
use domain::organisation::Team;
use persistence::{Reading, Trouble, organisation};

pub fn team(reading: &mut Reading<'_>, id: TeamId) -> Result<Option<Team>, Trouble> {
    let permit = reading.actor().permit(Action::ReadTeam, Unit::Institution)?;
    organisation::find_team(
        reading,
        #[cfg(not(misuse))]
        permit,
        id,
    )
}
