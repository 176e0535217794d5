//! What every context is made of: ids, words, text, links, faults, events, time, crebo numbers, career competences.

pub mod career;
pub mod crebo;
pub mod events;
pub mod faults;
pub mod ids;
pub mod link;
pub mod patch;
pub mod publication;
pub mod secret;
pub mod text;
pub mod time;
pub mod words;

pub use career::CareerCompetence;
pub use crebo::{Crebo, Route};
pub use events::{Event, Subject, Told};
pub use faults::{Fault, Finding, Findings, KernelFault, Kind, Refusal};
pub use ids::*;
pub use link::SecureLink;
pub use patch::{given, given_list};
pub use publication::{PublicationState, PublicationStateName};
pub use secret::Secret;
pub use text::{Email, Line, Prose, Text};
pub use time::Instant;
pub use words::Word;
