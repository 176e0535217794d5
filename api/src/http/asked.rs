//! What was asked, and by whom: the extractors that handlers take as arguments.

use std::borrow::Cow;
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::ops::Deref;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap};
use actix_web::{FromRequest, HttpRequest, web};
use domain::kernel::{Finding, KernelFault, Word};
use futures_util::future::LocalBoxFuture;
use futures_util::{FutureExt, StreamExt};
use percent_encoding::percent_decode_str;
use persistence::{Asking, DecidedOn, Identity, Page, Reading, Trouble, Writing};
use serde::de::{self, DeserializeOwned};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::answer::Answer;
use super::cursors::Cursors;
use super::faults::HttpFault;
use super::if_match;
use super::json;
use super::problem::Problem;
use super::retries::{Key, digest, fingerprint};
use super::service::Service;
use super::shape::Kind;
use crate::tokens::TokenFault;

/// What a handler answers.
pub type Outcome<V> = Result<Answer<V>, Problem>;

/// What the body of a PATCH may be called besides (RFC 7396); it is one by either name.
pub const MERGE_PATCH: &str = "application/merge-patch+json";
/// Bodies of JSON are at most this long, in bytes.
pub const BODY_LIMIT: usize = 64 * 1024;
/// A body has this long to arrive.
const BODY_DEADLINE: Duration = Duration::from_secs(15);

/// One request by someone: the way to the database.
#[derive(Clone)]
pub struct Asked {
    pub service: web::Data<Service>,
    identity: Identity,
    key: Option<Key>,
    decided_on: Option<DecidedOn>,
}

/// A request by who showed a token that can be believed; 401 otherwise.
pub struct Caller(Asked);
/// A request by anyone: the token is looked at where there is one.
pub struct Visitor(Asked);

impl Deref for Caller {
    type Target = Asked;
    fn deref(&self) -> &Asked {
        &self.0
    }
}
impl Deref for Visitor {
    type Target = Asked;
    fn deref(&self) -> &Asked {
        &self.0
    }
}

impl Asked {
    fn asking(&self) -> Asking {
        Asking { identity: self.identity.clone(), now: self.service.now() }
    }

