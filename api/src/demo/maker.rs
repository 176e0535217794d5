//! Sends requests to the service within this process: no socket, but the same routes, checks and transactions.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix_web::dev::{Service as _, ServiceResponse};
use actix_web::http::{Method, header};
use actix_web::test::{TestRequest, init_service, read_body};
use actix_web::web::Bytes;
use actix_web::{App, web};
use chrono::{NaiveDate, TimeDelta};
use domain::kernel::Instant;
use domain::kernel::time::date_at;
use futures_util::future::LocalBoxFuture;
use persistence::{Database, Trouble};
use serde_json::Value;

use crate::files::Files;
use crate::http::Service;
use crate::http::limits::Limits;
use crate::http::server::routes;
use crate::http::service::Trust;
use crate::tokens::BuiltInIssuer;

type Send = dyn Fn(TestRequest) -> LocalBoxFuture<'static, Result<ServiceResponse, Trouble>>;

/// Makes a college by requests.
pub struct Maker {
    send: Box<Send>,
    issuer: Arc<BuiltInIssuer>,
    /// The moment up to which stories are told.
    pub now: Instant,
    /// Microseconds since 1970 at which the service believes to be.
    clock: Arc<AtomicI64>,
    /// The last token of each, and until when it counts.
    tokens: Mutex<HashMap<String, (Instant, Instant, String)>>,
}

const LIFETIME: TimeDelta = TimeDelta::minutes(55);

