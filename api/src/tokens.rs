//! Who is asking: the access tokens of one issuer, checked before anything in them is believed.
//!
//! A token says who someone is, never whose file they may open; that is read from the database every time.
//! It is a signed JWT by the profile of RFC 9068, checked as RFC 8725 advises, and stricter where that costs no
//! honest client anything:
//!
//! - Signed with ES256, RS256, PS256 or EdDSA by a key of the issuer's that was made for that algorithm
//!   ([`keys`]). What a header says of keys elsewhere (`jku`, `x5u`, `jwk`, `x5c`) is not read.
//! - Its `typ` is `at+jwt`, as RFC 9068 asks, or `JWT`, because much-used issuers say no more than that of
//!   their access tokens. One without `typ` is refused, and a `JWT` that bears a mark of an ID token as well. What keeps
//!   ID tokens out is the audience: give this service an identifier of its own, never a client's.
//! - Before the signature is proved, nothing is told of the claims; of signature, key, algorithm and issuer it
//!   is never told which was wrong.
//!
//! What was found right is remembered until it expires, under its SHA-256 and beside the keys that it was
//! found right by ([`memory`]): when the issuer's keys change, everything is proved anew.

mod claims;
#[cfg(test)]
mod forged;
mod issuer;
mod keys;
#[cfg(test)]
mod loopback;
mod memory;
mod remote;
#[cfg(test)]
mod rotation;
mod source;
#[cfg(test)]
mod specimens;
mod unproven;

use std::{sync::Arc, time::Duration};

use domain::kernel::{Fault, Instant};

use self::{keys::KeySet, memory::Fingerprint, remote::RemoteKeys, source::Source, unproven::Unproven};

pub use self::{
    issuer::{BuiltInIssuer, IssueError},
    source::{SourceError, is_loopback, is_secure},
};

/// The longest that a token may be valid, whatever an issuer or a configuration says.
pub const LONGEST_LIFETIME: Duration = Duration::from_secs(3600);

/// The longest token that is read, in bytes.
pub const LONGEST_TOKEN: usize = 8 * 1024;

domain::faults! {
    /// Why an access token does not tell who is asking.
    pub enum TokenFault {
        Missing: Unauthenticated "access.token-missing"
            en "There is no access token. Send one in the Authorization header, as a Bearer token."
            nl "Er is geen toegangstoken. Stuur er een mee in de Authorization-header, als Bearer-token.",
        Malformed: Unauthenticated "access.token-malformed"
            en "This is no access token as RFC 9068 describes it: a signed JWT of type at+jwt or JWT, without crit, with iss, sub, aud, iat and exp. An ID token is none."
            nl "Dit is geen toegangstoken zoals RFC 9068 het beschrijft: een ondertekend JWT van type at+jwt of JWT, zonder crit, met iss, sub, aud, iat en exp. Een ID-token is er geen.",
        TooLong: Unauthenticated "access.token-too-long"
            en "An access token is at most 8 KiB. Have the issuer put less into it."
            nl "Een toegangstoken is hoogstens 8 KiB. Laat de uitgever er minder in zetten.",
        Expired: Unauthenticated "access.token-expired"
            en "The access token has expired. Ask the issuer for a new one."
            nl "Het toegangstoken is verlopen. Vraag de uitgever om een nieuw.",
        NotYetValid: Unauthenticated "access.token-not-yet-valid"
            en "The access token is not valid yet. Check the issuer's clock."
            nl "Het toegangstoken is nog niet geldig. Controleer de klok van de uitgever.",
        Untrusted: Unauthenticated "access.token-untrusted"
            en "The access token was not signed by the issuer that this service trusts, in a way that it accepts: ES256, RS256, PS256 or EdDSA."
            nl "Het toegangstoken is niet ondertekend door de uitgever die deze dienst vertrouwt, op een wijze die hij aanvaardt: ES256, RS256, PS256 of EdDSA.",
        WrongAudience: Unauthenticated "access.token-wrong-audience"
            en "The access token is meant for another service. Ask the issuer for one with this service's audience."
            nl "Het toegangstoken is voor een andere dienst bedoeld. Vraag de uitgever om een met de audience van deze dienst.",
        Lifetime: Unauthenticated "access.token-lifetime"
            en "The access token is valid for longer than this service allows, at most an hour, or for no time at all. Have the issuer make it shorter."
            nl "Het toegangstoken is langer geldig dan deze dienst toestaat, hoogstens een uur, of in het geheel niet. Laat de uitgever het korter maken.",
        IssuerUnreachable: Busy "access.issuer-unreachable"
            en "The keys of the tokens' issuer cannot be read at this moment. Try again later."
            nl "De sleutels van de uitgever van tokens zijn op dit moment niet te lezen. Probeer het later opnieuw.",
    }
}

