//! E0616: what is `Guarded` opens for a permitted action and for nothing else.

use domain::access::{Action, Guarded};
use persistence::Trouble;
use persistence::students::Student;

pub fn number(student: Guarded<Student>) -> Result<Option<String>, Trouble> {
    #[cfg(misuse)]
    let student = student.thing;
    #[cfg(not(misuse))]
    let (student, _) = student.permit(Action::ReadStudent)?;
    Ok(student.student_number)
}
