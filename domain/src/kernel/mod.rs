//! What every context is made of: ids, words, text, faults, events, time, qualifications.

pub mod events;
pub mod faults;
pub mod ids;
pub mod qualification;
pub mod text;
pub mod time;
pub mod words;

pub use events::{Event, Subject, Told};
pub use faults::{Fault, Finding, Findings, KernelFault, Kind, Refusal};
pub use ids::*;
pub use qualification::{Crebo, Route};
pub use text::{Email, Text};
pub use time::Instant;
pub use words::Word;
