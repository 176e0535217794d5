//! A college made for one trial: a database, an administrator, and an OpenID provider that says who that is.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use api::tokens::BuiltInIssuer;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::Tried;
use crate::cluster::Cluster;
use crate::program::{Process, command};

const SUBJECT: &str = "administrator";

/// Which database a trial is on.
#[derive(Clone)]
pub enum Place {
    Sqlite,
    /// SQLite in this folder, which is not the trial's own.
    SqliteIn(PathBuf),
    /// A new database of this server.
    Cluster(Arc<Cluster>),
    /// This database, which must be empty.
    Named(String),
}

impl Place {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Sqlite | Self::SqliteIn(_) => "SQLite",
            Self::Cluster(_) | Self::Named(_) => "PostgreSQL",
        }
    }
}

/// A college that is served by whichever process was begun last.
pub struct College {
    program: PathBuf,
    folder: TempDir,
    database: String,
    issuer: Arc<BuiltInIssuer>,
    issued_by: String,
    listen: SocketAddr,
}

impl College {
    /// Founds a college with one administrator.
    ///
    /// # Errors
    /// The database could not be made.
    pub async fn found(program: &Path, place: &Place) -> Tried<Self> {
        let college = Self::unfounded(program, place).await?;
        college.appoint()?;
        Ok(college)
    }

    /// A place for a college: a database without anything in it, and a provider.
    ///
    /// # Errors
    /// There is no room for it.
    pub async fn unfounded(program: &Path, place: &Place) -> Tried<Self> {
        let folder = tempfile::Builder::new().prefix("leerloopbaan-trouble-").tempdir()?;
        let database = match place {
            Place::Sqlite => folder.path().join("college.sqlite").display().to_string(),
            Place::SqliteIn(elsewhere) => elsewhere.join("college.sqlite").display().to_string(),
            Place::Cluster(cluster) => cluster.url(&cluster.database(None)?),
            Place::Named(url) => url.clone(),
        };
        let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let issued_by = format!("http://{}", socket.local_addr()?);
        let issuer = Arc::new(BuiltInIssuer::new(issued_by.clone(), "leerloopbaan".to_owned())?);
        tokio::spawn(publish(socket, serde_json::to_string(&issuer.jwks())?));
        // Nobody else is given this port: it was free a moment ago, and the system hands them out in turn.
        let listen = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        Ok(Self { program: program.to_owned(), folder, database, issuer, issued_by, listen })
    }

    /// Makes the database, if need be, and enters the administrator.
    ///
    /// # Errors
    /// What the program says.
    pub fn appoint(&self) -> Tried<()> {
        let names = ["appoint", "--subject", SUBJECT, "--given-name", "Anna", "--family-name", "Vos"];
        let appointed = self.command(&[]).args(names).output()?;
        if appointed.status.success() {
            return Ok(());
        }
        Err(format!("no administrator: {}", String::from_utf8_lossy(&appointed.stderr)).into())
    }

    /// Begins to make the database.
    ///
    /// # Errors
    /// The program did not begin.
    pub fn migrate(&self) -> Tried<std::process::Child> {
        Ok(self.command(&[]).arg("migrate").spawn()?)
    }

    /// A command of the program, run by another program where these words are not empty.
    fn command(&self, under: &[&str]) -> std::process::Command {
        let settings = [
            ("database", self.database.clone()),
            ("files", self.files().display().to_string()),
            ("issuer", self.issued_by.clone()),
            ("jwks_uri", format!("{}/keys", self.issued_by)),
            ("listen", self.listen.to_string()),
        ];
        command(&self.program, under, self.folder.path(), &settings)
    }

    /// Begins to serve, with a log in this folder.
    ///
    /// # Errors
    /// It does not become ready.
    pub async fn serve(&self) -> Tried<Process> {
        self.serve_under(&[]).await
    }

    /// The same, begun by another program such as `taskset`.
    ///
    /// # Errors
    /// It does not become ready.
    pub async fn serve_under(&self, under: &[&str]) -> Tried<Process> {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.log())?;
        let mut command = self.command(under);
        command.stderr(log);
        Process::begin(command, self.listen).await
    }

    /// Where the service writes what it does.
    pub fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    pub fn at(&self) -> SocketAddr {
        self.listen
    }

    /// Where its files are: beside the database where that is a file.
    pub fn files(&self) -> PathBuf {
        match self.database.contains("://") {
            true => self.folder.path().join("files"),
            false => Path::new(&self.database).with_file_name("files"),
        }
    }

    /// As the setting has it.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// Who says who someone is.
    pub fn issued_by(&self) -> &str {
        &self.issued_by
    }

    /// A new token of this account.
    ///
    /// # Errors
    /// The issuer's own.
    pub fn token_of(&self, subject: &str) -> Tried<String> {
        Ok(self.issuer.issue(subject, chrono::Utc::now(), Duration::from_secs(3600))?)
    }

    /// A new token of the administrator: the service counts what each token asks, so a load shows many.
    ///
    /// # Errors
    /// The issuer's own.
    pub fn token(&self) -> Tried<String> {
        Ok(self.issuer.issue(SUBJECT, chrono::Utc::now(), Duration::from_secs(3600))?)
    }
}

/// Answers everyone with these keys.
async fn publish(socket: tokio::net::TcpListener, keys: String) {
    let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{keys}", keys.len());
    while let Ok((mut stream, _)) = socket.accept().await {
        let answer = answer.clone();
        tokio::spawn(async move {
            let mut asked = [0; 4096];
            let read = stream.read(&mut asked).await;
            // Who hung up meanwhile gets no answer, and asks again.
            if read.is_ok() {
                stream.write_all(answer.as_bytes()).await.ok();
            }
        });
    }
}
