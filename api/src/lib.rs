//! The doors of the service: HTTP, commands, background work.

pub mod imports;
