//! HTTP, once for all contexts: what is asked, what is answered, what can be wrong, and the document of it all.

pub mod answer;
pub mod asked;
pub mod document;
mod envelope;
pub mod examples;
pub mod faults;
pub mod language;
pub mod limits;
mod metrics;
pub mod operation;
#[cfg(test)]
mod panicking;
pub mod problem;
pub mod server;
pub mod service;
pub mod shape;
mod turns;
pub mod upload;

pub use answer::{Answer, Listing, Nothing, OpenDecisions};
pub use asked::{At, Body, Caller, Everything, IfMatch, List, Outcome, Visitor};
pub use operation::{Operation, delete, get, patch, post, put};
pub use problem::Problem;
pub use service::Service;
pub use upload::Upload;
