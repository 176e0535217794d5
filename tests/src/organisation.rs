//! Landscapes and teams: what the college is made of.

use serde_json::json;

use crate::both;

both! {
    async fn everyone_sees_the_landscapes_without_a_token(world: World) {
        let page = world.get("/landscapes").send().await.ok();
        let names: Vec<_> = page["items"].as_array().unwrap().iter().map(|l| l["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["Techniek", "Zorg en Welzijn"]);
        assert!(page["nextCursor"].is_null());
    }

    async fn a_list_goes_on_where_the_page_before_ended(world: World) {
        let first = world.get("/landscapes?limit=1").send().await;
        let link = first.header("link").expect("a link to the next page");
        let first = first.ok();
        let next = world.get(&format!("/landscapes?limit=1&cursor={}", first["nextCursor"].as_str().unwrap())).send().await.ok();
        assert_eq!(next["items"][0]["name"], "Zorg en Welzijn");
        assert!(next["nextCursor"].is_null());
        assert!(link.contains("rel=\"next\""), "{link}");
    }

    async fn an_administrator_founds_a_landscape_and_others_do_not(world: World) {
        let new = json!({ "name": "Groen", "description": "Dieren en planten." });
        assert_eq!(world.post("/landscapes", new.clone()).send().await.problem(401), "access.token-missing");
        assert_eq!(world.post("/landscapes", new.clone()).by("coach").send().await.problem(403), "request.forbidden");
        let landscape = world.post("/landscapes", new.clone()).by("administrator").send().await.created();
        assert_eq!(landscape["version"], 1);
        assert_eq!(world.post("/landscapes", new).by("administrator").send().await.problem(409), "organisation.name-taken");
        let events = world.rows("SELECT what AS row FROM events");
        assert_eq!(events, ["founded"]);
    }

    async fn what_was_changed_by_another_is_not_overwritten(world: World) {
        let path = format!("/landscapes/{}", world.college.landscape);
        let seen = world.get(&path).by("landscapeManager").send().await;
        assert_eq!(world.patch(&path, json!({ "name": "Welzijn" })).by("landscapeManager").send().await.problem(428), "request.if-match-missing");
        world.patch(&path, json!({ "name": "Welzijn" })).by("landscapeManager").if_match(&seen).send().await.ok();
        let stale = world.patch(&path, json!({ "name": "Zorg" })).by("landscapeManager").if_match(&seen).send().await;
        assert_eq!(stale.problem(412), "request.stale");
        assert_eq!(world.patch(&path, json!({ "name": "X" })).by("otherLandscapeManager").header("If-Match", "*").send().await.problem(403), "request.forbidden");
    }

    async fn a_patch_that_changes_nothing_makes_no_version_and_is_not_told(world: World) {
        let college = &world.college;
        let dashboard = world.post("/service-accounts", json!({
            "name": "Dashboard", "scopes": ["changes:read"], "account": { "issuer": crate::harness::ISSUER, "subject": "another-dashboard" }
        })).by("administrator").send().await.created();
        let told = || world.rows("SELECT what AS row FROM events").len();
        let before = told();
        for (path, same) in [
            (format!("/landscapes/{}", college.landscape), json!({ "name": "Zorg en Welzijn" })),
            (format!("/teams/{}", college.team), json!({})),
            (format!("/people/{}", college.person("coach")), json!({})),
            (format!("/service-accounts/{}", dashboard["id"].as_str().unwrap()), json!({ "scopes": ["changes:read"], "active": true })),
        ] {
            for patch in [json!({}), same] {
                let said = world.patch(&path, patch).by("administrator").header("If-Match", "*").send().await.ok();
                assert_eq!(said["version"], 1, "{path}");
            }
        }
        assert_eq!(told(), before);
    }

    async fn an_id_in_a_path_is_a_uuid_with_hyphens_and_nothing_else(world: World) {
        let id = world.college.landscape.as_str();
        world.get(&format!("/landscapes/{}", id.to_uppercase())).send().await.ok();
        for other in [format!("%7B{id}%7D"), format!("urn:uuid:{id}"), id.replace('-', "")] {
            assert_eq!(world.get(&format!("/landscapes/{other}")).send().await.problem(404), "request.not-found", "{other}");
        }
    }

    async fn a_url_that_is_too_long_is_told_so_by_every_operation(world: World) {
        let long = format!("/landscapes?cursor={}", "a".repeat(4096));
        assert_eq!(world.get(&long).send().await.problem(414), "request.url-too-long");
    }

    async fn one_mistake_is_one_fault_and_blanks_are_told_with_the_rest(world: World) {
        let new = json!({ "givenName": " ", "familyName": "Bos", "birthDate": "2010-05-04", "email": "a@b", "landscapeId": world.college.landscape, "motivation": "" });
        let faults = world.post("/applications", new).send().await.faults();
        let expected = [("/email", "request.wrong-format"), ("/givenName", "request.blank"), ("/motivation", "request.too-short")];
        assert_eq!(faults, expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
    }

    async fn every_fault_of_a_body_is_named_at_once(world: World) {
        let body = json!({ "landscapeId": "no", "name": "", "colour": "red" });
        let faults = world.post("/teams", body).by("administrator").send().await.faults();
        let expected = [("/colour", "request.unknown-field"), ("/landscapeId", "request.wrong-format"), ("/name", "request.too-short")];
        assert_eq!(faults, expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
    }

    async fn a_retry_with_the_same_key_has_one_effect_and_one_answer(world: World) {
        let new = json!({ "name": "Horeca" });
        let ask = || world.post("/landscapes", new.clone()).by("administrator").header("Idempotency-Key", "a-key");
        let first = ask().send().await;
        let again = ask().send().await;
        assert_eq!(again.header("idempotency-replayed").as_deref(), Some("true"));
        assert_eq!(first.created(), again.created());
        let other = world.post("/landscapes", json!({ "name": "Sport" })).by("administrator").header("Idempotency-Key", "a-key");
        assert_eq!(other.send().await.problem(422), "request.idempotency-key-reused");
    }

    async fn what_has_not_changed_is_not_sent_again(world: World) {
        let path = format!("/landscapes/{}", world.college.landscape);
        let seen = world.get(&path).send().await;
        let again = world.get(&path).header("If-None-Match", &seen.header("etag").unwrap()).send().await;
        assert_eq!((again.status, again.text.as_str()), (304, ""));
    }

    async fn me_is_who_the_token_says_with_the_roles_of_now(world: World) {
        let me = world.get("/me").by("coach").send().await.ok();
        assert_eq!(me["person"]["id"], world.college.person("coach"));
        assert_eq!(me["roles"][0]["role"], "coach");
        assert_eq!(me["roles"][0]["landscapeId"], world.college.landscape.as_str());
        assert!(me["enrolment"].is_null());
        let service = world.get("/me").by("dashboard").send().await.ok();
        assert!(service["person"].is_null());
        assert_eq!(world.get("/me").by("a stranger").send().await.problem(403), "access.no-account");
    }

    async fn another_method_is_told_which_there_are(world: World) {
        let said = world.delete("/landscapes").by("administrator").send().await;
        assert_eq!(said.header("allow").as_deref(), Some("GET, POST, HEAD, OPTIONS"));
        assert_eq!(said.problem(405), "request.method-not-allowed");
        let asked = world.ask("OPTIONS", "/landscapes").send().await;
        assert_eq!((asked.status, asked.header("allow").as_deref()), (204, Some("GET, POST, HEAD, OPTIONS")));
        assert_eq!(world.ask("OPTIONS", "/no-such-things").send().await.problem(404), "request.no-such-path");
        assert_eq!(world.get("/landscapes/").send().await.problem(404), "request.no-such-path");
        let head = world.ask("HEAD", "/landscapes").send().await;
        assert_eq!((head.status, head.text.as_str()), (200, ""));
    }
}
