//! The server: every operation below `/v1`, the document and its page, health and metrics, behind one envelope.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::atomic::Ordering;
use std::time::Duration;

use actix_cors::Cors;
use actix_web::body::MessageBody;
use actix_web::dev::{Server, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::{Next, from_fn};
use actix_web::{App, Error, FromRequest, Handler, HttpResponse, HttpServer, Resource, Responder, Route, Scope, web};
use serde_json::{Value, json};
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::description::Description;
use super::envelope::{BESIDE, envelope, request_id, sign};
use super::faults::HttpFault;
use super::operation::Operation;
use super::problem::Problem;
use super::service::Service;
use super::{document, metrics, problem_page};

/// Which web pages may call the interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origins {
    Any,
    These(Vec<String>),
}

/// The document of all operations.
pub fn whole_document() -> Value {
    document::document(crate::contexts::TAGS, &crate::contexts::operations())
}

/// The names of schemas that two types write, each another: the document would have one of the two.
pub fn names_of_two_schemas() -> Vec<String> {
    Description::names_of_two(crate::contexts::operations().iter().map(|operation| &operation.description))
}

/// Begins to serve on a socket that is already bound.
///
/// # Errors
/// Where the socket can not be used.
pub fn serve(service: web::Data<Service>, socket: TcpListener, origins: Origins, workers: usize) -> std::io::Result<Server> {
    let server = HttpServer::new(move || {
        let app = App::new().app_data(service.clone());
        app.wrap(from_fn(envelope)).wrap(cors(&origins)).wrap(from_fn(in_order)).configure(routes)
    })
    .workers(workers)
    .client_request_timeout(Duration::from_secs(10))
    .keep_alive(Duration::from_secs(75))
    .max_connections(4096)
    // Whoever runs it decides when it stops: see `commands::running`.
    .disable_signals()
    .shutdown_timeout(22)
    .listen(socket)?;
    Ok(server.run())
}

pub fn routes(config: &mut web::ServiceConfig) {
    let mut by_path: BTreeMap<&str, BTreeMap<&str, Vec<Operation>>> = BTreeMap::new();
    for operation in crate::contexts::operations() {
        let (things, rest) = first_segment(operation.path);
        by_path.entry(things).or_default().entry(rest).or_default().push(operation);
    }
    // By what they are about first: a pattern is matched for each path that stands before the one that is meant.
    let mut scope = web::scope("/v1");
    for (things, by_rest) in by_path {
        let resources = by_rest.into_iter().map(|(rest, operations)| resource(rest, &operations));
        scope = scope.service(resources.fold(web::scope(things), Scope::service));
    }
    let page = SwaggerUi::new("/docs/{_:.*}").config(
        Config::new(["/docs/openapi.json"])
            .try_it_out_enabled(true)
            .persist_authorization(true)
            .display_request_duration(true)
            .doc_expansion("none")
            .filter(true),
    );
    config
        .service(scope.default_service(web::to(no_such_path)))
        .service(beside("/health/live", live))
        .service(beside("/health/ready", ready))
        .service(beside("/metrics", metrics::show))
        .service(beside("/docs", docs))
        .service(beside("/docs/openapi.json", document_for_here))
        .service(beside("/docs/problems/{code}", problem_page::show))
        .service(page)
        // The page answers readers alone, and leaves others to whoever comes next.
        .service(beside("/docs/{_:.*}", no_such_path))
        .default_service(web::to(no_such_path));
}

/// `/students` and `/{id}/card`: what a path is about, and the rest of it, which can be empty.
fn first_segment(path: &str) -> (&str, &str) {
    path.split_at(path.get(1..).and_then(|path| path.find('/')).map_or(path.len(), |slash| slash + 1))
}

/// One path with all its methods; another method is told which there are, and so is who asks (RFC 9110 section 9.3.7).
fn resource(path: &str, operations: &[Operation]) -> Resource {
    let mut methods: Vec<&str> = operations.iter().map(|operation| operation.method.as_str()).collect();
    if methods.contains(&"GET") {
        methods.push("HEAD");
    }
    methods.push("OPTIONS");
    let allow = methods.join(", ");
    let mut resource = web::resource(path.to_owned());
    for operation in operations {
        resource = resource.route((operation.route)());
    }
    resource.route(options(allow.clone())).default_service(web::to(move || {
        let problem = Problem::from(HttpFault::NoSuchMethod).allowing(&allow);
        async move { Err::<HttpResponse, Problem>(problem) }
    }))
}