impl Maker {
    pub async fn begin(database: Database, files: Files, now: Instant) -> Result<Self, Trouble> {
        let broken = |error: String| Trouble::Unreadable(error);
        let issuer =
            BuiltInIssuer::new(super::ISSUER.to_owned(), "leerloopbaan".to_owned()).map_err(|e| broken(e.to_string()))?;
        let issuer = Arc::new(issuer);
        let clock = Arc::new(AtomicI64::new(now.timestamp_micros()));
        let told = Arc::clone(&clock);
        let tell = Arc::new(move || Instant::from_timestamp_micros(told.load(Ordering::SeqCst)).unwrap_or_default());
        let trust = Trust::BuiltIn(Arc::clone(&issuer));
        let service = web::Data::new(Service::new(database, files, tell, trust, Limits::new(false)).map_err(broken)?);
        let app = std::rc::Rc::new(init_service(App::new().app_data(service).configure(routes)).await);
        let send = move |request: TestRequest| -> LocalBoxFuture<'static, Result<ServiceResponse, Trouble>> {
            let app = std::rc::Rc::clone(&app);
            Box::pin(async move {
                let answer = app.call(request.to_request()).await;
                answer.map(ServiceResponse::map_into_boxed_body).map_err(|error| Trouble::Unreadable(error.to_string()))
            })
        };
        Ok(Self { send: Box::new(send), issuer, now, clock, tokens: Mutex::default() })
    }

    /// Lets the service believe that it is this moment.
    pub fn at(&self, moment: Instant) {
        self.clock.store(moment.timestamp_micros(), Ordering::SeqCst);
    }

    /// Noon on the day so many days before the last.
    pub fn days_ago(&self, days: i64) {
        self.at(self.now - TimeDelta::days(days));
    }

    /// The moment at which the service believes to be.
    pub fn moment(&self) -> Instant {
        Instant::from_timestamp_micros(self.clock.load(Ordering::SeqCst)).unwrap_or_default()
    }

    pub fn today(&self) -> NaiveDate {
        date_at(self.now)
    }

    fn token(&self, subject: &str) -> Result<String, Trouble> {
        let moment = self.moment();
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((from, until, token)) = tokens.get(subject)
            && (*from..*until).contains(&moment)
        {
            return Ok(token.clone());
        }
        let lifetime = Duration::from_secs(3600);
        let token = self.issuer.issue(subject, moment, lifetime).map_err(|error| Trouble::Unreadable(error.to_string()))?;
        tokens.insert(subject.to_owned(), (moment, moment + LIFETIME, token.clone()));
        Ok(token)
    }

    async fn ask(&self, request: TestRequest, about: &str) -> Result<Bytes, Trouble> {
        let answer = (self.send)(request).await?;
        let status = answer.status();
        let body = read_body(answer).await;
        if !status.is_success() {
            return Err(Trouble::Unreadable(format!("{about}: {status} {}", String::from_utf8_lossy(&body))));
        }
        Ok(body)
    }

    /// Sends a request with a body as `subject`; nobody where that is empty. The answer must be a success.
    ///
    /// # Errors
    /// The problem that came instead.
    async fn say(&self, method: Method, path: &str, subject: &str, body: &Value) -> Result<Bytes, Trouble> {
        let mut request = TestRequest::with_uri(&format!("/v1{path}")).method(method.clone()).set_json(body);
        if !subject.is_empty() {
            request = request.insert_header((header::AUTHORIZATION, format!("Bearer {}", self.token(subject)?)));
        }
        if method == Method::PUT || method == Method::PATCH {
            request = request.insert_header((header::IF_MATCH, "*"));
        }
        self.ask(request, &format!("{method} {path} by {subject} with {body}")).await
    }

    pub async fn post(&self, path: &str, subject: &str, body: Value) -> Result<Value, Trouble> {
        Ok(view(&self.say(Method::POST, path, subject, &body).await?))
    }

    pub async fn put(&self, path: &str, subject: &str, body: Value) -> Result<(), Trouble> {
        self.say(Method::PUT, path, subject, &body).await.map(drop)
    }

    pub async fn patch(&self, path: &str, subject: &str, body: Value) -> Result<(), Trouble> {
        self.say(Method::PATCH, path, subject, &body).await.map(drop)
    }

    /// Puts what must not be there yet.
    ///
    /// # Errors
    /// The problem that came instead.
    pub async fn put_first(&self, path: &str, subject: &str, body: &Value) -> Result<(), Trouble> {
        let request = TestRequest::with_uri(&format!("/v1{path}"))
            .method(Method::PUT)
            .set_json(body)
            .insert_header((header::AUTHORIZATION, format!("Bearer {}", self.token(subject)?)))
            .insert_header((header::IF_NONE_MATCH, "*"));
        self.ask(request, path).await.map(drop)
    }

    pub async fn get(&self, path: &str, subject: &str) -> Result<Value, Trouble> {
        let request = TestRequest::with_uri(&format!("/v1{path}"))
            .insert_header((header::AUTHORIZATION, format!("Bearer {}", self.token(subject)?)));
        Ok(view(&self.ask(request, path).await?))
    }

    /// Sends a file as a form (RFC 7578).
    ///
    /// # Errors
    /// The problem that came instead.
    pub async fn import(&self, kind: &str, subject: &str, file: &str) -> Result<(), Trouble> {
        self.send_file("/imports", subject, &[("kind", kind)], ("file", file.as_bytes())).await
    }

    /// Sends a file by this name, with fields beside it.
    ///
    /// # Errors
    /// The problem that came instead.
    pub async fn send_file(
        &self,
        path: &str,
        subject: &str,
        fields: &[(&str, &str)],
        (name, file): (&str, &[u8]),
    ) -> Result<(), Trouble> {
        let boundary = "8f1c2b7d40e94a6f";
        let head =
            |name: &str, more: &str| format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n");
        let fields: String = fields.iter().map(|(name, value)| format!("{}{value}\r\n", head(name, ""))).collect();
        let file_head = head("file", &format!("; filename=\"{name}\""));
        let body = [fields.as_bytes(), file_head.as_bytes(), file, format!("\r\n--{boundary}--\r\n").as_bytes()].concat();
        let request = TestRequest::with_uri(&format!("/v1{path}"))
            .method(Method::POST)
            .insert_header((header::CONTENT_TYPE, format!("multipart/form-data; boundary={boundary}")))
            .insert_header((header::AUTHORIZATION, format!("Bearer {}", self.token(subject)?)))
            .set_payload(body);
        self.ask(request, path).await.map(drop)
    }
}

fn view(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap_or(Value::Null)
}

/// A text member of an answer.
pub fn text(view: &Value, name: &str) -> Result<String, Trouble> {
    view[name].as_str().map(str::to_owned).ok_or_else(|| Trouble::Unreadable(format!("no {name} in {view}")))
}
