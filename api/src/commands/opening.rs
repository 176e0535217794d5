//! Opening a database for one kind of use: made where there is nothing, brought up to date, refused where it is another's.

use domain::kernel::time::to_the_microsecond;
use persistence::installation::{self, Found, Installation};
use persistence::{Kind, Location, migrations};

use super::{Failure, say};
use crate::files::{Files, Place};

/// Makes the database at this location or brings it up to date, for `kind`.
///
/// A demo never becomes a college's own, and the other way round: the demo gives its tokens away.
pub fn prepare(location: &Location, kind: Kind) -> Result<Installation, Failure> {
    refuse_others(location, kind)?;
    let versions = migrations::run(location)?;
    if !versions.is_empty() {
        tracing::info!(versions = versions.join(" "), "the database was brought up to date");
    }
    let marked = installation::mark(location, kind, to_the_microsecond(chrono::Utc::now()))?;
    if marked.kind == kind { Ok(marked) } else { Err(of_another_kind(location, marked.kind)) }
}

/// Refuses what is not to be used as `kind`; what is not there yet is welcome.
pub fn refuse_others(location: &Location, kind: Kind) -> Result<Found, Failure> {
    match installation::find(location)? {
        Found::Ours(there) if there.kind != kind => Err(of_another_kind(location, there.kind)),
        Found::Foreign => {
            Err(Failure::Refused(format!("{} has tables of another program; name a database that is empty", name(location))))
        }
        found => Ok(found),
    }
}

fn of_another_kind(location: &Location, kind: Kind) -> Failure {
    let name = name(location);
    Failure::Refused(match kind {
        Kind::Demo => format!("{name} is a demo, with invented people and tokens for everyone: it is never served as a college"),
        Kind::Real => format!("{name} is a college's own: no demo is made of it"),
    })
}

/// The database as it can be told: an address can have a password in it.
pub fn name(location: &Location) -> String {
    match location {
        Location::Sqlite(file) => file.display().to_string(),
        Location::Postgres { url, .. } => {
            let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
            let rest = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
            format!("the database at {}", rest.split('?').next().unwrap_or_default())
        }
    }
}

/// The files of a college, if they can be reached: who keeps them elsewhere than they said hears of it at the start.
pub async fn files(place: &Place) -> Result<Files, Failure> {
    let refused = |trouble| Failure::Refused(format!("the files at {}: {trouble}", place.name()));
    let files = Files::open(place).map_err(refused)?;
    files.reach().await.map_err(refused)?;
    Ok(files)
}

/// Brings up to date what is there already, of whichever kind it is.
pub fn existing(location: &Location) -> Result<(), Failure> {
    match installation::find(location)? {
        Found::Ours(there) => prepare(location, there.kind).map(drop),
        Found::Foreign => refuse_others(location, Kind::Real).map(drop),
        Found::Nothing => {
            Err(Failure::Refused(format!("there is nothing at {} yet; `leerloopbaan migrate` makes it", name(location))))
        }
    }
}

/// `migrate`: brings the database up to date, of whichever kind it is; a new one is a college's own.
pub fn migrate(location: &Location) -> Result<(), Failure> {
    let kind = match installation::find(location)? {
        Found::Ours(there) => there.kind,
        Found::Nothing | Found::Foreign => Kind::Real,
    };
    refuse_others(location, kind)?;
    let versions = migrations::run(location)?;
    installation::mark(location, kind, to_the_microsecond(chrono::Utc::now()))?;
    match versions.as_slice() {
        [] => say("The database is up to date."),
        versions => say(format_args!("Ran {}: the database is up to date.", versions.join(", "))),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_told() {
        let url = "postgres://college:se@cret@host:5432/college?sslpassword=secret".to_owned();
        assert_eq!(name(&Location::Postgres { url, connections: 1 }), "the database at host:5432/college");
    }

    #[test]
    fn a_demo_is_never_served_and_a_college_is_never_played_with() {
        let folder = tempfile::tempdir().unwrap();
        let demo = Location::Sqlite(folder.path().join("demo.sqlite"));
        let real = Location::Sqlite(folder.path().join("real.sqlite"));
        prepare(&demo, Kind::Demo).unwrap();
        prepare(&real, Kind::Real).unwrap();
        assert!(matches!(prepare(&demo, Kind::Real), Err(Failure::Refused(_))));
        assert!(matches!(prepare(&real, Kind::Demo), Err(Failure::Refused(_))));
        prepare(&demo, Kind::Demo).unwrap();
        prepare(&real, Kind::Real).unwrap();
    }
}
