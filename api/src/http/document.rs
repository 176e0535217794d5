//! The OpenAPI 3.1 document, put together from the operations: nobody writes it, everybody can rely on it.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

use super::operation::{Operation, headers};
use super::problem::ProblemView;

/// The version of the interface (semver), on every answer as `API-Version`.
pub const VERSION: &str = "1.0.0";

const ABOUT: &str = "Career orientation and guidance (LOB) at a Dutch vocational college: from a first visit to the \
infoshop, through the scout's interview, a provisional enrolment with a coach and the ten-week start programme.\n\n\
Everything with a life of its own is changed by *decisions*; its view tells in `openDecisions` which of them this caller \
may take now. What a caller may not see does not exist for them: 404. Lists come in pages. Faults come all at once \
(RFC 9457): all that is wrong with the form of what was sent, and once it has the form that this document describes, all \
that is wrong with what it says. Retries are safe with `Idempotency-Key`, concurrent edits are told apart by `ETag` and `If-Match`.";

/// A tag: its name, and what it is about, with the Dutch terms.
pub type Tag = (&'static str, &'static str);

/// The document of these operations.
pub fn document(tags: &[Tag], operations: &[Operation]) -> Value {
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    let mut schemas: BTreeMap<String, Value> = BTreeMap::new();
    for operation in operations {
        let path = paths.entry(operation.path).or_default();
        path.insert(operation.method.as_str().to_lowercase(), operation.document());
        schemas.extend(operation.description.schemas.clone());
    }
    let mut problem: Vec<(String, RefOr<Schema>)> = Vec::new();
    ProblemView::schemas(&mut problem);
    problem.push((ProblemView::name().into_owned(), <ProblemView as utoipa::PartialSchema>::schema()));
    schemas.extend(problem.into_iter().map(|(name, schema)| (name, serde_json::to_value(schema).unwrap_or_default())));
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Leerloopbaan",
            "version": VERSION,
            "description": ABOUT,
            "contact": { "name": "Leerloopbaan", "email": "api@leerloopbaan.example", "url": "https://leerloopbaan.example/" },
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" }
        },
        "servers": [{
            "url": "https://{host}/v1",
            "description": "Where the college runs it.",
            "variables": { "host": { "default": "leerloopbaan.example", "description": "Host, and port if it is not 443." } }
        }],
        "tags": tags.iter().map(|(name, about)| json!({ "name": name, "description": about })).collect::<Vec<_>>(),
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": problems(operations),
            "headers": header_components(),
            "securitySchemes": {
                "accessToken": {
                    "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
                    "description": "An access token of the college's OpenID provider: RFC 9068, for the audience `leerloopbaan`. It says who you are; what you may see is looked up at every request."
                }
            }
        }
    })
}

fn problems(operations: &[Operation]) -> Value {
    let mut used: Vec<u16> = Vec::new();
    for operation in operations {
        let told = operation.document();
        used.extend(
            told["responses"]
                .as_object()
                .into_iter()
                .flatten()
                .filter_map(|(status, _)| status.parse::<u16>().ok())
                .filter(|status| *status >= 400),
        );
    }
    used.sort_unstable();
    used.dedup();
    let told = used.into_iter().map(|status| (format!("Problem{status}"), problem(status)));
    Value::Object(told.collect())
}

fn problem(status: u16) -> Value {
    let (about, more): (&str, &[&str]) = match status {
        400 => (
            "What was sent does not have the form that the document describes, or has it and says what can not be; `errors` names every fault of that sort and where it is.",
            &[],
        ),
        401 => ("No token, or none that can be believed.", &["WWW-Authenticate"]),
        403 => ("You may see this, but it is not yours to do; or your token has no account here.", &[]),
        404 => ("Absent, or not for you to see: the two look alike.", &[]),
        408 => ("The body did not arrive in time.", &[]),
        409 => ("The state does not allow it; `state` and `openDecisions` say what is possible.", &[]),
        412 => ("It has another version than those in If-Match.", &[]),
        413 => ("The body is larger than this operation takes.", &[]),
        414 => ("The URL is longer than 4096 characters.", &[]),
        416 => ("The range begins after the end of the file.", &["Content-Range"]),
        415 => ("Another Content-Type than this operation takes.", &[]),
        422 => ("The Idempotency-Key was used for another request.", &[]),
        428 => ("If-Match is missing.", &[]),
        429 => ("Too many requests.", &["Retry-After", "RateLimit", "RateLimit-Policy"]),
        500 => ("Our fault; nothing was changed.", &[]),
        503 => ("Not now; try again after Retry-After.", &["Retry-After"]),
        507 => ("No room to store it now.", &["Retry-After"]),
        _ => ("A problem.", &[]),
    };
    json!({
        "description": about,
        "headers": headers(more),
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/ProblemView" } } }
    })
}

fn header_components() -> Value {
    let text = |about: &str, example: &str| json!({ "description": about, "required": false, "schema": { "type": "string", "maxLength": 1000 }, "example": example });
    json!({
        "API-Version": { "description": "The version of this interface, semver.", "required": true, "schema": { "type": "string", "maxLength": 20, "pattern": "^[0-9]+\\.[0-9]+\\.[0-9]+$" }, "example": VERSION },
        "X-Request-Id": { "description": "Names this request in our logs.", "required": true, "schema": { "type": "string", "maxLength": 64 }, "example": "0198c1de-7a3e-7c0a-b7f0-0d8c3f0f7c11" },
        "ETag": { "description": "Its version and its bytes: for If-Match and If-None-Match.", "required": true, "schema": { "type": "string", "maxLength": 100 }, "example": "\"3-9c1185a5c5e9fc54\"" },
        "Location": { "description": "Where the new thing is.", "required": true, "schema": { "type": "string", "format": "uri-reference", "maxLength": 300 }, "example": "/v1/applications/0198c1de-7a3e-7c0a-b7f0-0d8c3f0f7c11" },
        "Link": text("The next page, as `rel=\"next\"` (RFC 8288).", "</v1/enrolments?cursor=eyJ9>; rel=\"next\""),
        "Idempotency-Replayed": text("`true` where this is the answer to an earlier request with the same key.", "true"),
        "WWW-Authenticate": text("How to say who you are.", "Bearer realm=\"leerloopbaan\""),
        "Accept-Ranges": text("What a range is counted in (RFC 9110 section 14.3).", "bytes"),
        "Content-Range": text("Which bytes of how many these are, or how many there are.", "bytes 1048576-2097151/5242880"),
        "Content-Disposition": text("The name to save it under (RFC 6266).", "attachment; filename=\"foto.jpg\"; filename*=UTF-8''foto.jpg"),
        "Retry-After": text("Seconds to wait.", "1"),
        "RateLimit": text("What is left of the quota.", "\"caller\";r=199;t=1"),
        "RateLimit-Policy": text("The quota.", "\"caller\";q=200;w=1")
    })
}
