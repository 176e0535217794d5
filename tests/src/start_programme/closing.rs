//! How a programme ends: by one decision with motivation, or because the student goes on elsewhere.

use chrono::Days;
use domain::start_programme::SchoolYear;
use serde_json::{Value, json};

use super::{applied_and_placed, begun, by_the_system, do_week, published, starts, template, until_september};
use crate::both;
use crate::harness::World;

fn programme_id(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

/// The coach closes; the answer, whatever it is.
async fn close(world: &World, path: &str, facts: Value) -> crate::harness::Said {
    world.decide("/start-programmes", programme_id(path), "close", facts).by("coach").send().await
}

both! {
    async fn sp_5_who_continues_is_enrolled_definitively_on_their_own_motivation(world: World) {
        let (_, enrolment_id, path) = begun(&world).await;
        let enrolment = enrolment_id.to_string();
        let words = json!({ "motivation": "Ik wil met kinderen werken." });
        world.decide("/enrolments", &enrolment, "stateMotivation", words).by("student").send().await.ok();
        let closed = close(&world, &path, json!({ "outcome": "continue", "motivation": "Het past." })).await.ok();
        assert_eq!((closed["state"].as_str(), closed["outcome"].as_str()), (Some("closed"), Some("continue")));
        assert_eq!((&closed["motivation"], &closed["openDecisions"]), (&json!("Het past."), &json!([])));
        assert_eq!((&closed["behindBy"], &closed["week"]), (&Value::Null, &Value::Null));
        let enrolment = world.get(&format!("/enrolments/{enrolment}")).by("student").send().await.ok();
        assert_eq!(enrolment["state"], "definitive");
        let again = close(&world, &path, json!({ "outcome": "continue", "motivation": "Nog eens." })).await.with(409);
        assert_eq!((again["code"].as_str(), again["state"].as_str()), (Some("start-programme.decision-not-open"), Some("closed")));
        let faults = close(&world, &path, json!({ "outcome": "continue" })).await.faults();
        assert_eq!(faults, [("/motivation".to_owned(), "request.required".to_owned())]);
    }

    async fn sp_5_who_would_rather_switch_has_a_switch_requested(world: World) {
        let (monday, enrolment_id, path) = begun(&world).await;
        do_week(&world, &path, 1).await;
        let facts = |landscape: &str| json!({ "outcome": "switch", "motivation": "Liever techniek.", "landscapeId": landscape });
        let faults = close(&world, &path, facts(&world.college.landscape)).await.faults();
        assert_eq!(faults, [("/landscapeId".to_owned(), "enrolment.same-landscape".to_owned())]);
        assert_eq!(world.get(&path).by("coach").send().await.ok()["state"], "running");
        let closed = close(&world, &path, facts(&world.college.other_landscape)).await.ok();
        assert_eq!((closed["state"].as_str(), closed["outcome"].as_str()), (Some("closed"), Some("switch")));

        let mut content = template(&world, SchoolYear::of(monday));
        content["landscapeId"] = json!(world.college.other_landscape);
        let drafted = world.post("/start-programme-templates", content).by("otherLandscapeManager").send().await.created();
        let id = drafted["id"].as_str().unwrap();
        world.decide("/start-programme-templates", id, "publish", json!({})).by("otherLandscapeManager").send().await.ok();
        let enrolment = world.get(&format!("/enrolments/{enrolment_id}")).by("coach").send().await.ok();
        let college = &world.college;
        let facts = json!({ "teamId": college.other_team, "coachId": college.person("otherCoach"), "crebo": "25655", "creditedWeeks": 1 });
        let switch_id = enrolment["switchId"].as_str().unwrap();
        let accepted = world.decide("/switches", switch_id, "accept", facts).by("otherCoach").send().await.ok();
        let next = format!("/enrolments/{}/start-programme", accepted["newEnrolmentId"].as_str().unwrap());
        let programme = world.get(&next).by("otherCoach").send().await.ok();
        assert_eq!((programme["state"].as_str(), programme["landscapeId"].as_str()), (Some("running"), Some(college.other_landscape.as_str())));
        assert_eq!((&programme["weeks"][0]["credited"], &programme["weeks"][1]["credited"]), (&json!(true), &json!(false)));
        assert_eq!(world.get(&path).by("coach").send().await.problem(404), "request.not-found");
        assert_eq!(world.get(&path).by("student").send().await.ok()["outcome"], "switch");
    }

    async fn sp_4_a_switch_that_is_requested_already_leaves_the_programme_running(world: World) {
        let (_, enrolment_id, path) = begun(&world).await;
        let facts = json!({ "landscapeId": world.college.other_landscape, "motivation": "Liever techniek." });
        world.decide("/enrolments", &enrolment_id.to_string(), "requestSwitch", facts.clone()).by("student").send().await.ok();
        let mut closing = facts;
        closing["outcome"] = json!("switch");
        let refused = close(&world, &path, closing).await.with(409);
        assert_eq!((refused["code"].as_str(), refused["state"].as_str()), (Some("enrolment.switch-open"), Some("running")));
        assert_eq!(refused["openDecisions"], json!(["close"]));
        assert_eq!(world.get(&path).by("coach").send().await.ok()["state"], "running");
    }

    async fn sp_5_who_leaves_at_the_close_has_left(world: World) {
        let (_, enrolment_id, path) = begun(&world).await;
        let facts = json!({ "outcome": "leave", "motivation": "Gaat werken.", "destination": "Een baan", "basicQualification": false });
        let closed = close(&world, &path, facts).await.ok();
        assert_eq!((closed["state"].as_str(), closed["outcome"].as_str()), (Some("closed"), Some("leave")));
        let enrolment = world.get(&format!("/enrolments/{enrolment_id}")).by("student").send().await.ok();
        assert_eq!(enrolment["state"], "left");
        assert_eq!(world.get(&path).by("coach").send().await.problem(404), "request.not-found");
    }

    async fn en_5_what_nobody_said_at_the_close_is_unknown_until_it_is_filled_in(world: World) {
        let (_, enrolment_id, path) = begun(&world).await;
        world.sql(&format!("UPDATE people SET birth_date = '2009-05-04' WHERE id = <{}>", world.college.person("student"))).unwrap();
        close(&world, &path, json!({ "outcome": "leave", "motivation": "Gaat werken." })).await.ok();
        let seen = world.get(&format!("/enrolments/{enrolment_id}")).by("student").send().await.ok();
        let leaving = &seen["leaving"];
        assert_eq!((&leaving["basicQualification"], &leaving["earlySchoolLeaver"]), (&Value::Null, &Value::Null));
        let known = json!({ "basicQualification": false });
        let decided = world.decide("/enrolments", &enrolment_id.to_string(), "correctLeaving", known).by("teamLeader").send().await.ok();
        let leaving = &decided["leaving"];
        assert_eq!((&leaving["basicQualification"], &leaving["earlySchoolLeaver"]), (&json!(false), &json!(true)));
    }

    async fn sp_4_a_programme_that_closed_with_a_switch_goes_on_when_the_switch_is_not_made(world: World) {
        let (_, enrolment_id, path) = begun(&world).await;
        let enrolment = format!("/enrolments/{enrolment_id}");
        let facts = json!({ "outcome": "switch", "motivation": "Liever techniek.", "landscapeId": world.college.other_landscape });
        let prolong = json!({ "outcome": "prolong", "motivation": "Nog even.", "extraWeeks": 2 });
        for (answer, by, more, state) in [
            ("refuse", "otherCoach", json!({ "reason": "Vol." }), "running"),
            ("withdraw", "student", json!({}), "prolonged"),
        ] {
            if state == "prolonged" {
                close(&world, &path, prolong.clone()).await.ok();
            }
            let closed = close(&world, &path, facts.clone()).await.ok();
            assert_eq!((&closed["state"], &closed["openDecisions"]), (&json!("closed"), &json!([])));
            let switch = world.get(&enrolment).by("coach").send().await.ok()["switchId"].as_str().unwrap().to_owned();
            world.decide("/switches", &switch, answer, more).by(by).send().await.ok();
            let again = world.get(&path).by("coach").send().await.ok();
            assert_eq!((&again["state"], &again["openDecisions"]), (&json!(state), &json!(["close"])), "{answer}");
            assert_eq!((&again["endedAt"], again["outcome"] == "switch"), (&Value::Null, false), "{answer}");
        }
        do_week(&world, &path, 1).await;
        let told = world.rows("SELECT what AS row FROM events WHERE subject = 'startProgramme' AND what <> 'activityMarked' ORDER BY position");
        assert_eq!(told, ["started", "closed", "resumed", "prolonged", "closed", "resumed", "reflected"]);
    }

    async fn sp_5_who_leaves_while_a_switch_is_asked_has_left_and_not_switched(world: World) {
        let (_, enrolment_id, path) = begun(&world).await;
        let facts = json!({ "outcome": "switch", "motivation": "Liever techniek.", "landscapeId": world.college.other_landscape });
        close(&world, &path, facts).await.ok();
        let left_on = domain::kernel::time::date_at(world.now());
        let left = json!({ "leftOn": left_on, "reason": "Vond werk.", "destination": "Een baan", "basicQualification": false });
        world.decide("/enrolments", &enrolment_id.to_string(), "leave", left).by("coach").send().await.ok();
        let closed = world.get(&path).by("student").send().await.ok();
        assert_eq!((&closed["state"], &closed["outcome"], &closed["motivation"]), (&json!("closed"), &json!("leave"), &json!("Vond werk.")));
    }

    async fn sp_5_the_scout_who_placed_the_student_sees_how_it_ended_and_no_more(world: World) {
        let monday = until_september(&world);
        published(&world, template(&world, SchoolYear::of(monday))).await;
        let placed = applied_and_placed(&world, "sanne@example.org", monday).await;
        let path = format!("/enrolments/{placed}/start-programme");
        let by_coach = world.get(&path).by("coach").send().await.ok();
        assert_eq!(by_coach["weeks"].as_array().unwrap().len(), 10);
        let seen = world.get(&path).by("scout").send().await.ok();
        assert_eq!((seen["state"].as_str(), &seen["weeks"], &seen["openDecisions"]), (Some("running"), &json!([]), &json!([])));
        assert_eq!((&seen["behindBy"], &seen["motivation"]), (&Value::Null, &Value::Null));
        assert_eq!(world.get(&path).by("otherScout").send().await.problem(404), "request.not-found");
        let listed = world.get("/start-programmes").by("scout").send().await.ok();
        assert_eq!((listed["items"][0]["state"].as_str(), &listed["items"][0]["week"]), (Some("running"), &Value::Null));
    }

    async fn sp_5_to_continue_the_student_must_have_stated_a_motivation(world: World) {
        let (_, _, path) = begun(&world).await;
        let refused = close(&world, &path, json!({ "outcome": "continue", "motivation": "Het past." })).await.with(409);
        assert_eq!(refused["code"], "start-programme.motivation-missing");
        assert_eq!((refused["state"].as_str(), &refused["openDecisions"]), (Some("running"), &json!(["close"])));
        assert_eq!(world.get(&path).by("coach").send().await.ok()["version"], 1);
    }

    async fn sp_5_a_programme_is_prolonged_once_with_weeks_and_motivation(world: World) {
        let (monday, _, path) = begun(&world).await;
        let facts = json!({ "outcome": "prolong", "motivation": "Nog twee weken kijken.", "extraWeeks": 2 });
        let prolonged = close(&world, &path, facts.clone()).await.ok();
        assert_eq!((prolonged["state"].as_str(), prolonged["outcome"].as_str()), (Some("prolonged"), Some("prolong")));
        assert_eq!((&prolonged["motivation"], &prolonged["extraWeeks"]), (&json!("Nog twee weken kijken."), &json!(2)));
        assert_eq!(starts(&prolonged)[10..], [monday + Days::new(70), monday + Days::new(77)]);
        assert_eq!((&prolonged["weeks"][11]["week"], &prolonged["weeks"][11]["theme"]), (&json!(12), &Value::Null));
        assert_eq!(prolonged["openDecisions"], json!(["close"]));
        do_week(&world, &path, 12).await;
        let again = close(&world, &path, facts).await.with(409);
        assert_eq!((again["code"].as_str(), again["state"].as_str()), (Some("start-programme.already-prolonged"), Some("prolonged")));
    }

    async fn sp_5_every_field_that_does_not_fit_the_outcome_is_named_at_once(world: World) {
        let (_, _, path) = begun(&world).await;
        let expect = async |facts: Value, expected: &[(&str, &str)]| {
            let expected: Vec<_> = expected.iter().map(|(pointer, code)| ((*pointer).to_owned(), (*code).to_owned())).collect();
            assert_eq!(close(&world, &path, facts).await.faults(), expected);
        };
        expect(
            json!({ "outcome": "prolong", "motivation": "Omdat.", "landscapeId": world.college.other_landscape, "leftOn": "2026-10-01" }),
            &[
                ("/extraWeeks", "start-programme.outcome-needs"),
                ("/landscapeId", "start-programme.outcome-refuses"),
                ("/leftOn", "start-programme.outcome-refuses"),
            ],
        )
        .await;
        expect(json!({ "outcome": "switch", "motivation": "Omdat." }), &[("/landscapeId", "start-programme.outcome-needs")]).await;
        expect(
            json!({ "outcome": "switch", "motivation": "Omdat.", "landscapeId": world.college.team }),
            &[("/landscapeId", "request.unknown-reference")],
        )
        .await;
        expect(
            json!({ "outcome": "stay", "extraWeeks": 11, "reason": "" }),
            &[
                ("/extraWeeks", "request.out-of-range"),
                ("/motivation", "request.required"),
                ("/outcome", "request.not-one-of"),
                ("/reason", "request.too-short"),
            ],
        )
        .await;
    }

    async fn sp_5_only_the_responsible_coach_closes(world: World) {
        let (_, _, path) = begun(&world).await;
        let facts = json!({ "outcome": "prolong", "motivation": "Omdat.", "extraWeeks": 1 });
        for (subject, status) in [("student", 403), ("teacher", 403), ("teamLeader", 403), ("secondCoach", 404), ("landscapeManager", 404)] {
            let said = world.decide("/start-programmes", programme_id(&path), "close", facts.clone()).by(subject).send().await;
            assert_eq!(said.status, status, "{subject}");
        }
    }

    async fn sp_4_a_switch_stops_the_programme_and_says_how_many_weeks_were_done(world: World) {
        let (_, enrolment_id, path) = begun(&world).await;
        do_week(&world, &path, 1).await;
        do_week(&world, &path, 3).await;
        let stop = move |writing: &mut persistence::Writing<'_>, permit| {
            api::start_programme::stop_for_switch(writing, permit, enrolment_id)
        };
        assert_eq!(by_the_system(&world, stop).await, 2);
        let stopped = world.get(&path).by("coach").send().await.ok();
        assert_eq!((stopped["state"].as_str(), &stopped["openDecisions"]), (Some("switched"), &json!([])));
        assert_eq!((&stopped["outcome"], &stopped["behindBy"], &stopped["week"]), (&Value::Null, &Value::Null, &Value::Null));
        assert!(stopped["endedAt"].is_string());
        let late = world.put(&format!("{path}/weeks/2/reflection"), json!({ "text": "Toch nog." })).by("student");
        let late = late.header("If-Match", "*").send().await.with(409);
        assert_eq!((late["code"].as_str(), late["state"].as_str()), (Some("start-programme.decision-not-open"), Some("switched")));
        assert_eq!(by_the_system(&world, stop).await, 2);
    }
}
