//! Who may do what: the hand-written tables beside the code, and the edges that no table shows.

mod bodies;
pub mod calls;
mod canaries;
mod conversing;
mod leaks;
mod lists;
mod operations;
mod planted;
mod policy;
pub mod small_college;
mod tokens;
