//! The student's own portfolio: entries with their versions and links, shares, comments, evidence (PF-1 to PF-5).

pub mod comments;
pub mod entries;
pub mod evidence;
pub mod opening;
pub mod shares;

use crate::columns::text;
