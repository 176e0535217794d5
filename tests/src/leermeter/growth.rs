//! What all rounds say, and what the student sees of it first (LM-3, LM-4).

use api::leermeter::growth::{LeermeterQuery, leermeter as leermeter_of};
use chrono::TimeDelta;
use domain::access::Action;
use domain::kernel::StudentId;
use persistence::{Asking, Database, Identity};
use serde_json::{Value, json};

use super::{Round, framework, level, published, rating, with};
use crate::both;
use crate::enrolment::placed;
use crate::harness::{ISSUER, World};

async fn leermeter(world: &World, by: &str, query: &str) -> Value {
    let path = format!("/students/{}/leermeter{query}", world.college.person("student"));
    world.get(&path).by(by).send().await.ok()
}

/// Everything that the student can ask of it, with the ETags: what must not move by what they may not see.
async fn all_that_the_student_sees(world: &World, round: &Round) -> Vec<(String, String)> {
    let student = world.college.person("student");
    let mut seen = Vec::new();
    for path in [
        format!("/students/{student}/leermeter"),
        format!("/students/{student}/leermeter.svg"),
        format!("/leermeter-rounds/{}/ratings?count=true", round.id),
        "/changes?limit=200".to_owned(),
        format!("/leermeter-rounds/{}", round.id),
    ] {
        let said = world.get(&path).by("student").send().await;
        assert_eq!(said.status, 200, "{}", said.text);
        // Where the log of changes ends moves with whatever happens in the college.
        let is_feed = path.starts_with("/changes");
        let (shown, etag) = if is_feed {
            (said.json()["items"].to_string(), String::new())
        } else {
            (said.text.clone(), said.header("etag").unwrap_or_default())
        };
        seen.push((shown, etag));
    }
    seen
}

