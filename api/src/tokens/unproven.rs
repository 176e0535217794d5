//! A token taken apart, with nothing in it believed yet.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, IgnoredAny},
};

use super::{TokenFault, claims::TokenType, keys::Algorithm};

/// The three parts of a JWT in compact form (RFC 7515, 7.1), and what its header says.
pub(super) struct Unproven<'token> {
    pub algorithm: Algorithm,
    pub key_id: Option<String>,
    pub token_type: TokenType,
    /// Header and payload as they were signed.
    pub message: &'token str,
    pub payload: &'token str,
    pub signature: Vec<u8>,
}

/// What is read of a header. Where keys may be found elsewhere (`jku`, `x5u`, `jwk`) is not for a token to say.
#[derive(Deserialize)]
struct Header {
    alg: String,
    typ: Option<String>,
    kid: Option<String>,
    #[serde(default)]
    crit: Presence,
}

/// Whether a member is there, whatever it holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Presence(pub bool);

impl<'de> Deserialize<'de> for Presence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self(true))
    }
}

impl<'token> Unproven<'token> {
    /// Takes a token apart: malformed if it is none, untrusted if its algorithm is none of ours.
    pub fn read(token: &'token str) -> Result<Self, TokenFault> {
        let (message, signature) = token.rsplit_once('.').ok_or(TokenFault::Malformed)?;
        let (header, payload) = message.split_once('.').ok_or(TokenFault::Malformed)?;
        if payload.contains('.') {
            return Err(TokenFault::Malformed);
        }
        let header: Header = object(header)?;
        // We understand no extension at all, so that whatever is critical is more than we understand.
        if header.crit == Presence(true) {
            return Err(TokenFault::Malformed);
        }
        let token_type = header.typ.as_deref().and_then(TokenType::named).ok_or(TokenFault::Malformed)?;
        let algorithm = Algorithm::named(&header.alg).ok_or(TokenFault::Untrusted)?;
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).map_err(|_| TokenFault::Malformed)?;
        Ok(Self { algorithm, key_id: header.kid, token_type, message, payload, signature })
    }
}

/// The JSON object in one part of a token. Base64url without padding, in its one canonical spelling; no member
/// that we read may occur twice.
pub(super) fn object<T: DeserializeOwned>(part: &str) -> Result<T, TokenFault> {
    let json = BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenFault::Malformed)?;
    // Serde would take an array for an object, member by member.
    if !json.trim_ascii_start().starts_with(b"{") {
        return Err(TokenFault::Malformed);
    }
    serde_json::from_slice(&json).map_err(|_| TokenFault::Malformed)
}