/// Tells which methods there are.
fn options(allow: String) -> Route {
    web::method(Method::OPTIONS).to(move || {
        let answer = HttpResponse::NoContent().insert_header((header::ALLOW, allow.as_str())).finish();
        async move { answer }
    })
}

/// A page beside the interface, which can only be read.
fn beside<H, A>(path: &str, handler: H) -> Resource
where
    H: Handler<A>,
    A: FromRequest + 'static,
    H::Output: Responder + 'static,
{
    web::resource(path.to_owned()).route(web::get().to(handler)).route(options(BESIDE.to_owned()))
}

fn cors(origins: &Origins) -> Cors {
    let exposed = [
        "ETag",
        "Accept-Ranges",
        "Content-Disposition",
        "Content-Range",
        "Link",
        "Location",
        "API-Version",
        "RateLimit",
        "RateLimit-Policy",
        "Retry-After",
        "Idempotency-Replayed",
        "X-Request-Id",
        "Leerloopbaan-Mode",
        "Deprecation",
        "Sunset",
    ];
    let cors = match origins {
        Origins::Any => Cors::default().allow_any_origin(),
        Origins::These(origins) => origins.iter().fold(Cors::default(), |cors, origin| cors.allowed_origin(origin)),
    };
    cors.allowed_methods([Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allowed_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::ACCEPT,
            header::ACCEPT_LANGUAGE,
            header::IF_MATCH,
            header::IF_NONE_MATCH,
            header::IF_RANGE,
            header::RANGE,
            header::HeaderName::from_static("idempotency-key"),
            header::HeaderName::from_static("registration-secret"),
            header::HeaderName::from_static("x-request-id"),
            header::HeaderName::from_static("traceparent"),
        ])
        .expose_headers(exposed)
        .max_age(3600)
}

/// What a page of another origin is told it may do comes out of sets: the same answer is to have the same headers. What is
/// answered before the envelope is reached, a preflight, bears the headers that every answer has.
async fn in_order<B: MessageBody>(request: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, Error> {
    let mut answer = next.call(request).await?;
    let lists =
        [header::ACCESS_CONTROL_ALLOW_HEADERS, header::ACCESS_CONTROL_ALLOW_METHODS, header::ACCESS_CONTROL_EXPOSE_HEADERS];
    for list in lists {
        let told = answer.headers().get(&list).and_then(|told| told.to_str().ok());
        let Some(mut names) = told.map(|told| told.split(',').map(str::trim).collect::<Vec<_>>()) else { continue };
        names.sort_unstable();
        if let Ok(sorted) = HeaderValue::from_str(&names.join(", ")) {
            answer.headers_mut().insert(list, sorted);
        }
    }
    if !answer.headers().contains_key("x-request-id") {
        let id = request_id(answer.request().headers());
        sign(answer.headers_mut(), &id);
    }
    Ok(answer)
}

async fn no_such_path() -> Result<HttpResponse, Problem> {
    Err(HttpFault::NoSuchPath.into())
}

async fn live() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "live" }))
}

/// Ready to be sent requests: not while stopping, and not while the database is away.
async fn ready(service: web::Data<Service>) -> Result<HttpResponse, Problem> {
    if service.stopping.load(Ordering::Relaxed) {
        return Err(HttpFault::Busy.into());
    }
    let asking = persistence::Asking { identity: persistence::Identity::Anonymous, now: service.now() };
    service.database.read(asking, persistence::events::reachable).await?;
    Ok(HttpResponse::Ok().json(json!({ "status": "ready" })))
}

async fn docs() -> HttpResponse {
    HttpResponse::TemporaryRedirect().insert_header((header::LOCATION, "/docs/")).finish()
}

/// The document for the page that tries it out: the same, but for calling where the page came from.
async fn document_for_here(service: web::Data<Service>) -> Result<HttpResponse, Problem> {
    let mut document: Value = serde_json::from_str(&service.document).map_err(|_| HttpFault::Broken)?;
    document["servers"] = json!([{ "url": "/v1", "description": "Here." }]);
    Ok(HttpResponse::Ok().json(document))
}
