//! E0308: the id of one thing is not that of another.

#[cfg(not(misuse))]
use domain::kernel::StudentId;
#[cfg(misuse)]
use domain::kernel::TeamId as StudentId;
use persistence::{Reading, Trouble, students};

pub fn is_there(reading: &mut Reading<'_>, id: StudentId) -> Result<bool, Trouble> {
    Ok(students::find(reading, id)?.is_some())
}
