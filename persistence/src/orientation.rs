//! Orientation and intake: activities and the line before them, applications and interviews, and what the central
//! facility tells.

pub mod activity;
pub mod application;
pub mod central;
pub mod registration;

use crate::columns::text;

/// Columns that are always read together, named once as values and as types.
macro_rules! columns {
    ($name:ident = $($column:path),* $(,)?) => {
        const $name: ($($column,)*) = ($($column,)*);
    };
}
use columns;
