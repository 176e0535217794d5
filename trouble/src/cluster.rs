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

/// A second server that has all that the first one has, before the first acknowledges it.
pub struct Standby<'c> {
    of: &'c Cluster,
}

/// The first server's port, which names its socket, and the standby's.
const PORTS: [u16; 2] = [5432, 5433];

impl Standby<'_> {
    /// Makes it the one to write to.
    ///
    /// # Errors
    /// It could not be promoted.
    pub fn promote(&self) -> Tried<()> {
        self.of.run("pg_ctl", &["-D", &self.of.place("standby"), "-w", "promote"])?;
        // There is no standby any more that a write could wait for.
        let mut promoted = PgConnection::establish(&self.of.at_ports("postgres", &PORTS[1..]))?;
        promoted.batch_execute("ALTER SYSTEM RESET synchronous_standby_names")?;
        Ok(promoted.batch_execute("SELECT pg_reload_conf()")?)
    }
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
        let script = format!(
            "read -r _; for data in data standby; do {stop} -D {place}/$data stop -m immediate; done >/dev/null 2>&1; rm -rf {place}"
        );
        let watch = Command::new("bash").arg("-c").arg(script).stdin(Stdio::piped()).spawn()?;
        let cluster = Self { programs: programs.to_owned(), folder, made: AtomicU32::new(0), _watch: watch };
        let data = cluster.place("data");
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
        let (data, log) = (self.place("data"), self.place("postgres.log"));
        self.run("pg_ctl", &[&["-D", &data, "-l", &log, "-w"], arguments].concat())
    }

    /// Makes a standby and waits until every write waits for it.
    ///
    /// # Errors
    /// It did not start.
    pub fn standby(&self) -> Tried<Standby<'_>> {
        let (data, socket) = (self.place("standby"), self.folder.display().to_string());
        self.run("pg_basebackup", &["-D", &data, "-h", &socket, "-U", "postgres", "-c", "fast", "-R"])?;
        let options = format!(
            "-k {socket} -p {} -c listen_addresses= -c max_connections=400 -c lc_messages=C -c wal_retrieve_retry_interval=200",
            PORTS[1]
        );
        self.run("pg_ctl", &["-D", &data, "-l", &self.place("standby.log"), "-w", "-o", &options, "start"])?;
        self.sql("ALTER SYSTEM SET synchronous_standby_names = '*'")?;
        self.sql("SELECT pg_reload_conf()")?;
        Ok(Standby { of: self })
    }

    fn place(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    /// Where its socket is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What it says while it runs.
    pub fn log(&self) -> PathBuf {
        self.folder.join("postgres.log")
    }

    /// One of PostgreSQL's programs.
    pub fn program(&self, name: &str) -> PathBuf {
        self.programs.join(name)
    }

    fn at_ports(&self, database: &str, ports: &[u16]) -> String {
        let each = |word: &dyn Fn(&u16) -> String| ports.iter().map(word).collect::<Vec<_>>().join(",");
        let (hosts, ports) = (each(&|_| self.folder.display().to_string()), each(&u16::to_string));
        format!("postgres:///{database}?host={hosts}&port={ports}&user=postgres")
    }

    /// The address of this database on whichever of the two answers first.
    pub fn url_of_both(&self, _: &Standby<'_>, database: &str) -> String {
        self.at_ports(database, &PORTS)
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
