//! A private PostgreSQL server, made from whatever server programs there are, gone when this process ends.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};

use crate::Tried;

/// A server that only this process knows of; it listens on a socket in a folder of its own.
pub struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    made: AtomicU32,
    /// Ends the server when its standard input closes, which it does when this process ends, however it ends.
    _watch: Child,
}

/// Where PostgreSQL's server programs are, the newest first; none where there are none.
pub fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let mut versions: Vec<PathBuf> =
        std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin")).collect();
    versions.sort();
    folders.splice(0..0, versions.into_iter().rev());
    folders.into_iter().find(|folder| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file())
}

/// PostgreSQL refuses to run as root: then it runs as the system's postgres, or as nobody.
fn as_another() -> Vec<String> {
    let id = |arguments: &[&str]| Command::new("id").args(arguments).output().ok().filter(|out| out.status.success());
    let text = |out: std::process::Output| String::from_utf8_lossy(&out.stdout).trim().to_owned();
    if id(&["-u"]).map(text).as_deref() != Some("0") {
        return Vec::new();
    }
    let user = if id(&["postgres"]).is_some() { "postgres" } else { "nobody" };
    let group = id(&["-g", user]).map(text).unwrap_or_default();
    let words = ["setpriv".to_owned(), format!("--reuid={user}"), format!("--regid={group}"), "--clear-groups".to_owned()];
    words.into()
}

impl Cluster {
    /// Makes a server and starts it with these settings besides its own (`-c name=value`).
    ///
    /// # Errors
    /// It did not start.
    pub fn start(programs: &Path, settings: &str) -> Tried<Self> {
        let folder = tempfile::Builder::new().prefix("leerloopbaan-pg-").tempdir()?.keep();
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o777))?;
        let place = folder.display();
        let stop = [as_another().join(" "), format!("{}/pg_ctl", programs.display())].join(" ");
        let script = format!("read -r _; {stop} -D {place}/data stop -m immediate >/dev/null 2>&1; rm -rf {place}");
        let watch = Command::new("bash").arg("-c").arg(script).stdin(Stdio::piped()).spawn()?;
        let cluster = Self { programs: programs.to_owned(), folder, made: AtomicU32::new(0), _watch: watch };
        let data = cluster.data();
        cluster.run("initdb", &["-D", &data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"])?;
        let options = format!(
            "-k {} -c listen_addresses= -c max_connections=400 -c shared_buffers=128MB -c autovacuum=off -c lc_messages=C {settings}",
            cluster.folder.display()
        );
        cluster.control(&["-o", &options, "start"])?;
        Ok(cluster)
    }

    /// Runs `pg_ctl` and waits until it has done what it was told.
    ///
    /// # Errors
    /// It did not.
    pub fn control(&self, arguments: &[&str]) -> Tried<()> {
        let (data, log) = (self.data(), self.folder.join("postgres.log").display().to_string());
        self.run("pg_ctl", &[&["-D", &data, "-l", &log, "-w"], arguments].concat())
    }

    fn data(&self) -> String {
        self.folder.join("data").display().to_string()
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Tried<()> {
        let mut words = as_another();
        words.push(self.programs.join(program).display().to_string());
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.folder.join("commands.log"))?;
        // A server inherits what its starter holds: it gets a file, so that nobody waits for the end of a pipe.
        let done = Command::new(&words[0])
            .args(&words[1..])
            .args(arguments)
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .status()?;
        if done.success() {
            return Ok(());
        }
        let told = std::fs::read_to_string(self.folder.join("commands.log"))?;
        Err(format!("{program} {} ended with {done}: {told}", arguments.join(" ")).into())
    }

    /// The address of this database.
    pub fn url(&self, database: &str) -> String {
        format!("postgres:///{database}?host={}&user=postgres", self.folder.display())
    }

    /// Runs SQL where databases are made and settings changed.
    ///
    /// # Errors
    /// The server's own.
    pub fn sql(&self, sql: &str) -> Tried<()> {
        Ok(PgConnection::establish(&self.url("postgres"))?.batch_execute(sql)?)
    }

    /// A new database, empty or as this other one is; answers its name.
    ///
    /// # Errors
    /// The server's own.
    pub fn database(&self, template: Option<&str>) -> Tried<String> {
        let name = format!("college_{}", self.made.fetch_add(1, Ordering::Relaxed));
        self.sql(&format!("CREATE DATABASE {name} TEMPLATE {}", template.unwrap_or("template1")))?;
        Ok(name)
    }
}
