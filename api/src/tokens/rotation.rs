//! How the service holds out while its issuer changes keys, is slow, is down, or is not itself.

use std::{
    sync::Arc,
    thread,
    time::{Duration, Instant as Stopwatch},
};

use actix_web::rt::{System, time::sleep};
use chrono::TimeDelta;
use domain::kernel::{Fault, Instant};
use serde_json::json;

use super::{Expected, SourceError, TokenFault::*, Verified, Verifier, loopback::*, specimens::*};

const UNREACHABLE: Result<Verified, Fault> = Err(IssuerUnreachable.fault());
const UNTRUSTED: Result<Verified, Fault> = Err(Untrusted.fault());

fn seconds(seconds: i64) -> Instant {
    NOW + TimeDelta::seconds(seconds)
}

/// A right token, issued at this moment.
fn issued_at(now: Instant, kid: &str, sub: &str) -> String {
    let times = json!({"sub": sub, "iat": now.timestamp(), "exp": now.timestamp() + 900});
    token(&header("EdDSA", kid), &with(claims(), times), Hand::Ed)
}

/// Whether a new token signed with the key of this name is believed.
async fn believes(verifier: &Verifier, kid: &str, now: Instant) -> bool {
    verifier.verify(&issued_at(now, kid, &format!("s-{now}")), now).await.is_ok()
}

/// Waits until what happens behind the caller's back has happened.
async fn eventually(what: impl AsyncFn() -> bool) -> bool {
    for _ in 0..1000 {
        if what().await {
            return true;
        }
        sleep(Duration::from_millis(10)).await;
    }
    false
}

#[actix_web::test]
async fn the_issuer_is_asked_for_its_keys_once_and_not_for_every_token() {
    let issuer = LoopbackIssuer::publishing("one");
    let verifier = issuer.verifier();
    assert_eq!(issuer.asked(), 0, "nothing is fetched before a token comes");
    for student in 0..50 {
        assert!(verifier.verify(&right_token("one", &format!("s-{student}")), seconds(student)).await.is_ok());
    }
    assert_eq!(issuer.asked(), 1);
}

#[actix_web::test]
async fn the_issuers_own_configuration_tells_where_its_keys_are() {
    let issuer = LoopbackIssuer::publishing("one");
    let verifier = Verifier::remote(Expected { issuer: issuer.at(""), ..expected() }).unwrap();
    let token = token(&header("EdDSA", "one"), &with(claims(), json!({"iss": issuer.at("")})), Hand::Ed);
    assert_eq!(verifier.verify(&token, NOW).await, UNREACHABLE, "the configuration is another issuer's");
    for (wrong, configuration) in [
        ("no address", json!({"issuer": issuer.at("")})),
        ("address elsewhere without https", json!({"issuer": issuer.at(""), "jwks_uri": "http://192.0.2.1/keys"})),
        ("a file", json!({"issuer": issuer.at(""), "jwks_uri": "file:///etc/passwd"})),
    ] {
        issuer.is_configured_as(configuration);
        let verifier = Verifier::remote(Expected { issuer: issuer.at(""), ..expected() }).unwrap();
        assert_eq!(verifier.verify(&token, NOW).await, UNREACHABLE, "{wrong}");
    }
    issuer.is_configured_as(json!({"issuer": issuer.at(""), "jwks_uri": issuer.at("/keys")}));
    assert!(verifier.verify(&token, seconds(30)).await.is_ok());
}

#[actix_web::test]
async fn a_new_key_of_the_issuers_works_at_once_and_an_old_one_no_longer() {
    let issuer = LoopbackIssuer::publishing("one");
    let verifier = issuer.verifier();
    let old = issued_at(seconds(60), "one", "s-1001");
    assert!(verifier.verify(&old, seconds(60)).await.is_ok());
    issuer.now_answers(keys_named(&["two"]));
    assert!(verifier.verify(&old, seconds(120)).await.is_ok(), "its going was not heard of yet");
    assert!(believes(&verifier, "two", seconds(120)).await);
    assert_eq!(issuer.asked(), 2);
    assert_eq!(verifier.verify(&old, seconds(120)).await, UNTRUSTED, "remembered or not");
}

