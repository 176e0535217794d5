//! One operation: its route, and its part of the document, which follows from the types of its handler.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::panic::AssertUnwindSafe;

use actix_web::http::Method;
use actix_web::{FromRequest, Handler, Responder, Route, web};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use serde_json::{Map, Value, json};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::answer::{Answer, Nothing, Page};
use super::asked::{At, Body, Caller, IfMatch, List, PAGE_DEFAULT, PAGE_LIMIT, Visitor};
use super::faults::HttpFault;
use super::problem::Problem;

/// An operation of the interface, below `/v1`.
pub struct Operation {
    pub method: Method,
    pub path: &'static str,
    pub route: Box<dyn Fn() -> Route>,
    pub description: Description,
}

/// What the document says of an operation.
#[derive(Default)]
pub struct Description {
    pub id: &'static str,
    pub tag: &'static str,
    pub summary: &'static str,
    pub text: &'static str,
    /// Schemas that this operation names.
    pub schemas: BTreeMap<String, Value>,
    /// The schemas that are received, and so are checked; those of queries are not in the document.
    pub received: BTreeMap<String, Value>,
    parameters: Vec<Value>,
    path_schemas: Vec<Value>,
    body: Option<Value>,
    answer: Value,
    success: u16,
    signed_in: bool,
    problems: Vec<u16>,
    extra_headers: Vec<&'static str>,
    /// Whether the answer has an ETag.
    tagged: bool,
    /// Whether it may make the thing that it would replace.
    creates: bool,
}

/// An argument of a handler, as the document tells it.
pub trait Argument {
    fn describe(description: &mut Description);
}

/// What a handler answers, as the document tells it.
pub trait Answered {
    fn describe(description: &mut Description);
}

/// Several arguments.
pub trait Arguments {
    fn describe(description: &mut Description);
}

macro_rules! arguments {
    ($($argument:ident),*) => {
        impl<$($argument: Argument),*> Arguments for ($($argument,)*) {
            fn describe(description: &mut Description) {
                $($argument::describe(description);)*
            }
        }
    };
}
arguments!(A);
arguments!(A, B);
arguments!(A, B, C);
arguments!(A, B, C, D);

