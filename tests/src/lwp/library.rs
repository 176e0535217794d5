//! Writing, publishing, copying and finding (CU-2).

use serde_json::{Value, json};

use super::{LWPS, drafted, meal, published, with, work_processes};
use crate::both;
use crate::harness::World;

/// The ids of what someone finds.
async fn found(world: &World, query: &str, by: &str) -> Vec<String> {
    let page = world.get(&format!("{LWPS}?{query}")).by(by).send().await.ok();
    page["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

fn pointers(faults: Vec<(String, String)>) -> Vec<String> {
    faults.into_iter().map(|(pointer, code)| format!("{pointer} {code}")).collect()
}

both! {
    async fn cu_2_an_lwp_is_drafted_by_a_team_published_into_the_library_and_retired(world: World) {
        let processes = work_processes(&world).await;
        let activity = json!({ "title": "Hygiëne", "url": "https://e-to.voorbeeld.nl/hygiene?les=2" });
        let content = with(&meal(&world, &processes[0].1), "learningActivities", json!([activity]));
        let content = with(&content, "learningPreferences", json!(["doing", "deciding"]));
        let said = world.post(LWPS, content).by("teacher").send().await;
        let path = said.header("location").unwrap().replacen("/v1", "", 1);
        let draft = said.created();
        assert_eq!((&draft["state"], &draft["version"], &draft["originId"]), (&json!("draft"), &json!(1), &Value::Null));
        assert_eq!(draft["openDecisions"], json!(["publish", "copy"]));
        assert_eq!(draft["learningActivities"][0]["url"], "https://e-to.voorbeeld.nl/hygiene?les=2");
        assert_eq!(draft["landscapeId"], world.college.landscape.as_str());

        let seen = world.get(&path).by("coach").send().await;
        let patch = world.patch(&path, json!({ "title": "Voor twaalf", "learningPreferences": [] })).by("coach").if_match(&seen);
        let changed = patch.send().await.ok();
        assert_eq!((&changed["title"], &changed["learningPreferences"]), (&json!("Voor twaalf"), &json!([])));
        assert_eq!(changed["situation"], draft["situation"]);

        let id = draft["id"].as_str().unwrap();
        let library = world.decide(LWPS, id, "publish", json!({})).by("teamLeader").send().await.ok();
        assert_eq!((&library["state"], &library["openDecisions"]), (&json!("published"), &json!(["retire", "copy"])));
        let refused = world.patch(&path, json!({ "title": "Te laat" })).by("teacher").header("If-Match", "*").send().await.with(409);
        assert_eq!((&refused["code"], &refused["state"]), (&json!("lwp.frozen"), &json!("published")));
        assert_eq!(refused["openDecisions"], json!(["retire", "copy"]));
        let again = world.decide(LWPS, id, "publish", json!({})).by("teacher").send().await;
        assert_eq!(again.problem(409), "lwp.decision-not-open");
        let retired = world.decide(LWPS, id, "retire", json!({})).by("teacher").send().await.ok();
        assert_eq!((&retired["state"], &retired["openDecisions"]), (&json!("retired"), &json!(["copy"])));
        let told = world.rows("SELECT what AS row FROM events WHERE subject = 'lwp' ORDER BY position");
        assert_eq!(told, ["drafted", "changed", "published", "retired"]);
    }

    async fn cu_2_a_draft_is_its_own_teams_and_the_library_is_for_all_who_work_here(world: World) {
        let processes = work_processes(&world).await;
        let draft = drafted(&world, meal(&world, &processes[0].1), "teacher").await;
        let library = published(&world, meal(&world, &processes[1].1), "coach").await;
        for maker in ["teacher", "teamLeader", "coach", "secondCoach"] {
            assert_eq!(found(&world, "", maker).await, [draft.clone(), library.clone()], "{maker}");
        }
        let works_elsewhere = ["otherTeacher", "otherCoach", "otherTeamLeader", "scout", "landscapeManager", "director", "elearning"];
        for reader in works_elsewhere {
            assert_eq!(found(&world, "", reader).await, std::slice::from_ref(&library), "{reader}");
            let said = world.get(&format!("{LWPS}/{draft}")).by(reader).send().await;
            assert_eq!(said.problem(404), "request.not-found", "{reader}");
            let said = world.get(&format!("{LWPS}/{library}")).by(reader).send().await;
            assert_eq!(said.header("cache-control").as_deref(), Some("private, no-cache"));
            let open = if reader.starts_with("other") { json!(["copy"]) } else { json!([]) };
            assert_eq!(said.ok()["openDecisions"], open, "{reader}");
        }
        for outsider in ["student", "guardian", "workplaceTrainer", "nobody", "dashboard"] {
            assert_eq!(found(&world, "", outsider).await, [""; 0], "{outsider}");
            let said = world.get(&format!("{LWPS}/{library}")).by(outsider).send().await;
            assert_eq!(said.problem(404), "request.not-found", "{outsider}");
        }
        let elsewhere = world.post(LWPS, with(&meal(&world, &processes[0].1), "teamId", json!(world.college.other_team)));
        assert_eq!(elsewhere.by("teacher").send().await.problem(403), "request.forbidden");
        let retire = world.decide(LWPS, &library, "retire", json!({})).by("otherTeacher").send().await;
        assert_eq!(retire.problem(403), "request.forbidden");
    }

    async fn cu_2_the_feed_tells_of_drafts_to_their_own_team_and_of_the_library_to_all_who_work_here(world: World) {
        let processes = work_processes(&world).await;
        published(&world, meal(&world, &processes[0].1), "teacher").await;
        let heard = async |by: &str| {
            let page = world.get("/changes?limit=200").by(by).send().await.ok();
            let of_lwps = page["items"].as_array().unwrap().iter().filter(|one| one["subject"] == "lwp");
            of_lwps.map(|one| one["what"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(heard("coach").await, ["drafted", "published"]);
        assert_eq!(heard("otherTeacher").await, ["published"]);
        assert_eq!(heard("elearning").await, ["published"]);
        assert_eq!(heard("student").await, [""; 0]);
    }

    async fn cu_2_a_copy_is_a_draft_of_ones_own_that_shows_where_it_came_from(world: World) {
        let processes = work_processes(&world).await;
        let first = published(&world, meal(&world, &processes[0].1), "teacher").await;
        let copied = world.decide(LWPS, &first, "copy", json!({})).by("otherTeacher").send().await.ok();
        assert_eq!((copied["id"].as_str(), &copied["state"]), (Some(first.as_str()), &json!("published")));
        let second = copied["copyId"].as_str().unwrap();
        let copy = world.get(&format!("{LWPS}/{second}")).by("otherTeacher").send().await.ok();
        assert_eq!((&copy["state"], &copy["version"], &copy["copyId"]), (&json!("draft"), &json!(1), &Value::Null));
        assert_eq!((copy["originId"].as_str(), &copy["originVersion"]), (Some(first.as_str()), &json!(2)));
        assert_eq!((&copy["title"], &copy["criteria"]), (&copied["title"], &copied["criteria"]));
        assert_eq!(copy["teamId"], world.college.other_team.as_str());

        world.decide(LWPS, second, "publish", json!({})).by("otherTeacher").send().await.ok();
        let whose = world.decide(LWPS, second, "copy", json!({})).by("coach").send().await.faults();
        assert_eq!(pointers(whose), ["/teamId lwp.team-needed"]);
        let unknown = json!({ "teamId": world.college.landscape });
        let whose = world.decide(LWPS, second, "copy", unknown).by("coach").send().await.faults();
        assert_eq!(pointers(whose), ["/teamId request.unknown-reference"]);
        let not_mine = json!({ "teamId": world.college.other_team });
        let whose = world.decide(LWPS, second, "copy", not_mine).by("coach").send().await;
        assert_eq!(whose.problem(403), "request.forbidden");
        let back = world.decide(LWPS, second, "copy", json!({ "teamId": world.college.team })).by("coach").send().await.ok();
        let third = world.get(&format!("{LWPS}/{}", back["copyId"].as_str().unwrap())).by("coach").send().await.ok();
        assert_eq!(third["originIds"], json!([second, first]));
        assert_eq!(found(&world, &format!("team={}", world.college.other_team), "coach").await, [second]);
    }

    async fn cu_2_a_cyclic_copy_is_refused_however_it_is_asked_for(world: World) {
        let processes = work_processes(&world).await;
        let content = meal(&world, &processes[0].1);
        let first = drafted(&world, content.clone(), "teacher").await;
        let copied = world.decide(LWPS, &first, "copy", json!({})).by("teacher").send().await.ok();
        let second = copied["copyId"].as_str().unwrap().to_owned();
        let path = format!("{LWPS}/{first}");
        for origin in [&first, &second] {
            let patch = world.patch(&path, json!({ "originId": origin })).by("teacher").header("If-Match", "*");
            assert_eq!(pointers(patch.send().await.faults()), ["/originId lwp.cyclic-copy"]);
        }
        let draft_elsewhere = with(&with(&content, "teamId", json!(world.college.other_team)), "originId", json!(first));
        let faults = world.post(LWPS, draft_elsewhere).by("otherTeacher").send().await.faults();
        assert_eq!(pointers(faults), ["/originId request.unknown-reference"], "nobody makes anything from what they may not read");
        let own = drafted(&world, with(&content, "originId", json!(second)), "teacher").await;
        let seen = world.get(&format!("{LWPS}/{own}")).by("teacher").send().await.ok();
        assert_eq!(seen["originIds"], json!([second, first]));
        let none = world.patch(&format!("{LWPS}/{own}"), json!({ "originId": null })).by("teacher").header("If-Match", "*");
        assert_eq!(none.send().await.ok()["originIds"], json!([]));
        assert!(world.sql(&format!("UPDATE lwps SET origin_id = id, origin_version = 1 WHERE id = <{first}>")).is_err());
    }

    async fn cu_2_every_fault_of_an_lwp_is_named_at_once_and_nothing_of_it_is_kept(world: World) {
        let processes = work_processes(&world).await;
        let (known, unknown) = (&processes[0].1, &world.college.team);
        let mut content = with(&meal(&world, known), "teamId", json!(world.college.landscape));
        content["workProcessIds"] = json!([known, unknown, known]);
        content["requirementIds"] = json!([unknown]);
        content["careerCompetences"] = json!(["motives", "motives"]);
        content["originId"] = json!(unknown);
        let faults = world.post(LWPS, content).by("teacher").send().await.faults();
        let expected = [
            "/teamId request.unknown-reference",
            "/workProcessIds/2 lwp.repeated",
            "/careerCompetences/1 lwp.repeated",
            "/workProcessIds/1 request.unknown-reference",
            "/requirementIds/0 request.unknown-reference",
            "/originId request.unknown-reference",
        ];
        assert_eq!(pointers(faults), expected);
        let covers_nothing = with(&with(&meal(&world, known), "workProcessIds", json!([])), "careerCompetences", json!([]));
        let faults = world.post(LWPS, covers_nothing).by("teacher").send().await.faults();
        assert_eq!(pointers(faults), ["/workProcessIds lwp.covers-nothing"]);
        let elsewhere = |url: &str| with(&meal(&world, known), "learningActivities", json!([{ "title": "Film", "url": url }]));
        for url in ["http://e-to.voorbeeld.nl/", "javascript:alert(1)", "https://wie:wat@e-to.voorbeeld.nl/", "e-to.voorbeeld.nl"] {
            let faults = world.post(LWPS, elsewhere(url)).by("teacher").send().await.faults();
            assert!(faults.iter().all(|(at, _)| at == "/learningActivities/0/url") && !faults.is_empty(), "{url}: {faults:?}");
        }
        let faults = world.post(LWPS, with(&meal(&world, known), "criteria", json!([]))).by("teacher").send().await.faults();
        assert_eq!(faults[0].0, "/criteria");
        assert_eq!(world.rows("SELECT title AS row FROM lwps"), [""; 0]);
    }

    async fn cu_2_nobody_overwrites_what_they_have_not_read(world: World) {
        let processes = work_processes(&world).await;
        let path = format!("{LWPS}/{}", drafted(&world, meal(&world, &processes[0].1), "teacher").await);
        let seen = world.get(&path).by("teacher").send().await;
        let change = |title: &str| world.patch(&path, json!({ "title": title })).by("coach");
        assert_eq!(change("Zonder versie").send().await.problem(428), "request.if-match-missing");
        let both = [change("Een").if_match(&seen).send().await, change("Twee").if_match(&seen).send().await];
        assert_eq!(both.map(|said| said.status), [200, 412]);
        assert_eq!(world.get(&path).by("teacher").send().await.ok()["title"], "Een");
    }

    async fn cu_2_lwps_are_found_by_what_they_cover_by_level_team_and_state(world: World) {
        let processes = work_processes(&world).await;
        let requirements = world.get("/career-and-citizenship-requirements?area=citizenship").by("student").send().await.ok();
        let requirement = requirements["items"][0]["id"].as_str().unwrap();
        let first = published(&world, meal(&world, &processes[0].1), "teacher").await;
        let mut other = with(&meal(&world, &processes[1].1), "requirementIds", json!([requirement]));
        other["level"] = json!(4);
        other["careerCompetences"] = json!(["networking"]);
        let second = drafted(&world, other, "teacher").await;
        for (query, expected) in [
            (format!("workProcess={}", processes[0].1), vec![&first]),
            (format!("workProcess={}", processes[1].1), vec![&second]),
            (format!("requirement={requirement}"), vec![&second]),
            ("careerCompetence=networking".to_owned(), vec![&second]),
            ("careerCompetence=qualities".to_owned(), vec![&first]),
            ("level=3".to_owned(), vec![&first]),
            ("state=draft".to_owned(), vec![&second]),
            (format!("team={}", world.college.team), vec![&first, &second]),
            (format!("team={}&level=4&state=published", world.college.team), vec![]),
        ] {
            assert_eq!(found(&world, &query, "coach").await.iter().collect::<Vec<_>>(), expected, "{query}");
        }
        let moved = world.patch(&format!("{LWPS}/{second}"), json!({ "workProcessIds": [processes[2].1], "requirementIds": [] }));
        moved.by("teacher").header("If-Match", "*").send().await.ok();
        assert_eq!(found(&world, &format!("requirement={requirement}"), "coach").await, [""; 0]);
        assert_eq!(found(&world, &format!("workProcess={}", processes[2].1), "coach").await, [second]);
    }

    async fn cu_2_the_library_is_searched_in_dutch_the_best_first_and_no_draft_of_another_team_is_found(world: World) {
        let processes = work_processes(&world).await;
        let says = |title: &str, situation: &str| {
            with(&with(&meal(&world, &processes[0].1), "title", json!(title)), "situation", json!(situation))
        };
        let situated = published(&world, says("Samen koken", "Bij wonden hoort rust."), "teacher").await;
        let titled = published(&world, says("Wonden verzorgen", "Op de afdeling."), "teacher").await;
        let activity = json!([{ "title": "Ideeën", "description": "Lees over wonden." }]);
        let newest = published(&world, with(&says("Lezen", "Thuis."), "learningActivities", activity), "teacher").await;
        let judged = with(&says("Fietsen", "Buiten."), "criteria", json!(["De wond hoort bij de opdracht."]));
        let draft = drafted(&world, judged, "teacher").await;
        for (q, ours) in [
            ("wond", vec![&titled, &draft, &newest, &situated]),
            ("WONDEN", vec![&titled, &draft, &newest, &situated]),
            ("wond%20rust", vec![&situated]),
            ("ideeen", vec![&newest]),
            ("idee%C3%ABn", vec![&newest]),
            ("opdrachten", vec![&draft]),
            ("wond%20trein", vec![]),
            ("de%20het%20een", vec![]),
        ] {
            assert_eq!(found(&world, &format!("q={q}"), "coach").await.iter().collect::<Vec<_>>(), ours, "{q}");
            let elsewhere: Vec<&String> = ours.into_iter().filter(|id| **id != draft).collect();
            assert_eq!(found(&world, &format!("q={q}"), "otherTeacher").await.iter().collect::<Vec<_>>(), elsewhere, "{q}");
        }
        for (reader, total) in [("coach", 4), ("otherTeacher", 3), ("student", 0)] {
            let page = world.get(&format!("{LWPS}?q=wond&count=true&limit=1")).by(reader).send().await.ok();
            assert_eq!(page["total"], total, "{reader}");
        }
        let (mut paged, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = world.get(&format!("{LWPS}?q=wond&limit=1{cursor}")).by("otherTeacher").send().await.ok();
            paged.extend(page["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()));
            let Some(next) = page["nextCursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(paged, [titled.clone(), newest, situated]);

        let patch = world.patch(&format!("{LWPS}/{draft}"), json!({ "criteria": ["De band is hard."] })).by("teacher");
        patch.header("If-Match", "*").send().await.ok();
        assert_eq!(found(&world, "q=opdrachten", "coach").await, [""; 0], "what it said before is no longer found");
        assert_eq!(found(&world, "q=banden", "coach").await, [draft]);
        let copied = world.decide(LWPS, &titled, "copy", json!({})).by("otherTeacher").send().await.ok();
        let copy = copied["copyId"].as_str().unwrap();
        assert_eq!(found(&world, "q=verzorgen", "otherTeacher").await, [copy, titled.as_str()]);
        assert_eq!(found(&world, "q=verzorgen", "coach").await, [titled]);
    }

    async fn cu_1_the_requirements_of_career_and_citizenship_are_there_for_everyone_with_an_account(world: World) {
        let page = world.get("/career-and-citizenship-requirements?count=true&limit=3").by("student").send().await.ok();
        assert_eq!((&page["items"][0]["area"], &page["items"][0]["edition"]["validFrom"]), (&json!("career"), &json!("2016-08-01")));
        assert!(page["items"][0]["edition"]["source"].is_string() && page["total"].as_i64() >= Some(9), "{page}");
        let mut codes = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = world.get(&format!("/career-and-citizenship-requirements?limit=3{cursor}")).by("elearning").send().await.ok();
            codes.extend(page["items"].as_array().unwrap().iter().map(|one| one["code"].clone()));
            let Some(next) = page["nextCursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(page["total"], codes.len());
        let on = world.get("/career-and-citizenship-requirements?on=2020-09-01&area=citizenship").by("coach").send().await.ok();
        assert!(on["items"].as_array().unwrap().iter().all(|one| one["area"] == "citizenship"));
    }
}
