//! The only crate that runs SQL: one file per context, plus the database, sessions, columns and schema.
//!
//! Every query is written once and type-checked for SQLite and PostgreSQL. What is read about a student comes
//! back [`Guarded`](domain::access::Guarded); what is written needs a [`Permit`](domain::access::Permit) and
//! the [`Event`](domain::kernel::Event) that tells of it.

pub mod access;
pub mod backup;
pub mod claim;
mod columns;
mod conn;
pub mod conversations;
pub mod curriculum;
mod cursor_key;
pub mod database;
mod dutch;
pub mod enrolment;
pub mod events;
pub mod guardianships;
pub mod idempotency;
pub mod imports;
pub mod installation;
pub mod leermeter;
pub mod lwps;
pub mod migrations;
pub mod organisation;
pub mod orientation;
mod page;
pub mod people;
pub mod placements;
pub mod portfolio;
mod postgres;
mod relations;
pub mod reports;
pub mod roster;
mod schema;
mod search;
pub mod service_accounts;
pub mod session;
mod spelling;
mod sqlite;
pub mod start_programme;
pub mod students;
pub mod trouble;

pub use database::{Database, Kind, Location};
pub use page::{Listed, Page};
pub use session::{Asking, DecidedOn, Identity, Reading, Writing};
pub use trouble::Trouble;
