//! E0624: the bare connection stays where rows are kept.

use persistence::{Database, Location, Trouble};

pub fn open(location: &Location) -> Result<Database, Trouble> {
    #[cfg(misuse)]
    location.connect()?;
    Database::open(location)
}
