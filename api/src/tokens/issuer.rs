//! The demo's own issuer: a key made when the process starts and gone when it ends.

use std::time::Duration;

use aws_lc_rs::{rand::SystemRandom, signature::Ed25519KeyPair};
use domain::kernel::Instant;
use jsonwebtoken::{
    Algorithm, EncodingKey, Header,
    jwk::{Jwk, JwkSet, PublicKeyUse, ThumbprintHash},
};
use serde::Serialize;
use uuid::Uuid;

use super::{LONGEST_LIFETIME, claims::identifies};

/// Why the built-in issuer does not issue.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    #[error("no key could be made")]
    Key(#[from] aws_lc_rs::error::Unspecified),
    #[error("a subject is 1 to 255 visible ASCII characters")]
    Subject,
    #[error("a token lives from 1 to {} seconds", LONGEST_LIFETIME.as_secs())]
    Lifetime,
    #[error(transparent)]
    Signature(#[from] jsonwebtoken::errors::Error),
}

/// Issues access tokens (RFC 9068) for the personas of a demo, signed with Ed25519.
pub struct BuiltInIssuer {
    issuer: String,
    audience: String,
    key: EncodingKey,
    header: Header,
    public: Jwk,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    client_id: &'static str,
    iat: i64,
    exp: i64,
    jti: Uuid,
}

impl BuiltInIssuer {
    /// An issuer with a new key, which is nowhere stored.
    pub fn new(issuer: String, audience: String) -> Result<Self, IssueError> {
        let pair = Ed25519KeyPair::generate_pkcs8v1(&SystemRandom::new())?;
        let key = EncodingKey::from_ed_der(pair.as_ref());
        let mut public = Jwk::from_encoding_key(&key, Algorithm::EdDSA)?;
        let key_id = public.thumbprint(ThumbprintHash::SHA256)?;
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        public.common.key_id = Some(key_id.clone());
        let header = Header { typ: Some("at+jwt".to_owned()), kid: Some(key_id), ..Header::new(Algorithm::EdDSA) };
        Ok(Self { issuer, audience, key, header, public })
    }

    /// A token that says that its bearer is `subject`, from `now` on for `lifetime`, in whole seconds.
    pub fn issue(&self, subject: &str, now: Instant, lifetime: Duration) -> Result<String, IssueError> {
        if !identifies(subject) {
            return Err(IssueError::Subject);
        }
        if lifetime.as_secs() == 0 || lifetime > LONGEST_LIFETIME {
            return Err(IssueError::Lifetime);
        }
        let seconds = i64::try_from(lifetime.as_secs()).map_err(|_| IssueError::Lifetime)?;
        let claims = Claims {
            iss: &self.issuer,
            sub: subject,
            aud: &self.audience,
            client_id: "demo",
            iat: now.timestamp(),
            exp: now.timestamp() + seconds,
            jti: Uuid::new_v4(),
        };
        Ok(jsonwebtoken::encode(&self.header, &claims, &self.key)?)
    }

    /// The public key, for whoever wants to check the tokens elsewhere.
    pub fn jwks(&self) -> JwkSet {
        JwkSet { keys: vec![self.public.clone()] }
    }

    pub(super) fn issuer(&self) -> &str {
        &self.issuer
    }

    pub(super) fn audience(&self) -> &str {
        &self.audience
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chrono::TimeDelta;

    use super::*;
    use crate::tokens::{TokenFault, Verifier, specimens::NOW};

    const QUARTER: Duration = Duration::from_secs(900);

    fn issuer() -> Arc<BuiltInIssuer> {
        Arc::new(BuiltInIssuer::new("http://localhost:8080".to_owned(), "leerloopbaan".to_owned()).unwrap())
    }

    #[actix_web::test]
    async fn a_token_of_the_demo_says_which_persona_is_asking() {
        let issuer = issuer();
        let verifier = Verifier::built_in(Arc::clone(&issuer));
        let verified = verifier.verify(&issuer.issue("coach", NOW, QUARTER).unwrap(), NOW).await.unwrap();
        assert_eq!((verified.issuer.as_str(), verified.subject.as_str()), ("http://localhost:8080", "coach"));
        assert_eq!(verified.expires_at, NOW + TimeDelta::minutes(15));
    }

    #[actix_web::test]
    async fn a_token_of_one_demo_opens_no_other() {
        let token = issuer().issue("coach", NOW, QUARTER).unwrap();
        assert_eq!(Verifier::built_in(issuer()).verify(&token, NOW).await, Err(TokenFault::Untrusted.fault()));
    }

    #[test]
    fn the_demo_issues_nothing_that_it_would_refuse() {
        let issuer = issuer();
        for subject in ["", " ", "jos\u{e9}", "a\nb", &"s".repeat(256)] {
            assert!(matches!(issuer.issue(subject, NOW, QUARTER), Err(IssueError::Subject)));
        }
        for lifetime in [Duration::ZERO, Duration::from_millis(999), Duration::from_millis(3_600_001)] {
            assert!(matches!(issuer.issue("coach", NOW, lifetime), Err(IssueError::Lifetime)));
        }
        assert!(issuer.issue("coach", NOW, LONGEST_LIFETIME).is_ok());
    }

    #[test]
    fn what_the_demo_publishes_is_its_public_key_alone() {
        let published = serde_json::to_value(issuer().jwks()).unwrap();
        let members: Vec<&String> = published["keys"][0].as_object().unwrap().keys().collect();
        assert_eq!(members, ["alg", "crv", "kid", "kty", "use", "x"]);
    }
}
