//! What follows from conversations: goals, learning questions and agreements, traceable both ways (CV-4).

use serde_json::{Value, json};

use super::{CONVERSATIONS, concluded, held, outcome, written};
use crate::both;
use crate::harness::World;
use crate::lwp::{meal, published, work_processes};

async fn first(world: &World, list: &str) -> Value {
    let path = format!("/students/{}/{list}", world.college.person("student"));
    world.get(&path).by("student").send().await.ok()["items"][0].clone()
}

fn id(view: &Value) -> String {
    view["id"].as_str().unwrap().to_owned()
}

both! {
    async fn cv_4_a_learning_question_becomes_a_goal_that_is_traced_back_to_its_conversation(world: World) {
        let talk = held(&world, &[]).await;
        concluded(&world, &talk).await;
        let question = first(&world, "learning-questions").await;
        assert_eq!(question["openDecisions"], json!(["makeGoal", "makeLwp", "answer", "drop"]));
        let made = world.decide("/learning-questions", &id(&question), "makeGoal", json!({ "title": "Talen inzetten" }));
        let made = made.by("student").send().await.ok();
        assert_eq!(made["state"], "becameGoal");
        let goal = world.get(&format!("/goals/{}", made["goalId"].as_str().unwrap())).by("coach").send().await.ok();
        assert_eq!((&goal["learningQuestionId"], &goal["conversationId"]), (&question["id"], &json!(talk)));
        let again = world.decide("/learning-questions", &id(&question), "drop", json!({})).by("coach").send().await.with(409);
        assert_eq!((&again["code"], &again["state"]), (&json!("conversation.decision-not-open"), &json!("becameGoal")));
        let reached = world.decide("/goals", &id(&goal), "reach", json!({})).by("student").send().await.ok();
        assert_eq!((&reached["state"], &reached["openDecisions"]), (&json!("reached"), &json!(["reopen"])));
        let path = format!("/students/{}/goals?state=open", world.college.person("student"));
        let open = world.get(&path).by("coach").send().await.ok();
        assert_eq!(open["items"].as_array().unwrap().len(), 1, "the goal of the conversation itself");
    }

    async fn cv_4_a_learning_question_becomes_an_lwp_of_the_same_student_and_an_lwp_has_one_question(world: World) {
        let talk = held(&world, &[]).await;
        let mut said = outcome(&world, "Twee vragen.");
        said["learningQuestions"].as_array_mut().unwrap().push(json!({ "text": "En met rekenen?" }));
        written(&world, &talk, said).await;
        for by in ["student", "coach"] {
            world.decide(CONVERSATIONS, &talk, "confirmOutcome", json!({ "version": 1 })).by(by).send().await.ok();
        }
        let processes = work_processes(&world).await;
        let lwp = published(&world, meal(&world, &processes[0].1), "teacher").await;
        let new = json!({ "studentId": world.college.person("student"), "lwpId": lwp, "dueOn": super::in_days(&world, 9).date_naive() });
        let assignment = id(&world.post("/lwp-assignments", new).by("coach").send().await.created());
        let path = format!("/students/{}/learning-questions", world.college.person("student"));
        let asked = world.get(&path).by("coach").send().await.ok()["items"].as_array().unwrap().clone();
        let make = |question: &Value, lwp: String| world.decide("/learning-questions", &id(question), "makeLwp", json!({ "lwpAssignmentId": lwp }));
        let unknown = vec![("/lwpAssignmentId".to_owned(), "request.unknown-reference".to_owned())];
        assert_eq!(make(&asked[0], uuid::Uuid::nil().to_string()).by("coach").send().await.faults(), unknown);
        let made = make(&asked[0], assignment.clone()).by("coach").send().await.ok();
        assert_eq!((&made["state"], &made["lwpAssignmentId"]), (&json!("becameLwp"), &json!(assignment)));
        assert_eq!(make(&asked[1], assignment).by("coach").send().await.faults(), unknown, "it works on another question");
    }

    async fn cv_2_an_agreement_is_kept_by_its_owner_and_by_nobody_who_only_took_part(world: World) {
        let talk = held(&world, &["teacher"]).await;
        let mut said = outcome(&world, "Twee afspraken.");
        let theirs = json!({ "text": "Ik zoek een plek.", "ownerId": world.college.person("teacher") });
        said["agreements"].as_array_mut().unwrap().push(theirs);
        written(&world, &talk, said).await;
        for by in ["coach", "student"] {
            world.decide(CONVERSATIONS, &talk, "confirmOutcome", json!({ "version": 1 })).by(by).send().await.ok();
        }
        let path = format!("/students/{}/agreements", world.college.person("student"));
        let seen = world.get(&path).by("teacher").send().await.ok()["items"].as_array().unwrap().clone();
        assert_eq!((&seen[0]["openDecisions"], &seen[1]["openDecisions"]), (&json!([]), &json!(["complete", "drop"])));
        assert_eq!((&seen[0]["overdue"], &seen[1]["dueOn"]), (&json!(false), &Value::Null));
        let of_another = world.decide("/agreements", &id(&seen[0]), "complete", json!({})).by("teacher").send().await;
        assert_eq!(of_another.problem(403), "conversation.not-yours-to-keep");
        let own = world.decide("/agreements", &id(&seen[1]), "complete", json!({})).by("teacher").send().await.ok();
        assert_eq!((&own["state"], &own["openDecisions"]), (&json!("completed"), &json!([])));
        world.wait(chrono::TimeDelta::days(9));
        let late = world.get(&format!("/agreements/{}", id(&seen[0]))).by("student").send().await.ok();
        assert_eq!(late["overdue"], true);
        assert_eq!(world.get(&path).by("otherTeacher").send().await.status, 404);
    }
}
