//! Retries: what makes one recognisable, and the first answer, kept so that nobody reads it without the key that it was
//! given under.

use std::fmt;
use std::sync::{Arc, OnceLock};

use actix_web::http::Method;
use actix_web::http::header::IF_MATCH;
use actix_web::{HttpMessage, HttpRequest};
use aws_lc_rs::hmac::{self, HMAC_SHA256};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use persistence::idempotency::{self, Kept};
use persistence::{Identity, Reading, Trouble, Writing};
use sha2::{Digest, Sha256};

use super::answer::Rendered;
use super::faults::HttpFault;
use super::noted::note;
use crate::sealing;

/// The key under which a caller asks for one effect, however often they ask.
#[derive(Clone)]
pub(super) struct Key {
    caller: String,
    secret: String,
    fingerprint: Arc<OnceLock<String>>,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}

impl Key {
    /// What a request says its key is; what can be none is noted.
    pub fn said(request: &HttpRequest) -> Option<String> {
        let value = request.headers().get("Idempotency-Key").filter(|_| request.method() == Method::POST)?;
        let fits = |key: &&str| (1..=255).contains(&key.len()) && key.chars().all(|c| c.is_ascii_graphic());
        let secret = value.to_str().ok().filter(fits);
        if secret.is_none() {
            note(request, HttpFault::BadKey.at("header:Idempotency-Key"));
        }
        secret.map(str::to_owned)
    }

    /// The key of who asks.
    pub fn of(secret: String, request: &HttpRequest, identity: &Identity) -> Self {
        let caller = match identity {
            Identity::Account { issuer, subject } => format!("{issuer} {subject}"),
            Identity::Anonymous | Identity::System => String::new(),
        };
        Self { caller, secret, fingerprint: fingerprint(request) }
    }

    /// The answer that the first request with this key got.
    ///
    /// # Errors
    /// [`HttpFault::KeyReused`] where that was another request.
    pub fn first_answer(&self, reading: &mut Reading<'_>) -> Result<Option<Rendered>, Trouble> {
        let Some(kept) = idempotency::find(reading, &self.caller, &self.name())? else { return Ok(None) };
        if kept.fingerprint != self.fingerprint() {
            return Err(HttpFault::KeyReused.fault().into());
        }
        self.open(&kept).map(Some).ok_or_else(|| Trouble::Unreadable("a kept answer".to_owned()))
    }

    /// Keeps this answer for the retries to come.
    ///
    /// # Errors
    /// As [`idempotency::keep`].
    pub fn keep(&self, writing: &mut Writing<'_>, answer: &Rendered) -> Result<(), Trouble> {
        let kept = self.seal(answer).ok_or_else(|| Trouble::Unreadable("an answer to keep".to_owned()))?;
        idempotency::keep(writing, &self.caller, &self.name(), kept)
    }

    fn fingerprint(&self) -> String {
        self.fingerprint.get().cloned().unwrap_or_default()
    }

    /// Something that only who has the key can make, for this caller and this use of it.
    fn derived(&self, usage: &str) -> hmac::Tag {
        hmac::sign(&hmac::Key::new(HMAC_SHA256, self.secret.as_bytes()), format!("{usage} {}", self.caller).as_bytes())
    }

    /// What the database knows the key by.
    fn name(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.derived("name"))
    }

    /// Sealed, and bound to the request that it answers.
    fn seal(&self, answer: &Rendered) -> Option<Kept> {
        let fingerprint = self.fingerprint();
        let answer = sealing::seal(&self.derived("lock"), fingerprint.as_bytes(), serde_json::to_vec(answer).ok()?)?;
        Some(Kept { fingerprint, answer })
    }

    fn open(&self, kept: &Kept) -> Option<Rendered> {
        let answer = sealing::open(&self.derived("lock"), kept.fingerprint.as_bytes(), &kept.answer)?;
        serde_json::from_slice(&answer).ok()
    }
}

/// Where the body's extractor leaves what the request was, for the idempotency record.
#[derive(Clone)]
struct Fingerprint(Arc<OnceLock<String>>);

/// The one fingerprint of this request: its extractors run side by side, whoever is first makes it.
pub(super) fn fingerprint(request: &HttpRequest) -> Arc<OnceLock<String>> {
    let mut extensions = request.extensions_mut();
    if let Some(Fingerprint(made)) = extensions.get::<Fingerprint>() {
        return Arc::clone(made);
    }
    let made = Arc::new(OnceLock::new());
    extensions.insert(Fingerprint(Arc::clone(&made)));
    made
}

pub(super) fn digest(request: &HttpRequest, body: &[u8]) -> String {
    let mut hash = Sha256::new();
    hash.update(request.uri().path().as_bytes());
    hash.update([0]);
    hash.update(request.query_string().as_bytes());
    hash.update([0]);
    // A decision on another version is another decision.
    for line in request.headers().get_all(IF_MATCH) {
        hash.update(line.as_bytes());
        hash.update(b",");
    }
    hash.update([0]);
    hash.update(body);
    URL_SAFE_NO_PAD.encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(caller: &str, secret: &str) -> Key {
        Key { caller: caller.to_owned(), secret: secret.to_owned(), fingerprint: Arc::new(OnceLock::from("request".to_owned())) }
    }

    #[test]
    fn a_kept_answer_opens_for_the_key_and_the_caller_that_it_was_given_to_and_for_nobody_else() {
        let answer = Rendered { status: 201, headers: vec![("etag".to_owned(), "\"1\"".to_owned())], body: "geheim".to_owned() };
        let kept = key("eva", "8c1f5c0e").seal(&answer).unwrap();
        assert_eq!(key("eva", "8c1f5c0e").open(&kept), Some(answer));
        assert_eq!(key("eva", "8c1f5c0f").open(&kept), None);
        assert_eq!(key("noor", "8c1f5c0e").open(&kept), None);
        let elsewhere = Kept { fingerprint: "another request".to_owned(), ..kept };
        assert_eq!(key("eva", "8c1f5c0e").open(&elsewhere), None);
    }
}
