//! One process at a time: an embedded database has one writer, and a demo is made by one.

use std::any::Any;
use std::fs::{DirBuilder, OpenOptions, TryLockError};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::conn::Conn;
use crate::database::Location;
use crate::trouble::Trouble;

/// The right to serve what is at a location; it ends with the value, and with the process however that ends.
pub struct Claim {
    /// The open file or connection that the lock lives as long as.
    _held: Box<dyn Any + Send>,
}

#[derive(QueryableByName)]
struct Taken {
    #[diesel(sql_type = Bool)]
    taken: bool,
}

/// Claims a location; none where another process has it. The folder of an embedded database is made where there is
/// none, for its owner alone.
///
/// # Errors
/// [`Trouble::Busy`] where the folder or the database cannot be reached.
pub fn claim(location: &Location) -> Result<Option<Claim>, Trouble> {
    match location {
        Location::Sqlite(file) => claim_file(file).map_err(|error| Trouble::Busy(format!("{}: {error}", file.display()))),
        Location::Postgres { .. } => match location.connect()? {
            Conn::Pg(mut conn) => {
                let taken: Vec<Taken> = diesel::sql_query("SELECT pg_try_advisory_lock(7303) AS taken").load(&mut conn)?;
                let mine = taken.first().is_some_and(|row| row.taken);
                Ok(mine.then(|| Claim { _held: Box::new(conn) }))
            }
            Conn::Sqlite(_) => Ok(None),
        },
    }
}

fn claim_file(file: &Path) -> std::io::Result<Option<Claim>> {
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let mut name = file.as_os_str().to_owned();
    name.push(".lock");
    // The lock is on a file of its own, which stays: the database's own locks are SQLite's.
    let lock = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(name)?;
    match lock.try_lock() {
        Ok(()) => Ok(Some(Claim { _held: Box::new(lock) })),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_processes_on_the_same_data_one_is_turned_away() {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::Sqlite(folder.path().join("new/college.sqlite"));
        let first = claim(&location).unwrap();
        assert!(first.is_some());
        assert!(claim(&location).unwrap().is_none());
        drop(first);
        assert!(claim(&location).unwrap().is_some());
    }
}
