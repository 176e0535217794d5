//! Who may ask whom, how often, and as what (LM-2).

use serde_json::{Value, json};

use super::{Round, level};
use crate::both;
use crate::harness::{Said, World};
use crate::placements::placement;

fn guest(kind: &str, email: &str) -> Value {
    json!({ "raterKind": kind, "email": email, "name": "Kim Bos" })
}

async fn invite(world: &World, round: &Round, who: Value, by: &str) -> Said {
    world.post(&format!("/leermeter-rounds/{}/invitations", round.id), who).by(by).send().await
}

/// Code of a conflict, with the places that it names.
fn conflict(said: Said) -> (String, Vec<String>) {
    let problem = said.with(409);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let places = problem["errors"].as_array().into_iter().flatten().map(|one| text(&one["pointer"])).collect();
    (text(&problem["code"]), places)
}

fn asked_by_another(at: &str) -> (String, Vec<String>) {
    ("leermeter.asked-by-another".to_owned(), vec![at.to_owned()])
}

async fn names(world: &World, round: &Round) -> Vec<Value> {
    round.seen(world, "student").await["raters"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect()
}

both! {
    async fn lm_2_who_was_asked_by_another_is_not_asked_again_over_their_head(world: World) {
        let round = Round::open(&world).await;
        let trainer = |email: &str| guest("workplaceTrainer", email);
        let first = invite(&world, &round, trainer("opleider@voorbeeld.nl"), "student").await.created();
        assert_eq!(conflict(invite(&world, &round, trainer("Opleider@Voorbeeld.nl"), "coach").await), asked_by_another("/email"));
        let shown = world.get("/leermeter-invitation").header("Invitation-Secret", first["secret"].as_str().unwrap());
        shown.send().await.ok();
        let person = json!({ "raterKind": "teacher", "personId": world.college.person("otherTeacher") });
        invite(&world, &round, person.clone(), "coach").await.created();
        assert_eq!(conflict(invite(&world, &round, person.clone(), "student").await), asked_by_another("/personId"));
        invite(&world, &round, person, "coach").await.created();
        let several = invite(&world, &round, json!({ "raterKind": "coach", "email": "opleider@voorbeeld.nl" }), "coach").await.faults();
        assert_eq!(several.len(), 3, "with what else is wrong it is told beside that: {several:?}");
        assert_eq!(names(&world, &round).await.len(), 4);
    }

    async fn lm_2_one_address_is_one_rater_whatever_its_capitals(world: World) {
        let round = Round::open(&world).await;
        invite(&world, &round, guest("peer", "kim@voorbeeld.nl"), "student").await.created();
        let again = invite(&world, &round, guest("buddy", "Kim@Voorbeeld.NL"), "student").await.created();
        assert_eq!(names(&world, &round).await.len(), 3, "student, coach and Kim");
        let rated = json!({ "ratings": [level(&round, 0, 2)], "secret": again["secret"] });
        world.post(&format!("/leermeter-rounds/{}/ratings", round.id), rated).send().await.created();
        let asked = invite(&world, &round, guest("peer", "KIM@voorbeeld.nl"), "student").await.faults();
        assert_eq!(asked, [("/email".to_owned(), "leermeter.asked-already".to_owned())]);
        let next = round.next(&world).await;
        invite(&world, &next, guest("peer", "kIM@voorbeeld.nl"), "student").await.created();
        assert_eq!(world.rows("SELECT CAST(count(DISTINCT who_id) AS text) AS row FROM round_raters"), ["1"], "in every round");
        let at_once = ["a@voorbeeld.nl", "A@voorbeeld.nl", "a@Voorbeeld.nl"].map(|email| invite(&world, &next, guest("peer", email), "student"));
        for said in futures_util::future::join_all(at_once).await {
            said.created();
        }
        assert_eq!(names(&world, &next).await.len(), 4, "also where they come at once");
    }

    async fn lm_2_a_round_has_fifty_raters_at_most_besides_the_student_and_the_coach(world: World) {
        let round = Round::open(&world).await;
        let friend = |number: u8| guest("peer", &format!("vriend{number}@voorbeeld.nl"));
        for number in 1..=50 {
            invite(&world, &round, friend(number), "student").await.created();
        }
        let too_many = ("leermeter.too-many-raters".to_owned(), vec![]);
        assert_eq!(conflict(invite(&world, &round, friend(51), "student").await), too_many);
        invite(&world, &round, friend(50), "student").await.created();
        assert_eq!(conflict(round.rate(&world, "teacher", json!([level(&round, 0, 2)])).await), too_many);
        for always in ["student", "coach"] {
            round.rate(&world, always, json!([level(&round, 0, 2)])).await.created();
        }
        let raters = round.seen(&world, "student").await["raters"].clone();
        assert_eq!(raters.as_array().unwrap().len(), 52);
        let last = raters[51].clone();
        assert_eq!((&last["version"], &raters[0]["version"]), (&json!(1), &Value::Null), "what If-Match takes, of who was invited");
        let path = format!("/leermeter-rounds/{}/invitations/{}", round.id, last["id"].as_str().unwrap());
        let if_match = format!("\"{}\"", last["version"]);
        world.delete(&path).by("student").header("If-Match", &if_match).send().await.with(204);
        round.rate(&world, "teacher", json!([level(&round, 0, 2)])).await.created();
    }

    async fn lm_2_who_is_someone_to_the_student_already_is_asked_as_that(world: World) {
        let round = Round::open(&world).await;
        placement(&world, 30).await;
        let person = |subject: &str| json!({ "personId": world.college.person(subject) });
        for (subject, kind) in [("teacher", "teacher"), ("workplaceTrainer", "workplaceTrainer")] {
            assert_eq!(invite(&world, &round, person(subject), "coach").await.created()["raterKind"], kind);
        }
        let faults = |who: Value| {
            let (world, round) = (&world, &round);
            async move { invite(world, round, who, "student").await.faults().into_iter().map(|(at, code)| format!("{at} {code}")).collect::<Vec<_>>() }
        };
        let missing = "/raterKind leermeter.rater-kind-missing";
        assert_eq!(faults(person("otherTeacher")).await, [missing]);
        assert_eq!(faults(json!({ "email": "kim@voorbeeld.nl", "name": "Kim Bos" })).await, [missing]);
        assert_eq!(faults(json!({})).await, [missing, " leermeter.who-is-invited"]);
        assert_eq!(faults(person("coach")).await, ["/personId leermeter.asked-already"]);
        assert_eq!(faults(person("student")).await, ["/personId leermeter.invites-student"]);
        let said = invite(&world, &round, person("otherTeacher"), "coach").await.json();
        assert_eq!(said["errors"][0]["allowed"], json!(["workplaceTrainer", "teacher"]));
        let as_peer = json!({ "personId": world.college.person("otherTeacher"), "raterKind": "peer" });
        assert_eq!(invite(&world, &round, as_peer, "student").await.created()["raterKind"], "peer");
    }
}
