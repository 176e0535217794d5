//! Stories over HTTP and the contracts, on SQLite and on PostgreSQL: one package, one binary.

#[cfg(test)]
mod access;
#[cfg(test)]
mod backup;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod openapi;
#[cfg(test)]
mod organisation;
#[cfg(test)]
mod orientation;
mod start_programme;
