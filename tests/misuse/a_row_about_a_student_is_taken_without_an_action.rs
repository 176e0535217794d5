//! E0308: what is read about a student is no `Student` before someone has said what for.

use domain::access::Action;
use domain::kernel::{KernelFault, StudentId};
use persistence::students::{self, Student};
use persistence::{Reading, Trouble};

pub fn student(reading: &mut Reading<'_>, id: StudentId) -> Result<Student, Trouble> {
    let found = students::find(reading, id)?.ok_or(KernelFault::Absent)?;
    #[cfg(not(misuse))]
    let (found, _) = found.permit(Action::ReadStudent)?;
    Ok(found)
}
