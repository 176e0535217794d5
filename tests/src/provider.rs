//! The tokens of an OpenID provider that others wrote: its keys, how they change, and what holds while it is down.
//!
//! On SQLite alone: of all this the database knows no more than the accounts, which are looked up in the same way for
//! every issuer, and every other test does that on both.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use chrono::TimeDelta;
use serde_json::Value;

use crate::harness::{Said, World};

/// The ways of signing that the service accepts.
const ALGORITHMS: [&str; 4] = ["ES256", "RS256", "PS256", "EdDSA"];

/// Longer than the service leaves between asking the issuer for its keys and asking again.
const PAUSE: TimeDelta = TimeDelta::seconds(31);

/// The age from which the service asks for other keys behind its callers' backs.
const SOFT_AGE: TimeDelta = TimeDelta::minutes(10);

/// A provider on loopback, which ends with the test.
struct Provider {
    child: Child,
    issuer: String,
    control: String,
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.child.kill().and_then(|()| self.child.wait()).ok();
    }
}

impl Provider {
    /// Begins one whose tokens are for this audience; where what it needs is not installed says so, and fails in CI.
    fn begin(audience: &str) -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("contract");
        if !folder.join("node_modules/oidc-provider").is_dir() {
            assert!(std::env::var_os("CI").is_none(), "no OpenID provider is installed, and CI must have it");
            eprintln!("skipped: no OpenID provider is installed; `npm ci --prefix tests/contract --ignore-scripts` does that");
            return None;
        }
        // It lives until its standard input closes: as long as the child is kept.
        let mut child = Command::new("node")
            .current_dir(folder)
            .args(["oidc/provider.mjs", "--lifetime=3000", &format!("--audience={audience}")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("its addresses");
        let mut provider = Self { child, issuer: String::new(), control: String::new() };
        let addresses: Value = serde_json::from_str(&line).expect("one line of JSON");
        provider.issuer = addresses["issuer"].as_str().expect("an issuer").to_owned();
        provider.control = addresses["control"].as_str().expect("an address").to_owned();
        Some(provider)
    }

    /// A token that it issues for this subject, signed in this way.
    async fn token(&self, world: &World, subject: &str, algorithm: &str) -> String {
        let form = format!(
            "grant_type=client_credentials&client_id={subject}&client_secret=secret&resource=urn%3Aleerloopbaan%3A{algorithm}"
        );
        let asked = world.post_form(&format!("{}/token", self.issuer), form).await.ok();
        asked["access_token"].as_str().expect("a token").to_owned()
    }

    async fn order(&self, world: &World, order: &str) {
        world.ask("POST", &format!("{}{order}", self.control)).send().await.ok();
    }

    /// How often its keys were asked for.
    async fn asked(&self, world: &World) -> i64 {
        let counted = world.get(&format!("{}/jwks-hits", self.control)).send().await.ok();
        counted["hits"].as_i64().expect("a number")
    }
}

impl World {
    async fn post_form(&self, address: &str, form: String) -> Said {
        self.ask("POST", address).bytes("application/x-www-form-urlencoded", form).send().await
    }

