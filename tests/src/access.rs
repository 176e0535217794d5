//! Who may do what: the hand-written tables beside the code, and the edges that no table shows.

pub mod calls;
mod lists;
mod operations;
mod policy;
pub mod small_college;
mod tokens;
