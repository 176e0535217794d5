//! Conversations (CV-1 to CV-4): planned, prepared by each, held, and confirmed by both.

mod demo;
mod following;
mod outcomes;
mod planning;
pub mod sheets;
mod taking_part;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::both;
use crate::enrolment::placed;
use crate::harness::World;

pub const CONVERSATIONS: &str = "/conversations";

pub fn in_days(world: &World, days: i64) -> DateTime<Utc> {
    world.now() + TimeDelta::days(days)
}

/// A conversation of the student, with exactly the fields that one must give.
pub fn talk(world: &World, participants: &[&str], days: i64) -> Value {
    let participants: Vec<_> = participants.iter().map(|who| world.college.person(who)).collect();
    json!({
        "kind": "careerReflection", "studentId": world.college.person("student"), "participantIds": participants,
        "startsAt": in_days(world, days), "minutes": 30, "place": "Spreekkamer 2"
    })
}

pub async fn made(world: &World, talk: Value, by: &str) -> String {
    world.post(CONVERSATIONS, talk).by(by).send().await.created()["id"].as_str().unwrap().to_owned()
}

pub async fn decided(world: &World, id: &str, by: &str, decision: &str, facts: Value) -> Value {
    world.decide(CONVERSATIONS, id, decision, facts).by(by).send().await.ok()
}

/// A student with a coach, and a conversation that was held an hour ago.
pub async fn held(world: &World, participants: &[&str]) -> String {
    placed(world, "student", "coach").await;
    held_again(world, participants).await
}

pub async fn held_again(world: &World, participants: &[&str]) -> String {
    let mut asked = talk(world, participants, 1);
    asked.as_object_mut().unwrap().remove("startsAt");
    let id = made(world, asked, "coach").await;
    let when = json!({ "faceToFace": true, "startsAt": world.now() - TimeDelta::hours(1) });
    decided(world, &id, "coach", "markHeld", when).await;
    id
}

pub fn outcome(world: &World, summary: &str) -> Value {
    json!({
        "summary": summary,
        "agreements": [{ "text": "Ik bel het bedrijf.", "ownerId": world.college.person("student"), "dueOn": in_days(world, 7).date_naive() }],
        "goals": [{ "title": "Zelf plannen" }], "learningQuestions": [{ "text": "Wat kan ik met talen?" }],
        "careerSteps": [{ "text": "Een dag meelopen." }]
    })
}

/// Writes the first version of the outcome.
pub async fn written(world: &World, id: &str, outcome: Value) -> Value {
    let put = world.put(&format!("{CONVERSATIONS}/{id}/outcome"), outcome).by("coach");
    put.header("If-None-Match", "*").send().await.created()
}

/// Lets both confirm the first version.
pub async fn concluded(world: &World, id: &str) {
    written(world, id, outcome(world, "Je weet wat je wilt.")).await;
    for by in ["student", "coach"] {
        decided(world, id, by, "confirmOutcome", json!({ "version": 1 })).await;
    }
}

/// What someone prepared.
async fn preparation(world: &World, id: &str, by: &str) -> Value {
    world.get(&format!("{CONVERSATIONS}/{id}/preparation")).by(by).send().await.ok()
}

pub async fn prepare(world: &World, id: &str, by: &str, topic: &str) {
    let body = json!({ "topics": [topic], "questions": ["Hoe nu verder?"] });
    let put = world.put(&format!("{CONVERSATIONS}/{id}/preparation"), body).by(by);
    put.header("If-None-Match", "*").send().await.created();
}

