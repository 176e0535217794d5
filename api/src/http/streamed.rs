//! A file that is streamed to the disk while it comes in, with a few fields beside it, as `multipart/form-data` (RFC 7578).

use std::io::Write;
use std::marker::PhantomData;
use std::time::Duration;

use actix_multipart::{Field, Multipart};
use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::{FromRequest, HttpRequest, web};
use domain::evidence::{EvidenceFault, FILE_LIMIT, FileName};
use domain::kernel::Finding;
use futures_util::{Stream, StreamExt};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::description::{Argument, Description};
use super::faults::HttpFault;
use super::problem::Problem;
use super::retries::{digest, fingerprint};
use super::service::Service;
use super::upload::{self, pointer};
use crate::files::arriving::{Fit, hex};
use crate::files::{Arrived, Arriving, FileTrouble, Files};

/// What stands around the file: boundaries, heads of parts, the fields.
const AROUND: u64 = 64 * 1024;
const FIELD_LIMIT: usize = 2048;
const PARTS: usize = 20;
/// Something must come in within this time, and all of it within the longer.
const SILENCE: Duration = Duration::from_secs(15);
const DEADLINE: Duration = Duration::from_secs(600);
/// What is gathered before it is written, in bytes.
const AT_ONCE: usize = 128 * 1024;

/// The part `file` and the fields of an `F`, which are not looked at before [`Streamed::arrive`]: who may not send
/// anything here is told so first.
pub struct Streamed<F> {
    request: HttpRequest,
    multipart: Multipart,
    of: PhantomData<fn() -> F>,
}

/// A file that can be taken, with what stood beside it.
pub struct Received<F> {
    pub fields: F,
    pub name: FileName,
    pub file: Fit,
}

/// The parts as they came.
#[derive(Default)]
struct Parts {
    pairs: Map<String, Value>,
    file: Option<Arrived>,
    name: Option<FileName>,
}

impl<F: DeserializeOwned + ToSchema + 'static> FromRequest for Streamed<F> {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let said =
            |name| request.headers().get(name).and_then(|value: &actix_web::http::header::HeaderValue| value.to_str().ok());
        let is_form = said(CONTENT_TYPE).is_some_and(|kind| kind.to_ascii_lowercase().starts_with("multipart/form-data"));
        let length: Option<u64> = said(CONTENT_LENGTH).and_then(|length| length.parse().ok());
        std::future::ready(match length {
            _ if !is_form => Err(HttpFault::MediaType.into()),
            // Nothing of it is read.
            Some(length) if length > FILE_LIMIT + AROUND => Err(HttpFault::TooLarge.into()),
            _ => {
                let multipart = Multipart::new(request.headers(), payload.take());
                Ok(Self { request: request.clone(), multipart, of: PhantomData })
            }
        })
    }
}

impl<F: DeserializeOwned + ToSchema + 'static> Streamed<F> {
    /// Takes it in, and looks whether it can be taken. A field `sha256` must be that of the file as it was sent.
    ///
    /// # Errors
    /// Everything that is wrong with fields and file at once, or what went wrong on the way; nothing is left of it then.
    pub async fn arrive(self, files: &Files) -> Result<Received<F>, Problem> {
        let Self { request, multipart, .. } = self;
        let arrived = tokio::time::timeout(DEADLINE, parts(multipart, files)).await;
        let Parts { pairs, file, name } = arrived.unwrap_or_else(|_| Err(HttpFault::Slow.into()))?;
        let mut sent = serde_json::to_vec(&pairs).unwrap_or_default();
        sent.extend_from_slice(&file.as_ref().map(|file| file.sha256).unwrap_or_default());
        sent.extend_from_slice(name.as_ref().map(FileName::as_str).unwrap_or_default().as_bytes());
        // The boundary differs from one try to the next: what makes a retry the same is what it carries.
        fingerprint(&request).set(digest(&request, &sent)).ok();
        let service = request.app_data::<web::Data<Service>>().ok_or(HttpFault::Broken)?;
        let mut found = Vec::new();
        let fit = match file {
            Some(file) => {
                found.extend(checksum(&pairs, &file));
                let (folder, named) = (files.arriving().to_owned(), name.clone());
                let fit = web::block(move || file.fit(named.as_ref(), &folder)).await.map_err(|_| HttpFault::Broken)?;
                fit.map_err(FileTrouble::from)?.map_err(|wrong| found.extend(wrong)).ok()
            }
            None => {
                found.push(HttpFault::Required.at("/file"));
                None
            }
        };
        let fields = upload::fields(service, pairs, found)?;
        let (Some(file), Some(name)) = (fit, name) else { return Err(HttpFault::Broken.into()) };
        Ok(Received { fields, name, file })
    }
}

