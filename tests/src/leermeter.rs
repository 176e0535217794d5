//! The leermeter (LM-1): what students are rated on.

mod demo;
mod frameworks;

use serde_json::{Value, json};

use crate::harness::World;

const FRAMEWORKS: &str = "/competence-frameworks";

/// A framework with exactly the fields that one must give.
fn framework(world: &World) -> Value {
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

async fn published(world: &World, content: Value) -> String {
    let id = drafted(world, content).await["id"].as_str().unwrap().to_owned();
    world.decide(FRAMEWORKS, &id, "publish", json!({})).by("landscapeManager").send().await.ok();
    id
}

fn codes(framework: &Value) -> Vec<&str> {
    framework["competences"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect()
}
