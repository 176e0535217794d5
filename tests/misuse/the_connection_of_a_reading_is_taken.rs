//! E0624: the bare connection stays where rows are kept.

use domain::kernel::{KernelFault, PersonId};
use persistence::{Reading, Trouble};

pub fn person(reading: &mut Reading<'_>) -> Result<PersonId, Trouble> {
    #[cfg(misuse)]
    reading.conn();
    reading.actor().person_id().ok_or_else(|| KernelFault::Unauthenticated.into())
}
