//! Where it is measured: an SQLite file in a folder that is thrown away, or a private PostgreSQL.

use std::path::PathBuf;

use api::files::{self, Files};
use diesel::connection::SimpleConnection;
use diesel::sql_types::Integer;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};
use persistence::{Database, Location, migrations};
use tempfile::TempDir;
use trouble::cluster::Cluster;

use crate::Measured;

/// Students of the college in which everything but growth is measured.
pub const STUDENTS: u32 = 300;

pub enum Place {
    Sqlite(TempDir),
    Postgres(Cluster),
}

/// A college of its own, made as the demo is.
pub struct College {
    pub location: Location,
    pub database: Database,
    /// On PostgreSQL, what the database is called.
    pub name: String,
    pub files: Files,
    /// Where they are, gone with the college.
    _folder: TempDir,
}

impl Place {
    pub fn sqlite() -> Measured<Self> {
        Ok(Self::Sqlite(tempfile::tempdir()?))
    }

    /// None where there are no server programs.
    pub fn postgres() -> Measured<Option<Self>> {
        let Some(programs) = trouble::cluster::programs() else { return Ok(None) };
        Ok(Some(Self::Postgres(Cluster::start(&programs, "").map_err(|error| error.to_string())?)))
    }

    pub const fn name(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }

    /// An empty database, brought up to date; on SQLite a file of this name.
    pub fn empty(&self, name: &str) -> Measured<College> {
        let (location, name) = match self {
            Self::Sqlite(folder) => (Location::Sqlite(folder.path().join(name)), name.to_owned()),
            Self::Postgres(cluster) => {
                let name = cluster.database(None).map_err(|error| error.to_string())?;
                (Location::Postgres { url: cluster.url(&name), connections: 4 }, name)
            }
        };
        migrations::run(&location)?;
        let folder = tempfile::tempdir()?;
        let files = Files::open(&files::Place::Folder(folder.path().to_owned()))?;
        Ok(College { database: Database::open(&location)?, location, name, files, _folder: folder })
    }

    /// The college of the demo.
    pub async fn college(&self, name: &str) -> Measured<College> {
        let college = self.empty(name)?;
        api::demo::make(&college.database, &college.files, &api::demo::Wish { students: STUDENTS, now: chrono::Utc::now() })
            .await?;
        college.settle()?;
        Ok(college)
    }

    pub fn cluster(&self) -> Option<&Cluster> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(cluster) => Some(cluster),
        }
    }
}

impl College {
    /// Runs SQL beside the service.
    pub fn sql(&self, sql: &str) -> Measured<()> {
        match &self.location {
            Location::Sqlite(file) => {
                let mut conn = SqliteConnection::establish(&file.to_string_lossy())?;
                conn.batch_execute("PRAGMA busy_timeout = 60000; PRAGMA foreign_keys = ON; PRAGMA cache_size = -200000;")?;
                Ok(conn.batch_execute(sql)?)
            }
            Location::Postgres { url, .. } => Ok(PgConnection::establish(url)?.batch_execute(sql)?),
        }
    }

    /// What a database does by itself after a while: PostgreSQL's autovacuum is off here, so that it runs at no
    /// moment that is measured.
    pub fn settle(&self) -> Measured<()> {
        match &self.location {
            Location::Sqlite(_) => self.sql("PRAGMA wal_checkpoint(TRUNCATE)"),
            Location::Postgres { .. } => {
                self.sql("VACUUM ANALYZE")?;
                self.sql("CHECKPOINT")
            }
        }
    }

    /// The processes of the database server; none of SQLite.
    pub fn processes(&self) -> Measured<Vec<PathBuf>> {
        #[derive(QueryableByName)]
        struct Process {
            #[diesel(sql_type = Integer)]
            pid: i32,
        }
        let Location::Postgres { url, .. } = &self.location else { return Ok(Vec::new()) };
        let mut conn = PgConnection::establish(url)?;
        let found: Vec<Process> = sql_query("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()").load(&mut conn)?;
        Ok(found.into_iter().map(|process| format!("/proc/{}", process.pid).into()).collect())
    }
}
