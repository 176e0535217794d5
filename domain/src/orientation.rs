//! Orientation and intake (IN-1 to IN-4): from a first visit to the decision on an application.
//!
//! - [`activity`]: what a landscape offers to whoever is looking round, and how many can come.
//! - [`registration`]: one prospect at one activity, the line that forms when it is full, the experience after it.
//! - [`application`]: one applicant at one landscape, its scout, the interview, and what was decided.

pub mod activity;
pub mod application;
mod faults;
pub mod registration;
#[cfg(test)]
mod tests;

pub use activity::{Activity, ActivityFacts, ActivityKind, ActivityPatch, NewActivity};
pub use application::{
    Application, ApplicationDecision, ApplicationFacts, ApplicationOutcome, ApplicationParts, ApplicationState,
    ApplicationStateName, ApplicationThen, Interview, InterviewFindings, InterviewPlan, InterviewRecord, NewApplication,
    Placement,
};
pub use faults::OrientationFault;
pub use registration::{
    Experience, InLine, NewRegistration, Registration, RegistrationDecision, RegistrationState, RegistrationStateName, promoted,
};
