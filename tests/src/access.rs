//! Who may do what: the hand-written table beside the code, and the edges that no table shows.

mod policy;