#[actix_web::test]
async fn keys_of_ten_minutes_old_are_renewed_behind_the_callers_back() {
    let issuer = LoopbackIssuer::publishing("one");
    let verifier = issuer.verifier();
    assert!(believes(&verifier, "one", NOW).await);
    issuer.now_answers(Answer { after: Duration::from_millis(1500), ..keys_named(&["two"]) });
    assert!(believes(&verifier, "one", seconds(599)).await);
    assert_eq!(issuer.asked(), 1, "until then they are young");
    let stopwatch = Stopwatch::now();
    for later in 0..20 {
        assert!(believes(&verifier, "one", seconds(600 + later)).await, "known keys go on being used");
    }
    assert!(stopwatch.elapsed() < Duration::from_secs(1), "nobody waits for the new keys");
    assert!(eventually(async || !believes(&verifier, "one", seconds(620)).await).await, "the new keys are there");
    assert!(believes(&verifier, "two", seconds(620)).await);
    assert_eq!(issuer.asked(), 2);
}

#[actix_web::test]
async fn keys_serve_a_day_while_the_issuer_is_down_and_are_renewed_when_it_is_back() {
    let issuer = LoopbackIssuer::publishing("one");
    let verifier = issuer.verifier();
    assert!(believes(&verifier, "one", NOW).await);
    issuer.now_answers(failing());
    for hours in 1..24 {
        assert!(believes(&verifier, "one", NOW + TimeDelta::hours(hours)).await, "after {hours} hours");
    }
    let token = issued_at(seconds(86_400), "one", "s-1001");
    assert!(verifier.verify(&token, seconds(86_399)).await.is_ok());
    assert_eq!(verifier.verify(&token, seconds(86_400)).await, UNREACHABLE, "a day old, remembered or not");
    issuer.now_answers(keys_named(&["one"]));
    assert_eq!(verifier.verify(&token, seconds(86_428)).await, UNREACHABLE, "it was asked a moment ago");
    assert!(verifier.verify(&token, seconds(86_430)).await.is_ok());
}

#[actix_web::test]
async fn while_the_issuer_does_not_answer_an_unknown_key_is_no_ground_to_say_that_a_token_is_wrong() {
    let issuer = LoopbackIssuer::publishing("one");
    let verifier = issuer.verifier();
    assert!(believes(&verifier, "one", NOW).await);
    assert_eq!(verifier.verify(&right_token("two", "s-1001"), NOW).await, UNTRUSTED, "it was asked a moment ago");
    issuer.now_answers(failing());
    assert_eq!(verifier.verify(&right_token("two", "s-1001"), seconds(30)).await, UNREACHABLE);
    assert_eq!(verifier.verify(&right_token("two", "s-1001"), seconds(45)).await, UNREACHABLE);
    assert!(believes(&verifier, "one", seconds(45)).await);
    assert_eq!(issuer.asked(), 2);
    issuer.now_answers(keys_named(&["one", "two"]));
    assert!(believes(&verifier, "two", seconds(60)).await);
}

