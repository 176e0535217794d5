//! A college of a test's own, on a database of its own, behind a server of its own.

mod college;
pub mod log;
mod postgres;
pub mod postman;
mod said;

use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use actix_web::web;
use api::files::{Files, Place};
use api::http::limits::Limits;
use api::http::server::{Origins, serve};
use api::http::service::{Service, Trust};
use api::mail::Mail;
use api::tokens::{BuiltInIssuer, Expected, Verifier};
use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};
use domain::orientation::InterviewFindings;
use persistence::{Database, Location, migrations};
use serde_json::{Value, json};
use tempfile::TempDir;

pub use college::{College, texts};
pub use said::{Ask, Said};

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// The issuer and audience of every test's tokens.
pub const ISSUER: &str = "https://issuer.test/";
const AUDIENCE: &str = "leerloopbaan";

/// One running service with a small college in it.
pub struct World {
    pub college: College,
    pub base: String,
    /// What runs: for what it does of itself.
    pub service: web::Data<Service>,
    pub location: Location,
    issuer: Arc<BuiltInIssuer>,
    client: reqwest::Client,
    /// Microseconds that the clock of this world is ahead of ours.
    ahead: Arc<AtomicI64>,
    server: actix_web::dev::ServerHandle,
    _folder: TempDir,
}

