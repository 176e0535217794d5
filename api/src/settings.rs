//! What a school decides about its own service: read from a file and the environment, every mistake named at once.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use figment::providers::{Env, Format, Serialized, Toml};
use figment::value::{Dict, Value};
use figment::{Figment, Metadata, Source};
use persistence::Location;
use tracing_subscriber::EnvFilter;

use crate::files::Place;
use crate::http::caller::Proxies;
use crate::http::server::Origins;
use crate::mail::{self, LinkTo, Mail, Server};
use crate::tokens::{Expected, LONGEST_LIFETIME, is_secure};

/// The file that is read when none is named.
pub const FILE: &str = "leerloopbaan.toml";
/// What the environment's names begin with: `listen` is `LEERLOOPBAAN_LISTEN`.
pub const PREFIX: &str = "LEERLOOPBAAN_";

/// Every setting, and what its value must be.
pub const SETTINGS: &[(&str, &str)] = &[
    ("listen", "an address and a port, such as 127.0.0.1:8080"),
    ("workers", "a number of threads, 1 to 256"),
    ("database", "a file for SQLite, or postgres://user@host/name"),
    ("files", "a folder, or s3://bucket/prefix"),
    ("files_endpoint", "the http or https address of a store that speaks S3"),
    ("connections", "a number of connections to PostgreSQL, 1 to 64"),
    ("issuer", "the https address of the OpenID provider (http on the loopback interface alone)"),
    ("jwks_uri", "the https address of its keys"),
    ("audience", "1 to 255 characters that tokens name this service by"),
    ("allowed_origins", "a list of origins such as https://app.college.example, or *"),
    ("trusted_proxies", "a list of addresses or ranges such as 10.0.0.0/8"),
    ("smtp", "smtps://user:password@host, or smtp:// for a server that begins TLS when asked (STARTTLS) or is on this machine"),
    ("mail_from", "whom mail is from: college <lob@college.example>, or the address alone"),
    (
        "invitation_link",
        "the https address in a front end to which a secret is added: it has a #, such as https://app.college.example/rate#",
    ),
    ("log", "error, warn, info, debug or trace, also by module: info,leerloopbaan=debug"),
];

/// Names in the environment that the tests use, and the one that names the file: no settings.
const NOT_SETTINGS: &[&str] = &["config", "shared", "test"];

/// The settings of `serve`.
pub struct Settings {
    pub listen: SocketAddr,
    pub workers: usize,
    pub database: Location,
    pub files: Place,
    pub expected: Expected,
    pub origins: Origins,
    pub proxies: Proxies,
    /// None where no mail is sent.
    pub mail: Option<Mail>,
    /// A filter as `tracing` knows it.
    pub log: String,
}

/// One wrong setting. Its value is not repeated: it can be a password.
#[derive(Debug, PartialEq, Eq)]
pub struct Wrong {
    pub setting: String,
    pub about: String,
    /// Where it was set; none where it is missing.
    pub origin: Option<String>,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.origin {
            Some(origin) => write!(f, "{} (set by {origin}) {}", self.setting, self.about),
            None => write!(f, "{} {}", self.setting, self.about),
        }
    }
}

/// Everything that is wrong with the settings.
#[derive(Debug, thiserror::Error)]
pub struct Wrongs(pub Vec<Wrong>);

impl fmt::Display for Wrongs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the settings are not right:")?;
        self.0.iter().try_for_each(|wrong| write!(f, "\n  {wrong}"))
    }
}

/// Reads what `serve` needs: the file first, the environment over it.
///
/// # Errors
/// Every setting that is wrong, missing or unknown.
pub fn read(file: Option<&Path>) -> Result<Settings, Wrongs> {
    let mut given = Given::of(file, None);
    let listen = given.one("listen", Some("127.0.0.1:8080"), |text| text.parse().ok());
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get).to_string();
    let workers = given.one("workers", Some(&cores), |text| text.parse().ok().filter(|n| (1..=256).contains(n)));
    let database = given.database();
    let files = given.files(database.as_ref());
    let issuer = given.one("issuer", None, address);
    let jwks_uri = given.one("jwks_uri", Some(""), |text| if text.is_empty() { Some(None) } else { address(text).map(Some) });
    let audience = given.one("audience", Some("leerloopbaan"), |text| (1..=255).contains(&text.len()).then(|| text.to_owned()));
    let origins = given.origins();
    let proxies = given.proxies();
    let mail = given.mail();
    let log = given.one("log", Some("info,actix_server=warn"), |text| EnvFilter::try_new(text).ok().map(|_| text.to_owned()));
    given.unknown();
    match (listen, workers, database, files, issuer, jwks_uri, audience, origins, proxies, mail, log) {
        (
            Some(listen),
            Some(workers),
            Some(database),
            Some(files),
            Some(issuer),
            Some(jwks_uri),
            Some(audience),
            Some(origins),
            Some(proxies),
            Some(mail),
            Some(log),
        ) if given.wrong.is_empty() => {
            let expected = Expected { issuer, audience, jwks_uri, max_lifetime: LONGEST_LIFETIME };
            Ok(Settings { listen, workers, database, files, expected, origins, proxies, mail, log })
        }
        _ => Err(Wrongs(given.wrong)),
    }
}

