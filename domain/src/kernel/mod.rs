//! What every context is made of: ids, words, text, faults, events, time, crebo numbers.

pub mod crebo;
pub mod events;
pub mod faults;
pub mod ids;
pub mod patch;
pub mod text;
pub mod time;
pub mod words;

pub use crebo::{Crebo, Route};
pub use events::{Event, Subject, Told};
pub use faults::{Fault, Finding, Findings, KernelFault, Kind, Refusal};
pub use ids::*;
pub use patch::given;
pub use text::{Email, Line, Prose, Text};
pub use time::Instant;
pub use words::Word;
