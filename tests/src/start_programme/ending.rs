//! What becomes of a programme when its enrolment ends first: a switch, a leaving or a diploma leaves none open.

use chrono::Days;
use domain::start_programme::SchoolYear;
use serde_json::{Value, json};

use super::{begun, do_week, starts, template};
use crate::both;
use crate::harness::World;

/// The other landscape has published a template of its own for the year; its id.
async fn published_there(world: &World, year: SchoolYear) -> String {
    let mut content = template(world, year);
    content["landscapeId"] = json!(world.college.other_landscape);
    let by = "otherLandscapeManager";
    let drafted = world.post("/start-programme-templates", content).by(by).send().await.created();
    let id = drafted["id"].as_str().unwrap().to_owned();
    world.decide("/start-programme-templates", &id, "publish", json!({})).by(by).send().await.ok();
    id
}

async fn decided(world: &World, enrolment: &str, by: &str, decision: &str, facts: Value) -> Value {
    world.decide("/enrolments", enrolment, decision, facts).by(by).send().await.ok()
}

fn leaving(world: &World) -> Value {
    let left_on = domain::kernel::time::date_at(world.now()).to_string();
    json!({ "leftOn": left_on, "reason": "Verhuisd.", "destination": "Een baan", "basicQualification": false })
}

async fn nothing_can_be_done_in(world: &World, programme: &str, state: &str) {
    let reflection = world.put(&format!("{programme}/weeks/1/reflection"), json!({ "text": "Toch nog." }));
    let late = reflection.by("student").header("If-Match", "*").send().await.with(409);
    assert_eq!((late["code"].as_str(), late["state"].as_str()), (Some("start-programme.decision-not-open"), Some(state)));
}

/// What was told of enrolments and programmes, in order.
fn told(world: &World) -> Vec<String> {
    world.rows(
        "SELECT subject || ' ' || what AS row FROM events WHERE subject IN ('enrolment', 'startProgramme') ORDER BY position",
    )
}

