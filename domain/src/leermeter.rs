//! The leermeter (LM-1): the competences that students are rated on, and the scale by which.
//!
//! - [`framework`]: what a landscape lays down for itself or for a qualification; published, it is frozen.
//! - [`career`]: the five career competences, without which there is no framework.
//! - [`round`], [`rater`], [`rating`]: from when until when a student is rated, by whom, and what they said (LM-2, LM-3).
//! - [`team`]: what of it may be told of a team.
//! - [`growth`]: what ratings say over time and by kind of rater, from numbers alone.

pub mod career;
mod faults;
pub mod framework;
pub mod growth;
pub mod rater;
pub mod rating;
pub mod round;
pub mod team;
#[cfg(test)]
mod tests;

pub use faults::LeermeterFault;
pub use framework::{
    Competence, Framework, FrameworkDecision, FrameworkFacts, KnownWorkProcess, NewCompetence, NewFramework, ScaleLevel,
};
pub use rater::{InvitationFacts, Inviter, LetterStateName, NewInvitation, Rater, RaterIs, WhoId};
pub use rating::{NewRating, NewRatings, Rating, RatingFacts};
pub use round::{NewRound, Round, RoundDecision, RoundFacts, RoundStateName};

crate::words! {
    /// As who someone rates (LM-2).
    pub enum RaterKind {
        Student = "self",
        Coach = "coach",
        WorkplaceTrainer = "workplaceTrainer",
        Teacher = "teacher",
        Peer = "peer",
        Buddy = "buddy",
    }
}
