//! Leaving and graduating (EN-3, EN-5): what is recorded, and what is computed from it.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde_json::{Value, json};

use super::{decided, handovers, motivation, placed, today};
use crate::both;
use crate::harness::World;

fn left(world: &World, qualified: bool, further: bool) -> Value {
    json!({
        "leftOn": today(world).to_string(),
        "reason": "Vond werk.",
        "destination": "Een baan in de zorg",
        "basicQualification": qualified,
        "furtherEducation": further
    })
}

fn born(world: &World, student: &str, on: NaiveDate) {
    world.sql(&format!("UPDATE people SET birth_date = '{on}' WHERE id = <{}>", world.college.person(student))).unwrap();
}

/// The first 1 October from tomorrow on: when who leaves today is counted.
fn counted_on(world: &World) -> NaiveDate {
    let october = |year| NaiveDate::from_ymd_opt(year, 10, 1).unwrap();
    let today = today(world);
    [october(today.year()), october(today.year() + 1)].into_iter().find(|date| *date > today).unwrap()
}

/// Is the leaver, who is so many years and then some days short of the next birthday on 1 October, classed as an early school leaver?
async fn classed(world: &World, age: u32, days: u64, qualified: bool, further: bool) -> Value {
    born(world, "student", (counted_on(world) - Months::new(age * 12)) + Days::new(days));
    let enrolment = placed(world, "student", "coach").await;
    decided(world, &enrolment, "coach", "leave", left(world, qualified, further)).await["leaving"]["earlySchoolLeaver"].clone()
}

