//! What a landscape lays down for itself.

use domain::start_programme::SchoolYear;
use serde_json::{Value, json};

use super::{drafted, published, template};
use crate::both;

const TEMPLATES: &str = "/start-programme-templates";

fn year() -> SchoolYear {
    SchoolYear::parse("2026-2027").unwrap()
}

fn with(content: &Value, field: &str, value: Value) -> Value {
    let mut content = content.clone();
    content[field] = value;
    content
}

both! {
    async fn sp_1_a_draft_changes_and_a_published_template_is_frozen(world: World) {
        let content = template(&world, year());
        let said = world.post(TEMPLATES, content.clone()).by("landscapeManager").send().await;
        let path = said.header("location").unwrap().replacen("/v1", "", 1);
        let draft = said.created();
        assert_eq!(draft["state"], "draft");
        assert_eq!(draft["number"], 1);
        assert_eq!(draft["openDecisions"], json!(["publish"]));
        assert_eq!(draft["weeks"][0]["activities"][1]["description"], "Langs de werkplaatsen.");
        assert_eq!(draft["weeks"][9]["lwps"], json!([]));

        let seen = world.get(&path).by("landscapeManager").send().await;
        let changed = world.put(&path, with(&content, "title", json!("Eerste tien weken"))).by("landscapeManager").if_match(&seen);
        assert_eq!(changed.send().await.ok()["title"], "Eerste tien weken");

        let id = draft["id"].as_str().unwrap();
        let frozen = world.decide(TEMPLATES, id, "publish", json!({})).by("landscapeManager").send().await.ok();
        assert_eq!(frozen["state"], "published");
        assert_eq!(frozen["openDecisions"], json!(["retire"]));
        assert!(frozen["publishedAt"].is_string());
        let refused = world.put(&path, content).by("landscapeManager").header("If-Match", "*").send().await.with(409);
        assert_eq!(refused["code"], "start-programme.template-frozen");
        assert_eq!((refused["state"].as_str(), &refused["openDecisions"]), (Some("published"), &json!(["retire"])));
        let again = world.decide(TEMPLATES, id, "publish", json!({})).by("landscapeManager").send().await;
        assert_eq!(again.problem(409), "start-programme.decision-not-open");
        let retired = world.decide(TEMPLATES, id, "retire", json!({})).by("landscapeManager").send().await.ok();
        assert_eq!((retired["state"].as_str(), &retired["openDecisions"]), (Some("retired"), &json!([])));
        assert_eq!(world.rows("SELECT what AS row FROM events ORDER BY position"), ["drafted", "changed", "published", "retired"]);
    }

    async fn sp_1_a_new_version_follows_a_published_template_of_the_same_landscape(world: World) {
        let content = template(&world, year());
        let first = published(&world, content.clone()).await;
        let next = with(&content, "previousId", json!(first));
        let second = world.post(TEMPLATES, next.clone()).by("landscapeManager").send().await.created();
        assert_eq!((second["number"].as_i64(), second["previousId"].as_str()), (Some(2), Some(first.as_str())));

        let of_a_draft = with(&content, "previousId", second["id"].clone());
        let faults = world.post(TEMPLATES, of_a_draft).by("landscapeManager").send().await.faults();
        assert_eq!(faults, [("/previousId".to_owned(), "start-programme.not-a-successor".to_owned())]);
        let of_another = with(&next, "landscapeId", json!(world.college.other_landscape));
        let faults = world.post(TEMPLATES, of_another).by("otherLandscapeManager").send().await.faults();
        assert_eq!(faults, [("/previousId".to_owned(), "start-programme.not-a-successor".to_owned())]);
        let of_none = with(&content, "previousId", json!(world.college.team));
        let faults = world.post(TEMPLATES, of_none).by("landscapeManager").send().await.faults();
        assert_eq!(faults, [("/previousId".to_owned(), "request.unknown-reference".to_owned())]);
    }

    async fn sp_1_a_landscape_decides_on_its_own_programme_and_on_no_other(world: World) {
        let content = template(&world, year());
        for subject in ["otherLandscapeManager", "coach", "administrator"] {
            let said = world.post(TEMPLATES, content.clone()).by(subject).send().await;
            assert_eq!(said.problem(403), "request.forbidden", "{subject}");
        }
        assert_eq!(world.post(TEMPLATES, content.clone()).by("student").send().await.problem(404), "request.not-found");
        let id = drafted(&world, content.clone()).await;
        let path = format!("{TEMPLATES}/{id}");
        for subject in ["otherLandscapeManager", "coach", "teacher"] {
            let seen = world.get(&path).by(subject).send().await.ok();
            assert_eq!(seen["openDecisions"], json!([]), "{subject}");
            let said = world.put(&path, content.clone()).by(subject).header("If-Match", "*").send().await;
            assert_eq!(said.problem(403), "request.forbidden", "{subject}");
            let said = world.decide(TEMPLATES, &id, "publish", json!({})).by(subject).send().await;
            assert_eq!(said.problem(403), "request.forbidden", "{subject}");
        }
        for subject in ["student", "guardian", "workplaceTrainer"] {
            assert_eq!(world.get(&path).by(subject).send().await.problem(404), "request.not-found", "{subject}");
            let said = world.decide(TEMPLATES, &id, "publish", json!({})).by(subject).send().await;
            assert_eq!(said.problem(404), "request.not-found", "{subject}");
        }
    }

    async fn sp_1_who_decided_on_an_older_draft_is_told_so(world: World) {
        let content = template(&world, year());
        let path = format!("{TEMPLATES}/{}", drafted(&world, content.clone()).await);
        let seen = world.get(&path).by("landscapeManager").send().await;
        let put = || world.put(&path, content.clone()).by("landscapeManager");
        assert_eq!(put().send().await.problem(428), "request.if-match-missing");
        let mut changed = content.clone();
        changed["title"] = json!("Startprogramma, tweede versie");
        world.put(&path, changed).by("landscapeManager").if_match(&seen).send().await.ok();
        assert_eq!(put().if_match(&seen).send().await.problem(412), "request.stale");
    }

    async fn sp_1_every_fault_of_a_template_is_named_at_once(world: World) {
        let mut content = template(&world, year());
        content["weeks"].as_array_mut().unwrap().pop();
        content["weeks"][0]["theme"] = json!("");
        content["weeks"][1]["activities"] = json!([]);
        content["weeks"][2]["week"] = json!(11);
        content["schoolYear"] = json!("2026");
        content["colour"] = json!("red");
        let faults = world.post(TEMPLATES, content).by("landscapeManager").send().await.faults();
        let expected = [
            ("/colour", "request.unknown-field"),
            ("/schoolYear", "request.wrong-format"),
            ("/weeks", "request.too-short"),
            ("/weeks/0/theme", "request.too-short"),
            ("/weeks/1/activities", "request.too-short"),
            ("/weeks/2/week", "request.out-of-range"),
        ];
        assert_eq!(faults, expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));

        let mut content = template(&world, year());
        content["weeks"][3]["week"] = json!(5);
        content["weeks"][4]["week"] = json!(4);
        content["previousId"] = json!(world.college.team);
        let faults = world.post(TEMPLATES, content).by("landscapeManager").send().await.faults();
        let expected = [
            ("/previousId", "request.unknown-reference"),
            ("/weeks/3/week", "start-programme.not-ten-weeks"),
            ("/weeks/4/week", "start-programme.not-ten-weeks"),
        ];
        assert_eq!(faults, expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
    }

    async fn sp_1_templates_are_found_by_landscape_school_year_and_state(world: World) {
        let next_year = SchoolYear::parse("2027-2028").unwrap();
        let first = published(&world, template(&world, year())).await;
        let second = drafted(&world, template(&world, next_year)).await;
        let list = async |query: &str| {
            let page = world.get(&format!("{TEMPLATES}?{query}")).by("teacher").send().await.ok();
            page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(list("").await, [first.clone(), second.clone()]);
        assert_eq!(list("schoolYear=2027-2028").await, std::slice::from_ref(&second));
        assert_eq!(list("state=published").await, std::slice::from_ref(&first));
        assert_eq!(list(&format!("landscapeId={}", world.college.other_landscape)).await, [""; 0]);
        let page = world.get(&format!("{TEMPLATES}?limit=1")).by("teacher").send().await.ok();
        assert_eq!(list(&format!("limit=1&cursor={}", page["nextCursor"].as_str().unwrap())).await, [second]);
        assert_eq!(world.get(TEMPLATES).by("student").send().await.problem(404), "request.not-found");
        let faults = world.get(&format!("{TEMPLATES}?schoolYear=26&state=lost&colour=red")).by("teacher").send().await.faults();
        let pointers: Vec<_> = faults.iter().map(|(pointer, _)| pointer.as_str()).collect();
        assert_eq!(pointers, ["?colour", "?schoolYear", "?state"]);
    }
}
