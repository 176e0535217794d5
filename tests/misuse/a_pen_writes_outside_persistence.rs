//! E0624: statements are run where rows are kept.

use domain::access::Permit;
use domain::organisation::Team;
use persistence::{Trouble, Writing, organisation};

pub fn found(writing: &mut Writing<'_>, permit: Permit, team: &Team) -> Result<(), Trouble> {
    #[cfg(misuse)]
    writing.tell(permit, team.event("founded")).execute(())?;
    organisation::insert_team(writing, permit, team, team.event("founded"))
}
