//! A portfolio opens with what a prospect left at orientation (IN-2).

use chrono::TimeDelta;
use serde_json::json;

use super::titles;
use crate::both;
use crate::harness::World;
use crate::orientation::{UP_TO_INTERVIEW, application, decided, offer, register, shadow_day};

/// Leaves an experience at an activity where someone was, with the secret of the link.
async fn tell(world: &World, registered: &serde_json::Value) {
    let told = json!({ "seen": "Hoe rustig iemand wordt die gehoord wordt.", "learned": "Dat ik wil leren luisteren.", "secret": registered["secret"] });
    world.decide("/registrations", registered["id"].as_str().unwrap(), "addExperience", told).send().await.ok();
}

both! {
    async fn in_2_what_a_prospect_left_at_orientation_opens_the_portfolio_of_the_student_they_became(world: World) {
        let (activity, another) = (offer(&world, shadow_day(&world, 5)).await, offer(&world, shadow_day(&world, 5)).await);
        let (told, later) = (register(&world, &activity, "Noor").await, register(&world, &another, "Noor").await);
        let never = register(&world, &activity, "Sem").await;
        world.wait(TimeDelta::days(8));
        for registered in [&told, &later, &never] {
            world.decide("/registrations", registered["id"].as_str().unwrap(), "markAttended", json!({})).by("scout").send().await.ok();
        }
        tell(&world, &told).await;
        tell(&world, &never).await;
        let mut new = application(&world);
        new["registrationSecrets"] = json!([told["secret"], later["secret"]]);
        let applied = world.post("/applications", new).by("prospect").send().await.created();
        let id = applied["id"].as_str().unwrap();
        let student = world.college.person("prospect");
        let portfolio = format!("/students/{student}/portfolio-entries");
        assert_eq!(world.get(&portfolio).by("prospect").send().await.problem(404), "request.not-found", "no student yet");
        decided(&world, id, &UP_TO_INTERVIEW).await;
        decided(&world, id, &["place"]).await;
        let opened = world.get(&portfolio).by("prospect").send().await.ok();
        assert_eq!(titles(&opened), ["Meeloopdag Zorg"]);
        let entry = &opened["items"][0];
        assert_eq!((&entry["kind"], &entry["area"], &entry["visibility"]), (&json!("experience"), &json!("career"), &json!("private")));
        assert_eq!(entry["body"], "Wat zag ik?\nHoe rustig iemand wordt die gehoord wordt.\n\nWat zegt het over mij?\nDat ik wil leren luisteren.");
        let day = (world.now() - TimeDelta::days(1)).date_naive();
        assert!(entry["occurredOn"].as_str().is_some_and(|on| on <= day.to_string().as_str()), "{entry}");
        for who in ["coach", "scout", "administrator"] {
            let path = format!("/portfolio-entries/{}", entry["id"].as_str().unwrap());
            assert_eq!(world.get(&path).by(who).send().await.problem(404), "request.not-found", "{who}");
        }
        // What is told after the placement comes along at once, and nothing twice.
        tell(&world, &later).await;
        assert_eq!(titles(&world.get(&portfolio).by("prospect").send().await.ok()).len(), 2);
        let withdrawn = world.delete(&format!("/portfolio-entries/{}", entry["id"].as_str().unwrap()));
        assert_eq!(withdrawn.by("prospect").header("If-Match", "*").send().await.status, 204);
        assert_eq!(titles(&world.get(&portfolio).by("prospect").send().await.ok()).len(), 1);
    }
}