/// Reads where the database is, which is all that most commands need; `named` on the command line goes first.
///
/// # Errors
/// Every setting of the database that is wrong or missing.
pub fn read_database(file: Option<&Path>, named: Option<&str>) -> Result<Location, Wrongs> {
    let mut given = Given::of(file, named);
    match given.database() {
        Some(database) if given.wrong.is_empty() => Ok(database),
        _ => Err(Wrongs(given.wrong)),
    }
}

/// A database by its file or its address.
pub fn location(text: &str, connections: usize) -> Option<Location> {
    let (url, connections) = (text.to_owned(), connections);
    match text.split_once("://") {
        Some(("postgres" | "postgresql", _)) => Some(Location::Postgres { url, connections }),
        Some(_) => None,
        None => (!text.is_empty()).then(|| Location::Sqlite(PathBuf::from(text))),
    }
}

/// What was given, and what was found wrong with it so far.
struct Given {
    figment: Figment,
    wrong: Vec<Wrong>,
}

impl Given {
    fn of(file: Option<&Path>, database: Option<&str>) -> Self {
        let mut wrong = Vec::new();
        let mut figment = Figment::new();
        let path = file.unwrap_or(Path::new(FILE));
        match std::fs::read_to_string(path) {
            Ok(_) => {
                let read = Figment::from(Toml::file_exact(path));
                match read.extract::<Dict>() {
                    Ok(_) => figment = read,
                    Err(error) => wrong.push(unreadable(path, &first_and_last(&error.to_string()))),
                }
            }
            Err(error) if file.is_none() && error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => wrong.push(unreadable(path, &error.to_string())),
        }
        figment = figment.merge(
            Env::prefixed(PREFIX)
                .filter(|key| NOT_SETTINGS.iter().all(|other| key != *other && !key.as_str().starts_with(&format!("{other}_")))),
        );
        if let Some(database) = database {
            figment = figment.merge(Serialized::default("database", database));
        }
        Self { figment, wrong }
    }