    /// Reads, as one moment shows it.
    ///
    /// # Errors
    /// What `work` ends in, as a problem.
    pub async fn read<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: Fn(&mut Reading<'_>) -> Result<T, Trouble> + Send + Sync + 'static,
    {
        Ok(self.service.database.read(self.asking(), work).await?)
    }

    /// Changes something and answers. With an idempotency key the answer is kept in the same transaction, and a
    /// retry gets that answer instead of a second effect.
    ///
    /// # Errors
    /// What `work` ends in, as a problem; then nothing is changed.
    pub async fn change<V, F>(&self, work: F) -> Outcome<V>
    where
        V: 'static,
        F: Fn(&mut Writing<'_>) -> Result<Answer<V>, Trouble> + Send + 'static,
    {
        let decided_on = self.decided_on.clone();
        let work = move |writing: &mut Writing<'_>| {
            writing.decided_on(decided_on.clone());
            work(writing)
        };
        let Some(key) = self.key.clone() else {
            return Ok(self.service.database.write(self.asking(), work).await?);
        };
        let done_meanwhile = key.clone();
        let answer = self.service.database.write(self.asking(), move |writing| {
            if let Some(first) = key.first_answer(writing)? {
                return Ok(Answer::replay(first));
            }
            let answer = work(writing)?;
            key.keep(writing, &answer.rendered)?;
            Ok(answer)
        });
        match answer.await {
            // On PostgreSQL a twin that was done meanwhile is what a constraint speaks of: its answer is this one's.
            Err(Trouble::Refused(refusal)) => {
                let read = self.service.database.read(self.asking(), move |reading| done_meanwhile.first_answer(reading));
                read.await?.map(Answer::replay).ok_or_else(|| refusal.into())
            }
            answer => Ok(answer?),
        }
    }

    /// The answer that an earlier request with this idempotency key got, for who must do much before they change anything.
    ///
    /// # Errors
    /// [`HttpFault::KeyReused`] where that was another request.
    pub async fn answered_before<V>(&self) -> Result<Option<Answer<V>>, Problem>
    where
        V: 'static,
    {
        let Some(key) = self.key.clone() else { return Ok(None) };
        Ok(self.read(move |reading| key.first_answer(reading)).await?.map(Answer::replay))
    }
}

/// What the headers say, read before anything is waited for.
struct Said {
    key: Option<String>,
    decided_on: Result<Option<DecidedOn>, Problem>,
}

impl Said {
    fn of(request: &HttpRequest) -> Self {
        Self { key: Key::said(request), decided_on: if_match::decided_on(request) }
    }
}

/// Who asks, and with which idempotency key.
async fn asked(request: &HttpRequest, said: Said) -> Result<Asked, Problem> {
    let service = request.app_data::<web::Data<Service>>().cloned().ok_or(HttpFault::Broken)?;
    let identity = match bearer(request.headers())? {
        None => Identity::Anonymous,
        Some(token) => {
            let verified = service.verifier.verify(token, service.now()).await?;
            Identity::Account { issuer: verified.issuer, subject: verified.subject }
        }
    };
    let key = said.key.map(|secret| Key::of(secret, request, &identity));
    Ok(Asked { service, identity, key, decided_on: said.decided_on? })
}

/// The token of `Authorization: Bearer` (RFC 6750 section 2.1), the only way in.
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(value) = headers.get(AUTHORIZATION) else { return Ok(None) };
    let text = value.to_str().map_err(|_| TokenFault::Malformed.fault())?;
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() => Ok(Some(token)),
        _ => Err(TokenFault::Malformed.fault().into()),
    }
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let (request, said) = (request.clone(), Said::of(request));
        async move {
            if !request.headers().contains_key(AUTHORIZATION) {
                return Err(TokenFault::Missing.fault().into());
            }
            Ok(Self(asked(&request, said).await?))
        }
        .boxed_local()
    }
}

impl FromRequest for Visitor {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let (request, said) = (request.clone(), Said::of(request));
        async move { Ok(Self(asked(&request, said).await?)) }.boxed_local()
    }
}

/// What the path names. A path that names nothing of the kind is absent, not invalid: ids are opaque.
pub struct At<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for At<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let named = web::Path::<T>::extract(request).now_or_never().and_then(Result::ok);
        ready(named.map(|path| Self(path.into_inner())).ok_or_else(|| KernelFault::Absent.fault().into()))
    }
}

/// A number in a path, in the one way to write it: one thing has one address.
pub struct Number(pub i32);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        let number = text.parse::<i32>().ok().filter(|number| number.to_string() == text);
        number.map(Self).ok_or_else(|| de::Error::custom("number"))
    }
}

/// A body of JSON that is a `T`, as the document describes it.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned + ToSchema + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        async move {
            let bytes = body(&request, payload, BODY_LIMIT).await?;
            fingerprint(&request).set(digest(&request, &bytes)).ok();
            let service = request.app_data::<web::Data<Service>>().ok_or(HttpFault::Broken)?;
            let value: Value = json::parse(&bytes)?;
            let found = service.shapes.check(&T::name(), &value);
            if !found.is_empty() {
                return Err(Problem::findings(found));
            }
            // The schema has let it through; what it can not say, such as a date in an impossible year, ends here.
            serde_json::from_value(value).map(Self).map_err(|_| Problem::findings(vec![HttpFault::WrongShape.at("")]))
        }
        .boxed_local()
    }
}

/// The bytes of a body, all of them and in time.
async fn body(request: &HttpRequest, mut payload: Payload, limit: usize) -> Result<Vec<u8>, Problem> {
    let media_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let merge_patch = request.method() == actix_web::http::Method::PATCH && media_type == MERGE_PATCH;
    if media_type != "application/json" && !merge_patch {
        return Err(HttpFault::MediaType.into());
    }
    let arrive = async {
        let mut bytes = Vec::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| HttpFault::NotJson)?;
            if bytes.len() + chunk.len() > limit {
                return Err(Problem::from(HttpFault::TooLarge));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    };
    tokio::time::timeout(BODY_DEADLINE, arrive).await.unwrap_or_else(|_| Err(HttpFault::Slow.into()))
}

