//! The growth of a team, for who sees no single student in it (LM-4).

use chrono::{Days, TimeDelta};
use domain::kernel::time::date_at;
use serde_json::{Value, json};

use super::{framework, published};
use crate::both;
use crate::enrolment::placed;
use crate::harness::World;

const STUDENTS: [&str; 6] = ["first", "second", "third", "fourth", "fifth", "sixth"];

/// A round of this student for so many days.
async fn opened(world: &World, framework: &str, student: &str, days: u64) -> String {
    let new = json!({ "frameworkId": framework, "title": "Ronde", "closesOn": date_at(world.now()) + Days::new(days) });
    let rounds = format!("/students/{}/leermeter-rounds", world.college.person(student));
    world.post(&rounds, new).by(student).send().await.created()["id"].as_str().expect("an id").to_owned()
}

async fn rates(world: &World, round: &str, competence: &Value, by: &str, level: u8) {
    let said = json!({ "ratings": [{ "competenceId": competence, "level": level, "motivation": "Zo zie ik het." }] });
    world.post(&format!("/leermeter-rounds/{round}/ratings"), said).by(by).send().await.created();
}

async fn decided(world: &World, round: &str, decision: &str, by: &str) {
    world.decide("/leermeter-rounds", round, decision, json!({})).by(by).send().await.ok();
}

/// A round of this student in which they rate the first competence so, and close it.
async fn rated(world: &World, framework: &str, competence: &Value, student: &str, level: u8) -> String {
    let id = opened(world, framework, student, 200).await;
    rates(world, &id, competence, student, level).await;
    decided(world, &id, "close", student).await;
    id
}

/// A framework and its first competence, with six students who are placed.
async fn rated_on(world: &mut World) -> (String, Value) {
    for student in STUDENTS {
        world.college.enter(&world.location, student, &[]);
        placed(world, student, "coach").await;
    }
    let framework = published(world, framework(world)).await;
    let found = world.get(&format!("/competence-frameworks/{framework}")).by("coach").send().await.ok();
    let competence = found["competences"][0]["id"].clone();
    (framework, competence)
}

async fn points(world: &World, by: &str) -> Value {
    let path = format!("/teams/{}/leermeter", world.college.team);
    world.get(&path).by(by).send().await.ok()["competences"][0]["points"].clone()
}

both! {
    async fn lm_4_of_a_team_its_leader_is_told_averages_and_the_manager_counts_behind_which_five_students_stand(world: World) {
        let mut world = world;
        let (framework, competence) = rated_on(&mut world).await;
        let path = format!("/teams/{}/leermeter", world.college.team);
        let nothing = world.get(&path).by("teamLeader").send().await.ok();
        assert_eq!((&nothing["frameworkId"], &nothing["competences"]), (&Value::Null, &json!([])));
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

    async fn lm_4_what_is_told_of_a_month_does_not_change_when_one_round_ends_late_or_is_opened_again(world: World) {
        let mut world = world;
        let (framework, competence) = rated_on(&mut world).await;
        let mut rounds = Vec::new();
        for (student, level) in STUDENTS.into_iter().zip([1, 1, 2, 2, 4]) {
            rounds.push(rated(&world, &framework, &competence, student, level).await);
        }
        let late = opened(&world, &framework, "sixth", 150).await;
        rates(&world, &late, &competence, "sixth", 4).await;
        rates(&world, &late, &competence, "coach", 4).await;
        world.wait(TimeDelta::days(40));
        let before = points(&world, "teamLeader").await;
        let told = before.as_array().unwrap();
        assert_eq!((told.len(), &told[0]["students"], &told[0]["mean"]), (1, &json!(5), &json!(1.8)));
        decided(&world, &late, "close", "sixth").await;
        decided(&world, &rounds[0], "open", "first").await;
        rates(&world, &rounds[0], &competence, "first", 4).await;
        assert_eq!(points(&world, "teamLeader").await, before, "a month that goes on");
        decided(&world, &rounds[0], "close", "first").await;
        decided(&world, &rounds[1], "open", "second").await;
        rates(&world, &rounds[1], &competence, "second", 4).await;
        world.wait(TimeDelta::days(40));
        assert_eq!(points(&world, "teamLeader").await, before, "of two students nothing is told, and of the month before the same");
        for student in &STUDENTS[2..5] {
            rated(&world, &framework, &competence, student, 4).await;
        }
        for student in ["first", "sixth"] {
            rated(&world, &framework, &competence, student, 4).await;
        }
        world.wait(TimeDelta::days(40));
        let after = points(&world, "teamLeader").await;
        assert_eq!((&after[0], &after[1]["mean"]), (&before[0], &json!(4.0)), "{after}");
    }
}
