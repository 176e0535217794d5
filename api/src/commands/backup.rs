//! `backup` and `restore`: a copy of the database while it is in use, and back again.

use std::path::Path;

use persistence::{Location, claim};

use super::{Failure, opening, say};

pub fn write(location: &Location, path: &Path) -> Result<(), Failure> {
    persistence::backup::write(location, path)?;
    say(format_args!("Wrote a copy of {} to {}.", opening::name(location), path.display()));
    Ok(())
}

/// Puts a copy in place; an embedded database must not be in use then.
pub fn restore(location: &Location, path: &Path, force: bool) -> Result<(), Failure> {
    let name = opening::name(location);
    let _claim = claim::claim(location)?.ok_or_else(|| Failure::Refused(format!("{name} is in use: stop the service first")))?;
    persistence::backup::restore(location, path, force)?;
    say(format_args!("Put the copy {} in place as {name}.", path.display()));
    Ok(())
}
