//! The student's own portfolio (PF-1 to PF-6): entries in six areas, their versions, with whom they are shared, and what
//! others say of them.

mod comment;
mod entry;
mod faults;
mod share;
#[cfg(test)]
mod tests;

pub use comment::{Comment, NewComment};
pub use entry::{
    Change, Entry, EntryArea, EntryContent, EntryKind, EntryPatch, EntryVisibility, Experienced, Link, LinkKind, Tag, Target,
    folded_tag,
};
pub use faults::PortfolioFault;
pub use share::{NewShare, Share, ShareFacts, ShareRole, ShareUntil, ShareWith, Shared, UntilText};
