//! Answers: one thing, a page of things, or nothing, each with its ETag.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::marker::PhantomData;

use actix_web::body::BoxBody;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, Responder};
use persistence::{Listed, Trouble};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ArrayBuilder, Type};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::asked::Paged;
use super::portion::Portion;

/// An answer as it goes out, and as it is kept for a retry with the same idempotency key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rendered {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

/// An answer whose body is a `V`.
#[derive(Debug)]
pub struct Answer<V> {
    pub(super) rendered: Rendered,
    pub(super) replayed: bool,
    pub(super) caching: Caching,
    /// The cursor of the next page, for the `Link` to it.
    next: Option<String>,
    of: PhantomData<fn() -> V>,
}

/// A page of `V`s.
pub type Listing<V> = Answer<Page<V>>;

/// A page: its items, how many there are on all pages, and where the next one begins.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Page<V> {
    pub items: Vec<V>,
    pub total: Option<i64>,
    pub next_cursor: Option<String>,
}

/// The decisions that this caller may take now, by name: what a front end draws buttons from.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct OpenDecisions(pub Vec<&'static str>);

impl PartialSchema for OpenDecisions {
    fn schema() -> RefOr<Schema> {
        let name = ObjectBuilder::new().schema_type(Type::String).max_length(Some(40));
        let about = "The decisions that this caller may take now, by name; clients ignore names that they do not know.";
        ArrayBuilder::new().items(name).max_items(Some(40)).description(Some(about)).into()
    }
}
impl ToSchema for OpenDecisions {}

/// No content.
#[derive(Debug, Serialize, ToSchema)]
pub struct Nothing;

/// Who may keep an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caching {
    /// Personal data: nobody.
    NoStore,
    /// Reference data: the client, asking each time whether it still holds.
    Revalidate,
}

impl<V> Answer<V> {
    fn rendered(status: StatusCode, body: String) -> Self {
        let rendered = Rendered { status: status.as_u16(), headers: Vec::new(), body };
        let next = next_cursor(&rendered.body);
        Self { rendered, replayed: false, caching: Caching::NoStore, next, of: PhantomData }
    }

    pub(super) fn replay(rendered: Rendered) -> Self {
        Self { rendered, replayed: true, caching: Caching::NoStore, next: None, of: PhantomData }
    }

    fn header(mut self, name: header::HeaderName, value: String) -> Self {
        self.rendered.headers.push((name.as_str().to_owned(), value));
        self
    }

    /// The part of it that was asked for, which is another representation: the ETag keeps the version alone.
    pub(super) fn portion(mut self, portion: &Portion) -> Self {
        if let Some(body) = portion.of(&self.rendered.body) {
            for (name, value) in &mut self.rendered.headers {
                if name == header::ETAG.as_str() {
                    let version = value.trim_matches('"').split_once('-').and_then(|(version, _)| version.parse().ok());
                    *value = etag(version, &body);
                }
            }
            self.rendered.body = body;
        }
        self
    }

    /// Reference data, which may be kept as long as its ETag holds.
    #[must_use]
    pub fn revalidate(mut self) -> Self {
        self.caching = Caching::Revalidate;
        self
    }
}

impl<V> Answer<V> {
    /// Is it the answer that an earlier request with the same key got?
    pub fn was_given_before(&self) -> bool {
        self.replayed
    }

    /// 200 with JSON that is ready.
    pub fn verbatim(body: String) -> Self {
        let etag = etag(None, &body);
        Self::rendered(StatusCode::OK, body).header(header::ETAG, etag)
    }
}

impl<V: Serialize> Answer<V> {
    /// 200 with the view.
    ///
    /// # Errors
    /// [`Trouble::Unreadable`] where the view can not be written as JSON, which no view is.
    pub fn ok(view: &V) -> Result<Self, Trouble> {
        Self::with(StatusCode::OK, view, None)
    }

    /// 200 with the view of a thing at this version, which is the first part of its ETag.
    ///
    /// # Errors
    /// As [`Answer::ok`].
    pub fn at_version(view: &V, version: i64) -> Result<Self, Trouble> {
        Self::with(StatusCode::OK, view, Some(version))
    }

