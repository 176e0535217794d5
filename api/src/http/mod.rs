//! HTTP, once for all contexts: what is asked, what is answered, what can be wrong, and the document of it all.

pub mod answer;
pub mod asked;
pub mod caller;
pub mod content;
pub mod cursors;
pub mod description;
pub mod document;
mod envelope;
pub mod examples;
pub mod faults;
mod if_match;
mod json;
pub mod language;
pub mod limits;
pub(crate) mod metrics;
mod noted;
pub mod operation;
#[cfg(test)]
mod panicking;
mod portion;
pub mod problem;
mod problem_page;
mod retries;
pub mod server;
pub mod service;
pub mod shape;
pub mod streamed;
mod turns;
pub mod upload;

pub use answer::{Answer, Listing, Nothing, OpenDecisions};
pub use asked::{At, Body, Caller, Everything, Include, List, Number, Outcome, Paged, Query, Visitor};
pub use content::{Content, HeadAlone, Served, Wanted};
pub use if_match::IfMatch;
pub use operation::{Operation, delete, get, patch, post, put};
pub use problem::Problem;
pub use service::Service;
pub use streamed::{Received, Streamed};
pub use upload::Upload;
