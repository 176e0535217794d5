//! What a landscape lays down: competences and a scale.

use serde_json::{Value, json};

use super::{FRAMEWORKS, codes, drafted, framework, published, with};
use crate::both;
use crate::harness::World;
use crate::lwp::work_processes;

/// The qualification of the invented dossier of care with this crebo.
async fn qualification(world: &World, crebo: &str) -> Value {
    let page = world.get("/qualification-dossiers").by("coach").send().await.ok();
    let qualifications = page["items"][0]["qualifications"].as_array().unwrap();
    qualifications.iter().find(|one| one["crebo"] == crebo).unwrap()["id"].clone()
}

both! {
    async fn lm_1_a_draft_changes_and_a_published_framework_is_frozen(world: World) {
        let content = framework(&world);
        let said = world.post(FRAMEWORKS, content.clone()).by("landscapeManager").send().await;
        let path = said.header("location").unwrap().replacen("/v1", "", 1);
        let draft = said.created();
        assert_eq!((draft["state"].as_str(), &draft["openDecisions"]), (Some("draft"), &json!(["publish"])));
        assert_eq!((draft["number"].as_i64(), &draft["ownViewFirst"]), (Some(1), &json!(true)));
        assert_eq!(draft["scale"][2], json!({ "level": 4, "label": "Vakbekwaam", "description": "Wat je dan ziet." }));

        let seen = world.get(&path).by("landscapeManager").send().await;
        let more = json!({ "code": "S-2", "title": "Vraagt feedback", "indicators": [] });
        let competences = json!([more, content["competences"][0].clone()]);
        let put = || world.put(&path, with(&content, "competences", competences.clone())).by("landscapeManager");
        assert_eq!(put().send().await.problem(428), "request.if-match-missing");
        let changed = put().if_match(&seen).send().await.ok();
        assert_eq!(codes(&changed), ["S-2", "S-1", "LC-1", "LC-2", "LC-3", "LC-4", "LC-5"]);
        assert_eq!(changed["competences"][1]["id"], draft["competences"][0]["id"]);
        assert_eq!(changed["competences"][2]["id"], draft["competences"][1]["id"]);
        assert_eq!(put().if_match(&seen).send().await.problem(412), "request.stale");

        let id = draft["id"].as_str().unwrap();
        let decide = |decision| world.decide(FRAMEWORKS, id, decision, json!({})).by("landscapeManager").send();
        assert_eq!(decide("retire").await.problem(409), "leermeter.decision-not-open");
        let frozen = decide("publish").await.ok();
        assert_eq!((frozen["state"].as_str(), &frozen["openDecisions"]), (Some("published"), &json!(["retire"])));
        assert!(frozen["publishedAt"].is_string());
        let refused = world.put(&path, content).by("landscapeManager").header("If-Match", "*").send().await.with(409);
        assert_eq!(refused["code"], "leermeter.framework-frozen");
        assert_eq!((refused["state"].as_str(), &refused["openDecisions"]), (Some("published"), &json!(["retire"])));
        assert_eq!(decide("publish").await.problem(409), "leermeter.decision-not-open");
        let retired = decide("retire").await.ok();
        assert_eq!((retired["state"].as_str(), &retired["openDecisions"]), (Some("retired"), &json!([])));
        assert_eq!(retired["competences"], changed["competences"]);
        assert_eq!(world.rows("SELECT what AS row FROM events ORDER BY position"), ["drafted", "changed", "published", "retired"]);
    }

    async fn lm_1_a_new_version_follows_a_published_framework_of_the_same_landscape(world: World) {
        let content = framework(&world);
        let first = published(&world, content.clone()).await;
        let next = with(&content, "previousId", json!(first));
        let second = drafted(&world, next.clone()).await;
        assert_eq!((second["number"].as_i64(), second["previousId"].as_str()), (Some(2), Some(first.as_str())));
        let ids = |framework: &serde_json::Value| {
            let competences = framework["competences"].as_array().unwrap().clone();
            competences.into_iter().map(|one| (one["code"].clone(), one["id"].clone())).collect::<Vec<_>>()
        };
        let before = world.get(&format!("/competence-frameworks/{first}")).by("coach").send().await.ok();
        assert_eq!(ids(&second), ids(&before), "who is rated by both is rated on the same competences");
        let of_a_draft = with(&content, "previousId", second["id"].clone());
        let faults = world.post(FRAMEWORKS, of_a_draft).by("landscapeManager").send().await.faults();
        assert_eq!(faults, [("/previousId".to_owned(), "leermeter.not-a-successor".to_owned())]);
        let of_another = with(&next, "landscapeId", json!(world.college.other_landscape));
        let faults = world.post(FRAMEWORKS, of_another).by("otherLandscapeManager").send().await.faults();
        assert_eq!(faults, [("/previousId".to_owned(), "leermeter.not-a-successor".to_owned())]);
        let of_none = with(&content, "previousId", json!(world.college.team));
        let faults = world.post(FRAMEWORKS, of_none).by("landscapeManager").send().await.faults();
        assert_eq!(faults, [("/previousId".to_owned(), "request.unknown-reference".to_owned())]);
    }

    async fn lm_1_a_framework_is_made_of_the_work_processes_of_a_qualification_in_one_call(world: World) {
        let processes = work_processes(&world).await;
        let of_dossier = with(&framework(&world), "qualificationId", qualification(&world, "25901").await);
        let mut wish = of_dossier.clone();
        wish.as_object_mut().unwrap().remove("competences");
        let made = drafted(&world, wish.clone()).await;
        let (of_processes, of_careers): (Vec<_>, Vec<_>) =
            made["competences"].as_array().unwrap().iter().partition(|one| one["workProcessId"].is_string());
        assert_eq!(of_careers.len(), 5);
        assert_eq!(of_processes[0]["code"], "B1-K1-W1");
        assert!(!of_processes[0]["title"].as_str().unwrap().is_empty());
        for one in &of_processes {
            let known = processes.iter().find(|(code, _)| one["code"] == *code).expect("a code of the dossier");
            assert_eq!(one["workProcessId"], known.1);
            assert!(!known.0.starts_with("P2"), "of another qualification");
        }
        let expected = processes.iter().filter(|(code, _)| !code.starts_with("P2")).count();
        assert_eq!(of_processes.len(), expected);

        let found = world.get(&format!("{FRAMEWORKS}?qualificationId={}", wish["qualificationId"].as_str().unwrap()));
        assert_eq!(found.by("landscapeManager").send().await.ok()["items"].as_array().unwrap().len(), 1);

        let worded = json!([
            { "code": "A", "title": "Luistert", "indicators": ["Vat samen."], "workProcessId": processes[0].1 },
            { "code": "B", "title": "Vraagt", "indicators": [], "workProcessId": world.college.team }
        ]);
        let faults = world.post(FRAMEWORKS, with(&of_dossier, "competences", worded)).by("landscapeManager").send().await.faults();
        assert_eq!(faults, [("/competences/1/workProcessId".to_owned(), "request.unknown-reference".to_owned())]);
        let of_none = with(&wish, "qualificationId", json!(world.college.team));
        let faults = world.post(FRAMEWORKS, of_none).by("landscapeManager").send().await.faults();
        assert_eq!(faults, [("/qualificationId".to_owned(), "request.unknown-reference".to_owned())]);
    }

    async fn lm_1_a_framework_has_the_five_career_competences_worded_by_its_landscape_or_not(world: World) {
        let own = json!({ "code": "M", "title": "Waar ik voor ga", "indicators": [], "careerCompetence": "motives" });
        let worded = drafted(&world, with(&framework(&world), "competences", json!([own]))).await;
        assert_eq!(codes(&worded), ["M", "LC-1", "LC-3", "LC-4", "LC-5"]);
        let mut alone = framework(&world);
        alone.as_object_mut().unwrap().remove("competences");
        let alone = drafted(&world, alone).await;
        let which: Vec<_> = alone["competences"].as_array().unwrap().iter().map(|one| one["careerCompetence"].clone()).collect();
        assert_eq!(which, ["qualities", "motives", "workExploration", "careerControl", "networking"]);
    }

    async fn lm_1_drafts_are_for_those_who_write_them_and_the_rest_for_whoever_has_an_account(world: World) {
        let content = framework(&world);
        for subject in ["otherLandscapeManager", "coach", "administrator", "student", "guardian"] {
            let said = world.post(FRAMEWORKS, content.clone()).by(subject).send().await;
            assert_eq!(said.problem(403), "request.forbidden", "{subject}");
        }
        let draft = drafted(&world, content.clone()).await["id"].as_str().unwrap().to_owned();
        let there = published(&world, content.clone()).await;
        let count = async |subject: &str| {
            let page = world.get(FRAMEWORKS).by(subject).send().await.ok();
            page["items"].as_array().unwrap().len()
        };
        assert_eq!(count("landscapeManager").await, 2);
        let heard = async |subject: &str, id: &str| {
            let page = world.get("/changes").by(subject).send().await.ok();
            page["items"].as_array().unwrap().iter().filter(|item| item["subjectId"] == *id).count()
        };
        assert_eq!((heard("landscapeManager", &draft).await, heard("landscapeManager", &there).await), (1, 2));
        for subject in ["otherLandscapeManager", "coach", "student", "guardian", "workplaceTrainer"] {
            assert_eq!(count(subject).await, 1, "{subject}");
            assert_eq!((heard(subject, &draft).await, heard(subject, &there).await), (0, 1), "{subject}");
            let path = format!("{FRAMEWORKS}/{draft}");
            assert_eq!(world.get(&path).by(subject).send().await.problem(404), "request.not-found", "{subject}");
            let said = world.put(&path, content.clone()).by(subject).header("If-Match", "*").send().await;
            assert_eq!(said.problem(404), "request.not-found", "{subject}");
            let seen = world.get(&format!("{FRAMEWORKS}/{there}")).by(subject).send().await.ok();
            assert_eq!(seen["openDecisions"], json!([]), "{subject}");
            let said = world.decide(FRAMEWORKS, &there, "retire", json!({})).by(subject).send().await;
            assert_eq!(said.problem(403), "request.forbidden", "{subject}");
        }
    }

    async fn lm_1_every_fault_of_a_framework_is_named_with_its_place(world: World) {
        let content = framework(&world);
        let level = |level: u16| json!({ "level": level, "label": "Beginnend", "description": "" });
        let mut wrong = with(&content, "scale", json!([level(1000)]));
        wrong["competences"][0]["code"] = json!("");
        wrong["colour"] = json!("red");
        wrong.as_object_mut().unwrap().remove("ownViewFirst");
        let faults = world.post(FRAMEWORKS, wrong).by("landscapeManager").send().await.faults();
        let expected = [
            ("/colour", "request.unknown-field"),
            ("/competences/0/code", "request.too-short"),
            ("/ownViewFirst", "request.required"),
            ("/scale", "request.too-short"),
            ("/scale/0/description", "request.too-short"),
            ("/scale/0/level", "request.out-of-range"),
        ];
        assert_eq!(faults, expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));

        let mut wrong = with(&content, "previousId", json!(world.college.team));
        wrong["scale"][1]["level"] = json!(1);
        wrong["qualificationId"] = json!(world.college.team);
        let again = json!({ "code": "S-1", "title": "Netwerkt", "indicators": [], "careerCompetence": "networking" });
        let third = json!({ "code": "LC-1", "title": "Netwerkt", "indicators": [], "careerCompetence": "networking" });
        wrong["competences"].as_array_mut().unwrap().extend([again, third]);
        let faults = world.post(FRAMEWORKS, wrong).by("landscapeManager").send().await.faults();
        let expected = [
            ("/previousId", "request.unknown-reference"),
            ("/scale/1/level", "leermeter.level-not-ascending"),
            ("/qualificationId", "request.unknown-reference"),
            ("/competences/1/code", "leermeter.code-repeated"),
            ("/competences/2/code", "leermeter.code-repeated"),
            ("/competences/2/careerCompetence", "leermeter.career-competence-repeated"),
        ];
        assert_eq!(faults, expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
        assert_eq!(world.rows("SELECT what AS row FROM events"), [""; 0]);
    }

    async fn lm_1_frameworks_are_found_by_landscape_and_state(world: World) {
        let first = published(&world, framework(&world)).await;
        let second = drafted(&world, framework(&world)).await["id"].as_str().unwrap().to_owned();
        let list = async |query: &str| {
            let page = world.get(&format!("{FRAMEWORKS}?{query}")).by("landscapeManager").send().await.ok();
            page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(list("").await, [first.clone(), second.clone()]);
        assert_eq!(list("state=published").await, std::slice::from_ref(&first));
        assert_eq!(list(&format!("landscapeId={}", world.college.landscape)).await, [first, second.clone()]);
        assert_eq!(list(&format!("landscapeId={}", world.college.other_landscape)).await, [""; 0]);
        assert_eq!(list(&format!("qualificationId={}", world.college.team)).await, [""; 0]);
        let page = world.get(&format!("{FRAMEWORKS}?limit=1")).by("landscapeManager").send().await.ok();
        assert_eq!(list(&format!("limit=1&cursor={}", page["nextCursor"].as_str().unwrap())).await, [second]);
    }
}
