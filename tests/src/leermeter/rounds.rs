//! Rounds: opened, closed, and who rates in them with an account (LM-2, LM-3).

use chrono::{Days, TimeDelta};
use domain::kernel::time::date_at;
use serde_json::{Value, json};

use super::{Round, framework, level, published, rating, with};
use crate::both;
use crate::enrolment::placed;
use crate::placements::placement;

both! {
    async fn lm_2_a_round_is_opened_by_the_student_or_the_coach_and_says_who_is_asked_and_who_answered(world: World) {
        let round = Round::open(&world).await;
        let seen = round.seen(&world, "student").await;
        assert_eq!((&seen["state"], &seen["openDecisions"]), (&json!("open"), &json!(["open", "close"])));
        let asked = |seen: &Value| {
            let raters = seen["raters"].as_array().unwrap().clone();
            raters.iter().map(|one| (one["raterKind"].as_str().unwrap().to_owned(), one["answeredAt"].is_string())).collect::<Vec<_>>()
        };
        assert_eq!(asked(&seen), [("self".to_owned(), false), ("coach".to_owned(), false)]);
        round.rate(&world, "coach", json!([level(&round, 0, 2)])).await.created();
        let seen = round.seen(&world, "student").await;
        assert_eq!(asked(&seen), [("self".to_owned(), false), ("coach".to_owned(), true)]);
        assert!(!seen.to_string().contains("level"), "{seen}");
        let opened = |by| world.post(&round.rounds, round.content(&world)).by(by).send();
        opened("student").await.created();
        assert_eq!(opened("teacher").await.problem(403), "request.forbidden");
        assert_eq!(opened("otherCoach").await.problem(404), "request.not-found");
    }

    async fn lm_2_student_coach_teacher_and_trainer_rate_by_what_they_are_to_the_student(world: World) {
        let round = Round::open(&world).await;
        placement(&world, 30).await;
        for (who, kind) in [("student", "self"), ("coach", "coach"), ("teacher", "teacher"), ("workplaceTrainer", "workplaceTrainer")] {
            let taken = round.rate(&world, who, json!([level(&round, 0, 2)])).await.created();
            assert_eq!((taken["raterKind"].as_str(), &taken["ratings"][0]["number"]), (Some(kind), &json!(1)));
        }
        assert_eq!(round.rate(&world, "teamLeader", json!([level(&round, 0, 2)])).await.problem(404), "request.not-found");
        assert_eq!(round.rate(&world, "otherTeacher", json!([level(&round, 0, 2)])).await.problem(404), "request.not-found");
        let own: Vec<_> = round.ratings(&world, "teacher").await.iter().map(|one| one["raterKind"].clone()).collect();
        assert_eq!(own, ["teacher"], "a teacher finds what they said and nothing else");
        let kinds: Vec<_> = round.ratings(&world, "coach").await.iter().map(|one| one["raterKind"].clone()).collect();
        assert_eq!(kinds, ["self", "coach", "teacher", "workplaceTrainer"]);
        let raters = round.seen(&world, "teacher").await["raters"].clone();
        assert_eq!(raters.as_array().unwrap().len(), 1, "nor who else is asked: {raters}");
    }

    async fn lm_3_a_rating_never_changes_and_a_newer_one_of_the_same_rater_follows_it(world: World) {
        let round = Round::open(&world).await;
        let first = json!({ "competenceId": round.competences[0], "level": 1, "motivation": "Nog niet." });
        round.rate(&world, "student", json!([first])).await.created();
        let again = round.rate(&world, "student", json!([level(&round, 0, 4)])).await.created();
        assert_eq!(again["ratings"][0]["number"], 2);
        let unseen = round.rate(&world, "student", json!([rating(&round, 0, None)])).await.created();
        assert_eq!((&unseen["ratings"][0]["level"], &unseen["ratings"][0]["number"]), (&Value::Null, &json!(3)));
        let kept: Vec<_> = round.ratings(&world, "student").await.iter().map(|one| (one["level"].clone(), one["number"].clone())).collect();
        assert_eq!(kept, [(json!(1), json!(1)), (json!(4), json!(2)), (Value::Null, json!(3))]);
    }

    async fn lm_3_of_one_rater_who_rates_twice_at_once_both_are_kept_in_order(world: World) {
        let round = Round::open(&world).await;
        for who in ["coach", "student"] {
            let rate = || round.rate(&world, who, json!([level(&round, 0, 2), level(&round, 1, 4)]));
            let said = futures_util::future::join_all((0..6).map(|_| rate())).await;
            assert!(said.iter().all(|said| said.status == 201), "{said:?}");
        }
        let numbers = "SELECT CAST(number AS text) || ' ' || CAST(count(*) AS text) AS row FROM ratings GROUP BY number ORDER BY number";
        assert_eq!(world.rows(numbers), (1..=6).map(|number| format!("{number} 4")).collect::<Vec<_>>());
        assert_eq!(world.rows("SELECT CAST(count(*) AS text) AS row FROM round_raters"), ["2"]);
        assert_eq!(world.rows("SELECT CAST(count(*) AS text) AS row FROM events WHERE what = 'rated'"), ["12"]);
    }

    async fn lm_3_every_fault_of_many_ratings_is_named_at_once_and_none_of_them_is_kept(world: World) {
        let round = Round::open(&world).await;
        let wrong = json!([
            level(&round, 0, 2),
            { "competenceId": round.competences[0], "level": 3, "motivation": "Tussenin." },
            { "competenceId": world.college.team, "level": 1 },
            { "competenceId": round.competences[1], "level": 100, "motivation": "Heel goed.", "entryId": world.college.team },
        ]);
        let said = round.rate(&world, "coach", wrong).await;
        let levels = said.json()["errors"].as_array().unwrap().iter().find(|one| one["pointer"] == "/ratings/3/level").unwrap().clone();
        assert_eq!(levels["allowed"], json!(["1", "2", "4"]), "{levels}");
        let mut faults = said.faults();
        faults.sort();
        let expected = [
            ("/ratings/1/competenceId", "leermeter.competence-repeated"),
            ("/ratings/1/level", "leermeter.level-off-scale"),
            ("/ratings/2/competenceId", "leermeter.competence-unknown"),
            ("/ratings/2/motivation", "leermeter.motivation-missing"),
            ("/ratings/3/entryId", "leermeter.entry-unreadable"),
            ("/ratings/3/level", "leermeter.level-off-scale"),
        ];
        assert_eq!(faults, expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
        assert_eq!(world.rows("SELECT 'x' AS row FROM ratings"), [""; 0]);
        assert_eq!(world.rows("SELECT 'x' AS row FROM round_raters"), [""; 0]);
    }

    async fn lm_2_a_round_that_is_closed_takes_no_rating_until_it_is_opened_again(world: World) {
        let round = Round::open(&world).await;
        let decide = |decision, facts| world.decide("/leermeter-rounds", &round.id, decision, facts).by("student").send();
        let same = decide("open", json!({})).await.ok();
        assert_eq!((&same["version"], &same["state"]), (&json!(1), &json!("open")), "nothing changes");
        round.rate(&world, "student", json!([level(&round, 0, 1)])).await.created();
        let closed = decide("close", json!({})).await.ok();
        assert_eq!((&closed["state"], &closed["openDecisions"]), (&json!("closed"), &json!(["open"])));
        let refused = round.rate(&world, "student", json!([level(&round, 0, 2)])).await.with(409);
        assert_eq!((&refused["code"], &refused["state"]), (&json!("leermeter.round-is-closed"), &json!("closed")));
        assert_eq!(refused["openDecisions"], json!(["open"]));
        assert_eq!(decide("close", json!({})).await.problem(409), "leermeter.decision-not-open");
        assert_eq!(decide("open", json!({})).await.ok()["state"], "open");
        round.rate(&world, "student", json!([level(&round, 0, 2)])).await.created();
        world.wait(TimeDelta::days(31));
        assert_eq!(round.seen(&world, "student").await["state"], "closed", "by its date, without anyone");
        assert_eq!(round.rate(&world, "student", json!([level(&round, 0, 2)])).await.problem(409), "leermeter.round-is-closed");
        let past = decide("open", json!({})).await.faults();
        assert_eq!(past, [("/closesOn".to_owned(), "leermeter.closes-in-past".to_owned())]);
        let longer = date_at(world.now()) + Days::new(3);
        assert_eq!(decide("open", json!({ "closesOn": longer })).await.ok()["state"], "open");
    }

    async fn lm_2_a_round_is_by_a_published_framework_that_fits_the_student_and_closes_later(world: World) {
        let round = Round::open(&world).await;
        let there = with(&framework(&world), "landscapeId", json!(world.college.other_landscape));
        let there = world.post("/competence-frameworks", there).by("otherLandscapeManager").send().await.created()["id"].clone();
        let opened = |framework: Value, closes_on: &str| {
            world.post(&round.rounds, json!({ "frameworkId": framework, "title": "Ronde", "closesOn": closes_on })).by("coach").send()
        };
        let far = (date_at(world.now()) + Days::new(3000)).to_string();
        let unknown = opened(there.clone(), "2020-01-01").await.faults();
        assert_eq!(unknown, [
            ("/frameworkId".to_owned(), "request.unknown-reference".to_owned()),
            ("/closesOn".to_owned(), "leermeter.closes-in-past".to_owned()),
        ]);
        let id = there.as_str().unwrap();
        world.decide("/competence-frameworks", id, "publish", json!({})).by("otherLandscapeManager").send().await.ok();
        assert_eq!(opened(there, &far).await.faults(), [
            ("/frameworkId".to_owned(), "leermeter.framework-of-another".to_owned()),
            ("/closesOn".to_owned(), "leermeter.closes-too-late".to_owned()),
        ]);
        let retired = published(&world, framework(&world)).await;
        world.decide("/competence-frameworks", &retired, "retire", json!({})).by("landscapeManager").send().await.ok();
        let soon = (date_at(world.now()) + Days::new(1)).to_string();
        assert_eq!(opened(json!(retired), &soon).await.faults()[0].1, "leermeter.framework-retired");
    }

    async fn lm_3_evidence_is_shown_by_a_rating_to_nobody_who_may_not_read_the_entry(world: World) {
        let round = Round::open(&world).await;
        let entry = |visibility: &str| json!({ "area": "learning", "kind": "product", "title": "Poster", "body": "Zie bijlage.", "visibility": visibility });
        let portfolio = format!("/students/{}/portfolio-entries", world.college.person("student"));
        let mut ids = Vec::new();
        for visibility in ["private", "coach"] {
            let made = world.post(&portfolio, entry(visibility)).by("student").send().await.created();
            ids.push(made["id"].clone());
        }
        let shown = |competence: usize, entry: &Value| with(&level(&round, competence, 2), "entryId", entry.clone());
        round.rate(&world, "student", json!([shown(0, &ids[0]), shown(1, &ids[1])])).await.created();
        let seen: Vec<_> = round.ratings(&world, "coach").await.iter().map(|one| one["entryId"].clone()).collect();
        assert_eq!(seen, [Value::Null, ids[1].clone()], "the coach reads the one that is open to the coach");
        let refused = round.rate(&world, "coach", json!([shown(0, &ids[0])])).await.faults();
        assert_eq!(refused, [("/ratings/0/entryId".to_owned(), "leermeter.entry-unreadable".to_owned())]);
        round.rate(&world, "coach", json!([shown(0, &ids[1])])).await.created();
        assert_eq!(round.rate(&world, "teacher", json!([shown(0, &ids[1])])).await.faults()[0].1, "leermeter.entry-unreadable");
    }

    async fn lm_2_of_a_former_student_no_round_is_opened(world: World) {
        let enrolment = placed(&world, "student", "coach").await;
        let id = published(&world, framework(&world)).await;
        let motivated = world.decide("/enrolments", &enrolment, "stateMotivation", json!({ "motivation": "Ik wil het." }));
        motivated.by("student").send().await.ok();
        let left = json!({ "leftOn": date_at(world.now()), "reason": "Een baan.", "destination": "Werk", "basicQualification": false });
        world.decide("/enrolments", &enrolment, "leave", left).by("coach").send().await.ok();
        let new = json!({ "frameworkId": id, "title": "Ronde", "closesOn": date_at(world.now()) });
        let rounds = format!("/students/{}/leermeter-rounds", world.college.person("student"));
        assert_eq!(world.post(&rounds, new).by("student").send().await.problem(409), "leermeter.not-enrolled");
    }
}