/// The part of a list that is asked for: its filters, and which page.
pub struct List<Q> {
    pub filter: Q,
    limit: i64,
    cursor: Option<String>,
    counted: bool,
    cursors: Cursors,
}

/// A page that is asked for, and the cursors of its list.
pub struct Paged<P> {
    page: Page<P>,
    pub cursors: Cursors,
}

impl<P> Deref for Paged<P> {
    type Target = Page<P>;
    fn deref(&self) -> &Page<P> {
        &self.page
    }
}

/// A list without filters.
#[derive(serde::Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Everything {}

pub const PAGE_LIMIT: i64 = 200;
pub const PAGE_DEFAULT: i64 = 50;

impl<Q> List<Q> {
    /// The page, after the place that the cursor tells.
    ///
    /// # Errors
    /// [`HttpFault::BadCursor`].
    pub fn page<P: DeserializeOwned>(&self) -> Result<Paged<P>, Problem> {
        let after = self.cursor.as_deref().map(|cursor| self.cursors.open(cursor, "?cursor")).transpose()?;
        Ok(Paged { page: Page { after, limit: self.limit, counted: self.counted }, cursors: self.cursors.clone() })
    }
}

impl<Q: DeserializeOwned + ToSchema + 'static> FromRequest for List<Q> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(list(request))
    }
}

fn list<Q: DeserializeOwned + ToSchema>(request: &HttpRequest) -> Result<List<Q>, Problem> {
    let (mut pairs, mut found) = query(request);
    let limit = match pairs.remove("limit") {
        None => PAGE_DEFAULT,
        Some(text) => match text.as_str().and_then(|text| text.parse::<i64>().ok()) {
            Some(limit) if (1..=PAGE_LIMIT).contains(&limit) => limit,
            Some(_) => {
                found.push(HttpFault::OutOfRange.at("?limit"));
                PAGE_DEFAULT
            }
            None => {
                found.push(HttpFault::WrongType.at("?limit"));
                PAGE_DEFAULT
            }
        },
    };
    let counted = match pairs.remove("count") {
        None => false,
        Some(text) => text.as_str().and_then(|text| text.parse().ok()).unwrap_or_else(|| {
            found.push(HttpFault::WrongType.at("?count"));
            false
        }),
    };
    // Looked at by whoever answers: see `portion`.
    pairs.remove("fields");
    pairs.remove("include");
    let text = |place: Option<&Value>| place.and_then(Value::as_str).map(str::to_owned);
    let (cursor, after) = (text(pairs.remove("cursor").as_ref()), text(pairs.get("after")));
    // A cursor goes on in what was asked: `after` is one, too.
    let mut asked: Vec<_> =
        pairs.iter().filter(|(name, _)| *name != "after").map(|(name, value)| format!("&{name}={value}")).collect();
    asked.sort_unstable();
    let service = request.app_data::<web::Data<Service>>().ok_or(HttpFault::Broken)?;
    let cursors = service.cursors.of(&format!("{}{}", request.path(), asked.concat()));
    let (filter, wrong) = read::<Q>(service, pairs);
    found.extend(wrong);
    check_places(&cursors, cursor.as_deref(), after.as_deref(), &mut found);
    Ok(List { filter: settled(filter, found)?, limit, cursor, counted, cursors })
}

/// Where a list is to go on, said by one of the two names at most and by a cursor of this list. What is wrong with the form of
/// `after` was found by now.
fn check_places(cursors: &Cursors, cursor: Option<&str>, after: Option<&str>, found: &mut Vec<Finding>) {
    let after = after.filter(|_| found.iter().all(|one| one.pointer != "?after"));
    let places = [("?after", after), ("?cursor", cursor)];
    let is_twice = places.iter().all(|(_, place)| place.is_some());
    for (pointer, place) in places.into_iter().filter_map(|(pointer, place)| Some((pointer, place?))) {
        if is_twice {
            found.push(HttpFault::SameTwice.at(pointer));
        } else if cursors.open::<Value>(place, pointer).is_err() {
            found.push(HttpFault::BadCursor.at(pointer));
        }
    }
}

