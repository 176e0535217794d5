//! The one place that turns what went wrong into an answer (RFC 9457).

use std::fmt;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use domain::kernel::{Fault, Finding, Kind, Refusal};
use persistence::Trouble;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::OpenDecisions;
use super::faults::HttpFault;
use super::language::{self, Language};
use crate::files::FileTrouble;

/// The media type of problems.
pub const PROBLEM: &str = "application/problem+json";

/// What is wrong with a request, every fault at once.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProblemView {
    /// Opens a page on how to mend it.
    #[serde(rename = "type")]
    #[schema(max_length = 200, format = "uri-reference", example = "/docs/problems/request.not-found")]
    kind: String,
    /// What is wrong, in the language of `Accept-Language` (`nl` or `en`).
    #[schema(max_length = 400)]
    title: &'static str,
    /// The HTTP status, again.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What is wrong with this request in particular.
    #[schema(max_length = 1000)]
    detail: String,
    /// The request's id, also in `X-Request-Id`.
    #[schema(max_length = 64)]
    instance: String,
    /// Stable: `context.what-is-wrong`.
    #[schema(max_length = 100)]
    code: &'static str,
    /// All that is wrong with what was sent; empty where it is not about what was sent.
    #[schema(max_items = 1000)]
    errors: Vec<FindingView>,
    /// The state that the thing is in; null where no decision was refused.
    #[schema(required = true, max_length = 40)]
    state: Option<&'static str>,
    /// The decisions that the caller may take now; null where no decision was refused.
    #[schema(required = true)]
    open_decisions: Option<OpenDecisions>,
    /// The version that is there now, where an older one was decided on; null otherwise.
    #[schema(required = true)]
    current_version: Option<i64>,
}

/// One fault and where it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingView {
    /// RFC 6901 pointer into the body, `?name` for a query parameter, `header:Name` for a header.
    #[schema(max_length = 500)]
    pointer: String,
    #[schema(max_length = 100)]
    code: &'static str,
    /// How to mend it.
    #[schema(max_length = 1000)]
    detail: String,
    /// What could stand there instead, where that can be counted up; empty otherwise.
    #[schema(max_items = 200)]
    allowed: Vec<Allowed>,
}

/// One value that is possible.
#[derive(Debug, Serialize, ToSchema)]
#[schema(value_type = String, max_length = 100)]
struct Allowed(String);

/// Why a request is not done: made anywhere with `?`, rendered only here.
#[derive(Clone, Debug)]
pub struct Problem {
    fault: Fault,
    errors: Vec<Finding>,
    state: Option<&'static str>,
    open: Option<Vec<&'static str>>,
    version: Option<i64>,
    allow: Option<String>,
    retry_after: Option<u64>,
    /// How long the file is of which a range was asked.
    length: Option<u64>,
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        Self { fault, errors: Vec::new(), state: None, open: None, version: None, allow: None, retry_after: None, length: None }
    }
}

impl From<HttpFault> for Problem {
    fn from(fault: HttpFault) -> Self {
        fault.fault().into()
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Fault(fault) => fault.into(),
            // What is sent can be in order, each of it, and yet not be allowed as things are.
            Refusal::Findings(errors) => match errors.first() {
                Some(first) if errors.iter().all(|found| found.fault.kind == Kind::Conflict) => {
                    Self { errors: errors.clone(), ..first.fault.into() }
                }
                _ => Self { errors, ..HttpFault::Invalid.into() },
            },
            Refusal::Illegal { fault, state, open, version } => {
                Self { state: Some(state), open: Some(open), version, ..fault.into() }
            }
        }
    }
}

impl From<Trouble> for Problem {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Refused(refusal) => refusal.into(),
            Trouble::Busy(_) | Trouble::Overtaken => {
                tracing::warn!(%trouble, "busy");
                HttpFault::Busy.into()
            }
            Trouble::Full => {
                tracing::error!("no room left");
                HttpFault::Full.into()
            }
            Trouble::NeedsMoment | Trouble::Panicked | Trouble::Database(_) | Trouble::Unreadable(_) => {
                tracing::error!(%trouble, "broken");
                HttpFault::Broken.into()
            }
        }
    }
}

impl From<FileTrouble> for Problem {
    fn from(trouble: FileTrouble) -> Self {
        match trouble {
            FileTrouble::Full => {
                tracing::error!("no room left for files");
                HttpFault::Full.into()
            }
            FileTrouble::Away(_) => {
                tracing::warn!(%trouble, "the store of files is away");
                HttpFault::Busy.into()
            }
            // Files may be put back from a copy later than the rows that tell of them.
            FileTrouble::Gone(_) => {
                tracing::error!(%trouble, "a file is missing");
                HttpFault::Busy.into()
            }
        }
    }
}

