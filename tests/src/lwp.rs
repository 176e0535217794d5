//! Leerwerkprestaties (CU-2 to CU-5): how teams write, share and review them.

mod assignments;
mod coverage;
mod library;
mod reviews;
mod weeks;

use serde_json::{Value, json};

use crate::harness::World;
use crate::imports::upload;

const LWPS: &str = "/lwps";

/// Takes up the invented dossier of care; the ids of its work processes by their codes.
pub async fn work_processes(world: &World) -> Vec<(String, String)> {
    let file = include_bytes!("../../api/src/demo/dossiers/zorg.xml");
    upload(world, "dossier", file, false).send().await.created();
    let page = world.get("/qualification-dossiers").by("coach").send().await.ok();
    let path = page["items"][0]["link"].as_str().unwrap().replacen("/v1", "", 1);
    let dossier = world.get(&path).by("coach").send().await.ok();
    let of = |tasks: &Value| tasks.as_array().unwrap().clone();
    let mut tasks = of(&dossier["coreTasks"]);
    tasks.extend(dossier["qualifications"].as_array().unwrap().iter().flat_map(|one| of(&one["coreTasks"])));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let processes = tasks.iter().flat_map(|task| of(&task["workProcesses"]));
    processes.map(|process| (text(&process["code"]), text(&process["id"]))).collect()
}

/// An LWP of the team of `teacher`, with exactly the fields that one must give.
pub fn meal(world: &World, process: &str) -> Value {
    json!({
        "teamId": world.college.team, "title": "Een maaltijd voor tien", "situation": "Op de dagopvang eten tien bewoners samen.",
        "product": "Een maaltijd die iedereen kan eten.", "criteria": ["Iedereen kan meedoen."], "workProcessIds": [process],
        "careerCompetences": ["qualities", "workExploration"], "level": 3
    })
}

fn with(content: &Value, field: &str, value: Value) -> Value {
    let mut content = content.clone();
    content[field] = value;
    content
}

async fn drafted(world: &World, content: Value, by: &str) -> String {
    world.post(LWPS, content).by(by).send().await.created()["id"].as_str().unwrap().to_owned()
}

pub async fn published(world: &World, content: Value, by: &str) -> String {
    let id = drafted(world, content, by).await;
    world.decide(LWPS, &id, "publish", json!({})).by(by).send().await.ok();
    id
}
