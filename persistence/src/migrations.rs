//! Making and renewing the database: migrations written once, in PostgreSQL's words.

use diesel::migration::{Migration, MigrationMetadata, MigrationName, MigrationSource, MigrationVersion};
use diesel::{backend::Backend, connection::BoxableConnection};
use diesel_migrations::MigrationHarness;

use crate::conn::Conn;
use crate::database::Location;
use crate::trouble::Trouble;

macro_rules! migrations {
    ($($name:literal),* $(,)?) => {
        /// Every migration, oldest first: its name and its text.
        pub const ALL: &[(&str, &str)] = &[$(($name, include_str!(concat!("../migrations/", $name, ".sql")))),*];
    };
}
migrations!(
    "0001_organisation",
    "0002_orientation",
    "0003_enrolment",
    "0004_start_programme",
    "0005_curriculum",
    "0006_portfolio",
    "0007_lwps",
    "0008_evidence",
    "0009_placements",
    "0010_cursors",
    "0011_leermeter",
    "0012_faster_search_more_files",
    "0013_ratings",
    "0014_conversations",
    "0015_outbox",
    "0016_rounds_that_ended",
    "0017_talks_that_end",
    "0018_search_in_short_pages",
);

/// How a database wants its migrations spelled.
pub trait Dialect: Backend {
    fn spell(sql: &str) -> String;
}
impl Dialect for diesel::pg::Pg {
    fn spell(sql: &str) -> String {
        for_one(sql, "postgres")
    }
}
impl Dialect for diesel::sqlite::Sqlite {
    /// Word for word: types become SQLite's, tables become STRICT.
    fn spell(sql: &str) -> String {
        let mut spelled = String::with_capacity(sql.len());
        for line in for_one(sql, "sqlite").lines() {
            let code = line.trim_start();
            if code.starts_with("--") {
                continue;
            }
            spelled.push_str(&if line == ");" { ") STRICT;".to_owned() } else { in_sqlite_words(line) });
            spelled.push('\n');
        }
        spelled
    }
}

/// Uncomments the lines marked as one database's own: `-- sqlite: ...`.
fn for_one(sql: &str, name: &str) -> String {
    let mark = format!("-- {name}: ");
    sql.lines().map(|line| line.replacen(&mark, "", 1)).collect::<Vec<_>>().join("\n")
}

fn in_sqlite_words(line: &str) -> String {
    let mut translated = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(start) = rest.find(|c: char| c.is_ascii_alphabetic()) {
        let (before, from) = rest.split_at(start);
        let end = from.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(from.len());
        let (word, after) = from.split_at(end);
        // A word in quotes is data, one followed by an opening parenthesis or a dot is a name.
        let is_type = !before.ends_with('\'');
        translated.push_str(before);
        translated.push_str(match word {
            "uuid" if is_type => "BLOB",
            "timestamptz" | "bigint" | "integer" | "boolean" if is_type => "INTEGER",
            "jsonb" | "text" | "date" if is_type => "TEXT",
            other => other,
        });
        rest = after;
    }
    translated + rest
}

#[derive(Clone, Copy)]
struct InTransaction;
impl MigrationMetadata for InTransaction {}

struct StepName(&'static str);
impl std::fmt::Display for StepName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}
impl MigrationName for StepName {
    fn version(&self) -> MigrationVersion<'_> {
        MigrationVersion::from(self.0.split('_').next().unwrap_or(self.0))
    }
}

struct Step {
    name: StepName,
    sql: String,
}
impl<DB: Backend> Migration<DB> for Step {
    fn run(&self, conn: &mut dyn BoxableConnection<DB>) -> diesel::migration::Result<()> {
        // One that is for the other database alone says nothing here, which PostgreSQL does not take for a statement.
        let says = |line: &str| !(line.trim().is_empty() || line.trim_start().starts_with("--"));
        if self.sql.lines().any(says) { Ok(conn.batch_execute(&self.sql)?) } else { Ok(()) }
    }
    fn revert(&self, _: &mut dyn BoxableConnection<DB>) -> diesel::migration::Result<()> {
        Err("a migration is mended by the next one, never taken back".into())
    }
    fn metadata(&self) -> &dyn MigrationMetadata {
        &InTransaction
    }
    fn name(&self) -> &dyn MigrationName {
        &self.name
    }
}

struct Source;
impl<DB: Dialect> MigrationSource<DB> for Source {
    fn migrations(&self) -> diesel::migration::Result<Vec<Box<dyn Migration<DB>>>> {
        let named = |(name, sql): &(&'static str, &'static str)| {
            Box::new(Step { name: StepName(name), sql: DB::spell(sql) }) as Box<dyn Migration<DB>>
        };
        Ok(ALL.iter().map(named).collect())
    }
}

/// Brings the database up to date; answers which migrations were run. An interrupted one starts
/// again, with the first (SQLite) or with the one that was interrupted (PostgreSQL); of two processes that start at once, one waits
/// for the other.
///
/// # Errors
/// [`Trouble::Busy`] where the database cannot be reached, [`Trouble::Unreadable`] with the migration's own error.
pub fn run(location: &Location) -> Result<Vec<String>, Trouble> {
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| Trouble::Unreadable(format!("migration failed: {error}"));
    match location.connect()? {
        Conn::Sqlite(mut conn) => {
            use diesel::connection::SimpleConnection;
            conn.batch_execute("PRAGMA busy_timeout = 60000")?;
            // Of two processes the second waits here until the first is done, and then sees what it did.
            conn.exclusive_transaction(|conn| {
                let versions = conn.run_pending_migrations(Source).map_err(failed)?;
                Ok(versions.iter().map(ToString::to_string).collect())
            })
        }
        Conn::Pg(mut conn) => {
            use diesel::connection::SimpleConnection;
            conn.batch_execute("SET lock_timeout = 0; SET statement_timeout = 0; SELECT pg_advisory_lock(7302)")?;
            let versions = conn.run_pending_migrations(Source).map_err(failed)?;
            let versions = versions.iter().map(ToString::to_string).collect();
            conn.batch_execute("SELECT pg_advisory_unlock(7302)")?;
            Ok(versions)
        }
    }
}

/// Was this database brought up to date by a newer version of this program?
///
/// # Errors
/// [`Trouble::Busy`] where it cannot be reached, [`Trouble::Unreadable`] where it tells nothing of migrations.
pub fn newer(location: &Location) -> Result<bool, Trouble> {
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| Trouble::Unreadable(format!("migrations: {error}"));
    let run = match location.connect()? {
        Conn::Sqlite(mut conn) => conn.applied_migrations().map_err(failed)?,
        Conn::Pg(mut conn) => conn.applied_migrations().map_err(failed)?,
    };
    let known: Vec<_> = ALL.iter().map(|(name, _)| StepName(name).version().as_owned()).collect();
    Ok(run.iter().any(|version| !known.contains(version)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_those_who_start_at_once_one_migrates_and_the_others_wait() {
        for _ in 0..10 {
            let folder = tempfile::tempdir().unwrap();
            let location = Location::Sqlite(folder.path().join("college.sqlite"));
            let together = std::sync::Barrier::new(6);
            let versions: Vec<String> = std::thread::scope(|scope| {
                let start = || {
                    together.wait();
                    run(&location).unwrap()
                };
                let started: Vec<_> = (0..6).map(|_| scope.spawn(start)).collect();
                started.into_iter().flat_map(|one| one.join().unwrap()).collect()
            });
            assert_eq!(versions.len(), ALL.len(), "{versions:?}");
        }
    }
}
