//! Enrolment and coaching: what a school would agree with (EN-1 to EN-6).

mod caseload;
mod chain;
pub mod handovers;
mod leaving;
mod switches;

use chrono::NaiveDate;
use domain::access::{Action, Permit};
use domain::kernel::{Crebo, EnrolmentId, Id, Route};
use domain::orientation::Placement;
use persistence::{Asking, Database, Identity};
use serde_json::{Value, json};

use crate::both;
use crate::harness::World;

fn id<Of>(text: &str) -> Id<Of> {
    text.parse().expect("an id")
}

/// Places someone in the first landscape, as the decision `place` on an application does; answers the enrolment's id.
pub async fn placed(world: &World, student: &str, coach: &str) -> String {
    placed_for(world, student, coach, "25698").await
}

/// The same, for this crebo.
pub async fn placed_for(world: &World, student: &str, coach: &str, crebo: &str) -> String {
    let placement = Placement {
        enrolment_id: EnrolmentId::in_order(),
        application_id: None,
        student_id: id(world.college.person(student)),
        landscape_id: id(&world.college.landscape),
        team_id: id(&world.college.team),
        coach_id: id(world.college.person(coach)),
        crebo: Crebo::parse(crebo).expect("a crebo"),
        route: Route::Bol,
        starts_on: world.now().date_naive(),
    };
    let asking = Asking { identity: Identity::System, now: domain::kernel::time::to_the_microsecond(world.now()) };
    let database = Database::open(&world.location).expect("the database opens");
    let place =
        move |writing: &mut persistence::Writing<'_>| api::reactions::placed(writing, Permit::system(Action::Place), &placement);
    database.write(asking, place).await.expect("a placement");
    placement.enrolment_id.to_string()
}

/// Takes a decision on an enrolment that must be allowed; answers how it is then.
pub async fn decided(world: &World, enrolment: &str, by: &str, decision: &str, facts: Value) -> Value {
    world.decide("/enrolments", enrolment, decision, facts).by(by).send().await.ok()
}

fn motivation() -> Value {
    json!({ "motivation": "Ik wil met ouderen werken." })
}

fn today(world: &World) -> NaiveDate {
    domain::kernel::time::date_at(world.now())
}

