//! The conversations of the small college: of the first student, in every state, with the teacher and without, and one of care.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::small_college::SmallCollege;

/// What is said in them; marks are put in their place.
pub const TOLD: &str = "Besproken.";
pub const AGREED: &str = "Afgesproken.";
pub const PREPARED: &str = "Voorbereid.";
pub const MOVED: &str = "Verzet.";

impl SmallCollege {
    pub(super) async fn hold_conversations(&mut self) {
        for (name, kind, with_teacher) in [
            ("requestedTalk", "careerReflection", false),
            ("begunTalk", "careerReflection", false),
            ("plannedTalk", "careerReflection", true),
            ("cancelledTalk", "careerReflection", true),
            ("heldTalk", "leermeter", true),
            ("concludedTalk", "careerReflection", true),
            ("careTalk", "extraSupport", false),
        ] {
            self.begin_talk(name, kind, with_teacher).await;
        }
        let again = json!({ "startsAt": self.world.now() + TimeDelta::days(3), "reason": MOVED });
        self.decide("/conversations", self.thing("plannedTalk"), "move", again, "student").await;
        let cancel = json!({ "reason": "Ziek." });
        self.decide("/conversations", self.thing("cancelledTalk"), "cancel", cancel, "coach").await;
        for name in ["heldTalk", "concludedTalk", "careTalk"] {
            self.hold(name).await;
        }
        for (thing, list, place) in [
            ("goal", "goals", 0),
            ("reachedGoal", "goals", 1),
            ("question", "learning-questions", 0),
            ("agreement", "agreements", 0),
            ("teachersAgreement", "agreements", 1),
            ("careAgreement", "agreements", 2),
        ] {
            let listed = self.get(&format!("/students/{}/{list}", self.thing("student")), "student").await;
            let id = listed["items"][place]["id"].as_str().expect("an id").to_owned();
            self.things.insert(thing.to_owned(), id);
        }
        let listed = self.get(&format!("/students/{}/learning-questions", self.thing("student")), "student").await;
        let answered = listed["items"][1]["id"].as_str().expect("a question").to_owned();
        self.decide("/learning-questions", &answered, "answer", json!({ "text": "Zo." }), "student").await;
        self.decide("/goals", self.thing("reachedGoal"), "reach", json!({}), "student").await;
        self.world.wait(TimeDelta::minutes(10));
    }

    async fn begin_talk(&mut self, name: &str, kind: &str, with_teacher: bool) {
        let participants: Vec<Value> = with_teacher.then(|| json!(self.thing("teacher"))).into_iter().collect();
        let mut talk = json!({
            "kind": kind, "studentId": self.thing("student"), "participantIds": participants, "minutes": 30, "place": "Spreekkamer"
        });
        match name {
            "begunTalk" => talk["startsAt"] = json!(self.world.now() + TimeDelta::minutes(5)),
            "plannedTalk" | "cancelledTalk" => talk["startsAt"] = json!(self.world.now() + TimeDelta::days(2)),
            _ => {}
        }
        if ["plannedTalk", "concludedTalk"].contains(&name) {
            talk["placementId"] = json!(self.thing("placement"));
        }
        let made = self.world.post("/conversations", talk).by("coach").send().await.created();
        let id = made["id"].as_str().expect("an id").to_owned();
        self.things.insert(name.to_owned(), id.clone());
        for by in ["student", "coach", "teacher"].into_iter().filter(|by| with_teacher || *by != "teacher") {
            let prepared = json!({ "topics": [PREPARED], "questions": [PREPARED] });
            let put = self.world.put(&format!("/conversations/{id}/preparation"), prepared);
            put.by(by).header("If-None-Match", "*").send().await.created();
        }
    }

    /// Holds it and writes what came out; one of them is left to be confirmed.
    async fn hold(&self, name: &str) {
        let id = self.thing(name).to_owned();
        let held = json!({ "faceToFace": true, "startsAt": self.world.now() - TimeDelta::hours(1) });
        self.decide("/conversations", &id, "markHeld", held, "coach").await;
        let agreement =
            |owner: &str| json!({ "text": AGREED, "ownerId": self.thing(owner), "dueOn": self.world.now().date_naive() });
        let agreements =
            if name == "careTalk" { vec![agreement("student")] } else { vec![agreement("student"), agreement("teacher")] };
        let outcome = json!({
            "summary": TOLD, "agreements": agreements, "goals": [{ "title": TOLD }, { "title": TOLD }],
            "learningQuestions": [{ "text": TOLD }, { "text": TOLD }], "careerSteps": [{ "text": TOLD }]
        });
        let put = self.world.put(&format!("/conversations/{id}/outcome"), outcome);
        put.by("coach").header("If-None-Match", "*").send().await.created();
        if name == "heldTalk" {
            return;
        }
        for by in ["student", "coach"] {
            self.decide("/conversations", &id, "confirmOutcome", json!({ "version": 1 }), by).await;
        }
    }
}