/// What is asked of one thing: its parameters, without pages.
pub struct Query<Q>(pub Q);

impl<Q: DeserializeOwned + ToSchema + 'static> FromRequest for Query<Q> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(service) = request.app_data::<web::Data<Service>>() else { return ready(Err(HttpFault::Broken.into())) };
        let (mut pairs, mut found) = query(request);
        // Looked at by whoever answers: see `portion`.
        pairs.remove("fields");
        pairs.remove("include");
        let (asked, wrong) = read::<Q>(service, pairs);
        found.extend(wrong);
        ready(settled(asked, found).map(Self))
    }
}

/// The query as an object of texts, and what of it is none; of a key that stands twice both are wrong.
fn query(request: &HttpRequest) -> (Map<String, Value>, Vec<Finding>) {
    let (mut pairs, mut found) = (Map::new(), Vec::new());
    for pair in request.query_string().split('&') {
        // The parser puts a replacement where bytes are no UTF-8: then nobody would have asked for what is looked for.
        if percent_decode_str(pair).decode_utf8().is_err() {
            let name = percent_decode_str(pair.split('=').next().unwrap_or_default()).decode_utf8_lossy();
            found.push(HttpFault::WrongFormat.at(format!("?{name}")));
            continue;
        }
        let parsed = web::Query::<Vec<(String, String)>>::from_query(pair).map(web::Query::into_inner).unwrap_or_default();
        for (name, value) in parsed {
            let twice = HttpFault::WrongShape.at(format!("?{name}"));
            if !pairs.contains_key(&name) {
                pairs.insert(name, Value::String(value));
            } else if !found.contains(&twice) {
                found.push(twice);
            }
        }
    }
    (pairs, found)
}

/// What is to be embedded in the answer. It fails at nothing: what can not be embedded is refused with all else that is
/// wrong about what is asked of the answer, in `portion`.
#[derive(Clone, Debug)]
pub struct Include<W>(Vec<W>);

impl<W: Word> Include<W> {
    pub fn has(&self, word: W) -> bool {
        self.0.contains(&word)
    }
}

impl<W: Word> FromRequest for Include<W> {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let asked = query(request).0.remove("include");
        let names = asked.iter().filter_map(Value::as_str).flat_map(|names| names.split(','));
        ready(Ok(Self(names.filter_map(W::from_word).collect())))
    }
}

/// Reads the filters, with numbers and booleans where the schema wants them, and tells what is wrong with them.
fn read<Q: DeserializeOwned + ToSchema>(service: &Service, mut pairs: Map<String, Value>) -> (Option<Q>, Vec<Finding>) {
    for (name, value) in &mut pairs {
        let text = value.as_str().unwrap_or_default();
        let read = match service.shapes.kind(&Q::name(), name) {
            Some(Kind::Integer) => text.parse::<i64>().ok().map(Value::from),
            Some(Kind::Boolean) => text.parse::<bool>().ok().map(Value::from),
            None => None,
        };
        *value = read.unwrap_or_else(|| value.clone());
    }
    let value = Value::Object(pairs);
    let wrong = service.shapes.check(&Q::name(), &value).into_iter();
    let wrong = wrong.map(|finding| finding.fault.at(finding.pointer.replacen('/', "?", 1))).collect();
    (serde_json::from_value(value).ok(), wrong)
}

/// What was read, where nothing is wrong.
fn settled<Q>(read: Option<Q>, found: Vec<Finding>) -> Result<Q, Problem> {
    if found.is_empty() { read.ok_or_else(|| HttpFault::Invalid.into()) } else { Err(Problem::findings(found)) }
}