both! {
    async fn en_1_who_is_placed_is_provisionally_enrolled_and_has_a_coach_from_that_moment(world: World) {
        let enrolment = placed(&world, "student", "coach").await;
        let seen = world.get(&format!("/enrolments/{enrolment}")).by("student").send().await.ok();
        assert_eq!((&seen["state"], &seen["version"]), (&json!("provisional"), &json!(1)));
        assert_eq!(seen["coach"]["id"], world.college.person("coach"));
        assert_eq!(seen["openDecisions"], json!(["stateMotivation", "requestSwitch"]));
        let me = world.get("/me").by("student").send().await.ok();
        assert_eq!((&me["enrolment"]["id"], &me["coach"]["id"]), (&json!(enrolment), &json!(world.college.person("coach"))));
        let chain = world.get(&format!("/students/{}/coaches", world.college.person("student"))).by("student").send().await.ok();
        assert_eq!(chain["numberOfCoaches"], 1);
        assert_eq!((&chain["items"][0]["until"], &chain["items"][0]["cause"]), (&Value::Null, &json!("placement")));
    }

    async fn who_has_nothing_to_do_with_a_student_finds_no_enrolment(world: World) {
        let enrolment = placed(&world, "student", "coach").await;
        let path = format!("/enrolments/{enrolment}");
        for stranger in ["secondCoach", "otherCoach", "otherTeamLeader", "otherStudent", "director", "administrator", "scout", "landscapeManager", "dashboard"] {
            assert_eq!(world.get(&path).by(stranger).send().await.problem(404), "request.not-found", "{stranger}");
            let list = world.get("/enrolments").by(stranger).send().await.ok();
            assert_eq!(list["items"], json!([]), "{stranger}");
            let confirm = world.decide("/enrolments", &enrolment, "confirm", json!({})).by(stranger).send().await;
            assert_eq!(confirm.problem(404), "request.not-found", "{stranger}");
        }
        assert_eq!(world.get(&path).send().await.problem(401), "access.token-missing");
    }

    async fn a_teacher_sees_how_far_the_enrolment_is_and_nothing_that_was_written(world: World) {
        let enrolment = placed(&world, "student", "coach").await;
        decided(&world, &enrolment, "student", "stateMotivation", motivation()).await;
        let seen = world.get(&format!("/enrolments/{enrolment}")).by("teacher").send().await.ok();
        assert_eq!((&seen["state"], &seen["motivation"]), (&json!("provisional"), &Value::Null));
        assert!(seen["motivatedAt"].is_string());
        assert_eq!(seen["openDecisions"], json!([]));
        let said = world.decide("/enrolments", &enrolment, "confirm", json!({})).by("teacher").send().await;
        assert_eq!(said.problem(403), "request.forbidden");
    }

    async fn enrolments_are_listed_by_state_landscape_and_team(world: World) {
        let first = placed(&world, "student", "coach").await;
        let second = placed(&world, "otherStudent", "secondCoach").await;
        let ids = |page: Value| page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        let asked = |query: String| world.get(&format!("/enrolments{query}")).by("teamLeader");
        assert_eq!(ids(asked(String::new()).send().await.ok()), [first.clone(), second.clone()]);
        assert_eq!(ids(asked(format!("?teamId={}", world.college.team)).send().await.ok()), [first.clone(), second.clone()]);
        assert!(ids(asked(format!("?landscapeId={}", world.college.other_landscape)).send().await.ok()).is_empty());
        assert!(ids(asked("?state=definitive".to_owned()).send().await.ok()).is_empty());
        let page = asked("?limit=1".to_owned()).send().await.ok();
        let next = asked(format!("?limit=1&cursor={}", page["nextCursor"].as_str().unwrap())).send().await.ok();
        assert_eq!((ids(page), ids(next)), (vec![first.clone()], vec![second]));
        assert_eq!(ids(world.get("/enrolments").by("coach").send().await.ok()), [first]);
    }

    async fn en_3_an_enrolment_is_definitive_on_the_students_motivation_and_the_coachs_confirmation(world: World) {
        let enrolment = placed(&world, "student", "coach").await;
        let early = world.decide("/enrolments", &enrolment, "confirm", json!({})).by("coach").send().await;
        let problem = early.json();
        assert_eq!(early.problem(409), "enrolment.motivation-missing");
        assert_eq!((&problem["state"], &problem["openDecisions"]), (&json!("provisional"), &json!(["requestSwitch", "leave"])));
        let by_coach = world.decide("/enrolments", &enrolment, "stateMotivation", motivation()).by("coach").send().await;
        assert_eq!(by_coach.problem(403), "request.forbidden");
        decided(&world, &enrolment, "student", "stateMotivation", motivation()).await;
        let confirmed = decided(&world, &enrolment, "coach", "confirm", json!({})).await;
        assert_eq!((&confirmed["state"], &confirmed["version"]), (&json!("definitive"), &json!(3)));
        assert_eq!(confirmed["openDecisions"], json!(["requestSwitch", "leave", "graduate"]));
        let again = world.decide("/enrolments", &enrolment, "confirm", json!({})).by("coach").send().await;
        assert_eq!(again.problem(409), "enrolment.decision-not-open");
        let events = world.rows("SELECT what AS row FROM events WHERE subject = 'enrolment' ORDER BY position");
        assert_eq!(events, ["placed", "motivationStated", "confirmed"]);
    }

    async fn every_fault_of_a_decision_is_named_at_once(world: World) {
        let enrolment = placed(&world, "student", "coach").await;
        let facts = json!({ "leftOn": "gisteren", "destination": "", "mood": "sad" });
        let faults = world.decide("/enrolments", &enrolment, "leave", facts).by("coach").send().await.faults();
        let expected = [
            ("/basicQualification", "request.required"),
            ("/destination", "request.too-short"),
            ("/leftOn", "request.wrong-format"),
            ("/mood", "request.unknown-field"),
            ("/reason", "request.required"),
        ];
        assert_eq!(faults, expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
    }
}
