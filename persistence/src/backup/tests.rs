//! A copy is one moment of the database, however busy it is; what is put in place was looked through.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use domain::kernel::Instant;

use super::*;
use crate::conn::Conn;
use crate::database::Kind;

fn college(folder: &Path) -> Location {
    let location = Location::Sqlite(folder.join("college.sqlite"));
    migrations::run(&location).unwrap();
    installation::mark(&location, Kind::Real, Instant::default()).unwrap();
    location
}

/// How many landscapes there are, and how many teams: each landscape is written together with two teams.
fn counted(location: &Location) -> (i64, i64) {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        landscapes: i64,
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        teams: i64,
    }
    let Conn::Sqlite(mut conn) = location.connect().unwrap() else { panic!("an embedded database") };
    let sql = "SELECT (SELECT count(*) FROM landscapes) AS landscapes, (SELECT count(*) FROM teams) AS teams";
    let counted: Count = diesel::sql_query(sql).get_result(&mut conn).unwrap();
    (counted.landscapes, counted.teams)
}

/// Founds landscapes, each in a transaction with two teams, until it is told to stop; counts those acknowledged.
fn found_landscapes(location: &Location, stop: &AtomicBool, acknowledged: &AtomicI64) {
    let mut conn = location.connect().unwrap();
    while !stop.load(Ordering::Relaxed) {
        let (landscape, team, other) = (uuid::Uuid::new_v4(), uuid::Uuid::new_v4(), uuid::Uuid::new_v4());
        conn.batch(&format!(
            "BEGIN IMMEDIATE;
             INSERT INTO landscapes (id, name, version, created_at) VALUES (x'{l}', '{l}', 1, 0);
             INSERT INTO teams (id, landscape_id, name, version, created_at) VALUES (x'{t}', x'{l}', 'a', 1, 0);
             INSERT INTO teams (id, landscape_id, name, version, created_at) VALUES (x'{o}', x'{l}', 'b', 1, 0);
             COMMIT",
            l = landscape.simple(),
            t = team.simple(),
            o = other.simple()
        ))
        .unwrap();
        acknowledged.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn a_copy_made_while_the_college_works_is_one_moment_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let location = college(folder.path());
    let (stop, acknowledged) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicI64::new(0)));
    let writer = {
        let (location, stop, acknowledged) = (location.clone(), Arc::clone(&stop), Arc::clone(&acknowledged));
        std::thread::spawn(move || found_landscapes(&location, &stop, &acknowledged))
    };
    let until = |count: i64| {
        while acknowledged.load(Ordering::SeqCst) < count {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
    };
    for round in 0..5 {
        until(acknowledged.load(Ordering::SeqCst) + 20);
        let copy = folder.path().join(format!("copy-{round}"));
        let before = acknowledged.load(Ordering::SeqCst);
        write(&location, &copy).unwrap();
        // What was acknowledged just after the end may have been committed before it.
        let after = acknowledged.load(Ordering::SeqCst) + 1;
        let restored = Location::Sqlite(folder.path().join(format!("restored-{round}.sqlite")));
        restore(&restored, &copy, false).unwrap();
        let (landscapes, teams) = counted(&restored);
        assert!((before..=after).contains(&landscapes), "{before} <= {landscapes} <= {after}");
        assert_eq!(teams, 2 * landscapes, "nothing half is in a copy");
    }
    stop.store(true, Ordering::Relaxed);
    writer.join().unwrap();
}

#[test]
fn nothing_is_overwritten_unless_it_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let location = college(folder.path());
    let copy = folder.path().join("copy");
    write(&location, &copy).unwrap();
    assert!(matches!(write(&location, &copy), Err(BackupTrouble::FileThere(_))));
    assert!(matches!(restore(&location, &copy, false), Err(BackupTrouble::DatabaseThere)));

    found_landscapes_once(&location);
    assert_eq!(counted(&location).0, 1);
    restore(&location, &copy, true).unwrap();
    assert_eq!(counted(&location).0, 0, "the college is as it was when the copy was made");
    assert_eq!(names(folder.path()), ["college.sqlite", "college.sqlite-shm", "college.sqlite-wal", "copy"]);
}

fn found_landscapes_once(location: &Location) {
    let sql = "INSERT INTO landscapes (id, name, version, created_at) VALUES (x'00112233445566778899aabbccddeeff', 'Zorg', 1, 0)";
    location.connect().unwrap().batch(sql).unwrap();
}

/// The files in a folder, as they are while a connection is open.
fn names(folder: &Path) -> Vec<String> {
    let _open = college_connection(folder);
    let mut names: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn college_connection(folder: &Path) -> Conn {
    let mut conn = Location::Sqlite(folder.join("college.sqlite")).connect().unwrap();
    conn.batch("BEGIN IMMEDIATE; COMMIT").unwrap();
    conn
}

#[test]
fn what_is_no_whole_copy_leaves_everything_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let location = college(folder.path());
    found_landscapes_once(&location);
    let copy = folder.path().join("copy");
    write(&location, &copy).unwrap();

    let text = folder.path().join("text");
    std::fs::write(&text, "no database at all, though it is long enough to be taken for one".repeat(100)).unwrap();
    let torn = folder.path().join("torn");
    let bytes = std::fs::read(&copy).unwrap();
    std::fs::write(&torn, bytes.get(..bytes.len() / 2).unwrap()).unwrap();
    let foreign = folder.path().join("foreign");
    Location::Sqlite(foreign.clone()).connect().unwrap().batch("CREATE TABLE invoices (id INTEGER)").unwrap();
    for wrong in [&text, &torn, &foreign] {
        let refused = restore(&location, wrong, true);
        assert!(matches!(refused, Err(BackupTrouble::NotWhole(..))), "{wrong:?}: {refused:?}");
        assert_eq!(counted(&location).0, 1);
    }

    Location::Sqlite(copy.clone())
        .connect()
        .unwrap()
        .batch("INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')")
        .unwrap();
    assert!(matches!(restore(&location, &copy, true), Err(BackupTrouble::TooNew(_))));
    assert_eq!(counted(&location).0, 1);
}

#[test]
fn a_password_is_no_argument_of_another_program() {
    let url = Url::of("postgres://college:s%40cret@database:5432/college?sslmode=require");
    assert_eq!(url.address, "postgres://college@database:5432/college?sslmode=require");
    assert_eq!(url.password.as_deref(), Some("s@cret"));
    let url = Url::of("postgres:///college?host=/run&user=college");
    assert_eq!((url.address.as_str(), url.password), ("postgres:///college?host=/run&user=college", None));
}
