//! What a student keeps, and what it was before.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{kept, portfolio, reflection, titles};
use crate::both;
use crate::enrolment::placed;

both! {
    async fn pf_1_a_student_keeps_something_and_finds_it_again(world: World) {
        placed(&world, "student", "coach").await;
        let entry = json!({
            "area": "citizenship", "kind": "achievement", "title": "Gestemd", "body": "Voor het eerst naar de stembus.",
            "visibility": "private", "occurredOn": "2026-03-18", "tags": ["Verkiezingen"]
        });
        let made = world.post(&portfolio(&world), entry).by("student").send().await;
        let at = made.header("location").expect("where it is");
        let made = made.created();
        let id = made["id"].as_str().unwrap();
        assert_eq!(at, format!("/v1/portfolio-entries/{id}"));
        let seen = world.get(&format!("/portfolio-entries/{id}")).by("student").send().await.ok();
        assert_eq!(seen, made);
        assert_eq!((&seen["version"], &seen["student"]["familyName"], &seen["mayComment"]), (&json!(1), &json!("Student"), &json!(true)));
        world.wait(TimeDelta::seconds(1));
        kept(&world, reflection("coach")).await;
        for (query, found) in [
            ("", vec!["Mijn eerste dienst", "Gestemd"]),
            ("?area=citizenship", vec!["Gestemd"]),
            ("?kind=reflection", vec!["Mijn eerste dienst"]),
            ("?visibility=private", vec!["Gestemd"]),
            ("?tag=VERKIEZINGEN", vec!["Gestemd"]),
            ("?tag=Verkiezing", vec![]),
            ("?tag=%25", vec![]),
            ("?until=2026-03-18", vec!["Gestemd"]),
            ("?from=2026-03-19", vec!["Mijn eerste dienst"]),
            ("?area=citizenship&kind=reflection", vec![]),
        ] {
            let list = world.get(&format!("{}{query}", portfolio(&world))).by("student").send().await.ok();
            assert_eq!(titles(&list), found, "{query}");
        }
        let first = world.get(&format!("{}?limit=1", portfolio(&world))).by("student").send().await.ok();
        let next = format!("{}?limit=1&cursor={}", portfolio(&world), first["nextCursor"].as_str().unwrap());
        let next = world.get(&next).by("student").send().await.ok();
        assert_eq!((titles(&first), titles(&next), &next["nextCursor"]), (vec!["Mijn eerste dienst".to_owned()], vec!["Gestemd".to_owned()], &Value::Null));
    }

    async fn pf_1_all_that_is_wrong_with_an_entry_is_named_at_once_and_nothing_is_kept(world: World) {
        placed(&world, "student", "coach").await;
        let unknown = uuid::Uuid::now_v7();
        let wrong = json!({
            "area": "career", "kind": "reflection", "title": "x", "body": "y", "visibility": "private",
            "occurredOn": world.now().date_naive() + TimeDelta::days(2), "tags": ["stage", "Stage"],
            "links": [{ "kind": "workProcess", "id": unknown }, { "kind": "competence", "id": unknown }, { "kind": "goal", "id": unknown }]
        });
        let faults = world.post(&portfolio(&world), wrong).by("student").send().await.faults();
        let expected = [
            ("/occurredOn", "portfolio.occurred-out-of-range"),
            ("/tags/1", "portfolio.twice"),
            ("/links/0/id", "request.unknown-reference"),
            ("/links/1/kind", "portfolio.link-kind-not-yet"),
            ("/links/2/id", "request.unknown-reference"),
        ];
        assert_eq!(faults, expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
        let shapes = json!({ "area": "sport", "kind": "reflection", "title": "", "body": 1, "visibility": "open", "mood": "goed" });
        let faults = world.post(&portfolio(&world), shapes).by("student").send().await.faults();
        assert!(faults.len() >= 5, "{faults:?}");
        assert_eq!(world.rows("SELECT CAST(count(*) AS text) AS row FROM portfolio_entries"), ["0"]);
        let half = world.get(&format!("{}?linkKind=goal", portfolio(&world))).by("student").send().await.faults();
        assert_eq!(half, [("?linkId".to_owned(), "portfolio.link-half".to_owned())]);
    }

    async fn pf_3_null_empties_what_can_be_empty_and_is_refused_for_all_else_at_once(world: World) {
        placed(&world, "student", "coach").await;
        let mut dated = reflection("coach");
        (dated["occurredOn"], dated["tags"]) = (json!("2026-03-18"), json!(["stage"]));
        let entry = kept(&world, dated).await;
        let patch = |body: Value| world.patch(&entry, body).by("student").header("If-Match", "*").send();
        let wrong = json!({ "title": null, "body": null, "area": null, "tags": null, "mood": null });
        let faults = patch(wrong).await.faults();
        for pointer in ["/title", "/body", "/area"] {
            assert!(faults.contains(&(pointer.to_owned(), "request.wrong-type".to_owned())), "{pointer}: {faults:?}");
        }
        assert!(faults.contains(&("/mood".to_owned(), "request.unknown-field".to_owned())), "{faults:?}");
        assert!(!faults.iter().any(|(pointer, _)| pointer == "/tags"), "{faults:?}");
        let emptied = patch(json!({ "occurredOn": null, "tags": null, "links": null })).await.ok();
        assert_eq!((&emptied["occurredOn"], &emptied["tags"], &emptied["links"]), (&Value::Null, &json!([]), &json!([])));
        let named = world.ask("PATCH", &entry).bytes("application/merge-patch+json", r#"{"title": "Anders"}"#).by("student");
        assert_eq!(named.header("If-Match", "*").send().await.ok()["title"], "Anders");
    }

    async fn pf_1_line_breaks_are_kept_as_line_feeds_however_they_came(world: World) {
        placed(&world, "student", "coach").await;
        let mut typed = reflection("private");
        typed["body"] = json!("Eerst dit.\r\n\r\nToen dat.\rEn dit.");
        let entry = kept(&world, typed).await;
        assert_eq!(world.get(&entry).by("student").send().await.ok()["body"], "Eerst dit.\n\nToen dat.\nEn dit.");
    }

    async fn pf_5_an_entry_is_linked_to_what_there_is_and_found_by_it(world: World) {
        placed(&world, "student", "coach").await;
        crate::imports::upload(&world, "dossier", include_bytes!("../../../api/src/demo/dossiers/zorg.xml"), false).send().await.created();
        let processes = world.rows(if world.location.file().is_some() {
            "SELECT lower(hex(id)) AS row FROM work_processes ORDER BY place, id LIMIT 2"
        } else {
            "SELECT CAST(id AS text) AS row FROM work_processes ORDER BY place, id LIMIT 2"
        });
        let processes: Vec<_> = processes.iter().map(|id| uuid::Uuid::parse_str(id).expect("an id")).collect();
        let mut entry = reflection("private");
        entry["links"] = json!([{ "kind": "workProcess", "id": processes[0] }]);
        let entry = kept(&world, entry).await;
        let linked = |id: uuid::Uuid| format!("{}?linkKind=workProcess&linkId={id}", portfolio(&world));
        assert_eq!(titles(&world.get(&linked(processes[0])).by("student").send().await.ok()), ["Mijn eerste dienst"]);
        assert_eq!(titles(&world.get(&linked(processes[1])).by("student").send().await.ok()), Vec::<String>::new());
        let links = json!({ "links": [{ "kind": "workProcess", "id": processes[1] }] });
        let changed = world.patch(&entry, links.clone()).by("student").header("If-Match", "*").send().await.ok();
        assert_eq!(changed["links"], links["links"]);
        assert_eq!(titles(&world.get(&linked(processes[0])).by("student").send().await.ok()), Vec::<String>::new());
        assert_eq!(titles(&world.get(&linked(processes[1])).by("student").send().await.ok()), ["Mijn eerste dienst"]);
        let versions = world.get(&format!("{entry}/versions")).by("student").send().await.ok();
        assert_eq!(versions["items"][0]["links"][0]["id"], json!(processes[0]));
    }

    async fn pf_3_every_change_is_a_version_and_only_the_owner_reads_the_earlier_ones(world: World) {
        placed(&world, "student", "coach").await;
        let entry = kept(&world, reflection("coach")).await;
        for (version, body) in ["Eerst dacht ik dit.", "Nu denk ik dat."].iter().enumerate() {
            let read = world.get(&entry).by("student").send().await;
            let changed = world.patch(&entry, json!({ "body": body })).by("student").if_match(&read).send().await.ok();
            assert_eq!((&changed["version"], &changed["title"]), (&json!(version + 2), &json!("Mijn eerste dienst")));
        }
        let same = world.patch(&entry, json!({ "body": "Nu denk ik dat." })).by("student").header("If-Match", "*").send().await.ok();
        assert_eq!(same["version"], 3, "what changes nothing is no version");
        let versions = world.get(&format!("{entry}/versions?count=true")).by("student").send().await.ok();
        let said: Vec<_> = versions["items"].as_array().unwrap().iter().map(|one| (one["version"].as_i64().unwrap(), one["body"].as_str().unwrap())).collect();
        assert_eq!(said, [(1, "Ik was zenuwachtig en het ging goed."), (2, "Eerst dacht ik dit."), (3, "Nu denk ik dat.")]);
        assert_eq!(versions["total"], 3);
        let (mut numbers, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = world.get(&format!("{entry}/versions?limit=1{cursor}")).by("student").send().await.ok();
            numbers.extend(page["items"].as_array().unwrap().iter().map(|one| one["version"].as_i64().unwrap()));
            let Some(next) = page["nextCursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(numbers, [1, 2, 3]);
        assert_eq!(world.get(&format!("{entry}/versions")).by("coach").send().await.problem(404), "request.not-found");
    }

    async fn pf_3_of_many_who_edit_one_entry_at_once_one_is_taken_and_the_others_are_told_and_no_version_is_lost(world: World) {
        placed(&world, "student", "coach").await;
        let entry = kept(&world, reflection("private")).await;
        let mut taken = 0;
        for round in 0..3 {
            let read = world.get(&entry).by("student").send().await;
            let edits = (0..16).map(|editor| {
                let body = json!({ "body": format!("Ronde {round}, redacteur {editor}.") });
                world.patch(&entry, body).by("student").if_match(&read).send()
            });
            let statuses: Vec<_> = futures_util::future::join_all(edits).await.iter().map(|said| said.status).collect();
            taken += statuses.iter().filter(|status| **status == 200).count();
            assert!(statuses.iter().all(|status| [200, 412].contains(status)), "{statuses:?}");
            assert_eq!(taken, round + 1, "of each round one: {statuses:?}");
        }
        assert_eq!(world.patch(&entry, json!({ "title": "x" })).by("student").send().await.problem(428), "request.if-match-missing");
        let versions = world.get(&format!("{entry}/versions")).by("student").send().await.ok();
        let numbers: Vec<_> = versions["items"].as_array().unwrap().iter().map(|one| one["version"].as_i64().unwrap()).collect();
        assert_eq!(numbers, [1, 2, 3, 4]);
        assert_eq!(world.rows("SELECT what AS row FROM events WHERE subject = 'portfolioEntry' ORDER BY position"), ["created", "changed", "changed", "changed"]);
    }

    async fn pf_2_what_is_withdrawn_is_gone_for_everyone_and_what_was_said_of_it_too(world: World) {
        placed(&world, "student", "coach").await;
        let entry = kept(&world, reflection("coach")).await;
        super::shared(&world, &entry, json!({ "role": "teacher" })).await;
        assert_eq!(super::seers(&world, &entry).await, ["student", "coach", "teacher"]);
        let read = world.get(&entry).by("student").send().await;
        assert_eq!(world.delete(&entry).by("coach").if_match(&read).send().await.problem(403), "request.forbidden");
        assert_eq!(world.delete(&entry).by("student").if_match(&read).send().await.status, 204);
        for who in ["student", "coach", "teacher"] {
            let unknown = format!("/portfolio-entries/{}", uuid::Uuid::now_v7());
            for part in ["", "/comments", "/versions", "/shares"] {
                let gone = world.get(&format!("{entry}{part}")).by(who).send().await.problem(404);
                assert_eq!(gone, world.get(&format!("{unknown}{part}")).by(who).send().await.problem(404));
            }
            let list = world.get(&format!("{}?count=true", portfolio(&world))).by(who).send().await.ok();
            assert_eq!((&list["items"], &list["total"]), (&json!([]), &json!(0)), "{who}");
        }
        let told = crate::changes::all(&world, "student", 200).await;
        assert!(told.iter().any(|one| one["what"] == "withdrawn"), "the student's own device hears that it went");
        let told = crate::changes::all(&world, "coach", 200).await;
        assert!(told.iter().all(|one| one["subject"] != "portfolioEntry"));
        let again = world.delete(&entry).by("student").header("If-Match", "*").send().await;
        assert_eq!(again.problem(404), "request.not-found");
        assert_eq!(world.rows("SELECT CAST(count(*) AS text) AS row FROM portfolio_entries WHERE withdrawn_at IS NOT NULL"), ["1"]);
    }

    /// EN-4: what a student keeps hangs on the student, so there is nothing to move.
    async fn en_4_a_portfolio_moves_along_untouched_and_opens_for_the_new_coach_alone(world: World) {
        let enrolment = placed(&world, "student", "coach").await;
        let entry = kept(&world, reflection("coach")).await;
        let before = world.get(&entry).by("student").send().await.ok();
        let wish = json!({ "landscapeId": world.college.other_landscape, "motivation": "Ik bouw liever." });
        let asked = crate::enrolment::decided(&world, &enrolment, "student", "requestSwitch", wish).await;
        assert_eq!(world.get(&entry).by("otherCoach").send().await.problem(404), "request.not-found", "who is asked sees the question alone");
        let accept = json!({ "teamId": world.college.other_team, "coachId": world.college.person("otherCoach"), "crebo": "25698", "creditedWeeks": 0 });
        let switch = asked["switchId"].as_str().unwrap();
        world.decide("/switches", switch, "accept", accept).by("otherCoach").send().await.ok();
        assert_eq!(world.get(&entry).by("student").send().await.ok(), before);
        assert_eq!(world.get(&entry).by("otherCoach").send().await.status, 200);
        assert_eq!(world.get(&entry).by("coach").send().await.problem(404), "request.not-found");
        assert_eq!(world.rows("SELECT what AS row FROM events WHERE subject = 'portfolioEntry'"), ["created"]);
    }

    async fn a_portfolio_is_there_for_who_has_to_do_with_the_student_and_for_nobody_else(world: World) {
        placed(&world, "student", "coach").await;
        kept(&world, reflection("private")).await;
        for (who, status) in [
            ("student", 200), ("coach", 200), ("teacher", 200), ("teamLeader", 200), ("secondCoach", 404), ("landscapeManager", 404),
            ("scout", 404), ("otherTeacher", 404), ("otherStudent", 404), ("administrator", 404), ("dashboard", 404), ("privacyOfficer", 404),
        ] {
            let list = world.get(&portfolio(&world)).by(who).send().await;
            assert_eq!(list.status, status, "{who}");
            assert_eq!(list.text.contains("Mijn eerste dienst"), who == "student", "{who}");
            let status = if who == "student" { 201 } else if status == 200 { 403 } else { 404 };
            assert_eq!(world.post(&portfolio(&world), reflection("private")).by(who).send().await.status, status, "{who}");
        }
    }
}
