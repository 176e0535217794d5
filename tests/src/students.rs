//! Students within reach, each on one card, and their guardians.

use serde_json::{Value, json};

use crate::both;
use crate::harness::World;
use crate::imports::{ROSTER, upload};
use crate::start_programme::{begun, do_week};

/// The students of a small roster, two of them with accounts: `noor` is 16 or so, `omer` of age.
async fn enrolled(world: &World) -> [String; 3] {
    upload(world, "roster", ROSTER.as_bytes(), false).send().await.created();
    let mut ids = Vec::new();
    for (name, subject) in [("berg noor", "noor"), ("yilmaz omer", "omer"), ("bos eva", "eva")] {
        let page = world.get(&format!("/people?q={}", name.replace(' ', "%20"))).by("administrator").send().await.ok();
        let id = page["items"][0]["id"].as_str().unwrap().to_owned();
        let account = json!({ "account": { "issuer": "https://issuer.test/", "subject": subject } });
        world.patch(&format!("/people/{id}"), account).by("administrator").header("If-Match", "*").send().await.ok();
        ids.push(id);
    }
    ids.try_into().unwrap()
}

fn ids(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect()
}

both! {
    async fn everyone_finds_the_students_within_their_reach_and_nobody_else(world: World) {
        let [noor, omer, eva] = enrolled(&world).await;
        for (who, reach) in [
            ("coach", vec![&noor]),
            ("secondCoach", vec![&omer]),
            ("teacher", vec![&noor, &omer]),
            ("teamLeader", vec![&noor, &omer]),
            ("omer", vec![&omer]),
            ("otherCoach", vec![]),
            ("landscapeManager", vec![]),
            ("director", vec![]),
            ("administrator", vec![]),
            ("dashboard", vec![]),
        ] {
            let page = world.get("/students").by(who).send().await.ok();
            assert_eq!(ids(&page), reach, "{who}");
            for id in [&noor, &omer, &eva] {
                let status = world.get(&format!("/students/{id}")).by(who).send().await.status;
                assert_eq!(status, if reach.contains(&id) { 200 } else { 404 }, "{who}");
            }
        }
    }

    async fn students_are_found_by_name_team_coach_and_state(world: World) {
        let [noor, omer, _] = enrolled(&world).await;
        let (coach, team) = (world.college.person("coach").to_owned(), world.college.team.clone());
        for (query, expected) in [
            ("q=omer".to_owned(), vec![&omer]),
            ("q=%C3%96MER".to_owned(), vec![&omer]),
            ("q=van%20noor".to_owned(), vec![&noor]),
            ("q=eva".to_owned(), vec![]),
            (format!("coachId={coach}"), vec![&noor]),
            (format!("teamId={team}"), vec![&noor, &omer]),
            ("state=provisional".to_owned(), vec![&noor, &omer]),
            ("state=definitive".to_owned(), vec![]),
        ] {
            let page = world.get(&format!("/students?{query}")).by("teacher").send().await.ok();
            assert_eq!(ids(&page), expected, "{query}");
        }
        let first = world.get("/students?limit=1").by("teacher").send().await.ok();
        let next = first["nextCursor"].as_str().unwrap();
        let second = world.get(&format!("/students?limit=1&cursor={next}")).by("teacher").send().await.ok();
        assert_eq!((ids(&first), ids(&second)), (vec![noor.as_str()], vec![omer.as_str()]));
        assert!(second["nextCursor"].is_null());
    }

    async fn a_card_links_to_all_that_its_reader_may_see(world: World) {
        let [noor, ..] = enrolled(&world).await;
        let card = world.get(&format!("/students/{noor}")).by("coach").send().await.ok();
        assert_eq!(card["person"]["familyNamePrefix"], "van der");
        assert_eq!((card["studentNumber"].as_str(), card["birthDate"].as_str()), (Some("S-1"), Some("2010-02-28")));
        assert_eq!(card["enrolment"]["state"], "provisional");
        assert_eq!(card["coach"]["id"], world.college.person("coach"));
        assert!(card["startProgramme"].is_null() && card["nextConversation"].is_null());
        let link = card["enrolment"]["link"].as_str().unwrap().strip_prefix("/v1").unwrap();
        world.get(link).by("coach").send().await.ok();
        let link = card["links"]["coaches"].as_str().unwrap().strip_prefix("/v1").unwrap();
        world.get(link).by("coach").send().await.ok();
        let card = world.get(&format!("/students/{noor}")).by("teacher").send().await.ok();
        assert!(card["links"]["guardians"].is_null());
    }

    async fn sp_3_a_card_tells_how_far_the_start_programme_is_and_by_how_much_behind(world: World) {
        let (_, _, programme) = begun(&world).await;
        world.wait(chrono::TimeDelta::days(15));
        let path = format!("/students/{}", world.college.person("student"));
        let card = world.get(&path).by("coach").send().await.ok();
        assert_eq!(Some(card["startProgramme"]["id"].as_str().unwrap()), programme.strip_prefix("/start-programmes/"));
        assert_eq!((&card["startProgramme"]["week"], &card["startProgramme"]["behindBy"]), (&json!(3), &json!(2)));
        do_week(&world, &programme, 1).await;
        let card = world.get(&path).by("student").send().await.ok();
        assert_eq!(card["startProgramme"]["behindBy"], 1);
        let link = card["startProgramme"]["link"].as_str().unwrap().strip_prefix("/v1").unwrap();
        world.get(link).by("student").send().await.ok();
    }

    async fn who_is_asked_as_coach_sees_name_and_programme_and_finds_by_no_more(world: World) {
        let [noor, ..] = enrolled(&world).await;
        let proposal = json!({ "coachId": world.college.person("secondCoach"), "reason": "Andere richting." });
        world.post(&format!("/students/{noor}/handovers"), proposal).by("coach").send().await.created();
        let card = world.get(&format!("/students/{noor}")).by("secondCoach").send().await.ok();
        assert_eq!(card["enrolment"]["crebo"], "25655");
        for hidden in ["birthDate", "studentNumber", "coach", "startProgramme"] {
            assert!(card[hidden].is_null(), "{hidden}");
        }
        let coach = world.college.person("coach");
        assert_eq!(ids(&world.get("/students?q=noor").by("secondCoach").send().await.ok()), [noor.as_str()]);
        let by_coach = world.get(&format!("/students?coachId={coach}")).by("secondCoach").send().await.ok();
        assert!(ids(&by_coach).is_empty());
    }

    async fn a_guardian_sees_all_until_sixteen_progress_until_eighteen_and_then_asks_consent(world: World) {
        let [noor, ..] = enrolled(&world).await;
        let (path, card) = (format!("/students/{noor}/guardians"), format!("/students/{noor}"));
        // Long before her sixteenth birthday, whenever this test runs.
        let birth = (world.now() - chrono::TimeDelta::days(15 * 365)).format("%Y-%m-%d").to_string();
        world.patch(&format!("/people/{noor}"), json!({ "birthDate": birth })).by("administrator").header("If-Match", "*").send().await.ok();
        let new = json!({ "personId": world.college.person("guardian") });
        assert_eq!(world.post(&path, new.clone()).by("teacher").send().await.problem(404), "request.not-found");
        assert_eq!(world.post(&path, new.clone()).by("otherCoach").send().await.problem(404), "request.not-found");
        let guardian = world.post(&path, new.clone()).by("coach").send().await.created();
        assert_eq!(guardian["state"], "minor");
        assert_eq!(world.post(&path, new).by("coach").send().await.problem(409), "guardianship.already");
        assert_eq!(world.get(&card).by("guardian").send().await.ok()["birthDate"], birth.as_str());
        let things = format!("/students/{noor}/guardians");
        let id = guardian["id"].as_str().unwrap();
        let early = world.decide(&things, id, "consent", json!({})).by("noor").send().await;
        assert_eq!(early.json()["state"], "minor");
        assert_eq!(early.problem(409), "guardianship.decision-not-open");

        world.wait(chrono::TimeDelta::days(2 * 365));
        let seen = world.get(&card).by("guardian").send().await.ok();
        assert!(seen["birthDate"].is_null() && seen["enrolment"]["state"] == "provisional");
        assert_eq!(world.get(&path).by("guardian").send().await.problem(404), "request.not-found");

        world.wait(chrono::TimeDelta::days(2 * 365));
        assert_eq!(world.get(&card).by("guardian").send().await.problem(404), "request.not-found");
        let list = world.get(&path).by("noor").send().await.ok();
        assert_eq!((list["items"][0]["state"].as_str(), &list["items"][0]["openDecisions"]), (Some("awaitingConsent"), &json!(["consent"])));
        let refused = world.decide(&things, id, "consent", json!({})).by("coach").send().await;
        assert_eq!(refused.problem(403), "request.forbidden");
        let consented = world.decide(&things, id, "consent", json!({})).by("noor").send().await.ok();
        assert_eq!((consented["state"].as_str(), &consented["openDecisions"]), (Some("consented"), &json!(["withdrawConsent"])));
        world.get(&card).by("guardian").send().await.ok();

        let one = format!("{path}/{id}");
        assert_eq!(world.delete(&one).by("noor").header("If-Match", "*").send().await.problem(403), "request.forbidden");
        assert_eq!(world.delete(&one).by("coach").header("If-Match", "*").send().await.status, 204);
        assert_eq!(world.get(&card).by("guardian").send().await.problem(404), "request.not-found");
        assert_eq!(world.delete(&one).by("coach").header("If-Match", "*").send().await.problem(409), "guardianship.ended");
    }

    async fn al_3_from_the_moment_that_a_student_takes_consent_back_the_guardian_sees_nothing(world: World) {
        let [_, omer, _] = enrolled(&world).await;
        let birth = (world.now() - chrono::TimeDelta::days(17 * 365)).format("%Y-%m-%d").to_string();
        world.patch(&format!("/people/{omer}"), json!({ "birthDate": birth })).by("administrator").header("If-Match", "*").send().await.ok();
        let things = format!("/students/{omer}/guardians");
        let new = json!({ "personId": world.college.person("guardian") });
        let made = world.post(&things, new).by("secondCoach").send().await.created();
        let id = made["id"].as_str().unwrap();
        let early = world.decide(&things, id, "withdrawConsent", json!({})).by("omer").send().await.with(409);
        assert_eq!((early["code"].as_str(), early["state"].as_str()), (Some("guardianship.decision-not-open"), Some("minor")));
        world.wait(chrono::TimeDelta::days(2 * 365));
        world.decide(&things, id, "consent", json!({})).by("omer").send().await.ok();

        let seen = world.get("/enrolments").by("guardian").send().await.ok();
        let enrolment = format!("/enrolments/{}", ids(&seen)[0]);
        let paths = [format!("/students/{omer}"), enrolment, format!("/students/{omer}/coaches")];
        for path in &paths {
            world.get(path).by("guardian").send().await.ok();
        }
        let told = world.get("/changes?limit=200").by("guardian").send().await.ok();
        assert!(!told["items"].as_array().unwrap().is_empty());
        for (who, status) in [("guardian", 404), ("secondCoach", 403), ("administrator", 403), ("otherStudent", 404)] {
            let said = world.decide(&things, id, "withdrawConsent", json!({})).by(who).send().await;
            assert_eq!(said.status, status, "{who}");
        }

        let withdrawn = world.decide(&things, id, "withdrawConsent", json!({})).by("omer").send().await.ok();
        assert_eq!((withdrawn["state"].as_str(), &withdrawn["openDecisions"]), (Some("awaitingConsent"), &json!(["consent"])));
        assert!(withdrawn["consentedAt"].is_null());
        for path in &paths {
            assert_eq!(world.get(path).by("guardian").send().await.problem(404), "request.not-found", "{path}");
        }
        for list in ["/students", "/enrolments", "/start-programmes", "/switches", "/handovers"] {
            assert!(ids(&world.get(list).by("guardian").send().await.ok()).is_empty(), "{list}");
        }
        let after = world.get("/changes?limit=200").by("guardian").send().await.ok();
        let of_omer = |item: &&Value| item.to_string().contains(&omer);
        assert_eq!(after["items"].as_array().unwrap().iter().filter(of_omer).count(), 0);
        let events = world.rows("SELECT what AS row FROM events WHERE subject = 'guardianship' ORDER BY position");
        assert_eq!(events, ["recorded", "consentGiven", "consentWithdrawn"], "what was stays told");
        world.decide(&things, id, "consent", json!({})).by("omer").send().await.ok();
        world.get(&paths[0]).by("guardian").send().await.ok();
    }

    async fn an_administrator_keeps_guardians_without_seeing_the_student(world: World) {
        let [noor, _, eva] = enrolled(&world).await;
        let new = json!({ "givenName": "Anna", "familyName": "Bos", "email": "anna@voorbeeld.nl" });
        let unknown = world.post(&format!("/students/{eva}/guardians"), new.clone()).by("administrator").send().await;
        assert_eq!(unknown.problem(409), "guardianship.birth-date-unknown");
        let made = world.post(&format!("/students/{noor}/guardians"), new.clone()).by("administrator").send().await.created();
        assert_eq!((made["guardian"]["givenName"].as_str(), made["email"].as_str()), (Some("Anna"), Some("anna@voorbeeld.nl")));
        assert_eq!(world.get(&format!("/students/{noor}")).by("administrator").send().await.problem(404), "request.not-found");
        let both = json!({ "personId": world.college.person("guardian"), "email": "x@voorbeeld.nl" });
        let faults = world.post(&format!("/students/{noor}/guardians"), both).by("coach").send().await.faults();
        assert_eq!(faults, [(String::new(), "guardianship.who-unclear".to_owned())]);
        let own = json!({ "personId": noor });
        let faults = world.post(&format!("/students/{noor}/guardians"), own).by("coach").send().await.faults();
        assert_eq!(faults, [("/personId".to_owned(), "guardianship.own-guardian".to_owned())]);
    }
}
