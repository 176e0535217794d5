//! Stories over HTTP and the contracts, on SQLite and on PostgreSQL: one package, one binary.
#![cfg(test)]

mod access;
mod backup;
mod enrolment;
mod harness;
mod openapi;
mod organisation;
mod orientation;
#[cfg(test)]
mod start_programme;
#[cfg(test)]
mod story;