both! {
    async fn sp_4_after_a_switch_the_new_landscapes_programme_goes_on_with_the_credited_weeks_done(world: World) {
        let (monday, enrolment, path) = begun(&world).await;
        let template_there = published_there(&world, SchoolYear::of(monday)).await;
        for week in [1, 2, 3] {
            do_week(&world, &path, week).await;
        }
        world.wait(chrono::TimeDelta::days(28));
        let wish = json!({ "landscapeId": world.college.other_landscape, "motivation": "Ik bouw liever." });
        let asked = decided(&world, &enrolment.to_string(), "student", "requestSwitch", wish).await;
        let switch = asked["switchId"].as_str().unwrap();
        let acceptance = json!({
            "teamId": world.college.other_team, "coachId": world.college.person("otherCoach"), "crebo": "25266",
            "creditedWeeks": 2, "startsOn": monday + Days::new(28)
        });
        let accepted = world.decide("/switches", switch, "accept", acceptance).by("otherCoach").send().await.ok();

        let old = world.get(&path).by("student").send().await.ok();
        assert_eq!((&old["state"], &old["outcome"], &old["endedAt"]), (&json!("switched"), &Value::Null, &accepted["answeredAt"]));
        nothing_can_be_done_in(&world, &path, "switched").await;

        let new = format!("/enrolments/{}/start-programme", accepted["newEnrolmentId"].as_str().unwrap());
        let new = world.get(&new).by("otherCoach").send().await.ok();
        assert_eq!((&new["state"], &new["templateId"]), (&json!("running"), &json!(template_there)));
        assert_eq!((&new["week"], &new["behindBy"]), (&json!(3), &json!(0)), "the week that suits is the third");
        let weeks = new["weeks"].as_array().unwrap();
        for (number, week) in (1..).zip(weeks) {
            let credited = number <= 2;
            assert_eq!((&week["credited"], &week["done"]), (&json!(credited), &json!(credited)), "{number}");
            let done = week["activities"].as_array().unwrap().iter().all(|activity| activity["done"] == credited);
            assert!(done && week["reflection"].is_null(), "what was written stays with the old programme: {number}");
        }
        assert_eq!(starts(&new)[..4], [14, 21, 28, 35].map(|days| monday + Days::new(days)));
        do_week(&world, &format!("/start-programmes/{}", new["id"].as_str().unwrap()), 3).await;
    }

    async fn sp_5_who_leaves_outside_the_conversation_has_a_programme_closed_for_that_reason(world: World) {
        let (_, enrolment, path) = begun(&world).await;
        let enrolment = enrolment.to_string();
        let mut wrong = leaving(&world);
        wrong["leftOn"] = json!("2001-01-01");
        world.decide("/enrolments", &enrolment, "leave", wrong).by("coach").send().await.with(400);
        assert_eq!(world.get(&path).by("coach").send().await.ok()["state"], "running", "a refusal ends nothing");

        let left = decided(&world, &enrolment, "teamLeader", "leave", leaving(&world)).await;
        let closed = world.get(&path).by("student").send().await.ok();
        assert_eq!((&closed["state"], &closed["outcome"]), (&json!("closed"), &json!("leave")));
        assert_eq!((&closed["motivation"], &closed["endedAt"]), (&json!("Verhuisd."), &left["endedAt"]));
        assert_eq!(told(&world), ["enrolment placed", "startProgramme started", "enrolment left", "startProgramme closed"]);
        nothing_can_be_done_in(&world, &path, "closed").await;
    }

    async fn sp_5_who_graduates_before_the_close_has_a_programme_that_ended_with_the_diploma(world: World) {
        let (_, enrolment, path) = begun(&world).await;
        let enrolment = enrolment.to_string();
        do_week(&world, &path, 1).await;
        decided(&world, &enrolment, "student", "stateMotivation", json!({ "motivation": "Ik wil verder." })).await;
        decided(&world, &enrolment, "coach", "confirm", json!({})).await;
        assert_eq!(world.get(&path).by("coach").send().await.ok()["state"], "running", "definitive or not, it goes on");
        let graduated_on = domain::kernel::time::date_at(world.now()).to_string();
        let graduated = decided(&world, &enrolment, "coach", "graduate", json!({ "graduatedOn": graduated_on })).await;

        let ended = world.get(&path).by("student").send().await.ok();
        assert_eq!((&ended["state"], &ended["openDecisions"]), (&json!("graduated"), &json!([])));
        assert_eq!((&ended["outcome"], &ended["motivation"]), (&Value::Null, &Value::Null), "nobody decided that it ends");
        assert_eq!((&ended["endedAt"], &ended["behindBy"]), (&graduated["endedAt"], &Value::Null));
        assert_eq!(ended["weeks"][0]["done"], true, "what was done stays");
        assert_eq!(told(&world).split_last_chunk::<2>().unwrap().1, &["enrolment graduated", "startProgramme graduated"]);
        let listed = world.get("/start-programmes?state=graduated").by("student").send().await.ok();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);
        nothing_can_be_done_in(&world, &path, "graduated").await;
    }

    async fn sp_5_a_programme_that_was_closed_by_then_stays_as_it_was_decided(world: World) {
        let (_, enrolment, path) = begun(&world).await;
        let enrolment = enrolment.to_string();
        decided(&world, &enrolment, "student", "stateMotivation", json!({ "motivation": "Ik wil verder." })).await;
        let close = json!({ "outcome": "continue", "motivation": "Het past." });
        let closed = world.decide("/start-programmes", path.rsplit('/').next().unwrap(), "close", close).by("coach").send().await.ok();
        decided(&world, &enrolment, "coach", "leave", leaving(&world)).await;
        let seen = world.get(&path).by("student").send().await.ok();
        assert_eq!((&seen["version"], &seen["outcome"], &seen["motivation"]), (&closed["version"], &json!("continue"), &json!("Het past.")));
    }
}
