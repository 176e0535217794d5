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

const CARE: &[u8] = include_bytes!("../../api/src/demo/dossiers/zorg.xml");

/// Takes up a dossier; answers it as it is shown.
async fn taken_up(world: &World, file: &[u8]) -> Value {
    upload(world, "dossier", file, false).send().await.created();
    let page = world.get("/qualification-dossiers").by("coach").send().await.ok();
    let path = page["items"][0]["link"].as_str().unwrap().replacen("/v1", "", 1);
    world.get(&path).by("coach").send().await.ok()
}

/// The ids of the work processes of core tasks, by their codes.
fn processes_of(of: &Value) -> Vec<(String, String)> {
    let list = |things: &Value| things.as_array().unwrap().clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let processes = list(&of["coreTasks"]).into_iter().flat_map(|task| list(&task["workProcesses"]));
    processes.map(|process| (text(&process["code"]), text(&process["id"]))).collect()
}

/// Takes up the invented dossier of care; the ids of its work processes by their codes.
pub async fn work_processes(world: &World) -> Vec<(String, String)> {
    let dossier = taken_up(world, CARE).await;
    let own = dossier["qualifications"].as_array().unwrap().iter().flat_map(processes_of);
    processes_of(&dossier).into_iter().chain(own).collect()
}

/// A crebo, and the work processes of its qualification, by their codes: of the real dossier of pedagogical work where
/// `LEERLOOPBAAN_SHARED` names a folder that has it, of the invented one of care otherwise.
pub async fn qualification(world: &World) -> (String, Vec<(String, String)>) {
    let real = std::env::var_os("LEERLOOPBAAN_SHARED")
        .map(|folder| std::path::Path::new(&folder).join("data/sbb/2635-pedagogisch-werk.xml"));
    let file = real.map_or_else(
        || {
            eprintln!("LEERLOOPBAAN_SHARED names no folder with real dossiers: an invented one is taken");
            CARE.to_vec()
        },
        |path| std::fs::read(path).expect("the dossier"),
    );
    let dossier = taken_up(world, &file).await;
    let first = &dossier["qualifications"][0];
    let processes = processes_of(&dossier).into_iter().chain(processes_of(first)).collect();
    (first["crebo"].as_str().unwrap().to_owned(), processes)
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
