//! Keys, claims and signatures to make right and wrong tokens of.

use std::{sync::LazyLock, time::Duration};

use aws_lc_rs::{
    encoding::{AsBigEndian, EcPublicKeyUncompressedBin},
    hmac,
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
        EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RsaEncoding,
        RsaKeyPair,
    },
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::DateTime;
use domain::kernel::Instant;
use serde_json::{Value, json};

use super::{Expected, Verifier, keys::KeySet};

/// A Tuesday morning in September.
pub const NOW: Instant = DateTime::from_timestamp(1_788_249_600, 0).unwrap();
pub const ISSUER: &str = "https://login.college.test";
pub const AUDIENCE: &str = "https://leerloopbaan.test";

/// A key too weak to be made any more: the modulus, and a token well signed with it (RS256) that says what
/// [`claims`] says at [`NOW`].
pub const WEAK_MODULUS: &str = "2Ys9yIOU5J1YQh98_WHbX07eZrFiLgoF-plquGf_GiTda7asRejk8G2LuA6J7rSGdniMLFDtgrfOk_Z8sRsTKSbZe-6auYd_c2DtQ9XovSxqHBF4aJ2cRfXkVG21wZl63F3PV8DYYrbXvMkswaid6_MIzC5iwcCV9qgzPPD0DkU";
pub const WEAKLY_SIGNED: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6InJzYS0xMDI0IiwidHlwIjoiYXQrand0In0.eyJpc3MiOiJodHRwczovL2xvZ2luLmNvbGxlZ2UudGVzdCIsInN1YiI6InMtMTAwMSIsImF1ZCI6Imh0dHBzOi8vbGVlcmxvb3BiYWFuLnRlc3QiLCJpYXQiOjE3ODgyNDk2MDAsImV4cCI6MTc4ODI1MDUwMH0.zHhXFDg6Q_uimh02e-7pu__OgnCW60HGpOI0kqPSeSn9G2xR2Xnov-F125rgYdff6XnyYDJNb50dntQh0H-niyIwMVXFHsrbex49nuEk9h7xKs6Sx2Y857rcYHAS_eiB7eNo8i0NpkqxAUdW4OxCPnrRJjqD9HO00VTBW1z9Hn8";

/// The private keys of the issuer, and one of somebody else.
pub struct KeyRing {
    pub ed: Ed25519KeyPair,
    pub ec: EcdsaKeyPair,
    /// The same key as `ec`, signing in the form of X.509 instead of JOSE.
    ec_asn1: EcdsaKeyPair,
    p384: EcdsaKeyPair,
    rsa: RsaKeyPair,
    stranger: Ed25519KeyPair,
}

pub static KEYS: LazyLock<KeyRing> = LazyLock::new(|| {
    let ec = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let pkcs8 = ec.to_pkcs8v1().unwrap();
    KeyRing {
        ec_asn1: EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref()).unwrap(),
        ec,
        ed: Ed25519KeyPair::generate().unwrap(),
        p384: elliptic(&ECDSA_P384_SHA384_FIXED_SIGNING),
        rsa: RsaKeyPair::generate(KeySize::Rsa2048).unwrap(),
        stranger: Ed25519KeyPair::generate().unwrap(),
    }
});

fn elliptic(algorithm: &'static EcdsaSigningAlgorithm) -> EcdsaKeyPair {
    EcdsaKeyPair::generate(algorithm).unwrap()
}

/// Ways to sign, the header's word for it or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand {
    Ed,
    Stranger,
    Ec,
    EcAsn1,
    P384,
    Rs256,
    Rs512,
    Ps256,
    /// HMAC with the issuer's public Ed25519 key for a secret.
    Hmac,
}

impl Hand {
    pub fn sign(self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        let ecdsa = |pair: &EcdsaKeyPair| pair.sign(&random, message).unwrap().as_ref().to_vec();
        let rsa = |encoding: &'static dyn RsaEncoding| {
            let mut signature = vec![0; KEYS.rsa.public_modulus_len()];
            KEYS.rsa.sign(encoding, &random, message, &mut signature).unwrap();
            signature
        };
        match self {
            Self::Ed => KEYS.ed.sign(message).as_ref().to_vec(),
            Self::Stranger => KEYS.stranger.sign(message).as_ref().to_vec(),
            Self::Ec => ecdsa(&KEYS.ec),
            Self::EcAsn1 => ecdsa(&KEYS.ec_asn1),
            Self::P384 => ecdsa(&KEYS.p384),
            Self::Rs256 => rsa(&RSA_PKCS1_SHA256),
            Self::Rs512 => rsa(&RSA_PKCS1_SHA512),
            Self::Ps256 => rsa(&RSA_PSS_SHA256),
            Self::Hmac => {
                let secret = hmac::Key::new(hmac::HMAC_SHA256, KEYS.ed.public_key().as_ref());
                hmac::sign(&secret, message).as_ref().to_vec()
            }
        }
    }
}

