//! Orientation and intake: activities and the line before them, applications and interviews, and what the central
//! facility tells.

pub mod activity;
pub mod application;
pub mod central;
pub mod registration;

use domain::kernel::Text;

use crate::trouble::Trouble;

/// Columns that are always read together, named once as values and as types.
macro_rules! columns {
    ($name:ident = $($column:path),* $(,)?) => {
        const $name: ($($column,)*) = ($($column,)*);
    };
}
use columns;

/// A text as it was checked when it was written.
fn text<const MAX: usize>(stored: &str) -> Result<Text<MAX>, Trouble> {
    Text::parse(stored).ok_or_else(|| Trouble::Unreadable("text".to_owned()))
}
