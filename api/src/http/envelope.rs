//! What every request and every answer goes through: an id, limits, headers, metrics, one line in the log, and a
//! problem in place of anything that broke.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::Ordering;
use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{ConnectionType, Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, web};
use futures_util::FutureExt;
use uuid::Uuid;

use super::caller::caller;
use super::content::AsksHead;
use super::document::VERSION;
use super::faults::HttpFault;
use super::language::Language;
use super::limits::Told;
use super::metrics;
use super::problem::{PROBLEM, Problem};
use super::service::Service;
use super::turns;

const URL_LIMIT: usize = 4096;
/// The methods of the pages beside `/v1`.
pub(super) const BESIDE: &str = "GET, HEAD, OPTIONS";
/// Whether it is well is asked without waiting for a turn, and as often as one likes.
const HEALTH: &str = "/health/";
/// Where the demo gives tokens: whoever tries it out is not to run out of them.
const DEV_TOKENS: &str = "/v1/dev/tokens";

/// Handles one request.
///
/// # Errors
/// A bare problem for what panics outside a handler; all else is answered here.
pub async fn envelope(request: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse, Error> {
    let begun = Instant::now();
    let id = request_id(request.headers());
    let language = Language::of(request.headers());
    let method = request.method().clone();
    let service = request.app_data::<web::Data<Service>>().cloned();
    let had_turn = request.path().starts_with(HEALTH) || turns::turn().await;
    let (answer, told) = match service.as_deref() {
        Some(_) if !had_turn => (refuse(request, HttpFault::Busy.into(), &id, language), None),
        Some(service) => handle(service, request, next, &id, language).await?,
        None => (request.into_response(Problem::from(HttpFault::Broken).respond(&id, language)), None),
    };
    let mut answer = rendered(answer, &id, language);
    let demo = service.as_deref().is_some_and(|service| service.issuer.is_some());
    dress(&mut answer, &id, told.as_ref(), demo);
    let stopping = service.as_deref().is_some_and(|service| service.stopping.load(Ordering::Relaxed));
    if stopping || (!had_turn && !method.is_safe()) {
        // Who has more to ask is to ask another; and nobody reads the body of who was turned away.
        answer.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    let pattern = answer.request().match_pattern().unwrap_or_else(|| "none".to_owned());
    let (status, seconds) = (answer.status().as_u16(), begun.elapsed().as_secs_f64());
    metrics::record(&method, &pattern, status, seconds);
    let trace = answer.request().headers().get("traceparent").and_then(|value| value.to_str().ok()).and_then(trace_id);
    let (trace, milliseconds) = (trace.unwrap_or_default(), seconds * 1000.0);
    if had_turn {
        tracing::info!(request_id = %id, trace_id = trace, %method, path = %pattern, status, milliseconds, "answered");
    } else {
        // Told by their number, in the metrics: a line for each would cost what there is too little of.
        tracing::debug!(request_id = %id, trace_id = trace, %method, path = %pattern, status, milliseconds, "turned away");
    }
    Ok(answer)
}

async fn handle(
    service: &Service,
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
    id: &str,
    language: Language,
) -> Result<(ServiceResponse, Option<Told>), Error> {
    let health = request.path().starts_with(HEALTH);
    if request.uri().to_string().len() > URL_LIMIT {
        return Ok((refuse(request, HttpFault::UrlTooLong.into(), id, language), None));
    }
    let public_write =
        !request.method().is_safe() && !request.headers().contains_key(header::AUTHORIZATION) && request.path() != DEV_TOKENS;
    let caller = caller(&service.limits.proxies, request.peer_addr().map(|address| address.ip()), request.headers());
    let told = service.limits.ask(caller, public_write);
    if let Some(wait) = told.as_ref().and_then(|told| told.wait).filter(|_| !health) {
        let problem = Problem::from(HttpFault::TooMany).after_seconds(wait.as_secs() + 1);
        return Ok((refuse(request, problem, id, language), told));
    }
    // Whatever can be read can be asked about: the connection leaves the body out by itself.
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
        request.extensions_mut().insert(AsksHead);
    }
    // Handlers are guarded where they are called; what panics before one is reached ends here.
    match AssertUnwindSafe(next.call(request)).catch_unwind().await {
        Ok(answer) => Ok((answer?.map_into_boxed_body(), told)),
        Err(_) => {
            tracing::error!(request_id = %id, "panicked outside a handler");
            Err(Problem::from(HttpFault::Broken).into())
        }
    }
}

fn refuse(request: ServiceRequest, problem: Problem, id: &str, language: Language) -> ServiceResponse {
    request.into_response(problem.respond(id, language))
}

/// Problems know neither the request's id nor its language; what is not ours, or says nothing, becomes ours.
fn rendered(answer: ServiceResponse, id: &str, language: Language) -> ServiceResponse {
    let status = answer.status();
    let is_told = answer.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == PROBLEM);
    let problem = match answer.response().error() {
        Some(error) => match error.as_error::<Problem>() {
            Some(problem) => Some(problem.clone()),
            None => Some(foreign(error.as_response_error().status_code())),
        },
        None if !is_told && (status.is_client_error() || status.is_server_error()) => Some(foreign(status)),
        None => None,
    };
    match problem {
        Some(problem) => answer.into_response(problem.respond(id, language)),
        None => answer,
    }
}

