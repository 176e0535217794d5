//! Who sees how much of an application (access.md, the row of application and scout interview).

use chrono::TimeDelta;
use serde_json::Value;

use super::{UP_TO_INTERVIEW, application, apply, decided, text, words};
use crate::both;
use crate::harness::World;

/// An application of the prospect that was interviewed, with everyone who can have a relation to a student.
async fn interviewed(world: &World) -> String {
    let id = text(&world.post("/applications", application(world)).by("prospect").send().await.created()["id"]);
    decided(world, &id, &UP_TO_INTERVIEW).await;
    let (college, prospect) = (&world.college, world.college.person("prospect"));
    let new = || uuid::Uuid::now_v7();
    world
        .sql(&format!(
            "INSERT INTO students (id, sort_name, landscape_id, team_id, active, version, created_at) VALUES (<{prospect}>, 'x', <{}>, <{}>, TRUE, 1, <now>);
             INSERT INTO coach_assignments (id, student_id, stay_id, coach_id, from_at, open_student_id, reason)
                VALUES (<{}>, <{prospect}>, <{}>, <{}>, <long ago>, <{prospect}>, 'placed');
             INSERT INTO handovers (id, student_id, from_coach_id, coach_id, proposed_by_id, reason, state, open_student_id, version, created_at)
                VALUES (<{}>, <{prospect}>, <{}>, <{}>, <{}>, 'x', 'proposed', <{prospect}>, 1, <long ago>)",
            college.landscape, college.team, new(), new(), college.person("coach"), new(), college.person("coach"),
            college.person("secondCoach"), college.person("coach")
        ))
        .unwrap();
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
        let id = interviewed(&world).await;
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
                assert_eq!(listed["items"], serde_json::json!([]), "{subject}");
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
        assert_eq!(words(&world.get(&path).by("prospect").send().await.ok()["openDecisions"]), ["withdraw"]);
        for subject in ["prospect", "secondCoach", "teamLeader", "coach"] {
            let said = world.decide("/applications", &id, "adviseOrientation", serde_json::json!({"advice": "x"})).by(subject).send().await;
            assert_eq!(said.problem(403), "request.forbidden", "{subject}");
        }
        let asked = world.get(&format!("/applications?scoutId={}", world.college.person("scout"))).by("teamLeader").send().await.ok();
        assert_eq!(asked["items"], serde_json::json!([]), "who may not know the scout does not find out by asking");
    }

    async fn a_scout_sees_an_application_until_fourteen_days_after_its_decision(world: World) {
        let id = apply(&world).await;
        decided(&world, &id, &["withdraw"]).await;
        let path = format!("/applications/{id}");
        world.wait(TimeDelta::days(14) - TimeDelta::minutes(5));
        world.get(&path).by("scout").send().await.ok();
        world.wait(TimeDelta::minutes(10));
        assert_eq!(world.get(&path).by("scout").send().await.problem(404), "request.not-found");
        assert_eq!(world.get("/applications").by("scout").send().await.ok()["items"], serde_json::json!([]));
    }
}