pub fn encode(part: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(part)
}

/// A token of exactly this header and payload, signed by this hand.
pub fn token_of(header: &str, payload: &str, hand: Hand) -> String {
    let message = format!("{}.{}", encode(header), encode(payload));
    let signature = encode(hand.sign(message.as_bytes()));
    format!("{message}.{signature}")
}

pub fn token(header: &Value, claims: &Value, hand: Hand) -> String {
    token_of(&header.to_string(), &claims.to_string(), hand)
}

/// The header of a right token.
pub fn header(alg: &str, kid: &str) -> Value {
    json!({"alg": alg, "typ": "at+jwt", "kid": kid})
}

/// What a right token says.
pub fn claims() -> Value {
    json!({"iss": ISSUER, "sub": "s-1001", "aud": AUDIENCE, "iat": NOW.timestamp(), "exp": NOW.timestamp() + 900})
}

/// `object` with these members changed, and taken out where null.
pub fn with(mut object: Value, changes: Value) -> Value {
    let members = object.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            members.remove(name);
        } else {
            members.insert(name.clone(), value.clone());
        }
    }
    object
}

/// A right token that says this of its `sub`, signed with the Ed25519 key under the name `kid`.
pub fn right_token(kid: &str, sub: &str) -> String {
    token(&header("EdDSA", kid), &with(claims(), json!({"sub": sub})), Hand::Ed)
}

pub fn ed_jwk(kid: &str) -> Value {
    json!({"kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": kid, "x": encode(KEYS.ed.public_key().as_ref())})
}

fn rsa_jwk(kid: &str) -> Value {
    let public = KEYS.rsa.public_key();
    let n = public.modulus().big_endian_without_leading_zero();
    let e = public.exponent().big_endian_without_leading_zero();
    json!({"kty": "RSA", "kid": kid, "n": encode(n), "e": encode(e)})
}

fn ec_jwk(kid: &str, curve: &str, pair: &EcdsaKeyPair) -> Value {
    let point: EcPublicKeyUncompressedBin = pair.public_key().as_be_bytes().unwrap();
    let (x, y) = point.as_ref()[1..].split_at((point.as_ref().len() - 1) / 2);
    json!({"kty": "EC", "crv": curve, "kid": kid, "x": encode(x), "y": encode(y)})
}

/// What the issuer publishes: keys to use, keys that are not for signatures, and keys that nobody should use.
pub fn published() -> Value {
    json!({"keys": [
        ed_jwk("ed"),
        ec_jwk("ec", "P-256", &KEYS.ec),
        rsa_jwk("rsa"),
        with(rsa_jwk("rsa-only-rs256"), json!({"alg": "RS256"})),
        with(ed_jwk("ed-for-encryption"), json!({"use": "enc"})),
        with(ed_jwk("ed-to-sign-with"), json!({"key_ops": ["sign"]})),
        with(ed_jwk("ed-unheard-of"), json!({"alg": "EdDSA-2099"})),
        with(ed_jwk("ed-short"), json!({"x": "AAAA"})),
        ec_jwk("p384", "P-384", &KEYS.p384),
        ec_jwk("p384-as-p256", "P-256", &KEYS.p384),
        ec_jwk("ec-as-p384", "P-384", &KEYS.ec),
        with(ec_jwk("ec-off-curve", "P-256", &KEYS.ec), json!({"y": encode([1; 32])})),
        {"kty": "RSA", "kid": "rsa-1024", "n": WEAK_MODULUS, "e": "AQAB"},
        {"kty": "RSA", "kid": "rsa-1024-padded", "n": encode([vec![0; 256], vec![0xff; 128]].concat()), "e": "AQAB"},
        {"kty": "oct", "kid": "secret", "k": encode(KEYS.ed.public_key().as_ref())},
        {"kty": "OKP", "crv": "X448", "kid": "x448", "x": "AAAA"},
        {"kty": "AKP", "kid": "later", "pub": "AAAA"},
        {"kid": 7},
        "no key at all",
    ]})
}

pub fn expected() -> Expected {
    Expected { issuer: ISSUER.to_owned(), audience: AUDIENCE.to_owned(), jwks_uri: None, max_lifetime: Duration::from_secs(3600) }
}

/// A verifier that knows what the issuer publishes.
pub fn verifier() -> Verifier {
    Verifier::pinned(expected(), KeySet::read(published().to_string().as_bytes()).unwrap())
}