#[actix_web::test]
async fn answers_that_are_no_keys_are_not_taken_for_keys() {
    let moved = format!("location: {}\r\n", LoopbackIssuer::publishing("one").at("/keys"));
    let large = format!(r#"{{"keys": [{}], "rest": "{}"}}"#, ed_jwk("one"), "x".repeat(256 * 1024));
    let answers = [
        ("an error", failing()),
        ("an error with keys", Answer { status: "403 Forbidden", ..keys_named(&["one"]) }),
        ("a redirect", Answer { status: "302 Found", head: moved, ..ok("") }),
        ("more than 256 KiB", ok(large)),
        ("nothing", ok("")),
        ("a page", ok("<html>maintenance</html>")),
        ("an array", ok("[]")),
        ("no keys", ok(r#"{"keys": []}"#)),
        ("only a key that is too weak", ok(json!({"keys": [{"kty": "RSA", "n": WEAK_MODULUS, "e": "AQAB"}]}).to_string())),
        ("only keys that cannot be used", ok(r#"{"keys": [{"kty": "oct", "kid": "one", "k": "AAAA"}, 7]}"#)),
    ];
    for (name, answer) in answers {
        let issuer = LoopbackIssuer::publishing("one");
        let verifier = issuer.verifier();
        issuer.now_answers(answer.clone());
        assert_eq!(verifier.verify(&right_token("one", "s-1001"), NOW).await, UNREACHABLE, "{name}");
        issuer.now_answers(keys_named(&["one"]));
        assert!(believes(&verifier, "one", seconds(30)).await, "{name}, then keys");
        issuer.now_answers(answer);
        assert_eq!(verifier.verify(&right_token("two", "s-1001"), seconds(60)).await, UNREACHABLE, "{name} after keys");
        assert!(believes(&verifier, "one", seconds(60)).await, "{name}: known keys stay");
    }
}

#[actix_web::test]
async fn an_issuer_that_thinks_for_longer_than_three_seconds_is_not_waited_for() {
    let issuer = LoopbackIssuer::publishing("one");
    let verifier = issuer.verifier();
    issuer.now_answers(Answer { after: Duration::from_secs(20), ..keys_named(&["one"]) });
    let stopwatch = Stopwatch::now();
    assert_eq!(verifier.verify(&right_token("one", "s-1001"), NOW).await, UNREACHABLE);
    assert!((2900..4500).contains(&stopwatch.elapsed().as_millis()), "{:?}", stopwatch.elapsed());
    let stopwatch = Stopwatch::now();
    assert_eq!(verifier.verify(&right_token("one", "s-1001"), seconds(29)).await, UNREACHABLE);
    assert!(stopwatch.elapsed() < Duration::from_millis(100), "it is not asked again so soon");
}

#[actix_web::test]
async fn a_thousand_tokens_with_unknown_keys_at_once_make_the_issuer_be_asked_once() {
    let issuer = LoopbackIssuer::publishing("one");
    let verifier = issuer.verifier();
    assert!(believes(&verifier, "one", NOW).await);
    issuer.now_answers(Answer { after: Duration::from_millis(100), ..keys_named(&["one"]) });
    // As the server does: threads with a runtime each, and one verifier.
    let threads: Vec<_> = (0..4)
        .map(|worker| {
            let verifier = Arc::clone(&verifier);
            thread::spawn(move || {
                System::new().block_on(async move {
                    let tokens = (0..250).map(|n| right_token(&format!("unknown-{worker}-{n}"), "s-1001"));
                    let checks = tokens.map(|token| {
                        let verifier = Arc::clone(&verifier);
                        async move { verifier.verify(&token, seconds(60)).await }
                    });
                    futures_util::future::join_all(checks).await
                })
            })
        })
        .collect();
    let answers: Vec<_> = threads.into_iter().flat_map(|worker| worker.join().unwrap()).collect();
    assert_eq!(answers.len(), 1000);
    assert!(answers.iter().all(|answer| *answer == UNTRUSTED));
    assert_eq!(issuer.asked(), 2, "once for the first key, once for all the unknown ones");
}

#[actix_web::test]
async fn unknown_keys_all_day_long_make_the_issuer_be_asked_twice_a_minute() {
    let issuer = LoopbackIssuer::publishing("one");
    let verifier = issuer.verifier();
    for second in 0..600 {
        assert!(verifier.verify(&right_token("unknown", "s-1001"), seconds(second)).await.is_err());
    }
    assert_eq!(issuer.asked(), 20);
}

#[actix_web::test]
async fn a_client_that_goes_away_takes_the_answer_from_nobody() {
    let issuer = LoopbackIssuer::publishing("one");
    let verifier = issuer.verifier();
    issuer.now_answers(Answer { after: Duration::from_millis(200), ..keys_named(&["one"]) });
    let token = right_token("one", "s-1001");
    let left = actix_web::rt::time::timeout(Duration::from_millis(50), verifier.verify(&token, NOW)).await;
    assert!(left.is_err(), "it left before there was an answer");
    assert!(verifier.verify(&token, NOW).await.is_ok());
    assert_eq!(issuer.asked(), 1);
}

#[actix_web::test]
async fn a_clock_that_is_set_back_a_year_neither_keeps_old_keys_nor_stops_asking() {
    let issuer = LoopbackIssuer::publishing("one");
    let verifier = issuer.verifier();
    assert!(believes(&verifier, "one", NOW).await);
    issuer.now_answers(keys_named(&["two"]));
    let back = NOW - TimeDelta::days(365);
    assert!(!believes(&verifier, "one", back).await);
    assert!(believes(&verifier, "two", back).await);
    assert_eq!(issuer.asked(), 2);
}

#[test]
fn a_verifier_is_not_made_of_addresses_that_anyone_can_answer_for() {
    let made = |issuer: &str, jwks_uri: Option<&str>| {
        let jwks_uri = jwks_uri.map(str::to_owned);
        Verifier::remote(Expected { issuer: issuer.to_owned(), jwks_uri, ..expected() }).err()
    };
    assert!(made("https://login.college.nl", None).is_none());
    assert!(made("http://[::1]:4000/", None).is_none());
    assert!(made("urn:college", Some("https://login.college.nl/keys")).is_none(), "any name, where the place is given");
    assert!(matches!(made("http://login.college.nl", None), Some(SourceError::Insecure(_))));
    assert!(matches!(made("urn:college", None), Some(SourceError::Insecure(_))));
    assert!(matches!(made(ISSUER, Some("http://login.college.nl/keys")), Some(SourceError::Insecure(_))));
    assert!(matches!(made("", Some("https://login.college.nl/keys")), Some(SourceError::Unnamed)));
}
