//! E0451: what a reader may do with a row comes with the row.

use domain::access::{Action, Guarded, Seen};
use domain::kernel::Refusal;
use persistence::students::Student;

pub fn seen(student: Guarded<Student>) -> Result<Seen<Student>, Refusal> {
    let seen = student.read(Action::ReadStudent)?;
    #[cfg(misuse)]
    let seen = Seen { relations: Vec::new(), ..seen };
    Ok(seen)
}