    /// The value of a setting that is one text or number, through `read`; its default where it is not given.
    fn one<T>(&mut self, setting: &'static str, default: Option<&str>, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let found = match self.figment.find_value(setting) {
            Ok(value) => text(&value).and_then(|text| read(text.trim())),
            Err(_) => match default {
                Some(default) => read(default),
                None => {
                    self.wrong.push(Wrong { setting: setting.to_owned(), about: missing(setting), origin: None });
                    return None;
                }
            },
        };
        if found.is_none() {
            self.refuse(setting);
        }
        found
    }

    fn database(&mut self) -> Option<Location> {
        let connections = self.one("connections", Some("4"), |text| text.parse().ok().filter(|n| (1..=64).contains(n)));
        self.one("database", None, |text| location(text, connections.unwrap_or(1)))
    }

    /// Beside an embedded database unless they are elsewhere; a database on a server has no beside.
    fn files(&mut self, database: Option<&Location>) -> Option<Place> {
        let beside = database.and_then(Location::file).map(|file| file.with_file_name("files").display().to_string());
        // Where the database is wrong too, that is what there is to say.
        let unless_said = if database.is_none() { Some("files") } else { beside.as_deref() };
        let endpoint = self.one("files_endpoint", Some(""), |text| match text {
            "" => Some(None),
            text => is_origin(text.trim_end_matches('/')).then(|| Some(text.trim_end_matches('/').to_owned())),
        });
        match self.one("files", unless_said, Place::parse)? {
            Place::Bucket { bucket, prefix, .. } => endpoint.map(|endpoint| Place::Bucket { bucket, prefix, endpoint }),
            folder => endpoint.map(|_| folder),
        }
    }

    fn origins(&mut self) -> Option<Origins> {
        self.list("allowed_origins", |texts| match texts {
            [any] if any == "*" => Some(Origins::Any),
            origins => origins.iter().all(|origin| is_origin(origin)).then(|| Origins::These(origins.to_vec())),
        })
    }

    fn proxies(&mut self) -> Option<Proxies> {
        self.list("trusted_proxies", |texts| Proxies::parse(texts.iter().map(String::as_str)))
    }

    /// All three or none: a letter needs a server, a sender, and what its link leads to.
    fn mail(&mut self) -> Option<Option<Mail>> {
        let is_given = |given: &Self, name| given.figment.find_value(name).is_ok();
        if !["smtp", "mail_from", "invitation_link"].into_iter().any(|name| is_given(self, name)) {
            return Some(None);
        }
        let server = self.one("smtp", None, Server::parse);
        let from = self.one("mail_from", None, mail::From::parse);
        let link = self.one("invitation_link", None, LinkTo::parse);
        Some(Some(Mail { server: server?, from: from?, link: link? }))
    }

    /// A list, or one text with commas, through `read`; an empty one where it is not given.
    fn list<T>(&mut self, setting: &'static str, read: impl Fn(&[String]) -> Option<T>) -> Option<T> {
        let texts: Option<Vec<String>> = match self.figment.find_value(setting) {
            Err(_) => Some(Vec::new()),
            Ok(Value::Array(_, values)) => values.iter().map(text).collect(),
            Ok(other) => text(&other).map(|text| text.split(',').map(|one| one.trim().to_owned()).collect()),
        };
        let found = texts.and_then(|texts| read(&texts));
        if found.is_none() {
            self.refuse(setting);
        }
        found
    }

    fn unknown(&mut self) {
        let names = self.figment.extract::<Dict>().unwrap_or_default();
        for name in names.into_keys().filter(|name| SETTINGS.iter().all(|(known, _)| known != name)) {
            let origin = self.origin(&name);
            let known: Vec<_> = SETTINGS.iter().map(|(known, _)| *known).collect();
            self.wrong.push(Wrong { setting: name, about: format!("is no setting; there are {}", known.join(", ")), origin });
        }
    }

    fn refuse(&mut self, setting: &str) {
        let origin = self.origin(setting);
        self.wrong.push(Wrong { setting: setting.to_owned(), about: format!("must be {}", must_be(setting)), origin });
    }

    fn origin(&self, setting: &str) -> Option<String> {
        self.figment.find_metadata(setting).map(|metadata: &Metadata| match &metadata.source {
            Some(Source::File(path)) => path.display().to_string(),
            _ if metadata.name.contains("environment") => format!("{PREFIX}{}", setting.to_uppercase()),
            _ => "the command line".to_owned(),
        })
    }
}

fn unreadable(path: &Path, about: &str) -> Wrong {
    Wrong { setting: path.display().to_string(), about: format!("cannot be read: {about}"), origin: None }
}

/// What went wrong in a file and where, without the line itself.
fn first_and_last(message: &str) -> String {
    let lines: Vec<_> = message.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    match lines.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first, .., last] => format!("{first}: {last}"),
    }
}

fn must_be(setting: &str) -> &'static str {
    SETTINGS.iter().find(|(name, _)| *name == setting).map_or("otherwise", |(_, about)| about)
}

fn missing(setting: &str) -> String {
    format!("is missing: {}. Set it in {FILE} or as {PREFIX}{}", must_be(setting), setting.to_uppercase())
}

/// The environment makes a number of what looks like one.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(_, text) => Some(text.clone()),
        Value::Num(_, number) => number.to_i128().map(|n| n.to_string()).or_else(|| number.to_u128().map(|n| n.to_string())),
        _ => None,
    }
}

fn address(text: &str) -> Option<String> {
    is_secure(text).then(|| text.to_owned())
}

/// Scheme, host and perhaps a port, as a browser sends it (RFC 6454 section 6.2).
fn is_origin(text: &str) -> bool {
    reqwest::Url::parse(text)
        .is_ok_and(|url| matches!(url.scheme(), "https" | "http") && url.origin().ascii_serialization() == text)
}

#[cfg(test)]
mod tests;
