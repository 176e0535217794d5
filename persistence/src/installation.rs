//! What a database says of itself: for whom it was made, and whether the demo college in it is complete.

use std::path::{Path, PathBuf};

use diesel::prelude::*;
use diesel::sql_types::Text;
use domain::kernel::Instant;

use crate::columns::bind;
use crate::conn::Conn;
use crate::database::{Kind, Location};
use crate::schema::installation;
use crate::trouble::Trouble;

/// The mark that a database bears from its making on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installation {
    pub kind: Kind,
    pub made_at: Instant,
    /// How many students the demo college has; none until it is complete.
    pub demo_students: Option<i32>,
}

/// What is at a location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing yet, or no more than a making that was broken off before the mark.
    Nothing,
    Ours(Installation),
    /// Tables of another program.
    Foreign,
}

/// Looks, and makes nothing.
///
/// # Errors
/// [`Trouble::Busy`] where the database cannot be reached.
pub fn find(location: &Location) -> Result<Found, Trouble> {
    if location.file().is_some_and(|file| !file.exists()) {
        return Ok(Found::Nothing);
    }
    found(&mut location.connect()?)
}

fn found(conn: &mut Conn) -> Result<Found, Trouble> {
    let tables = tables(conn)?;
    if tables.iter().any(|table| table == "installation") {
        return Ok(marked(conn)?.map_or(Found::Nothing, Found::Ours));
    }
    let foreign = tables.iter().any(|table| table != "__diesel_schema_migrations");
    Ok(if foreign { Found::Foreign } else { Found::Nothing })
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    name: String,
}

fn tables(conn: &mut Conn) -> Result<Vec<String>, Trouble> {
    let rows: Vec<Named> = match conn {
        Conn::Sqlite(conn) => {
            diesel::sql_query("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").load(conn)?
        }
        Conn::Pg(conn) => {
            diesel::sql_query("SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema()").load(conn)?
        }
    };
    Ok(rows.into_iter().map(|row| row.name).collect())
}

fn marked(conn: &mut Conn) -> Result<Option<Installation>, Trouble> {
    let rows: Vec<(String, Instant, Option<i32>)> =
        conn.load(installation::table.select((installation::kind, installation::made_at, installation::demo_students)))?;
    let read = |(word, made_at, demo_students): (String, Instant, Option<i32>)| {
        let kind = Kind::from_word(&word).ok_or_else(|| Trouble::Unreadable("the kind of the installation".to_owned()))?;
        Ok(Installation { kind, made_at, demo_students })
    };
    rows.into_iter().next().map(read).transpose()
}

/// Marks a database that is up to date as made for `kind`; answers the mark that it then bears, which is another's where
/// another process was first.
///
/// # Errors
/// Only what the database ends in.
pub fn mark(location: &Location, kind: Kind, now: Instant) -> Result<Installation, Trouble> {
    let mut conn = location.connect()?;
    conn.execute(
        diesel::insert_into(installation::table)
            .values((installation::one.eq(1), installation::kind.eq(kind.word()), installation::made_at.eq(bind(now))))
            .on_conflict_do_nothing(),
    )?;
    marked(&mut conn)?.ok_or_else(|| Trouble::Unreadable("a database without a mark".to_owned()))
}

/// Notes that the demo college is complete. With this, all that was committed before it is on the disk as well.
///
/// # Errors
/// Only what the database ends in.
pub fn complete(location: &Location, students: i32) -> Result<(), Trouble> {
    let change = diesel::update(installation::table).set(installation::demo_students.eq(students));
    location.connect()?.execute(change)?;
    Ok(())
}

/// Takes everything away, so that a demo can begin anew.
///
/// # Errors
/// [`Trouble::Busy`] where it cannot be taken away; [`Trouble::Unreadable`] for anything but a demo, which is left as it is.
pub fn empty(location: &Location) -> Result<(), Trouble> {
    match find(location)? {
        Found::Nothing | Found::Ours(Installation { kind: Kind::Demo, .. }) => {}
        Found::Ours(_) | Found::Foreign => return Err(Trouble::Unreadable("only a demo can be taken away".to_owned())),
    }
    match location {
        Location::Sqlite(file) => remove(file).map_err(|error| Trouble::Busy(error.to_string())),
        Location::Postgres { .. } => Ok(location.connect()?.batch(DROP_ALL)?),
    }
}

/// An embedded database is its file and what SQLite keeps beside it.
pub(crate) fn files(file: &Path) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|end| {
        let mut name = file.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    })
}

/// The file goes first: what is left behind after a crash is no database any more.
fn remove(file: &Path) -> std::io::Result<()> {
    for path in files(file) {
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Tables take their indexes, views and triggers along; dropping the schema itself would need more rights.
const DROP_ALL: &str = "
DO $$
DECLARE one record;
BEGIN
    FOR one IN SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() LOOP
        EXECUTE format('DROP TABLE %I CASCADE', one.name);
    END LOOP;
    FOR one IN SELECT p.oid::regprocedure AS name FROM pg_proc p
                WHERE p.pronamespace = current_schema()::regnamespace
                  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') LOOP
        EXECUTE format('DROP FUNCTION %s CASCADE', one.name);
    END LOOP;
    FOR one IN SELECT sequencename AS name FROM pg_sequences WHERE schemaname = current_schema() LOOP
        EXECUTE format('DROP SEQUENCE %I CASCADE', one.name);
    END LOOP;
END $$";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrations;

    fn place(folder: &tempfile::TempDir) -> Location {
        Location::Sqlite(folder.path().join("college.sqlite"))
    }

    #[test]
    fn a_database_bears_the_mark_of_its_making_for_good() {
        let folder = tempfile::tempdir().unwrap();
        let location = place(&folder);
        assert_eq!(find(&location).unwrap(), Found::Nothing);
        assert!(!location.file().unwrap().exists(), "looking makes nothing");
        migrations::run(&location).unwrap();
        assert_eq!(find(&location).unwrap(), Found::Nothing, "a making that was broken off");
        let now = Instant::from_timestamp_micros(1_800_000_000_000_000).unwrap();
        let made = mark(&location, Kind::Demo, now).unwrap();
        assert_eq!(made, Installation { kind: Kind::Demo, made_at: now, demo_students: None });
        assert_eq!(mark(&location, Kind::Real, now).unwrap(), made, "who comes second finds the mark of the first");
        complete(&location, 300).unwrap();
        assert_eq!(find(&location).unwrap(), Found::Ours(Installation { demo_students: Some(300), ..made }));
    }

    #[test]
    fn only_a_demo_is_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        let location = place(&folder);
        migrations::run(&location).unwrap();
        mark(&location, Kind::Real, Instant::default()).unwrap();
        assert!(empty(&location).is_err());
        assert!(matches!(find(&location).unwrap(), Found::Ours(_)));

        let demo = Location::Sqlite(folder.path().join("demo.sqlite"));
        migrations::run(&demo).unwrap();
        mark(&demo, Kind::Demo, Instant::default()).unwrap();
        empty(&demo).unwrap();
        assert_eq!(find(&demo).unwrap(), Found::Nothing);
    }

    #[test]
    fn tables_of_another_program_are_seen_as_such() {
        let folder = tempfile::tempdir().unwrap();
        let location = place(&folder);
        location.connect().unwrap().batch("CREATE TABLE invoices (id INTEGER)").unwrap();
        assert_eq!(find(&location).unwrap(), Found::Foreign);
        assert!(empty(&location).is_err());
    }
}
