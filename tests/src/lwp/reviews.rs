//! What teams think of one another's LWPs (CU-3).

use serde_json::{Value, json};

use super::{LWPS, drafted, meal, published, work_processes};
use crate::both;

const CRITERIA: [&str; 6] =
    ["instrumentality", "realSituation", "clearProduct", "usableCriteria", "ownChoice", "careerAndCitizenship"];

pub fn review(instrumentality: u8) -> Value {
    let score = |criterion: &str| json!({ "criterion": criterion, "score": if criterion == "instrumentality" { instrumentality } else { 3 } });
    json!({ "scores": CRITERIA.map(score), "remark": "Laat meer te kiezen over." })
}

both! {
    async fn cu_3_other_teams_review_a_published_lwp_and_a_newer_review_follows_the_earlier(world: World) {
        let processes = work_processes(&world).await;
        let path = format!("{LWPS}/{}/reviews", published(&world, meal(&world, &processes[0].1), "teacher").await);
        let first = world.post(&path, review(1)).by("otherTeacher").send().await.created();
        assert_eq!((&first["version"], &first["scores"][0]["score"]), (&json!(1), &json!(1)));
        assert_eq!(first["reviewer"]["familyName"], "OtherTeacher");
        world.post(&path, review(2)).by("otherCoach").send().await.created();
        let second = world.post(&path, review(4)).by("otherTeacher").send().await.created();
        assert_eq!(second["version"], 2);
        let page = world.get(&format!("{path}?count=true")).by("teacher").send().await.ok();
        let shown: Vec<_> = page["items"].as_array().unwrap().iter().map(|one| (&one["version"], &one["scores"][0]["score"])).collect();
        assert_eq!(shown, [(&json!(1), &json!(2)), (&json!(2), &json!(4))]);
        assert_eq!(page["total"], 2);
        assert_eq!(world.rows("SELECT CAST(version AS text) AS row FROM lwp_reviews ORDER BY id"), ["1", "1", "2"]);
        assert_eq!(world.get(&path).by("student").send().await.problem(404), "request.not-found");
    }

    async fn cu_3_nobody_reviews_their_own_teams_lwp_nor_one_that_is_not_in_the_library(world: World) {
        let processes = work_processes(&world).await;
        let id = drafted(&world, meal(&world, &processes[0].1), "teacher").await;
        let path = format!("{LWPS}/{id}/reviews");
        assert_eq!(world.post(&path, review(3)).by("otherTeacher").send().await.problem(404), "request.not-found");
        world.decide(LWPS, &id, "publish", json!({})).by("teacher").send().await.ok();
        for own in ["teacher", "teamLeader", "coach"] {
            assert_eq!(world.post(&path, review(3)).by(own).send().await.problem(403), "lwp.own-team", "{own}");
        }
        for other in ["director", "scout", "landscapeManager"] {
            assert_eq!(world.post(&path, review(3)).by(other).send().await.problem(403), "request.forbidden", "{other}");
        }
        world.decide(LWPS, &id, "retire", json!({})).by("teacher").send().await.ok();
        let refused = world.post(&path, review(3)).by("otherTeacher").send().await.with(409);
        assert_eq!((&refused["code"], &refused["state"]), (&json!("lwp.not-published"), &json!("retired")));
        assert_eq!(world.rows("SELECT 'x' AS row FROM lwp_reviews"), [""; 0]);
    }

    async fn cu_3_a_review_has_one_score_on_each_shared_criterion(world: World) {
        let processes = work_processes(&world).await;
        let path = format!("{LWPS}/{}/reviews", published(&world, meal(&world, &processes[0].1), "teacher").await);
        let some = json!({ "scores": [{ "criterion": "ownChoice", "score": 4 }, { "criterion": "ownChoice", "score": 4 }] });
        let refused = world.post(&path, some).by("otherTeacher").send().await.with(400);
        let codes: Vec<_> = refused["errors"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["lwp.criterion-repeated", "lwp.criterion-missing"]);
        let missing = refused["errors"][1]["allowed"].as_array().unwrap();
        assert!(missing.contains(&json!("instrumentality")) && missing.len() == 5, "{missing:?}");
        let too_much = world.post(&path, review(5)).by("otherTeacher").send().await.faults();
        assert!(too_much.iter().all(|(at, _)| at == "/scores/0/score") && !too_much.is_empty());
    }
}
