//! Handing over: the coach stays responsible until the next one is (EN-2).

use serde_json::{Value, json};

use super::{decided, motivation, placed};
use crate::both;
use crate::harness::World;

/// Proposes that the second coach takes over; answers the handover's id.
pub async fn proposed(world: &World) -> String {
    let path = format!("/students/{}/handovers", world.college.person("student"));
    let proposal = json!({ "coachId": world.college.person("secondCoach"), "reason": "Ik ga met verlof." });
    let handover = world.post(&path, proposal).by("coach").send().await.created();
    handover["id"].as_str().expect("an id").to_owned()
}

both! {
    async fn en_2_until_a_handover_is_accepted_the_coach_stays_and_the_new_one_sees_the_proposal_alone(world: World) {
        let enrolment = placed(&world, "student", "coach").await;
        decided(&world, &enrolment, "student", "stateMotivation", motivation()).await;
        let handover = proposed(&world).await;
        let seen = world.get(&format!("/handovers/{handover}")).by("secondCoach").send().await.ok();
        assert_eq!((&seen["state"], &seen["reason"]), (&json!("proposed"), &json!("Ik ga met verlof.")));
        assert_eq!(seen["openDecisions"], json!(["accept", "refuse"]));
        let reduced = world.get(&format!("/enrolments/{enrolment}")).by("secondCoach").send().await.ok();
        assert_eq!((&reduced["crebo"], &reduced["student"]["familyName"]), (&json!("25698"), &json!("Student")));
        for hidden in ["motivation", "motivatedAt", "startsOn", "coach"] {
            assert_eq!(reduced[hidden], Value::Null, "{hidden}");
        }
        let chain = format!("/students/{}/coaches", world.college.person("student"));
        assert_eq!(world.get(&chain).by("secondCoach").send().await.problem(404), "request.not-found");
        assert_eq!(world.get(&chain).by("coach").send().await.ok()["numberOfCoaches"], 1);
        let by_old = world.decide("/handovers", &handover, "accept", json!({})).by("coach").send().await;
        assert_eq!(by_old.problem(403), "request.forbidden");
    }

    async fn en_2_from_acceptance_on_the_new_coach_is_responsible_and_the_one_before_has_nothing(world: World) {
        let enrolment = placed(&world, "student", "coach").await;
        let handover = proposed(&world).await;
        let accepted = world.decide("/handovers", &handover, "accept", json!({})).by("secondCoach").send().await.ok();
        assert_eq!((&accepted["state"], &accepted["openDecisions"]), (&json!("accepted"), &json!([])));
        let student = world.college.person("student");
        for path in [format!("/enrolments/{enrolment}"), format!("/students/{student}/coaches"), format!("/handovers/{handover}")] {
            assert_eq!(world.get(&path).by("coach").send().await.problem(404), "request.not-found", "{path}");
            assert_eq!(world.get(&path).by("secondCoach").send().await.status, 200, "{path}");
        }
        let late = world.decide("/enrolments", &enrolment, "leave", json!({"leftOn": "2026-11-01", "reason": "x", "destination": "y", "basicQualification": true}));
        assert_eq!(late.by("coach").send().await.problem(404), "request.not-found");
        assert_eq!(world.get("/enrolments").by("coach").send().await.ok()["items"], json!([]));
        let seen = world.get(&format!("/enrolments/{enrolment}")).by("student").send().await.ok();
        assert_eq!((&seen["version"], &seen["coach"]["id"]), (&json!(2), &json!(world.college.person("secondCoach"))));
        let events = world.rows("SELECT what AS row FROM events WHERE subject = 'enrolment' ORDER BY position");
        assert_eq!(events, ["placed", "coachChanged"]);
    }

    async fn en_6_the_chain_tells_who_coached_from_when_until_when_and_why(world: World) {
        placed(&world, "student", "coach").await;
        let handover = proposed(&world).await;
        world.decide("/handovers", &handover, "accept", json!({})).by("secondCoach").send().await.ok();
        let path = format!("/students/{}/coaches", world.college.person("student"));
        let chain = world.get(&path).by("student").send().await.ok();
        assert_eq!(chain["numberOfCoaches"], 2);
        let [first, second] = [&chain["items"][0], &chain["items"][1]];
        assert_eq!((&first["coachId"], &second["coachId"]), (&json!(world.college.person("coach")), &json!(world.college.person("secondCoach"))));
        assert_eq!((&first["until"], &second["until"]), (&second["from"], &Value::Null));
        assert_eq!((&second["cause"], &second["reason"]), (&json!("handover"), &json!("Ik ga met verlof.")));
        let told = world.get(&path).by("teacher").send().await.ok();
        assert_eq!((&told["items"][1]["coachId"], &told["items"][1]["reason"]), (&second["coachId"], &Value::Null), "a teacher sees who, not why");
        let page = world.get(&format!("{path}?limit=1")).by("student").send().await.ok();
        let next = world.get(&format!("{path}?limit=1&cursor={}", page["nextCursor"].as_str().unwrap())).by("student").send().await.ok();
        assert_eq!((&page["items"][0], &next["items"][0], &next["nextCursor"]), (first, second, &Value::Null));
    }

    async fn en_2_who_refuses_a_handover_or_withdraws_it_leaves_all_as_it_was(world: World) {
        let enrolment = placed(&world, "student", "coach").await;
        let handover = proposed(&world).await;
        let refused = world.decide("/handovers", &handover, "refuse", json!({ "reason": "Mijn groep is vol." })).by("secondCoach").send().await.ok();
        assert_eq!((&refused["state"], &refused["refusal"]), (&json!("refused"), &json!("Mijn groep is vol.")));
        assert_eq!(world.get(&format!("/enrolments/{enrolment}")).by("secondCoach").send().await.problem(404), "request.not-found");
        let handover = proposed(&world).await;
        let withdrawn = world.decide("/handovers", &handover, "withdraw", json!({})).by("teamLeader").send().await.ok();
        assert_eq!(withdrawn["state"], "withdrawn");
        let late = world.decide("/handovers", &handover, "withdraw", json!({})).by("coach").send().await;
        let problem = late.json();
        assert_eq!(late.problem(409), "enrolment.decision-not-open");
        assert_eq!((&problem["state"], &problem["openDecisions"]), (&json!("withdrawn"), &json!([])));
        let seen = world.get(&format!("/enrolments/{enrolment}")).by("coach").send().await.ok();
        assert_eq!((&seen["version"], &seen["coach"]["id"]), (&json!(1), &json!(world.college.person("coach"))));
        let list = world.get("/handovers?state=refused").by("coach").send().await.ok();
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
        assert_eq!(world.get("/handovers").by("secondCoach").send().await.ok()["items"], json!([]));
    }

    async fn en_2_a_student_is_handed_over_to_another_coach_of_the_landscape_one_proposal_at_a_time(world: World) {
        placed(&world, "student", "coach").await;
        let path = format!("/students/{}/handovers", world.college.person("student"));
        let proposal = |coach: &str| json!({ "coachId": world.college.person(coach), "reason": "Verlof." });
        for (coach, code) in [("otherCoach", "enrolment.not-a-coach-there"), ("teacher", "enrolment.not-a-coach-there"), ("coach", "enrolment.coach-already")] {
            let faults = world.post(&path, proposal(coach)).by("teamLeader").send().await.faults();
            assert_eq!(faults, [("/coachId".to_owned(), code.to_owned())], "{coach}");
        }
        assert_eq!(world.post(&path, proposal("secondCoach")).by("student").send().await.problem(403), "request.forbidden");
        assert_eq!(world.post(&path, proposal("secondCoach")).by("otherCoach").send().await.problem(404), "request.not-found");
        proposed(&world).await;
        assert_eq!(world.post(&path, proposal("secondCoach")).by("teamLeader").send().await.problem(409), "enrolment.handover-open");
    }

    async fn en_2_of_two_answers_to_one_handover_at_the_same_moment_one_counts(world: World) {
        placed(&world, "student", "coach").await;
        for round in 0..4 {
            let handover = if round == 0 { proposed(&world).await } else { back(&world, round).await };
            let by = if round % 2 == 0 { "secondCoach" } else { "coach" };
            let accept = || world.decide("/handovers", &handover, "accept", json!({})).by(by).send();
            let answers = tokio::join!(accept(), accept(), accept());
            let answers = [answers.0, answers.1, answers.2];
            assert_eq!(answers.iter().filter(|said| said.status == 200).count(), 1, "{answers:?}");
            // One that came so late that its sender is responsible by then, and not asked any more, is refused: 403.
            for said in answers.into_iter().filter(|said| ![200, 403].contains(&said.status)) {
                let problem = said.json();
                assert_eq!(said.problem(409), "enrolment.decision-not-open");
                assert_eq!((&problem["state"], &problem["openDecisions"]), (&json!("accepted"), &json!([])));
            }
            let links = world.rows("SELECT cause AS row FROM coach_assignments");
            assert_eq!(links.len(), round + 2);
        }
    }
}

/// Proposes to hand the student over to whichever of the two coaches is not responsible.
async fn back(world: &World, round: usize) -> String {
    let (from, to) = if round % 2 == 1 { ("secondCoach", "coach") } else { ("coach", "secondCoach") };
    let path = format!("/students/{}/handovers", world.college.person("student"));
    let proposal = json!({ "coachId": world.college.person(to), "reason": "Terug." });
    let handover = world.post(&path, proposal).by(from).send().await.created();
    handover["id"].as_str().expect("an id").to_owned()
}