both! {
    async fn en_5_early_school_leaving_follows_from_the_age_on_1_october_and_the_qualification(world: World) {
        assert_eq!(classed(&world, 17, 0, false, false).await, json!(true));
        assert_eq!(classed(&world, 17, 0, true, false).await, json!(false));
        assert_eq!(classed(&world, 17, 0, false, true).await, json!(false));
        assert_eq!(classed(&world, 23, 1, false, false).await, json!(true));
        assert_eq!(classed(&world, 23, 0, false, false).await, json!(false));
        world.sql(&format!("UPDATE people SET birth_date = NULL WHERE id = <{}>", world.college.person("student"))).unwrap();
        let enrolment = placed(&world, "student", "coach").await;
        let seen = decided(&world, &enrolment, "teamLeader", "leave", left(&world, false, false)).await;
        assert_eq!(seen["leaving"]["earlySchoolLeaver"], Value::Null);
    }

    async fn en_5_leaving_records_date_reason_destination_and_basic_qualification(world: World) {
        let enrolment = placed(&world, "student", "coach").await;
        let facts = left(&world, true, false);
        decided(&world, &enrolment, "coach", "leave", facts.clone()).await;
        let seen = world.get(&format!("/enrolments/{enrolment}")).by("student").send().await.ok();
        for field in ["leftOn", "reason", "destination", "basicQualification", "furtherEducation"] {
            assert_eq!(seen["leaving"][field], facts[field], "{field}");
        }
        let by_teacher = world.get("/enrolments?state=left").by("teacher").send().await.ok();
        assert_eq!(by_teacher["items"], json!([]), "who teaches has nothing to do with who left");
    }

    async fn en_5_the_last_day_and_the_diploma_are_not_before_the_start_and_not_in_the_future(world: World) {
        let enrolment = placed(&world, "student", "coach").await;
        decided(&world, &enrolment, "student", "stateMotivation", motivation()).await;
        decided(&world, &enrolment, "coach", "confirm", json!({})).await;
        let start = |from: NaiveDate| {
            world.sql(&format!("UPDATE enrolments SET starts_on = '{from}' WHERE id = <{enrolment}>")).unwrap();
        };
        let now = today(&world);
        let (before, tomorrow) = (now - Days::new(8), now + Days::new(1));
        start(now - Days::new(7));
        for (decision, date, code) in [("leave", "leftOn", "enrolment.left-implausible"), ("graduate", "graduatedOn", "enrolment.graduated-implausible")] {
            for wrong in [before, tomorrow] {
                let mut facts = if decision == "leave" { left(&world, true, false) } else { json!({}) };
                facts[date] = json!(wrong);
                let said = world.decide("/enrolments", &enrolment, decision, facts).by("coach").send().await;
                assert_eq!(said.faults(), [(format!("/{date}"), code.to_owned())], "{decision} {wrong}");
            }
        }
        start(tomorrow);
        decided(&world, &enrolment, "coach", "leave", left(&world, true, false)).await;
    }

    async fn en_5_what_is_recorded_of_a_leaver_is_corrected_by_the_team_leader(world: World) {
        born(&world, "student", counted_on(&world) - Months::new(17 * 12));
        let enrolment = placed(&world, "student", "coach").await;
        decided(&world, &enrolment, "coach", "leave", left(&world, false, false)).await;
        let path = format!("/enrolments/{enrolment}");
        let before = world.get(&path).by("teamLeader").send().await.ok();
        assert_eq!((&before["openDecisions"], &before["leaving"]["earlySchoolLeaver"]), (&json!(["correctLeaving"]), &json!(true)));
        let correct = |facts: Value, by: &'static str| world.decide("/enrolments", &enrolment, "correctLeaving", facts).by(by).send();
        let after = correct(json!({ "basicQualification": true }), "teamLeader").await.ok();
        let mut expected = before["leaving"].clone();
        expected["basicQualification"] = json!(true);
        expected["earlySchoolLeaver"] = json!(false);
        assert_eq!((&after["leaving"], &after["endedAt"]), (&expected, &before["endedAt"]));
        assert_eq!(correct(json!({}), "teamLeader").await.faults(), [(String::new(), "enrolment.nothing-to-correct".to_owned())]);
        let tomorrow = json!({ "leftOn": today(&world) + Days::new(1) });
        assert_eq!(correct(tomorrow, "teamLeader").await.faults(), [("/leftOn".to_owned(), "enrolment.left-implausible".to_owned())]);
        assert_eq!(correct(json!({ "basicQualification": false }), "student").await.problem(403), "request.forbidden");
        assert_eq!(correct(json!({ "basicQualification": false }), "coach").await.problem(404), "request.not-found");
        let whats = world.rows("SELECT what AS row FROM events WHERE subject = 'enrolment' ORDER BY position");
        assert_eq!(whats, ["placed", "left", "leavingCorrected"]);
    }

    async fn en_5_nobody_types_in_whether_it_is_early_school_leaving(world: World) {
        let enrolment = placed(&world, "student", "coach").await;
        let mut facts = left(&world, false, false);
        facts["earlySchoolLeaver"] = json!(false);
        let faults = world.decide("/enrolments", &enrolment, "leave", facts).by("coach").send().await.faults();
        assert_eq!(faults, [("/earlySchoolLeaver".to_owned(), "request.unknown-field".to_owned())]);
    }

    async fn en_1_the_chain_of_coaches_ends_with_the_stay_and_what_was_asked_is_withdrawn(world: World) {
        let enrolment = placed(&world, "student", "coach").await;
        let handover = handovers::proposed(&world).await;
        let facts = json!({ "landscapeId": world.college.other_landscape, "motivation": "Techniek." });
        let switch = decided(&world, &enrolment, "student", "requestSwitch", facts).await["switchId"].as_str().unwrap().to_owned();
        let seen = decided(&world, &enrolment, "coach", "leave", left(&world, false, false)).await;
        assert_eq!((&seen["state"], &seen["openDecisions"], &seen["coach"]), (&json!("left"), &json!([]), &Value::Null));
        for path in [format!("/handovers/{handover}"), format!("/switches/{switch}")] {
            assert_eq!(world.get(&path).by("student").send().await.ok()["state"], "withdrawn", "{path}");
        }
        let chain = world.get(&format!("/students/{}/coaches", world.college.person("student"))).by("student").send().await.ok();
        assert_eq!(chain["items"][0]["until"], seen["endedAt"]);
        assert_eq!(world.get(&format!("/enrolments/{enrolment}")).by("coach").send().await.problem(404), "request.not-found");
        assert_eq!(world.get(&format!("/enrolments/{enrolment}")).by("teamLeader").send().await.ok()["leaving"]["reason"], "Vond werk.");
        let path = format!("/students/{}/handovers", world.college.person("student"));
        let proposal = json!({ "coachId": world.college.person("secondCoach"), "reason": "x" });
        assert_eq!(world.post(&path, proposal).by("teamLeader").send().await.problem(409), "enrolment.no-coach-now");
        assert!(world.get("/me").by("student").send().await.ok()["enrolment"].is_null());
    }

    async fn en_3_who_is_definitively_enrolled_can_graduate(world: World) {
        let enrolment = placed(&world, "student", "coach").await;
        let facts = json!({ "graduatedOn": today(&world).to_string() });
        let early = world.decide("/enrolments", &enrolment, "graduate", facts.clone()).by("coach").send().await;
        assert_eq!(early.problem(409), "enrolment.decision-not-open");
        decided(&world, &enrolment, "student", "stateMotivation", motivation()).await;
        decided(&world, &enrolment, "coach", "confirm", json!({})).await;
        let wrong = json!({ "graduatedOn": "2016-07-01" });
        let said = world.decide("/enrolments", &enrolment, "graduate", wrong).by("coach").send().await;
        assert_eq!(said.faults(), [("/graduatedOn".to_owned(), "enrolment.graduated-implausible".to_owned())]);
        let seen = decided(&world, &enrolment, "coach", "graduate", facts).await;
        assert_eq!((&seen["state"], &seen["graduatedOn"]), (&json!("graduated"), &json!(today(&world).to_string())));
        let again = placed(&world, "student", "secondCoach").await;
        assert_ne!(again, enrolment);
        let chain = world.get(&format!("/students/{}/coaches", world.college.person("student"))).by("student").send().await.ok();
        assert_eq!(chain["items"].as_array().unwrap().len(), 2);
    }
}