macro_rules! methods {
    ($($(#[$doc:meta])* $name:ident = $method:ident;)*) => {$(
        $(#[$doc])*
        pub fn $name<H, A, R>(path: &'static str, id: &'static str, summary: &'static str, handler: H) -> Operation
        where
            H: Handler<A> + Copy,
            A: FromRequest + Arguments + 'static,
            H::Output: IsResult<R>,
            H::Future: 'static,
            <H as Handler<A>>::Output: Responder + 'static,
            R: Answered + 'static,
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
    /// For a handler that did not come to its end.
    fn broken() -> Self;
}
impl<R> IsResult<R> for Result<R, Problem> {
    fn broken() -> Self {
        Err(HttpFault::Broken.into())
    }
}

/// A handler whose panic is a problem like any other: actix would send nothing.
struct Guard<H, R>(H, PhantomData<fn() -> R>);

impl<H: Clone, R> Clone for Guard<H, R> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl<H, A, R> Handler<A> for Guard<H, R>
where
    H: Handler<A> + Copy,
    H::Output: IsResult<R>,
    H::Future: 'static,
    R: 'static,
{
    type Output = H::Output;
    type Future = LocalBoxFuture<'static, H::Output>;

    fn call(&self, arguments: A) -> Self::Future {
        let work = AssertUnwindSafe(self.0.call(arguments)).catch_unwind();
        async move {
            work.await.unwrap_or_else(|_| {
                tracing::error!("a handler panicked");
                H::Output::broken()
            })
        }
        .boxed_local()
    }
}

fn operation<H, A, R>(method: Method, path: &'static str, id: &'static str, summary: &'static str, handler: H) -> Operation
where
    H: Handler<A> + Copy,
    A: FromRequest + Arguments + 'static,
    H::Output: IsResult<R>,
    H::Future: 'static,
    <H as Handler<A>>::Output: Responder + 'static,
    R: Answered + 'static,
{
    let mut description = Description { id, summary, success: 200, ..Description::default() };
    if method == Method::POST && !path.ends_with("/decisions") && !path.ends_with("/tokens") {
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
    let of_method = method.clone();
    let route = move || web::method(of_method.clone()).to(Guard(handler, PhantomData));
    Operation { method, path, route: Box::new(route), description }
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
        if self.method == Method::GET && d.tagged {
            responses.insert(
                "304".into(),
                json!({ "description": "It is still as the ETag in If-None-Match says.", "headers": headers(&["ETag"]) }),
            );
        }
        let mut problems: Vec<u16> = d.problems.clone();
        problems.extend([400, 429, 500, 503]);
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
        "switches" => "switch".to_owned(),
        "activities" => "activity".to_owned(),
        other => other.strip_suffix('s').unwrap_or(other).to_owned(),
    }
}

impl Description {
    pub(super) fn problem(&mut self, status: u16) {
        self.problems.push(status);
    }

    /// A reference to the schema of `T`, which the document gets with all that it names.
    pub(super) fn refer<T: ToSchema>(&mut self) -> Value {
        self.keep::<T>();
        json!({ "$ref": format!("#/components/schemas/{}", T::name()) })
    }

    fn keep<T: ToSchema>(&mut self) {
        let mut found: Vec<(String, RefOr<Schema>)> = Vec::new();
        T::schemas(&mut found);
        found.push((T::name().into_owned(), T::schema()));
        for (name, schema) in found {
            self.schemas.insert(name, serde_json::to_value(schema).unwrap_or_default());
        }
    }

    pub(super) fn receive<T: ToSchema>(&mut self) -> Value {
        let reference = self.refer::<T>();
        if let Some(schema) = self.schemas.get_mut(T::name().as_ref()) {
            close(schema);
            self.received.insert(T::name().into_owned(), schema.clone());
        }
        reference
    }

    /// The schema of what is received beside a file: it is no component, since the file is part of the same form.
    pub(super) fn receive_inline<T: ToSchema>(&mut self) -> Value {
        let mut found: Vec<(String, RefOr<Schema>)> = Vec::new();
        T::schemas(&mut found);
        for (name, schema) in found {
            self.schemas.insert(name, serde_json::to_value(schema).unwrap_or_default());
        }
        let mut schema = serde_json::to_value(T::schema()).unwrap_or_default();
        close(&mut schema);
        self.received.insert(T::name().into_owned(), schema.clone());
        schema
    }

    pub fn parameter(&mut self, parameter: Value) {
        self.parameters.push(parameter);
    }

    pub(super) fn body(&mut self, body: Value) {
        self.body = Some(body);
    }

    /// 204 without a body.
    fn no_content(&mut self) {
        self.success = 204;
        self.answer = Value::Null;
        self.tagged = false;
    }
}

impl Argument for Caller {
    fn describe(description: &mut Description) {
        description.signed_in = true;
    }
}
impl Argument for Visitor {
    fn describe(description: &mut Description) {
        description.problem(401);
    }
}

/// What stands in a path, in order.
pub trait PathPart {
    fn schemas() -> Vec<Value>;
}
impl<Of> PathPart for domain::kernel::Id<Of> {
    fn schemas() -> Vec<Value> {
        vec![serde_json::to_value(<Self as PartialSchema>::schema()).unwrap_or_default()]
    }
}
impl PathPart for i32 {
    fn schemas() -> Vec<Value> {
        vec![json!({ "type": "integer", "format": "int32", "minimum": 1, "maximum": 30 })]
    }
}
impl PathPart for String {
    fn schemas() -> Vec<Value> {
        vec![json!({ "type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[A-Za-z0-9._-]+$" })]
    }
}
macro_rules! path_parts {
    ($($part:ident),*) => {
        impl<$($part: PathPart),*> PathPart for ($($part,)*) {
            fn schemas() -> Vec<Value> {
                [$($part::schemas()),*].concat()
            }
        }
    };
}
path_parts!(A, B);
path_parts!(A, B, C);

impl<T: PathPart> Argument for At<T> {
    fn describe(description: &mut Description) {
        description.path_schemas = T::schemas();
    }
}

impl<T: ToSchema> Argument for Body<T> {
    fn describe(description: &mut Description) {
        let schema = description.receive::<T>();
        let mut content = json!({ "schema": schema });
        if let Some(example) = super::examples::of(&T::name()) {
            content["example"] = example;
        }
        description.body(json!({ "required": true, "content": { "application/json": content } }));
    }
}

impl Argument for IfMatch {
    fn describe(description: &mut Description) {
        description.parameter(json!({
            "name": "If-Match", "in": "header", "required": false,
            "description": "The ETag of the version that was read and decided on; `*` for whichever it is. Without it (or `If-None-Match: *` where nothing is there yet) the answer is 428.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 100 },
            "example": "*"
        }));
        description.problem(412);
        description.problem(428);
    }
}

impl<Q: ToSchema> Argument for List<Q> {
    fn describe(description: &mut Description) {
        let mut found: Vec<(String, RefOr<Schema>)> = Vec::new();
        Q::schemas(&mut found);
        for (name, schema) in found {
            description.schemas.insert(name, serde_json::to_value(schema).unwrap_or_default());
        }
        let mut schema = serde_json::to_value(Q::schema()).unwrap_or_default();
        close(&mut schema);
        description.received.insert(Q::name().into_owned(), schema.clone());
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            description.parameter(query_parameter(name, property));
        }
        description.parameter(json!({
            "name": "limit", "in": "query", "required": false, "description": "How many at most.",
            "schema": { "type": "integer", "format": "int32", "minimum": 1, "maximum": PAGE_LIMIT, "default": PAGE_DEFAULT }
        }));
        description.parameter(json!({
            "name": "cursor", "in": "query", "required": false,
            "description": "Where the page begins: `nextCursor` of the page before, with the same filters.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 1000, "pattern": "^[A-Za-z0-9_-]+$" }
        }));
        description.extra_headers.push("Link");
    }
}

/// What is received has no members but those that it names; the derive forgets it for the branches of a union. A
/// union of one is no union.
fn close(schema: &mut Value) {
    if let Some([only]) = schema.get("oneOf").and_then(Value::as_array).map(Vec::as_slice) {
        *schema = only.clone();
    }
    if schema["type"] == "object" {
        schema["additionalProperties"] = Value::Bool(false);
    }
    for branch in schema.get_mut("oneOf").and_then(Value::as_array_mut).into_iter().flatten() {
        close(branch);
    }
}

/// A filter: what may be absent in the query is not null there.
fn query_parameter(name: &str, property: &Value) -> Value {
    let mut schema = property.clone();
    let mut description = Value::Null;
    if let Some(members) = schema.as_object_mut() {
        description = members.remove("description").unwrap_or_default();
        let one_of = members.remove("oneOf");
        let named = one_of.and_then(|branches| branches.as_array()?.iter().find(|branch| branch["type"] != "null").cloned());
        if let Some(named) = named {
            schema = named;
        } else if let Some(Value::Array(types)) = members.get("type").cloned() {
            members.insert("type".into(), types.into_iter().find(|kind| kind != "null").unwrap_or_default());
        }
    }
    if let (true, Some(members)) = (description.is_null(), schema.as_object_mut()) {
        description = members.remove("description").unwrap_or_default();
    }
    let about = description.as_str().map_or_else(|| format!("Only those of this `{name}`."), str::to_owned);
    json!({ "name": name, "in": "query", "required": false, "description": about, "schema": schema })
}

impl<V: ToSchema> Answered for Answer<V> {
    fn describe(description: &mut Description) {
        if V::name() == Nothing::name() {
            return description.no_content();
        }
        description.answer = description.refer::<V>();
        description.tagged = true;
    }
}

impl<V: ToSchema> Answered for Answer<Page<V>> {
    fn describe(description: &mut Description) {
        let items = description.refer::<V>();
        let name = format!("{}List", V::name().trim_end_matches("View"));
        let schema = json!({
            "type": "object",
            "description": "One page.",
            "required": ["items", "nextCursor"],
            "properties": {
                "items": { "type": "array", "maxItems": PAGE_LIMIT, "items": items },
                "nextCursor": {
                    "type": ["string", "null"], "maxLength": 1000,
                    "description": "The `cursor` of the next page; null on the last."
                }
            }
        });
        description.schemas.insert(name.clone(), schema);
        description.answer = json!({ "$ref": format!("#/components/schemas/{name}") });
        description.tagged = true;
    }
}
