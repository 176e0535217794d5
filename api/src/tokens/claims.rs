//! What a token claims once its signature is proved, and whether that is to be believed here and now.

use chrono::{DateTime, TimeDelta};
use domain::kernel::Instant;
use serde::{Deserialize, Deserializer, de};

use super::{Expected, LONGEST_LIFETIME, TokenFault, Verified, unproven::Presence};

/// How far the clocks of issuer and service may be apart.
const LEEWAY: TimeDelta = TimeDelta::seconds(30);

/// The longest `sub`, in characters (OpenID Connect Core 1.0, section 2).
const LONGEST_SUBJECT: usize = 255;

/// The last second of the year 9999, beyond which no date is written.
const LAST_SECOND: f64 = 253_402_300_799.0;

/// What the header says the token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenType {
    /// `at+jwt`: an access token (RFC 9068, 2.1).
    AccessToken,
    /// `JWT`: it does not say what for.
    Unspecified,
}

impl TokenType {
    /// The type by its media type, of which case and `application/` may be left out (RFC 7515, 4.1.9).
    pub fn named(typ: &str) -> Option<Self> {
        let typ = typ.to_ascii_lowercase();
        match typ.strip_prefix("application/").unwrap_or(&typ) {
            "at+jwt" => Some(Self::AccessToken),
            "jwt" => Some(Self::Unspecified),
            _ => None,
        }
    }
}

/// The claims that are read; what else a token says is not ours to know.
#[derive(Deserialize)]
pub(super) struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: NumericDate,
    iat: NumericDate,
    nbf: Option<NumericDate>,
    // What only an ID token bears.
    #[serde(default)]
    nonce: Presence,
    #[serde(default)]
    at_hash: Presence,
    #[serde(default)]
    c_hash: Presence,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Audience {
    fn names(&self, service: &str) -> bool {
        match self {
            Self::One(name) => name == service,
            Self::Many(names) => names.iter().any(|name| name == service),
        }
    }
}

/// Seconds since 1970 (RFC 7519, section 2), a fraction of which is dropped; a number, never a string.
#[derive(Clone, Copy)]
struct NumericDate(Instant);

impl<'de> Deserialize<'de> for NumericDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = f64::deserialize(deserializer)?;
        // Doubles hold every whole second of the range, so that nothing is lost by reading all numbers as such.
        let instant = (0.0..=LAST_SECOND).contains(&seconds).then(|| DateTime::from_timestamp(seconds as i64, 0));
        instant.flatten().map(Self).ok_or_else(|| de::Error::custom("date"))
    }
}

/// Signed claims of a token of a type.
pub(super) struct Proven {
    pub claims: Claims,
    pub token_type: TokenType,
}

/// What a token was found to say, and from when on.
pub(super) struct Believed {
    pub verified: Verified,
    pub from: Instant,
}

impl Proven {
    /// Believes the claims, or says what is wrong with them: first whose they are, then whom they name, then when.
    pub fn believe(self, expected: &Expected, now: Instant) -> Result<Believed, TokenFault> {
        let Claims { iss, sub, aud, exp: NumericDate(expires_at), iat: NumericDate(issued_at), .. } = self.claims;
        if iss != expected.issuer {
            return Err(TokenFault::Untrusted);
        }
        if !aud.names(&expected.audience) {
            return Err(TokenFault::WrongAudience);
        }
        let marks = [self.claims.nonce, self.claims.at_hash, self.claims.c_hash];
        if self.token_type == TokenType::Unspecified && marks.contains(&Presence(true)) {
            return Err(TokenFault::Malformed);
        }
        if !identifies(&sub) {
            return Err(TokenFault::Malformed);
        }
        let longest = TimeDelta::from_std(expected.max_lifetime.min(LONGEST_LIFETIME)).unwrap_or(TimeDelta::zero());
        let lifetime = expires_at - issued_at;
        if lifetime <= TimeDelta::zero() || lifetime > longest {
            return Err(TokenFault::Lifetime);
        }
        let from = self.claims.nbf.map_or(issued_at, |NumericDate(not_before)| not_before.max(issued_at)) - LEEWAY;
        if now < from {
            return Err(TokenFault::NotYetValid);
        }
        if now >= expires_at + LEEWAY {
            return Err(TokenFault::Expired);
        }
        Ok(Believed { verified: Verified { issuer: iss, subject: sub, expires_at }, from })
    }
}

/// Whether this can be somebody's `sub`. OpenID Connect says ASCII; of that only what is visible, since what looks
/// alike must not be two people, and what two databases might store differently must not be one.
pub(super) fn identifies(subject: &str) -> bool {
    (1..=LONGEST_SUBJECT).contains(&subject.len())
        && subject.trim() == subject
        && subject.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic())
}
