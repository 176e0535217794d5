//! The tests' own PostgreSQL, with a template that is migrated once; gone when they end.

use std::sync::OnceLock;

use persistence::{Location, migrations};
use trouble::cluster::{Cluster as Server, programs};

const TEMPLATE: &str = "template_college";

/// The cluster of this run of the tests.
pub struct Cluster(Server);

/// The cluster, started at first use; none where there are no server binaries.
pub fn cluster() -> Option<&'static Cluster> {
    static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
    CLUSTER.get_or_init(|| programs().map(|programs| Cluster::start(&programs))).as_ref()
}

impl Cluster {
    fn start(programs: &std::path::Path) -> Self {
        let cluster = Self(Server::start(programs, "-c fsync=off").expect("the PostgreSQL cluster starts"));
        cluster.0.sql(&format!("CREATE DATABASE {TEMPLATE}")).expect("a template");
        migrations::run(&cluster.location(TEMPLATE)).expect("migrations run");
        cluster
    }

    fn location(&self, name: &str) -> Location {
        Location::Postgres { url: self.0.url(name), connections: 4 }
    }

    /// A new database, up to date and empty.
    pub fn database(&self) -> Location {
        self.copy(TEMPLATE)
    }

    /// A new database with all that is in this one of the cluster's; whoever is connected to it is put out.
    pub fn copy_of(&self, location: &Location) -> Location {
        let Location::Postgres { url, .. } = location else { panic!("another database") };
        let name = url.trim_start_matches("postgres:///").split('?').next().expect("a name");
        self.copy(name)
    }

    fn copy(&self, template: &str) -> Location {
        // One copy of a template at a time: PostgreSQL refuses while another connection looks at it.
        static ONE: std::sync::Mutex<()> = std::sync::Mutex::new(());
        let _one = ONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let put_out = format!("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{template}'");
        self.0.sql(&put_out).expect("whoever is connected is put out");
        self.location(&self.0.database(Some(template)).expect("a copy of the template"))
    }
}
