//! Cursors: the place where a list goes on. Clients hold them, so they are sealed: they tell nothing of what stands there, and
//! only the list that gave one opens it.

use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hmac::{self, HMAC_SHA256};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use persistence::Trouble;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::faults::HttpFault;
use super::problem::Problem;

/// The cursors of one list.
#[derive(Clone, Debug)]
pub struct Cursors {
    lock: Arc<LessSafeKey>,
    list: String,
}

/// Places are made as long as a multiple of this, so that their length tells little either.
const BLOCK: usize = 16;

impl Cursors {
    /// Those of a service whose database has this key.
    ///
    /// # Errors
    /// None is expected: every key is as long as it should be.
    pub fn new(key: &str) -> Result<Self, String> {
        let key = hmac::sign(&hmac::Key::new(HMAC_SHA256, key.as_bytes()), b"cursors");
        let lock = UnboundKey::new(&AES_256_GCM_SIV, key.as_ref()).map_err(|error| error.to_string())?;
        Ok(Self { lock: Arc::new(LessSafeKey::new(lock)), list: String::new() })
    }

    /// Those of the list at this path, with these filters.
    #[must_use]
    pub fn of(&self, list: &str) -> Self {
        Self { lock: Arc::clone(&self.lock), list: list.to_owned() }
    }

    /// The cursor of a place: always the same.
    ///
    /// # Errors
    /// [`Trouble::Unreadable`] where the place can not be written as JSON, which every place can.
    pub fn seal<P: Serialize>(&self, place: &P) -> Result<String, Trouble> {
        let mut sealed = serde_json::to_vec(place).map_err(|error| Trouble::Unreadable(error.to_string()))?;
        sealed.resize(sealed.len().next_multiple_of(BLOCK), b' ');
        let done = self.lock.seal_in_place_append_tag(nonce(), Aad::from(self.list.as_bytes()), &mut sealed);
        done.map_err(|_| Trouble::Unreadable("a cursor".to_owned()))?;
        Ok(URL_SAFE_NO_PAD.encode(sealed))
    }

    /// The place of a cursor, which stands at `pointer`.
    ///
    /// # Errors
    /// [`HttpFault::BadCursor`] where this list did not give it.
    pub fn open<P: DeserializeOwned>(&self, cursor: &str, pointer: &str) -> Result<P, Problem> {
        let place = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|mut sealed| {
            let place = self.lock.open_in_place(nonce(), Aad::from(self.list.as_bytes()), &mut sealed).ok()?;
            serde_json::from_slice(place).ok()
        });
        place.ok_or_else(|| Problem::findings(vec![HttpFault::BadCursor.at(pointer)]))
    }
}

/// One for all: AES-GCM-SIV makes its own of what it seals (RFC 8452), and that one place has one cursor is what is wanted.
fn nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; NONCE_LEN])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_always_the_same_and_opens_for_the_list_that_gave_it_alone() {
        let cursors = Cursors::new("key").unwrap();
        let people = cursors.of("/v1/people");
        let place = ("Jansen".to_owned(), 7);
        let cursor = people.seal(&place).unwrap();
        assert_eq!(people.seal(&place).unwrap(), cursor);
        assert_eq!(Cursors::new("key").unwrap().of("/v1/people").open::<(String, i64)>(&cursor, "?cursor").ok(), Some(place));
        for other in [cursors.of("/v1/students"), Cursors::new("other").unwrap().of("/v1/people")] {
            assert!(other.open::<(String, i64)>(&cursor, "?cursor").is_err());
        }
        assert!(people.open::<i64>(&cursor, "?cursor").is_err());
    }

    #[test]
    fn a_cursor_tells_nothing_of_its_place() {
        let changes = Cursors::new("key").unwrap().of("/v1/changes");
        let (early, late) = (changes.seal(&1).unwrap(), changes.seal(&1_000_000).unwrap());
        assert_eq!(early.len(), late.len());
        let inside = URL_SAFE_NO_PAD.decode(late).unwrap();
        assert!(!inside.windows(7).any(|seven| seven == b"1000000"));
    }
}
