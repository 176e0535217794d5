//! `serve`: a college's own service.

use std::sync::Arc;

use persistence::{Database, Kind, claim};

use super::{Failure, logging, opening, running};
use crate::http::Service;
use crate::http::limits::Limits;
use crate::http::service::Trust;
use crate::settings::Settings;
use crate::tokens::Verifier;

pub fn run(settings: &Settings) -> Result<(), Failure> {
    logging::for_machines(&settings.log, std::io::stderr);
    let location = &settings.database;
    // PostgreSQL can serve many processes at once; an embedded database has one writer.
    let _claim = match location.file() {
        Some(_) => Some(
            claim::claim(location)?
                .ok_or_else(|| Failure::Refused(format!("{} is being served by another process", opening::name(location))))?,
        ),
        None => None,
    };
    opening::prepare(location, Kind::Real)?;
    let socket = running::bind(settings.listen)?;
    let verifier = Verifier::remote(settings.expected.clone()).map_err(|error| Failure::Refused(error.to_string()))?;
    let database = Database::open(location)?;
    let listen = settings.listen;
    actix_web::rt::System::new().block_on(async {
        let files = opening::files(&settings.files).await?;
        let limits = Limits::behind(settings.proxies.clone());
        let service = Service::new(database, files, Arc::new(chrono::Utc::now), Trust::Issuer(verifier), limits)
            .map_err(Failure::Broken)?
            .sending(settings.mail.clone().map(Arc::new));
        let begun = |_: &Service| tracing::info!(%listen, "serving");
        running::until_stopped(service, socket, settings.origins.clone(), settings.workers, begun).await
    })
}
