//! Invitations, for who has an account and for who has none (LM-2).

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{Round, level, rating};
use crate::both;
use crate::harness::{Said, World};
use crate::placements::placement;

fn guest(kind: &str, email: &str) -> Value {
    json!({ "raterKind": kind, "email": email, "name": "Kim Bos" })
}

async fn invite(world: &World, round: &Round, who: Value, by: &str) -> Said {
    world.post(&format!("/leermeter-rounds/{}/invitations", round.id), who).by(by).send().await
}

/// By link alone: without a token.
async fn by_link(world: &World, round: &Round, secret: &str, ratings: Value) -> Said {
    let body = json!({ "ratings": ratings, "secret": secret });
    world.post(&format!("/leermeter-rounds/{}/ratings", round.id), body).send().await
}

async fn asked(world: &World, secret: &str) -> Said {
    world.get("/leermeter-invitation").header("Invitation-Secret", secret).send().await
}

fn secret(invited: &Value) -> String {
    invited["secret"].as_str().expect("a secret").to_owned()
}

/// What was answered, apart from what differs between any two answers.
fn told(said: &Said) -> (u16, String) {
    let instance = said.json()["instance"].as_str().unwrap_or_default().to_owned();
    (said.status, said.text.replace(&instance, ""))
}

both! {
    async fn lm_2_who_has_no_account_rates_by_a_link_that_works_once(world: World) {
        let round = Round::open(&world).await;
        let invited = invite(&world, &round, guest("peer", "kim@voorbeeld.nl"), "student").await.created();
        let secret = secret(&invited);
        let shown = asked(&world, &secret).await.ok();
        assert_eq!((&shown["roundId"], &shown["studentGivenName"], &shown["name"]), (&json!(round.id), &json!("Test"), &json!("Kim Bos")));
        assert_eq!((shown["raterKind"].as_str(), shown["scale"].as_array().unwrap().len()), (Some("peer"), 3));
        assert_eq!(shown["competences"][0]["id"], round.competences[0]);
        assert!(!shown.to_string().contains("Student"), "the family name is not told: {shown}");
        let wrong = by_link(&world, &round, &secret, json!([rating(&round, 0, Some(77))])).await.faults();
        assert_eq!(wrong, [("/ratings/0/level".to_owned(), "leermeter.level-off-scale".to_owned())]);
        let taken = by_link(&world, &round, &secret, json!([level(&round, 0, 4)])).await.created();
        assert_eq!(taken["raterKind"], "peer", "what was refused did not use it up");
        assert_eq!(by_link(&world, &round, &secret, json!([level(&round, 0, 1)])).await.problem(404), "request.not-found");
        let kept = round.ratings(&world, "coach").await;
        assert_eq!((kept.len(), &kept[0]["name"], &kept[0]["personId"]), (1, &json!("Kim Bos"), &Value::Null));
        assert!(!json!(kept).to_string().contains("voorbeeld.nl"), "the address is told to nobody");
    }

    async fn lm_2_who_is_signed_in_is_nobody_else_by_a_link(world: World) {
        let round = Round::open(&world).await;
        round.rate(&world, "teacher", json!([level(&round, 0, 2)])).await.created();
        let invited = invite(&world, &round, guest("buddy", "kim@voorbeeld.nl"), "student").await.created();
        let secret = secret(&invited);
        for (who, code) in
            [("student", "leermeter.invites-student"), ("coach", "leermeter.asked-already"), ("teacher", "leermeter.asked-already")]
        {
            let body = json!({ "ratings": [level(&round, 0, 4)], "secret": secret });
            let said = world.post(&format!("/leermeter-rounds/{}/ratings", round.id), body).by(who).send().await;
            assert_eq!(said.faults(), [("/secret".to_owned(), code.to_owned())], "{who}");
        }
        by_link(&world, &round, &secret, json!([level(&round, 0, 4)])).await.created();
    }

    async fn lm_2_a_link_that_is_unknown_used_too_old_taken_back_or_of_a_closed_round_is_answered_alike(world: World) {
        let round = Round::open(&world).await;
        let nobodys = "u5Rn7mM2xGJH0xq3n0b1c8kQxkE4mYtq2Yw9fL6sVdA";
        let rate = |secret: String| by_link_owned(&world, &round, secret);
        let unknown = (told(&asked(&world, nobodys).await), told(&rate(nobodys.to_owned()).await));
        assert_eq!((unknown.0.0, unknown.1.0), (404, 404));
        let alike = |secret: String, what: &'static str| {
            let (world, round, unknown) = (&world, &round, &unknown);
            async move {
                assert_eq!(told(&asked(world, &secret).await), unknown.0, "{what}");
                assert_eq!(told(&by_link_owned(world, round, secret).await), unknown.1, "{what}");
            }
        };
        let invited = |address: &'static str| invite(&world, &round, guest("buddy", address), "student");
        let used = secret(&invited("een@voorbeeld.nl").await.created());
        rate(used.clone()).await.created();
        alike(used, "used").await;
        let back = invited("twee@voorbeeld.nl").await.created();
        let path = format!("/leermeter-rounds/{}/invitations/{}", round.id, back["id"].as_str().unwrap());
        world.delete(&path).by("student").header("If-Match", "\"1\"").send().await.with(204);
        alike(secret(&back), "taken back").await;
        let replaced = secret(&invited("drie@voorbeeld.nl").await.created());
        let again = secret(&invited("drie@voorbeeld.nl").await.created());
        alike(replaced, "replaced by a newer invitation").await;
        asked(&world, &again).await.ok();
        world.wait(TimeDelta::days(7) + TimeDelta::seconds(1));
        alike(again, "too old").await;
        let last = secret(&invited("vier@voorbeeld.nl").await.created());
        world.decide("/leermeter-rounds", &round.id, "close", json!({})).by("coach").send().await.ok();
        alike(last, "of a round that is closed").await;
        assert_eq!(asked(&world, "te-kort").await.status, 400, "what is no secret at all is malformed");
    }

    async fn lm_2_of_two_who_rate_by_one_link_at_once_one_is_taken(world: World) {
        let round = Round::open(&world).await;
        let secret = secret(&invite(&world, &round, guest("peer", "kim@voorbeeld.nl"), "student").await.created());
        let rate = || by_link_owned(&world, &round, secret.clone());
        let said = futures_util::future::join_all((0..6).map(|_| rate())).await;
        let mut statuses: Vec<_> = said.iter().map(|said| said.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 404, 404, 404, 404, 404]);
        assert_eq!(world.rows("SELECT CAST(count(*) AS text) AS row FROM ratings"), ["1"]);
    }

    async fn lm_2_who_is_invited_with_an_account_sees_the_round_while_it_is_open_and_no_more_of_the_student(world: World) {
        let round = Round::open(&world).await;
        let person = world.college.person("otherTeacher");
        invite(&world, &round, json!({ "raterKind": "buddy", "personId": person }), "student").await.created();
        let seen = round.seen(&world, "otherTeacher").await;
        assert_eq!((&seen["student"]["familyName"], &seen["openDecisions"]), (&json!("Student"), &json!([])));
        assert_eq!(seen["raters"].as_array().unwrap().len(), 1);
        let listed = world.get(&round.rounds).by("otherTeacher").send().await.ok();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);
        let student = world.college.person("student");
        for more in ["", "/leermeter", "/portfolio-entries", "/placements", "/guardians"] {
            assert_eq!(world.get(&format!("/students/{student}{more}")).by("otherTeacher").send().await.status, 404, "{more}");
        }
        let other = round.next(&world).await;
        let path = format!("/leermeter-rounds/{}", other.id);
        assert_eq!(world.get(&path).by("otherTeacher").send().await.status, 404, "nor another round");
        assert_eq!(round.rate(&world, "otherTeacher", json!([level(&round, 0, 2)])).await.created()["raterKind"], "buddy");
        round.rate(&world, "coach", json!([level(&round, 0, 2)])).await.created();
        assert_eq!(round.ratings(&world, "otherTeacher").await.len(), 1);
        let heard = world.get("/changes?limit=200").by("otherTeacher").send().await.ok();
        let of_round: Vec<_> = heard["items"].as_array().unwrap().iter().filter(|one| one["studentId"].is_string()).map(|one| one["what"].clone()).collect();
        assert_eq!(of_round, ["opened", "invited", "rated"], "nor what others did: {heard}");
        world.decide("/leermeter-rounds", &round.id, "close", json!({})).by("coach").send().await.ok();
        assert_eq!(world.get(&format!("/leermeter-rounds/{}", round.id)).by("otherTeacher").send().await.status, 404);
    }

    async fn lm_2_the_student_invites_anyone_and_the_coach_trainers_and_teachers(world: World) {
        let round = Round::open(&world).await;
        let person = |subject: &str| json!(world.college.person(subject));
        let faults = |who: Value, by: &'static str| {
            let (world, round) = (&world, &round);
            async move { invite(world, round, who, by).await.faults().into_iter().map(|(at, code)| format!("{at} {code}")).collect::<Vec<_>>() }
        };
        assert_eq!(faults(guest("peer", "kim@voorbeeld.nl"), "coach").await, ["/raterKind leermeter.rater-kind-not-invited"]);
        assert_eq!(faults(guest("coach", "kim@voorbeeld.nl"), "student").await, ["/raterKind leermeter.rater-kind-not-invited"]);
        assert_eq!(faults(json!({ "raterKind": "peer" }), "student").await, [" leermeter.who-is-invited"]);
        assert_eq!(faults(json!({ "raterKind": "peer", "email": "kim@voorbeeld.nl" }), "student").await, ["/name leermeter.guest-incomplete"]);
        assert_eq!(faults(json!({ "raterKind": "peer", "personId": person("student") }), "student").await, ["/personId leermeter.invites-student"]);
        assert_eq!(faults(json!({ "raterKind": "peer", "personId": person("coach") }), "student").await, ["/personId leermeter.asked-already"]);
        assert_eq!(faults(json!({ "raterKind": "self", "personId": world.college.team }), "student").await, [
            "/raterKind leermeter.rater-kind-not-invited", "/personId request.unknown-reference"
        ]);
        assert_eq!(faults(json!({ "raterKind": "peer", "personId": person("nobody") }), "student").await, ["/personId request.unknown-reference"]);
        let trainer = invite(&world, &round, guest("workplaceTrainer", "opleider@voorbeeld.nl"), "coach").await.created();
        let peer = invite(&world, &round, guest("peer", "kim@voorbeeld.nl"), "student").await.created();
        let path = |one: &Value| format!("/leermeter-rounds/{}/invitations/{}", round.id, one["id"].as_str().unwrap());
        let back = |one: &Value, by: &'static str| world.delete(&path(one)).by(by).header("If-Match", "*").send();
        assert_eq!(back(&peer, "coach").await.problem(403), "request.forbidden");
        assert_eq!(back(&peer, "teacher").await.problem(403), "request.forbidden");
        back(&trainer, "coach").await.with(204);
        by_link_owned(&world, &round, secret(&peer)).await.created();
        assert_eq!(back(&peer, "student").await.problem(409), "leermeter.invitation-answered");
        assert_eq!(faults(guest("peer", "kim@voorbeeld.nl"), "student").await, ["/email leermeter.asked-already"]);
        world.decide("/leermeter-rounds", &round.id, "close", json!({})).by("coach").send().await.ok();
        let closed = invite(&world, &round, guest("peer", "jo@voorbeeld.nl"), "student").await;
        assert_eq!(closed.problem(409), "leermeter.round-is-closed");
    }

    async fn bp_2_a_trainer_rates_while_the_placement_runs_and_sees_no_more(world: World) {
        let round = Round::open(&world).await;
        assert_eq!(round.rate(&world, "workplaceTrainer", json!([level(&round, 0, 2)])).await.problem(404), "request.not-found");
        placement(&world, 5).await;
        round.rate(&world, "workplaceTrainer", json!([level(&round, 0, 2)])).await.created();
        round.rate(&world, "coach", json!([level(&round, 0, 4)])).await.created();
        assert_eq!(round.ratings(&world, "workplaceTrainer").await.len(), 1);
        let student = world.college.person("student");
        assert_eq!(world.get(&format!("/students/{student}/leermeter")).by("workplaceTrainer").send().await.status, 404);
        world.wait(TimeDelta::days(6));
        assert_eq!(round.rate(&world, "workplaceTrainer", json!([level(&round, 0, 2)])).await.problem(404), "request.not-found");
    }
}

async fn by_link_owned(world: &World, round: &Round, secret: String) -> Said {
    by_link(world, round, &secret, json!([level(round, 0, 4)])).await
}
