//! Tokens that nobody may be believed for, every one refused for its reason, beside those that are right.

use std::{collections::BTreeSet, time::Duration};

use aws_lc_rs::signature::{RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, RsaPublicKeyComponents};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{Expected, TokenFault, TokenFault::*, Verifier, keys::KeySet, specimens::*};

/// What is wrong with it, the token, and what is told.
type Forgery = (&'static str, String, TokenFault);

/// A right token, but for these members of its header.
fn headed(changes: Value) -> String {
    token(&with(header("EdDSA", "ed"), changes), &claims(), Hand::Ed)
}

/// A right token, but for these claims.
fn claiming(changes: Value) -> String {
    token(&header("EdDSA", "ed"), &with(claims(), changes), Hand::Ed)
}

/// A rightly signed token with exactly this payload.
fn saying(payload: &str) -> String {
    token_of(&header("EdDSA", "ed").to_string(), payload, Hand::Ed)
}

/// A token with the right claims, whose header says this and which that hand signed.
fn signed(alg: &str, kid: &str, hand: Hand) -> String {
    token(&header(alg, kid), &claims(), hand)
}

fn parts(token: &str) -> [&str; 3] {
    let parts: Vec<&str> = token.split('.').collect();
    parts.try_into().unwrap()
}

/// A right token whose signature was changed by `change`.
fn resigned(token: &str, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> String {
    let [head, payload, signature] = parts(token);
    format!("{head}.{payload}.{}", encode(change(BASE64_URL_SAFE_NO_PAD.decode(signature).unwrap())))
}

/// The same signature with the group's order added to its second half, as RFC 8032 (5.1.7) says to refuse.
fn malleated(mut signature: Vec<u8>) -> Vec<u8> {
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut carry = 0;
    for (byte, order) in signature[32..].iter_mut().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(order) + carry;
        *byte = sum.to_le_bytes()[0];
        carry = sum >> 8;
    }
    assert_eq!(carry, 0, "the sum fits, so that only its being out of range is wrong");
    signature
}

fn misshapen() -> Vec<Forgery> {
    let right = right_token("ed", "s-1001");
    let [head, payload, signature] = parts(&right);
    vec![
        ("nothing", String::new(), Missing),
        ("a space", " ".to_owned(), Malformed),
        ("a word", "token".to_owned(), Malformed),
        ("only dots", "..".to_owned(), Malformed),
        ("two parts", format!("{head}.{payload}"), Malformed),
        ("four parts", format!("{right}.{signature}"), Malformed),
        ("five parts, as JWE has", format!("{head}.{payload}.{signature}.{payload}.{signature}"), Malformed),
        ("header left out", format!(".{payload}.{signature}"), Malformed),
        ("payload left out", format!("{head}..{signature}"), Untrusted),
        ("header and payload swapped", format!("{payload}.{head}.{signature}"), Malformed),
        ("payload and signature swapped", format!("{head}.{signature}.{payload}"), Untrusted),
        ("cut off in the signature", right[..right.len() - 2].to_owned(), Untrusted),
        ("cut off in the payload", right[..head.len() + payload.len() / 2].to_owned(), Malformed),
        ("header padded", format!("{head}=.{payload}.{signature}"), Malformed),
        ("payload padded", format!("{head}.{payload}==.{signature}"), Untrusted),
        ("signature padded", format!("{right}=="), Malformed),
        ("signature in the other base64 alphabet", format!("{head}.{payload}.+/{}", &signature[2..]), Malformed),
        ("signature with stray last bits", format!("{}{}", &right[..right.len() - 1], stray(&right)), Malformed),
        ("a space before", format!(" {right}"), Malformed),
        ("a space after", format!("{right} "), Malformed),
        ("a line end after", format!("{right}\r\n"), Malformed),
        ("a zero within", format!("{head}\0.{payload}.{signature}"), Malformed),
        ("Bearer said twice", format!("Bearer {right}"), Malformed),
        (
            "JSON serialization",
            json!({"payload": payload, "signatures": [{"protected": head, "signature": signature}]}).to_string(),
            Malformed,
        ),
        ("8193 bytes", "a".repeat(8193), TooLong),
        ("9 KiB and right but for that", claiming(json!({"groups": "g".repeat(7000)})), TooLong),
        ("no Latin letters", "токен.токен.токен".to_owned(), Malformed),
    ]
}

/// The token's last character with bits set that stand for nothing.
fn stray(token: &str) -> char {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let value = ALPHABET.find(&token[token.len() - 1..]).unwrap();
    ALPHABET.chars().nth(value | 1).unwrap()
}

fn misheaded() -> Vec<Forgery> {
    let embedded = json!({"jwk": {"kty": "OKP", "crv": "Ed25519", "x": encode([7; 32])}});
    vec![
        ("header is no JSON", token_of("alg", &claims().to_string(), Hand::Ed), Malformed),
        ("header is an array", token_of(r#"["EdDSA","at+jwt","ed"]"#, &claims().to_string(), Hand::Ed), Malformed),
        (
            "header says alg twice",
            token_of(r#"{"alg":"none","alg":"EdDSA","typ":"at+jwt","kid":"ed"}"#, &claims().to_string(), Hand::Ed),
            Malformed,
        ),
        ("no alg", headed(json!({"alg": null})), Malformed),
        ("alg is a number", headed(json!({"alg": 1})), Malformed),
        ("no typ", headed(json!({"typ": null})), Malformed),
        ("typ of an ID token's kind", headed(json!({"typ": "id_token+jwt"})), Malformed),
        ("typ of a logout token", headed(json!({"typ": "logout+jwt"})), Malformed),
        ("typ of a DPoP proof", headed(json!({"typ": "dpop+jwt"})), Malformed),
        ("typ JWE", headed(json!({"typ": "JWE"})), Malformed),
        ("crit with b64 false (RFC 7797)", headed(json!({"crit": ["b64"], "b64": false})), Malformed),
        (
            "crit with something unheard of",
            headed(json!({"crit": ["http://example.test/x"], "http://example.test/x": 1})),
            Malformed,
        ),
        ("crit empty", headed(json!({"crit": []})), Malformed),
        (
            "crit null",
            token_of(r#"{"alg":"EdDSA","typ":"at+jwt","kid":"ed","crit":null}"#, &claims().to_string(), Hand::Ed),
            Malformed,
        ),
        ("kid is a number", headed(json!({"kid": 1})), Malformed),
        ("kid unknown", headed(json!({"kid": "other"})), Untrusted),
        ("kid empty", headed(json!({"kid": ""})), Untrusted),
        ("kid that differs by case", headed(json!({"kid": "ED"})), Untrusted),
        ("kid that climbs to an empty file", headed(json!({"kid": "../../../../dev/null"})), Untrusted),
        ("kid with SQL", headed(json!({"kid": "x' UNION SELECT 'secret' --"})), Untrusted),
        ("kid with a command", headed(json!({"kid": "ed|whoami"})), Untrusted),
        ("kid with a zero", headed(json!({"kid": "ed\0"})), Untrusted),
        ("no kid, while two RSA keys fit", token(&json!({"alg": "RS256", "typ": "at+jwt"}), &claims(), Hand::Rs256), Untrusted),
        (
            "the signer's own key embedded",
            token(&with(header("EdDSA", "new"), embedded.clone()), &claims(), Hand::Stranger),
            Untrusted,
        ),
        (
            "the signer's own key embedded beside a known kid",
            token(&with(header("EdDSA", "ed"), embedded), &claims(), Hand::Stranger),
            Untrusted,
        ),
        (
            "the signer's own key elsewhere (jku)",
            token(&with(header("EdDSA", "ed"), json!({"jku": "https://evil.test/keys"})), &claims(), Hand::Stranger),
            Untrusted,
        ),
        (
            "the signer's own certificate elsewhere (x5u)",
            token(&with(header("EdDSA", "ed"), json!({"x5u": "https://evil.test/x"})), &claims(), Hand::Stranger),
            Untrusted,
        ),
    ]
}

fn missigned() -> Vec<Forgery> {
    let ed = signed("EdDSA", "ed", Hand::Ed);
    let ec = signed("ES256", "ec", Hand::Ec);
    let rsa = signed("RS256", "rsa", Hand::Rs256);
    let other = claiming(json!({"sub": "s-2002"}));
    let [head, _, signature] = parts(&ed);
    let [_, others_payload, _] = parts(&other);
    let unsigned = |alg: &str| format!("{}.{}.", encode(header(alg, "ed").to_string()), encode(claims().to_string()));
    vec![
        ("alg none, unsigned", unsigned("none"), Untrusted),
        ("alg None, unsigned", unsigned("None"), Untrusted),
        ("alg nOnE, signed", signed("nOnE", "ed", Hand::Ed), Untrusted),
        ("alg empty", signed("", "ed", Hand::Ed), Untrusted),
        ("alg spelled in lower case", signed("eddsa", "ed", Hand::Ed), Untrusted),
        ("alg Ed25519, which is not on our list", signed("Ed25519", "ed", Hand::Ed), Untrusted),
        ("signature stripped", unsigned("EdDSA"), Untrusted),
        ("HS256 with the public key for a secret", signed("HS256", "ed", Hand::Hmac), Untrusted),
        ("HS256 with a published secret", signed("HS256", "secret", Hand::Hmac), Untrusted),
        ("HMAC that calls itself EdDSA", signed("EdDSA", "ed", Hand::Hmac), Untrusted),
        ("signed by a stranger", signed("EdDSA", "ed", Hand::Stranger), Untrusted),
        ("another's payload under this signature", format!("{head}.{others_payload}.{signature}"), Untrusted),
        (
            "one bit of the signature changed",
            resigned(&ed, |mut bytes| {
                bytes[3] ^= 1;
                bytes
            }),
            Untrusted,
        ),
        ("EdDSA signature malleated", resigned(&ed, malleated), Untrusted),
        ("EdDSA signature of zeros", resigned(&ed, |_| vec![0; 64]), Untrusted),
        ("EdDSA signature with a byte more", resigned(&ed, |bytes| [bytes, vec![0]].concat()), Untrusted),
        ("ES256 signature of zeros", resigned(&ec, |_| vec![0; 64]), Untrusted),
        ("ES256 signature in ASN.1", signed("ES256", "ec", Hand::EcAsn1), Untrusted),
        ("RS256 signature with a zero before", resigned(&rsa, |bytes| [vec![0], bytes].concat()), Untrusted),
        ("RS256 signature of one", resigned(&rsa, |bytes| [vec![0; bytes.len() - 1], vec![1]].concat()), Untrusted),
        ("ES256 with a P-384 key", signed("ES256", "p384", Hand::P384), Untrusted),
        ("ES256 with a P-384 key that calls itself P-256", signed("ES256", "p384-as-p256", Hand::P384), Untrusted),
        ("ES256 with a P-256 key that calls itself P-384", signed("ES256", "ec-as-p384", Hand::Ec), Untrusted),
        ("ES384", signed("ES384", "p384", Hand::P384), Untrusted),
        ("ES256 with a key that is no point of the curve", signed("ES256", "ec-off-curve", Hand::Ec), Untrusted),
        ("RS256 with an RSA key of 1024 bits", WEAKLY_SIGNED.to_owned(), Untrusted),
        ("RS256 with 1024 bits made to look like 3072", signed("RS256", "rsa-1024-padded", Hand::Rs256), Untrusted),
        ("RS512", signed("RS512", "rsa", Hand::Rs512), Untrusted),
        ("RS512 that calls itself RS256", signed("RS256", "rsa", Hand::Rs512), Untrusted),
        ("PS256 that calls itself RS256", signed("RS256", "rsa", Hand::Ps256), Untrusted),
        ("PS256 with a key for RS256 only", signed("PS256", "rsa-only-rs256", Hand::Ps256), Untrusted),
        ("EdDSA with the name of an RSA key", signed("EdDSA", "rsa", Hand::Ed), Untrusted),
        ("RS256 with the name of an Ed25519 key", signed("RS256", "ed", Hand::Rs256), Untrusted),
        ("a key for encryption", signed("EdDSA", "ed-for-encryption", Hand::Ed), Untrusted),
        ("a key not meant for verifying", signed("EdDSA", "ed-to-sign-with", Hand::Ed), Untrusted),
        ("a key for an algorithm unheard of", signed("EdDSA", "ed-unheard-of", Hand::Ed), Untrusted),
        ("a key of three bytes", signed("EdDSA", "ed-short", Hand::Ed), Untrusted),
    ]
}

fn misclaiming() -> Vec<Forgery> {
    let of_other_type =
        |claims: Value| token(&with(header("EdDSA", "ed"), json!({"typ": "JWT"})), &with(self::claims(), claims), Hand::Ed);
    let twice = |member: &str| saying(&claims().to_string().replacen('{', &format!("{{{member},"), 1));
    vec![
        ("payload empty", saying(""), Malformed),
        ("payload is no JSON", saying("sub=s-1001"), Malformed),
        ("payload is an array", saying("[]"), Malformed),
        (
            "payload is an array of the claims",
            saying(&json!([ISSUER, "s-1001", AUDIENCE, 1_788_250_500, 1_788_249_600]).to_string()),
            Malformed,
        ),
        ("payload is null", saying("null"), Malformed),
        ("payload is a token itself", saying(&right_token("ed", "s-1001")), Malformed),
        ("payload with something behind", saying(&format!("{}{{}}", claims())), Malformed),
        ("payload cut off", saying(&claims().to_string()[..60]), Malformed),
        ("payload with a mark of byte order", saying(&format!("\u{feff}{}", claims())), Malformed),
        ("payload of ten thousand brackets", saying(&"[".repeat(4000)), Malformed),
        ("sub twice", twice(r#""sub":"s-2002""#), Malformed),
        ("sub twice, once escaped", twice(r#""\u0073ub":"s-2002""#), Malformed),
        ("exp twice", twice(r#""exp":4102444800"#), Malformed),
        ("aud twice", twice(r#""aud":"https://else.test""#), Malformed),
        ("no iss", claiming(json!({"iss": null})), Malformed),
        ("no sub", claiming(json!({"sub": null})), Malformed),
        ("no aud", claiming(json!({"aud": null})), Malformed),
        ("no exp", claiming(json!({"exp": null})), Malformed),
        ("no iat", claiming(json!({"iat": null})), Malformed),
        ("iss of another", claiming(json!({"iss": "https://evil.test"})), Untrusted),
        ("iss with a slash more", claiming(json!({"iss": format!("{ISSUER}/")})), Untrusted),
        ("iss that differs by case", claiming(json!({"iss": ISSUER.to_uppercase()})), Untrusted),
        ("iss in an array", claiming(json!({"iss": [ISSUER]})), Malformed),
        ("aud of another", claiming(json!({"aud": "https://else.test"})), WrongAudience),
        ("aud that ours begins", claiming(json!({"aud": format!("{AUDIENCE}.evil.test")})), WrongAudience),
        ("aud an array without ours", claiming(json!({"aud": ["https://else.test", "account"]})), WrongAudience),
        ("aud an empty array", claiming(json!({"aud": []})), WrongAudience),
        ("aud empty", claiming(json!({"aud": ""})), WrongAudience),
        ("aud an object", claiming(json!({"aud": {"0": AUDIENCE}})), Malformed),
        ("aud an array with a number", claiming(json!({"aud": [AUDIENCE, 1]})), Malformed),
        ("an ID token by its nonce", of_other_type(json!({"nonce": "n-1"})), Malformed),
        ("an ID token by its at_hash", of_other_type(json!({"at_hash": "a"})), Malformed),
        ("an ID token by its c_hash", of_other_type(json!({"c_hash": "c"})), Malformed),
        ("an ID token for the client that asked for it", of_other_type(json!({"aud": "client-7"})), WrongAudience),
        ("sub empty", claiming(json!({"sub": ""})), Malformed),
        ("sub of 256 characters", claiming(json!({"sub": "s".repeat(256)})), Malformed),
        ("sub a number", claiming(json!({"sub": 1001})), Malformed),
        ("sub in an array", claiming(json!({"sub": ["s-1001"]})), Malformed),
        ("sub with a Cyrillic letter like an s", claiming(json!({"sub": "ѕ-1001"})), Malformed),
        ("sub turned round by a bidi override", claiming(json!({"sub": "\u{202e}1001-s"})), Malformed),
        ("sub with a zero", claiming(json!({"sub": "s-1001\0"})), Malformed),
        ("sub with a line end", claiming(json!({"sub": "s-1001\n"})), Malformed),
        ("sub with a space behind", claiming(json!({"sub": "s-1001 "})), Malformed),
        ("sub only a space", claiming(json!({"sub": " "})), Malformed),
    ]
}

fn mistimed() -> Vec<Forgery> {
    let now = NOW.timestamp();
    let year = 365 * 24 * 3600;
    vec![
        ("expired 30 seconds ago", claiming(json!({"iat": now - 900, "exp": now - 30})), Expired),
        ("expired a year ago", claiming(json!({"iat": now - year - 900, "exp": now - year})), Expired),
        ("of 1970", claiming(json!({"iat": 0, "exp": 900})), Expired),
        ("issued in 31 seconds", claiming(json!({"iat": now + 31})), NotYetValid),
        ("issued next year", claiming(json!({"iat": now + year, "exp": now + year + 900})), NotYetValid),
        ("issued in 31 seconds, and not before yesterday", claiming(json!({"iat": now + 31, "nbf": now - 86_400})), NotYetValid),
        ("not before 31 seconds from now", claiming(json!({"nbf": now + 31})), NotYetValid),
        ("not before it expires", claiming(json!({"nbf": now + 901})), NotYetValid),
        ("valid for an hour and a second", claiming(json!({"exp": now + 3601})), Lifetime),
        ("valid for ten years", claiming(json!({"exp": now + 10 * year})), Lifetime),
        ("valid for ten years, nine of them past", claiming(json!({"iat": now - 9 * year, "exp": now + year})), Lifetime),
        ("valid until 9999", claiming(json!({"exp": 253_402_300_799_i64})), Lifetime),
        ("valid for no time", claiming(json!({"iat": now + 10, "exp": now + 10})), Lifetime),
        ("expires before it was issued", claiming(json!({"iat": now + 10, "exp": now + 5})), Lifetime),
        ("exp in milliseconds", claiming(json!({"exp": (now + 900) * 1000})), Malformed),
        ("exp beyond 64 bits", saying(&claims().to_string().replace("1788250500", "99999999999999999999999")), Malformed),
        ("exp beyond all numbers", saying(&claims().to_string().replace("1788250500", "1e999")), Malformed),
        ("exp of u64::MAX", claiming(json!({"exp": u64::MAX})), Malformed),
        ("exp negative", claiming(json!({"exp": -1})), Malformed),
        ("exp a string", claiming(json!({"exp": (now + 900).to_string()})), Malformed),
        ("exp true", claiming(json!({"exp": true})), Malformed),
        ("exp a date", claiming(json!({"exp": "2026-09-01T08:15:00Z"})), Malformed),
        ("exp null", saying(&claims().to_string().replace("1788250500", "null")), Malformed),
        ("exp not a number", saying(&claims().to_string().replace("1788250500", "NaN")), Malformed),
        ("iat negative", claiming(json!({"iat": -1})), Malformed),
        ("iat a string", claiming(json!({"iat": now.to_string()})), Malformed),
        ("nbf a string", claiming(json!({"nbf": now.to_string()})), Malformed),
        ("nbf in an object", claiming(json!({"nbf": {"seconds": now}})), Malformed),
    ]
}

#[actix_web::test]
async fn nobody_gets_in_with_a_forged_token_and_each_is_told_no_more_than_why() {
    let verifier = verifier();
    verifier.verify(&right_token("ed", "s-1001"), NOW).await.unwrap();
    let forgeries = [misshapen(), misheaded(), missigned(), misclaiming(), mistimed()].concat();
    let names: BTreeSet<&str> = forgeries.iter().map(|(name, ..)| *name).collect();
    assert!(names.len() >= 60 && names.len() == forgeries.len(), "{} kinds in {} tokens", names.len(), forgeries.len());
    let mut wrong = Vec::new();
    for (name, token, fault) in &forgeries {
        for attempt in 1..=2 {
            match verifier.verify(token, NOW).await {
                Err(told) if told.code == fault.fault().code => (),
                other => wrong.push(format!("{name}, attempt {attempt}: {other:?}")),
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[actix_web::test]
async fn a_right_token_of_each_algorithm_says_who_is_asking() {
    let verifier = verifier();
    let algorithms = [
        ("ES256", "ec", Hand::Ec),
        ("RS256", "rsa", Hand::Rs256),
        ("RS256", "rsa-only-rs256", Hand::Rs256),
        ("PS256", "rsa", Hand::Ps256),
        ("EdDSA", "ed", Hand::Ed),
    ];
    for (alg, kid, hand) in algorithms {
        let verified = verifier.verify(&signed(alg, kid, hand), NOW).await.unwrap();
        assert_eq!((verified.issuer.as_str(), verified.subject.as_str()), (ISSUER, "s-1001"), "{alg} {kid}");
        assert_eq!(verified.expires_at, NOW + TimeDelta::seconds(900));
    }
}

#[actix_web::test]
async fn a_token_may_be_right_in_more_than_one_way() {
    let verifier = verifier();
    let now = NOW.timestamp();
    let untyped = with(header("EdDSA", "ed"), json!({"typ": "JWT"}));
    let right = [
        ("typ as RFC 9068 spells it", headed(json!({"typ": "application/at+jwt"}))),
        ("typ in capitals", headed(json!({"typ": "AT+JWT"}))),
        ("typ JWT, as much-used issuers say", token(&untyped, &claims(), Hand::Ed)),
        ("no kid, where one key fits", headed(json!({"kid": null}))),
        ("keys elsewhere are not asked for", headed(json!({"jku": "https://evil.test", "x5u": 7, "jwk": [], "x5c": "no"}))),
        ("ours among audiences", claiming(json!({"aud": ["account", AUDIENCE]}))),
        ("claims we do not know", claiming(json!({"scope": "openid", "groups": [{"a": null}], "email": "a@b.nl"}))),
        ("a nonce in what says it is an access token", claiming(json!({"nonce": "n"}))),
        ("seconds with a fraction", claiming(json!({"iat": now as f64 + 0.5, "exp": now as f64 + 900.5}))),
        ("an hour", claiming(json!({"exp": now + 3600}))),
        ("an issuer's clock 30 seconds ahead", claiming(json!({"iat": now + 30, "nbf": now + 30}))),
        ("expired 29 seconds ago", claiming(json!({"iat": now - 900, "exp": now - 29}))),
        ("a subject of 255 characters", claiming(json!({"sub": "s".repeat(255)}))),
        ("a subject with all sorts of signs", claiming(json!({"sub": "auth0|CN=Jan de Vries,OU=x/~!"}))),
    ];
    for (name, token) in right {
        verifier.verify(&token, NOW).await.unwrap_or_else(|fault| panic!("{name}: {}", fault.code));
    }
}

#[actix_web::test]
async fn a_token_that_was_right_expires_all_the_same() {
    let verifier = verifier();
    let token = right_token("ed", "s-1001");
    for seconds in [0, 1, 899, 900, 929] {
        assert!(verifier.verify(&token, NOW + TimeDelta::seconds(seconds)).await.is_ok(), "after {seconds} seconds");
    }
    for seconds in [930, 3600] {
        assert_eq!(verifier.verify(&token, NOW + TimeDelta::seconds(seconds)).await, Err(Expired.fault()));
    }
    assert_eq!(verifier.verify(&token, NOW - TimeDelta::seconds(31)).await, Err(NotYetValid.fault()));
}

#[actix_web::test]
async fn a_college_may_allow_shorter_lifetimes_but_never_longer_ones_than_an_hour() {
    let keys = || KeySet::read(published().to_string().as_bytes()).unwrap();
    let allowing = |seconds| Expected { max_lifetime: Duration::from_secs(seconds), ..expected() };
    let lasting = |seconds: i64| claiming(json!({"exp": NOW.timestamp() + seconds}));
    for (allowed, longest) in [(600, 600), (3600, 3600), (86_400, 3600), (u64::MAX, 3600)] {
        let verifier = Verifier::pinned(allowing(allowed), keys());
        assert!(verifier.verify(&lasting(longest), NOW).await.is_ok(), "{allowed}");
        assert_eq!(verifier.verify(&lasting(longest + 1), NOW).await, Err(Lifetime.fault()), "{allowed}");
    }
}

#[test]
fn the_weak_key_is_refused_for_its_weakness_alone() {
    let [head, payload, signature] = parts(WEAKLY_SIGNED);
    let decode = |part: &str| BASE64_URL_SAFE_NO_PAD.decode(part).unwrap();
    let weak = RsaPublicKeyComponents { n: decode(WEAK_MODULUS), e: vec![1, 0, 1] };
    let message = format!("{head}.{payload}");
    weak.verify(&RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, message.as_bytes(), &decode(signature)).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&decode(payload)).unwrap(), claims());
}
