//! The student's own portfolio: entries with their versions and links, shares, comments, evidence (PF-1 to PF-5).

pub mod comments;
pub mod entries;
pub mod evidence;
pub mod opening;
pub mod shares;

use domain::kernel::Text;

use crate::trouble::Trouble;

/// A text as it was checked when it was written.
fn text<const MAX: usize>(stored: &str) -> Result<Text<MAX>, Trouble> {
    Text::parse(stored).ok_or_else(|| Trouble::Unreadable("text".to_owned()))
}
