//! A private PostgreSQL cluster for the tests, made from whatever server binaries there are, gone when they end.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use persistence::{Location, migrations};

/// The cluster of this run of the tests.
pub struct Cluster {
    folder: PathBuf,
    made: AtomicU32,
    /// Ends the server when its standard input closes, which it does when this process ends, however it ends.
    _watch: Child,
}

/// The cluster, started at first use; none where there are no server binaries.
pub fn cluster() -> Option<&'static Cluster> {
    static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
    CLUSTER.get_or_init(|| binaries().map(|bin| Cluster::start(&bin))).as_ref()
}

fn binaries() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let mut versions: Vec<PathBuf> =
        std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin")).collect();
    versions.sort();
    folders.splice(0..0, versions.into_iter().rev());
    folders.into_iter().find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

impl Cluster {
    fn start(bin: &Path) -> Self {
        let folder = tempfile::Builder::new().prefix("leerloopbaan-pg-").tempdir().expect("a temporary folder").keep();
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o777)).expect("permissions");
        let data = folder.join("data");
        // PostgreSQL refuses to run as root: then it runs as the system's postgres, or as nobody.
        let as_user = if Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout == b"0\n") {
            let user = if Command::new("id").arg("postgres").output().is_ok_and(|out| out.status.success()) {
                "postgres"
            } else {
                "nobody"
            };
            format!("setpriv --reuid={user} --regid=$(id -g {user}) --clear-groups")
        } else {
            String::new()
        };
        let script = format!(
            "{as_user} {bin}/initdb -D {data} -U postgres -A trust -E UTF8 --locale=C.UTF-8 -N >{folder}/initdb.log 2>&1 || exit 1
             {as_user} {bin}/postgres -D {data} -k {folder} -c listen_addresses= -c fsync=off -c max_connections=400 \
                -c shared_buffers=128MB -c autovacuum=off -c lc_messages=C >{folder}/postgres.log 2>&1 &
             server=$!
             read -r _
             kill -INT $server; wait $server; rm -rf {folder}",
            bin = bin.display(),
            data = data.display(),
            folder = folder.display(),
        );
        let mut watch = Command::new("bash").arg("-c").arg(script).stdin(Stdio::piped()).spawn().expect("bash");
        let cluster_url = format!("postgres:///postgres?host={}&user=postgres", folder.display());
        let since = Instant::now();
        let mut conn = loop {
            match PgConnection::establish(&cluster_url) {
                Ok(conn) => break conn,
                Err(error) if since.elapsed() > Duration::from_secs(60) => {
                    watch.stdin.take().map(|mut stdin| stdin.write_all(b"\n"));
                    panic!("the PostgreSQL cluster did not start: {error}");
                }
                Err(_) => std::thread::sleep(Duration::from_millis(50)),
            }
        };
        conn.batch_execute("CREATE DATABASE template_college").expect("a template");
        let cluster = Self { folder, made: AtomicU32::new(0), _watch: watch };
        migrations::run(&cluster.location("template_college")).expect("migrations run");
        cluster
    }

    fn location(&self, name: &str) -> Location {
        Location::Postgres { url: format!("postgres:///{name}?host={}&user=postgres", self.folder.display()), connections: 4 }
    }

    /// A new database, up to date and empty.
    pub fn database(&self) -> Location {
        self.copy("template_college")
    }

    /// A new database with all that is in this one of the cluster's; whoever is connected to it is put out.
    pub fn copy_of(&self, location: &Location) -> Location {
        let Location::Postgres { url, .. } = location else { panic!("another database") };
        let name = url.trim_start_matches("postgres:///").split('?').next().expect("a name");
        self.copy(name)
    }

    fn copy(&self, template: &str) -> Location {
        let name = format!("college_{}", self.made.fetch_add(1, Ordering::Relaxed));
        let url = format!("postgres:///postgres?host={}&user=postgres", self.folder.display());
        let mut conn = PgConnection::establish(&url).expect("the cluster answers");
        // One copy of a template at a time: PostgreSQL refuses while another connection looks at it.
        static ONE: std::sync::Mutex<()> = std::sync::Mutex::new(());
        let _one = ONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let put_out = format!("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{template}'");
        conn.batch_execute(&put_out).expect("whoever is connected is put out");
        conn.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}")).expect("a copy of the template");
        self.location(&name)
    }
}
