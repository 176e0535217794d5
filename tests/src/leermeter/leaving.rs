//! Rounds of who is not here any more (LM-2).

use domain::kernel::time::date_at;
use serde_json::{Value, json};

use super::{Round, framework, level, published};
use crate::both;
use crate::enrolment::placed;
use crate::harness::World;

async fn leaves(world: &World, enrolment: &str) {
    let motivated = world.decide("/enrolments", enrolment, "stateMotivation", json!({ "motivation": "Ik wil het." }));
    motivated.by("student").send().await.ok();
    let left =
        json!({ "leftOn": date_at(world.now()), "reason": "Een baan.", "destination": "Werk", "basicQualification": false });
    world.decide("/enrolments", enrolment, "leave", left).by("coach").send().await.ok();
}

both! {
    async fn lm_2_a_round_of_a_student_who_left_is_closed_for_everyone(world: World) {
        let enrolment = placed(&world, "student", "coach").await;
        let framework = published(&world, framework(&world)).await;
        let round = Round::again(&world, framework).await;
        let invitations = format!("/leermeter-rounds/{}/invitations", round.id);
        let buddy = json!({ "raterKind": "buddy", "personId": world.college.person("otherTeacher") });
        world.post(&invitations, buddy.clone()).by("student").send().await.created();
        let peer = json!({ "raterKind": "peer", "email": "kim@voorbeeld.nl", "name": "Kim Bos" });
        let secret = world.post(&invitations, peer.clone()).by("student").send().await.created()["secret"].clone();
        round.rate(&world, "coach", json!([level(&round, 0, 4)])).await.created();
        leaves(&world, &enrolment).await;
        let seen = round.seen(&world, "student").await;
        assert_eq!((&seen["state"], &seen["openDecisions"], &seen["closedAt"]), (&json!("closed"), &json!([]), &Value::Null));
        let refused = round.rate(&world, "student", json!([level(&round, 0, 2)])).await.with(409);
        assert_eq!((&refused["code"], &refused["openDecisions"]), (&json!("leermeter.round-is-closed"), &json!([])));
        assert_eq!(world.post(&invitations, peer).by("student").send().await.problem(409), "leermeter.round-is-closed");
        let decide = |decision| world.decide("/leermeter-rounds", &round.id, decision, json!({})).by("student").send();
        assert_eq!(decide("open").await.problem(409), "leermeter.not-enrolled");
        assert_eq!(decide("close").await.problem(409), "leermeter.decision-not-open");
        let by_link = json!({ "ratings": [level(&round, 0, 2)], "secret": secret });
        assert_eq!(world.post(&format!("/leermeter-rounds/{}/ratings", round.id), by_link).send().await.status, 404);
        let asked = world.get("/leermeter-invitation").header("Invitation-Secret", secret.as_str().unwrap());
        assert_eq!(asked.send().await.status, 404);
        for by in ["otherTeacher", "teacher"] {
            assert_eq!(round.rate(&world, by, json!([level(&round, 0, 2)])).await.status, 404, "{by}");
        }
        assert_eq!(round.ratings(&world, "student").await.len(), 0, "the own view was not given: nobody closed it, nor is its last day over");
    }

    async fn lm_2_who_was_invited_and_has_nothing_to_do_with_the_college_any_more_finds_no_round(world: World) {
        let round = Round::open(&world).await;
        let buddy = json!({ "raterKind": "buddy", "personId": world.college.person("otherTeacher") });
        world.post(&format!("/leermeter-rounds/{}/invitations", round.id), buddy).by("student").send().await.created();
        round.seen(&world, "otherTeacher").await;
        let theirs = "person_id = (SELECT a.person_id FROM accounts a WHERE a.subject = 'otherTeacher')";
        world.sql(&format!("UPDATE roles SET until_at = from_at WHERE {theirs}")).expect("roles end");
        let path = format!("/leermeter-rounds/{}", round.id);
        assert_eq!(world.get(&path).by("otherTeacher").send().await.status, 404);
        assert_eq!(round.rate(&world, "otherTeacher", json!([level(&round, 0, 2)])).await.status, 404);
    }
}
