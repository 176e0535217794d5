//! A file with a few fields beside it, sent as `multipart/form-data` (RFC 7578).

use std::time::Duration;

use actix_multipart::{Field, Multipart};
use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpRequest, web};
use domain::kernel::Finding;
use futures_util::future::LocalBoxFuture;
use futures_util::{FutureExt, StreamExt};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::description::{Argument, Description};
use super::faults::HttpFault;
use super::problem::Problem;
use super::retries::{digest, fingerprint};
use super::service::Service;
use super::shape::escape;

/// Files are at most this long, in bytes.
pub const FILE_LIMIT: usize = 16 * 1024 * 1024;
/// The fields beside a file are short, and few.
const FIELD_LIMIT: usize = 1024;
const PARTS: usize = 20;
/// An upload has this long to arrive.
const DEADLINE: Duration = Duration::from_secs(120);

/// The part `file`, and the other parts as the fields of an `F`.
pub struct Upload<F> {
    pub fields: F,
    pub file: Vec<u8>,
}

impl<F: DeserializeOwned + ToSchema + 'static> FromRequest for Upload<F> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        async move {
            let media_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
            if !media_type.to_ascii_lowercase().starts_with("multipart/form-data") {
                return Err(HttpFault::MediaType.into());
            }
            let parts = parts(Multipart::new(request.headers(), payload));
            let arrived = tokio::time::timeout(DEADLINE, parts).await;
            let (pairs, file) = arrived.unwrap_or_else(|_| Err(HttpFault::Slow.into()))?;
            let mut sent = serde_json::to_vec(&pairs).unwrap_or_default();
            sent.extend_from_slice(&Sha256::digest(file.as_deref().unwrap_or_default()));
            // The boundary differs from one try to the next: what makes a retry the same is what it carries.
            fingerprint(&request).set(digest(&request, &sent)).ok();
            let service = request.app_data::<web::Data<Service>>().ok_or(HttpFault::Broken)?;
            let missing = file.is_none().then(|| HttpFault::Required.at("/file"));
            let fields = fields(service, pairs, missing.into_iter().collect())?;
            Ok(Self { fields, file: file.unwrap_or_default() })
        }
        .boxed_local()
    }
}

/// All parts: the fields as an object of texts, and the file.
async fn parts(mut multipart: Multipart) -> Result<(Map<String, Value>, Option<Vec<u8>>), Problem> {
    let (mut pairs, mut file) = (Map::new(), None);
    let mut count = 0;
    while let Some(part) = multipart.next().await {
        let part = part.map_err(|_| HttpFault::NotMultipart)?;
        let name = part.name().unwrap_or_default().to_owned();
        count += 1;
        if count > PARTS {
            return Err(HttpFault::NotMultipart.into());
        }
        if pairs.contains_key(&name) || (name == "file" && file.is_some()) {
            return Err(Problem::findings(vec![HttpFault::Twice.at(pointer(&name))]));
        }
        if name == "file" {
            file = Some(bytes(part, FILE_LIMIT).await?.ok_or(HttpFault::TooLarge)?);
        } else {
            let too_long = || Problem::findings(vec![HttpFault::TooLong.at(pointer(&name))]);
            let text = bytes(part, FIELD_LIMIT).await?.ok_or_else(too_long)?;
            let text = String::from_utf8(text).map_err(|_| HttpFault::NotMultipart)?;
            pairs.insert(name, Value::String(text));
        }
    }
    Ok((pairs, file))
}

/// Where a part stands in what is told of its faults.
pub(super) fn pointer(name: &str) -> String {
    format!("/{}", escape(name))
}

/// All of a part; none where there is more of it.
async fn bytes(mut part: Field, limit: usize) -> Result<Option<Vec<u8>>, Problem> {
    let mut all = Vec::new();
    while let Some(chunk) = part.next().await {
        let chunk = chunk.map_err(|_| HttpFault::NotMultipart)?;
        if all.len() + chunk.len() > limit {
            return Ok(None);
        }
        all.extend_from_slice(&chunk);
    }
    Ok(Some(all))
}

/// The fields, with booleans where the schema wants them; refused with all that was found wrong besides.
pub(super) fn fields<F: DeserializeOwned + ToSchema>(
    service: &Service,
    mut pairs: Map<String, Value>,
    wrong: Vec<Finding>,
) -> Result<F, Problem> {
    let schema = serde_json::to_value(F::schema()).unwrap_or_default();
    for (name, value) in &mut pairs {
        if schema["properties"][name.as_str()]["type"].to_string().contains("boolean") {
            let text = value.as_str().unwrap_or_default();
            *value = text.parse::<bool>().map_or_else(|_| value.clone(), Value::from);
        }
    }
    let value = Value::Object(pairs);
    let mut found = service.shapes.check(&F::name(), &value);
    found.extend(wrong);
    if !found.is_empty() {
        return Err(Problem::findings(found));
    }
    serde_json::from_value(value).map_err(|_| Problem::findings(vec![HttpFault::WrongShape.at("")]))
}

impl<F: ToSchema> Argument for Upload<F> {
    fn describe(description: &mut Description) {
        describe::<F>(description, FILE_LIMIT as u64);
    }
}

/// A form of the fields of an `F` and a part `file` of at most so many bytes.
pub(super) fn describe<F: ToSchema>(description: &mut Description, limit: u64) {
    let mut schema = description.receive_inline::<F>();
    schema["properties"]["file"] = json!({
        "type": "string", "contentMediaType": "application/octet-stream", "maxLength": limit,
        "description": format!("The file, at most {} MiB.", limit / 1024 / 1024)
    });
    match schema["required"].as_array_mut() {
        Some(required) => required.push(json!("file")),
        None => schema["required"] = json!(["file"]),
    }
    description.body(json!({ "required": true, "content": { "multipart/form-data": { "schema": schema } } }));
}
