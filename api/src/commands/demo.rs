//! `demo`: a college of invented people on this machine, and a token for everyone in it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use domain::kernel::Word;
use domain::kernel::time::to_the_microsecond;
use persistence::installation::{self, Found, Installation};
use persistence::{Database, Kind, Location, claim};

use super::{Failure, logging, opening, running, say};
use crate::files::{Files, Place};
use crate::http::Service;
use crate::http::limits::Limits;
use crate::http::server::Origins;
use crate::http::service::Trust;
use crate::personas::PERSONAS;
use crate::settings;
use crate::tokens::BuiltInIssuer;

const AUDIENCE: &str = "leerloopbaan";
const STUDENTS: u32 = 300;
const TOKEN_LIFETIME: Duration = Duration::from_secs(3600);

#[derive(Debug, clap::Args)]
pub struct Demo {
    /// Where to listen; on the loopback interface alone, for the demo gives tokens to anyone
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS", value_parser = loopback)]
    listen: SocketAddr,
    /// The folder to keep the demo in
    #[arg(long, default_value = "data", value_name = "FOLDER")]
    data: PathBuf,
    /// A PostgreSQL database for the demo to keep to itself, instead of SQLite: postgres://user@host/name
    #[arg(long, value_name = "URL", value_parser = postgres)]
    database_url: Option<String>,
    /// How many students the college has; a whole one has 11000 [default: 300]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(20..=50_000))]
    students: Option<u32>,
    /// Make the college anew
    #[arg(long)]
    reset: bool,
}

fn loopback(text: &str) -> Result<SocketAddr, String> {
    let address: SocketAddr = text.parse().map_err(|_| "an address and a port, such as 127.0.0.1:8080".to_owned())?;
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err("the demo gives tokens to anyone who asks, so it listens on the loopback interface alone".to_owned())
    }
}

fn postgres(text: &str) -> Result<String, String> {
    match settings::location(text, 1) {
        Some(Location::Postgres { url, .. }) => Ok(url),
        _ => Err("an address that begins with postgres://".to_owned()),
    }
}

impl Demo {
    pub fn run(&self) -> Result<(), Failure> {
        logging::for_people();
        let location = self.location();
        let name = opening::name(&location);
        let _claim = claim::claim(&location)?.ok_or_else(|| {
            Failure::Refused(format!(
                "a demo is already running on {name}; stop it, or choose another with --data or --database-url"
            ))
        })?;
        let socket = running::bind(self.listen)?;
        let listen = socket.local_addr().map_err(Failure::io("the socket"))?;
        actix_web::rt::System::new().block_on(async {
            let files = opening::files(&Place::Folder(self.data.join("files"))).await?;
            let students = self.college(&location, &files).await?;
            let issuer = BuiltInIssuer::new(crate::demo::ISSUER.to_owned(), AUDIENCE.to_owned())
                .map_err(|error| Failure::Broken(error.to_string()))?;
            let issuer = Arc::new(issuer);
            let trust = Trust::BuiltIn(Arc::clone(&issuer));
            let database = Database::open(&location)?;
            let service = Service::new(database, files, Arc::new(chrono::Utc::now), trust, Limits::of_the_demo())
                .map_err(Failure::Broken)?;
            let welcome = welcome(&issuer, &service, listen, students, &name)?;
            let workers = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
            running::until_stopped(service, socket, Origins::Any, workers, |_| say(welcome)).await
        })
    }

    fn location(&self) -> Location {
        match &self.database_url {
            Some(url) => Location::Postgres { url: url.clone(), connections: 4 },
            None => Location::Sqlite(self.data.join("demo.sqlite")),
        }
    }

    /// The college in the database, made where it is not there whole; answers how many students it has.
    async fn college(&self, location: &Location, files: &Files) -> Result<u32, Failure> {
        match opening::refuse_others(location, Kind::Demo)? {
            Found::Ours(Installation { demo_students: Some(there), .. }) if !self.reset => {
                opening::prepare(location, Kind::Demo)?;
                let there = u32::try_from(there).unwrap_or_default();
                return match self.students {
                    Some(wanted) if wanted != there => Err(Failure::Refused(format!(
                        "{} has a college of {there} students; --reset makes it anew with {wanted}",
                        opening::name(location)
                    ))),
                    _ => Ok(there),
                };
            }
            Found::Ours(Installation { demo_students: None, .. }) if !self.reset => {
                say("The making of this demo was broken off: it is made anew.");
            }
            _ => {}
        }
        installation::empty(location)?;
        files.empty().await.map_err(|trouble| Failure::Refused(format!("the files: {trouble}")))?;
        opening::prepare(location, Kind::Demo)?;
        let students = self.students.unwrap_or(STUDENTS);
        say(format_args!("Making a college of {students} students ..."));
        let wish = crate::demo::Wish { students, now: to_the_microsecond(chrono::Utc::now()) };
        // Its threads end with it, before the service opens the same database.
        let database = Database::open_in_the_making(location)?;
        crate::demo::make(&database, files, &wish).await?;
        installation::complete(location, i32::try_from(students).unwrap_or(i32::MAX))?;
        Ok(students)
    }
}

/// What the one who began it wants to know: where to look, and who to be.
fn welcome(issuer: &BuiltInIssuer, service: &Service, listen: SocketAddr, students: u32, name: &str) -> Result<String, Failure> {
    let rule = "-".repeat(100);
    let mut text = format!(
        "
Leerloopbaan, a demo: {students} invented students, in {name}

  read and try it   http://{listen}/docs/
  the interface     http://{listen}/v1
  the document      http://{listen}/v1/openapi.json

Be someone: send `Authorization: Bearer <token>`. These tokens are valid for an hour; for another:
  curl -X POST http://{listen}/v1/dev/tokens -H 'Content-Type: application/json' -d '{{\"persona\": \"coach\"}}'

{rule}
"
    );
    for (persona, about) in PERSONAS {
        let token =
            issuer.issue(persona.word(), service.now(), TOKEN_LIFETIME).map_err(|error| Failure::Broken(error.to_string()))?;
        text.push_str(&format!("{:<18}{about}\n{token}\n{rule}\n", persona.word()));
    }
    text.push_str("Stop it with Ctrl-C.");
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_listens_to_this_machine_alone() {
        assert!(loopback("127.0.0.1:8080").is_ok());
        assert!(loopback("[::1]:8080").is_ok());
        for address in ["0.0.0.0:8080", "192.168.1.10:8080", "[::]:8080", "localhost"] {
            assert!(loopback(address).is_err(), "{address}");
        }
    }
}
