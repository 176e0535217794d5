//! What comes out of a conversation counts once both confirmed the same version (CV-2).

use serde_json::{Value, json};

use super::{CONVERSATIONS, concluded, decided, held, held_again, made, outcome, talk, written};
use crate::both;
use crate::enrolment::placed;
use crate::harness::World;

async fn listed(world: &World, list: &str) -> Vec<Value> {
    let path = format!("/students/{}/{list}", world.college.person("student"));
    world.get(&path).by("student").send().await.ok()["items"].as_array().unwrap().clone()
}

const FOLLOWING: [&str; 4] = ["goals", "learning-questions", "agreements", "career-steps"];

both! {
    async fn cv_2_an_outcome_counts_once_both_confirmed_it_and_then_what_follows_is_the_students(world: World) {
        let id = held(&world, &["teacher"]).await;
        let path = format!("{CONVERSATIONS}/{id}/outcome");
        assert_eq!(world.get(&path).by("student").send().await.status, 404);
        let early = world.decide(CONVERSATIONS, &id, "confirmOutcome", json!({ "version": 1 })).by("student").send().await.with(409);
        assert_eq!((&early["code"], &early["openDecisions"]), (&json!("conversation.outcome-missing"), &json!([])));
        assert_eq!(world.put(&path, outcome(&world, "Nee.")).by("student").header("If-None-Match", "*").send().await.status, 403);
        let first = written(&world, &id, outcome(&world, "Je weet wat je wilt.")).await;
        assert_eq!((&first["version"], &first["counts"], &first["confirmations"]), (&json!(1), &json!(false), &json!([])));
        let by_student = decided(&world, &id, "student", "confirmOutcome", json!({ "version": 1 })).await;
        assert_eq!((&by_student["state"], &by_student["openDecisions"]), (&json!("held"), &json!(["confirmOutcome"])));
        decided(&world, &id, "student", "confirmOutcome", json!({ "version": 1 })).await;
        for list in FOLLOWING {
            assert_eq!(listed(&world, list).await, Vec::<Value>::new(), "{list}: it does not count yet");
        }
        let by_both = decided(&world, &id, "coach", "confirmOutcome", json!({ "version": 1 })).await;
        assert_eq!((&by_both["state"], &by_both["openDecisions"]), (&json!("concluded"), &json!([])));
        let seen = world.get(&path).by("teacher").send().await.ok();
        assert_eq!((&seen["counts"], seen["confirmations"].as_array().unwrap().len()), (&json!(true), 2));
        for list in FOLLOWING {
            let items = listed(&world, list).await;
            assert_eq!((items.len(), &items[0]["conversationId"]), (1, &json!(id)), "{list}");
        }
        let frozen = world.put(&path, outcome(&world, "Anders.")).by("coach").header("If-Match", "*").send().await.with(409);
        assert_eq!((&frozen["code"], &frozen["state"]), (&json!("conversation.outcome-closed"), &json!("concluded")));
        let told = world.rows("SELECT subject || ' ' || what AS row FROM events WHERE position > (SELECT max(position) FROM events WHERE subject = 'conversation' AND what = 'held') ORDER BY position");
        assert_eq!(
            told,
            [
                "conversationOutcome written", "conversationOutcome confirmed", "conversation concluded", "conversationOutcome confirmed",
                "agreement made", "goal set", "learningQuestion asked", "careerStep taken"
            ]
        );
    }

    async fn cv_2_a_disagreement_is_resolved_by_a_new_version_that_both_confirm(world: World) {
        let id = held(&world, &[]).await;
        let path = format!("{CONVERSATIONS}/{id}/outcome");
        written(&world, &id, outcome(&world, "Je stopt met techniek.")).await;
        decided(&world, &id, "coach", "confirmOutcome", json!({ "version": 1 })).await;
        // The student does not: that is not what was said. The coach writes down what was.
        let read = world.get(&path).by("coach").send().await;
        let second = world.put(&path, outcome(&world, "Je twijfelt over techniek.")).by("coach").if_match(&read).send().await.ok();
        assert_eq!((&second["version"], &second["confirmations"]), (&json!(2), &json!([])), "what was confirmed does not carry over");
        let older = world.decide(CONVERSATIONS, &id, "confirmOutcome", json!({ "version": 1 })).by("student").send().await.with(409);
        assert_eq!((&older["code"], &older["currentVersion"]), (&json!("conversation.outcome-outdated"), &json!(2)));
        assert_eq!((&older["state"], &older["openDecisions"]), (&json!("held"), &json!(["confirmOutcome"])));
        let by_student = decided(&world, &id, "student", "confirmOutcome", json!({ "version": 2 })).await;
        assert_eq!(by_student["state"], "held", "the coach confirmed another version");
        assert_eq!(decided(&world, &id, "coach", "confirmOutcome", json!({ "version": 2 })).await["state"], "concluded");
        let versions = world.get(&format!("{path}/versions")).by("student").send().await.ok();
        let told: Vec<_> = versions["items"].as_array().unwrap().iter().map(|one| (one["summary"].clone(), one["counts"].clone())).collect();
        assert_eq!(told, [(json!("Je stopt met techniek."), json!(false)), (json!("Je twijfelt over techniek."), json!(true))]);
        assert_eq!(listed(&world, "goals").await.len(), 1, "of the version that counts alone");
    }

    async fn cv_2_of_two_who_write_an_outcome_at_once_one_is_told_that_the_other_did_and_nothing_is_lost(world: World) {
        let id = held(&world, &[]).await;
        let path = format!("{CONVERSATIONS}/{id}/outcome");
        written(&world, &id, outcome(&world, "Het begin.")).await;
        let read = world.get(&path).by("coach").send().await;
        let write = |text: &'static str| world.put(&path, outcome(&world, text)).by("coach").if_match(&read).send();
        let (one, other) = futures_util::join!(write("De een."), write("De ander."));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412]);
        let versions = world.get(&format!("{path}/versions")).by("student").send().await.ok();
        assert_eq!(versions["items"].as_array().unwrap().len(), 2);
        let kept = if one.status == 200 { "De een." } else { "De ander." };
        assert_eq!((&versions["items"][0]["summary"], &versions["items"][1]["summary"]), (&json!("Het begin."), &json!(kept)));
    }

    async fn cv_2_of_two_who_confirm_at_once_both_have_confirmed_and_it_counts_once(world: World) {
        let id = held(&world, &[]).await;
        for round in 0..4 {
            let id = if round == 0 { id.clone() } else { held_again(&world, &[]).await };
            written(&world, &id, outcome(&world, "Samen.")).await;
            let confirm = |by: &'static str| world.decide(CONVERSATIONS, &id, "confirmOutcome", json!({ "version": 1 })).by(by).send();
            let (one, other) = futures_util::join!(confirm("student"), confirm("coach"));
            assert_eq!((one.status, other.status), (200, 200), "{} {}", one.text, other.text);
            let seen = world.get(&format!("{CONVERSATIONS}/{id}")).by("student").send().await.ok();
            assert_eq!(seen["state"], "concluded");
            assert_eq!(listed(&world, "goals").await.len(), round + 1, "it counts once");
        }
    }

    async fn cv_2_everything_that_is_wrong_with_an_outcome_is_told_at_once_and_nothing_is_kept(world: World) {
        let id = held(&world, &[]).await;
        let mut wrong = outcome(&world, "Fout.");
        let agreement = json!({ "text": "Doen.", "ownerId": world.college.person("teacher"), "dueOn": "2199-01-01" });
        wrong["agreements"].as_array_mut().unwrap().push(agreement);
        let put = world.put(&format!("{CONVERSATIONS}/{id}/outcome"), wrong).by("coach").header("If-None-Match", "*");
        let found = put.send().await.faults();
        let found: Vec<_> = found.iter().map(|(pointer, code)| (pointer.as_str(), code.as_str())).collect();
        assert_eq!(
            found,
            [("/agreements/1/ownerId", "conversation.owner-not-present"), ("/agreements/1/dueOn", "conversation.due-out-of-range")]
        );
        assert_eq!(world.rows("SELECT CAST(count(*) AS text) AS row FROM conversation_outcomes"), ["0"]);
        let unheld = made(&world, talk(&world, &[], 1), "coach").await;
        let put = world.put(&format!("{CONVERSATIONS}/{unheld}/outcome"), outcome(&world, "Te vroeg."));
        let early = put.by("coach").header("If-None-Match", "*").send().await.with(409);
        assert_eq!((&early["code"], &early["state"]), (&json!("conversation.outcome-closed"), &json!("planned")));
    }

    async fn cv_2_who_becomes_coach_confirms_anew_and_the_coach_before_sees_nothing_any_more(world: World) {
        placed(&world, "student", "coach").await;
        let id = held_again(&world, &[]).await;
        written(&world, &id, outcome(&world, "Overgedragen.")).await;
        decided(&world, &id, "coach", "confirmOutcome", json!({ "version": 1 })).await;
        let proposal = json!({ "coachId": world.college.person("secondCoach"), "reason": "Verlof." });
        let path = format!("/students/{}/handovers", world.college.person("student"));
        let handover = world.post(&path, proposal).by("coach").send().await.created()["id"].as_str().unwrap().to_owned();
        assert_eq!(world.get(&format!("{CONVERSATIONS}/{id}")).by("secondCoach").send().await.status, 404, "nothing but the proposal");
        world.decide("/handovers", &handover, "accept", json!({})).by("secondCoach").send().await.ok();
        assert_eq!(world.get(&format!("{CONVERSATIONS}/{id}")).by("coach").send().await.status, 404);
        assert_eq!(decided(&world, &id, "student", "confirmOutcome", json!({ "version": 1 })).await["state"], "held");
        assert_eq!(decided(&world, &id, "secondCoach", "confirmOutcome", json!({ "version": 1 })).await["state"], "concluded");
    }

    async fn cv_1_what_is_still_open_comes_back_in_the_next_preparation_as_it_is_then(world: World) {
        let id = held(&world, &[]).await;
        concluded(&world, &id).await;
        let next = made(&world, talk(&world, &["teacher"], 3), "coach").await;
        let preparation = |by: &'static str| world.get(&format!("{CONVERSATIONS}/{next}/preparation")).by(by).send();
        for by in ["student", "coach"] {
            let open = preparation(by).await.ok();
            assert_eq!(open["openAgreements"][0]["conversationId"], json!(id), "{by}");
            assert_eq!(open["openLearningQuestions"][0]["conversationId"], json!(id), "{by}");
        }
        let of_teacher = preparation("teacher").await.ok();
        assert_eq!((&of_teacher["openAgreements"], &of_teacher["openLearningQuestions"]), (&json!([]), &json!([])));
        let agreement = listed(&world, "agreements").await[0]["id"].as_str().unwrap().to_owned();
        world.decide("/agreements", &agreement, "complete", json!({})).by("student").send().await.ok();
        assert_eq!(preparation("coach").await.ok()["openAgreements"], json!([]));
    }
}
