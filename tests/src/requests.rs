//! What holds of every request, whatever it is about: how its path and its headers are read, and that nothing hides anything.

use serde_json::{Value, json};

use crate::both;
use crate::orientation::{apply, facts};
use crate::start_programme::begun;

/// Pointers and codes, as they are told.
fn told(faults: &[(&str, &str)]) -> Vec<(String, String)> {
    faults.iter().map(|(pointer, code)| ((*pointer).to_owned(), (*code).to_owned())).collect()
}

const BAD_VERSION: (&str, &str) = ("header:If-Match", "request.invalid");

both! {
    async fn in_3_a_stale_decision_is_refused_however_its_path_is_spelled(world: World) {
        let id = apply(&world).await;
        let spelled = format!("%{:02X}{}", id.as_bytes()[0], &id[1..]);
        let mut body = facts(&world, "assignScout");
        body["decision"] = json!("assignScout");
        for path in [format!("/applications/{id}/decisions"), format!("/applications/{spelled}/decisions"), format!("/applications/{id}/%64ecisions")] {
            let stale = world.post(&path, body.clone()).by("scout").header("If-Match", "\"99\"").send().await;
            assert_eq!(stale.problem(412), "request.stale", "{path}");
        }
        let seen = world.get(&format!("/applications/{spelled}")).by("scout").send().await;
        world.post(&format!("/applications/{spelled}/decisions"), body).by("scout").if_match(&seen).send().await.ok();
    }

    async fn a_decision_on_another_version_is_no_retry_of_the_first(world: World) {
        let id = apply(&world).await;
        let decide = |version: &str| {
            let ask = world.decide("/applications", &id, "assignScout", facts(&world, "assignScout")).by("scout");
            ask.header("Idempotency-Key", "once").header("If-Match", version)
        };
        decide("\"1\"").send().await.ok();
        let retried = decide("\"1\"").send().await;
        assert_eq!((retried.header("idempotency-replayed").is_some(), retried.status), (true, 200));
        assert_eq!(decide("\"99\"").send().await.problem(422), "request.idempotency-key-reused");
    }

    async fn what_is_wrong_in_a_header_is_told_with_all_else_that_is_wrong(world: World) {
        let id = apply(&world).await;
        let path = format!("/applications/{id}/decisions");
        let ask = |body: Value| world.post(&path, body).header("If-Match", "junk").header("Idempotency-Key", "no key");
        let headers = [("header:Idempotency-Key", "request.invalid"), BAD_VERSION];
        let right = ask(json!({"decision": "withdraw", "reason": "Toch niet."})).by("scout").send().await.faults();
        let places = |faults: &[(String, String)]| faults.iter().map(|(place, _)| place.clone()).collect::<Vec<_>>();
        assert_eq!(places(&right), headers.map(|(place, _)| place));
        let wrong = ask(json!({"decision": "nope"})).by("scout").send().await.faults();
        assert!(wrong.len() > 2 && headers.iter().all(|(place, _)| places(&wrong).iter().any(|one| one == place)), "{wrong:?}");
        assert_eq!(ask(json!({"decision": "nope"})).send().await.problem(401), "access.token-missing", "who asks comes first");

        let landscape = format!("/landscapes/{}", world.college.landscape);
        let patch = world.patch(&landscape, json!({"name": 7, "colour": "red"})).by("administrator").header("If-Match", "junk");
        assert_eq!(places(&patch.send().await.faults()).len(), 3);
        let long = format!("\"{}\"", "1".repeat(101));
        let patch = world.patch(&landscape, json!({"name": "Groen"})).by("administrator").header("If-Match", &long).send().await;
        assert_eq!(places(&patch.faults()), ["header:If-Match"], "longer than the document says");
        assert_eq!(world.get(&landscape).send().await.ok()["version"], 1);
    }

    async fn what_is_wrong_in_a_query_is_told_all_at_once(world: World) {
        let page = world.get("/changes").by("administrator").send().await.ok();
        let cursor = page["nextCursor"].as_str().unwrap().to_owned();
        let ask = async |query: &str| world.get(&format!("/changes?{query}")).by("administrator").send().await.faults();
        let twice = [("?after", "request.same-twice"), ("?cursor", "request.same-twice")];
        assert_eq!(ask(&format!("after={cursor}&cursor=x&limit=0")).await, told(&[[("?limit", "request.out-of-range")].as_slice(), &twice].concat()));
        assert_eq!(ask("after=abc&cursor=abc").await, told(&twice));
        assert_eq!(ask("limit=0&cursor=abc").await, told(&[("?limit", "request.out-of-range"), ("?cursor", "request.bad-cursor")]));
        assert_eq!(ask("limit=0&after=abc").await, told(&[("?limit", "request.out-of-range"), ("?after", "request.bad-cursor")]));
        assert_eq!(ask("limit=1&limit=2&after=%FF&count=true").await.len(), 3, "a name twice, bytes that are no text, and no count");
    }

    async fn a_number_in_a_path_is_written_in_one_way(world: World) {
        let (_, _, path) = begun(&world).await;
        let reflect = async |week: &str| {
            let body = json!({ "text": "Dit ging goed." });
            world.put(&format!("{path}/weeks/{week}/reflection"), body).by("student").header("If-Match", "*").send().await
        };
        for week in ["01", "+1", "%2B1", "1.0", "one", "-1", "99999999999"] {
            assert_eq!(reflect(week).await.problem(404), "request.not-found", "{week}");
        }
        for week in ["1", "%31"] {
            reflect(week).await.ok();
        }
    }

    async fn a_preflight_and_the_pages_beside_the_interface_answer_as_everything_does(world: World) {
        let preflight = world
            .ask("OPTIONS", "/landscapes")
            .header("Origin", "https://elsewhere.example")
            .header("Access-Control-Request-Method", "POST")
            .header("X-Request-Id", "een-vraag")
            .send()
            .await;
        assert_eq!((preflight.status, preflight.header("x-request-id").as_deref()), (200, Some("een-vraag")));
        assert!(preflight.header("api-version").is_some() && preflight.header("access-control-allow-methods").is_some());
        let base = world.base.trim_end_matches("/v1");
        for page in ["/health/live", "/health/ready", "/metrics", "/docs", "/docs/", "/docs/openapi.json"] {
            let asked = world.ask("OPTIONS", &format!("{base}{page}")).send().await;
            assert_eq!((asked.status, asked.header("allow").as_deref()), (204, Some("GET, HEAD, OPTIONS")), "{page}");
            let posted = world.ask("POST", &format!("{base}{page}")).send().await;
            assert_eq!(posted.header("allow").as_deref(), Some("GET, HEAD, OPTIONS"), "{page}");
            assert_eq!(posted.problem(405), "request.method-not-allowed", "{page}");
        }
    }
}