    /// 201 with the view of the thing that was made, at `location` below `/v1`.
    ///
    /// # Errors
    /// As [`Answer::ok`].
    pub fn created(location: &str, view: &V, version: i64) -> Result<Self, Trouble> {
        Ok(Self::with(StatusCode::CREATED, view, Some(version))?.header(header::LOCATION, format!("/v1{location}")))
    }

    fn with(status: StatusCode, view: &V, version: Option<i64>) -> Result<Self, Trouble> {
        let body = serde_json::to_string(view).map_err(|error| Trouble::Unreadable(error.to_string()))?;
        let etag = etag(version, &body);
        Ok(Self::rendered(status, body).header(header::ETAG, etag))
    }
}

impl Answer<Nothing> {
    /// 204.
    pub fn nothing() -> Self {
        Self::rendered(StatusCode::NO_CONTENT, String::new())
    }
}

impl<V: Serialize> Answer<Page<V>> {
    /// A page made of one row more than was asked for: the extra row only tells that there is a next page,
    /// which begins after `place` of the last row shown.
    ///
    /// # Errors
    /// As [`Answer::ok`], or whatever `view` ends in.
    pub fn page<T, P: Serialize>(
        listed: Listed<T>,
        page: &Paged<P>,
        place: impl Fn(&T) -> P,
        view: impl FnMut(T) -> Result<V, Trouble>,
    ) -> Result<Self, Trouble> {
        let Listed { mut rows, total } = listed;
        let shown = usize::try_from(page.limit).unwrap_or(usize::MAX);
        let more = rows.len() > shown;
        rows.truncate(shown);
        let next_cursor = match rows.last().filter(|_| more) {
            Some(last) => Some(page.cursors.seal(&place(last))?),
            None => None,
        };
        let items = rows.into_iter().map(view).collect::<Result<Vec<_>, _>>()?;
        Self::ok(&Page { items, total, next_cursor })
    }
}

/// `"version-bytes"`: the version for `If-Match`, all of it for `If-None-Match`, because the same version looks
/// different to different callers.
fn etag(version: Option<i64>, body: &str) -> String {
    let mut hasher = DefaultHasher::new();
    body.hash(&mut hasher);
    let bytes = hasher.finish();
    version.map_or_else(|| format!("\"{bytes:016x}\""), |version| format!("\"{version}-{bytes:016x}\""))
}

impl<V> Responder for Answer<V> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let status = StatusCode::from_u16(self.rendered.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut answer = HttpResponse::build(status);
        let etag = self.rendered.headers.iter().find(|(name, _)| name == header::ETAG.as_str()).map(|(_, etag)| etag.clone());
        for (name, value) in &self.rendered.headers {
            answer.insert_header((name.as_str(), value.as_str()));
        }
        answer.insert_header((
            header::CACHE_CONTROL,
            if self.caching == Caching::Revalidate { "private, no-cache" } else { "no-store" },
        ));
        if self.replayed {
            answer.insert_header(("Idempotency-Replayed", "true"));
        }
        let known = request.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
        if let (true, Some(known), Some(etag)) = (request.method().is_safe(), known, etag)
            && known.split(',').any(|one| one.trim().trim_start_matches("W/") == etag || one.trim() == "*")
        {
            answer.status(StatusCode::NOT_MODIFIED);
            return answer.finish();
        }
        if let Some(next) = self.next.as_deref().and_then(|next| next_link(request, next)) {
            answer.insert_header((header::LINK, next));
        }
        if status == StatusCode::NO_CONTENT {
            return answer.finish();
        }
        answer.insert_header((header::CONTENT_TYPE, "application/json"));
        answer.body(self.rendered.body)
    }
}

/// The cursor that a page ends with: the last member of a page, and base64url needs no escaping.
fn next_cursor(body: &str) -> Option<String> {
    let cursor = body.strip_suffix("\"}")?.rsplit_once("\"nextCursor\":\"")?.1;
    (!cursor.contains('"')).then(|| cursor.to_owned())
}

/// `Link: <...>; rel="next"` for a page that has one (RFC 8288).
fn next_link(request: &HttpRequest, cursor: &str) -> Option<String> {
    if !request.method().is_safe() {
        return None;
    }
    let others = request.query_string().split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="));
    let query = others.map(str::to_owned).chain([format!("cursor={cursor}")]).collect::<Vec<_>>().join("&");
    Some(format!("<{}?{query}>; rel=\"next\"", request.path()))
}
