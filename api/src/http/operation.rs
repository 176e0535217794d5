//! One operation: its route, and its part of the document.

use std::future::ready;
use std::marker::PhantomData;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use actix_web::http::Method;
use actix_web::{Error, FromRequest, Handler, HttpRequest, Responder, Route, web};
use domain::kernel::Finding;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use serde_json::{Map, Value, json};

use super::description::{Answered, Arguments, Description};
use super::faults::HttpFault;
use super::if_match::DECISIONS;
use super::noted::noted;
use super::portion::{Portion, Portions};
use super::problem::Problem;

/// An operation of the interface, below `/v1`.
pub struct Operation {
    pub method: Method,
    pub path: &'static str,
    pub route: Box<dyn Fn() -> Route>,
    pub description: Description,
}

macro_rules! methods {
    ($($(#[$doc:meta])* $name:ident = $method:ident;)*) => {$(
        $(#[$doc])*
        pub fn $name<H, A, R>(path: &'static str, id: &'static str, summary: &'static str, handler: H) -> Operation
        where
            H: Handler<A> + Copy,
            A: FromRequest + Arguments + 'static,
            H::Output: IsResult<R>,
            H::Future: 'static,
            R: Answered + Responder + 'static,
        {
            operation::<H, A, R>(Method::$method, path, id, summary, handler)
        }
    )*};
}
methods! {
    /// An operation that only reads.
    get = GET;
    post = POST;
    put = PUT;
    patch = PATCH;
    delete = DELETE;
}

/// That an output is a result with an answer in it.
pub trait IsResult<R> {
    fn result(self) -> Result<R, Problem>;
}
impl<R> IsResult<R> for Result<R, Problem> {
    fn result(self) -> Self {
        self
    }
}

/// What stands around every handler: the part of the answer that was asked for is the part that is given, and a panic is
/// a problem like any other, where actix would send nothing.
struct Guard<H, R> {
    handler: H,
    /// What can be asked of the answer; none where the operation does more than read.
    portions: Option<Arc<Portions>>,
    of: PhantomData<fn() -> R>,
}

impl<H: Clone, R> Clone for Guard<H, R> {
    fn clone(&self) -> Self {
        Self { handler: self.handler.clone(), portions: self.portions.clone(), of: PhantomData }
    }
}

impl<H, A, R> Handler<(HttpRequest, Result<A, A::Error>)> for Guard<H, R>
where
    H: Handler<A> + Copy,
    A: FromRequest + 'static,
    H::Output: IsResult<R>,
    H::Future: 'static,
    R: Answered + 'static,
{
    type Output = Result<R, Error>;
    type Future = LocalBoxFuture<'static, Self::Output>;

    fn call(&self, (request, arguments): (HttpRequest, Result<A, A::Error>)) -> Self::Future {
        let mut found = noted(&request);
        let portion = self.portions.as_ref().map(|portions| portions.asked(request.query_string()));
        let portion = portion.unwrap_or_else(|| Ok(Portion::default())).unwrap_or_else(|wrong| {
            found.extend(wrong);
            Portion::default()
        });
        let arguments = match arguments {
            Ok(arguments) if found.is_empty() => arguments,
            Ok(_) => return ready(Err(Problem::findings(found).into())).boxed_local(),
            Err(error) => return ready(Err(refused(error.into(), found))).boxed_local(),
        };
        let work = AssertUnwindSafe(self.handler.call(arguments)).catch_unwind();
        async move {
            let outcome = work.await.map_err(|_| {
                tracing::error!("a handler panicked");
                Problem::from(HttpFault::Broken)
            })?;
            Ok(outcome.result()?.only(&portion))
        }
        .boxed_local()
    }
}

/// Why the arguments were refused, with what was found wrong besides.
fn refused(error: Error, found: Vec<Finding>) -> Error {
    match error.as_error::<Problem>() {
        Some(problem) if !found.is_empty() => problem.clone().and(found).into(),
        _ => error,
    }
}

fn operation<H, A, R>(method: Method, path: &'static str, id: &'static str, summary: &'static str, handler: H) -> Operation
where
    H: Handler<A> + Copy,
    A: FromRequest + Arguments + 'static,
    H::Output: IsResult<R>,
    H::Future: 'static,
    R: Answered + Responder + 'static,
{
    let mut description = Description { id, summary, success: 200, ..Description::default() };
    if method == Method::POST && !is_decision(path) && !path.ends_with("/tokens") {
        description.success = 201;
    }
    A::describe(&mut description);
    R::describe(&mut description);
    if description.success == 201 {
        description.extra_headers.push("Location");
    }
    if method == Method::POST {
        description.parameters.push(idempotency_parameter());
        description.extra_headers.push("Idempotency-Replayed");
        description.problem(422);
    }
    if method == Method::POST && is_decision(path) {
        description.if_match("The ETag of the version that was read and decided on. With it a decision on another version is refused with 412; without it the state alone says what is possible.");
    }
    if method == Method::PATCH {
        description.merge_patch();
    }
    let portions = (method == Method::GET).then(|| Arc::new(Portions::of(&description)));
    description.parameters.extend(portions.iter().flat_map(|portions| portions.parameters()));
    let guard = Guard { handler, portions, of: PhantomData };
    let of_method = method.clone();
    let route = move || web::method(of_method.clone()).to(guard.clone());
    Operation { method, path, route: Box::new(route), description }
}

/// Is a decision on a thing taken at this path?
fn is_decision(path: &str) -> bool {
    path.rsplit('/').next() == Some(DECISIONS)
}

fn idempotency_parameter() -> Value {
    json!({
        "name": "Idempotency-Key", "in": "header", "required": false,
        "description": "Makes a retry safe: within 24 hours the same key with the same request gets the first answer instead of a second effect. A UUID will do.",
        "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" },
        "example": "8c1f5c0e-2f7e-4a57-9a55-2f1a3a6d0c11"
    })
}

impl Operation {
    #[must_use]
    pub fn tag(mut self, tag: &'static str) -> Self {
        self.description.tag = tag;
        self
    }

    /// What one should know before calling it.
    #[must_use]
    pub fn text(mut self, text: &'static str) -> Self {
        self.description.text = text;
        self
    }

    /// Besides what every operation can answer, this one answers these statuses too.
    #[must_use]
    pub fn problems(mut self, statuses: &[u16]) -> Self {
        statuses.iter().for_each(|status| self.description.problem(*status));
        self
    }

    /// Makes the thing where there is none yet: 201 instead of 200 (RFC 9110 section 9.3.4).
    #[must_use]
    pub fn creates(mut self) -> Self {
        self.description.creates = true;
        self
    }

    /// The operation as OpenAPI 3.1 tells it.
    pub fn document(&self) -> Value {
        let d = &self.description;
        let mut parameters: Vec<Value> = names(self.path)
            .zip(&d.path_schemas)
            .map(|(name, schema)| json!({ "name": name, "in": "path", "required": true, "description": format!("Which {}.", thing(self.path, name)), "schema": schema }))
            .collect();
        parameters.extend(d.parameters.iter().cloned());
        let mut responses = Map::new();
        responses.insert(d.success.to_string(), self.success(&[]));
        if d.creates {
            responses.insert("201".into(), self.success(&["Location"]));
        }
        if d.is_ranged {
            responses.insert("206".into(), self.success(&["Content-Range"]));
        }
        if self.method == Method::GET && d.tagged {
            responses.insert(
                "304".into(),
                json!({ "description": "It is still as the ETag in If-None-Match says.", "headers": headers(&["ETag"]) }),
            );
        }
        let mut problems: Vec<u16> = d.problems.clone();
        problems.extend([400, 414, 429, 500, 503]);
        if d.signed_in {
            problems.extend([401, 403, 404]);
        } else if !d.path_schemas.is_empty() {
            problems.push(404);
        }
        if d.body.is_some() {
            problems.extend([408, 413, 415, 507]);
        }
        if self.method != Method::GET {
            problems.push(409);
        }
        problems.sort_unstable();
        problems.dedup();
        for status in problems {
            responses.insert(status.to_string(), json!({ "$ref": format!("#/components/responses/Problem{status}") }));
        }
        let mut told =
            json!({ "operationId": d.id, "tags": [d.tag], "summary": d.summary, "description": d.text, "responses": responses });
        if !parameters.is_empty() {
            told["parameters"] = Value::Array(parameters);
        }
        if let Some(body) = &d.body {
            told["requestBody"] = body.clone();
        }
        told["security"] = if d.signed_in { json!([{ "accessToken": [] }]) } else { json!([{}, { "accessToken": [] }]) };
        told
    }

    fn success(&self, more: &[&'static str]) -> Value {
        let d = &self.description;
        let mut named = [d.extra_headers.as_slice(), more].concat();
        if d.tagged {
            named.push("ETag");
        }
        let mut response = json!({ "description": d.summary, "headers": headers(&named) });
        if !d.answer.is_null() {
            response["content"] = json!({ "application/json": { "schema": d.answer } });
        }
        for media_type in &d.served {
            let bytes = json!({ "type": "string", "contentMediaType": media_type });
            response["content"][*media_type] = json!({ "schema": bytes });
        }
        response
    }
}

/// The headers that every answer has, and these besides.
pub fn headers(extra: &[&str]) -> Value {
    let always = ["API-Version", "X-Request-Id"];
    let told =
        always.iter().chain(extra).map(|name| ((*name).to_owned(), json!({ "$ref": format!("#/components/headers/{name}") })));
    Value::Object(told.collect())
}

fn names(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
}

/// What a path parameter names: the segment before it, in the singular.
fn thing(path: &str, name: &str) -> String {
    let before = path.split('/').zip(path.split('/').skip(1)).find(|(_, next)| *next == format!("{{{name}}}"));
    let plural = before.map_or(name, |(before, _)| before).replace('-', " ");
    match plural.as_str() {
        "people" => "person".to_owned(),
        other => match (other.strip_suffix("ies"), other.strip_suffix("ches")) {
            (Some(stem), _) => format!("{stem}y"),
            (_, Some(stem)) => format!("{stem}ch"),
            _ => other.strip_suffix('s').unwrap_or(other).to_owned(),
        },
    }
}