fn checksum(pairs: &Map<String, Value>, file: &Arrived) -> Option<Finding> {
    let told = pairs.get("sha256").and_then(Value::as_str)?;
    (!told.eq_ignore_ascii_case(&hex(&file.sha256))).then(|| EvidenceFault::ChecksumMismatch.at("/sha256"))
}

/// All parts: the fields as an object of texts, and the file on the disk.
async fn parts(mut multipart: Multipart, files: &Files) -> Result<Parts, Problem> {
    let mut parts = Parts::default();
    let mut count = 0;
    while let Some(part) = soon(&mut multipart).await? {
        let part = part.map_err(|_| HttpFault::NotMultipart)?;
        let name = part.name().unwrap_or_default().to_owned();
        count += 1;
        if count > PARTS {
            return Err(HttpFault::NotMultipart.into());
        }
        if parts.pairs.contains_key(&name) || (name == "file" && parts.file.is_some()) {
            return Err(Problem::findings(vec![HttpFault::Twice.at(pointer(&name))]));
        }
        if name == "file" {
            parts.name = part.content_disposition().and_then(|told| FileName::parse(told.get_filename()?));
            parts.file = Some(file(part, files).await?);
        } else {
            let text = text(part, &name).await?;
            parts.pairs.insert(name, Value::String(text));
        }
    }
    Ok(parts)
}

/// What comes next, if it comes soon.
async fn soon<S: Stream + Unpin>(coming: &mut S) -> Result<Option<S::Item>, Problem> {
    tokio::time::timeout(SILENCE, coming.next()).await.map_err(|_| HttpFault::Slow.into())
}

async fn text(mut part: Field, name: &str) -> Result<String, Problem> {
    let mut all = Vec::new();
    while let Some(chunk) = soon(&mut part).await? {
        all.extend_from_slice(&chunk.map_err(|_| HttpFault::NotMultipart)?);
        if all.len() > FIELD_LIMIT {
            return Err(Problem::findings(vec![HttpFault::TooLong.at(pointer(name))]));
        }
    }
    String::from_utf8(all).map_err(|_| HttpFault::NotMultipart.into())
}

async fn file(mut part: Field, files: &Files) -> Result<Arrived, Problem> {
    let folder = files.arriving().to_owned();
    let mut arriving = on_disk(move || Arriving::begin(&folder)).await?;
    let (mut gathered, mut size) = (Vec::with_capacity(AT_ONCE), 0);
    while let Some(chunk) = soon(&mut part).await? {
        let chunk = chunk.map_err(|_| HttpFault::NotMultipart)?;
        size += chunk.len() as u64;
        if size > FILE_LIMIT {
            return Err(HttpFault::TooLarge.into());
        }
        gathered.extend_from_slice(&chunk);
        if gathered.len() >= AT_ONCE {
            (arriving, gathered) = write(arriving, gathered).await?;
        }
    }
    let (arriving, _) = write(arriving, gathered).await?;
    Ok(arriving.done())
}

async fn write(mut arriving: Arriving, mut gathered: Vec<u8>) -> Result<(Arriving, Vec<u8>), Problem> {
    on_disk(move || {
        arriving.write_all(&gathered)?;
        gathered.clear();
        Ok((arriving, gathered))
    })
    .await
}

/// On a thread that may wait for the disk.
async fn on_disk<T: Send + 'static>(work: impl FnOnce() -> std::io::Result<T> + Send + 'static) -> Result<T, Problem> {
    Ok(web::block(work).await.map_err(|_| HttpFault::Broken)?.map_err(FileTrouble::from)?)
}

impl<F: ToSchema> Argument for Streamed<F> {
    fn describe(description: &mut Description) {
        upload::describe::<F>(description, FILE_LIMIT);
    }
}