    async fn me(&self, token: &str) -> Said {
        self.get("/me").with_token(token).send().await
    }
}

#[actix_web::test]
async fn whoever_a_real_provider_names_is_known_however_it_signs() {
    let Some(provider) = Provider::begin("leerloopbaan") else { return };
    let world = World::trusting(&provider.issuer);
    for algorithm in ALGORITHMS {
        for subject in ["coach", "student"] {
            let me = world.me(&provider.token(&world, subject, algorithm).await).await.ok();
            assert_eq!(me["person"]["id"], world.college.person(subject), "{subject} by {algorithm}: {me}");
        }
    }
    assert_eq!(provider.asked(&world).await, 1, "the keys are asked for once, not for every token");
    world.end().await;
}

#[actix_web::test]
async fn a_token_for_another_service_opens_nothing_here() {
    let Some(provider) = Provider::begin("another-service") else { return };
    let world = World::trusting(&provider.issuer);
    for algorithm in ALGORITHMS {
        let token = provider.token(&world, "coach", algorithm).await;
        assert_eq!(world.me(&token).await.problem(401), "access.token-wrong-audience", "{algorithm}");
    }
    world.end().await;
}

#[actix_web::test]
async fn someone_the_provider_knows_and_the_college_does_not_is_told_that_there_is_no_account() {
    let Some(provider) = Provider::begin("leerloopbaan") else { return };
    let world = World::trusting(&provider.issuer);
    let token = provider.token(&world, "stranger", "ES256").await;
    assert_eq!(world.me(&token).await.problem(403), "access.no-account");
    // The same word for someone at another issuer is someone else.
    assert_eq!(world.get("/me").by("coach").send().await.problem(401), "access.token-untrusted");
    world.end().await;
}

#[actix_web::test]
async fn when_the_provider_changes_its_keys_nobody_has_to_sign_in_again_until_the_old_ones_are_withdrawn() {
    let Some(provider) = Provider::begin("leerloopbaan") else { return };
    let world = World::trusting(&provider.issuer);
    let old = provider.token(&world, "coach", "ES256").await;
    let old_unused = provider.token(&world, "student", "EdDSA").await;
    world.me(&old).await.ok();
    assert_eq!(provider.asked(&world).await, 1);

    provider.order(&world, "/rotate").await;
    world.wait(PAUSE);
    let mut new = Vec::new();
    for algorithm in ALGORITHMS {
        let token = provider.token(&world, "coach", algorithm).await;
        world.me(&token).await.ok();
        new.push(token);
    }
    assert_eq!(provider.asked(&world).await, 2, "the first unknown key is asked for, and the others come with it");
    world.me(&old).await.ok();
    world.me(&old_unused).await.ok();

    provider.order(&world, "/drop-old").await;
    world.wait(SOFT_AGE);
    assert!(eventually(async || world.me(&old).await.status == 401).await, "the old keys are gone");
    assert_eq!(world.me(&old).await.problem(401), "access.token-untrusted");
    assert_eq!(world.me(&old_unused).await.problem(401), "access.token-untrusted");
    for token in new {
        world.me(&token).await.ok();
    }
    assert_eq!(provider.asked(&world).await, 3, "tokens of withdrawn keys do not make it ask time and again");
    world.end().await;
}

#[actix_web::test]
async fn while_the_provider_is_down_those_whose_key_is_known_work_on_and_others_are_asked_to_try_again() {
    let Some(provider) = Provider::begin("leerloopbaan") else { return };
    let world = World::trusting(&provider.issuer);
    let known = provider.token(&world, "coach", "ES256").await;
    let known_unused = provider.token(&world, "student", "RS256").await;
    world.me(&known).await.ok();

    provider.order(&world, "/rotate").await;
    provider.order(&world, "/stop-jwks").await;
    world.wait(PAUSE);
    let unknown = provider.token(&world, "coach", "ES256").await;
    assert_eq!(world.me(&unknown).await.problem(503), "access.issuer-unreachable");
    world.me(&known).await.ok();
    world.me(&known_unused).await.ok();

    provider.order(&world, "/start-jwks").await;
    world.wait(PAUSE);
    world.me(&unknown).await.ok();

    provider.order(&world, "/rotate").await;
    let unknown = provider.token(&world, "coach", "PS256").await;
    drop(provider);
    world.wait(SOFT_AGE);
    assert_eq!(world.me(&unknown).await.problem(503), "access.issuer-unreachable", "nobody answers at all");
    world.me(&known).await.ok();
    world.wait(TimeDelta::minutes(20));
    world.me(&known_unused).await.ok();
    world.end().await;
}

/// Waits until what happens behind the caller's back has happened.
async fn eventually(what: impl AsyncFn() -> bool) -> bool {
    for _ in 0..200 {
        if what().await {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    false
}
