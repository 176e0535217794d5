//! Stories over HTTP and the contracts, on SQLite and on PostgreSQL: one package, one binary.
#![cfg(test)]

mod access;
mod backup;
mod changes;
mod conversations;
mod curriculum;
mod enrolment;
mod evidence;
mod growing;
mod guards;
mod harness;
mod imports;
mod leermeter;
mod lwp;
mod openapi;
mod organisation;
mod orientation;
mod people;
mod placements;
mod portfolio;
mod portions;
mod provider;
mod reports;
mod requests;
mod start_programme;
mod story;
mod students;
mod term;
mod trouble;