/// What others mean by this status.
fn foreign(status: StatusCode) -> Problem {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => HttpFault::TooLarge.into(),
        StatusCode::NOT_FOUND => HttpFault::NoSuchPath.into(),
        // Below /v1 each path knows its methods; the pages beside it can only be read.
        StatusCode::METHOD_NOT_ALLOWED => Problem::from(HttpFault::NoSuchMethod).allowing(BESIDE),
        StatusCode::REQUEST_TIMEOUT => HttpFault::Slow.into(),
        status if status.is_client_error() => HttpFault::Invalid.into(),
        _ => HttpFault::Broken.into(),
    }
}

/// What every answer bears, also one that comes from elsewhere.
pub(super) fn sign(headers: &mut HeaderMap, id: &str) {
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
    headers.insert(HeaderName::from_static("api-version"), HeaderValue::from_static(VERSION));
}

fn dress(answer: &mut ServiceResponse, id: &str, told: Option<&Told>, demo: bool) {
    let docs = answer.request().path().starts_with("/docs");
    let headers = answer.headers_mut();
    sign(headers, id);
    let mut put = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    put("x-content-type-options", "nosniff");
    put("strict-transport-security", "max-age=31536000");
    put("referrer-policy", "no-referrer");
    put(
        "content-security-policy",
        if docs {
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"
        } else {
            "default-src 'none'; frame-ancestors 'none'"
        },
    );
    if demo {
        put("leerloopbaan-mode", "demo");
    }
    if let Some(told) = told {
        put("ratelimit-policy", &told.policy);
        put("ratelimit", &told.left);
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    headers.append(header::VARY, HeaderValue::from_static("Authorization, Accept-Language"));
}

/// The id that the caller gave, if it can stand in a log, or a new one.
pub(super) fn request_id(headers: &HeaderMap) -> String {
    let given = headers.get("X-Request-Id").and_then(|value| value.to_str().ok());
    let fits = |id: &&str| (1..=64).contains(&id.len()) && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    given.filter(fits).map_or_else(|| Uuid::now_v7().to_string(), str::to_owned)
}

/// The trace that this request is part of (W3C Trace Context section 3.2).
fn trace_id(traceparent: &str) -> Option<String> {
    let mut parts = traceparent.split('-');
    let (version, trace) = (parts.next()?, parts.next()?);
    let hex = |text: &str, length| text.len() == length && text.chars().all(|c| c.is_ascii_hexdigit());
    (hex(version, 2) && hex(trace, 32)).then(|| trace.to_owned())
}