/// What a verified token says: who, never what they may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    pub issuer: String,
    /// Who it is to that issuer: with `issuer` an identity. Visible ASCII, at most 255 characters.
    pub subject: String,
    /// When the token says that it expires.
    pub expires_at: Instant,
}

/// What a token must say to be believed.
#[derive(Clone, Debug)]
pub struct Expected {
    /// The `iss` of every token, compared character by character.
    pub issuer: String,
    /// What `aud` must name: this service, and nothing else than this service.
    pub audience: String,
    /// Where the issuer's keys are; where none is given, the issuer's `/.well-known/openid-configuration` says so.
    pub jwks_uri: Option<String>,
    /// The longest time between `iat` and `exp`; more than [`LONGEST_LIFETIME`] counts as that.
    pub max_lifetime: Duration,
}

/// Checks the tokens of one issuer. Made once, shared by all.
pub struct Verifier {
    expected: Expected,
    keys: Keys,
}

enum Keys {
    Fixed(Arc<KeySet>),
    Remote(Arc<RemoteKeys>),
}

impl Verifier {
    /// A verifier of tokens whose keys are read from their issuer, for the first time when the first token comes.
    ///
    /// Fails where issuer or audience is empty, or an address is not https (or http on the loopback interface).
    pub fn remote(expected: Expected) -> Result<Self, SourceError> {
        if expected.issuer.is_empty() || expected.audience.is_empty() {
            return Err(SourceError::Unnamed);
        }
        let source = Source::new(&expected.issuer, expected.jwks_uri.as_deref())?;
        Ok(Self { expected, keys: Keys::Remote(Arc::new(RemoteKeys::new(source))) })
    }

    /// A verifier of the tokens of the demo's own issuer, in this same process.
    pub fn built_in(issuer: Arc<BuiltInIssuer>) -> Self {
        let expected = Expected {
            issuer: issuer.issuer().to_owned(),
            audience: issuer.audience().to_owned(),
            jwks_uri: None,
            max_lifetime: LONGEST_LIFETIME,
        };
        Self::pinned(expected, KeySet::of(issuer.jwks().keys))
    }

    fn pinned(expected: Expected, keys: KeySet) -> Self {
        Self { expected, keys: Keys::Fixed(Arc::new(keys)) }
    }

    /// Who is asking, or why this `token` does not tell.
    pub async fn verify(&self, token: &str, now: Instant) -> Result<Verified, Fault> {
        self.check(token, now).await.map_err(Fault::from)
    }

    async fn check(&self, token: &str, now: Instant) -> Result<Verified, TokenFault> {
        if token.is_empty() {
            return Err(TokenFault::Missing);
        }
        if token.len() > LONGEST_TOKEN {
            return Err(TokenFault::TooLong);
        }
        let fingerprint = Fingerprint::of(token);
        if let Some(verified) = self.keys.known(now).and_then(|keys| keys.memory().recall(&fingerprint, now)) {
            return Ok(verified);
        }
        let unproven = Unproven::read(token)?;
        let keys = self.keys.for_token(&unproven, now).await?;
        let believed = keys.prove(unproven)?.believe(&self.expected, now)?;
        Ok(keys.memory().keep(fingerprint, believed))
    }
}

impl Keys {
    /// The keys that are at hand and not too old.
    fn known(&self, now: Instant) -> Option<Arc<KeySet>> {
        match self {
            Self::Fixed(keys) => Some(Arc::clone(keys)),
            Self::Remote(remote) => remote.known(now),
        }
    }

    /// The keys to prove this token with: asked for again where those at hand lack the one that it names.
    async fn for_token(&self, token: &Unproven<'_>, now: Instant) -> Result<Arc<KeySet>, TokenFault> {
        match self {
            Self::Fixed(keys) => Ok(Arc::clone(keys)),
            Self::Remote(remote) => {
                let keys = remote.keys(now).await?;
                if keys.has_one_for(token) { Ok(keys) } else { remote.newer(now).await }
            }
        }
    }
}