both! {
    async fn lm_4_growth_tells_per_competence_and_kind_of_rater_what_is_seen_now_and_round_by_round(world: World) {
        let first = Round::open(&world).await;
        first.rate(&world, "student", json!([level(&first, 0, 1), level(&first, 1, 2)])).await.created();
        first.rate(&world, "coach", json!([level(&first, 0, 4), rating(&first, 1, None)])).await.created();
        world.decide("/leermeter-rounds", &first.id, "close", json!({})).by("coach").send().await.ok();
        world.wait(TimeDelta::days(10));
        let second = first.next(&world).await;
        let open = leermeter(&world, "student", "").await;
        let one = &open["competences"][0];
        assert_eq!((&one["self"], &one["others"], &one["gap"]), (&json!(1), &json!(4.0), &json!(2.0)), "what counted keeps counting: {one}");
        assert_eq!((&one["spread"], &one["consensus"], &one["finding"]), (&json!(2), &json!(false), &json!("hiddenStrength")));
        second.rate(&world, "student", json!([level(&second, 0, 2)])).await.created();
        let now = leermeter(&world, "coach", "").await;
        assert_eq!(now["frameworkId"], second.framework);
        assert_eq!(now["rounds"].as_array().unwrap().len(), 2);
        let not_answered: Vec<_> = now["notAnswered"].as_array().unwrap().iter().map(|one| one["raterKind"].clone()).collect();
        assert_eq!(not_answered, ["coach"]);
        let own = now["competences"][0]["series"].as_array().unwrap().iter().find(|one| one["raterKind"] == "self").unwrap().clone();
        let points: Vec<_> = own["points"].as_array().unwrap().iter().map(|point| (point["roundId"].clone(), point["level"].clone())).collect();
        assert_eq!(points, [(json!(first.id), json!(1.0)), (json!(second.id), json!(2.0))]);
        let unseen = &now["competences"][1];
        let of_coach = unseen["raters"].as_array().unwrap().iter().find(|one| one["raterKind"] == "coach").unwrap();
        assert_eq!((&of_coach["level"], &of_coach["raters"], &unseen["gap"]), (&Value::Null, &json!(0), &Value::Null));
        let nobody = &now["competences"][2];
        assert_eq!((&nobody["raters"], &nobody["self"], &nobody["others"], &nobody["series"]), (&json!([]), &Value::Null, &Value::Null, &json!([])));
        let later = (world.now() - TimeDelta::days(1)).date_naive();
        let since = leermeter(&world, "coach", &format!("?from={later}")).await;
        assert_eq!((&since["competences"][0]["self"], &since["competences"][0]["others"]), (&json!(2), &Value::Null));
        let until = leermeter(&world, "coach", &format!("?until={later}")).await;
        assert_eq!(until["competences"][0]["self"], 1);
    }

    async fn lm_4_of_each_competence_it_is_told_who_has_yet_to_rate_it_after_the_own_view(world: World) {
        let round = Round::open(&world).await;
        let invited = json!({ "raterKind": "peer", "email": "kim@voorbeeld.nl", "name": "Kim Bos" });
        let invited = world.post(&format!("/leermeter-rounds/{}/invitations", round.id), invited).by("student").send().await.created();
        round.rate(&world, "coach", json!([level(&round, 0, 4)])).await.created();
        let of = |seen: Value, place: usize| {
            let not_answered = seen["competences"][place]["notAnswered"].clone();
            not_answered.as_array().map(|all| all.iter().map(|one| one["raterKind"].as_str().unwrap().to_owned()).collect::<Vec<_>>())
        };
        let kinds = |kinds: &[&str]| Some(kinds.iter().map(|kind| (*kind).to_owned()).collect::<Vec<_>>());
        assert_eq!(of(leermeter(&world, "coach", "").await, 0), kinds(&["self", "peer"]));
        assert_eq!(of(leermeter(&world, "coach", "").await, 1), kinds(&["self", "coach", "peer"]));
        assert_eq!(of(leermeter(&world, "student", "").await, 0), None, "that would tell that the coach rated it");
        round.rate(&world, "student", json!([level(&round, 0, 2)])).await.created();
        assert_eq!(of(leermeter(&world, "student", "").await, 0), kinds(&["peer"]));
        let by_link = json!({ "ratings": [level(&round, 0, 2)], "secret": invited["secret"] });
        world.post(&format!("/leermeter-rounds/{}/ratings", round.id), by_link).send().await.created();
        assert_eq!(of(leermeter(&world, "student", "?from=2999-01-01").await, 0), kinds(&[]), "whatever days are asked for");
    }

    async fn lm_3_what_others_said_reaches_the_student_by_no_way_before_the_own_view(world: World) {
        let round = Round::open(&world).await;
        round.rate(&world, "student", json!([level(&round, 0, 2)])).await.created();
        // The coach has answered, which the round may tell; from here on nothing moves.
        round.rate(&world, "coach", json!([level(&round, 0, 4)])).await.created();
        let before = all_that_the_student_sees(&world, &round).await;
        let words = json!({ "competenceId": round.competences[1], "level": 4, "motivation": "Verrassend sterk." });
        round.rate(&world, "coach", json!([words])).await.created();
        assert_eq!(all_that_the_student_sees(&world, &round).await, before, "leermeter, ratings, changes, round and their ETags");
        let heard = world.get("/changes?limit=200").by("coach").send().await.ok();
        let rated = heard["items"].as_array().unwrap().iter().filter(|one| one["what"] == "rated").count();
        assert_eq!(rated, 3, "the coach hears of every one of them");
        assert_eq!(round.ratings(&world, "coach").await.len(), 3);
        assert_eq!(round.ratings(&world, "student").await.len(), 2);
        round.rate(&world, "student", json!([level(&round, 1, 1)])).await.created();
        let shown = leermeter(&world, "student", "").await["competences"][1].clone();
        assert_eq!((&shown["self"], &shown["others"], &shown["finding"]), (&json!(1), &json!(4.0), &json!("hiddenStrength")));
        assert_eq!(round.ratings(&world, "student").await.len(), 4);
    }

    async fn lm_3_a_round_that_was_closed_holds_nothing_back_any_more_also_where_it_is_opened_again(world: World) {
        let round = Round::open(&world).await;
        round.rate(&world, "coach", json!([level(&round, 0, 4)])).await.created();
        let decide = |decision| world.decide("/leermeter-rounds", &round.id, decision, json!({})).by("coach").send();
        for (decision, others, listed) in [("open", Value::Null, 0), ("close", json!(4.0), 1), ("open", json!(4.0), 1)] {
            decide(decision).await.ok();
            assert_eq!(leermeter(&world, "student", "").await["competences"][0]["others"], others, "{decision}");
            assert_eq!(round.ratings(&world, "student").await.len(), listed, "{decision}");
        }
        round.rate(&world, "coach", json!([level(&round, 1, 2)])).await.created();
        assert_eq!(round.ratings(&world, "student").await.len(), 2, "nor what is said in it from then on");
        let heard = world.get("/changes?limit=200").by("student").send().await.ok();
        let rated = heard["items"].as_array().unwrap().iter().filter(|one| one["what"] == "rated").count();
        assert_eq!(rated, 1, "{heard}");
    }

    async fn lm_4_a_period_that_ends_before_it_begins_is_refused(world: World) {
        Round::open(&world).await;
        for path in ["leermeter", "leermeter.svg"] {
            let path = format!("/students/{}/{path}?from=2026-10-02&until=2026-10-01", world.college.person("student"));
            let faults = world.get(&path).by("student").send().await.faults();
            assert_eq!(faults, [("?until".to_owned(), "leermeter.period-out-of-range".to_owned())]);
        }
    }

    async fn lm_3_after_others_could_be_read_the_student_rates_nothing_for_the_first_time(world: World) {
        let round = Round::open(&world).await;
        round.rate(&world, "student", json!([level(&round, 0, 2)])).await.created();
        round.rate(&world, "coach", json!([level(&round, 0, 4), level(&round, 1, 4)])).await.created();
        for decision in ["close", "open"] {
            world.decide("/leermeter-rounds", &round.id, decision, json!({})).by("student").send().await.ok();
        }
        let refused = round.rate(&world, "student", json!([level(&round, 1, 4), level(&round, 0, 4), level(&round, 2, 1)])).await.with(409);
        assert_eq!(refused["code"], "leermeter.own-view-too-late");
        let named: Vec<_> = refused["errors"].as_array().unwrap().iter().map(|one| (one["pointer"].clone(), one["code"].clone())).collect();
        let too_late = || json!("leermeter.own-view-too-late");
        assert_eq!(named, [(json!("/ratings/0/competenceId"), too_late()), (json!("/ratings/2/competenceId"), too_late())]);
        let wrong = round.rate(&world, "student", json!([level(&round, 1, 4), level(&round, 0, 77)])).await.faults();
        assert_eq!(wrong.len(), 2, "with what else is wrong it is told beside that: {wrong:?}");
        assert_eq!(round.rate(&world, "student", json!([level(&round, 0, 4)])).await.created()["ratings"][0]["number"], 2);
        round.rate(&world, "coach", json!([level(&round, 2, 4)])).await.created();
        round.next(&world).await.rate(&world, "student", json!([level(&round, 1, 2)])).await.created();
        let free = published(&world, with(&framework(&world), "ownViewFirst", json!(false))).await;
        let free = Round::again(&world, free).await;
        for decision in ["close", "open"] {
            world.decide("/leermeter-rounds", &free.id, decision, json!({})).by("student").send().await.ok();
        }
        free.rate(&world, "student", json!([level(&free, 0, 2)])).await.created();
    }

    async fn lm_3_where_the_framework_does_not_ask_for_the_own_view_the_student_sees_all_at_once(world: World) {
        let free = published(&world, with(&framework(&world), "ownViewFirst", json!(false))).await;
        let round = Round::open_by(&world, free).await;
        round.rate(&world, "coach", json!([level(&round, 0, 4)])).await.created();
        assert_eq!(leermeter(&world, "student", "").await["competences"][0]["others"], json!(4.0));
        let heard = world.get("/changes?limit=200").by("student").send().await.ok();
        assert!(heard["items"].as_array().unwrap().iter().any(|one| one["what"] == "rated"), "{heard}");
    }

    async fn lm_4_versions_with_the_same_scale_go_on_and_a_new_scale_begins_anew(world: World) {
        let first = Round::open(&world).await;
        first.rate(&world, "student", json!([level(&first, 0, 2)])).await.created();
        let next = published(&world, with(&framework(&world), "previousId", json!(first.framework))).await;
        let second = Round::again(&world, next.clone()).await;
        assert_eq!(second.competences, first.competences);
        second.rate(&world, "student", json!([level(&second, 0, 4)])).await.created();
        let points = |seen: Value| seen["competences"][0]["series"][0]["points"].as_array().map_or(0, Vec::len);
        assert_eq!(points(leermeter(&world, "coach", "").await), 2);
        let first_again = leermeter(&world, "coach", &format!("?framework={}", first.framework)).await;
        assert_eq!(points(first_again), 2, "asked by either of them");
        let scale = json!([
            { "level": 1, "label": "Nee", "description": "Wat je dan ziet." }, { "level": 2, "label": "Ja", "description": "Wat je dan ziet." }
        ]);
        let other = with(&with(&framework(&world), "previousId", json!(next)), "scale", scale);
        let third = Round::again(&world, published(&world, other).await).await;
        assert_eq!(points(leermeter(&world, "coach", "").await), 0);
        third.rate(&world, "student", json!([level(&third, 0, 1)])).await.created();
        assert_eq!(points(leermeter(&world, "coach", "").await), 1);
        let unknown = format!("/students/{}/leermeter?framework={}", world.college.person("student"), world.college.team);
        assert_eq!(world.get(&unknown).by("coach").send().await.faults(), [("?framework".to_owned(), "request.unknown-reference".to_owned())]);
    }

    async fn lm_4_a_student_without_a_round_has_an_empty_leermeter(world: World) {
        placed(&world, "student", "coach").await;
        let empty = json!({ "frameworkId": null, "rounds": [], "notAnswered": [], "competences": [] });
        assert_eq!(leermeter(&world, "student", "").await, empty);
    }

    async fn lm_4_the_leermeter_is_as_many_statements_however_much_was_rated(world: World) {
        let round = Round::open(&world).await;
        let student: StudentId = world.college.person("student").parse().expect("an id");
        let database = Database::open(&world.location).expect("the database opens");
        let statements = || {
            let identity = Identity::Account { issuer: ISSUER.to_owned(), subject: "coach".to_owned() };
            database.read(Asking { identity, now: world.now() }, move |reading| {
                let before = reading.statements();
                let seen = persistence::students::find(reading, student)?.expect("a student").read(Action::ReadLeermeter)?;
                let query = LeermeterQuery { framework: None, from: None, until: None };
                let found = leermeter_of(reading, &seen, student, &query, false)?.expect("a leermeter");
                Ok((reading.statements() - before, found.rounds.len()))
            })
        };
        round.rate(&world, "student", json!([level(&round, 0, 2)])).await.created();
        assert_eq!(statements().await.expect("statements"), (7, 1));
        for _ in 0..5 {
            round.rate(&world, "coach", json!([level(&round, 0, 4), level(&round, 1, 4)])).await.created();
        }
        round.next(&world).await.rate(&world, "student", json!([level(&round, 0, 4)])).await.created();
        assert_eq!(statements().await.expect("statements"), (7, 2));
    }
}
