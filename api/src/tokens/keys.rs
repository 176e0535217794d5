//! The issuer's public keys, each good for the algorithms that it was made for and no other.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RsaParameters,
    RsaPublicKeyComponents, VerificationAlgorithm,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse};
use serde::Deserialize;
use serde_json::Value;

use super::{
    TokenFault,
    claims::Proven,
    memory::Memory,
    unproven::{self, Unproven},
};

/// The fewest bits of an RSA modulus (RFC 7518, 3.3).
const FEWEST_RSA_BITS: usize = 2048;

/// How a token may be signed. There is no secret that issuer and service share, and nothing goes unsigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Algorithm {
    Es256,
    Rs256,
    Ps256,
    EdDsa,
}

impl Algorithm {
    /// The algorithm by its name in RFC 7518 and 8037, which has one spelling.
    pub fn named(alg: &str) -> Option<Self> {
        match alg {
            "ES256" => Some(Self::Es256),
            "RS256" => Some(Self::Rs256),
            "PS256" => Some(Self::Ps256),
            "EdDSA" => Some(Self::EdDsa),
            _ => None,
        }
    }

    /// Whether a key that says it is for `alg` may be used with this one.
    fn allowed_by(self, alg: Option<KeyAlgorithm>) -> bool {
        alg.is_none_or(|alg| {
            alg == match self {
                Self::Es256 => KeyAlgorithm::ES256,
                Self::Rs256 => KeyAlgorithm::RS256,
                Self::Ps256 => KeyAlgorithm::PS256,
                Self::EdDsa => KeyAlgorithm::EdDSA,
            }
        })
    }
}

/// The keys of an issuer at one moment, with the tokens that they proved.
pub(super) struct KeySet {
    published: Vec<Jwk>,
    keys: Vec<Key>,
    memory: Memory,
}

/// A key for one algorithm: an RSA key that says nothing of its algorithm is two of these.
struct Key {
    key_id: Option<String>,
    algorithm: Algorithm,
    public: ParsedPublicKey,
}

impl KeySet {
    /// The usable ones among these keys.
    pub fn of(published: Vec<Jwk>) -> Self {
        let keys = published.iter().flat_map(Key::admit).collect();
        Self { published, keys, memory: Memory::default() }
    }

    /// The usable keys in a JWK set document (RFC 7517, section 5): one that we do not know spoils no other.
    pub fn read(document: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        struct Document {
            keys: Vec<Value>,
        }
        let Document { keys } = serde_json::from_slice(document).ok()?;
        Some(Self::of(keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect()))
    }

    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    pub fn memory(&self) -> &Memory {
        &self.memory
    }

    pub fn has_one_for(&self, token: &Unproven<'_>) -> bool {
        self.key_for(token).is_some()
    }

    /// The one key that a token can have been signed with: the one that it names, or else the only one of its algorithm.
    fn key_for(&self, token: &Unproven<'_>) -> Option<&Key> {
        let mut fitting = self
            .keys
            .iter()
            .filter(|key| key.algorithm == token.algorithm && (token.key_id.is_none() || key.key_id == token.key_id));
        let first = fitting.next();
        // Two keys of one name are a mistake of the issuer's that costs nothing; guessing among all would.
        if token.key_id.is_none() && fitting.next().is_some() { None } else { first }
    }

    /// The claims of a token that one of these keys signed.
    pub fn prove(&self, token: Unproven<'_>) -> Result<Proven, TokenFault> {
        let key = self.key_for(&token).ok_or(TokenFault::Untrusted)?;
        key.public.verify_sig(token.message.as_bytes(), &token.signature).map_err(|_| TokenFault::Untrusted)?;
        Ok(Proven { claims: unproven::object(token.payload)?, token_type: token.token_type })
    }
}

/// Equal sets were published with equal keys, whatever they proved.
impl PartialEq for KeySet {
    fn eq(&self, other: &Self) -> bool {
        self.published == other.published
    }
}

impl Key {
    /// What this published key can be used for: nothing, unless it is a public key for signatures, strong enough, and of
    /// an algorithm of ours.
    fn admit(jwk: &Jwk) -> Vec<Self> {
        let common = &jwk.common;
        let signs = common.public_key_use.as_ref().is_none_or(|its| *its == PublicKeyUse::Signature)
            && common.key_operations.as_ref().is_none_or(|its| its.contains(&KeyOperations::Verify));
        if !signs {
            return Vec::new();
        }
        let parsed = match &jwk.algorithm {
            AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => {
                vec![(Algorithm::Es256, point(&key.x, &key.y))]
            }
            AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => {
                vec![(Algorithm::EdDsa, coordinate(&key.x).and_then(|x| parse(&ED25519, &x)))]
            }
            AlgorithmParameters::RSA(key) => vec![
                (Algorithm::Rs256, modulus(&key.n, &key.e, &RSA_PKCS1_2048_8192_SHA256)),
                (Algorithm::Ps256, modulus(&key.n, &key.e, &RSA_PSS_2048_8192_SHA256)),
            ],
            // Other curves, shared secrets, and whatever is yet to be invented.
            _ => Vec::new(),
        };
        parsed
            .into_iter()
            .filter(|(algorithm, _)| algorithm.allowed_by(common.key_algorithm))
            .filter_map(|(algorithm, public)| Some(Self { key_id: common.key_id.clone(), algorithm, public: public? }))
            .collect()
    }
}

/// A point on P-256, uncompressed (SEC 1, 2.3.3).
fn point(x: &str, y: &str) -> Option<ParsedPublicKey> {
    let point = [&[4][..], &coordinate(x)?, &coordinate(y)?].concat();
    parse(&ECDSA_P256_SHA256_FIXED, &point)
}

fn coordinate(text: &str) -> Option<[u8; 32]> {
    decode(text)?.try_into().ok()
}

fn modulus(n: &str, e: &str, parameters: &'static RsaParameters) -> Option<ParsedPublicKey> {
    let (n, e) = (decode(n)?, decode(e)?);
    // Some issuers keep the sign byte that DER would have.
    let n = n.iter().position(|byte| *byte != 0).map(|first| &n[first..])?;
    let bits = n.len() * 8 - usize::try_from(n.first()?.leading_zeros()).ok()?;
    let components = RsaPublicKeyComponents { n, e: e.as_slice() };
    if bits >= FEWEST_RSA_BITS { components.to_parsed_public_key(parameters).ok() } else { None }
}

fn parse(algorithm: &'static dyn VerificationAlgorithm, bytes: &[u8]) -> Option<ParsedPublicKey> {
    ParsedPublicKey::new(algorithm, bytes).ok()
}

fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(text).ok()
}
