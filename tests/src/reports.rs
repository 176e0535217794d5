//! Counts for those who see no single student: the landscape's manager and the director (RP-1).

use domain::start_programme::SchoolYear;
use serde_json::{Value, json};

use crate::both;
use crate::harness::World;
use crate::start_programme::{applied_and_placed, published, template, until_september};

/// The counts that someone is told, of this landscape; none where they are told of none.
async fn counted(world: &World, indicator: &str, by: &str, landscape: &str) -> Option<Value> {
    let report = world.get(&format!("/reports/{indicator}")).by(by).send().await.ok();
    assert_eq!((&report["indicator"], report["definition"].is_string()), (&json!(indicator), true));
    let mut landscapes = report["landscapes"].as_array().unwrap().iter();
    landscapes.find(|one| one["landscapeId"] == landscape).cloned()
}

/// The count of a group; null where it is not told.
fn group<'a>(counts: &'a Value, name: &str) -> &'a Value {
    let mut groups = counts["groups"].as_array().unwrap().iter();
    &groups.find(|group| group["group"] == name).expect("the group")["count"]
}

/// Six students begin the landscape's programme; their enrolments.
async fn six_begin(world: &World) -> Vec<String> {
    let monday = until_september(world);
    published(world, template(world, SchoolYear::of(monday))).await;
    let mut enrolments = Vec::new();
    for number in 0..6 {
        enrolments.push(applied_and_placed(world, &format!("student{number}@example.org"), monday).await);
    }
    enrolments
}

both! {
    async fn rp_1_a_manager_counts_the_own_landscape_and_a_director_all_of_them(world: World) {
        six_begin(&world).await;
        let (here, there) = (&world.college.landscape, &world.college.other_landscape);
        for (indicator, name) in [("applications", "placed"), ("enrolments", "provisional"), ("start-programmes", "onTrack")] {
            for by in ["landscapeManager", "director"] {
                let counts = counted(&world, indicator, by, here).await.unwrap();
                assert_eq!((&counts["total"], group(&counts, name)), (&json!(6), &json!(6)), "{indicator} by {by}");
                let all: i64 = counts["groups"].as_array().unwrap().iter().map(|group| group["count"].as_i64().unwrap()).sum();
                assert_eq!(all, 6, "{indicator}: everyone is in one group");
            }
            for by in ["otherLandscapeManager", "teamLeader", "coach", "student", "administrator", "dashboard"] {
                assert_eq!(counted(&world, indicator, by, here).await, None, "{indicator} by {by}");
            }
        }
        let elsewhere = json!({
            "landscapeId": there, "givenName": "Bo", "familyName": "Bos", "birthDate": "2009-05-04",
            "email": "bo@example.org", "motivation": "Ik bouw graag."
        });
        world.post("/applications", elsewhere).send().await.created();
        let few = counted(&world, "applications", "director", there).await.unwrap();
        assert!(few["total"].is_null() && few["groups"].as_array().unwrap().iter().all(|group| group["count"].is_null()));
        let dutch = world.get("/reports/enrolments?schoolYear=2019-2020").by("director").header("Accept-Language", "nl").send().await.ok();
        assert_eq!((&dutch["landscapes"], &dutch["period"]["firstOn"]), (&json!([]), &json!("2019-08-01")));
        assert!(dutch["definition"].as_str().unwrap().starts_with("Inschrijvingen"));
        assert_eq!(world.get("/reports/dropouts").by("director").send().await.problem(404), "request.not-found");
        let faults = world.get("/reports/enrolments?schoolYear=2019&x=1").by("director").send().await.faults();
        let at: std::collections::BTreeSet<_> = faults.iter().map(|(at, _)| at.as_str()).collect();
        assert_eq!(at.into_iter().collect::<Vec<_>>(), ["?schoolYear", "?x"]);
    }

    async fn rp_1_who_lags_is_counted_and_a_small_group_is_hidden_with_another(world: World) {
        let enrolments = six_begin(&world).await;
        let here = &world.college.landscape;
        world.wait(chrono::TimeDelta::days(8));
        let counts = counted(&world, "start-programmes", "landscapeManager", here).await.unwrap();
        assert_eq!((group(&counts, "onTrack"), group(&counts, "behind")), (&json!(0), &json!(6)));
        let programme = world.get(&format!("/enrolments/{}/start-programme", enrolments[0])).by("coach").send().await.ok();
        let close = json!({ "outcome": "leave", "motivation": "Gaat werken." });
        world.decide("/start-programmes", programme["id"].as_str().unwrap(), "close", close).by("coach").send().await.ok();
        let counts = counted(&world, "start-programmes", "landscapeManager", here).await.unwrap();
        assert_eq!((group(&counts, "closedToLeave"), group(&counts, "behind")), (&Value::Null, &Value::Null));
        assert_eq!((&counts["total"], group(&counts, "onTrack")), (&json!(6), &json!(0)));
    }
}
