//! The leermeter (LM-1 to LM-4): what students are rated on, by whom, and what that says.

mod along;
mod asking;
mod demo;
mod frameworks;
mod growth;
mod invitations;
mod leaving;
mod mail;
mod picture;
mod rounds;
mod team;

use chrono::Days;
use domain::kernel::time::date_at;
use serde_json::{Value, json};

use crate::enrolment::placed;
use crate::harness::{Said, World};

const FRAMEWORKS: &str = "/competence-frameworks";

/// A framework with exactly the fields that one must give.
pub fn framework(world: &World) -> Value {
    let level = |level: u8, label| json!({ "level": level, "label": label, "description": "Wat je dan ziet." });
    json!({
        "landscapeId": world.college.landscape, "title": "Leermeter", "ownViewFirst": true,
        "scale": [level(1, "Beginnend"), level(2, "Gevorderd"), level(4, "Vakbekwaam")],
        "competences": [{ "code": "S-1", "title": "Werkt samen", "indicators": ["Vraagt wat de ander denkt."] }]
    })
}

fn with(content: &Value, field: &str, value: Value) -> Value {
    let mut content = content.clone();
    content[field] = value;
    content
}

async fn drafted(world: &World, content: Value) -> Value {
    world.post(FRAMEWORKS, content).by("landscapeManager").send().await.created()
}

pub async fn published(world: &World, content: Value) -> String {
    let id = drafted(world, content).await["id"].as_str().unwrap().to_owned();
    world.decide(FRAMEWORKS, &id, "publish", json!({})).by("landscapeManager").send().await.ok();
    id
}

fn codes(framework: &Value) -> Vec<&str> {
    framework["competences"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect()
}

/// A round of the student, for thirty days.
pub struct Round {
    pub id: String,
    pub framework: String,
    /// Of the framework, in its order.
    pub competences: Vec<Value>,
    /// Where the student's rounds are.
    pub rounds: String,
}

impl Round {
    /// By a framework that asks for the own view first, of a student who was just placed.
    pub async fn open(world: &World) -> Self {
        let framework = published(world, framework(world)).await;
        Self::open_by(world, framework).await
    }

    async fn open_by(world: &World, framework: String) -> Self {
        placed(world, "student", "coach").await;
        Self::again(world, framework).await
    }

    /// Of a student who is placed already.
    pub async fn again(world: &World, framework: String) -> Self {
        let rounds = format!("/students/{}/leermeter-rounds", world.college.person("student"));
        let found = world.get(&format!("/competence-frameworks/{framework}")).by("student").send().await.ok();
        let competences = found["competences"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect();
        let mut round = Self { id: String::new(), framework, competences, rounds };
        let opened = world.post(&round.rounds, round.content(world)).by("coach").send().await.created();
        round.id = opened["id"].as_str().unwrap().to_owned();
        round
    }

    /// Another by the same framework.
    pub async fn next(&self, world: &World) -> Self {
        Self::again(world, self.framework.clone()).await
    }

    fn content(&self, world: &World) -> Value {
        json!({ "frameworkId": self.framework, "title": "Ronde", "closesOn": date_at(world.now()) + Days::new(30) })
    }

    pub async fn rate(&self, world: &World, by: &str, ratings: Value) -> Said {
        world.post(&format!("/leermeter-rounds/{}/ratings", self.id), json!({ "ratings": ratings })).by(by).send().await
    }

    pub async fn seen(&self, world: &World, by: &str) -> Value {
        world.get(&format!("/leermeter-rounds/{}", self.id)).by(by).send().await.ok()
    }

    pub async fn ratings(&self, world: &World, by: &str) -> Vec<Value> {
        let listed = world.get(&format!("/leermeter-rounds/{}/ratings", self.id)).by(by).send().await.ok();
        listed["items"].as_array().unwrap().clone()
    }
}

/// A rating of one of the competences of a round.
pub fn rating(round: &Round, competence: usize, level: Option<u8>) -> Value {
    json!({ "competenceId": round.competences[competence], "level": level, "motivation": "Dat zag ik." })
}

pub fn level(round: &Round, competence: usize, level: u8) -> Value {
    rating(round, competence, Some(level))
}