both! {
    async fn cv_3_a_conversation_is_asked_for_planned_moved_missed_and_planned_again_and_all_of_it_stays_visible(world: World) {
        placed(&world, "student", "coach").await;
        let mut asked = talk(&world, &[], 1);
        asked.as_object_mut().unwrap().remove("startsAt");
        let id = made(&world, asked, "student").await;
        let path = format!("{CONVERSATIONS}/{id}");
        let seen = world.get(&path).by("coach").send().await.ok();
        assert_eq!((&seen["state"], &seen["startsAt"], &seen["version"]), (&json!("requested"), &Value::Null, &json!(1)));
        assert_eq!(seen["openDecisions"], json!(["plan", "markHeld", "cancel"]));
        let everyone: Vec<_> = seen["participants"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect();
        assert_eq!(everyone, [json!(world.college.person("student")), json!(world.college.person("coach"))]);

        let first = in_days(&world, 2);
        decided(&world, &id, "coach", "plan", json!({ "startsAt": first })).await;
        let reason = json!({ "startsAt": in_days(&world, 3), "minutes": 45, "reason": "Een toets." });
        let moved = decided(&world, &id, "student", "move", reason).await;
        assert_eq!((&moved["minutes"], &moved["moves"][0]["reason"], &moved["place"]), (&json!(45), &json!("Een toets."), &json!("Spreekkamer 2")));
        world.wait(TimeDelta::days(4));
        let missed = decided(&world, &id, "coach", "markMissed", json!({ "reason": "Niet gekomen." })).await;
        assert_eq!((&missed["state"], &missed["reason"]), (&json!("missed"), &json!("Niet gekomen.")));
        let again = decided(&world, &id, "coach", "plan", json!({ "startsAt": in_days(&world, 1) })).await;
        let moves: Vec<_> = again["moves"].as_array().unwrap().iter().map(|one| one["missed"].clone()).collect();
        assert_eq!((&again["state"], &again["reason"], moves), (&json!("planned"), &Value::Null, vec![json!(false), json!(true)]));
        let cancelled = decided(&world, &id, "student", "cancel", json!({ "reason": "Opgelost." })).await;
        assert_eq!((&cancelled["state"], &cancelled["openDecisions"]), (&json!("cancelled"), &json!([])));
        let told = world.rows("SELECT what AS row FROM events WHERE subject = 'conversation' ORDER BY position");
        assert_eq!(told, ["requested", "planned", "moved", "missed", "planned", "cancelled"]);
    }

    async fn cv_3_nobody_plans_a_conversation_in_the_past_but_one_that_took_place_is_recorded(world: World) {
        placed(&world, "student", "coach").await;
        let past = |code: &str| vec![("/startsAt".to_owned(), format!("conversation.{code}"))];
        assert_eq!(world.post(CONVERSATIONS, talk(&world, &[], -1)).by("coach").send().await.faults(), past("starts-in-past"));
        let mut far = talk(&world, &["otherTeacher"], 900);
        far["goalIds"] = json!([uuid::Uuid::nil()]);
        let found = world.post(CONVERSATIONS, far).by("coach").send().await.faults();
        let found: Vec<_> = found.iter().map(|(pointer, code)| (pointer.as_str(), code.as_str())).collect();
        assert_eq!(
            found,
            [
                ("/startsAt", "conversation.starts-out-of-range"),
                ("/participantIds/0", "conversation.not-bound"),
                ("/goalIds/0", "request.unknown-reference")
            ]
        );
        let id = made(&world, talk(&world, &[], 1), "coach").await;
        let back = json!({ "startsAt": in_days(&world, -1) });
        assert_eq!(world.decide(CONVERSATIONS, &id, "move", back).by("coach").send().await.faults(), past("starts-in-past"));
        let early = decided(&world, &id, "coach", "markHeld", json!({ "faceToFace": true })).await;
        assert_eq!(early["state"], "held", "they spoke before the time that was planned");
        assert!(early["startsAt"].as_str().unwrap() < in_days(&world, 1).to_rfc3339().as_str(), "{early}");
        let took_place = held_again(&world, &[]).await;
        let seen = world.get(&format!("{CONVERSATIONS}/{took_place}")).by("student").send().await.ok();
        assert_eq!((&seen["state"], &seen["faceToFace"]), (&json!("held"), &json!(true)));
        assert_eq!(world.rows("SELECT CAST(count(*) AS text) AS row FROM conversations"), ["2"]);
    }

    async fn cv_1_what_one_prepares_is_seen_by_nobody_else_in_any_way(world: World) {
        placed(&world, "student", "coach").await;
        let id = made(&world, talk(&world, &["teacher"], 1), "student").await;
        let path = format!("{CONVERSATIONS}/{id}/preparation");
        for (by, topic) in [("student", "geheim-een"), ("coach", "geheim-twee"), ("teacher", "geheim-drie")] {
            assert_eq!(preparation(&world, &id, by).await["version"], 0);
            prepare(&world, &id, by, topic).await;
        }
        for (by, topic) in [("student", "geheim-een"), ("coach", "geheim-twee"), ("teacher", "geheim-drie")] {
            let own = preparation(&world, &id, by).await;
            assert_eq!((&own["topics"], &own["version"]), (&json!([topic]), &json!(1)));
            for other in ["geheim-een", "geheim-twee", "geheim-drie"].iter().filter(|other| **other != topic) {
                let elsewhere = format!("{CONVERSATIONS}/{id}");
                for path in [path.as_str(), elsewhere.as_str(), CONVERSATIONS, "/changes?limit=200"] {
                    let said = world.get(path).by(by).send().await;
                    assert!(!said.text.contains(*other), "{path} shows {by} what another prepared");
                }
            }
            let changes = world.get("/changes?limit=200").by(by).send().await.ok();
            let prepared = changes["items"].as_array().unwrap().iter().filter(|one| one["subject"] == "conversationPreparation").count();
            assert_eq!(prepared, 1, "{by} hears of one preparation, their own");
        }
        for by in ["teamLeader", "otherTeacher", "administrator", "director"] {
            assert_eq!(world.get(&path).by(by).send().await.status, 404, "{by}");
        }
        let seen = world.get(&path).by("student").send().await;
        let body = json!({ "topics": [], "questions": ["Wat leer ik hiervan?"] });
        assert_eq!(world.put(&path, body.clone()).by("student").send().await.problem(428), "request.if-match-missing");
        assert_eq!(world.put(&path, body.clone()).by("student").header("If-None-Match", "*").send().await.problem(412), "request.stale");
        let again = world.put(&path, body.clone()).by("student").if_match(&seen).send().await.ok();
        assert_eq!((&again["version"], &again["topics"]), (&json!(2), &json!([])));
        assert_eq!(world.put(&path, body.clone()).by("student").if_match(&seen).send().await.problem(412), "request.stale");
        world.wait(TimeDelta::days(2));
        decided(&world, &id, "coach", "markHeld", json!({ "faceToFace": false })).await;
        let late = world.put(&path, body).by("student").header("If-Match", "*").send().await.with(409);
        assert_eq!((&late["code"], &late["state"]), (&json!("conversation.preparation-closed"), &json!("held")));
    }

    async fn cv_3_who_leads_the_team_sees_that_a_conversation_was_held_and_of_care_nothing(world: World) {
        let id = held(&world, &["teacher"]).await;
        concluded(&world, &id).await;
        let mut care = talk(&world, &[], 1);
        care["kind"] = json!("extraSupport");
        let care = made(&world, care, "coach").await;
        let planned = made(&world, talk(&world, &[], 2), "coach").await;
        let seen = world.get(CONVERSATIONS).by("teamLeader").send().await.ok();
        let ids: Vec<_> = seen["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
        assert_eq!(ids, [id.as_str()]);
        let one = &seen["items"][0];
        assert!(one["startsAt"].is_string() && one["participants"] == json!([]) && one["place"].is_null() && one["minutes"].is_null());
        for hidden in [&care, &planned] {
            assert_eq!(world.get(&format!("{CONVERSATIONS}/{hidden}")).by("teamLeader").send().await.status, 404);
            assert_eq!(world.get(&format!("{CONVERSATIONS}/{hidden}")).by("teacher").send().await.status, 404);
        }
        assert_eq!(world.get(&format!("{CONVERSATIONS}/{id}/outcome")).by("teamLeader").send().await.status, 404);
        assert_eq!(world.get(&format!("{CONVERSATIONS}/{id}/outcome")).by("teacher").send().await.ok()["counts"], true);
        let told = world.get("/changes?limit=200").by("teamLeader").send().await.ok();
        let about: Vec<_> = told["items"].as_array().unwrap().iter().filter(|one| one["subject"] == "conversation").collect();
        assert!(about.iter().all(|one| one["subjectId"] == json!(id)) && !about.is_empty(), "{about:?}");
    }

    async fn cv_3_a_conversation_that_is_ahead_is_cancelled_when_the_student_leaves(world: World) {
        let enrolment = placed(&world, "student", "coach").await;
        let id = made(&world, talk(&world, &["teacher"], 5), "coach").await;
        let leave = json!({ "leftOn": in_days(&world, 0).date_naive(), "reason": "Werk.", "destination": "Werk", "basicQualification": true });
        world.decide("/enrolments", &enrolment, "leave", leave).by("coach").send().await.ok();
        let seen = world.get(&format!("{CONVERSATIONS}/{id}")).by("student").send().await.ok();
        assert_eq!((&seen["state"], &seen["coachId"]), (&json!("cancelled"), &Value::Null));
        assert_eq!(world.get(&format!("{CONVERSATIONS}/{id}")).by("coach").send().await.status, 404);
    }
}
