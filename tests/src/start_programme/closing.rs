//! How a programme ends: by one decision with motivation, or because the student goes on elsewhere.

use chrono::Days;
use serde_json::{Value, json};

use super::{begun, by_the_system, do_week, starts};
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
    async fn sp_5_to_continue_the_student_must_have_stated_a_motivation(world: World) {
        let (_, _, path) = begun(&world).await;
        let refused = close(&world, &path, json!({ "outcome": "continue", "motivation": "Het past." })).await.with(409);
        assert_eq!(refused["code"], "startProgramme.motivation-missing");
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
        assert_eq!((again["code"].as_str(), again["state"].as_str()), (Some("startProgramme.already-prolonged"), Some("prolonged")));
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
                ("/extraWeeks", "startProgramme.outcome-needs"),
                ("/landscapeId", "startProgramme.outcome-refuses"),
                ("/leftOn", "startProgramme.outcome-refuses"),
            ],
        )
        .await;
        expect(json!({ "outcome": "switch", "motivation": "Omdat." }), &[("/landscapeId", "startProgramme.outcome-needs")]).await;
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
        assert_eq!((late["code"].as_str(), late["state"].as_str()), (Some("startProgramme.decision-not-open"), Some("switched")));
        assert_eq!(by_the_system(&world, stop).await, 2);
    }

    async fn sp_5_who_leaves_outside_the_conversation_has_a_closed_programme(world: World) {
        let (_, enrolment_id, path) = begun(&world).await;
        by_the_system(&world, move |writing, permit| {
            let reason = domain::kernel::Text::parse("Verhuisd.").unwrap();
            api::start_programme::close_for_leaving(writing, permit, enrolment_id, reason)
        })
        .await;
        let closed = world.get(&path).by("coach").send().await.ok();
        assert_eq!((closed["state"].as_str(), closed["outcome"].as_str()), (Some("closed"), Some("leave")));
        assert_eq!(closed["motivation"], "Verhuisd.");
        let again = close(&world, &path, json!({ "outcome": "leave", "motivation": "Verhuisd." })).await;
        assert_eq!(again.problem(409), "startProgramme.decision-not-open");
    }
}
