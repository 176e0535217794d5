//! Going on in another landscape (EN-4): guidance that worked, never a leaving.

use serde_json::{Value, json};

use super::handovers::proposed;
use super::{decided, motivation, placed};
use crate::both;
use crate::harness::World;

/// The student asks to go on in the other landscape; answers the switch's id.
async fn requested(world: &World, enrolment: &str) -> String {
    let facts = json!({ "landscapeId": world.college.other_landscape, "motivation": "Ik wil met techniek werken." });
    let seen = decided(world, enrolment, "student", "requestSwitch", facts).await;
    seen["switchId"].as_str().expect("a switch").to_owned()
}

fn acceptance(world: &World, coach: &str, weeks: u8) -> Value {
    json!({
        "teamId": world.college.other_team,
        "coachId": world.college.person(coach),
        "crebo": "25743",
        "creditedWeeks": weeks
    })
}

both! {
    async fn en_4_an_accepted_switch_ends_one_enrolment_and_begins_another_at_one_moment(world: World) {
        let before = placed(&world, "student", "coach").await;
        decided(&world, &before, "student", "stateMotivation", motivation()).await;
        let switch = requested(&world, &before).await;
        let seen = world.get(&format!("/switches/{switch}")).by("otherCoach").send().await.ok();
        assert_eq!((&seen["state"], &seen["openDecisions"]), (&json!("requested"), &json!(["accept", "refuse"])));
        let accepted = world.decide("/switches", &switch, "accept", acceptance(&world, "otherCoach", 0)).by("otherCoach").send().await.ok();
        assert_eq!((&accepted["state"], &accepted["creditedWeeks"]), (&json!("accepted"), &json!(0)));
        let after = accepted["newEnrolmentId"].as_str().unwrap();
        let old = world.get(&format!("/enrolments/{before}")).by("student").send().await.ok();
        assert_eq!((&old["state"], &old["nextEnrolmentId"], &old["leaving"]), (&json!("switched"), &json!(after), &Value::Null));
        let new = world.get(&format!("/enrolments/{after}")).by("student").send().await.ok();
        assert_eq!((&new["state"], &new["previousEnrolmentId"], &new["crebo"]), (&json!("provisional"), &json!(before), &json!("25743")));
        assert_eq!((&new["motivation"], &new["coach"]["id"]), (&Value::Null, &json!(world.college.person("otherCoach"))));
        let chain = world.get(&format!("/students/{}/coaches", world.college.person("student"))).by("otherCoach").send().await.ok();
        assert_eq!((&chain["items"][0]["until"], &chain["items"][1]["cause"]), (&chain["items"][1]["from"], &json!("switch")));
        assert_eq!(chain["items"][0]["until"], old["endedAt"]);
        for former in ["coach", "teamLeader", "teacher"] {
            for path in [format!("/enrolments/{before}"), format!("/enrolments/{after}"), format!("/switches/{switch}")] {
                assert_eq!(world.get(&path).by(former).send().await.problem(404), "request.not-found", "{former} {path}");
            }
        }
        assert_eq!(world.get(&format!("/enrolments/{after}")).by("otherTeamLeader").send().await.status, 200);
    }

    async fn en_4_until_a_switch_is_answered_the_receiving_coaches_see_the_request_alone(world: World) {
        let enrolment = placed(&world, "student", "coach").await;
        let switch = requested(&world, &enrolment).await;
        let reduced = world.get(&format!("/enrolments/{enrolment}")).by("otherCoach").send().await.ok();
        assert_eq!((&reduced["switchId"], &reduced["coach"]), (&Value::Null, &Value::Null));
        let list = world.get("/switches?state=requested").by("otherCoach").send().await.ok();
        assert_eq!(list["items"][0]["id"], json!(switch));
        let one = world.get(&format!("/switches/{switch}")).by("otherCoach").send().await.ok();
        for shown in [&list["items"][0], &one] {
            assert_eq!((&shown["student"]["familyName"], &shown["motivation"]), (&json!("Student"), &Value::Null));
        }
        for (reader, reads) in [("student", true), ("coach", true), ("teamLeader", true), ("teacher", false)] {
            let seen = world.get(&format!("/switches/{switch}")).by(reader).send().await.ok();
            assert_eq!(seen["motivation"].is_string(), reads, "{reader}");
        }
        assert_eq!(world.get(&format!("/switches/{switch}")).by("secondCoach").send().await.problem(404), "request.not-found");
        let by_coach = world.decide("/switches", &switch, "accept", acceptance(&world, "otherCoach", 0)).by("coach").send().await;
        assert_eq!(by_coach.problem(403), "request.forbidden");
        let refused = world.decide("/switches", &switch, "refuse", json!({ "reason": "Vol." })).by("otherCoach").send().await.ok();
        assert_eq!(refused["state"], "refused");
        assert_eq!(world.get(&format!("/switches/{switch}")).by("student").send().await.ok()["refusal"], "Vol.");
        assert_eq!(world.get(&format!("/switches/{switch}")).by("otherCoach").send().await.problem(404), "request.not-found");
        let seen = world.get(&format!("/enrolments/{enrolment}")).by("student").send().await.ok();
        assert_eq!((&seen["state"], &seen["switchId"]), (&json!("provisional"), &Value::Null));
        let again = requested(&world, &enrolment).await;
        world.decide("/switches", &again, "withdraw", json!({})).by("student").send().await.ok();
    }

    async fn en_2_who_is_asked_one_thing_about_a_student_sees_nothing_of_the_other(world: World) {
        let enrolment = placed(&world, "student", "coach").await;
        let switch = requested(&world, &enrolment).await;
        let handover = proposed(&world).await;
        for (reader, asked, other) in [
            ("otherCoach", format!("/switches/{switch}"), format!("/handovers/{handover}")),
            ("secondCoach", format!("/handovers/{handover}"), format!("/switches/{switch}")),
        ] {
            world.get(&asked).by(reader).send().await.ok();
            assert_eq!(world.get(&other).by(reader).send().await.problem(404), "request.not-found", "{reader}");
            let things = other.split('/').nth(1).unwrap();
            assert_eq!(world.get(&format!("/{things}")).by(reader).send().await.ok()["items"], json!([]), "{reader}");
        }
        let told = world.get("/changes?limit=200").by("otherCoach").send().await.ok();
        let of_the_switch: Vec<_> = told["items"].as_array().unwrap().iter().filter(|item| item["subject"] == "switch").collect();
        assert_eq!(of_the_switch.len(), 1);
        assert_eq!(of_the_switch[0]["facts"], json!({ "state": "requested" }));
    }

    async fn en_4_a_switch_is_to_another_landscape_that_exists_and_one_at_a_time(world: World) {
        let enrolment = placed(&world, "student", "coach").await;
        let to = |landscape: &str| json!({ "landscapeId": landscape, "motivation": "Techniek." });
        let nowhere = "0198c1de-7a3e-7c0a-b7f0-0d8c3f0f7c11";
        for (landscape, code) in [(world.college.landscape.as_str(), "enrolment.same-landscape"), (nowhere, "request.unknown-reference")] {
            let said = world.decide("/enrolments", &enrolment, "requestSwitch", to(landscape)).by("student").send().await;
            assert_eq!(said.faults(), [("/landscapeId".to_owned(), code.to_owned())]);
        }
        requested(&world, &enrolment).await;
        let second = world.decide("/enrolments", &enrolment, "requestSwitch", to(&world.college.other_landscape)).by("coach").send().await;
        assert_eq!(second.problem(409), "enrolment.switch-open");
    }

    async fn al_4_every_fault_of_an_acceptance_is_named_at_once_and_nothing_of_it_happens(world: World) {
        let enrolment = placed(&world, "student", "coach").await;
        let switch = requested(&world, &enrolment).await;
        let told = || world.rows("SELECT what AS row FROM events").len();
        let before = told();
        let facts = json!({ "teamId": world.college.team, "coachId": world.college.person("coach"), "crebo": "25743", "creditedWeeks": 3, "startsOn": "2001-01-01" });
        let faults = world.decide("/switches", &switch, "accept", facts).by("otherCoach").send().await.faults();
        let expected = [
            ("/teamId", "enrolment.team-elsewhere"),
            ("/coachId", "enrolment.not-a-coach-there"),
            ("/creditedWeeks", "enrolment.too-many-weeks-credited"),
            ("/startsOn", "enrolment.start-implausible"),
        ];
        assert_eq!(faults, expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
        assert_eq!(world.rows("SELECT state AS row FROM enrolments"), ["provisional"]);
        assert_eq!(world.rows("SELECT cause AS row FROM coach_assignments"), ["placement"]);
        assert_eq!(told(), before);
    }

    async fn en_4_of_two_coaches_who_accept_at_the_same_moment_one_wins_and_the_other_is_told(world: World) {
        let second = "0198c1de-7a3e-7c0a-b7f0-0d8c3f0f7c99";
        world.sql(&format!(
            "INSERT INTO roles (id, person_id, role, landscape_id, from_at, version, created_at)
             VALUES (<{second}>, <{}>, 'coach', <{}>, <long ago>, 1, <now>)",
            world.college.person("secondCoach"), world.college.other_landscape
        )).unwrap();
        let mut told = 0;
        for student in ["student", "otherStudent", "prospect", "guardian", "nobody"] {
            let enrolment = placed(&world, student, "coach").await;
            let facts = json!({ "landscapeId": world.college.other_landscape, "motivation": "Techniek." });
            let switch = decided(&world, &enrolment, "coach", "requestSwitch", facts).await["switchId"].as_str().unwrap().to_owned();
            let accept = |by: &'static str| world.decide("/switches", &switch, "accept", acceptance(&world, by, 0)).by(by).send();
            let (one, other) = tokio::join!(accept("otherCoach"), accept("secondCoach"));
            let (won, lost) = if one.status == 200 { (one, other) } else { (other, one) };
            won.ok();
            if lost.status == 404 {
                // It came so late that it was not asked any more.
                continue;
            }
            let problem = lost.json();
            assert_eq!(lost.problem(409), "enrolment.decision-not-open");
            assert_eq!((&problem["state"], &problem["openDecisions"]), (&json!("accepted"), &json!([])));
            told += 1;
        }
        assert!(told > 0, "none of five was told");
        assert_eq!(world.rows("SELECT state AS row FROM enrolments WHERE state = 'provisional'").len(), 5);
        assert_eq!(world.rows("SELECT cause AS row FROM coach_assignments WHERE until_at IS NULL AND cause = 'switch'").len(), 5);
    }
}
