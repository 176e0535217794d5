//! The rules of a learning career: no HTTP, no SQL, no clock, no configuration, no async.
//!
//! Every context (`orientation`, `enrolment`, ...) knows the [`kernel`] and nothing of its neighbours
//! but their ids. What a context needs from another is passed in as values; what others must know
//! is told as an event.

pub mod access;
pub mod career_citizenship;
pub mod central_applications;
pub mod conversation;
pub mod curriculum;
pub mod enrolment;
pub mod evidence;
pub mod guardianship;
pub mod imports;
pub mod kernel;
pub mod leermeter;
pub mod lwp;
pub mod organisation;
pub mod orientation;
pub mod placement;
pub mod portfolio;
pub mod reports;
pub mod roster;
pub mod start_programme;
#[cfg(test)]
mod state_table;
