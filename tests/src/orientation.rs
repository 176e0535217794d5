//! From a first visit to the decision on an application (IN-1 to IN-4).

mod activities;
mod applications;
mod central;
mod registrations;
mod sights;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::harness::{World, findings};

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn words(value: &Value) -> Vec<&str> {
    value.as_array().expect("a list").iter().map(|word| word.as_str().expect("a word")).collect()
}

/// With what `more` says instead or besides.
fn with(mut body: Value, more: Value) -> Value {
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    body
}

/// A shadow day of the landscape here, next week.
pub fn shadow_day(world: &World, capacity: u16) -> Value {
    shadow_day_on(world, world.now() + TimeDelta::days(7), capacity)
}

/// A shadow day of the landscape here, that begins then.
fn shadow_day_on(world: &World, starts_at: DateTime<Utc>, capacity: u16) -> Value {
    json!({
        "kind": "shadowDay", "title": "Meeloopdag Zorg", "landscapeId": world.college.landscape, "startsAt": starts_at,
        "endsAt": starts_at + TimeDelta::hours(6), "place": "Praktijklokaal 3", "capacity": capacity
    })
}

fn prospect(given_name: &str) -> Value {
    json!({"givenName": given_name, "familyName": "Bos", "birthDate": "2011-02-03", "email": "sem@voorbeeld.nl"})
}

/// Offers an activity; answers its id.
pub async fn offer(world: &World, activity: Value) -> String {
    text(&world.post("/orientation-activities", activity).by("scout").send().await.created()["id"])
}

/// Registers someone; answers the registration with its secret.
pub async fn register(world: &World, activity: &str, given_name: &str) -> Value {
    world.post(&format!("/orientation-activities/{activity}/registrations"), prospect(given_name)).send().await.created()
}

pub fn application(world: &World) -> Value {
    json!({
        "landscapeId": world.college.landscape, "givenName": "Noor", "familyName": "de Wit", "birthDate": "2010-05-04",
        "email": "noor@voorbeeld.nl", "motivation": "Ik wil mensen helpen."
    })
}

/// Applies without an account; answers the id.
pub async fn apply(world: &World) -> String {
    text(&world.post("/applications", application(world)).send().await.created()["id"])
}

/// A decision that succeeds wherever the state allows it.
pub fn facts(world: &World, decision: &str) -> Value {
    let college = &world.college;
    match decision {
        "assignScout" => json!({ "scoutId": college.person("scout") }),
        "planInterview" => json!({ "startsAt": world.now() + TimeDelta::days(2), "place": "A1.04" }),
        "recordInterview" | "correctInterview" => findings(),
        "place" => json!({
            "teamId": college.team, "coachId": college.person("coach"), "crebo": "25656", "route": "bol",
            "startsOn": world.now().date_naive()
        }),
        "redirect" => json!({ "landscapeId": college.other_landscape, "reason": "Techniek past beter" }),
        "adviseOrientation" => json!({ "advice": "Loop een dag mee" }),
        "withdraw" => json!({ "reason": "Toch naar een andere school" }),
        other => panic!("{other}"),
    }
}

/// Takes these decisions, all as the scout; answers the application after the last.
pub async fn decided(world: &World, id: &str, decisions: &[&str]) -> Value {
    let mut after = Value::Null;
    for decision in decisions {
        after = world.decide("/applications", id, decision, facts(world, decision)).by("scout").send().await.ok();
    }
    after
}

pub const UP_TO_INTERVIEW: [&str; 3] = ["assignScout", "planInterview", "recordInterview"];
