//! The doors: HTTP, commands, background work; one file per context, plus `http/`.

pub mod about;
pub mod access;
pub mod changes;
pub mod commands;
pub mod contexts;
pub mod curriculum;
pub mod demo;
pub mod enrolment;
pub mod guardians;
pub mod http;
pub mod importing;
pub mod imports;
pub mod including;
pub mod lwps;
pub mod organisation;
pub mod orientation;
pub mod people;
pub mod personas;
pub mod portfolio;
pub mod reactions;
pub mod reports;
pub mod service_accounts;
pub mod settings;
pub mod start_programme;
pub mod students;
pub mod tokens;
