//! The growth of a team, for who sees no single student in it (LM-4).

use chrono::{Days, TimeDelta};
use domain::kernel::time::date_at;
use serde_json::{Value, json};

use super::{framework, published};
use crate::both;
use crate::enrolment::placed;
use crate::harness::World;

const STUDENTS: [&str; 6] = ["first", "second", "third", "fourth", "fifth", "sixth"];

/// A round of this student in which they rate the first competence so, and close it.
async fn rated(world: &World, framework: &str, competence: &Value, student: &str, level: u8) {
    let new = json!({ "frameworkId": framework, "title": "Ronde", "closesOn": date_at(world.now()) + Days::new(3) });
    let rounds = format!("/students/{}/leermeter-rounds", world.college.person(student));
    let id = world.post(&rounds, new).by(student).send().await.created()["id"].as_str().expect("an id").to_owned();
    let said = json!({ "ratings": [{ "competenceId": competence, "level": level, "motivation": "Zo zie ik het." }] });
    world.post(&format!("/leermeter-rounds/{id}/ratings"), said).by(student).send().await.created();
    world.decide("/leermeter-rounds", &id, "close", json!({})).by(student).send().await.ok();
}

async fn points(world: &World, by: &str) -> Value {
    let path = format!("/teams/{}/leermeter", world.college.team);
    world.get(&path).by(by).send().await.ok()["competences"][0]["points"].clone()
}

both! {
    async fn lm_4_of_a_team_its_leader_is_told_averages_and_the_manager_counts_behind_which_five_students_stand(world: World) {
        let mut world = world;
        for student in STUDENTS {
            world.college.enter(&world.location, student, &[]);
            placed(&world, student, "coach").await;
        }
        let path = format!("/teams/{}/leermeter", world.college.team);
        let nothing = world.get(&path).by("teamLeader").send().await.ok();
        assert_eq!((&nothing["frameworkId"], &nothing["competences"]), (&Value::Null, &json!([])));
        let framework = published(&world, framework(&world)).await;
        let found = world.get(&format!("/competence-frameworks/{framework}")).by("coach").send().await.ok();
        let competence = found["competences"][0]["id"].clone();
        for student in &STUDENTS[..4] {
            rated(&world, &framework, &competence, student, 1).await;
        }
        world.wait(TimeDelta::days(40));
        assert_eq!(points(&world, "teamLeader").await, json!([]), "four are too few");
        for (student, level) in STUDENTS.into_iter().zip([1, 1, 1, 2, 2, 4]) {
            rated(&world, &framework, &competence, student, level).await;
        }
        assert_eq!(points(&world, "teamLeader").await, json!([]), "the month is not over");
        world.wait(TimeDelta::days(40));
        let told = points(&world, "teamLeader").await;
        assert_eq!((told[0]["raterKind"].as_str(), &told[0]["students"], &told[0]["mean"]), (Some("self"), &json!(5), &json!(1.7)));
        assert_eq!(told.as_array().unwrap().len(), 1, "and still nothing of the four");
        let counted = points(&world, "landscapeManager").await;
        assert_eq!((&counted[0]["students"], &counted[0]["mean"]), (&json!(5), &Value::Null));
        for by in ["coach", "teacher", "first", "director", "otherTeamLeader", "otherLandscapeManager"] {
            assert_eq!(world.get(&path).by(by).send().await.status, 404, "{by}");
        }
    }
}
