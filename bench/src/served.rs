//! The service as it is served, and beside it a bare endpoint that only checks the token.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpResponse, HttpServer, web};
use api::files::Files;
use api::http::limits::Limits;
use api::http::server::{Origins, serve};
use api::http::service::{Service, Trust};
use api::http::{At, Caller};
use api::tokens::BuiltInIssuer;
use domain::kernel::EnrolmentId;
use persistence::Database;
use serde_json::{Value, json};

use crate::Measured;
use crate::alone::Work;
use crate::bulk::OWNER;
use crate::load::{self, Request};

pub const WORKERS: usize = 2;

pub struct Served {
    pub at: SocketAddr,
    bare: SocketAddr,
    issuer: Arc<BuiltInIssuer>,
    handles: [ServerHandle; 2],
}

/// What is asked, and of whom.
pub struct Asked {
    pub bare: (SocketAddr, Request),
    /// By id, a page, and one that is made: of enrolments, students and applications, then of a portfolio's entries.
    pub requests: [(SocketAddr, Request); 6],
    /// The same without HTTP.
    pub work: [Work; 6],
}

impl Served {
    pub fn begin(database: &Database, files: &Files) -> Measured<Self> {
        let issuer = Arc::new(BuiltInIssuer::new(api::demo::ISSUER.to_owned(), "leerloopbaan".to_owned())?);
        let service = || {
            let trust = Trust::BuiltIn(Arc::clone(&issuer));
            Service::new(database.clone(), files.clone(), Arc::new(chrono::Utc::now), trust, Limits::new(false))
                .map(web::Data::new)
        };
        let (socket, at) = socket()?;
        let running = serve(service()?, socket, Origins::Any, WORKERS)?;
        let (bare_socket, bare) = self::socket()?;
        let of_bare = service()?;
        let alone = HttpServer::new(move || App::new().app_data(of_bare.clone()).route("/bare/{id}", web::get().to(checked)));
        let bare_running = alone.workers(WORKERS).disable_signals().listen(bare_socket)?.run();
        let handles = [running.handle(), bare_running.handle()];
        actix_web::rt::spawn(running);
        actix_web::rt::spawn(bare_running);
        Ok(Self { at, bare, issuer, handles })
    }

    pub fn token(&self, subject: &str) -> Measured<String> {
        Ok(self.issuer.issue(subject, chrono::Utc::now(), Duration::from_secs(3600))?)
    }

    pub fn get(&self, path: &str, subject: &str) -> Measured<(SocketAddr, Request)> {
        Ok((self.at, Request::get(path, &self.token(subject)?)))
    }

    /// The answer to one request.
    pub async fn one(&self, path: &str, subject: &str) -> Measured<Value> {
        let (at, request) = self.get(path, subject)?;
        load::one(at, &request).await
    }

    /// The requests whose cost has a goal; `owner` keeps a portfolio.
    pub async fn asked(&self, owner: &str) -> Measured<Asked> {
        let enrolments = self.one("/v1/enrolments?limit=1", "coach").await?;
        let id = text(&enrolments["items"][0]["id"])?;
        let landscapes = self.one("/v1/landscapes", "coach").await?;
        let landscape = text(&landscapes["items"][0]["id"])?;
        let portfolio = format!("/v1/students/{owner}/portfolio-entries");
        let entries = format!("{portfolio}?limit=50");
        let entry = text(&self.fifty(&entries, OWNER).await?["items"][0]["id"])?;
        self.fifty(PAGE, "coach").await?;
        let application = json!({
            "landscapeId": landscape, "givenName": "Noor", "familyName": "Vos", "birthDate": "2009-05-04",
            "email": "noor@leerloopbaan.example", "motivation": "Ik wil met mensen werken."
        });
        let new = json!({
            "area": "learning", "kind": "reflection", "title": "Mijn eerste week", "visibility": "coach", "tags": ["stage"],
            "body": "Ik dacht dat het vooral druk zou zijn. Wat ik zag was hoe rustig iemand wordt als je gaat zitten en luistert."
        });
        Ok(Asked {
            bare: (self.bare, Request::get(&format!("/bare/{id}"), &self.token("coach")?)),
            requests: [
                self.get(&format!("/v1/enrolments/{id}"), "coach")?,
                self.get(PAGE, "coach")?,
                (self.at, Request::post("/v1/applications", None, &application)),
                self.get(&format!("/v1/portfolio-entries/{entry}"), OWNER)?,
                self.get(&entries, OWNER)?,
                (self.at, Request::post(&portfolio, Some(&self.token(OWNER)?), &new)),
            ],
            work: [
                Work::ById(id.parse()?),
                Work::Page,
                Work::Create(serde_json::from_value(application)?),
                Work::EntryById(entry.parse()?),
                Work::Entries(owner.parse()?),
                Work::CreateEntry(owner.parse()?, serde_json::from_value(new)?),
            ],
        })
    }

    /// A page that has fifty.
    async fn fifty(&self, path: &str, subject: &str) -> Measured<Value> {
        let page = self.one(path, subject).await?;
        match page["items"].as_array().map(Vec::len) {
            Some(50) => Ok(page),
            _ => Err(format!("a page of fifty is to have fifty: {page}").into()),
        }
    }

    pub async fn end(self) {
        for handle in self.handles {
            handle.stop(false).await;
        }
    }
}

pub const PAGE: &str = "/v1/students?limit=50";

/// The bare endpoint: who asks is checked, and nothing else happens.
async fn checked(_caller: Caller, _id: At<EnrolmentId>) -> HttpResponse {
    HttpResponse::Ok().json(true)
}

fn socket() -> Measured<(TcpListener, SocketAddr)> {
    let socket = TcpListener::bind("127.0.0.1:0")?;
    let at = socket.local_addr()?;
    Ok((socket, at))
}

pub fn text(value: &Value) -> Measured<String> {
    value.as_str().map(str::to_owned).ok_or_else(|| format!("not a text: {value}").into())
}
