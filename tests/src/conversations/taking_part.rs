//! Who takes part in a conversation besides student and coach: what they see of it, and until when (CV-2, CV-3).

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::planning::{invitation, line};
use super::{CONVERSATIONS, concluded, decided, held, in_days, made, outcome, talk};
use crate::both;
use crate::enrolment::handovers::proposed;
use crate::enrolment::placed;
use crate::harness::World;

fn left_today(world: &World) -> Value {
    json!({ "leftOn": in_days(world, 0).date_naive(), "reason": "Werk.", "destination": "Werk", "basicQualification": true })
}

async fn statuses(world: &World, by: &str, paths: &[String]) -> Vec<u16> {
    let mut found = Vec::new();
    for path in paths {
        found.push(world.get(path).by(by).send().await.status);
    }
    found
}

both! {
    async fn cv_3_who_took_part_sees_nothing_of_it_once_nothing_binds_them_to_the_student_any_more(world: World) {
        let id = held(&world, &["teacher"]).await;
        concluded(&world, &id).await;
        let student = world.college.person("student");
        let of_student = format!("/students/{student}/agreements");
        let agreement = world.get(&of_student).by("teacher").send().await.ok()["items"][0]["id"].as_str().unwrap().to_owned();
        let paths = ["", "/outcome", "/outcome/versions", "/preparation", "/sheet.pdf", "/invite.ics"];
        let mut paths: Vec<_> = paths.iter().map(|part| format!("{CONVERSATIONS}/{id}{part}")).collect();
        paths.extend([format!("/agreements/{agreement}"), of_student]);
        assert_eq!(statuses(&world, "teacher", &paths).await, [200; 8]);

        let teacher = world.college.person("teacher");
        world.sql(&format!("UPDATE roles SET team_id = <{}> WHERE person_id = <{teacher}>", world.college.other_team)).expect("another team");
        assert_eq!(statuses(&world, "teacher", &paths).await, [404; 8], "they work here still, and teach others");
        assert_eq!(world.get(&format!("{CONVERSATIONS}?count=true")).by("teacher").send().await.ok()["total"], 0);
        let told = world.get("/changes?limit=200").by("teacher").send().await.ok();
        assert!(told["items"].as_array().unwrap().iter().all(|one| one["subjectId"] != json!(id)), "{told}");
        let seen = world.get(&paths[0]).by("coach").send().await.ok();
        assert_eq!(seen["participants"].as_array().unwrap().len(), 3, "that they took part stays so");
    }

    async fn cv_2_who_takes_part_is_told_of_goals_and_questions_by_the_outcome_what_the_lists_tell_them(world: World) {
        let id = held(&world, &["teacher"]).await;
        concluded(&world, &id).await;
        let path = format!("{CONVERSATIONS}/{id}/outcome");
        let versions = world.get(&format!("{path}/versions")).by("teacher").send().await.ok()["items"][0].clone();
        for seen in [world.get(&path).by("teacher").send().await.ok(), versions] {
            assert_eq!((&seen["summary"], &seen["agreements"][0]["text"]), (&json!("Je weet wat je wilt."), &json!("Ik bel het bedrijf.")));
            for hidden in ["goals", "learningQuestions", "careerSteps"] {
                assert_eq!(seen[hidden], json!([]), "{hidden}");
            }
        }
        for list in ["goals", "learning-questions", "career-steps"] {
            assert_eq!(world.get(&format!("/students/{}/{list}", world.college.person("student"))).by("teacher").send().await.status, 404);
        }
        let whole = world.get(&path).by("student").send().await.ok();
        for shown in ["goals", "learningQuestions", "careerSteps"] {
            assert_eq!(whole[shown].as_array().unwrap().len(), 1, "{shown}");
        }
    }

    async fn cv_3_who_took_part_and_becomes_the_coach_stands_there_once(world: World) {
        placed(&world, "student", "coach").await;
        let handover = proposed(&world).await;
        let id = made(&world, talk(&world, &["secondCoach", "teacher"], 5), "coach").await;
        let everyone = async |by: &str| {
            let seen = world.get(&format!("{CONVERSATIONS}/{id}")).by(by).send().await.ok();
            seen["participants"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let person = |who: &str| world.college.person(who).to_owned();
        assert_eq!(everyone("student").await, ["student", "coach", "secondCoach", "teacher"].map(person));
        world.decide("/handovers", &handover, "accept", json!({})).by("secondCoach").send().await.ok();
        assert_eq!(everyone("secondCoach").await, ["student", "secondCoach", "teacher"].map(person));
        let (text, _) = invitation(&world, &id, "student").await;
        assert_eq!(text.matches("\r\nATTENDEE").count(), 3, "{text}");
        decided(&world, &id, "secondCoach", "markHeld", json!({ "faceToFace": true })).await;
        let put = world.put(&format!("{CONVERSATIONS}/{id}/outcome"), outcome(&world, "Opnieuw begonnen."));
        put.by("secondCoach").header("If-None-Match", "*").send().await.created();
        for by in ["secondCoach", "student"] {
            decided(&world, &id, by, "confirmOutcome", json!({ "version": 1 })).await;
        }
        assert_eq!(world.get(&format!("{CONVERSATIONS}/{id}")).by("student").send().await.ok()["state"], "concluded");
    }

    async fn cv_3_who_was_invited_is_told_that_it_is_off_also_where_the_students_leaving_took_it_from_their_sight(world: World) {
        let enrolment = placed(&world, "student", "coach").await;
        let id = made(&world, talk(&world, &["teacher"], 5), "coach").await;
        let organizer = line(&invitation(&world, &id, "teacher").await.0, "ORGANIZER").to_owned();
        world.decide("/enrolments", &enrolment, "leave", left_today(&world)).by("coach").send().await.ok();
        for by in ["student", "coach", "teacher"] {
            let (text, _) = invitation(&world, &id, by).await;
            assert_eq!((line(&text, "METHOD"), line(&text, "SEQUENCE"), line(&text, "STATUS")), ("METHOD:CANCEL", "SEQUENCE:1", "STATUS:CANCELLED"));
            assert_eq!((line(&text, "ORGANIZER"), text.matches("\r\nATTENDEE").count()), (organizer.as_str(), 3), "{text}");
        }
        let told = format!("{CONVERSATIONS}/{id}/invite.ics");
        for by in ["coach", "teacher"] {
            for rest in ["", "/preparation", "/sheet.pdf", "/outcome"] {
                assert_eq!(world.get(&format!("{CONVERSATIONS}/{id}{rest}")).by(by).send().await.status, 404, "{by} {rest}");
            }
        }
        for by in ["secondCoach", "teamLeader", "otherTeacher", "administrator", "dashboard"] {
            assert_eq!(world.get(&told).by(by).send().await.status, 404, "{by}");
        }
        world.wait(TimeDelta::days(30));
        for (by, status) in [("student", 200), ("coach", 404), ("teacher", 404)] {
            assert_eq!(world.get(&told).by(by).send().await.status, status, "{by}");
        }
    }

    async fn cv_3_a_conversation_that_was_missed_is_off_the_calendar_until_it_is_planned_again(world: World) {
        placed(&world, "student", "coach").await;
        let id = made(&world, talk(&world, &[], 1), "coach").await;
        let told = async || {
            let (text, _) = invitation(&world, &id, "student").await;
            ["METHOD", "SEQUENCE", "STATUS"].map(|name| line(&text, name).to_owned())
        };
        assert_eq!(told().await, ["METHOD:REQUEST", "SEQUENCE:0", "STATUS:CONFIRMED"]);
        world.wait(TimeDelta::days(2));
        decided(&world, &id, "coach", "markMissed", json!({ "reason": "Niet gekomen." })).await;
        assert_eq!(told().await, ["METHOD:CANCEL", "SEQUENCE:1", "STATUS:CANCELLED"]);
        decided(&world, &id, "coach", "plan", json!({ "startsAt": in_days(&world, 1) })).await;
        assert_eq!(told().await, ["METHOD:REQUEST", "SEQUENCE:2", "STATUS:CONFIRMED"]);
    }

    async fn cv_3_who_left_or_graduated_asks_for_no_conversation_and_plans_none(world: World) {
        let enrolment = placed(&world, "student", "coach").await;
        world.decide("/enrolments", &enrolment, "leave", left_today(&world)).by("coach").send().await.ok();
        let mut asked = talk(&world, &[], 1);
        assert_eq!(world.post(CONVERSATIONS, asked.clone()).by("student").send().await.problem(409), "conversation.not-enrolled");
        asked.as_object_mut().unwrap().remove("startsAt");
        assert_eq!(world.post(CONVERSATIONS, asked).by("student").send().await.problem(409), "conversation.not-enrolled");
        assert_eq!(world.post(CONVERSATIONS, talk(&world, &[], -1)).by("student").send().await.faults()[0].1, "conversation.starts-in-past");
        assert_eq!(world.post(CONVERSATIONS, talk(&world, &[], 1)).by("coach").send().await.status, 404);
        assert_eq!(world.rows("SELECT CAST(count(*) AS text) AS row FROM conversations"), ["0"]);

        let other = placed(&world, "otherStudent", "coach").await;
        world.decide("/enrolments", &other, "stateMotivation", json!({ "motivation": "Ik wil het." })).by("otherStudent").send().await.ok();
        world.decide("/enrolments", &other, "confirm", json!({})).by("coach").send().await.ok();
        world.decide("/enrolments", &other, "graduate", json!({ "graduatedOn": in_days(&world, 0).date_naive() })).by("coach").send().await.ok();
        let mut graduated = talk(&world, &[], 1);
        graduated["studentId"] = json!(world.college.person("otherStudent"));
        assert_eq!(world.post(CONVERSATIONS, graduated).by("otherStudent").send().await.problem(409), "conversation.not-enrolled");
    }
}