impl Problem {
    pub fn findings(errors: Vec<Finding>) -> Self {
        Refusal::Findings(errors).into()
    }

    /// The same, with what else was found wrong where it is about what was sent.
    #[must_use]
    pub fn and(mut self, found: Vec<Finding>) -> Self {
        if !self.errors.is_empty() {
            self.errors.extend(found.into_iter().filter(|one| !self.errors.contains(one)).collect::<Vec<_>>());
        }
        self
    }

    /// The methods that this path does have (RFC 9110 section 10.2.1).
    #[must_use]
    pub fn allowing(mut self, methods: &str) -> Self {
        self.allow = Some(methods.to_owned());
        self
    }

    #[must_use]
    pub fn after_seconds(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Was it refused, so that nothing was done for certain?
    pub fn is_refusal(&self) -> bool {
        status(self.fault.kind).is_client_error()
    }

    /// How long the file is of which there is no such range (RFC 9110 section 14.4).
    #[must_use]
    pub fn of_length(mut self, length: u64) -> Self {
        self.length = Some(length);
        self
    }

    pub fn fault(&self) -> Fault {
        self.fault
    }

    /// The body as it is sent; `instance` and the language are the request's.
    pub(super) fn render(&self, instance: &str, language: Language) -> ProblemView {
        let text = |fault: Fault| if language == Language::Nl { fault.nl } else { fault.en };
        ProblemView {
            kind: format!("/docs/problems/{}", self.fault.code),
            title: text(self.fault),
            status: status(self.fault.kind).as_u16(),
            detail: self.errors.iter().map(|found| text(found.fault)).next().unwrap_or_else(|| text(self.fault)).to_owned(),
            instance: instance.to_owned(),
            code: self.fault.code,
            errors: self
                .errors
                .iter()
                .take(1000)
                .map(|found| FindingView {
                    pointer: found.pointer.chars().take(500).collect(),
                    code: found.fault.code,
                    detail: text(found.fault).to_owned(),
                    allowed: found.allowed.iter().take(200).cloned().map(Allowed).collect(),
                })
                .collect(),
            state: self.state,
            open_decisions: self.open.clone().map(OpenDecisions),
            current_version: self.version,
        }
    }

    /// The answer to one request.
    pub fn respond(&self, instance: &str, language: Language) -> HttpResponse {
        let view = self.render(instance, language);
        let mut answer = HttpResponse::build(status(self.fault.kind));
        answer.insert_header((header::CONTENT_TYPE, PROBLEM));
        answer.insert_header((header::CONTENT_LANGUAGE, language.code()));
        if let Some(allow) = &self.allow {
            answer.insert_header((header::ALLOW, allow.as_str()));
        }
        if let Some(length) = self.length {
            answer.insert_header((header::CONTENT_RANGE, format!("bytes */{length}")));
        }
        if self.fault.kind == Kind::Unauthenticated {
            answer.insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"leerloopbaan\""));
        }
        match (self.retry_after, self.fault.kind) {
            (Some(seconds), _) => drop(answer.insert_header((header::RETRY_AFTER, seconds.to_string()))),
            (None, Kind::Busy | Kind::Full) => drop(answer.insert_header((header::RETRY_AFTER, "1"))),
            _ => {}
        }
        answer.body(serde_json::to_string(&view).unwrap_or_default())
    }
}

/// A kind of fault as an HTTP status: 400 for what is invalid, never 422 (which says a key was reused).
pub const fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Invalid => StatusCode::BAD_REQUEST,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::Absent => StatusCode::NOT_FOUND,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::Stale => StatusCode::PRECONDITION_FAILED,
        Kind::VersionMissing => StatusCode::PRECONDITION_REQUIRED,
        Kind::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        Kind::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
        Kind::Timeout => StatusCode::REQUEST_TIMEOUT,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::UrlTooLong => StatusCode::URI_TOO_LONG,
        Kind::RangeNotSatisfiable => StatusCode::RANGE_NOT_SATISFIABLE,
        Kind::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Kind::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        Kind::Busy => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Full => StatusCode::INSUFFICIENT_STORAGE,
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.fault.code)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        status(self.fault.kind)
    }

    /// The envelope renders it again, knowing the request; this is what there is without one.
    fn error_response(&self) -> HttpResponse {
        self.respond("", language::Language::En)
    }
}
