//! A copy of the database at one moment, made while it is in use, and put back in place after it was looked through.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel::{RunQueryDsl, SqliteConnection};

use crate::database::{Durability, Location};
use crate::installation::{self, Found};
use crate::migrations;
use crate::sqlite;
use crate::trouble::Trouble;

/// Why there is no copy, or why it was not put in place.
#[derive(Debug, thiserror::Error)]
pub enum BackupTrouble {
    #[error("{0} is there already; name a file that is not")]
    FileThere(PathBuf),
    #[error("there is a database already; --force puts the copy in its place")]
    DatabaseThere,
    #[error("there is no database to copy")]
    NothingThere,
    #[error("{0} is no whole copy of a database of this program: {1}")]
    NotWhole(PathBuf, String),
    #[error("{0} was made by a newer version of this program; put it in place with that one")]
    TooNew(PathBuf),
    #[error("{0} is needed for PostgreSQL and was not found; install PostgreSQL's client programs")]
    NoProgram(&'static str),
    #[error("{0}: {1}")]
    Program(&'static str, String),
    #[error("{0}: {1}")]
    File(PathBuf, io::Error),
    #[error(transparent)]
    Database(#[from] Trouble),
}

/// Writes a copy to a file that is not there yet. It appears under its name only when it is whole and on the disk.
///
/// # Errors
/// Then there is no such file.
pub fn write(location: &Location, to: &Path) -> Result<(), BackupTrouble> {
    if to.exists() {
        return Err(BackupTrouble::FileThere(to.to_owned()));
    }
    if installation::find(location)? == Found::Nothing {
        return Err(BackupTrouble::NothingThere);
    }
    let partial = beside(to, "partial");
    remove_if_there(&partial)?;
    // Everything of everyone: for its owner alone.
    let file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(&partial);
    drop(file.map_err(|error| BackupTrouble::File(partial.clone(), error))?);
    let made = match location {
        Location::Sqlite(file) => copy_sqlite(file, &partial),
        Location::Postgres { url, .. } => run(
            "pg_dump",
            Url::of(url),
            &["--format=custom", "--no-owner", "--no-privileges", "--lock-wait-timeout=30s", "--file"],
            &partial,
        )
        .map(drop),
    };
    if let Err(trouble) = made {
        remove_if_there(&partial)?;
        return Err(trouble);
    }
    put(&partial, to)
}

/// `VACUUM INTO` reads one moment of the database, as any reader does: writers go on meanwhile.
fn copy_sqlite(file: &Path, to: &Path) -> Result<(), BackupTrouble> {
    let mut conn = raw(file)?;
    let into = diesel::sql_query("VACUUM INTO ?").bind::<Text, _>(to.to_string_lossy().into_owned());
    RunQueryDsl::execute(into, &mut conn).map_err(Trouble::from)?;
    Ok(())
}

/// Puts a copy in place, after it was found to be whole and of this program. What was there before is gone only once the
/// copy stands ready beside it.
///
/// # Errors
/// Then what was there is as it was.
pub fn restore(location: &Location, from: &Path, force: bool) -> Result<(), BackupTrouble> {
    if !force && installation::find(location)? != Found::Nothing {
        return Err(BackupTrouble::DatabaseThere);
    }
    match location {
        Location::Sqlite(file) => restore_sqlite(file, from),
        Location::Postgres { url, .. } => restore_postgres(location, url, from),
    }
}

fn restore_sqlite(file: &Path, from: &Path) -> Result<(), BackupTrouble> {
    let partial = beside(file, "restored");
    remove_all(&partial)?;
    std::fs::copy(from, &partial).map_err(|error| BackupTrouble::File(from.to_owned(), error))?;
    let place = Location::Sqlite(partial.clone());
    if let Err(about) = look_through(&place).and_then(|()| settle(&partial)) {
        remove_all(&partial)?;
        return Err(about.of(from));
    }
    // A log that belongs to the old file must not be taken for the new one's: it goes into the old file first.
    if file.exists() && settle(file).is_err() {
        tracing::warn!("what was there could not be opened any more; the copy takes its place");
    }
    for left in installation::files(file).iter().skip(1) {
        remove_if_there(left)?;
    }
    put(&partial, file)
}

fn restore_postgres(location: &Location, url: &str, from: &Path) -> Result<(), BackupTrouble> {
    let arguments = ["--single-transaction", "--exit-on-error", "--clean", "--if-exists", "--no-owner", "--no-privileges"];
    run("pg_restore", Url::of(url), &arguments, from)?;
    look_through(location).map_err(|about| about.of(from))
}

/// What is wrong with a copy.
enum Unfit {
    NotWhole(String),
    TooNew,
    Trouble(Trouble),
}

impl From<Trouble> for Unfit {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

impl Unfit {
    fn of(self, copy: &Path) -> BackupTrouble {
        match self {
            Self::NotWhole(about) => BackupTrouble::NotWhole(copy.to_owned(), about),
            Self::TooNew => BackupTrouble::TooNew(copy.to_owned()),
            // Of a file that is no database at all SQLite says so at the first statement.
            Self::Trouble(trouble) => BackupTrouble::NotWhole(copy.to_owned(), trouble.to_string()),
        }
    }
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Is it whole, ours, and no newer than this program?
fn look_through(place: &Location) -> Result<(), Unfit> {
    if let Location::Sqlite(file) = place {
        let mut conn = raw(file)?;
        let told: Vec<Line> = diesel::sql_query("SELECT integrity_check AS line FROM pragma_integrity_check")
            .load(&mut conn)
            .map_err(Trouble::from)?;
        if told.len() != 1 || told.iter().any(|row| row.line != "ok") {
            return Err(Unfit::NotWhole(format!("{} faults", told.len())));
        }
        let astray: Vec<Line> =
            diesel::sql_query("SELECT \"table\" AS line FROM pragma_foreign_key_check").load(&mut conn).map_err(Trouble::from)?;
        if !astray.is_empty() {
            return Err(Unfit::NotWhole(format!("{} rows refer to what is not there", astray.len())));
        }
    }
    if !matches!(installation::find(place)?, Found::Ours(_)) {
        return Err(Unfit::NotWhole("it bears no mark of this program".to_owned()));
    }
    if migrations::newer(place)? { Err(Unfit::TooNew) } else { Ok(()) }
}

/// Brings all of an embedded database into its one file.
fn settle(file: &Path) -> Result<(), Unfit> {
    Ok(raw(file)?.batch_execute("PRAGMA journal_mode = DELETE").map_err(Trouble::from)?)
}

fn raw(file: &Path) -> Result<SqliteConnection, Trouble> {
    match sqlite::connect(file, Durability::Each)? {
        crate::conn::Conn::Sqlite(conn) => Ok(conn),
        crate::conn::Conn::Pg(_) => Err(Trouble::Unreadable("an embedded database".to_owned())),
    }
}

/// The address of a database for another program: the password apart, since everyone on the machine sees arguments.
struct Url {
    address: String,
    password: Option<String>,
}

impl Url {
    fn of(url: &str) -> Self {
        let found = url.split_once("://").and_then(|(scheme, rest)| {
            let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
            let (account, host) = authority.rsplit_once('@')?;
            let (user, password) = account.split_once(':')?;
            Some((format!("{scheme}://{user}@{host}{path}"), decoded(password)))
        });
        match found {
            Some((address, password)) => Self { address, password: Some(password) },
            None => Self { address: url.to_owned(), password: None },
        }
    }
}

/// Without percent-encoding (RFC 3986 section 2.1).
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|two| std::str::from_utf8(two).ok()).and_then(|two| u8::from_str_radix(two, 16).ok());
        match hex {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn run(program: &'static str, url: Url, arguments: &[&str], file: &Path) -> Result<Output, BackupTrouble> {
    let mut command = Command::new(program);
    command.arg(format!("--dbname={}", url.address)).args(arguments).arg(file);
    if let Some(password) = url.password {
        command.env("PGPASSWORD", password);
    }
    let output = command.output().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => BackupTrouble::NoProgram(program),
        _ => BackupTrouble::Program(program, error.to_string()),
    })?;
    if output.status.success() {
        Ok(output)
    } else {
        Err(BackupTrouble::Program(program, String::from_utf8_lossy(&output.stderr).trim().to_owned()))
    }
}

fn beside(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(end);
    PathBuf::from(name)
}

fn remove_if_there(file: &Path) -> Result<(), BackupTrouble> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(BackupTrouble::File(file.to_owned(), error)),
        _ => Ok(()),
    }
}

fn remove_all(file: &Path) -> Result<(), BackupTrouble> {
    installation::files(file).iter().try_for_each(|file| remove_if_there(file))
}

/// Gives a whole file its name, so that it is there after a power cut too.
fn put(partial: &Path, to: &Path) -> Result<(), BackupTrouble> {
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let put = || {
        File::open(partial)?.sync_all()?;
        std::fs::rename(partial, to)?;
        File::open(folder)?.sync_all()
    };
    put().map_err(|error| BackupTrouble::File(to.to_owned(), error))
}

#[cfg(test)]
mod tests;