/// Runs one story on both databases: `both! { async fn a_sentence(world: World) { ... } }`.
#[macro_export]
macro_rules! both {
    ($($(#[$doc:meta])* async fn $name:ident($world:ident: World) $body:block)*) => {$(
        $(#[$doc])*
        async fn $name($world: $crate::harness::World) $body

        mod $name {
            #[test]
            fn on_sqlite() {
                $crate::harness::run($crate::harness::Backend::Sqlite, super::$name);
            }

            #[test]
            fn on_postgresql() {
                $crate::harness::run($crate::harness::Backend::Postgres, super::$name);
            }
        }
    )*};
}

/// Builds a world on `backend` and plays the story in it; without PostgreSQL binaries says so, and fails in CI.
pub fn run<F: Future<Output = ()>>(backend: Backend, story: impl FnOnce(World) -> F) {
    if backend == Backend::Postgres && postgres::cluster().is_none() {
        assert!(std::env::var_os("CI").is_none(), "no PostgreSQL server binaries were found, and CI must have them");
        eprintln!("skipped: no PostgreSQL server binaries (initdb, postgres) were found in PATH or /usr/lib/postgresql");
        return;
    }
    actix_web::rt::System::new().block_on(async {
        let world = World::begin(backend).await;
        let server = world.server.clone();
        story(world).await;
        server.stop(false).await;
    });
}

/// A world as it was at one moment, of which one can have as many as one likes.
pub struct Snapshot {
    college: College,
    location: Location,
    ahead: i64,
    _folder: TempDir,
}

impl Snapshot {
    /// A world like the one that was kept, with a database and a server of its own.
    pub fn world(&self) -> World {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let location = match &self.location {
            Location::Sqlite(kept) => {
                let file = folder.path().join("college.sqlite");
                std::fs::copy(kept, &file).expect("a copy");
                Location::Sqlite(file)
            }
            kept @ Location::Postgres { .. } => postgres::cluster().expect("a cluster").copy_of(kept),
        };
        copy_folder(&self._folder.path().join("files"), &folder.path().join("files"));
        World::upon(location, folder, self.college.clone(), self.ahead, own_issuer())
    }

    /// The same, but the only tokens that one gets in it are meant for another service.
    pub fn world_of_strangers(&self) -> World {
        let world = self.world();
        let issuer = Arc::new(BuiltInIssuer::new(ISSUER.to_owned(), "another-service".to_owned()).expect("an issuer"));
        let keys = web::Data::new(serde_json::to_value(issuer.jwks()).expect("keys"));
        let published = move || {
            let answer = |keys: web::Data<Value>| async move { actix_web::HttpResponse::Ok().json(keys.get_ref()) };
            actix_web::App::new().app_data(keys.clone()).route("/jwks.json", web::get().to(answer))
        };
        let publisher =
            actix_web::HttpServer::new(published).workers(1).disable_signals().bind("127.0.0.1:0").expect("a free port");
        let jwks_uri = Some(format!("http://{}/jwks.json", publisher.addrs()[0]));
        actix_web::rt::spawn(publisher.run());
        let trust = trust(ISSUER, jwks_uri);
        let World { location, _folder, .. } = world;
        World::upon(location, _folder, self.college.clone(), self.ahead, (issuer, trust))
    }
}

/// Copies a folder with all that is in it.
fn copy_folder(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry").path();
        let copy = to.join(entry.file_name().expect("a name"));
        if entry.is_dir() {
            copy_folder(&entry, &copy);
        } else {
            std::fs::copy(&entry, &copy).expect("a copy");
        }
    }
}

/// The issuer of a world's own tokens, and that it is believed.
fn own_issuer() -> (Arc<BuiltInIssuer>, Trust) {
    let issuer = Arc::new(BuiltInIssuer::new(ISSUER.to_owned(), AUDIENCE.to_owned()).expect("an issuer"));
    (Arc::clone(&issuer), Trust::BuiltIn(issuer))
}

/// That the tokens of this issuer elsewhere are believed, with the keys that it publishes there or says where.
fn trust(issuer: &str, jwks_uri: Option<String>) -> Trust {
    let max_lifetime = Duration::from_secs(3600);
    let expected = Expected { issuer: issuer.to_owned(), audience: AUDIENCE.to_owned(), jwks_uri, max_lifetime };
    Trust::Issuer(Verifier::remote(expected).expect("a verifier"))
}

impl World {
    /// A world on SQLite that believes the tokens of this issuer alone, so none of [`World::token`]. It has accounts of
    /// that issuer for all who have one here.
    pub fn trusting(issuer: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let location = database(Backend::Sqlite, &folder);
        let college = College::found(&location);
        let (own, _) = own_issuer();
        let world = Self::upon(location, folder, college, 0, (own, trust(issuer, None)));
        let accounts = format!(
            "INSERT INTO accounts (issuer, subject, person_id, service_account_id, created_at)
             SELECT '{issuer}', subject, person_id, service_account_id, created_at FROM accounts"
        );
        world.sql(&accounts).expect("accounts");
        world
    }

    /// A world on SQLite with its files elsewhere.
    pub fn with_files(files: Files) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let location = database(Backend::Sqlite, &folder);
        let college = College::found(&location);
        Self::upon_files(location, folder, college, 0, own_issuer(), files)
    }

    /// The folder with its files.
    pub fn files(&self) -> PathBuf {
        self._folder.path().join("files")
    }

    /// Its files, as its service has them.
    pub fn files_of_service(&self) -> &Files {
        &self.service.files
    }

    async fn begin(backend: Backend) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let location = database(backend, &folder);
        let college = College::found(&location);
        Self::upon(location, folder, college, 0, own_issuer())
    }

    fn upon(location: Location, folder: TempDir, college: College, ahead: i64, believed: (Arc<BuiltInIssuer>, Trust)) -> Self {
        let files = Files::open(&Place::Folder(folder.path().join("files"))).expect("a folder for files");
        Self::upon_files(location, folder, college, ahead, believed, files)
    }

    fn upon_files(
        location: Location,
        folder: TempDir,
        college: College,
        ahead: i64,
        (issuer, trust): (Arc<BuiltInIssuer>, Trust),
        files: Files,
    ) -> Self {
        let database = Database::open(&location).expect("the database opens");
        let ahead = Arc::new(AtomicI64::new(ahead));
        let clock = Arc::clone(&ahead);
        let clock = Arc::new(move || Utc::now() + TimeDelta::microseconds(clock.load(Ordering::SeqCst)));
        let service = Service::new(database, files, clock, trust, Limits::new(false)).expect("a service");
        Self::serving(service, location, folder, college, ahead, issuer)
    }

    /// The same world, served as a college's own instead of a demo, with this mail or none; it ends with [`Self::end`].
    pub async fn served_as_a_college(self, mail: Option<Mail>) -> Self {
        self.server.stop(false).await;
        let Self { college, location, issuer, ahead, _folder, .. } = self;
        let database = Database::open(&location).expect("the database opens");
        let files = Files::open(&Place::Folder(_folder.path().join("files"))).expect("a folder for files");
        let clock = Arc::clone(&ahead);
        let clock = Arc::new(move || Utc::now() + TimeDelta::microseconds(clock.load(Ordering::SeqCst)));
        let trust = Trust::BuiltIn(Arc::clone(&issuer));
        let service = Service::new(database, files, clock, trust, Limits::new(false)).expect("a service");
        let mut service = service.sending(mail.map(Arc::new));
        service.issuer = None;
        Self::serving(service, location, _folder, college, ahead, issuer)
    }

    fn serving(
        service: Service,
        location: Location,
        folder: TempDir,
        college: College,
        ahead: Arc<AtomicI64>,
        issuer: Arc<BuiltInIssuer>,
    ) -> Self {
        let service = web::Data::new(service);
        let socket = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let base = format!("http://{}/v1", socket.local_addr().expect("an address"));
        let running = serve(service.clone(), socket, Origins::Any, 2).expect("a server");
        let server = running.handle();
        actix_web::rt::spawn(running);
        let client = reqwest::Client::builder().timeout(Duration::from_secs(60)).build().expect("a client");
        Self { college, base, service, location, issuer, client, ahead, server, _folder: folder }
    }

    /// Keeps this world as it is now; it ends, and goes on in its copies.
    pub async fn keep(self) -> Snapshot {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let location = match &self.location {
            Location::Sqlite(file) => {
                let kept = folder.path().join("kept.sqlite");
                college::copy_sqlite(file, &kept);
                Location::Sqlite(kept)
            }
            running @ Location::Postgres { .. } => postgres::cluster().expect("a cluster").copy_of(running),
        };
        copy_folder(&self.files(), &folder.path().join("files"));
        let ahead = self.ahead.load(Ordering::SeqCst);
        let college = self.college.clone();
        self.end().await;
        Snapshot { college, location, ahead, _folder: folder }
    }

    /// Stops its server: for worlds that a story made besides its own.
    pub async fn end(self) {
        self.server.stop(false).await;
    }

    /// What time it is in this world.
    pub fn now(&self) -> DateTime<Utc> {
        Utc::now() + TimeDelta::microseconds(self.ahead.load(Ordering::SeqCst))
    }

    /// Lets time pass. Tokens made before may have expired by then; [`Ask::by`] makes new ones.
    pub fn wait(&self, time: TimeDelta) {
        self.ahead.fetch_add(time.num_microseconds().expect("a short time"), Ordering::SeqCst);
    }

    /// The first Monday of September that leaves two months for all that comes before it.
    pub fn first_monday(&self) -> NaiveDate {
        let now = self.now();
        let of = |year| {
            let first = NaiveDate::from_ymd_opt(year, 9, 1).expect("a date");
            first + Days::new(u64::from(7 - first.weekday().num_days_from_monday()) % 7)
        };
        let far_enough = |monday: &NaiveDate| (*monday - now.date_naive()).num_days() > 61;
        [now.year(), now.year() + 1].map(of).into_iter().find(far_enough).expect("a Monday")
    }

    /// Lets time pass until the morning of this date.
    pub fn wait_until(&self, date: NaiveDate) {
        let morning = date.and_hms_opt(9, 0, 0).expect("a time").and_utc();
        assert!(morning > self.now(), "time does not go back");
        self.wait(morning - self.now());
    }

    /// A token of the account with this subject.
    pub fn token(&self, subject: &str) -> String {
        self.issuer.issue(&format!("{}{subject}", self.college.accounts), self.now(), Duration::from_secs(600)).expect("a token")
    }

    /// A token of this account that has expired.
    pub fn expired_token(&self, subject: &str) -> String {
        self.issuer.issue(subject, self.now() - TimeDelta::hours(2), Duration::from_secs(600)).expect("a token")
    }

    /// Begins a request: `world.get("/me").by("coach").send().await`.
    pub fn ask(&self, method: &str, path: &str) -> Ask<'_> {
        Ask::new(self, &self.client, method, path)
    }

    pub fn get(&self, path: &str) -> Ask<'_> {
        self.ask("GET", path)
    }

    pub fn post(&self, path: &str, body: Value) -> Ask<'_> {
        self.ask("POST", path).json(body)
    }

    pub fn put(&self, path: &str, body: Value) -> Ask<'_> {
        self.ask("PUT", path).json(body)
    }

    pub fn patch(&self, path: &str, body: Value) -> Ask<'_> {
        self.ask("PATCH", path).json(body)
    }

    pub fn delete(&self, path: &str) -> Ask<'_> {
        self.ask("DELETE", path)
    }

    /// Takes a decision: `world.decide("/applications", &id, "assignScout", json!({"scoutId": ...}))`.
    pub fn decide(&self, things: &str, id: &str, decision: &str, facts: Value) -> Ask<'_> {
        let mut body = json!({ "decision": decision });
        body.as_object_mut().expect("an object").extend(facts.as_object().cloned().unwrap_or_default());
        self.post(&format!("{things}/{id}/decisions"), body)
    }

    /// Every row of a query, as text, straight from the database: to prove what the interface does not show.
    pub fn rows(&self, sql: &str) -> Vec<String> {
        college::texts(&self.location, sql)
    }

    /// Another database of the same kind, without a college in it.
    pub fn another_database(&self) -> Location {
        match self.location.file() {
            Some(file) => Location::Sqlite(file.with_file_name("another.sqlite")),
            None => postgres::cluster().expect("a cluster").database(),
        }
    }

    /// Runs SQL straight on the database; the error is the database's own.
    pub fn sql(&self, sql: &str) -> Result<(), String> {
        college::execute(&self.location, sql)
    }
}

/// What comes out of an interview, as it is sent.
pub fn findings() -> Value {
    serde_json::from_str(InterviewFindings::EXAMPLE).expect("findings")
}

/// A database of this test's own, up to date: a copy of one that is migrated once.
fn database(backend: Backend, folder: &TempDir) -> Location {
    match backend {
        Backend::Sqlite => {
            static TEMPLATE: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
            let (_, template) = TEMPLATE.get_or_init(|| {
                let folder = tempfile::tempdir().expect("a temporary folder");
                let file = folder.path().join("template.sqlite");
                migrations::run(&Location::Sqlite(file.clone())).expect("migrations run");
                (folder, file)
            });
            let file = folder.path().join("college.sqlite");
            std::fs::copy(template, &file).expect("a copy");
            Location::Sqlite(file)
        }
        Backend::Postgres => postgres::cluster().expect("a cluster").database(),
    }
}
