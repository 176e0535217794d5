//! What is kept so that only who has the key reads it: AES-256-GCM under a key that is derived from what someone holds.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Seals `content` under a key (HMAC-SHA-256), bound to what it is about: the nonce and then the sealed, in base64url.
pub fn seal(key: &hmac::Tag, about: &[u8], mut content: Vec<u8>) -> Option<String> {
    let nonce = lock(key)?.seal_in_place_append_tag(Aad::from(about), &mut content).ok()?;
    Some(URL_SAFE_NO_PAD.encode([nonce.as_ref(), content.as_slice()].concat()))
}

/// What was sealed under this key about this, and none under or about another.
pub fn open(key: &hmac::Tag, about: &[u8], sealed: &str) -> Option<Vec<u8>> {
    let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LEN>()?;
    let mut sealed = sealed.to_vec();
    let opened = lock(key)?.open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(about), &mut sealed).ok()?;
    Some(opened.to_vec())
}

fn lock(key: &hmac::Tag) -> Option<RandomizedNonceKey> {
    RandomizedNonceKey::new(&AES_256_GCM, key.as_ref()).ok()
}
