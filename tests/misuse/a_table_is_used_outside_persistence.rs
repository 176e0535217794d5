//! E0603: tables are known where rows are kept.

#[cfg(not(misuse))]
pub use persistence::people;
#[cfg(misuse)]
pub use persistence::schema::people;
