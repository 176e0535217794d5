//! What a student takes along of the leermeter (PF-6, LM-3).

use serde_json::{Value, json};

use super::{Round, level};
use crate::both;
use crate::evidence::archive::unpacked;

const SCHEMA: &str = include_str!("../../../openapi/portfolio-archive-leermeter.schema.json");

both! {
    async fn pf_6_of_the_leermeter_the_student_takes_along_what_they_may_see_and_no_word_that_is_held_back(world: World) {
        let round = Round::open(&world).await;
        round.rate(&world, "student", json!([level(&round, 0, 2)])).await.created();
        let said = |competence: usize, words: &str| json!({ "competenceId": round.competences[competence], "level": 4, "motivation": words });
        round.rate(&world, "coach", json!([said(0, "Je luistert goed."), said(1, "Nog niet voor jouw ogen.")])).await.created();
        let path = format!("/students/{}/portfolio-archive", world.college.person("student"));
        let files = unpacked(&world.get(&path).by("student").send().await.bytes);
        let schema = jsonschema::validator_for(&serde_json::from_str(SCHEMA).expect("JSON")).expect("a schema");
        assert_eq!(files["portfolio-archive-leermeter.schema.json"], SCHEMA.as_bytes());
        let along: Value = serde_json::from_slice(&files["leermeter/0001.json"]).expect("JSON");
        let wrong: Vec<_> = schema.iter_errors(&along).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
        assert_eq!(along["ratings"].as_array().expect("ratings").len(), 2);
        for (name, content) in &files {
            assert!(!String::from_utf8_lossy(content).contains("voor jouw ogen"), "{name} tells what is held back");
        }
        let page = String::from_utf8_lossy(&files["index.html"]).into_owned();
        assert!(page.contains("Je luistert goed.") && page.contains("Vakbekwaam"), "{page}");
    }
}
