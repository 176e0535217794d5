//! Who sees how much of an application (access.md, the row of application and scout interview).

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{UP_TO_INTERVIEW, application, apply, decided, text};
use crate::both;
use crate::harness::World;

/// The prospect's application after placing, with a coach and one who is asked to take over.
async fn placed(world: &World) -> String {
    let id = text(&world.post("/applications", application(world)).by("prospect").send().await.created()["id"]);
    decided(world, &id, &UP_TO_INTERVIEW).await;
    let student = text(&decided(world, &id, &["place"]).await["studentId"]);
    let handover = json!({"coachId": world.college.person("secondCoach"), "reason": "Andere werkdagen"});
    world.post(&format!("/students/{student}/handovers"), handover).by("coach").send().await.created();
    id
}

/// Which of these a reader gets.
fn shown(view: &Value) -> Vec<&'static str> {
    let fields = [
        ("name", &view["applicant"]["familyName"]),
        ("email", &view["applicant"]["email"]),
        ("motivation", &view["motivation"]),
        ("scout", &view["scoutId"]),
        ("plan", &view["interviewPlace"]),
        ("advice", &view["advice"]),
        ("findings", &view["interview"]["supportNeeds"]),
    ];
    fields.iter().filter(|(_, value)| !value.is_null()).map(|(name, _)| *name).collect()
}

both! {
    async fn each_relation_sees_as_much_of_an_application_as_the_access_table_says(world: World) {
        let id = placed(&world).await;
        let path = format!("/applications/{id}");
        let all = vec!["name", "email", "motivation", "scout", "plan", "advice", "findings"];
        let expected = [
            ("scout", Some(all.clone())),
            ("coach", Some(all.clone())),
            ("prospect", Some(vec!["name", "motivation", "scout", "plan", "advice"])),
            ("secondCoach", Some(vec!["name"])),
            ("teamLeader", Some(vec![])),
            ("teacher", None),
            ("landscapeManager", None),
            ("otherScout", None),
            ("director", None),
            ("administrator", None),
            ("sabAdviser", None),
            ("workplaceTrainer", None),
            ("privacyOfficer", None),
            ("nobody", None),
            ("dashboard", None),
        ];
        for (subject, fields) in expected {
            let said = world.get(&path).by(subject).send().await;
            let listed = world.get("/applications").by(subject).send().await.ok();
            let versions = world.get(&format!("{path}/interviews")).by(subject).send().await;
            let Some(mut fields) = fields else {
                assert_eq!(said.problem(404), "request.not-found", "{subject}");
                assert_eq!(versions.problem(404), "request.not-found", "{subject}");
                assert_eq!(listed["items"], json!([]), "{subject}");
                continue;
            };
            // The prospect of this college has no address.
            fields.retain(|field| *field != "email");
            let view = said.ok();
            assert_eq!(shown(&view), fields, "{subject}");
            assert_eq!(listed["items"][0], view, "{subject}: what a list shows is what one sees");
            if fields.contains(&"findings") {
                assert_eq!(versions.ok()["items"].as_array().unwrap().len(), 1, "{subject}");
            } else {
                assert_eq!(versions.problem(404), "request.not-found", "{subject}");
            }
        }
        assert_eq!(world.get(&path).send().await.problem(401), "access.token-missing");
        for subject in ["prospect", "secondCoach", "teamLeader", "coach"] {
            let said = world.decide("/applications", &id, "adviseOrientation", json!({"advice": "x"})).by(subject).send().await;
            assert_eq!(said.problem(403), "request.forbidden", "{subject}");
        }
        let asked = world.get(&format!("/applications?scoutId={}", world.college.person("scout"))).by("teamLeader").send().await.ok();
        assert_eq!(asked["items"], json!([]), "who may not know the scout does not find out by asking");
    }

    async fn a_scout_sees_an_application_until_fourteen_days_after_its_decision(world: World) {
        let id = apply(&world).await;
        decided(&world, &id, &["withdraw"]).await;
        let path = format!("/applications/{id}");
        world.wait(TimeDelta::days(14) - TimeDelta::minutes(5));
        world.get(&path).by("scout").send().await.ok();
        world.wait(TimeDelta::minutes(10));
        assert_eq!(world.get(&path).by("scout").send().await.problem(404), "request.not-found");
        assert_eq!(world.get("/applications").by("scout").send().await.ok()["items"], json!([]));
    }
}
