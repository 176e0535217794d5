//! The ten-week start programme (SP-1 to SP-5): each landscape's own, week by week, up to the conversation that closes it.
//!
//! - [`calendar`]: school years, holidays, and on which Mondays school weeks begin.
//! - [`template`]: what a landscape lays down for a school year; published, it is frozen.
//! - [`programme`]: one student's ten weeks, made from a template, and how they close.

pub mod calendar;
mod faults;
pub mod programme;
pub mod template;
#[cfg(test)]
mod tests;

pub use calendar::{Holiday, NewSchoolCalendar, SchoolCalendar, SchoolYear, weeks_before, weeks_from};
pub use faults::StartProgrammeFault;
pub use programme::{
    ActivityMark, AfterClose, CloseFacts, CloseOutcome, Closing, Departure, DueLwp, NewProgramme, Programme, ProgrammeActivity,
    ProgrammeDecision, ProgrammeOutcome, ProgrammeParts, ProgrammeState, ProgrammeStateName, ProgrammeWeek, Prolongation,
    Reflection, WeekNote, WeekReflection,
};
pub use template::{KnownLwps, NewTemplate, Template, TemplateActivity, TemplateDecision, TemplateWeek, in_force};

/// How many weeks a start programme has (SP-1).
pub const WEEKS: u8 = 10;
